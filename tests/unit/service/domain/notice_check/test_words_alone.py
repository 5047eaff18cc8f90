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
