"""`foidesk check-letter`: a letter against the rules of the refusal notice; needs no settings and no database."""

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap

import click

from service.commands.telling import harmless
from service.commands.typed import Refused
from service.documents.reading import LARGEST, DocumentUnreadable, text_of_document
from service.domain.notice_check import RULES, Result, Verdict, check_notice, read_notice
from service.domain.regime import Regime

CLEAN, BLOCKED = 0, 1  # exit codes; 2 is for what cannot be read
MEMORY = 1_500_000_000  # bytes that reading a file may take
WIDTH = 100
TITLES = {rule.id: rule.title for rule in RULES}
HEADINGS = {
    Verdict.BLOCK: "Stands against sending it",
    Verdict.WARN: "Look at this",
    Verdict.UNJUDGED: "The words alone do not tell",
    Verdict.PASS: "Met",
}


@click.command("check-letter")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--regime", type=click.Choice([regime.value for regime in Regime], case_sensitive=False), help="The law.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_letter(file: Path, regime: str | None, as_json: bool) -> None:
    """Check a letter (docx, PDF or text; - for standard input) against the twenty rules of a lawful response.

    Without --regime the law is guessed from the letter's words. A letter of a case is checked on the case's page,
    against its decisions as well. Exits with 0 when nothing blocks, 1 when something does, and 2 when the file
    cannot be read.
    """
    text = _text(file)
    law = Regime(regime) if regime else read_notice(text, None).regime
    results = check_notice(text, None, Regime(regime) if regime else None)
    blocked = any(result.verdict is Verdict.BLOCK for result in results)
    if as_json:
        told = {
            "file": str(file),
            "regime": law.value,
            "blocked": blocked,
            "results": [_as_dict(one) for one in results],
        }
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_table(file, law, results, guessed=regime is None)))
    sys.exit(BLOCKED if blocked else CLEAN)


def _text(file: Path) -> str:
    name = "standard input" if str(file) == "-" else harmless(str(file))
    try:
        with _little_memory():
            return text_of_document(_content(file), name)
    except (OSError, DocumentUnreadable) as fault:
        reason = f"{name} cannot be read: {fault.strerror}." if isinstance(fault, OSError) else str(fault)
        raise Refused(reason) from None


def _content(file: Path) -> bytes:
    """The bytes of a file, or of standard input; no more than are needed to see that it is too large."""
    if str(file) == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with file.open("rb") as stream:
        return stream.read(LARGEST + 1)


@contextmanager
def _little_memory() -> Iterator[None]:
    """A small file can unpack to very much; what needs more than this much memory fails instead."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    limit = used + MEMORY if hard == resource.RLIM_INFINITY else min(used + MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit if soft == resource.RLIM_INFINITY else min(limit, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _as_dict(result: Result) -> dict[str, object]:
    place = {"line": result.place.line, "excerpt": result.place.excerpt} if result.place else None
    return {
        "rule": result.rule,
        "title": TITLES[result.rule],
        "verdict": result.verdict.value,
        "sentence": result.sentence,
        "citation": result.citation,
        "place": place,
    }


def _table(file: Path, law: Regime, results: Sequence[Result], *, guessed: bool) -> Iterator[str]:
    name = "Standard input" if str(file) == "-" else harmless(str(file))
    yield f"{name}, under the {law.rules.title}{' (as its words suggest)' if guessed else ''}"
    for verdict, heading in HEADINGS.items():
        told = [result for result in results if result.verdict is verdict]
        if told:
            yield from ("", f"{heading}: {len(told)}", "")
            for result in told:
                yield from _lines(result)


def _lines(result: Result) -> Iterator[str]:
    if result.verdict is Verdict.PASS:
        yield f"  {result.rule:<4} {TITLES[result.rule]} ({result.citation})"
        return
    first, *more = wrap(f"{result.sentence} ({result.citation})", WIDTH - 7)
    yield f"  {result.rule:<4} {first}"
    yield from (f"       {line}" for line in more)
    if result.place:
        yield f"       line {result.place.line}: {harmless(result.place.excerpt)}"
