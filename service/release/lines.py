"""Plain text, CSV and the like: columns and lines that look like personal data."""

import csv
from collections import Counter
from collections.abc import Iterator

from service.release.cells import column_letters
from service.release.found import Found, cannot, hint, shown
from service.release.personal import count_personal, personal_data, tell_personal

MOST_COLUMNS = 2_000
_DELIMITERS = ",;\t|"
_NAMED = ("name", "surname", "forename", "email", "e-mail", "phone", "telephone", "mobile", "address", "postcode",
          "date of birth", "dob", "ni number", "nino", "national insurance", "nhs number", "salary", "ethnicity",
          "religion", "disability", "next of kin")  # fmt: skip


def read_text(content: bytes) -> str | None:
    """Text in one of the encodings that offices write; None when it is none."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\x00" in content:
        return None
    return _decoded(content, "utf-8") or _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    unprintable = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f")
    return text if unprintable * 100 <= len(text) else None


def look_into_lines(text: str, *, table: bool) -> Iterator[Found]:
    """What text seems to tell of people: a table's by the column."""
    if table:
        yield from _columns(text)
    else:
        yield from personal_data(text.splitlines(), "Text")


def _columns(text: str) -> Iterator[Found]:
    lines = text.splitlines()
    delimiter = max(_DELIMITERS, key=(lines[0] if lines else "").count)
    heads, counts = list[str](), dict[int, Counter[str]]()
    csv.field_size_limit(10_000_000)
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter)):
            heads = heads or (row if number == 0 else heads)
            for column, cell in enumerate(row[:MOST_COLUMNS]):
                if found := count_personal(cell):
                    counts.setdefault(column, Counter()).update(found)
    except csv.Error:
        yield cannot("Its columns cannot be told apart: look at it yourself.")
        yield from personal_data(lines, "Text")
        return
    for column in sorted(counts):
        yield from tell_personal(counts[column], _place(column, heads))
    yield from _heads(heads, set(counts))


def _heads(heads: list[str], told: set[int]) -> Iterator[Found]:
    """Columns whose heading says that they are about somebody, and whose cells did not show it."""
    for column, head in enumerate(heads[:MOST_COLUMNS]):
        words = " ".join(head.replace("_", " ").casefold().split())
        if column not in told and any(f" {name} " in f" {words} " for name in _NAMED):
            yield hint("personal data", "Its heading says that it is about people.", _place(column, heads))


def _place(column: int, heads: list[str]) -> str:
    letters = column_letters(column + 1)
    head = heads[column] if column < len(heads) else ""
    return f'Column {letters} ("{shown(head, 30)}")' if head and not count_personal(head) else f"Column {letters}"
