"""`foidesk explain`: what a case's clock comes to, day by day, now or as it stood after one of its events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import click
from sqlmodel import Session

from service.casework.explain_case import explain_case
from service.commands.context import with_desk
from service.commands.telling import brief, columns, harmless, table
from service.desk import Desk
from service.domain.history import CaseEvent, standing_events, up_to
from service.domain.kind import CLOCK_KINDS, Kind
from service.store.cases import NoSuchCase, case_by_reference, cases_named, history
from service.store.database import reading
from service.store.tables import Case

TOLD = CLOCK_KINDS | {Kind.RECOUNTED, Kind.STRUCK_OUT}
HEADINGS = ("no.", "day", "what", "due then", "calendar then")


@click.command()
@click.argument("reference")
@click.option("--after", type=int, metavar="NUMBER", help="As it stood after the event of this number.")
@click.option("--json/--text", "as_json", default=False, help="Print one JSON object, or text [default: text].")
@with_desk
def explain(desk: Desk, reference: str, after: int | None, as_json: bool) -> None:
    """Say when the case REFERENCE is due, count the days to it, and list what its clock was told.

    An open case is counted by the desk's calendar of now, a closed one by the calendar that it was closed by, and
    --after by the calendar of that moment.
    """
    with reading(desk.engine) as session:
        case = _case(session, desk, reference)
        explanation = explain_case(session, desk, case, after)
        told = history(session, case.id)
    facts = [event for event in (told if after is None else up_to(told, after)) if event.kind in TOLD]
    if as_json:
        found = {"reference": case.reference, "after": after, **explanation.as_dict(), "events": _as_dicts(facts)}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    asked = "" if after is None else f", as it stood after event {after}"
    click.echo("\n".join((f"{case.reference}{asked}", table(explanation), "", *columns([HEADINGS, *_cells(facts)]))))


def _case(session: Session, desk: Desk, text: str) -> Case:
    """The case of a reference, also when it is written as people shorten it; raises NoSuchCase."""
    named = cases_named(session, desk.references.find(text))
    if len(named) == 1:
        return named[0]
    try:
        return case_by_reference(session, text.strip())
    except NoSuchCase:
        raise NoSuchCase(reference=harmless(text[:40])) from None


def _as_dicts(facts: Sequence[CaseEvent]) -> list[dict[str, object]]:
    standing = {event.seq for event in standing_events(facts)}
    return [
        {
            "seq": event.seq,
            "on": event.on.isoformat(),
            "kind": event.kind.value,
            "data": dict(event.data),
            "struck_out": event.seq not in standing,
        }
        for event in facts
    ]


def _cells(facts: Sequence[CaseEvent]) -> Iterator[tuple[str, ...]]:
    standing = {event.seq for event in standing_events(facts)}
    for event in facts:
        struck = "" if event.seq in standing else " (struck out)"
        yield str(event.seq), brief(event.on), _what(event) + struck, _then(event.data), event.data.get("calendar", "")


def _then(data: Mapping[str, str]) -> str:
    """What the clock said once the event had happened; nothing where it was not told."""
    return _day(data, "due_on") if "due_on" in data else ""


def _day(data: Mapping[str, str], name: str) -> str:
    return brief(date.fromisoformat(data[name]) if data.get(name) else None)


def _what(event: CaseEvent) -> str:
    """An event in words, with what it came to and the reason that was given."""
    data = event.data
    match event.kind:
        case Kind.RECEIVED:
            more = f"{data.get('regime', '')} {data.get('matter', '')}"
        case Kind.EXTENDED:
            more = f"until {_day(data, 'until')}"
        case Kind.RECEIPT_CORRECTED:
            more = f"to {_day(data, 'received_on')}"
        case Kind.REGIME_CHANGED:
            more = f"to {data.get('regime', '')} {data.get('matter', '')}"
        case Kind.RECOUNTED:
            more = f"from {_day(data, 'from')} to {_day(data, 'to')}: {data.get('because', '')}"
        case Kind.STRUCK_OUT:
            more = f"event {data.get('event', '')}"
        case _:
            more = data.get("outcome", "") or data.get("amount", "")
    reason = f": {data['reason']}" if data.get("reason") else ""
    return harmless(f"{event.kind.value} {more.strip()}".strip() + reason)
