import re

import pytest

from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.store.cases import case_by_reference
from service.store.correspondence import SENT
from service.store.database import reading, transaction
from service.store.tables import Case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded
from tests.unit.web.test_letters import letters

QUESTION = {
    "question": "Which lane do you mean?\r\n</textarea><b>{{ 7*7 }}</b>",
    "reply_by-day": "29",
    "reply_by-month": "7",
    "reply_by-year": "2024",
}
MORE_TIME = {"limbs": "31(1)(a)", "why": "Thieves would plan by it", "reason": "Two firms are asked"}


def until(day: str, month: str) -> dict[str, str]:
    return {"until-day": day, "until-month": month, "until-year": "2024"}


def path(reference: str, kind: str) -> str:
    return f"/cases/{reference}/notices/{kind}"


def fields(page: str) -> dict[str, str]:
    """What the form of a page would send, as a browser reads it."""
    unescape = {"&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'", "&amp;": "&"}
    areas = re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    inputs = re.findall(r'<input [^>]*name="([\w-]+)" type="(?:text|hidden)"[^>]* value="([^"]*)"', page)
    hidden = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    found = dict([*inputs, *hidden, *areas])
    for code, character in unescape.items():
        found = {name: value.replace(code, character) for name, value in found.items()}
    found.pop("csrf_token", None)
    return found


def case_of(desk: Desk, reference: str) -> Case:
    with reading(desk.engine) as session:
        return case_by_reference(session, reference)


def test_the_list_of_letters_has_those_that_make_sense_now(officer: Browser, seeded: Seeded) -> None:
    page = officer.get(f"/cases/{seeded.soon}/reply").text
    for kind in ("reply", "response", "deadline", "clarification", "fees-notice", "public-interest-notice", "transfer"):
        assert f'value="{kind}"' in page
    for kind in ("extension-notice", "lapsed"):
        assert f'value="{kind}"' not in page
    answer = officer.get(f"/cases/{seeded.soon}/reply?kind=clarification")
    assert answer.headers["Location"] == path(seeded.soon, "clarification")
    closed = officer.get(f"/cases/{seeded.closed}/reply").text
    assert 'value="clarification"' not in closed


def test_a_clarification_is_asked_for_in_four_steps_and_stops_the_clock_when_it_is_sent(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    address = path(seeded.soon, "clarification")
    assert "the clock stops" in officer.get(address).text
    drafted = officer.post(address, **QUESTION, step="draft").text
    assert "&lt;/textarea&gt;&lt;b&gt;{{ 7*7 }}&lt;/b&gt;" in drafted
    carried = fields(drafted)
    assert "> Which lane do you mean?\n> </textarea><b>{{ 7*7 }}</b>" in carried["body"]
    preview = officer.post(address, **carried, step="preview").text
    assert "Read it once more" in preview
    assert "waiting for clarification" in preview
    before = len(letters(desk, seeded.soon))
    assert officer.post(address, **fields(preview), step="send").status_code == 302
    *_, newest = letters(desk, seeded.soon)
    assert len(letters(desk, seeded.soon)) == before + 1
    assert newest.kind == "clarification"
    assert "no later than 20 working days after the day your answer reaches us" in newest.body
    assert case_of(desk, seeded.soon).clock_state == "running"
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.soon)
        (letter,) = [one for one in letters(desk, seeded.soon) if one.id == newest.id]
        settle_letter(session, desk, letter, SENT, at=desk.now())
        assert case.clock_state == "waiting for clarification"
    assert "Sent the question what is meant" in officer.get(f"/cases/{seeded.soon}").text


def test_the_words_can_be_changed_and_the_particulars_too(officer: Browser, seeded: Seeded) -> None:
    address = path(seeded.soon, "clarification")
    carried = fields(officer.post(address, **QUESTION, step="draft").text)
    again = officer.post(address, **{**carried, "body": "Our own words"}, step="edit").text
    assert fields(again)["body"].strip() == "Our own words"
    back = fields(officer.post(address, **carried, step="particulars").text)
    assert back["reply_by-day"] == "29"
    assert back["question"].startswith("Which lane do you mean?")


def test_what_is_missing_is_marked(officer: Browser, seeded: Seeded) -> None:
    answer = officer.post(path(seeded.soon, "fees-notice"), step="draft")
    assert answer.status_code == 422
    assert re.findall(r'<a href="#([\w-]+)">', answer.text) == ["amount", "reason", "how"]


@pytest.mark.parametrize("step", ["draft", "preview", "send"])
def test_what_the_law_does_not_allow_is_said_beside_the_day_at_every_step(
    officer: Browser, seeded: Seeded, desk: Desk, step: str
) -> None:
    before = len(letters(desk, seeded.soon))
    values = {**MORE_TIME, **until("1", "5"), "subject": "Ours", "body": "Ours", "step": step}
    answer = officer.post(path(seeded.soon, "public-interest-notice"), **values)
    assert answer.status_code == 422
    assert '<a href="#until">' in answer.text
    assert len(letters(desk, seeded.soon)) == before


def test_a_letter_that_no_longer_names_the_day_it_tells_the_clock_is_not_sent(officer: Browser, seeded: Seeded) -> None:
    address, values = path(seeded.soon, "public-interest-notice"), {**MORE_TIME, **until("4", "7")}
    words = {"subject": "Ours", "body": "You will hear from us by Thursday 4 July 2024."}
    assert officer.post(address, **values, **words, step="preview").status_code == 200
    answer = officer.post(address, **values, **(words | {"body": "You will hear from us in July."}), step="send")
    assert answer.status_code == 422
    assert "The letter no longer names Thursday 4 July 2024" in answer.text


def test_why_the_exemption_applies_is_asked_for_and_told(officer: Browser, seeded: Seeded) -> None:
    address, values = path(seeded.soon, "public-interest-notice"), {**MORE_TIME, **until("4", "7"), "step": "draft"}
    answer = officer.post(address, **(values | {"why": " "}))
    assert answer.status_code == 422
    assert re.findall(r'<a href="#(\w+)">', answer.text) == ["why"]
    carried = fields(officer.post(address, **values).text)
    assert "Why it applies to your request: Thieves would plan by it." in carried["body"]
    assert carried["why"].strip() == "Thieves would plan by it"


def test_a_limb_without_a_public_interest_test_is_said_beside_the_limbs(officer: Browser, seeded: Seeded) -> None:
    values = {**MORE_TIME, "limbs": "21(1)", **until("30", "7"), "step": "draft"}
    answer = officer.post(path(seeded.soon, "public-interest-notice"), **values)
    assert answer.status_code == 422
    assert "No public interest test applies to section 21(1)" in answer.text


def test_an_empty_letter_is_not_sent(officer: Browser, seeded: Seeded) -> None:
    answer = officer.post(path(seeded.soon, "withdrawn"), subject="", body=" ", step="send")
    assert answer.status_code == 422
    assert re.findall(r'<a href="#(\w+)">', answer.text) == ["subject", "body"]


def test_the_same_letter_is_not_sent_twice(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    values = {"subject": "Ours", "body": "Ours", "step": "send"}
    assert officer.post(path(seeded.soon, "withdrawn"), **values).status_code == 302
    assert officer.post(path(seeded.soon, "withdrawn"), **values).status_code == 409


def test_a_letter_that_makes_no_sense_here_is_not_found(officer: Browser, seeded: Seeded) -> None:
    assert officer.get(path(seeded.soon, "lapsed")).status_code == 404
    assert officer.get(path(seeded.soon, "digest")).status_code == 404
    assert officer.get(path(seeded.closed, "clarification")).status_code == 404


def test_only_who_has_the_case_writes_on_it(officer: Browser, seeded: Seeded) -> None:
    assert officer.get(path(seeded.of_colleague, "withdrawn")).status_code == 403
    assert officer.post(path(seeded.of_colleague, "withdrawn"), step="draft").status_code == 403
