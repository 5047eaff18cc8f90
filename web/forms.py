"""What officers fill in, read into frozen values; every fault of a form is reported at once, beside its field."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from typing import Self

from service.domain.outcome import Outcome
from service.errors import DeskError

LONGEST_LINE, LONGEST_NOTE, LONGEST_LETTER = 200, 10_000, 200_000  # characters
LONGEST_SUBJECT = 300  # of a letter: a case's, which may be a line, behind the reference and what the letter is
DIGITS_OF_A_PAGE = 6
MOST_DIGITS = 18  # of a key; more does not fit the databases' integers
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff]")


class FormFaults(DeskError):
    """Correct what is marked below."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__()
        self.faults = dict(faults)


class NoSuchMessage(DeskError):
    """There is no such message on this case."""


class NoSuchLetter(DeskError):
    """There is no such letter on the desk."""


class AlreadyWritten(DeskError):
    """This very letter has just been queued for {reference}; it is not sent twice. The case shows when it goes out."""


def clean(text: str) -> str:
    """A text as typed, without control characters (PostgreSQL refuses NUL) and with plain line ends."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def page_number(values: Mapping[str, str]) -> int:
    """Which page of a list an address asks for, counted from 1; anything it cannot mean is the first."""
    text = values.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= DIGITS_OF_A_PAGE else 1


class Reader:
    """Reads one form, gathering its faults by field."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.faults: dict[str, str] = {}

    def line(self, name: str, missing: str = "", longest: int = LONGEST_LINE) -> str:
        """One line, its white space folded; needed when `missing` says what to do."""
        return self._checked(name, " ".join(clean(self._values.get(name, "")).split()), missing, longest)

    def text(self, name: str, missing: str = "", longest: int = LONGEST_NOTE) -> str:
        """Lines of text."""
        return self._checked(name, clean(self._values.get(name, "")).strip(), missing, longest)

    def choice(self, name: str, choices: Collection[str], missing: str) -> str:
        """One of the choices."""
        value = self._values.get(name, "")
        if value not in choices:
            self.faults[name] = missing
        return value

    def key(self, name: str, missing: str) -> int:
        """The key of a row."""
        value = self._values.get(name, "")
        if not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS):
            self.faults[name] = missing
            return 0
        return int(value)

    def number(self, name: str) -> int:
        """A number that the page itself wrote; 0 for anything else."""
        value = self._values.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS else 0

    def address(self, name: str) -> str:
        """A bare email address, or nothing."""
        value = self.line(name)
        if value and (parseaddr(value)[1] != value or not re.fullmatch(r"[^@\s]+@[^@\s]+", value)):
            self.faults[name] = "Enter an email address like name@example.org, or leave it empty"
        return value

    def day(self, name: str, called: str = "The day") -> date:
        """A date from the three fields of GOV.UK's date input; `called` begins the sentence that refuses it."""
        parts = [self._values.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
        if all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            try:
                return date(*map(int, parts))
            except ValueError:
                pass  # the 31st of June: the fault below says it
        self.faults[name] = f"{called} must be a real date, such as 27 3 2026"
        return date.min

    def finish(self) -> None:
        """Raise FormFaults when there were any."""
        if self.faults:
            raise FormFaults(self.faults)

    def _checked(self, name: str, value: str, missing: str, longest: int) -> str:
        if missing and not value:
            self.faults[name] = missing
        elif len(value) > longest:
            self.faults[name] = f"Shorten this to {longest} characters; it has {len(value)}"
        return value


@dataclass(frozen=True, slots=True)
class SignInForm:
    email: str
    password: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        """The address and the password, the latter as typed."""
        reader = Reader(values)
        email = reader.line("email", "Enter your email address")
        password = values.get("password", "")
        if not password:
            reader.faults["password"] = "Enter your password"  # noqa: S105 - what the page says
        reader.finish()
        return cls(email, password)


@dataclass(frozen=True, slots=True)
class AssignForm:
    owner_id: int

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        owner_id = reader.key("owner", "Choose who takes the case")
        reader.finish()
        return cls(owner_id)


@dataclass(frozen=True, slots=True)
class NoteForm:
    text: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        text = reader.text("note", "Write the note")
        reader.finish()
        return cls(text)


@dataclass(frozen=True, slots=True)
class LetterForm:
    """A letter as its officer wrote it; `kind` is the template it began from."""

    kind: str
    subject: str
    body: str

    @classmethod
    def read(cls, values: Mapping[str, str], kinds: Collection[str]) -> Self:
        reader = Reader(values)
        kind = reader.choice("kind", kinds, "Choose what kind of letter this is")
        subject = reader.line("subject", "Enter a subject")
        body = reader.text("body", "Write the letter", LONGEST_LETTER)
        reader.finish()
        return cls(kind, subject, body + "\n")


@dataclass(frozen=True, slots=True)
class CloseForm:
    outcome: Outcome
    answered_on: date

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        outcome = reader.choice("outcome", [outcome.value for outcome in Outcome], "Choose the outcome")
        answered_on = reader.day("answered_on", "The day of the answer")
        reader.finish()
        return cls(Outcome(outcome), answered_on)


@dataclass(frozen=True, slots=True)
class NewCaseForm:
    """The particulars with which a mail is made a case by hand; `text` is what an unreadable one says."""

    name: str
    address: str
    subject: str
    kind: str
    regime: str
    text: str

    @classmethod
    def read(cls, values: Mapping[str, str], kinds: Collection[str], regimes: Collection[str]) -> Self:
        reader = Reader(values)
        form = cls(
            name=reader.line("name"),
            address=reader.address("address"),
            subject=reader.line("subject", "Enter what the request is about"),
            kind=reader.choice("kind", kinds, "Choose the kind of case"),
            regime=reader.choice("regime", regimes, "Choose the law it runs under"),
            text=reader.text("text", longest=LONGEST_LETTER),
        )
        reader.finish()
        return form


@dataclass(frozen=True, slots=True)
class FileForm:
    reference: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        reference = reader.line("reference", "Enter the reference of the case")
        reader.finish()
        return cls(reference)


@dataclass(frozen=True, slots=True)
class DismissForm:
    reason: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        reason = reader.text("reason", "Say why this is not a request", 1000)
        reader.finish()
        return cls(reason)


@dataclass(frozen=True, slots=True)
class DemoForm:
    """A request as a member of the public writes it on the demonstration's page."""

    name: str
    address: str
    subject: str
    text: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        address = reader.address("address")
        if not address:
            reader.faults.setdefault("address", "Enter an email address, real or made up")
        form = cls(
            name=reader.line("name", "Enter a name"),
            address=address,
            subject=reader.line("subject", "Enter a subject"),
            text=reader.text("text", "Write the request", LONGEST_LETTER),
        )
        reader.finish()
        return form
