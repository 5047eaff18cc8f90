"""R13 and R14: that what is neither confirmed nor denied is not given away, beside it or by another answer."""

from collections.abc import Iterator

from service.domain.notice_check import telling
from service.domain.notice_check.admission import admits, denies, supposes
from service.domain.notice_check.echo import names_it_elsewhere
from service.domain.notice_check.letter import LetterText, Span
from service.domain.notice_check.notice import Finding, Notice, asked_by_number, words_of_request
from service.domain.notice_check.references import pointed_at
from service.domain.notice_check.verdict import Verdict
from service.domain.notice_check.wording import words
from service.domain.question import Decision, Question

_LOOK = words(
    r"^(?:please |you (?:may|can|might) (?:also )?(?:wish to |like to )?|for \w+(?: \w+){0,4},? )?(?:see|find|look at|read|visit|consult|refer to)\b"
    r"|\b(?:is|are) (?:published|available) (?:at|on|in|from|by)\b"
)
_MAY_STAND_SO = frozenset({Decision.VEXATIOUS, Decision.REPEATED})  # these say nothing of what is held either


def keeps_its_counsel(notice: Notice) -> Iterator[Finding]:
    """R13: s.2(1), s.1(1)(a)."""
    given_away = list(_given_away(notice))
    places = {finding.place for finding in given_away}
    yield from _unsaid(notice)
    yield from _answered(notice)
    yield from (finding for finding in names_it_elsewhere(notice) if not finding.place or finding.place not in places)
    yield from given_away


def _given_away(notice: Notice) -> Iterator[Finding]:
    """The first sentence of each denied question's answer, and of all else if only that is refused, that gives it away."""
    for part in notice.parts:
        if part.number in notice.denied:
            slip = next((span for span in part.sentences if admits(span.text, part.asked) or denies(span.text)), None)
            if slip:
                yield _gives_away(notice, slip, f"question {part.number}")
    inside = {span.start for part in notice.parts for span in part.sentences}
    if _only_denies(notice):
        asked = words_of_request(notice)
        alone = bool(notice.questions)  # on paper, what is not held may be another question
        outside = [span for span in notice.letter.sentences if span.start not in inside]
        slip = next((span for span in outside if admits(span.text, asked) or (alone and denies(span.text))), None)
        if slip:
            yield _gives_away(notice, slip, "what the letter neither confirms nor denies")


def _gives_away(notice: Notice, slip: Span, what: str) -> Finding:
    said = f"These words tell whether something is held for {what}: write as if it may not exist, or strike them out."
    return Finding(Verdict.BLOCK, said, notice.place_of(slip))


def _answered(notice: Notice) -> Iterator[Finding]:
    """What is recorded as the answer where there is none to give: it goes into the letter as it stands."""
    for question in notice.questions:
        if question.decision is not Decision.NEITHER:
            continue
        plain = next((span.text for span in LetterText.of(question.answer).sentences if _is_plain(span.text)), None)
        if plain:
            part = notice.part(question.position)
            yield Finding(
                Verdict.BLOCK,
                f"The answer recorded for question {question.position}, which is neither confirmed nor denied, states something: "
                f"write it as if nothing may exist, or strike it out.",
                notice.letter.place(part.start) if part and part.stands else None,
            )


def _is_plain(sentence: str) -> bool:
    """Whether a sentence neither supposes something nor only says where to look."""
    return not (supposes(sentence) or telling.ACCESSIBLE.search(sentence) or _LOOK.search(sentence))


def _unsaid(notice: Notice) -> Iterator[Finding]:
    """A decision to neither confirm nor deny that the letter does not tell."""
    for question in notice.questions:
        part = notice.part(question.position)
        heard = part.text if part and part.stands else notice.letter.own
        if question.decision is Decision.NEITHER and not telling.NEITHER.search(heard):
            place = notice.letter.place(part.start) if part and part.stands else None
            yield Finding(
                Verdict.BLOCK,
                f"The letter does not say for question {question.position} that you neither confirm nor deny: say so.",
                place,
            )


def _only_denies(notice: Notice) -> bool:
    """Whether nothing but neither confirming nor denying is refused, so that "some is withheld" tells something."""
    if notice.questions:
        decisions = [question.decision for question in notice.questions]
        refusing = [
            decision for decision in decisions if decision and decision.refuses and decision is not Decision.ACCESSIBLE
        ]
        return bool(refusing) and all(decision is Decision.NEITHER for decision in refusing) and not _holds_some(notice)
    if not telling.NEITHER.search(notice.letter.own):
        return False
    sections = {limb.section for limb in notice.limbs if limb.denies}
    return all(citation.partition("(")[0] in sections and not _withholds(notice, citation) for citation in notice.cited)


def _holds_some(notice: Notice) -> bool:
    """What is given or pointed to may be called held."""
    return any(question.decision is not Decision.NEITHER for question in notice.questions)


def _withholds(notice: Notice, citation: str) -> bool:
    limb = notice.provision(citation)
    return limb is not None and not limb.denies and not _names_the_matter(notice, limb.section)


def _names_the_matter(notice: Notice, section: str) -> bool:
    """A limb beside that for neither confirming nor denying says what the latter protects."""
    return any(limb.denies and limb.section == section for limb in notice.limbs) and not any(
        telling.WITHHELD.search(span.text) and not telling.NEITHER.search(span.text) and section in span.text
        for span in notice.refusing
    )


def is_consistent(notice: Notice) -> Iterator[Finding]:
    """R14: s.2(1)."""
    asked = asked_by_number(notice)
    if not notice.denied or not asked:
        return
    touched, grown = set(notice.denied), True
    pointing = {number: pointed_at(number, asked) for number in asked}
    while grown:
        more = {number for number in asked if number not in touched and pointing[number] & touched}
        touched, grown = touched | more, bool(more)
    for number in sorted(touched - notice.denied):
        yield from _answered_plainly(notice, number, sorted(pointing[number] & touched))


def _answered_plainly(notice: Notice, number: int, pointing: list[int]) -> Iterator[Finding]:
    question = next((one for one in notice.questions if one.position == number), None)
    part = notice.part(number)
    if question and (question.decision in _MAY_STAND_SO or question.decision is None):
        return
    partly = question is None or _denies(notice, question)
    if partly and part and telling.NEITHER.search(part.text if part.stands else notice.letter.own):
        return
    if question is None and not (part and part.sentences):
        return
    several = len(pointing) > 1
    others = f"question{'s' if several else ''} {' and '.join(str(other) for other in pointing)}"
    place = notice.letter.place(part.start) if part and part.stands else None
    yield Finding(
        Verdict.BLOCK,
        f"Question {number} leans on {others}, which {'are' if several else 'is'} neither confirmed nor denied, and is answered plainly: "
        f"neither confirm nor deny it for that part.",
        place,
    )


def _denies(notice: Notice, question: Question) -> bool:
    limbs = [notice.provision(ground.citation) for ground in question.grounds]
    return any(limb and limb.denies for limb in limbs)
