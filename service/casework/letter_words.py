"""What was decided about the questions of a request, in the words that a letter's template puts together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.domain.exemptions import Need, Provision, Status, law_of
from service.domain.notice_law import NoticeLaw, notice_law
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.regime import Regime
from service.letters import capitalised

# Each names a file of templates/blocks/answers, and says in a few words what became of the question.
ANSWERS = {
    Decision.DISCLOSE: ("disclose", "given to you"),
    Decision.PARTLY: ("partly", "given to you in part"),
    Decision.WITHHOLD: ("withhold", "withheld"),
    Decision.NEITHER: ("neither", "neither confirmed nor denied"),
    Decision.NOT_HELD: ("not-held", "not held"),
    Decision.ACCESSIBLE: ("accessible", "already accessible to you"),
    Decision.COST_LIMIT: ("cost-limit", "refused because of what it would cost"),
    Decision.VEXATIOUS: ("vexatious", "refused as vexatious"),
    Decision.REPEATED: ("vexatious", "refused as repeated"),
}
UNREASONABLE = "refused as manifestly unreasonable"
TOO_GENERAL = ("too-general", "refused because it is formulated in too general a manner")
LEADS = {
    Need.QUALIFIED_PERSON: "The qualified person, whose reasonable opinion this rests on",
    Need.OPINION: "Their opinion",
    Need.OPINION_ON: "Given on",
    Need.ENACTMENT: "What prohibits disclosure",
    Need.PRINCIPLE: "The data protection principle that disclosure would break, and why",
    Need.PURPOSE: "The purpose that is at stake",
    Need.ESTIMATE: "Our estimate",
    Need.ADVICE: "What we could give you instead",
    Need.BODY: "Who is preparing the information",
    Need.WHEN: "When it is expected",
    Need.EXEMPTION: "What would exempt the information if it were held",
}
# Where nothing is confirmed or denied nothing is disclosed either, not even in supposition.
LEADS_OF_DENIAL = {
    Need.ENACTMENT: "What prohibits confirming or denying",
    Need.PRINCIPLE: "The data protection principle that confirming or denying would break, and why",
}
LEADS_OF_TOO_GENERAL = {Need.ADVICE: "How you could make it more particular"}
BY_FIELD = frozenset({Need.PIT, Need.HARM, Need.LINK})  # these stand in fields of their own


@dataclass(frozen=True, slots=True)
class GroundWords:
    """One limb as a letter tells it.

    `seen_at` is the question under which the letter has explained the limb already, `same_as` the one under which it
    has said all of this; 0 where there is none.
    """

    cited: str
    says: str
    harm: str
    qualified: bool
    absolute: bool
    denies: bool
    interest_for: str
    interest_against: str
    conclusion: str
    particulars: tuple[str, ...]
    seen_at: int = 0
    same_as: int = 0


THE_ONE = "your request"  # a question that no other stands beside


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """One question as a letter answers it; `template` names its block and `name` stands in its sentences.

    `too_general` says that the question, or the rest of it, does not tell which information is wanted. `beyond` is what
    an answer that rests on other limbs neither confirms nor denies beside them.
    """

    position: int
    name: str
    text: str
    gist: str
    template: str
    held: bool
    answer: str
    link: str
    cited: tuple[str, ...]
    grounds: tuple[GroundWords, ...]
    refused: bool
    repeated: bool
    too_general: bool = False
    beyond: "QuestionWords | None" = None


def answers(regime: Regime | str, questions: Sequence[Question]) -> tuple[QuestionWords, ...]:
    """The decided questions of a letter in words, which explain each limb once; raises NoSuchProvision."""
    told: list[QuestionWords] = []
    for question in questions:
        words = question_words(regime, question)
        if len(questions) == 1:
            words = replace(words, name=THE_ONE, beyond=words.beyond and replace(words.beyond, name=THE_ONE))
        told.append(_explained_once(told, words))
        if words.beyond:
            told[-1] = replace(told[-1], beyond=_explained_once(told[:-1], words.beyond))
    return tuple(told)


def _explained_once(told: Sequence[QuestionWords], words: QuestionWords) -> QuestionWords:
    return replace(words, grounds=tuple(_after(told, ground) for ground in words.grounds))


def _after(told: Sequence[QuestionWords], ground: GroundWords) -> GroundWords:
    every = [
        (one.position, other) for one in told for other in (*one.grounds, *(one.beyond.grounds if one.beyond else ()))
    ]
    before = [(position, other) for position, other in every if other.cited == ground.cited]
    said = [position for position, other in before if replace(other, seen_at=0, same_as=0) == ground]
    return replace(ground, seen_at=before[0][0] if before else 0, same_as=said[0] if said and ground.harm else 0)


def question_words(regime: Regime | str, question: Question) -> QuestionWords:
    """A decided question in words; raises NoSuchProvision for a limb that the law does not have."""
    law = notice_law(regime)
    decision = question.decision or Decision.DISCLOSE
    template, gist = ANSWERS[decision]
    if law.environmental and decision in (Decision.COST_LIMIT, Decision.VEXATIOUS, Decision.REPEATED):
        gist = UNREASONABLE
    too_general = law.is_too_general(question)
    if too_general and decision is Decision.WITHHOLD:
        template, gist = TOO_GENERAL
    beside, grounds = (
        tuple(ground_words(regime, ground) for ground in some) for some in law.parted(law_of(regime), question)
    )
    words = QuestionWords(
        position=question.position,
        name=f"question {question.position}",
        text=question.text,
        gist=gist,
        template=template,
        held=question.holding is Holding.HELD,
        answer=sentence(question.answer),
        link=question.link.strip(),
        cited=tuple(ground.cited for ground in grounds),
        grounds=grounds,
        refused=law.refuses(decision) or bool(beside),
        repeated=decision is Decision.REPEATED,
        too_general=too_general,
    )
    if not beside:
        return words
    beyond = replace(words, cited=tuple(ground.cited for ground in beside), grounds=beside)
    return replace(words, gist=f"{gist}; anything else neither confirmed nor denied", beyond=beyond)


def ground_words(regime: Regime | str, ground: Ground) -> GroundWords:
    """One limb in words; raises NoSuchProvision."""
    law, provision = notice_law(regime), law_of(regime).provision(ground.citation)
    return GroundWords(
        cited=provision.cited,
        says=_says(law, provision),
        harm=sentence(ground.harm),
        qualified=Need.PIT in provision.needs,
        absolute=provision.status is Status.ABSOLUTE,
        denies=provision.denies,
        interest_for=sentence(ground.interest_for),
        interest_against=sentence(ground.interest_against),
        conclusion=sentence(ground.conclusion),
        particulars=tuple(_particulars(ground, _leads(law, provision))),
    )


def _says(law: NoticeLaw, provision: Provision) -> str:
    """What the limb is for, in a sentence; of what is no exemption the decision has said it already."""
    if provision.status is Status.NEITHER and not provision.denies:
        return ""
    # The Regulations head all their exceptions alike.
    title = "" if law.environmental and provision.title.startswith("Exceptions") else f" ({provision.title})"
    applies = f"{capitalised(law.of(provision.cited))}{title} applies {provision.lead}"
    return f"{applies} {sentence(_within(law, provision))}"


def _within(law: NoticeLaw, provision: Provision) -> str:
    """The limb, naming the rest of its section as the section itself does: the matters of subsection (1)."""
    part = "paragraph" if law.environmental else "subsection"
    return re.sub(rf"\b(?:s\.|reg ){re.escape(provision.section)}\b(?=\()", f"{part} ", provision.limb)


def _leads(law: NoticeLaw, provision: Provision) -> Mapping[Need, str]:
    """How the particulars of a limb begin."""
    if provision.denies:
        return {**LEADS, **LEADS_OF_DENIAL}
    return {**LEADS, **LEADS_OF_TOO_GENERAL} if provision.citation == law.too_general else LEADS


def _particulars(ground: Ground, leads: Mapping[Need, str]) -> list[str]:
    told = []
    for need in Need:
        text = ground.particulars.get(need.value, "").strip()
        if text and need not in BY_FIELD:
            told.append(f"{leads.get(need, need.value.capitalize())}: {sentence(text)}")
    return told


def sentence(text: str) -> str:
    """Words that end like a sentence, unless they end in something of their own; lines are kept, spaces are not."""
    kept = "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in text.strip().splitlines())
    unended = kept.rstrip(")]”’\"'")
    if not kept or not unended or not (unended[-1].isalnum() or unended[-1] in "%£") or _ends_in_an_address(kept):
        return kept
    return f"{kept}."


def _ends_in_an_address(text: str) -> bool:
    last = text.rsplit(maxsplit=1)[-1]
    return "://" in last or "@" in last
