"""`foidesk deadline`: when an answer is due, counted day by day; needs no settings and no database."""

import json

import click

from service.commands.telling import table
from service.commands.typed import ON_A_DAY, Refused, london_day, read_closure, read_event
from service.domain.calendars import CalendarChange, CalendarChangeRefused, load_calendars
from service.domain.clock import Matter, Received, read_clock
from service.domain.explanation import explain
from service.domain.regime import COUNTED, Regime
from service.errors import ClockError

REGIMES = [regime.value for regime in Regime]
MATTERS = [matter.value for matter in COUNTED]
EVENTS_HELP = (
    f"What happened, oldest first: {', '.join(ON_A_DAY)}, extended=DATE,UNTIL, receipt-corrected=DATE,RECEIVED, "
    "regime-changed=DATE,REGIME[,MATTER]; or what if the calendar were another: "
    "holiday-added=DATE,DIVISION[,PROCLAIMED], holiday-withdrawn=DATE,DIVISION."
)


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

    The days are counted by the calendar that came with this program, changed as --event supposes; `foidesk explain`
    counts a case by the desk's own.
    """
    told = [read_event(text) for text in events]
    supposed = [change for change in told if isinstance(change, CalendarChange)]
    history = (Received(london_day(received)), *(event for event in told if not isinstance(event, CalendarChange)))
    closures = [read_closure(text) for text in closed]
    try:
        calendars = load_calendars().with_changes(supposed)
        clock = read_clock(history, Regime(regime), calendars, matter=Matter(matter), closures=closures)
    except (ClockError, CalendarChangeRefused) as error:
        raise Refused(str(error)) from None
    explanation = explain(clock, calendars)
    click.echo(
        json.dumps(explanation.as_dict(), indent=2, ensure_ascii=False) if as_json else table(explanation, supposed)
    )
