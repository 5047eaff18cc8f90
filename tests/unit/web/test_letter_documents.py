from io import BytesIO

import pytest
from docx import Document

from service.casework.draft import write_draft
from service.desk import Desk
from service.letters import Words
from service.store.cases import case_by_reference
from service.store.database import transaction
from tests.unit.service.documents.test_pdf import words_in
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

BODY = "Dear Harriet Bell,\n\nOUR DECISION\n\nWe hold 314 records.\n"


@pytest.fixture
def drafted(desk: Desk, seeded: Seeded) -> str:
    """The reference of a case whose response has two versions."""
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.soon)
        for body in ("A first try.\n", BODY):
            words = Words(f"[{case.reference}] Our response: Trees", body)
            write_draft(session, desk, case, "disclosure", words, composed=True, at=desk.now(), by="officer:1")
    return seeded.soon


def test_a_version_is_handed_out_as_pdf(officer: Browser, drafted: str) -> None:
    answer = officer.get(f"/cases/{drafted}/response/2.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert f"{drafted}-response.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "OurresponseTreesDearHarrietBell," in words_in(answer.data).replace(":", "")


def test_a_version_is_handed_out_for_word(officer: Browser, drafted: str) -> None:
    answer = officer.get(f"/cases/{drafted}/response/2.docx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert [line.text for line in Document(BytesIO(answer.data)).paragraphs][-2:] == [
        "OUR DECISION",
        "We hold 314 records.",
    ]


def test_an_earlier_version_is_handed_out_as_it_was(officer: Browser, drafted: str) -> None:
    assert "Afirsttry." in words_in(officer.get(f"/cases/{drafted}/response/1.pdf").data)


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_a_version_that_is_not_there_is_not_found(officer: Browser, drafted: str, ending: str) -> None:
    assert officer.get(f"/cases/{drafted}/response/3.{ending}").status_code == 404


def test_the_pages_of_the_response_lead_to_both(officer: Browser, drafted: str) -> None:
    for page in (f"/cases/{drafted}/response", f"/cases/{drafted}/response/versions/2"):
        text = officer.get(page).text
        assert f'href="/cases/{drafted}/response/2.pdf"' in text
        assert f'href="/cases/{drafted}/response/2.docx"' in text
