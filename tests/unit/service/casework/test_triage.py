"""From a new mail to a case that an officer has taken on."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from service.casework.accept import HandBackUnexplained, accept, hand_back
from service.casework.assign import assign
from service.casework.triage import TriageUnexplained, confirm_triage, decline_triage, triage
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.progress import Triage
from service.domain.regime import Regime
from service.domain.stage import NotAllowedNow, Stage
from service.store.cases import history
from service.store.database import transaction
from service.store.tables import Case
from tests.builders import an_officer, open_a_case

SAM = "officer:1"


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with transaction(desk.engine) as session:
        an_officer(session)
        an_officer(session, "Priya Nair", "supervisor")
        yield session


def found(
    session: Session, desk: Desk, case: Case, what: Triage, reason: str = "", regime: Regime = Regime.FOIA
) -> None:
    triage(session, desk, case, what, regime=regime, reason=reason, at=desk.now(), by=SAM)


def test_who_takes_a_case_has_accepted_it(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    assign(session, desk, case, 1, at=desk.now(), by=SAM)
    assert (case.stage, case.owner_id) == (Stage.DRAFTING, 1)
    assert [event.kind for event in history(session, case.id)][-2:] == [Kind.ASSIGNED, Kind.ACCEPTED]


def test_who_is_given_a_case_accepts_it_or_hands_it_back_with_a_reason(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    assign(session, desk, case, 1, at=desk.now(), by="officer:2")
    assert case.stage == Stage.ALLOCATED
    with pytest.raises(HandBackUnexplained):
        hand_back(session, desk, case, "", at=desk.now(), by=SAM)
    hand_back(session, desk, case, "It is about planning", at=desk.now(), by=SAM)
    assert (case.stage, case.owner_id) == (Stage.NEW, None)
    assign(session, desk, case, 1, at=desk.now(), by="officer:2")
    accept(session, desk, case, at=desk.now(), by=SAM)
    assert case.stage == Stage.DRAFTING
    with pytest.raises(NotAllowedNow):
        accept(session, desk, case, at=desk.now(), by=SAM)


def test_a_request_found_environmental_moves_to_the_regulations(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    found(session, desk, case, Triage.REQUEST, regime=Regime.EIR)
    assert (case.regime, case.stage) == ("EIR", Stage.NEW)
    assert history(session, case.id)[-1].data["found"] == "a request for information"


def test_what_is_no_request_waits_for_a_supervisor(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    with pytest.raises(TriageUnexplained):
        found(session, desk, case, Triage.COMPLAINT)
    found(session, desk, case, Triage.COMPLAINT, "It is about a missed bin")
    assert (case.stage, case.due_on is None) == (Stage.NOT_FOI, False)
    confirm_triage(session, desk, case, at=desk.now(), by="officer:2")
    assert (case.stage, case.outcome) == (Stage.CLOSED, Outcome.NOT_FOI)


def test_a_supervisor_can_find_that_it_is_a_request_after_all(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    found(session, desk, case, Triage.BUSINESS, "A form can be sent")
    with pytest.raises(TriageUnexplained):
        decline_triage(session, desk, case, "", at=desk.now(), by="officer:2")
    decline_triage(session, desk, case, "It asks for records", at=desk.now(), by="officer:2")
    assert case.stage == Stage.NEW
    with pytest.raises(NotAllowedNow):
        confirm_triage(session, desk, case, at=desk.now(), by="officer:2")


def test_a_request_that_lacks_a_name_is_shown_as_waiting_until_it_is_triaged_anew(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    found(session, desk, case, Triage.INVALID, "No name is given (s.8(1)(b))")
    assert case.stage == Stage.INVALID
    found(session, desk, case, Triage.REQUEST)
    assert case.stage == Stage.NEW


def test_a_closed_case_is_not_triaged(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    found(session, desk, case, Triage.BUSINESS, "A form can be sent")
    confirm_triage(session, desk, case, at=desk.now(), by="officer:2")
    with pytest.raises(NotAllowedNow):
        found(session, desk, case, Triage.REQUEST)
