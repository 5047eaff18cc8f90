"""The addresses of the API: the one table from which they are served and documented."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from service.desk import Desk
from service.domain.token import Scope
from web.api import answers, models
from web.api.callers import Caller
from web.api.queries import CaseQuery, DeadlineQuery, Nothing, Query, StatisticsQuery


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it is asked, what it answers, and the scope that a token needs for it.

    `parameters` are the parts of its path, with what each is.
    """

    name: str
    path: str
    summary: str
    scope: Scope
    query: type[Query]
    answer: type[BaseModel]
    answerer: Callable[..., BaseModel]
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def rule(self) -> str:
        """The path as Flask writes it; a reference may hold a slash where an authority's pattern does."""
        written = self.path
        for name, _ in self.parameters:
            written = written.replace(f"{{{name}}}", f"<path:{name}>")
        return written

    def call(self, desk: Desk, caller: Caller, values: MultiDict[str, str], **parts: str) -> BaseModel:
        """Answer a query given as the values of an address."""
        return self.answerer(desk, caller, self.query.read(values), **parts)


OPERATIONS = (
    Operation("cases", "/cases", "Cases, oldest first", Scope.CASES, CaseQuery, models.CasePage, answers.cases),
    Operation(
        "case",
        "/cases/{reference}",
        "One case in full",
        Scope.CASES,
        Nothing,
        models.CaseInFull,
        answers.case,
        (("reference", "As the desk writes it: 01.FOI.26.000123."),),
    ),
    Operation(
        "deadlines",
        "/deadlines",
        "Deadlines of open cases, the most urgent first",
        Scope.DEADLINES,
        DeadlineQuery,
        models.DeadlinePage,
        answers.deadlines,
    ),
    Operation(
        "statistics",
        "/statistics",
        "The statutory statistics of a quarter",
        Scope.STATISTICS,
        StatisticsQuery,
        models.Statistics,
        answers.statistics,
    ),
)
