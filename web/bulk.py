"""Giving many cases at once: from the ticks of a list, or everything that it holds, and how far it has come."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.bulk import BATCH, NothingTicked, begin_giving, begin_undoing, go_on
from service.casework.permission import NotYours
from service.store.bulk_acts import bulk_act, left_alone, tally, undone_by
from service.store.database import SomeoneWasQuicker, reading, transaction
from service.store.officers import Role, active_officer, officer_by_id, officers
from service.store.tables import BulkAct
from service.store.worklist import count_by_owner, every_case
from web.current import desk, officer, role
from web.forms import MOST_DIGITS, FormFaults, Reader
from web.list_query import Query
from web.told import tell
from web.worklist import list_name, list_page

pages = Blueprint("bulk", __name__, url_prefix="/bulk")
TOLD = 5  # reasons that the next page tells by itself
TRIES = 3
Found = TypeVar("Found")


@pages.get("")
def nothing() -> ResponseReturnValue:
    """Where a form with a fault came back: its address opened anew is a list again."""
    return redirect(url_for("worklist.home"))


@pages.post("")
def give() -> ResponseReturnValue:
    """Give what is ticked, or, for a supervisor who has confirmed it, all that the list holds."""
    query = Query.of_address(request.form.get("list", ""), desk())
    ticked = request.form.getlist("case")
    try:
        reader = Reader(request.form)
        to = reader.key("to", "Choose who takes the cases")
        if request.form.get("which") != "every" and not ticked:
            reader.faults["cases"] = str(NothingTicked())
        reader.finish()
    except FormFaults as error:
        return _as_response(list_page(query, ticked=ticked, faults=error.faults), 422)
    if request.form.get("which") == "every":
        return _give_every(query, to)
    return _begin(to, [_seen(value) for value in ticked], query)


def _give_every(query: Query, to: int) -> ResponseReturnValue:
    if not role().covers(Role.SUPERVISOR):
        raise NotYours(why="Giving all cases of a list at once is for supervisors. Tick those of a page instead.")
    served = desk()
    with reading(served.engine) as session:
        cases = every_case(session, query.selection(served, officer().id))
    if request.form.get("confirmed") == str(len(cases)) and cases:
        return _begin(to, cases, query)
    with reading(served.engine) as session:
        shares = count_by_owner(session, query.selection(served, officer().id))
        receiver = active_officer(session, to)
        team = {member.id: member.name for member in officers(session, active_only=False)}
    return render_template(
        "web/bulk_confirm.html",
        query=query,
        name=list_name(query.view),
        narrowed=query.told(team),
        total=len(cases),
        changed="confirmed" in request.form,
        shares=shares,
        receiver=receiver,
    )


def _begin(to: int, cases: list[tuple[int, int | None]], query: Query) -> ResponseReturnValue:
    served, at = desk(), desk().now()

    def act(session: Session) -> tuple[int, bool]:
        begun = begin_giving(session, officer(), to, cases, at=at)
        return begun.id, go_on(session, served, begun.id, at=at)

    key, more = _again(act)
    return _after(key, more, query.url())


def _after(key: int, more: bool, back: str) -> ResponseReturnValue:
    """Say what came of it on the list; what is not done yet has a page of its own."""
    address = url_for("bulk.show", bulk_id=key)
    if more:
        return redirect(address)
    with reading(desk().engine) as session:
        act, counts, left = bulk_act(session, key), tally(session, key), left_alone(session, key)
        words = _in_words(session, act, counts.changed, counts.left_alone)
    details = [f"{case.reference}: {why}" for case, why in left[:TOLD]]
    may_undo = counts.changed and act.undoes is None
    tell(
        words,
        details=details,
        more=address if counts.left_alone > TOLD else "",
        undo_url=url_for("bulk.take_back", bulk_id=key, list=back) if may_undo else "",
    )
    return redirect(back)


@pages.get("/<key:bulk_id>")
def show(bulk_id: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        act, counts = bulk_act(session, bulk_id), tally(session, bulk_id)
        asked_by = officer_by_id(session, act.officer_id)
        receiver = officer_by_id(session, act.to_id) if act.to_id is not None else None
        left = left_alone(session, bulk_id)
        undone = undone_by(session, bulk_id)
    return render_template(
        "web/bulk.html",
        act=act,
        counts=counts,
        asked_by=asked_by,
        receiver=receiver,
        left=left,
        undone=undone,
        batch=BATCH,
    )


@pages.post("/<key:bulk_id>/go-on")
def do_more(bulk_id: int) -> ResponseReturnValue:
    """The next batch now; the timetable does the rest by itself."""
    served = desk()
    _again(lambda session: go_on(session, served, bulk_id, at=served.now()))
    return redirect(url_for("bulk.show", bulk_id=bulk_id))


@pages.post("/<key:bulk_id>/undo")
def take_back(bulk_id: int) -> ResponseReturnValue:
    served, at = desk(), desk().now()

    def act(session: Session) -> tuple[int, bool]:
        begun = begin_undoing(session, officer(), bulk_act(session, bulk_id), at=at)
        return begun.id, go_on(session, served, begun.id, at=at)

    key, more = _again(act)
    # Back to the list that it was done from, which is read and written anew: an address may be anybody's.
    back = request.args.get("list", "")
    return _after(key, more, Query.of_address(back, served).url() if back else url_for("bulk.show", bulk_id=bulk_id))


def _again(act: Callable[[Session], Found]) -> Found:
    """Do something in a transaction, anew where a colleague changed one of the cases at the same moment."""
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction(desk().engine) as session:
                return act(session)
        except SomeoneWasQuicker:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def _in_words(session: Session, act: BulkAct, changed: int, left: int) -> str:
    cases = "1 case" if changed == 1 else f"{changed:,} cases"
    if act.undoes is not None:
        said = f"Undone: {cases} as before."
    else:
        receiver = officer_by_id(session, act.to_id) if act.to_id is not None else None
        name = "you" if act.to_id == act.officer_id else receiver.name if receiver else "nobody"
        said = f"{cases} given to {name}." if changed else "Nothing was given."
    if left:
        said += " 1 was left as it is." if left == 1 else f" {left:,} were left as they are."
    return said


def _seen(value: str) -> tuple[int, int | None]:
    """A ticked box: the case by key and, behind a dot, the owner it was shown with."""
    case, _, owner = value.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= MOST_DIGITS for part in (case, owner or "0")):
        raise NothingTicked
    return int(case), int(owner) if owner else None


def _as_response(page: ResponseReturnValue, status: int) -> ResponseReturnValue:
    return (page, status) if isinstance(page, str) else page
