"""The tables of the settings file that say who we are and how the desk works."""

from datetime import date, time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, IPvAnyNetwork, field_validator

from service.domain.digest_kind import DigestKind
from service.domain.reference import DEFAULT_PATTERN, ReferencePattern
from service.domain.timeline import Period
from service.errors import DeskError
from service.logo import Logo, read_logo


def _address(value: str) -> str:
    _, address = parseaddr(value)
    if address != value or value.count("@") != 1 or value.startswith("@") or value.endswith("@"):
        raise ValueError("must be a bare email address such as foi@council.example")
    return value


def _brake(value: str) -> str:
    """Flask-Limiter writes a limit that it cannot read into the log, and then has none."""
    try:
        amounts = [limit.amount for limit in limits.parse_many(value)]
    except ValueError:
        amounts = []
    if not amounts or min(amounts) < 1:
        raise ValueError('must be a number, "per" and second, minute, hour or day, such as "10 per minute"')
    return value


def _is_page(url: str) -> bool:
    """Whether links can begin with it."""
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0  # a port that is no number raises
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url and not parts.query and not parts.fragment
    return whole and plain and parts.scheme in ("http", "https")


EARLIEST, LATEST = time(5), time(20)  # of the digests
EmailAddress = Annotated[str, AfterValidator(_address)]
Brake = Annotated[str, AfterValidator(_brake)]


RegimeName = Literal["FOIA", "EIR", "FOISA", "EISR"]


class Section(BaseModel):
    """A table of the file; a name it does not know is a fault, so that a misspelling is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Authority(Section):
    """Who we are, as our letters say it."""

    name: str = Field(min_length=1)
    body: int = Field(default=1, ge=0, le=99)
    address: str = ""
    telephone: str = ""
    website: str = ""
    complaints: str = ""  # how to ask for an internal review; empty means: by writing to the FOI address
    privacy_url: str = ""
    colour: str = "#1d70b8"
    logo: Path | None = None  # a PNG or SVG file
    cost_limit: Literal[450, 600] = 450  # pounds, s.12; 600 for Parliament, government departments and the armed forces

    @field_validator("colour")
    @classmethod
    def _hex(cls, value: str) -> str:
        if len(value) != 7 or value[0] != "#" or not all(c in "0123456789abcdefABCDEF" for c in value[1:]):
            raise ValueError("must be a colour like #1d70b8")
        return value

    @field_validator("logo")
    @classmethod
    def _shown(cls, value: Path | None) -> Path | None:
        if value is not None:
            read_logo(value)
        return value

    @property
    def emblem(self) -> Logo | None:
        """The logo as a picture."""
        return read_logo(self.logo) if self.logo else None


class Database(Section):
    url: str = "sqlite:///var/foidesk.db"

    @field_validator("url")
    @classmethod
    def _known(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if value.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValueError("must name a file, such as sqlite:///var/foidesk.db: in memory all would be lost")
        return value


class Numbers(Section):
    """How references are written and counted."""

    pattern: str = DEFAULT_PATTERN
    scope: Literal["never", "yearly"] = "never"
    start: int = Field(default=1, ge=1)

    @field_validator("pattern")
    @classmethod
    def _writable(cls, value: str) -> str:
        try:
            ReferencePattern(value)
        except DeskError as fault:
            raise ValueError(str(fault)) from fault
        return value


class Web(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    url: str = "http://127.0.0.1:8000"  # as officers reach it; links in our mails begin with it
    secure_cookies: bool = True  # False only where the desk is reached over plain http
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    idle_minutes: int = Field(default=60, ge=5, le=24 * 60)
    sign_in_limit: Brake = "10 per minute"
    api_limit: Brake = "300 per minute"  # requests by one token, or by one network address without a good one
    calendar_subjects: bool = False  # whether calendar feeds tell the subjects of requests: calendars are shared widely

    @field_validator("url")
    @classmethod
    def _reached(cls, value: str) -> str:
        if not _is_page(value):
            raise ValueError("must be the address of the pages, such as https://foi.council.example")
        return value


class Webhooks(Section):
    """How other systems are told of events."""

    internal_networks: tuple[IPvAnyNetwork, ...] = ()  # of our own, that webhooks may reach; else public addresses only
    timeout: float = Field(default=10, ge=1, le=60)  # seconds for a whole exchange
    disable_after_days: int = Field(default=5, ge=1, le=60)  # of failing at every try
    ca_file: Path | None = None  # for certificates of a private authority


class Limits(Section):
    """Brakes on our own automatic letters, against loops that no header gives away."""

    acknowledgements_per_address_a_day: int = Field(default=5, ge=1)
    acknowledgements_an_hour: int = Field(default=50, ge=1)


class Team(Section):
    """Where the desk writes to the team, and how soon a case counts as due soon."""

    address: EmailAddress | None = None
    due_soon: int = Field(default=5, ge=1, le=20)  # working days
    # Working days of silence after which what was plainly an answer sent by hand is taken as one; 0: never.
    accept_sent_after: int = Field(default=0, ge=0, le=10)


class Digests(Section):
    """Which digests are mailed, and from what hour of a working day in Europe/London."""

    supervisors: bool = True
    officers: bool = True  # each one's own list
    weekly: bool = True
    in_mailbox: bool = True  # the day's work as a message among the open cases of each mailbox that is filed
    at: time = time(7, 30)

    @field_validator("at")
    @classmethod
    def _by_day(cls, value: time) -> time:
        # Between 1:00 and 2:00 an hour is missing in March and comes twice in October.
        if value.tzinfo is not None or not EARLIEST <= value <= LATEST:
            raise ValueError('must be a time from "05:00" to "20:00", which is Europe/London')
        return value

    def sends(self, kind: DigestKind) -> bool:
        """Whether the desk mails a digest at all."""
        return {
            DigestKind.SUPERVISORS: self.supervisors,
            DigestKind.OWN: self.officers,
            DigestKind.WEEKLY: self.weekly,
        }[kind]


class Instructions(Section):
    """What officers may tell the desk by answering its mails, and of what it writes to them."""

    by_email: bool = True
    days: int = Field(default=30, ge=1, le=365)  # for which an answer to a mail may still act
    answers_a_day: int = Field(default=60, ge=1)  # most answers to one officer: a brake against loops
    tell_owner: bool = True  # a case given to them, their response cleared or returned, mail on their case
    tell_approver: bool = True  # when it is their turn to clear a response


class School(Section):
    """A school's calendar: on days without a session the twenty days do not run (SI 2004/3364 reg 3)."""

    closed: tuple[str, ...] = ()  # periods such as "2026-07-18..2026-09-01", first and last day of each

    @field_validator("closed")
    @classmethod
    def _periods(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            read_period(text)
        return value

    @property
    def closures(self) -> tuple[Period, ...]:
        """The periods in which it holds no session, oldest first."""
        return tuple(sorted((read_period(text) for text in self.closed), key=lambda period: period.first))


def read_period(text: str) -> Period:
    """A period written FIRST..LAST, or one day; raises ValueError."""
    first, _, last = text.partition("..")
    try:
        period = Period(date.fromisoformat(first.strip()), date.fromisoformat(last.strip() or first.strip()))
    except ValueError:
        raise ValueError(f"{text!r} must be a period such as 2026-07-18..2026-09-01") from None
    if period.last is None or period.last < period.first:
        raise ValueError(f"{text!r} ends before it begins")
    return period
