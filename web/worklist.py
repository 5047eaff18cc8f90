"""The lists that officers work from; all that a list shows is in its address."""

from dataclasses import dataclass, replace
from typing import Any, Self

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.desk import Desk
from service.store.database import reading
from service.store.forwards import undecided_among
from service.store.officers import officers
from service.store.worklist import ALL, SORTS, Narrowing, Selection, View, list_cases
from web import narrowing
from web.current import desk, officer
from web.forms import LONGEST_LINE, clean, page_number
from web.layout import NAMES
from web.standings import REGIMES, not_soon, standing_tag

pages = Blueprint("worklist", __name__)
SIZE = 50
EVERY = "Every case, open and closed"
OFFERED = ("mailbox", "owner", "regime")
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
    View.UNASSIGNED: "Every open case has an owner.",
    View.TO_CLEAR: "No response waits for you to clear it.",
    View.DUE_SOON: "No case falls due within the next few working days.",
    View.OVERDUE: "No case is overdue.",
    View.STOPPED: "No clock is stopped: every open case has a deadline.",
    View.OPEN: "There are no open cases. A mail to the shared mailbox makes one by itself.",
    View.CLOSED: "No case has been closed yet.",
    View.EVERY: "There is no case yet. A mail to the shared mailbox makes one by itself.",
}


def default_sort(view: View) -> str:
    """How a list is sorted when nothing is said: by urgency, or how long it is stopped; closed ones newest first."""
    return {View.CLOSED: "-received", View.EVERY: "-received", View.STOPPED: "stopped"}.get(view, "due")


@dataclass(frozen=True, slots=True)
class Query:
    """What a list's address asks for; anything it cannot mean is left out rather than refused."""

    view: View
    words: str = ""
    wanted: Narrowing = ALL
    sort: str = "due"
    page: int = 1

    @classmethod
    def read(cls, view: View, values: MultiDict[str, str], served: Desk) -> Self:
        sort = values.get("sort", "")
        return cls(
            view=view,
            words=" ".join(clean(values.get("q", "")).split())[:LONGEST_LINE],
            wanted=narrowing.read(values, served),
            sort=sort if sort.removeprefix("-") in SORTS else default_sort(view),
            page=page_number(values),
        )

    @property
    def narrowed(self) -> bool:
        """Whether the list shows less than its whole view."""
        return bool(self.words) or self.wanted != ALL

    @property
    def also(self) -> dict[str, str]:
        """What the form above the list does not offer, and carries on."""
        return {name: value for name, value in narrowing.written(self.wanted).items() if name not in OFFERED}

    def url(self) -> str:
        """The address of this very list, without what goes without saying."""
        wanted: dict[str, Any] = {
            "q": self.words,
            **narrowing.written(self.wanted),
            "sort": self.sort if self.sort != default_sort(self.view) else "",
            "page": self.page if self.page > 1 else "",
        }
        return url_for(
            "worklist.show", view=self.view.value, **{name: value for name, value in wanted.items() if value}
        )

    def sorted_by(self, name: str) -> Self:
        """The same list by a column; by the one it is sorted by already, the other way round."""
        return replace(self, sort=f"-{name}" if self.sort == name else name, page=1)

    def on_page(self, number: int) -> Self:
        return replace(self, page=number)

    def in_view(self, view: View) -> Self:
        """The same words looked for in another list."""
        return replace(self, view=view, sort=default_sort(view), page=1)

    @property
    def in_words(self) -> str:
        """What the list is narrowed to beyond what the form offers."""
        return "; ".join(narrowing.in_words(self.wanted))

    def aria_sort(self, name: str) -> str:
        """The aria-sort of a column."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "none")


@pages.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("worklist.show", view=View.MINE.value))


@pages.get("/list/<any(mine,unassigned,'due-soon',overdue,stopped,'to-clear',open,closed,every):view>")
def show(view: str) -> ResponseReturnValue:
    served = desk()
    query = Query.read(View(view), request.args, served)
    with reading(served.engine) as session:
        found = list_cases(session, _selection(query), page=query.page, size=SIZE)
        team = officers(session, active_only=False)
        to_confirm = undecided_among(session, [case.id for case, _ in found.rows])
    rows = [(case, owner, standing_tag(served, case)) for case, owner in found.rows]
    last = max(1, -(-found.total // SIZE))
    if query.page > last:
        return redirect(query.on_page(last).url())
    return render_template(
        "web/worklist.html",
        query=query,
        rows=rows,
        to_confirm=to_confirm,
        total=found.total,
        more=found.more,
        last=last,
        owners=[(str(member.id), member.name) for member in team],
        name=NAMES.get(query.view, EVERY),
        default_sort=default_sort(query.view),
        headings=HEADINGS,
        empty=EMPTY[query.view],
        regimes=[(name, name) for name in REGIMES],
        accounts=list(narrowing.accounts(served).items()),
        first=(query.page - 1) * SIZE + 1,
    )


def _selection(query: Query) -> Selection:
    served = desk()
    return Selection(
        view=query.view,
        today=served.today(),
        not_soon=not_soon(served),
        officer_id=officer().id,
        wanted=query.wanted,
        words=query.words,
        sort=query.sort,
    )
