"""R1, R2 and R3: that the letter refuses, under which limbs, and why."""

import re
from collections.abc import Iterator
from datetime import timedelta

from service.domain.costs import CENTRAL
from service.domain.exemptions import Basis, Need, Provision
from service.domain.notice_check import telling
from service.domain.notice_check.letter import Span
from service.domain.notice_check.notice import Finding, Notice, only_limb, stands_under
from service.domain.notice_check.verdict import Verdict
from service.domain.notice_check.wording import ADDRESS, listed, squeezed, stems, words
from service.domain.question import Decision, Ground, Question
from service.domain.reasons import is_written
from service.domain.regime import Regime
from service.domain.written_date import days_in

_WHY = words(
    r"\bprejudic\w+|\bbecause\b|\bwould\b|\blikely\b|\bharm\w*|\bendanger\w*|\badversely\b|\bin order to\b|\bsince\b|\bas (?:it|the|they|this)\b|\bso that\b|\bdetriment\w*"
)
_PASSED_OVER = words(
    r"\b(?:do|does|did|have|has) not (?:rel\w+|appl\w+|engag\w+|consider\w*|claim\w*)\b|\bno longer\b|\bwithdr[ae]w\w*|\brather than\b|\binstead of\b|\bnot (?:engaged|relied)\b"
    r"|\boriginally\b|\bfirst response\b|\bprevious(?:ly)?\b|\bearlier\b"
)

_NOT_OF_EMISSIONS = re.compile(r"1[02]\(5\)\([d-g]\)")  # numbers that no section of the Acts has
_EMISSIONS = words(r"\bemissions?\b|\bemitted\b|\bemits?\b|\bdischarg\w+ (?:in)?to\b")
_TWELVE_WEEKS = timedelta(weeks=12)
_BEHIND_18 = re.compile(r"(?:2[89]|3[0-58]|41)(?!\d)|39\(1\)")


def says_that_it_refuses(notice: Notice) -> Iterator[Finding]:
    """R1: s.17(1)(a)."""
    if not notice.refusing and not any(telling.NOT_HELD.search(span.text) for span in notice.letter.sentences):
        yield Finding(
            Verdict.BLOCK, "The decisions refuse something and the letter never says so: state that it is a refusal."
        )


def names_the_limbs(notice: Notice) -> Iterator[Finding]:
    """R2: s.17(1)(b)."""
    yield from _stops_short(notice)
    yield from _denies_without_matter(notice)
    if notice.questions:
        yield from _record_in_letter(notice)
        yield from _letter_in_record(notice)
        return
    yield from _accessible_uncited(notice)
    if notice.refuses and not notice.cited and not _accessible_parts(notice):
        place = notice.place_of(notice.refusing[0]) if notice.refusing else None
        word, kind = notice.law.citations.word, notice.words_of_law.exemption
        yield Finding(Verdict.BLOCK, f"The letter refuses and cites no {kind}: name the {word} and its limb.", place)


def _stops_short(notice: Notice) -> Iterator[Finding]:
    for citation in notice.cited:
        if notice.provision(citation) or only_limb(notice.law, citation):
            continue
        if any(stands_under(other, citation) or _same_subject(notice, citation, other) for other in notice.cited):
            continue
        place, named = notice.place_of_citation(citation), notice.named(citation)
        if _in_passing(notice, citation) or _in_an_answer(notice, citation):
            continue
        limbs = [limb.citation for limb in notice.law.provisions if stands_under(limb.citation, citation)]
        verdict = Verdict.BLOCK if "(" not in citation or limbs[0].startswith(f"{citation}(") else Verdict.WARN
        yield Finding(verdict, f"The letter cites {named} and not which limb of it: name it, {_such_as(limbs)}.", place)


def _such_as(limbs: list[str]) -> str:
    return limbs[0] if len(limbs) == 1 else f"such as {limbs[0]} or {limbs[-1]}"


def _same_subject(notice: Notice, wider: str, other: str) -> bool:
    """A heading "Section 14" beside section 14(1) in the words, "Section 31" beside 31(3)."""
    return (
        other != wider and "(" not in wider and other.partition("(")[0] == wider and notice.provision(other) is not None
    )


def _denies_without_matter(notice: Notice) -> Iterator[Finding]:
    """Section 31(3) lifts the duty for what 31(1) protects, so the letter must say which part of that."""
    for citation in notice.cited:
        limb = notice.provision(citation)
        if limb is None or not limb.denies:
            continue
        lifted = [one for one in notice.law.of_section(limb.section) if one.denial == citation and not one.denies]
        told = any(one.citation in notice.cited for one in lifted) or _tells_a_matter(notice, lifted)
        if len(lifted) > 1 and not told:
            yield Finding(
                Verdict.WARN,
                f"{notice.named(citation).capitalize()} protects several interests and the letter does not name the limb: "
                f"say which would be harmed, {lifted[0].citation} for instance.",
                notice.place_of_citation(citation),
            )


def _tells_a_matter(notice: Notice, lifted: list[Provision]) -> bool:
    """In a case the limb's own words in the harm will do; the letter is composed from them."""
    harms = [ground.harm for question in notice.questions for ground in question.grounds]
    return any(len(stems(one.limb) & stems(" ".join(harms))) >= 2 for one in lifted)


def _record_in_letter(notice: Notice) -> Iterator[Finding]:
    for question in notice.questions:
        if not notice.words_of_law.refuses(question.decision):
            continue
        grounds = notice.grounds(question)
        if not grounds:
            yield Finding(Verdict.BLOCK, f"{question.name} is refused on no ground: record the limb it rests on.")
        for ground in grounds:
            yield from _cited_in_letter(notice, question, ground.citation)
            yield from _exempt_if_held(notice, question, ground)
            yield from _cannot_apply(notice, question, ground)


def _cannot_apply(notice: Notice, question: Question, ground: Ground) -> Iterator[Finding]:
    """What the law itself keeps a limb from: emissions (reg 12(9); reg 10(6) in Scotland), what no department holds
    (s.35(1)), and in Scotland publication later than twelve weeks after the request (s.27(1)(b))."""
    if _NOT_OF_EMISSIONS.match(ground.citation) and _EMISSIONS.search(question.text):
        law = "reg 12(9)" if notice.regime is Regime.EIR else "reg 10(6)"
        yield Finding(
            Verdict.WARN,
            f"{question.name} asks about emissions: {notice.named(ground.citation)} protects nothing about them ({law}).",
            notice.place_of_citation(ground.citation),
            law,
        )
    if notice.regime is Regime.FOIA and ground.citation.startswith("35(") and _is_no_department(notice):
        yield Finding(
            Verdict.WARN,
            f"{question.name}: section 35 is for government departments and the Welsh Government, whose cost limit is "
            f"£{CENTRAL.pounds}: consider section 36, or correct cost_limit under [authority].",
            notice.place_of_citation(ground.citation),
            "s.35(1)",
        )
    days = days_in(ground.particulars.get(Need.WHEN.value, "")) if notice.regime is Regime.FOISA else ()
    if notice.facts and days and ground.citation == "27(1)" and days[0] > notice.facts.received_on + _TWELVE_WEEKS:
        yield Finding(
            Verdict.BLOCK,
            f"{question.name}: section 27(1) is for what is published within twelve weeks of the request: not by this day.",
            notice.place_of_citation(ground.citation),
            "s.27(1)(b)",
        )


def _is_no_department(notice: Notice) -> bool:
    """Only the bodies of Schedule 1 Part I have the higher limit."""
    return notice.facts is not None and 0 < notice.facts.cost_limit < CENTRAL.pounds


def _exempt_if_held(notice: Notice, question: Question, ground: Ground) -> Iterator[Finding]:
    """Section 18(1) in Scotland and regulation 10(8) there stand on the limb that would apply if there were anything
    (s.16(1)(c) FOISA)."""
    told = ground.particulars.get(Need.EXEMPTION.value, "")
    if not told.strip():
        return  # which R15 tells
    limbs, kind = notice.law.find(told), notice.words_of_law.exemption
    if not limbs:
        yield Finding(
            Verdict.BLOCK,
            f"{question.name} rests on {notice.named(ground.citation)}: name the {notice.law.citations.word} of the {kind} "
            "that would apply if the information were held.",
        )
    elif notice.regime is Regime.FOISA and not any(map(_BEHIND_18.match, limbs)):
        yield Finding(
            Verdict.BLOCK,
            f"{question.name}: section 18(1) stands on sections 28 to 35, 38, 39(1) and 41 alone, and not on {listed(limbs)}.",
        )


def _cited_in_letter(notice: Notice, question: Question, citation: str) -> Iterator[Finding]:
    if notice.provision(citation) is None:
        title = notice.regime.rules.title
        yield Finding(
            Verdict.BLOCK, f"{question.name} rests on {notice.named(citation)}, which the {title} does not have."
        )
    elif citation not in notice.cited and not any(
        only_limb(notice.law, wider) == notice.provision(citation) for wider in notice.cited
    ):
        wider = next((one for one in reversed(notice.cited) if stands_under(citation, one)), None)
        if wider is None:
            yield Finding(
                Verdict.BLOCK, f"{question.name} rests on {notice.named(citation)} and the letter does not cite it."
            )


def _letter_in_record(notice: Notice) -> Iterator[Finding]:
    grounds = [ground for question in notice.questions for ground in notice.grounds(question)]
    if_held = (ground.particulars.get(Need.EXEMPTION.value, "") for ground in grounds)
    recorded = {*(ground.citation for ground in grounds), *(one for told in if_held for one in notice.law.find(told))}
    sections = {citation.partition("(")[0] for citation in recorded if _denies(notice, citation)}
    for citation in notice.cited:
        limb = notice.provision(citation) or only_limb(notice.law, citation)
        known = citation in recorded or any(stands_under(one, citation) for one in recorded)
        known = known or (limb is not None and (limb.citation in recorded or limb.section in sections))
        known = known or any(stands_under(citation, one) for one in recorded) or citation in sections
        if known or _in_passing(notice, citation) or _told_when_not_held(notice, citation):
            continue
        if _in_an_answer(notice, citation):
            yield Finding(
                Verdict.WARN,
                f"An answer speaks of {notice.named(citation)}, on which no decision rests: if it is another Act's, name the Act.",
                notice.place_of_citation(citation),
            )
            continue
        lenient = notice.facts is not None and (notice.facts.review or limb is None)
        yield Finding(
            Verdict.WARN if lenient else Verdict.BLOCK,
            f"The letter cites {notice.named(citation)}, on which no decision rests: record it or strike it out.",
            notice.place_of_citation(citation),
        )


def _denies(notice: Notice, citation: str) -> bool:
    limb = notice.provision(citation)
    return limb is not None and limb.denies


def _told_when_not_held(notice: Notice, citation: str) -> bool:
    """Regulation 12(4)(a) and section 17(1) in Scotland are what not holding is called."""
    not_held = notice.words_of_law.not_held.rpartition(" ")[2]
    return citation == not_held and any(question.decision is Decision.NOT_HELD for question in notice.questions)


def _in_passing(notice: Notice, citation: str) -> bool:
    """Whether every sentence that cites it says that nothing rests on it."""
    citing = _citing(notice, citation)
    return bool(citing) and all(_PASSED_OVER.search(sentence) for sentence in citing)


def _in_an_answer(notice: Notice, citation: str) -> bool:
    """Whether it is cited only by what the answers tell, and by no sentence there that refuses: notices under some other
    section 33 are what was asked about."""
    answers = squeezed("\n".join(question.answer for question in notice.questions))
    citing = _citing(notice, citation)
    return bool(citing) and all(squeezed(sentence) in answers and not telling.refuses(sentence) for sentence in citing)


def _citing(notice: Notice, citation: str) -> list[str]:
    number = citation.partition("(")[0]
    spans = (span for span in notice.letter.sentences if number in span.text)
    return [span.text for span in spans if citation in notice.law.find(span.text)]


def _accessible_parts(notice: Notice) -> list[str]:
    """The texts that say the information is already to be had, and neither withhold it nor hand it over."""
    texts = [part.text for part in notice.parts if part.stands] or [span.text for span in notice.letter.sentences]
    return [text for text in texts if telling.ACCESSIBLE.search(text)]


def _accessible_uncited(notice: Notice) -> Iterator[Finding]:
    """What is already accessible is refused under section 21 (s.25 in Scotland), and must be cited like the rest."""
    limb = notice.provision(notice.words_of_law.limbs[Decision.ACCESSIBLE])
    if limb is None or notice.words_of_law.environmental or any(one.section == limb.section for one in notice.limbs):
        return
    texts = _accessible_parts(notice)
    if texts:
        place = notice.letter.find(telling.ACCESSIBLE)
        verdict = (
            Verdict.WARN
            if all(ADDRESS.search(text) for text in texts) or ADDRESS.search(notice.letter.own)
            else Verdict.BLOCK
        )
        yield Finding(
            verdict,
            f"The letter points to what is already accessible and does not cite {limb.cited}: cite it, or give the information.",
            place,
        )


def says_why(notice: Notice) -> Iterator[Finding]:
    """R3: s.17(1)(c)."""
    if notice.questions:
        for question in notice.questions:
            if notice.words_of_law.refuses(question.decision):
                yield from _grounds_explained(notice, question)
        return
    needing = [limb for limb in notice.limbs if limb.basis is Basis.PREJUDICE]
    if needing and not _reasons(notice):
        limbs = listed(limb.cited for limb in needing)
        yield Finding(
            Verdict.BLOCK,
            f"Nothing says why {limbs} applies: state the harm and how it would come about.",
            notice.place_of_citation(needing[0].citation),
        )


def _reasons(notice: Notice) -> list[Span]:
    """The letter's sentences that read as reasons."""
    return [span for span in notice.own_reasons if len(span.text.split()) >= 8 and _WHY.search(span.text)]


def _grounds_explained(notice: Notice, question: Question) -> Iterator[Finding]:
    for ground in question.grounds:
        limb = notice.provision(ground.citation)
        if limb is None:
            continue
        told = f"{ground.harm} {' '.join(ground.particulars.values())} {question.answer}"
        if limb.basis is Basis.PREJUDICE and not is_written(ground.harm):
            yield Finding(
                Verdict.BLOCK,
                f"{question.name}: nothing says what harm {limb.cited} guards against: state it and how it would come about.",
            )
        elif limb.section not in ("12", "14", "21", "25", "6") and not told.strip():
            yield Finding(
                Verdict.WARN,
                f"{question.name}: nothing says why {limb.cited} applies to this information, unless it is plain.",
            )
        elif limb.basis is Basis.PREJUDICE and not notice.tells(ground.harm) and not _reasons(notice):
            yield Finding(
                Verdict.BLOCK,
                f"{question.name}: the letter does not tell the reasons recorded for {limb.cited}: compose it anew, or "
                "write them into it.",
                notice.place_of_citation(ground.citation),
            )
        elif limb.basis is Basis.PREJUDICE and not _about_the_request(notice, question, told):
            yield Finding(
                Verdict.WARN,
                f"{question.name}: the reasons for {limb.cited} take up nothing of what was asked: make them about this request.",
            )


def _about_the_request(notice: Notice, question: Question, told: str) -> bool:
    asked = f"{question.text} {notice.facts.request if notice.facts else ''}"
    return not stems(asked) or bool(stems(told) & stems(asked))
