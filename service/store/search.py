"""Finding cases by what their papers say, the same answers from both databases.

A case is found when each term stands somewhere on it: in its reference, subject, names or addresses, in a mail or
letter, or in the newest draft. First come the cases whose own particulars have all the terms, then those where one
paper has them all, each with the last opened first: an order that a person can foresee, and that weighs no papers.
Nobody reads more than MOST_FOUND: of what is found oftener, the cases last opened are shown, in that order, and the
rest is not counted. How many papers have a word, by which a beginning is told from it, each database counts by its own
stems.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy import case as choose
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, select

from service.domain.search_words import Piece, Term, excerpt, terms_in
from service.store.cases import is_open
from service.store.search_terms import (
    PARTICULARS,
    Glance,
    each_paper_with,
    glance,
    newest_cases,
    newest_papers,
    newest_with,
    of_cases,
    papers_among,
    papers_of_cases,
    papers_with,
    particulars_with,
    stands_in_more,
    together_with,
)
from service.store.tables import Case, Officer

LONGEST_READ, MOST_READ = 20_000, 6  # characters of a paper, and papers of a case, looked through for an excerpt
MOST_FOUND = 500  # cases
FEW = 1000  # cases that are allowed, or papers that have a word: looked through one by one
LAST_READ = 12  # papers of a case looked through before the index is asked
MOST_WITH_WORD = 200  # papers looked at for each word of requests alike: commoner words tell little


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
    session.flush()  # for some of what follows is asked of the connection
    keys, terms = _found(session, wanted)
    shown = keys[:MOST_FOUND][(page - 1) * size : page * size]
    cases, excerpts = _cases(session, shown), _excerpts(session, shown, terms)
    rows = [Found(*cases[key], *excerpts[key]) for key in shown if key in cases]  # it may have been disposed of since
    return Findings(rows, min(len(keys), MOST_FOUND), len(keys) > MOST_FOUND)


def _cases(session: Session, ids: Sequence[int]) -> dict[int, tuple[Case, str | None]]:
    query = select(Case, Officer.name).join(Officer, col(Officer.id) == col(Case.owner_id), isouter=True)
    return {case.id: (case, name) for case, name in session.exec(query.where(col(Case.id).in_(ids)))}


def cases_numbered(session: Session, number: int, limit: int = 5) -> Sequence[Case]:
    """The cases whose reference has this number, the newest first."""
    return session.exec(select(Case).where(col(Case.number) == number).order_by(col(Case.id).desc()).limit(limit)).all()


def cases_like(session: Session, words: Sequence[str], limit: int) -> Sequence[int]:
    """The keys of the cases whose papers have most of some words, rare ones weighing most; the closest first."""
    session.flush()
    found = set(newest_with(session, words, MOST_WITH_WORD))
    common = Counter(number for number, _ in found)
    # Whole numbers: a sum of others would hang on the order in which the rows came.
    weight = {number: round(1000 * log(1 + MOST_WITH_WORD / many)) for number, many in common.items()}
    weights: defaultdict[int, int] = defaultdict(int)
    for number, case_id in found:
        weights[case_id] += weight[number]
    closest = sorted((-heavy, -case_id) for case_id, heavy in weights.items())
    return [-newest for _, newest in closest[:limit]]


def _found(session: Session, wanted: Wanted) -> tuple[Sequence[int], tuple[Term, ...]]:
    """The keys of the cases found, in order, and one more than MOST_FOUND when there are more; with the terms as they
    were looked for."""
    allowed, terms = list(_allowed(wanted)), wanted.terms
    if allowed:
        # Without an order, or a database walks through all cases in it, for a few that are not there.
        told: list[Any] = [col(Case.id)] if terms else [col(Case.id), col(Case.received_at)]
        few = session.connection().execute(sa_select(*told).where(*allowed).limit(FEW + 1)).all()
        if len(few) <= FEW and not terms:
            return [row.id for row in sorted(few, key=lambda row: (row.received_at, row.id), reverse=True)], terms
        if len(few) <= FEW:
            terms = _as_meant(session, terms)
            return _among(session, [row.id for row in few], terms), terms
    if not terms:
        newest = sa_select(col(Case.id)).where(*allowed).order_by(col(Case.received_at).desc(), col(Case.id).desc())
        return session.execute(newest.limit(MOST_FOUND + 1)).scalars().all(), terms
    seen = glance(session, terms)
    rare = _rarest(session, seen.seldom) if len(terms) > 1 else None
    if rare is None:
        common, terms = _in_one_paper(session, wanted, terms, allowed, seen)
        if common is not None:
            return common, terms
        rare = _rarest(session, terms)
    else:
        terms = _as_meant(session, terms, seen.often)
    if rare is None:
        return session.execute(_exact(session, terms, allowed).limit(MOST_FOUND + 1)).scalars().all(), terms
    keys: Collection[int] = {key for _, key, _ in rare[1]}
    if allowed:
        keys = session.execute(sa_select(col(Case.id)).where(col(Case.id).in_(keys), *allowed)).scalars().all()
    return _among(session, keys, terms, rare), terms


def _in_one_paper(
    session: Session, wanted: Wanted, terms: tuple[Term, ...], allowed: Sequence[ColumnElement[bool]], seen: Glance
) -> tuple[list[int] | None, tuple[Term, ...]]:
    """What `_found` gives where it need look only for papers that have all the terms; None where it must go on."""
    tried, common, whole = _as_they_stand(terms), list[int](), False
    if seen.whole_met:
        # What is found too often as it stands was meant as it stands: nothing need be asked about that.
        common, whole = _common(session, wanted, tried, allowed, seen.whole_met_soon, seen.whole_since)
        if len(common) > MOST_FOUND:
            return common, tried
    terms = _as_meant(session, terms, seen.often)
    if terms != tried or not seen.whole_met:
        common, whole = _common(session, wanted, terms, allowed, seen.met_soon, seen.since)
    return (common if whole or len(common) > MOST_FOUND else None), terms


def _as_they_stand(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(replace(term, prefix=False) for term in terms)


def _as_meant(session: Session, terms: Iterable[Term], often: Collection[Term] = ()) -> tuple[Term, ...]:
    """Terms that begin no other words where they stand themselves in more than MOST_FOUND papers, as is known of some
    `often`: to put all words together that begin so takes SQLite twenty times as long as to read the newest papers that
    have the one."""
    both = zip(terms, _as_they_stand(terms), strict=True)
    return tuple(
        whole if term.prefix and (term in often or stands_in_more(session, whole, MOST_FOUND)) else term
        for term, whole in both
    )


def _common(
    session: Session,
    wanted: Wanted,
    terms: Sequence[Term],
    allowed: Sequence[ColumnElement[bool]],
    walked: bool,
    since: int,
) -> tuple[list[int], bool]:
    """The last opened of the cases one paper of which has all the terms, and whether that is every case found.

    `walked` and `since` as `newest_cases` has them; of what is narrowed nobody knows how many the newest cases are.
    """
    look = together_with(session, terms)
    if wanted.open or wanted.owner_id is not None:  # which an index lists sooner than each paper's case is looked up
        look = of_cases(session, look, sa_select(col(Case.id)).where(*allowed))
    elif allowed:
        look = look.join(Case, col(Case.id) == look.selected_columns[0]).where(*allowed)
    own = newest_cases(session, look, MOST_FOUND + 1, walked=walked, since=0 if allowed else since)
    keys = list(own)
    whole = len(terms) == 1 and len(keys) <= MOST_FOUND  # several terms may stand in different papers
    return _in_order({key: 0 if own[key] else 1 for key in keys}), whole


def _rarest(session: Session, terms: Sequence[Term]) -> tuple[Term, Sequence[Any]] | None:
    """The rarest of the terms and each paper that has it; None when each stands in many papers."""
    found: tuple[Term, Sequence[Any]] | None = None
    for term in terms:
        most = FEW if found is None else len(found[1]) - 1
        papers = session.connection().execute(each_paper_with(session, term).limit(most + 1)).all()
        if len(papers) <= most:
            found = term, papers
    return found


def _among(
    session: Session, keys: Iterable[int], terms: Sequence[Term], known: tuple[Term, Sequence[Any]] | None = None
) -> list[int]:
    """Of a few cases those that have each term, in order; the papers that have one of the terms may be known."""
    left, had = set(keys), Counter[int]()
    rows: Sequence[Any] = ()
    for term in sorted(terms, key=lambda term: known is None or term != known[0]):
        if not left:
            return []
        if known and term == known[0]:
            rows = [row for row in known[1] if row.case_id in left]
        else:
            rows = session.connection().execute(papers_among(session, term, sorted(left))).all()
        left = {key for _, key, _ in rows}
        had.update(paper for paper, _, _ in rows)
    places = dict.fromkeys(left, 2)
    for paper, key, own in rows:
        if had[paper] == len(terms):
            places[key] = min(places[key], 0 if own else 1)
    return _in_order(places)


def _in_order(places: Mapping[int, int]) -> list[int]:
    """By where the words stand, the last opened first; of more than MOST_FOUND the cases last opened, and one more."""
    newest = sorted(places, reverse=True)
    return sorted(newest[:MOST_FOUND], key=lambda key: (places[key], -key)) + newest[MOST_FOUND:][:1]


def _exact(session: Session, terms: Sequence[Term], allowed: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Every case that is found, in order."""
    first = papers_with(session, terms[0]).distinct().subquery()
    key: ColumnElement[int] = first.c.case_id
    query: Select[Any] = sa_select(key).where(*(key.in_(papers_with(session, term)) for term in terms[1:]))
    if allowed:
        query = query.join(Case, col(Case.id) == key).where(*allowed)
    papers = together_with(session, terms).order_by(None).subquery()
    inside, together = key.in_(particulars_with(session, terms)), key.in_(sa_select(papers.c.case_id))
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
    # for each case anew, so it is asked only for those that have older ones.
    everything = sum(len(term.words) for term in terms)
    last = _of_each(newest_papers(session, case_ids, LAST_READ, LONGEST_READ), case_ids)
    best = {key: _best(rows, terms) for key, rows in last.items()}
    others = [key for key in case_ids if best[key][0] < everything and len(last[key]) == LAST_READ]
    if others:
        older = _of_each(papers_of_cases(session, others, terms, MOST_READ, LONGEST_READ), others)
        best |= {key: found for key, rows in older.items() if (found := _best(rows, terms))[0] > best[key][0]}
    return {key: (source, excerpt(words, terms)) for key, (_, source, words) in best.items()}


def _of_each(papers: Iterable[Any], keys: Sequence[int]) -> dict[int, list[Any]]:
    """The papers of each case, newest first: source, head and words; they may come in any order."""
    of_case: dict[int, list[Any]] = {key: [] for key in keys}
    for row in sorted(papers, key=lambda row: -row.id):
        of_case[row.case_id].append((row.source, row.head, row.words))
    return of_case


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
