"""R10, R11 and R12: whether it is held, an answer to every question, and where to find what is accessible."""

import re
from collections import Counter
from collections.abc import Iterator

from service.domain.exemptions import Need
from service.domain.notice_check import telling
from service.domain.notice_check.notice import Finding, Notice, asked_by_number
from service.domain.notice_check.parts import Part
from service.domain.notice_check.references import numbers_named
from service.domain.notice_check.verdict import Place, Verdict
from service.domain.notice_check.wording import ADDRESS, listed, squeezed, words
from service.domain.question import Decision, Holding, Question

_HELD_BESIDE_THE_POINT = frozenset({Decision.NEITHER, Decision.COST_LIMIT, Decision.VEXATIOUS, Decision.REPEATED})
_PLACE = words(
    r"\blibrar(?:y|ies)\b|\breading room\b|\b(?:for|to) (?:purchase|buy|inspect\w*)\b|\bISBN\b|\bgazette\b|\bregister (?:at|of|held)\b|\bleaflet\b|\bpublication scheme\b"
    r"|\b(?:archives?|record office|museum|bookshops?)\b|\bon request from\b|\bin person\b|\bby telephon\w+"
)
_MALFORMED = re.compile(r"(?i)\bhttps?:/{0,2}(?=\s|$|[^\w\s/]|/{3})|\bhttps?://[\w-]*(?:\s|$)")


def says_whether_it_is_held(notice: Notice) -> Iterator[Finding]:
    """R10: s.1(1)(a)."""
    if notice.questions:
        for question in notice.questions:
            yield from _holding(notice, question)
    elif not any(
        telling.says_held(span.text) or telling.NOT_HELD.search(span.text) for span in notice.letter.sentences
    ):
        yield from _unsaid(notice)


def _holding(notice: Notice, question: Question) -> Iterator[Finding]:
    part = notice.part(question.position)
    place = _begins(notice, part)
    if question.decision is None or question.decision in _HELD_BESIDE_THE_POINT:
        return
    if question.decision is Decision.WITHHOLD and notice.words_of_law.is_too_general(question):
        return  # nobody can say whether it is held
    if question.holding is Holding.NOT_STATED:
        verdict = Verdict.WARN if question.decision is Decision.ACCESSIBLE else Verdict.BLOCK
        yield Finding(
            verdict, f"{question.name}: the record does not say whether the information is held: say so.", place
        )
    elif (question.holding is Holding.NOT_HELD) != (question.decision is Decision.NOT_HELD):
        yield Finding(
            Verdict.BLOCK,
            f"{question.name}: the record calls it {question.holding} and decides: {question.decision}: correct one.",
            place,
        )
    elif question.decision is Decision.NOT_HELD and not telling.NOT_HELD.search(_heard(notice, part)):
        yield Finding(
            Verdict.BLOCK, f"{question.name}: the letter does not say that the information is not held: say so.", place
        )


def _heard(notice: Notice, part: Part | None) -> str:
    return part.text if part and part.stands else notice.letter.own


def _begins(notice: Notice, part: Part | None) -> Place | None:
    return notice.letter.place(part.start) if part and part.stands else None


def _unsaid(notice: Notice) -> Iterator[Finding]:
    """What is withheld or pointed to says only by the way that there is something."""
    if not notice.refuses:
        return
    parts = [
        part
        for part in notice.parts
        if part.stands and not telling.NEITHER.search(part.text) and part.number not in notice.denied
    ]
    if parts:
        names = listed(f"Q{part.number}" for part in parts)
        yield Finding(
            Verdict.WARN,
            f"Nothing says whether the information asked for in {names} is held: say so.",
            _begins(notice, parts[0]),
        )
    elif (
        not notice.parts
        and any(not _duty_is_off(span.text) for span in notice.refusing)
        and not _duty_off_anywhere(notice)
    ):
        yield Finding(
            Verdict.WARN, "Nothing says whether the information is held: say so.", notice.place_of(notice.refusing[0])
        )


def _duty_is_off(text: str) -> bool:
    """Neither confirming nor denying, the cost limit and section 14 need not say what is held."""
    return any(
        pattern.search(text) for pattern in (telling.NEITHER, telling.COST_LIMIT, telling.VEXATIOUS, telling.REPEATED)
    )


def _duty_off_anywhere(notice: Notice) -> bool:
    return any(_duty_is_off(span.text) for span in notice.refusing)


def answers_every_question(notice: Notice) -> Iterator[Finding]:
    """R11: s.1(1)."""
    if notice.facts is not None:
        yield from _decided(notice)
        if notice.facts.decided_since:
            several = len(notice.facts.decided_since) > 1
            yield Finding(
                Verdict.BLOCK,
                f"{listed(notice.facts.decided_since)} {'were' if several else 'was'} decided anew after this letter was "
                "written: compose it anew, or save it once more if it says so already.",
            )
        yield from _taken_up(notice)
        return
    if not notice.parts:
        yield Finding(
            Verdict.UNJUDGED,
            "The letter numbers no questions, so its words alone do not tell whether all are answered.",
        )
        return
    for part in notice.parts:
        if not part.sentences and not _for_all(notice):
            yield Finding(Verdict.BLOCK, f"Question {part.number} is not answered: answer it.", _begins(notice, part))


def _for_all(notice: Notice) -> bool:
    """Whether the letter answers all questions at once, as a refusal of the whole request does."""
    return not any(part.stands for part in notice.parts) and not any(part.sentences for part in notice.parts)


def _decided(notice: Notice) -> Iterator[Finding]:
    if not notice.questions:
        yield Finding(Verdict.BLOCK, "No question is recorded: keep the request's questions and decide each.")
    for position, times in Counter(question.position for question in notice.questions).items():
        if times > 1:
            yield Finding(Verdict.BLOCK, f"Question {position} is decided {times} times: keep one decision.")
    for question in notice.questions:
        if question.decision is None:
            yield Finding(Verdict.BLOCK, f"{question.name} is not decided: decide it.")


def _taken_up(notice: Notice) -> Iterator[Finding]:
    asked = asked_by_number(notice)
    if not asked:
        return
    standing = {part.number for part in notice.parts if part.stands}
    everywhere = standing | numbers_named(notice.letter.own, max(asked))
    if len(asked) > 1 and not everywhere:
        unseen = [f"Q{question.position}" for question in notice.questions if not _is_in(notice, question)]
        if unseen:
            yield Finding(
                Verdict.WARN,
                f"The letter numbers no questions and {listed(unseen)} cannot be found in it: name each question you answer.",
            )
        return
    for number in sorted(asked.keys() - everywhere) if everywhere and len(asked) > 1 else ():
        yield Finding(Verdict.BLOCK, f"The letter does not take up question {number}: answer it.")
    for number in sorted(standing - asked.keys()):
        yield Finding(
            Verdict.WARN,
            f"The letter answers a question {number} that is not recorded: record it.",
            _begins(notice, notice.part(number)),
        )
    for part in notice.parts:
        if part.stands and part.number in asked and not part.sentences:
            yield Finding(
                Verdict.BLOCK,
                f"Question {part.number} stands in the letter without an answer: answer it.",
                _begins(notice, part),
            )


def _is_in(notice: Notice, question: Question) -> bool:
    """Whether the letter quotes a question or gives its recorded answer."""
    whole = squeezed(notice.letter.text)
    return any(squeezed(text)[:60] in whole for text in (question.text, question.answer) if text.strip())


def tells_where(notice: Notice) -> Iterator[Finding]:
    """R12: s.21(1)."""
    if notice.questions:
        for question in notice.questions:
            yield from _link(notice, question)
    else:
        yield from _unlinked(notice)
    malformed = notice.letter.find(_MALFORMED)
    if malformed:
        yield Finding(Verdict.WARN, "A web address is broken off: write it out.", malformed)


def _link(notice: Notice, question: Question) -> Iterator[Finding]:
    limbs = [notice.provision(ground.citation) for ground in notice.grounds(question)]
    needed = question.decision is Decision.ACCESSIBLE or any(limb and Need.LINK in limb.needs for limb in limbs)
    if not needed:
        return
    place = _begins(notice, notice.part(question.position))
    if not question.link.strip():
        yield Finding(
            Verdict.BLOCK,
            f"{question.name} is accessible already and nothing says where: record the address or place.",
            place,
        )
    elif squeezed(question.link) not in squeezed(notice.letter.text):
        yield Finding(
            Verdict.BLOCK,
            f"{question.name}: the letter does not give the recorded place of the information: put it in.",
            place,
        )


def _unlinked(notice: Notice) -> Iterator[Finding]:
    parts = [part for part in notice.parts if part.stands]
    if not parts:
        first = next((span for span in notice.letter.sentences if telling.ACCESSIBLE.search(span.text)), None)
        if first and not (ADDRESS.search(_body(notice)) or _PLACE.search(notice.letter.own)):
            yield Finding(
                Verdict.BLOCK,
                "The letter points to what is accessible and gives no address or place: give it.",
                notice.place_of(first),
            )
        return
    for part in parts:
        if telling.ACCESSIBLE.search(part.text) and not (
            ADDRESS.search(part.text) or _PLACE.search(part.text) or numbers_named(part.text, len(parts))
        ):
            yield Finding(
                Verdict.BLOCK,
                f"Q{part.number} points to what is accessible and gives no address or place: give it.",
                _begins(notice, part),
            )


def _body(notice: Notice) -> str:
    """The letter's words but for the regulator's address."""
    return re.sub(r"(?i)\S*(?:ico\.org\.uk|foi\.scot|itspublicknowledge)\S*|\S+@\S+", "", notice.letter.own)
