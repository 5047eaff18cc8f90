"""The cached columns of a case are what a replay of its events gives, on histories made at random."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import Session, select

from service.casework.accept import accept, hand_back
from service.casework.approver import approver_in_turn
from service.casework.assign import assign
from service.casework.change_calendar import change_calendar
from service.casework.clear import NotCleared, approve, recall, submit
from service.casework.clock_facts import (
    ClockFact,
    FactDateImpossible,
    NothingToStrikeOut,
    establish,
    possible,
    strike_out,
)
from service.casework.close import AnswerDateImpossible, OutcomeUnfit, close
from service.casework.compose_letter import compose_response
from service.casework.decide import Part, decide, set_questions
from service.casework.draft import write_draft
from service.casework.note import add_note
from service.casework.record import caches
from service.casework.recount import recount_some
from service.casework.reply import send_reply
from service.casework.respond import send_response
from service.casework.review import NotIndependent
from service.casework.settle_letter import settle_letter
from service.casework.take_back import Recorded, stands_at, take_back
from service.casework.triage import confirm_triage, decline_triage, triage
from service.desk import Desk
from service.domain.calendars import CalendarChange, CalendarChangeRefused, ChangeKind
from service.domain.history import replay, standing_events, up_to
from service.domain.kind import CLOCK_KINDS, Kind
from service.domain.outcome import Outcome
from service.domain.progress import Triage, progress
from service.domain.question import Decision
from service.domain.regime import COUNTED, Regime
from service.domain.stage import NotAllowedNow, Stage
from service.domain.working_days import Division
from service.errors import ClockError
from service.letters import Words
from service.store.cases import history
from service.store.correspondence import FAILED, SENT, UNCERTAIN, letters_of_case
from service.store.database import reading, transaction
from service.store.questions import questions_of
from service.store.tables import Case, Officer
from tests.builders import a_message, an_officer, arrive, open_a_case
from tests.conftest import Time

Act = Callable[[Session, Desk, Case, Random], object]


def _assign(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    team = session.exec(select(Officer)).all()
    assign(session, desk, case, chance.choice(team).id, at=desk.now(), by="officer:1")


def _triage(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    found = chance.choice(list(Triage))
    triage(session, desk, case, found, regime=Regime.EIR, reason="by chance", at=desk.now(), by="officer:1")


def _confirm(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    if chance.random() < 0.2:
        confirm_triage(session, desk, case, at=desk.now(), by="officer:2")
    decline_triage(session, desk, case, "by chance", at=desk.now(), by="officer:2")


def _accept(session: Session, desk: Desk, case: Case, _chance: Random) -> None:
    accept(session, desk, case, at=desk.now(), by=f"officer:{case.owner_id}")


def _hand_back(session: Session, desk: Desk, case: Case, _chance: Random) -> None:
    hand_back(session, desk, case, "by chance", at=desk.now(), by=f"officer:{case.owner_id}")


def _give_and_take_back(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    before = stands_at(session, case)
    was = (case.stage, case.owner_id)
    _assign(session, desk, case, chance)
    me = session.get_one(Officer, 1)
    take_back(session, desk, case, Recorded(before, stands_at(session, case)), at=desk.now(), by=me)
    assert (case.stage, case.owner_id) == was


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
        Kind.REGIME_CHANGED: {"regime": chance.choice(list(Regime)).value, "matter": chance.choice(COUNTED).value},
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


def _respond(session: Session, desk: Desk, case: Case, chance: Random) -> None:
    """Whatever comes next on the way to a response, or a step back."""
    at, by, turn = desk.now(), f"officer:{case.owner_id}", approver_in_turn(session, case)
    if case.stage == Stage.NEW:
        assign(session, desk, case, 1, at=at, by="officer:1")
    elif case.stage == Stage.DRAFTING:
        (question,) = set_questions(session, desk, case, [Part(0, "", "How many?")], at=at, by=by)
        decide(session, desk, case, replace(question, decision=Decision.DISCLOSE, answer="Twelve."), at=at, by=by)
        made = compose_response(session, desk, case, questions_of(session, case.id), "Sam Okoro", today=desk.today())
        write_draft(session, desk, case, made.kind, made.words, composed=True, at=at, by=by)
        submit(session, desk, case, [2] if by != "officer:2" and chance.random() < 0.5 else [], at=at, by=by)
    elif chance.random() < 0.1:
        recall(session, desk, case, at=at, by=by)
    elif turn is not None:
        approve(session, desk, case, turn, at=at)
    else:
        send_response(session, desk, case, at=at, by=by)


CLOCK_ACTS = (_tell_the_clock, _tell_the_clock, _tell_the_clock, _strike_out, _change_calendar)
TRIAGE_ACTS = (_assign, _assign, _triage, _confirm, _accept, _accept, _hand_back)
ACTS: tuple[Act, ...] = (
    *TRIAGE_ACTS,
    _respond,
    _respond,
    _respond,
    _settle,
    _note,
    _reply,
    _close,
    _settle,
    _write_in,
    *CLOCK_ACTS,
    _give_and_take_back,
)
REACHED = {Stage.NEW, Stage.ALLOCATED, Stage.DRAFTING, Stage.READY, Stage.CLOSED}
REFUSALS = (
    NotAllowedNow,
    NotCleared,
    NotIndependent,
    OutcomeUnfit,
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
    for _ in range(200):
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
        reached: set[Stage] = set()
        assert len(cases) > 3
        for case in cases:
            told = history(session, case.id)
            reached |= {progress(standing_events(up_to(told, event.seq))).stage for event in told}
            state = replay(told, desk.calendars.at(case.calendar_version))
            assert {name: getattr(case, name) for name in caches(state)} == caches(state)
            heard |= {event.kind for event in told}
    assert reached >= REACHED
    assert len(heard & CLOCK_KINDS) >= 5
