"""A case's events in plain English."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.history import CaseEvent, Kind
from service.domain.message import Address
from service.domain.regime import Matter

LETTERS = {
    "moved": "word of changed deadlines",
    "acknowledgement": "the acknowledgement",
    "review-acknowledgement": "the acknowledgement of the review",
    "reply": "a letter",
    "response": "the response",
    "holding": "the apology for the delay",
    "deadline": "how the date was worked out",
    "due": "the reminder",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; `detail` is longer text such as a note, `seq` its number in the record."""

    at: datetime
    who: str
    what: str
    detail: str = ""
    seq: int = 0
    kind: Kind = Kind.NOTED
    struck_out: bool = False


def timeline(events: Iterable[CaseEvent], team: Mapping[int, str]) -> list[Entry]:
    """The events in words by when they happened, newest first; `team` gives officers' names by key."""
    last_recorded_first = list(events)[::-1]
    struck_out = {int(event.data["event"]) for event in last_recorded_first if event.kind is Kind.STRUCK_OUT}
    newest_first = sorted(last_recorded_first, key=lambda event: event.at, reverse=True)
    return [_entry(event, team, event.seq in struck_out) for event in newest_first]


def who(actor: str, team: Mapping[int, str]) -> str:
    """An actor's name."""
    kind, _, key = actor.partition(":")
    if kind == "officer":
        return team.get(int(key), "a former officer")
    return {"desk": "The desk", "requester": "The requester", "console": "An administrator"}.get(kind, kind)


def letter_name(kind: str) -> str:
    """What a kind of letter is called within a sentence."""
    return LETTERS.get(kind, "a letter")


def _entry(event: CaseEvent, team: Mapping[int, str], struck_out: bool) -> Entry:
    what, detail = _SENTENCES[event.kind](event.data, team)
    return Entry(event.at, who(event.actor, team), what, detail, event.seq, event.kind, struck_out)


Sentence = Callable[[Mapping[str, str], Mapping[int, str]], tuple[str, str]]


def _owner(data: Mapping[str, str], team: Mapping[int, str]) -> tuple[str, str]:
    return f"Gave the case to {team.get(int(data['owner']), 'a former officer')}", ""


def _about(words: str) -> Sentence:
    return lambda data, _team: (words.format(letter=letter_name(data.get("kind", ""))), "")


def _in_words(day: str) -> str:
    return f"{date.fromisoformat(day):%A %-d %B %Y}" if day else "no date"


def _then_due(words: str) -> Sentence:
    """What happened to the clock, and the deadline that it made."""
    return lambda data, _team: (words, f"Answer then due: {_in_words(data['due_on'])}" if data.get("due_on") else "")


def _extended(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    return f"Told the requester that the answer will come by {_in_words(data['until'])}", f"Reason: {data['reason']}"


def _receipt(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    return f"Corrected the day of receipt to {_in_words(data['received_on'])}", f"Reason: {data['reason']}"


def _regime(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    kind = "" if data["matter"] == Matter.REQUEST else f" ({data['matter']})"
    return f"The case now runs under {data['regime']}{kind}", f"Reason: {data['reason']}"


def _recounted(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    if data["from"] == data["to"]:
        return "Could not count the case by the changed calendar", data["because"]
    return f"Moved the deadline from {_in_words(data['from'])} to {_in_words(data['to'])}", data["because"]


def _confirmed(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    who_asked = str(Address(data["name"], data["address"])) if data["address"] else data["name"]
    return f"Confirmed who asked: {who_asked}", f"The mail was passed on by {data['passed_on_by']}"


def _declined(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    return f"Decided that {data['asked_by']} asked, and nobody whose mail was passed on", ""


_SENTENCES: dict[Kind, Sentence] = {
    Kind.RECEIVED: lambda data, _team: (f"Request received; the clock starts under {data['regime']}", ""),
    Kind.NOT_ACKNOWLEDGED: lambda data, _team: ("No acknowledgement was sent", f"Reason: {data['reason']}"),
    Kind.POST_FILED: _about("A mail was filed on the case"),
    Kind.REQUESTER_CONFIRMED: _confirmed,
    Kind.FORWARD_DECLINED: _declined,
    Kind.LETTER_WRITTEN: _about("Wrote {letter}, which waits to be sent"),
    Kind.LETTER_SENT: _about("Sent {letter}"),
    Kind.LETTER_FAILED: _about("Could not send {letter}"),
    Kind.LETTER_UNCERTAIN: _about("Cannot tell whether {letter} arrived"),
    Kind.LETTER_BOUNCED: _about("Was told that {letter} could not be delivered"),
    Kind.ASSIGNED: _owner,
    Kind.NOTED: lambda data, _team: ("Added a note", data["text"]),
    Kind.REMINDED: lambda data, _team: (f"Reminded the team: {data.get('milestone', 'the deadline is near')}", ""),
    Kind.CLARIFICATION_SOUGHT: _about("Asked the requester for clarification; the clock is stopped"),
    Kind.CLARIFIED: _then_due("Clarification came; the clock starts afresh"),
    Kind.FEES_NOTICE: _about("Gave a fees notice; the clock is paused"),
    Kind.FEE_PAID: _then_due("The fee was paid; the clock goes on"),
    Kind.EXTENDED: _extended,
    Kind.RECEIPT_CORRECTED: _receipt,
    Kind.REGIME_CHANGED: _regime,
    Kind.RECOUNTED: _recounted,
    Kind.STRUCK_OUT: lambda data, _team: (
        "Struck out an entry as recorded in error; the clock no longer hears it",
        f"Reason: {data['reason']}",
    ),
    Kind.FOLLOWED: lambda data, _team: (
        f"{'An internal review was asked for' if data['kind'] == 'IR' else 'The requester asked anew'}: {data['case']}",
        "",
    ),
    Kind.CLOSED: lambda data, _team: (f"Closed the case: {data['outcome']}", ""),
}
