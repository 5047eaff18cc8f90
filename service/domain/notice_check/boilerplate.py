"""R18: what a letter carries over from another: holes, repetitions, and things that nobody asked about."""

import re
from collections import Counter
from collections.abc import Iterator

from service.domain.notice_check import telling
from service.domain.notice_check.letter import Span
from service.domain.notice_check.notice import Finding, Notice, words_of_request
from service.domain.notice_check.verdict import Verdict
from service.domain.notice_check.wording import squeezed, stem, stems, words

_HOLES = re.compile(
    r"\[(?!REDACTED|SIC\b|PERSONAL)[A-Z][A-Z ,/'&-]{1,40}\]|\[(?![^\]\n]{0,60}(?i:redacted|withheld|removed))(?i:insert|enter|delete|name|date|your|amend|select|choose|add|state|specify|tbc|x+)\b[^\]\n]{0,60}\]"
    r"|<(?i:insert|enter|delete|name|date|your|reference|amount)\b[^>\n]{0,40}>|\bX{2,12}\b(?! ?\()|\b(?:TBC|TBA)\b|\{\{|\}\}|_{4,}|\.{7,}|\bDD/MM/YY|(?i:\blorem ipsum\b|delete as (?:appropriate|applicable))"
    # {requester_name}, [requester's name], «Name», ?? June, but not [name redacted] nor "sure??"
    r"|\{(?i:[a-z][\w .'-]{1,40})\}|«[^»\n]{2,40}»|(?<![\w?!.,)\"'”])\?{2,}(?=[ /-]{0,2}\w)"
    r"|\[(?i:(?![^\]\n]{0,60}(?:redacted|withheld|removed))(?:[a-z][\w'-]* ){1,4}(?:name|date|address|reference|number|amount|title|signature|day|month))\]"
)
_PLURAL = words(r"\b(?:following|these|those) (?:exemptions|exceptions)\b")
_CITES = words(r"\b(?:sections?|regulations?|s\.|reg\.?) ?\d|\bpublic interest test\b|\bthe Act\b|\bthe Regulations\b")
_REASONS = words(
    r"\bwould\b|\bcould\b|\bprejudic\w*|\bharm\w*|\bidentify\b|\bundermin\w*|\bcompromis\w*|\bcriminal\w*|\blikely\b|\boutweigh\w*|\bpublic interest\b"
)
_UNDER_A_HEADING = re.compile(r"^[^.]{3,60} [-–—] (?=[A-Z])")  # "Section 31 - Law enforcement - The release of"
_FEWEST = 8  # words of a sentence that can be a repetition
# Things that reasons written for another request name; each list is one subject.
_SUBJECTS = tuple(
    frozenset(stem(word) for word in line.split())
    for line in """
    vehicles vehicle cars car fleet plates traffic motor speeding ambulance transport
    firearms firearm weapons guns shotgun armed ammunition
    helicopters helicopter aircraft drones drone
    tasers taser
    informants informant chis
    pupils pupil school schools teachers classroom education
    patients patient hospital clinical medical nhs health treatment
    bidders bidder tender tenders tendering procurement contract contracts supplier suppliers contractor bids bid commercial price prices firm company
    tenants tenant housing rent landlord homes
    prisoners prisoner prison inmates custody offenders detainees
    badgers badger cull
    passwords password firewall malware cyber ransomware network software it systems computer
    cctv camera cameras surveillance video footage anpr facial recognition image images
    dogs dog canine
    exam examination candidates examiners
    embassy embassies diplomatic diplomats ambassador
    nuclear reactor
    protesters protest protests demonstrations
    """.strip().splitlines()
)
_TELLTALES = frozenset(
    stem(word)
    for word in (
        "vehicles",
        "firearms",
        "helicopters",
        "drones",
        "tasers",
        "informants",
        "pupils",
        "patients",
        "bidders",
        "tenants",
        "prisoners",
        "badgers",
        "passwords",
        "cctv",
        "dogs",
        "exam",
        "embassy",
        "nuclear",
        "protesters",
    )
)


def carries_nothing_over(notice: Notice) -> Iterator[Finding]:
    """R18: what s.17(1)(c) asks for are reasons for this request."""
    yield from _holes(notice)
    yield from _repetitions(notice)
    yield from _plural_of_one(notice)
    yield from _foreign(notice)


def _holes(notice: Notice) -> Iterator[Finding]:
    for match in _HOLES.finditer(notice.letter.own):
        if match[0].lower() not in squeezed(words_of_request(notice)):
            place = notice.letter.place(match.start(), match.end())
            yield Finding(Verdict.BLOCK, f"A place is still to be filled in: {match[0][:40]}.", place)
            return


def _repetitions(notice: Notice) -> Iterator[Finding]:
    """Sentences that one part of the letter says twice; two questions may well have the same answer."""
    seen: set[tuple[int, str]] = set()
    again: list[Span] = []
    inside = {span.start: part.number for part in notice.parts if part.stands for span in part.sentences}
    for span in notice.letter.sentences:
        plain = squeezed(_UNDER_A_HEADING.sub("", span.text))
        if plain.count(" ") < _FEWEST - 1 or _CITES.search(plain):
            continue
        where = (inside.get(span.start, 0), plain)
        if where in seen:
            again.append(span)
        seen.add(where)
    if again:
        many = "A sentence stands" if len(again) == 1 else f"{len(again)} sentences stand"
        said = f"{many} in the letter word for word twice: strike out what is said already."
        yield Finding(Verdict.WARN, said, notice.place_of(again[0]))


def _plural_of_one(notice: Notice) -> Iterator[Finding]:
    place = notice.letter.find(_PLURAL)
    named = [
        one for one in notice.cited if not any(other != one and other.startswith(f"{one}(") for other in notice.cited)
    ]
    if place and len(named) == 1:
        kind = notice.words_of_law.exemption
        yield Finding(
            Verdict.WARN,
            f"The letter speaks of several {kind}s and names one, {notice.named(named[0])}: say which.",
            place,
        )


def _foreign(notice: Notice) -> Iterator[Finding]:
    asked = stems(words_of_request(notice))
    if len(asked) < _FEWEST:
        return  # too little is known of what was asked
    topics = asked | stems(notice.facts.authority if notice.facts else "")
    strange = Counter(tale for subject in _SUBJECTS if not subject & topics for tale in subject & _TELLTALES)
    for span in _reasons(notice):
        found = next((word for word in re.findall(r"[A-Za-z]+", span.text) if stem(word) in strange), None)
        if found:
            yield Finding(
                Verdict.WARN,
                f"The reasons speak of {found}, of which nobody asked: make them about this request.",
                notice.place_of(span),
            )
            return


def _reasons(notice: Notice) -> Iterator[Span]:
    for span in notice.letter.sentences:
        if _REASONS.search(span.text) and not telling.ACCESSIBLE.search(span.text):
            yield span
