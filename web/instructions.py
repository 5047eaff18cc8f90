"""What was told the desk by email: the record for supervisors, and the page on which an officer says that it is so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.obey_instruction import confirm, require_theirs, said_in
from service.casework.permission import NotYours
from service.domain.instruction import Verb
from service.domain.topic import HOW
from service.letters import capitalised, in_words
from service.store.cases import cases_by_id
from service.store.database import reading, transaction
from service.store.instructions import (
    DONE,
    PAGE,
    STATES,
    TO_CONFIRM,
    Sought,
    instruction_by_id,
    instructions,
)
from service.store.officers import Role, officers
from service.store.tables import InstructionRow
from web.current import desk, officer, role
from web.forms import MOST_DIGITS, page_number

pages = Blueprint("instructions", __name__, url_prefix="/instructions")
COLOURS = {DONE: "green", TO_CONFIRM: "yellow", "refused": "red", "answered": "blue", "waiting": "grey"}


@dataclass(frozen=True, slots=True)
class Query:
    """What the list is narrowed to, as its address says it."""

    sought: Sought

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        """Whatever makes no sense narrows nothing."""
        state, verb, who = (values.get(name, "") for name in ("state", "verb", "officer"))
        known = who.isascii() and who.isdigit() and len(who) <= MOST_DIGITS
        return cls(
            Sought(
                state=state if state in STATES else "",
                officer_id=int(who) if known else None,
                verb=verb if verb in list(Verb) else "",
                page=page_number(values),
            )
        )

    def url(self, page: int = 1) -> str:
        """The address of a page of the list."""
        wanted = {"state": self.sought.state, "verb": self.sought.verb, "officer": self.sought.officer_id or ""}
        told = {name: str(value) for name, value in wanted.items() if value} | ({"page": str(page)} if page > 1 else {})
        return f"{url_for('instructions.show')}?{urlencode(told)}" if told else url_for("instructions.show")


@pages.get("")
def show() -> ResponseReturnValue:
    if not role().covers(Role.SUPERVISOR):
        raise NotYours(why="The record of instructions by email is for supervisors.")
    query = Query.read(request.args)
    with reading(desk().engine) as session:
        rows, total = instructions(session, query.sought)
        references = _references(session, rows)
        team = officers(session, active_only=False)
    last = max(1, -(-total // PAGE))
    page = query.sought.page
    return render_template(
        "web/instructions.html",
        rows=rows,
        total=total,
        references=references,
        names={one.id: one.name for one in team},
        colours=COLOURS,
        sought=query.sought,
        states=[(state, capitalised(state)) for state in STATES],
        verbs=[(verb.value, capitalised(verb.value)) for verb in Verb],
        team=[(str(one.id), one.name) for one in team],
        earlier=query.url(page - 1) if page > 1 else "",
        later=query.url(page + 1) if page < last else "",
    )


@pages.get("/<key:number>")
def ask(number: int) -> ResponseReturnValue:
    """What a mail in this officer's name says, to be confirmed or left alone."""
    with reading(desk().engine) as session:
        row = instruction_by_id(session, number)
        require_theirs(row, officer())
        reference = _references(session, [row]).get(row.case_id or 0, "")
    return render_template(
        "web/instruction.html", row=row, reference=reference, said=_in_words(row), waits=row.state == TO_CONFIRM
    )


@pages.post("/<key:number>")
def agree(number: int) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        row = confirm(session, served, number, officer(), at=served.now())
        reference = _references(session, [row]).get(row.case_id or 0, "")
    flash(row.reason)
    if row.state == DONE and reference:
        return redirect(url_for("cases.show", reference=reference))
    return redirect(url_for("instructions.ask", number=number))


def _references(session: Session, rows: Sequence[InstructionRow]) -> dict[int, str]:
    keys = {row.case_id for row in rows if row.case_id is not None}
    return {key: case.reference for key, case in cases_by_id(session, keys).items()}


def _in_words(row: InstructionRow) -> list[tuple[str, str]]:
    """The instruction as the page shows it, part by part."""
    if not row.verb:
        return []
    said = said_in(row)
    told = [
        ("What", f"{said.verb.value}: {HOW[said.verb][1]}" if said.verb in HOW else said.verb.value),
        ("To whom", said.person),
        ("Outcome", said.outcome.value if said.outcome else ""),
        ("Day", in_words(said.day) if said.day else ""),
        ("Text", said.text),
    ]
    return [(name, value) for name, value in told if value]
