"""The refusal-notice checker: a letter's words, and its case's record, against twenty rules."""

from service.domain.notice_check.facts import NoticeFacts
from service.domain.notice_check.letter import LetterText
from service.domain.notice_check.notice import Notice
from service.domain.notice_check.rules import RULES
from service.domain.notice_check.verdict import Place, Result, Verdict
from service.domain.notice_check.vocabulary import guess_regime
from service.domain.regime import Regime

__all__ = ["RULES", "NoticeFacts", "Place", "Result", "Verdict", "check_notice", "read_notice"]


def check_notice(letter: str, facts: NoticeFacts | None, regime: Regime | None = None) -> tuple[Result, ...]:
    """What each rule says of a letter, in their order; a rule may have several things against it.

    Without facts the words are all there is, and the law is guessed from them unless it is told.
    """
    notice = read_notice(letter, facts, regime)
    return tuple(result for rule in RULES for result in rule.apply(notice))


def read_notice(letter: str, facts: NoticeFacts | None, regime: Regime | None = None) -> Notice:
    """The letter as the rules read it."""
    if facts is None:
        text = LetterText.of(letter)
        return Notice(text, regime or guess_regime(text), sure=regime is not None)
    asked = "\n".join((facts.request, *(question.text for question in facts.questions)))
    return Notice(LetterText.of(letter, asked), facts.regime, facts)
