"""R13: what is neither confirmed nor denied, named by a file's name or where another question is answered."""

import re
from collections.abc import Iterator

from service.domain.notice_check.notice import Finding, Notice
from service.domain.notice_check.verdict import Place, Verdict
from service.domain.notice_check.wording import listed, stem, stems
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


def _in_files(notice: Notice, question: Question, others: list[Question]) -> Iterator[Finding]:
    if notice.facts is None:
        return
    for name in (*notice.facts.attachments, *notice.facts.attachments_unreleased):
        found = _in_common(name, _distinctive(notice, question, others))
        if len(found) >= _FEWEST:
            yield _named(question, f"the file {name}", found, None)


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
