"""The twenty rules: what each is called, what its letters' law says, and who judges it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.domain.notice_check.answers import answers_every_question, says_whether_it_is_held, tells_where
from service.domain.notice_check.boilerplate import carries_nothing_over
from service.domain.notice_check.denial import is_consistent, keeps_its_counsel
from service.domain.notice_check.interest import dates_what_is_put_off, weighs_confirming, weighs_each_limb
from service.domain.notice_check.limits import explains_limits
from service.domain.notice_check.notice import Finding, Notice
from service.domain.notice_check.particulars import gives_particulars, sends_what_is_released
from service.domain.notice_check.refusal import names_the_limbs, says_that_it_refuses, says_why
from service.domain.notice_check.rights import tells_of_review, tells_of_the_regulator
from service.domain.notice_check.timing import carries_its_particulars, is_in_time
from service.domain.notice_check.verdict import Result, Verdict
from service.domain.notice_check.vocabulary import speaks_of_its_own_law
from service.domain.regime import Regime

NOTHING_REFUSED = "Nothing is refused, so this does not arise."
_ORDER = (Regime.FOIA, Regime.EIR, Regime.FOISA, Regime.EISR)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `sections` are those of FOIA, EIR, FOISA and EISR, `met` is said of a letter that keeps it.

    A rule with `when` asks nothing of a letter for which that is not so.
    """

    id: str
    title: str
    sections: tuple[str, str, str, str]
    judge: Callable[[Notice], Iterator[Finding]]
    met: str
    when: Callable[[Notice], bool] | None = None

    def citation(self, regime: Regime) -> str:
        """The section under the letter's own law."""
        return self.sections[_ORDER.index(regime)]

    def apply(self, notice: Notice) -> tuple[Result, ...]:
        """What there is against the letter, or one result that there is nothing."""
        section = self.citation(notice.regime)
        if self.when and not self.when(notice):
            return (Result(self.id, Verdict.PASS, NOTHING_REFUSED, section),)
        found = dict.fromkeys(self.judge(notice))
        if not found:
            return (Result(self.id, Verdict.PASS, self.met, section),)
        return tuple(Result(self.id, one.verdict, one.sentence, one.citation or section, one.place) for one in found)


def _refuses(notice: Notice) -> bool:
    return notice.refuses


def _gives_notice(notice: Notice) -> bool:
    return notice.gives_notice


_CODES = ("the s.45 Code", "the reg 16 Code", "the s.60 Code", "the reg 18 Code")
_HELD = ("s.1(1)(a)", "reg 5(1)", "s.1(1)", "reg 5(1)")
_DENIAL = ("s.2(1)", "reg 12(6)", "s.18(1)", "reg 10(8)")

RULES: tuple[Rule, ...] = (
    Rule("R1", "says that it is a refusal", ("s.17(1)(a)", "reg 14(1)", "s.16(1)", "reg 13"), says_that_it_refuses,
         "The letter says that it refuses.", _refuses),
    Rule("R2", "names the limbs relied on", ("s.17(1)(b)", "reg 14(3)(a)", "s.16(1)", "reg 13"), names_the_limbs,
         "The letter names the limbs it rests on, and no others."),
    Rule("R3", "says why they apply", ("s.17(1)(c)", "reg 14(3)", "s.16(1)", "reg 13"), says_why,
         "Each limb has its reasons.", _refuses),
    Rule("R4", "weighs the public interest", ("s.17(3)(b)", "reg 14(3)(b)", "s.16(2)", "reg 13"), weighs_each_limb,
         "The public interest is weighed wherever the law asks for it.", _refuses),
    Rule("R5", "weighs confirming or denying", ("s.17(3)(a)", "reg 12(6)", "s.18(1)", "reg 10(8)"), weighs_confirming,
         "Where nothing is confirmed or denied, that is what is weighed.", _refuses),
    Rule("R6", "dates a decision that is put off", ("s.17(2)", "reg 7(1)", "s.10(1)", "reg 7(1)"), dates_what_is_put_off,
         "No weighing of the public interest is put off without a day for it."),
    Rule("R7", "explains the cost limit, says vexatious or repeated", ("s.17(5)", "reg 12(4)(b)", "s.16(4)", "reg 10(4)(b)"),
         explains_limits, "Limits are said and explained, where they are claimed.", _refuses),
    Rule("R8", "tells how to complain", ("s.17(7)(a)", "reg 14(5)(a)", "s.19(a)", "reg 13"), tells_of_review,
         "The letter tells how to ask for a review.", _gives_notice),
    Rule("R9", "tells of the regulator", ("s.17(7)(b)", "reg 14(5)(b)", "s.19(b)", "reg 13"), tells_of_the_regulator,
         "The letter tells of the right to go to the regulator.", _gives_notice),
    Rule("R10", "says whether the information is held", _HELD, says_whether_it_is_held,
         "The letter says what is held, where it must."),
    Rule("R11", "answers every question", ("s.1(1)", "reg 5(1)", "s.1(1)", "reg 5(1)"), answers_every_question,
         "Every question is answered."),
    Rule("R12", "says where it can be had", ("s.21(1)", "reg 6(1)(b)", "s.25(1)", "reg 6(1)(b)"), tells_where,
         "What is accessible already can be found."),
    Rule("R13", "gives nothing away that is neither confirmed nor denied", _DENIAL, keeps_its_counsel,
         "Nothing gives away what is neither confirmed nor denied."),
    Rule("R14", "is consistent where one question leans on another", _DENIAL, is_consistent,
         "No answer gives away what another neither confirms nor denies."),
    Rule("R15", "gives what certain limbs ask for", ("s.17(1)(c)", "reg 14(3)", "s.16(1)", "reg 13"), gives_particulars,
         "The limbs have the particulars they ask for.", _refuses),
    Rule("R16", "is in time, or sorry", ("s.10(1)", "reg 5(2)", "s.10(1)", "reg 5(2)(a)"), is_in_time,
         "The letter is in time, or says that it is late and apologises."),
    Rule("R17", "speaks of its own law", ("s.17(1)(b)", "reg 14(3)(a)", "s.16(1)", "reg 13"), speaks_of_its_own_law,
         "The letter speaks of its own law."),
    Rule("R18", "carries nothing over from another letter", ("s.17(1)(c)", "reg 14(3)", "s.16(1)", "reg 13"),
         carries_nothing_over, "Nothing is left over from another letter."),
    Rule("R19", "sends what was released, and nothing else", ("s.40(2)", "reg 13(1)", "s.38(1)(b)", "reg 11(2)"),
         sends_what_is_released, "Every file that goes out was released, and the letter knows of it."),
    Rule("R20", "carries reference, dates, request and name", _CODES, carries_its_particulars,
         "Reference, dates, request and signature are there."),
)  # fmt: skip
