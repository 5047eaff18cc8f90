"""Asking somebody who may hold the information: they get what they are asked, and nothing of who wants to know."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.casework.record import DESK, record
from service.casework.write_letter import Recipient, Thread, queue
from service.desk import LONDON, Desk
from service.domain.consultation import Result, Waiting
from service.domain.kind import Kind
from service.domain.regime import Regime
from service.domain.reply_address import consultation_address, without_detail
from service.domain.stage import Act, require
from service.errors import DeskError
from service.store.cases import case_by_id
from service.store.consultations import waiting_consultations, waits
from service.store.correspondence import letter_by_id
from service.store.rows import add_row, change_row, new_row
from service.store.tables import Case, Consultation, Letter

CONSULTATION, REMINDER = "consultation", "consultation-reminder"
ALONE = Thread()


class NotToBeAsked(DeskError):
    """{address} is {whose} address. Ask somebody who holds the information."""


class NamesTheRequester(DeskError):
    """The question names {what}. Whoever holds the information need not know who asks for it: take that out, or say
    that it cannot be asked without it."""


class AnswerDayPast(DeskError):
    """The answer must be due on a later day than today."""


class ConsultationOver(DeskError):
    """{name} has answered, or the question has been closed. Open the page again to see how it stands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask what, and by which day."""

    name: str
    team: str
    address: str
    question: str
    due_on: date
    naming: bool = False  # it cannot be asked without the requester's name, as of letters to and from them


def ask(
    session: Session, desk: Desk, case: Case, asked: Asked, *, signatory: str, at: datetime, by: str
) -> Consultation:
    """Write to somebody who may hold the information, under an address for their answer alone.

    Raises NotAllowedNow, NotToBeAsked, NamesTheRequester or AnswerDayPast.
    """
    require(case.stage, Act.CONSULT)
    _refuse(desk, case, asked, at.astimezone(LONDON).date())
    consultation = add_row(
        session,
        new_row(
            Consultation,
            case_id=case.id,
            name=asked.name,
            team=asked.team,
            address=asked.address,
            address_key=asked.address.casefold(),
            question=asked.question,
            asked_at=at,
            asked_by=by,
            due_on=asked.due_on,
        ),
    )
    due_on = asked.due_on.isoformat()
    record(
        session, desk, case, Kind.CONSULTED, at=at, by=by, consultation=consultation.id, name=asked.name, by_day=due_on
    )
    letter = _write(session, desk, case, consultation, CONSULTATION, {"signatory": signatory}, at=at, by=by)
    change_row(session, consultation, letter_id=letter.id)
    return consultation


def remind(session: Session, desk: Desk, case: Case, consultation: Consultation, *, at: datetime, by: str) -> None:
    """Ask once more, in the thread of the question; raises ConsultationOver."""
    require(case.stage, Act.CONSULT)
    if not waits(consultation):
        raise ConsultationOver(name=consultation.name)
    today = at.astimezone(LONDON).date()
    asked = letter_by_id(session, consultation.letter_id) if consultation.letter_id else None
    thread = Thread(asked.message_id, asked.message_id) if asked else Thread()
    words: dict[str, object] = {"late": today > consultation.due_on}
    _write(session, desk, case, consultation, REMINDER, words, at=at, by=by, thread=thread)
    record(
        session,
        desk,
        case,
        Kind.CONSULTATION_CHASED,
        at=at,
        by=by,
        consultation=consultation.id,
        name=consultation.name,
    )
    change_row(session, consultation, reminded_on=today)


def chase_consultations(session: Session, desk: Desk, *, today: date, at: datetime) -> int:
    """Remind everybody whose answer is about to be late or is; returns how many."""
    written = 0
    for consultation, case in waiting_consultations(session):
        waiting = Waiting(
            consultation.asked_at.astimezone(LONDON).date(), consultation.due_on, consultation.reminded_on
        )
        if waiting.reminder_is_due(today, desk.calendars.of(case.regime)):
            remind(session, desk, case, consultation, at=at, by=DESK)
            written += 1
    return written


def close_consultation(
    session: Session, desk: Desk, consultation: Consultation, result: Result, *, at: datetime, by: str
) -> None:
    """Say what came of asking, or that no answer is wanted any more; raises ConsultationOver when somebody has."""
    if consultation.closed_at is not None:
        raise ConsultationOver(name=consultation.name)
    case = case_by_id(session, consultation.case_id)
    record(
        session,
        desk,
        case,
        Kind.CONSULTATION_CLOSED,
        at=at,
        by=by,
        consultation=consultation.id,
        name=consultation.name,
        outcome=result.value,
    )
    change_row(session, consultation, outcome=result.value, closed_at=at, closed_by=by)


def _refuse(desk: Desk, case: Case, asked: Asked, today: date) -> None:
    if asked.address.casefold() == case.requester_key:
        raise NotToBeAsked(address=asked.address, whose="the requester's")
    if without_detail(asked.address) in desk.settings.own:
        raise NotToBeAsked(address=asked.address, whose="the desk's own")
    if asked.due_on <= today:
        raise AnswerDayPast
    if not asked.naming:
        _refuse_naming(case, asked)


def _refuse_naming(case: Case, asked: Asked) -> None:
    words = " ".join(asked.question.split()).casefold()
    if case.requester_key and case.requester_key in words:
        raise NamesTheRequester(what="the requester's address")
    name = " ".join(case.requester_name.split()).casefold()
    if name and f" {name} " in f" {''.join(c if c.isalnum() else ' ' for c in words)} ":
        raise NamesTheRequester(what="the requester")


def _write(
    session: Session,
    desk: Desk,
    case: Case,
    consultation: Consultation,
    kind: str,
    particulars: dict[str, object],
    *,
    at: datetime,
    by: str,
    thread: Thread = ALONE,
) -> Letter:
    """Queue a letter whose template is given no word of the requester's, so that none of its wordings can tell."""
    words = {
        "name": consultation.name,
        "reference": case.reference,
        "question": consultation.question,
        "due_on": consultation.due_on,
        "authority": desk.settings.authority_of(case.account),
        "law": Regime(case.regime).rules.title,
    }
    letter = queue(
        session,
        desk,
        kind,
        Recipient(consultation.name, consultation.address),
        desk.stationery.write(kind, words | particulars),
        at=at,
        case=case,
        thread=thread,
        automatic="auto-generated" if by == DESK else "",
        answers_to=consultation_answers_to(desk, case, consultation),
    )
    record(session, desk, case, Kind.LETTER_WRITTEN, at=at, by=by, letter=letter.id, kind=kind)
    return letter


def consultation_answers_to(desk: Desk, case: Case, consultation: Consultation) -> str:
    """Where the answer of somebody we asked goes; empty where the mailbox takes no plus addresses."""
    box = desk.settings.mailbox_of(case.account)
    if not box.plus_addresses:
        return ""
    return consultation_address(desk.secret, consultation.id, consultation.asked_at, box.address)
