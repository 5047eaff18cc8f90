"""What every rule is given: the letter, its answers and, where a case is known, the record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from service.domain.exemptions import Law, NoSuchProvision, Provision, law_of
from service.domain.notice_check import telling
from service.domain.notice_check.facts import NoticeFacts
from service.domain.notice_check.letter import LetterText, Span
from service.domain.notice_check.parts import Part, parts_of
from service.domain.notice_check.verdict import Place, Verdict
from service.domain.notice_check.wording import stems, words
from service.domain.notice_law import NoticeLaw, notice_law
from service.domain.question import Decision, Ground, Question
from service.domain.regime import Regime

_PUT_OFF = words(
    r"\bnot yet (?:been able to )?(?:reach\w*|made?|decided|complet\w+)\b[^.]{0,120}\bpublic interest\b"
    r"|\b(?:more|further|additional|extra|extend\w*)\b[^.]{0,60}\btime\b[^.]{0,100}\bpublic interest\b"
    r"|\bpublic interest\b[^.]{0,100}\b(?:more|further|additional|extra)\b[^.]{0,20}\btime\b"
)

RECOGNISED = 12  # letters of a limb's words; further on a letter may name its section otherwise
_LONG_GAP = re.compile(r"\s{3,}")  # what is blanked out, pages long perhaps, is not worth searching


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has against a letter, or that it cannot tell; an empty citation is the rule's own."""

    verdict: Verdict
    sentence: str
    place: Place | None = None
    citation: str = ""


@dataclass(frozen=True)
class Notice:
    """A letter under a law; `sure` is false where the law was guessed from its words."""

    letter: LetterText
    regime: Regime
    facts: NoticeFacts | None = None
    sure: bool = True

    @cached_property
    def law(self) -> Law:
        return law_of(self.regime)

    @cached_property
    def words_of_law(self) -> NoticeLaw:
        return notice_law(self.regime)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The record's questions, none where no case is known."""
        return self.facts.questions if self.facts else ()

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return parts_of(self.letter, {question.position: question.text for question in self.questions})

    def part(self, number: int) -> Part | None:
        return next((part for part in self.parts if part.number == number), None)

    @cached_property
    def cited(self) -> tuple[str, ...]:
        """What the letter's own words cite of its law."""
        return self.law.find(_LONG_GAP.sub("\n\n", self.letter.own))

    @cached_property
    def _stems(self) -> frozenset[str]:
        return stems(self.letter.own)

    def tells(self, text: str) -> bool:
        """Whether the letter says what the record does: at least half of what in it is not the requester's own."""
        asked = " ".join((self.facts.request, *(question.text for question in self.questions))) if self.facts else ""
        meant = stems(text) - stems(asked)
        return 2 * len(meant & self._stems) >= len(meant)

    @cached_property
    def _recitals(self) -> tuple[tuple[str, str], ...]:
        begun = ((limb.citation, f" applies {limb.lead} {limb.limb[:RECOGNISED]}") for limb in self.law.provisions)
        return tuple((citation, words.replace("\u2019", "'")) for citation, words in begun)

    @cached_property
    def own_reasons(self) -> tuple[Span, ...]:
        """The letter's sentences but those that only recite what a limb is for, which is no reason and weighs nothing."""
        return tuple(span for span in self.letter.sentences if not self._recites(span.text))

    def _recites(self, sentence: str) -> bool:
        return " applies " in sentence and any(
            citation in sentence and words in sentence for citation, words in self._recitals
        )

    def provision(self, citation: str) -> Provision | None:
        """A limb, None where the citation stops short of one."""
        try:
            return self.law.provision(citation)
        except NoSuchProvision:
            return None

    @cached_property
    def limbs(self) -> tuple[Provision, ...]:
        """The limbs that the letter cites in full, or by a section that has one limb only."""
        found = (self.provision(citation) or only_limb(self.law, citation) for citation in self.cited)
        return tuple(dict.fromkeys(limb for limb in found if limb))

    def grounds(self, question: Question) -> tuple[Ground, ...]:
        return self.words_of_law.grounds_of(self.law, question)

    @cached_property
    def refusing(self) -> tuple[Span, ...]:
        """The letter's sentences that refuse something."""
        return tuple(span for span in self.letter.sentences if telling.refuses(span.text))

    @cached_property
    def refuses(self) -> bool:
        """Whether the letter has to be a refusal notice, by the record if there is one."""
        decisions = [question.decision for question in self.questions if question.decision]
        if decisions:
            return any(self.words_of_law.refuses(decision) for decision in decisions)
        environmental = self.words_of_law.environmental and any(
            telling.NOT_HELD.search(span.text) for span in self.letter.sentences
        )
        return bool(self.refusing) or environmental

    @cached_property
    def gives_notice(self) -> bool:
        """Whether the law wants the rights told: for refusals, in Scotland also for what is not held (s.19)."""
        if self.refuses or not self.words_of_law.not_held:
            return self.refuses
        if self.questions:
            return any(question.decision is Decision.NOT_HELD for question in self.questions)
        return any(telling.NOT_HELD.search(span.text) for span in self.letter.sentences)

    @cached_property
    def denied(self) -> frozenset[int]:
        """The questions that are neither confirmed nor denied as a whole."""
        if self.questions:
            return frozenset(one.position for one in self.questions if one.decision is Decision.NEITHER)
        return frozenset(part.number for part in self.parts if telling.NEITHER.search(part.text))

    @cached_property
    def puts_off_interest(self) -> Place | None:
        """Where the letter says that the public interest is still to be weighed."""
        return self.letter.find(_PUT_OFF)

    def place_of(self, span: Span) -> Place:
        return self.letter.place(span.start, span.end)

    def place_of_citation(self, citation: str) -> Place | None:
        """The first sentence that cites something."""
        number = citation.partition("(")[0]
        for span in self.letter.sentences:
            if number in span.text and citation in self.law.find(span.text):
                return self.place_of(span)
        return None

    def named(self, citation: str) -> str:
        """A citation with its word: section 31, regulation 12(5)(e)."""
        return f"{self.law.citations.word} {citation}"


def only_limb(law: Law, citation: str) -> Provision | None:
    """The limb that a citation must mean: section 21 has one, section 42 one beside that of neither confirming."""
    limbs = [limb for limb in law.provisions if stands_under(limb.citation, citation) and not limb.denies]
    return limbs[0] if len(limbs) == 1 else None


def stands_under(citation: str, wider: str) -> bool:
    """Whether a citation is one of those that a wider one leaves open: 31(1)(a) under 31(1)."""
    return citation.startswith((f"{wider}(", f"{wider} and "))


def asked_by_number(notice: Notice) -> Mapping[int, str]:
    """The questions' words, of the record or else of the letter."""
    if notice.questions:
        return {question.position: question.text for question in notice.questions}
    return {part.number: part.asked for part in notice.parts}


def words_of_request(notice: Notice) -> str:
    """The words of the request: the record's, or those that the letter quotes."""
    if notice.facts:
        told = (f"{one.text} {one.answer}" for one in notice.facts.questions)
        return " ".join((notice.facts.request, *told))
    own, text = notice.letter.own.split("\n"), notice.letter.text.split("\n")
    quoted = " ".join(whole for kept, whole in zip(own, text, strict=True) if len(kept.strip()) < len(whole.strip()))
    return " ".join((quoted, *(part.asked for part in notice.parts)))
