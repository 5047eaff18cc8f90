"""The bank holidays that every deadline is counted by; supervisors add and withdraw them, and see first what moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Self

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from service.casework.change_calendar import change_calendar
from service.casework.permission import NotYours
from service.casework.recount import Move, moves_under, recount_some, to_recount
from service.casework.tell_moves import tell_moves
from service.domain.calendars import CalendarChange, CalendarChangeRefused, ChangeKind
from service.domain.working_days import Division, Holiday
from service.letters import capitalised
from service.store.calendar_changes import change_log
from service.store.database import reading, transaction
from service.store.officers import Role, officers
from web.current import actor, desk, role
from web.fields import typed_day
from web.forms import FormFaults, Reader
from web.timeline import who

pages = Blueprint("holidays", __name__, url_prefix="/holidays")
DIVISIONS = {division.value: capitalised(division.place) for division in (Division.ENG, Division.SCT, Division.NIR)}
EVERYWHERE = "UK"
PLACES = {EVERYWHERE: "The whole United Kingdom", **DIVISIONS}
MOST_SHOWN = 200  # cases that would move


def parts_of(where: str) -> tuple[Division, ...]:
    """The parts of the country that one of PLACES is."""
    return tuple(Division(one) for one in (DIVISIONS if where == EVERYWHERE else (where,)))


@dataclass(frozen=True, slots=True)
class HolidayForm:
    """A holiday to add or to withdraw, in one part of the country or in all, and where that is published."""

    changes: tuple[CalendarChange, ...]

    @classmethod
    def read(cls, values: MultiDict[str, str], kind: ChangeKind, today: date) -> Self:
        reader = Reader(values)
        adding = kind is ChangeKind.ADDED
        on = reader.day("on", "The day of the holiday")
        where = reader.choice("division", PLACES, "Choose where it is a holiday")
        title = reader.line("title", "Enter what the holiday is called" if adding else "")
        proclaimed_on = reader.day("proclaimed_on", "The day on which it was proclaimed") if adding else None
        source = reader.line("source", "Say where this is published, such as The London Gazette")
        reader.finish()
        return cls(tuple(CalendarChange(kind, on, today, one, title, source, proclaimed_on) for one in parts_of(where)))


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change would do: the first of the cases that move, and how many there are."""

    shown: list[Move]
    total: int
    troubled: int


@dataclass(frozen=True, slots=True)
class Row:
    """A holiday with all the places that keep it."""

    on: date
    title: str
    where: tuple[Division, ...]
    proclaimed_on: date | None
    added_on: date | None


@pages.get("")
def show() -> ResponseReturnValue:
    served = desk()
    year = request.args.get("year", type=int, default=served.today().year)
    with reading(served.engine) as session:
        names = {officer.id: officer.name for officer in officers(session, active_only=False)}
        log = [(row, who(row.made_by, names)) for row in change_log(session)]
        waiting = to_recount(session, served)
    calendars = served.calendars
    years = range(calendars.starts.year, max(calendars.horizon, calendars.uk.holidays[-1].on).year + 1)
    return render_template(
        "web/holidays.html",
        calendars=calendars,
        year=year,
        years=[number for number in (year - 1, year + 1) if number in years],
        rows=_rows(row for row in calendars.uk.holidays if row.on.year == year),
        places=DIVISIONS,
        log=log[::-1],
        waiting=waiting,
        may_change=_may_change(),
        kinds=ChangeKind,
    )


@pages.get("/<any(add,withdraw):act>")
def ask(act: str) -> ResponseReturnValue:
    _require_supervisor()
    return _form(act, dict(request.args.items()), {})


@pages.post("/<any(add,withdraw):act>")
def change(act: str) -> ResponseReturnValue:
    """Show what a change would move; made once that has been seen."""
    _require_supervisor()
    served, typed = desk(), _typed()
    if request.form.get("step") == "change":
        return _form(act, typed, {})
    try:
        made = HolidayForm.read(request.form, _kind(act), served.today()).changes
        if request.form.get("step") == "record":
            return _make(made)
        with reading(served.engine) as session:
            found = _moves(session, made)
    except FormFaults as error:
        return _form(act, typed, error.faults), 422
    except CalendarChangeRefused as error:
        return _form(act, typed, {"on": str(error)}), 422
    where = "the whole United Kingdom" if len(made) > 1 else made[0].division.place if made[0].division else ""
    return render_template("web/holiday_check.html", act=act, typed=typed, change=made[0], where=where, found=found)


def _rows(holidays: Iterable[Holiday]) -> list[Row]:
    where: dict[tuple[date, str, date | None, date | None], list[Division]] = {}
    for row in holidays:
        where.setdefault((row.on, row.title, row.proclaimed_on, row.added_on), []).append(row.division)
    return [Row(on, title, tuple(kept), *known) for (on, title, *known), kept in where.items()]


def _make(made: Sequence[CalendarChange]) -> ResponseReturnValue:
    """Change the calendar and begin the recount; the timetable finishes a long one."""
    served = desk()
    with transaction(served.engine) as session:
        change_calendar(session, served, made, at=served.now(), by=actor())
    with transaction(served.engine) as session:
        recounted = recount_some(session, served, at=served.now())
        left = to_recount(session, served)
        if not left:  # else the timetable tells them, when it is done
            tell_moves(session, served, at=served.now())
    moved = f"{len(recounted.moves)} of {recounted.done} cases moved"
    flash(f"The calendar is changed: {moved}." if not left else f"The calendar is changed: {moved}, {left} follow.")
    return redirect(url_for("holidays.show", year=made[0].on.year))


def _moves(session: Session, made: Sequence[CalendarChange]) -> Moves:
    calendars = desk().almanac.refresh(session).with_changes(made)
    moves = moves_under(session, calendars, desk().today())
    shown = list(islice(moves, MOST_SHOWN))
    total, troubled = len(shown), sum(bool(move.trouble) for move in shown)
    for move in moves:
        total, troubled = total + 1, troubled + bool(move.trouble)
    return Moves(shown, total, troubled)


def _form(act: str, typed: dict[str, str], faults: dict[str, str]) -> str:
    words = {name: typed.get(name, "") for name in ("division", "title", "source")}
    days = {name: typed_day(typed, name) for name in ("on", "proclaimed_on")}
    return render_template(
        "web/holiday_form.html", act=act, typed=words, days=days, faults=faults, divisions=list(PLACES.items())
    )


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name not in ("csrf_token", "step")}


def _kind(act: str) -> ChangeKind:
    return ChangeKind.ADDED if act == "add" else ChangeKind.WITHDRAWN


def _may_change() -> bool:
    return role().covers(Role.SUPERVISOR)


def _require_supervisor() -> None:
    if not _may_change():
        raise NotYours(why="A supervisor changes the bank holidays, since every open case moves with them.")
