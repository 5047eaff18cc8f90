"""What is typed at the command line: days, divisions, what happened to a clock and to the calendar."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.clock import (
    Answered,
    ClarificationSought,
    Clarified,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Lapsed,
    Matter,
    Period,
    ReceiptCorrected,
    RegimeChanged,
    Transferred,
    Withdrawn,
)
from service.domain.published_holidays import PARTS
from service.domain.regime import COUNTED, Regime
from service.domain.working_days import Division

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
WITH_MORE: dict[str, Callable[[date, str], ClockEvent | CalendarChange]] = {
    "extended": lambda on, until: Extended(on, london_day(until), "said on the command line"),
    "receipt-corrected": lambda on, received: ReceiptCorrected(on, london_day(received), "said on the command line"),
    "regime-changed": lambda on, more: _regime_changed(on, *_pair(more)),
    "holiday-added": lambda on, more: _holiday_added(on, *_pair(more)),
    "holiday-withdrawn": lambda on, place: CalendarChange(ChangeKind.WITHDRAWN, on, date.min, division(place)),
}
ABBREVIATED = {place.value: place for place in PARTS.values()}
PLACES = [*PARTS, *ABBREVIATED]


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


def plain_day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    """Click's callback for a day without a time, such as 2027-06-11."""
    if text is None:
        return None
    day = london_day(text)
    if day.isoformat() != text.strip():
        raise Refused(f"{text!r} is not a day; say 2027-06-11.")
    return day


def division(name: str) -> Division:
    """A part of the United Kingdom as gov.uk names it, or in three letters."""
    found = PARTS.get(name.strip().lower()) or ABBREVIATED.get(name.strip().upper())
    if found is None:
        raise Refused(f"{name!r} is no division; say {', '.join(PARTS)}.")
    return found


def read_event(text: str) -> ClockEvent | CalendarChange:
    """An event written NAME=DATE, or NAME=DATE,MORE; one of the calendar is a CalendarChange."""
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


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition(",")
    return first, second


def _regime_changed(on: date, regime: str, matter: str) -> RegimeChanged:
    return RegimeChanged(on, _regime(regime), _matter(matter) if matter else None)


def _holiday_added(on: date, place: str, proclaimed: str) -> CalendarChange:
    # Without a proclamation it counts as one of the yearly round, which everyone has always known of.
    known = london_day(proclaimed) if proclaimed else None
    title = "a bank holiday, supposed"
    return CalendarChange(ChangeKind.ADDED, on, known or date.min, division(place), title, proclaimed_on=known)


def _regime(name: str) -> Regime:
    try:
        return Regime(name.strip().upper())
    except ValueError:
        raise Refused(f"{name!r} is no regime; say {', '.join(Regime)}.") from None


def _matter(name: str) -> Matter:
    try:
        return next(matter for matter in COUNTED if matter == name.strip().lower())
    except StopIteration:
        raise Refused(f"{name!r} is no matter; say {', '.join(COUNTED)}.") from None
