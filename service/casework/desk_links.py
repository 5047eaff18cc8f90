"""The addresses of the desk's pages as our mails to the team write them, the same that the pages' own links have."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from service.desk import Desk
from service.store.worklist import Narrowing, View


def page_link(desk: Desk, path: str, values: Mapping[str, str] | None = None) -> str:
    """A page of the desk, as officers reach it."""
    asked = {name: value for name, value in (values or {}).items() if value}
    return f"{desk.settings.web.url.rstrip('/')}/{path}{'?' if asked else ''}{urlencode(asked)}"


def case_link(desk: Desk, reference: str) -> str:
    """The page of a case."""
    return page_link(desk, f"cases/{reference}")


def list_link(desk: Desk, view: View, wanted: Narrowing, sort: str = "") -> str:
    """A list of cases, narrowed by owner, by stage, and by days of receipt, deadline and answer."""
    days = {"received": wanted.received, "due": wanted.due, "answered": wanted.answered}
    values = {
        "what": "requests" if wanted.requests_only else "",
        "owner": str(wanted.owner_id or ""),
        **{f"{name}_from": _iso(held.first) for name, held in days.items()},
        **{f"{name}_to": _iso(held.last) for name, held in days.items()},
        "late": {True: "yes", False: "no", None: ""}[wanted.late],
        "stage": wanted.stage.slug if wanted.stage else "",
        "sort": sort,
    }
    return page_link(desk, f"list/{view.value}", values)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
