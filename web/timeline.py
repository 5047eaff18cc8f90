"""A case's events in plain English."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.history import CaseEvent
from service.domain.kind import TAKING_BACK, Kind
from service.domain.message import Address
from service.domain.regime import Matter

LETTERS = {
    "assigned": "word to whoever was given the case",
    "taken-back": "word to whoever had been given the case",
    "clearance-request": "the request to clear the response",
    "cleared": "word to the owner that the response is cleared",
    "written": "word to the owner that a mail has come",
    "returned": "word to the owner of what is to be changed",
    "consultation-answered": "word of an answer by somebody we asked",
    "consultation-closed": "thanks for an answer",
    "verb-confirm": "the question whether an instruction is meant",
    "notice-shown": "the question whether a letter is to go",
    "verb-done": "word of what was done",
    "verb-help": "what can be said by email",
    "verb-refused": "why nothing was done",
    "verb-status": "how the case stands",
    "moved": "word of changed deadlines",
    "answered": "the question whether a mail was the answer",
    "outcome-wanted": "the question how the case ended",
    "acknowledgement": "the acknowledgement",
    "review-acknowledgement": "the acknowledgement of the review",
    "reply": "a letter",
    "response": "the response",
    "holding": "the apology for the delay",
    "deadline": "how the date was worked out",
    "due": "the reminder",
    "consultation": "the question to somebody who may hold the information",
    "consultation-reminder": "the reminder to somebody who may hold the information",
    "review-outcome": "the outcome of the review",
    "not-valid": "the question what is missing",
    "redirect": "word of how it is dealt with",
    "clarification": "the question what is meant",
    "fees-notice": "the fees notice",
    "public-interest-notice": "the notice that the public interest takes more time",
    "extension-notice": "the notice of more time",
    "transfer": "word of the transfer",
    "withdrawn": "the confirmation of the withdrawal",
    "lapsed": "word that the request has lapsed",
} | dict.fromkeys(
    ("disclosure", "accessible", "not-held", "part-refusal", "refusal", "neither", "cost-limit", "vexatious"),
    "the response",
)


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


def timeline(events: Iterable[CaseEvent], team: Mapping[int, str], most: int | None = None) -> list[Entry]:
    """The events in words by when they happened, newest first, at most so many; `team` gives officers' names by key."""
    last_recorded_first = list(events)[::-1]
    struck_out = {int(event.data["event"]) for event in last_recorded_first if event.kind in TAKING_BACK}
    newest_first = sorted(last_recorded_first, key=lambda event: event.at, reverse=True)
    return [_entry(event, team, event.seq in struck_out) for event in newest_first[:most]]


def who(actor: str, team: Mapping[int, str]) -> str:
    """An actor's name."""
    kind, _, key = actor.partition(":")
    if kind == "officer":
        return team.get(int(key), "a former officer")
    return {
        "desk": "The desk",
        "requester": "The requester",
        "contributor": "Whoever was asked",
        "console": "An administrator",
        "mailbox": "Somebody in the shared mailbox",
    }.get(kind, kind)


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


def _because(data: Mapping[str, str]) -> str:
    return f"Reason: {data['reason']}" if data.get("reason") else ""


def _decided(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    return f"Decided Q{data['question']}: {data['decision']}", f"Under {data['limbs']}" if data["limbs"] else ""


def _file_added(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    found = int(data["found"])
    told = f"{found} thing{'s' if found > 1 else ''} found in it" if found else "Nothing was found in it"
    return f"Put a file on the case to be disclosed: {data['name']}", told


def _submitted(data: Mapping[str, str], team: Mapping[int, str]) -> tuple[str, str]:
    names = [team.get(int(key), "a former officer") for key in data["approvers"].split(",") if key]
    asked = f"Asked {', then '.join(names)} to clear it" if names else "No clearance was asked for"
    return f"Finished version {data['version']} of the response", asked


def _heard(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    seems = f"It seems to say: {data['suggestion']}. " if data["suggestion"] else ""
    other = f"It came from {data['from_address']}, which was not asked or is in doubt." if data["from_address"] else ""
    return f"{data['name']} answered", (seems + other).strip()


def _instructed(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    said = f"“{data['verb']}”" if data["verb"] else "something"
    if data["result"] == "refused":
        return f"Was told by email: {said}. It was refused", data["reason"]
    return f"Said by email: {said}", data["reason"]


_FOLLOWED = {
    "IR": "An internal review was asked for",
    "ICO": "The requester complained to the Commissioner",
    "SIC": "The requester applied to the Commissioner",
}


def _moved(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    what = f"Moved a mail from {data['came_from'] or 'elsewhere'} to {data['folder']}"
    return what, data["words"]


def _ruling(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    notice = f"Notice {data['notice']}. " if data["notice"] else ""
    by = f" By {_in_words(data['comply_by'])}." if data["comply_by"] else ""
    return f"The regulator's case ended: {data['found']}", f"{notice}{data['steps']}{by}".strip()


def _sent_by_hand(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    what = "Wrote to colleagues" if data["internal"] else "Sent a mail"
    return f"{what} from a mailbox, outside the desk", f"From {data['sender']}"


def _closed(data: Mapping[str, str], _team: Mapping[int, str]) -> tuple[str, str]:
    if "accepted" not in data:
        return f"Closed the case: {data['outcome']}", ""
    how = {"silence": "nobody objected", "reply": "accepted by mail"}.get(
        data["accepted"], "accepted on the case's page"
    )
    return (
        f"Took a mail from the Sent folder as our answer: {data['outcome']}",
        f"The clock stopped when it was sent; {how}",
    )


_SENTENCES: dict[Kind, Sentence] = {
    Kind.RECEIVED: lambda data, _team: (f"Request received; the clock starts under {data['regime']}", ""),
    Kind.NOT_ACKNOWLEDGED: lambda data, _team: ("No acknowledgement was sent", f"Reason: {data['reason']}"),
    Kind.POST_FILED: _about("A mail was filed on the case"),
    Kind.SENT_BY_HAND: _sent_by_hand,
    Kind.NOT_THE_ANSWER: lambda data, _team: (
        "Said that a mail sent by hand was not our answer",
        f"It was {data['reason']}",
    ),
    Kind.POST_TAKEN_OFF: _about("A mail was taken off the case again"),
    Kind.MAILBOX_MOVE: _moved,
    Kind.REQUESTER_CONFIRMED: _confirmed,
    Kind.FORWARD_DECLINED: _declined,
    Kind.LETTER_WRITTEN: _about("Wrote {letter}, which waits to be sent"),
    Kind.LETTER_SENT: _about("Sent {letter}"),
    Kind.LETTER_FAILED: _about("Could not send {letter}"),
    Kind.LETTER_UNCERTAIN: _about("Cannot tell whether {letter} arrived"),
    Kind.LETTER_BOUNCED: _about("Was told that {letter} could not be delivered"),
    Kind.TRIAGED: lambda data, _team: (f"Read it as {data['found']}", _because(data)),
    Kind.ASSIGNED: _owner,
    Kind.ACCEPTED: lambda _data, _team: ("Took the case on", ""),
    Kind.HANDED_BACK: lambda data, _team: ("Handed the case back", _because(data)),
    Kind.QUESTIONS_SET: lambda data, _team: (f"Set the questions of the request: {data['count']}", ""),
    Kind.DECIDED: _decided,
    Kind.ESTIMATED: lambda data, _team: (
        f"Estimated what it costs to comply, version {data['version']}",
        f"{data['cost']} against a limit of {data['limit']}",
    ),
    Kind.DRAFTED: lambda data, _team: (f"Drafted the response, version {data['version']}", ""),
    Kind.OVERRIDDEN: lambda data, _team: (
        f"Let version {data['version']} go on against rule {data['rule']} of the checker",
        _because(data),
    ),
    Kind.SUBMITTED: _submitted,
    Kind.APPROVED: lambda data, _team: (f"Approved version {data['version']} of the response", ""),
    Kind.RETURNED: lambda data, _team: (f"Returned version {data['version']} for redrafting", _because(data)),
    Kind.RECALLED: lambda data, _team: (f"Took back version {data['version']} of the response", ""),
    Kind.RESPONSE_QUEUED: lambda data, _team: (f"Sent off version {data['version']} as our response", ""),
    Kind.FILE_ADDED: _file_added,
    Kind.FILE_RELEASED: lambda data, _team: (f"Released a file to be disclosed: {data['name']}", _because(data)),
    Kind.FILE_WITHDRAWN: lambda data, _team: (f"Took a file off the case: {data['name']}", ""),
    Kind.CONSULTED: lambda data, _team: (
        f"Asked {data['name']} for information",
        f"Answer wanted by {_in_words(data['by_day'])}",
    ),
    Kind.CONSULTATION_CHASED: lambda data, _team: (f"Reminded {data['name']}", ""),
    Kind.CONSULTATION_ANSWERED: _heard,
    Kind.CONSULTATION_UNATTENDED: lambda data, _team: (f"A machine answered for {data['name']}", ""),
    Kind.CONSULTATION_CLOSED: lambda data, _team: (f"What came of asking {data['name']}: {data['outcome']}", ""),
    Kind.INSTRUCTED: _instructed,
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
    Kind.UNDONE: lambda data, _team: (f"Undid it: {data['did']}", ""),
    Kind.FOLLOWED: lambda data, _team: (
        f"{_FOLLOWED.get(data['kind'], 'The requester asked anew')}: {data['case']}",
        "",
    ),
    Kind.INDEPENDENCE_WAIVED: lambda data, _team: ("Recorded that nobody independent can review this", _because(data)),
    Kind.REVIEW_FOUND: lambda data, _team: (f"The review finds: {data['finding']}", _because(data)),
    Kind.REGULATOR_DECIDED: _ruling,
    Kind.CLOSED: _closed,
}
