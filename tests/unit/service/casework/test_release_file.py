"""Files on a case: put there, released in somebody's name, taken off, and sent with a letter."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session

from service.casework.assign import assign
from service.casework.release_file import (
    FileNotReleased,
    FileSettled,
    FileThereAlready,
    FileTooLarge,
    ReleaseUnexplained,
    Scanned,
    add_file,
    enclose,
    enclose_bytes,
    findings,
    refuse_too_large,
    release_file,
    room_for,
    scan_file,
    standing_files,
    withdraw_file,
)
from service.casework.reply import send_reply
from service.casework.write_letter import FilesTooLarge
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.stage import NotAllowedNow
from service.letters import Words
from service.release.found import Found
from service.store.case_files import NoSuchFile, case_file, letter_file, letter_files, unreleased_names
from service.store.cases import history
from service.store.correspondence import letters_of_case
from service.store.database import transaction
from service.store.originals import read_all
from service.store.tables import Case, CaseFile
from tests.builders import an_officer, open_a_case
from tests.conftest import council_settings
from tests.unit.service.release.samples import a_workbook

SAM = "officer:1"
HIDDEN = Found("hidden sheet", "The sheet is hidden.", 'Sheet "Pay"')
CLEAN = Scanned("trees.csv", b"ward,felled\nNorth,12\n", ())
SUSPECT = Scanned("pay.xlsx", b"PK...", (HIDDEN,))


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with transaction(desk.engine) as session:
        an_officer(session)
        yield session


@pytest.fixture
def case(session: Session, desk: Desk) -> Case:
    case = open_a_case(session, desk)
    assign(session, desk, case, 1, at=desk.now(), by=SAM)
    return case


def put(session: Session, desk: Desk, case: Case, scanned: Scanned) -> CaseFile:
    return add_file(session, desk, case, scanned, at=desk.now(), by=SAM)


def release(session: Session, desk: Desk, case: Case, file: CaseFile, reason: str = "") -> CaseFile:
    return release_file(session, desk, case, file.id, reason=reason, at=desk.now(), by=SAM)


def withdraw(session: Session, desk: Desk, case: Case, file: CaseFile) -> CaseFile:
    return withdraw_file(session, desk, case, file.id, at=desk.now(), by=SAM)


def last(session: Session, case: Case) -> tuple[Kind, str, dict[str, str]]:
    event = history(session, case.id)[-1]
    return event.kind, event.actor, dict(event.data)


def test_a_file_is_looked_into_under_its_plain_name() -> None:
    content = a_workbook(lambda book: setattr(book.create_sheet("Pay"), "sheet_state", "hidden"))
    scanned = scan_file("C:\\Users\\sam\\pay.xlsx", content)
    assert (scanned.name, [one.kind for one in scanned.found]) == ("pay.xlsx", ["hidden sheet"])


def test_a_file_is_kept_with_what_was_found_in_it_and_waits_for_its_release(
    session: Session, desk: Desk, case: Case
) -> None:
    file = put(session, desk, case, SUSPECT)
    assert findings(case_file(session, case.id, file.id)) == (HIDDEN,)
    assert read_all(session, file.sha256) == SUSPECT.content
    assert unreleased_names(session, case.id) == ("pay.xlsx",)
    assert last(session, case) == (Kind.FILE_ADDED, SAM, {"file": str(file.id), "name": "pay.xlsx", "found": "1"})
    with pytest.raises(FileNotReleased, match=r"pay\.xlsx"):
        enclose(session, case)


def test_a_clean_file_is_released_without_a_reason_and_one_with_findings_only_with_one(
    session: Session, desk: Desk, case: Case
) -> None:
    clean, suspect = put(session, desk, case, CLEAN), put(session, desk, case, SUSPECT)
    assert release(session, desk, case, clean).released_by == SAM
    with pytest.raises(ReleaseUnexplained):
        release(session, desk, case, suspect)
    release(session, desk, case, suspect, "The sheet is published already")
    assert last(session, case)[2]["reason"] == "The sheet is published already"
    assert (suspect.released_at, suspect.release_reason) == (desk.now(), "The sheet is published already")
    assert unreleased_names(session, case.id) == ()
    assert [one.name for one in enclose(session, case)] == ["trees.csv", "pay.xlsx"]


def test_nothing_is_released_or_taken_off_twice(session: Session, desk: Desk, case: Case) -> None:
    file = put(session, desk, case, CLEAN)
    release(session, desk, case, file)
    with pytest.raises(FileSettled, match="released already"):
        release(session, desk, case, file)
    withdraw(session, desk, case, file)
    for again in (withdraw, release):
        with pytest.raises(FileSettled, match="taken off the case already"):
            again(session, desk, case, file)


def test_what_is_taken_off_goes_nowhere_and_may_be_put_back(session: Session, desk: Desk, case: Case) -> None:
    withdraw(session, desk, case, put(session, desk, case, SUSPECT))
    assert standing_files(session, case) == [] and unreleased_names(session, case.id) == ()
    assert enclose(session, case) == []
    assert last(session, case)[0] is Kind.FILE_WITHDRAWN
    put(session, desk, case, SUSPECT)
    with pytest.raises(FileThereAlready):
        put(session, desk, case, SUSPECT)


def test_a_file_of_another_case_is_none_of_this_one(session: Session, desk: Desk, case: Case) -> None:
    file, other = put(session, desk, case, CLEAN), open_a_case(session, desk)
    assign(session, desk, other, 1, at=desk.now(), by=SAM)
    for act in (release, withdraw):
        with pytest.raises(NoSuchFile):
            act(session, desk, other, file)


def test_files_are_chosen_only_while_the_response_is_drafted(session: Session, desk: Desk) -> None:
    with pytest.raises(NotAllowedNow):
        put(session, desk, open_a_case(session, desk), CLEAN)


def test_a_file_that_no_letter_could_carry_is_refused_with_its_size(session: Session, desk: Desk, case: Case) -> None:
    refuse_too_large(desk, case, "plans.pdf", 17_000_000)
    with pytest.raises(FileTooLarge, match=r"plans.pdf has 20.0 MB, and a letter takes files of 18.0 MB at most"):
        refuse_too_large(desk, case, "plans.pdf", 20_000_000)


def test_the_room_is_told_before_anything_is_sent(session: Session, desk: Desk, case: Case) -> None:
    half = CaseFile(name="x", content_type="", size=9_500_000, sha256="", added_by="", added_at=desk.now(), case_id=1)
    assert not room_for(desk, case, [half]).exceeded
    room = room_for(desk, case, [half, half])
    assert room.exceeded and room.most == 25_000_000 and 26_000_000 < room.used < 27_000_000


def test_files_go_with_a_letter_in_order_and_stay_with_it(session: Session, desk: Desk, case: Case) -> None:
    release(session, desk, case, put(session, desk, case, CLEAN))
    files = [enclose_bytes(session, "Response.pdf", b"%PDF-1.7"), *enclose(session, case)]
    letter = send_reply(session, desk, case, "response", Words("Trees", "Dear"), at=desk.now(), by=SAM, files=files)
    assert [(file.position, file.name) for file in letter_files(session, [letter.id])] == [
        (0, "Response.pdf"),
        (1, "trees.csv"),
    ]
    assert letter_file(session, letter.id, 0).content_type == "application/pdf"
    with pytest.raises(NoSuchFile):
        letter_file(session, letter.id, 2)


def test_more_than_the_mail_server_takes_is_refused_before_anything_is_queued(
    session: Session, desk: Desk, case: Case, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small = council_settings(tmp_path_factory.mktemp("small"), smtp={"largest_megabytes": 1})
    narrow = replace(desk, settings=small)
    before = len(letters_of_case(session, case.id))
    files = [enclose_bytes(session, name, bytes(400_000) + name.encode()) for name in ("a.bin", "b.bin")]
    with pytest.raises(FilesTooLarge):
        send_reply(session, narrow, case, "reply", Words("x", "y"), at=desk.now(), by=SAM, files=files)
    assert len(letters_of_case(session, case.id)) == before
    assert send_reply(session, narrow, case, "reply", Words("x", "y"), at=desk.now(), by=SAM, files=files[:1])
