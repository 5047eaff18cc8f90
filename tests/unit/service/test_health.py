"""What health says of the secret by which the desk signs in: secrets end in silence, and with them all mail."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.desk import Desk
from service.health import health, mailbox_overdue, troubles
from service.store.database import reading
from service.store.tables import Mailbox
from tests.conftest import Time, council_settings


def signed_in(desk: Desk, folder: Path, ends_on: str | None) -> Desk:
    oauth = {
        "provider": "microsoft",
        "tenant": "anytown.example",
        "client_id": "11111111-2222-3333-4444-555555555555",
        "client_secret": "x",
        "secret_expires_on": ends_on,
    }
    return replace(desk, settings=council_settings(folder, oauth=oauth, mailbox={"sign_in": "oauth"}))


@pytest.mark.parametrize(
    ("ends_on", "status", "days_left", "told"),
    [
        ("2024-07-03", "ok", 30, []),
        ("2024-07-02", "warn", 29, ["ends on 2 July 2024"]),
        ("2024-06-03", "warn", 0, ["ends on 3 June 2024"]),
        ("2024-06-02", "fail", -1, ["ended on 2 June 2024"]),
        (None, "ok", None, []),
    ],
)
def test_the_secrets_end_is_shown_and_warned_of_a_month_ahead(
    sqlite_desk: Desk, tmp_path: Path, time: Time, ends_on: str | None, status: str, days_left: int, told: list[str]
) -> None:
    desk = signed_in(sqlite_desk, tmp_path, ends_on)
    with reading(desk.engine) as session:
        part = health(session, desk, time.now())["sign_in"]
        words = [line for line in troubles(session, desk, time.now()) if "signs in" in line]
    assert (part["status"], part["days_left"]) == (status, days_left)
    assert [word in line for word, line in zip(told, words, strict=True)] == [True] * len(told)


@pytest.mark.parametrize(("ago", "overdue"), [(0, False), (1, False), (30, True), (-1, False), (-60, True)])
def test_a_mailbox_read_long_ago_or_at_a_time_to_come_is_overdue(
    sqlite_desk: Desk, time: Time, ago: int, overdue: bool
) -> None:
    read_at = time.now() - timedelta(minutes=ago)
    row = Mailbox(account="foi", folder="INBOX", counts_from=time.now(), read_at=read_at)
    assert mailbox_overdue(sqlite_desk, row, time.now()) is overdue


def test_a_desk_that_signs_in_by_password_has_no_such_part(sqlite_desk: Desk, time: Time) -> None:
    with reading(sqlite_desk.engine) as session:
        assert "sign_in" not in health(session, sqlite_desk, time.now() + timedelta(days=1))


def test_a_calendar_that_ends_within_a_year_is_warned_of(sqlite_desk: Desk, time: Time) -> None:
    with reading(sqlite_desk.engine) as session:
        assert health(session, sqlite_desk, time.now())["calendar"]["status"] == "ok"
        time.moment = time.moment.replace(year=sqlite_desk.calendars.horizon.year)
        assert health(session, sqlite_desk, time.now())["calendar"]["status"] == "warn"
        assert any("Bank holidays are known only until" in line for line in troubles(session, sqlite_desk, time.now()))
