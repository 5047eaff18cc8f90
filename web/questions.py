"""The questions of a request, and the decision on each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.decide import (
    DecisionInconsistent,
    as_decided,
    as_put,
    decide,
    proposed_questions,
    question_at,
    request_text,
    set_questions,
)
from service.casework.permission import may, require_may
from service.casework.review import compare
from service.domain.exemptions import Need, Provision, law_of
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.quotations import fold
from service.domain.reasons import unwritten
from service.domain.stage import Act, require
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.questions import questions_of
from service.store.tables import Case
from web.casework_forms import (
    DECISIONS,
    HOLDINGS,
    MOST_QUESTIONS,
    PLAIN_NEEDS,
    DecisionForm,
    QuestionsForm,
    need_field,
    read_grounds,
)
from web.current import actor, desk, officer
from web.fields import choices
from web.forms import FormFaults, Reader

pages = Blueprint("questions", __name__, url_prefix="/cases/<path:reference>/questions")
NEED_WORDS = {
    Need.QUALIFIED_PERSON: "Qualified person: name and office",
    Need.OPINION: "The qualified person’s opinion",
    Need.OPINION_ON: "Day on which the opinion was given",
    Need.ENACTMENT: "The enactment that prohibits disclosure, or confirming or denying",
    Need.PRINCIPLE: "Data protection principle, and why disclosure, or confirming or denying, would contravene it",
}


@pages.get("")
def show(reference: str) -> ResponseReturnValue:
    return _list_page(reference, {}, None)


@pages.post("")
def keep(reference: str) -> ResponseReturnValue:
    try:
        form = QuestionsForm.read(request.form)
    except FormFaults as error:
        return _list_page(reference, error.faults, _as_written()), 422
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may(officer(), case, Act.DECIDE)
        seen = request.form.get("seen")
        kept = set_questions(session, served, case, form.parts, at=served.now(), by=actor(), seen=seen)
    flash(f"{reference} has {len(kept)} question{'' if len(kept) == 1 else 's'}.")
    return redirect(url_for("questions.show", reference=reference))


@pages.get("/<key:number>")
def ask(reference: str, number: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        case = _open_case(session, reference)
        question = question_at(session, case, number)
        first = _first(session, case, number)
    return _decision_page(case, question, {}, first=first)


@pages.post("/<key:number>")
def tell(reference: str, number: int) -> ResponseReturnValue:
    served = desk()
    with reading(served.engine) as session:
        case = _open_case(session, reference)
        before = question_at(session, case, number)
        first = _first(session, case, number)
    citations = {limb.citation for limb in law_of(case.regime).provisions}
    if request.form.get("step") == "limbs":
        return _decision_page(case, _as_typed(before, citations), {}, first=first, one_more=True)
    try:
        form = DecisionForm.read(request.form, before, citations)
        with transaction(served.engine) as session:
            fresh = _open_case(session, reference)
            seen = request.form.get("seen")
            decide(session, served, fresh, form.question, at=served.now(), by=actor(), seen=seen)
    except FormFaults as error:
        return _decision_page(case, _as_typed(before, citations), error.faults, first=first), 422
    except DecisionInconsistent as error:
        return _decision_page(case, _as_typed(before, citations), {"decision": str(error)}, first=first), 422
    flash(f"{before.name} is decided: {form.question.decision}.")
    return redirect(_next(reference, number))


def _next(reference: str, position: int) -> str:
    """To the next question that is undecided, else to the list."""
    with reading(desk().engine) as session:
        questions = questions_of(session, case_by_reference(session, reference).id)
    undecided = [question.position for question in questions if question.decision is None]
    following = next((p for p in undecided if p > position), undecided[0] if undecided else None)
    if following is None:
        return url_for("questions.show", reference=reference)
    return url_for("questions.ask", reference=reference, number=following)


def _open_case(session: Session, reference: str) -> Case:
    case = case_by_reference(session, reference)
    require(case.stage, Act.DECIDE)
    require_may(officer(), case, Act.DECIDE)
    return case


def _as_typed(before: Question, citations: set[str]) -> Question:
    """The question with whatever was typed, right or wrong, to be shown again."""
    reader, typed = Reader(request.form), request.form
    return replace(
        before,
        decision=DECISIONS.get(typed.get("decision", "")),
        holding=HOLDINGS.get(typed.get("holding", ""), before.holding),
        grounds=read_grounds(reader, citations),
        answer=typed.get("answer", ""),
        link=typed.get("link", ""),
        source=typed.get("source", ""),
    )


def _as_written() -> list[Question]:
    """The questions as they were typed, right or wrong, to be shown again; the place for one more has its own below."""
    reader, typed = Reader(request.form), request.form
    numbers = range(1, min(reader.number("rows"), MOST_QUESTIONS) + 1)
    written = [
        Question(reader.number(f"position-{n}"), typed.get(f"label-{n}", ""), typed.get(f"text-{n}", ""))
        for n in numbers
    ]
    last = written[-1] if written else None
    return written[:-1] if last is not None and not (last.label or last.text.strip()) else written


def _list_page(reference: str, faults: Mapping[str, str], typed: Sequence[Question] | None) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        kept = questions_of(session, case.id)
        shown = proposed_questions(session, case)
        words = fold(request_text(session, case), case.subject, opening=True)
    may_decide = may(officer(), case, Act.DECIDE) and case.stage in ("allocated", "drafting")
    return render_template(
        "web/questions.html",
        case=case,
        questions=shown,
        written=shown if typed is None else typed,
        proposed=not kept,
        seen=request.form.get("seen", as_put(kept)),
        words=words,
        may_decide=may_decide,
        undecided=[question.name for question in kept if question.decision is None],
        unwritten={question.position: unwritten(law_of(case.regime), question) for question in kept},
        faults=faults,
    )


def _first(session: Session, case: Case, position: int) -> Question | None:
    """What was decided on a question before, where this case reviews that."""
    compared = compare(session, case)
    return compared.before.get(position) if compared else None


def _decision_page(
    case: Case, question: Question, faults: Mapping[str, str], *, first: Question | None, one_more: bool = False
) -> str:
    law = law_of(case.regime)
    blank = [Ground("")] if one_more or not question.grounds else []
    grounds = [(ground, _limb(law.provisions, ground.citation)) for ground in (*question.grounds, *blank)]
    return render_template(
        "web/decision.html",
        case=case,
        question=question,
        seen=request.form.get("seen", as_decided(question)),
        first=first,
        grounds=grounds,
        limbs=_choices(law.provisions),
        decisions=choices(Decision),
        holdings=choices(Holding),
        needs=_needs,
        need_field=need_field,
        need_words=NEED_WORDS,
        faults=faults,
    )


def _limb(provisions: Sequence[Provision], citation: str) -> Provision | None:
    return next((limb for limb in provisions if limb.citation == citation), None)


def _needs(limb: Provision | None) -> list[Need]:
    """What a limb needs beyond the fields that every limb has."""
    return [need for need in Need if limb is not None and need in limb.needs and need not in PLAIN_NEEDS]


def _choices(provisions: Sequence[Provision]) -> list[tuple[str, str]]:
    chosen = [(limb.citation, f"{limb.citation} {limb.title}: {limb.limb}") for limb in provisions]
    return [("", "Choose a limb, or leave empty"), *chosen]
