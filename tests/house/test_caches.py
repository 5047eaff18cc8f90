"""The cached columns of a case are what a replay of its events gives, on histories made at random."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import Session, select

from service.casework.assign import assign
from service.casework.change_calendar import change_calendar
from service.casework.clock_facts import (
    ClockFact,
    FactDateImpossible,
    NothingToStrikeOut,
    establish,
    possible,
    strike_out,
)
from service.casework.close import AnswerDateImpossible, close
from service.casework.note import add_note
from service.casework.record import caches
from service.casework.recount import recount_some
from service.casework.reply import send_reply
from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.domain.calendars import CalendarChange, CalendarChangeRefused, ChangeKind
from service.domain.history import CLOCK_KINDS, Kind, replay
from service.domain.outcome import Outcome
from service.domain.regime import Matter, Regime
from service.domain.stage import NotAllowedNow
from service.domain.working_days import Division
from service.errors import ClockError
from service.letters import Words
from service.store.cases import history
from service.store.correspondence import FAILED, SENT, UNCERTAIN, letters_of_case
from service.store.database import reading, transaction
from service.store.tables import Case, Officer
from tests.builders import a_message, an_officer, arrive, open_a_case
from tests.conftest import Time

Act = Callable[[Session, Desk, Case, Random], object]


def _assign(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    team = session.exec(select(Officer)).all()
    assign(session, desk, case, chance.choice(team).id, at=desk.now(), by="officer:1")


def _note(session: Session, desk: Desk, case: Case, _chance: Random) -> None:
    add_note(session, desk, case, "a note", at=desk.now(), by="officer:1")


def _reply(session: Session, desk: Desk, case: Case, _chance: Random) -> None:
    send_reply(session, desk, case, "reply", Words("A subject", "A body\n"), at=desk.now(), by="officer:1")


def _close(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    answered_on = desk.today() - timedelta(days=chance.randrange(3))
    close(session, desk, case, chance.choice(list(Outcome)), answered_on=answered_on, at=desk.now(), by="officer:2")


def _settle(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    letter = chance.choice(letters_of_case(session, case.id))
    settle_letter(session, desk, letter, chance.choice((SENT, FAILED, UNCERTAIN)), at=desk.now())


def _write_in(session: Session, desk: Desk, case: Case, _chance: Random) -> None:
    arrive(session, desk, a_message(subject=f"Re: {case.reference}"))


def _tell_the_clock(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    kind = chance.choice(possible(replay(history(session, case.id), desk.calendars).clock))
    particulars = {
        Kind.EXTENDED: {"until": (case.received_on + timedelta(days=40)).isoformat()},
        Kind.RECEIPT_CORRECTED: {
            "received_on": (case.received_on - timedelta(days=chance.randrange(-1, 9))).isoformat()
        },
        Kind.REGIME_CHANGED: {"regime": chance.choice(list(Regime)).value, "matter": chance.choice(list(Matter)).value},
    }.get(kind, {})
    fact = ClockFact(kind, desk.today() - timedelta(days=chance.randrange(3)), particulars | {"reason": "by chance"})
    establish(session, desk, case, fact, at=desk.now(), by="officer:1")


def _strike_out(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    facts = [event.seq for event in history(session, case.id) if event.kind in CLOCK_KINDS]
    strike_out(session, desk, case, facts[-1], "by chance", at=desk.now(), by="officer:1")


def _change_calendar(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    day, division = desk.today() + timedelta(days=chance.randrange(40)), chance.choice((Division.ENG, Division.SCT))
    kind = chance.choice((ChangeKind.ADDED, ChangeKind.ADDED, ChangeKind.WITHDRAWN))
    change = CalendarChange(kind, day, desk.today(), division, "By chance", "the test")
    change_calendar(session, desk, [change], at=desk.now(), by="console")
    recount_some(session, desk, at=desk.now())


CLOCK_ACTS = (_tell_the_clock, _tell_the_clock, _tell_the_clock, _strike_out, _change_calendar)
ACTS: tuple[Act, ...] = (_assign, _note, _reply, _close, _settle, _write_in, *CLOCK_ACTS)
REFUSALS = (
    NotAllowedNow,
    AnswerDateImpossible,
    ClockError,
    FactDateImpossible,
    NothingToStrikeOut,
    CalendarChangeRefused,
)


@pytest.mark.parametrize("seed", range(4))
def test_every_cached_column_equals_the_replay_of_the_events(desk: Desk, time: Time, seed: int) -> None:
    chance = Random(seed)
    with transaction(desk.engine) as session:
        an_officer(session)
        an_officer(session, "Priya Shah", "supervisor")
    for _ in range(120):
        time.pass_by(hours=chance.randrange(1, 40))
        with transaction(desk.engine) as session:
            cases = session.exec(select(Case)).all()
            if not cases or chance.random() < 0.1:
                open_a_case(session, desk)
                continue
            act, case_id = chance.choice(ACTS), chance.choice(cases).id
        with suppress(*REFUSALS), transaction(desk.engine) as session:
            act(session, desk, session.get_one(Case, case_id), chance)
    with reading(desk.engine) as session:
        cases = session.exec(select(Case)).all()
        heard: set[Kind] = set()
        assert len(cases) > 3
        assert {case.stage for case in cases} == {"new", "allocated", "closed"}
        for case in cases:
            told = history(session, case.id)
            state = replay(told, desk.calendars.at(case.calendar_version))
            assert {name: getattr(case, name) for name in caches(state)} == caches(state)
            heard |= {event.kind for event in told}
    assert len(heard & CLOCK_KINDS) >= 5
