"""The moment from which mail counts, as it is typed."""

from datetime import UTC, datetime, timedelta

import pytest
from click import BadParameter

from service.bootstrap import utc_now
from service.commands.run import Moment
from service.desk import Desk
from service.store.database import reading
from service.store.mailboxes import mailbox
from tests.unit.service.commands.conftest import Foidesk


def test_a_bare_date_begins_at_its_london_midnight() -> None:
    assert Moment().convert("2024-06-03", None, None) == datetime(2024, 6, 2, 23, tzinfo=UTC)


def test_now_is_now() -> None:
    assert abs(Moment().convert("now", None, None) - utc_now()) < timedelta(minutes=1)


def test_tomorrow_may_be_given_on_the_day_before() -> None:
    soon = utc_now() + timedelta(hours=23)
    assert Moment().convert(soon.isoformat(), None, None) == soon


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("9999-12-31T23:59-12:00", "is in the future"),
        ("0001-01-01", "before 2005"),
        ("0001-01-01T00:00+14:00", "before 2005"),
        ("2004-12-31", "before 2005"),
        ("soon", "neither 'now' nor a date"),
    ],
)
def test_a_moment_from_which_no_mail_can_count_is_refused(moment: str, told: str) -> None:
    with pytest.raises(BadParameter, match=told):
        Moment().convert(moment, None, None)


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(BadParameter, match="is in the future; say 'now'"):
        Moment().convert((utc_now() + timedelta(hours=25)).isoformat(), None, None)


def test_the_command_says_so_and_begins_nothing(sqlite_foidesk: Foidesk, sqlite_desk: Desk) -> None:
    refused = sqlite_foidesk("poll", "--once", "--from", "0001-01-01")
    assert (refused.exit_code, "before 2005" in refused.output) == (2, True)
    with reading(sqlite_desk.engine) as session:
        assert mailbox(session, "foi", "INBOX") is None
