"""The page that says where every mail is."""

from service.desk import Desk
from service.store.database import reading, transaction
from service.store.mailboxes import Look, mailbox, note_read
from tests.conftest import Time
from tests.unit.web.conftest import Browser

MISSED = "3 mails came into this folder and left it before the desk had read them"


def look(desk: Desk, time: Time, **particulars: int) -> None:
    with transaction(desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
        assert row is not None
        note_read(session, row, Look(uidvalidity=1, next_uid=9, listed=5, **particulars), time.now())


def test_the_page_tells_where_every_mail_is(officer: Browser) -> None:
    page = officer.get("/mailboxes").text
    assert "foi: foi@anytown.example, folder INBOX" in page
    assert "To be sorted by you" in page
    assert "Last read 09:29 on Monday 3 June 2024" in page


def test_missing_mail_stands_on_every_page_until_a_supervisor_has_looked_for_it(
    officer: Browser, supervisor: Browser, desk: Desk, time: Time
) -> None:
    look(desk, time, missed=3)
    page = officer.get("/list/open").text
    assert "There are 3 mails that came to “foi” and left it again" in page
    assert "/mailboxes" in page
    assert MISSED in officer.get("/mailboxes").text
    assert officer.post("/mailboxes/foi/looked-for").status_code == 403
    supervisor.post("/mailboxes/foi/looked-for")
    assert MISSED not in officer.get("/mailboxes").text
    assert "left it again" not in officer.get("/list/open").text


def test_a_mailbox_that_the_desk_does_not_read_is_not_found(supervisor: Browser) -> None:
    assert supervisor.post("/mailboxes/other/looked-for").status_code == 404


def test_mail_that_is_withheld_is_explained(officer: Browser, desk: Desk, time: Time) -> None:
    look(desk, time, withheld=1)
    assert "shows 1 more, and does not hand it over" in officer.get("/mailboxes").text
    with reading(desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
    assert row is not None
    assert row.withheld == 1
