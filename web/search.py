"""Finding a case by whatever is known of it; all that a search asks is in its address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from service.desk import Desk
from service.domain.search_words import LONGEST_QUERY, SHORTEST_PREFIX, Term, read_terms
from service.store.cases import case_by_reference, cases_named
from service.store.database import reading
from service.store.officers import officers
from service.store.search import Found, Wanted, cases_numbered, search
from service.store.tables import Case
from web import narrowing
from web.current import desk
from web.forms import MOST_DIGITS, clean, page_number
from web.radar import radar_words
from web.standings import REGIMES, standing_tag

pages = Blueprint("search", __name__)
SIZE = 20
DIGITS_OF_A_NUMBER = 9
STAGES = (("", "Any"), ("open", "Open"), ("overdue", "Overdue"), ("closed", "Closed"))
SOURCES = {"mail": "In a mail", "letter": "In a letter of ours", "draft": "In the draft of the response"}


@dataclass(frozen=True, slots=True)
class Query:
    """What a search's address asks for; what it cannot mean is left out, which the page says."""

    words: str = ""
    stage: str = ""
    owner: str = ""
    regime: str = ""
    since: str = ""
    until: str = ""
    page: int = 1

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        owner, stage = values.get("owner", ""), values.get("stage", "")
        return cls(
            words=" ".join(clean(values.get("q", "")).split())[:LONGEST_QUERY],
            stage=stage if stage in dict(STAGES) else "",
            owner=owner if owner.isascii() and owner.isdigit() and len(owner) <= MOST_DIGITS else "",
            regime=values.get("regime", "") if values.get("regime", "") in REGIMES else "",
            since=_day(values.get("since", "")),
            until=_day(values.get("until", "")),
            page=page_number(values),
        )

    @property
    def narrowed(self) -> bool:
        """Whether it is narrowed by more than its words."""
        return bool(self.stage or self.owner or self.regime or self.since or self.until)

    def wanted(self, today: date) -> Wanted:
        """The same for the store."""
        return Wanted(
            terms=read_terms(self.words),
            open={"open": True, "closed": False}.get(self.stage),
            owner_id=int(self.owner) if self.owner else None,
            regime=self.regime,
            received_from=date.fromisoformat(self.since) if self.since else None,
            received_to=date.fromisoformat(self.until) if self.until else None,
            overdue_on=today if self.stage == "overdue" else None,
        )

    def url(self) -> str:
        """The address of this very search."""
        names = {"q": self.words, "stage": self.stage, "owner": self.owner, "regime": self.regime}
        wanted: dict[str, Any] = names | {"since": self.since, "until": self.until}
        wanted["page"] = self.page if self.page > 1 else ""
        return url_for("search.show", **{name: value for name, value in wanted.items() if value})

    def on_page(self, number: int) -> Self:
        return replace(self, page=number)


@pages.get("/search")
def show() -> ResponseReturnValue:
    """The page with its form; a reference alone leads straight to its case."""
    query, served = Query.read(request.args), desk()
    with reading(served.engine) as session:
        named = _named(session, served, query.words)
        if len(named) == 1 and _is_whole(query.words, named[0]) and not query.narrowed:
            return redirect(url_for("cases.show", reference=named[0].reference))
        words = _results(session, served, query, named)
        team = officers(session, active_only=False)
    faults = _faults(request.args, {str(member.id) for member in team})
    if words["page_missing"] and not faults:
        return redirect(query.on_page(1).url())
    owners = [(str(member.id), member.name + ("" if member.active else " (has left)")) for member in team]
    regimes = [(name, name) for name in REGIMES]
    page = render_template("web/search.html", owners=owners, regimes=regimes, stages=STAGES, faults=faults, **words)
    return (page, 400) if faults else page


def _faults(values: MultiDict[str, str], team: Collection[str]) -> dict[str, str]:
    """What the address asks for and `Query` leaves out, by its name there."""
    choices: dict[str, tuple[str, Collection[str]]] = {
        "stage": ("The address names no stage that can be searched: choose one", dict(STAGES)),
        "owner": ("The address names no officer of this desk: choose one", team),
        "regime": ("The address names no law that the desk knows: choose one", REGIMES),
    }
    found = narrowing.unknown(values, choices)
    for name, label in (("since", "from which"), ("until", "to which")):
        if values.get(name, "") and not _day(values[name]):
            found[name] = f"The day {label} requests were received must be a real date, written like 2026-11-04"
    since, until = _day(values.get("since", "")), _day(values.get("until", ""))
    if since and until and since > until:
        found["until"] = "The last day must not be before the first"
    return found


@pages.get("/search/results")
def results() -> ResponseReturnValue:
    """The results alone, for the page's script while somebody types."""
    query, served = Query.read(request.args), desk()
    with reading(served.engine) as session:
        words = _results(session, served, query, _named(session, served, query.words))
    return render_template("web/_search_results.html", **words)


def _results(session: Session, served: Desk, query: Query, named: list[Case]) -> dict[str, Any]:
    wanted = query.wanted(served.today())
    found = search(session, wanted, page=query.page, size=SIZE)
    last = max(1, -(-found.total // SIZE))
    return {
        "query": query,
        "asked": wanted.anything,
        "named": [(case, standing_tag(served, case)) for case in named] if query.page == 1 else [],
        "rows": [(row, standing_tag(served, row.case)) for row in found.rows],
        "total": found.total,
        "more": found.more,
        "first": (query.page - 1) * SIZE + 1,
        "last": last,
        "page_missing": query.page > last,
        "place": _place,
        "hint": _hint(query.words, wanted.terms),
    }


def _hint(words: str, terms: Sequence[Term]) -> str:
    """What to try when no case has the terms: the last alone may be unfinished, unless it is quoted or one letter."""
    if '"' in words:
        return "Leave the quotation marks out, or a word." if len(terms) > 1 else "Leave the quotation marks out."
    if terms and terms[-1].letters < SHORTEST_PREFIX:
        return "A single letter or digit is found only where it stands alone: write more of the word."
    if len(terms) > 1:
        return "Leave a word out, or write only the beginning of the last one."
    return "Look at the spelling, or write only the beginning of the word."


def _place(row: Found) -> str:
    """Where the words of a result stand; nothing when they stand in its heading."""
    return SOURCES.get(row.source, "")


def _named(session: Session, served: Desk, words: str) -> list[Case]:
    """The cases that the words name by a reference, however loosely it is written, or by its number alone."""
    named = cases_named(session, served.references.find(words))
    if not named and words.isascii() and words.isdigit() and len(words) <= DIGITS_OF_A_NUMBER:
        return list(cases_numbered(session, int(words)))
    return named


def _is_whole(words: str, case: Case) -> bool:
    """Whether the words are a case's reference and nothing else; a number alone is one when written with its zeros."""
    if words.isdigit():
        return words.startswith("0")
    return _letters(words) in (case.kind.casefold(), _letters(case.reference))


def _letters(words: str) -> str:
    return "".join(letter for letter in words if letter.isalpha()).casefold()


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed[:10]).isoformat()
    except ValueError:
        return ""


@pages.get("/cases/<path:reference>/alike")
def alike(reference: str) -> ResponseReturnValue:
    """The requests like a case's."""
    served = desk()
    with reading(served.engine) as session:
        case = case_by_reference(session, reference)
        words = radar_words(session, served, case)
    return render_template("web/alike.html", case=case, **words)
