"""Files on a case's page: put there, looked into, released in a name, taken off, handed out."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from service.desk import Desk
from service.domain.kind import Kind
from service.store.case_files import case_files
from service.store.cases import case_by_reference, history
from service.store.database import reading
from service.store.tables import CaseFile
from tests.conftest import council_settings
from tests.unit.service.release.samples import a_workbook
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import PDF, Seeded
from web.app import create_app

CSV = b"ward,felled\nNorth,12\n"


def hidden() -> bytes:
    return a_workbook(lambda book: setattr(book.create_sheet("Pay"), "sheet_state", "hidden"))


def upload(browser: Browser, reference: str, name: str, content: bytes) -> TestResponse:
    path = f"/cases/{reference}/files"
    browser.get(path)
    file = FileStorage(io.BytesIO(content), name)
    boundary, form = encode_multipart({"csrf_token": browser._token, "file": file})
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(path, data=form, content_type=kind, buffered=True)


def newest(desk: Desk, reference: str) -> CaseFile:
    with reading(desk.engine) as session:
        return case_files(session, case_by_reference(session, reference).id)[-1]


def test_a_clean_file_is_added_and_released_in_one_click(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.due_today}/files"
    assert upload(officer, seeded.due_today, "trees.csv", CSV).headers["Location"] == path
    page = officer.get(path).text
    assert "trees.csv is on the case: nothing was found in it" in page
    assert "Why trees.csv may go out" not in page
    file = newest(desk, seeded.due_today)
    assert officer.post(f"{path}/{file.id}/release").status_code == 302
    assert re.search("Released by Sam Okoro at <time[^>]*>09:30 on Monday 3 June 2024", officer.get(path).text)
    assert "Released a file to be disclosed: trees.csv" in officer.get(f"/cases/{seeded.due_today}").text


def test_what_is_found_is_shown_and_wants_a_reason_that_stays_on_the_case(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.due_today}/files"
    upload(officer, seeded.due_today, "pay.xlsx", hidden())
    page = officer.get(path).text
    assert "hidden sheet" in page and "Sheet &#34;Pay&#34;" in page
    file = newest(desk, seeded.due_today)
    refused = officer.post(f"{path}/{file.id}/release", reason="  ")
    assert refused.status_code == 422
    assert "Give the reason why it may go out" in refused.text
    assert f'href="#reason-{file.id}"' in refused.text and f'id="reason-{file.id}"' in refused.text
    assert newest(desk, seeded.due_today).released_at is None
    assert officer.post(f"{path}/{file.id}/release", reason="It is published already").status_code == 302
    assert "because: It is published already" in officer.get(path).text
    with reading(desk.engine) as session:
        event = history(session, case_by_reference(session, seeded.due_today).id)[-1]
    assert (event.kind, event.actor, event.data["reason"]) == (
        Kind.FILE_RELEASED,
        "officer:1",
        "It is published already",
    )


def test_a_file_is_taken_off_again(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.due_today}/files"
    upload(officer, seeded.due_today, "trees.csv", CSV)
    assert officer.post(f"{path}/{newest(desk, seeded.due_today).id}/withdraw").status_code == 302
    assert "No file is on this case" in officer.get(path).text
    assert officer.post(f"{path}/{newest(desk, seeded.due_today).id}/withdraw").status_code == 409


def test_a_file_is_handed_out_as_it_was_put_there(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    upload(officer, seeded.due_today, "..\\Bäume <x>.csv", CSV)
    answer = officer.get(f"/cases/{seeded.due_today}/files/{newest(desk, seeded.due_today).id}")
    assert answer.data == CSV
    assert answer.headers["Content-Disposition"].endswith("filename*=UTF-8''B%C3%A4ume%20_x_.csv")
    assert officer.get(f"/cases/{seeded.soon}/files/{newest(desk, seeded.due_today).id}").status_code == 404


def test_a_file_that_went_out_is_shown_with_its_letter_and_handed_out(officer: Browser, seeded: Seeded) -> None:
    page = officer.get(f"/cases/{seeded.overdue}").text
    (path,) = re.findall(rf'href="(/cases/{seeded.overdue}/letters/\d+/files/0)"', page)
    assert "Street plan.pdf" in page
    assert officer.get(path).data == PDF


def test_no_file_the_same_file_and_one_that_is_too_large_are_told_at_the_field(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    answers = [upload(officer, seeded.due_today, "", b"")]
    upload(officer, seeded.due_today, "trees.csv", CSV)
    answers.append(upload(officer, seeded.due_today, "trees.csv", CSV))
    answers.append(upload(officer, seeded.due_today, "plan.bin", bytes(19_000_000)))
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "Choose a file" in answers[0].text
    assert "trees.csv is on case" in answers[1].text
    assert "plan.bin has 19.0 MB, and a letter takes files of 18.0 MB at most" in answers[2].text
    with reading(desk.engine) as session:
        assert len(case_files(session, case_by_reference(session, seeded.due_today).id)) == 1


@pytest.mark.parametrize(("signed_in", "size"), [(True, 27_000_000), (False, 3_000_000)])
def test_a_form_beyond_all_measure_is_refused_unread(
    officer: Browser, stranger: Browser, seeded: Seeded, signed_in: bool, size: int
) -> None:
    browser = officer if signed_in else stranger
    browser.get("/sign-in")
    answer = browser.client.post(
        f"/cases/{seeded.due_today}/files",
        data={"csrf_token": browser._token},
        content_type="multipart/form-data",
        environ_overrides={"CONTENT_LENGTH": str(size)},  # what the browser announces
        buffered=True,
    )
    assert answer.status_code == 413
    assert "or a smaller file" in answer.text


def test_the_page_tells_how_large_the_response_becomes(
    officer: Browser, seeded: Seeded, desk: Desk, tmp_path: Path
) -> None:
    page = officer.get(f"/cases/{seeded.overdue}/files").text
    assert "a mail of 0.4 MB, of at most 25 MB" in page and "too large to send" not in page
    small = replace(desk, settings=council_settings(tmp_path, smtp={"largest_megabytes": 1}))
    reader = Browser(create_app(small).test_client()).sign_in("officer")
    upload(reader, seeded.due_today, "a.csv", CSV * 15_000)
    upload(reader, seeded.due_today, "b.csv", CSV * 15_001)
    assert "too large to send" in reader.get(f"/cases/{seeded.due_today}/files").text


def test_only_the_owner_or_a_supervisor_chooses_files_and_all_of_the_team_may_see_them(
    browser: Callable[[str], Browser], seeded: Seeded, desk: Desk
) -> None:
    officer, supervisor, path = browser("officer"), browser("supervisor"), f"/cases/{seeded.of_colleague}/files"
    assert upload(officer, seeded.of_colleague, "trees.csv", CSV).status_code == 403
    assert upload(supervisor, seeded.of_colleague, "trees.csv", CSV).status_code == 302
    file = newest(desk, seeded.of_colleague)
    for act in ("release", "withdraw"):
        assert officer.post(f"{path}/{file.id}/{act}", reason="x").status_code == 403
    page = officer.get(path).text
    assert "trees.csv" in page and "Add a file" not in page and "Take it off" not in page


@pytest.mark.parametrize("case", ["unassigned", "closed"])
def test_files_are_chosen_while_the_response_is_drafted(supervisor: Browser, seeded: Seeded, case: str) -> None:
    reference = getattr(seeded, case)
    assert upload(supervisor, reference, "trees.csv", CSV).status_code == 409
    assert "while the response is being drafted" in supervisor.get(f"/cases/{reference}/files").text
