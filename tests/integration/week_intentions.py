"""What a case should have come to at the end of a simulated week, reckoned without the desk."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from service.domain.history import CaseEvent
from service.domain.kind import Kind

SUMMER_TIME = timedelta(hours=1)  # in London, all through May
BANK_HOLIDAYS = (date(2024, 5, 27),)  # the only one within twenty working days of that week, in any part of the UK
TIME_LIMIT = 20  # working days, s.10(1)
UNHEARD = (Kind.LETTER_WRITTEN, Kind.LETTER_SENT)  # of the acknowledgement and of mails to officers


def london_day(moment: datetime) -> date:
    return (moment.astimezone(UTC) + SUMMER_TIME).date()


def last_day(received: date) -> date:
    """The twentieth working day after a day (s.10(1), s.10(6)), counted on one's fingers."""
    day, left = received, TIME_LIMIT
    while left:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in BANK_HOLIDAYS:
            left -= 1
    return day


@dataclass(frozen=True)
class Told:
    """An event as it should stand in the history: what, by whom, when, and what it says of where it comes from."""

    kind: Kind
    actor: str
    at: datetime
    source: str = ""


@dataclass(frozen=True)
class Standing:
    """A case as its record has it."""

    stage: str
    owner: int | None
    clock: str
    stopped_on: date | None
    due_on: date | None
    outcome: str
    answered_on: date | None


@dataclass
class Intention:
    """What the script means a case to be, from the moment its mail came."""

    arrived: datetime
    stage: str = "new"
    owner: int | None = None
    clock: str = "running"
    stopped_on: date | None = None
    due_on: date | None = None
    outcome: str = ""
    answered_on: date | None = None
    events: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.due_on = last_day(london_day(self.arrived))
        self.tell(Kind.RECEIVED, "requester", self.arrived)

    def tell(self, kind: Kind, actor: str, at: datetime, source: str = "") -> None:
        self.events.append(Told(kind, actor, at, source))

    @property
    def standing(self) -> Standing:
        return Standing(
            self.stage, self.owner, self.clock, self.stopped_on, self.due_on, self.outcome, self.answered_on
        )

    def moved(self, at: datetime, asked: str, source: str, target: str, *, done: bool = True) -> None:
        """Somebody moved a mail of the case: from where, to where, what that asked for, and whether it was done."""
        words = f"{asked}: {'yes' if done else 'no'}, {source} > {target}"
        self.tell(Kind.MAILBOX_MOVE, "mailbox", at, words)

    def assigned(self, at: datetime, to: int, by: str) -> None:
        self.stage, self.owner = "allocated", to
        self.tell(Kind.ASSIGNED, by, at, str(to))

    def accepted(self, at: datetime, by: str) -> None:
        self.stage = "drafting"
        self.tell(Kind.ACCEPTED, by, at)

    def handed_back(self, at: datetime, by: str) -> None:
        self.stage, self.owner = "new", None
        self.tell(Kind.HANDED_BACK, by, at)

    def triaged(self, at: datetime, found: str) -> None:
        self.stage = "new" if found == "a request for information" else "thought not to be a request"
        self.tell(Kind.TRIAGED, "mailbox", at, found)

    def closed(self, at: datetime, outcome: str, by: str, source: str = "") -> None:
        """Answered, or taken back by the requester, at an instant; the deadline stays on the record."""
        self.stage, self.outcome = "closed", outcome
        withdrawn = outcome.startswith("withdrawn")
        self.clock = "withdrawn" if withdrawn else "answered"
        self.answered_on = None if withdrawn else london_day(at)
        self.tell(Kind.CLOSED, by, at, f"{outcome} {source}".strip())

    def opened_again(self, at: datetime, stage: str, by: str) -> None:
        self.stage, self.outcome, self.clock, self.answered_on = stage, "", "running", None
        self.tell(Kind.STRUCK_OUT, by, at)

    def stopped(self, at: datetime, by: str) -> None:
        """The requester was asked what they mean: s.1(3)."""
        self.clock, self.stopped_on, self.due_on = "waiting for clarification", london_day(at), None
        self.tell(Kind.CLARIFICATION_SOUGHT, by, at, "sent folder")

    def clarified(self, at: datetime) -> None:
        """They have said it: s.10(6)(b), a fresh twenty days."""
        self.clock, self.stopped_on, self.due_on = "running", None, last_day(london_day(at))
        self.tell(Kind.CLARIFIED, "requester", at)


def told(event: CaseEvent) -> Told:
    """An event of the record, as an intention would put it."""
    data = event.data
    match event.kind:
        case Kind.MAILBOX_MOVE:
            asked = data.get("asked", "gone")  # out of every folder that is watched
            source = f"{asked}: {data.get('done', 'yes')}, {data['came_from']} > {data['folder']}"
        case Kind.INSTRUCTED:
            source = f"{data['verb']}: {data['result']}"
        case Kind.CLOSED:
            source = f"{data['outcome']} {data.get('source', '')}".strip()
        case Kind.ASSIGNED:
            source = data["owner"]
        case Kind.TRIAGED:
            source = data["found"]
        case Kind.CLARIFICATION_SOUGHT:
            source = data["source"]
        case Kind.SENT_BY_HAND:
            source = data["sender"]
        case Kind.NOT_THE_ANSWER:
            source = data["reason"]
        case Kind.EXTENDED:
            source = data["until"]
        case _:
            source = ""
    return Told(event.kind, event.actor, event.at, source)
