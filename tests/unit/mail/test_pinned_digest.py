"""Whatever step it is killed at, the day's work is written once, and nothing but the day before's goes."""

from datetime import date, timedelta
from itertools import chain

import pytest

from mail import pinned_digest
from mail.pinned_digest import pin_digests
from service.desk import Desk
from service.settings import Settings
from tests.conftest import Time, council_settings
from tests.unit.mail.fake_box import FakeBox, FakeMailbox, Killed, a_raw_mail

MON_JUN_3_2024, TUE_JUN_4_2024 = date(2024, 6, 3), date(2024, 6, 4)


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    return council_settings(tmp_path, mailbox={"filing": "folders"})  # type: ignore[arg-type]


@pytest.mark.parametrize("dies_at", range(1, 8))
def test_killed_at_any_step_it_is_finished_by_the_next_run(
    sqlite_desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    mailbox, steps = FakeMailbox(), chain(range(10_000))
    theirs = mailbox.make("FOI/Open").put(a_raw_mail(1, "A draft of theirs"))

    def opened(dies_at: int) -> None:
        left = iter(range(dies_at - 1)) if dies_at else steps

        def step(_name: str) -> None:
            if next(left, None) is None:
                raise Killed

        monkeypatch.setattr(pinned_digest, "open_filing_box", lambda _settings: FakeBox(mailbox, step))

    opened(0)
    assert pin_digests(sqlite_desk, MON_JUN_3_2024) == 1
    time.moment += timedelta(days=1)
    opened(dies_at)
    try:
        done = pin_digests(sqlite_desk, TUE_JUN_4_2024)
    except Killed:
        done = 0
    opened(0)
    assert pin_digests(sqlite_desk, TUE_JUN_4_2024) == 1 - done
    mails = mailbox.folders["FOI/Open"].mails
    assert mails.pop(theirs) == a_raw_mail(1, "A draft of theirs")
    [left] = mails.values()
    assert b"Subject: Today's work (Tuesday 4 June 2024)" in left
