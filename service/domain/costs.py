"""What it would cost to comply with a request: the estimate behind s.12, and the activities the law lets it count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from service.domain.amounts import duration, money, plain
from service.domain.regime import Regime
from service.errors import DeskError


class CostFault(DeskError):
    """{reason}"""


class Activity(StrEnum):
    """Work that a law lets an authority count."""

    DETERMINE = "determining whether the information is held"
    LOCATE = "locating the information, or a document that may contain it"
    RETRIEVE = "retrieving the information, or a document that may contain it"
    EXTRACT = "extracting the information from a document that contains it"
    PROVIDE = "providing the information"


# SI 2004/3244 reg 4(3) names four. SSI 2004/467 reg 3 counts locating, retrieving and providing, and takes no account
# of determining whether information is held (reg 3(2)(a)); what is blanked out before it goes is part of providing it.
_COUNTED: Mapping[Regime, tuple[Activity, ...]] = {
    Regime.FOIA: (Activity.DETERMINE, Activity.LOCATE, Activity.RETRIEVE, Activity.EXTRACT),
    Regime.FOISA: (Activity.LOCATE, Activity.RETRIEVE, Activity.PROVIDE),
}
LONGEST_WORDS = 200
MOST_ACTIVITIES, MOST_ITEMS = 100, 10_000_000
MOST_MINUTES = Decimal(100_000)
PENNY, HUNDREDTH = Decimal(1), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Limit:
    """An appropriate limit in pounds, whose it is, and what law sets it."""

    pounds: int
    whose: str
    law: str

    @property
    def pence(self) -> Decimal:
        return Decimal(self.pounds * 100)


CENTRAL = Limit(
    600, "government departments, Parliament, the armed forces and the other bodies of Schedule 1 Part I",
    "regulation 3(2) of the Freedom of Information and Data Protection (Appropriate Limit and Fees) Regulations 2004",
)  # fmt: skip
OTHERS = Limit(
    450, "every public authority that is not in Schedule 1 Part I",
    "regulation 3(3) of the Freedom of Information and Data Protection (Appropriate Limit and Fees) Regulations 2004",
)  # fmt: skip
SCOTTISH = Limit(
    600, "Scottish public authorities",
    "regulation 5 of the Freedom of Information (Fees for Required Disclosure) (Scotland) Regulations 2004",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour of a person's time counts for, in pounds; `most` where that is a ceiling."""

    pounds: Decimal
    most: bool
    law: str


RATES = {
    Regime.FOIA: Rate(Decimal(25), most=False, law="regulation 4(4) of the same Regulations"),
    Regime.FOISA: Rate(Decimal(15), most=True, law="regulation 3(2)(b) of the same Regulations"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of permitted work: so many items at so many minutes each, such as 200 files at 5 minutes."""

    activity: Activity
    items: int
    minutes_each: Decimal
    what: str = ""  # what the items are, in the letter's words: "paper files"

    @property
    def minutes(self) -> Decimal:
        return self.items * self.minutes_each


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hours and pence, exact; `lines` can go into the letter as they stand."""

    hours: Decimal
    pence: Decimal
    limit: Limit
    lines: tuple[str, ...]

    @property
    def over(self) -> bool:
        """Whether complying would exceed the limit: at the limit itself the duty stands (s.12(1))."""
        return self.pence > self.limit.pence

    @property
    def hours_within(self) -> Decimal:
        """How many of these hours the limit pays for: what a narrower request would have to fit into (s.16)."""
        return self.hours if not self.pence else self.hours * self.limit.pence / self.pence


def limits_of(regime: Regime | str) -> tuple[Limit, ...]:
    """The limits that an authority under a regime may have; none under the environmental regulations."""
    return {Regime.FOIA: (CENTRAL, OTHERS), Regime.FOISA: (SCOTTISH,)}.get(Regime(regime), ())


def activities_of(regime: Regime | str) -> tuple[Activity, ...]:
    """What counts towards a regime's limit; nothing under the environmental regulations, which have none."""
    return _COUNTED.get(Regime(regime), ())


def _only(counted: Sequence[Activity]) -> str:
    return f"Only {', '.join(activity.name.lower() for activity in counted)} count towards the limit."


def estimate(
    tasks: Sequence[Task], regime: Regime | str, limit: Limit, hourly_pounds: Decimal | None = None
) -> Estimate:
    """What complying would cost.

    `hourly_pounds` is for Scotland, where staff are counted at what they cost up to £15 an hour; elsewhere it is fixed.
    Raises CostFault for a regime without a cost limit, another's limit, or numbers that cannot be.
    """
    regime = Regime(regime)
    _require_limit(regime, limit)
    _require_tasks(tasks, activities_of(regime))
    rate = _rate(regime, hourly_pounds)
    minutes = sum((task.minutes for task in tasks), Decimal(0))
    hours = minutes / 60
    pence = (minutes * rate * 100 / 60).quantize(PENNY, ROUND_CEILING)  # a part of a penny over is over
    return Estimate(hours, pence, limit, _explained(tasks, minutes, pence, rate, limit))


def _require_limits(regime: Regime) -> tuple[Limit, ...]:
    offered = limits_of(regime)
    if not offered:
        where = "12(4)(b)" if regime is Regime.EIR else "10(4)(b)"
        raise CostFault(reason=f"The {regime.rules.title} have no cost limit; see regulation {where}.")
    return offered


def _require_limit(regime: Regime, limit: Limit) -> None:
    if limit not in _require_limits(regime):
        raise CostFault(reason=f"The limit of {limit.whose} is not one of the {regime.rules.title}.")


def _require_tasks(tasks: Sequence[Task], counted: Sequence[Activity]) -> None:
    if not tasks:
        raise CostFault(reason="An estimate counts at least one activity.")
    if len(tasks) > MOST_ACTIVITIES:
        raise CostFault(reason=f"An estimate has at most {MOST_ACTIVITIES} lines.")
    for task in tasks:
        if task.activity not in counted:
            raise CostFault(reason=_only(counted))
        if not 0 < task.items <= MOST_ITEMS:
            raise CostFault(reason=f"{task.items} items cannot be: at least 1, at most {MOST_ITEMS}.")
        if not task.minutes_each.is_finite() or not 0 < task.minutes_each <= MOST_MINUTES:
            raise CostFault(reason=f"{task.minutes_each} minutes each cannot be: more than 0, at most {MOST_MINUTES}.")
        if task.minutes_each != task.minutes_each.quantize(HUNDREDTH):
            raise CostFault(reason="Give the minutes for each to a hundredth at most.")
        if len(task.what) > LONGEST_WORDS:
            raise CostFault(reason=f"Say what the items are in at most {LONGEST_WORDS} characters.")


def _rate(regime: Regime, hourly: Decimal | None) -> Decimal:
    rate = RATES[regime]
    if hourly is None or hourly == rate.pounds:
        return rate.pounds
    if not rate.most:
        raise CostFault(reason=f"An hour counts at £{rate.pounds}, whoever works it ({rate.law}).")
    if not hourly.is_finite() or not 0 < hourly < rate.pounds:
        raise CostFault(reason=f"An hour counts at what it costs, but at no more than £{rate.pounds} ({rate.law}).")
    return hourly


def _explained(tasks: Sequence[Task], minutes: Decimal, pence: Decimal, rate: Decimal, limit: Limit) -> tuple[str, ...]:
    """The sum, a line for each task, then what it comes to and how that stands to the limit."""
    total = f"In all {duration(minutes)} at {money(rate * 100)} an hour: {money(pence)}."
    difference = abs(pence - limit.pence)
    stands = "the same as" if not difference else f"{money(difference)} {'over' if pence > limit.pence else 'under'}"
    against = f"That is {stands} the limit of {money(limit.pence)}, which {limit.law} sets."
    return (*(_line(task) for task in tasks), total, against)


def _line(task: Task) -> str:
    what = " ".join(task.what.split()) or ("item" if task.items == 1 else "items")
    activity = f"{task.activity[0].upper()}{task.activity[1:]}"
    each = f"{plain(task.minutes_each)} minute{'' if task.minutes_each == 1 else 's'}"
    spent = f"{task.items:,} {what} at {each} each, " if task.items > 1 else f"{task.items} {what}, "
    return f"{activity}: {spent}{duration(task.minutes)}."
