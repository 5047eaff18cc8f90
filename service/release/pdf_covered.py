"""Letters of a PDF page that are there and cannot be seen: under boxes, in white, off the page, or not painted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from service.release.pdf_marks import Area, Box, Letter

BAND = 12.0  # points: areas are looked up by the height at which they lie
MOST_BANDS = 2_000
DARK, WHITE = 0.35, 0.93
TINY = 1.5  # points


class _Areas:
    """Areas by height, so that a letter is compared with its neighbours only."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._bands: dict[int, list[Area]] = defaultdict(list)
        for area in areas:
            low, high = min(box[1] for box in area.boxes), max(box[3] for box in area.boxes)
            first, last = int(max(low, -1e5) // BAND), int(min(high, 1e5) // BAND)
            for band in range(first, min(last, first + MOST_BANDS) + 1):
                self._bands[band].append(area)

    def over(self, letter: Letter) -> Area | None:
        """The topmost area painted over a letter's middle."""
        later = (a for a in self._at(letter) if a.order > letter.order)
        return max(later, key=lambda area: area.order, default=None)

    def under(self, letter: Letter) -> Area | None:
        """The topmost area that a letter is painted on."""
        before = (a for a in self._at(letter) if a.order < letter.order)
        return max(before, key=lambda area: area.order, default=None)

    def _at(self, letter: Letter) -> Iterable[Area]:
        x, y = _middle(letter.box)
        return (area for area in self._bands.get(int(y // BAND), ()) if _covers(area, x, y))


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _covers(area: Area, x: float, y: float) -> bool:
    within = sum(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in area.boxes)
    return within % 2 == 1


def unseen_letters(letters: Sequence[Letter], areas: Sequence[Area], page: Box) -> dict[str, int]:
    """How many letters of a page are unseen, by why: box, paint, picture, unpainted, white, outside, tiny."""
    counts: dict[str, int] = defaultdict(int)
    placed = _Areas(areas)
    for letter in letters:
        if why := _why(letter, placed, page):
            counts[why] += 1
    return counts


def _why(letter: Letter, areas: _Areas, page: Box) -> str:
    if not letter.painted:
        return "unpainted"
    x, y = _middle(letter.box)
    if not (page[0] <= x <= page[2] and page[1] <= y <= page[3]):
        return "outside"
    over = areas.over(letter)
    if over is not None:
        return "picture" if over.picture else "box" if over.light < DARK else "paint"
    if min(letter.box[2] - letter.box[0], letter.box[3] - letter.box[1]) <= 0 or _height(letter) < TINY:
        return "tiny"
    return _lost_in_its_ground(letter, areas)


def _height(letter: Letter) -> float:
    return max(letter.box[2] - letter.box[0], letter.box[3] - letter.box[1])


def _lost_in_its_ground(letter: Letter, areas: _Areas) -> str:
    """White on white, or black on black: a box that was drawn before its letters hides them as well."""
    ground = areas.under(letter)
    if ground is not None and ground.picture:
        return ""
    light = 1.0 if ground is None else ground.light
    if letter.light > WHITE and light > WHITE:
        return "white"
    return "box" if letter.light < DARK / 2 and ground is not None and light < DARK / 2 else ""
