"""Letters on the way to an answer: what each says of its case, and what the sending of it does to the clock."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from service.casework.clock_facts import ClockFact, consider, possible
from service.casework.compose_letter import tidied
from service.casework.explain_case import explain_case
from service.casework.letter_words import ground_words, sentence
from service.casework.notice_kinds import (
    CLARIFICATION,
    EXTENSION,
    LAPSED,
    NOT_VALID,
    NOTICES,
    PUBLIC_INTEREST,
    REDIRECT,
    TRANSFER,
    Notice,
)
from service.casework.record import after
from service.casework.reply import send_reply
from service.casework.write_letter import case_words
from service.desk import LONDON, Desk
from service.domain.clock import Clock, Matter, State
from service.domain.exemptions import Need, law_of
from service.domain.history import CaseEvent, CaseState
from service.domain.kind import Kind
from service.domain.notice_law import notice_law
from service.domain.outcome import Outcome
from service.domain.question import Ground
from service.domain.regime import Regime
from service.domain.stage import Act, Stage, require
from service.errors import DeskError
from service.letters import Words, capitalised
from service.store.questions import questions_of
from service.store.tables import Case, Letter

SENTENCES = ("reason", "how", "why")  # particulars that stand in a letter as sentences; the others stand within one
DAYS = ("until", "answer_by", "reply_by", "agreed_on")  # particulars that are dates, ISO 8601
TIME_TO_REPLY = 40  # working days after which a request is usually taken as given up; no law names a number


class NoSuchNotice(DeskError):
    """There is no such letter to write on case {reference} as it stands."""


class NotQualified(DeskError):
    """No public interest test applies to {cited}, so it gives no further time."""


class LimbsMissing(DeskError):
    """Name the limbs whose public interest is still to be weighed, such as 31(1)(a)."""


def offered(session: Session, desk: Desk, case: Case) -> tuple[Notice, ...]:
    """The letters that make sense where a case stands."""
    stage, clock = Stage(case.stage), explain_case(session, desk, case).clock
    if stage is Stage.CLOSED:
        return (REDIRECT,) if case.outcome == Outcome.NOT_FOI else ()
    if stage is Stage.SENDING:
        return ()
    return tuple(notice for notice in NOTICES.values() if _fits(notice, stage, clock))


def _fits(notice: Notice, stage: Stage, clock: Clock) -> bool:
    if notice is NOT_VALID:
        return stage in (Stage.NEW, Stage.INVALID) and bool(notice_law(clock.regime).valid)
    if notice is REDIRECT:
        return stage in (Stage.NEW, Stage.NOT_FOI)
    request = clock.timeline.matter.is_request
    if notice is PUBLIC_INTEREST:
        return clock.regime is Regime.FOIA and request and Kind.EXTENDED in possible(clock)
    if notice is EXTENSION:
        return clock.regime in (Regime.EIR, Regime.EISR) and request and Kind.EXTENDED in possible(clock)
    if notice is LAPSED:
        return clock.stopped
    if notice is TRANSFER:
        return request
    return notice.tells is None or notice.tells in possible(clock)


def notice_of(session: Session, desk: Desk, case: Case, kind: str) -> Notice:
    """A letter that is offered on a case; raises NoSuchNotice."""
    for notice in offered(session, desk, case):
        if notice.kind == kind:
            return notice
    raise NoSuchNotice(reference=case.reference)


def suggested(session: Session, desk: Desk, case: Case, notice: Notice, today: date) -> dict[str, str]:
    """What the form for a letter's particulars begins with."""
    if notice in (CLARIFICATION, NOT_VALID):
        return {"reply_by": desk.calendars.of(Regime(case.regime)).after(today, TIME_TO_REPLY).isoformat()}
    if notice is PUBLIC_INTEREST:
        return _to_be_weighed(session, case)
    return {}


def _to_be_weighed(session: Session, case: Case) -> dict[str, str]:
    """The qualified limbs of the decisions, and why they apply, where that is recorded of every one."""
    law = law_of(case.regime)
    reasons: dict[str, list[str]] = {}
    for question in questions_of(session, case.id):
        for ground in question.grounds:
            if Need.PIT in law.provision(ground.citation).needs:
                reasons.setdefault(ground.citation, []).append(sentence(ground.harm))
    why = {limb: " ".join(dict.fromkeys(filter(None, told))) for limb, told in reasons.items()}
    if len(why) > 1:
        lines = [f"{capitalised(law.provision(limb).cited)}: {told}" for limb, told in why.items()]
    else:
        lines = list(why.values())
    return {"limbs": ", ".join(why), "why": "\n".join(lines) if all(why.values()) else ""}


def draft_notice(
    session: Session, desk: Desk, case: Case, notice: Notice, told: Mapping[str, str], signatory: str, *, today: date
) -> Words:
    """A letter's words with the particulars told; raises LetterFault, NoSuchProvision, NotQualified, LimbsMissing."""
    clock, rules = explain_case(session, desk, case).clock, Regime(case.regime).rules
    words: dict[str, object] = {
        "law": notice_law(case.regime),
        "title": rules.title,
        "written_on": today,
        "clarified_on": clock.day_zero if clock.day_zero != clock.received_on else None,
        "signatory": signatory,
        "review": case.matter == Matter.REVIEW,
        "review_days": rules.limit(Matter.REVIEW).in_words,
        "ask_within": rules.ask_for_review_within.in_words,
        "late": case.due_on is not None and today > case.due_on,
        "stopped_on": clock.stopped_on,
        "unpaid": clock.state is State.AWAITING_FEE,
        "time_to_pay": rules.fee.time_to_pay,
        "pay_by": rules.fee.last_day(today, desk.calendars.of(Regime(case.regime))),
    }
    for name, value in told.items():
        words[name] = _particular(name, value)
    if notice is PUBLIC_INTEREST:
        words["limbs"] = [ground_words(case.regime, Ground(limb)) for limb in limbs_named(case, told["limbs"])]
    return tidied(desk.stationery.write(notice.kind, case_words(desk, case, today) | words))


def _particular(name: str, value: str) -> str | date:
    if name in DAYS:
        return date.fromisoformat(value)
    return sentence(value) if name in SENTENCES else value.strip()


def limbs_named(case: Case, text: str) -> list[str]:
    """The limbs that an officer named, each of the case's law and qualified."""
    law, limbs = law_of(case.regime), [limb.strip() for limb in text.replace(";", ",").split(",") if limb.strip()]
    for limb in limbs:
        if Need.PIT not in law.provision(limb).needs:
            raise NotQualified(cited=law.provision(limb).cited)
    if not limbs:
        raise LimbsMissing
    return limbs


def consider_notice(
    session: Session, desk: Desk, case: Case, notice: Notice, told: Mapping[str, str], *, at: datetime, by: str
) -> CaseState | None:
    """What the case would come to if the letter went out now; None where it changes nothing.

    Raises NotAllowedNow, or ClockError with the law's reason.
    """
    require(case.stage, Act.REPLY)
    data = effect_of(case, notice, told)
    if not data:
        return None
    kind, particulars = Kind(data["tells"]), {name: value for name, value in data.items() if name != "tells"}
    if kind is Kind.CLOSED:
        require(case.stage, Act.CLOSE)
        return after(session, desk, case, CaseEvent(kind, at, by, particulars))
    return consider(session, desk, case, ClockFact(kind, at.astimezone(LONDON).date(), particulars), at=at, by=by)


def effect_of(case: Case, notice: Notice, told: Mapping[str, str]) -> dict[str, str]:
    """The fact that the sending of a letter will tell, as its own entry keeps it; empty where it tells none."""
    if notice.tells is Kind.EXTENDED:
        return {"tells": Kind.EXTENDED.value, "until": told["until"], "reason": told["reason"]}
    if notice.tells is Kind.FEES_NOTICE:
        return {"tells": Kind.FEES_NOTICE.value, "amount": told["amount"]}
    if notice.tells is not None:
        return {"tells": notice.tells.value}
    if notice is TRANSFER and Regime(case.regime).rules.reply_owed_after_transfer:
        return {}  # s.1(1)(a): our own answer stays due
    return {"tells": Kind.CLOSED.value, "outcome": notice.outcome.value} if notice.outcome else {}


def send_notice(
    session: Session,
    desk: Desk,
    case: Case,
    notice: Notice,
    words: Words,
    told: Mapping[str, str],
    *,
    at: datetime,
    by: str,
) -> Letter:
    """Queue the letter; what it tells is recorded at the instant it is sent (notice_effect).

    Raises NotAllowedNow, NoAddress, or ClockError where the law does not allow what it tells.
    """
    consider_notice(session, desk, case, notice, told, at=at, by=by)
    return send_reply(session, desk, case, notice.kind, words, at=at, by=by, tells=effect_of(case, notice, told))
