"""Internal reviews: who may not do them, what is asked anew, and whether the first decision stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.casework.open_case import INTERNAL_REVIEW, Request, open_case
from service.casework.record import record
from service.desk import LONDON, Desk
from service.domain.history import CaseEvent, standing_events
from service.domain.kind import Kind
from service.domain.outcome import OF_REVIEWS, Outcome
from service.domain.question import Decision, Question
from service.domain.regime import Matter, Regime
from service.domain.stage import Act, Stage, require
from service.errors import DeskError
from service.store.cases import case_by_id, cases_following, history
from service.store.officers import officer_by_id
from service.store.questions import questions_of
from service.store.tables import Case

# What somebody did for the answer under review, by the event that tells of it.
_PARTS: Mapping[Kind, str] = {
    Kind.DECIDED: "decided on",
    Kind.DRAFTED: "drafted",
    Kind.OVERRIDDEN: "drafted",
    Kind.APPROVED: "cleared",
    Kind.RESPONSE_QUEUED: "sent",
    Kind.CLOSED: "closed",
}


class NotIndependent(DeskError):
    """{name} {did} {original}, so another person reviews it. Where there is nobody else, a supervisor records why."""


class NotAReview(DeskError):
    """{reference} is no internal review."""


class NothingToReview(DeskError):
    """{reference} has not been answered yet: there is no decision to review."""


class ReviewUnderWay(DeskError):
    """{reference} already reviews this answer: file what came on that case."""


class ReviewDayImpossible(DeskError):
    """A review can be asked for from {begins:%-d %B %Y}, the day of our answer or else of the request, until today."""


class FindingUnexplained(DeskError):
    """Say why: the decisions alone would read as something else, or cannot be compared."""


class FindingMissing(DeskError):
    """The first answer was not decided question by question here, so say whether it is upheld."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A review's decisions beside the first ones.

    `changed` are positions; `comparable` says whether the two tell by themselves what becomes of the first decision.
    """

    original: Case
    before: Mapping[int, Question]
    changed: tuple[int, ...]
    comparable: bool
    all_changed: bool


def original_of(session: Session, case: Case) -> Case | None:
    """The case whose answer this one reviews; None for anything but a review."""
    if case.matter != Matter.REVIEW or case.original_id is None:
        return None
    return case_by_id(session, case.original_id)


def not_independent(session: Session, case: Case) -> dict[int, str]:
    """Who took part in the answer under review, by key, and what they did; nobody where that is waived."""
    original = original_of(session, case)
    if original is None or waiver(session, case):
        return {}
    took_part: dict[int, str] = {}
    for event in history(session, original.id):
        for actor, did in _took_part(event):
            if actor.startswith("officer:"):
                took_part.setdefault(int(actor.removeprefix("officer:")), did)
    return took_part


def _took_part(event: CaseEvent) -> Iterator[tuple[str, str]]:
    if event.kind in _PARTS:
        yield event.actor, _PARTS[event.kind]
    if event.kind is Kind.CLOSED:
        yield event.data.get("sent_by", ""), "sent"  # an answer written in a mail program, accepted by whomever


def require_independent(session: Session, case: Case, by: str) -> None:
    """Raise NotIndependent where an actor took part in the answer that this case reviews (s.45 Code, part 5)."""
    original = original_of(session, case)
    if original is None or not by.startswith("officer:"):
        return
    officer_id = int(by.removeprefix("officer:"))
    did = not_independent(session, case).get(officer_id)
    if did:
        officer = officer_by_id(session, officer_id)
        raise NotIndependent(name=officer.name if officer else "You", did=did, original=original.reference)


def waiver(session: Session, case: Case) -> str:
    """Why nobody independent reviews; empty while somebody independent has to."""
    told = standing_events(history(session, case.id))
    return next((event.data["reason"] for event in reversed(told) if event.kind is Kind.INDEPENDENCE_WAIVED), "")


def waive_independence(session: Session, desk: Desk, case: Case, reason: str, *, at: datetime, by: str) -> None:
    """A supervisor records why nobody else can review; raises NotAllowedNow, NotAReview or FindingUnexplained."""
    require(case.stage, Act.ASSIGN)
    if original_of(session, case) is None:
        raise NotAReview(reference=case.reference)
    if not reason:
        raise FindingUnexplained
    record(session, desk, case, Kind.INDEPENDENCE_WAIVED, at=at, by=by, reason=reason)


def review_under_way(session: Session, original: Case) -> Case | None:
    """The review of an answer that is not concluded yet."""
    following = cases_following(session, original.id)
    return next((one for one in following if one.matter == Matter.REVIEW and one.stage != Stage.CLOSED), None)


def require_reviewable(session: Session, original: Case) -> None:
    """Raise NothingToReview or ReviewUnderWay."""
    if original.stage != Stage.CLOSED or original.matter == Matter.REGULATOR:
        raise NothingToReview(reference=original.reference)
    open_review = review_under_way(session, original)
    if open_review is not None:
        raise ReviewUnderWay(reference=open_review.reference)


def asked_late(desk: Desk, original: Case, asked_at: datetime) -> bool:
    """Whether a review is asked for after the time in which the authority has to take it up."""
    if original.answered_on is None:
        return False
    regime = Regime(original.regime)
    within = regime.rules.ask_for_review_within.days
    return asked_at.astimezone(LONDON).date() > desk.calendars.of(regime).after(original.answered_on, within)


def open_review(
    session: Session, desk: Desk, original: Case, words: str, *, asked_at: datetime, at: datetime, by: str
) -> Case:
    """Open a review that was asked for by telephone, letter or in person; nothing is sent.

    Raises NothingToReview, ReviewUnderWay or ReviewDayImpossible.
    """
    require_reviewable(session, original)
    asked_on = asked_at.astimezone(LONDON).date()
    begins = original.answered_on or original.received_on
    if not begins <= asked_on <= at.astimezone(LONDON).date():
        raise ReviewDayImpossible(begins=begins)
    request = Request(
        original.requester_name,
        original.requester_address,
        original.subject,
        asked_at,
        original.account,
        kind=INTERNAL_REVIEW,
        regime=original.regime,
        original_id=original.id,
    )
    case = open_case(session, desk, request, at=at)
    reason = "the review was not asked for by email; write to the requester from the case"
    record(session, desk, case, Kind.NOT_ACKNOWLEDGED, at=at, by=by, reason=reason)
    record(session, desk, case, Kind.NOTED, at=at, by=by, text=words)
    record(session, desk, original, Kind.FOLLOWED, at=at, by=by, case=case.reference, kind=INTERNAL_REVIEW)
    return case


def compare(session: Session, case: Case, now: Sequence[Question] | None = None) -> Comparison | None:
    """A review's decisions, those kept or `now`, beside those it reviews; None for a case that reviews nothing."""
    original = original_of(session, case)
    if original is None:
        return None
    before = {question.position: question for question in questions_of(session, original.id)}
    now = questions_of(session, case.id) if now is None else now
    changed = tuple(
        one.position for one in now if one.position in before and _decided(one) != _decided(before[one.position])
    )
    comparable = bool(before) and len(before) == len(now) and all(one.decision for one in now)
    return Comparison(original, before, changed, comparable, all_changed=len(changed) == len(now))


def _decided(question: Question) -> tuple[Decision | None, frozenset[str]]:
    return question.decision, frozenset(ground.citation for ground in question.grounds)


def finding(session: Session, case: Case, now: Sequence[Question] | None = None) -> Outcome | None:
    """Whether the first decision stands: as the reviewer has said, else as the decisions compare; None if neither."""
    told = standing_events(history(session, case.id))
    said = next((event.data["finding"] for event in reversed(told) if event.kind is Kind.REVIEW_FOUND), "")
    if said:
        return Outcome(said)
    compared = compare(session, case, now)
    if compared is None or not compared.comparable:
        return None
    if not compared.changed:
        return Outcome.UPHELD
    return Outcome.OVERTURNED if compared.all_changed else Outcome.PARTLY_UPHELD


def find(session: Session, desk: Desk, case: Case, found: Outcome, reason: str, *, at: datetime, by: str) -> None:
    """The reviewer says whether the first decision stands.

    Raises NotAllowedNow, NotAReview, NotIndependent or FindingUnexplained.
    """
    require(case.stage, Act.DECIDE)
    if original_of(session, case) is None or found not in OF_REVIEWS:
        raise NotAReview(reference=case.reference)
    require_independent(session, case, by)
    if not reason:
        raise FindingUnexplained
    record(session, desk, case, Kind.REVIEW_FOUND, at=at, by=by, finding=found.value, reason=reason)
