"""References: writing a case's own, and finding the ones that people quote, however loosely."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from string import Formatter

from service.errors import DeskError

DEFAULT_PATTERN = "{body:02d}.{kind}.{yy}.{number:06d}"

FIELDS = ("body", "kind", "yy", "yyyy", "number")

# Every repetition below is bounded, so that a search takes time in proportion to the text whatever the text is.
_SEPARATOR = r"(?:[ \t\u00a0]{0,2}[./\-\u2010-\u2015][ \t\u00a0]{0,2}|[ \t\u00a0]{1,2})"
_BEGIN, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_KIND = r"(?P<kind>FOI|EIR|IR)"
_LOOSE = re.compile(
    rf"{_BEGIN}(?:(?P<body>[0-9]{{1,2}}){_SEPARATOR})?{_KIND}(?P<gap>{_SEPARATOR})(?P<year>(?:20)?[0-9]{{2}})"
    rf"{_SEPARATOR}(?P<number>[0-9]{{1,9}}){_END}(?P<more>{_SEPARATOR}[0-9]|:[0-9])?",
    re.IGNORECASE,
)
_GROUPS = {
    "body": r"(?P<body>[0-9]{1,2})",
    "kind": r"(?P<kind>[A-Za-z]{1,8})",
    "yy": r"(?P<year>[0-9]{2})",
    "yyyy": r"(?P<year>[0-9]{4})",
    "number": r"(?P<number>[0-9]{1,9})",
}


class PatternError(DeskError):
    """The reference pattern {pattern!r} cannot be used: {reason}."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a quoted reference says: `kind` in capitals, `year` of two digits, `body` None when it was left out."""

    kind: str
    year: int
    number: int
    body: int | None = None


@dataclass(frozen=True, slots=True)
class ReferencePattern:
    """How an authority writes its references; made of a pattern that cannot be used, it raises PatternError."""

    pattern: str = DEFAULT_PATTERN
    _own: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_own", re.compile(_expression(self.pattern), re.IGNORECASE))

    def write(self, *, body: int, kind: str, year: int, number: int) -> str:
        """The canonical reference of a case; `year` has four digits."""
        return self.pattern.format(body=body, kind=kind, yy=f"{year % 100:02d}", yyyy=f"{year:04d}", number=number)

    def find(self, text: str) -> list[Reference]:
        """Every reference quoted in a text, in its order and once each: in our own form, or as people shorten it."""
        own = list(self._own.finditer(text))
        loose = (match for match in _LOOSE.finditer(text) if _plausible(match))
        found = sorted((*own, *_apart_from(own, loose)), key=re.Match.start)
        return list(dict.fromkeys(_reference(match) for match in found))

    def whole(self, text: str) -> Reference | None:
        """The reference that a text is and nothing beside it."""
        for form in (self._own, _LOOSE):
            match = form.fullmatch(text)
            if match and (form is self._own or (_plausible(match) and not match.groupdict()["more"])):
                return _reference(match)
        return None


def find_references(text: str) -> list[Reference]:
    """Every reference in the default form, or a loose one like it, that a text quotes."""
    return DEFAULT.find(text)


def _reference(match: re.Match[str]) -> Reference:
    parts = match.groupdict()
    body = parts.get("body")
    return Reference(parts["kind"].upper(), int(parts["year"]) % 100, int(parts["number"]), int(body) if body else None)


def _plausible(match: re.Match[str]) -> bool:
    """Whether what looks like a reference is none of the dates, years and times that people write after "FOI"."""
    number, gap = match["number"], match["gap"]
    if int(match["year"]) % 100 < 5 or int(number) == 0:
        return False  # the Act came into force in 2005
    if len(number) <= 2:
        return match["more"] is None and bool(gap.strip())  # FOI 23/11/2026, FOI 20 30 pages
    # FOI 10 2023: a month and a year, unless a leading zero or other separators say that it is a number.
    return bool(gap.strip()) or not (len(number) == 4 and number.startswith(("19", "20")))


def _apart_from(own: list[re.Match[str]], loose: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The loose matches that overlap none of our own; both come in the order of the text, so one pass is enough."""
    passed = 0
    for match in loose:
        while passed < len(own) and own[passed].end() <= match.start():
            passed += 1
        if passed == len(own) or own[passed].start() >= match.end():
            yield match


def _expression(pattern: str) -> str:
    """A regular expression for the pattern's own form, with its separators and leading zeros taken loosely."""
    parts = list(_parts(pattern))
    names = [name for _, name in parts if name]
    if "number" not in names or "kind" not in names or not {"yy", "yyyy"} & set(names):
        raise PatternError(pattern=pattern, reason="it must hold {number}, {kind} and one of {yy} and {yyyy}")
    if len(set(names)) < len(names) or {"yy", "yyyy"} <= set(names):
        raise PatternError(pattern=pattern, reason="it names a part twice")
    return _BEGIN + "".join(_literal(text) + (_GROUPS[name] if name else "") for text, name in parts) + _END


def _literal(text: str) -> str:
    if text and not text.strip(" ./-\u2013"):
        return _SEPARATOR
    return re.escape(text)


def _parts(pattern: str) -> Iterator[tuple[str, str | None]]:
    """The pattern's literal texts, each with the field that follows it."""
    try:
        parts = list(Formatter().parse(pattern))
        pattern.format(body=1, kind="FOI", yy="24", yyyy="2024", number=1)
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise PatternError(
            pattern=pattern, reason="its parts are {body}, {kind}, {yy}, {yyyy} and {number:06d}"
        ) from error
    for text, name, spec, conversion in parts:
        if name is not None and (conversion or name not in FIELDS or not _spec_allowed(name, spec or "")):
            raise PatternError(pattern=pattern, reason=f"{name!r} cannot be written that way; say {{number:06d}}")
        yield text, name


def _spec_allowed(name: str, spec: str) -> bool:
    """Only a width for numbers: 06d; anything else could not be read back."""
    return spec == "" or (name in ("number", "body") and re.fullmatch(r"0[1-9]d", spec) is not None)


DEFAULT = ReferencePattern(DEFAULT_PATTERN)
