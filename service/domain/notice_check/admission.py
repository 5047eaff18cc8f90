"""Words that admit or deny that there is something, clause by clause: what "neither confirm nor deny" must not hold."""

import re
from collections.abc import Iterator

from service.domain.notice_check import telling
from service.domain.notice_check.wording import stem, stems, words

_US = (
    r"(?:we|i|(?:the|this) (?:\w+ ){0,3}(?:force|council|authority|trust|police|service|constabulary|department|board"
    r"|university|office)(?: \(\w+\))?)"
)
_DONE = (
    r"(?:used|deployed|tried|trialled|tested|piloted|carried out|conducted|bought|purchased|installed|employed|found|located"
    r"|identified|recorded|run)"
)
# What ends the reach of a condition: "we hold three reports and to release them would tell ..." is not one condition.
# A plain comma does not: "if it exists, the information is ...".
_JOINTS = words(
    r"[;:]|,? ?\b(?:but|although|though|because)\b|, (?:and|so|which|while)\b|\band (?=(?:we|i|our|there|to)\b)"
)
_IF = (
    # "If it helps, we hold ..." puts nothing under a condition.
    r"\bif (?!(?:it|that|this) (?:is |may be |would be )?(?:of )?(?:helps?|helpful|assists?|assistance|use|useful|interest)\b|you\b)"
    r"|\bwhether\b|\bwould\b(?! (?:like|wish|add|note|say|point|stress|mention)\b)|\bwere (?:it|they|any|such|we)\b"
    r"|\bshould (?:it|any|such|not be|be) |\bmay or may not\b|\b(?:is or is not|does or does not|do or do not)\b"
)
_CONDITION = words(_IF)
_SUPPOSES = words(
    rf"{_IF}|\bhow\b|\bwhere\b|\bany\b|\b(?:indication|inference|infer\w*|suggest\w*|impl(?:y|ies|ying)|mean)\b"
    r"|\b(?:could|might) (?:reveal|tell|show|help|lead|enable|allow)\b|\b(?:confirmation|denial|admission) that\b"
    # "To confirm that ...", not "we are able to confirm that ...".
    r"|^(?:and |or )?(?:to|by) (?:say|confirm|den|reveal|disclos|releas|acknowledg|admit|stat|tell)\w*|, or to den\w+"
    r"|(?<!\bare\s)(?<!\bam\s)\b(?:say|confirm|deny|reveal|disclos|releas|acknowledg|admitt)ing\b"
)
_MAY = words(r"\b(?:may|might|could|would) (?:(?:not|also|well) )?(?:hold|have|be|keep|use|possess)\b")
_IF_ANY = words(r",? ?\bif (?:there (?:is|are|were) )?any\b")

_KEPT_BACK = words(
    r"\b(?:information|data|records?|documents?|details|material|policy|policies|this|it|they|some|part|some of it) (?:\w+ ){0,6}?(?:is|are|was|were|has been|have been|being) (?:\w+ )?"
    r"(?:exempt(?:ed)?|withheld|redacted|held|refused|not disclosed|retained)\b|\b(?:we|i) (?:\w+ ){0,3}(?:withhold|withheld|hold|redacted)\b"
    r"|\b(?:withholding|redacting) (?:this|the|that|some|part|it)\b|\bthe (?:withheld|exempt) (?:information|data|material)\b|\bexempt from disclosure\b"
    rf"|\b{_US} (?:also |do |does |currently )?holds?\b"
)
# These tell something only of a thing that was asked for, or of a number of things: "there is a public interest" does not.
_THERE_IS = words(
    r"\bthere (?:is|are|was|were|has been|have been) (?:also |currently |indeed )?(?P<thing>[^,;:.()]{2,80})"
    rf"|\b{_US} (?:also |do |does )?(?:have|has|had|possess|possesses|keep|keeps|used?|uses) (?P<ours>[^,;:.()]{{2,80}})"
    rf"|\b{_US} (?:have |has |also )*{_DONE} (?P<done>[^,;:.()]{{2,80}})"
    r"|\b(?:our|the) (?:records?|search\w*|files?) (?:shows?|found|contains?|lists?) (?P<shown>[^,;:.()]{2,80})"
)
_WAS_USED = words(
    r"\b(?P<what>[a-z'-]{1,30}) (?:(?:is|are|was|were|has been|have been) (?:\w+ )?"
    rf"(?:{_DONE}|under ?way|in use|ongoing|taking place)|took place)\b"
)
_THE_THREE = words(
    r"\b(?:the|these|those|our|all) (?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|many) (?P<things>\w+(?: \w+)?)"
)
# Told of a thing that few others are called by, these say that there is such a thing or that there is not.
_ENDED = r"(?:begun|started|stopped|ended|completed|finished|planned|approved|abandoned|cancelled)"
_NOW = r"(?:(?:also|do|does|did|have|has|had|not|never|only|still|currently|once) ){0,3}"
_DONE_OR_HELD = words(
    rf"\b{_US} {_NOW}(?:holds?|held|keeps?|kept|enclosed?|attach(?:ed)?|withh(?:o|e)ld|uses?|ran|began|{_DONE}|{_ENDED})\b(?! (?:section|regulation)\b)"
    r"|\b(?:is|are|was|were|been|being) (?:(?:not|never|also|first|still|only|\w{2,20}ly) ){0,2}"
    rf"(?:held|kept|exempt(?:ed)?|withheld|redacted|under ?way|in use|ongoing|taking place|{_DONE}|{_ENDED})\b"
    r"|\b(?:took|takes|taken) place\b|\b(?:began|started|ended|ran|lasted|existed|exists?|happened|led to|resulted in)\b"
    r"|\bcosts? (?:£|\d|about|around|over|under|nothing|us\b|the (?:force|council|authority|trust)\b)"
)
_BEFORE = words(r"\b(?:in|of|at|on|for|about|that|to|which|who|from|by|with|where|since|during|between|under|and|or)\b")
_MANY = words(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|dozens?|hundreds|(?:number|handful|couple) of)\b"
)
_PRONOUNS = frozenset(("it", "they", "this", "these", "those", "both"))
_KEPT = stems("records reports documents files contracts emails papers recordings footage logs entries")
_ABSTRACT = frozenset(
    map(
        stem,
        re.findall(
            r"\w+",
            """interest risk duty right reason argument factor danger concern harm presumption expectation likelihood obligation
    requirement provision possibility doubt weight benefit consideration need question stage step way test exemption exception
    section limb condition element part point case threat day week month hour year purpose side matter""",
        ),
    )
)


def clauses(sentence: str) -> list[str]:
    """A sentence in the stretches that one condition can govern."""
    return [clause.strip() for clause in _JOINTS.split(sentence) if clause and clause.strip()]


def supposes(sentence: str) -> bool:
    """Whether a sentence speaks of what may be, rather than of what is."""
    return bool(_CONDITION.search(sentence) or telling.NEITHER.search(sentence))


def admits(sentence: str, asked: str) -> bool:
    """Whether a clause says outright that something is held or was done, where `asked` are the words of the question."""
    topic = stems(asked)
    return any(_stands(clause, match) for clause in clauses(sentence) for match in _admissions(clause, topic))


def denies(sentence: str) -> bool:
    """Whether a clause says outright that nothing is held."""
    return any(_stands(clause, match) for clause in clauses(sentence) for match in telling.NOT_HELD.finditer(clause))


def tells_of_holding(clause: str, asked: str) -> bool:
    """Whether a clause says of its subject, in the words of the question or in any, that it is held or was done, or not."""
    if admits(clause, asked) or denies(clause):
        return True
    return any(_stands(clause, match) for match in _DONE_OR_HELD.finditer(clause))


def _stands(clause: str, match: "re.Match[str]") -> bool:
    """Whether nothing in a clause makes what was found in it a mere supposition."""
    if telling.NEITHER.search(clause) or _MAY.search(match[0]):
        return False
    if telling.IF_IT_EXISTS.search(clause) or _IF_ANY.search(clause):
        return False
    return not _SUPPOSES.search(clause[: match.start(match.lastgroup) if match.lastgroup else match.end()])


def _admissions(clause: str, topic: frozenset[str]) -> Iterator["re.Match[str]"]:
    yield from (match for match in _KEPT_BACK.finditer(clause) if not telling.NOT_HELD.search(clause[: match.end()]))
    for match in _THERE_IS.finditer(clause):
        if _tells(match[match.lastgroup or 0], topic):
            yield match
    for match in _THE_THREE.finditer(clause):
        things = {stem(word) for word in match["things"].split()}
        if things & (topic | _KEPT) and not things & _ABSTRACT:
            yield match
    for match in _WAS_USED.finditer(clause):
        what = match["what"].lower()
        if what in _PRONOUNS or stem(what) in topic | _KEPT:
            yield match


def _tells(thing: str, topic: frozenset[str]) -> bool:
    """Whether a thing is what was asked for, or a paper, or is counted: "five arrests in Croydon"."""
    counted = _MANY.search(thing[:30])
    counts = _head(thing[counted.end() :]) if counted else ""
    noun = counts or _head(thing)  # behind the number of a year there is nothing: "drones in 2019"
    if not noun or noun in _ABSTRACT or noun.removesuffix("s") in _ABSTRACT:
        return False
    return bool(counts) or noun in topic | _KEPT


def _head(thing: str) -> str:
    """The stem of the noun that the rest of a thing's words hang on, of "covert trials in Croydon" that of trials."""
    words_of_it = re.findall(r"[A-Za-z'-]+", _BEFORE.split(thing)[0])
    return stem(words_of_it[-1]) if words_of_it else ""
