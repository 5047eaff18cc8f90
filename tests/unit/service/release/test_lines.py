"""Text and CSV: personal data is told by kind, count and column, never as it stands there."""

import pytest

from service.release.personal import count_personal
from tests.unit.service.release.samples import found, kinds


def test_plain_text_and_tables_give_nothing() -> None:
    assert found("read.txt", b"Twelve trees were felled in 2023, at a cost of 4,500.") == []
    assert found("trees.csv", b"ward,felled,cost\nNorth,12,4500.00\nSouth,7,2100.50\n") == []
    assert found("trees.csv", "ward;felled\nÉast;3\n".encode("cp1252")) == []


def test_a_tables_columns_are_named_by_their_letters_and_headings() -> None:
    table = b"ref,contact,ward\n1,ann@example.org,North\n2,bob@example.org,South\n"
    (one,) = found("people.csv", table)
    assert (one.place, one.sentence) == ('Column B ("contact")', "Seems to hold 2 email addresses.")
    assert one.serious


def test_a_heading_about_people_is_mentioned() -> None:
    (one,) = found("people.csv", b"ref,date of birth\n1,1970\n")
    assert (one.place, one.serious) == ('Column B ("date of birth")', False)


def test_running_text_is_only_mentioned() -> None:
    assert kinds("letter.txt", b"Write to foi@anytown.example or ring 020 7946 0123.", serious=False) == [
        "personal data"
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("AB 12 34 56 C", "National Insurance number"),
        ("ab123456c", "National Insurance number"),
        ("ann.smith+trees@example.org.uk", "email address"),
        ("020 7946 0123", "telephone number"),
        ("+44 7700 900123", "telephone number"),
        ("(01632) 960 123", "telephone number"),
        ("943 476 5919", "NHS number"),
        ("SW1A 1AA", "postcode"),
        ("M1 1AE", "postcode"),
    ],
)
def test_each_kind_is_known(line: str, kind: str) -> None:
    assert count_personal(f"See {line}, please") == {kind: 1}


@pytest.mark.parametrize(
    "line",
    [
        "GB 12 34 56 C",
        "01.FOI.23.034275",
        "2024-06-03",
        "1,234,567",
        "943 476 5918",
        "@home",
        "A1 B2",
        "01234567890123",
    ],
)
def test_what_only_looks_like_it_is_left_in_peace(line: str) -> None:
    assert count_personal(line) == {}


def test_a_line_without_end_is_read_in_good_time() -> None:
    assert kinds("x.txt", b"a@" * 2_000_000) == []
    assert kinds("x.txt", b"0" * 4_000_000) == []
