"""What a list's address asks for, and the same as the store is asked: one place for pages, saved lists and news."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from service.desk import Desk
from service.letters import series
from service.store.worklist import ALL, NOBODY, SORTS, Narrowing, Selection, View
from web import narrowing
from web.forms import LONGEST_LINE, clean, page_number
from web.paths import path_to
from web.standings import not_soon

SIZE = 50  # rows of a page
OFFERED = ("mailbox", "owner", "regime")
DAYS = {View.CLOSED: ("received", "due", "answered"), View.EVERY: ("received", "due", "answered")}


def default_sort(view: View) -> str:
    """How a list is sorted when nothing is said: by urgency, or how long it is stopped; closed ones newest first."""
    return {View.CLOSED: "-received", View.EVERY: "-received", View.STOPPED: "stopped"}.get(view, "due")


@dataclass(frozen=True, slots=True)
class Query:
    """What a list's address asks for; what it cannot mean is left out, and a page says so."""

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

    @classmethod
    def kept(cls, view: str, query: str, served: Desk) -> Self:
        """The list of a view and a query string, as it is kept; an unknown view is one's own cases."""
        known = View(view) if view in list(View) else View.MINE
        return cls.read(known, MultiDict(parse_qsl(query)), served)

    @classmethod
    def of_address(cls, address: str, served: Desk) -> Self:
        """The list of an address such as /list/open?owner=2."""
        try:
            parts = urlsplit(address)
        except ValueError:  # such as http://[
            return cls.kept("", "", served)
        return cls.kept(parts.path.rpartition("/")[2], parts.query, served)

    @property
    def narrowed(self) -> bool:
        """Whether the list shows less than its whole view."""
        return bool(self.words) or self.wanted != ALL

    @property
    def also(self) -> dict[str, str]:
        """What the form above the list does not offer, and carries on."""
        offered = {*OFFERED, *(field for field, *_ in self.days)}
        offered |= ({"late"} if self.offers_late else set()) | ({"stage"} if self.offers_stage else set())
        return {name: value for name, value in narrowing.written(self.wanted).items() if name not in offered}

    @property
    def days(self) -> list[tuple[str, str, str]]:
        """The fields for days, each with its label and value: of what the list's cases have."""
        values = narrowing.written(self.wanted)
        return [
            (f"{name}_{end}", f"{name.capitalize()} {word}", values.get(f"{name}_{end}", ""))
            for name in DAYS.get(self.view, ("received", "due"))
            for end, word in (("from", "from"), ("to", "until"))
        ]

    @property
    def dated(self) -> bool:
        """Whether it is narrowed by what stands among the fields for days and stages."""
        wanted = self.wanted
        late, stage = self.offers_late and wanted.late is not None, self.offers_stage and wanted.stage is not None
        return bool(wanted.received or wanted.due or wanted.answered) or late or stage

    @property
    def offers_late(self) -> bool:
        """Whether some of the list's cases can be late and others not."""
        return self.view in (View.CLOSED, View.EVERY)

    @property
    def offers_stage(self) -> bool:
        """Whether the list's cases can be open, and at several stages."""
        return self.view not in (View.CLOSED, View.TO_CLEAR)

    @property
    def stage(self) -> str:
        """The stage as the form has it."""
        return narrowing.written(self.wanted).get("stage", "")

    @property
    def offers_owner(self) -> bool:
        """Whether the list's cases can have several owners; what an address asks for is shown all the same."""
        return self.view not in (View.MINE, View.UNASSIGNED) or self.wanted.owner_id is not None

    @property
    def owner(self) -> str:
        """The owner as the form has it."""
        return narrowing.written(self.wanted).get("owner", "")

    @property
    def late(self) -> str:
        """Whether late or in time, as the form has it."""
        return narrowing.written(self.wanted).get("late", "")

    @property
    def query_string(self) -> str:
        """What stands behind the question mark of the first page's address, always written alike."""
        wanted = {
            "q": self.words,
            **narrowing.written(self.wanted),
            "sort": self.sort if self.sort != default_sort(self.view) else "",
        }
        return urlencode({name: value for name, value in wanted.items() if value})

    def url(self) -> str:
        """The address of this very list, without what goes without saying."""
        query = "&".join(filter(None, (self.query_string, f"page={self.page}" if self.page > 1 else "")))
        return path_to("worklist.show", view=self.view.value) + (f"?{query}" if query else "")

    def ticked_url(self) -> str:
        """The same with every row of the page ticked."""
        return self.url() + ("&" if "?" in self.url() else "?") + "tick=all"

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
        return series(narrowing.in_words(self.wanted))

    def told(self, team: dict[int, str]) -> str:
        """All that the list is narrowed to, for where the form is not seen; empty for a whole view."""
        wanted = self.wanted
        owner = f"of {team.get(wanted.owner_id, 'somebody unknown')}" if wanted.owner_id else ""
        owner = "that nobody has" if wanted.owner_id == NOBODY else owner
        parts = (
            f"with “{self.words}”" if self.words else "",
            owner,
            f"under {wanted.regime}" if wanted.regime else "",
            f"from the mailbox {wanted.account}" if wanted.account else "",
            *narrowing.in_words(wanted),
        )
        return series(filter(None, parts))

    def aria_sort(self, name: str) -> str:
        """The aria-sort of a column."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "none")

    def selection(self, served: Desk, officer_id: int) -> Selection:
        """What the store is asked for, as this officer sees it today."""
        return Selection(
            view=self.view,
            today=served.today(),
            not_soon=not_soon(served),
            officer_id=officer_id,
            wanted=self.wanted,
            words=self.words,
            sort=self.sort,
        )
