"""A case's events in plain English."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.history import CaseEvent, Kind

LETTERS = {
    "acknowledgement": "the acknowledgement",
    "reply": "a letter",
    "response": "the response",
    "holding": "the apology for the delay",
    "due": "the reminder",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; `detail` is longer text such as a note, may be empty."""

    at: datetime
    who: str
    what: str
    detail: str = ""


def timeline(events: Iterable[CaseEvent], team: Mapping[int, str]) -> list[Entry]:
    """The events in words by when they happened, newest first; `team` gives officers' names by key."""
    last_recorded_first = list(events)[::-1]
    return [_entry(event, team) for event in sorted(last_recorded_first, key=lambda event: event.at, reverse=True)]


def who(actor: str, team: Mapping[int, str]) -> str:
    """An actor's name."""
    kind, _, key = actor.partition(":")
    if kind == "officer":
        return team.get(int(key), "a former officer")
    return {"desk": "The desk", "requester": "The requester"}.get(kind, kind)


def letter_name(kind: str) -> str:
    """What a kind of letter is called within a sentence."""
    return LETTERS.get(kind, "a letter")


def _entry(event: CaseEvent, team: Mapping[int, str]) -> Entry:
    what, detail = _SENTENCES[event.kind](event.data, team)
    return Entry(event.at, who(event.actor, team), what, detail)


Sentence = Callable[[Mapping[str, str], Mapping[int, str]], tuple[str, str]]


def _owner(data: Mapping[str, str], team: Mapping[int, str]) -> tuple[str, str]:
    return f"Gave the case to {team.get(int(data['owner']), 'a former officer')}", ""


def _about(words: str) -> Sentence:
    return lambda data, _team: (words.format(letter=letter_name(data.get("kind", ""))), "")


_SENTENCES: dict[Kind, Sentence] = {
    Kind.RECEIVED: lambda data, _team: (f"Request received; the clock starts under {data['regime']}", ""),
    Kind.NOT_ACKNOWLEDGED: lambda data, _team: ("No acknowledgement was sent", f"Reason: {data['reason']}"),
    Kind.POST_FILED: _about("A mail was filed on the case"),
    Kind.LETTER_WRITTEN: _about("Wrote {letter}, which waits to be sent"),
    Kind.LETTER_SENT: _about("Sent {letter}"),
    Kind.LETTER_FAILED: _about("Could not send {letter}"),
    Kind.LETTER_UNCERTAIN: _about("Cannot tell whether {letter} arrived"),
    Kind.LETTER_BOUNCED: _about("Was told that {letter} could not be delivered"),
    Kind.ASSIGNED: _owner,
    Kind.NOTED: lambda data, _team: ("Added a note", data["text"]),
    Kind.REMINDED: lambda data, _team: (f"Reminded the team: {data.get('milestone', 'the deadline is near')}", ""),
    Kind.CLOSED: lambda data, _team: (f"Closed the case: {data['outcome']}", ""),
}
