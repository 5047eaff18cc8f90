"""How well two colours can be told apart (WCAG 2.2, relative luminance and contrast ratio); colours are #rrggbb."""

from typing import Final

TEXT: Final = 4.5  # to 1, success criterion 1.4.3
SHAPE: Final = 3.0  # to 1, success criterion 1.4.11
WHITE, BLACK = "#ffffff", "#000000"
INKS = ("#0b0c0c", WHITE, BLACK)
STEPS = 100


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """What text on a colour is written in: of near-black, white and black the first that can be read best."""
    best = max(INKS[:2], key=lambda ink: contrast(ink, colour))
    return best if contrast(best, colour) >= TEXT else BLACK  # there, and only there, near-black is not dark enough


def told_from(background: str, colour: str, least: float) -> str:
    """The colour, darkened on a light background or lightened on a dark one as little as a contrast takes."""
    towards = BLACK if contrast(background, BLACK) > contrast(background, WHITE) else WHITE
    mixed = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next((one for one in mixed if contrast(one, background) >= least), towards)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
