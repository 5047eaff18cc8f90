"""References: written one way, recognised in many, and not seen where there is none."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.reference import DEFAULT_PATTERN, PatternError, Reference, ReferencePattern, find_references

FOI = Reference("FOI", 23, 34275)
FOI_01 = Reference("FOI", 23, 34275, body=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01.FOI.23.034275", FOI_01),
        ("01/FOI/23/034275", FOI_01),
        ("01 FOI 23 034275", FOI_01),
        ("1-foi-23-34275", FOI_01),
        ("FOI/23/034275", FOI),
        ("FOI 23 34275", FOI),
        ("foi.23.34275", FOI),
        ("FOI - 23 - 034275", FOI),
        ("FOI\u201323\u201334275", FOI),
        ("FOI\u00a023\u00a0034275", FOI),
        ("FOI/2023/034275", FOI),
        ("Re: [01.FOI.23.034275] Your request", FOI_01),
        ("RE: FOI/23/034275 2nd reminder", FOI),
        ("(our ref. 01.FOI.23.034275).", FOI_01),
        ("01.FOI.23.034275.pdf", FOI_01),
        ("01.IR.24.000007", Reference("IR", 24, 7, body=1)),
        ("EIR/24/12", Reference("EIR", 24, 12)),
    ],
)
def test_a_reference_is_found_however_it_is_written(text: str, expected: Reference) -> None:
    assert find_references(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FOI 2000 Act 36",
        "under the FOI Act 2000 (c. 36)",
        "FOIA 2000 s.10",
        "FOI 23/11/2026",
        "FOI 23.11.26",
        "FOI 12 03 2024",
        "FOI 10 2023",
        "FOI 2024-11-05",
        "FOI 24 16:30",
        "FOI 020 7946 0123",
        "FOI 0161 496 0000",
        "FOI 07700 900123",
        "FOI team, 20 working days",
        "FOI 23 34",
        "FOI/23/000000",
        "XFOI/23/034275",
        "FOI/23/034275A",
        "FOI/23/0342750000",
        "IR 35 rules",
        "01.23.034275",
    ],
)
def test_dates_telephones_and_prose_are_no_references(text: str) -> None:
    assert find_references(text) == []


def test_several_references_come_in_order_and_once_each() -> None:
    text = "FOI/24/000002 and 01.FOI.23.034275, and again foi 24 000002"
    assert find_references(text) == [Reference("FOI", 24, 2), FOI_01]


@settings(deadline=None)
@given(st.integers(0, 99), st.sampled_from(["FOI", "EIR", "IR"]), st.integers(2005, 2099), st.integers(1, 999_999))
def test_what_is_written_is_found_again(body: int, kind: str, year: int, number: int) -> None:
    pattern = ReferencePattern()
    written = pattern.write(body=body, kind=kind, year=year, number=number)
    assert pattern.find(f"Re: {written} - thank you") == [Reference(kind, year % 100, number, body)]
    assert pattern.find(written.lower().replace(".", "/")) == [Reference(kind, year % 100, number, body)]


def test_the_default_reference_is_written_as_published_ones_are() -> None:
    assert ReferencePattern(DEFAULT_PATTERN).write(body=1, kind="FOI", year=2023, number=34275) == "01.FOI.23.034275"


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("{kind}-{yyyy}-{number:04d}", "FOI-2024-0042"),
        ("{kind}{yy}/{number}", "FOI24/42"),
        ("{kind}/{number:05d}/{yy}", "FOI/00042/24"),
        ("MPS/{kind}/{yy}/{number:06d}", "MPS/FOI/24/000042"),
        ("Request {kind} {yyyy}.{number}", "Request FOI 2024.42"),
    ],
)
def test_a_pattern_of_ones_own_is_written_and_recognised(pattern: str, written: str) -> None:
    ours = ReferencePattern(pattern)
    assert ours.write(body=1, kind="FOI", year=2024, number=42) == written
    assert ours.find(f"about {written.lower()}, thanks") == [Reference("FOI", 24, 42)]


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{number}",
        "{kind}.{yy}",
        "{kind}.{number}",
        "{kind}.{yy}.{yyyy}.{number}",
        "{kind}.{yy}.{number}.{number}",
        "{kind}.{yy}.{number}.{office}",
        "{kind!r}.{yy}.{number}",
        "{kind}.{yy}.{number.real}",
        "{kind}.{yy}.{number:>6}",
        "{kind}.{yy}.{number:06x}",
        "{kind}.{yy}.{number",
        "{kind}.{yy}.{}",
    ],
)
def test_a_pattern_that_cannot_tell_cases_apart_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="cannot be used") as refusal:
        ReferencePattern(pattern)
    assert str(refusal.value).endswith(".")


HOSTILE = ["FOI ", "1", "01.FOI.23.", "FOI.23.1.", "1 ", "01.FOI.23.034275 ", "FOI.23.9", "FOI" + " " * 50, "FOI-23-"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_megabyte_is_read_in_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = process_time()
    find_references(text)
    assert process_time() - began < 10  # a quadratic search takes minutes
