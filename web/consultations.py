"""Asking those who hold the information: on a case, and all that is still waited for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.consult import (
    REMINDER,
    AnswerDayPast,
    Asked,
    NamesTheRequester,
    NotToBeAsked,
    ask,
    close_consultation,
    remind,
)
from service.casework.permission import may, require_may
from service.casework.release_file import FileThereAlready, FileTooLarge, add_file, refuse_too_large, scan_file
from service.domain.consultation import Result, first_due
from service.domain.stage import Act, allowed, require
from service.store.cases import case_by_reference
from service.store.consultations import consultations_of, lock_consultation, to_confirm, waiting_consultations, waits
from service.store.correspondence import attached_file, files_of, letters_of_case
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.originals import read_all
from service.store.questions import questions_of
from service.store.tables import AttachedFile, Case, Consultation
from web.casefile import letter_tag
from web.current import actor, desk, officer
from web.fields import choices, day_fields, day_parts, typed_day
from web.forms import AlreadyWritten, FormFaults, NoSuchMessage, Reader
from web.letters import SAME

pages = Blueprint("consultations", __name__)
CASE = "/cases/<path:reference>/consultations"
RESULTS = choices(Result)
MARKED = {NotToBeAsked: "address", NamesTheRequester: "question", AnswerDayPast: "due_on"}


@dataclass(frozen=True, slots=True)
class AskForm:
    asked: Asked

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        address = reader.address("address")
        if not address:
            reader.faults.setdefault("address", "Enter the email address of whoever may hold the information")
        name = reader.line("name", "Enter their name, or their team's")
        question = reader.text("question", "Write what they are asked")
        asked = Asked(
            name,
            reader.line("team"),
            address,
            question,
            reader.day("due_on", "The day to answer by"),
            values.get("naming") == "yes",
        )
        reader.finish()
        return cls(asked)


@pages.get("/consultations")
def every() -> ResponseReturnValue:
    """All that is waited for and all that was answered and waits for its officer."""
    served = desk()
    with reading(served.engine) as session:
        names = {one.id: one.name for one in officers(session, active_only=False)}
        waiting, answered = waiting_consultations(session), to_confirm(session)
    return render_template(
        "web/consultations_all.html", waiting=waiting, answered=answered, today=served.today(), names=names
    )


@pages.get(CASE)
def show(reference: str) -> ResponseReturnValue:
    return _page(reference, {})


@pages.post(CASE)
def send(reference: str) -> ResponseReturnValue:
    served = desk()
    try:
        with transaction(served.engine) as session:
            case = _mine(session, reference)
            require(case.stage, Act.CONSULT)
            form = AskForm.read(request.form)
            _refuse_twice(session, case, form.asked)
            ask(session, served, case, form.asked, signatory=officer().name, at=served.now(), by=actor())
    except FormFaults as error:
        return _page(reference, error.faults), 422
    except (NotToBeAsked, NamesTheRequester, AnswerDayPast) as error:
        return _page(reference, {MARKED[type(error)]: str(error)}), 422
    flash(f"{form.asked.name} is asked; the mail goes out within a minute.")
    return _back(reference)


def _refuse_twice(session: Session, case: Case, asked: Asked) -> None:
    """A double click must not ask anybody twice, each time under another address; raises AlreadyWritten."""
    for one in consultations_of(session, case.id):
        same = (one.address, one.question, one.due_on) == (asked.address, asked.question, asked.due_on)
        if same and _fresh(one.asked_at):
            raise AlreadyWritten(reference=case.reference)


def _refuse_twice_reminded(session: Session, case: Case, consultation: Consultation) -> None:
    """Nor must it remind anybody twice; raises AlreadyWritten."""
    letters = letters_of_case(session, case.id)
    asked = next((letter.message_id for letter in letters if letter.id == consultation.letter_id), None)
    reminders = [letter for letter in letters if letter.kind == REMINDER and letter.in_reply_to == asked]
    if any(_fresh(letter.created_at) for letter in reminders):
        raise AlreadyWritten(reference=case.reference)


def _fresh(written: datetime) -> bool:
    return (desk().now() - written).total_seconds() < SAME


@pages.post(f"{CASE}/<key:number>/remind")
def chase(reference: str, number: int) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference)
        consultation = lock_consultation(session, case.id, number)
        _refuse_twice_reminded(session, case, consultation)
        remind(session, served, case, consultation, at=served.now(), by=actor())
    flash(f"{consultation.name} is reminded.")
    return _back(reference)


@pages.post(f"{CASE}/<key:number>/close")
def shut(reference: str, number: int) -> ResponseReturnValue:
    served = desk()
    chosen = request.form.get("result", "")
    with transaction(served.engine) as session:
        case = _mine(session, reference)
        consultation = lock_consultation(session, case.id, number)
        if chosen in list(Result):
            close_consultation(session, served, consultation, Result(chosen), at=served.now(), by=actor())
    if chosen not in list(Result):
        return _page(reference, {f"result-{number}": "Choose what came of asking"}), 422
    flash(f"Recorded what came of asking {consultation.name}: {chosen}.")
    return _back(reference)


@pages.post(f"{CASE}/<key:number>/files/<key:position>")
def take(reference: str, number: int, position: int) -> ResponseReturnValue:
    """Look into a file of the answer and put it among those to be disclosed, where it waits for its release."""
    served = desk()
    with reading(served.engine) as session:
        case = _mine(session, reference)
        require(case.stage, Act.DRAFT)
        file = _file(session, case, number, position)
        try:
            refuse_too_large(served, case, file.name, file.size)
        except FileTooLarge as error:
            return _page(reference, {f"file-{number}-{position}": str(error)}), 422
        content = read_all(session, file.sha256)
    scanned = scan_file(file.name, content)
    try:
        with transaction(served.engine) as session:
            add_file(session, served, _mine(session, reference), scanned, at=served.now(), by=actor())
    except FileThereAlready as error:
        return _page(reference, {f"file-{number}-{position}": str(error)}), 422
    flash(f"{scanned.name} is among the files to disclose, and waits there to be released.")
    return redirect(url_for("files.show", reference=reference))


def _file(session: Session, case: Case, number: int, position: int) -> AttachedFile:
    consultation = next((one for one in consultations_of(session, case.id) if one.id == number), None)
    answered = consultation is not None and consultation.answer_id is not None
    file = attached_file(session, consultation.answer_id or 0, position) if consultation and answered else None
    if file is None:
        raise NoSuchMessage
    return file


def _mine(session: Session, reference: str) -> Case:
    """The case, if this officer may ask others about it; raises NotYours."""
    case = case_by_reference(session, reference)
    require_may(officer(), case, Act.CONSULT)
    return case


def _page(reference: str, faults: Mapping[str, str]) -> str:
    served = desk()
    with reading(served.engine) as session:
        case = case_by_reference(session, reference)
        asked = _shown(session, case)
        typed = request.form if request.method == "POST" and "question" in request.form else _proposed(session, case)
    mine = may(officer(), case, Act.CONSULT)
    return render_template(
        "web/consultations.html",
        case=case,
        asked=asked,
        typed=typed,
        due_on=typed_day(typed, "due_on"),
        today=served.today(),
        mine=mine,
        may_ask=mine and Act.CONSULT in allowed(case.stage),
        may_take=mine and Act.DRAFT in allowed(case.stage),
        results=RESULTS,
        faults=faults,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A consultation with the files of its answer and how its letter fares."""

    row: Consultation
    waits: bool
    files: list[AttachedFile]
    letter: tuple[str, str]


def _shown(session: Session, case: Case) -> list[Shown]:
    asked = consultations_of(session, case.id)
    files = files_of(session, [one.answer_id for one in asked if one.answer_id])
    tags = {letter.id: letter_tag(letter) for letter in letters_of_case(session, case.id)}
    return [
        Shown(
            row=one,
            waits=waits(one),
            files=[file for file in files if file.message_id == one.answer_id],
            letter=tags.get(one.letter_id or 0, ("", "")),
        )
        for one in asked
    ]


def _proposed(session: Session, case: Case) -> dict[str, str]:
    """The questions as the officer has set them: the request itself would tell who asks."""
    served = desk()
    day = first_due(served.today(), case.due_on, served.calendars.of(case.regime))
    questions = "\n\n".join(f"{question.name}: {question.text}" for question in questions_of(session, case.id))
    return {"question": questions} | dict(zip(day_fields("due_on"), day_parts(day).values(), strict=True))


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("consultations.show", reference=reference))
