"""Acts on many cases: each by its own rules, a batch at a time, and undone as a whole."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import Session, col, select

from service.casework.accept import accept
from service.casework.assign import assign
from service.casework.bulk import NotFinished, NothingTicked, UndoneAlready, begin_giving, begin_undoing, go_on
from service.casework.close import close
from service.casework.note import add_note
from service.casework.permission import NotYours
from service.casework.record import officer_actor
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.store.bulk_acts import bulk_act, left_alone, tally
from service.store.cases import histories, history
from service.store.database import reading, transaction
from service.store.officers import NoSuchOfficer
from service.store.tables import Case, Letter, Officer
from tests.builders import a_message, an_officer, open_a_case


class Team:
    """Three of a team and some cases that nobody has."""

    def __init__(self, desk: Desk, cases: int = 4) -> None:
        self.desk = desk
        with transaction(desk.engine) as session:
            self.sam = an_officer(session)
            self.nia = an_officer(session, "Nia Howells")
            self.morgan = an_officer(session, "Morgan Reid", "supervisor")
            self.ids = [open_a_case(session, desk, a_message(subject=f"Numbered {n}")).id for n in range(cases)]

    def give(self, by: Officer, to: Officer, ids: Sequence[int] | None = None, owner: Officer | None = None) -> int:
        """Begin to give cases that were seen with an owner."""
        seen = owner.id if owner else None
        with transaction(self.desk.engine) as session:
            wanted = [(case_id, seen) for case_id in (self.ids if ids is None else ids)]
            return begin_giving(session, by, to.id, wanted, at=self.desk.now()).id

    def finish(self, act: int, batch: int = 100) -> int:
        """Do an act to its end; how many batches it took."""
        for number in range(1, 100):
            with transaction(self.desk.engine) as session:
                if not go_on(session, self.desk, act, at=self.desk.now(), batch=batch):
                    return number
        raise AssertionError("it does not end")

    def undo(self, act: int, by: Officer) -> int:
        with transaction(self.desk.engine) as session:
            undoing = begin_undoing(session, by, bulk_act(session, act), at=self.desk.now()).id
        self.finish(undoing)
        return undoing

    def owners(self) -> list[int | None]:
        with reading(self.desk.engine) as session:
            return [session.get_one(Case, key).owner_id for key in self.ids]

    def reasons(self, act: int) -> list[str]:
        with reading(self.desk.engine) as session:
            return [why for _, why in left_alone(session, act)]

    def mails(self) -> list[Letter]:
        """What officers were written of cases given to them."""
        with reading(self.desk.engine) as session:
            letters = session.exec(select(Letter).order_by(col(Letter.id))).all()
        return [letter for letter in letters if letter.kind.startswith("assigned")]

    def by_hand(self, key: int, to: Officer, by: Officer) -> None:
        with transaction(self.desk.engine) as session:
            assign(session, self.desk, session.get_one(Case, key), to.id, at=self.desk.now(), by=officer_actor(by.id))


def test_whoever_is_given_many_cases_gets_one_mail_when_all_is_done(desk: Desk) -> None:
    team = Team(desk, 17)
    act = team.give(team.morgan, team.nia)
    team.finish(act, batch=7)
    (mail,) = team.mails()
    assert (mail.recipient_address, mail.subject) == (team.nia.email, "17 cases given to you")
    assert mail.body.count(": Numbered ") == 15
    assert "And 2 more." in mail.body
    assert f"/list/open?owner={team.nia.id}" in mail.body
    team.undo(act, team.morgan)
    assert len(team.mails()) == 1


def test_who_takes_cases_is_told_nothing_and_of_one_case_as_ever(desk: Desk) -> None:
    team = Team(desk)
    team.finish(team.give(team.morgan, team.morgan, team.ids[:2]))
    assert team.mails() == []
    team.finish(team.give(team.morgan, team.nia, team.ids[2:3]))
    assert [mail.kind for mail in team.mails()] == ["assigned"]


def test_every_ticked_case_is_given_with_an_event_of_whoever_asked(desk: Desk) -> None:
    team = Team(desk)
    act = team.give(team.morgan, team.nia)
    team.finish(act)
    assert team.owners() == [team.nia.id] * 4
    with reading(desk.engine) as session:
        for told in histories(session, team.ids).values():
            assert (told[-1].kind, told[-1].actor) == (Kind.ASSIGNED, officer_actor(team.morgan.id))
        assert tally(session, act).changed == 4


def test_a_colleague_who_was_quicker_keeps_the_case_and_the_others_are_given(desk: Desk) -> None:
    team = Team(desk)
    act = team.give(team.morgan, team.nia)
    team.by_hand(team.ids[1], team.sam, team.sam)
    team.finish(act)
    assert team.owners() == [team.nia.id, team.sam.id, team.nia.id, team.nia.id]
    assert team.reasons(act) == ["Sam Okoro got it meanwhile."]


def test_a_case_closed_meanwhile_or_with_the_receiver_already_is_left_with_its_reason(desk: Desk) -> None:
    team = Team(desk)
    team.by_hand(team.ids[0], team.nia, team.morgan)
    act = team.give(team.morgan, team.nia)
    with transaction(desk.engine) as session:
        case = session.get_one(Case, team.ids[2])
        close(session, desk, case, Outcome.GRANTED, answered_on=date(2024, 6, 3), at=desk.now(), by="officer:1")
    team.finish(act)
    assert team.reasons(act) == ["Nia Howells has it already.", "It has been closed meanwhile."]


def test_an_officer_gives_only_what_they_may(desk: Desk) -> None:
    team = Team(desk)
    team.by_hand(team.ids[0], team.sam, team.sam)
    mine = team.give(team.sam, team.nia, team.ids[:1], owner=team.sam)
    others = team.give(team.sam, team.nia, team.ids[1:2])
    taken = team.give(team.sam, team.sam, team.ids[2:])
    for act in (mine, others, taken):
        team.finish(act)
    assert team.owners() == [team.nia.id, None, team.sam.id, team.sam.id]
    assert "ask a supervisor" in team.reasons(others)[0]


def test_a_long_act_goes_on_where_it_stopped_and_does_no_case_twice(desk: Desk) -> None:
    team = Team(desk, cases=7)
    act = team.give(team.morgan, team.nia)
    with transaction(desk.engine) as session:
        assert go_on(session, desk, act, at=desk.now(), batch=3)
        assert tally(session, act).done == 3
    assert team.finish(act, batch=3) == 2
    with reading(desk.engine) as session:
        told = [event.kind for events in histories(session, team.ids).values() for event in events]
        assert bulk_act(session, act).finished_at == desk.now()
    assert told.count(Kind.ASSIGNED) == 7
    assert team.finish(act) == 1


def test_a_batch_that_breaks_leaves_none_of_its_cases_given(desk: Desk) -> None:
    team = Team(desk)
    act = team.give(team.morgan, team.nia)
    with pytest.raises(RuntimeError), transaction(desk.engine) as session:
        go_on(session, desk, act, at=desk.now())
        raise RuntimeError("the machine stops")
    assert team.owners() == [None] * 4
    team.finish(act)
    assert team.owners() == [team.nia.id] * 4


def test_undoing_puts_every_case_back_to_its_owner_and_stage(desk: Desk) -> None:
    team = Team(desk)
    team.by_hand(team.ids[0], team.sam, team.morgan)
    with transaction(desk.engine) as session:
        accept(session, desk, session.get_one(Case, team.ids[0]), at=desk.now(), by=officer_actor(team.sam.id))
    first = team.give(team.morgan, team.morgan, team.ids[:1], owner=team.sam)
    rest = team.give(team.morgan, team.morgan, team.ids[1:])
    for act in (first, rest):
        team.finish(act)
        team.undo(act, team.morgan)
    assert team.owners() == [team.sam.id, None, None, None]
    with reading(desk.engine) as session:
        stages = [session.get_one(Case, key).stage for key in team.ids]
        assert [event.kind for event in history(session, team.ids[1])][-4:] == [
            Kind.ASSIGNED,
            Kind.ACCEPTED,
            Kind.UNDONE,
            Kind.UNDONE,
        ]
    assert stages == ["drafting", "new", "new", "new"]


def test_undoing_leaves_what_somebody_has_worked_on_since(desk: Desk) -> None:
    team = Team(desk)
    act = team.give(team.morgan, team.nia)
    team.finish(act)
    with transaction(desk.engine) as session:
        taken, noted = (session.get_one(Case, key) for key in team.ids[:2])
        accept(session, desk, taken, at=desk.now(), by=officer_actor(team.nia.id))
        add_note(session, desk, noted, "Asked Parks.", at=desk.now(), by=officer_actor(team.nia.id))
    undoing = team.undo(act, team.morgan)
    assert team.owners() == [team.nia.id, team.nia.id, None, None]
    assert all("has been changed since" in why for why in team.reasons(undoing))


def test_an_act_is_undone_once_when_it_is_over_and_by_whoever_asked_for_it(desk: Desk) -> None:
    team = Team(desk)
    act = team.give(team.morgan, team.nia)
    with pytest.raises(NotFinished):
        team.undo(act, team.morgan)
    team.finish(act)
    with pytest.raises(NotYours):
        team.undo(act, team.sam)
    undoing = team.undo(act, team.morgan)
    for again in (act, undoing):
        with pytest.raises(UndoneAlready):
            team.undo(again, team.morgan)


def test_nothing_is_begun_without_cases_or_for_somebody_who_has_left(desk: Desk) -> None:
    team = Team(desk)
    with pytest.raises(NothingTicked):
        team.give(team.morgan, team.nia, [])
    _leaves(desk, team.nia)
    with pytest.raises(NoSuchOfficer):
        team.give(team.morgan, team.nia)


def test_what_was_asked_by_somebody_who_then_left_is_not_done(desk: Desk) -> None:
    team = Team(desk)
    act = team.give(team.morgan, team.nia)
    _leaves(desk, team.morgan)
    team.finish(act)
    assert team.owners() == [None] * 4
    assert set(team.reasons(act)) == {"Morgan Reid, who asked for it, has left."}


def _leaves(desk: Desk, officer: Officer) -> None:
    with Session(desk.engine) as session:
        row = session.exec(select(Officer).where(Officer.id == officer.id)).one()
        row.active = False
        session.add(row)
        session.commit()
