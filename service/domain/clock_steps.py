"""What each event makes of a case's timeline, section by section; what the law does not know is a ClockError."""

from dataclasses import replace
from datetime import date

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
from service.domain.regime import Matter, Regime
from service.domain.timeline import ENDED, Period, State, Timeline, deadline, statutory_deadline
from service.domain.working_days import WorkingDays
from service.errors import ClockError


def say(day: date) -> str:
    """A day as a letter writes it: Monday 3 June 2024."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def follow(timeline: Timeline, event: ClockEvent, working_days: WorkingDays) -> Timeline:
    """The timeline after one more event; raises ClockError when it cannot have happened."""
    match event:
        case ReceiptCorrected():
            return _correct_receipt(timeline, event)
        case RegimeChanged():
            return _change_regime(timeline, event.regime, working_days)
        case Received():
            raise ClockError(
                reason=f"The request was already received on {say(timeline.received_on)} ({timeline.rules.receipt})."
            )
    _require_order(timeline, event)
    first = timeline.first_act_on or event.on
    return replace(_act(timeline, event, working_days), latest=event.on, first_act_on=first)


def _require_order(timeline: Timeline, event: ClockEvent) -> None:
    if event.on < timeline.received_on:
        raise ClockError(
            reason=f"Nothing can happen on {say(event.on)}, before the request was received on "
            f"{say(timeline.received_on)} ({timeline.rules.receipt})."
        )
    if timeline.state in ENDED and timeline.ended_on is not None:
        raise ClockError(
            reason=f"The clock of {timeline.limit.section} ended on {say(timeline.ended_on)}, "
            f"when the request was {timeline.state}."
        )
    if event.on < timeline.latest:
        raise ClockError(
            reason=f"{say(event.on)} comes before {say(timeline.latest)}, the day of the last event; "
            f"the clock of {timeline.limit.section} is told oldest first."
        )


def _act(timeline: Timeline, event: ClockEvent, working_days: WorkingDays) -> Timeline:
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
    raise ClockError(reason=f"The clock of {timeline.limit.section} does not know the event {type(event).__name__}.")


def _warn(timeline: Timeline, *warnings: str) -> Timeline:
    return replace(timeline, warnings=(*timeline.warnings, *warnings))


def _require_running(timeline: Timeline, what: str) -> None:
    if timeline.state is State.AWAITING_CLARIFICATION:
        raise ClockError(
            reason=f"The clock is stopped until clarification arrives ({timeline.rules.clarification}), so {what}."
        )
    if timeline.state is State.AWAITING_FEE:
        raise ClockError(reason=f"The clock is paused until the fee is paid ({timeline.rules.fee.section}), so {what}.")


def _seek_clarification(timeline: Timeline, on: date, working_days: WorkingDays) -> Timeline:
    _require_running(timeline, "no more clarification can be sought")
    stopped = replace(timeline, state=State.AWAITING_CLARIFICATION, asked_on=on)
    within = timeline.rules.clarification_within
    if within is None or on <= working_days.after(timeline.day_zero, within):
        return stopped
    return _warn(
        stopped,
        f"Clarification was sought after the {within} working days that {timeline.rules.clarification} allows for it.",
    )


def _clarify(timeline: Timeline, on: date) -> Timeline:
    rules = timeline.rules
    if timeline.asked_on is None:
        raise ClockError(
            reason=f"No clarification is being waited for under {rules.clarification}, so none can restart the clock."
        )
    # A fresh count from a fresh day 0, s.10(6)(b): what was extended before is over.
    return replace(timeline, state=State.RUNNING, asked_on=None, day_zero=on, extended_on=None, extended_until=None)


def _give_fees_notice(timeline: Timeline, on: date, working_days: WorkingDays) -> Timeline:
    fee = timeline.rules.fee
    _require_running(timeline, "no fees notice can be given")
    if timeline.matter is Matter.REVIEW:
        raise ClockError(reason=f"A fees notice belongs to a request ({fee.section}), not to an internal review.")
    due = deadline(timeline, working_days)
    paused = replace(timeline, state=State.AWAITING_FEE, fees=(*timeline.fees, Period(on)))
    if due is None or on <= due.on:
        return paused
    # s.9(1): only within the time for compliance; a time that has run out has no days left to disregard.
    return _warn(
        paused,
        f"The fees notice was given after the deadline of {say(due.on)}, so it moves nothing ({fee.disregarded_by}).",
    )


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
    if timeline.extended_until is not None and rule.once:
        raise ClockError(reason=f"The time limit was already extended, which {rule.section} allows once.")
    statutory, due = statutory_deadline(timeline, working_days).on, deadline(timeline, working_days)
    current = due.on if due else statutory
    if event.on > current:
        raise ClockError(
            reason=f"Notice of an extension must go by {say(current)}, within the time limit itself ({rule.section})."
        )
    if event.until <= current:
        raise ClockError(
            reason=f"{say(event.until)} is no later than the deadline of {say(current)}, "
            f"so it extends nothing ({rule.section})."
        )
    extended = replace(timeline, extended_on=event.on, extended_until=event.until)
    # Counted from the time limit itself and never from an extended deadline: extensions do not stack.
    most = working_days.after(statutory, rule.further)
    return extended if event.until <= most else _pass_the_most(extended, event, most)


def _pass_the_most(timeline: Timeline, event: Extended, most: date) -> Timeline:
    rule = timeline.rules.extension(timeline.matter)
    assert rule is not None
    if rule.firm:
        raise ClockError(reason=f"An extension can run to {say(most)} and no further ({rule.section}).")
    if not event.reason.strip():
        raise ClockError(reason=f"An extension past {say(most)} needs a reason on the record ({rule.section}).")
    return _warn(
        timeline,
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
    return _warn(
        ended,
        f"The requester is still owed our own reply within {timeline.limit.section}: "
        f"a transfer ({timeline.rules.transfer}) is none.",
    )


def _correct_receipt(timeline: Timeline, event: ReceiptCorrected) -> Timeline:
    earliest = timeline.first_act_on or event.on
    if event.received_on > earliest:
        raise ClockError(
            reason=f"The request cannot have been received on {say(event.received_on)} ({timeline.rules.receipt}): "
            f"something was done about it on {say(earliest)}."
        )
    restarted = timeline.day_zero != timeline.received_on
    zero = timeline.day_zero if restarted else event.received_on
    return replace(timeline, received_on=event.received_on, day_zero=zero)


def _change_regime(timeline: Timeline, regime: Regime, working_days: WorkingDays) -> Timeline:
    moved = replace(timeline, regime=regime)
    until, rule = timeline.extended_until, moved.rules.extension(timeline.matter)
    if until is None:
        return moved
    if rule is not None:
        most = working_days.after(statutory_deadline(moved, working_days).on, rule.further)
        if not rule.firm or until <= most:
            return moved
    fallen = replace(moved, extended_on=None, extended_until=None)
    return _warn(
        fallen,
        f"The extension to {say(until)} fell away: {moved.rules.title}, {moved.limit.section}, does not give it.",
    )
