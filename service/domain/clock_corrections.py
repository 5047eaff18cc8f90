"""What a corrected receipt or another law makes of a case's timeline, the extension it was given among it."""

from dataclasses import replace

from service.domain.clock_events import ReceiptCorrected, RegimeChanged
from service.domain.regime import Matter
from service.domain.timeline import Timeline, furthest, say, statutory_deadline
from service.domain.working_days import WorkingDays
from service.errors import ClockError


def correct_receipt(timeline: Timeline, event: ReceiptCorrected, working_days: WorkingDays) -> Timeline:
    """The timeline from another day of receipt; raises ClockError when something was done before that day."""
    received_on, earliest = event.received_on, timeline.first_act_on or event.on
    if received_on > earliest:
        raise ClockError(
            reason=f"The request cannot have been received on {say(received_on)} ({timeline.rules.receipt}): "
            f"something was done about it on {say(earliest)}."
        )
    corrected = replace(
        timeline,
        received_on=received_on,
        day_zero=timeline.day_zero if timeline.restarted else received_on,
        latest=timeline.latest if timeline.first_act_on else received_on,
    )
    return _keep_promise(corrected, working_days)


def change_regime(timeline: Timeline, event: RegimeChanged, working_days: WorkingDays) -> Timeline:
    """The timeline under another law or time limit, whose working days are given; ClockError where it cannot be."""
    moved = replace(timeline, regime=event.regime, matter=event.matter or timeline.matter)
    if (moved.matter is Matter.REGULATOR) != (timeline.matter is Matter.REGULATOR):
        raise ClockError(reason="A complaint to the regulator is a case of its own: no other case becomes one.")
    if moved.matter is Matter.REVIEW and (moved.asked_on is not None or moved.restarted or moved.fees):
        raise ClockError(
            reason=f"Clarification ({moved.rules.clarification}) or a fee ({moved.rules.fee.section}) was asked for, "
            "which no internal review knows, so this cannot be one."
        )
    return _keep_promise(moved, working_days)


def _keep_promise(timeline: Timeline, working_days: WorkingDays) -> Timeline:
    """An extension under a corrected receipt or another law: gone where it gives none, cut where it gives less."""
    promise, rule = timeline.promise, timeline.rules.extension(timeline.matter)
    if promise is None:
        return timeline
    fell = f"The extension to {say(promise.until)} fell away:"
    fallen = replace(timeline, promise=None)
    if rule is None:
        return fallen.warned(f"{fell} {timeline.rules.title}, {timeline.limit.section}, does not give it.")
    if not rule.firm:
        return timeline
    statutory = statutory_deadline(timeline, working_days).on
    if promise.given_on > statutory:
        late = f"its notice of {say(promise.given_on)} came after {say(statutory)}, too late for {rule.section}."
        return fallen.warned(f"{fell} {late}")
    most = furthest(timeline, rule, working_days)
    if promise.until <= most:
        return timeline
    cut = replace(timeline, promise=replace(promise, until=most))
    return cut.warned(f"The extension to {say(promise.until)} ends on {say(most)}: {rule.section} goes no further.")
