"""What cannot have happened to a case, each refused in a sentence that names the section, and what is warned of."""

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
    RegimeChanged,
    State,
    Transferred,
    Withdrawn,
    read_clock,
)
from service.domain.regime import Regime
from service.errors import ClockError

CALENDARS = load_calendars()

SUN_2, MON_3, TUE_4, WED_5, THU_6 = (date(2024, 6, n) for n in (2, 3, 4, 5, 6))
MON_1_JUL, TUE_2_JUL, TUE_9_JUL, WED_10_JUL = (date(2024, 7, n) for n in (1, 2, 9, 10))
TUE_30_JUL, WED_31_JUL = date(2024, 7, 30), date(2024, 7, 31)
RECEIVED = Received(MON_3)  # due Mon 1 Jul 2024 under every law; the 40th working day is Tue 30 Jul


def clock(*events: ClockEvent, regime: str = "FOIA", matter: Matter = Matter.REQUEST) -> Clock:
    return read_clock(events, regime, CALENDARS, matter=matter)


Case = tuple[str, Matter, list[ClockEvent], str]


def foia(sentence: str, *events: ClockEvent) -> Case:
    return "FOIA", Matter.REQUEST, list(events), sentence


def under(regime: str, sentence: str, *events: ClockEvent, matter: Matter = Matter.REQUEST) -> Case:
    return regime, matter, list(events), sentence


IMPOSSIBLE: dict[str, Case] = {
    "no receipt": foia("There is no clock without the receipt of a request (s.10(6))."),
    "an act before any receipt": foia(
        "A clock begins with the receipt of a request (s.10(6)), and nothing can come before it.",
        Answered(TUE_4),
        RECEIVED,
    ),
    "a correction before any receipt": foia(
        "A clock begins with the receipt of a request (s.10(6)), and nothing can come before it.",
        ReceiptCorrected(TUE_4, MON_3, "a slip"),
    ),
    "receipt twice": foia(
        "The request was already received on Monday 3 June 2024 (s.10(6)(a)).", RECEIVED, Received(TUE_4)
    ),
    "receipt twice, on one day, under the regulations": under(
        "EISR", "The request was already received on Monday 3 June 2024 (reg 5(2)(a)).", RECEIVED, RECEIVED
    ),
    "an act before the receipt": foia(
        "Nothing can happen on Sunday 2 June 2024, before the request was received on Monday 3 June 2024 (s.10(6)(a)).",
        RECEIVED,
        Answered(SUN_2),
    ),
    "out of order": foia(
        "Tuesday 4 June 2024 comes before Wednesday 5 June 2024, the day of the last event; "
        "the clock of s.10(1) is told oldest first.",
        RECEIVED,
        ClarificationSought(WED_5),
        Clarified(TUE_4),
    ),
    "out of order, after more than one act": foia(
        "Wednesday 5 June 2024 comes before Thursday 6 June 2024, the day of the last event; "
        "the clock of s.10(1) is told oldest first.",
        RECEIVED,
        ClarificationSought(TUE_4),
        Clarified(THU_6),
        Answered(WED_5),
    ),
    "out of order, around a corrected receipt": foia(
        "Tuesday 4 June 2024 comes before Wednesday 5 June 2024, the day of the last event; "
        "the clock of s.10(1) is told oldest first.",
        RECEIVED,
        ClarificationSought(WED_5),
        ReceiptCorrected(THU_6, date(2024, 5, 31), "it was forwarded"),
        Clarified(TUE_4),
    ),
    "paying before a notice": foia(
        "No fees notice has been given that is still unpaid (s.9(2)), so no fee can be paid.", RECEIVED, FeePaid(TUE_4)
    ),
    "paying twice": under(
        "EIR",
        "No fees notice has been given that is still unpaid (reg 8(5)), so no fee can be paid.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        FeePaid(WED_5),
        FeePaid(WED_5),
    ),
    "paying after the three months": foia(
        "The fee had to be paid by Tuesday 3 September 2024, 3 months from the notice (s.9(2)); "
        "paid on Wednesday 4 September 2024, it makes a new request.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        FeePaid(date(2024, 9, 4)),
    ),
    "paying after the 60 working days": under(
        "EIR",
        "The fee had to be paid by Friday 30 August 2024, 60 working days from the notice (reg 8(5)); "
        "paid on Saturday 31 August 2024, it makes a new request.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        FeePaid(date(2024, 8, 31)),
    ),
    "a notice during another": foia(
        "The clock is paused until the fee is paid (s.9(2)), so no fees notice can be given.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        FeesNoticeGiven(WED_5),
    ),
    "clarification during a notice": foia(
        "The clock is paused until the fee is paid (s.9(2)), so no more clarification can be sought.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        ClarificationSought(WED_5),
    ),
    "an answer to a question during a notice": under(
        "EISR",
        "No clarification is being waited for under reg 9, so none can restart the clock.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        Clarified(WED_5),
    ),
    "a notice during clarification": under(
        "EIR",
        "The clock is stopped until clarification arrives (reg 9(2)), so no fees notice can be given.",
        RECEIVED,
        ClarificationSought(TUE_4),
        FeesNoticeGiven(WED_5),
    ),
    "a payment during clarification": foia(
        "No fees notice has been given that is still unpaid (s.9(2)), so no fee can be paid.",
        RECEIVED,
        ClarificationSought(TUE_4),
        FeePaid(WED_5),
    ),
    "clarification that nobody sought": foia(
        "No clarification is being waited for under s.1(3), so none can restart the clock.", RECEIVED, Clarified(TUE_4)
    ),
    "clarifying twice": foia(
        "No clarification is being waited for under s.1(3), so none can restart the clock.",
        RECEIVED,
        ClarificationSought(TUE_4),
        Clarified(WED_5),
        Clarified(WED_5),
    ),
    "seeking clarification twice": foia(
        "The clock is stopped until clarification arrives (s.1(3)), so no more clarification can be sought.",
        RECEIVED,
        ClarificationSought(TUE_4),
        ClarificationSought(WED_5),
    ),
    "extending during clarification": foia(
        "The clock is stopped until clarification arrives (s.1(3)), so it cannot be extended.",
        RECEIVED,
        ClarificationSought(TUE_4),
        Extended(WED_5, TUE_9_JUL),
    ),
    "extending during a notice": under(
        "EIR",
        "The clock is paused until the fee is paid (reg 8(5)), so it cannot be extended.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        Extended(WED_5, TUE_9_JUL),
    ),
    "extending too late": foia(
        "Notice of an extension must go by Monday 1 July 2024, within the time limit itself (s.10(3) and s.17(2)).",
        RECEIVED,
        Extended(TUE_2_JUL, TUE_9_JUL),
    ),
    "extending an extension too late": foia(
        "Notice of an extension must go by Tuesday 9 July 2024, within the time limit itself (s.10(3) and s.17(2)).",
        RECEIVED,
        Extended(MON_1_JUL, TUE_9_JUL),
        Extended(WED_10_JUL, TUE_30_JUL),
    ),
    "extending to no later day": foia(
        "Monday 1 July 2024 is no later than the deadline of Monday 1 July 2024, "
        "so it extends nothing (s.10(3) and s.17(2)).",
        RECEIVED,
        Extended(TUE_4, MON_1_JUL),
    ),
    "extending an extension to an earlier day": foia(
        "Tuesday 2 July 2024 is no later than the deadline of Tuesday 9 July 2024, "
        "so it extends nothing (s.10(3) and s.17(2)).",
        RECEIVED,
        Extended(TUE_4, TUE_9_JUL),
        Extended(TUE_4, TUE_2_JUL),
    ),
    "extending past the 40th working day without a reason": foia(
        "An extension past Tuesday 30 July 2024 needs a reason on the record (s.10(3) and s.17(2)).",
        RECEIVED,
        Extended(TUE_4, WED_31_JUL, " "),
    ),
    "extending past the 40th working day under the regulations": under(
        "EIR",
        "An extension can run to Tuesday 30 July 2024 and no further (reg 7(1)).",
        RECEIVED,
        Extended(TUE_4, WED_31_JUL, "it is long"),
    ),
    "a second extension under the regulations": under(
        "EIR",
        "The time limit was already extended, which reg 7(1) allows once.",
        RECEIVED,
        Extended(TUE_4, TUE_9_JUL),
        Extended(WED_5, WED_10_JUL),
    ),
    "an extension under the Scottish Act": under(
        "FOISA",
        "The Freedom of Information (Scotland) Act 2002 lets nothing extend the time limit of s.10(1).",
        RECEIVED,
        Extended(TUE_4, TUE_9_JUL),
    ),
    "an extension of a review under the regulations": under(
        "EIR",
        "The Environmental Information Regulations 2004 lets nothing extend the time limit of reg 11(4).",
        RECEIVED,
        Extended(TUE_4, TUE_30_JUL),
        matter=Matter.REVIEW,
    ),
    "a fees notice in a review": under(
        "FOIA",
        "A fees notice belongs to a request (s.9(2)), not to an internal review.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        matter=Matter.REVIEW,
    ),
    "clarification in a review": under(
        "FOISA",
        "Clarification belongs to a request (s.1(3)), not to an internal review.",
        RECEIVED,
        ClarificationSought(TUE_4),
        matter=Matter.REVIEW,
    ),
    "lapsing while running": foia(
        "A request lapses only while clarification (s.1(3)) or a fee (s.9(2)) is waited for, and neither is.",
        RECEIVED,
        Lapsed(TUE_4),
    ),
    "lapsing while the fee can still be paid": foia(
        "The fee can be paid until Tuesday 3 September 2024 (s.9(2)), so the request has not lapsed.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        Lapsed(date(2024, 9, 3)),
    ),
    "lapsing while the fee can still be paid under the regulations": under(
        "EISR",
        "The fee can be paid until Wednesday 28 August 2024 (reg 8), so the request has not lapsed.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        Lapsed(date(2024, 8, 28)),
    ),
    "extending after answering": foia(
        "The clock of s.10(1) ended on Tuesday 4 June 2024, when the request was answered.",
        RECEIVED,
        Answered(TUE_4),
        Extended(WED_5, TUE_9_JUL),
    ),
    "answering twice": foia(
        "The clock of s.10(1) ended on Tuesday 4 June 2024, when the request was answered.",
        RECEIVED,
        Answered(TUE_4),
        Answered(WED_5),
    ),
    "answering what was withdrawn": under(
        "EIR",
        "The clock of reg 5(2) ended on Tuesday 4 June 2024, when the request was withdrawn.",
        RECEIVED,
        Withdrawn(TUE_4),
        Answered(WED_5),
    ),
    "answering what was transferred": under(
        "EISR",
        "The clock of reg 5(2)(a) ended on Tuesday 4 June 2024, when the request was transferred.",
        RECEIVED,
        Transferred(TUE_4),
        Answered(WED_5),
    ),
    "clarifying what has lapsed": foia(
        "The clock of s.10(1) ended on Wednesday 5 June 2024, when the request was lapsed.",
        RECEIVED,
        ClarificationSought(TUE_4),
        Lapsed(WED_5),
        Clarified(THU_6),
    ),
    "answering a review of the Scottish Act twice": under(
        "FOISA",
        "The clock of s.21(1) ended on Tuesday 4 June 2024, when the request was answered.",
        RECEIVED,
        Answered(TUE_4),
        Answered(WED_5),
        matter=Matter.REVIEW,
    ),
    "receipt corrected to after an act": foia(
        "The request cannot have been received on Wednesday 5 June 2024 (s.10(6)(a)): "
        "something was done about it on Tuesday 4 June 2024.",
        RECEIVED,
        ClarificationSought(TUE_4),
        Clarified(THU_6),
        ReceiptCorrected(THU_6, WED_5, "a slip"),
    ),
    "receipt corrected to a day after the correction": under(
        "FOISA",
        "The request cannot have been received on Wednesday 5 June 2024 (s.10(1)(a)): "
        "something was done about it on Tuesday 4 June 2024.",
        RECEIVED,
        ReceiptCorrected(TUE_4, WED_5, "a slip"),
    ),
    "an act before the corrected receipt": foia(
        "Nothing can happen on Tuesday 4 June 2024, before the request was received on "
        "Wednesday 5 June 2024 (s.10(6)(a)).",
        RECEIVED,
        ReceiptCorrected(THU_6, WED_5, "it was misdated"),
        Answered(TUE_4),
    ),
    "a review that waits for clarification": foia(
        "Clarification (s.1(3)) or a fee (s.9(2)) was asked for, which no internal review knows, "
        "so this cannot be one.",
        RECEIVED,
        ClarificationSought(TUE_4),
        RegimeChanged(WED_5, Regime.FOIA, Matter.REVIEW),
    ),
    "a review that was clarified": under(
        "FOIA",
        "Clarification (reg 9(2)) or a fee (reg 8(5)) was asked for, which no internal review knows, "
        "so this cannot be one.",
        RECEIVED,
        ClarificationSought(TUE_4),
        Clarified(TUE_4),
        RegimeChanged(WED_5, Regime.EIR, Matter.REVIEW),
    ),
    "a review that was paid for": foia(
        "Clarification (s.1(3)) or a fee (s.9(2)) was asked for, which no internal review knows, "
        "so this cannot be one.",
        RECEIVED,
        FeesNoticeGiven(TUE_4),
        FeePaid(TUE_4),
        RegimeChanged(WED_5, Regime.FOIA, Matter.REVIEW),
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_have_happened_is_refused_in_a_sentence(name: str) -> None:
    regime, matter, events, sentence = IMPOSSIBLE[name]
    with pytest.raises(ClockError) as refusal:
        clock(*events, regime=regime, matter=matter)
    assert str(refusal.value) == sentence


WARNED: dict[str, Case] = {
    "clarification too late under the Act": foia(
        "Clarification was sought after the deadline of Monday 1 July 2024: the time of s.10(1) had run out already.",
        RECEIVED,
        ClarificationSought(TUE_2_JUL),
    ),
    "clarification too late under the regulations": under(
        "EIR",
        "Clarification was sought after the 20 working days that reg 9(2) allows for it.",
        RECEIVED,
        ClarificationSought(TUE_2_JUL),
    ),
    "clarification too late within an extension under the regulations": under(
        "EISR",
        "Clarification was sought after the 20 working days that reg 9 allows for it.",
        RECEIVED,
        Extended(TUE_4, TUE_9_JUL),
        ClarificationSought(TUE_2_JUL),
    ),
    "a fees notice after the deadline": foia(
        "The fees notice was given after the deadline of Monday 1 July 2024, so it moves nothing (s.10(2)).",
        RECEIVED,
        FeesNoticeGiven(TUE_2_JUL),
    ),
    "a fees notice within an extension under the regulations": under(
        "EIR",
        "The fees notice was given after the 20 working days that reg 8(4) allows for it.",
        RECEIVED,
        Extended(TUE_4, TUE_30_JUL),
        FeesNoticeGiven(TUE_2_JUL),
    ),
    "an extension past the 40th working day": foia(
        "The extension runs to Wednesday 31 July 2024, past Tuesday 30 July 2024: more than 20 further working days, "
        "which the regulator accepts only exceptionally (s.10(3) and s.17(2)).",
        RECEIVED,
        Extended(TUE_4, WED_31_JUL, "the third party is abroad"),
    ),
    "a transfer under the Act": foia(
        "The requester is still owed our own reply within s.10(1): a transfer (s.16) is none.",
        RECEIVED,
        Transferred(TUE_4),
    ),
    "a transfer under the Scottish Act": under(
        "FOISA",
        "The requester is still owed our own reply within s.10(1): a transfer (s.15) is none.",
        RECEIVED,
        Transferred(TUE_4),
    ),
    "an extension that the new law does not give": foia(
        "The extension to Tuesday 9 July 2024 fell away: "
        "Freedom of Information (Scotland) Act 2002, s.10(1), does not give it.",
        RECEIVED,
        Extended(TUE_4, TUE_9_JUL),
        RegimeChanged(WED_5, Regime.FOISA),
    ),
    "an extension that a review under the regulations cannot have": foia(
        "The extension to Tuesday 9 July 2024 fell away: "
        "Environmental Information Regulations 2004, reg 11(4), does not give it.",
        RECEIVED,
        Extended(TUE_4, TUE_9_JUL),
        RegimeChanged(WED_5, Regime.EIR, Matter.REVIEW),
    ),
    "an extension that the new law cuts": foia(
        "The extension to Wednesday 31 July 2024 ends on Tuesday 30 July 2024: reg 7(1) goes no further.",
        RECEIVED,
        Extended(TUE_4, WED_31_JUL, "the third party is abroad"),
        RegimeChanged(WED_5, Regime.EIR),
    ),
    "an extension that a corrected receipt makes too late": under(
        "EIR",
        "The extension to Tuesday 9 July 2024 fell away: "
        "its notice of Monday 1 July 2024 came after Friday 28 June 2024, too late for reg 7(1).",
        RECEIVED,
        Extended(MON_1_JUL, TUE_9_JUL),
        ReceiptCorrected(TUE_2_JUL, date(2024, 5, 31), "it was forwarded"),
    ),
    "an extension that a corrected receipt cuts": under(
        "EIR",
        "The extension to Tuesday 30 July 2024 ends on Monday 29 July 2024: reg 7(1) goes no further.",
        RECEIVED,
        Extended(TUE_4, TUE_30_JUL),
        ReceiptCorrected(TUE_2_JUL, date(2024, 5, 31), "it was forwarded"),
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_what_the_law_allows_only_just_is_warned_of_in_a_sentence(name: str) -> None:
    regime, matter, events, sentence = WARNED[name]
    before, after = (clock(*told, regime=regime, matter=matter).warnings for told in (events[:-1], events))
    assert after == (*before, sentence)


ALLOWED: dict[str, Case] = {
    "clarification on the last day": foia("", RECEIVED, ClarificationSought(MON_1_JUL)),
    "clarification on the last day under the regulations": under("EIR", "", RECEIVED, ClarificationSought(MON_1_JUL)),
    "clarification within an extension": foia("", RECEIVED, Extended(TUE_4, TUE_9_JUL), ClarificationSought(TUE_2_JUL)),
    "a fees notice on the last day": foia("", RECEIVED, FeesNoticeGiven(MON_1_JUL)),
    "a fees notice on the last day under the regulations": under("EIR", "", RECEIVED, FeesNoticeGiven(MON_1_JUL)),
    "a fees notice within an extension": foia("", RECEIVED, Extended(TUE_4, TUE_9_JUL), FeesNoticeGiven(TUE_9_JUL)),
    "a fee paid on the last day": foia("", RECEIVED, FeesNoticeGiven(TUE_4), FeePaid(date(2024, 9, 3))),
    "a fee paid on the last day under the regulations": under(
        "EIR", "", RECEIVED, FeesNoticeGiven(TUE_4), FeePaid(date(2024, 8, 30))
    ),
    "an extension on the last day to the last day": under("EIR", "", RECEIVED, Extended(MON_1_JUL, TUE_30_JUL)),
    "an extension of a review": under("FOIA", "", RECEIVED, Extended(TUE_4, TUE_30_JUL), matter=Matter.REVIEW),
    "a receipt corrected to the day of the first act": foia(
        "", RECEIVED, ClarificationSought(WED_5), ReceiptCorrected(THU_6, WED_5, "it was misdated")
    ),
    "an act between the true receipt and the one first recorded": foia(
        "", RECEIVED, ReceiptCorrected(TUE_4, date(2024, 5, 31), "it was forwarded"), ClarificationSought(SUN_2)
    ),
    "a transfer under the regulations": under("EIR", "", RECEIVED, Transferred(TUE_4)),
    "a case found to be a review": foia("", RECEIVED, RegimeChanged(TUE_4, Regime.FOIA, Matter.REVIEW)),
    "another law while clarification is awaited": foia(
        "", RECEIVED, ClarificationSought(TUE_4), RegimeChanged(WED_5, Regime.EIR)
    ),
    "the 40th working day of the new law": foia(
        "", RECEIVED, Extended(TUE_4, TUE_30_JUL), RegimeChanged(WED_5, Regime.EIR)
    ),
    "an extension whose notice a corrected receipt leaves in time": under(
        "EIR",
        "",
        RECEIVED,
        Extended(WED_5, TUE_2_JUL),
        ReceiptCorrected(TUE_9_JUL, date(2024, 5, 7), "it was forwarded"),
    ),
    "an extension under the Act past what the regulations give": foia(
        "",
        RECEIVED,
        Extended(TUE_4, TUE_30_JUL),
        ReceiptCorrected(WED_5, date(2024, 5, 31), "it was forwarded"),
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_law_plainly_allows_goes_without_a_warning(name: str) -> None:
    regime, matter, events, _ = ALLOWED[name]
    assert clock(*events, regime=regime, matter=matter).warnings == ()


def test_an_ended_clock_says_how_and_when() -> None:
    ends: dict[State, list[ClockEvent]] = {
        State.ANSWERED: [RECEIVED, Answered(WED_5)],
        State.WITHDRAWN: [RECEIVED, Withdrawn(WED_5)],
        State.TRANSFERRED: [RECEIVED, Transferred(WED_5)],
        State.LAPSED: [RECEIVED, ClarificationSought(TUE_4), Lapsed(WED_5)],
    }
    for state, events in ends.items():
        ended = clock(*events)
        assert (ended.state, ended.ended, ended.stopped, ended.ended_on) == (state, True, False, WED_5)
        assert ended.answered_on == (WED_5 if state is State.ANSWERED else None)


def test_a_fee_that_was_paid_lets_the_clock_run_again() -> None:
    paused: list[ClockEvent] = [RECEIVED, FeesNoticeGiven(TUE_4)]
    paid = FeePaid(THU_6)
    assert (clock(*paused).state, clock(*paused, paid).state) == (State.AWAITING_FEE, State.RUNNING)
    assert (clock(*paused).stopped_on, clock(*paused, paid).stopped_on) == (TUE_4, None)
    assert (clock(*paused).lapses_on, clock(*paused, paid).lapses_on) == (date(2024, 9, 3), None)


def test_an_answer_instead_of_the_fee_leaves_nothing_to_lapse() -> None:
    answered = clock(RECEIVED, FeesNoticeGiven(TUE_4), Answered(WED_5))
    assert (answered.lapses_on, answered.due_on, answered.answered_on) == (None, None, WED_5)


def test_two_paid_notices_keep_each_its_own_days() -> None:
    fees = clock(
        RECEIVED, FeesNoticeGiven(TUE_4), FeePaid(WED_5), FeesNoticeGiven(date(2024, 6, 11)), FeePaid(date(2024, 6, 12))
    ).disregarded
    assert [(fee.first, fee.last) for fee in fees] == [
        (TUE_4, WED_5),
        (date(2024, 6, 11), date(2024, 6, 12)),
    ]


def test_a_clarification_ends_the_extension_of_the_count_before_it() -> None:
    events: list[ClockEvent] = [RECEIVED, Extended(TUE_4, TUE_30_JUL), ClarificationSought(WED_5), Clarified(THU_6)]
    assert (clock(*events).due_on, clock(*events).extended) == (date(2024, 7, 4), False)
