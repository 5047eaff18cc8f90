"""What each event makes of a case's timeline, section by section; what the law does not know is a ClockError."""

from dataclasses import replace
from datetime import date

from service.domain.clock_corrections import change_regime, correct_receipt
from service.domain.clock_events import (
    Answered,
    ClarificationSought,
    Clarified,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Lapsed,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    Transferred,
    Withdrawn,
)
from service.domain.regime import Extension, Matter
from service.domain.timeline import Period, Promise, State, Timeline, furthest, running_deadline, say
from service.domain.working_days import WorkingDays
from service.errors import ClockError

Act = (
    ClarificationSought | Clarified | FeesNoticeGiven | FeePaid | Extended | Answered | Lapsed | Transferred | Withdrawn
)


def follow(timeline: Timeline, event: ClockEvent, working_days: WorkingDays) -> Timeline:
    """The timeline after one more event; raises ClockError when it cannot have happened.

    The working days are those of the regime that the case runs under after the event.
    """
    match event:
        case ReceiptCorrected():
            return correct_receipt(timeline, event, working_days)
        case RegimeChanged():
            return change_regime(timeline, event, working_days)
        case Received():
            raise ClockError(
                reason=f"The request was already received on {say(timeline.received_on)} ({timeline.rules.receipt})."
            )
    _require_order(timeline, event)
    first = timeline.first_act_on or event.on
    return replace(_act(timeline, event, working_days), latest=event.on, first_act_on=first)


def _require_order(timeline: Timeline, event: Act) -> None:
    if event.on < timeline.received_on:
        raise ClockError(
            reason=f"Nothing can happen on {say(event.on)}, before the request was received on "
            f"{say(timeline.received_on)} ({timeline.rules.receipt})."
        )
    if timeline.ended_on is not None:
        raise ClockError(
            reason=f"The clock of {timeline.limit.section} ended on {say(timeline.ended_on)}, "
            f"when the request was {timeline.state}."
        )
    if event.on < timeline.latest:
        raise ClockError(
            reason=f"{say(event.on)} comes before {say(timeline.latest)}, the day of the last event; "
            f"the clock of {timeline.limit.section} is told oldest first."
        )


def _act(timeline: Timeline, event: Act, working_days: WorkingDays) -> Timeline:
    match event:
        case ClarificationSought(on):
            return _seek_clarification(timeline, on, working_days)
        case Clarified(on):
            return _clarify(timeline, on)
        case FeesNoticeGiven(on):
            return _give_fees_notice(timeline, on, working_days)
        case FeePaid(on):
            return _pay(timeline, on, working_days)
        case Extended():
            return _extend(timeline, event, working_days)
        case Lapsed(on):
            return _lapse(timeline, on, working_days)
        case Transferred(on):
            return _transfer(timeline, on)
        case Answered(on):
            return replace(timeline, state=State.ANSWERED, ended_on=on)
        case Withdrawn(on):
            return replace(timeline, state=State.WITHDRAWN, ended_on=on)


def _require_running(timeline: Timeline, what: str) -> None:
    if timeline.state is State.AWAITING_CLARIFICATION:
        raise ClockError(
            reason=f"The clock is stopped until clarification arrives ({timeline.rules.clarification}), so {what}."
        )
    if timeline.state is State.AWAITING_FEE:
        raise ClockError(reason=f"The clock is paused until the fee is paid ({timeline.rules.fee.section}), so {what}.")


def _require_request(timeline: Timeline, what: str, section: str) -> None:
    if not timeline.matter.is_request:
        # The time for a review runs from its receipt (s.21(1), reg 11(4), reg 16(4)) and is stopped by nothing.
        other = "an internal review" if timeline.matter is Matter.REVIEW else "a complaint to the regulator"
        raise ClockError(reason=f"{what} belongs to a request ({section}), not to {other}.")


def _seek_clarification(timeline: Timeline, on: date, working_days: WorkingDays) -> Timeline:
    section, within = timeline.rules.clarification, timeline.rules.clarification_within
    _require_running(timeline, "no more clarification can be sought")
    _require_request(timeline, "Clarification", section)
    stopped = replace(timeline, state=State.AWAITING_CLARIFICATION, asked_on=on)
    due_on = running_deadline(timeline, working_days).on
    if within is not None and on > working_days.after(timeline.day_zero, within):
        return stopped.warned(f"Clarification was sought after the {within} working days that {section} allows for it.")
    if on > due_on:
        return stopped.warned(
            f"Clarification was sought after the deadline of {say(due_on)}: "
            f"the time of {timeline.limit.section} had run out already.",
        )
    return stopped


def _clarify(timeline: Timeline, on: date) -> Timeline:
    if timeline.asked_on is None:
        raise ClockError(
            reason=f"No clarification is being waited for under {timeline.rules.clarification}, "
            "so none can restart the clock."
        )
    # A fresh count from a fresh day 0, s.10(6)(b): what was extended or disregarded before is over.
    return replace(timeline, state=State.RUNNING, asked_on=None, day_zero=on, restarted=True, fees=(), promise=None)


def _give_fees_notice(timeline: Timeline, on: date, working_days: WorkingDays) -> Timeline:
    fee = timeline.rules.fee
    _require_running(timeline, "no fees notice can be given")
    _require_request(timeline, "A fees notice", fee.section)
    due_on = running_deadline(timeline, working_days).on
    paused = replace(timeline, state=State.AWAITING_FEE, fees=(*timeline.fees, Period(on)))
    if on > due_on:
        # s.9(1): only within the time for compliance; a time that has run out has no days left to disregard.
        return paused.warned(
            f"The fees notice was given after the deadline of {say(due_on)}, "
            f"so it moves nothing ({fee.disregarded_by}).",
        )
    if fee.notice_within and on > working_days.after(timeline.day_zero, fee.notice_within):
        # An extension gives more time to answer, and none to ask for the fee: reg 7(2) leaves reg 8(4) out.
        return paused.warned(
            f"The fees notice was given after the {fee.notice_within} working days that {fee.notice} allows for it.",
        )
    return paused


def _pay(timeline: Timeline, on: date, working_days: WorkingDays) -> Timeline:
    fee, unpaid = timeline.rules.fee, timeline.unpaid
    if unpaid is None:
        raise ClockError(
            reason=f"No fees notice has been given that is still unpaid ({fee.section}), so no fee can be paid."
        )
    last_day = fee.last_day(unpaid.first, working_days)
    if on > last_day:
        raise ClockError(
            reason=f"The fee had to be paid by {say(last_day)}, {fee.time_to_pay} from the notice ({fee.section}); "
            f"paid on {say(on)}, it makes a new request."
        )
    paid = tuple(Period(p.first, on) if p is unpaid else p for p in timeline.fees)
    return replace(timeline, state=State.RUNNING, fees=paid)


def _extend(timeline: Timeline, event: Extended, working_days: WorkingDays) -> Timeline:
    rules, rule = timeline.rules, timeline.rules.extension(timeline.matter)
    if rule is None:
        raise ClockError(reason=f"The {rules.title} lets nothing extend the time limit of {timeline.limit.section}.")
    _require_running(timeline, "it cannot be extended")
    if timeline.promise is not None and rule.once:
        raise ClockError(reason=f"The time limit was already extended, which {rule.section} allows once.")
    due_on = running_deadline(timeline, working_days).on
    if event.on > due_on:
        raise ClockError(
            reason=f"Notice of an extension must go by {say(due_on)}, within the time limit itself ({rule.section})."
        )
    if event.until <= due_on:
        raise ClockError(
            reason=f"{say(event.until)} is no later than the deadline of {say(due_on)}, "
            f"so it extends nothing ({rule.section})."
        )
    extended = replace(timeline, promise=Promise(event.on, event.until, len(timeline.fees)))
    most = furthest(timeline, rule, working_days)
    return extended if event.until <= most else _pass_the_most(extended, event, rule, most)


def _pass_the_most(timeline: Timeline, event: Extended, rule: Extension, most: date) -> Timeline:
    if rule.firm:
        raise ClockError(reason=f"An extension can run to {say(most)} and no further ({rule.section}).")
    if not event.reason.strip():
        raise ClockError(reason=f"An extension past {say(most)} needs a reason on the record ({rule.section}).")
    return timeline.warned(
        f"The extension runs to {say(event.until)}, past {say(most)}: more than {rule.further} further working days, "
        f"which the regulator accepts only exceptionally ({rule.section}).",
    )


def _lapse(timeline: Timeline, on: date, working_days: WorkingDays) -> Timeline:
    if timeline.state is State.RUNNING:
        raise ClockError(
            reason=f"A request lapses only while clarification ({timeline.rules.clarification}) or a fee "
            f"({timeline.rules.fee.section}) is waited for, and neither is."
        )
    if timeline.unpaid is not None:
        fee = timeline.rules.fee
        last_day = fee.last_day(timeline.unpaid.first, working_days)
        if on <= last_day:
            raise ClockError(
                reason=f"The fee can be paid until {say(last_day)} ({fee.section}), so the request has not lapsed."
            )
    return replace(timeline, state=State.LAPSED, ended_on=on)


def _transfer(timeline: Timeline, on: date) -> Timeline:
    ended = replace(timeline, state=State.TRANSFERRED, ended_on=on)
    if not timeline.rules.reply_owed_after_transfer:
        return ended
    return ended.warned(
        f"The requester is still owed our own reply within {timeline.limit.section}: "
        f"a transfer ({timeline.rules.transfer}) is none.",
    )
