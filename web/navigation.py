"""What the head of every page leads to: a row of what is looked at daily, and a menu in which everything is found.

A new page gets its line in MENU; DAILY and ALWAYS are for what many open several times a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from service.store.officers import Role
from service.store.worklist import View
from web.paths import path_to

NAMES = {
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.TO_CLEAR: "To clear",
    View.DUE_SOON: "Due soon",
    View.OVERDUE: "Overdue",
    View.STOPPED: "Stopped",
    View.OPEN: "All open",
    View.CLOSED: "Closed",
}
KEYS = {
    View.MINE: "m",
    View.UNASSIGNED: "u",
    View.TO_CLEAR: "c",
    View.DUE_SOON: "d",
    View.OVERDUE: "o",
    View.STOPPED: "s",
    View.OPEN: "a",
    View.CLOSED: "l",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that is led to, by its endpoint and the values of its address; `within` are endpoints that belong to it.

    `counted` is the name of how many there are of it; `alarming` has any at all stand out. `key` is the letter that,
    after g, leads there; `needs` is the role that may see it.
    """

    text: str
    endpoint: str
    values: tuple[tuple[str, str], ...] = ()
    counted: str = ""
    alarming: bool = False
    within: tuple[str, ...] = ()
    key: str = ""
    needs: Role = Role.OFFICER


def _list(view: View) -> Entry:
    return Entry(
        NAMES[view],
        "worklist.show",
        (("view", view.value),),
        counted=view.value,
        alarming=view is View.OVERDUE,
        key=KEYS[view],
    )


DASHBOARD = Entry("Dashboard", "supervisor.show", key="h")
TO_SORT = Entry(
    "Mail to sort",
    "post.to_sort",
    counted="post",
    alarming=True,
    within=(
        "post.show",
        "forwards.waiting",
        "answered.waiting",
        "answered.which_case",
        "post.automatic",
        "post.troubled_letters",
    ),
    key="p",
)
_LISTS = {view: _list(view) for view in NAMES}
# The row below the head; the menu has these too.
DAILY = (DASHBOARD, *(entry for view, entry in _LISTS.items() if view is not View.CLOSED), TO_SORT)
ALWAYS = (_LISTS[View.MINE], _LISTS[View.OVERDUE])  # of them, what a telephone has room for
MENU: Mapping[str, tuple[Entry, ...]] = {
    "Cases": (
        *_LISTS.values(),
        Entry("Search all cases", "search.show"),
        Entry("Saved lists", "saved.show"),
    ),
    "Mail and letters": (
        Entry("Mail to sort", "post.to_sort", counted="to-sort", alarming=True),
        Entry("Forwarded: who asked?", "forwards.waiting", counted="forwards", alarming=True),
        Entry("Answered from Outlook?", "answered.waiting", counted="asked", alarming=True),
        Entry("Sent: which case?", "answered.which_case", counted="unsure", alarming=True),
        Entry("Automatic mail", "post.automatic"),
        Entry("Letters in trouble", "post.troubled_letters"),
        Entry("Mailboxes: where every mail is", "mailboxes.show"),
    ),
    "Oversight": (
        DASHBOARD,
        Entry("Statistics to publish", "statistics.show", within=("statistics.cases",)),
        Entry("What if somebody is away", "what_if.show"),
        Entry("Asked for information", "consultations.every"),
        Entry("Instructions by email", "instructions.show", needs=Role.SUPERVISOR),
    ),
    "Deadlines": (
        Entry("When is an answer due?", "calculator.show"),
        Entry("Bank holidays", "holidays.show", within=("holidays.ask",)),
    ),
    "Yours": (
        Entry("What you can undo", "undo.show"),
        Entry("Your emails", "digests.show", within=("digests.preview",)),
        Entry("Calendar and API access", "grants.show"),
        Entry("Webhooks", "webhooks.every", within=("webhooks.show",), needs=Role.ADMINISTRATOR),
    ),
}


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it."""

    text: str
    url: str
    number: int | None
    counted: str
    alarming: bool
    key: str
    here: bool
    always: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    """The row, and the menu by the names of its parts."""

    row: tuple[Link, ...]
    menu: Mapping[str, tuple[Link, ...]]


def navigation(numbers: Mapping[str, int], role: Role) -> Navigation:
    """What the page that is being made leads to; a name that is not among the numbers is not counted."""
    return Navigation(
        tuple(_link(entry, numbers) for entry in DAILY),
        {
            title: tuple(_link(entry, numbers) for entry in entries if role.covers(entry.needs))
            for title, entries in MENU.items()
        },
    )


def _link(entry: Entry, numbers: Mapping[str, int]) -> Link:
    number, values = numbers.get(entry.counted), dict(entry.values)
    return Link(
        text=entry.text,
        url=path_to(entry.endpoint, **values),
        number=number,
        counted=entry.counted,
        alarming=entry.alarming,
        key=entry.key,
        here=_here(entry),
        always=entry in ALWAYS,
    )


def _here(entry: Entry) -> bool:
    if request.endpoint in entry.within:
        return True
    values = request.view_args or {}
    return request.endpoint == entry.endpoint and all(values.get(name) == value for name, value in entry.values)
