"""Reading a real mailbox: every mail once, whatever happens to the mailbox between two looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from mail.mailbox import open_mailbox
from mail.poll import NotBegun, Polled, poll_mailbox
from mail.reader import Reader
from service.desk import Desk
from service.store.cases import case_by_id
from service.store.correspondence import letters_in
from service.store.database import reading
from service.store.mailboxes import mailbox
from service.store.originals import read_all
from tests.conftest import Time
from tests.integration.dovecot import BINARY, Dovecot, running_dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, counted, fill, reading_from, rows
from tests.integration.scripted_imap import scripted
from tests.servers import need

FRI_MAY_31_2024 = SAT_JUN_1_2024 - timedelta(hours=1)


@contextmanager
def limited(capabilities: str) -> Iterator[Dovecot]:
    """A server that says it can do no more than this."""
    need("dovecot", BINARY)
    with running_dovecot(more=f"imap_capability = {capabilities}") as server:
        yield server


@pytest.fixture
def polling(desk: Desk, dovecot: Dovecot) -> Desk:
    """A desk that reads the throwaway mailbox, on each kind of database."""
    return reading_from(desk, dovecot.settings())


@pytest.fixture
def poller(sqlite_desk: Desk, dovecot: Dovecot) -> Desk:
    """The same on SQLite only."""
    return reading_from(sqlite_desk, dovecot.settings())


def test_a_new_mail_becomes_a_case_with_a_queued_acknowledgement(
    polling: Desk, dovecot: Dovecot, reader: Reader
) -> None:
    dovecot.append(a_mail(1), MON_JUN_3_2024)
    assert poll_mailbox(polling, reader, begin=SAT_JUN_1_2024) == Polled(1, 1, 1)
    [post] = rows(polling)
    assert (post.state, post.action, post.place) == ("filed", "new-case", "moved")
    with reading(polling.engine) as session:
        assert post.case_id is not None
        case = case_by_id(session, post.case_id)
        [letter] = letters_in(session, "queued")
    assert (case.subject, case.received_at) == ("Request 1", MON_JUN_3_2024)
    assert (letter.kind, letter.recipient_address) == ("acknowledgement", "person1@example.com")
    assert dovecot.folder_content("INBOX") == []
    assert len(dovecot.folder_content("FOI/Filed")) == 1


def test_a_second_look_finds_nothing_to_do(polling: Desk, dovecot: Dovecot, reader: Reader) -> None:
    dovecot.append(a_mail(1), MON_JUN_3_2024)
    poll_mailbox(polling, reader, begin=SAT_JUN_1_2024)
    assert poll_mailbox(polling, reader) == Polled(0, 0, 0)
    assert counted(polling) == (1, 1, 1)


def test_mail_that_a_colleague_has_opened_is_taken_in_all_the_same(
    poller: Desk, dovecot: Dovecot, reader: Reader
) -> None:
    dovecot.append(a_mail(1), MON_JUN_3_2024, flags=(b"\\Seen",))
    dovecot.append(a_mail(2), MON_JUN_3_2024)
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    assert counted(poller) == (2, 2, 2)


def test_reading_leaves_no_trace_on_a_mail(sqlite_desk: Desk, dovecot: Dovecot, reader: Reader) -> None:
    desk = reading_from(sqlite_desk, dovecot.settings(filed_folder=""))
    dovecot.append(a_mail(1), MON_JUN_3_2024)
    assert poll_mailbox(desk, reader, begin=SAT_JUN_1_2024).moved == 0
    with dovecot.client() as client:
        [data] = client.fetch([1], ["FLAGS"]).values()
    assert b"\\Seen" not in data[b"FLAGS"]


def test_the_same_mail_delivered_twice_is_one_case_and_a_visible_duplicate(
    poller: Desk, dovecot: Dovecot, reader: Reader, time: Time
) -> None:
    dovecot.deliver(a_mail(1))
    dovecot.deliver(a_mail(1))  # other trace headers, the same mail
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    first, second = rows(poller)
    assert (second.state, second.duplicate_of, second.case_id) == ("duplicate", first.id, first.case_id)
    assert counted(poller) == (1, 1, 1)


def test_a_renumbered_folder_gives_no_new_cases_and_one_warning(
    poller: Desk, dovecot: Dovecot, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    desk = reading_from(poller, dovecot.settings(filed_folder=""))
    fill(dovecot, {number: a_mail(number) for number in range(1, 6)})
    poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
    dovecot.renumber()
    assert poll_mailbox(desk, reader).taken == 5
    assert poll_mailbox(desk, reader).taken == 0
    assert counted(desk) == (5, 5, 5)
    assert len({post.uidvalidity for post in rows(desk)}) == 2
    assert len(rows(desk, state="duplicate")) == 5
    assert sum("renumbered" in record.message for record in caplog.records) == 1


def test_mail_from_before_the_start_is_noted_without_its_bytes_and_never_answered(
    poller: Desk, dovecot: Dovecot, reader: Reader
) -> None:
    dovecot.append(a_mail(1), FRI_MAY_31_2024)
    dovecot.append(a_mail(2), MON_JUN_3_2024)
    assert poll_mailbox(poller, reader, begin=SAT_JUN_1_2024).taken == 1
    [old] = rows(poller, state="before")
    assert (old.received_at, old.sha256, old.place) == (FRI_MAY_31_2024, None, "here")
    assert counted(poller) == (1, 1, 1)
    assert len(dovecot.folder_content("INBOX")) == 1


def test_nothing_is_read_before_somebody_says_from_when_mail_counts(poller: Desk, reader: Reader) -> None:
    with pytest.raises(NotBegun, match="--from now"):
        poll_mailbox(poller, reader)


def test_a_large_mail_comes_in_whole(poller: Desk, dovecot: Dovecot, reader: Reader) -> None:
    text = "\n".join(f"{number:070d}" for number in range(430_000))
    mail = a_mail(1, text=text)
    assert len(mail) > 30_000_000
    dovecot.append(mail, MON_JUN_3_2024)
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    [post] = rows(poller)
    with reading(poller.engine) as session:
        assert post.sha256 is not None
        assert read_all(session, post.sha256) == mail
    assert post.size == len(mail)
    assert post.state != "stored"


def test_a_mail_above_the_limit_stays_in_the_mailbox_and_waits_for_a_person(
    sqlite_desk: Desk, dovecot: Dovecot, reader: Reader
) -> None:
    desk = reading_from(sqlite_desk, dovecot.settings(largest=1_000_000))
    dovecot.append(a_mail(1, text="x" * 70 + ("\n" + "x" * 70) * 20_000), MON_JUN_3_2024)
    assert poll_mailbox(desk, reader, begin=SAT_JUN_1_2024) == Polled(1, 1, 0)
    [post] = rows(desk)
    with reading(desk.engine) as session:
        assert post.sha256 is not None
        assert len(read_all(session, post.sha256)) < 2_000 < post.size
    assert (post.state, post.subject, post.sender_address) == ("quarantined", "Request 1", "person1@example.com")
    assert "Open it in the mailbox" in post.reason
    assert counted(desk) == (0, 0, 0)


def test_a_mail_that_a_colleague_has_moved_away_is_noted_as_gone(
    poller: Desk, dovecot: Dovecot, reader: Reader
) -> None:
    kept = reading_from(poller, dovecot.settings(filed_folder=""))
    fill(dovecot, {1: a_mail(1), 2: a_mail(2)})
    poll_mailbox(kept, reader, begin=SAT_JUN_1_2024)
    with dovecot.client() as client:
        client.create_folder("Private")
        client.move([1], "Private")
    assert poll_mailbox(poller, reader).moved == 1
    assert [post.place for post in rows(poller)] == ["gone", "moved"]


def test_without_move_a_colleagues_deleted_mail_survives_our_tidying(
    poller: Desk, dovecot: Dovecot, reader: Reader
) -> None:
    with limited("IMAP4rev1 UIDPLUS IDLE NAMESPACE") as server:
        desk = reading_from(poller, server.settings())
        fill(server, {1: a_mail(1), 2: a_mail(2)})
        with server.client() as client:
            client.append("INBOX", a_mail(3), (b"\\Deleted",), SAT_JUN_1_2024 - timedelta(days=30))
        assert poll_mailbox(desk, reader, begin=SAT_JUN_1_2024).moved == 2
        assert server.folder_content("INBOX") == [3]
        assert len(server.folder_content("FOI/Filed")) == 2


def test_without_move_and_uidplus_mail_stays_where_it_is(poller: Desk, reader: Reader) -> None:
    with limited("IMAP4rev1 IDLE") as server:
        desk = reading_from(poller, server.settings())
        fill(server, {1: a_mail(1)})
        assert poll_mailbox(desk, reader, begin=SAT_JUN_1_2024) == Polled(1, 1, 0)
        assert server.folder_content("INBOX") == [1]


def test_the_folder_of_filed_mail_gets_the_servers_own_separator_and_prefix(poller: Desk, reader: Reader) -> None:
    need("dovecot", BINARY)
    with running_dovecot(separator=".", prefix="INBOX.") as server:
        fill(server, {1: a_mail(1)})
        assert poll_mailbox(reading_from(poller, server.settings()), reader, begin=SAT_JUN_1_2024).moved == 1
        assert len(server.folder_content("INBOX.FOI.Filed")) == 1


def test_a_mail_that_the_server_does_not_hand_over_is_asked_for_again_and_after_a_day_put_before_a_person(
    sqlite_desk: Desk, reader: Reader, time: Time
) -> None:
    facts = '* 1 FETCH (UID 7 RFC822.SIZE 1000 INTERNALDATE "03-Jun-2024 08:00:00 +0000")'
    with scripted(UID_SEARCH="* SEARCH 7", UID_FETCH=facts) as settings:
        desk = reading_from(sqlite_desk, settings)
        assert poll_mailbox(desk, reader, begin=SAT_JUN_1_2024) == Polled(0, 0, 0)
        assert rows(desk) == []
        time.pass_by(days=1)
        assert poll_mailbox(desk, reader) == Polled(1, 1, 0)
    [post] = rows(desk)
    assert (post.uid, post.state, post.received_at) == (7, "quarantined", MON_JUN_3_2024)


def test_a_huge_folder_is_searched_piece_by_piece(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.mailbox.SEARCHED_AT_ONCE", 2)
    fill(dovecot, {number: a_mail(number) for number in range(5)})
    dovecot.append(a_mail(5), SAT_JUN_1_2024 - timedelta(days=30))
    with open_mailbox(dovecot.settings()) as box:
        box.select("INBOX")
        assert box.uids_since(SAT_JUN_1_2024.date()) == [1, 2, 3, 4, 5]


def test_a_successful_look_is_noted(poller: Desk, reader: Reader, time: Time) -> None:
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    with reading(poller.engine) as session:
        row = mailbox(session, "foi", "INBOX")
    assert row is not None
    assert (row.read_at, row.trouble) == (time.now(), "")
    assert row.uidvalidity
