"""A made-up authority: `python -m bench.seed sqlite:////tmp/authority.db [--cases 36000] [--years 3]`.

Fills an empty database, made by `foidesk migrate` or by this script, with the cases of so many years until TODAY: more
requests on Mondays and early in the year than at weekends and in August, a little more every year; officers of unlike
pace, one of whom has left; answers that bunch before the deadline and come late when many came in; clarifications,
lapses, extensions, environmental requests and internal reviews; decisions and exemptions in the shares that published
statistics show; each with its mail, its acknowledgement and its answer, as long as real ones are, and between them the
mail that is nobody's case: automatic mail, copies, and a few of the last days that nobody has sorted yet. People and
places are made of syllables. The same numbers give the same rows.
"""

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import accumulate
from typing import Any

from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

from bench.loading import Loader, loading
from bench.old_case import grow_old
from bench.prose import Prose
from bench.siblings import POSTS, multiply
from service.casework.record import caches, officer_actor, with_dates
from service.desk import LONDON
from service.domain.calendars import Calendars, load_calendars
from service.domain.counted import closing_data
from service.domain.history import CaseEvent, replay
from service.domain.kind import Kind
from service.domain.outcome import Outcome, outcome_of
from service.domain.question import Decision
from service.domain.regime import Regime
from service.store.database import open_engine, transaction
from service.store.schema import migrate
from service.store.tables import (
    Case,
    Event,
    GroundRow,
    Letter,
    Message,
    MessageBody,
    Numbering,
    Officer,
    Post,
    QuestionRow,
)

TODAY = date(2026, 6, 3)  # a Wednesday
NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)
A_DAY = timedelta(days=1)
BATCH = 2000  # cases in one transaction
MOST_MADE_UP = 50_000  # one by one; of more, each stands for several
CASES_OF_AN_OFFICER = 900  # a year
MONTHS = (1.25, 1.2, 1.2, 0.95, 1.0, 1.0, 0.95, 0.8, 1.0, 1.1, 1.05, 0.6)
WEEKDAYS = (1.25, 1.15, 1.1, 1.05, 0.95, 0.12, 0.12)
# fmt: off
SYLLABLES = (
    "ba", "ber", "cal", "den", "dor", "el", "fen", "gar", "hol", "ing", "ker", "lan", "mar", "nor", "ol", "pen",
    "quin", "ro", "sel", "tor", "und", "val", "wes", "yar",
)
SUBJECTS = (
    "potholes", "parking fines", "agency staff", "school places", "empty homes", "tree felling", "street lights",
    "IT contracts",
)
# fmt: on
DECISIONS = {
    (Decision.DISCLOSE,): 44,
    (Decision.DISCLOSE, Decision.WITHHOLD): 14,
    (Decision.PARTLY,): 9,
    (Decision.WITHHOLD,): 7,
    (Decision.NOT_HELD,): 13,
    (Decision.DISCLOSE, Decision.NOT_HELD): 4,
    (Decision.COST_LIMIT,): 5,
    (Decision.ACCESSIBLE,): 3,
    (Decision.NEITHER,): 0.5,
    (Decision.VEXATIOUS,): 0.5,
}
GROUNDS = {
    Decision.COST_LIMIT: {"12(1)": 1},
    Decision.ACCESSIBLE: {"21(1)": 1},
    Decision.NEITHER: {"31(3)": 1},
    Decision.VEXATIOUS: {"14(1)": 1},
}
EXEMPTIONS = {
    "40(2) and (3A)(a)": 48,
    "43(2)": 16,
    "31(1)(a)": 14,
    "36(2)(c)": 7,
    "22(1)": 5,
    "41(1)": 4,
    "42(1)": 3,
    "38(1)(a)": 3,
}
EXCEPTIONS = {"12(4)(b)": 1, "12(5)(b)": 1, "13(1)": 3}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that comes in; `original` is the key and the regime of the case whose answer it asks to review."""

    at: datetime
    original: tuple[int, str] | None = None


@dataclass(slots=True)
class Told:
    """What happens to one case, with what was decided of it."""

    events: list[CaseEvent]
    decisions: tuple[Decision, ...] = ()
    grounds: list[tuple[int, str]] = field(default_factory=list)  # the question, and what it relies on


class Authority:
    """Makes up one case after another, in the order they come in."""

    def __init__(self, cases: int, years: int, calendars: Calendars, many: int = 1) -> None:
        self._chance, self._calendars = random.Random(cases), calendars
        self._cases, self._first = cases, TODAY - timedelta(days=365 * years)
        self._officers = max(4, round(cases * many / years / CASES_OF_AN_OFFICER))
        self._pace = [self._chance.uniform(0.06, 0.2) for _ in range(self._officers)]  # the share that each has late
        self._reviews: list[tuple[datetime, int, str]] = []
        self._load = 1.0

    def officers(self) -> Iterator[dict[str, Any]]:
        """The team: two supervisors, and as many officers as the cases need, the first of whom has left."""
        for key in range(1, self._officers + 3):
            role = "officer" if key <= self._officers else "supervisor"
            yield {
                "id": key,
                "email": f"officer{key}@anytown.example",
                "name": f"{self._name()} {self._name()}",
                "role": role,
                "password_hash": "",
                "active": key != 1,
                "created_at": NOW - timedelta(days=4000),
            }

    def asked(self) -> Iterator[Asked]:
        """Every request and review in the order they come in."""
        days = [self._first + A_DAY * n for n in range((TODAY - self._first).days)]
        weights = list(accumulate(map(self._weight, days)))
        ordinary = len(days) / weights[-1]
        for day in sorted(self._chance.choices(days, cum_weights=weights, k=self._cases)):
            while self._reviews and self._reviews[0][0].date() <= day:
                at, original, regime = heappop(self._reviews)
                yield Asked(at, (original, regime))
            self._load = self._weight(day) / WEEKDAYS[day.weekday()] * ordinary
            yield Asked(self._moment(day))

    def tell(self, key: int, asked: Asked) -> Told:
        """What happens to a case until TODAY."""
        chance = self._chance
        regime = asked.original[1] if asked.original else chance.choices(("FOIA", "EIR"), (92, 8))[0]
        matter = "review" if asked.original else "request"
        told = Told([CaseEvent(Kind.RECEIVED, asked.at, "requester", {"regime": regime, "matter": matter})])
        owner = chance.randrange(2 if self._days_ago(asked.at) < 40 else 1, self._officers + 1)
        self._begin(told, owner, regime)
        if told.events[-1].kind is not Kind.CLARIFICATION_SOUGHT and len(told.events) > 1:
            self._end(key, told, owner, regime)
        told.events = [event for event in told.events if event.at <= NOW]
        if told.events[-1].kind is not Kind.CLOSED:
            told.decisions, told.grounds = (), []
        return told

    def _begin(self, told: Told, owner: int, regime: str) -> None:
        """Allocation, and whatever stops the clock or puts the answer off."""
        chance, received, by = self._chance, told.events[0].on, officer_actor(owner)
        if self._days_ago(told.events[0].at) < 6 and chance.random() < 0.3:
            return  # not allocated yet
        allocated = self._later(received, chance.choice((1, 1, 1, 2, 3)), regime)
        told.events.append(
            CaseEvent(Kind.ASSIGNED, allocated, officer_actor(self._officers + 1), {"owner": str(owner)})
        )
        told.events.append(CaseEvent(Kind.ACCEPTED, allocated + timedelta(hours=1), by))
        if told.events[0].data["matter"] == "review":
            return
        if chance.random() < 0.06:
            sought = self._later(received, chance.randint(3, 8), regime)
            told.events.append(CaseEvent(Kind.CLARIFICATION_SOUGHT, sought, by))
            if chance.random() < 0.6:
                told.events.append(
                    CaseEvent(Kind.CLARIFIED, self._later(sought.date(), chance.randint(1, 25), regime), "requester")
                )
            else:
                lapsed = {"outcome": Outcome.LAPSED.value, "answered_on": ""}
                told.events.append(CaseEvent(Kind.CLOSED, self._later(sought.date(), 42, regime), by, lapsed))
        elif chance.random() < 0.03:
            given = self._later(received, chance.randint(10, 19), regime)
            until = self._calendars.of(regime).after(received, 40).isoformat()
            told.events.append(CaseEvent(Kind.EXTENDED, given, by, {"until": until, "reason": "The public interest"}))

    def _end(self, key: int, told: Told, owner: int, regime: str) -> None:
        """The answer: mostly in the last week of the time limit, and late the more often the more came in."""
        chance, last = self._chance, told.events[-1]
        if last.kind is Kind.CLOSED:
            return
        began = last.on if last.kind is Kind.CLARIFIED else told.events[0].on
        limit = 40 if last.kind is Kind.EXTENDED else 20
        if chance.random() < self._pace[owner - 1] * self._load:
            taken = limit + 1 + int(chance.expovariate(1 / 9))
        else:
            taken = round(chance.triangular(2, limit, limit * 0.9))
        at = max(self._later(began, taken, regime), last.at + timedelta(hours=1))
        review = told.events[0].data["matter"] == "review"
        if not review:
            told.decisions = chance.choices(list(DECISIONS), list(DECISIONS.values()))[0]
            told.grounds = list(self._grounds(told.decisions, regime))
        found = chance.choices((Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.OVERTURNED), (70, 20, 10))[0]
        outcome = found if review else outcome_of(told.decisions, Regime(regime))
        kept = closing_data(told.decisions, [citation for _, citation in told.grounds])
        told.events.append(CaseEvent(Kind.CLOSED, at, officer_actor(owner), {"outcome": outcome.value, **kept}))
        if not review and outcome is not Outcome.GRANTED and chance.random() < 0.06 and at <= NOW:
            heappush(self._reviews, (self._later(at.date(), chance.randint(1, 38), regime), key, regime))

    def _grounds(self, decisions: tuple[Decision, ...], regime: str) -> Iterator[tuple[int, str]]:
        for position, decision in enumerate(decisions, 1):
            if decision in (Decision.DISCLOSE, Decision.NOT_HELD):
                continue
            common = EXEMPTIONS if regime == "FOIA" else EXCEPTIONS
            from_these = GROUNDS.get(decision, common) if regime == "FOIA" else common
            yield position, self._chance.choices(list(from_these), list(from_these.values()))[0]

    def words(self) -> tuple[str, str, str]:
        """A requester's name and address, and the subject of their request."""
        name = f"{self._name()} {self._name()}"
        return (
            name,
            f"{name.replace(' ', '.').lower()}@example.com",
            f"{self._chance.choice(SUBJECTS)} in {self._name()}",
        )

    def _name(self) -> str:
        return "".join(self._chance.choices(SYLLABLES, k=self._chance.randint(2, 3))).capitalize()

    def _weight(self, day: date) -> float:
        return MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] * float(1.04 ** ((day - self._first).days / 365))

    def _moment(self, day: date) -> datetime:
        hour = self._chance.triangular(6, 23.5, 11)
        return datetime.combine(day, time(int(hour), int(hour % 1 * 60)), LONDON).astimezone(UTC)

    def _later(self, day: date, working_days: int, regime: str) -> datetime:
        return self._office_hour(self._calendars.of(regime).after(day, max(working_days, 1)))

    def _office_hour(self, day: date) -> datetime:
        hour, minute = self._chance.randint(9, 16), self._chance.randint(0, 59)
        return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)

    def _days_ago(self, at: datetime) -> int:
        return (TODAY - at.date()).days


class Rows:
    """The rows that cases come to, table by table."""

    def __init__(self, calendars: Calendars, many: int = 1) -> None:
        self._calendars, self._many = calendars, many
        self._prose = Prose(SYLLABLES)
        self._by_table: dict[type[SQLModel], list[dict[str, Any]]] = {
            kind: [] for kind in (Case, Event, QuestionRow, GroundRow, Post, Message, MessageBody, Letter)
        }
        self._posts = 0

    def add(self, key: int, asked: Asked, told: Told, words: tuple[str, str, str]) -> None:
        opening = told.events[0]
        name, address, subject = words
        kind = "IR" if asked.original else "EIR" if opening.data["regime"] == "EIR" else "FOI"
        reference = f"01.{kind}.{opening.on:%y}.{key:06}"
        state = replay(told.events, self._calendars)
        self._put(
            Case,
            id=key,
            reference=reference,
            kind=kind,
            year=opening.on.year,
            number=key,
            account="foi",
            subject=subject,
            requester_name=name,
            requester_address=address,
            requester_key=address,
            received_at=asked.at,
            uncountable_by="",
            untold=False,
            original_id=asked.original[0] if asked.original else None,
            **caches(state),
        )
        self._papers(key, reference, asked, words)
        sent = [self._letters[-1]["sent_at"]]
        self._by_table[Case][-1]["acknowledged_after"] = round((sent[0] - asked.at).total_seconds())
        if told.events[-1].kind is Kind.CLOSED and told.events[-1].data["outcome"] != Outcome.LAPSED:
            self._answer(key, reference, told.events[-1].at, words)
            sent.append(told.events[-1].at)
        gone = [CaseEvent(Kind.LETTER_SENT, at, "desk", {"letter": str(2 * key - 1 + n)}) for n, at in enumerate(sent)]
        for seq, event in enumerate(sorted([*told.events, *gone], key=lambda event: event.at), 1):
            dated = with_dates(event, state) if seq == 1 else event
            self._put(
                Event,
                case_id=key,
                seq=seq,
                kind=event.kind.value,
                at=event.at,
                recorded_at=event.at,
                actor=event.actor,
                data=json.dumps(dict(dated.data)),
            )
        for position in range(1, len(told.decisions or (None,)) + 1):
            decision = told.decisions[position - 1].value if told.decisions else ""
            wanted = f"How much was spent on {subject}?"
            self._put(
                QuestionRow,
                case_id=key,
                position=position,
                label=str(position),
                text=wanted,
                holding="held",
                decision=decision,
            )
        for position, citation in told.grounds:
            self._put(GroundRow, case_id=key, position=position, rank=1, citation=citation)

    @property
    def _letters(self) -> list[dict[str, Any]]:
        return self._by_table[Letter]

    def _papers(self, key: int, reference: str, asked: Asked, words: tuple[str, str, str]) -> None:
        """The request, and its acknowledgement: sent within a minute but for the odd morning."""
        name, address, subject = words
        self._posts = POSTS * (key - 1)
        self._put(
            Message,
            id=key,
            case_id=key,
            direction="in",
            post_id=self._post("filed", "new-case", asked.at, words, key),
            message_id=f"<{key}@example.com>",
            subject=subject,
            sender_name=name,
            sender_address=address,
            at=asked.at,
            reply_address=address,
        )
        wanted = f"Please tell me how much was spent on {subject}, by year."
        self._put(MessageBody, message_id=key, text=f"{wanted}\n{self._prose.request()}")
        number = key // self._many
        waited = timedelta(hours=number % 9) if number % 50 == 0 else timedelta(seconds=20 + number % 40)
        self._letter(2 * key - 1, key, "acknowledgement", f"{reference}: {subject}", asked.at + waited, words)
        self._stray(number, key, asked.at, words)

    def _stray(self, number: int, key: int, at: datetime, words: tuple[str, str, str]) -> None:
        """Mail beside the requests: to every 4th a machine's, to every 40th a copy, to every 20th a doubtful one."""
        if number % 4 == 0:
            self._post("filed", "auto-reply-ignore", at + timedelta(minutes=3), words)
        if number % 40 == 0:
            self._post("duplicate", "duplicate-ignore", at + timedelta(minutes=1), words, key, duplicate_of=self._posts)
        if number % 20 == 0:
            waits = NOW - at < 2 * A_DAY  # the team sorts the rest within two days
            self._post("quarantined" if waits else "dismissed", "quarantine", at + timedelta(minutes=5), words)

    def _post(
        self, state: str, action: str, at: datetime, words: tuple[str, str, str], case: int | None = None, **more: Any
    ) -> int:
        """A mail in the mailbox; gives its key."""
        self._posts += 1
        name, address, subject = words
        self._put(
            Post,
            id=self._posts,
            account="foi",
            folder="INBOX",
            uidvalidity=1,
            uid=self._posts,
            received_at=at,
            size=4000 + self._posts % 3000,
            state=state,
            stored_at=at,
            content_key=f"{self._posts * 2654435761 % 2**64:064x}",
            message_id=f"<p{self._posts}@example.com>",
            action=action,
            sender_name=name,
            sender_address=address,
            subject=subject,
            case_id=case,
            place="here" if state == "quarantined" else "moved",
            settled_at=None if state == "quarantined" else at,
            **more,
        )
        return self._posts

    def _answer(self, key: int, reference: str, at: datetime, words: tuple[str, str, str]) -> None:
        self._letter(2 * key, key, "response", f"{reference}: our answer on {words[2]}", at, words)

    def _letter(self, key: int, case: int, kind: str, subject: str, at: datetime, words: tuple[str, str, str]) -> None:
        name, address, asked = words
        automatic = kind == "acknowledgement"
        self._put(
            Letter,
            id=key,
            case_id=case,
            kind=kind,
            recipient_name=name,
            recipient_address=address,
            recipient_key=address,
            subject=subject,
            body="We have received your request."
            if automatic
            else f"You asked how much was spent on {asked}.\n{self._prose.answer()}",
            message_id=f"<l{key}@anytown.example>",
            automatic="auto-replied" if automatic else "",
            state="sent",
            created_at=at,
            sent_at=at,
            copied=True,
        )

    def write(self, loader: Loader) -> None:
        """Insert what was gathered since the last time, in an order that foreign keys allow."""
        loader.write(list(self._by_table.items()))
        for rows in self._by_table.values():
            rows.clear()

    def _put(self, table: type[SQLModel], /, **values: Any) -> None:
        self._by_table[table].append(values)


def fill(engine: Engine, cases: int, years: int) -> Iterator[int]:
    """Write the authority's rows into an empty database, a batch a transaction; gives how many cases it holds."""
    calendars, many = load_calendars(), -(-cases // MOST_MADE_UP)
    authority, rows = Authority(cases // many, years, calendars, many), Rows(calendars, many)
    with transaction(engine) as session:
        session.connection().execute(insert(Officer), list(authority.officers()))
    number = 0
    with loading(engine, siblings=many > 1) as loader:
        for number, asked in enumerate(authority.asked(), 1):
            key = (number - 1) * many + 1
            rows.add(key, asked, authority.tell(key, asked), authority.words())
            if number % BATCH == 0:
                rows.write(loader)
                yield number
        rows.write(loader)
        if many > 1:
            yield from multiply(engine, number, many)
        with transaction(engine) as session:
            session.add(Numbering(series="cases", last=number * many))
    yield number * many


def main() -> None:
    """Fill a database and say how far it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "database", help="such as sqlite:////tmp/authority.db or postgresql://foidesk@localhost/authority"
    )
    parser.add_argument("--cases", type=int, default=36_000)
    parser.add_argument("--years", type=int, default=3, help="at most 13: the calendar starts in 2012")
    arguments = parser.parse_args()
    engine = open_engine(arguments.database)
    migrate(engine)
    for number in fill(engine, arguments.cases, arguments.years):
        print(f"\r{number:,} cases", end="", flush=True)
    grow_old(engine, NOW)
    print()
    engine.dispose()


if __name__ == "__main__":
    main()
