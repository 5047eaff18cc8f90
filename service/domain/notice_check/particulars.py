"""R15 and R19: what certain limbs ask for beyond reasons, and the files that go with a letter."""

from collections.abc import Iterator, Sequence
from datetime import date

from service.domain.exemptions import Need, Provision
from service.domain.notice_check.notice import Finding, Notice, stands_under
from service.domain.notice_check.verdict import Verdict
from service.domain.notice_check.wording import listed, words
from service.domain.question import Decision, Ground, Question
from service.domain.regime import Regime
from service.domain.written_date import days_in

_ELSEWHERE = frozenset({Need.PIT, Need.HARM, Need.LINK, Need.ESTIMATE, Need.ADVICE})  # other rules ask for these
_CITATIONS = {
    Need.QUALIFIED_PERSON: "s.36(5)",
    Need.OPINION: "s.36(2)",
    Need.OPINION_ON: "s.36(2)",
    Need.ENACTMENT: "s.44(1)",
    Need.PRINCIPLE: "s.40(3A)",
    Need.PURPOSE: "s.31(2)",
    Need.BODY: "reg 14(4)",
    Need.WHEN: "reg 14(4)",
}
_SCOTTISH_CITATIONS = {Need.ENACTMENT: "s.26(a)", Need.PRINCIPLE: "s.38(2A)", Need.PURPOSE: "s.35(2)"}
_TO_BE_GIVEN = {Regime.FOIA: "s.1(1)(b)", Regime.EIR: "reg 5(1)", Regime.FOISA: "s.1(1)", Regime.EISR: "reg 5(1)"}
_ENCLOSES = words(  # not the weight attached to an argument, nor an enclosed space
    r"\b(?:we|i|and|also|will) (?:now |also )?(?:attach|enclose)\b"
    r"|\b(?:go|goes|sent|come|comes) with (?:this|our) (?:letter|e-?mail|message|response|reply)\b"
    r"|\b(?:is|are|as|please find|please see|find|see) (?:(?!not\b|never\b)\w+ )?(?:attached|enclosed)\b(?! (?:to|by|with|in|within) (?!th(?:is|e) (?:letter|e-?mail|message|response|reply)))"
    r"|\b(?:in|see|by) the (?:attached|enclosed)\b|\bthe (?:attached|enclosed) (?:files?|spreadsheets?|documents?|tables?|cop(?:y|ies)|schedules?|annex\w*)\b"
    r"|\((?:attached|enclosed)\)"
)
_SAID: dict[Need, str] = {
    Need.QUALIFIED_PERSON: "name the qualified person whose opinion it rests on",
    Need.OPINION: "tell the qualified person's opinion",
    Need.OPINION_ON: "say when the opinion was given",
    Need.ENACTMENT: "name the enactment or order that forbids disclosure",
    Need.PRINCIPLE: "name the data protection principle that disclosure would break, and why",
    Need.PURPOSE: "name the purpose that would be prejudiced",
    Need.BODY: "name who is completing the information",
    Need.WHEN: "say when it is expected",
}
_SAID_OF_DENIAL: dict[Need, str] = {
    Need.ENACTMENT: "name the enactment or order that forbids to confirm or deny",
    Need.PRINCIPLE: "name the data protection principle that confirming or denying would break, and why",
}
_PATTERNS = {
    Need.QUALIFIED_PERSON: words(r"\bqualified person\b"),
    Need.OPINION: words(r"\bopinion\b|\bconsiders?\b"),
    Need.ENACTMENT: words(
        r"\b(?:Act|Order|Regulations?|Directive|Rules|Measure)(?: \(\w+(?: \w+)?\))? (?:19|20)\d\d\b|\bcontempt of court\b|\b(?:court|tribunal) order\b|\border of (?:the|a) (?:\w+ ){0,2}court\b|\bretained EU\b|\bassimilated law\b"
    ),
    Need.PRINCIPLE: words(
        r"\bprinciples?\b|\blawful\w*|\bunfair\w*|\bfair(?:ly|ness)?\b|\bGDPR\b|\bArticle [56]\b|\blegitimate interests?\b|\breasonabl[ey] expect\w*|\bobject(?:s|ed|ion)\b"
    ),
    Need.PURPOSE: words(r"\b31\(2\)|\b35\(2\)|\bpurposes? of\b|\bfunctions?\b"),
    Need.BODY: words(
        r"\b(?:prepar\w+|complet\w+|finish\w*|draft\w*) by\b|\b(?:we|the (?:\w+ ){1,4}) (?:is|are|will|expects?|hopes?) (?:\w+ ){0,3}(?:prepar\w+|complet\w+|finish\w*|draft\w*)"
    ),
    Need.WHEN: words(r"\bexpect\w*|\bpublish\w*|\bcomplet\w+ (?:by|in|on|before)|\b(?:spring|summer|autumn|winter)\b"),
}
_OWN_ACT = words(
    r"\bFreedom of Information(?: \(Scotland\))? Act \d{4}|\bEnvironmental Information(?: \(Scotland\))? Regulations \d{4}"
)

_KEPT_BACK, _GIVEN = {Decision.NEITHER, Decision.WITHHOLD}, {Decision.DISCLOSE, Decision.PARTLY}


def gives_particulars(notice: Notice) -> Iterator[Finding]:
    """R15: ss.36(5), 44, 40; reg 14(4)."""
    if not notice.questions:
        yield from _in_words(notice)
        return
    for question in notice.questions:
        for ground in notice.grounds(question):
            yield from _recorded(notice, question, ground)


def _recorded(notice: Notice, question: Question, ground: Ground) -> Iterator[Finding]:
    limb = notice.provision(ground.citation)
    needs = [need for need in Need if limb and need in limb.needs and need not in _ELSEWHERE]
    for need in needs:
        if not ground.particulars.get(need.value, "").strip():
            said = _said(limb, need)
            place = notice.place_of_citation(ground.citation)
            yield Finding(
                Verdict.BLOCK,
                f"{question.name}: for {notice.named(ground.citation)} {said}.",
                place,
                _citation(notice, need),
            )
    given = _day(ground.particulars.get(Need.OPINION_ON.value, ""))
    if given and notice.facts and given > notice.facts.sent_on:
        yield Finding(
            Verdict.BLOCK,
            f"{question.name}: the qualified person's opinion is dated after the letter: correct it.",
            citation="s.36(2)",
        )


def _said(limb: Provision | None, need: Need) -> str:
    """What to do for a need that is not met."""
    of_denial = _SAID_OF_DENIAL.get(need) if limb and limb.denies else None
    return of_denial or _SAID.get(need, f"record the {need.value}")


def _day(text: str) -> date | None:
    named = days_in(text)
    return named[0] if named else None


def _citation(notice: Notice, need: Need) -> str:
    if notice.regime is Regime.FOIA:
        return "s.22(1)" if need is Need.WHEN else _CITATIONS.get(need, "")
    if notice.regime is Regime.FOISA:
        return _SCOTTISH_CITATIONS.get(need, "")
    if need in (Need.BODY, Need.WHEN):
        return "reg 14(4)" if notice.regime is Regime.EIR else "reg 13"
    return ""


def _in_words(notice: Notice) -> Iterator[Finding]:
    own = _OWN_ACT.sub("", "\n".join(span.text for span in notice.own_reasons))
    told: set[Need] = set()
    for citation in notice.cited:
        needs = _needs(notice, citation) - _ELSEWHERE - told - {Need.OPINION_ON, Need.EXEMPTION}
        for need in (need for need in Need if need in needs and need in _PATTERNS and not _PATTERNS[need].search(own)):
            told.add(need)
            verdict = Verdict.BLOCK if need in (Need.QUALIFIED_PERSON, Need.ENACTMENT, Need.PRINCIPLE) else Verdict.WARN
            said = f"For {notice.named(citation)} {_said(notice.provision(citation), need)}."
            yield Finding(verdict, said, notice.place_of_citation(citation), _citation(notice, need))


def _needs(notice: Notice, citation: str) -> frozenset[Need]:
    """What every limb that a citation may mean asks for."""
    limb = notice.provision(citation)
    if limb:
        return limb.needs
    limbs = [one for one in notice.law.provisions if stands_under(one.citation, citation) and not one.denies]
    return frozenset.intersection(*(one.needs for one in limbs)) if limbs else frozenset()


def sends_what_is_released(notice: Notice) -> Iterator[Finding]:
    """R19: s.40(2) against what is sent too early, s.1(1)(b) against what is promised and left out."""
    if notice.facts is None:
        yield Finding(
            Verdict.UNJUDGED,
            "The words do not tell what the files that go with the letter hold: look with foidesk scan-file.",
        )
        return
    if notice.facts.attachments_unreleased:
        names = listed(notice.facts.attachments_unreleased)
        yield Finding(
            Verdict.BLOCK, f"Not released yet: {names}. Look at what they hold and release them, or leave them out."
        )
    yield from _given_while_refused(notice, (*notice.facts.attachments, *notice.facts.attachments_unreleased))
    yield from _files_spoken_of(notice, notice.facts.attachments, notice.facts.attachments_unreleased)


def _given_while_refused(notice: Notice, files: Sequence[str]) -> Iterator[Finding]:
    """Files that stayed on the case when its decision changed: they would give away what the letter refuses, and their
    names what it does not confirm. With "not held" or a cost limit a file may be the help that is due (s.16)."""
    decisions = {question.decision for question in notice.questions}
    if files and decisions & _KEPT_BACK and not decisions & _GIVEN:
        kept = "neither confirms nor denies" if Decision.NEITHER in decisions else "withholds"
        yield Finding(
            Verdict.BLOCK,
            f"The letter {kept} what is asked for and discloses nothing, and a file would go with it: {listed(files)}. "
            f"Take it off the case, or change the decision.",
        )


def _files_spoken_of(notice: Notice, files: Sequence[str], waiting: Sequence[str]) -> Iterator[Finding]:
    """Whether the letter and the files that go with it know of each other."""
    promised = notice.letter.find(_ENCLOSES)
    unnamed = [name for name in files if name not in notice.letter.text]
    if promised and not files and not waiting:
        said = (
            "The letter says that something goes with it, and the case has no file to send: add it, or say where it is."
        )
        yield Finding(Verdict.WARN, said, promised, _TO_BE_GIVEN[notice.regime])
    elif unnamed and (len(unnamed) < len(files) or not promised):
        yield Finding(
            Verdict.WARN,
            f"The letter does not speak of what goes with it: {listed(unnamed)}.",
            None,
            _TO_BE_GIVEN[notice.regime],
        )
