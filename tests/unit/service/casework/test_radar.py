"""Requests like another: found on both databases, within the sixty working days and outside them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from service.casework.assign import assign
from service.casework.close import close
from service.casework.radar import Similar, like
from service.casework.record import officer_actor
from service.desk import Desk
from service.domain.likeness import Closeness
from service.domain.message import Address
from service.domain.outcome import Outcome
from service.store.database import reading, transaction
from service.store.rows import change_row
from service.store.tables import Case
from tests.builders import HARRIET, a_message, an_officer, open_a_case
from tests.conftest import Time

POTHOLES = """Dear team,

Please tell me how many potholes were reported in Mill Lane in 2023, how many of them were repaired, and what the
contractor was paid for each repair.

Kind regards
{}"""
REPHRASED = """I want all records of pothole repairs on Mill Lane: who reported the potholes, when the contractor
repaired them, and each payment to the contractor."""
UNRELATED = (
    "Please send me the contracts for school transport with their annual cost.",
    "How many parking fines were issued on Station Road, and how many were appealed?",
    "What are the opening hours of each library since 2015?",
    "How many trees were felled in the parks, and why?",
    "Please list the senior officers who are paid over £100,000.",
)
TOM = Address("Tom Smith", "tom@example.net")
MON_JUN_3_2024 = date(2024, 6, 3)


def asked(session: Session, desk: Desk, text: str, sender: Address = HARRIET, on: date = MON_JUN_3_2024) -> Case:
    received_at = datetime(on.year, on.month, on.day, 10, tzinfo=UTC)
    words = text.format(sender.name)
    return open_a_case(session, desk, a_message(text=words, sender=sender), received_at=received_at)


def found_for(desk: Desk, case: Case) -> dict[str, Similar]:
    with reading(desk.engine) as session:
        return {row.reference: row for row in like(session, desk, case, desk.today())}


@pytest.fixture
def crowd(desk: Desk) -> None:
    """Requests of others that have nothing to do with potholes."""
    with transaction(desk.engine) as session:
        for number in range(20):
            sender = Address(f"Person Nr{number}", f"p{number}@example.org")
            asked(session, desk, UNRELATED[number % len(UNRELATED)], sender)


@pytest.mark.usefixtures("crowd")
def test_the_same_text_of_another_person_is_suspected_to_be_in_concert(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        first = asked(session, desk, POTHOLES, TOM, date(2024, 5, 20))
        case = asked(session, desk, POTHOLES)
    (row,) = found_for(desk, case).values()
    assert (row.reference, row.closeness, row.same_requester) == (first.reference, Closeness.SAME, False)
    assert row.concert
    assert row.matters == (
        "s.12(4): if they act in concert or in pursuance of a campaign, the cost of both may be counted together",
    )
    assert row.apart == -9  # the bank holiday of Mon 27 May does not count


@pytest.mark.usefixtures("crowd")
def test_the_same_matter_in_other_words_is_found_and_only_the_requesters_own_may_be_aggregated(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        own = asked(session, desk, REPHRASED)
        others = asked(session, desk, REPHRASED, TOM)
        case = asked(session, desk, POTHOLES)
    found = found_for(desk, case)
    assert set(found) == {own.reference, others.reference}
    assert {row.closeness for row in found.values()} == {Closeness.SIMILAR}
    assert found[own.reference].matters == ("s.12(4): the cost of both may be counted together",)
    assert found[others.reference].matters == ()
    assert not found[others.reference].concert


@pytest.mark.usefixtures("crowd")
def test_other_requests_of_the_requester_within_the_window_are_shown_and_those_of_others_are_not(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        own = asked(session, desk, UNRELATED[0])
        asked(session, desk, UNRELATED[1], on=date(2024, 1, 8))
        case = asked(session, desk, POTHOLES)
    (row,) = found_for(desk, case).values()
    assert (row.reference, row.closeness, row.matters) == (own.reference, Closeness.OTHER, ())


@pytest.mark.parametrize(
    ("on", "within"),
    [
        (date(2024, 6, 3), True),
        (date(2024, 3, 5), True),  # Tue: the first of the sixty, of which Mon 3 June is the last
        (date(2024, 3, 4), False),
        (date(2023, 9, 1), False),
    ],
)
def test_the_window_is_sixty_consecutive_working_days_with_both_days_in_it(desk: Desk, on: date, within: bool) -> None:
    with transaction(desk.engine) as session:
        asked(session, desk, POTHOLES, on=on)
        case = asked(session, desk, POTHOLES)
    (row,) = found_for(desk, case).values()
    assert row.within is within
    assert any(sentence.startswith("s.12(4)") for sentence in row.matters) is within


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (Outcome.GRANTED, "s.14(2): a repeated request"),
        (Outcome.NOT_HELD, "s.14(2): a repeated request"),
        (Outcome.REFUSED, "s.14(2): not yet a repeated request"),
        (None, "s.14(2): not yet a repeated request"),
    ],
)
def test_a_request_is_repeated_only_when_the_earlier_one_was_complied_with(
    desk: Desk, time: Time, outcome: Outcome | None, says: str
) -> None:
    with transaction(desk.engine) as session:
        earlier = asked(session, desk, POTHOLES, on=date(2024, 1, 8))
        if outcome:
            sam = an_officer(session)
            by = officer_actor(sam.id)
            assign(session, desk, earlier, sam.id, at=time.now(), by=by)
            close(session, desk, earlier, outcome, answered_on=MON_JUN_3_2024, at=time.now(), by=by)
        case = asked(session, desk, POTHOLES)
    (row,) = found_for(desk, case).values()
    assert next(sentence for sentence in row.matters if sentence.startswith("s.14")).startswith(says)
    assert not any(sentence.startswith("s.14") for sentence in found_for(desk, earlier)[case.reference].matters)


@pytest.mark.usefixtures("crowd")
def test_a_requester_is_known_by_address_and_by_full_name(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        by_address = asked(session, desk, POTHOLES, Address("H. B.", "H.Bell@example.com"))
        by_name = asked(session, desk, POTHOLES, Address("harriet bell", "another@example.org"))
        namesake = asked(session, desk, POTHOLES, Address("Harriet", "harriet@example.org"))
        case = asked(session, desk, POTHOLES)
    found = found_for(desk, case)
    assert {reference: row.same_requester for reference, row in found.items()} == {
        by_address.reference: True,
        by_name.reference: True,
        namesake.reference: False,
    }


@pytest.mark.parametrize(("regime", "says"), [("EIR", "reg 12(4)(b)"), ("EISR", "reg 10(4)(b)"), ("FOISA", "s.14(2)")])
def test_each_law_has_its_own_provision(desk: Desk, regime: str, says: str) -> None:
    with transaction(desk.engine) as session:
        asked(session, desk, POTHOLES)
        case = asked(session, desk, POTHOLES)
        change_row(session, case, regime=regime)
    (row,) = found_for(desk, case).values()
    assert len(row.matters) == 1
    assert row.matters[0].startswith(says)


def test_reviews_and_what_is_no_request_are_not_among_them(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        review, no_request = (asked(session, desk, POTHOLES) for _ in range(2))
        change_row(session, review, matter="review")
        change_row(session, no_request, outcome=Outcome.NOT_FOI.value)
        case = asked(session, desk, POTHOLES)
    assert found_for(desk, case) == {}
    assert found_for(desk, review) == {}


def test_a_case_without_words_has_nothing_like_it(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        asked(session, desk, POTHOLES, TOM)
        case = asked(session, desk, "")
    time.pass_by(hours=timedelta(days=1).total_seconds() / 3600)
    assert found_for(desk, case) == {}
