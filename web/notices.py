"""Letters on the way to an answer, in four steps: their particulars, the words, a preview with its effect, sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.clock_facts import ReasonMissing
from service.casework.notice_kinds import Notice
from service.casework.notices import (
    LimbsMissing,
    NotQualified,
    consider_notice,
    draft_notice,
    notice_of,
    send_notice,
    suggested,
)
from service.casework.permission import require_may_act
from service.casework.reply import reply_recipient
from service.domain.exemptions import NoSuchProvision
from service.domain.history import CaseState
from service.domain.stage import Act, require
from service.errors import ClockError
from service.letters import Words, in_words
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.tables import Case
from web.current import actor, desk, officer
from web.fields import typed_day
from web.forms import FormFaults, LetterForm
from web.letters import refuse_twice
from web.notice_forms import Field, fields_of, names_in_form, read_particulars, typed_from

pages = Blueprint("notices", __name__, url_prefix="/cases/<path:reference>/notices")


@dataclass(frozen=True, slots=True)
class Asked:
    """The letter that a page is about."""

    case: Case
    notice: Notice
    fields: tuple[Field, ...]


@pages.get("/<kind>")
def ask(reference: str, kind: str) -> ResponseReturnValue:
    served = desk()
    with reading(served.engine) as session:
        asked = _asked(session, reference, kind)
        typed = typed_from(suggested(session, served, asked.case, asked.notice, served.today()))
    return _form(asked, typed, {})


@pages.post("/<kind>")
def write(reference: str, kind: str) -> ResponseReturnValue:
    """Check the particulars against the law at every step, and go on to the next."""
    with transaction(desk().engine) as session:
        asked = _asked(session, reference, kind)
        step = request.form.get("step", "draft")
        if step == "particulars":
            return _form(asked, request.form, {})
        try:
            told = read_particulars(asked.fields, request.form)
            state = consider_notice(session, desk(), asked.case, asked.notice, told, at=desk().now(), by=actor())
            drafted = _drafted(session, asked, told)
        except FormFaults as error:
            return _form(asked, request.form, error.faults), 422
        except (ClockError, ReasonMissing) as error:
            return _form(asked, request.form, {_marked(asked): str(error)}), 422
        except (NoSuchProvision, NotQualified, LimbsMissing) as error:
            return _form(asked, request.form, {"limbs": str(error)}), 422
        return _words(session, asked, told, state, step, drafted)


def _words(
    session: Session, asked: Asked, told: Mapping[str, str], state: CaseState | None, step: str, drafted: Words
) -> ResponseReturnValue:
    if step not in ("preview", "edit", "send"):
        return _letter(asked, drafted.subject, drafted.body, {})
    try:
        form = LetterForm.read({**request.form, "kind": asked.notice.kind}, [asked.notice.kind])
        _require_its_day(told, form)
    except FormFaults as error:
        return _letter(asked, request.form.get("subject", ""), request.form.get("body", ""), error.faults), 422
    if step == "edit":
        return _letter(asked, form.subject, form.body, {})
    if step == "preview":
        return _preview(session, asked, form, state)
    refuse_twice(session, asked.case, form)
    words = Words(form.subject, form.body)
    send_notice(session, desk(), asked.case, asked.notice, words, told, at=desk().now(), by=actor())
    flash("The letter is queued and goes out within a minute.")
    return redirect(url_for("cases.show", reference=asked.case.reference))


def _require_its_day(told: Mapping[str, str], form: LetterForm) -> None:
    """The requester must be told the day that the clock is told (s.17(2), reg 7(3))."""
    if "until" in told and (day := in_words(date.fromisoformat(told["until"]))) not in form.body:
        raise FormFaults({"body": f"The letter no longer names {day}: name it, or change the particulars"})


def _drafted(session: Session, asked: Asked, told: Mapping[str, str]) -> Words:
    return draft_notice(session, desk(), asked.case, asked.notice, told, officer().name, today=desk().today())


def _asked(session: Session, reference: str, kind: str) -> Asked:
    case = case_by_reference(session, reference)
    require(case.stage, Act.REPLY)
    require_may_act(officer(), case)
    notice = notice_of(session, desk(), case, kind)
    return Asked(case, notice, fields_of(kind, case.regime))


def _marked(asked: Asked) -> str:
    """The field that a sentence of the clock is shown beside: the day the letter names, where it names one."""
    names = [field.name for field in asked.fields]
    return "until" if "until" in names else next(iter(names), "letter")


def _form(asked: Asked, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    return render_template(
        "web/notice.html",
        case=asked.case,
        notice=asked.notice,
        fields=asked.fields,
        typed={field.name: typed.get(field.name, "") for field in asked.fields},
        days={field.name: typed_day(typed, field.name) for field in asked.fields},
        faults=faults,
    )


def _letter(asked: Asked, subject: str, body: str, faults: Mapping[str, str]) -> str:
    return render_template(
        "web/notice_letter.html",
        case=asked.case,
        notice=asked.notice,
        name=asked.notice.name,
        particulars=_particulars(asked),
        subject=subject,
        body=body,
        faults=faults,
    )


def _preview(session: Session, asked: Asked, form: LetterForm, state: CaseState | None) -> str:
    return render_template(
        "web/notice_preview.html",
        case=asked.case,
        notice=asked.notice,
        name=asked.notice.name,
        particulars=_particulars(asked),
        form=form,
        recipient=reply_recipient(session, asked.case),
        state=state,
    )


def _particulars(asked: Asked) -> dict[str, str]:
    """What was told, to be carried from step to step."""
    return {name: request.form.get(name, "") for name in names_in_form(asked.fields)}
