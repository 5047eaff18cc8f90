"""The one-time address under which an officer may answer a mail of the desk with an instruction, and what may be said.

A mail that carries one is written with `write_to_officer`. Whoever writes a mail of another kind, such as a digest,
asks `reply_address_for(...)`, gives its template the answer as `answers` (blocks/answers.txt says it in words), queues
the letter with `answers_to=answers.address`, and calls `bind`: where the mailbox takes no plus addresses, the letter's
Message-ID is what tells the address.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from service.casework.approver import approver_in_turn
from service.casework.clock_facts import possible
from service.casework.explain_case import explain_case
from service.casework.permission import may
from service.casework.write_letter import Recipient, Thread, queue
from service.desk import LONDON, Desk
from service.domain.instruction import Verb
from service.domain.kind import Kind
from service.domain.regime import Matter
from service.domain.reply_address import one_time_address
from service.domain.stage import Act, allowed
from service.domain.topic import ANSWERS, HOW, Topic
from service.store.officers import Role
from service.store.rows import add_row, change_row, new_row
from service.store.tables import Case, Letter, Officer, OneTimeAddress

ALONE = Thread()
NO_WORDS: Mapping[str, object] = {}
_NEEDS = {
    Verb.HAND_BACK: Act.HAND_BACK,
    Verb.APPROVE: Act.CLEAR,
    Verb.RETURN: Act.CLEAR,
    Verb.CLOSE: Act.CLOSE,
    Verb.EXTEND: Act.CLOCK,
    Verb.NOTE: Act.NOTE,
    Verb.YES: Act.CONSULT,
    Verb.NO: Act.CONSULT,
    Verb.QUESTION: Act.CLOCK,
    Verb.TOLD: Act.CLOCK,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the reader of a mail may answer: each phrase with its meaning, and until when it acts.

    `address` is where to, empty where the mailbox itself is answered; `named` says that the line must begin with the
    reference of the case it means.
    """

    row: OneTimeAddress
    address: str
    offered: tuple[tuple[str, str], ...]
    named: bool
    until: date

    @property
    def example(self) -> str:
        """The first phrase, which a mail may show."""
        return self.offered[0][0] if self.offered else ""


def reply_address_for(
    session: Session,
    desk: Desk,
    officer: Officer,
    topic: Topic,
    *,
    case: Case | None = None,
    about: int = 0,
    at: datetime,
) -> Answers | None:
    """A new one-time address for a mail, or for one case of a list in it; None where instructions are switched off."""
    settings = desk.settings.instructions
    if not settings.by_email:
        return None
    expires_at = at + timedelta(days=settings.days)
    row = add_row(
        session,
        new_row(
            OneTimeAddress,
            officer_id=officer.id,
            case_id=case.id if case else None,
            topic=topic.value,
            about=about,
            made_at=at,
            expires_at=expires_at,
        ),
    )
    box = desk.settings.mailbox_of(case.account if case else "")
    address = one_time_address(desk.secret, row.id, terms(row), box.address) if box.plus_addresses else ""
    offered = tuple(HOW[verb] for verb in offered_verbs(session, desk, officer, case, topic))
    return Answers(row, address, offered, case is None, expires_at.astimezone(LONDON).date())


def terms(row: OneTimeAddress) -> str:
    """All that an address stands for, as its seal covers it; the moment tells it from one of the same keys, made before
    the desk was restored from a backup."""
    return f"{row.officer_id} {row.case_id or 0} {row.topic} {row.about} {row.made_at.astimezone(UTC).isoformat()}"


def bind(session: Session, answers: Answers | None, letter: Letter) -> None:
    """Note which letter carries an address: an answer may come without it, and names the letter."""
    if answers is not None:
        change_row(session, answers.row, letter_id=letter.id)


def write_to_officer(
    session: Session,
    desk: Desk,
    officer: Officer,
    template: str,
    topic: Topic,
    words: Mapping[str, object] = NO_WORDS,
    *,
    case: Case | None = None,
    about: int = 0,
    at: datetime,
    thread: Thread = ALONE,
    automatic: str = "auto-generated",
) -> Letter:
    """Queue a mail to an officer that can be answered with an instruction; raises LetterFault."""
    answers = reply_address_for(session, desk, officer, topic, case=case, about=about, at=at)
    told = {"answers": answers, "reference": case.reference if case else "", "link": case_link(desk, case)}
    letter = queue(
        session,
        desk,
        template,
        Recipient(officer.name, officer.email),
        desk.stationery.write(template, told | dict(words)),
        at=at,
        case=case,
        thread=thread,
        automatic=automatic,
        answers_to=answers.address if answers else "",
    )
    bind(session, answers, letter)
    return letter


def case_link(desk: Desk, case: Case | None) -> str:
    """Where the pages show a case, or their front page."""
    url = desk.settings.web.url.rstrip("/")
    return f"{url}/cases/{case.reference}" if case else url


def offered_verbs(session: Session, desk: Desk, officer: Officer, case: Case | None, topic: Topic) -> tuple[Verb, ...]:
    """What an officer may say in answer to a mail, as things stand."""
    if case is None:
        return ANSWERS[topic]
    return tuple(_fitting(session, desk, officer, case, topic))


def _fitting(session: Session, desk: Desk, officer: Officer, case: Case, topic: Topic) -> Iterator[Verb]:
    open_now, turn = allowed(case.stage), approver_in_turn(session, case)
    for verb in ANSWERS[topic]:
        act = _NEEDS.get(verb)
        if act is not None and (act not in open_now or not may(officer, case, act, turn)):
            continue
        if verb is Verb.TAKE and not _may_take(officer, case, open_now):
            continue
        if verb is Verb.ASSIGN and (Act.ASSIGN not in open_now or not _may_give(officer, case)):
            continue
        if verb is Verb.CLOSE and case.matter == Matter.REGULATOR:
            continue  # it ends with a ruling, whose particulars the page asks for
        if verb is Verb.EXTEND and Kind.EXTENDED not in possible(explain_case(session, desk, case).clock):
            continue
        yield verb


def _may_take(officer: Officer, case: Case, open_now: frozenset[Act]) -> bool:
    if case.owner_id == officer.id:
        return Act.ACCEPT in open_now
    return case.owner_id is None and Act.ASSIGN in open_now


def _may_give(officer: Officer, case: Case) -> bool:
    return case.owner_id == officer.id or Role(officer.role).covers(Role.SUPERVISOR)
