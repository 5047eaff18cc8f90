"""From stored bytes to a settled mail: what one mail breaks stays with that mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from mail.reader import Reader
from mail.take_in import take_in
from service.bootstrap import WORDING
from service.desk import Desk
from service.letters import LetterFault, Stationery
from service.store.correspondence import files_of, message_of_post
from service.store.database import DatabaseUnavailable, reading, transaction
from service.store.originals import read_all
from service.store.tables import Post
from tests.builders import stored_post
from tests.conftest import Time
from tests.integration.polling import a_mail, counted, rows


def _store(desk: Desk, *mails: bytes) -> list[int]:
    with transaction(desk.engine) as session:
        return [stored_post(session, received_at=desk.now(), raw=mail).id for mail in mails]


def _poison(desk: Desk) -> None:
    """Let the database refuse the letter to person 2: the case and its message are half made by then."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'no'); END"
    with transaction(desk.engine) as session:
        words = f"CREATE TRIGGER poison BEFORE INSERT ON letter WHEN NEW.recipient_key LIKE 'person2%' {refuse}"
        session.execute(text(words))


def _of(desk: Desk, post_id: int) -> Post:
    [post] = rows(desk, id=post_id)
    return post


def test_a_mail_that_breaks_something_leaves_nothing_behind_and_holds_nobody_up(
    sqlite_desk: Desk, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    _poison(sqlite_desk)
    ids = _store(sqlite_desk, a_mail(1), a_mail(2), a_mail(3))
    assert take_in(sqlite_desk, reader) == 3
    assert [_of(sqlite_desk, post_id).state for post_id in ids] == ["filed", "stored", "filed"]
    assert counted(sqlite_desk) == (2, 2, 2)
    assert take_in(sqlite_desk, reader) == 0  # not before its time
    assert "person2" not in caplog.text
    assert f"mail {ids[1]} could not be taken in: IntegrityError" in caplog.text


def test_the_third_fault_puts_a_mail_before_a_person(sqlite_desk: Desk, reader: Reader, time: Time) -> None:
    _poison(sqlite_desk)
    [post_id] = _store(sqlite_desk, a_mail(2))
    tries = []
    for wait in (timedelta(), timedelta(minutes=1), timedelta(minutes=5)):
        time.moment += wait
        assert take_in(sqlite_desk, reader) == 1
        post = _of(sqlite_desk, post_id)
        tries.append((post.attempts, post.state, post.next_try_at and post.next_try_at - time.now()))
    assert tries == [
        (1, "stored", timedelta(minutes=1)),
        (2, "stored", timedelta(minutes=5)),
        (3, "quarantined", None),
    ]
    assert "could not be read: IntegrityError" in _of(sqlite_desk, post_id).reason


@contextmanager
def _full_disk(desk: Desk) -> Iterator[None]:
    """A database that may not grow, as on a full disk."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the least it can: the present size

    desk.engine.dispose()
    event.listen(desk.engine, "connect", limit)
    yield
    event.remove(desk.engine, "connect", limit)
    desk.engine.dispose()


def test_a_full_disk_is_told_and_never_held_against_the_mail(sqlite_desk: Desk, reader: Reader) -> None:
    [post_id] = _store(sqlite_desk, a_mail(1, text="How many potholes? " * 20_000))
    with _full_disk(sqlite_desk), pytest.raises(DatabaseUnavailable, match="full"):
        take_in(sqlite_desk, reader)
    assert (_of(sqlite_desk, post_id).attempts, _of(sqlite_desk, post_id).state) == (0, "stored")
    assert take_in(sqlite_desk, reader) == 1
    assert counted(sqlite_desk) == (1, 1, 1)


def test_attached_files_are_kept_and_the_readers_folder_is_left_empty(
    sqlite_desk: Desk, reader: Reader, tmp_path: Path
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "foi@anytown.example", "With a plan"
    mail.set_content("Please see the plan. How many trees will be felled?")
    mail.add_attachment(b"%PDF-1.4 plan", maintype="application", subtype="pdf", filename="plan.pdf")
    [post_id] = _store(sqlite_desk, mail.as_bytes())
    take_in(sqlite_desk, reader)
    with reading(sqlite_desk.engine) as session:
        message = message_of_post(session, post_id)
        assert message is not None
        [file] = files_of(session, [message.id])
        assert (file.name, read_all(session, file.sha256)) == ("plan.pdf", b"%PDF-1.4 plan")
    assert list(reader._spool.iterdir()) == []


def test_only_the_mails_asked_for_are_read(sqlite_desk: Desk, reader: Reader) -> None:
    wanted, other = _store(sqlite_desk, a_mail(1), a_mail(2))
    assert take_in(sqlite_desk, reader, posts=[wanted]) == 1
    assert take_in(sqlite_desk, reader, posts=[wanted]) == 0
    assert _of(sqlite_desk, other).state == "stored"


def test_more_mails_than_one_transaction_settles_are_all_settled(sqlite_desk: Desk, reader: Reader) -> None:
    _store(sqlite_desk, *(a_mail(number) for number in range(60)))
    assert take_in(sqlite_desk, reader, limit=55) == 55
    assert take_in(sqlite_desk, reader) == 5
    assert len(rows(sqlite_desk, state="filed")) == 60


def test_mail_waits_without_losing_an_attempt_while_a_template_is_broken(
    sqlite_desk: Desk, reader: Reader, tmp_path: Path, time: Time
) -> None:
    own = tmp_path / "wording" / "emails" / "acknowledgement"
    own.mkdir(parents=True)
    (own / "body.txt").write_text("Dear {{ nobody_knows_this }},")
    desk = replace(sqlite_desk, stationery=Stationery(WORDING, tmp_path / "wording"))
    machine = a_mail(2).replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:")
    posts = _store(desk, a_mail(1), machine)
    for _ in range(4):
        with pytest.raises(LetterFault, match=r"emails/acknowledgement/body.txt.*nobody_knows_this"):
            take_in(desk, reader)
        time.pass_by(minutes=2)
    assert [(_of(desk, post).state, _of(desk, post).attempts) for post in posts] == [("stored", 0), ("filed", 0)]
    (own / "body.txt").write_text("Dear {{ case.requester_name }},")
    assert take_in(replace(desk, stationery=Stationery(WORDING, tmp_path / "wording")), reader) == 1
    assert counted(desk) == (1, 1, 1)
