"""What has changed since a page was made, for its script: asked every half minute, told in under two kilobytes."""

from datetime import datetime

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlmodel import Session

from service.desk import LONDON, Desk
from service.store.cases import events_after, newest_seq, newest_seqs
from service.store.database import reading
from service.store.officers import officers
from service.store.worklist import list_cases
from web.current import desk, officer
from web.filters import moment
from web.forms import MOST_DIGITS
from web.layout import mail_read, numbers, surroundings
from web.list_query import SIZE, Query
from web.timeline import timeline

pages = Blueprint("news", __name__, url_prefix="/news")
MOST_ROWS = 200


@pages.get("")
def show() -> ResponseReturnValue:
    """Counts, when mail was read, trouble, and what changed on the list or the case that the page shows."""
    served = desk()
    with reading(served.engine) as session:
        around = surroundings(session, served, officer())
        told: dict[str, object] = {
            "who": officer().id,
            "counts": numbers(around)
            | {f"saved-{link.id}": link.count for link in around.saved if link.count is not None},
            "read": mail_read(around),
            "late": around.read_late,
            "troubles": list(around.troubles),
            "ends_in": int((g.signs_out_at - served.now()).total_seconds()),
            "list": _of_list(session, served),
            "case": _of_case(session, served),
        }
    # So that what is typed can still be sent after signing in again in another window.
    return jsonify(told | {"csrf": generate_csrf()})


def mark() -> None:
    """Note how far an address's case has come, before its page is made: a change meanwhile is told, if twice."""
    reference = (request.view_args or {}).get("reference")
    g.case_mark = ("", 0)
    if reference and g.get("officer") is not None:
        with reading(desk().engine) as session:
            g.case_mark = (reference, newest_seq(session, reference))


def _of_list(session: Session, served: Desk) -> str:
    """What came, changed or went among the rows that a page shows; empty when nothing did."""
    address, have = request.args.get("list", ""), _have(request.args.get("have", ""))
    if not address:
        return ""
    query = Query.of_address(address, served)
    found = list_cases(session, query.selection(served, officer().id), page=query.page, size=SIZE)
    now = newest_seqs(session, [case.id for case, _ in found.rows])
    return in_words(
        come=len(now.keys() - have.keys()),
        changed=sum(have[key] != seq for key, seq in now.items() if key in have),
        gone=len(have.keys() - now.keys()),
    )


def in_words(*, come: int, changed: int, gone: int) -> str:
    """3 cases have come, 1 has changed. Empty when none did."""
    parts = [
        f"{number} {'has' if number == 1 else 'have'} {verb}"
        for number, verb in ((come, "come"), (changed, "changed"), (gone, "left this page"))
        if number
    ]
    if not parts:
        return ""
    first, *rest = parts
    number, _, words = first.partition(" ")
    return ", ".join([f"{number} case{'' if number == '1' else 's'} {words}", *rest]) + "."


def _have(text: str) -> dict[int, int]:
    """The rows of a page: the key of each case and, behind a dot, the number of its last event."""
    pairs = (part.split(".") for part in text.split(",")[:MOST_ROWS])
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(_is_number, pair))}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _of_case(session: Session, served: Desk) -> str:
    """Who did what with the case that a page shows; empty when nobody did."""
    reference, seq = request.args.get("case", ""), request.args.get("seq", "")
    if not reference or not _is_number(seq):
        return ""
    since = events_after(session, reference, int(seq))
    if not since:
        return ""
    team = {member.id: member.name for member in officers(session, active_only=False)}
    # What a person did, before what the desk did because of it, such as writing to the new owner.
    event, recorded_at = next((one for one in reversed(since) if one[0].actor != "desk"), since[-1])
    (entry,) = timeline([event], team | {officer().id: "you, in another window,"})
    by = entry.who[0].lower() + entry.who[1:] if event.actor == "desk" else entry.who
    more = f" There were {len(since)} changes." if len(since) > 1 else ""
    return f"This case was changed by {by} at {_at(recorded_at, served)}: {entry.what}.{more}"


def _at(when: datetime, served: Desk) -> str:
    local = when.astimezone(LONDON)
    return f"{local:%H:%M}" if local.date() == served.today() else moment(when)
