"""Statistics where one way of counting could contradict another: the pages, the law, the other body of the desk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from service.bootstrap import open_desk
from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.decide import Part, decide, set_questions
from service.casework.open_case import Request, open_case
from service.casework.overview import course
from service.casework.respond import decided_outcome
from service.casework.standing_of import standing_of
from service.casework.statistics import NoSuchAuthority, authority_named, quarterly
from service.casework.subscribe import subscribe
from service.casework.team_digest import compose_team_digest
from service.casework.triage import confirm_triage, triage
from service.desk import Desk
from service.domain.announcement import OF_CASES
from service.domain.forecast import Forecast
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.progress import Triage
from service.domain.quarter import Quarter
from service.domain.question import Decision, Ground
from service.domain.regime import Regime
from service.domain.standing import StandingKind
from service.domain.statistics import Rate, Statistics
from service.store.database import reading, transaction
from service.store.tables import Case, WebhookDelivery
from service.store.worklist import Selection, View
from tests.builders import a_message, an_officer, open_a_case
from tests.conftest import Time, council_settings

Q2 = Quarter(2024, 2)
FERRIES = {
    "account": "ferries",
    "address": "foi@ferries.example",
    "user": "ferries",
    "password": "y",
    "regime": "FOISA",
    "authority": {"name": "Anytown Ferries", "body": 7},
    "host": "127.0.0.1",
    "security": "none",
}


def figures(desk: Desk, quarter: Quarter = Q2, authority: str = "") -> Statistics:
    with reading(desk.engine) as session:
        chosen = authority_named(desk, authority)
        return quarterly(session, desk, quarter, desk.today(), today=desk.today(), authority=chosen)


def rate(found: Statistics, key: str) -> Rate:
    return next(rate for table in found.tables for rate in table.rates if rate.key == key)


def ended(session: Session, desk: Desk, *decisions: tuple[Decision, str]) -> Case:
    """A case decided question by question and closed with what the decisions come to."""
    case, officer = open_a_case(session, desk), an_officer(session)
    by = f"officer:{officer.id}"
    assign(session, desk, case, officer.id, at=desk.now(), by=by)
    parts = [Part(0, str(number), f"Question {number}") for number, _ in enumerate(decisions, 1)]
    for question, (decision, limb) in zip(
        set_questions(session, desk, case, parts, at=desk.now(), by=by), decisions, strict=True
    ):
        link = "https://anytown.example/" if decision is Decision.ACCESSIBLE else ""
        grounds = (Ground(limb, harm="It would."),) if limb else ()
        decided = replace(question, decision=decision, grounds=grounds, link=link)
        decide(session, desk, case, decided, at=desk.now(), by=by)
    outcome = decided_outcome(session, case)
    close(session, desk, case, outcome, answered_on=desk.today(), at=desk.now(), by=by)
    return case


COST, ELSEWHERE, NOT_HELD = (Decision.COST_LIMIT, "12(1)"), (Decision.ACCESSIBLE, "21(1)"), (Decision.NOT_HELD, "")


def test_a_cost_limit_beside_not_held_is_a_cost_limit(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = ended(session, sqlite_desk, COST, NOT_HELD)
    found = figures(sqlite_desk)
    assert found.figure("2.G").references == (case.reference,)
    assert found.figure("2.I").count == found.figure("0.no-exemption").count == 0


@pytest.mark.parametrize("beside", [(COST,), ((Decision.DISCLOSE, ""), (Decision.VEXATIOUS, "14(1)"))])
def test_section_21_beside_another_refusal_is_not_alone(
    sqlite_desk: Desk, beside: tuple[tuple[Decision, str], ...]
) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = ended(session, sqlite_desk, *beside, ELSEWHERE)
    found = figures(sqlite_desk)
    assert found.figure("4.A").count == 0
    assert found.figure("1.A").references == (case.reference,)


def test_what_is_easily_had_under_the_regulations_is_no_section_21(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = open_a_case(session, sqlite_desk)
        told = {"regime": "EIR", "matter": "request", "reason": "trees"}
        fact = ClockFact(Kind.REGIME_CHANGED, sqlite_desk.today(), told)
        establish(session, sqlite_desk, case, fact, at=sqlite_desk.now(), by="officer:1")
        today = sqlite_desk.today()
        close(session, sqlite_desk, case, Outcome.ACCESSIBLE, answered_on=today, at=sqlite_desk.now(), by="officer:1")
    found = figures(sqlite_desk)
    for key in ("1.A", "1.Ai", "2.B", "code.4"):
        assert found.figure(key).references == (case.reference,), key
    assert found.figure("4.A").count == found.figure("code.5").count == 0


@pytest.mark.parametrize("kind", [Kind.CLARIFICATION_SOUGHT, Kind.FEES_NOTICE])
def test_an_answer_while_the_clock_stands_is_in_time_on_the_page_and_in_the_figures(
    sqlite_desk: Desk, time: Time, kind: Kind
) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = open_a_case(session, sqlite_desk)
        time.pass_by(days=3)
        fact = ClockFact(kind, sqlite_desk.today(), {})
        establish(session, sqlite_desk, case, fact, at=sqlite_desk.now(), by="officer:1")
        time.pass_by(days=60)
        today = sqlite_desk.today()
        close(session, sqlite_desk, case, Outcome.GRANTED, answered_on=today, at=sqlite_desk.now(), by="officer:1")
        assert standing_of(sqlite_desk, case, today).kind is StandingKind.ANSWERED_IN_TIME
    found = figures(sqlite_desk)
    assert found.figure("code.3.in-time").references == found.figure("1.Ci").references == (case.reference,)
    assert found.figure("code.3.late").count == 0


def test_what_is_no_request_is_answered_in_time_nowhere(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        subscribe(session, "https://hooks.example/", OF_CASES, at=desk.now(), by="console")
        late = open_a_case(session, desk)
        for _ in range(3):
            case = open_a_case(session, desk, a_message(subject="Bins"))
            about = {"regime": Regime.FOIA, "reason": "bins", "at": desk.now(), "by": "officer:1"}
            triage(session, desk, case, Triage.BUSINESS, **about)  # type: ignore[arg-type]
            confirm_triage(session, desk, case, at=desk.now(), by="officer:2")
        assert "case.answered" not in [one.event for one in session.exec(select(WebhookDelivery))]
        time.pass_by(days=60)
        close(session, desk, late, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")
    found = figures(desk)
    with reading(desk.engine) as session:
        decided = course(session, desk, Selection(View.OPEN, desk.today(), {}, 0), Q2).decided
    counted = (found.figure("code.1").count, rate(found, "code.rate").part, found.figure("code.3.late").count)
    assert (decided.received, decided.in_time, decided.late) == counted == (1, 0, 1)


def test_the_forecast_of_a_desk_a_quarter_old_expects_what_the_quarter_brought(sqlite_desk: Desk, time: Time) -> None:
    time.moment = datetime(2024, 4, 1, 9, tzinfo=UTC)
    with transaction(sqlite_desk.engine) as session:
        for number in range(61):
            came = datetime(2024, 4, 2, 12, tzinfo=UTC) + timedelta(days=number)
            open_case(session, sqlite_desk, Request("", "", "x", came, "foi"), at=sqlite_desk.now())
    time.moment = datetime(2024, 7, 1, 9, tzinfo=UTC)
    with reading(sqlite_desk.engine) as session:
        seen = course(session, sqlite_desk, Selection(View.OPEN, date(2024, 7, 1), {}, 0), Quarter(2024, 3))
    assert 55 < seen.forecast.expected < 70


def test_the_forecast_of_a_desk_in_its_first_quarter_goes_by_that_quarter(sqlite_desk: Desk, time: Time) -> None:
    time.moment = datetime(2024, 4, 2, 9, tzinfo=UTC)
    with transaction(sqlite_desk.engine) as session:
        made = []
        for number in range(29):
            came = datetime(2024, 4, 2, 12, tzinfo=UTC) + timedelta(days=number)
            made.append(open_case(session, sqlite_desk, Request("", "", "x", came, "foi"), at=sqlite_desk.now()))

    def seen(on: date) -> Forecast:
        with reading(sqlite_desk.engine) as session:
            return course(session, sqlite_desk, Selection(View.OPEN, on, {}, 0), Quarter(2024, 2)).forecast

    young = seen(date(2024, 4, 30))
    assert (young.by_itself, young.share, young.at_end) == (True, None, None)
    time.moment = datetime(2024, 5, 10, 9, tzinfo=UTC)
    with transaction(sqlite_desk.engine) as session:
        for case in made[:3]:
            on = case.received_on
            close(session, sqlite_desk, case, Outcome.GRANTED, answered_on=on, at=time.moment, by="officer:1")
    older = seen(date(2024, 5, 10))
    assert (older.in_time, older.late > 0) == (3, True)
    share = 3 / (3 + older.late)
    assert older.share == older.so_far == pytest.approx(share)
    assert older.expected == round(29 / 28 * 34)  # working days from 2 April to 10 May, and from then to 28 June
    assert older.at_end == pytest.approx((3 + share * (26 - older.late + older.expected)) / (29 + older.expected))


@pytest.fixture
def two(sqlite_url: str, tmp_path: Path, time: Time) -> Iterator[Desk]:
    """A desk that also answers for another body, by a mailbox of its own."""
    both: Any = [FERRIES]
    desk = open_desk(council_settings(tmp_path, mailboxes=both), time.now)
    assert desk.engine.url.render_as_string() == sqlite_url
    yield desk
    desk.engine.dispose()


def test_the_figures_are_of_one_authority(two: Desk) -> None:
    with transaction(two.engine) as session:
        ours = open_a_case(session, two)
        ferries = Request("", "", "Ferry timetables", two.now(), "ferries", regime="FOISA")
        theirs = open_case(session, two, ferries, at=two.now())
    assert [one.name for one in two.settings.authorities] == ["Anytown Borough Council", "Anytown Ferries"]
    assert figures(two).figure("code.1").references == (ours.reference,)
    assert figures(two, authority="Anytown Ferries").figure("code.1").references == (theirs.reference,)
    with pytest.raises(NoSuchAuthority, match="Anytown Borough Council, Anytown Ferries"):
        authority_named(two, "Anytown Trams")


def test_the_message_in_a_mailbox_is_of_its_own_cases(two: Desk) -> None:
    with transaction(two.engine) as session:
        open_a_case(session, two, a_message(subject="Care at Elm House"))
    with reading(two.engine) as session:
        letters = [compose_team_digest(session, two, account, at=two.now()) for account in ("foi", "ferries")]
    assert ["Elm House" in letter.body for letter in letters] == [True, False]
