"""R4, R5 and R6: the public interest, for and against and where it lies, or when it will be known."""

import re
from collections.abc import Iterator, Sequence

from service.domain.exemptions import Need, Provision
from service.domain.notice_check import telling
from service.domain.notice_check.letter import Span
from service.domain.notice_check.notice import Finding, Notice, stands_under
from service.domain.notice_check.verdict import Place, Verdict
from service.domain.notice_check.wording import listed, said, words
from service.domain.question import Ground, Question
from service.domain.reasons import is_written
from service.domain.regime import Regime
from service.domain.written_date import days_in

_BALANCE = words(
    r"\boutweigh\w*|\bon balance\b|\bbalanc\w+ (?:test )?(?:of|lies|falls|favours?|is)\b|\b(?:lies|falls|rests|comes down|weighs|firmly|strongly) in favour\b"
    r"|\b(?:the )?public interest (?:therefore |clearly |in this case |strongly )*(?:favours?|lies|is (?:therefore )?(?:best|better) served)\b|\bgreater (?:weight|public interest)\b"
    r"|\bnot in the public interest\b"
)
_DISCLOSING = r"(?:the )?(?:disclos|releas|publish|publication|provi|confirm|saying|complying)\w*"
_FOR = words(
    rf"\b(?:in favour of|favouring|factors? (?:for|supporting)|arguments? (?:for|supporting)|considerations? (?:for|supporting)|supporting|for|towards?) {_DISCLOSING}"
    r"|\bpublic interest in (?:(?:the )?(?:disclos|releas|transparen|accountab|openness|understand|know|scrutin|confirm|saying|public)|how|seeing|being)\w*"
    r"|\b(?:transparen|accountab|openness|scrutin)\w*|\bpublic (?:understanding|debate|confidence|awareness|spending|money|funds)\b"
)
_AGAINST = words(
    r"\bagainst (?:(?:the )?(?:disclos|releas|publi|confirm|saying)\w*|it|that|this|them|those)\b|\bnon-?disclos\w*|\bmaintain\w* (?:the|this|these|that) (?:exemption|exception)s?\b"
    r"|\b(?:in favour of|favouring) (?:withholding|maintaining|neither|not|the exemption|the exception|refus\w+|exclud\w+|keeping)"
    r"|\bpublic interest in (?:(?:avoid|prevent|protect|withhold|maintain|preserv|keep|ensur|allow|neither|safeguard|not )\w*)|\bprejudic\w+|\bharm\w*|\bundermin\w+|\binhibit\w*"
)
_CONFIRMING = words(r"\bconfirm\w*|\bden(?:y|ies|ied|ying|ial)\b|\bwhether\b|\bexist\w*")
_DISCLOSED = words(r"\b(?:non-?)?disclos\w*|\breleas\w+|\bwithh[eo]ld\w*|\bpublish\w*")
# A balance that falls for disclosure, in a letter that refuses it.
_DISCLOSURE_WINS = words(
    r"\bpublic interest in (?:the )?(?:disclos|releas|publish|publication)\w*[^.;]{0,100}\boutweighs?\b[^.;]{0,60}(?:withh|maintain|exempt|excepti|keeping)\w*"
    r"|\b(?:balance\b[^.;,]{0,50}\b(?:lies|falls|is|comes down)(?: in favour of| on the side of| towards| for)|(?:balance|public interest) favours)(?: the)? (?:disclos|releas|publish)\w*"
)
_ABSOLUTE = words(r"\babsolute (?:exemption|exception)s?\b|\b(?:exemption|exception)s? (?:is|are) absolute\b")
_NOT = words(r"\bnot\b|\bno\b|\bnor\b|\bnever\b|\bneither\b|n['’]t\b")
_HEADINGS = ("what speaks for", "what speaks against", "where the balance lies")


def weighs_each_limb(notice: Notice) -> Iterator[Finding]:
    """R4: s.17(3)(b); for a limb that neither confirms nor denies s.17(3)(a)."""
    if notice.puts_off_interest:
        return
    yield from _weighed_against_itself(notice)
    yield from _called_absolute(notice)
    if notice.questions:
        needing = [
            (one, ground) for one in notice.questions for ground in notice.grounds(one) if _needs_test(notice, ground)
        ]
        for question, ground in needing:
            yield from _fields(notice, question, ground)
        if needing and not telling.PUBLIC_INTEREST.search(notice.letter.own):
            yield Finding(
                Verdict.BLOCK, "A qualified limb is relied on and the letter says nothing of the public interest."
            )
    else:
        yield from _weighed_in_words(notice)


def _weighed_against_itself(notice: Notice) -> Iterator[Finding]:
    if not notice.refuses:
        return
    wrong = next((span for span in notice.own_reasons if _says(_DISCLOSURE_WINS, span)), None)
    if wrong:
        yield Finding(
            Verdict.BLOCK,
            "The balance of the public interest is said to lie in disclosing, and the letter refuses: disclose, or weigh it again.",
            notice.place_of(wrong),
        )


def _says(pattern: "re.Pattern[str]", span: Span) -> bool:
    """Whether a sentence says it and denies nothing."""
    return bool(pattern.search(span.text)) and not _NOT.search(span.text)


def _called_absolute(notice: Notice) -> Iterator[Finding]:
    for span in notice.letter.sentences:
        if not _says(_ABSOLUTE, span):
            continue
        named = [limb for limb in map(notice.provision, notice.law.find(span.text)) if limb]
        if named and all(Need.PIT in limb.needs for limb in named):
            limbs = listed(limb.cited for limb in named)
            yield Finding(
                Verdict.BLOCK, f"The letter calls {limbs} absolute: the public interest decides.", notice.place_of(span)
            )


def _needs_test(notice: Notice, ground: Ground) -> bool:
    limb = notice.provision(ground.citation)
    return limb is not None and Need.PIT in limb.needs


def _fields(notice: Notice, question: Question, ground: Ground) -> Iterator[Finding]:
    told = (ground.interest_for, ground.interest_against, ground.conclusion)
    lacking = [heading for heading, text in zip(_HEADINGS, told, strict=True) if not is_written(text)]
    if lacking:
        yield Finding(
            Verdict.BLOCK,
            f"{question.name}: the public interest test of {notice.named(ground.citation)} does not say {listed(lacking)}.",
            notice.place_of_citation(ground.citation),
        )
    elif not all(map(notice.tells, told)):
        yield from _lacking_in_words(notice, notice.named(ground.citation), notice.place_of_citation(ground.citation))


def _weighed_in_words(notice: Notice) -> Iterator[Finding]:
    qualified = _qualified(notice)
    if not qualified:
        return
    place, limbs = notice.place_of_citation(qualified[0]), listed(notice.named(citation) for citation in qualified)
    if not telling.PUBLIC_INTEREST.search(notice.letter.own):
        yield Finding(
            Verdict.BLOCK,
            f"The letter relies on {limbs} and says nothing of the public interest: weigh it, for and against.",
            place,
        )
        return
    yield from _lacking_in_words(notice, limbs, place)


def _lacking_in_words(notice: Notice, limbs: str, place: Place | None) -> Iterator[Finding]:
    reasons = [span.text for span in notice.own_reasons if not _BALANCE.search(span.text)]
    lacking = [
        heading
        for heading, found in zip(
            _HEADINGS,
            (any(map(_FOR.search, reasons)), any(map(_AGAINST.search, reasons)), _BALANCE.search(notice.letter.own)),
            strict=True,
        )
        if not found
    ]
    if lacking:
        yield Finding(Verdict.BLOCK, f"The public interest test of {limbs} does not say {listed(lacking)}.", place)


def _qualified(notice: Notice) -> list[str]:
    """What is cited and needs the test; a section without its limb needs it when all its limbs do."""
    return [
        citation for citation in notice.cited if _all_need(_limbs(notice, citation)) and not _wider(notice, citation)
    ]


def _limbs(notice: Notice, citation: str) -> Sequence[Provision]:
    limb = notice.provision(citation)
    return (limb,) if limb else [one for one in notice.law.provisions if stands_under(one.citation, citation)]


def _all_need(limbs: Sequence[Provision]) -> bool:
    return bool(limbs) and all(Need.PIT in limb.needs for limb in limbs)


def _wider(notice: Notice, citation: str) -> bool:
    """Whether the letter goes on to say which limb of it, or of its section, is meant."""
    section = citation.partition("(")[0]
    return notice.provision(citation) is None and any(
        one != citation and one.startswith(f"{section}(") for one in notice.cited
    )


def weighs_confirming(notice: Notice) -> Iterator[Finding]:
    """R5: s.17(3)(a)."""
    if notice.questions:
        for question in notice.questions:
            for ground in notice.grounds(question):
                yield from _about_confirming(notice, question, ground)
        return
    denials = [limb for limb in notice.limbs if limb.denies and Need.PIT in limb.needs]
    sections = {limb.section for limb in denials}
    others = [limb for limb in notice.limbs if Need.PIT in limb.needs and limb.section not in sections]
    if not denials or others:
        return  # where a question is withheld as well, the disclosure is rightly weighed for that
    weighing = [
        span
        for span in notice.letter.sentences
        if _BALANCE.search(span.text) or telling.PUBLIC_INTEREST.search(span.text)
    ]
    wrong = _of_disclosure_alone(weighing)
    if wrong:
        yield Finding(
            Verdict.BLOCK,
            "The public interest is weighed in disclosing and not in confirming or denying that anything is held: weigh that.",
            notice.place_of(wrong),
        )


def _of_disclosure_alone(weighing: Sequence[Span]) -> Span | None:
    """The first sentence that weighs disclosure, when none weighs confirming; "if it exists" weighs nothing."""
    if any(_CONFIRMING.search(telling.IF_IT_EXISTS.sub("", span.text)) for span in weighing):
        return None
    return next((span for span in weighing if _DISCLOSED.search(span.text)), None)


def _about_confirming(notice: Notice, question: Question, ground: Ground) -> Iterator[Finding]:
    limb = notice.provision(ground.citation)
    told = f"{ground.interest_for} {ground.interest_against} {ground.conclusion}"
    if (
        limb is None
        or not limb.denies
        or Need.PIT not in limb.needs
        or _CONFIRMING.search(telling.IF_IT_EXISTS.sub("", told))
    ):
        return
    place = notice.place_of_citation(ground.citation)
    if _DISCLOSED.search(told):
        yield Finding(
            Verdict.BLOCK,
            f"{question.name}: the test of {limb.cited} weighs disclosure; weigh the public interest in confirming or denying.",
            place,
        )
    elif is_written(told):
        yield Finding(
            Verdict.WARN,
            f"{question.name}: the test of {limb.cited} does not speak of confirming or denying: weigh the public interest in that.",
            place,
        )


def dates_what_is_put_off(notice: Notice) -> Iterator[Finding]:
    """R6: s.17(2)."""
    place = notice.puts_off_interest
    if place is None:
        return
    if notice.regime is not Regime.FOIA:
        yield Finding(
            Verdict.BLOCK,
            "The letter puts the public interest off and this law gives no time for that: decide it now, or extend for what the law allows.",
            place,
        )
        return
    named = [day for span in notice.letter.sentences for day in days_in(span.text) if _estimates(span.text)]
    if not named:
        yield Finding(
            Verdict.BLOCK,
            "The public interest is put off without a date: estimate when it will be decided (s.17(2)).",
            place,
        )
    if notice.facts is None:
        return
    if notice.facts.due_on and notice.facts.sent_on > notice.facts.due_on:
        yield Finding(
            Verdict.BLOCK,
            f"The notice that puts it off had to go out by {said(notice.facts.due_on)}: answer now instead.",
            place,
        )
    if named and max(named) <= notice.facts.sent_on:
        yield Finding(
            Verdict.WARN,
            f"The day estimated for it, {said(max(named))}, is not after the letter's own: give another.",
            place,
        )


_ESTIMATES = words(r"\bby\b|\bestimat\w*|\bexpect\w*|\bhope\b|\baim\b|\bno later than\b|\buntil\b|\bbefore\b|\bon\b")


def _estimates(text: str) -> bool:
    return bool(_ESTIMATES.search(text)) and bool(_DECIDING.search(text))


_DECIDING = words(
    r"\bdeci\w+|\breach\w*|\bwrite\b|\brespon\w+|\breply\b|\banswer\w*|\bhear\b|\bconsider\w*|\bcomplet\w+|\bpublic interest\b"
)
