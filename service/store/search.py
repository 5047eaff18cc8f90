"""Finding cases by what their papers say, the same answers from both databases.

A case is found when each term stands somewhere on it: in its reference, subject, names or addresses, in a mail or
letter, or in the newest draft. First come the cases whose own particulars have all the terms, then those where one
paper has them all, each with the last opened first: an order that a person can foresee, and that weighs no papers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery
from sqlalchemy import case as choose
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, func, select

from service.domain.search_words import Piece, Term, excerpt, terms_in
from service.store.cases import is_open
from service.store.search_terms import PARTICULARS, cases_with, cases_with_together, newest_with, papers_of_a_case
from service.store.tables import Case, Officer

LONGEST_READ, MOST_READ = 20_000, 6  # characters of a paper, and papers of a case, looked through for an excerpt
MOST_WITH_WORD = 400  # papers looked at for each word of requests alike: commoner words tell little


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: cases with all the `terms`, among those that the rest allows.

    `open` tells open from closed ones; `overdue_on` leaves those overdue on that day. Periods include both ends.
    """

    terms: tuple[Term, ...] = ()
    open: bool | None = None
    owner_id: int | None = None
    regime: str = ""
    received_from: date | None = None
    received_to: date | None = None
    overdue_on: date | None = None

    @property
    def anything(self) -> bool:
        """Whether it asks for anything at all."""
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Found:
    """A case with its owner's name, and where its words stand: `source` is case, mail, letter or draft."""

    case: Case
    owner: str | None
    source: str
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of what was found, and how much there is in all."""

    rows: Sequence[Found]
    total: int


def search(session: Session, wanted: Wanted, *, page: int = 1, size: int = 20) -> Findings:
    """One page, counted from 1, of the cases found."""
    if not wanted.anything:
        return Findings((), 0)
    query = _found(session, wanted)
    rows = session.execute(query.limit(size).offset((page - 1) * size)).all()
    if not rows:
        return Findings((), _total(session, query) if page > 1 else 0)
    cases = _cases(session, [row.id for row in rows])
    shown = _excerpts(session, list(cases), wanted.terms)
    return Findings([Found(*cases[row.id], *shown[row.id]) for row in rows], rows[0].total)


def _total(session: Session, query: Select[Any]) -> int:
    first = session.execute(query.limit(1)).first()
    return int(first.total) if first else 0


def _cases(session: Session, ids: Sequence[int]) -> dict[int, tuple[Case, str | None]]:
    query = select(Case, Officer.name).join(Officer, col(Officer.id) == col(Case.owner_id), isouter=True)
    return {case.id: (case, name) for case, name in session.exec(query.where(col(Case.id).in_(ids)))}


def cases_numbered(session: Session, number: int, limit: int = 5) -> Sequence[Case]:
    """The cases whose reference has this number, the newest first."""
    return session.exec(select(Case).where(col(Case.number) == number).order_by(col(Case.id).desc()).limit(limit)).all()


def cases_like(session: Session, words: Sequence[str], limit: int) -> Sequence[int]:
    """The keys of the cases whose papers have most of some words, rare ones weighing most; the closest first."""
    looks = (session.execute(newest_with(session, Term(word), MOST_WITH_WORD)).scalars() for word in words)
    found = [(number, case_id) for number, look in enumerate(looks) for case_id in set(look)]
    common = Counter(number for number, _ in found)
    weights: Counter[int] = Counter()
    for number, case_id in found:
        weights[case_id] += log(1 + MOST_WITH_WORD / common[number])  # type: ignore[assignment]
    return sorted(weights, key=lambda case_id: (-weights[case_id], -case_id))[:limit]


def _found(session: Session, wanted: Wanted) -> Select[Any]:
    """Every case that is found, by `id`, in order, with the `total`."""
    allowed = list(_allowed(wanted))
    if not wanted.terms:
        columns: list[Any] = [col(Case.id).label("id"), func.count().over().label("total")]
        return sa_select(*columns).where(*allowed).order_by(col(Case.received_at).desc(), col(Case.id).desc())
    first, *others = (cases_with(session, term).subquery() for term in wanted.terms)
    query: Select[Any] = sa_select(first.c.case_id.label("id"), func.count().over().label("total"))
    for other in others:
        query = query.join(other, other.c.case_id == first.c.case_id)
    if allowed:
        query = query.join(Case, col(Case.id) == first.c.case_id).where(*allowed)
    return query.order_by(_closeness(session, wanted.terms, (first, *others)), first.c.case_id.desc())


def _closeness(session: Session, terms: Sequence[Term], hits: Sequence[Subquery]) -> ColumnElement[int]:
    inside = and_(*(hit.c.inside == 0 for hit in hits))
    if len(terms) == 1:
        return choose((inside, 0), else_=1)
    together = hits[0].c.case_id.in_(cases_with_together(session, terms))
    return choose((inside, 0), (together, 1), else_=2)


def _allowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.open is not None:
        yield is_open() if wanted.open else ~is_open()
    if wanted.owner_id is not None:
        yield col(Case.owner_id) == wanted.owner_id
    if wanted.regime:
        yield col(Case.regime) == wanted.regime
    if wanted.received_from is not None:
        yield col(Case.received_on) >= wanted.received_from
    if wanted.received_to is not None:
        yield col(Case.received_on) <= wanted.received_to
    if wanted.overdue_on is not None:
        yield and_(is_open(), col(Case.due_on) < wanted.overdue_on)


def _excerpts(
    session: Session, case_ids: Sequence[int], terms: Sequence[Term]
) -> dict[int, tuple[str, tuple[Piece, ...]]]:
    if not terms:
        return dict.fromkeys(case_ids, (PARTICULARS, ()))
    statement = papers_of_a_case(session, terms, MOST_READ, LONGEST_READ)
    # One look for each case: FTS5 finds its way within a case, not within twenty.
    looks = ((key, session.connection().execute(statement, {"key": key})) for key in case_ids)
    return {key: _best(look, terms) for key, look in looks}


def _best(papers: Iterable[Any], terms: Sequence[Term]) -> tuple[str, tuple[Piece, ...]]:
    """Of a case's papers, newest first, the one with most of the terms, and where it has them."""
    most, best, everything = -1, (PARTICULARS, ""), sum(len(term.words) for term in terms)
    for source, head, words in papers:
        text = words if terms_in(words, terms) else f"{head} {words}"
        count = terms_in(text, terms)
        if count > most and source != PARTICULARS:
            most, best = count, (source, text)
        if most == everything:
            break
    return best[0], excerpt(best[1], terms)
