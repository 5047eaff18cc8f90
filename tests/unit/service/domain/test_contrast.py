import pytest

from service.domain.contrast import BLACK, TEXT, WHITE, contrast, ink_on, told_from


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#ffffff", "#000000", 21.0), ("#1d70b8", "#1d70b8", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_as_wcag_reckons_it(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#1d70b8", "#ffffff"),
        ("#ffffff", "#0b0c0c"),
        ("#000000", "#ffffff"),
        ("#ffdd00", "#0b0c0c"),
        ("#767676", WHITE),
    ],
)
def test_what_is_written_on_a_colour_can_be_read(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink


def test_every_grey_takes_an_ink() -> None:
    faint = [grey for n in range(256) if contrast(ink_on(grey := f"#{n:02x}{n:02x}{n:02x}"), grey) < TEXT]
    assert faint == []


def test_a_colour_that_can_be_told_already_stays() -> None:
    assert told_from(WHITE, "#1d70b8", TEXT) == "#1d70b8"


def test_a_faint_colour_is_changed_as_little_as_it_takes() -> None:
    yellow = told_from(WHITE, "#ffdd00", TEXT)
    assert TEXT <= contrast(yellow, WHITE) < TEXT * 1.05
    assert yellow[1:3] > yellow[3:5] > yellow[5:7]  # still a yellow, only darker
    assert contrast(told_from(BLACK, "#00264d", 3), BLACK) >= 3
