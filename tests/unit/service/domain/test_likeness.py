import pytest

from service.domain.likeness import Asked, Closeness, likeness

POTHOLES = """Dear FOI team,

Under the Freedom of Information Act 2000 please tell me how many potholes were reported in Mill Lane in 2023, how many
of them were repaired, and what the contractor was paid for each repair.

Kind regards,
Harriet Bell
"""
SAME_BUT_SIGNED_OTHERWISE = POTHOLES.replace("Dear FOI team", "Hello").replace("Harriet Bell", "Tom Smith, Oak Road")
NEARLY = POTHOLES.replace("in 2023", "between 2022 and 2023").replace("the contractor", "your contractor")
ANOTHER_WAY = """I would like copies of all records of pothole repairs on Mill Lane: who reported the potholes, when the
contractor repaired them, and each payment to the contractor."""
LIBRARIES = """Dear Sir or Madam, under the Freedom of Information Act 2000 please tell me how many libraries were open
in 2023, how many of them were closed, and what the staff were paid."""
TRANSPORT = "Please send me the contracts for school transport with their annual cost and the operators' names."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (POTHOLES, Closeness.SAME),
        (SAME_BUT_SIGNED_OTHERWISE, Closeness.SAME),
        (NEARLY, Closeness.NEARLY),
        (ANOTHER_WAY, Closeness.SIMILAR),
        (LIBRARIES, Closeness.OTHER),
        (TRANSPORT, Closeness.OTHER),
        ("", Closeness.OTHER),
    ],
)
def test_likeness_is_told_by_what_is_asked_and_not_by_how_one_asks(text: str, expected: Closeness) -> None:
    assert likeness(Asked(POTHOLES), Asked(text))[1] is expected


def test_likeness_has_an_order_and_no_direction() -> None:
    texts = (POTHOLES, NEARLY, ANOTHER_WAY, LIBRARIES, TRANSPORT)
    values = [likeness(Asked(POTHOLES), Asked(text))[0] for text in texts]
    assert values == sorted(values, reverse=True)
    assert values[0] == 1
    assert values == [likeness(Asked(text), Asked(POTHOLES))[0] for text in texts]


def test_nothing_is_like_nothing() -> None:
    assert likeness(Asked(""), Asked("")) == (0, Closeness.OTHER)


def test_the_words_to_look_for_are_those_that_say_what_is_asked() -> None:
    telling = Asked(POTHOLES).most_telling
    assert telling[0] == "contractor"
    assert {"pothole", "mill", "lane", "repair"} <= set(telling)
    assert not {"freedom", "information", "harriet", "bell", "how", "many"} & set(telling)


def test_an_answer_quoted_below_is_no_part_of_what_is_asked() -> None:
    quoted = POTHOLES + "\nOn Tue, 2 Apr 2024 at 10:00, FOI team wrote:\n> libraries libraries libraries\n"
    assert "library" not in Asked(quoted).telling
