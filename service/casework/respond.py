"""Sending the response: the words that were cleared, with the files released, in the thread of the request."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.casework.clear import refuse_unmet
from service.casework.clock_facts import strike_out
from service.casework.decide import decided
from service.casework.draft import draft_in_hand
from service.casework.letter_document import response_file
from service.casework.record import after, record
from service.casework.release_file import enclose, enclose_bytes
from service.casework.reply import send_reply
from service.casework.review import FindingMissing, finding, original_of, require_independent
from service.casework.write_letter import Enclosure
from service.desk import LONDON, Desk
from service.domain.history import CaseEvent, standing_events
from service.domain.kind import Kind
from service.domain.outcome import Outcome, outcome_of
from service.domain.progress import progress
from service.domain.regime import Regime
from service.domain.stage import Act, Stage, require
from service.errors import ClockError, DeskError
from service.letters import Words
from service.store.cases import history
from service.store.correspondence import QUEUED, RETRY, SENDING, UNCERTAIN, letters_of_case
from service.store.questions import questions_of
from service.store.tables import Case, Letter

RETURNED = "The response could not be delivered, so it has answered nothing."
UNDER_WAY = (QUEUED, RETRY, SENDING, UNCERTAIN)


class UndecidedQuestions(DeskError):
    """Questions of {reference} are still undecided: {names}. Decide them first."""


class ResponseUnderWay(DeskError):
    """The response to {reference} is already on its way, or nobody knows yet whether it arrived: see its letters."""


def send_response(session: Session, desk: Desk, case: Case, *, at: datetime, by: str) -> Letter:
    """Queue the cleared draft; the case closes, with what its decisions come to, at the instant the letter is sent.

    With it go the same words as a PDF, and the case's files. Raises NotAllowedNow, NotIndependent, NoDraft,
    UndecidedQuestions, FindingMissing, NotCleared, NoAddress, FileNotReleased, FilesTooLarge, LayoutFault, or
    ClockError where the law lets no answer end the case as it stands.
    """
    require(case.stage, Act.SEND)
    require_independent(session, case, by)
    draft = draft_in_hand(session, case)
    outcome = decided_outcome(session, case)
    today = at.astimezone(LONDON).date()
    refuse_unmet(session, desk, case, draft, today)
    if any(letter.kind == draft.kind and letter.state in UNDER_WAY for letter in letters_of_case(session, case.id)):
        raise ResponseUnderWay(reference=case.reference)
    after(session, desk, case, CaseEvent(Kind.CLOSED, at, by, {"outcome": outcome.value}))
    words = Words(draft.subject, draft.body)
    files = [_as_pdf(session, desk, case, words, today), *enclose(session, case)]
    letter = send_reply(session, desk, case, draft.kind, words, at=at, by=by, files=files)
    record(session, desk, case, Kind.RESPONSE_QUEUED, at=at, by=by, letter=letter.id, version=draft.version)
    return letter


def _as_pdf(session: Session, desk: Desk, case: Case, words: Words, today: date) -> Enclosure:
    made = response_file(desk, case, words, on=today)
    return enclose_bytes(session, made.name, made.content)


def decided_outcome(session: Session, case: Case) -> Outcome:
    """What the decisions on a case's questions come to; raises UndecidedQuestions or, for a review, FindingMissing."""
    questions = questions_of(session, case.id)
    undecided = [question.name for question in questions if question.decision is None]
    if undecided or not questions:
        raise UndecidedQuestions(reference=case.reference, names=", ".join(undecided) or "none is set")
    if original_of(session, case) is not None:
        found = finding(session, case)
        if found is None:
            raise FindingMissing
        return found
    return outcome_of((question.decision for question in questions if question.decision), Regime(case.regime))


def conclude(session: Session, desk: Desk, case: Case, letter: Letter, *, at: datetime, by: str) -> None:
    """Close a case whose response has just been sent; the date answered is that of the sending.

    Where the record has meanwhile become such that the law lets no answer end it, the case stays open with a note.
    """
    so_far = progress(standing_events(history(session, case.id)))
    if so_far.letter != str(letter.id) or so_far.stage not in (Stage.SENDING, Stage.READY):
        return
    told: dict[str, Any] = {"outcome": decided_outcome(session, case).value, **decided(session, case)}
    try:
        record(session, desk, case, Kind.CLOSED, at=at, by=by, **told)
    except ClockError as error:
        record(session, desk, case, Kind.NOTED, at=at, by=by, text=f"The response was sent, but: {error}")


def undo_answer(session: Session, desk: Desk, case: Case, letter: Letter, *, at: datetime, by: str) -> None:
    """A response that came back answered nothing: the case opens again, and its clock was never stopped."""
    held = standing_events(history(session, case.id))
    closed = next((event for event in reversed(held) if event.kind is Kind.CLOSED), None)
    if closed is None or progress(held).letter != str(letter.id):
        return
    strike_out(session, desk, case, closed.seq, RETURNED, at=at, by=by)
