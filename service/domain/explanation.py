"""The explanation of a clock: every day from receipt to deadline, counted or not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.calendars import Calendars
from service.domain.clock import Clock
from service.domain.timeline import say, school_days
from service.domain.working_days import Division, Holiday, Weekend, WhyNot, WorkingDays

A_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a day is to a clock."""

    COUNTED = "counted"
    DEADLINE = "deadline"
    RECEIPT = "receipt"
    CLARIFIED = "clarified"
    BEFORE = "before the clarification"
    STOPPED = "stopped"
    DISREGARDED = "disregarded"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    RUN_OUT = "time had run out"


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `n` is its number in the count, None when it is not counted; `why` is a sentence."""

    on: date
    kind: DayKind
    n: int | None
    why: str

    @property
    def counted(self) -> bool:
        return self.n is not None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A clock and its days, from the receipt to the deadline, or to the stop of a clock that is stopped."""

    clock: Clock
    days: tuple[Day, ...]

    @property
    def counted(self) -> int:
        """How many days were counted."""
        return sum(day.counted for day in self.days)

    def as_text(self) -> str:
        """The days for a letter or a terminal, one a line."""
        return "\n".join(f"{_mark(day)}  {day.on:%a} {day.on.day:2} {day.on:%b %Y}  {day.why}" for day in self.days)

    def full_text(self, *notes: str) -> str:
        """The dates, what else is to be noted, the days one a line, and the warnings, for a file or a terminal."""
        warnings = (f"\nWarning: {warning}" for warning in self.clock.warnings)
        return "\n".join((*summary(self.clock), *notes, "", self.as_text(), *warnings))

    def as_dict(self) -> dict[str, object]:
        """The same for JSON; dates are ISO 8601, and a date that cannot be given is None."""
        clock = self.clock
        return {
            "regime": clock.regime.name,
            "limit": clock.limit.days,
            "received_on": clock.received_on.isoformat(),
            "day_zero": clock.day_zero.isoformat(),
            "day_one": clock.day_one.isoformat(),
            "due_on": _iso(clock.due_on),
            "prudent_due_on": _iso(clock.prudent_due_on),
            "provisional": clock.provisional,
            "state": clock.state.value,
            "stopped_on": _iso(clock.stopped_on),
            "ended_on": _iso(clock.ended_on),
            "extended": clock.extended,
            "lapses_on": _iso(clock.lapses_on),
            "calendar_version": clock.calendar_version,
            "warnings": list(clock.warnings),
            "days": [
                {"date": d.on.isoformat(), "counted": d.counted, "n": d.n, "kind": d.kind.value, "why": d.why}
                for d in self.days
            ],
        }


def summary(clock: Clock) -> list[str]:
    """What a clock comes to, a date a line."""
    lines = [
        f"{clock.regime.rules.title}, {clock.limit.in_words} ({clock.limit.section})",
        f"Received  {say(clock.received_on)}",
        f"Day 1     {say(clock.day_one)}",
        f"Due       {say(clock.due_on) if clock.due_on else f'no date: {clock.state}'}",
    ]
    if clock.prudent_due_on != clock.due_on and clock.prudent_due_on:
        lines.append(f"Prudent   {say(clock.prudent_due_on)}, by the holidays that were known when the count began")
    if clock.lapses_on:
        lines.append(f"To pay by {say(clock.lapses_on)}")
    if clock.provisional:
        lines.append("Provisional: the holidays of some of these days have not been published.")
    return [*lines, f"Calendar  {clock.calendar_version}"]


def explain(clock: Clock, calendars: Calendars) -> Explanation:
    """Every day from the receipt on; has exactly as many counted days as the limit, or as an extension comes to."""
    working_days = calendars.of(clock.regime)
    by_school = clock.school_days or (clock.due_on is None and clock.limit.school_days_only)
    counting = school_days(clock.timeline, working_days) if by_school else working_days
    return Explanation(clock, tuple(_days(clock, counting)))


def _days(clock: Clock, counting: WorkingDays) -> Iterator[Day]:
    n = 0
    for day in _span(clock):
        left_out = _outside(clock, day) or _skipped(clock, counting.why_not(day)) or _run_out(clock, n)
        if left_out is None or _is_named(clock, day):
            n += 1
            kind = DayKind.DEADLINE if day == clock.due_on else DayKind.COUNTED
            yield Day(day, kind, n, _counted(clock, day, n, counting))
        else:
            yield Day(day, left_out[0], None, left_out[1])


def _is_named(clock: Clock, day: date) -> bool:
    """Whether the regulator named this very day, which may be any."""
    return clock.timeline.named is not None and day == clock.due_on


def _span(clock: Clock) -> Iterator[date]:
    last = clock.due_on or clock.stopped_on or clock.day_zero
    return (clock.received_on + A_DAY * n for n in range((last - clock.received_on).days + 1))


LeftOut = tuple[DayKind, str]


def _outside(clock: Clock, day: date) -> LeftOut | None:
    """Why a day is not for the calendar to judge: receipt, clarification, a fees notice, a stopped clock."""
    if day <= clock.day_zero:
        return _until_day_zero(clock, day)
    rules = clock.timeline.rules
    if clock.timeline.asked_on is not None and day >= clock.timeline.asked_on:
        why = f"Clarification was sought: the clock is stopped until it arrives ({rules.clarification})."
        return DayKind.STOPPED, why
    fee = next((period for period in clock.disregarded if period.holds(day)), None)
    if fee is None:
        return None
    until = f"paid on {_say(fee.last)}" if fee.last else "not yet paid"
    why = f"Disregarded: fees notice given on {_say(fee.first)}, {until} ({rules.fee.disregarded_by})."
    return DayKind.DISREGARDED, why


def _until_day_zero(clock: Clock, day: date) -> LeftOut:
    """Day 0 and, where a clarification made it, what came before."""
    rules = clock.timeline.rules
    if day == clock.received_on == clock.day_zero:
        return DayKind.RECEIPT, f"Day of receipt ({rules.receipt}): counting begins with the next working day."
    if day == clock.day_zero:
        why = f"Clarification arrived: the count begins afresh with the next working day ({rules.restart})."
        return DayKind.CLARIFIED, why
    if day == clock.received_on:
        why = f"Day of receipt ({rules.receipt}); the clarification that came later is what counting begins from."
        return DayKind.RECEIPT, why
    return DayKind.BEFORE, f"Before the clarification arrived on {_say(clock.day_zero)} ({rules.restart})."


def _skipped(clock: Clock, why_not: WhyNot | None) -> LeftOut | None:
    """Why the calendar leaves a day out, None when it counts it."""
    match why_not:
        case None:
            return None
        case Weekend(on):
            return DayKind.WEEKEND, f"{on:%A}, not a working day ({clock.timeline.rules.working_day})."
        case holidays:
            return DayKind.HOLIDAY, f"{_holidays(holidays)} ({_section(clock, holidays)})."


def _run_out(clock: Clock, n: int) -> LeftOut | None:
    """The days of a clock that was stopped after its time was up already."""
    if clock.due_on is None and n == clock.limit.days:
        return DayKind.RUN_OUT, f"The {n} working days had ended ({clock.limit.section})."
    return None


def _section(clock: Clock, holidays: tuple[Holiday, ...]) -> str:
    closed = all(row.division is Division.SCHOOL for row in holidays)
    return clock.limit.section if closed else clock.timeline.rules.working_day


def _holidays(holidays: tuple[Holiday, ...]) -> str:
    """Each title once, with the places that keep it and, where it was sprung on us, since when it has been known."""
    places: dict[tuple[str, date], list[str]] = {}
    for row in holidays:
        places.setdefault((row.title, row.known_since), []).append(row.division.place)
    return "; ".join(_holiday(title, since, kept) for (title, since), kept in places.items())


def _holiday(title: str, since: date, places: list[str]) -> str:
    known = "" if since == date.min else f", known since {_say(since)}"
    return f"{title[:1].upper()}{title[1:]} in {_and(places)}{known}"


def _counted(clock: Clock, day: date, n: int, working_days: WorkingDays) -> str:
    said = f"Working day {n}"
    if clock.school_days:
        said += ", and a school day"
    if day == clock.due_on:
        said += f": the deadline ({_authority(clock, n)})"
    elif clock.extended and n > clock.limit.days:
        said += f", by the extension ({_authority(clock, n)})"
    if not working_days.covers(day, day):
        said += "; its holidays are not in the calendar, so this is provisional"
    return f"{said}."


def _authority(clock: Clock, n: int) -> str:
    """The section by which the nth day is counted."""
    rule = clock.timeline.rules.extension(clock.timeline.matter)
    return rule.section if rule and clock.extended and n > clock.limit.days else clock.limit.section


def _mark(day: Day) -> str:
    return f"{day.n:3}" if day.n is not None else "  -"


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _say(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
