"""The statutory statistics on screen and as files; the address says of which quarter and as at which day."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import perf_counter
from typing import Any, Self

from flask import Blueprint, Response, render_template, request, stream_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict

from service.casework.statistics import (
    AsAtImpossible,
    NoSuchAuthority,
    authority_named,
    count_quarter,
    quarterly,
)
from service.desk import Desk
from service.documents.figures import TYPES, as_file
from service.domain.quarter import NoSuchQuarter, Quarter
from service.domain.statistics import Statistics
from service.errors import DeskError
from service.store.cases import cases_by_reference
from service.store.dashboard import first_received
from service.store.database import DatabaseUnavailable, reading
from web.current import desk, kept
from web.downloads import disposition
from web.forms import page_number
from web.kept import A_MINUTE, AN_HOUR, Found, Kept

log = logging.getLogger(__name__)
pages = Blueprint("statistics", __name__, url_prefix="/statistics")
SIZE = 50
FIRST = "code.1"
OFFERED = 12  # quarters
PATIENCE = 1.0  # seconds


class NotADay(DeskError):
    """{text!r} is not a day; write one as 2026-11-01."""


@dataclass(frozen=True, slots=True)
class Query:
    """What an address asks for.

    Without a quarter it is the last one that is over, or this one where no case is older; without a day, today; without
    an authority, the desk's own.
    """

    quarter: Quarter
    as_at: date
    authority: str  # its name
    figure: str = ""
    page: int = 1

    @classmethod
    def read(cls, values: MultiDict[str, str], served: Desk) -> Self:
        """Raises NoSuchQuarter, NotADay or NoSuchAuthority: other figures than were asked for could be published."""
        today = served.today()
        quarter, day = values.get("quarter", ""), values.get("as_at", "")
        return cls(
            quarter=Quarter.read(quarter) if quarter else _usual(served),
            as_at=_day(day) if day else today,
            authority=authority_named(served, values.get("authority", "")),
            figure=values.get("figure") or FIRST,
            page=page_number(values),
        )

    def url(self) -> str:
        """The address of the list of a figure's cases."""
        return self.to("cases", figure=self.figure, page=self.page if self.page > 1 else None)

    def on_page(self, number: int) -> Self:
        return replace(self, page=number)

    def to(self, endpoint: str, **values: Any) -> str:
        """The address of another page of the same quarter and day."""
        if len(desk().settings.authorities) > 1:
            values["authority"] = self.authority
        return url_for(f"statistics.{endpoint}", quarter=str(self.quarter), as_at=self.as_at.isoformat(), **values)


def _usual(served: Desk) -> Quarter:
    """The quarter to publish next: the last one, unless the desk had no case yet."""
    this = Quarter.of(served.today())
    with reading(served.engine) as session:
        first = first_received(session)
    return this if first and first >= this.first else this.before


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotADay(text=text[:20]) from None


class Counting:
    """Figures that are being counted, step by step."""

    def __init__(self, query: Query) -> None:
        self.found: Found[Statistics] | None = None
        self.steps = self._count(desk(), kept(), query)

    def go_on(self) -> Iterator[tuple[int, int]]:
        """How many cases have been read of how many, until there are figures, or there can be none."""
        try:
            yield from self.steps
        except DatabaseUnavailable as error:
            log.error("%s: %s", type(error).__name__, error)  # how the database is reached is for the log

    def _count(self, served: Desk, answers: Kept, query: Query) -> Iterator[tuple[int, int]]:
        now, today, began = served.now(), served.today(), perf_counter()
        with reading(served.engine) as session:
            found = yield from count_quarter(
                session, served, query.quarter, query.as_at, today=today, authority=query.authority
            )
        self.found = Found(found, now)
        answers.keep(_key(query, today), self.found, took=perf_counter() - began)


@pages.get("")
def show() -> ResponseReturnValue:
    """The figures; where they take longer than anyone waits without a word, the page tells how far they are."""
    today = desk().today()
    query, faults = _as_far_as_good(request.args)
    counting = None
    try:
        counting = None if faults else _begin(query)
    except AsAtImpossible as error:
        faults = {"as_at": str(error)}
    typed = request.args.get("as_at", "") if faults else query.as_at.isoformat()
    words = {
        "query": query,
        "counting": counting,
        "faults": faults,
        "suffixes": list(TYPES),
        "quarters": _offered(today, query),
        "typed": typed,
        "authorities": [(one.name, one.name) for one in desk().settings.authorities],
    }
    if counting is None or counting.found is not None:
        return render_template("web/statistics.html", **words), 422 if faults else 200
    generate_csrf()  # the forms of the frame are written when the cookie has gone already
    return Response(stream_template("web/statistics.html", **words), mimetype="text/html")


def _as_far_as_good(values: MultiDict[str, str]) -> tuple[Query, dict[str, str]]:
    """What an address asks for without what is wrong in it, and that by its field."""
    good, faults = MultiDict(values), dict[str, str]()
    while True:
        try:
            return Query.read(good, desk()), faults
        except (NoSuchQuarter, NoSuchAuthority, NotADay) as error:
            field = _FIELDS[type(error)]
            faults[field] = str(error)
            del good[field]


_FIELDS: dict[type[DeskError], str] = {NoSuchQuarter: "quarter", NoSuchAuthority: "authority", NotADay: "as_at"}


def _begin(query: Query) -> Counting:
    """Count for as long as anyone waits without a word, unless it has been counted a moment ago."""
    counting = Counting(query)
    counting.found = kept().look(_key(query, desk().today()), desk().now(), again=_again(query))
    began = perf_counter()
    while counting.found is None and perf_counter() - began < PATIENCE:
        next(counting.steps, None)
    return counting


def _offered(today: date, query: Query) -> list[tuple[str, str]]:
    """The quarters to choose from, the newest first, and the one that is shown."""
    offered = [Quarter.of(today)]
    while len(offered) < OFFERED:
        offered.append(offered[-1].before)
    chosen = sorted({*offered, query.quarter}, reverse=True)
    return [(str(quarter), f"{quarter}: {quarter.words}") for quarter in chosen]


@pages.get("/cases")
def cases() -> ResponseReturnValue:
    """The cases behind one figure."""
    query = Query.read(request.args, desk())
    found = _find(query).answer
    figure = found.figure(query.figure)
    last = max(1, -(-figure.count // SIZE))
    shown = figure.references[(query.page - 1) * SIZE : query.page * SIZE]
    with reading(desk().engine) as session:
        held = {case.reference: case for case in cases_by_reference(session, shown)}
    rows = [held[reference] for reference in shown]
    table = next(table for table in found.tables if figure in table.figures)
    return render_template("web/statistics_cases.html", query=query, figure=figure, table=table, rows=rows, last=last)


@pages.get("/file.<any(csv,xlsx,json):suffix>")
def file(suffix: str) -> Response:
    """All tables as a file: to publish, with `references=no`, or with those of the cases behind each figure."""
    query = Query.read(request.args, desk())
    references = request.args.get("references", "") != "no"
    content = as_file(_find(query).answer, query.authority, suffix, references=references)
    which = "-with-references" if references else ""
    name = f"foi-statistics-{query.quarter}-as-at-{query.as_at.isoformat()}{which}.{suffix}"
    return Response(content, mimetype=TYPES[suffix], headers={"Content-Disposition": disposition(name)})


def _find(query: Query) -> Found[Statistics]:
    """The figures; the page, the cases behind them and the files agree while they are kept.

    As at a day that is over they stay as they are, whatever is recorded later.
    """
    served, today = desk(), desk().today()

    def find() -> Statistics:
        with reading(served.engine) as session:
            return quarterly(session, served, query.quarter, query.as_at, today=today, authority=query.authority)

    key = _key(query, today)
    return kept().get(key, served.now(), find, again=_again(query))


def _key(query: Query, today: date) -> tuple[object, ...]:
    return "statistics", query.quarter, query.as_at, query.authority, today


def _again(query: Query) -> timedelta:
    return AN_HOUR if query.as_at < desk().today() else A_MINUTE
