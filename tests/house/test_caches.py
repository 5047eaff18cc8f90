"""The cached columns of a case are what a replay of its events gives, on histories made at random."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import Session, select

from service.casework.assign import assign
from service.casework.close import AnswerDateImpossible, close
from service.casework.note import add_note
from service.casework.reply import send_reply
from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.domain.history import replay
from service.domain.outcome import Outcome
from service.domain.stage import NotAllowedNow
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


ACTS: tuple[Act, ...] = (_assign, _note, _reply, _close, _settle, _write_in)


@pytest.mark.parametrize("seed", range(4))
def test_every_cached_column_equals_the_replay_of_the_events(desk: Desk, time: Time, seed: int) -> None:
    chance = Random(seed)
    with transaction(desk.engine) as session:
        an_officer(session)
        an_officer(session, "Priya Shah", "supervisor")
    for _ in range(60):
        time.pass_by(hours=chance.randrange(1, 40))
        with transaction(desk.engine) as session:
            cases = session.exec(select(Case)).all()
            if not cases or chance.random() < 0.15:
                open_a_case(session, desk)
                continue
            try:
                chance.choice(ACTS)(session, desk, chance.choice(cases), chance)
            except (NotAllowedNow, AnswerDateImpossible):
                continue
    with reading(desk.engine) as session:
        cases = session.exec(select(Case)).all()
        assert len(cases) > 3
        assert {case.stage for case in cases} == {"new", "allocated", "closed"}
        for case in cases:
            state = replay(history(session, case.id), desk.calendars)
            assert (case.received_on, case.due_on, case.prudent_due_on, case.provisional) == (
                state.clock.received_on,
                state.clock.due_on,
                state.clock.prudent_due_on,
                state.clock.provisional,
            )
            assert (case.stage, case.owner_id, case.outcome, case.answered_on) == (
                state.stage,
                state.owner_id,
                state.outcome,
                state.clock.answered_on,
            )
