"""What a server refuses or does not tell, and what people undo in between, costs no mail its place."""

import logging
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from mail.errors import MailboxTrouble
from mail.filing import file_mailboxes
from mail.filing_box import FilingBox, Refused, open_filing_box
from mail.poll import poll_mailbox
from mail.reader import Reader
from service.desk import Desk
from service.store.database import transaction
from tests.builders import an_officer
from tests.conftest import Time
from tests.integration.conftest import need_dovecot
from tests.integration.dovecot import FOI, Dovecot, running_dovecot
from tests.integration.filing import Shared, shared
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, fill
from tests.integration.scripted_imap import scripted
from tests.integration.test_filing import CASE_1, close_case, trouble

CLOSED = {"FOI/Closed/2024": [1]}


@pytest.fixture
def office(sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, time: Time) -> Shared:
    return shared(sqlite_desk, dovecot, reader, time)


def refuse(monkeypatch: pytest.MonkeyPatch, method: str, words: str) -> None:
    """Let the server refuse what a method of the client asks for."""

    def no(*_asked: object, **_named: object) -> None:
        raise IMAPClientError(words)

    monkeypatch.setattr(IMAPClient, method, no)


@pytest.mark.parametrize("status", ["NO Server Unavailable. 15", "NO [LIMIT] Too many commands"])
def test_a_server_that_tells_no_state_just_now_has_lost_no_folder(status: str) -> None:
    listed = '* LIST () "/" FOI\r\n* LIST () "/" FOI/Open'
    with (
        scripted(LIST=listed, STATUS=status) as settings,
        open_filing_box(settings) as box,
        pytest.raises(MailboxTrouble, match="does not tell just now"),
    ):
        box.survey("FOI", "INBOX")


def test_a_folder_that_is_gone_or_not_ours_is_left_out(dovecot: Dovecot) -> None:
    with dovecot.client() as client:
        client.create_folder("FOI/Open")
    with open_filing_box(dovecot.settings()) as box:
        assert set(box.numbers(["FOI/Open", "FOI/Nowhere"])) == {"FOI/Open"}


def test_an_inbox_whose_state_was_not_told_once_is_filed_as_ever(
    office: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.round()
    office.arrive(a_mail(1))
    poll_mailbox(office.desk, office.reader)
    asked = FilingBox._status

    def busy(box: FilingBox, names: list[str]) -> tuple[dict[str, tuple[int, int, int]], bool]:
        found, _ = asked(box, names)
        found.pop("INBOX", None)
        return found, True

    with monkeypatch.context() as patch:
        patch.setattr(FilingBox, "_status", busy)
        with pytest.raises(MailboxTrouble):
            file_mailboxes(office.desk)
    office.time.pass_by(minutes=5)
    office.round(2)
    assert (office.lie(), trouble(office)) == ({CASE_1: [1]}, "")


def test_a_folder_that_was_away_for_a_moment_keeps_its_mail(office: Shared) -> None:
    office.arrive(a_mail(1))
    office.round(3)
    for source, target in ((CASE_1, "Away"), ("Away", CASE_1)):
        with office.colleague() as client:
            client.rename_folder(source, target)
        office.round(1 if target == "Away" else 3)
    assert (office.moves(), office.placement(1).state) == ([], "here")
    close_case(office, 1)
    office.round(2)
    assert office.lie() == CLOSED


def test_no_subject_stands_in_the_log(
    office: Shared, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office.arrive(a_mail(1).replace(b"Request 1", b"Care records of my son John Smith"))
    office.round(2)
    opened = FilingBox.open_to_move

    def read_only(box: FilingBox, native: str) -> tuple[int, bool]:
        if "000001" in native:
            raise Refused("the folder may only be read")
        return opened(box, native)

    monkeypatch.setattr(FilingBox, "open_to_move", read_only)
    close_case(office, 1)
    with caplog.at_level(logging.INFO):
        office.round()
    assert "John Smith" in trouble(office)  # which administrators see
    assert "is not filed" in caplog.text
    assert "John Smith" not in caplog.text


def test_a_closed_cases_folder_goes_though_its_subscription_cannot(
    office: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.arrive(a_mail(1))
    office.round()
    refuse(monkeypatch, "unsubscribe_folder", "that folder does not exist")
    close_case(office, 1)
    office.round(3)
    assert [name for name in office.folders() if "000001" in name] == []


def test_a_folder_that_may_not_be_deleted_keeps_its_name(office: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    office.arrive(a_mail(1))
    office.round()
    refuse(monkeypatch, "delete_folder", "permission denied")
    close_case(office, 1)
    office.round(3)
    assert [name for name in office.folders() if "000001" in name] == [CASE_1]


@pytest.mark.parametrize("where", ["FOI/Not FOI", "FOI/Needs a person"])
def test_a_message_id_that_is_no_ascii_hinders_nothing(office: Shared, where: str) -> None:
    office.round()
    odd = a_mail(1).replace(b"<1@example.com>", "<ä1@example.com>".encode())
    with office.colleague() as client:
        client.append(where, odd, (), office.time.now())
    office.arrive(a_mail(2))
    office.round(2)
    assert office.content_of("FOI/Open/01-FOI-24-000001 - Request 2") == ["<2@example.com>"]


@pytest.mark.parametrize("rounds", [1, 3])
def test_what_is_moved_back_to_the_inbox_is_undone_however_long_the_poll_takes(office: Shared, rounds: int) -> None:
    with transaction(office.desk.engine) as session:
        an_officer(session)
    office.arrive(a_mail(1), b"Message-ID: <3@example.com>\r\n\r\nno mail")
    office.round(2)
    office.move(3, "FOI/Needs a person", "FOI/Not FOI")
    office.round()
    assert office.post(3).state == "dismissed"
    office.move(3, "FOI/Not FOI", "INBOX")
    for _ in range(rounds):
        office.time.pass_by(seconds=30)
        file_mailboxes(office.desk)
    office.round(2)
    assert office.post(3).state == "quarantined"
    assert office.folder_of(3) == "FOI/Needs a person"


@pytest.mark.parametrize(("separator", "prefix"), [(".", "INBOX."), ("/", "")])
def test_the_folder_that_requests_come_into_may_lie_below_a_prefix(
    sqlite_desk: Desk, reader: Reader, time: Time, separator: str, prefix: str
) -> None:
    need_dovecot()
    with running_dovecot(separator=separator, prefix=prefix) as server:
        office = shared(sqlite_desk, server, reader, time, folder="Requests")
        with office.colleague() as client:
            client.create_folder(prefix + "Requests")
            client.append(prefix + "Requests", a_mail(1), (), MON_JUN_3_2024)
        for begin in (SAT_JUN_1_2024, None, None):
            time.pass_by(minutes=1)
            poll_mailbox(office.desk, reader, begin=begin)
            file_mailboxes(office.desk)
        assert office.post(1).place == "watched"
        assert "000001" in office.folder_of(1)


def test_nothing_is_copied_where_nothing_may_be_deleted(office: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    has, select = IMAPClient.has_capability, IMAPClient.select_folder

    def selected(client: IMAPClient, folder: str, readonly: bool = False) -> dict[bytes, object]:
        return {**select(client, folder, readonly), b"PERMANENTFLAGS": (b"\\Seen",)}

    monkeypatch.setattr(IMAPClient, "has_capability", lambda client, name: name != "MOVE" and has(client, name))
    monkeypatch.setattr(IMAPClient, "select_folder", selected)
    refuse(monkeypatch, "add_flags", "permission denied")
    office.round()
    office.arrive(a_mail(1))
    for _ in range(3):
        office.round()
        office.time.pass_by(minutes=16)
    assert office.lie() == {"INBOX": [1]}
    assert "no mail may be deleted there" in trouble(office)


def test_a_case_whose_moves_were_given_in_to_is_filed_when_it_is_closed(office: Shared) -> None:
    office.arrive(a_mail(1))
    office.round(2)
    for _ in range(4):
        office.move(1, office.folder_of(1), "FOI/Waiting requester")
        office.round(2)
    assert office.placement(1).left
    office.time.pass_by(days=2)
    close_case(office, 1)
    office.round(3)
    assert office.lie() == CLOSED


def test_an_old_mail_that_is_copied_into_a_cases_folder_is_filed_there(
    office: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.arrive(a_mail(1))
    office.arrive(a_mail(7, sender="Person 1 <person1@example.com>"), at=datetime(2024, 5, 20, tzinfo=UTC))
    office.round(2)
    with office.colleague() as client:
        client.copy(client.search("ALL"), CASE_1)
    office.round(2)
    assert office.lie() == {CASE_1: [1, 7], "INBOX": [7]}

    def never(_box: FilingBox, native: str, _names: object) -> set[str]:
        pytest.fail(f"{native} is looked into again at each round")

    monkeypatch.setattr(FilingBox, "held_in", never)
    office.round(2)


def test_a_mail_whose_file_the_server_cannot_read_hinders_no_other(dovecot: Dovecot) -> None:
    fill(dovecot, {number: a_mail(number) for number in range(3)})
    unreadable = sorted((dovecot.folder / "mail" / FOI / "mail" / "cur").iterdir())[1]
    unreadable.chmod(0)
    with open_filing_box(dovecot.settings()) as box:
        _, lying = box.look_into("INBOX")
        assert len(lying) == 3
        assert len(box.labels(sorted(lying))) == 2
        assert box.look_into("INBOX")[1] == lying
    unreadable.chmod(0o600)
