"""The law's limbs: what holds for all of them, and the table of each section as it was reviewed."""

import re
from datetime import date

import pytest

from service.domain.exemptions import (
    Basis,
    Law,
    LawDataFault,
    Need,
    NoSuchProvision,
    Provision,
    Status,
    law_of,
    read_law,
)
from service.domain.regime import Regime

ALL = [limb for regime in Regime for limb in law_of(regime).provisions]
every_limb = pytest.mark.parametrize("limb", ALL, ids=lambda limb: f"{limb.regime.value} {limb.citation}")
every_law = pytest.mark.parametrize("law", [law_of(regime) for regime in Regime], ids=lambda law: law.regime.value)

A, Q, N = Status.ABSOLUTE, Status.QUALIFIED, Status.NEITHER
C, P = Basis.CLASS, Basis.PREJUDICE


@every_limb
def test_a_limb_belongs_to_its_section_and_says_what_it_covers(limb: Provision) -> None:
    assert re.fullmatch(r"\d{1,2}A?(\([0-9A-Za-z]+\))+( and (\([0-9A-Za-z]+\))+)?", limb.citation)
    assert limb.citation.partition("(")[0] == limb.section
    assert limb.title
    assert limb.limb[0].islower() or limb.limb.startswith("Ministerial")
    assert limb.limb[-1] != "."
    assert not limb.note or limb.note.endswith(".")


@every_limb
def test_the_public_interest_is_weighed_for_qualified_limbs_and_no_others(limb: Provision) -> None:
    assert (Need.PIT in limb.needs) is (limb.status is Status.QUALIFIED)


@every_limb
def test_harm_is_shown_where_prejudice_is_the_test(limb: Provision) -> None:
    assert (Need.HARM in limb.needs) is (limb.basis is Basis.PREJUDICE)


@every_limb
def test_the_limb_that_lifts_the_duty_exists_and_does_so(limb: Provision) -> None:
    if limb.denial:
        denial = law_of(limb.regime).provision(limb.denial)
        assert denial.denies
        assert not limb.denies
        assert denial.section == limb.section or (limb.regime, denial.citation) == (Regime.FOISA, "18(1)")


@every_limb
def test_a_limb_that_lifts_the_duty_lifts_it_for_another(limb: Provision) -> None:
    lifted_for = [other.citation for other in law_of(limb.regime).provisions if other.denial == limb.citation]
    assert bool(lifted_for) is limb.denies


@every_limb
def test_to_neither_confirm_nor_deny_is_as_absolute_as_what_it_protects(limb: Provision) -> None:
    if not limb.denial or limb.regime in (Regime.FOISA, Regime.EISR):
        return  # one limb there serves many
    denial = law_of(limb.regime).provision(limb.denial)
    if denial.citation != "13(5A) and (5B)(b)":  # reg 13(5A)(b) puts a test where reg 13(1)(a) has none
        assert (limb.status, limb.basis) == (denial.status, denial.basis)


@every_limb
def test_a_citation_is_found_in_the_words_of_a_letter(limb: Provision) -> None:
    assert law_of(limb.regime).find(f"This is exempt under {limb.cited}, as we explain.") == (limb.citation,)


@every_limb
def test_a_limb_is_cited_as_its_law_is_divided(limb: Provision) -> None:
    word = "section" if limb.regime in (Regime.FOIA, Regime.FOISA) else "regulation"
    assert limb.cited == f"{word} {limb.citation}"


@every_law
def test_every_citation_is_there_once_and_in_the_order_of_the_statute(law: Law) -> None:
    citations = [limb.citation for limb in law.provisions]
    assert len(set(citations)) == len(citations)
    sections = [(int(re.sub(r"\D", "", limb.section)), limb.section) for limb in law.provisions]
    assert sections == sorted(sections)


@every_law
def test_a_section_has_one_title(law: Law) -> None:
    titles = {(limb.section, limb.title) for limb in law.provisions}
    assert len(titles) == len({section for section, _ in titles})


@every_law
def test_purposes_are_there_where_a_limb_leans_on_them(law: Law) -> None:
    assert bool(law.purposes) is any(Need.PURPOSE in limb.needs for limb in law.provisions)
    assert len({purpose.citation for purpose in law.purposes}) == len(law.purposes)


# What each section came to in review: citations, status, basis, and the limb that lifts the duty to confirm or deny.
FOIA: list[tuple[str, Status, Basis, str]] = [
    ("12(1)", N, C, "12(2)"),
    ("14(1) 14(2)", N, C, ""),
    ("21(1)", A, C, ""),
    ("22(1)", Q, C, "22(2)"),
    ("22A(1)", Q, P, "22A(2)"),
    ("23(1)", A, C, "23(5)"),
    ("24(1)", Q, P, "24(2)"),
    ("26(1)(a) 26(1)(b)", Q, P, "26(3)"),
    ("27(1)(a) 27(1)(b) 27(1)(c) 27(1)(d)", Q, P, "27(4)(a)"),
    ("27(2)", Q, C, "27(4)(b)"),
    ("28(1)", Q, P, "28(3)"),
    ("29(1)(a) 29(1)(b)", Q, P, "29(2)"),
    ("30(1)(a)(i) 30(1)(a)(ii) 30(1)(b) 30(1)(c)", Q, C, "30(3)"),
    ("30(2)(a)(i) 30(2)(a)(ii) 30(2)(a)(iii) 30(2)(a)(iv)", Q, C, "30(3)"),
    ("31(1)(a) 31(1)(b) 31(1)(c) 31(1)(d) 31(1)(e) 31(1)(f) 31(1)(g) 31(1)(h) 31(1)(i)", Q, P, "31(3)"),
    ("32(1)(a) 32(1)(b) 32(1)(c) 32(2)(a) 32(2)(b)", A, C, "32(3)"),
    ("33(2)", Q, P, "33(3)"),
    ("34(1)", A, C, "34(2)"),
    ("35(1)(a) 35(1)(b) 35(1)(c) 35(1)(d)", Q, C, "35(3)"),
    ("36(2)(a)(i) 36(2)(a)(ii) 36(2)(a)(iii) 36(2)(b)(i) 36(2)(b)(ii) 36(2)(c)", Q, P, "36(3)"),
    ("37(1)(a)", A, C, "37(2) and (1)(a)"),
    ("37(1)(aa)", A, C, "37(2) and (1)(aa)"),
    ("37(1)(ab)", A, C, "37(2) and (1)(ab)"),
    ("37(1)(ac)", Q, C, "37(2) and (1)(ac)"),
    ("37(1)(ad)", Q, C, "37(2) and (1)(ad)"),
    ("37(1)(b)", Q, C, "37(2) and (1)(b)"),
    ("38(1)(a) 38(1)(b)", Q, P, "38(2)"),
    ("39(1)", Q, C, "39(2)"),
    ("40(1)", A, C, "40(5A)"),
    ("40(2)+(3A)(a)", A, C, "40(5B)(a)(i)"),
    ("40(2)+(3A)(b)", A, C, "40(5B)(a)(ii)"),
    ("40(2)+(3B)", Q, C, "40(5B)(b)"),
    ("40(2)+(4A)(a)", Q, C, "40(5B)(c)"),
    ("40(2)+(4A)(b)", Q, C, "40(5B)(d)"),
    ("41(1)", A, C, "41(2)"),
    ("42(1)", Q, C, "42(2)"),
    ("43(1)", Q, C, ""),  # s.43(3) is about s.43(2) alone
    ("43(2)", Q, P, "43(3)"),
    ("44(1)(a) 44(1)(b) 44(1)(c)", A, C, "44(2)"),
]
EIR: list[tuple[str, Status, Basis, str]] = [
    ("5(3)", A, C, ""),
    ("6(1)(b)", N, C, ""),
    ("12(4)(a)", N, C, ""),
    ("12(4)(b) 12(4)(c) 12(4)(d) 12(4)(e)", Q, C, ""),
    ("12(5)(a)", Q, P, "12(6)"),
    ("12(5)(b) 12(5)(c) 12(5)(d) 12(5)(e) 12(5)(f) 12(5)(g)", Q, P, ""),
    ("13(1)+(2A)(a)", A, C, "13(5A) and (5B)(a)"),
    ("13(1)+(2A)(b)", A, C, "13(5A) and (5B)(b)"),
    ("13(1)+(2B)", Q, C, "13(5A) and (5B)(c)"),
    ("13(1)+(3A)(a)", Q, C, "13(5A) and (5B)(d)"),
    ("13(1)+(3A)(b)", Q, C, "13(5A) and (5B)(e)"),
]
FOISA: list[tuple[str, Status, Basis, str]] = [
    ("12(1) 14(1) 14(2) 17(1)", N, C, ""),
    ("25(1) 26(a) 26(b) 26(c)", A, C, ""),
    ("27(1)", Q, C, ""),
    ("27(2)", Q, P, ""),
    ("28(1)", Q, P, "18(1)"),
    ("29(1)(a) 29(1)(b) 29(1)(c) 29(1)(d)", Q, C, "18(1)"),
    ("30(a) 30(b)(i) 30(b)(ii) 30(c) 31(1) 31(4)(a) 31(4)(b)", Q, P, "18(1)"),
    ("32(1)(a)(i) 32(1)(a)(ii) 32(1)(a)(iii) 32(1)(a)(iv)", Q, P, "18(1)"),
    ("32(1)(b) 33(1)(a)", Q, C, "18(1)"),
    ("33(1)(b) 33(2)(a) 33(2)(b)", Q, P, "18(1)"),
    ("34(1)(a) 34(1)(b) 34(1)(c) 34(2)(a) 34(2)(b) 34(3) 34(4)", Q, C, "18(1)"),
    ("35(1)(a) 35(1)(b) 35(1)(c) 35(1)(d) 35(1)(e) 35(1)(f) 35(1)(g) 35(1)(h)", Q, P, "18(1)"),
    ("36(1)", Q, C, ""),
    ("36(2)", A, C, ""),
    ("37(1)(a) 37(1)(b)", A, C, ""),
    ("38(1)(a) 38(1)(b)+(2A)(a) 38(1)(b)+(2A)(b) 38(1)(c) 38(1)(d)", A, C, "18(1)"),
    ("38(1)(b)+(2B) 38(1)(b)+(3A)", Q, C, "18(1)"),
    ("39(1)", Q, P, "18(1)"),
    ("39(2)", Q, C, ""),
    ("40(a) 40(b)", Q, P, ""),
    ("41(a) 41(b)", Q, C, "18(1)"),
]
EISR: list[tuple[str, Status, Basis, str]] = [
    ("6(1)(b) 10(4)(a)", N, C, ""),
    ("10(4)(b) 10(4)(c) 10(4)(d) 10(4)(e)", Q, C, ""),
    ("10(5)(a)", Q, P, "10(8)"),
    ("10(5)(b) 10(5)(c) 10(5)(d) 10(5)(e) 10(5)(f) 10(5)(g)", Q, P, ""),
    ("11(1) 11(2)+(3A)(a) 11(2)+(3A)(b)", A, C, "11(6)"),
    ("11(2)+(3B) 11(2)+(4A)", Q, C, "11(6)"),
]
REVIEWED = {Regime.FOIA: FOIA, Regime.EIR: EIR, Regime.FOISA: FOISA, Regime.EISR: EISR}


def _rows(regime: Regime) -> dict[str, tuple[Status, Basis, str]]:
    """The reviewed rows by citation; "40(2)+(3A)(a)" stands for a citation of two parts."""
    rows = {}
    for citations, status, basis, denial in REVIEWED[regime]:
        for citation in citations.split():
            rows[citation.replace("+", " and ")] = (status, basis, denial)
    return rows


@pytest.mark.parametrize("regime", list(Regime))
def test_each_limb_is_as_it_was_reviewed(regime: Regime) -> None:
    held = {
        limb.citation: (limb.status, limb.basis, limb.denial) for limb in law_of(regime).provisions if not limb.denies
    }
    assert held == _rows(regime)


def needing(regime: Regime, need: Need) -> str:
    return " ".join(limb.citation.replace(" and ", "+") for limb in law_of(regime).provisions if need in limb.needs)


@pytest.mark.parametrize(
    ("regime", "need", "citations"),
    [
        (Regime.FOIA, Need.LINK, "21(1)"),
        (Regime.FOIA, Need.WHEN, "22(1)"),
        (Regime.FOIA, Need.ESTIMATE, "12(1) 12(2)"),
        (Regime.FOIA, Need.ADVICE, "12(1) 12(2)"),
        (Regime.FOIA, Need.PURPOSE, "30(2)(a)(iii) 31(1)(g) 31(1)(h) 31(1)(i)"),
        (Regime.FOIA, Need.ENACTMENT, "44(1)(a) 44(1)(b) 44(2)"),
        (Regime.FOIA, Need.PRINCIPLE, "40(2)+(3A)(a) 40(2)+(3A)(b) 40(5B)(a)(i) 40(5B)(a)(ii)"),
        (Regime.EIR, Need.ADVICE, "12(4)(c)"),
        (Regime.EIR, Need.BODY, "12(4)(d)"),
        (Regime.EIR, Need.WHEN, "12(4)(d)"),
        (Regime.EIR, Need.LINK, "6(1)(b)"),
        (Regime.EIR, Need.PRINCIPLE, "13(1)+(2A)(a) 13(1)+(2A)(b) 13(5A)+(5B)(a) 13(5A)+(5B)(b)"),
        (Regime.FOISA, Need.EXEMPTION, "18(1)"),
        (Regime.FOISA, Need.ESTIMATE, "12(1)"),
        (Regime.FOISA, Need.PURPOSE, "34(3) 35(1)(g) 35(1)(h)"),
        (Regime.FOISA, Need.OPINION, ""),  # Scotland has no qualified person
        (Regime.EISR, Need.BODY, "10(4)(d)"),
        (Regime.EISR, Need.PRINCIPLE, "11(2)+(3A)(a) 11(2)+(3A)(b) 11(6)"),
    ],
)
def test_what_a_decision_must_say_is_asked_where_the_law_asks_it(regime: Regime, need: Need, citations: str) -> None:
    assert needing(regime, need) == citations


@pytest.mark.parametrize("need", [Need.QUALIFIED_PERSON, Need.OPINION, Need.OPINION_ON])
def test_the_qualified_persons_opinion_belongs_to_section_36_and_all_of_it(need: Need) -> None:
    assert {limb.section for limb in law_of("FOIA").provisions if need in limb.needs} == {"36"}
    assert all(need in limb.needs for limb in law_of("FOIA").of_section("36"))


def test_limbs_that_came_later_say_from_when_they_are_in_force() -> None:
    wed_oct_1_2014, wed_jan_19_2011 = date(2014, 10, 1), date(2011, 1, 19)
    since = {limb.citation: limb.since for limb in law_of("FOIA").provisions if limb.since > date.min}
    assert since["22A(1)"] == since["22A(2)"] == wed_oct_1_2014
    assert since["37(1)(ac)"] == wed_jan_19_2011
    assert "31(1)(a)" not in since


def test_the_emissions_rule_is_noted_where_it_bites() -> None:
    noted = [limb.citation for limb in law_of("EIR").provisions if "emissions" in limb.note]
    assert noted == ["12(5)(d)", "12(5)(e)", "12(5)(f)", "12(5)(g)"]


def test_the_purposes_of_law_enforcement_are_those_of_the_act() -> None:
    assert [purpose.citation for purpose in law_of("FOIA").purposes] == [f"31(2)({letter})" for letter in "abcdefghij"]
    assert [purpose.citation for purpose in law_of("FOISA").purposes] == [f"35(2)({letter})" for letter in "abcdefghij"]


def test_a_section_without_its_limb_and_another_laws_limb_are_no_provisions() -> None:
    for citation in ("31", "31(1)", "12(5)(e)", "", "40(2)"):
        with pytest.raises(NoSuchProvision, match="Freedom of Information Act 2000"):
            law_of(Regime.FOIA).provision(citation)
    assert law_of("EIR").provision("12(5)(e)").cited == "regulation 12(5)(e)"


def test_the_limbs_of_a_section_are_those_under_it() -> None:
    assert [limb.citation for limb in law_of("FOIA").of_section("22")] == ["22(1)", "22(2)"]
    assert law_of("FOIA").of_section("50") == ()


GOOD = """
edition = "1"
prejudice = "to what would harm"
[[sections]]
section = "21"
title = "Elsewhere"
status = "absolute"
basis = "class"
lead = "where it is"
limbs = [{ citation = "21(1)", limb = "accessible" }]
"""


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('edition = "1"', "", "edition"),
        ('status = "absolute"', 'status = "total"', "total"),
        ('basis = "class"', "", "basis"),
        ('prejudice = "to what would harm"', "", "prejudice"),
        ('lead = "where it is"', "", "lead"),
        ('limb = "accessible"', 'limb = "accessible", need = []', "need"),
        ('limb = "accessible"', 'limb = "accessible", needs = ["luck"]', "luck"),
        ('limb = "accessible"', 'limb = "accessible", needs = "link"', "needs are no list"),
        ('limb = "accessible"', 'limb = "accessible", since = "2014"', "2014 is not a date"),
        (
            'limb = "accessible" }',
            'limb = "accessible" }, { citation = "21(1)", limb = "again" }',
            "21(1) stands there twice",
        ),
        ("limbs = [{", "limbs = {", "TypeError"),
        ("[[sections]]", "[[sections", "TOMLDecodeError"),
    ],
)
def test_a_damaged_file_is_refused_with_what_is_wrong(was: str, now: str, says: str) -> None:
    assert read_law(Regime.FOIA, GOOD, "good.toml").provision("21(1)").title == "Elsewhere"
    damaged = GOOD.replace(was, now).replace("}]\n", "}\n" if now == "limbs = {" else "}]\n")
    with pytest.raises(LawDataFault, match=re.escape(says)):
        read_law(Regime.FOIA, damaged, "bad.toml")
