"""The lists that officers work from; all that a list shows is in its address."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.store.database import reading
from service.store.officers import Role, officers
from service.store.worklist import View, list_cases, marks_of
from web import narrowing
from web.current import desk, officer, role
from web.list_query import SIZE, Query, default_sort
from web.navigation import NAMES
from web.standings import REGIMES, standing_tag

pages = Blueprint("worklist", __name__)
EVERY = "Every case, open and closed"
LATE = [("", "Any"), ("no", "In time"), ("yes", "Late or overdue")]
HEADINGS = {
    "reference": "Reference",
    "subject": "Subject",
    "requester": "Requester",
    "received": "Received",
    "due": "Due",
    "stopped": "Stopped",
}
EMPTY = {
    View.MINE: "You have no open cases. Look under Unassigned for one to take.",
    View.UNASSIGNED: "Every open case has an owner. A new request stands here until somebody takes it.",
    View.TO_CLEAR: "No response waits for you to clear it. When a colleague names you as approver, it stands here.",
    View.DUE_SOON: "No case falls due within the next few working days. See All open for what comes after them.",
    View.OVERDUE: "No case is overdue. See Due soon for what comes next.",
    View.STOPPED: "No clock is stopped: every open case has a deadline. A case stands here while it waits for the "
    "requester's clarification or fee.",
    View.OPEN: "There are no open cases. A mail to the shared mailbox makes one by itself.",
    View.CLOSED: "No case has been closed yet. Close one from its page once it is answered.",
    View.EVERY: "There is no case yet. A mail to the shared mailbox makes one by itself.",
}


@pages.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("worklist.show", view=View.MINE.value))


@pages.get("/list/<any(mine,unassigned,'due-soon',overdue,stopped,'to-clear',open,closed,every):view>")
def show(view: str) -> ResponseReturnValue:
    query = Query.read(View(view), request.args, desk())
    return list_page(query, every_ticked=request.args.get("tick") == "all", asked=request.args)


def list_page(
    query: Query,
    *,
    every_ticked: bool = False,
    ticked: Collection[str] = (),
    faults: Mapping[str, str] | None = None,
    asked: MultiDict[str, str] | None = None,
) -> ResponseReturnValue:
    """A page of a list; a page past its end leads to its last. `ticked` are values of the boxes to keep ticked.

    What an address asks for and cannot mean is left out, which the page says.
    """
    served = desk()
    with reading(served.engine) as session:
        team = officers(session, active_only=False)
        misread = narrowing.faults(asked, served, {member.id for member in team}) if asked else {}
        if "owner" in misread:
            query = replace(query, wanted=replace(query.wanted, owner_id=None))
        found = list_cases(session, query.selection(served, officer().id), page=query.page, size=SIZE)
        keys = [case.id for case, _ in found.rows]
        seqs, to_confirm = marks_of(session, keys) if keys else ({}, set())
    rows = [(case, owner, standing_tag(served, case)) for case, owner in found.rows]
    last = max(1, -(-found.total // SIZE))
    if query.page > last and not misread:
        return redirect(query.on_page(last).url())
    page = render_template(
        "web/worklist.html",
        query=query,
        rows=rows,
        seqs=seqs,
        to_confirm=to_confirm,
        total=found.total,
        more=found.more,
        last=last,
        owners=[(str(member.id), member.name + ("" if member.active else " (has left)")) for member in team],
        receivers=[(str(member.id), member.name) for member in team if member.active],
        may_give_every=role().covers(Role.SUPERVISOR),
        every_ticked=every_ticked,
        ticked=ticked,
        faults={**(faults or {}), **misread},
        name=list_name(query.view),
        default_sort=default_sort(query.view),
        headings=HEADINGS,
        empty=EMPTY[query.view],
        regimes=[(name, name) for name in REGIMES],
        accounts=list(narrowing.accounts(served).items()),
        first=(query.page - 1) * SIZE + 1,
        late=LATE,
        stages=[(slug, stage.value.capitalize()) for slug, stage in narrowing.STAGES.items()],
    )
    return (page, 400) if misread else page


def list_name(view: View) -> str:
    """What a view is called."""
    return NAMES.get(view, EVERY)
