"""What the team reads in the morning: complete, capped, short enough in its lines, and nobody's particulars."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import event
from sqlmodel import select
from werkzeug.datastructures import MultiDict

from bench.seed import NOW, fill
from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.desk_links import list_link
from service.casework.digest import DigestNotYours, compose_digest, settle_digest
from service.casework.digest_sections import WIDTH, short
from service.casework.own_digest import own_words
from service.desk import Desk
from service.domain.digest_kind import DigestKind
from service.domain.kind import Kind
from service.domain.stage import Stage
from service.letters import Words, folded
from service.store.database import reading, transaction
from service.store.digests import claim_digest, unsettled, unwanted, want_digest
from service.store.officers import officer_by_email
from service.store.tables import Approval, Case, Consultation, Draft, Letter, Officer
from service.store.worklist import Days, Narrowing, View
from tests.builders import an_officer, open_a_case
from tests.conftest import Time, council_settings
from tests.many import open_rows
from web import narrowing

TUE_JUL_2_2024 = datetime(2024, 7, 2, 6, 30, tzinfo=UTC)
JUL_2 = date(2024, 7, 2)
LONG_NAME = "Bartholomew Featherstonehaugh-Cholmondeley of the Corporate Information Governance Team"


@pytest.fixture
def morgan(desk: Desk) -> Officer:
    with transaction(desk.engine) as session:
        return an_officer(session, "Morgan Reid", "supervisor")


@pytest.fixture
def sam(desk: Desk) -> Officer:
    with transaction(desk.engine) as session:
        return an_officer(session)


def written(desk: Desk, kind: DigestKind, reader: Officer) -> Words:
    with reading(desk.engine) as session:
        words = compose_digest(session, desk, kind, reader, at=desk.now())
    assert words is not None
    return words


def nothing_for(desk: Desk, reader: Officer) -> bool:
    with reading(desk.engine) as session:
        return compose_digest(session, desk, DigestKind.OWN, reader, at=desk.now()) is None


def sections(desk: Desk, reader: Officer) -> dict[str, list[str]]:
    """The references in each section of an officer's own list."""
    with reading(desk.engine) as session:
        words = own_words(session, desk, reader, at=desk.now())
    return {s.name: [line.reference for line in s.lines] for s in words["sections"]} if words else {}  # type: ignore[attr-defined]


def a_case_that_waits(desk: Desk, kind: Kind) -> str:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        establish(session, desk, case, ClockFact(kind, desk.today()), at=desk.now(), by="officer:1")
        return case.reference


def test_stopped_clocks_are_told_with_what_they_wait_for_the_longest_first(
    desk: Desk, time: Time, morgan: Officer
) -> None:
    clarification = a_case_that_waits(desk, Kind.CLARIFICATION_SOUGHT)
    time.pass_by(days=1)
    fee = a_case_that_waits(desk, Kind.FEES_NOTICE)
    told = written(desk, DigestKind.SUPERVISORS, morgan).body.partition("THE LONGEST FIRST: 2\n\n")[2]
    assert told.startswith(
        f"- {clarification}: Pothole repairs\n  Waiting for clarification since Monday 3 June 2024.\n"
        f"  Owner: nobody yet.\n  http://127.0.0.1:8000/cases/{clarification}\n"
    )
    assert f"{fee}: Pothole repairs\n  Waiting for the fee since Tuesday 4 June 2024; the fee can be paid until" in told


def test_a_fee_that_never_came_is_said_to_have_lapsed(desk: Desk, time: Time, morgan: Officer) -> None:
    a_case_that_waits(desk, Kind.FEES_NOTICE)
    lapses_on = date(2024, 9, 2)
    time.pass_by(days=(lapses_on - desk.today()).days)
    assert "has lapsed" not in written(desk, DigestKind.SUPERVISORS, morgan).body
    time.pass_by(days=1)
    told = " ".join(written(desk, DigestKind.SUPERVISORS, morgan).body.split())
    assert "can be paid until Monday 2 September 2024; the request has lapsed and can be closed." in told


def test_every_case_says_its_weekday_its_working_days_and_its_owner(
    desk: Desk, time: Time, morgan: Officer, sam: Officer
) -> None:
    with transaction(desk.engine) as session:
        late, today, soon = (
            open_rows(session, 1, due_on=due, first=first, owner_id=sam.id)[0]
            for first, due in enumerate((date(2024, 6, 27), JUL_2, date(2024, 7, 5)), 1)
        )
        open_rows(session, 1, due_on=date(2024, 7, 10), first=9, owner_id=sam.id)
    time.moment = TUE_JUL_2_2024
    mail = written(desk, DigestKind.SUPERVISORS, morgan)
    assert mail.subject == "FOI desk: 1 overdue, 1 due today, 1 due soon"
    assert f"{late}: Pothole repairs\n  Was due Thursday 27 June 2024: overdue by 3 working days.\n" in mail.body
    assert f"{today}: Pothole repairs\n  Due Tuesday 2 July 2024, today.\n  Owner: Sam Okoro.\n" in mail.body
    assert f"{soon}: Pothole repairs\n  Due Friday 5 July 2024, in 3 working days.\n" in mail.body
    assert "Sam Okoro: 71 due-days in 4 open cases, 1 overdue." in mail.body
    assert "Harriet" not in mail.subject + mail.body
    assert "h.bell" not in mail.body


def test_a_prudent_date_is_told_beside_the_other(desk: Desk, time: Time, morgan: Officer) -> None:
    with transaction(desk.engine) as session:
        open_rows(session, 1, due_on=date(2024, 7, 4), prudent_due_on=date(2024, 7, 3))
    time.moment = TUE_JUL_2_2024
    told = " ".join(written(desk, DigestKind.SUPERVISORS, morgan).body.split())
    assert "Due Thursday 4 July 2024; to be safe, answer by Wednesday 3 July 2024, in 1 working day." in told


def test_a_thousand_late_cases_make_a_readable_mail_that_links_to_their_list(
    desk: Desk, time: Time, morgan: Officer, sam: Officer
) -> None:
    with transaction(desk.engine) as session:
        open_rows(session, 400, due_on=date(2024, 6, 20), owner_id=sam.id)
        open_rows(session, 1000, due_on=JUL_2, first=600_000, owner_id=sam.id)
    time.moment = TUE_JUL_2_2024
    for kind, reader, shown in ((DigestKind.SUPERVISORS, morgan, 10), (DigestKind.OWN, sam, 15)):
        mail = written(desk, kind, reader)
        assert "400 overdue, 1000 due today" in mail.subject
        assert "OVERDUE: 400\n" in mail.body
        assert f"And {400 - shown} more:\n  http://127.0.0.1:8000/list/overdue" in mail.body
        assert f"And {1000 - shown} more:\n  http://127.0.0.1:8000/list/open?" in mail.body
        assert len(mail.body) < 12_000


def test_no_line_is_longer_than_mail_programs_keep_whole_and_links_stand_alone(
    desk: Desk, time: Time, morgan: Officer
) -> None:
    with transaction(desk.engine) as session:
        wordy = an_officer(session, LONG_NAME)
        for n, due in enumerate((date(2024, 6, 20), JUL_2, date(2024, 7, 4), None)):
            open_rows(session, 3, due_on=due, first=1000 * n, owner_id=wordy.id, subject="x" * 150 + " and more" * 30)
    time.moment = TUE_JUL_2_2024
    for kind, reader in ((DigestKind.SUPERVISORS, morgan), (DigestKind.OWN, wordy), (DigestKind.WEEKLY, morgan)):
        lines = written(desk, kind, reader).body.splitlines()
        assert [line for line in lines if len(line) > WIDTH and not line.strip().startswith("http")] == []
        assert [line for line in lines if "http" in line and " " in line.strip()] == []
        assert not {"*", "#", "<", "|"} & set("".join(lines))


def test_every_link_of_a_list_is_read_by_the_pages_as_it_was_meant(desk: Desk) -> None:
    for wanted in (
        Narrowing(),
        Narrowing(owner_id=3, due=Days(JUL_2, JUL_2)),
        Narrowing(received=Days(None, JUL_2), requests_only=True),
        Narrowing(answered=Days(JUL_2, date(2024, 7, 9)), late=True),
        Narrowing(answered=Days(JUL_2), late=False),
        Narrowing(owner_id=3, stage=Stage.NOT_FOI),
    ):
        link = urlsplit(list_link(desk, View.OPEN, wanted))
        assert link.path == "/list/open"
        assert narrowing.read(MultiDict(parse_qsl(link.query)), desk) == wanted


def test_the_digest_counts_what_the_dashboard_counts_and_says_how_the_quarter_stands(desk: Desk, time: Time) -> None:
    time.moment = NOW
    for _ in fill(desk.engine, 500, 1):
        pass
    with reading(desk.engine) as session:
        supervisor = session.exec(select(Officer).where(Officer.role == "supervisor")).first()
    assert supervisor is not None
    told = " ".join(written(desk, DigestKind.SUPERVISORS, supervisor).body.split())
    for words in ("ANSWERED IN TIME: REQUESTS RECEIVED IN APRIL TO JUNE 2026", "so far: of", "Forecast: ", "due-days"):
        assert words in told
    weekly = written(desk, DigestKind.WEEKLY, supervisor)
    assert "Monday 25 May 2026 to Sunday 31 May 2026" in weekly.body
    with reading(desk.engine) as session:
        cases: Sequence[Case] = session.exec(select(Case)).all()
    week = [date(2026, 5, 25) + timedelta(days=n) for n in range(7)]
    received = sum(case.received_on in week for case in cases)
    answered = [case for case in cases if case.answered_on in week]
    late = sum(case.due_on is not None and case.answered_on > case.due_on for case in answered if case.answered_on)
    assert f"{received} received, {len(answered)} answered" in weekly.subject
    assert f"{len(answered) - late} in time, {late} late." in weekly.body


def test_the_number_of_queries_does_not_grow_with_the_cases(desk: Desk, time: Time, morgan: Officer) -> None:
    time.moment = TUE_JUL_2_2024
    asked: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *words: asked.append(words[2]))
    numbers = []
    for first in (0, 1000):
        with transaction(desk.engine) as session:
            open_rows(session, 300, due_on=date(2024, 6, 20), first=first, owner_id=morgan.id)
        for kind in DigestKind:
            asked.clear()
            written(desk, kind, morgan)
            numbers.append(len(asked))
    assert numbers[:3] == numbers[3:]
    assert max(numbers) < 45


def test_an_officer_with_nothing_to_do_gets_no_mail(desk: Desk, time: Time, sam: Officer) -> None:
    assert nothing_for(desk, sam)
    with transaction(desk.engine) as session:
        open_rows(session, 1, due_on=date(2024, 9, 2), owner_id=sam.id)
        open_rows(session, 1, due_on=None, first=7, owner_id=sam.id)
        open_rows(session, 1, due_on=date(2024, 6, 3), first=8)  # nobody's
    time.moment = TUE_JUL_2_2024
    assert nothing_for(desk, sam)  # what waits for the requester calls for nothing by itself
    with transaction(desk.engine) as session:
        due = open_rows(session, 1, due_on=JUL_2, first=9, owner_id=sam.id)
    assert sections(desk, sam) == {"today": due, "waiting": ["01.FOI.24.000007"]}


def test_an_officers_list_has_what_was_returned_answered_and_given(
    desk: Desk, time: Time, morgan: Officer, sam: Officer
) -> None:
    with transaction(desk.engine) as session:
        returned, answered, given = (open_a_case(session, desk) for _ in range(3))
        for case in (returned, answered, given):
            assign(session, desk, case, sam.id, at=desk.now(), by="officer:1")
        returned.stage = "drafting"
        answered.stage = "drafting"
        for version, reason in ((1, "Say why."), (2, "")):
            draft = Draft(
                case_id=returned.id, version=version, kind="r", subject="s", written_at=desk.now(), written_by="x"
            )
            session.add(draft)
            session.flush()
            if reason:
                session.add(
                    Approval(draft_id=draft.id, rank=1, officer_id=morgan.id, verdict="returned", reason=reason)
                )
        session.add(
            Consultation(
                case_id=answered.id,
                name="Bob Jones",
                address="bob@anytown.example",
                address_key="bob@anytown.example",
                asked_at=desk.now(),
                asked_by="officer:2",
                due_on=JUL_2,
                answered_at=desk.now(),
            )
        )
    # A newer version than the returned one is being written: nothing of it is to be told.
    assert sections(desk, sam) == {"answers": [answered.reference], "given": [given.reference]}
    with transaction(desk.engine) as session:
        newest = session.exec(select(Draft).where(Draft.version == 2)).one()
        session.add(
            Approval(draft_id=newest.id, rank=1, officer_id=morgan.id, verdict="returned", reason="Quote section 40.")
        )
    assert sections(desk, sam)["returned"] == [returned.reference]
    body = written(desk, DigestKind.OWN, sam).body
    assert "  What is to be changed: Quote section 40.\n" in body
    assert "  Bob Jones answered on Monday 3 June 2024.\n" in body


def test_what_is_ready_is_told_to_its_owner_and_what_may_be_no_request_to_supervisors(
    desk: Desk, morgan: Officer, sam: Officer
) -> None:
    with transaction(desk.engine) as session:
        ready, doubted = open_a_case(session, desk), open_a_case(session, desk)
        assign(session, desk, ready, sam.id, at=desk.now(), by="officer:1")
        ready.stage, doubted.stage = Stage.READY, Stage.NOT_FOI
    assert sections(desk, sam) == {"ready": [ready.reference]}
    body = written(desk, DigestKind.SUPERVISORS, morgan).body
    told = body[body.index("THOUGHT TO BE NO REQUEST: CONFIRM IT, OR SAY WHY IT IS ONE: 1") :]
    assert told.index(doubted.reference) < told.index("READY, AND NOT SENT: 1") < told.index(ready.reference)
    assert "/list/open?stage=not-foi\n" in body


def test_who_was_asked_and_is_late_is_told(desk: Desk, time: Time, morgan: Officer) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        words: dict[str, Any] = {
            "case_id": case.id,
            "address": "b@x",
            "address_key": "b@x",
            "asked_at": desk.now(),
            "asked_by": "x",
        }
        for n in range(7):
            session.add(Consultation(name=f"Bob {n}", due_on=date(2024, 6, 10) + timedelta(days=n), **words))
    time.moment = datetime(2024, 6, 16, 7, tzinfo=UTC)
    body = written(desk, DigestKind.SUPERVISORS, morgan).body
    assert "ASKED FOR INFORMATION, AND LATE: 6\n" in body
    assert "  Bob 0 was to answer by Monday 10 June 2024.\n" in body
    assert "And 1 more:\n  http://127.0.0.1:8000/consultations\n" in body


def test_only_supervisors_may_have_what_is_for_supervisors(desk: Desk, sam: Officer) -> None:
    for kind in (DigestKind.SUPERVISORS, DigestKind.WEEKLY):
        with reading(desk.engine) as session, pytest.raises(DigestNotYours):
            compose_digest(session, desk, kind, sam, at=desk.now())


def test_a_day_is_claimed_once_and_given_back_by_a_rollback(desk: Desk, morgan: Officer) -> None:
    with pytest.raises(RuntimeError), transaction(desk.engine) as session:
        assert claim_digest(session, morgan.id, DigestKind.SUPERVISORS, JUL_2)
        raise RuntimeError
    claims = []
    for day in (JUL_2, JUL_2, date(2024, 7, 1), date(2024, 7, 3)):
        with transaction(desk.engine) as session:
            claims.append(claim_digest(session, morgan.id, DigestKind.SUPERVISORS, day))
    assert claims == [True, False, False, True]


def test_a_choice_is_kept_apart_from_what_is_settled(desk: Desk, morgan: Officer) -> None:
    with transaction(desk.engine) as session:
        want_digest(session, morgan.id, DigestKind.WEEKLY, wanted=False)
        assert unwanted(session, morgan.id) == {DigestKind.WEEKLY}
        assert not claim_digest(session, morgan.id, DigestKind.WEEKLY, JUL_2)
        assert unsettled(session, DigestKind.WEEKLY, JUL_2) == []
        want_digest(session, morgan.id, DigestKind.WEEKLY, wanted=True)
    with transaction(desk.engine) as session:
        assert unwanted(session, morgan.id) == set()
        assert not claim_digest(session, morgan.id, DigestKind.WEEKLY, JUL_2)  # switched on after the morning: tomorrow
        assert claim_digest(session, morgan.id, DigestKind.WEEKLY, date(2024, 7, 3))


def test_whoever_left_since_it_was_composed_gets_none(desk: Desk, morgan: Officer) -> None:
    with transaction(desk.engine) as session:
        found = officer_by_email(session, morgan.email)
        assert found is not None
        found.active = False
        session.add(found)
    with transaction(desk.engine) as session:
        kept = settle_digest(session, desk, DigestKind.OWN, morgan.id, Words("s", "b"), day=JUL_2, at=desk.now())
        assert not kept
        assert session.exec(select(Letter)).all() == []


def test_links_begin_with_the_address_that_officers_use(desk: Desk, tmp_path: Path, morgan: Officer) -> None:
    elsewhere = replace(desk, settings=council_settings(tmp_path, web={"url": "https://foi.anytown.example/"}))
    body = written(elsewhere, DigestKind.SUPERVISORS, morgan).body
    assert "  https://foi.anytown.example/dashboard\n" in body
    assert "127.0.0.1" not in body


def test_a_short_text_is_never_longer_than_asked() -> None:
    assert short("a  subject\non two lines", 50) == "a subject on two lines"
    assert short("x" * 100, 10) == "xxxxxxxxx…"


def test_folding_keeps_links_blank_lines_and_indents() -> None:
    link = "  https://foi.anytown.example/" + "a" * 100
    assert folded(f"{link}\n\n  {'word ' * 30}\n").splitlines()[:2] == [link, ""]
    assert all(line.startswith("  word") and len(line) <= 76 for line in folded("  " + "word " * 30).splitlines())
