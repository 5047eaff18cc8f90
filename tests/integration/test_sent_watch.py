"""The Sent folders against a real mail server, with a second client that sends as Outlook does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import col, func, select

from mail import sent_watch
from mail.errors import MailboxTrouble
from mail.poll import poll_mailbox
from mail.reader import Reader
from mail.sent_check import check_sent
from mail.sent_folder import SentMailbox, open_sent
from mail.sent_watch import watch_sent
from service import jobs
from service.casework.assign import assign
from service.casework.sent_answers import accept_answer
from service.desk import Desk
from service.documents.guarded import words_of_letter
from service.domain.history import CaseEvent
from service.domain.kind import Kind
from service.domain.message_id import mint
from service.domain.outcome import Outcome
from service.sent_places import FOUND_BY_ITSELF
from service.servers import SentFolder
from service.store.cases import history
from service.store.correspondence import DUPLICATE, FILED, STORED, letters_of_case, messages_of_case
from service.store.database import reading, transaction
from service.store.jobs import job_run
from service.store.mailboxes import mailbox
from service.store.sent import IGNORED, OWN, UNSURE, answers_of, count_sent
from service.store.tables import Case, Message, Post, SentAnswer, StoredChunk
from tests.builders import an_officer
from tests.conftest import Time
from tests.integration.dovecot import BINARY, FOI, PASSWORD, Dovecot, running_dovecot
from tests.integration.polling import SAT_JUN_1_2024, a_mail, reading_from
from tests.servers import need

SAM = "sam@anytown.example"
SPECIAL = """
namespace inbox {
  mailbox "Gesendete Elemente" {
    auto = create
    special_use = \\Sent
  }
}
"""
SHARED = """
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
namespace shared {
  type = shared
  separator = /
  prefix = shared/%%u/
  location = maildir:%%h/mail
  list = children
  subscriptions = no
}
plugin {
  acl = vfile
  acl_shared_dict = file:%h/../shared-mailboxes
}
"""
SENT_NAME = "Gesendete Elemente"
MON_JUN_3_2024 = datetime(2024, 6, 3, 8, 30, tzinfo=UTC)
ANSWER = "Dear Person,\n\nPlease find attached the figures you asked for.\n"
HOLDING = "Thank you for your request. We will respond by 1 July.\n"


@pytest.fixture
def office() -> Iterator[Dovecot]:
    """A shared mailbox with a Sent folder of a German name, and Sam's own."""
    need("dovecot", BINARY)
    with running_dovecot({FOI: PASSWORD, SAM: "quiet lake"}, more=SPECIAL) as server:
        yield server


@pytest.fixture
def watching(desk: Desk, office: Dovecot) -> Desk:
    return reading_from(desk, office.settings())


@pytest.fixture
def with_sam(watching: Desk, office: Dovecot) -> Desk:
    """The desk also watches Sam's own Sent folder, as on Microsoft 365: by signing in to Sam's mailbox."""
    box = office.settings(SAM)
    words = box.model_dump(include=set(SentFolder.model_fields)) | {"account": "sam", "folder": ""}
    sent = SentFolder.model_validate(words | {"password": box.password})
    return replace(watching, settings=watching.settings.model_copy(update={"sent": (sent,)}))


def a_reply(
    *,
    to: str = "person1@example.com",
    sender: str = f"FOI team <{FOI}>",
    subject: str = "Re: Request 1",
    answers: str = "<1@example.com>",
    message_id: str = "<reply-1@outlook.example>",
    text: str = ANSWER,
    when: str = "Tue, 04 Jun 2024 14:03:00 +0100",
    cc: str = "",
    boundary: bool = False,
) -> bytes:
    """A mail as a mail program leaves it in Sent."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, to, subject, when
    mail["Message-ID"] = message_id
    if cc:
        mail["Cc"] = cc
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(text + "\nOn Mon, 3 Jun 2024, Person 1 <person1@example.com> wrote:\n> Could you clarify?\n")
    if boundary:
        mail.add_alternative(f"<p>{text}</p>", subtype="html")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def put_into_sent(office: Dovecot, mail: bytes, when: datetime, *, user: str = FOI, folder: str = SENT_NAME) -> None:
    with office.client(user) as client:
        client.append(folder, mail, (b"\\Seen",), when)


def ask(desk: Desk, reader: Reader, office: Dovecot, mail: bytes | None = None) -> None:
    """Person 1 asks, and the desk begins to look into Sent."""
    office.append(mail or a_mail(), MON_JUN_3_2024)
    poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
    watch_sent(desk, reader)


def the_case(desk: Desk) -> Case:
    with reading(desk.engine) as session:
        return session.exec(select(Case)).one()


def told(desk: Desk) -> list[CaseEvent]:
    with reading(desk.engine) as session:
        return history(session, session.exec(select(Case)).one().id)


def sent_states(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(session.exec(select(Post.state).where(col(Post.sent)).order_by(col(Post.id))))


def questions(desk: Desk) -> list[SentAnswer]:
    with reading(desk.engine) as session:
        return list(session.exec(select(SentAnswer)))


def test_a_reply_from_outlook_is_filed_and_raises_the_question(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.moment = datetime(2024, 6, 4, 13, 5, tzinfo=UTC)
    put_into_sent(office, a_reply(), datetime(2024, 6, 4, 13, 3, tzinfo=UTC))
    watched = watch_sent(watching, reader)
    check_sent(watching, words_of_letter)
    assert (watched.taken, watched.read) == (1, 1)
    case = the_case(watching)
    with reading(watching.engine) as session:
        _, reply = messages_of_case(session, case.id)
        [letter] = [one for one in letters_of_case(session, case.id) if one.kind == "answered"]
    assert (reply.direction, reply.recipients, reply.at) == (
        "out",
        "person1@example.com",
        datetime(2024, 6, 4, 13, 3, tzinfo=UTC),
    )
    assert reply.concerns == ""
    assert letter.subject == f"[{case.reference}] Answered at 14:03 on Tuesday 4 June 2024?"
    [question] = questions(watching)
    assert (question.state, question.seems, question.likely) == ("asked", "an answer", "granted in full")
    event = next(event for event in told(watching) if event.kind is Kind.SENT_BY_HAND)
    assert (event.actor, event.at, event.data["sender"]) == ("mailbox", reply.at, f"FOI team <{FOI}>")
    assert case.stage != "closed", "only a person's word closes a case"
    with office.client(folder=SENT_NAME) as client:
        assert client.fetch(client.search(), ["FLAGS"])[1][b"FLAGS"] in ((b"\\Seen",), (b"\\Seen", b"\\Recent"))


def test_accepting_stops_the_clock_when_it_was_sent_and_not_when_it_was_accepted(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    # Monday 1 July is the last day; 22:59 UTC is 23:59 in London, and 23:01 UTC would be Tuesday there.
    time.moment = datetime(2024, 7, 3, 9, 0, tzinfo=UTC)
    put_into_sent(office, a_reply(when="Mon, 01 Jul 2024 23:59:00 +0100"), datetime(2024, 7, 1, 22, 59, tzinfo=UTC))
    watch_sent(watching, reader)
    with transaction(watching.engine) as session:
        case = session.exec(select(Case)).one()
        sam = an_officer(session)
        assign(session, watching, case, sam.id, at=watching.now(), by=f"officer:{sam.id}")
        [message_id] = answers_of(session, case.id)
        accept_answer(
            session, watching, case, message_id, outcome=Outcome.GRANTED, at=watching.now(), by=f"officer:{sam.id}"
        )
    case = the_case(watching)
    assert (case.stage, case.due_on, case.answered_on) == ("closed", date(2024, 7, 1), date(2024, 7, 1))
    [closed] = [event for event in told(watching) if event.kind is Kind.CLOSED]
    assert closed.at == datetime(2024, 7, 1, 22, 59, tzinfo=UTC)
    assert closed.data["source"] == "sent folder"
    assert (closed.data["message"], closed.actor) == (str(message_id), f"officer:{sam.id}")


def test_history_is_not_brought_in(watching: Desk, office: Dovecot, reader: Reader, time: Time) -> None:
    put_into_sent(office, a_reply(message_id="<old@outlook.example>"), MON_JUN_3_2024 - timedelta(hours=3))
    put_into_sent(office, a_reply(message_id="<older@outlook.example>"), MON_JUN_3_2024 - timedelta(days=300))
    ask(watching, reader, office)
    time.pass_by(hours=1)
    watch_sent(watching, reader)
    assert not questions(watching)
    with reading(watching.engine) as session:
        assert count_sent(session, "foi", FOUND_BY_ITSELF) == {}


def test_our_own_letters_and_second_copies_are_never_filed_twice(
    with_sam: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(with_sam, reader, office)
    time.pass_by(hours=1)
    own = mint(with_sam.secret, "reply", "0123456789abcdef", "anytown.example")
    put_into_sent(office, a_reply(message_id=own), time.moment)
    put_into_sent(office, a_reply(), time.moment)
    # Exchange writes the copy in the other mailbox anew: other boundaries, the same Message-ID.
    put_into_sent(office, a_reply(boundary=True), time.moment, user=SAM)
    watch_sent(with_sam, reader)
    watch_sent(with_sam, reader)
    assert sent_states(with_sam) == [OWN, FILED, DUPLICATE]
    assert len(questions(with_sam)) == 1


def test_a_copy_that_came_into_the_inbox_too_is_one_message(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    both = a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI)
    office.append(both, time.moment)
    poll_mailbox(watching, reader)  # taken for a mail that came in, whose sender nobody knows
    put_into_sent(office, both, time.moment)
    watch_sent(watching, reader)
    with reading(watching.engine) as session:
        _, reply = messages_of_case(session, session.exec(select(Case)).one().id)
        assert session.exec(select(func.count()).select_from(Message)).one() == 2
        assert [post.state for post in session.exec(select(Post).order_by(col(Post.id)))] == [FILED, FILED, DUPLICATE]
    assert reply.direction == "out"
    assert len(questions(watching)) == 1


def test_a_copy_that_comes_into_the_inbox_later_is_one_message(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI), time.moment)
    watch_sent(watching, reader)
    office.append(a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI, boundary=True), time.moment)
    poll_mailbox(watching, reader)
    with reading(watching.engine) as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == 2
        assert session.exec(select(func.count()).select_from(Case)).one() == 1


def test_a_forged_mail_under_the_same_message_id_is_not_taken_for_what_was_sent(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    office.append(a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI, text="We give you everything.\n"), time.moment)
    poll_mailbox(watching, reader)
    put_into_sent(office, a_reply(sender=f"Sam Okoro <{SAM}>"), time.moment)
    watch_sent(watching, reader)
    with reading(watching.engine) as session:
        _, reply = messages_of_case(session, session.exec(select(Case)).one().id)
        assert session.get_one(Post, reply.post_id).sent
    assert sent_states(watching) == [FILED]


@pytest.fixture
def with_an_officer(watching: Desk) -> Desk:
    """Sam is an officer of the desk, which knows nothing of Sam's own Sent folder."""
    with transaction(watching.engine) as session:
        an_officer(session)
    return watching


def test_an_officers_answer_of_which_the_mailbox_has_a_copy_is_asked_about(
    with_an_officer: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(with_an_officer, reader, office)
    time.pass_by(hours=1)
    answer, sent_at = a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI), time.moment
    office.append(answer, sent_at + timedelta(minutes=40))  # our server was slow to take it
    time.pass_by(hours=1)
    poll_mailbox(with_an_officer, reader)
    [question] = questions(with_an_officer)
    assert (question.state, question.sent_at) == ("asked", sent_at + timedelta(minutes=40))
    assert "it came to the mailbox as a copy" in question.doubts  # so that no silence accepts it
    event = next(event for event in told(with_an_officer) if event.kind is Kind.SENT_BY_HAND)
    assert event.actor == "mailbox"  # only the copy itself says whose it is
    put_into_sent(office, a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI, boundary=True), sent_at)
    watch_sent(with_an_officer, reader)
    assert sent_states(with_an_officer) == [DUPLICATE]
    [question] = questions(with_an_officer)
    assert question.sent_at == sent_at
    assert "as a copy" not in question.doubts  # Sent tells when it went
    with reading(with_an_officer.engine) as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == 2


def test_mail_deleted_from_sent_keeps_no_other_from_being_looked_at_again(
    watching: Desk, office: Dovecot, reader: Reader, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_watch, "ANEW_AT_ONCE", 2)
    ask(watching, reader, office)
    time.pass_by(hours=1)
    for number in range(2):
        lunch: dict[str, Any] = {"answers": "", "subject": "Lunch", "to": "friend@example.org"}
        put_into_sent(office, a_reply(**lunch, message_id=f"<lunch-{number}@example.com>"), time.moment)
    watch_sent(watching, reader)
    with office.client(folder=SENT_NAME) as client:
        client.delete_messages(client.search())
        client.expunge()
    early: dict[str, Any] = {"answers": "<2@example.com>", "to": "person2@example.com", "subject": "Re: Request 2"}
    put_into_sent(office, a_reply(**early, message_id="<r2@example.com>"), time.moment)  # answered before it was read
    watch_sent(watching, reader)
    assert sent_states(watching) == [IGNORED] * 3
    office.append(a_mail(2), time.moment)
    poll_mailbox(watching, reader)
    for hours in (1, 3, 30, 30):
        time.pass_by(hours=hours)
        watch_sent(watching, reader)
    assert sent_states(watching) == [IGNORED, IGNORED, FILED]


def test_a_header_that_the_server_withholds_for_days_is_read_when_it_comes(
    watching: Desk, office: Dovecot, reader: Reader, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), time.moment)
    with monkeypatch.context() as patch:
        patch.setattr(SentMailbox, "headers", lambda _box, _uids: {})
        for hours in (0, 25):
            time.pass_by(hours=hours)
            watch_sent(watching, reader)
    assert sent_states(watching) == []
    watch_sent(watching, reader)
    assert sent_states(watching) == [FILED]


def test_a_mail_of_which_the_server_tells_nothing_yet_is_read_when_it_does(
    watching: Desk, office: Dovecot, reader: Reader, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), time.moment)
    with monkeypatch.context() as patch:
        patch.setattr(SentMailbox, "facts", lambda _box, _uids: {})
        watch_sent(watching, reader)
    assert sent_states(watching) == []
    watch_sent(watching, reader)
    assert sent_states(watching) == [FILED]


def test_a_forged_copy_does_not_hide_what_was_sent(
    with_an_officer: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(with_an_officer, reader, office)
    time.pass_by(hours=1)
    office.append(a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI, text="We give you everything.\n"), time.moment)
    poll_mailbox(with_an_officer, reader)
    put_into_sent(office, a_reply(sender=f"Sam Okoro <{SAM}>"), time.moment)
    watch_sent(with_an_officer, reader)
    assert sent_states(with_an_officer) == [FILED]
    assert sorted("as a copy" in one.doubts for one in questions(with_an_officer)) == [False, True]


@pytest.mark.parametrize(
    "words",
    [
        {"to": "archive@example.net"},  # to somebody else
        {"answers": "", "subject": "Lunch"},  # of no case
        {"cc": "foi+abc@anytown.example"},  # to a one-time address
        {"sender": "Nobody <nobody@anytown.example>"},
    ],
)
def test_no_other_mail_of_an_officer_is_taken_for_an_answer(
    with_an_officer: Desk, office: Dovecot, reader: Reader, time: Time, words: dict[str, str]
) -> None:
    ask(with_an_officer, reader, office)
    time.pass_by(hours=1)
    usual: dict[str, Any] = {"sender": f"Sam Okoro <{SAM}>", "cc": FOI}
    office.append(a_reply(**(usual | words)), time.moment)
    poll_mailbox(with_an_officer, reader)
    assert questions(with_an_officer) == []


def test_a_copy_that_our_mail_server_calls_forged_waits_for_a_person(
    with_an_officer: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    desk = reading_from(with_an_officer, office.settings(authserv_id="mx.anytown.example"))
    ask(desk, reader, office)
    time.pass_by(hours=1)
    verdict = b"Authentication-Results: mx.anytown.example; dmarc=fail header.from=anytown.example\r\n"
    hop = b"Received: from x by mx.anytown.example; Mon, 3 Jun 2024 10:00:00 +0100\r\n"
    office.append(verdict + hop + a_reply(sender=f"Sam Okoro <{SAM}>", cc=FOI), time.moment)
    poll_mailbox(desk, reader)
    assert questions(desk) == []
    with reading(desk.engine) as session:
        assert session.exec(select(Post.state).order_by(col(Post.id).desc())).first() == "quarantined"


def test_private_mail_of_an_officer_is_never_stored(
    with_sam: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(with_sam, reader, office)
    time.pass_by(hours=1)
    secret = "MY DOCTOR SAYS"
    for number, (to, subject) in enumerate(
        [("doctor@example.net", "Appointment"), ("person1@example.com", "Cricket on Sunday"), (FOI, "Re: [digest]")]
    ):
        private = a_reply(
            to=to, subject=subject, answers="", message_id=f"<p{number}@x>", sender=f"Sam <{SAM}>", text=secret
        )
        put_into_sent(office, private, time.moment, user=SAM)
    put_into_sent(office, a_reply(sender=f"Sam <{SAM}>", text="IT IS OF THE CASE"), time.moment, user=SAM)
    watch_sent(with_sam, reader)
    for hours in (1, 3, 30):
        time.pass_by(hours=hours)
        watch_sent(with_sam, reader)
    with reading(with_sam.engine) as session:
        chunks = b"".join(chunk.content for chunk in session.exec(select(StoredChunk)))
        left = session.exec(select(Post).where(col(Post.state) == IGNORED)).all()
        counted = count_sent(session, "sam", FOUND_BY_ITSELF)
    assert b"IT IS OF THE CASE" in chunks
    for trace in (secret.encode(), b"doctor@example.net", b"Cricket"):
        assert trace not in chunks
    assert counted == {IGNORED: 3, FILED: 1}
    assert {(post.sha256, post.subject, post.sender_address, post.message_id) for post in left} == {(None, "", "", "")}


def test_what_cannot_be_matched_surely_waits_for_a_person(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    reference = the_case(watching).reference
    perhaps = [
        a_reply(answers="", subject="Your question", message_id="<a@x>"),
        a_reply(answers="", subject=f"About {reference}", to="someone@example.org", message_id="<b@x>"),
        a_reply(answers="", subject="Lunch", to="friend@example.org", message_id="<c@x>"),
        a_reply(answers="", subject=f"{reference}: what do we hold?", to="bob@anytown.example", message_id="<d@x>"),
    ]
    for mail in perhaps:
        put_into_sent(office, mail, time.moment)
    watch_sent(watching, reader)
    assert sent_states(watching) == [IGNORED, IGNORED, UNSURE, UNSURE]
    assert not questions(watching)


def test_colleagues_mail_is_filed_only_in_a_thread_of_the_case(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(to="bob@roads.anytown.example", text="Bob, what do we hold?"), time.moment)
    watch_sent(watching, reader)
    with reading(watching.engine) as session:
        _, note = messages_of_case(session, session.exec(select(Case)).one().id)
    assert note.direction == "internal"
    assert not questions(watching)


def test_mail_to_the_requesters_second_address(watching: Desk, office: Dovecot, reader: Reader, time: Time) -> None:
    ask(watching, reader, office, a_mail(1, Reply_To="work@example.com"))
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(to="work@example.com", when="Mon, 03 Jun 2024 10:30:00 +0100"), time.moment)
    put_into_sent(office, a_reply(to="unheard@example.net", message_id="<second@x>"), time.moment)
    watch_sent(watching, reader)
    known, unknown = questions(watching)
    assert known.doubts == ""
    assert "not the requester's" in unknown.doubts


def test_a_mail_that_was_in_sent_before_its_case_existed_is_found_later(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    poll_mailbox(watching, reader, begin=SAT_JUN_1_2024)
    watch_sent(watching, reader)
    put_into_sent(office, a_reply(when="Mon, 03 Jun 2024 09:30:00 +0100"), time.moment)
    watch_sent(watching, reader)
    assert sent_states(watching) == [IGNORED]
    office.append(a_mail(), MON_JUN_3_2024)
    poll_mailbox(watching, reader)
    time.pass_by(minutes=5)
    watch_sent(watching, reader)
    assert sent_states(watching) == [IGNORED]
    time.pass_by(minutes=6)
    watch_sent(watching, reader)
    assert sent_states(watching) == [FILED]


def test_a_time_that_somebody_has_made_up_is_shown(watching: Desk, office: Dovecot, reader: Reader, time: Time) -> None:
    ask(watching, reader, office)
    time.moment = datetime(2024, 7, 10, 9, 0, tzinfo=UTC)
    watch_sent(watching, reader)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), datetime(2024, 6, 28, 9, 0, tzinfo=UTC))
    watch_sent(watching, reader)
    [question] = questions(watching)
    assert "came into the Sent folder only after 10:00 on Wednesday 10 July 2024" in question.doubts
    assert "dated 14:03 on Tuesday 4 June 2024 by its writer" in question.doubts


def test_a_renumbered_folder_brings_nothing_in_twice(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), time.moment)
    watch_sent(watching, reader)
    with office.client() as client:
        client.rename_folder(SENT_NAME, "Kept")
        client.create_folder(SENT_NAME)
        client.select_folder("Kept")
        client.copy(client.search(), SENT_NAME)
    watch_sent(watching, reader)
    assert sent_states(watching)[0] == FILED
    assert set(sent_states(watching)) <= {FILED, DUPLICATE}
    assert len(questions(watching)) == 1


@pytest.mark.parametrize("step", ["headers", "_store", "_keep", "take_in_all", "note_read"])
def test_a_crash_at_any_step_is_finished_by_the_next_look(
    watching: Desk, office: Dovecot, reader: Reader, time: Time, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), time.moment)
    put_into_sent(office, a_reply(to="friend@example.org", answers="", message_id="<c@x>"), time.moment)

    def die(*_args: object, **_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SentMailbox if step == "headers" else sent_watch, step, die)
        with pytest.raises(KeyboardInterrupt):
            watch_sent(watching, reader)
    poll_mailbox(watching, reader)  # reads whatever is stored
    watch_sent(watching, reader)
    assert sorted(sent_states(watching)) == sorted([FILED, IGNORED])
    assert len(questions(watching)) == 1


def test_two_watchers_at_once_file_it_once(watching: Desk, office: Dovecot, reader: Reader, time: Time) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), time.moment)
    place = watching.settings.sent_places[0]
    with reading(watching.engine) as session:
        stale = mailbox(session, *place.key)
    assert stale is not None
    watch_sent(watching, reader)
    with open_sent(place.server) as box:  # another, which had read the row before
        sent_watch._look(watching, reader, place, box, stale)
    assert sent_states(watching) == [FILED]


def test_a_dead_sent_folder_stops_neither_the_inbox_nor_the_other_sent_folder(
    with_sam: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    gone = with_sam.settings.sent[0].model_copy(update={"folder": "Not/There"})
    desk = replace(with_sam, settings=with_sam.settings.model_copy(update={"sent": (gone,)}))
    office.append(a_mail(), MON_JUN_3_2024)
    poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
    with pytest.raises(MailboxTrouble, match="Not/There"):
        watch_sent(desk, reader)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), time.moment)
    jobs.run_job(desk, reader, next(job for job in jobs.JOBS if job.name == "sent"))
    assert len(questions(desk)) == 1
    with reading(desk.engine) as session:
        row, run = mailbox(session, "sam", "Not/There"), job_run(session, "sent")
    assert row is not None
    assert row.trouble
    assert run is not None
    assert "Not/There" in run.trouble


def test_a_folder_of_a_colleague_that_is_shared_with_the_mailbox(desk: Desk, reader: Reader, time: Time) -> None:
    need("dovecot", BINARY)
    users = {FOI: PASSWORD, SAM: "quiet lake"}
    with running_dovecot(users, more=SPECIAL + SHARED) as office:
        with office.client(SAM) as client:
            client.setacl(SENT_NAME, FOI, "lr")
        sent = SentFolder.model_validate(
            office.settings().model_dump(include=set(SentFolder.model_fields))
            | {"account": "sam", "folder": f"shared/{SAM}/{SENT_NAME}", "password": PASSWORD}
        )
        watching = reading_from(desk, office.settings())
        watching = replace(watching, settings=watching.settings.model_copy(update={"sent": (sent,)}))
        ask(watching, reader, office)
        time.pass_by(hours=1)
        put_into_sent(office, a_reply(sender=f"Sam <{SAM}>"), time.moment, user=SAM)
        watch_sent(watching, reader)
        with reading(watching.engine) as session:
            post = session.exec(select(Post).where(col(Post.state) == FILED, col(Post.sent))).one()
    assert (post.account, post.folder) == ("sam", f"shared/{SAM}/{SENT_NAME}")


def test_a_mail_stays_as_it_was_in_the_database_when_nothing_is_new(
    watching: Desk, office: Dovecot, reader: Reader, time: Time
) -> None:
    ask(watching, reader, office)
    time.pass_by(hours=1)
    put_into_sent(office, a_reply(), time.moment)
    assert watch_sent(watching, reader).taken == 1
    assert watch_sent(watching, reader).taken == 0
    with reading(watching.engine) as session:
        row = mailbox(session, "foi", FOUND_BY_ITSELF)
        assert session.exec(select(func.count()).select_from(Post).where(col(Post.state) == STORED)).one() == 0
    assert row is not None
    assert (row.next_uid, row.listed, row.read_at) == (2, 0, time.moment)
