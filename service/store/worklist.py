"""The lists that officers work from, computed when asked: no case is ever stored as late."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    bindparam,
    false,
    text,
    true,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select

from service.domain.outcome import Outcome
from service.domain.promptness import Promptness
from service.domain.regime import Matter
from service.domain.search_words import MOST_TERMS, SHORTEST_PREFIX, Term
from service.domain.stage import Stage
from service.store.acknowledgements import acknowledged_so
from service.store.cases import is_open
from service.store.correspondence import FAILED, QUARANTINED, QUEUED, RETRY, SENDING, UNCERTAIN
from service.store.forwards import WAITING
from service.store.keys import among
from service.store.search_terms import newest_particulars, particulars_with
from service.store.tables import (
    IN_TROUBLE,
    WITHOUT_CASE,
    Approval,
    Case,
    Draft,
    Event,
    Forward,
    GroundRow,
    Letter,
    Officer,
    Post,
)


class View(StrEnum):
    """A list of cases."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    TO_CLEAR = "to-clear"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    STOPPED = "stopped"
    OPEN = "open"
    CLOSED = "closed"
    EVERY = "every"


SORTS: dict[str, SQLColumnExpression[Any]] = {
    "due": col(Case.due_on),
    "stopped": col(Case.stopped_on),
    "received": col(Case.received_at),
    "reference": col(Case.number),
    "requester": func.lower(Case.requester_name),
    "subject": func.lower(Case.subject),
}


NULLABLE = ("due", "stopped")
NEWEST_FIRST = ("-received", "-reference")
MOST_COUNTED = 100_000  # cases of a list that are counted and can be paged through
MOST_WITH_WORDS = 10_000  # the same while it is narrowed by words: of more, those last opened
FEW = 1000
UNSENT = (QUEUED, SENDING, RETRY, UNCERTAIN, FAILED)  # states of a letter
_COUNTED = [view for view in View if view not in (View.CLOSED, View.EVERY, View.TO_CLEAR)]
COUNTED_VIEWS = (View.TO_CLEAR, *_COUNTED)
_NO_REQUESTS = [matter.value for matter in Matter if not matter.is_request]


@dataclass(frozen=True, slots=True)
class Days:
    """The days from one to another, both within; None where there is no end."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def hold(self, column: SQLColumnExpression[Any]) -> list[ColumnElement[bool]]:
        """That a column of days lies within."""
        return [
            *([column >= self.first] if self.first else []),
            *([column <= self.last] if self.last else []),
        ]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What of a list is wanted; what is not said narrows nothing. `owner_id` is NOBODY for what has no owner.

    `late` is of an answer or, while there is none, of an overdue case. `citation` is that of a limb relied on.
    `acknowledged` tells how soon the acknowledgement was sent, `stage` that of an open case.
    """

    account: str = ""
    regime: str = ""
    requests_only: bool = False
    owner_id: int | None = None
    received: Days = Days()
    due: Days = Days()
    answered: Days = Days()
    late: bool | None = None
    citation: str = ""
    acknowledged: Promptness | None = None
    stage: Stage | None = None


ALL = Narrowing()
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases to list: a view, seen by `officer_id` on `today`.

    `not_soon` gives for each law the first day on which a deadline is not due soon, as domain.standing counts it.

    `wanted` narrows it; `words` must begin words of the reference, subject, name or address. `sort` is a name of SORTS,
    with "-" before it for descending.
    """

    view: View
    today: date
    not_soon: Mapping[str, date]
    officer_id: int
    wanted: Narrowing = ALL
    words: str = ""
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows with their owners' names, and how many there are in all.

    `more` when there are more than `total`, which is as far as anyone counts or turns pages.
    """

    rows: Sequence[tuple[Case, str | None]]
    total: int
    more: bool = False


def list_cases(session: Session, selection: Selection, *, page: int = 1, size: int = 50) -> Page:
    """One page, counted from 1, of the cases of a selection."""
    few = _few(session, selection)
    if few is None:
        return _of_many(session, selection, page, size)
    return _of_few(session, selection, few, page, size)


def _of_few(session: Session, selection: Selection, few: Sequence[int], page: int, size: int) -> Page:
    """A page of the cases with some keys, of which one is too many when it is beyond what anyone counts."""
    most = MOST_WITH_WORDS  # without words there are always fewer
    total, few = len(few), few[:most]
    # Of too many there are those last opened, which all lie at one end of most lists.
    if (total <= most or selection.sort in NEWEST_FIRST) and _to_be_met(few, page * size):
        # Not by the key itself: it would be looked up for each of them, and not in their order.
        wanted = [*in_view(selection.view, selection), among(session, col(Case.id) + 0, few)]
        query = _rows(wanted, _order(selection.sort), page, size)
    else:
        query = _rows([among(session, col(Case.id), few)], _order(selection.sort, walked=False), page, size)
    return Page([(case, owner) for case, owner in session.execute(query)], min(total, most), total > most)


def _of_many(session: Session, selection: Selection, page: int, size: int) -> Page:
    """A page of a list gone through in its order; how many there are is asked with the rows, where there are any."""
    wanted = [*in_view(selection.view, selection), *narrowed(selection.wanted, selection.today, met=True)]
    counted = select(func.count()).select_from(_counted(session, selection).limit(MOST_COUNTED + 1).subquery())
    query = _rows(wanted, _order(selection.sort), page, size).add_columns(counted.scalar_subquery())
    rows = session.execute(query).all()
    total = rows[0][2] if rows else 0 if page == 1 else session.exec(counted).one()
    return Page([(case, owner) for case, owner, _ in rows], min(total, MOST_COUNTED), total > MOST_COUNTED)


def _rows(
    wanted: Sequence[ColumnElement[bool]], order: Sequence[ColumnElement[Any]], page: int, size: int
) -> Select[Case, str]:
    """The cases of a page with their owners' names: the keys come out of an index alone, however far the page lies, and
    only its own cases are read."""
    keys = select(Case.id).where(*wanted).order_by(*order).limit(size).offset((page - 1) * size).subquery()
    query = sa_select(Case, col(Officer.name)).join(Officer, col(Officer.id) == col(Case.owner_id), isouter=True)
    return query.join(keys, keys.c.id == col(Case.id)).order_by(*order)


def marks_of(session: Session, case_ids: Collection[int]) -> tuple[dict[int, int], set[int]]:
    """The number of the last event of each of some cases, by key, and those on which a proposal of who asked waits."""
    proposal = select(Forward.case_id).join(Case, col(Case.id) == col(Forward.case_id))
    waits = proposal.where(*WAITING, col(Forward.case_id) == col(Event.case_id)).correlate(Event).exists()
    query = sa_select(col(Event.case_id), func.max(Event.seq), waits).where(col(Event.case_id).in_(case_ids))
    found = session.execute(query.group_by(col(Event.case_id))).all()
    return {key: seq for key, seq, _ in found}, {key for key, _, waits in found if waits}


def _counted(session: Session, selection: Selection) -> Select[Any] | CompoundSelect[Any]:
    """The cases of a selection as they are counted: those that rely on a limb without a look at each, where nothing
    else is asked of them, and late ones by two indexes, for no database asks both."""
    citation = selection.wanted.citation
    if selection.wanted.late:
        others = replace(selection, wanted=replace(selection.wanted, late=None))
        case = sa_select(col(Case.id)).where(*wanted_cases(session, others))
        overdue = case.where(is_open(), col(Case.due_on) < selection.today, func.coalesce(~_was_late(), true()))
        return union_all(case.where(_was_late()), overdue)
    if citation and selection.view is View.EVERY and selection.wanted == Narrowing(citation=citation):
        return sa_select(col(GroundRow.case_id)).where(col(GroundRow.citation) == citation).distinct()
    return sa_select(col(Case.id)).where(*wanted_cases(session, selection))


def _to_be_met(keys: Sequence[int], shown: int) -> bool:
    """Whether so many of all cases are meant that whoever goes through the list soon has met all that are shown."""
    return bool(keys) and len(keys) ** 2 > 4 * max(keys) * shown


def _few(session: Session, selection: Selection) -> Sequence[int] | None:
    """The keys of the cases of a narrowed list, when they are few: then to sort them mostly takes less than to look for
    them in order. Where words are looked for, which takes longest, those last opened, and one too many to be told."""
    if selection.words:
        query = _with_words(session, selection)
        return [] if query is None else _keys(session, query.limit(MOST_WITH_WORDS + 1))
    if selection.wanted == ALL:
        return None
    found = _keys(session, _counted(session, selection).limit(FEW + 1))
    return found if len(found) <= FEW else None


def _keys(session: Session, query: Select[Any] | CompoundSelect[Any]) -> Sequence[int]:
    session.flush()
    # By the connection, for a session would look at each of the thousands of keys for what it might be.
    return session.connection().execute(query).scalars().all()


def _with_words(session: Session, selection: Selection) -> Select[Any] | None:
    """The keys of the cases of a list whose particulars have its words, the last opened first; None for no word."""
    terms = _terms(selection)
    if not all(term.words for term in terms):
        return None
    query, wanted = newest_particulars(session, terms), list(narrowed(selection.wanted, selection.today))
    key: ColumnElement[int] = query.selected_columns[0]
    # Of open cases there are few: they are listed sooner than each paper's case is looked up.
    if selection.view is View.CLOSED:
        query = query.where(key.not_in(sa_select(col(Case.id)).where(is_open())))
    elif selection.view is not View.EVERY:
        query = query.where(key.in_(sa_select(col(Case.id)).where(*in_view(selection.view, selection))))
    return query.join(Case, col(Case.id) == key).where(*wanted) if wanted else query


def values_of_views(selection: Selection) -> dict[str, Any]:
    """What `views_of` is asked with."""
    values: dict[str, Any] = {_day_of(law): day for law, day in selection.not_soon.items()}
    return values | {"today": selection.today, "officer": selection.officer_id}


# Kept: every page asks it, and to put it together takes longer than its answer.
@cache
def views_of(laws: tuple[str, ...]) -> Select[Any]:
    """How many cases each of COUNTED_VIEWS holds, in one pass over the open cases, as a statement with names in place
    of what differs from page to page."""
    later: Any = bindparam
    not_soon = {law: later(_day_of(law)) for law in laws}
    selection = Selection(View.OPEN, later("today"), not_soon, later("officer"))
    sums = [func.count().filter(*among_open(view, selection)) for view in _COUNTED]
    # Apart, for it needs the cases themselves: the index of the open ones has all that the others ask.
    to_clear = sa_select(func.count()).select_from(Case).where(*in_view(View.TO_CLEAR, selection)).scalar_subquery()
    return sa_select(to_clear, *sums).select_from(Case).where(is_open())


def _day_of(law: str) -> str:
    return f"not_soon_under_{law}"


def wanted_cases(session: Session, selection: Selection) -> list[ColumnElement[bool]]:
    """What a selection asks of a case."""
    wanted = [*in_view(selection.view, selection), *narrowed(selection.wanted, selection.today)]
    return [*wanted, _says(session, _terms(selection))] if selection.words else wanted


def _terms(selection: Selection) -> list[Term]:
    """What has no letter, such as the & of "Parks & Leisure", narrows nothing beside what has; nor does a letter by
    itself beside longer words: half of all words begin with it, and SQLite would read all of these."""
    terms = [Term(word, prefix=True) for word in selection.words.split()]
    told = [term for term in terms if term.words]
    longer = [term for term in told if term.letters >= SHORTEST_PREFIX]
    return (longer or told or terms)[:MOST_TERMS]


def narrowed(wanted: Narrowing, today: date, *, met: bool = False) -> Iterator[ColumnElement[bool]]:
    """What a narrowing asks of a case; in words that no index has where the cases are `met` in the order of a list, or
    a database would read and sort all of the days instead."""
    for column, value in (
        (Case.account, wanted.account),
        (Case.regime, wanted.regime),
        (Case.owner_id, wanted.owner_id),
    ):
        if value:
            yield col(column) == value
    if wanted.owner_id == NOBODY:
        yield col(Case.owner_id).is_(None)
    if wanted.requests_only:
        yield col(Case.matter).not_in(_NO_REQUESTS)
        yield col(Case.outcome) != Outcome.NOT_FOI.value  # as the statistics leave them out
    received_on = col(Case.received_on)
    yield from wanted.received.hold(func.coalesce(received_on, received_on) if met else received_on)
    yield from wanted.due.hold(col(Case.due_on))
    yield from wanted.answered.hold(col(Case.answered_on))
    if wanted.late is not None:
        yield is_late(today) if wanted.late else in_time()
    if wanted.citation:
        yield col(Case.id).in_(select(GroundRow.case_id).where(col(GroundRow.citation) == wanted.citation))
    if wanted.acknowledged is not None:
        yield acknowledged_so(wanted.acknowledged)
    if wanted.stage is not None:
        yield from (is_open(), col(Case.stage) == wanted.stage.value)  # the open ones have an index, and are few


def is_late(today: date) -> ColumnElement[bool]:
    """Whether a case was answered late, or is overdue."""
    return or_(_was_late(), and_(is_open(), col(Case.due_on) < today))


def _was_late() -> ColumnElement[bool]:
    return col(Case.answered_on) > col(Case.due_on)


def in_time() -> ColumnElement[bool]:
    """Whether a case was answered in time; an answer while the clock stood is."""
    return and_(
        col(Case.answered_on).is_not(None),
        or_(col(Case.due_on).is_(None), col(Case.answered_on) <= col(Case.due_on)),
    )


def in_view(view: View, selection: Selection) -> list[ColumnElement[bool]]:
    """What a view asks of a case."""
    match view:
        case View.TO_CLEAR:
            return [col(Case.stage) == Stage.CLEARANCE.value, _waits_for(selection.officer_id)]
        case View.CLOSED:
            return [col(Case.stage) == Stage.CLOSED.value]
        case View.EVERY:
            return []
    return [is_open(), *among_open(view, selection)]


def among_open(view: View, selection: Selection) -> list[ColumnElement[bool]]:
    """What a view asks of an open case beyond that; nothing that the index of the open cases does not hold."""
    match view:
        case View.MINE:
            return [col(Case.owner_id) == selection.officer_id]
        case View.UNASSIGNED:
            return [col(Case.owner_id).is_(None)]
        case View.DUE_SOON:
            return [col(Case.due_on) >= selection.today, _is_soon(selection.not_soon)]
        case View.OVERDUE:
            return [col(Case.due_on) < selection.today]
        case View.STOPPED:
            return [col(Case.stopped_on).is_not(None)]
    return []


def _waits_for(officer_id: int) -> ColumnElement[bool]:
    """Whether it is this officer's turn to approve: of the steps not taken, theirs is the first."""
    before = aliased(Approval)
    earlier = select(before.rank).where(
        col(before.draft_id) == col(Approval.draft_id),
        col(before.verdict) == "",
        col(before.rank) < col(Approval.rank),
    )
    asked = select(Draft.case_id).join(Approval, col(Approval.draft_id) == col(Draft.id))
    mine = asked.where(col(Approval.officer_id) == officer_id, col(Approval.verdict) == "", ~earlier.exists())
    return col(Case.id).in_(mine)


def _is_soon(not_soon: Mapping[str, date]) -> ColumnElement[bool]:
    """By the prudent date, to which the team works."""
    work_to = func.coalesce(col(Case.prudent_due_on), col(Case.due_on))
    return or_(*(and_(col(Case.regime) == regime, work_to < day) for regime, day in not_soon.items()))


def _says(session: Session, terms: Sequence[Term]) -> ColumnElement[bool]:
    """Whether words of a case's particulars begin so."""
    if not all(term.words for term in terms):
        return false()
    return col(Case.id).in_(particulars_with(session, terms))


def _order(sort: str, *, walked: bool = True) -> list[ColumnElement[Any]]:
    """What a list is sorted by; descending is the ascending order read backwards, as an index can be.

    Unless `walked`, in words that no index has: the cases are few and named, and would be looked for among all.
    """
    name = sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "due"
    column = SORTS[name] if walked else func.coalesce(SORTS[name], SORTS[name])
    by: list[Any] = [column, col(Case.id)]
    if sort.startswith("-"):
        by = [column.desc() for column in by]
        return [by[0].nulls_first(), by[1]] if name in NULLABLE else by
    return [by[0].nulls_last(), by[1]] if name in NULLABLE else by


def open_cases(session: Session) -> Sequence[Case]:
    """Every open case with a deadline, the most urgent first."""
    return session.exec(select(Case).where(is_open(), col(Case.due_on).is_not(None)).order_by(col(Case.due_on))).all()


def post_for_a_person(session: Session, limit: int = 200) -> Sequence[Post]:
    """Mails that wait for a person, oldest first."""
    return session.exec(
        select(Post).where(col(Post.state) == QUARANTINED).order_by(col(Post.received_at)).limit(limit)
    ).all()


def post_without_case(session: Session, limit: int = 200) -> Sequence[Post]:
    """Mails filed on no case, as automatic or as mailings, newest first, so that a person can look them over."""
    query = select(Post).where(text(WITHOUT_CASE))
    return session.exec(query.order_by(col(Post.received_at).desc()).limit(limit)).all()


def letters_in_trouble(session: Session, limit: int = 200) -> Sequence[Letter]:
    """Letters that failed, came back, or may not have arrived, and that nobody has dealt with, newest first."""
    # Not by the key itself: SQLite would go through every letter in its order rather than through the index of these.
    return session.exec(select(Letter).where(text(IN_TROUBLE)).order_by((col(Letter.id) + 0).desc()).limit(limit)).all()


def count_letters(session: Session) -> dict[str, int]:
    """How many letters that have not simply been sent, as nearly all are, stand in each state."""
    query = select(Letter.state, func.count()).where(col(Letter.state).in_(UNSENT))
    return dict(session.exec(query.group_by(col(Letter.state))).all())


def count_posts(session: Session, states: Collection[str]) -> dict[str, int]:
    """How many mails in are in each of some states; most are in none that waits for anything."""
    query = select(Post.state, func.count()).where(col(Post.state).in_(states))
    return dict(session.exec(query.group_by(col(Post.state))).all())


def case_of_requester(session: Session, address: str) -> Case:
    """The newest case of a requester's address; raises LookupError when they have none."""
    query = select(Case).where(col(Case.requester_key) == address.casefold()).order_by(col(Case.id).desc())
    case = session.exec(query).first()
    if case is None:
        raise LookupError("no case of this requester")
    return case


def every_case(session: Session, selection: Selection) -> list[tuple[int, int | None]]:
    """All cases of a selection by key, each with its owner's."""
    query = select(Case.id, Case.owner_id).where(*wanted_cases(session, selection)).order_by(col(Case.id))
    return [(case_id, owner_id) for case_id, owner_id in session.exec(query).all()]


def count_by_owner(session: Session, selection: Selection) -> list[tuple[str | None, int]]:
    """How many cases of a selection each officer has, the most first; None are nobody's."""
    query = (
        select(Officer.name, func.count())
        .select_from(Case)
        .join(Officer, col(Officer.id) == col(Case.owner_id), isouter=True)
        .where(*wanted_cases(session, selection))
        .group_by(col(Case.owner_id), col(Officer.name))
        .order_by(func.count().desc(), col(Officer.name))
    )
    return [(name, number) for name, number in session.exec(query).all()]


def count_each(session: Session, selections: Sequence[Selection]) -> list[int]:
    """How many cases each of some selections holds, in one statement."""
    if not selections:
        return []
    counts = [
        select(func.count()).select_from(Case).where(*wanted_cases(session, selection)).scalar_subquery()
        for selection in selections
    ]
    return list(session.execute(sa_select(*counts)).one())
