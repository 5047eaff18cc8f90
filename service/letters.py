"""A template's name and the words for it make a letter; the only Jinja in the service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from textwrap import wrap
from traceback import extract_tb
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateNotFound, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.errors import DeskError

LONDON = ZoneInfo("Europe/London")


class LetterFault(DeskError):
    """The letter template {name} cannot be used: {reason}. Correct the file in the templates folder; mail waits."""


@dataclass(frozen=True, slots=True)
class Words:
    """A rendered letter: one line of subject, and a plain text body that ends in a newline."""

    subject: str
    body: str


def in_words(value: date | datetime) -> str:
    """A date as a letter says it, on the Europe/London calendar: Thursday 4 April 2024."""
    day = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{day:%A} {day.day} {day:%B %Y}"


def quoted(text: str) -> str:
    """Words as a quotation, line by line; what they hold is never read as anything else."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def series(words: Iterable[str]) -> str:
    """question 1, question 2 and question 4."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def capitalised(text: str) -> str:
    """The first letter a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def folded(text: str, width: int = 76) -> str:
    """A text whose lines are no longer than `width`, so that no mail program wraps them; links stay whole.

    An indented line stays indented: two spaces keep Outlook from joining it to the one before.
    """
    return "".join(f"{part}\n" for line in text.splitlines() for part in _fold(line, width))


def _fold(line: str, width: int) -> list[str]:
    words = line.lstrip(" ")
    if words.startswith(("https://", "http://")):
        return [line]
    indent = " " * (len(line) - len(words))
    folded = wrap(words, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return folded or [""]


def _line(error: Exception) -> str:
    """Where a template went wrong, as far as is known; Jinja names its own lines in the frames of an error."""
    frames = extract_tb(error.__traceback__)
    numbers = [frame.lineno for frame in frames if frame.filename.endswith(".txt") and frame.lineno]
    return f" in line {numbers[-1]}" if numbers else ""


class Stationery:
    """Our email templates, and the authority's own folder before them.

    The templates run in a sandbox and may not name a word they were not given: a letter with a hole in it never leaves.
    """

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        self._folders = [path for path in (own, folder) if path is not None]
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(path) for path in self._folders]),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters.update(in_words=in_words, quoted=quoted, series=series, capitalised=capitalised)

    def write(self, name: str, words: Mapping[str, object]) -> Words:
        """Render emails/<name>; raises LetterFault for a missing file, a syntax error or a word that was not given."""
        subject = self._render(f"emails/{name}/subject.txt", words)
        return Words(" ".join(subject.split()), self._render(f"emails/{name}/body.txt", words).strip() + "\n")

    def block(self, name: str, words: Mapping[str, object]) -> str:
        """Render blocks/<name>, which stands within several emails; raises LetterFault."""
        return self._render(f"blocks/{name}.txt", words)

    def names(self) -> list[str]:
        """Every email that can be written."""
        return sorted({Path(t).parent.name for t in self._environment.list_templates() if t.startswith("emails/")})

    def sheet(self, name: str) -> Path | None:
        """Where letters/<name> lies, the authority's own before ours; None when there is none."""
        return next((path for folder in self._folders if (path := folder / "letters" / name).is_file()), None)

    def _render(self, path: str, words: Mapping[str, object]) -> str:
        template = self._load(path)
        try:
            return template.render(words)
        except UndefinedError as error:
            raise LetterFault(name=path, reason=f"{error.message}{_line(error)}") from error
        except Exception as error:  # a template can do anything wrong; what it tells may hold a requester's words
            raise LetterFault(name=path, reason=f"{type(error).__name__}{_line(error)}") from error

    def _load(self, path: str) -> Template:
        try:
            return self._environment.get_template(path)
        except TemplateNotFound as error:
            raise LetterFault(name=path, reason="no such file") from error
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise LetterFault(name=path, reason=str(error)) from error
