import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.documents.layout import Run, Shape, clean, parts_of

LETTER = """Dear Harriet,

YOUR REQUEST

> 1. How many potholes?
>
> 2. See https://evil.example

It is here: https://www.anytown.example/potholes.
- one
- two
"""


def test_the_parts_of_a_letter_are_told_apart() -> None:
    assert [(part.shape, part.text) for part in parts_of(LETTER)] == [
        (Shape.PARAGRAPH, "Dear Harriet,"),
        (Shape.HEADING, "YOUR REQUEST"),
        (Shape.QUOTE, "1. How many potholes?"),
        (Shape.QUOTE, "2. See https://evil.example"),
        (Shape.PARAGRAPH, "It is here: https://www.anytown.example/potholes."),
        (Shape.ITEMS, "one\ntwo"),
    ]


def test_an_address_of_ours_becomes_a_link_without_its_full_stop_and_a_quoted_one_stays_words() -> None:
    runs = [run for part in parts_of(LETTER) for line in part.lines for run in line if "://" in run.text]
    assert runs == [
        Run("2. See https://evil.example"),
        Run("https://www.anytown.example/potholes", "https://www.anytown.example/potholes"),
    ]


@pytest.mark.parametrize(
    "line", ["OK", "YES", "NONE", "12 TO 13.", "2024", "> IN CAPITALS", "- A LIST", "No capitals", "A" * 101]
)
def test_not_every_line_is_a_heading(line: str) -> None:
    assert [part.shape for part in parts_of(f"{line}\n")] != [Shape.HEADING]


def test_a_line_in_capitals_within_a_paragraph_is_no_heading() -> None:
    assert [part.shape for part in parts_of("YOURS SINCERELY\nSam Okoro\n")] == [Shape.PARAGRAPH]


def test_what_cannot_be_seen_is_left_out() -> None:
    assert clean("a\x00b\u202ec\ud800d\ufeff\te\r\nf") == "abcd    e\nf"


@given(st.text())
def test_no_word_of_a_letter_is_lost(body: str) -> None:
    words = "".join(clean(body).split())
    shown = "".join("".join(part.text for part in parts_of(body)).split())
    for mark in (">", "-"):  # of quotations and lists
        words, shown = words.replace(mark, ""), shown.replace(mark, "")
    assert shown == words
