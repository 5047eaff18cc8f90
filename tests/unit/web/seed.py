"""A believable desk for the pages to show: a team, cases of every standing, and mail in trouble."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from sqlmodel import Session

from service.casework.acknowledge import ACKNOWLEDGEMENT
from service.casework.announce import queue_test
from service.casework.assign import assign
from service.casework.bulk import begin_giving, go_on
from service.casework.close import close
from service.casework.decide import Part, decide, set_questions
from service.casework.draft import write_draft
from service.casework.note import add_note
from service.casework.record import officer_actor
from service.casework.release_file import Scanned, add_file, enclose_bytes, release_file
from service.casework.reply import draft_reply, send_reply
from service.casework.settle_letter import settle_letter
from service.casework.subscribe import subscribe
from service.desk import Desk
from service.domain.announcement import OF_CASES
from service.domain.message import Address, Attachment, IncomingMessage, Unreadable
from service.domain.outcome import Outcome
from service.domain.question import Decision, Ground
from service.letters import Words
from service.store.cases import case_by_reference
from service.store.correspondence import FAILED, SENT, UNCERTAIN, letters_of_case
from service.store.database import transaction
from service.store.mailboxes import Look, begin_mailbox, note_read
from service.store.officers import add_officer
from service.store.originals import keep
from service.store.saved_lists import keep_list
from service.store.tables import Case, Officer, SavedList
from tests.builders import arrive

PASSWORD = "correct horse battery"
MON_JUN_3_2024 = datetime(2024, 6, 3, 8, 30, tzinfo=UTC)
EMAILS = {
    "officer": "sam.okoro@anytown.example",
    "supervisor": "priya.nair@anytown.example",
    "administrator": "jo.lind@anytown.example",
}
NAMES = {"officer": "Sam Okoro", "supervisor": "Priya Nair", "administrator": "Jo Lind"}
LONG_SUBJECT = "Request under the Freedom of Information Act: leisure-centre-refurbishment-correspondence-2019-to-2024"
HTML = "<p>Dear team,</p><p><b>How many</b> trees were felled in 2023?</p>"
TREES = """Dear team,

How many trees did the council fell in 2023, and why?

On Tue, 2 Apr 2024 at 10:00, FOI team wrote:
> Thank you for your earlier request.
> We are looking into it.
"""
PAGE = b"<b>x</b> script"
PDF = b"%PDF-1.7 a plan of the streets"


@dataclass(frozen=True, slots=True)
class Seeded:
    """The references and numbers that tests name."""

    overdue: str
    due_today: str
    soon: str
    unassigned: str
    closed: str
    of_colleague: str
    unreadable: int
    suggestion: int
    automatic: int
    uncertain_letter: int
    saved_list: int
    bulk_act: int
    webhook: int
    webhook_message: int


@cache
def password_hash() -> str:
    """Checked in no time: its cost is written in the hash, and what ours costs is the business of test_passwords."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_team(session: Session) -> dict[str, Officer]:
    """One of each role."""
    created_at = datetime(2024, 1, 2, tzinfo=UTC)
    return {
        role: add_officer(
            session,
            Officer(
                email=EMAILS[role], name=NAMES[role], role=role, password_hash=password_hash(), created_at=created_at
            ),
        )
        for role in EMAILS
    }


def seed(desk: Desk, now: datetime = MON_JUN_3_2024) -> Seeded:
    """Fill an empty desk whose clock stands at `now`, a Monday morning."""
    with transaction(desk.engine) as session:
        team = add_team(session)
        box = begin_mailbox(session, "foi", "INBOX", now - timedelta(days=90))
        note_read(session, box, Look(uidvalidity=1, next_uid=1, listed=0), now - timedelta(minutes=1))
        cases = _cases(session, desk, team, now)
        letter = _letters(session, desk, cases, team, now)
        unreadable, suggestion, automatic = _mails(session, desk, cases, now)
        kept = SavedList(officer_id=team["officer"].id, name="Under the Act", view="open", made_at=now)
        kept.query, kept.shared = "regime=FOIA", True
        keep_list(session, kept)
        bulk = _given_again(session, desk, cases["of_colleague"], team["supervisor"], now)
        webhook, message = _webhook(session, now)
    return Seeded(
        overdue=cases["overdue"].reference,
        due_today=cases["due_today"].reference,
        soon=cases["soon"].reference,
        unassigned=cases["unassigned"].reference,
        closed=cases["closed"].reference,
        of_colleague=cases["of_colleague"].reference,
        unreadable=unreadable,
        suggestion=suggestion,
        automatic=automatic,
        uncertain_letter=letter,
        saved_list=kept.id,
        bulk_act=bulk,
        webhook=webhook,
        webhook_message=message,
    )


def _given_again(session: Session, desk: Desk, case: Case, owner: Officer, now: datetime) -> int:
    """An act on many cases that changed none: its only case is with that officer already."""
    act = begin_giving(session, owner, owner.id, [(case.id, owner.id)], at=now)
    go_on(session, desk, act.id, at=now)
    return act.id


def _request(number: int, name: str, subject: str, text: str, **changes: object) -> IncomingMessage:
    address = f"{name.lower().replace(' ', '.')}@example.org"
    words = {
        "message_id": f"<request-{number}@example.org>",
        "subject": subject,
        "sender": Address(name, address),
        "text": text,
        "to": (Address("", "foi@anytown.example"),),
    }
    return IncomingMessage(**(words | changes))  # type: ignore[arg-type]


def _opened(session: Session, desk: Desk, message: IncomingMessage, at: datetime) -> Case:
    post = arrive(session, desk, message, received_at=at)
    assert post.case_id is not None, post.reason
    case = session.get_one(Case, post.case_id)
    for letter in letters_of_case(session, case.id):
        if letter.kind == ACKNOWLEDGEMENT:
            settle_letter(session, desk, letter, SENT, at=at + timedelta(minutes=1))
    return case


def _cases(session: Session, desk: Desk, team: dict[str, Officer], now: datetime) -> dict[str, Case]:
    opened = {
        name: _opened(session, desk, message, now - timedelta(days=days))
        for name, (days, message) in _requests(session).items()
    }
    for name in ("overdue", "due_today", "soon", "closed"):
        _give(session, desk, opened[name], team["officer"], now)
    _give(session, desk, opened["of_colleague"], team["supervisor"], now)
    actor = officer_actor(team["officer"].id)
    add_note(session, desk, opened["overdue"], "Parks have the 2023 list.\nRing them on Tuesday.", at=now, by=actor)
    _disclosed(session, desk, opened["overdue"], actor, now)
    _answered(session, desk, opened["overdue"], actor, now)
    close(
        session,
        desk,
        opened["closed"],
        Outcome.GRANTED,
        answered_on=(now - timedelta(days=20)).date(),
        at=now,
        by=actor,
    )
    return opened


def _disclosed(session: Session, desk: Desk, case: Case, actor: str, now: datetime) -> int:
    """A file that has been released; gives its key."""
    file = add_file(session, desk, case, Scanned("Trees 2023.pdf", PDF, ()), at=now, by=actor)
    return release_file(session, desk, case, file.id, reason="", at=now, by=actor).id


def _answered(session: Session, desk: Desk, case: Case, actor: str, now: datetime) -> None:
    """Two questions, one disclosed and one withheld, and a draft."""
    parts = [Part(0, "1.", "How many trees were felled in 2023?"), Part(0, "2.", "What did the contractor charge?")]
    first, second = set_questions(session, desk, case, parts, at=now, by=actor)
    given = replace(first, decision=Decision.DISCLOSE, answer="314 trees were felled.")
    bid = Ground(
        "43(2)", "The firm is bidding for next year.", "How money is spent.", "A fair tender.", "It is withheld."
    )
    for decided in (given, replace(second, decision=Decision.WITHHOLD, grounds=(bid,))):
        decide(session, desk, case, decided, at=now, by=actor)
    words = Words(f"[{case.reference}] Response to your request", "Dear Harriet,\n\n314 trees.\n")
    write_draft(session, desk, case, "response", words, composed=False, at=now, by=actor)


def _requests(session: Session) -> dict[str, tuple[int, IncomingMessage]]:
    """What was asked, so many days ago."""
    files = (
        _attached(session, "Street plan – Mill Lane.pdf", "application/pdf", PDF),
        _attached(session, "notes.html", "text/html", PAGE),
    )
    return {
        "overdue": (33, _request(1, "Harriet Bell", "Trees felled in 2023", TREES, html=HTML, attachments=files)),
        "due_today": (32, _request(2, "Tomasz Zielinski", "Parking fines on Station Road", "How many fines?")),
        "soon": (25, _request(3, "Alice Adeyemi", LONG_SUBJECT, "All correspondence, please.")),
        "unassigned": (3, _request(4, "Gwen Pritchard", "School transport contracts", "Please list them.")),
        "closed": (40, _request(5, "Nadia Haddad", "Library opening hours 2015 to 2023", "Which hours?")),
        "of_colleague": (10, _request(6, "Owen Price", "Cost of the new depot", "How much?")),
    }


def _attached(session: Session, name: str, content_type: str, content: bytes) -> Attachment:
    return Attachment(name, content_type, len(content), keep(session, content))


def _give(session: Session, desk: Desk, case: Case, owner: Officer, now: datetime) -> None:
    assign(session, desk, case, owner.id, at=now - timedelta(days=2), by=officer_actor(owner.id))


def _letters(session: Session, desk: Desk, cases: dict[str, Case], team: dict[str, Officer], now: datetime) -> int:
    """A response that may not have arrived, and a reply that failed; returns the key of the former."""
    actor = officer_actor(team["officer"].id)
    words = draft_reply(session, desk, cases["overdue"], "holding", "Sam Okoro", today=now.date())
    plan = [enclose_bytes(session, "Street plan.pdf", PDF)]
    uncertain = send_reply(session, desk, cases["overdue"], "holding", words, at=now, by=actor, files=plan)
    settle_letter(
        session,
        desk,
        uncertain,
        UNCERTAIN,
        at=now,
        phase="data",
        trouble="the connection broke after the text was sent",
    )
    failed = send_reply(session, desk, cases["soon"], "reply", Words("Your request", "Dear Alice,\n"), at=now, by=actor)
    settle_letter(session, desk, failed, FAILED, at=now, trouble="550 5.1.1 no such mailbox")
    return uncertain.id


def _mails(session: Session, desk: Desk, cases: dict[str, Case], now: datetime) -> tuple[int, int, int]:
    broken = Unreadable(
        "its structure is broken: 3,000 nested parts", "Request about bins", Address("", "r.hughes@example.net")
    )
    unreadable = arrive(session, desk, broken, received_at=now - timedelta(days=1))
    stranger = _request(7, "Ivan Petrov", f"About {cases['unassigned'].reference}", "I have a question on this one.")
    suggestion = arrive(session, desk, stranger, received_at=now - timedelta(hours=3))
    assert suggestion.state == "quarantined", suggestion.state
    robot = _request(8, "Mail System", "Out of office", "I am away.", automatic=("Auto-Submitted: auto-replied",))
    automatic = arrive(session, desk, robot, received_at=now - timedelta(hours=5))
    follow_up = _request(
        9, "Harriet Bell", "Re: Trees felled in 2023", "Any news?", in_reply_to=("<request-1@example.org>",)
    )
    arrive(session, desk, follow_up, received_at=now - timedelta(days=4))
    return unreadable.id, suggestion.id, automatic.id


def _webhook(session: Session, now: datetime) -> tuple[int, int]:
    """A webhook that cannot be reached, and a test that it was not told."""
    made = subscribe(session, "https://intranet.anytown.example/foi/events?from=desk", OF_CASES, at=now, by="officer:3")
    told = queue_test(session, made.id, at=now)
    told.state, told.attempts, told.trouble = "failed", 9, "it did not answer within 10 seconds"
    session.add(told)
    session.flush()
    return made.id, told.id


def overdue_case(session: Session, seeded: Seeded) -> Case:
    return case_by_reference(session, seeded.overdue)
