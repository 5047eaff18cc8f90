"""The migrations: numbered, one head, and equal to the models on both databases."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col, select

from service.bootstrap import open_desk
from service.casework.change_calendar import change_calendar
from service.casework.close import close
from service.casework.explain_case import explain_case
from service.casework.record import caches
from service.casework.recount import recount_some
from service.desk import Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.history import replay
from service.domain.outcome import Outcome
from service.domain.working_days import Division
from service.settings import Settings
from service.store import schema, tables
from service.store.cases import history
from service.store.database import open_engine, reading, transaction
from service.store.tables import Case
from tests.builders import open_a_case
from tests.conftest import Time, new_postgres_database

assert tables


def test_the_migrations_are_numbered_and_have_one_head() -> None:
    names = sorted(path.name for path in (schema.MIGRATIONS / "versions").glob("*.py"))
    assert [int(re.match(r"(\d{4})_", name).group(1)) for name in names] == list(range(1, len(names) + 1))  # type: ignore[union-attr]
    script = ScriptDirectory(str(schema.MIGRATIONS))
    assert script.get_heads() == [schema.head()]


def _is_a_models(name: str | None, kind: str, _parents: object) -> bool:
    """What is searched has no models: the database keeps it by itself."""
    return kind != "table" or not (name or "").startswith("search_")


# SQLite's indexes of lower(...) are not read back; PostgreSQL's are, and compared.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_a_migrated_database_equals_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_a_models})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    schema.migrate(engine)
    schema.require_current(engine)


@pytest.mark.parametrize("statement", ["UPDATE case_event SET actor = 'someone else'", "DELETE FROM case_event"])
def test_the_database_itself_refuses_to_change_a_recorded_event(desk: Desk, statement: str) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
    with Session(desk.engine) as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


OLD_CASES = (  # kind, law, matter, outcome it was closed with; as the program of migration 0002 wrote them
    ("FOI", "FOIA", "request", ""),
    ("FOI", "FOISA", "request", ""),
    ("EIR", "EIR", "request", ""),
    ("EIR", "EISR", "request", ""),
    ("IR", "FOIA", "review", ""),
    ("FOI", "FOIA", "request", "granted in full"),
    ("FOI", "FOISA", "request", "not a request under the Act"),
    ("EIR", "EIR", "request", "withdrawn by the requester"),
    ("EIR", "EISR", "request", "transferred to another authority"),
    ("IR", "EIR", "review", "refused in full"),
)
DUE = {"FOIA": "2024-07-01", "EIR": "2024-07-01", "FOISA": "2024-07-01", "EISR": "2024-07-01"}
REVIEW_DUE = {"FOIA": "2024-07-01", "EIR": "2024-07-30"}
CASE = text("""
    INSERT INTO foi_case (reference, kind, year, number, account, subject, requester_name, requester_address,
        requester_key, received_at, regime, received_on, due_on, prudent_due_on, provisional, calendar_version, stage,
        outcome, answered_on)
    VALUES (:reference, :kind, 2024, :number, 'foi', 'Potholes', 'Harriet Bell', 'h.bell@example.com',
        'h.bell@example.com', '2024-06-03 08:30:00', :regime, '2024-06-03', :due_on, :due_on, false, '2026.1', :stage,
        :outcome, :answered_on) RETURNING id""")
EVENT = text("""
    INSERT INTO case_event (case_id, seq, kind, at, recorded_at, actor, data)
    VALUES (:case_id, :seq, :kind, :at, :at, :actor, :data)""")


def an_old_case(connection: Connection, number: int, kind: str, regime: str, matter: str, outcome: str) -> None:
    words = {
        "reference": f"01.{kind}.24.{number:06d}",
        "kind": kind,
        "number": number,
        "regime": regime,
        "due_on": (REVIEW_DUE if matter == "review" else DUE)[regime],
        "stage": "closed" if outcome else "new",
        "outcome": outcome,
        "answered_on": "2024-06-05" if outcome and "by the" not in outcome and "transferred" not in outcome else None,
    }
    told = [("received", "2024-06-03 08:30:00", "requester", {"regime": regime, "matter": matter})]
    told.append(("not acknowledged", "2024-06-03 08:30:00", "desk", {"reason": "the mail seems to be automatic"}))
    if outcome:
        told.append(("closed", "2024-06-05 11:00:00", "officer:1", {"outcome": outcome}))
    case_id = connection.execute(CASE, words).scalar_one()
    for seq, (name, at, actor, data) in enumerate(told, 1):
        event = {"case_id": case_id, "seq": seq, "kind": name, "at": at, "actor": actor, "data": json.dumps(data)}
        connection.execute(EVENT, event)


@pytest.fixture(params=["sqlite", "postgres"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind, without a table."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgres":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))
    engine = open_engine(url)
    yield engine
    engine.dispose()


def grow_to(engine: Engine, revision: str) -> None:
    """Have a database as the program of a migration left it, with old cases."""
    command.upgrade(schema.config(engine), revision)
    with engine.begin() as connection:
        for number, case in enumerate(OLD_CASES, 1):
            an_old_case(connection, number, *case)


@pytest.fixture
def old_desk(bare: Engine, settings: Settings, time: Time) -> Desk:
    """A desk whose database was filled by the program of migration 0002, and has since been brought up to date."""
    grow_to(bare, "0002")
    schema.migrate(bare)
    return replace(open_desk(settings, time.now), engine=bare)


def test_a_case_of_before_the_clock_had_facts_says_what_its_clock_does(old_desk: Desk) -> None:
    with reading(old_desk.engine) as session:
        cases = session.exec(select(Case).order_by(col(Case.number))).all()
        stood = [(case.matter, case.clock_state, case.stopped_on, case.uncountable_by, case.untold) for case in cases]
        replayed = [caches(replay(history(session, case.id), old_desk.calendars)) for case in cases]
    answered = ("granted", "not a request", "refused")
    states = {"": "running", "withdrawn by the requester": "withdrawn"} | dict.fromkeys(
        (outcome for *_, outcome in OLD_CASES if outcome.startswith(answered)), "answered"
    )
    states["transferred to another authority"] = "transferred"
    assert stood == [(matter, states[outcome], None, "", False) for *_, matter, outcome in OLD_CASES]
    assert [
        {name: getattr(case, name) for name in caches} for case, caches in zip(cases, replayed, strict=True)
    ] == replayed


LETTER = text("""
    INSERT INTO letter (case_id, kind, recipient_name, recipient_address, recipient_key, subject, body, message_id,
        in_reply_to, automatic, state, attempts, phase, copied, created_at, sent_at)
    VALUES (:case_id, :kind, 'Harriet Bell', 'h.bell@example.com', 'h.bell@example.com', 'Re', 'Words', :message_id,
        '', '', 'sent', 1, '', true, '2024-06-03 08:30:00', :sent_at)
""")
SENT = (  # of which case, what letter, when, and how many seconds after the case was received
    (1, "acknowledgement", "2024-06-03 08:30:00.000000", 0),
    (2, "acknowledgement", "2024-06-03 08:35:00.000000", 300),
    (3, "acknowledgement", "2024-06-03 08:35:00.250000", 301),
    (4, "acknowledgement", "2024-06-05 08:30:00.000000", 172_800),
    (5, "review-acknowledgement", "2024-06-03 08:30:19.999999", 20),
    (6, "reply", "2024-06-03 08:31:00.000000", None),
    (7, "acknowledgement", None, None),
)


def test_how_soon_each_case_was_acknowledged_is_counted_from_its_letter(bare: Engine) -> None:
    grow_to(bare, "0017")
    with bare.begin() as connection:
        for case_id, letter, sent_at, _ in SENT:
            words = {"case_id": case_id, "kind": letter, "sent_at": sent_at, "message_id": f"<{case_id}@a.example>"}
            connection.execute(LETTER, words)
    schema.migrate(bare)
    with reading(bare) as session:
        found = dict(session.exec(select(Case.number, Case.acknowledged_after)).all())
    assert found == dict.fromkeys(range(1, len(OLD_CASES) + 1)) | {number: after for number, *_, after in SENT}


def test_a_case_of_before_is_read_changed_and_recounted_like_any_other(old_desk: Desk) -> None:
    wedding = CalendarChange(ChangeKind.ADDED, date(2024, 6, 10), date(2024, 6, 3), Division.SCT, "A feast")
    with transaction(old_desk.engine) as session:
        for case in session.exec(select(Case)):
            assert explain_case(session, old_desk, case).clock.due_on == case.due_on
            assert explain_case(session, old_desk, case, after=1).clock.state == "running"
        change_calendar(session, old_desk, [wedding], at=old_desk.now(), by="console")
        old = {case.reference: case.due_on for case in session.exec(select(Case).where(Case.stage != "closed"))}
        moves = recount_some(session, old_desk, at=old_desk.now()).moves
    assert {move.reference: move.from_on for move in moves} == old
    with transaction(old_desk.engine) as session:
        review = session.exec(select(Case).where(Case.kind == "IR", Case.stage == "new")).one()
        assert review.matter == "review"
        close(
            session, old_desk, review, Outcome.GRANTED, answered_on=date(2024, 6, 3), at=old_desk.now(), by="officer:1"
        )
        assert review.clock_state == "answered"
