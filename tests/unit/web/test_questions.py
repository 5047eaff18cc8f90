"""The questions of a request, set and decided on their pages."""

import re
from html import unescape

from werkzeug.test import TestResponse

from service.desk import Desk
from service.domain.question import Decision, Question
from service.store.cases import case_by_reference
from service.store.database import reading
from service.store.questions import questions_of
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

LIMB = {
    "citation-1": "31(1)(a)",
    "harm-1": "It would show where patrols are thin.",
    "for-1": "Openness",
    "against-1": "Safety",
    "conclusion-1": "It is withheld.",
    "grounds": "1",
}


def questions(desk: Desk, reference: str) -> tuple[Question, ...]:
    with reading(desk.engine) as session:
        return questions_of(session, case_by_reference(session, reference).id)


def test_the_questions_proposed_are_corrected_and_kept(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    page = officer.get(f"/cases/{seeded.soon}/questions")
    assert "The desk reads 1 question in the request" in page.text
    rows = {"rows": "2", "position-1": "0", "text-1": "All letters", "position-2": "0", "text-2": "All memos"}
    assert officer.post(f"/cases/{seeded.soon}/questions", **rows).status_code == 302
    assert [question.text for question in questions(desk, seeded.soon)] == ["All letters", "All memos"]


def test_no_question_at_all_is_refused(officer: Browser, seeded: Seeded) -> None:
    path = f"/cases/{seeded.soon}/questions"
    officer.get(path)
    answer = officer.post(path, rows="1", **{"position-1": "0", "text-1": " "})
    assert answer.status_code == 422
    assert "Keep at least one question" in answer.text


def test_a_decision_with_its_limb_is_recorded(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/questions/1"
    assert "How many trees were felled" in officer.get(path).text
    answer = officer.post(path, decision="withhold", holding="held", step="save", **LIMB)
    assert answer.status_code == 302
    first = questions(desk, seeded.overdue)[0]
    assert first.decision is Decision.WITHHOLD
    assert (first.grounds[0].citation, first.grounds[0].interest_for) == ("31(1)(a)", "Openness")


def test_what_is_still_to_write_stands_beside_the_decision(officer: Browser, seeded: Seeded) -> None:
    path = f"/cases/{seeded.overdue}/questions"
    officer.get(f"{path}/1")
    officer.post(f"{path}/1", decision="withhold", holding="held", step="save", **LIMB | {"harm-1": "", "for-1": ""})
    page = officer.get(path).text
    assert "still to write" in page
    assert "31(1)(a): public interest test, harm" in page
    officer.post(f"{path}/1", decision="withhold", holding="held", step="save", **LIMB)
    assert "still to write" not in officer.get(path).text


def test_choosing_a_limb_shows_what_it_needs_before_anything_is_recorded(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/questions/1"
    officer.get(path)
    typed = {"citation-1": "36(2)(c)", "grounds": "1", "harm-1": "It would chill advice."}
    page = officer.post(path, decision="withhold", holding="held", step="limbs", **typed).text
    assert "Qualified person: name and office" in page
    assert "It would chill advice." in page
    assert questions(desk, seeded.overdue)[0].decision is Decision.DISCLOSE


def test_limbs_that_cannot_carry_the_decision_come_back_with_a_sentence(officer: Browser, seeded: Seeded) -> None:
    path = f"/cases/{seeded.overdue}/questions/1"
    officer.get(path)
    answer = officer.post(path, decision="neither confirm nor deny", holding="not stated", step="save", **LIMB)
    assert answer.status_code == 422
    assert "To neither confirm nor deny rests on" in answer.text
    assert "It would show where patrols are thin." in answer.text
    assert re.search(r'value="31\(1\)\(a\)" selected', answer.text)


def test_a_limb_that_the_law_does_not_have_is_not_taken(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/questions/1"
    officer.get(path)
    typed = LIMB | {"citation-1": "99(9)<script>"}
    answer = officer.post(path, decision="withhold", holding="held", step="save", **typed)
    assert answer.status_code == 422
    assert "<script>" not in answer.text.split("<main")[1]
    assert questions(desk, seeded.overdue)[0].decision is Decision.DISCLOSE


def test_an_officer_does_not_decide_a_colleagues_case(officer: Browser, seeded: Seeded) -> None:
    path = f"/cases/{seeded.of_colleague}/questions"
    assert "Keep these questions" not in officer.get(path).text
    assert officer.post(path, rows="1", **{"position-1": "0", "text-1": "All"}).status_code == 403


def test_a_closed_case_is_not_decided(officer: Browser, seeded: Seeded) -> None:
    path = f"/cases/{seeded.closed}/questions"
    officer.get(path)
    assert officer.post(path, rows="1", **{"position-1": "0", "text-1": "All"}).status_code == 409


def seen(page: TestResponse) -> str:
    """What a page's form says of the questions as it showed them."""
    found = re.search(r'name="seen" value="([^"]*)"', page.text)
    assert found is not None
    return found[1]


def decisions(desk: Desk, reference: str) -> list[tuple[str, Decision | None]]:
    return [(question.text, question.decision) for question in questions(desk, reference)]


WITHOUT_THE_FIRST = {
    "rows": "2",
    "position-1": "1",
    "label-1": "1.",
    "text-1": "",
    "position-2": "2",
    "label-2": "2.",
    "text-2": "What did the contractor charge?",
}


def test_questions_sent_twice_keep_their_decisions(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/questions"
    form = WITHOUT_THE_FIRST | {"seen": seen(officer.get(path))}
    for _ in range(2):
        assert officer.post(path, **form).status_code == 302
        assert decisions(desk, seeded.overdue) == [("What did the contractor charge?", Decision.WITHHOLD)]


def test_questions_that_a_colleague_changed_meanwhile_are_not_written_over(
    officer: Browser, supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/questions"
    stale = {"seen": seen(officer.get(path)), "rows": "2", "position-1": "1", "text-1": "How many oaks were felled?"}
    assert supervisor.post(path, **WITHOUT_THE_FIRST, seen=seen(supervisor.get(path))).status_code == 302
    answer = officer.post(path, **stale, **{"position-2": "2", "text-2": "What did the contractor charge?"})
    assert answer.status_code == 409
    assert "have been changed since you opened the page" in unescape(answer.text)
    assert "How many oaks were felled?" in answer.text
    assert decisions(desk, seeded.overdue) == [("What did the contractor charge?", Decision.WITHHOLD)]


def test_a_decision_reaches_the_question_that_its_page_showed_and_no_other(
    officer: Browser, supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/questions"
    stale = seen(officer.get(f"{path}/1"))
    assert supervisor.post(path, **WITHOUT_THE_FIRST, seen=seen(supervisor.get(path))).status_code == 302
    form = {"decision": "disclose", "holding": "held", "answer": "315 trees were felled, on Mill Lane.", "step": "save"}
    answer = officer.post(f"{path}/1", **form, seen=stale)
    assert answer.status_code == 409
    assert "315 trees were felled, on Mill Lane." in answer.text
    assert decisions(desk, seeded.overdue) == [("What did the contractor charge?", Decision.WITHHOLD)]


def test_a_colleagues_decision_is_not_written_over_by_a_page_that_was_open_before(
    officer: Browser, supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/questions/1"
    stale = officer.get(path)
    again = officer.post(path, decision="disclose", answer="315 trees.", step="limbs", seen=seen(stale))
    assert seen(again) == seen(stale)  # however often the page asks for more limbs
    fresh = seen(supervisor.get(path))
    assert supervisor.post(path, decision="withhold", step="save", seen=fresh, **LIMB).status_code == 302
    assert officer.post(path, decision="disclose", step="save", seen=seen(stale)).status_code == 409
    assert questions(desk, seeded.overdue)[0].decision is Decision.WITHHOLD


def test_questions_with_a_fault_are_shown_as_they_were_typed(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/questions"
    typed = WITHOUT_THE_FIRST | {"rows": "3", "position-3": "0", "label-3": "Question three, part one"}
    answer = officer.post(path, **typed, **{"text-3": "Which wards were they in?"}, seen=seen(officer.get(path)))
    assert answer.status_code == 422
    assert "Shorten this to 20 characters" in answer.text
    assert ">Which wards were they in?<" in re.sub(r">\s+", ">", answer.text)
    form = {
        "rows": "3",
        "position-1": "1",
        "text-1": "",
        "position-2": "2",
        "text-2": "What did the contractor charge?",
    }
    form |= {"position-3": "0", "label-3": "3a", "text-3": "Which wards were they in?", "seen": seen(answer)}
    assert officer.post(path, **form).status_code == 302
    assert [text for text, _ in decisions(desk, seeded.overdue)] == [form["text-2"], form["text-3"]]
