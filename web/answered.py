"""Mail that colleagues sent by hand: of which case it is, and whether it was the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.close import AnswerDateImpossible, OutcomeUnfit
from service.casework.permission import may_act, require_may_act
from service.casework.sent_answers import (
    AgainstLetter,
    OutcomeNotSaid,
    ReasonNotSaid,
    accept_answer,
    decline_answer,
    findings_of,
    likely_outcome,
)
from service.domain.outcome import Outcome, outcomes_of
from service.domain.quotations import fold
from service.domain.sent_answer import AnswerState, NotTheAnswer
from service.domain.stage import Act, allowed
from service.errors import ClockError
from service.store.cases import case_by_id, case_by_reference
from service.store.correspondence import body_of
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.sent import NoSuchSentMail, answers_of, asked_answers, unsure_post
from service.store.tables import Case, Message, SentAnswer
from web.casework_forms import DeclinedForm
from web.current import actor, desk, officer
from web.fields import choices
from web.filters import moment
from web.forms import FormFaults
from web.timeline import who

pages = Blueprint("answered", __name__)


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a mail was the answer: what it seems to give, "" where nobody can tell, and what is against it."""

    answer: SentAnswer
    message: Message
    likely: str
    against: Sequence[AgainstLetter]

    @property
    def asked(self) -> bool:
        return self.answer.state == AnswerState.ASKED


def questions_of_case(session: Session, case: Case) -> dict[int, Question]:
    """Those of a case by their message, decided or not."""
    return {key: _question(session, case, answer) for key, answer in answers_of(session, case.id).items()}


def _question(session: Session, case: Case, answer: SentAnswer) -> Question:
    likely = likely_outcome(session, case, answer) if answer.state == AnswerState.ASKED else None
    message = session.get_one(Message, answer.message_id)
    return Question(answer, message, likely.value if likely else "", findings_of(answer))


@pages.get("/answered")
def waiting() -> ResponseReturnValue:
    with reading(desk().engine) as session:
        rows = [(answer, message, case, findings_of(answer)) for answer, message, case in asked_answers(session)]
        names = {member.id: member.name for member in officers(session, active_only=False)}
    return render_template("web/answered_all.html", rows=rows, names=names)


@pages.get("/post/sent")
def which_case() -> ResponseReturnValue:
    with reading(desk().engine) as session:
        rows = [(post, case_by_id(session, post.case_id) if post.case_id else None) for post in unsure_post(session)]
    return render_template("web/post_sent.html", rows=rows)


@pages.get("/cases/<path:reference>/answered/<key:message_id>")
def ask(reference: str, message_id: int) -> ResponseReturnValue:
    return _page(reference, message_id, {})


@pages.post("/cases/<path:reference>/answered/<key:message_id>/yes")
def accept(reference: str, message_id: int) -> ResponseReturnValue:
    served, chosen = desk(), request.form.get("outcome", "")
    outcome = Outcome(chosen) if chosen in {one.value for one in Outcome} else None
    try:
        with transaction(served.engine) as session:
            case = case_by_reference(session, reference)
            require_may_act(officer(), case)
            ends = accept_answer(session, served, case, message_id, outcome=outcome, at=served.now(), by=actor())
            sent_at = answers_of(session, case.id)[message_id].sent_at
    except (OutcomeNotSaid, OutcomeUnfit, AnswerDateImpossible, ClockError) as error:
        return _page(reference, message_id, {"outcome": str(error)}), 422
    flash(f"{reference} is closed: {ends.value}. Its clock stopped at {moment(sent_at)}.")
    return redirect(url_for("cases.show", reference=reference))


@pages.post("/cases/<path:reference>/answered/<key:message_id>/no")
def decline(reference: str, message_id: int) -> ResponseReturnValue:
    served = desk()
    try:
        form = DeclinedForm.read(request.form)
        with transaction(served.engine) as session:
            case = case_by_reference(session, reference)
            require_may_act(officer(), case)
            decline_answer(session, served, case, message_id, form.why, reason=form.reason, at=served.now(), by=actor())
    except FormFaults as error:
        return _page(reference, message_id, error.faults), 422
    except (ReasonNotSaid, ClockError) as error:
        field = "reason" if isinstance(error, ReasonNotSaid) else "why"
        return _page(reference, message_id, {field: str(error)}), 422
    asked = "it asked for clarification, and the clock stopped when it was sent"
    flash(f"Noted: {asked if form.why is NotTheAnswer.QUESTION else 'the clock runs on'}.")
    return redirect(url_for("cases.show", reference=reference))


def _page(reference: str, message_id: int, faults: dict[str, str]) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        answer = answers_of(session, case.id).get(message_id)
        if answer is None:
            raise NoSuchSentMail
        question = _question(session, case, answer)
        words = fold(body_of(session, message_id).text, question.message.subject)
        team = {member.id: member.name for member in officers(session, active_only=False)}
    return render_template(
        "web/answered.html",
        case=case,
        question=question,
        answer=answer,
        message=question.message,
        words=words,
        outcomes=choices(outcomes_of(case.matter)),
        outcome=request.form.get("outcome", question.likely),
        reasons=choices(NotTheAnswer),
        typed=request.form,
        decided_by=who(answer.decided_by, team) if answer.decided_by else "",
        may_decide=may_act(officer(), case) and Act.CLOSE in allowed(case.stage),
        owner=team.get(case.owner_id or 0, ""),
        faults=faults,
    )
