"""R7: the cost limit, vexatious and repeated requests, said and explained."""

from collections.abc import Iterator
from decimal import Decimal

from service.domain.costs import RATES
from service.domain.exemptions import Need
from service.domain.notice_check import telling
from service.domain.notice_check.letter import Span
from service.domain.notice_check.notice import Finding, Notice
from service.domain.notice_check.verdict import Verdict
from service.domain.notice_check.wording import words
from service.domain.question import Decision, Ground, Question
from service.domain.regime import Regime

_ESTIMATE = words(r"\b\d[\d,.]* (?:person-?|working |staff )?(?:hours?|minutes?|days?|weeks?)\b|£ ?\d[\d,.]*|\bhours\b")
_ADVICE = words(
    r"\bnarrow\w*|\brefin\w+|\breduc\w+|\blimit(?:ing)? (?:your|the|it)\b|\bshorter\b|\bsmaller\b|\bwithin the (?:cost |appropriate )?limit\b|\badvice and assistance\b|\badvise and assist\b"
    r"|\bif you (?:would|were to|could|wish|ask\w*|revis\w+|submit\w*)\b|\binstead\b|\bmore (?:specific|particular)\b"
)
_REDACTING = words(r"\b(?:redact\w*|reading through|considering (?:the )?exemptions?|public interest)\b")
_NOT_COUNTED = words(r"\bnot\b|\bexclud\w+|\bwithout\b|\bno\b|\bleav\w+ out\b|\bonly\b")
_HOURS = words(r"\b\d[\d,.]* (?:person-?|working )?(?:hours?|minutes?)\b")
_TOGETHER = words(r"\b12\(4\)|\baggregat\w+|\b(?:counted|taken|considered) together\b")
_RATE = words(r"£ ?\d[\d,.]* ?(?:an|per|/) ?(?:person-?)?hour")
_TOLD_HOURS = words(r"\b(\d[\d,]*(?:\.\d+)?) ?(?:person-?|working |staff )?h(?:ou)?rs?\b")
_TOLD_POUNDS = words(r"£ ?(\d[\d,]*(?:\.\d+)?)")
_FOR_EACH = words(
    r"\b(?:each|every|per|apiece|minutes?|days?|weeks?|months?|fte|more than|over|at least|exceed\w*|minimum)\b"
)
_LEAST = {
    Decision.VEXATIOUS: telling.VEXATIOUS,
    Decision.REPEATED: telling.REPEATED,
    Decision.COST_LIMIT: telling.COST_LIMIT,
}
_CALLED = {
    Decision.VEXATIOUS: "that it is vexatious",
    Decision.REPEATED: "that it repeats an earlier request",
    Decision.COST_LIMIT: "that it would cost more than the appropriate limit",
}
_UNREASONABLE = words(r"\bmanifestly unreasonable\b")


def explains_limits(notice: Notice) -> Iterator[Finding]:
    """R7: s.17(5), s.16."""
    if notice.questions:
        for question in notice.questions:
            yield from _stated(notice, question)
            yield from _explained(notice, question)
            yield from _within(notice, question)
    elif any(limb.section == "12" for limb in notice.limbs) and not notice.words_of_law.environmental:
        yield from _explained_in_words(notice)
    yield from _counts_too_much(notice)


def _stated(notice: Notice, question: Question) -> Iterator[Finding]:
    if question.decision not in _LEAST:
        return
    environmental = notice.words_of_law.environmental
    pattern = _UNREASONABLE if environmental else _LEAST[question.decision]
    called = "that it is manifestly unreasonable" if environmental else _CALLED[question.decision]
    if not pattern.search(notice.letter.own):
        yield Finding(Verdict.BLOCK, f"{question.name} is refused and the letter does not say {called}: say so.")


def _explained(notice: Notice, question: Question) -> Iterator[Finding]:
    for ground in notice.grounds(question):
        limb = notice.provision(ground.citation)
        needs = limb.needs & {Need.ESTIMATE, Need.ADVICE} if limb else frozenset()
        for need in sorted(needs):
            if not ground.particulars.get(need.value, "").strip():
                yield _lacks(notice, question, ground, need)
    if (
        question.decision is Decision.COST_LIMIT
        and notice.words_of_law.environmental
        and not _ADVICE.search(notice.letter.own)
    ):
        yield Finding(
            Verdict.WARN,
            f"{question.name}: say how the request could be narrowed, or that it cannot be (reg 9).",
            citation="reg 9(1)",
        )


def _within(notice: Notice, question: Question) -> Iterator[Finding]:
    """At the limit or below it the duty stands (s.12(1)), unless other requests are counted with this one (s.12(4))."""
    estimated = notice.facts.estimated if notice.facts and question.decision is Decision.COST_LIMIT else ""
    if estimated and not notice.words_of_law.environmental and not _TOGETHER.search(notice.letter.own):
        said = (
            f"{question.name} is refused for its cost, and the newest estimate, {estimated}, does not exceed the limit: "
            "answer it, or correct the estimate."
        )
        yield Finding(Verdict.BLOCK, said, notice.letter.find(telling.COST_LIMIT), "s.12(1)")
    elif notice.regime is Regime.FOIA and question.decision is Decision.COST_LIMIT:
        yield from _told_within(notice, question)


def _told_within(notice: Notice, question: Question) -> Iterator[Finding]:
    """An estimate in words is only doubted: what it leaves to be multiplied or calls the least is no sum."""
    limit = Decimal(notice.facts.cost_limit) if notice.facts else Decimal(0)
    told = " ".join(ground.particulars.get(Need.ESTIMATE.value, "") for ground in notice.grounds(question))
    text = _RATE.sub(" ", told)
    if not limit or _FOR_EACH.search(text) or _TOGETHER.search(f"{told} {notice.letter.own}"):
        return
    pounds = [_number(found) for found in _TOLD_POUNDS.findall(text) if _number(found) != limit]
    hours = [_number(found) for found in _TOLD_HOURS.findall(text)]
    costs = [sum(pounds), RATES[Regime.FOIA].pounds * sum(hours)]
    if any(costs) and max(costs) <= limit:
        said = f"{question.name}: the estimate that is told does not seem to exceed the limit of £{limit}: see that it does."
        yield Finding(Verdict.WARN, said, notice.letter.find(telling.COST_LIMIT), "s.12(1)")


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", "")[:15])


def _lacks(notice: Notice, question: Question, ground: Ground, need: Need) -> Finding:
    named = notice.named(ground.citation)
    if need is Need.ESTIMATE:
        said = f"{question.name}: {named} is claimed without an estimate: record the hours for finding and extracting the information."
    else:
        said = f"{question.name}: {named} is claimed without advice: say what could be had within the limit, or that nothing could."
    return Finding(Verdict.BLOCK, said, notice.place_of_citation(ground.citation))


def _explained_in_words(notice: Notice) -> Iterator[Finding]:
    place = notice.letter.find(telling.COST_LIMIT)
    if not _ESTIMATE.search(notice.letter.own):
        yield Finding(
            Verdict.WARN, "The cost limit is claimed without an estimate: give the hours and what they are for.", place
        )
    if not _ADVICE.search(notice.letter.own):
        yield Finding(
            Verdict.WARN,
            "The cost limit is claimed without advice: say how the request could be narrowed (s.16).",
            place,
        )


def _counts_too_much(notice: Notice) -> Iterator[Finding]:
    """Only finding out, locating, retrieving and extracting count towards the limit (SI 2004/3244 reg 4(3))."""
    counted = next((span for span in notice.letter.sentences if _counts(notice, span)), None)
    if counted:
        yield Finding(
            Verdict.WARN,
            "The estimate seems to count redaction or the weighing of exemptions, which it may not: count the search alone.",
            notice.place_of(counted),
            "SI 2004/3244 reg 4(3)" if notice.regime == "FOIA" else "",
        )


def _counts(notice: Notice, span: Span) -> bool:
    if notice.words_of_law.environmental or not any(one.startswith("12") for one in notice.cited):
        return False
    return bool(_HOURS.search(span.text) and _REDACTING.search(span.text)) and not _NOT_COUNTED.search(span.text)
