"""How long a search takes: `python -m bench.search [--cases 20000] [--postgres]`.

Cases of two mails of 120 words each, whose words are as unevenly frequent as those of a language. The baseline, in the
same run and on the same rows: LIKE '%word%' on subject, names, addresses and mails. Printed: the median in
milliseconds of each kind of search, with its excerpts, and the ratio of the baseline to it; then the requests alike.
"""

import argparse
import random
import statistics
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import Table, insert, text
from sqlmodel import Session, SQLModel, col, or_, select

from bench.clock import MON_JUN_3_2024, a_desk
from service.casework.radar import like
from service.desk import Desk
from service.domain.search_words import read_terms
from service.store.database import reading, transaction
from service.store.search import Wanted, search
from service.store.tables import Case, Message, MessageBody

WORDS, MAILS, LENGTH, BATCH, ROUNDS = 30_000, 2, 120, 500, 7
LETTERS = "aaabcddeeeeefghiiiklmnnooprrssttuvw"
MOST_ANSWERS = 20


class Language:
    """Made-up words, the nth of which is said a third as often as the first for n = 3, and so on (Zipf)."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        made = {"".join(chance.choices(LETTERS, k=chance.randint(3, 11))) for _ in range(WORDS)}
        self.words = sorted(made)
        chance.shuffle(self.words)
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def say(self, many: int) -> str:
        return " ".join(self._chance.choices(self.words, cum_weights=self._weights, k=many))


def fill(desk: Desk, language: Language, number: int) -> None:
    """So many cases with their mails, in bulk."""
    for first in range(1, number + 1, BATCH):
        ids = range(first, min(first + BATCH, number + 1))
        with transaction(desk.engine) as session:
            _insert(session, Case, [_case(language, n) for n in ids])
            mails = [(MAILS * n + k, n) for n in ids for k in range(MAILS)]
            _insert(session, Message, [_message(language, key, case) for key, case in mails])
            _insert(session, MessageBody, [_body(language, key) for key, _ in mails])


def _insert(session: Session, kind: type[SQLModel], rows: list[dict[str, object]]) -> None:
    table = kind.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    session.connection().execute(insert(table), rows)


def _case(language: Language, n: int) -> dict[str, object]:
    at = MON_JUN_3_2024 - timedelta(hours=n)
    person = f"person{n}@{language.words[n % 50]}.example"
    return {
        "id": n,
        "reference": f"01.FOI.24.{n:06}",
        "kind": "FOI",
        "year": 2024,
        "number": n,
        "account": "foi",
        "subject": language.say(6),
        "requester_name": f"{language.words[n % 5000]} {language.words[n * 7 % 9000]}".title(),
        "requester_address": person,
        "requester_key": person,
        "received_at": at,
        "regime": "FOIA",
        "matter": "request",
        "received_on": at.date(),
        "due_on": at.date() + timedelta(days=28),
        "provisional": False,
        "calendar_version": "1",
        "uncountable_by": "",
        "untold": False,
        "clock_state": "running",
        "stage": "drafting" if n % 3 else "closed",
        "outcome": "",
    }


def _message(language: Language, key: int, case: int) -> dict[str, object]:
    who = language.words[key % 5000]
    return {
        "id": key,
        "case_id": case,
        "direction": "in",
        "message_id": f"<{key}@bench.example>",
        "subject": language.say(6),
        "sender_name": who.title(),
        "sender_address": f"{who}@bench.example",
        "recipients": "",
        "at": MON_JUN_3_2024 - timedelta(hours=case),
        "files": 0,
        "reply_address": "",
        "automatic": "",
        "concerns": "",
        "sender_check": "",
    }


def _body(language: Language, key: int) -> dict[str, object]:
    return {"message_id": key, "text": language.say(LENGTH), "html": ""}


def searches(language: Language) -> Iterator[tuple[str, str]]:
    """Kinds of searches, each with what is typed."""
    words = language.words
    yield "a rare word", words[9_000]
    yield "an uncommon word", words[400]
    yield "a word in every case", words[0]
    yield "two letters, still typing", words[40][:2]
    yield "four letters, still typing", words[3_000][:4]
    yield "two uncommon words", f"{words[300]} {words[350]}"
    yield "a requester's address", f"person777@{words[27]}.example"
    yield "a phrase of common words", f'"{words[1]} {words[2]}"'


def plainly(session: Session, typed: str) -> None:
    """The baseline: each word anywhere in any column."""
    wanted = []
    for word in typed.replace('"', "").split():
        in_mail = select(Message.case_id).join(MessageBody, col(MessageBody.message_id) == col(Message.id))
        texts = (Message.subject, Message.sender_name, Message.sender_address, MessageBody.text)
        mails = in_mail.where(or_(*(col(column).icontains(word) for column in texts)))
        own = (Case.subject, Case.requester_name, Case.requester_address, Case.reference)
        wanted.append(or_(*(col(column).icontains(word) for column in own), col(Case.id).in_(mails)))
    session.exec(select(Case).where(*wanted).order_by(col(Case.received_at).desc()).limit(MOST_ANSWERS)).all()


def median(desk: Desk, work: Callable[[Session], object], rounds: int = ROUNDS) -> float:
    """Milliseconds."""
    took = []
    for _ in range(rounds):
        with reading(desk.engine) as session:
            began = perf_counter()
            work(session)
            took.append(perf_counter() - began)
    return 1000 * statistics.median(took)


def measure(desk: Desk, language: Language) -> None:
    """Print a line for each kind of search."""
    for name, typed in searches(language):
        wanted = Wanted(read_terms(typed))
        with reading(desk.engine) as session:
            total = search(session, wanted).total
        ours = median(desk, lambda session, wanted=wanted: search(session, wanted))  # type: ignore[misc]
        plain = median(desk, lambda session, typed=typed: plainly(session, typed), 3)  # type: ignore[misc]
        print(f"{name}: {total:,} cases in {ours:.1f} ms; LIKE {plain:.0f} ms; ratio {plain / ours:.1f}")
    with reading(desk.engine) as session:
        case = session.get_one(Case, 500)
    alike = median(desk, lambda session: like(session, desk, case, desk.today()))
    print(f"requests alike: {alike:.1f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    arguments = parser.parse_args()
    language = Language(random.Random(1))
    with TemporaryDirectory() as folder, a_desk(Path(folder), arguments.postgres) as desk:
        began = perf_counter()
        fill(desk, language, arguments.cases)
        took = perf_counter() - began
        print(f"{desk.engine.dialect.name}: {arguments.cases:,} cases of {MAILS} mails, filled in {took:.0f} s")
        if arguments.postgres:
            with desk.engine.begin() as connection:
                connection.execute(text("ANALYZE"))
        measure(desk, language)


if __name__ == "__main__":
    main()
