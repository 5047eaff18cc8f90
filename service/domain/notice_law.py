"""What each regime calls the parts of an answer, section by section: the words that a letter cites it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.exemptions import Law, NoSuchProvision
from service.domain.question import Decision, Ground, Question
from service.domain.regime import Regime


@dataclass(frozen=True, slots=True)
class NoticeLaw:
    """How a letter names the law of its case; sections are written out: "section 17", "regulation 14".

    `duty` is the right to be told and given information, `notice_in_time` the time limit of a refusal notice by what
    is decided, `interest_in_time` that of its reasons while the public interest is still weighed, empty where nothing
    may be put off, `limbs` the citation that a decision rests on by the law itself. `not_held` is the section of a
    notice that information is not held, empty where the duty itself says it all; `valid` says what makes a request
    one, empty where any wish in words is enough; `too_general` is the citation for a request that does not tell what is
    wanted, empty where the law has no such ground.
    """

    act: str
    duty: str
    exemption: str
    refusal: str
    answer_in_time: str
    notice_in_time: str
    notice_at_once: Mapping[Decision, str]
    not_held: str
    interest: str
    denial_interest: str
    presumption: str
    absolute: str
    help: str
    valid: str
    clarification: str
    fee: str
    extension: str
    transfer: str
    limbs: Mapping[Decision, str]
    review: str
    interest_in_time: str = ""
    too_general: str = ""
    environmental: bool = False
    lifts_the_duty: bool = False  # whether to neither confirm nor deny lifts a duty to say if information is held

    def of(self, section: str) -> str:
        """section 17 of the Act."""
        return f"{section} of {self.act}"

    def refuses(self, decision: Decision | None) -> bool:
        """Whether a decision needs a refusal notice; that nothing is held is an exception of the Regulations."""
        if decision is None:
            return False
        return decision.refuses or (self.environmental and decision is Decision.NOT_HELD)

    def is_too_general(self, question: Question) -> bool:
        """Whether a question is refused because it does not tell which information is wanted (reg 12(4)(c)).

        Nobody can then say whether that is held.
        """
        return any(ground.citation == self.too_general for ground in question.grounds)

    def _or_implied(self, grounds: tuple[Ground, ...], decision: Decision | None) -> tuple[Ground, ...]:
        """The grounds or, where the decision itself names its section and nobody wrote one, that section."""
        implied = self.limbs.get(decision) if decision else None
        return grounds or ((Ground(implied),) if implied else ())

    def parted(self, law: Law, question: Question) -> tuple[tuple[Ground, ...], tuple[Ground, ...]]:
        """The limbs that lift the duty to confirm beside an answer that rests on others, and those it rests on."""
        lifts = question.decision not in (Decision.NEITHER, Decision.COST_LIMIT)
        beside = tuple(ground for ground in question.grounds if lifts and _denies(law, ground))
        rest = tuple(ground for ground in question.grounds if ground not in beside)
        return beside, self._or_implied(rest, question.decision)

    def grounds_of(self, law: Law, question: Question) -> tuple[Ground, ...]:
        """All that a decision rests on, with what the law itself gives it."""
        beside, rest = self.parted(law, question)
        return (*rest, *beside)


def _denies(law: Law, ground: Ground) -> bool:
    try:
        return law.provision(ground.citation).denies
    except NoSuchProvision:
        return False


_FOIA = NoticeLaw(
    act="the Act",
    duty="section 1(1)(a)",
    exemption="exemption",
    refusal="section 17",
    answer_in_time="section 10(1)",
    notice_in_time="section 17(1)",
    notice_at_once={
        Decision.COST_LIMIT: "section 17(5)",
        Decision.VEXATIOUS: "section 17(5)",
        Decision.REPEATED: "section 17(5)",
    },
    not_held="",
    interest="section 2(2)(b)",
    denial_interest="section 2(1)(b)",
    presumption="",
    absolute="section 2(3)",
    help="section 16",
    valid="section 8(1)",
    clarification="section 1(3)",
    fee="section 9",
    extension="section 10(3)",
    transfer="section 16",
    limbs={
        Decision.ACCESSIBLE: "21(1)",
        Decision.COST_LIMIT: "12(1)",
        Decision.VEXATIOUS: "14(1)",
        Decision.REPEATED: "14(2)",
    },
    review="",
    interest_in_time="section 17(3)",
    lifts_the_duty=True,
)
_EIR = NoticeLaw(
    act="the Regulations",
    duty="regulation 5(1)",
    exemption="exception",
    refusal="regulation 14",
    answer_in_time="regulation 5(2)",
    notice_in_time="regulation 14(2)",
    notice_at_once={},
    not_held="regulation 12(4)(a)",
    interest="regulation 12(1)(b)",
    denial_interest="regulation 12(1)(b)",
    presumption="regulation 12(2)",
    absolute="",
    help="regulation 9(1)",
    valid="",
    clarification="regulation 9(2)",
    fee="regulation 8",
    extension="regulation 7(1)",
    transfer="regulation 10",
    limbs={
        Decision.NOT_HELD: "12(4)(a)",
        Decision.ACCESSIBLE: "6(1)(b)",
        Decision.COST_LIMIT: "12(4)(b)",
        Decision.VEXATIOUS: "12(4)(b)",
        Decision.REPEATED: "12(4)(b)",
    },
    review="regulation 11",
    too_general="12(4)(c)",
    environmental=True,
)
_FOISA = NoticeLaw(
    act="the Act",
    duty="section 1(1)",
    exemption="exemption",
    refusal="section 16",
    answer_in_time="section 10(1)",
    notice_in_time="section 16(1)",
    notice_at_once={
        Decision.COST_LIMIT: "section 16(4)",
        Decision.VEXATIOUS: "section 16(5)",
        Decision.REPEATED: "section 16(5)",
    },
    not_held="section 17(1)",
    interest="section 2(1)(b)",
    denial_interest="section 18(1)",
    presumption="",
    absolute="section 2(2)",
    help="section 15",
    valid="section 8(1)",
    clarification="section 1(3)",
    fee="section 9",
    extension="",
    transfer="section 15",
    limbs={
        Decision.ACCESSIBLE: "25(1)",
        Decision.COST_LIMIT: "12(1)",
        Decision.VEXATIOUS: "14(1)",
        Decision.REPEATED: "14(2)",
    },
    review="section 20",
)
_EISR = NoticeLaw(
    act="the Regulations",
    duty="regulation 5(1)",
    exemption="exception",
    refusal="regulation 13",
    answer_in_time="regulation 5(2)(a)",
    notice_in_time="regulation 13(a)",
    notice_at_once={},
    not_held="regulation 10(4)(a)",
    interest="regulation 10(1)(b)",
    denial_interest="regulation 10(8)",
    presumption="regulation 10(2)(b)",
    absolute="",
    help="regulation 9(1)",
    valid="",
    clarification="regulation 9",
    fee="regulation 8",
    extension="regulation 7(1)",
    transfer="regulation 14",
    limbs={
        Decision.NOT_HELD: "10(4)(a)",
        Decision.ACCESSIBLE: "6(1)(b)",
        Decision.COST_LIMIT: "10(4)(b)",
        Decision.VEXATIOUS: "10(4)(b)",
        Decision.REPEATED: "10(4)(b)",
    },
    review="regulation 16",
    too_general="10(4)(c)",
    environmental=True,
)
_LAWS: Mapping[Regime, NoticeLaw] = {
    Regime.FOIA: _FOIA,
    Regime.EIR: _EIR,
    Regime.FOISA: _FOISA,
    Regime.EISR: _EISR,
}


def notice_law(regime: Regime | str) -> NoticeLaw:
    """How letters name the law of a regime."""
    return _LAWS[Regime(regime)]
