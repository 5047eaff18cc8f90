"""What one case counts as in the statistics, read from its events as they stood on a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.calendars import Calendars
from service.domain.history import CaseEvent, replay, standing_events
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.question import Decision
from service.domain.regime import Matter, Regime
from service.domain.timeline import ENDED, State, running_deadline, statutory_deadline
from service.errors import ClockError


@dataclass(frozen=True, slots=True)
class Counted:
    """A case as a statistic sees it; every date is a Europe/London day, every number of days counts working days.

    `limit_on` is the last day of the time limit itself, `due_on` that of the limit as extended: where the clock is
    stopped, as if it were not. `extension` is by how many days the two differ, `taken` how many it took to end.
    """

    reference: str
    regime: Regime
    matter: Matter
    received_on: date
    state: State
    limit_on: date
    due_on: date
    extension: int
    stopped: bool = False  # no date can be given: it waits for clarification, or for a fee asked for in time
    waiting: bool = False  # it ended while so stopped, when the law set no date
    ended_on: date | None = None
    taken: int | None = None
    outcome: Outcome | None = None
    decisions: frozenset[Decision] = frozenset()
    limbs: frozenset[str] = frozenset()

    @property
    def ended(self) -> bool:
        """Whether it had been answered, or ended without an answer."""
        return self.state in ENDED


def closing_data(decisions: Sequence[Decision], limbs: Sequence[str]) -> dict[str, str]:
    """What the closing of a case keeps of its decisions, so that no later change of them alters a published figure."""
    return {
        "decisions": ", ".join(sorted({decision.value for decision in decisions})),
        "limbs": ", ".join(sorted(set(limbs))),
    }


def count_case(
    reference: str, history: Sequence[CaseEvent], calendars_at: Callable[[str], Calendars]
) -> Counted | None:
    """What a case's events, as recorded until some day, make of it; None when they do not open it yet.

    It is counted by the calendar that its own dates were last computed with, whichever holidays came after:
    `calendars_at` gives those of a version, and the newest for "".
    """
    held = standing_events(history)
    if not any(event.kind is Kind.RECEIVED for event in held):
        return None
    then = calendars_at(_version(history))
    try:
        clock = replay(history, then).clock
    except ClockError:  # its history fits only the calendars of now
        then = calendars_at("")
        clock = replay(history, then).clock
    timeline, working_days = clock.timeline, then.of(clock.regime)
    limit_on, due_on = (ends(timeline, working_days).on for ends in (statutory_deadline, running_deadline))
    closing = next((event for event in reversed(held) if event.kind is Kind.CLOSED), None)
    data = closing.data if closing is not None and clock.ended else {}
    return Counted(
        reference=reference,
        regime=clock.regime,
        matter=timeline.matter,
        received_on=clock.received_on,
        state=clock.state,
        limit_on=limit_on,
        due_on=due_on,
        extension=max(working_days.count(limit_on, due_on), 0),
        stopped=clock.due_on is None and not clock.ended,
        waiting=clock.due_on is None and clock.ended,
        ended_on=clock.ended_on,
        taken=working_days.count(clock.received_on, clock.ended_on) if clock.ended_on else None,
        outcome=Outcome(data["outcome"]) if data else None,
        decisions=frozenset(map(Decision, _several(data.get("decisions", "")))),
        limbs=frozenset(_several(data.get("limbs", ""))),
    )


def _version(history: Sequence[CaseEvent]) -> str:
    """The calendar of the last event that was dated by one."""
    return next((version for event in reversed(history) if (version := event.data.get("calendar", ""))), "")


def _several(text: str) -> list[str]:
    return [part for part in text.split(", ") if part]
