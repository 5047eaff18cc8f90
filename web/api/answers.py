"""What the API reads of the desk for each of its addresses."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from service.casework.deadline_calendar import link_of
from service.casework.standing_of import standing_of
from service.casework.statistics import authority_named, quarterly
from service.desk import Desk
from service.domain.history import CaseEvent
from service.domain.outcome import Outcome
from service.domain.quarter import Quarter
from service.domain.regime import Matter, Regime
from service.domain.stage import Stage
from service.domain.statistics import Statistics, Table
from service.domain.timeline import State
from service.domain.token import Scope
from service.store import tables
from service.store.case_listing import cases_after, deadlines_after, owner_name
from service.store.cases import NoSuchCase, case_by_id, case_by_reference, cases_following, history
from service.store.database import snapshot
from service.store.questions import questions_of
from service.store.worklist import View
from web.api import models
from web.api.callers import Caller
from web.api.queries import CaseQuery, DeadlineQuery, Narrowed, Nothing, StatisticsQuery

ROOT = "/api/v1"


def cases(desk: Desk, caller: Caller, query: CaseQuery) -> models.CasePage:
    """One page of cases, by one query whatever its length."""
    if query.q is not None:
        caller.require(Scope.REQUESTERS, "what requesters wrote")
    selection = query.selection(desk, View(query.view), query.words)
    with snapshot(desk.engine) as session:
        rows = cases_after(session, selection, query.after, query.limit + 1)
    shown = [_case(desk, caller, case, name) for case, name in rows[: query.limit]]
    more = len(rows) > query.limit
    return models.CasePage(cases=shown, next=_next("cases", query, rows[query.limit - 1][0].id) if more else None)


def case(desk: Desk, caller: Caller, _query: Nothing, reference: str) -> models.CaseInFull:
    """One case in full."""
    if not reference.isprintable():  # PostgreSQL takes no NUL, and no reference has one
        raise NoSuchCase(reference="of that name")
    with snapshot(desk.engine) as session:
        found = case_by_reference(session, reference)
        original = case_by_id(session, found.original_id) if found.original_id else None
        plain = _case(desk, caller, found, owner_name(session, found))
        return models.CaseInFull(
            **dict(plain),
            original=original.reference if original else None,
            followers=[one.reference for one in cases_following(session, found.id)],
            questions=[
                models.QuestionDecided(
                    number=one.position, decision=one.decision, limbs=[ground.citation for ground in one.grounds]
                )
                for one in questions_of(session, found.id)
            ],
            history=[_fact(event) for event in history(session, found.id)],
        )


def deadlines(desk: Desk, _caller: Caller, query: DeadlineQuery) -> models.DeadlinePage:
    """One page of deadlines of open cases."""
    selection = query.selection(desk, View.OPEN)
    with snapshot(desk.engine) as session:
        rows = deadlines_after(session, selection, query.place, query.limit + 1)
    shown = [_deadline(desk, case, case.due_on, name) for case, name in rows[: query.limit] if case.due_on is not None]
    last = rows[query.limit - 1][0] if len(rows) > query.limit else None
    return models.DeadlinePage(deadlines=shown, next=_next("deadlines", query, _place(last)) if last else None)


def statistics(desk: Desk, caller: Caller, query: StatisticsQuery) -> models.Statistics:
    """The tables of a quarter; raises NoSuchQuarter, NoSuchAuthority or AsAtImpossible."""
    if query.references:
        caller.require(Scope.CASES, "the references behind the figures")
    quarter, today, authority = Quarter.read(query.quarter), desk.today(), authority_named(desk, query.authority)
    with snapshot(desk.engine) as session:
        found = quarterly(session, desk, quarter, query.as_at or today, today=today, authority=authority)
    return _statistics(found, authority, query.references)


def _next(name: str, query: Narrowed, after: object) -> str:
    asked = query.model_dump(mode="json", exclude_unset=True, exclude={"after"})
    return f"{ROOT}/{name}?{urlencode(_as_written(asked) | {'after': str(after)})}"


def _place(case: tables.Case) -> str:
    assert case.due_on is not None
    return f"{case.due_on.toordinal()}~{case.id}"


def _as_written(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}


def _case(desk: Desk, caller: Caller, case: tables.Case, owner: str | None) -> models.Case:
    asker = models.Requester(name=case.requester_name, address=case.requester_address)
    return models.Case(
        reference=case.reference,
        kind=case.kind,
        regime=Regime(case.regime),
        matter=Matter(case.matter),
        stage=Stage(case.stage),
        mailbox=case.account,
        received_at=case.received_at,
        received_on=case.received_on,
        due_on=case.due_on,
        prudent_due_on=case.prudent_due_on,
        provisional=case.provisional,
        clock=State(case.clock_state),
        stopped_on=case.stopped_on,
        answered_on=case.answered_on,
        outcome=Outcome(case.outcome) if case.outcome else None,
        standing=_standing(desk, case),
        owner=_owner(case, owner),
        link=link_of(desk, case),
        subject=case.subject if caller.sees_requesters else None,
        requester=asker if caller.sees_requesters else None,
    )


def _deadline(desk: Desk, case: tables.Case, due_on: date, owner: str | None) -> models.Deadline:
    return models.Deadline(
        reference=case.reference,
        regime=Regime(case.regime),
        matter=Matter(case.matter),
        received_on=case.received_on,
        due_on=due_on,
        prudent_due_on=case.prudent_due_on,
        provisional=case.provisional,
        standing=_standing(desk, case),
        owner=_owner(case, owner),
        link=link_of(desk, case),
    )


def _standing(desk: Desk, case: tables.Case) -> models.Standing:
    found = standing_of(desk, case, desk.today())
    return models.Standing(
        kind=found.kind, words=found.words, working_days_left=found.left, working_days_late=found.late
    )


def _owner(case: tables.Case, name: str | None) -> models.Owner | None:
    return models.Owner(id=case.owner_id, name=name or "") if case.owner_id else None


def _fact(event: CaseEvent) -> models.Fact:
    due_on = event.data.get("due_on", "")
    return models.Fact(
        number=event.seq,
        kind=event.kind,
        happened_at=event.at,
        due_on=date.fromisoformat(due_on) if due_on else None,
    )


def _statistics(found: Statistics, authority: str, references: bool) -> models.Statistics:
    return models.Statistics(
        authority=authority,
        quarter=str(found.quarter),
        first=found.quarter.first,
        last=found.quarter.last,
        as_at=found.as_at,
        tables=[_table(table, references) for table in found.tables],
    )


def _table(table: Table, references: bool) -> models.Table:
    figures = [
        models.Figure(
            key=row.key, words=row.words, count=row.count, references=list(row.references) if references else None
        )
        for row in table.figures
    ]
    rates = [
        models.Rate(key=rate.key, words=rate.words, part=rate.part, of=rate.whole, percent=rate.percent)
        for rate in table.rates
    ]
    return models.Table(key=table.key, title=table.title, figures=figures, rates=rates)
