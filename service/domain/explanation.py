"""The explanation of a clock: every day from receipt to deadline, counted or not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.calendars import Calendars
from service.domain.clock import Clock
from service.domain.timeline import school_days
from service.domain.working_days import Division, Holiday, Weekend, WhyNot, WorkingDays

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `n` is its number in the count, None when it is not counted; `why` is a sentence."""

    on: date
    counted: bool
    n: int | None
    why: str


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
            "days": [{"date": d.on.isoformat(), "counted": d.counted, "n": d.n, "why": d.why} for d in self.days],
        }


def explain(clock: Clock, calendars: Calendars) -> Explanation:
    """Every day from the receipt on; has exactly as many counted days as the limit, or as an extension comes to."""
    working_days = calendars.of(clock.regime)
    by_school = clock.school_days or (clock.due_on is None and clock.limit.school_days_only)
    counting = school_days(clock.timeline, working_days) if by_school else working_days
    return Explanation(clock, tuple(_days(clock, counting)))


def _days(clock: Clock, counting: WorkingDays) -> Iterator[Day]:
    n = 0
    for day in _span(clock):
        reason = _outside(clock, day) or _skipped(clock, counting.why_not(day))
        if reason is None and clock.due_on is None and n == clock.limit.days:
            reason = f"The {n} working days had ended ({clock.limit.section})."
        if reason is None:
            n += 1
            yield Day(day, True, n, _counted(clock, day, n, counting))
        else:
            yield Day(day, False, None, reason)


def _span(clock: Clock) -> Iterator[date]:
    last = clock.due_on or clock.stopped_on or clock.day_zero
    return (clock.received_on + A_DAY * n for n in range((last - clock.received_on).days + 1))


def _outside(clock: Clock, day: date) -> str | None:
    """Why a day is not for the calendar to judge: receipt, clarification, a fees notice, a stopped clock."""
    rules = clock.timeline.rules
    if day == clock.day_zero:
        if day == clock.received_on:
            return f"Day of receipt ({rules.receipt}): counting begins with the next working day."
        return f"Clarification arrived: the count begins afresh with the next working day ({rules.restart})."
    if day < clock.day_zero:
        if day == clock.received_on:
            return f"Day of receipt ({rules.receipt}); the clarification that came later is what counting begins from."
        return f"Before the clarification arrived on {_say(clock.day_zero)} ({rules.restart})."
    if clock.timeline.asked_on is not None and day >= clock.timeline.asked_on:
        return f"Clarification was sought: the clock is stopped until it arrives ({rules.clarification})."
    fee = next((period for period in clock.disregarded if period.holds(day)), None)
    if fee is None:
        return None
    until = f"paid on {_say(fee.last)}" if fee.last else "not yet paid"
    return f"Disregarded: fees notice given on {_say(fee.first)}, {until} ({rules.fee.disregarded_by})."


def _skipped(clock: Clock, why_not: WhyNot | None) -> str | None:
    """Why the calendar leaves a day out, None when it counts it."""
    match why_not:
        case None:
            return None
        case Weekend(on):
            return f"{on:%A}, not a working day ({clock.timeline.rules.working_day})."
        case holidays:
            return f"{_holidays(holidays)} ({_section(clock, holidays)})."


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
