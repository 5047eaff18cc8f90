"""`foidesk deadline`: when an answer is due, counted day by day; needs no settings and no database."""

import json
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

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
    Period,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    Transferred,
    Withdrawn,
    read_clock,
)
from service.domain.explanation import Explanation, explain
from service.domain.regime import Regime
from service.errors import ClockError

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR, LAST_YEAR = 2005, 2199  # the Acts came into force on 1 January 2005

ON_A_DAY: dict[str, Callable[[date], ClockEvent]] = {
    "clarification-sought": ClarificationSought,
    "clarified": Clarified,
    "fees-notice": FeesNoticeGiven,
    "fee-paid": FeePaid,
    "answered": Answered,
    "lapsed": Lapsed,
    "transferred": Transferred,
    "withdrawn": Withdrawn,
}
WITH_MORE: dict[str, Callable[[date, str], ClockEvent]] = {
    "extended": lambda on, until: Extended(on, london_day(until), "said on the command line"),
    "receipt-corrected": lambda on, received: ReceiptCorrected(on, london_day(received), "said on the command line"),
    "regime-changed": lambda on, name: RegimeChanged(on, _regime(name)),
}
REGIMES = [regime.value for regime in Regime]
MATTERS = [matter.value for matter in Matter]
EVENTS_HELP = (
    f"What happened, oldest first: {', '.join(ON_A_DAY)}, extended=DATE,UNTIL, receipt-corrected=DATE,RECEIVED, "
    "regime-changed=DATE,REGIME."
)


class Refused(click.ClickException):
    """What was typed cannot be counted with; one sentence and exit code 2."""

    exit_code = 2


def london_day(text: str) -> date:
    """The Europe/London day of an ISO date or datetime; one without an offset is London time already."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"{text!r} is not a date or time; say 2024-03-04 or 2024-03-04T10:00+00:00.") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Refused(f"{text!r} is outside {FIRST_YEAR} to {LAST_YEAR}; the Acts came into force in 2005.")
    # Converted before the date is taken: 23:30Z on 30 June is already 1 July in London.
    return moment.astimezone(LONDON).date() if moment.tzinfo else moment.date()


def read_event(text: str) -> ClockEvent:
    """An event written NAME=DATE, or NAME=DATE,MORE."""
    name, _, value = text.partition("=")
    if name in ON_A_DAY:
        return ON_A_DAY[name](london_day(value))
    if name in WITH_MORE:
        on, comma, more = value.partition(",")
        if not comma:
            raise Refused(f"{text!r} says too little; write {name}=DATE,... with what it came to.")
        return WITH_MORE[name](london_day(on), more)
    raise Refused(f"{name!r} is no event; the events are {', '.join((*ON_A_DAY, *WITH_MORE))}.")


def read_closure(text: str) -> Period:
    """Days without a school session, written FIRST..LAST."""
    first, _, last = text.partition("..")
    period = Period(london_day(first), london_day(last or first))
    if period.last is not None and period.last < period.first:
        raise Refused(f"{text!r} ends before it begins.")
    return period


def _regime(name: str) -> Regime:
    try:
        return Regime(name.strip().upper())
    except ValueError:
        raise Refused(f"{name!r} is no regime; say {', '.join(Regime)}.") from None


@click.command()
@click.argument("received", metavar="RECEIVED")
@click.option("--regime", type=click.Choice(REGIMES, case_sensitive=False), default="FOIA", show_default=True)
@click.option("--matter", type=click.Choice(MATTERS, case_sensitive=False), default="request", show_default=True)
@click.option("--event", "events", multiple=True, metavar="NAME=DATE", help=EVENTS_HELP)
@click.option("--closed", multiple=True, metavar="FIRST..LAST", help="Days without a school session (--matter school).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def deadline(
    received: str, regime: str, matter: str, events: tuple[str, ...], closed: tuple[str, ...], as_json: bool
) -> None:
    """Say when a request RECEIVED on a date or at a time is due, and count the days to it.

    A time with an offset is turned into Europe/London time before its date is taken; one without is London time.
    """
    calendars = load_calendars()
    history = (Received(london_day(received)), *(read_event(text) for text in events))
    closures = [read_closure(text) for text in closed]
    try:
        clock = read_clock(history, Regime(regime), calendars, matter=Matter(matter), closures=closures)
    except ClockError as error:
        raise Refused(str(error)) from None
    explanation = explain(clock, calendars)
    click.echo(json.dumps(explanation.as_dict(), indent=2, ensure_ascii=False) if as_json else _table(explanation))


def _table(explanation: Explanation) -> str:
    warnings = (f"\nWarning: {warning}" for warning in explanation.clock.warnings)
    return "\n".join((*_heading(explanation.clock), "", explanation.as_text(), *warnings))


def _heading(clock: Clock) -> list[str]:
    lines = [
        f"{clock.regime.rules.title}, {clock.limit.days} working days ({clock.limit.section})",
        f"Received  {_say(clock.received_on)}",
        f"Day 1     {_say(clock.day_one)}",
        f"Due       {_say(clock.due_on) if clock.due_on else f'no date: {clock.state}'}",
    ]
    if clock.prudent_due_on != clock.due_on and clock.prudent_due_on:
        lines.append(f"Prudent   {_say(clock.prudent_due_on)}, by the holidays that were known when the count began")
    if clock.lapses_on:
        lines.append(f"To pay by {_say(clock.lapses_on)}")
    if clock.provisional:
        lines.append("Provisional: the holidays of some of these days have not been published.")
    return [*lines, f"Calendar  {clock.calendar_version}"]


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
