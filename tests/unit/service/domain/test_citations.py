"""Sections and regulations read out of the words of letters."""

import pytest

from service.domain.exemptions import law_of


def found(text: str, regime: str = "FOIA") -> list[str]:
    return list(law_of(regime).find(text))


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("Section 31(3) - Law Enforcement", ["31(3)"]),
        ("SECTION 31(1)(A)", ["31(1)(a)"]),
        ("s31(1)(a)", ["31(1)(a)"]),
        ("s. 12(1)", ["12(1)"]),
        ("section 43 (2)", ["43(2)"]),
        ("exempt under Section 21(1) of the Act", ["21(1)"]),
        ("Section 42 – Legal professional privilege", ["42"]),
        ("section 40(2)", ["40(2)"]),
        ("section 31(1)", ["31(1)"]),
        ("31(1)(a) on its own", ["31(1)(a)"]),
        ("section 22A(1)(b)(ii)", ["22A(1)"]),
        ("section 40(5B)(a)(i)", ["40(5B)(a)(i)"]),
        ("section 31(1)(a), again section 31(1)(a)", ["31(1)(a)"]),
    ],
)
def test_a_citation_is_read_however_it_is_written(text: str, citations: list[str]) -> None:
    assert found(text) == citations


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("section 31(1)(a) and (b)", ["31(1)(a)", "31(1)(b)"]),
        ("section 31(1)(a)(b)", ["31(1)(a)", "31(1)(b)"]),
        ("sections 31(1)(a), (b) and 43(2)", ["31(1)(a)", "31(1)(b)", "43(2)"]),
        ("sections 31(1)(a) to (c)", ["31(1)(a)", "31(1)(b)", "31(1)(c)"]),
        ("36(2)(b)(i), (ii) and (c)", ["36(2)(b)(i)", "36(2)(b)(ii)", "36(2)(c)"]),
        ("section 31(1)(h) and (i)", ["31(1)(h)", "31(1)(i)"]),
        ("section 30(1)(a)(i) and (b)", ["30(1)(a)(i)", "30(1)(b)"]),
        ("Sections 30 and 31 of the Act", ["30", "31"]),
        ("section 12(1), s.14", ["12(1)", "14"]),
        ("sections 17, 31(1)(a) and 40", ["31(1)(a)", "40"]),
        ("section 43(2) & 41(1)", ["43(2)", "41(1)"]),
    ],
)
def test_what_hangs_on_a_citation_is_read_with_it(text: str, citations: list[str]) -> None:
    assert found(text) == citations


@pytest.mark.parametrize(
    "text",
    [
        "section 40(2) and (3A)(a)",
        "Section 40(2)(3A)(a)",
        "40(2)&3A(a)",
        "section 40(2) by virtue of section 40(3A)(a)",
        "s.40(2) read with s.40(3A)(a)",
    ],
)
def test_a_limb_of_two_parts_is_one_citation(text: str) -> None:
    assert found(text) == ["40(2) and (3A)(a)"]


@pytest.mark.parametrize(
    "text",
    [
        "section 1(1)(a), section 10, section 16 and section 17(1)",
        "apply under section 50 of the Act",
        "section 24(1) of the Data Protection Act 2018",
        "section 23(1) of the Commissioners for Revenue and Customs Act 2005",
        "section 21 of the Access to Health Records Act 1990",
        "section 32 of the Protection from Harassment Act 1997",
        "section 44(1)(a) of the Freedom of Information (Scotland) Act 2002",
        "section 40 DPA",
        "regulation 12(4)(b)",
        "paragraph 31(1)(a), article 40(2) and schedule 12",
        "12(5)(e)",
        "31 days, 40 officers and 12 (twelve) months",
        "30 (b) was left out",
        "section 331(1)(a)",
        "section 31(9)",
    ],
)
def test_what_no_refusal_under_this_law_rests_on_is_passed_over(text: str) -> None:
    assert found(text) == []


def test_a_number_after_a_section_is_no_section() -> None:
    assert found("section 31, 40 officers") == ["31"]
    assert found("section 31 and 12 months") == ["31"]


def test_citations_come_in_the_order_of_their_first_mention() -> None:
    assert found("s.43(2), then 40(2)&3A(a), then section 31(3)") == ["43(2)", "40(2) and (3A)(a)", "31(3)"]


def test_each_law_reads_its_own() -> None:
    text = "section 31(1)(a) of the Freedom of Information Act 2000 and regulation 12(5)(e) of the Regulations"
    assert found(text) == ["31(1)(a)"]
    assert found(text, "EIR") == ["12(5)(e)"]
    assert found(text, "FOISA") == []
    assert found("section 38(1)(b) and (2A)(a); s.30(b)(ii)", "FOISA") == ["38(1)(b) and (2A)(a)", "30(b)(ii)"]


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("regulations 12(4)(b) and 12(5)(e)", ["12(4)(b)", "12(5)(e)"]),
        ("reg. 12(5)(d)-(g)", ["12(5)(d)", "12(5)(e)", "12(5)(f)", "12(5)(g)"]),
        ("regulation 13(1) and (2A)(a)", ["13(1) and (2A)(a)"]),
        ("the exception in regulation 12(4)(d)", ["12(4)(d)"]),
        ("Regulation 12(1)(b) and 12(2)", []),
        ("regulation 12(4)(b) of the Reuse of Public Sector Information Regulations 2015", []),
    ],
)
def test_regulations_are_read_as_sections_are(text: str, citations: list[str]) -> None:
    assert found(text, "EIR") == citations
