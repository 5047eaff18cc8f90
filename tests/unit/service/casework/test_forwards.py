"""A request that a colleague passed on: nothing is believed before an officer has confirmed it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from service.casework.clock_facts import ReasonMissing
from service.casework.close import close
from service.casework.forwards import Asker, NothingToConfirm, PassedOnBefore, confirm, decline
from service.casework.receive import receive
from service.casework.record import officer_actor
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import Address, IncomingMessage
from service.domain.outcome import Outcome
from service.domain.stage import NotAllowedNow
from service.store.cases import case_by_id, history
from service.store.correspondence import letters_of_case
from service.store.database import transaction
from service.store.forwards import (
    forward_of_case,
    settle_forward,
    undecided_forwards,
)
from service.store.page_counts import page_counts
from service.store.tables import Case
from service.store.worklist import marks_of
from tests.builders import FORWARDED, a_forward, a_message, an_officer, arrive, open_a_case, stored_post
from tests.conftest import Time

BOB = Address("Bob Jones", "bob.jones@planning.anytown.example")
FRI_MAY_17 = date(2024, 5, 17)
HARRIET = Asker("Harriet Bell", "h.bell@example.com", FRI_MAY_17, "Planning had it first")


def kinds(session: Session, case: Case) -> list[Kind]:
    return [event.kind for event in history(session, case.id)]


def test_until_an_officer_decides_nobody_is_acknowledged_and_the_case_is_the_colleagues(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        forward = forward_of_case(session, case.id)
        assert forward is not None
        assert (forward.sender_name, forward.sender_address) == ("Harriet Bell", "h.bell@example.com")
        assert (forward.subject, forward.decided_at) == ("Potholes in Mill Lane", None)
        assert forward.received_at == datetime(2024, 5, 17, 15, 2, tzinfo=UTC)
        assert (case.requester_address, case.received_on) == (BOB.address, date(2024, 6, 3))
        assert case.due_on == date(2024, 7, 1)
        assert letters_of_case(session, case.id) == []
        [_, withheld] = history(session, case.id)
        assert "confirm who asked" in withheld.data["reason"]
        assert [found.id for _, found in undecided_forwards(session)] == [case.id]
        assert (page_counts(session).forwards, marks_of(session, [case.id])[1]) == (1, {case.id})


def test_confirmed_the_clock_counts_from_the_earlier_day_and_the_true_requester_is_acknowledged(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        by = officer_actor(an_officer(session).id)
        confirm(session, desk, case, HARRIET, at=desk.now(), by=by)
    with transaction(desk.engine) as session:
        case = case_by_id(session, case.id)
        assert (case.requester_name, case.requester_address) == ("Harriet Bell", "h.bell@example.com")
        assert (case.requester_key, case.subject) == ("h.bell@example.com", "Potholes in Mill Lane")
        assert (case.received_on, case.due_on) == (FRI_MAY_17, date(2024, 6, 17))
        [letter] = letters_of_case(session, case.id)
        assert (letter.recipient_name, letter.recipient_address) == ("Harriet Bell", "h.bell@example.com")
        assert (letter.in_reply_to, letter.automatic) == ("", "auto-replied")
        assert "Received on: Friday 17 May 2024" in letter.body
        assert "no later than Monday 17 June 2024" in letter.body
        told = history(session, case.id)
        assert [event.kind for event in told[2:]] == [
            Kind.RECEIPT_CORRECTED,
            Kind.REQUESTER_CONFIRMED,
            Kind.LETTER_WRITTEN,
        ]
        assert (told[2].data["reason"], told[2].actor) == ("Planning had it first", by)
        assert told[3].data["passed_on_by"] == "Bob Jones"
        assert page_counts(session).forwards == 0


def test_an_answer_to_that_acknowledgement_finds_its_case(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        confirm(session, desk, case, HARRIET, at=desk.now(), by="officer:1")
        time.pass_by(hours=1)
        answer = arrive(session, desk, a_message(subject=f"Re: {case.reference}", text="Thank you"))
        assert (answer.action, answer.case_id) == ("reply", case.id)


def test_confirmed_without_an_earlier_day_the_deadline_stays(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        confirm(
            session,
            desk,
            case,
            replace(HARRIET, received_on=case.received_on, reason=""),
            at=desk.now(),
            by="officer:1",
        )
        assert Kind.RECEIPT_CORRECTED not in kinds(session, case)
        assert case.due_on == date(2024, 7, 1)
        assert len(letters_of_case(session, case.id)) == 1


def test_a_requester_without_an_address_is_named_and_not_written_to(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        confirm(session, desk, case, replace(HARRIET, address=""), at=desk.now(), by="officer:1")
        assert letters_of_case(session, case.id) == []
        assert history(session, case.id)[-1].data["reason"] == "the requester has no email address"


def test_declined_the_colleague_is_acknowledged_as_the_requester(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        decline(session, desk, case, at=desk.now(), by="officer:1")
        [letter] = letters_of_case(session, case.id)
        assert letter.recipient_address == BOB.address
        assert letter.in_reply_to
        assert (case.requester_address, case.received_on) == (BOB.address, date(2024, 6, 3))
        assert kinds(session, case)[2:] == [Kind.FORWARD_DECLINED, Kind.LETTER_WRITTEN]
        forward = forward_of_case(session, case.id)
        assert forward is not None
        assert (forward.decision, forward.decided_at) == ("declined", desk.now())


def test_it_is_decided_once(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        decline(session, desk, case, at=desk.now(), by="officer:1")
        with pytest.raises(NothingToConfirm, match=case.reference):
            confirm(session, desk, case, HARRIET, at=desk.now(), by="officer:1")
        with pytest.raises(NothingToConfirm):
            decline(session, desk, open_a_case(session, desk), at=desk.now(), by="officer:1")
        assert len(letters_of_case(session, case.id)) == 1


def test_of_two_officers_at_once_only_one_decides(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        forward = forward_of_case(session, open_a_case(session, desk, a_forward()).id)
        assert forward is not None
        assert settle_forward(session, forward, "confirmed", desk.now())
        assert not settle_forward(session, forward, "declined", desk.now())
        assert forward.decision == "confirmed"


def test_a_request_cannot_have_come_after_the_mail_that_passes_it_on(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        time.pass_by(days=2)
        with pytest.raises(PassedOnBefore, match="Monday 3 June 2024"):
            confirm(session, desk, case, replace(HARRIET, received_on=date(2024, 6, 4)), at=desk.now(), by="officer:1")


def test_an_earlier_day_needs_its_reason(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        with pytest.raises(ReasonMissing):
            confirm(session, desk, case, replace(HARRIET, reason=" "), at=desk.now(), by="officer:1")


def test_a_closed_case_waits_for_nobodys_decision(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        close(session, desk, case, Outcome.NOT_FOI, answered_on=date(2024, 6, 3), at=desk.now(), by="officer:1")
        assert page_counts(session).forwards == 0
        with pytest.raises(NotAllowedNow):
            confirm(session, desk, case, HARRIET, at=desk.now(), by="officer:1")


def test_imported_mail_is_not_acknowledged_by_confirming_it_either(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = stored_post(session, received_at=desk.now(), acknowledge=False)
        receive(session, desk, post, a_forward(), "a key", at=desk.now())
        assert post.case_id is not None
        case = case_by_id(session, post.case_id)
        confirm(session, desk, case, HARRIET, at=desk.now(), by="officer:1")
        assert letters_of_case(session, case.id) == []


@pytest.mark.parametrize(
    "message",
    [
        a_message(text=FORWARDED, subject="FW: Potholes"),  # from a citizen: they ask in their own name
        a_message(sender=BOB, text="How many bins have we? I ask as a resident."),
        a_forward(text=FORWARDED.replace("h.bell@example.com", "cara@anytown.example")),
    ],
)
def test_only_a_colleague_passes_on_an_outsiders_request(desk: Desk, message: IncomingMessage) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, message)
        assert forward_of_case(session, case.id) is None
        assert len(letters_of_case(session, case.id)) == 1
