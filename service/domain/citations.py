"""Sections and regulations as letters name them, read out of running words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Path = tuple[str, ...]  # ("31", "1", "a") for 31(1)(a)

_SECTION = r"(?:sections?|sects?\b\.?|ss?\b\.?|s{1,2}(?=\d))"
_REGULATION = r"(?:regulations?|regs?\b\.?|exceptions?)"
# Where the number that follows is another document's, or another part of this one.
_FOREIGN = (
    r"(?:articles?|arts?\b\.?|schedules?|sch\b\.?|paragraphs?|paras?\b\.?|parts?|chapters?|rules?|questions?|code"
    r"|no\b\.?)"
)
_PART = r"\(\s*[0-9A-Za-z]{1,4}\s*\)"
_NUMBER = r"\d{1,3}[A-C]?(?![\w£%])"
_HEAD = re.compile(
    rf"(?i)(?<![\w(.])(?:(?P<section>{_SECTION})|(?P<regulation>{_REGULATION})|(?P<foreign>{_FOREIGN}))?"
    rf"\s{{0,20}}(?P<number>{_NUMBER})(?P<parts>(?:\s{{0,2}}{_PART})*)"
)
_MORE = re.compile(
    rf"(?P<joint>\s*(?:[,;/&+]|\band\b|\bor\b|\bto\b|[-–—]){{1,2}}\s*(?:and\s+|or\s+)?(?:{_SECTION}|{_REGULATION})?\s*)"
    rf"(?:(?P<number>{_NUMBER})(?P<parts>(?:\s{{0,2}}{_PART})*)|(?P<only>{_PART}(?:\s{{0,2}}{_PART})*))",
    re.IGNORECASE,
)
# "of the Data Protection Act 2018" after a section; "of the Act" and no name at all mean the letter's own law.
_OF_LAW = re.compile(
    r"(?:\s*,)?(?:\s+(?:of|to|in|under)(?:\s+the)?)?\s+(?P<law>(?:[A-Z][\w’']*|and|of|\(Scotland\)|etc\.?)"
    r"(?:\s+(?:[A-Z(][\w’')]*|and|of|for|to|from|in|on|by|with|etc\.?))*?\s+(?:Act|Regulations|Order|Rules)\b(?:\s+\(Scotland\))?|(?:DPA|GDPR|PACE|RIPA|HRA|CPIA)\b)"
)
_JOINER = r"(?:\s|[,;&+]|and\b|with\b|by virtue of\b|read\b|sections?\b|regulations?\b|ss?\b\.?)*"


@dataclass(frozen=True, slots=True)
class Citations:
    """What can be named of one law, whose parts are called `word`: section or regulation."""

    word: str
    title: str
    limbs: tuple[str, ...]
    paths: frozenset[Path]  # of the limbs, and of all that they stand in
    order: tuple[Path, ...]
    compounds: tuple[tuple[str, "re.Pattern[str]"], ...]

    @classmethod
    def of(cls, word: str, title: str, limbs: Iterable[str]) -> "Citations":
        """The citations of a law's limbs, such as "31(1)(a)" or, of two parts, "40(2) and (3A)(a)"."""
        kept = tuple(limbs)
        order = tuple(_path(limb.partition(" and ")[0]) for limb in kept)
        within = frozenset(path[:depth] for path in order for depth in range(1, len(path) + 1))
        compounds = tuple((limb, _compound(limb)) for limb in kept if " and " in limb)
        return cls(word, title, kept, within, tuple(dict.fromkeys(order)), compounds)

    def find(self, text: str) -> tuple[str, ...]:
        """The citations that a text names, each once, in the order of their first mention."""
        found: dict[str, int] = {}
        for limb, pattern in self.compounds:
            for match in pattern.finditer(text):
                found.setdefault(limb, match.start())
                text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
        for place, path in self._named(text):
            found.setdefault(_written(path), place)
        return tuple(sorted(found, key=found.__getitem__))

    def _named(self, text: str) -> Iterator[tuple[int, Path]]:
        end = 0
        for head in _HEAD.finditer(text):
            if head.start() < end:
                continue
            worded = head["section"] or head["regulation"] or head["foreign"]
            if not worded and not head["parts"]:
                continue
            paths, end = self._chain(text, head)
            if self._ours(head, text[end : end + 100]):
                yield from ((head.start(), path) for path in paths if worded or _written(path) in self.limbs)

    def _ours(self, head: "re.Match[str]", after: str) -> bool:
        """Whether a citation is of this law, by the word before it and the law named after it."""
        other = head["regulation"] if self.word == "section" else head["section"]
        if other or head["foreign"]:
            return False
        law = _OF_LAW.match(after)
        return law is None or _bare(law["law"]) in _bare(self.title) or _bare(law["law"]) == "act"

    def _chain(self, text: str, head: "re.Match[str]") -> tuple[list[Path], int]:
        """What a citation and those hung on it name, "31(1)(a) and (b), 40(2)", and where they end."""
        paths = self._read((head["number"].upper(),), _parts(head["parts"]))
        end, plural = head.end(), bool(head["parts"]) or bool(head["section"] or head["regulation"])
        while more := _MORE.match(text, end) if plural else None:
            if more["number"]:
                following = self._read((more["number"].upper(),), _parts(more["parts"]))
                if not more["parts"] and not self._worth(head, following):
                    break
            else:
                following = self._hung(paths, _parts(more["only"]))
            through = re.search(r"\bto\b|[-–—]", more["joint"]) and paths and following
            paths = [*paths, *(self._between(paths[-1], following[0]) if through else ()), *following]
            end = more.end()
        return paths, end

    def _worth(self, head: "re.Match[str]", following: list[Path]) -> bool:
        """A bare number goes on with a list of sections only: "sections 30 and 31", not "section 31, 20 days"."""
        word = head["section"] or head["regulation"] or ""
        return bool(following) and word.lower().rstrip(".") in ("sections", "ss", "regulations", "regs", "exceptions")

    def _read(self, path: Path, parts: list[str]) -> list[Path]:
        """The paths of adjoining parts: one, or more where a part cannot stand under the one before, 31(1)(a)(b)."""
        if path not in self.paths:
            return []
        found = [path]
        for number, part in enumerate(parts):
            deeper = _under(found[-1], part, self.paths)
            beside = self._beside(found[-1], part) if number and len(found[-1]) > 1 else None
            if deeper:
                found[-1] = deeper
            elif beside:
                found.append(beside)
            elif _written(found[-1]) in self.limbs:
                break  # 22A(1)(b)(ii) goes deeper than any limb
            else:
                return found[:-1]
        return found

    def _hung(self, paths: list[Path], parts: list[str]) -> list[Path]:
        """Parts that a comma or an "and" hangs on the citation before: "(b)" after 31(1)(a)."""
        if not paths:
            return []
        start = self._beside(paths[-1], parts[0]) or _under(paths[-1], parts[0], self.paths)
        return self._extended(start, parts[1:]) if start else []

    def _extended(self, path: Path, parts: list[str]) -> list[Path]:
        for part in parts:
            deeper = _under(path, part, self.paths)
            if not deeper:
                break
            path = deeper
        return [path]

    def _beside(self, path: Path, part: str) -> Path | None:
        """The nearest neighbour of a path, from its last part upwards, that ends in a part."""
        tried = (_under(path[:depth], part, self.paths) for depth in range(len(path) - 1, 0, -1))
        return next((found for found in tried if found), None)

    def _between(self, first: Path, last: Path) -> list[Path]:
        """What stands between two neighbours: (b) in 31(1)(a) to (c)."""
        if first not in self.order or last not in self.order or first[:-1] != last[:-1]:
            return []
        begin, end = self.order.index(first), self.order.index(last)
        return [path for path in self.order[begin + 1 : end] if path[: len(first) - 1] == first[:-1]]


def _under(path: Path, part: str, known: frozenset[Path]) -> Path | None:
    """A part under a path if the law has it; capitals and small letters are the same to a letter's writer."""
    return next((longer for longer in ((*path, part), (*path, part.lower())) if longer in known), None)


def _path(citation: str) -> Path:
    return (citation.partition("(")[0], *_parts(citation))


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in re.findall(r"\(([^)]*)\)", text or "")]


def _written(path: Path) -> str:
    return path[0] + "".join(f"({part})" for part in path[1:])


def _compound(limb: str) -> "re.Pattern[str]":
    """A pattern for "40(2) and (3A)(a)" as it is written anywhere: 40(2)(3A)(a), 40(2)&3A(a), 40(2) by virtue of …"""
    base, _, second = limb.partition(" and ")
    parts = _parts(second)
    first = rf"\(?\s*{parts[0]}\s*\)?"
    rest = "".join(rf"\s*\({part}\)" for part in parts[1:])
    number = _path(base)[0]
    loose = re.escape(base).replace(r"\(", r"\s*\(")
    return re.compile(rf"(?<![\w(])(?<!\d\.){loose}{_JOINER}(?:{number})?{first}{rest}(?!\s?\(\s*[a-z])", re.IGNORECASE)


def _bare(name: str) -> str:
    return re.sub(r"\W+", " ", re.sub(r"\d{4}", "", name)).strip().lower()
