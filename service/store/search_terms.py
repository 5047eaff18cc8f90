"""Asking the index for the papers that have a term: FTS5 on SQLite, tsvector and GIN on PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    column,
    literal_column,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlmodel import Session, cast, func, literal

from service.domain.search_words import Term
from service.store.keys import among, on_sqlite

# The index belongs to the database, whose triggers keep it (migration 0008), and so it has no models.
ENTRY = table(
    "search_entry",
    column("id", BigInteger),
    column("case_id", BigInteger),
    column("source", Text),
    column("head", Text),
    column("words", Text),
    column("vector", TSVECTOR),
)
_CLASS = table("pg_class", column("oid"), column("reltuples"))
_INDEX = table("search_index", column("rowid", BigInteger), column("search_index", Text))
# In the statement itself: as a parameter it would be looked up, and the words parsed, for each paper looked at.
_ENGLISH: ColumnElement[Any] = literal_column("'search_english'::regconfig")
# On SQLite the low bits of an entry's number count within its case, and are 0 for its particulars: the index alone,
# without a look at the entries, tells which cases have a term.
LOW_BITS = 20
PAPERS_AT_ONCE, PAPERS_OF_A_CASE = 500, 3
CASES_LOOKED_INTO, APART, PAPERS_LOOKED_INTO = 80, 100, 3  # every hundredth of the newest, and of each the last papers
DEARER = 5  # to look into a paper than to be led to one by the index
PAPERS = 1000  # which are of five hundred cases
ENOUGH = DEARER * PAPERS
SPARE = 1.5  # times as many papers are looked for among the newest cases as will do, for their share is an estimate
HARDLY_ANY, SOME = 3, 10  # of the papers looked into
MANY = 5_000  # papers, counted by those few
PARTICULARS = "case"
_OWN = ENTRY.c.source == literal_column(f"'{PARTICULARS}'")


def papers_with(session: Session, term: Term) -> Select[Any]:
    """The case of each paper that has a term: `case_id`."""
    if on_sqlite(session):
        return select(_INDEX.c.rowid.op(">>")(LOW_BITS).label("case_id")).where(_matches([term], " AND "))
    return select(ENTRY.c.case_id).where(_has(term))


def each_paper_with(session: Session, term: Term) -> Select[Any]:
    """Each paper that has a term, as `papers_among` gives it."""
    if on_sqlite(session):
        number = _INDEX.c.rowid
        papers = select(number.label("id"), number.op(">>")(LOW_BITS).label("case_id"), _is_own(number).label("own"))
        return papers.where(_matches([term], " AND "))
    return select(ENTRY.c.id, ENTRY.c.case_id, _OWN.label("own")).where(_has(term))


def together_with(session: Session, terms: Sequence[Term]) -> Select[Any]:
    """Each paper that has all of some terms, those of the case last opened first: its `case_id`, and `own` where it is
    the case's particulars."""
    if on_sqlite(session):
        paper = select(_INDEX.c.rowid.op(">>")(LOW_BITS).label("case_id"), _is_own(_INDEX.c.rowid).label("own"))
        return paper.where(_matches(terms, " AND ")).order_by(_INDEX.c.rowid.desc())
    paper = select(ENTRY.c.case_id, _OWN.label("own")).where(*(_has(term) for term in terms))
    return paper.order_by(ENTRY.c.case_id.desc())


def of_cases(session: Session, papers: Select[Any], cases: Select[Any]) -> Select[Any]:
    """The papers that `together_with` finds, of some cases, given by their keys."""
    papers = papers.where(papers.selected_columns[0].in_(cases))
    if not on_sqlite(session):
        return papers
    # The index can end there: most that are open came lately.
    first = select(func.min(cases.subquery().c.id)).scalar_subquery()
    return papers.where(_INDEX.c.rowid >= first.op("<<")(LOW_BITS))


def stands_in_more(session: Session, term: Term, papers: int) -> bool:
    """Whether more papers than so many have a term."""
    found = select(literal(1)).where(_matches([term], "") if on_sqlite(session) else _has(term))
    return session.connection().scalar(found.offset(papers).limit(1)) is not None


def newest_cases(
    session: Session, papers: Select[Any], limit: int, *, walked: bool = True, since: int = 0
) -> dict[int, bool]:
    """The first cases, at most so many, of the papers that `together_with` finds, and whether their particulars are
    among these. Unless `walked`, PostgreSQL does not go through all papers, from the newest, to find them; the cases
    `since` a key are then tried first, of which so many are expected."""
    case_id, own = papers.selected_columns
    inside = dict[int, bool]()
    if on_sqlite(session):
        # It reads the index backwards as far as it is asked: to group would be to read all there is.
        with session.connection().execute(papers) as rows:
            for some in rows.partitions(PAPERS_AT_ONCE):
                if _met_whole(some, inside, limit):
                    break
        return dict(islice(inside.items(), limit))
    key = case_id if walked else case_id + literal_column("0")
    if not walked:
        # To group all papers that the index gives takes as long as to fetch them; mostly the newest of them are enough.
        most = PAPERS_OF_A_CASE * limit
        newest = papers.with_only_columns(key, own).order_by(None).order_by(key.desc()).limit(most)
        # Two indexes then tell which papers to fetch, about a quarter of all that have a common word.
        if since and _met_whole(session.connection().execute(newest.where(case_id > since)), inside, limit):
            return dict(islice(inside.items(), limit))
        inside.clear()
        found = session.connection().execute(newest).all()
        if _met_whole(found, inside, limit) or len(found) < most:
            return dict(islice(inside.items(), limit))
    grouped = papers.with_only_columns(key, func.bool_or(own)).group_by(key).order_by(None).order_by(key.desc())
    return dict(session.connection().execute(grouped.limit(limit)).all())


def _met_whole(papers: Iterable[Any], inside: dict[int, bool], limit: int) -> bool:
    """Add papers to their cases; whether these are one more than so many, and the last that counts is met whole."""
    for key, own in papers:
        inside[key] = bool(own) or inside.get(key, False)
    return len(inside) > limit


@dataclass(frozen=True, slots=True)
class Glance:
    """What a few papers of many cases tell of some terms.

    `met_soon`: they stand together in so many of the newer papers that to go through these finds enough cases sooner
    than to ask the index for all papers that have them; `whole_met_soon`: the same of the terms as they stand, and
    `whole_met` whether any of the few papers has these. `seldom`: the terms that begin no others and that hardly any
    has; `often`: those that so many have as they stand that more than `MANY` of all papers do. The cases opened after
    those of the keys `since` and `whole_since` have enough papers with the terms, or with the terms as they stand.
    """

    met_soon: bool
    whole_met_soon: bool
    whole_met: bool
    seldom: tuple[Term, ...] = ()
    often: tuple[Term, ...] = ()
    since: int = 0
    whole_since: int = 0


def glance(session: Session, terms: Sequence[Term]) -> Glance:
    """Look into papers for what PostgreSQL cannot tell: to it, to look into one costs nothing, and the words of a mail
    lie apart from its row. SQLite reads its index as far as it is asked, and need not know."""
    if on_sqlite(session):
        return Glance(met_soon=True, whole_met_soon=True, whole_met=True)
    looked = _look_into(session, terms)
    of_each = [*zip(terms, looked.each, strict=True)]
    seldom = tuple(term for term, met in of_each if met <= HARDLY_ANY and not term.prefix)
    often = tuple(term for term, met in of_each if met > SOME and looked.share(met) * looked.every > MANY)
    soon, whole_soon = looked.is_met_soon(looked.all, ENOUGH), looked.is_met_soon(looked.whole, ENOUGH)
    since, whole_since = looked.since(looked.all), looked.since(looked.whole)
    return Glance(soon, whole_soon, bool(looked.whole), seldom, often, since, whole_since)


@dataclass(frozen=True, slots=True)
class _LookedInto:
    """How many of some papers have all terms, all as they stand, and each as it stands; of how many in all, and the key
    of the case last opened."""

    all: int
    whole: int
    each: Sequence[int]
    papers: int
    every: float
    last: int

    def share(self, met: int) -> float:
        return met / max(self.papers, 1)

    def is_met_soon(self, met: int, enough: int) -> bool:
        """Whether to look into papers, from the newest, finds a number of them sooner than to ask the index for all:
        `enough` is that number, DEARER times."""
        return self.share(met) ** 2 * self.every > enough

    def since(self, met: int) -> int:
        """The key of a case after which the cases have as many papers as are wanted and to spare; 0 for all cases."""
        share = self.share(met) * max(self.every, 1) / max(self.last, 1)  # of a case
        return max(self.last - int(SPARE * PAPERS / share), 0) if share else 0


def _look_into(session: Session, terms: Sequence[Term]) -> _LookedInto:
    query = _looking_into(tuple(term.prefix for term in terms))
    values = {"apart": APART} | {f"word{place}": term.text for place, term in enumerate(terms)}
    found, whole, papers, every, latest, *each = session.connection().execute(query, values).one()
    return _LookedInto(found, whole, each, papers, every, latest or 0)


@cache  # to put it together takes as long as its answer
def _looking_into(begun: tuple[bool, ...]) -> Select[Any]:
    # Of many cases a few papers each: the newest cases have no answers yet, and a long one would be all that is seen.
    place = func.generate_series(0, CASES_LOOKED_INTO - 1).table_valued("place").render_derived().c.place
    last = select(func.max(ENTRY.c.case_id)).scalar_subquery()
    keys = select((last - bindparam("apart", type_=BigInteger) * place).label("key")).subquery()
    # Joined to nothing, a vector that lies out of line is fetched once, and not for each term.
    fetched = ENTRY.c.vector.op("||")(cast("", TSVECTOR)).label("fetched")
    papers = select(fetched).where(ENTRY.c.case_id == keys.c.key).order_by(ENTRY.c.id.desc())
    looked = papers.limit(PAPERS_LOOKED_INTO).lateral()
    vector: ColumnElement[Any] = looked.c.fetched
    phrases = [_phrase(bindparam(f"word{place}", type_=Text)) for place in range(len(begun))]
    whole = [vector.bool_op("@@")(phrase) for phrase in phrases]
    asked = [
        vector.bool_op("@@")(_beginning(phrase)) if begins else has
        for phrase, has, begins in zip(phrases, whole, begun, strict=True)
    ]
    size = select(_CLASS.c.reltuples).where(_CLASS.c.oid == literal_column("'search_entry'::regclass"))
    counts: list[ColumnElement[Any]] = [func.count().filter(and_(*terms)) for terms in (asked, whole)]
    counts += [func.count(), size.scalar_subquery(), last, *(func.count().filter(one) for one in whole)]
    return select(*counts).select_from(keys).join(looked, true())


def papers_among(session: Session, term: Term, keys: Sequence[int]) -> Select[Any]:
    """The papers of some cases, of which there is at least one, that have a term: `id`, `case_id` and `own`."""
    papers = each_paper_with(session, term)
    if not on_sqlite(session):
        return papers.where(among(session, ENTRY.c.case_id, keys))
    number = _INDEX.c.rowid
    within = number.between(_numbers(min(keys))[0], _numbers(max(keys))[1])  # which the index can begin and end at
    return papers.where(within, among(session, number.op(">>")(LOW_BITS), keys))


def particulars_with(session: Session, terms: Sequence[Term]) -> Select[Any]:
    """The keys of the cases whose particulars have all of some terms."""
    papers = together_with(session, terms).order_by(None).subquery()
    return select(papers.c.case_id).where(papers.c.own)


def newest_particulars(session: Session, terms: Sequence[Term]) -> Select[Any]:
    """The same, the case last opened first."""
    if on_sqlite(session):
        number = _INDEX.c.rowid
        # All of them stand in the head; what the mails say, which for some words is all there is, need not be read.
        matching = _INDEX.c.search_index.match(f"head : ({' AND '.join(map(_written, terms))})")
        paper = select(number.op(">>")(LOW_BITS).label("case_id")).where(matching, _is_own(number))
        return paper.order_by(number.desc())
    having = (ENTRY.c.vector.bool_op("@@")(_tsquery(term)) for term in terms)  # by the index of particulars alone
    return select(ENTRY.c.case_id).where(_OWN, *having).order_by(ENTRY.c.case_id.desc())


def _is_own(number: ColumnElement[int]) -> ColumnElement[bool]:
    return number.op("&")((1 << LOW_BITS) - 1) == 0


def newest_with(session: Session, words: Sequence[str], limit: int) -> Sequence[tuple[int, int]]:
    """For each of some words its place among them with the case of each of the newest papers that have it."""
    if not words:
        return ()
    sqlite = on_sqlite(session)
    walked = (True,) * len(words)
    if not sqlite:
        looked = _look_into(session, [Term(word) for word in words])
        walked = tuple(looked.is_met_soon(met, DEARER * limit) for met in looked.each)
    # A case may have several such papers, and is wanted once for each.
    values = {f"word{place}": _written(Term(word)) if sqlite else word for place, word in enumerate(words)}
    return session.connection().execute(_newest_with(sqlite, walked, limit), values).all()


@lru_cache(maxsize=100)
def _newest_with(sqlite: bool, walked: tuple[bool, ...], limit: int) -> CompoundSelect[Any]:
    def of_word(place: int) -> Select[Any]:
        word = bindparam(f"word{place}", type_=Text)
        label: ColumnElement[int] = literal_column(str(place)).label("place")
        if sqlite:
            case_id = _INDEX.c.rowid.op(">>")(LOW_BITS).label("case_id")
            paper = select(label, case_id).where(_INDEX.c.search_index.match(word)).order_by(_INDEX.c.rowid.desc())
        else:
            newest = ENTRY.c.id if walked[place] else ENTRY.c.id + literal_column("0")
            paper = select(label, ENTRY.c.case_id).where(_says(_phrase(word))).order_by(newest.desc())
        return paper.limit(limit)

    return _of_each(map(of_word, range(len(walked))))


def newest_papers(session: Session, keys: Sequence[int], limit: int, longest: int) -> Sequence[Any]:
    """The newest papers of each case: `id`, `case_id`, `source`, `head`, and the first of their `words`."""
    values = {f"case{place}": key for place, key in enumerate(keys)}
    return session.connection().execute(_newest(on_sqlite(session), len(keys), limit, longest), values).all()


@cache  # to put it together takes as long as its answer, and nearly every page of findings has twenty
def _newest(sqlite: bool, cases: int, limit: int, longest: int) -> CompoundSelect[Any]:
    entry = ENTRY.c

    def of_case(key: ColumnElement[int]) -> Select[Any]:
        first = key.op("<<")(LOW_BITS)
        within = entry.id.between(first, first + (1 << LOW_BITS) - 1) if sqlite else entry.case_id == key
        return _paper(key, longest).where(within).order_by(entry.id.desc()).limit(limit)

    return _of_each(of_case(bindparam(f"case{place}", type_=BigInteger)) for place in range(cases))


def papers_of_cases(
    session: Session, keys: Sequence[int], terms: Sequence[Term], limit: int, longest: int
) -> Sequence[Any]:
    """The newest papers of each case with any of the terms, as newest_papers gives them."""
    entry = ENTRY.c

    def of_case(key: int) -> Select[Any]:
        paper = _paper(literal(key, BigInteger), longest)
        if on_sqlite(session):
            within = _INDEX.c.rowid.between(*_numbers(key))
            found = select(_INDEX.c.rowid).where(within, _matches(terms, " OR ")).order_by(_INDEX.c.rowid.desc())
            return paper.where(entry.id.in_(found.limit(limit))).order_by(entry.id.desc())
        matching = paper.where(entry.case_id == key, entry.vector.bool_op("@@")(_any_of(terms)))
        return matching.order_by(entry.id.desc()).limit(limit)

    return session.connection().execute(_of_each(map(of_case, keys))).all()


def _paper(key: ColumnElement[int], longest: int) -> Select[Any]:
    entry = ENTRY.c
    words = func.substr(entry.words, 1, longest).label("words")
    return select(entry.id, key.label("case_id"), entry.source, entry.head, words)


def _numbers(key: int) -> tuple[int, int]:
    """The first and the last number that an entry of a case can have on SQLite."""
    return key << LOW_BITS, (key << LOW_BITS) + (1 << LOW_BITS) - 1


def _of_each(queries: Iterable[Select[Any]]) -> CompoundSelect[Any]:
    """One statement for all of them, however many; each has its own order and limit, so each stands in brackets."""
    return union_all(*(select(query.subquery()) for query in queries))


def _matches(terms: Sequence[Term], joint: str) -> ColumnElement[bool]:
    return _INDEX.c.search_index.match(joint.join(map(_written, terms)))


def _written(term: Term) -> str:
    """In FTS5 what stands between double quotes are words, whatever they are; but no quotes of their own."""
    return f'"{term.text.replace(chr(34), " ")}"' + (" *" if term.prefix else "")


def _has(term: Term) -> ColumnElement[bool]:
    return _says(_tsquery(term))


def _says(query: ColumnElement[Any]) -> ColumnElement[bool]:
    """By the index of words, which is one of what this function gives."""
    return func.search_vector(ENTRY.c.vector).bool_op("@@")(query)


def _tsquery(term: Term) -> ColumnElement[Any]:
    """A term as PostgreSQL asks for it; of a term in which its parser finds no word, one that nothing has."""
    return _beginning(_phrase(term.text)) if term.prefix else _phrase(term.text)


def _beginning(phrase: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.nullif(cast(phrase, Text), "").concat(":*"), TSQUERY)


def _phrase(words: Any) -> ColumnElement[Any]:
    return func.phraseto_tsquery(_ENGLISH, func.search_words(words))


def _any_of(terms: Sequence[Term]) -> ColumnElement[Any]:
    query = _tsquery(terms[0])
    for term in terms[1:]:
        query = query.op("||")(_tsquery(term))
    return query
