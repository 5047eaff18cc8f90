"""How one question points at others: by number, or by words such as "these technologies"."""

import re
from collections.abc import Mapping

from service.domain.notice_check.wording import stem, words

_NUMBERS = r"\(?(\d{1,2})\)?((?: ?(?:,|;|/|&|\+|\band\b|\bor\b|\bto\b|-|–)+ ?(?:and |or )?(?:q(?:uestion)?\.? ?)?\(?\d{1,2}\)?(?!\d|[/.]\d))*)"
_NAMED = words(
    rf"\b(?:q(?:uestion)?s?\.?|points?|parts?|items?|either|both|numbers?|nos?\.?|requests?) ?(?:no\.? ?)?{_NUMBERS}(?!\d|[/.]\d|\w)"
)
_JOINED = words(
    r"\b(?:of|in|to|for|from|under|at|with) \(?(\d{1,2})\)? ?((?:,|/|&|\band\b|\bor\b) ?\(?\d{1,2})\)?(?!\d|[/.:]\d|\w)"
    r"(?! (?:days?|weeks?|months?|years?|hours?|times?|per|%|percent|people|officers|miles|km|metres|staff|jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec))"
)
_ABOVE = words(
    r"\b(?:(?:any|all|both|either|each|none|some|one) of )?the (?:above|aforementioned|foregoing|previous questions?|preceding questions?"
    r"|first question)\b(?!-named)|\b(?:mentioned|listed|described|referred to|requested|as) above\b|\babove-?mentioned\b"
)
_THESE = words(r"\b(?:these|those|such|the said|said) ((?:[a-z-]+ ){0,2}?)([a-z][a-z-]{3,})\b")
_THEM = words(r"\b(?:of|for|about|against|from|with|to|by|on) (?:them|these|those)\b(?! [a-z])")
_LABEL = r"^\W{0,3}(?:q(?:uestion)?\.? ?)?(?:\d{1,2}\W{1,3})?(?:(?:and|also|but|then),? )*"
_IF_SO = words(
    rf"{_LABEL}if (?:so|yes|no|not|applicable|any(?= ?,)|you (?:do|did|have|are|were)(?= ?,)|there (?:is|are|was|were|has|have)"
    r"|(?:it|they|this|that|these|those) (?:is|are|was|were|has|have|do|does|did)(?! (?:easier|quicker|possible|helpful|more|too)\b))\b"
)
_VERB = r"(?:did|do|does|have|has|had|was|were|is|are|will|would|can|could)"
# "this" before a noun is no pronoun: "has this council". "They" and "it" always are, but in "how much does it cost to".
_THIS = (
    r"(?:this|that|these|those)(?= (?:been|be|cost|begin|start|end|happen|take|identify|involve|lead|result|continue|run|work|occur|apply|last"
    r"|cease|come|become|affect|go|include|still|ever|not|used|carried|done|made|paid)\b|\s*(?:$|[?.,;]))"
)
_IT = r"(?:they|it(?! (?:cost|take|taken|took|true|possible|correct|the case|legal|lawful|usual|normal|your)\b[^?]{0,60}\b(?:to|that|for|policy)\b))"
_SUBJECT = words(
    rf"{_LABEL}(?:(?:how|what|when|where|which|who|whom|whose|why|at what|in what|for how|to what)\b(?: (?!{_VERB}\b)[\w'-]+){{0,6}} )?{_VERB}"
    rf"(?: (?:also|ever))? (?:{_IT}|{_THIS})(?! that\b)"
)
_ITS = words(
    rf"{_LABEL}(?:(?:please )?(?:what|which|who|when|where|how|give|send|state|provide|supply|list|tell me|me|many|much|is|are|was|were) )*(?:its|their)\b"
)
# "The budget for this", "which company supplied it", where nothing in the question itself can be meant.
_AT_THE_END = words(
    r"^(?:(?!\b(?:and|or|but|if|because|when|once)\b.)[^,;.?!]){2,120}? (?:(?-i:it)|them|this|that|these|those)\s*[?.]?\s*$"
)
# What follows is about something, and says of nothing what: "How many arrests resulted?", "What were the outcomes?".
_OWN = r"(?!(?:of|about|for|from|on|in|at|to|with|by|under|over|during|since|between|per|within|against)\b)"
_OVER = r"(?=\s{0,3}(?:[?.]|$|,? ?(?:and|or) (?:how|what|when|where|which|who|why|(?:for|at|in|to|by) (?:how|what|which|whom))\b))"
_KIND = r"(?:(?:total|final|overall|main|key|actual|estimated|annual|full|exact|approximate|intended|expected|relevant) ){0,2}"
_OF_AN_ACT = (
    r"(?:outcomes?|results?|findings?|conclusions?|consequences?|effects?|impacts?|purposes?|aims?|objectives?|costs?|expenses?|expenditure"
    r"|durations?|benefits?|savings?|success rates?|(?:start|starting|end) dates?|suppliers?|contractors?|lessons(?: learned| learnt)?)"
)
_OF_ANY = r"(?:budgets?|prices?|dates?|locations?|places?|reasons?|length|scope|scale|criteria|grounds)"
_POLICING = r"(?:arrests?|charges|prosecutions?|convictions?|matches|alerts|identifications|seizures|false (?:positives|alarms|matches))"
_WHAT_CAME_OF_IT = words(
    rf"{_LABEL}(?:how (?:many|much)|what|which|who)(?: {_OWN}[\w'-]+){{0,5}} (?:resulted|followed|ensued|arose|took part|participated"
    rf"|(?:is|are|was|were|been) (?:involved|affected)){_OVER}"
    rf"|{_LABEL}how many {_POLICING}(?: (?:and|or) {_POLICING})? (?:were|was|have been) (?:made|there|brought|secured|generated|recorded){_OVER}"
    rf"|{_LABEL}what happened(?: next| then| afterwards)?{_OVER}"
    r"|^(?:(?!\b(?:and|or|but|if|because|when|once|after)\b.)[^,;.?!]){2,120}? as a (?:direct )?(?:result|consequence)(?=\s{0,3}(?:[?.]|$))"
)
_HOW_MANY = words(
    rf"{_LABEL}how many (?:resulted in|led to|ended in)\b|{_LABEL}how many {_VERB}(?: {_OWN}[\w'-]+){{1,3}}{_OVER}"
    rf"|{_LABEL}how much (?:money )?(?:was|were|is|has been|had been) (?:spent|paid|charged|saved|raised|recovered){_OVER}"
)
_ITS_NOUN = words(
    rf"{_LABEL}(?:(?:what|who|which|when|where) (?:is|are|was|were|have been|has been|will be)"
    r"|(?:please )?(?:(?:can|could) you )?(?:please )?(?:give|state|provide|supply|list|tell|send|specify|confirm|outline|describe)(?: me| us)?)"
    rf" the {_KIND}(?:{_OF_AN_ACT}(?:(?:,|,? ?and)(?: the)? {_KIND}(?:{_OF_AN_ACT}|{_OF_ANY})){{0,3}}){_OVER}"
    rf"|{_LABEL}(?:what|when|where) (?:was|were) the {_KIND}{_OF_ANY}(?:(?:,|,? ?and)(?: the)? {_KIND}(?:{_OF_AN_ACT}|{_OF_ANY})){{0,3}}{_OVER}"
)
_ASKING = (
    r"(?:(?:at|for|in|by|since|on|from|with|to) )?(?:how(?: (?:many|much|long|often|far))?|when|where|why(?: not)?|whom?|which"
    r"|what(?: (?:cost|price|purpose|reasons?|dates?|locations?|times?))?)"
)
_BARE = words(
    rf"{_LABEL}(?:please (?:state|say|specify) )?{_ASKING}(?:(?:,|,? ?(?:and|or)) {_ASKING}){{0,3}}\s{{0,3}}[?.]?\s{{0,3}}$"
)
_FOLLOWING = (_IF_SO, _SUBJECT, _ITS, _WHAT_CAME_OF_IT, _HOW_MANY, _ITS_NOUN, _BARE)
_SINGLE = re.compile(r"\d{1,2}")
_RANGE = re.compile(r"\bto\b|-|–")
_EMPTY = frozenset(
    ("things", "information", "documents", "records", "requests", "questions", "data", "cases", "details", "figures")
)


def numbers_named(text: str, highest: int) -> frozenset[int]:
    """The questions that a text names by number; a number above the highest is none."""
    found: set[int] = set()
    for pattern in (_NAMED, _JOINED):
        for match in pattern.finditer(text):
            found.update(_numbers(int(match[1]), match[2] or ""))
    return frozenset(number for number in found if 1 <= number <= highest)


def _numbers(first: int, rest: str) -> list[int]:
    more = [int(number) for number in _SINGLE.findall(rest)]
    if len(more) == 1 and _RANGE.search(rest):
        return list(range(first, more[0] + 1))
    return [first, *more]


def pointed_at(number: int, asked: Mapping[int, str]) -> frozenset[int]:
    """The other questions that a question leans on; `asked` are the words of all of them, by number."""
    text, before = asked[number], [other for other in asked if other < number]
    found = set(numbers_named(text, max(asked)))
    if _ABOVE.search(text):
        found.update(before)
    found.update(_by_noun(text, before, asked))
    if before and not found and (_THEM.search(text) or _follows_up(text)):
        found.add(before[-1])
    return frozenset(found & asked.keys() - {number})


def _follows_up(text: str) -> bool:
    """Whether a question can only be understood by the one before: "If so, when?", "What did it cost?", "Since when?"."""
    opening = re.match(r"\W*(?:and|also|but)\b", text, re.IGNORECASE)
    ends = text[opening.end() :] if opening else text
    return any(pattern.search(text) for pattern in _FOLLOWING) or bool(_AT_THE_END.search(ends.strip()))


def _by_noun(text: str, before: list[int], asked: Mapping[int, str]) -> set[int]:
    """The earlier questions whose noun is taken up by "these", unless this question named it itself just before."""
    found: set[int] = set()
    for match in _THESE.finditer(text):
        noun = stem(match[2])
        own = {stem(word) for word in re.findall(r"[A-Za-z-]+", text[: match.start()])}
        if noun in own or match[2].lower() in _EMPTY:
            continue
        found.update(
            other for other in before if noun in {stem(word) for word in re.findall(r"[A-Za-z-]+", asked[other])}
        )
    return found
