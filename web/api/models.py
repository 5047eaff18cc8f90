"""What the API answers: the one description from which both the answers and their document are written."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.question import Decision
from service.domain.regime import Matter, Regime
from service.domain.stage import Stage
from service.domain.standing import StandingKind
from service.domain.timeline import State


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Owner(Model):
    """The officer who has a case."""

    id: int
    name: str


class Requester(Model):
    """Who asked; told only to a token with the scope `requesters`."""

    name: str
    address: str


class Standing(Model):
    """How a case stands today against its deadline."""

    kind: StandingKind
    words: str = Field(description="As the desk's lists say it: due in 3 working days.")
    working_days_left: int | None = Field(description="0 on the last day.")
    working_days_late: int | None = Field(description="0 when late by days that are no working days.")


class Deadline(Model):
    """An open case and the day by which the law wants its answer."""

    reference: str
    regime: Regime
    matter: Matter
    received_on: date
    due_on: date
    prudent_due_on: date | None = Field(description="The earliest date on any reading of the law: work to this one.")
    provisional: bool = Field(description="Whether bank holidays of that time are not announced yet.")
    standing: Standing
    owner: Owner | None
    link: str = Field(description="The case's page, for officers.")


class Case(Model):
    """A case. Dates are Europe/London days; instants have their offset from UTC."""

    reference: str
    kind: str = Field(description="As references have it: FOI, EIR, IR or a kind of the authority's own.")
    regime: Regime
    matter: Matter
    stage: Stage
    mailbox: str = Field(description="The account it came by.")
    received_at: datetime = Field(description="When the mail reached the authority.")
    received_on: date = Field(description="The date of receipt, s.10(6).")
    due_on: date | None = Field(description="Null while the clock is stopped and no date can be given.")
    prudent_due_on: date | None = Field(description="The earliest date on any reading of the law: work to this one.")
    provisional: bool = Field(description="Whether bank holidays of that time are not announced yet.")
    clock: State
    stopped_on: date | None = Field(description="Since when the clock waits for the requester.")
    answered_on: date | None
    outcome: Outcome | None
    standing: Standing
    owner: Owner | None
    link: str = Field(description="The case's page, for officers.")
    subject: str | None = Field(description="In the requester's words; null without the scope `requesters`.")
    requester: Requester | None = Field(description="Null without the scope `requesters`.")


class QuestionDecided(Model):
    """One part of a request and what was decided about it, without the words of either."""

    number: int
    decision: Decision | None = Field(description="Null while nothing is decided.")
    limbs: list[str] = Field(description="The exemptions or exceptions relied on, such as 43(2).")


class Fact(Model):
    """One dated fact of a case's history, without its words."""

    number: int
    kind: Kind
    happened_at: datetime
    due_on: date | None = Field(description="The deadline once it had happened, where the fact concerns the clock.")


class CaseInFull(Case):
    """A case with its questions, its history and the cases that belong to it."""

    original: str | None = Field(description="The reference of the case whose answer this one reviews or follows.")
    followers: list[str] = Field(description="The references of its internal reviews, complaints and repeats.")
    questions: list[QuestionDecided]
    history: list[Fact] = Field(description="In the order in which the facts were recorded.")


class CasePage(Model):
    """One page of cases, in the order in which they were opened."""

    cases: list[Case]
    next: str | None = Field(description="The path of the next page; null on the last.")


class DeadlinePage(Model):
    """One page of deadlines, the most urgent first."""

    deadlines: list[Deadline]
    next: str | None = Field(description="The path of the next page; null on the last.")


class Figure(Model):
    """One number of a table."""

    key: str = Field(description="The same in every quarter, such as code.1 or 1.Bi.")
    words: str
    count: int
    references: list[str] | None = Field(description="The cases that were counted; null unless asked for.")


class Rate(Model):
    """One percentage of a table."""

    key: str
    words: str
    part: int
    of: int
    percent: float | None = Field(description="With one decimal; null of nothing.")


class Table(Model):
    """Figures under one heading."""

    key: str
    title: str
    figures: list[Figure]
    rates: list[Rate]


class Statistics(Model):
    """The statutory statistics of a quarter as at the end of a day; of a day that is over they never change."""

    authority: str
    quarter: str
    first: date
    last: date
    as_at: date
    tables: list[Table]


class Fault(Model):
    """What is wrong with one parameter."""

    parameter: str
    fault: str


class Problem(Model):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="about:blank: the status says all there is to tell a program.")
    title: str
    status: int
    detail: str
    faults: list[Fault] | None = Field(default=None, description="With 422: each parameter that cannot be used.")
