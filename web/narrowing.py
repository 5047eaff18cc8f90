"""What of the cases an address asks for, as the lists and the dashboard write it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from service.desk import Desk
from service.domain.promptness import Promptness
from service.domain.stage import OPEN
from service.settings import ARCHIVE
from service.store.worklist import NOBODY, Days, Narrowing
from web.filters import day
from web.forms import MOST_DIGITS, clean
from web.standings import REGIMES

LATE = {"yes": True, "no": False}
NONE, REQUESTS = "nobody", "requests"  # owner, what
LONGEST_CITATION = 40
PROMPTNESS = {found.name.lower(): found for found in Promptness}
STAGES = {stage.slug: stage for stage in OPEN}


def read(values: MultiDict[str, str], served: Desk) -> Narrowing:
    """What an address asks for; what it cannot mean is left out, and told by `faults`."""
    account, regime = values.get("mailbox", ""), values.get("regime", "")
    return Narrowing(
        account=account if account in accounts(served) else "",
        regime=regime if regime in REGIMES else "",
        requests_only=values.get("what", "") == REQUESTS,
        owner_id=_owner(values.get("owner", "")),
        received=_days(values, "received"),
        due=_days(values, "due"),
        answered=_days(values, "answered"),
        late=LATE.get(values.get("late", "")),
        citation=clean(values.get("exemption", ""))[:LONGEST_CITATION],
        acknowledged=PROMPTNESS.get(values.get("acknowledged", "")),
        stage=STAGES.get(values.get("stage", "")),
    )


def unknown(values: MultiDict[str, str], choices: Mapping[str, tuple[str, Collection[str]]]) -> dict[str, str]:
    """The sentences of those choices of which an address names one that there is not."""
    return {
        name: sentence
        for name, (sentence, known) in choices.items()
        if values.get(name, "") and values[name] not in known
    }


def faults(values: MultiDict[str, str], served: Desk, team: Collection[int]) -> dict[str, str]:
    """What an address asks for and `read` leaves out, by its name there, as a sentence that says what to do."""
    choices: dict[str, tuple[str, Collection[str]]] = {
        "mailbox": ("The address names no mailbox of this desk: choose one", accounts(served)),
        "regime": ("The address names no law that the desk knows: choose one", REGIMES),
        "owner": ("The address names no officer of this desk: choose one", {NONE, *map(str, team)}),
        "what": ("The address can ask for what=requests or for nothing of that name", (REQUESTS,)),
        "late": ("The address can ask for late=yes or late=no: choose one", LATE),
        "acknowledged": (f"The address can ask for acknowledged={', '.join(PROMPTNESS)}", PROMPTNESS),
        "stage": ("The address names no stage of an open case: choose one", STAGES),
    }
    found = unknown(values, choices)
    for name in ("received", "due", "answered"):
        for end, which in ((f"{name}_from", "first"), (f"{name}_to", "last")):
            if values.get(end, "") and _day(values[end]) is None:
                found[end] = f"The {which} day {name} must be a real date, written like 2026-11-04"
        held = _days(values, name)
        if held.first and held.last and held.first > held.last:
            found[f"{name}_to"] = f"The last day {name} must not be before the first"
    return found


def accounts(served: Desk) -> dict[str, str]:
    """The mailboxes that cases come by: their accounts, with their addresses; and, where there are several, the files
    of mail that were taken in, which came by none of them."""
    boxes = {box.account: box.address for box in served.settings.every_mailbox}
    return boxes | ({ARCHIVE: "Taken in from files"} if len(boxes) > 1 else {})


def written(wanted: Narrowing) -> dict[str, str]:
    """The same as the values of an address."""
    days = {"received": wanted.received, "due": wanted.due, "answered": wanted.answered}
    values = {
        "mailbox": wanted.account,
        "regime": wanted.regime,
        "what": REQUESTS if wanted.requests_only else "",
        "owner": NONE if wanted.owner_id == NOBODY else str(wanted.owner_id or ""),
        **{f"{name}_from": held.first.isoformat() for name, held in days.items() if held.first},
        **{f"{name}_to": held.last.isoformat() for name, held in days.items() if held.last},
        "late": next((word for word, late in LATE.items() if late is wanted.late), ""),
        "exemption": wanted.citation,
        "acknowledged": wanted.acknowledged.name.lower() if wanted.acknowledged else "",
        "stage": wanted.stage.slug if wanted.stage else "",
    }
    return {name: value for name, value in values.items() if value}


def in_words(wanted: Narrowing) -> Iterator[str]:
    """What is asked for beyond what the form above a list offers, each to stand behind the word cases."""
    if wanted.requests_only:
        yield "that are requests for information"
    for verb, held in (("received", wanted.received), ("due", wanted.due), ("answered", wanted.answered)):
        if held:
            yield f"{verb} {_between(held)}"
    if wanted.late is not None:
        yield "answered late or overdue" if wanted.late else "answered in time"
    if wanted.citation:
        yield f"relying on {wanted.citation}"
    if wanted.acknowledged is Promptness.NEVER:
        yield "with no acknowledgement sent"
    elif wanted.acknowledged is Promptness.LATER:
        yield "acknowledged more than a day after they came"
    elif wanted.acknowledged is not None:
        yield f"acknowledged {wanted.acknowledged}"
    if wanted.stage is not None:
        yield f"at the stage “{wanted.stage}”"


def _between(held: Days) -> str:
    if held.first and held.last:
        return f"on {day(held.first)}" if held.first == held.last else f"from {day(held.first)} to {day(held.last)}"
    if held.first:
        return f"on or after {day(held.first)}"
    assert held.last is not None
    return f"on or before {day(held.last)}"


def _owner(text: str) -> int | None:
    if text == NONE:
        return NOBODY
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) else None


def _days(values: MultiDict[str, str], name: str) -> Days:
    return Days(_day(values.get(f"{name}_from", "")), _day(values.get(f"{name}_to", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
