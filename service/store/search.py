"""Finding cases by what their papers say, the same answers from both databases.

A case is found when each term stands somewhere on it: in its reference, subject, names or addresses, in a mail or
letter, or in the newest draft. First come the cases whose own particulars have all the terms, then those where one
paper has them all, each with the last opened first: an order that a person can foresee, and that weighs no papers.
Nobody reads more than MOST_FOUND: of what is found oftener, the first so many are found and the rest is not counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select
from sqlalchemy import case as choose
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, func, select

from service.domain.search_words import Piece, Term, excerpt, terms_in
from service.store.cases import is_open
from service.store.search_terms import (
    PARTICULARS,
    newest_papers,
    newest_with,
    papers_of_cases,
    papers_with,
    particulars_with,
    together_with,
)
from service.store.tables import Case, Officer

LONGEST_READ, MOST_READ = 20_000, 6  # characters of a paper, and papers of a case, looked through for an excerpt
MOST_FOUND = 2000  # cases
PAPERS_OF_A_CASE = 4
LAST_READ = 12  # papers of a case looked through before the index is asked
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
    """One page of what was found, and how much there is in all; `more` when there is more than `total`."""

    rows: Sequence[Found]
    total: int
    more: bool = False


def search(session: Session, wanted: Wanted, *, page: int = 1, size: int = 20) -> Findings:
    """One page, counted from 1, of the cases found."""
    if not wanted.anything:
        return Findings((), 0)
    keys = _found(session, wanted)
    shown = keys[:MOST_FOUND][(page - 1) * size : page * size]
    cases, excerpts = _cases(session, shown), _excerpts(session, shown, wanted.terms)
    rows = [Found(*cases[key], *excerpts[key]) for key in shown]
    return Findings(rows, min(len(keys), MOST_FOUND), len(keys) > MOST_FOUND)


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


def _found(session: Session, wanted: Wanted) -> Sequence[int]:
    """The keys of the cases found, in order, and one more than MOST_FOUND when there are more."""
    allowed = list(_allowed(wanted))
    if not wanted.terms:
        query = sa_select(col(Case.id)).where(*allowed).order_by(col(Case.received_at).desc(), col(Case.id).desc())
        return session.execute(query.limit(MOST_FOUND + 1)).scalars().all()
    fewest = _fewest(session, wanted.terms, allowed)
    if fewest is None:
        common = _common(session, wanted.terms, allowed)
        if len(common) > MOST_FOUND:
            return common
    return session.execute(_exact(session, wanted.terms, allowed, fewest).limit(MOST_FOUND + 1)).scalars().all()


def _fewest(session: Session, terms: Sequence[Term], allowed: Sequence[ColumnElement[bool]]) -> Select[Any] | None:
    """Of the terms and what is allowed, the one that leaves fewest to look at; None when each leaves many."""
    looks = [papers_with(session, term) for term in terms]
    if allowed:
        looks.append(sa_select(col(Case.id).label("case_id")).where(*allowed))
    counted = []
    for number, look in enumerate(looks):
        some = look.limit(MOST_FOUND + 1).subquery()
        counted.append((session.execute(sa_select(func.count()).select_from(some)).scalar_one(), number))
    least, number = min(counted)
    return looks[number] if least <= MOST_FOUND else None


def _common(session: Session, terms: Sequence[Term], allowed: Sequence[ColumnElement[bool]]) -> list[int]:
    """The first cases of those whose particulars, and then of those one paper of which has terms that most have."""
    found: dict[int, None] = {}
    # Of a case there is one entry of its particulars, but there may be several papers, hence more rows than cases.
    looks = ((particulars_with(session, terms), 1), (together_with(session, terms), PAPERS_OF_A_CASE))
    for papers, rows_of_a_case in looks:
        key: ColumnElement[int] = papers.selected_columns[0]
        look = papers.join(Case, col(Case.id) == key).where(*allowed) if allowed else papers
        for case_id in session.execute(look.limit(rows_of_a_case * MOST_FOUND + 1)).scalars():
            found[case_id] = None
            if len(found) > MOST_FOUND:
                return list(found)
    return list(found)


def _exact(
    session: Session, terms: Sequence[Term], allowed: Sequence[ColumnElement[bool]], fewest: Select[Any] | None
) -> Select[Any]:
    """Every case that is found, in order: the few that one of the terms leaves, which the others must have too."""
    first = (fewest if fewest is not None else papers_with(session, terms[0])).distinct().subquery()
    key: ColumnElement[int] = first.c.case_id
    query: Select[Any] = sa_select(key).where(*(key.in_(papers_with(session, term)) for term in terms))
    if allowed:
        query = query.join(Case, col(Case.id) == key).where(*allowed)
    inside, together = (key.in_(papers(session, terms).order_by(None)) for papers in (particulars_with, together_with))
    return query.order_by(choose((inside, 0), (together, 1), else_=2), key.desc())


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
    if not terms or not case_ids:
        return dict.fromkeys(case_ids, (PARTICULARS, ()))
    # Mostly the words stand in the last papers of a case. To ask the index means to read all it has of a word begun,
    # for each case anew, so it is asked only for the others.
    everything = sum(len(term.words) for term in terms)
    best = _best_of_each(session, newest_papers(session, case_ids, LAST_READ, LONGEST_READ), case_ids, terms)
    others = [key for key in case_ids if best[key][0] < everything]
    if others:
        best |= _best_of_each(session, papers_of_cases(session, others, terms, MOST_READ, LONGEST_READ), others, terms)
    return {key: (source, excerpt(words, terms)) for key, (_, source, words) in best.items()}


def _best_of_each(
    session: Session, papers: CompoundSelect[Any], keys: Sequence[int], terms: Sequence[Term]
) -> dict[int, tuple[int, str, str]]:
    """For each case what `_best` says of its papers, which may come in any order."""
    of_case: dict[int, list[Any]] = {key: [] for key in keys}
    for row in sorted(session.connection().execute(papers), key=lambda row: -row.id):
        of_case[row.case_id].append((row.source, row.head, row.words))
    return {key: _best(rows, terms) for key, rows in of_case.items()}


def _best(papers: Iterable[Any], terms: Sequence[Term]) -> tuple[int, str, str]:
    """Of a case's papers, newest first, how many of the terms the one with most has, its source and its text."""
    most, best, everything = -1, (PARTICULARS, ""), sum(len(term.words) for term in terms)
    for source, head, words in papers:
        text = words if terms_in(words, terms) else f"{head} {words}"
        count = terms_in(text, terms)
        if count > most and source != PARTICULARS:
            most, best = count, (source, text)
        if most == everything:
            break
    return (most, *best)
