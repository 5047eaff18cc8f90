"""Letters that come without a case: good ones pass, and each way of spoiling one is found."""

import pytest

from service.domain.notice_check import RULES, Result, Verdict, check_notice, read_notice
from tests.unit.service.domain.notice_check.spoilt import GOOD, SPOILT, Spoilt, good

AGAINST = (Verdict.BLOCK, Verdict.WARN)


def against(results: tuple[Result, ...]) -> dict[str, Verdict]:
    """The worst that each rule says, of those that have something to say."""
    found: dict[str, Verdict] = {}
    for result in results:
        if result.verdict in AGAINST and found.get(result.rule) is not Verdict.BLOCK:
            found[result.rule] = result.verdict
    return found


@pytest.mark.parametrize("name", GOOD)
def test_nothing_stands_against_a_good_letter(name: str) -> None:
    results = check_notice(good(name), None)
    assert [result for result in results if result.verdict in AGAINST] == []
    assert {result.rule for result in results} == {rule.id for rule in RULES}


@pytest.mark.parametrize("case", SPOILT, ids=lambda case: case.what)
def test_what_is_spoilt_is_found_and_nothing_else(case: Spoilt) -> None:
    assert against(check_notice(case.text, None)) == dict(case.found)


@pytest.mark.parametrize("case", SPOILT, ids=lambda case: case.what)
def test_a_place_is_where_its_words_are(case: Spoilt) -> None:
    lines = case.text.split("\n")
    for result in check_notice(case.text, None):
        if result.place:
            assert result.place.excerpt[:30].split()[0] in lines[result.place.line - 1]
            assert len(result.place.excerpt) <= 90


@pytest.mark.parametrize(
    ("name", "regime"),
    [
        (
            name,
            "EIR"
            if name.startswith("eir_")
            else "FOISA"
            if name.startswith("foisa_")
            else "EISR"
            if name.startswith("eisr_")
            else "FOIA",
        )
        for name in GOOD
    ],
)
def test_the_law_is_guessed_from_the_words(name: str, regime: str) -> None:
    assert read_notice(good(name), None).regime == regime


def test_there_are_letters_of_every_kind_and_enough_of_them() -> None:
    assert len(GOOD) >= 15
    assert len(GOOD) + len(SPOILT) >= 60
    assert {rule for case in SPOILT for rule, _ in case.found} == {f"R{n}" for n in range(2, 21)} - {"R19"}


@pytest.mark.parametrize(
    "words", ["[name redacted]", "[officer's name withheld]", "[sic]", "[REDACTED]", "Really??", "[2019] UKUT 2"]
)
def test_what_is_no_hole_may_stand(words: str) -> None:
    letter = good("vexatious").replace("Yours sincerely", f"You wrote of {words} in it.\n\nYours sincerely")
    assert "R18" not in against(check_notice(letter, None))


@pytest.mark.parametrize(
    "hole",
    ["{requester_name}", "{Name}", "[requester name]", "[the date]", "«Name»", "?? June 2024", "£??", "??/06/2024"],
)
def test_a_hole_is_found_and_shown(hole: str) -> None:
    letter = good("vexatious").replace("Yours sincerely", f"You wrote of {hole} in it.\n\nYours sincerely")
    [found] = [one for one in check_notice(letter, None) if one.rule == "R18"]
    assert found.sentence.startswith("A place is still to be filled in: ")
