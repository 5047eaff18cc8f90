"""R13: what is neither confirmed nor denied, named by a file, by another answer or by a sentence of the letter's own."""

import re
from collections.abc import Iterator

from service.domain.notice_check.admission import admits, clauses, denies, tells_of_holding
from service.domain.notice_check.letter import Span
from service.domain.notice_check.notice import Finding, Notice
from service.domain.notice_check.verdict import Place, Verdict
from service.domain.notice_check.wording import listed, squeezed, stem, stems, words
from service.domain.question import Decision, Question

_FEWEST = 2  # words in common; one alone is chance
# Words that requests and answers of any subject are made of.
_OF_ANY_SUBJECT = stems(
    """information record document data detail copy copies policy policies report file number total cost year month week day date
    list name request question answer please provide confirm held hold current currently recent recently received involve related
    relating including include between following people person public service services department team staff officer officers time
    times each per many much ongoing planned similar different type types figure figures amount amounts january february march april
    june july august september october november december council authority force police trust area borough city county pdf
    docx xlsx csv txt"""
)
_ASKED = words(
    r"\byou (?:have |had |also )?(?:asked|requested|sought|seek|ask|wrote|wished|wanted)\b|\byour (?:\w+ )?(?:request|question|enquiry|letter|email)s?\b"
)


def names_it_elsewhere(notice: Notice) -> Iterator[Finding]:
    """s.2(1): a name that nobody else asked with tells that there is such a thing."""
    denied = [one for one in notice.questions if one.decision is Decision.NEITHER]
    others = [one for one in notice.questions if one.decision not in (None, Decision.NEITHER)]
    for question in denied:
        yield from _in_files(notice, question, others)
        for other in others:
            found = _in_common(other.answer, _distinctive(notice, question, [other]))
            if len(found) >= _FEWEST:
                part = notice.part(other.position)
                place = notice.letter.place(part.start) if part and part.stands else None
                yield _named(question, f"the answer to question {other.position}", found, place)
    yield from _in_the_letter(notice, denied, others)


def _in_files(notice: Notice, question: Question, others: list[Question]) -> Iterator[Finding]:
    if notice.facts is None:
        return
    for name in (*notice.facts.attachments, *notice.facts.attachments_unreleased):
        found = _in_common(name, _distinctive(notice, question, others))
        if len(found) >= _FEWEST:
            yield _named(question, f"the file {name}", found, None)


def _in_the_letter(notice: Notice, denied: list[Question], others: list[Question]) -> Iterator[Finding]:
    """The first sentence that tells of each; recorded answers are judged by themselves, and no sentence twice."""
    answers = [squeezed(one.answer) for one in notice.questions if one.answer]
    taken: set[Span] = set()
    for question in denied:
        about = _distinctive(notice, question, others)
        for span in notice.letter.sentences if about else ():
            found = _told(span.text, question, about)
            if found and span not in taken and not any(squeezed(span.text) in answer for answer in answers):
                taken.add(span)
                yield _named(question, "a sentence of the letter", found, notice.place_of(span))
                break


def _told(sentence: str, question: Question, about: frozenset[str]) -> list[str]:
    """The words by which a sentence names what a question is about and says that it is there, or is not."""
    if not _in_common(sentence, about) or _ASKED.search(sentence):
        return []
    for clause in clauses(sentence):
        found = _in_common(clause, about)
        if len(found) >= _FEWEST and tells_of_holding(clause, question.text):
            return found
        by_name = found and len(about) == 1 and _is_name(question, found[0])
        if by_name and (admits(clause, question.text) or denies(clause)):
            return found
    return []


def _is_name(question: Question, word: str) -> bool:
    """Whether a question writes a word with a capital where it does not begin with it: one name is no chance."""
    return any(one[0].isupper() and stem(one) == stem(word) for one in _apart(question.text).split()[1:])


def _distinctive(notice: Notice, question: Question, others: list[Question]) -> frozenset[str]:
    """What a question is about that neither the others ask with nor the authority is called by."""
    known = " ".join([*(other.text for other in others), notice.facts.authority if notice.facts else ""])
    return stems(_apart(question.text)) - stems(_apart(known)) - _OF_ANY_SUBJECT


def _in_common(text: str, stems_of_it: frozenset[str]) -> list[str]:
    """The words of a text that have one of these stems, each stem once."""
    found: dict[str, str] = {}
    for word in _apart(text).split():
        if stem(word) in stems_of_it:
            found.setdefault(stem(word), word)
    return list(found.values())


def _apart(text: str) -> str:
    """A text's words without the marks that join them in names: gait_recognition-trial.pdf."""
    return " ".join(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text))


def _named(question: Question, where: str, found: list[str], place: Place | None) -> Finding:
    said = (
        f"Question {question.position} is neither confirmed nor denied, and {where} speaks of {listed(found)}: "
        f"see that it does not tell what that question asks."
    )
    return Finding(Verdict.WARN, said, place)
