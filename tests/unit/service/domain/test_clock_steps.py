"""What cannot have happened to a case, each refused in a sentence that names the section."""

from datetime import date

import pytest

from service.domain.calendars import load_calendars
from service.domain.clock import (
    Answered,
    ClarificationSought,
    Clarified,
    Clock,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Lapsed,
    Matter,
    ReceiptCorrected,
    Received,
    read_clock,
)
from service.errors import ClockError

CALENDARS = load_calendars()


def clock(*events: ClockEvent, regime: str = "FOIA", matter: Matter = Matter.REQUEST) -> Clock:
    return read_clock(events, regime, CALENDARS, matter=matter)


MON_3, TUE_4, WED_5, MON_1_JUL = date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 5), date(2024, 7, 1)
RECEIVED = Received(MON_3)

IMPOSSIBLE: list[tuple[list[ClockEvent], str, str]] = [
    ([], "FOIA", r"s\.10\(6\)"),
    ([Answered(TUE_4)], "FOIA", r"begins with the receipt .*s\.10\(6\)"),
    ([RECEIVED, Received(TUE_4)], "FOIA", r"already received on Monday 3 June 2024 \(s\.10\(6\)\(a\)\)"),
    ([RECEIVED, Answered(date(2024, 6, 2))], "FOIA", r"before the request was received"),
    ([RECEIVED, ClarificationSought(WED_5), Clarified(TUE_4)], "FOIA", r"oldest first"),
    ([RECEIVED, FeePaid(TUE_4)], "FOIA", r"No fees notice .*s\.9\(2\)"),
    ([RECEIVED, FeesNoticeGiven(TUE_4), FeePaid(WED_5), FeePaid(WED_5)], "FOIA", r"No fees notice"),
    ([RECEIVED, FeesNoticeGiven(TUE_4), FeePaid(date(2024, 9, 4))], "FOIA", r"by Tuesday 3 September 2024, 3 months"),
    ([RECEIVED, FeesNoticeGiven(TUE_4), FeesNoticeGiven(WED_5)], "FOIA", r"paused until the fee"),
    ([RECEIVED, FeesNoticeGiven(TUE_4), ClarificationSought(WED_5)], "FOIA", r"paused until the fee"),
    ([RECEIVED, Clarified(TUE_4)], "FOIA", r"No clarification .*s\.1\(3\)"),
    ([RECEIVED, ClarificationSought(TUE_4), ClarificationSought(WED_5)], "FOIA", r"stopped until clarification"),
    ([RECEIVED, ClarificationSought(TUE_4), Clarified(WED_5), Clarified(WED_5)], "FOIA", r"No clarification"),
    ([RECEIVED, ClarificationSought(TUE_4), Extended(WED_5, date(2024, 7, 9))], "FOIA", r"cannot be extended"),
    ([RECEIVED, ClarificationSought(TUE_4), FeesNoticeGiven(WED_5)], "FOIA", r"no fees notice can be given"),
    (
        [RECEIVED, Answered(TUE_4), Extended(WED_5, date(2024, 7, 9))],
        "FOIA",
        r"ended on Tuesday 4 June 2024",
    ),
    ([RECEIVED, Answered(TUE_4), Answered(WED_5)], "FOIA", r"s\.10\(1\) ended .*when the request was answered"),
    ([RECEIVED, Extended(date(2024, 7, 2), date(2024, 7, 9))], "FOIA", r"by Monday 1 July 2024.*s\.17\(2\)"),
    ([RECEIVED, Extended(TUE_4, MON_1_JUL)], "FOIA", r"extends nothing"),
    ([RECEIVED, Extended(TUE_4, date(2024, 7, 9))], "FOISA", r"lets nothing extend the time limit of s\.10\(1\)"),
    (
        [RECEIVED, Extended(TUE_4, date(2024, 7, 9)), Extended(WED_5, date(2024, 7, 10))],
        "EISR",
        r"already extended, which reg 7\(1\) allows once",
    ),
    ([RECEIVED, Lapsed(TUE_4)], "FOIA", r"lapses only while"),
    ([RECEIVED, Answered(TUE_4), ReceiptCorrected(WED_5, WED_5, "a slip")], "FOIA", r"cannot have been received"),
    ([RECEIVED, ReceiptCorrected(TUE_4, WED_5, "a slip")], "FOIA", r"cannot have been received on Wednesday 5 June"),
]


@pytest.mark.parametrize(("events", "regime", "sentence"), IMPOSSIBLE)
def test_what_cannot_have_happened_is_refused_in_a_sentence(
    events: list[ClockEvent], regime: str, sentence: str
) -> None:
    with pytest.raises(ClockError, match=sentence) as refusal:
        clock(*events, regime=regime)
    assert str(refusal.value).endswith(".")


def test_a_review_has_no_fees_notice() -> None:
    with pytest.raises(ClockError, match="not to an internal review"):
        clock(RECEIVED, FeesNoticeGiven(TUE_4), matter=Matter.REVIEW)
