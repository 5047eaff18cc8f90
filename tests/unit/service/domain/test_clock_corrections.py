"""What is left of a case's time when its receipt is corrected, or another law is found to govern it."""

from datetime import date

from service.domain.calendars import load_calendars
from service.domain.clock import (
    ClarificationSought,
    Clarified,
    Clock,
    ClockEvent,
    Extended,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    read_clock,
)
from service.domain.regime import Regime

CALENDARS = load_calendars()

FRI_31_MAY, MON_3, TUE_4, WED_5, THU_6 = date(2024, 5, 31), *(date(2024, 6, n) for n in (3, 4, 5, 6))
MON_29_JUL, TUE_30_JUL, WED_31_JUL = (date(2024, 7, n) for n in (29, 30, 31))
RECEIVED = Received(MON_3)  # due Mon 1 Jul 2024 under every law; the 40th working day is Tue 30 Jul


def clock(*events: ClockEvent, regime: str = "FOIA") -> Clock:
    return read_clock(events, regime, CALENDARS)


def test_a_corrected_receipt_leaves_the_fresh_count_that_a_clarification_began() -> None:
    told: list[ClockEvent] = [RECEIVED, ClarificationSought(TUE_4), Clarified(WED_5)]
    corrected = clock(*told, ReceiptCorrected(THU_6, FRI_31_MAY, "it was forwarded"))
    assert (corrected.received_on, corrected.day_zero) == (FRI_31_MAY, WED_5)
    assert corrected.due_on == clock(*told).due_on == date(2024, 7, 3)


def test_a_promise_cut_by_a_corrected_receipt_is_still_an_extension_to_the_last_day_there_can_be() -> None:
    promised: list[ClockEvent] = [RECEIVED, Extended(TUE_4, TUE_30_JUL)]
    cut = clock(*promised, ReceiptCorrected(WED_5, FRI_31_MAY, "it was forwarded"), regime="EIR")
    assert (cut.due_on, cut.extended) == (MON_29_JUL, True)


def test_a_promise_cut_by_another_law_is_still_an_extension_to_the_last_day_there_can_be() -> None:
    promised: list[ClockEvent] = [RECEIVED, Extended(TUE_4, WED_31_JUL, "the third party is abroad")]
    cut = clock(*promised, RegimeChanged(WED_5, Regime.EIR))
    assert (cut.due_on, cut.extended) == (TUE_30_JUL, True)


def test_a_promise_under_another_law_is_cut_by_the_calendar_of_that_law() -> None:
    mon_4_mar, tue_5_mar, thu_2_may = date(2024, 3, 4), date(2024, 3, 5), date(2024, 5, 2)
    promised: list[ClockEvent] = [Received(mon_4_mar), Extended(tue_5_mar, thu_2_may)]
    # St Patrick's Day and Easter Monday count in Scotland, whose fortieth working day comes two days sooner.
    assert clock(*promised, RegimeChanged(tue_5_mar, Regime.EIR)).due_on == thu_2_may
    assert clock(*promised, RegimeChanged(tue_5_mar, Regime.EISR)).due_on == date(2024, 4, 30)
