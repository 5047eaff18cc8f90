"""What a PDF page paints, in order: letters, and the areas that were painted over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager, PDFTextState
from pdfminer.pdftypes import PDFStream, dict_value, resolve1
from pdfminer.psparser import literal_name
from pdfminer.utils import Matrix, PathSegment, apply_matrix_pt, apply_matrix_rect

from service.release.unreadable import CannotLook

MOST_MARKS = 400_000  # of one page
INVISIBLE = (3, 7)  # text rendering modes that paint nothing (ISO 32000-1, 9.3.6)
FULL = 0.8  # of its bounding box that a shape must fill to count as a box
THICK = 4.0  # points: a line as thick as letters are high covers them
OPAQUE = 0.9

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: where it stands, its lightness (0 is black, 1 white) and whether it is painted at all."""

    order: int
    box: Box
    light: float
    painted: bool
    text: str


@dataclass(frozen=True, slots=True)
class Area:
    """Boxes painted at once; a point within an even number of them is a hole."""

    order: int
    boxes: tuple[Box, ...]
    light: float
    picture: bool = False


@dataclass(slots=True)
class Painted:
    """What a page paints."""

    letters: list[Letter] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    pictures: list[PDFStream] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)

    def next(self) -> int:
        """The place of the next mark in the order of painting; raises CannotLook."""
        order = len(self.letters) + len(self.areas)
        if order >= MOST_MARKS:
            raise CannotLook(reason="A page paints more than can be looked into.")
        return order


class _State(PDFGraphicState):
    """The graphic state, and how opaque it paints."""

    opaque = True

    def copy(self) -> "_State":
        copied = _State()
        vars(copied).update(vars(self))
        return copied


class Interpreter(PDFPageInterpreter):
    """Follows a page's operators, the ones that make paint transparent included."""

    def init_state(self, ctm: Matrix) -> None:
        """Begin with opaque paint."""
        super().init_state(ctm)
        self.graphicstate: PDFGraphicState = _State()

    def do_gs(self, name: object) -> None:
        """Take alpha and blend mode from the named state (ISO 32000-1, 11.6.4)."""
        states = dict_value(self.resources.get("ExtGState") or {})
        words = dict_value(states.get(literal_name(name)) or {})
        if not isinstance(self.graphicstate, _State):
            return
        if "ca" in words or "BM" in words:
            alpha, mode = resolve1(words.get("ca", 1)), resolve1(words.get("BM", "Normal"))
            plain = "Normal" in str(mode) or "Compatible" in str(mode)
            self.graphicstate.opaque = plain and isinstance(alpha, int | float) and alpha >= OPAQUE


class Recorder(PDFTextDevice):
    """Writes down what is painted instead of painting it."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.painted = Painted()
        self._visible = True
        self._words: list[str] = []

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        """Note a string's letters."""
        self._visible = textstate.render not in INVISIBLE
        self._words = []
        super().render_string(textstate, seq, ncs, graphicstate)
        self.painted.strings.append("".join(self._words))

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,  # noqa: ARG002 - the graphic state has the colour
        graphicstate: PDFGraphicState,
    ) -> float:
        """Note a letter; gives how far the next one is, in text space."""
        text = _text(font, cid)
        self._words.append(text)
        advance: float = font.char_width(cid) * fontsize * scaling
        if text.strip():
            low, high = fontsize * font.get_descent() + rise, fontsize * (font.get_descent() + 1) + rise
            box = apply_matrix_rect(matrix, (0, min(low, high), max(advance, 0.01), max(low, high)))
            light = _light(graphicstate.ncolor)
            self.painted.letters.append(Letter(self.painted.next(), box, light, self._visible, text))
        return advance

    def paint_path(
        self,
        graphicstate: PDFGraphicState,
        stroke: bool,
        fill: bool,
        evenodd: bool,  # noqa: ARG002 - holes are told by how often boxes overlap
        path: Sequence[PathSegment],
    ) -> None:
        """Note boxes that are filled, and lines as thick as a marker's."""
        assert self.ctm is not None
        if getattr(graphicstate, "opaque", True):
            boxes = list(_filled(path, self.ctm)) if fill else _stroked(path, self.ctm, graphicstate.linewidth)
            light = _light(graphicstate.ncolor if fill else graphicstate.scolor)
            if boxes and (fill or stroke):
                self.painted.areas.append(Area(self.painted.next(), tuple(boxes), light))

    def render_image(self, name: str, stream: PDFStream) -> None:  # noqa: ARG002 - its name says nothing
        """Note where a picture lies; a mask or a transparent one hides nothing for certain."""
        assert self.ctm is not None
        self.painted.pictures.append(stream)
        if not resolve1(stream.get("SMask")) and not resolve1(stream.get("ImageMask")):
            box = apply_matrix_rect(self.ctm, (0, 0, 1, 1))
            self.painted.areas.append(Area(self.painted.next(), (box,), 0.5, picture=True))


def _text(font: PDFFont, cid: int) -> str:
    try:
        return font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        return "\N{REPLACEMENT CHARACTER}"


def _light(color: Any) -> float:
    """How light a colour is, from 0 to 1; 0.5 for a pattern, of which nothing is known."""
    numbers = [color] if isinstance(color, int | float) else color
    if not isinstance(numbers, list | tuple) or not all(isinstance(n, int | float) for n in numbers):
        return 0.5
    match list(numbers):
        case [gray]:
            return float(gray)
        case [red, green, blue]:
            return float(0.3 * red + 0.59 * green + 0.11 * blue)
        case [cyan, magenta, yellow, black]:
            return float((1 - black) * (1 - (0.3 * cyan + 0.59 * magenta + 0.11 * yellow)))
        case _:
            return 0.5


def _filled(path: Sequence[PathSegment], ctm: Matrix) -> Iterator[Box]:
    """The boxes among a path's shapes."""
    for points in _shapes(path, ctm):
        box = _bounds(points)
        area = (box[2] - box[0]) * (box[3] - box[1])
        if area > 0 and _area(points) >= FULL * area:
            yield box


def _stroked(path: Sequence[PathSegment], ctm: Matrix, width: float) -> list[Box]:
    """The boxes that thick straight lines cover."""
    thick = width * (abs(ctm[0] * ctm[3] - ctm[1] * ctm[2]) ** 0.5)
    if thick < THICK:
        return []
    half = thick / 2
    lines = [_bounds(points) for points in _shapes(path, ctm) if len(points) == 2]
    straight = [box for box in lines if box[2] - box[0] < 1 or box[3] - box[1] < 1]
    return [(box[0] - half, box[1] - half, box[2] + half, box[3] + half) for box in straight]


def _shapes(path: Sequence[PathSegment], ctm: Matrix) -> Iterator[list[tuple[float, float]]]:
    points: list[tuple[float, float]] = []
    for segment in path:
        if segment[0] == "m" and points:
            yield points
            points = []
        numbers = [part for part in segment if isinstance(part, int | float)]
        if len(numbers) >= 2:
            points.append(apply_matrix_pt(ctm, (numbers[-2], numbers[-1])))
    if points:
        yield points


def _bounds(points: list[tuple[float, float]]) -> Box:
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def _area(points: list[tuple[float, float]]) -> float:
    """Gauss's area of a polygon."""
    turned = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in turned)) / 2
