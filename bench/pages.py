"""How long the pages take: `python -m bench.pages [--cases 36000] [--years 3] [--postgres] [--rounds 30]`.

Fills a throwaway database with the authority of bench.seed, or measures the one given by `--database`, which should be
a copy: it signs one officer in, and out again. One request at a time through the application itself, its session, its
layout and templates included; the network and the browser are not.

The baseline, asked for in turn with every page in the same run: the list of open cases of a desk that has none, on the
same kind of database. It is what every page costs before the first case is read. Printed for each page: the number of
SQL statements, the median of this process's own computing, median and 95th percentile of what went by on the clock, all
in milliseconds, the ratio of the median to the baseline's, and a mark where the 95th percentile misses the aim. On
SQLite the database computes in this process: where others keep the machine busy, the first column is the truer.
"""

import argparse
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func
from sqlmodel import Session, col, select

from bench.old_case import grow_old
from bench.seed import NOW, fill
from service.bootstrap import keep_what_is_loaded, open_desk, utc_now
from service.desk import Desk
from service.domain.quarter import Quarter
from service.domain.stage import Stage
from service.store.cases import is_open
from service.store.database import open_engine, reading, transaction
from service.store.officers import add_sign_in, end_sign_in
from service.store.schema import migrate
from service.store.tables import Case, Event, MessageBody, Officer, Post, SignIn
from service.store.worklist import MOST_COUNTED, SORTS, View
from tests.conftest import council_settings, new_postgres_database
from tests.servers import postgres, postgres_binaries
from web.app import create_app
from web.sign_ins import TOKEN

AIMS = ((100_000, 50), (10**9, 150))  # up to so many cases, so many milliseconds
NAME = 46  # characters
LATEST = 20_000  # cases among which the longest is looked for
LOOKED_THROUGH = 500  # of the newest subjects and mails, for the words they have in common
SIGNED_IN = token_hex()


@dataclass(frozen=True, slots=True)
class Measured:
    """What a page took: SQL statements, and milliseconds of each request by the clock and of computing."""

    statements: int
    took: tuple[float, ...]
    computed: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.took)

    @property
    def p95(self) -> float:
        if len(self.took) < 2:
            return self.took[0]
        return statistics.quantiles(self.took, n=20, method="inclusive")[-1]

    @property
    def row(self) -> str:
        """Its numbers as a row of the table."""
        return f"{self.statements:4} {statistics.median(self.computed):8.1f} {self.median:8.1f} {self.p95:8.1f}"


class Reader:
    """An officer's browser without a socket, which counts the statements of each page."""

    def __init__(self, desk: Desk, officer_id: int) -> None:
        self._client: FlaskClient = create_app(desk).test_client()
        with self._client.session_transaction() as cookie:
            cookie[TOKEN] = SIGNED_IN
        self._statements = 0
        event.listen(desk.engine, "before_cursor_execute", self._count)
        with transaction(desk.engine) as session:
            row = SignIn(token_hash=_digest(), officer_id=officer_id, created_at=desk.now(), seen_at=desk.now())
            add_sign_in(session, row)

    def get(self, url: str) -> tuple[int, float, float]:
        """The statements of a page, and its milliseconds by the clock and of computing."""
        self._statements = 0
        began, begun = perf_counter(), process_time()
        response = self._client.get(url)
        body = response.get_data()
        took, computed = 1000 * (perf_counter() - began), 1000 * (process_time() - begun)
        if response.status_code != 200 or not body:
            raise SystemExit(f"{url} answers {response.status_code}")
        return self._statements, took, computed

    def _count(self, *_what: object) -> None:
        self._statements += 1


def _digest() -> str:
    return sha256(SIGNED_IN.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Known:
    """What of an authority the pages are asked by."""

    officer_id: int
    cases: int
    newest: Case
    longest: Case
    middle: Case
    common: str
    everywhere: str
    mails_to_sort: int


def get_to_know(session: Session) -> Known:
    """The officer with most to do, cases of every kind, and words that many and few of them have."""
    owned = select(Case.owner_id).where(is_open(), col(Case.owner_id).is_not(None)).group_by(col(Case.owner_id))
    officer_id = session.exec(owned.order_by(func.count().desc())).first()
    cases, last = session.exec(select(func.count(), func.max(Case.id))).one()
    if officer_id is None or not cases:
        raise SystemExit("This desk has no case with an owner.")
    newest = session.exec(select(Case).where(is_open()).order_by(col(Case.id).desc())).first()
    middle = session.exec(
        select(Case).where(col(Case.id) >= last // 2, col(Case.stage) == Stage.CLOSED.value).order_by(col(Case.id))
    ).first()
    told = select(Event.case_id).where(col(Event.case_id) > last - LATEST)
    told = told.group_by(col(Event.case_id)).order_by(func.count().desc())
    longest = session.get(Case, session.exec(told).first())
    assert newest is not None
    assert middle is not None
    assert longest is not None
    subjects = session.exec(select(Case.subject).order_by(col(Case.id).desc()).limit(LOOKED_THROUGH)).all()
    bodies = session.exec(select(MessageBody.text).order_by(col(MessageBody.message_id).desc()).limit(LOOKED_THROUGH))
    waiting = session.exec(select(func.count()).select_from(Post).where(col(Post.state) == "quarantined")).one()
    return Known(officer_id, cases, newest, longest, middle, _commonest(subjects), _commonest(bodies.all()), waiting)


def _commonest(texts: object) -> str:
    assert isinstance(texts, list | tuple)
    words = Counter(word for text in texts for word in {*re.findall(r"[a-z]{5,}", text.casefold())})
    return str(words.most_common(1)[0][0])


def pages_of(known: Known, desk: Desk) -> Iterator[tuple[str, str]]:
    """Each page with its address."""
    yield "home: my cases", "/list/mine"
    yield from _lists(known)
    for name, case in (("newest", known.newest), ("longest", known.longest), ("closed", known.middle)):
        path = f"/cases/{case.reference}"
        yield f"case page: {name}", path
        yield f"case clock: {name}", f"{path}/clock"
        yield f"consultations of a case: {name}", f"{path}/consultations"
    for page in ("questions", "alike", "files"):
        yield f"{page} of the longest case", f"/cases/{known.longest.reference}/{page}"
    yield from _searches(known)
    yield from _counted(known, desk)
    for name, url in (
        ("mail to sort", "/post"),
        ("automatic mail", "/post/automatic"),
        ("letters in trouble", "/post/letters"),
        ("forwarded mail", "/post/forwarded"),
        ("consultations waited for", "/consultations"),
        ("mailboxes", "/mailboxes"),
        ("health", "/health"),
        ("holidays", "/holidays"),
        ("calculator", "/deadline?received_on=2026-05-05&regime=FOIA"),
    ):
        yield name, url


def _lists(known: Known) -> Iterator[tuple[str, str]]:
    for view in View:
        yield f"list: {view.value}", f"/list/{view.value}"
    for view in (View.OPEN, View.CLOSED, View.EVERY):
        for sort in sorted(set(SORTS) - {"stopped"}):  # which only the list of stopped cases offers
            for way in ("", "-"):
                yield f"list: {view.value} by {way}{sort}", f"/list/{view.value}?{urlencode({'sort': way + sort})}"
    last = min(-(-known.cases // 50), MOST_COUNTED // 50)
    days = {"received_from": known.middle.received_on, "received_to": known.newest.received_on}
    for name, wanted in (
        ("a common word", {"q": known.common}),
        ("a name", {"q": known.middle.requester_name}),
        ("a reference", {"q": known.middle.reference}),
        ("a word nobody has", {"q": "xylophonic"}),
        ("an owner", {"owner": known.officer_id}),
        ("days", days),
        ("a law", {"regime": "EIR"}),
        ("late ones", {"late": "yes"}),
        ("an exemption", {"exemption": "43(2)"}),
        ("acknowledged late", {"acknowledged": "later"}),
        ("page 20", {"page": 20}),
        ("half way", {"page": last // 2}),
        ("last page", {"page": last - 5}),
        ("half way by subject", {"page": last // 2, "sort": "subject"}),
    ):
        yield f"list: every, {name}", f"/list/every?{urlencode(wanted)}"
    yield "list: closed, a common word", f"/list/closed?{urlencode({'q': known.common})}"
    yield "list: open, a common word", f"/list/open?{urlencode({'q': known.common})}"


def _searches(known: Known) -> Iterator[tuple[str, str]]:
    place = known.middle.subject.split()[-1]
    for name, wanted in (
        ("nothing typed", {}),
        ("a rare word", {"q": place}),
        ("a common word", {"q": known.common}),
        ("a word of every mail", {"q": known.everywhere}),
        ("two common words", {"q": f"{known.common} {known.everywhere}"}),
        ("a name", {"q": known.middle.requester_name}),
        ("an address", {"q": known.middle.requester_address}),
        ("a number", {"q": str(known.middle.number)}),
        ("two letters", {"q": known.everywhere[:2]}),
        ("a common word, open", {"q": known.common, "stage": "open"}),
        ("a common word, an owner", {"q": known.common, "owner": known.officer_id}),
        ("a common word, days", {"q": known.common, "since": known.newest.received_on.replace(day=1)}),
        ("a common word, page 20", {"q": known.common, "page": 20}),
        ("open ones", {"stage": "open"}),
        ("closed ones", {"stage": "closed"}),
    ):
        yield f"search: {name}", f"/search?{urlencode(wanted)}"


def _counted(known: Known, desk: Desk) -> Iterator[tuple[str, str]]:
    quarter = Quarter.of(desk.today())
    before = quarter.before.before
    yield "dashboard", "/dashboard"
    yield "dashboard: an officer", f"/dashboard?owner={known.officer_id}"
    yield "dashboard: a law", "/dashboard?regime=EIR"
    yield f"dashboard: {before}", f"/dashboard?quarter={before}"
    as_at = f"quarter={quarter.before}&as_at={desk.today()}"
    yield "statistics", f"/statistics?{as_at}"
    yield "statistics: cases of a figure", f"/statistics/cases?{as_at}&figure=1.Bi"


@contextmanager
def a_database(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[Desk, Desk]]:
    """The desk to be measured, and one of the same kind without a case."""
    with ExitStack() as stack:
        url = arguments.database or f"sqlite:///{folder / 'authority.db'}"
        empty = f"sqlite:///{folder / 'empty.db'}"
        if arguments.postgres or url.startswith("postgresql"):
            binaries = postgres_binaries()
            if binaries is None:
                raise SystemExit("There is no PostgreSQL on this machine.")
            server = stack.enter_context(postgres(binaries))
            url, empty = arguments.database or new_postgres_database(server), new_postgres_database(server)
        now = (lambda: NOW) if arguments.seeded or not arguments.database else utc_now
        desk = open_desk(council_settings(folder), now)
        engines = [open_engine(url), open_engine(empty)]
        migrate(engines[1])
        if not arguments.database:
            _fill(engines[0], arguments)
        yield replace(desk, engine=engines[0]), replace(desk, engine=engines[1])
        for engine in engines:
            engine.dispose()


def _fill(engine: Engine, arguments: argparse.Namespace) -> None:
    began = perf_counter()
    migrate(engine)
    for number in fill(engine, arguments.cases, arguments.years):
        print(f"\r{number:,} cases", end="", flush=True)
    grow_old(engine, NOW)
    print(f"\r{engine.dialect.name}: filled in {perf_counter() - began:.0f} s")


def measure(desk: Desk, empty: Desk, arguments: argparse.Namespace) -> None:
    """Print a line for each page, and at the end the slowest."""
    with reading(desk.engine) as session:
        known = get_to_know(session)
    with transaction(empty.engine) as session:
        nobody = Officer(email="a@b.example", name="A", role="officer", password_hash="", created_at=empty.now())
        session.add(nobody)
    reader, baseline = Reader(desk, known.officer_id), Reader(empty, nobody.id)
    keep_what_is_loaded()  # as `foidesk serve` does
    aim = next(aim for most, aim in AIMS if known.cases <= most)
    print(f"{desk.engine.dialect.name}: {known.cases:,} cases, {known.mails_to_sort} mails to sort; aim: {aim} ms")
    print(f"{'page':{NAME}} {'SQL':>4} {'computed':>8} {'p50':>8} {'p95':>8} {'ratio':>6}")
    missed = 0
    try:
        for name, url in pages_of(known, desk):
            if arguments.only not in name:
                continue
            page, bare = in_turn(reader, baseline, url, arguments.rounds)
            over = page.p95 > aim
            missed += over
            print(f"{name:{NAME}} {page.row} {page.median / bare.median:6.1f}{'  over' * over}", flush=True)
        print(f"{'baseline':{NAME}} {bare.row}\npages over the aim: {missed}")
    finally:
        with transaction(desk.engine) as session:
            end_sign_in(session, _digest())


def in_turn(reader: Reader, baseline: Reader, url: str, rounds: int) -> tuple[Measured, Measured]:
    """A page and the baseline, asked for in turn; each is asked for once before, which is not counted."""
    page, bare = [], []
    for _ in range(rounds + 1):
        bare.append(baseline.get("/list/open"))
        page.append(reader.get(url))
    return _measured(page[1:]), _measured(bare[1:])


def _measured(found: list[tuple[int, float, float]]) -> Measured:
    statements, took, computed = zip(*found, strict=True)
    return Measured(max(statements), took, computed)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=36_000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--database", help="measure this one, such as sqlite:////tmp/copy.db")
    parser.add_argument("--seeded", action="store_true", help="the database is of bench.seed, whose day it is")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", default="", help="only the pages whose name has this in it")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder, a_database(arguments, Path(folder)) as (desk, empty):
        measure(desk, empty, arguments)


if __name__ == "__main__":
    main()
