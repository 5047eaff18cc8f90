"""The day's work lies among the open cases as one message: replaced each working day, fought over with nobody."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import func, select

from mail.check_imap import check_imap
from mail.mailbox import ImapMailbox
from mail.pinned_digest import pin_digests
from mail.reader import Reader
from service.casework.team_digest import is_team_digest
from service.desk import Desk
from service.domain.message_id import mint
from service.store.database import reading
from service.store.tables import Case
from tests.conftest import Time
from tests.integration.dovecot import Dovecot
from tests.integration.filing import Shared, shared
from tests.integration.polling import a_mail

OPEN = "FOI/Open"
TUE_JUN_4_2024, WED_JUN_5_2024 = date(2024, 6, 4), date(2024, 6, 5)


@pytest.fixture
def office(sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, time: Time) -> Shared:
    office = shared(sqlite_desk, dovecot, reader, time)
    office.arrive(a_mail(1))
    office.round(2)
    return office


def morning(office: Shared, day: date) -> int:
    office.time.moment = datetime(day.year, day.month, day.day, 7, 0, tzinfo=office.time.moment.tzinfo)
    pinned = pin_digests(office.desk, day)
    office.round(2)
    return pinned


def subjects(office: Shared, folder: str = OPEN) -> list[str]:
    with office.colleague(folder) as client:
        mails = client.fetch(client.search("ALL"), ["ENVELOPE"]).values()
        return [data[b"ENVELOPE"].subject.decode() for data in mails]


def cases(office: Shared) -> int:
    with reading(office.desk.engine) as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def test_the_days_work_takes_the_place_of_the_day_befores(office: Shared) -> None:
    assert morning(office, TUE_JUN_4_2024) == 1
    assert subjects(office) == ["Today's work (Tuesday 4 June 2024)"]
    with office.colleague(OPEN) as client:
        [data] = client.fetch(client.search("ALL"), ["FLAGS", "BODY.PEEK[]", "ENVELOPE"]).values()
        assert {b"\\Seen", b"\\Flagged"} <= set(data[b"FLAGS"])
        assert b"01.FOI.24.000001: Request 1" in data[b"BODY[]"]
        assert b"Auto-Submitted: auto-generated" in data[b"BODY[]"]
        assert is_team_digest(office.desk, data[b"ENVELOPE"].message_id.decode())
    assert pin_digests(office.desk, TUE_JUN_4_2024) == 0
    assert morning(office, WED_JUN_5_2024) == 1
    assert subjects(office) == ["Today's work (Wednesday 5 June 2024)"]
    assert (cases(office), office.moves()) == (1, [])


def test_nothing_but_our_own_is_removed(office: Shared) -> None:
    forged = mint(b"another secret", "digest-team", "20240603foi", "anytown.example")
    with office.colleague(OPEN) as client:
        client.append(OPEN, a_mail(7).replace(b"<7@example.com>", forged.encode()), (b"\\Draft",))
        client.append(OPEN, a_mail(8), (b"\\Draft", b"\\Deleted"))
    morning(office, TUE_JUN_4_2024)
    morning(office, WED_JUN_5_2024)
    assert subjects(office) == ["Request 7", "Request 8", "Today's work (Wednesday 5 June 2024)"]


@pytest.mark.parametrize("target", ["", "INBOX", "FOI/Not FOI", "FOI/Closed", "FOI/Needs a person", "Private"])
def test_moved_or_deleted_it_is_left_so_until_the_next_working_day(office: Shared, target: str) -> None:
    morning(office, TUE_JUN_4_2024)
    with office.colleague(OPEN) as client:
        if target and not client.folder_exists(target):
            client.create_folder(target)
        if target:
            client.move(client.search("ALL"), target)
        else:
            client.delete_messages(client.search("ALL"))
            client.expunge()
    assert pin_digests(office.desk, TUE_JUN_4_2024) == 0
    office.round(3)
    assert subjects(office) == []
    assert (cases(office), office.moves(), office.letters("put-back")) == (1, [], [])
    assert len(office.letters("acknowledgement")) == 1
    if target:  # what comes into the inbox is filed as a machine's; all else lies where it was put
        assert subjects(office, "FOI/Automatic" if target == "INBOX" else target) == [
            "Today's work (Tuesday 4 June 2024)"
        ]
    assert morning(office, WED_JUN_5_2024) == 1
    assert subjects(office) == ["Today's work (Wednesday 5 June 2024)"]


def test_it_goes_where_the_open_cases_are_called_otherwise(office: Shared) -> None:
    with office.colleague() as client:
        client.rename_folder(OPEN, "FOI/Current")
    office.round()
    assert morning(office, TUE_JUN_4_2024) == 1
    assert subjects(office, "FOI/Current") == ["Today's work (Tuesday 4 June 2024)"]


def test_after_a_crash_in_the_middle_there_is_one(office: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    morning(office, TUE_JUN_4_2024)
    office.time.moment += timedelta(days=1)

    def die(*_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mail.filing_box.FilingBox.remove", die)
        with pytest.raises(KeyboardInterrupt):
            pin_digests(office.desk, WED_JUN_5_2024)
    assert len(subjects(office)) == 2
    assert pin_digests(office.desk, WED_JUN_5_2024) == 1
    assert subjects(office) == ["Today's work (Wednesday 5 June 2024)"]


def test_a_server_that_removes_no_single_message_gets_none(office: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = ImapMailbox.can
    monkeypatch.setattr(ImapMailbox, "can", lambda box, name: name != "UIDPLUS" and offered(box, name))
    assert pin_digests(office.desk, TUE_JUN_4_2024) == 0
    assert subjects(office) == []
    [told] = [
        one for one in check_imap(office.desk.settings) if "UIDPLUS)" in one.subject and "day's work" in one.subject
    ]
    assert (told.ok, told.advice.partition(";")[0]) == (False, "Say in_mailbox = false under [digests]")


def test_it_can_be_switched_off_and_is_off_without_filing(office: Shared) -> None:
    digests = office.desk.settings.digests.model_copy(update={"in_mailbox": False})
    unfiled = office.desk.settings.mailbox.model_copy(update={"filing": "off"})
    for changes in ({"digests": digests}, {"mailbox": unfiled}):
        desk = replace(office.desk, settings=office.desk.settings.model_copy(update=changes))
        assert pin_digests(desk, TUE_JUN_4_2024) == 0
    assert subjects(office) == []
