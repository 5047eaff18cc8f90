"""The public deadline calculator: what happened, and a law, give the deadline, explained day by day."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from service.domain.calendars import CalendarChange, CalendarChangeRefused, Calendars, ChangeKind
from service.domain.clock import (
    ClarificationSought,
    Clarified,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Matter,
    Period,
    Received,
    read_clock,
)
from service.domain.explanation import Explanation, explain
from service.domain.regime import RULES, Regime
from service.domain.working_days import Division
from service.errors import ClockError
from service.sections import read_period
from web.clock import drawn
from web.clock_forms import MATTERS
from web.current import desk
from web.forms import LONGEST_NOTE, FormFaults, clean
from web.holidays import DIVISIONS

pages = Blueprint("calculator", __name__)
EARLIEST, LATEST = date(2005, 1, 1), date(2100, 1, 1)  # the Acts came into force on the first of January 2005
LONGEST_STORY = timedelta(days=3 * 366)
LONGEST_LIMIT = timedelta(days=366)  # more than any time limit that begins with the story's last event takes
LAWS = {regime.value: rules.title for regime, rules in RULES.items()}
HAPPENED: dict[str, tuple[str, Callable[[date], ClockEvent]]] = {
    "clarification-sought": ("The authority asked for clarification", ClarificationSought),
    "clarified": ("The clarification arrived", Clarified),
    "fees-notice": ("The authority gave a fees notice", FeesNoticeGiven),
    "fee-paid": ("The fee was paid", FeePaid),
}
LATER = (*HAPPENED, "extended", "until", "holiday", "division", "proclaimed", "closed")
MOST_CLOSURES = 40


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody wants to know the deadline of."""

    regime: Regime
    matter: Matter
    events: tuple[ClockEvent, ...]
    closures: tuple[Period, ...] = ()
    holiday: CalendarChange | None = None

    def explained(self, calendars: Calendars) -> Explanation:
        """Its clock day by day; raises ClockError or CalendarChangeRefused."""
        supposed = calendars.with_changes([self.holiday]) if self.holiday else calendars
        clock = read_clock(self.events, self.regime, supposed, matter=self.matter, closures=self.closures)
        return explain(clock, supposed)


@pages.get("/deadline")
def show() -> ResponseReturnValue:
    typed = _typed()
    try:
        explained, faults = _explained(typed), {}
    except FormFaults as error:
        explained, faults = None, error.faults
    page = render_template(
        "web/calculator.html",
        typed=typed,
        laws=LAWS,
        matters=[(matter.value, words) for matter, words in MATTERS.items()],
        divisions=[("", "Choose"), *DIVISIONS.items()],
        happened=[(name, label) for name, (label, _) in HAPPENED.items()],
        told_more=any(typed[name] for name in LATER),
        faults=faults,
        explained=explained,
        same={name: value for name, value in typed.items() if value},
        **(drawn(explained) if explained else {}),
    )
    return page, 422 if faults else 200


@pages.get("/deadline.txt")
def as_text() -> ResponseReturnValue:
    try:
        return Response(_explained(_typed()).full_text() + "\n", mimetype="text/plain")
    except FormFaults as error:
        lines = (f"{name}: {fault}\n" for name, fault in error.faults.items())
        return Response("".join(lines), status=422, mimetype="text/plain")


@pages.get("/deadline.json")
def as_json() -> ResponseReturnValue:
    try:
        return jsonify(_explained(_typed()).as_dict())
    except FormFaults as error:
        return jsonify({"faults": error.faults}), 422


def _typed() -> dict[str, str]:
    asked = {name: clean(request.args.get(name, "")).strip()[:LONGEST_NOTE] for name in ("matter", *LATER)}
    return asked | {
        "received": request.args.get("received", desk().today().isoformat()).strip(),
        "regime": request.args.get("regime", desk().settings.regime),
        "matter": asked["matter"] or Matter.REQUEST,
    }


def _explained(typed: Mapping[str, str]) -> Explanation:
    """What the words come to; raises FormFaults."""
    reader = _StoryReader(typed)
    try:
        return reader.read().explained(desk().calendars)
    except ClockError as error:
        raise FormFaults({reader.last_event: str(error)}) from None
    except CalendarChangeRefused as error:
        raise FormFaults({"holiday": str(error)}) from None


class _StoryReader:
    """Reads a story, gathering its faults by field."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self._faults: dict[str, str] = {}
        self.last_event = "received"

    def read(self) -> Story:
        for name, choices, fault in (
            ("regime", LAWS, "Choose a law"),
            ("matter", MATTERS, "Choose the kind of request"),
        ):
            if self._typed[name] not in choices:
                self._faults[name] = fault
        received, later = self._received(), dict(self._later())
        closures, holiday = self._closures(), self._holiday()
        if self._faults:
            raise FormFaults(self._faults)
        told = sorted(later.items(), key=lambda told: told[1].on)
        self.last_event = told[-1][0] if told else "received"
        events = (Received(received), *(event for _, event in told))
        return Story(Regime(self._typed["regime"]), Matter(self._typed["matter"]), events, closures, holiday)

    def _received(self) -> date:
        received = _date(self._typed["received"])
        if received is None:
            self._faults["received"] = "Enter the day it was received, like 2024-03-04"
        elif not EARLIEST <= received < LATEST:
            self._faults["received"] = f"Enter a day from {EARLIEST.year} to {LATEST.year - 1}"
        return received or date.min

    def _later(self) -> Iterator[tuple[str, ClockEvent]]:
        for name, (_, event) in HAPPENED.items():
            if self._typed[name]:
                yield name, event(self._day(name))
        if self._typed["extended"] or self._typed["until"]:
            yield "until", Extended(self._day("extended"), self._day("until"), "as entered")

    def _day(self, name: str) -> date:
        """A day near the receipt: a story of decades would be a page of decades."""
        day, received = _date(self._typed[name]), _date(self._typed["received"])
        if day is None:
            self._faults[name] = "Enter a day, like 2024-03-04"
        elif received is not None and not timedelta(0) <= day - received <= LONGEST_STORY:
            self._faults[name] = "Enter a day from the receipt to three years after it"
        return day or date.min

    def _closures(self) -> tuple[Period, ...]:
        if self._typed["matter"] != Matter.SCHOOL:
            return ()
        texts = self._typed["closed"].replace(",", " ").split()
        if not texts:
            return desk().calendars.closures
        try:
            return tuple(self._near(read_period(text) for text in texts[:MOST_CLOSURES]))
        except ValueError as error:
            self._faults["closed"] = f"Enter the days without a session: {error}"
            return ()

    def _near(self, periods: Iterable[Period]) -> Iterator[Period]:
        """What of them can move the deadline: the days of millennia, for which anybody can ask, would fill memory."""
        received = _date(self._typed["received"])
        if received is None or not EARLIEST <= received < LATEST:
            return
        until = received + LONGEST_STORY + LONGEST_LIMIT
        for period in periods:
            first, last = max(period.first, received), min(period.last or until, until)
            if first <= last:
                yield Period(first, last)

    def _holiday(self) -> CalendarChange | None:
        if not self._typed["holiday"]:
            return None
        on = self._day("holiday")
        proclaimed = self._day("proclaimed") if self._typed["proclaimed"] else None
        if self._typed["division"] not in DIVISIONS:
            self._faults["division"] = "Choose where it is a holiday"
            return None
        division = Division(self._typed["division"])
        # Without a proclamation it counts as one of the yearly round, which everyone has always known of.
        made_on = proclaimed or date.min
        return CalendarChange(ChangeKind.ADDED, on, made_on, division, "a supposed holiday", "", proclaimed)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
