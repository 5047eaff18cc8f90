"""R17: that a letter speaks of its own law, and which law that is where nobody said."""

from collections.abc import Iterator

from service.domain.notice_check.letter import LetterText
from service.domain.notice_check.notice import Finding, Notice
from service.domain.notice_check.verdict import Verdict
from service.domain.notice_check.wording import words
from service.domain.regime import Regime

_TITLES = {
    Regime.FOIA: words(r"\bFreedom of Information Act\b|\bFOIA\b"),
    Regime.EIR: words(r"\bEnvironmental Information Regulations\b|\bEIRs?\b"),
    Regime.FOISA: words(r"\bFreedom of Information \(Scotland\) Act\b|\bFOISA\b|\bFOI\(?S\)?A\b"),
    Regime.EISR: words(r"\bEnvironmental Information \(Scotland\) Regulations\b|\bEI\(?S\)?Rs?\b"),
}
_SECTIONS = words(r"\b(?:sections?|ss?\.) ?(?:1[24]|2[1-9]|3\d|4[0-4])(?!\d)")
_EXCEPTIONS = words(r"\b(?:regulations?|regs?\.?) ?(?:12|13|10|11)\(\d")
_SCOTTISH = words(r"\bScottish Information Commissioner\b|\(Scotland\) (?:Act|Regulations)\b")
_LIMB_OF_FOIA = words(
    r"\b(?:sections?|ss?\.?) ?(?:1[24](?=\()|2[1-9]|3[0-8]|4[0-4])[\w()]*(?! of the (?!freedom|act\b|foia)[\w ]{3,60}(?:act|regulations|order))"
)
_LIMB_OF_EIR = words(r"\b(?:regulations?|regs?\.?|exceptions?) ?(?:12\([3456]\)|10\([45]\)|13\(1\)|11\(2\))")
_OF_ANOTHER = words(
    r"\b(?:Data Protection|Planning|Local Government|Companies|Environment(?:al Protection)?|Police|Human Rights|Water|Highways|Town and Country|Copyright|Education|Equality|Children|Housing)\b[\w ,()]{0,60}(?:Act|Regulations|Order)\b"
)
# What another law calls a refusal notice, the application to its Commissioner and the balance of interests.
_AS_REFUSAL, _TO_COMMISSIONER = r"\brefusal notice\b[^.;]{0,40}\b", r"\bCommissioner\b[^.;]{0,80}\b"
_FOREIGN = {
    Regime.FOIA: words(rf"{_AS_REFUSAL}(?:section 16|regulation 1[34])\b|{_TO_COMMISSIONER}section 47\b"),
    Regime.EIR: words(rf"{_AS_REFUSAL}section 1[67]\b|{_TO_COMMISSIONER}section 47\b|\bsection 2\([12]\)\(b\)"),
    Regime.FOISA: words(rf"{_AS_REFUSAL}(?:section 17|regulation 1[34])\b|{_TO_COMMISSIONER}section 50\b"),
    Regime.EISR: words(rf"{_AS_REFUSAL}section 1[67]\b|{_TO_COMMISSIONER}section 50\b|\bsection 2\(1\)\(b\)"),
}
_EXEMPTION = words(r"\bexemptions?\b|\bexempt\b")
_THIRTY_NINE = words(r"\bsection 39\b|\bs\.? ?39\b|\bFreedom of Information\b")


def guess_regime(letter: LetterText) -> Regime:
    """The law that a letter speaks of most, the Freedom of Information Act when it names none."""
    own = letter.own
    named = {regime: len(pattern.findall(own)) for regime, pattern in _TITLES.items()}
    scottish = bool(_SCOTTISH.search(own)) or named[Regime.FOISA] > 0 or named[Regime.EISR] > 0
    environmental = named[Regime.EIR] + named[Regime.EISR] + 2 * len(_EXCEPTIONS.findall(own))
    general = named[Regime.FOIA] + named[Regime.FOISA] + len(_SECTIONS.findall(own))
    if scottish:
        return Regime.EISR if environmental > general else Regime.FOISA
    return Regime.EIR if environmental > general else Regime.FOIA


def speaks_of_its_own_law(notice: Notice) -> Iterator[Finding]:
    """R17: s.17(1)(b), reg 14(3)(a)."""
    verdict = Verdict.BLOCK if notice.sure else Verdict.WARN
    if notice.words_of_law.environmental:
        yield from _sections_in_regulations(notice, verdict)
        if _calls_exempt(notice):
            yield Finding(
                Verdict.WARN,
                "The Regulations have exceptions and no exemptions: use their word.",
                notice.letter.find(_EXEMPTION),
            )
    elif not _both_named(notice):
        place = notice.letter.find(_LIMB_OF_EIR)
        if place:
            yield Finding(
                verdict,
                f"The letter cites a regulation as its ground and is under the {notice.regime.rules.title}: cite its section.",
                place,
            )
    yield from _of_the_other_country(notice, verdict)
    if place := notice.letter.find(_FOREIGN[notice.regime]):
        said = f"This names a section of another law than the {notice.regime.rules.title}, which has it elsewhere: name its own."
        yield Finding(verdict, said, place)


def _sections_in_regulations(notice: Notice, verdict: Verdict) -> Iterator[Finding]:
    for span in notice.letter.sentences:
        if _LIMB_OF_FOIA.search(span.text) and not _OF_ANOTHER.search(span.text) and not _both_named(notice):
            said = f"The letter relies on a section of the Act and is under the {notice.regime.rules.title}: cite the exception."
            yield Finding(verdict, said, notice.place_of(span))
            return


def _calls_exempt(notice: Notice) -> bool:
    """Whether it speaks of exemptions, but for that which section 39 of the Act makes of all such information."""
    told = [span.text for span in notice.letter.sentences if _EXEMPTION.search(span.text)]
    return any(not _THIRTY_NINE.search(text) for text in told)


def _both_named(notice: Notice) -> bool:
    """A letter of unknown law that names both and cites both answers under both."""
    if notice.sure:
        return False
    own = notice.letter.own
    environmental = _TITLES[Regime.EIR].search(own) or _TITLES[Regime.EISR].search(own)
    return bool(environmental and (_TITLES[Regime.FOIA].search(own) or _TITLES[Regime.FOISA].search(own)))


def _of_the_other_country(notice: Notice, verdict: Verdict) -> Iterator[Finding]:
    scottish = notice.regime in (Regime.FOISA, Regime.EISR)
    others = (Regime.FOIA, Regime.EIR) if scottish else (Regime.FOISA, Regime.EISR)
    own = (Regime.FOISA, Regime.EISR) if scottish else (Regime.FOIA, Regime.EIR)
    other = next((place for regime in others if (place := notice.letter.find(_TITLES[regime]))), None)
    if other is None or (any(notice.letter.find(_TITLES[regime]) for regime in own) and not notice.sure):
        return
    yield Finding(
        verdict, f"The letter names a law of the other country: its own is the {notice.regime.rules.title}.", other
    )
