"""Facts about a stored case's clock: what each comes to, what is refused and in which words, and what is struck out."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from service.casework.assign import assign
from service.casework.clock_facts import (
    ClockFact,
    FactDateImpossible,
    NothingToStrikeOut,
    ReasonMissing,
    consider,
    consider_striking,
    establish,
    possible,
    strike_out,
)
from service.casework.close import close
from service.casework.note import add_note
from service.casework.open_case import Request, open_case
from service.desk import Desk
from service.domain.clock import State
from service.domain.history import CaseState, replay
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.stage import NotAllowedNow
from service.errors import ClockError, DeskError
from service.store.cases import history
from service.store.database import transaction
from service.store.tables import Case
from tests.builders import an_officer
from tests.conftest import Time

MON_JUN_3, TUE_JUN_4, WED_JUN_5 = date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 5)
MON_JUL_1, TUE_JUL_30 = date(2024, 7, 1), date(2024, 7, 30)
FAR = {"until": "2024-09-30"}


def a_case(session: Session, desk: Desk, regime: str = "FOIA", kind: str = "FOI") -> Case:
    request = Request("Harriet Bell", "h.bell@example.com", "Potholes", desk.now(), "foi", kind, regime)
    return open_case(session, desk, request, at=desk.now())


def tell(session: Session, desk: Desk, case: Case, kind: Kind, on: date, **particulars: str) -> CaseState:
    return establish(session, desk, case, ClockFact(kind, on, particulars), at=desk.now(), by="officer:1")


def last_seq(session: Session, case: Case) -> int:
    return history(session, case.id)[-1].seq


def test_clarification_stops_the_clock_and_its_arrival_gives_the_whole_time(desk: Desk, time: Time) -> None:
    time.pass_by(days=30)
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        case_day = desk.today()
        tell(session, desk, case, Kind.CLARIFICATION_SOUGHT, case_day)
        assert (case.clock_state, case.stopped_on, case.due_on) == (State.AWAITING_CLARIFICATION, case_day, None)
        time.pass_by(days=30)
        tell(session, desk, case, Kind.CLARIFIED, desk.today())
        assert case.clock_state == State.RUNNING
        assert (case.stopped_on, case.due_on) == (None, date(2024, 9, 3))


def test_the_days_of_a_fees_notice_are_left_out_both_ends_included(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        time.pass_by(days=4)
        tell(session, desk, case, Kind.FEES_NOTICE, TUE_JUN_4, amount="£450")
        assert (case.clock_state, case.stopped_on, case.due_on) == (State.AWAITING_FEE, TUE_JUN_4, None)
        tell(session, desk, case, Kind.FEE_PAID, WED_JUN_5)
        assert (case.clock_state, case.due_on) == (State.RUNNING, date(2024, 7, 3))
        paid = history(session, case.id)[-1]
        assert (paid.data["due_on"], paid.data["calendar"]) == ("2024-07-03", desk.calendars.version)


def test_a_fact_may_be_recorded_later_than_another_that_followed_it(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        time.pass_by(days=10)
        tell(session, desk, case, Kind.FEES_NOTICE, date(2024, 6, 10))
        tell(session, desk, case, Kind.EXTENDED, TUE_JUN_4, until=TUE_JUL_30.isoformat(), reason="s.43")
        assert (case.due_on, case.stopped_on) == (None, date(2024, 6, 10))
        tell(session, desk, case, Kind.FEE_PAID, date(2024, 6, 11))
        assert case.due_on == date(2024, 8, 1)


def test_a_corrected_receipt_moves_the_deadline_even_of_a_closed_case(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        time.pass_by(days=28)
        close(session, desk, case, Outcome.GRANTED, answered_on=MON_JUL_1, at=desk.now(), by="officer:1")
        tell(session, desk, case, Kind.RECEIPT_CORRECTED, MON_JUL_1, received_on="2024-05-30", reason="It was in spam")
        assert (case.received_on, case.due_on, case.answered_on) == (date(2024, 5, 30), date(2024, 6, 27), MON_JUL_1)
        assert (case.stage, case.clock_state) == ("closed", State.ANSWERED)


def test_another_law_and_matter_count_from_the_receipt(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        tell(
            session,
            sqlite_desk,
            case,
            Kind.REGIME_CHANGED,
            MON_JUN_3,
            regime="EIR",
            matter="review",
            reason="A complaint",
        )
        assert (case.regime, case.matter, case.due_on) == ("EIR", "review", TUE_JUL_30)


def test_considering_records_nothing(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        before = history(session, case.id)
        fact = ClockFact(Kind.CLARIFICATION_SOUGHT, MON_JUN_3)
        assert consider(session, desk, case, fact, at=desk.now(), by="officer:1").clock.due_on is None
        assert history(session, case.id) == before
        assert case.clock_state == State.RUNNING


NO_REASON = "Give the reason: it is kept with the case, and the regulator may ask for it."
TOO_EARLY = (
    "Nothing can happen on Friday 31 May 2024, before the request was received on Monday 3 June 2024 (s.10(6)(a))."
)
TOO_SHORT = (
    "Monday 1 July 2024 is no later than the deadline of Monday 1 July 2024, so it extends nothing "
    "(s.10(3) and s.17(2))."
)
TOO_LATE = (
    "The request cannot have been received on Tuesday 4 June 2024 (s.10(6)(a)): something was done about it "
    "on Monday 3 June 2024."
)
EXCEPTIONAL = (
    "The extension runs to Monday 30 September 2024, past Tuesday 30 July 2024: more than 20 further working days, "
    "which the regulator accepts only exceptionally (s.10(3) and s.17(2))."
)
EXTEND = (Kind.EXTENDED, MON_JUN_3, {"until": "2024-07-29", "reason": "Complex"})
Told = tuple[Kind, date, Mapping[str, str]]
SOUGHT: Told = (Kind.CLARIFICATION_SOUGHT, MON_JUN_3, {})
FEE: Told = (Kind.FEES_NOTICE, MON_JUN_3, {})


@pytest.mark.parametrize(
    ("regime", "before", "fact", "sentence"),
    [
        (
            "FOIA",
            (),
            (Kind.FEE_PAID, MON_JUN_3, {}),
            "No fees notice has been given that is still unpaid (s.9(2)), so no fee can be paid.",
        ),
        (
            "FOIA",
            (SOUGHT, (Kind.CLARIFIED, MON_JUN_3, {})),
            (Kind.CLARIFIED, MON_JUN_3, {}),
            "No clarification is being waited for under s.1(3), so none can restart the clock.",
        ),
        (
            "FOIA",
            (SOUGHT,),
            SOUGHT,
            "The clock is stopped until clarification arrives (s.1(3)), so no more clarification can be sought.",
        ),
        (
            "FOIA",
            (FEE,),
            SOUGHT,
            "The clock is paused until the fee is paid (s.9(2)), so no more clarification can be sought.",
        ),
        (
            "FOIA",
            (),
            (Kind.CLARIFICATION_SOUGHT, TUE_JUN_4, {}),
            "Tuesday 4 June 2024 is still to come: record what has happened, on the day it happened.",
        ),
        (
            "FOIA",
            (),
            (Kind.CLARIFICATION_SOUGHT, date(2024, 5, 31), {}),
            TOO_EARLY,
        ),
        (
            "FOIA",
            (),
            (Kind.EXTENDED, MON_JUN_3, {"until": "2024-07-29"}),
            NO_REASON,
        ),
        (
            "FOIA",
            (),
            (Kind.EXTENDED, MON_JUN_3, FAR | {"reason": " "}),
            NO_REASON,
        ),
        (
            "FOIA",
            (),
            (Kind.RECEIPT_CORRECTED, MON_JUN_3, {"received_on": "2024-05-30"}),
            NO_REASON,
        ),
        (
            "FOIA",
            (),
            (Kind.EXTENDED, MON_JUN_3, {"until": "2024-07-01", "reason": "Complex"}),
            TOO_SHORT,
        ),
        (
            "EIR",
            (EXTEND,),
            EXTEND,
            "The time limit was already extended, which reg 7(1) allows once.",
        ),
        (
            "EIR",
            (),
            (Kind.EXTENDED, MON_JUN_3, {"until": "2024-07-31", "reason": "Complex"}),
            "An extension can run to Tuesday 30 July 2024 and no further (reg 7(1)).",
        ),
        (
            "FOISA",
            (),
            EXTEND,
            "The Freedom of Information (Scotland) Act 2002 lets nothing extend the time limit of s.10(1).",
        ),
        (
            "FOIA",
            (),
            (Kind.RECEIPT_CORRECTED, MON_JUN_3, {"received_on": "2024-06-04", "reason": "x"}),
            TOO_LATE,
        ),
    ],
)
def test_what_the_law_does_not_know_is_refused_in_a_sentence_and_leaves_no_trace(
    sqlite_desk: Desk, regime: str, before: tuple[Told, ...], fact: Told, sentence: str
) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk, regime)
        for kind, on, particulars in before:
            tell(session, sqlite_desk, case, kind, on, **particulars)
        told = history(session, case.id)
        with pytest.raises((ClockError, FactDateImpossible, ReasonMissing)) as refusal:
            tell(session, sqlite_desk, case, fact[0], fact[1], **fact[2])
        assert str(refusal.value) == sentence
        assert history(session, case.id) == told


def test_an_internal_review_is_stopped_by_nothing(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk, kind="IR")
        assert case.matter == "review"
        for kind, said in ((Kind.CLARIFICATION_SOUGHT, "Clarification"), (Kind.FEES_NOTICE, "A fees notice")):
            with pytest.raises(ClockError, match=rf"^{said} belongs to a request \(s\..*\), not to an internal review"):
                tell(session, sqlite_desk, case, kind, MON_JUN_3)


def test_past_the_fortieth_day_a_reasoned_extension_is_kept_with_a_warning(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        state = tell(session, sqlite_desk, case, Kind.EXTENDED, MON_JUN_3, reason="Exceptionally complex", **FAR)
        assert case.due_on == date(2024, 9, 30)
    assert state.clock.warnings == (EXCEPTIONAL,)


def test_a_fee_paid_too_late_makes_a_new_request(sqlite_desk: Desk, time: Time) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        tell(session, sqlite_desk, case, Kind.FEES_NOTICE, MON_JUN_3)
        time.pass_by(days=93)
        with pytest.raises(ClockError) as refusal:
            tell(session, sqlite_desk, case, Kind.FEE_PAID, date(2024, 9, 3))
    assert str(refusal.value) == (
        "The fee had to be paid by Monday 2 September 2024, 3 months from the notice (s.9(2)); paid on Tuesday "
        "3 September 2024, it makes a new request."
    )


def test_a_request_lapses_only_while_something_is_waited_for(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        time.pass_by(days=91)  # Monday 2 September, the last day to pay
        running = "A request lapses only while clarification (s.1(3)) or a fee (s.9(2)) is waited for, and neither is."
        payable = "The fee can be paid until Monday 2 September 2024 (s.9(2)), so the request has not lapsed."
        for sentence in (running, payable):
            with pytest.raises(ClockError) as refusal:
                close(session, desk, case, Outcome.LAPSED, answered_on=desk.today(), at=desk.now(), by="officer:1")
            assert (str(refusal.value), case.stage) == (sentence, "new")
            if sentence == running:
                tell(session, desk, case, *FEE[:2])
        time.pass_by(days=1)
        close(session, desk, case, Outcome.LAPSED, answered_on=desk.today(), at=desk.now(), by="officer:1")
        assert (case.stage, case.clock_state, case.answered_on) == ("closed", State.LAPSED, None)


def test_notice_of_an_extension_given_too_late_is_refused(sqlite_desk: Desk, time: Time) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        time.pass_by(days=29)
        with pytest.raises(ClockError) as refusal:
            tell(session, sqlite_desk, case, Kind.EXTENDED, sqlite_desk.today(), until="2024-07-29", reason="Complex")
    assert str(refusal.value) == (
        "Notice of an extension must go by Monday 1 July 2024, within the time limit itself (s.10(3) and s.17(2))."
    )


def test_what_happened_after_midnight_in_london_is_of_today(sqlite_desk: Desk, time: Time) -> None:
    time.moment = datetime(2024, 6, 3, 23, 30, tzinfo=UTC)
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        tell(session, sqlite_desk, case, Kind.CLARIFICATION_SOUGHT, TUE_JUN_4)
        assert (case.received_on, case.stopped_on) == (TUE_JUN_4, TUE_JUN_4)


def test_a_correction_that_other_facts_contradict_is_refused_even_on_a_closed_case(
    sqlite_desk: Desk, time: Time
) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        time.pass_by(days=10)
        close(session, sqlite_desk, case, Outcome.GRANTED, answered_on=WED_JUN_5, at=sqlite_desk.now(), by="officer:1")
        with pytest.raises(ClockError) as refusal:
            tell(
                session,
                sqlite_desk,
                case,
                Kind.RECEIPT_CORRECTED,
                sqlite_desk.today(),
                received_on="2024-06-06",
                reason="x",
            )
        assert case.received_on == MON_JUN_3
    assert str(refusal.value) == (
        "The request cannot have been received on Thursday 6 June 2024 (s.10(6)(a)): something was done about it "
        "on Wednesday 5 June 2024."
    )


def test_a_late_fact_that_contradicts_a_later_one_is_refused(sqlite_desk: Desk, time: Time) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        time.pass_by(days=2)
        tell(session, sqlite_desk, case, Kind.FEES_NOTICE, WED_JUN_5)
        with pytest.raises(ClockError) as refusal:
            tell(session, sqlite_desk, case, Kind.CLARIFICATION_SOUGHT, TUE_JUN_4)
    assert str(refusal.value) == (
        "The clock is stopped until clarification arrives (s.1(3)), so no fees notice can be given."
    )


def test_a_closed_case_takes_corrections_and_nothing_else(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        close(session, sqlite_desk, case, Outcome.GRANTED, answered_on=MON_JUN_3, at=sqlite_desk.now(), by="officer:1")
        for kind, on, particulars in (EXTEND, SOUGHT, FEE):
            with pytest.raises(NotAllowedNow, match="You cannot change the clock of a case that is closed"):
                tell(session, sqlite_desk, case, kind, on, **particulars)


STOPPING = {Kind.CLARIFICATION_SOUGHT, Kind.FEES_NOTICE}


@pytest.mark.parametrize(
    ("regime", "request_kind", "told", "offered"),
    [
        ("FOIA", "FOI", (), {*STOPPING, Kind.EXTENDED}),
        ("FOIA", "FOI", (SOUGHT,), {Kind.CLARIFIED}),
        ("FOIA", "FOI", (FEE,), {Kind.FEE_PAID}),
        ("FOIA", "FOI", (EXTEND,), {*STOPPING, Kind.EXTENDED}),
        ("EIR", "FOI", (EXTEND,), STOPPING),
        ("FOISA", "FOI", (), STOPPING),
        ("FOIA", "IR", (), {Kind.EXTENDED}),
        ("EIR", "IR", (), set()),
    ],
)
def test_what_is_offered_can_be_recorded(
    sqlite_desk: Desk, regime: str, request_kind: str, told: tuple[Told, ...], offered: set[Kind]
) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk, regime, request_kind)
        for kind, on, particulars in told:
            tell(session, sqlite_desk, case, kind, on, **particulars)
        clock = replay(history(session, case.id), sqlite_desk.calendars).clock
        assert set(possible(clock)) == offered | {Kind.RECEIPT_CORRECTED, Kind.REGIME_CHANGED}
        for kind in offered:
            particulars = {"reason": "x", "until": "2024-08-30"} if kind is Kind.EXTENDED else {}
            fact = ClockFact(kind, MON_JUN_3, particulars)
            consider(session, sqlite_desk, case, fact, at=sqlite_desk.now(), by="officer:1")


def test_an_entry_struck_out_is_no_longer_heard_and_still_there(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        tell(session, desk, case, Kind.CLARIFICATION_SOUGHT, MON_JUN_3)
        seq = last_seq(session, case)
        consider_striking(session, desk, case, seq, "The wrong case", at=desk.now(), by="officer:1")
        assert case.due_on is None
        strike_out(session, desk, case, seq, "The wrong case", at=desk.now(), by="officer:1")
        assert case.clock_state == State.RUNNING
        assert case.stopped_on is None
        assert case.due_on == MON_JUL_1
        kinds = [event.kind for event in history(session, case.id)]
    assert kinds == [Kind.RECEIVED, Kind.CLARIFICATION_SOUGHT, Kind.STRUCK_OUT]


def test_striking_out_the_closing_opens_the_case_as_it_was(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        case = a_case(session, desk)
        assign(session, desk, case, sam.id, at=desk.now(), by="officer:2")
        close(session, desk, case, Outcome.GRANTED, answered_on=MON_JUN_3, at=desk.now(), by="officer:1")
        strike_out(session, desk, case, last_seq(session, case), "Never sent", at=desk.now(), by="officer:1")
        assert (case.stage, case.outcome, case.answered_on) == ("allocated", "", None)
        assert (case.clock_state, case.due_on, case.owner_id) == (State.RUNNING, MON_JUL_1, sam.id)


def test_what_cannot_be_struck_out_says_why(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = a_case(session, sqlite_desk)
        add_note(session, sqlite_desk, case, "No fact of the clock", at=sqlite_desk.now(), by="officer:1")
        tell(session, sqlite_desk, case, Kind.CLARIFICATION_SOUGHT, MON_JUN_3)
        sought = last_seq(session, case)
        tell(session, sqlite_desk, case, Kind.CLARIFIED, MON_JUN_3)
        refused: list[tuple[int, str, type[DeskError], str]] = [
            (
                1,
                "x",
                ClockError,
                "The receipt itself cannot be struck out (s.10(6)); its date can be corrected.",
            ),
            (2, "x", NothingToStrikeOut, "There is no such fact about the clock of this case."),
            (99, "x", NothingToStrikeOut, "There is no such fact about the clock of this case."),
            (
                sought,
                " ",
                ReasonMissing,
                "Give the reason: it is kept with the case, and the regulator may ask for it.",
            ),
            (
                sought,
                "x",
                ClockError,
                "No clarification is being waited for under s.1(3), so none can restart the clock.",
            ),
        ]
        for seq, reason, fault, sentence in refused:
            with pytest.raises(fault) as refusal:
                strike_out(session, sqlite_desk, case, seq, reason, at=sqlite_desk.now(), by="officer:1")
            assert str(refusal.value) == sentence
        last = last_seq(session, case)
        strike_out(session, sqlite_desk, case, last, "x", at=sqlite_desk.now(), by="officer:1")
        with pytest.raises(NothingToStrikeOut, match=r"^This fact has been struck out already\.$"):
            strike_out(session, sqlite_desk, case, last, "x", at=sqlite_desk.now(), by="officer:1")
