"""`foidesk exemptions`, as it is typed."""

import json

import pytest
from click.testing import CliRunner, Result

from service.commands.exemptions import exemptions


def run(*words: str) -> Result:
    return CliRunner().invoke(exemptions, words)


def said(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


def citations(*words: str) -> list[str]:
    return [limb["citation"] for limb in json.loads(said(*words, "--json"))["limbs"]]


def test_all_limbs_of_a_law_are_listed_under_their_sections() -> None:
    output = said()
    assert output.startswith("Freedom of Information Act 2000, edition ")
    lines = output.splitlines()
    at = lines.index("Section 31  Law enforcement")
    assert (
        " ".join(lines[at + 1].split())
        == "31(1)(a) qualified prejudice NCND 31(3) the prevention or detection of crime"
    )
    assert any("31(3)" in line and "lifts the duty" in line for line in lines)
    assert any("12(1)" in line and "no exemption" in line for line in lines)
    assert any("21(1)" in line and "no NCND" in line for line in lines)
    assert "Say:" not in output


def test_a_section_is_told_in_full_with_what_each_limb_needs() -> None:
    output = said("36")
    assert "Say: public interest test, harm, qualified person, opinion, opinion given on." in output
    assert "statistical information" in output
    assert "Section 31" not in output
    assert "Purposes" not in output
    assert "31(2)(j)  protecting others" in said("31")
    assert "In force from Wednesday 1 October 2014." in said("22A")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("38", ["38(1)(a)", "38(1)(b)", "38(2)"]),
        ("s.38", ["38(1)(a)", "38(1)(b)", "38(2)"]),
        ("Section 38(1)", ["38(1)(a)", "38(1)(b)"]),
        ("38(1)(B)", ["38(1)(b)"]),
        ("22", ["22(1)", "22(2)"]),
        ("22a", ["22A(1)", "22A(2)"]),
        ("40(2) and (3A)", ["40(2) and (3A)(a)", "40(2) and (3A)(b)"]),
        ("40(5A)", ["40(5A)"]),
    ],
)
def test_a_section_or_a_limb_is_found_however_it_is_typed(typed: str, found: list[str]) -> None:
    assert citations(typed) == found


def test_the_regime_chooses_the_law() -> None:
    assert citations("reg 12(5)(e)", "--regime", "eir") == ["12(5)(e)"]
    assert "Regulation 10  Exceptions from duty" in said("--regime", "EISR")
    assert citations("18", "--regime", "foisa") == ["18(1)"]


def test_the_json_has_every_column() -> None:
    told = json.loads(said("22A(1)", "--json"))
    assert (told["regime"], told["law"], told["purposes"]) == ("FOIA", "Freedom of Information Act 2000", [])
    assert (
        told["limbs"][0].items()
        >= {
            "section": "22A",
            "title": "Research",
            "status": "qualified",
            "basis": "prejudice",
            "denies": False,
            "denial": "22A(2)",
            "needs": ["public interest test", "harm"],
            "since": "2014-10-01",
        }.items()
    )
    denial = json.loads(said("31(3)", "--json"))["limbs"][0]
    assert (denial["denies"], denial["denial"], denial["since"]) == (True, None, None)
    assert len(json.loads(said("31(1)(g)", "--json"))["purposes"]) == 10


@pytest.mark.parametrize("typed", ["99", "31(9)", "1", "bananas"])
def test_what_no_refusal_rests_on_is_said_to_be_that(typed: str) -> None:
    result = run(typed)
    assert result.exit_code == 2
    assert "is nothing that a refusal rests on; there are 12, 14, 21, 22, 22A, 23" in result.output
