"""The statutory statistics: what each figure of the two published tables counts.

The first is that of the Code of Practice under s.45 (July 2018, paragraphs 8.5 and 8.6), the others are the quarterly
return of central government, by the letters of its lines. Requests are counted by the day they were received and as
they stood on the day that the tables are computed as at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.counted import Counted
from service.domain.exemptions import Status, law_of, word_for_section
from service.domain.outcome import Outcome
from service.domain.quarter import Quarter
from service.domain.question import Decision
from service.domain.regime import Matter, Regime
from service.domain.timeline import State
from service.errors import DeskError

ENVIRONMENTAL = (Regime.EIR, Regime.EISR)
REFUSED_IN_FULL = (Outcome.REFUSED, Outcome.NEITHER)
REFUSED = (*REFUSED_IN_FULL, Outcome.PART)
PROCEDURAL = (Outcome.COST_LIMIT, Outcome.VEXATIOUS)
NO_EXEMPTION = frozenset({Decision.COST_LIMIT, Decision.VEXATIOUS, Decision.REPEATED})  # ss. 12 and 14 refuse too
EXCEPTIONS = ("10", "12")  # the regulations (EISR, EIR) that hold one exception in each limb
UNANSWERED = (State.LAPSED, State.TRANSFERRED, State.WITHDRAWN)
Test = Callable[[Counted], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a table: how many cases, and which; `key` is unique in all tables."""

    key: str
    words: str
    references: tuple[str, ...]
    level: int = 0  # 1: a part of the figure before it that has level 0

    @property
    def count(self) -> int:
        return len(self.references)


@dataclass(frozen=True, slots=True)
class Rate:
    """One percentage of a table: `part` of `whole` cases."""

    key: str
    words: str
    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """With one decimal; None of nothing."""
        return round(100 * self.part / self.whole, 1) if self.whole else None

    @property
    def said(self) -> str:
        """94.7%, or that there is nothing to take it of."""
        return "none to count" if self.percent is None else f"{self.percent:.1f}%"


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under one heading."""

    key: str
    title: str
    figures: tuple[Figure, ...]
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """A quarter's tables as at the end of a Europe/London day."""

    quarter: Quarter
    as_at: date
    tables: tuple[Table, ...]

    def figure(self, key: str) -> Figure:
        """A figure by its key; raises NoSuchFigure."""
        for table in self.tables:
            for figure in table.figures:
                if figure.key == key:
                    return figure
        raise NoSuchFigure


class NoSuchFigure(DeskError):
    """The statistics have no such figure."""


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    words: str
    test: Test
    level: int = 0


def statistics(quarter: Quarter, as_at: date, cases: Iterable[Counted]) -> Statistics:
    """The tables of a quarter from all that was received in it; others are passed over."""
    ours = sorted((case for case in cases if quarter.holds(case.received_on)), key=lambda case: case.reference)
    asked = [case for case in ours if case.matter.is_request]
    requests = [case for case in asked if case.outcome is not Outcome.NOT_FOI]
    reviews = [case for case in ours if case.matter is Matter.REVIEW]
    complaints = [case for case in ours if case.matter is Matter.REGULATOR]
    main = [case for case in requests if not only_accessible(case)]
    tables = (
        _code(requests, reviews, as_at),
        Table("volume", "1. Volume and timeliness", _tell(_volume(as_at), main), (_in_time("1.in-time", main),)),
        _outcomes(main),
        Table("exemptions", "3. Use of exemptions and exceptions", tuple(_exemptions(main))),
        Table("accessible", "4. Refused under section 21 alone", _tell(ACCESSIBLE, filter(only_accessible, requests))),
        Table("reviews", "5. Internal reviews", _tell(REVIEWS, reviews)),
        Table("regulator", "6. Complaints to the Information Commissioner", _tell(COMPLAINTS, complaints)),
        Table("extensions", "7. Extensions of the time limit", _tell(EXTENSIONS, main)),
        Table("apart", "Counted in none of these tables", _tell(APART, asked)),
    )
    return Statistics(quarter, as_at, tables)


def only_accessible(case: Counted) -> bool:
    """Whether s.21 was the only exemption, which the return reports apart from all others."""
    if case.outcome is Outcome.ACCESSIBLE:
        return bool(_elsewhere(case))
    return case.outcome in REFUSED and not case.decisions & NO_EXEMPTION and _sections(case) == {_elsewhere(case)}


def _elsewhere(case: Counted) -> str:
    """The section for what can be had elsewhere (s.21 FOIA, s.25 FOISA); the Regulations have none that exempts."""
    return {Regime.FOIA: "21", Regime.FOISA: "25"}.get(case.regime, "")


def in_time(case: Counted) -> bool:
    """Whether it was answered within its time limit, or within a permitted extension of it; or while the requester
    had not yet said or paid what they were asked for, when there is no duty to answer (ss. 1(3) and 9(2) FOIA)."""
    return _answered(case) and _ended_by(case, case.due_on)


def _within_limit(case: Counted) -> bool:
    return _answered(case) and _ended_by(case, case.limit_on)


def _ended_by(case: Counted, day: date) -> bool:
    return case.waiting or (case.ended_on is not None and case.ended_on <= day)


def _within_extension(case: Counted) -> bool:
    return in_time(case) and not _within_limit(case)


def _environmental(case: Counted) -> bool:
    return case.regime in ENVIRONMENTAL


def _every(_case: Counted) -> bool:
    return True


def _answered(case: Counted) -> bool:
    return case.state is State.ANSWERED


def _open(case: Counted) -> bool:
    return not case.ended


def _stopped_in(state: State) -> Test:
    return lambda case: case.stopped and case.state is state


def _runs(case: Counted) -> bool:
    return not case.ended and not case.stopped


def _is(*outcomes: Outcome) -> Test:
    return lambda case: case.outcome in outcomes


def _resolvable(case: Counted) -> bool:
    """Whether a substantive decision could be made: not while the requester is waited for, nor after they or the case
    have gone, nor of what is not held."""
    gone = case.stopped or case.state in UNANSWERED or case.outcome is Outcome.LAPSED
    return not gone and case.outcome is not Outcome.NOT_HELD


def _granted(case: Counted) -> bool:
    """Whether all was given. Under the Regulations so is what is easily had already, in the form in which it is there
    (reg 6(1)(b) EIR): that refuses nothing."""
    return case.outcome is Outcome.GRANTED or (case.outcome is Outcome.ACCESSIBLE and not _elsewhere(case))


def _accessible(case: Counted) -> bool:
    return case.outcome is Outcome.ACCESSIBLE and bool(_elsewhere(case))


def _refused_in_full(case: Counted) -> bool:
    return case.outcome in (*REFUSED_IN_FULL, *PROCEDURAL, Outcome.NOT_HELD) or _accessible(case)


def _late_on(as_at: date) -> Test:
    return lambda case: _runs(case) and case.due_on < as_at


def _extended_on(as_at: date) -> Test:
    return lambda case: _runs(case) and case.extension > 0 and case.due_on >= as_at


def _repeated(case: Counted) -> bool:
    """Whether s.14(2) was relied on, and s.14(1) was not."""
    return Decision.REPEATED in case.decisions and Decision.VEXATIOUS not in case.decisions


def _code(requests: Sequence[Counted], reviews: Sequence[Counted], as_at: date) -> Table:
    lines = (
        _Line("code.1", "Requests received", _every),
        _Line("code.2", "Not yet processed", _open),
        _Line("code.2.extended", "of which the time is extended", _extended_on(as_at), 1),
        _Line("code.2.stopped", "of which the clock is stopped", lambda case: case.stopped, 1),
        _Line("code.2.late", "of which past the statutory deadline", _late_on(as_at), 1),
        _Line("code.3", "Processed in full", _answered),
        _Line("code.3.in-time", "of which within the statutory time", _within_limit, 1),
        _Line("code.3.extended", "of which within an extended time", _within_extension, 1),
        _Line("code.3.late", "of which late", lambda case: _answered(case) and not in_time(case), 1),
        _Line("code.4", "Granted in full", _granted),
        _Line("code.5", "Refused in full", _refused_in_full),
        _Line("code.5.not-held", "of which the information was not held", _is(Outcome.NOT_HELD), 1),
        _Line("code.5.accessible", "of which already accessible, section 21", _accessible, 1),
        _Line("code.6", "Granted in part and refused in part", _is(Outcome.PART)),
        _Line("code.ended", "Withdrawn, lapsed or transferred", lambda case: case.state in UNANSWERED),
    )
    referred = Figure("code.7", "Internal reviews asked for", tuple(case.reference for case in reviews))
    return Table(
        "code",
        "Code of Practice under section 45, paragraph 8.5",
        (*_tell(lines, requests), referred),
        (_in_time("code.rate", requests),),
    )


def _in_time(key: str, cases: Sequence[Counted]) -> Rate:
    answered = [case for case in cases if _answered(case)]
    return Rate(key, "Answered in time", sum(map(in_time, answered)), len(answered))


def _volume(as_at: date) -> tuple[_Line, ...]:
    return (
        _Line("1.A", "Received", _every),
        _Line("1.Ai", "of which under the Environmental Information Regulations", _environmental, 1),
        _Line("1.B", "Not yet closed", _open),
        _Line("1.Bi", "of which the deadline is extended", _extended_on(as_at), 1),
        _Line("1.Bii", "of which a fee was asked for and the clock is stopped", _stopped_in(State.AWAITING_FEE), 1),
        _Line("1.B.clarification", "of which wait for clarification", _stopped_in(State.AWAITING_CLARIFICATION), 1),
        _Line("1.Biii", "of which are past their deadline", _late_on(as_at), 1),
        _Line("1.C", "Closed", lambda case: case.ended),
        _Line("1.Ci", "of which answered within the time limit", _within_limit, 1),
        _Line("1.Cii", "of which answered within a permitted extension", _within_extension, 1),
        _Line("1.Ciii", "of which answered late", lambda case: _answered(case) and not in_time(case), 1),
        _Line("1.C.ended", "of which withdrawn, lapsed or transferred", lambda case: case.state in UNANSWERED, 1),
    )


OUTCOMES = (
    _Line("2.B", "Granted in full", _granted),
    _Line("2.C", "Advice given or clarification needed, section 1(3)", _is(Outcome.LAPSED)),
    _Line("2.D", "Information not held", _is(Outcome.NOT_HELD)),
    _Line("2.E", "Refused: vexatious, section 14(1)", lambda c: c.outcome is Outcome.VEXATIOUS and not _repeated(c)),
    _Line("2.F", "Refused: repeated, section 14(2)", lambda c: c.outcome is Outcome.VEXATIOUS and _repeated(c)),
    _Line("2.G", "Refused: cost limit, section 12", _is(Outcome.COST_LIMIT)),
    _Line("2.H", "Refused in part under an exemption", _is(Outcome.PART)),
    _Line("2.I", "Refused in full under an exemption", _is(*REFUSED_IN_FULL)),
    _Line("2.of.resolvable", "Resolvable, of all received", _resolvable),
    _Line("2.of.pending", "of which not yet processed", _runs, 1),
)
ACCESSIBLE = (
    _Line("4.A", "Closed", _every),
    _Line("4.B", "of which in time", in_time, 1),
    _Line("4.C", "of which late", lambda case: not in_time(case), 1),
)
EXTENSION_BANDS = ((1, 20), (21, 40), (41, 60), (61, 80), (81, 100), (101, None))
REVIEW_BANDS = ((0, 20), (21, 40), (41, 60), (61, None))


def _taken(first: int, last: int | None) -> Test:
    return lambda c: _answered(c) and c.taken is not None and first <= c.taken and (last is None or c.taken <= last)


def _longer_by(first: int, last: int | None) -> Test:
    return lambda case: first <= case.extension and (last is None or case.extension <= last)


def _days(first: int, last: int | None) -> str:
    if last is None:
        return f"of which more than {first - 1} working days"
    return f"of which {first} to {last} working days" if first > 1 else f"of which up to {last} working days"


REVIEWS = (
    _Line("5.A", "Received", _every),
    _Line("5.B", "Pending", _open),
    _Line("5.C", "First decision upheld", _is(Outcome.UPHELD)),
    _Line("5.D", "First decision upheld in part", _is(Outcome.PARTLY_UPHELD)),
    _Line("5.E", "First decision overturned", _is(Outcome.OVERTURNED)),
    _Line("5.T", "Time taken: completed", _answered),
    *(_Line(f"5.T.{first}", _days(first, last), _taken(first, last), 1) for first, last in REVIEW_BANDS),
)
COMPLAINTS = (
    _Line("6.A", "Notified", _every),
    _Line("6.B", "Pending", _open),
    _Line("6.C", "Complaint upheld", _is(Outcome.COMPLAINT_UPHELD)),
    _Line("6.D", "Complaint partly upheld", _is(Outcome.COMPLAINT_PARTLY_UPHELD)),
    _Line("6.E", "Complaint not upheld", _is(Outcome.COMPLAINT_NOT_UPHELD)),
    _Line("6.F", "Resolved informally", _is(Outcome.RESOLVED)),
)
EXTENSIONS = (
    _Line("7.A", "Requests whose time was extended", lambda case: case.extension > 0),
    *(_Line(f"7.A.{first}", _days(first, last), _longer_by(first, last), 1) for first, last in EXTENSION_BANDS),
)
APART = (
    _Line("0.not-foi", "Closed as no request under the Act", _is(Outcome.NOT_FOI)),
    _Line(
        "0.no-exemption",
        "Refused under an exemption that nobody recorded: section 3 lacks it",
        lambda case: case.outcome in REFUSED and not _sections(case),
    ),
)


def _outcomes(main: Sequence[Counted]) -> Table:
    figures = _tell(OUTCOMES, main)
    counts = {figure.key: figure.count for figure in figures}
    procedural = sum(counts[key] for key in ("2.E", "2.F", "2.G"))
    resolvable = counts["2.of.resolvable"]
    rates = (
        Rate("2.granted", "Granted in full, of the resolvable", counts["2.B"], resolvable),
        Rate("2.part", "Withheld in part, of the resolvable", counts["2.H"], resolvable),
        Rate("2.full", "Withheld in full, of the resolvable", counts["2.I"] + procedural, resolvable),
        Rate("2.pending", "Not yet processed, of the resolvable", counts["2.of.pending"], resolvable),
        Rate(
            "2.merits",
            "Granted in full, leaving out sections 12 and 14 as well",
            counts["2.B"],
            resolvable - procedural,
        ),
    )
    return Table("outcomes", "2. Outcome of what is closed", figures, rates)


def _exemptions(main: Sequence[Counted]) -> Iterable[Figure]:
    """A line for each section that was relied on, once for a case however many of its limbs were."""
    refused = [case for case in main if case.outcome in REFUSED]
    yield Figure("3.A", "Refused in full or in part under an exemption", tuple(case.reference for case in refused))
    found: dict[tuple[Regime, str], list[str]] = {}
    for case in refused:
        for section in _sections(case) - {_elsewhere(case)}:
            found.setdefault((case.regime, section), []).append(case.reference)
    for regime, section in sorted(found, key=_in_statute):
        key = f"3.{regime.value}.{section}"
        yield Figure(key, f"{regime.value} {word_for_section(regime)} {section}", tuple(found[regime, section]), 1)


def _in_statute(relied: tuple[Regime, str]) -> tuple[int, int, str]:
    """The order of the four laws and of their sections; 36A comes after 36."""
    regime, section = relied
    digits = "".join(letter for letter in section.partition("(")[0] if letter.isdigit())
    return list(Regime).index(regime), int(digits or 0), section


def _sections(case: Counted) -> set[str]:
    """The exemptions of the limbs that a case's closing names: sections of an Act, single exceptions of Regulations."""
    law = law_of(case.regime)
    named = {limb.citation: limb for limb in law.provisions if limb.status is not Status.NEITHER}
    relied = [named[citation] for citation in case.limbs if citation in named]
    if case.regime not in ENVIRONMENTAL:
        return {limb.section for limb in relied}
    return {limb.citation if limb.section in EXCEPTIONS else limb.section for limb in relied}


def _tell(lines: Iterable[_Line], cases: Iterable[Counted]) -> tuple[Figure, ...]:
    found = list(cases)
    return tuple(
        Figure(line.key, line.words, tuple(case.reference for case in found if line.test(case)), line.level)
        for line in lines
    )
