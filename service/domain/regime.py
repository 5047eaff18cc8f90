"""The four access regimes, as data: what each section allows, in which working days, counted by whose calendar."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.working_days import Division, WorkingDays


class Regime(StrEnum):
    """The law that a case runs under."""

    FOIA = "FOIA"  # Freedom of Information Act 2000
    EIR = "EIR"  # Environmental Information Regulations 2004, SI 2004/3391
    FOISA = "FOISA"  # Freedom of Information (Scotland) Act 2002, asp 13
    EISR = "EISR"  # Environmental Information (Scotland) Regulations 2004, SSI 2004/520

    @property
    def rules(self) -> "Rules":
        return RULES[self]


SCOTTISH = (Regime.FOISA, Regime.EISR)


class Matter(StrEnum):
    """What the clock runs for: an ordinary request, one with a time limit of its own, or what follows on one."""

    REQUEST = "request"
    ARCHIVES = "archives"
    SCHOOL = "school"
    REVIEW = "review"
    REGULATOR = "regulator"  # a complaint to the Commissioner (s.50), whose letter names the day for our answer

    @property
    def is_request(self) -> bool:
        """Whether somebody asks for information, which an internal review and a complaint do not."""
        return self not in (Matter.REVIEW, Matter.REGULATOR)


COUNTED = tuple(matter for matter in Matter if matter is not Matter.REGULATOR)  # those whose limit the law counts


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """So many working days after the date of receipt; for a school, school days with a long stop in working days.

    With no days at all it is a day that somebody named.
    """

    days: int
    section: str
    long_stop: int | None = None

    @property
    def in_words(self) -> str:
        """20 working days; 20 school days or 60 working days, whichever end first; the day that was named."""
        if not self.days:
            return "the day that was named"
        if self.long_stop is None:
            return f"{self.days} working days"
        return f"{self.days} school days or {self.long_stop} working days, whichever end first"

    @property
    def school_days_only(self) -> bool:
        """Whether `days` are days on which the school holds a session."""
        return self.long_stop is not None


@dataclass(frozen=True, slots=True)
class Extension:
    """How far an answer may be put off: `further` working days past the time limit, counted from day 0 every time.

    A `firm` end cannot be passed at all, another one only for a recorded reason; `once` forbids a second notice.
    """

    further: int
    section: str
    firm: bool
    once: bool


@dataclass(frozen=True, slots=True)
class Fee:
    """The days that a fees notice takes out of the count, and how long the requester has to pay."""

    section: str
    disregarded_by: str
    months: int = 0
    working_days: int = 0
    notice: str = ""
    notice_within: int = 0  # working days after day 0; 0: as long as the time for an answer runs

    @property
    def time_to_pay(self) -> str:
        """In words, as a letter says it."""
        return f"{self.months} months" if self.months else f"{self.working_days} working days"

    def last_day(self, given_on: date, working_days: WorkingDays) -> date:
        """The last day on which the fee can be paid; months begin with the day of the notice itself (s.9(2))."""
        if self.months:
            return last_day_of_months(given_on, self.months)
        return working_days.after(given_on, self.working_days)


@dataclass(frozen=True, slots=True)
class Rules:
    """One regime's law of time."""

    title: str
    divisions: frozenset[Division]
    working_day: str
    receipt: str
    limits: Mapping[Matter, TimeLimit]
    extensions: Mapping[Matter, Extension]
    clarification: str
    restart: str
    clarification_within: int | None
    fee: Fee
    transfer: str
    reply_owed_after_transfer: bool
    ask_for_review_within: TimeLimit

    def limit(self, matter: Matter) -> TimeLimit:
        """The time limit for a matter; one without a rule of its own here has the ordinary one."""
        if matter is Matter.REGULATOR:
            return NAMED
        return self.limits.get(matter, self.limits[Matter.REQUEST])

    def extension(self, matter: Matter) -> Extension | None:
        """The extension that a matter can have, None where the law gives none."""
        if matter is Matter.REGULATOR:
            return MORE_TIME
        return self.extensions.get(Matter.REVIEW if matter is Matter.REVIEW else Matter.REQUEST)


NAMED = TimeLimit(0, "the regulator's letter")
MORE_TIME = Extension(260, "the regulator's letter", firm=False, once=False)  # as the regulator says

UNITED_KINGDOM = frozenset({Division.ENG, Division.SCT, Division.NIR})
SCOTLAND = frozenset({Division.SCT})

RULES: Mapping[Regime, Rules] = {
    Regime.FOIA: Rules(
        title="Freedom of Information Act 2000",
        divisions=UNITED_KINGDOM,
        working_day="s.10(6)",  # a bank holiday in any part of the United Kingdom
        receipt="s.10(6)(a)",
        limits={
            Matter.REQUEST: TimeLimit(20, "s.10(1)"),
            Matter.ARCHIVES: TimeLimit(30, "SI 2004/3364 reg 4"),  # under s.10(4): transferred public records
            # Extended to Northern Ireland's schools by SI 2009/1369 and to academies by SI 2010/2768.
            Matter.SCHOOL: TimeLimit(20, "SI 2004/3364 reg 3(2)", long_stop=60),
            Matter.REVIEW: TimeLimit(20, "the s.45 Code, part 5"),
        },
        extensions={
            Matter.REQUEST: Extension(20, "s.10(3) and s.17(2)", firm=False, once=False),
            Matter.REVIEW: Extension(20, "the s.45 Code, part 5", firm=False, once=False),
        },
        clarification="s.1(3)",
        restart="s.10(6)(b)",
        clarification_within=None,
        fee=Fee("s.9(2)", "s.10(2)", months=3),
        transfer="s.16",
        reply_owed_after_transfer=True,  # s.1(1)(a): to say that it is not held is still ours
        ask_for_review_within=TimeLimit(40, "the s.45 Code, part 5"),
    ),
    Regime.EIR: Rules(
        title="Environmental Information Regulations 2004",
        divisions=UNITED_KINGDOM,
        working_day="reg 2(1)",  # as in s.10(6) of the Act
        receipt="reg 5(2)",
        limits={Matter.REQUEST: TimeLimit(20, "reg 5(2)"), Matter.REVIEW: TimeLimit(40, "reg 11(4)")},
        extensions={Matter.REQUEST: Extension(20, "reg 7(1)", firm=True, once=True)},
        clarification="reg 9(2)",
        restart="reg 9(4)",
        clarification_within=20,
        fee=Fee("reg 8(5)", "reg 8(6)", working_days=60, notice="reg 8(4)", notice_within=20),
        transfer="reg 10(2)",
        reply_owed_after_transfer=False,
        ask_for_review_within=TimeLimit(40, "reg 11(2)"),
    ),
    Regime.FOISA: Rules(
        title="Freedom of Information (Scotland) Act 2002",
        divisions=SCOTLAND,
        working_day="s.73",  # Easter Monday and council holidays count
        receipt="s.10(1)(a)",
        limits={
            Matter.REQUEST: TimeLimit(20, "s.10(1)"),
            Matter.ARCHIVES: TimeLimit(30, "s.10"),  # the Keeper of the Records of Scotland, s.22
            Matter.REVIEW: TimeLimit(20, "s.21(1)"),
        },
        extensions={},
        clarification="s.1(3)",
        restart="s.10(1)(b)",
        clarification_within=None,
        fee=Fee("s.9", "s.10", months=3),
        transfer="s.15",
        reply_owed_after_transfer=True,
        ask_for_review_within=TimeLimit(40, "s.20(5)"),
    ),
    Regime.EISR: Rules(
        title="Environmental Information (Scotland) Regulations 2004",
        divisions=SCOTLAND,
        working_day="reg 2(1)",
        receipt="reg 5(2)(a)",
        limits={Matter.REQUEST: TimeLimit(20, "reg 5(2)(a)"), Matter.REVIEW: TimeLimit(20, "reg 16(4)")},
        extensions={Matter.REQUEST: Extension(20, "reg 7(1)", firm=True, once=True)},
        clarification="reg 9",
        restart="reg 9",
        clarification_within=20,
        fee=Fee("reg 8", "reg 8", working_days=60),
        transfer="reg 14",
        reply_owed_after_transfer=False,
        ask_for_review_within=TimeLimit(40, "reg 16(2)"),
    ),
}


def last_day_of_months(first: date, months: int) -> date:
    """The last day of so many months beginning with a day: the eve of its corresponding date, if there is one.

    A month without that date ends the period on its own last day: three months from 30 November are up on 28 February,
    in a leap year on the 29th.
    """
    corresponding = add_months(first, months)
    return corresponding - timedelta(days=1) if corresponding.day == first.day else corresponding


def add_months(day: date, months: int) -> date:
    """The corresponding date of a later month, or that month's last day when it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
