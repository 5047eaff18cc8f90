"""Each finding in its very words, at its place: the sentences are what an officer acts on.

told.txt holds them, so that a change of wording is read where it is made. To write it anew, and then read it:

    python -m tests.unit.service.domain.notice_check.test_told
"""

from collections.abc import Iterator
from pathlib import Path

from service.domain.notice_check import Result, Verdict, check_notice
from tests.unit.service.domain.notice_check.spoilt import GOOD, SPOILT, good
from tests.unit.service.domain.notice_check.test_record import BY_THE_RECORD, BY_THE_WORDS, FACTS, LETTER

TOLD = Path(__file__).with_name("told.txt")


def everything() -> str:
    """What is said of every letter of the tables."""
    return "\n".join(line for letter, results in _letters() for line in (f"{letter}:", *map(_line, results), ""))


def _letters() -> Iterator[tuple[str, list[Result]]]:
    for name in GOOD:
        yield f"the good letter {name}", _worth_saying(check_notice(good(name), None))
    for case in SPOILT:
        yield f"{case.letter}, {case.what}", _worth_saying(check_notice(case.text, None))
    for what, facts, _ in BY_THE_RECORD:
        yield f"the record, {what}", _worth_saying(check_notice(LETTER, facts))
    for what, letter, _ in BY_THE_WORDS:
        yield f"the words, {what}", _worth_saying(check_notice(letter, FACTS))


def _worth_saying(results: tuple[Result, ...]) -> list[Result]:
    return [result for result in results if result.verdict is not Verdict.PASS]


def _line(result: Result) -> str:
    place = f" [{result.place.line}: {result.place.excerpt}]" if result.place else ""
    return f"  {result.verdict} {result.rule} ({result.citation}) {result.sentence}{place}"


def test_every_finding_is_told_as_it_was_read_last() -> None:
    assert everything().splitlines() == TOLD.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    TOLD.write_text(everything(), encoding="utf-8")
