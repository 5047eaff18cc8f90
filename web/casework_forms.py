"""What officers fill in on the way from triage to the response."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from service.casework.decide import Part
from service.domain.exemptions import Need
from service.domain.progress import Triage
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.regime import Regime
from service.domain.sent_answer import NotTheAnswer
from web.forms import LONGEST_LETTER, LONGEST_SUBJECT, Reader

MOST_QUESTIONS, MOST_GROUNDS, MOST_APPROVERS = 200, 30, 5
DECISIONS = {choice.value: choice for choice in Decision}
HOLDINGS = {choice.value: choice for choice in Holding}
PLAIN_NEEDS = (Need.PIT, Need.HARM, Need.LINK)  # they have fields of their own


@dataclass(frozen=True, slots=True)
class TriageForm:
    found: Triage
    regime: Regime
    reason: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        found = reader.choice("found", [choice.value for choice in Triage], "Choose what it is")
        regime = reader.choice("regime", [regime.value for regime in Regime], "Choose the law it runs under")
        needed = "" if found == Triage.REQUEST else "Say why: a complaint about it will be answered with these words"
        reason = reader.text("reason", needed, 2000)
        reader.finish()
        return cls(Triage(found), Regime(regime), reason)


@dataclass(frozen=True, slots=True)
class ReasonForm:
    reason: str

    @classmethod
    def read(cls, values: Mapping[str, str], missing: str, name: str = "reason") -> Self:
        reader = Reader(values)
        reason = reader.text(name, missing, 2000)
        reader.finish()
        return cls(reason)


@dataclass(frozen=True, slots=True)
class DeclinedForm:
    why: NotTheAnswer
    reason: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        """What a mail was that was not the answer; "something else" has to be told."""
        reader = Reader(values)
        why = reader.choice("why", [choice.value for choice in NotTheAnswer], "Choose what the mail was")
        needed = "Say what the mail was, so that nobody asks again" if why == NotTheAnswer.OTHER else ""
        reason = reader.text("reason", needed, 2000)
        reader.finish()
        return cls(NotTheAnswer(why), reason)


@dataclass(frozen=True, slots=True)
class QuestionsForm:
    """The questions as an officer leaves them; one whose text was emptied is gone."""

    parts: tuple[Part, ...]

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        numbers = range(1, min(reader.number("rows"), MOST_QUESTIONS) + 1)
        parts = [_part(reader, number) for number in numbers]
        kept = tuple(part for part in parts if part.text)
        if not kept:
            reader.faults["text-1"] = "Keep at least one question, even when the request is a single sentence"
        reader.finish()
        return cls(kept)


def _part(reader: Reader, number: int) -> Part:
    return Part(
        reader.number(f"position-{number}"), reader.line(f"label-{number}", longest=20), reader.text(f"text-{number}")
    )


@dataclass(frozen=True, slots=True)
class DecisionForm:
    question: Question

    @classmethod
    def read(cls, values: Mapping[str, str], before: Question, citations: Collection[str]) -> Self:
        """What was decided, with the limbs whose citation is chosen."""
        reader = Reader(values)
        reader.choice("decision", [choice.value for choice in Decision], "Choose what becomes of it")
        question = Question(
            position=before.position,
            label=before.label,
            text=before.text,
            holding=HOLDINGS.get(values.get("holding", ""), Holding.NOT_STATED),
            decision=DECISIONS.get(values.get("decision", "")),
            grounds=read_grounds(reader, citations),
            answer=reader.text("answer", longest=LONGEST_LETTER),
            link=reader.text("link", longest=2000),
            source=reader.line("source"),
        )
        reader.finish()
        return cls(question)


def read_grounds(reader: Reader, citations: Collection[str]) -> tuple[Ground, ...]:
    """The limbs of a form, in its order; one whose citation was emptied is gone."""
    numbers = range(1, min(reader.number("grounds"), MOST_GROUNDS) + 1)
    return tuple(_ground(reader, n, citations) for n in numbers if reader.line(f"citation-{n}"))


def _ground(reader: Reader, number: int, citations: Collection[str]) -> Ground:
    particulars = {need.value: reader.text(need_field(number, need), longest=2000) for need in Need}
    return Ground(
        citation=reader.choice(f"citation-{number}", citations, "Choose a limb of the law this case runs under"),
        harm=reader.text(f"harm-{number}"),
        interest_for=reader.text(f"for-{number}"),
        interest_against=reader.text(f"against-{number}"),
        conclusion=reader.text(f"conclusion-{number}"),
        particulars={name: value for name, value in particulars.items() if value},
    )


def need_field(number: int, need: Need) -> str:
    """The name of the field for what a limb needs."""
    return f"need-{number}-{need.name.lower()}"


@dataclass(frozen=True, slots=True)
class ApproversForm:
    officers: tuple[int, ...]

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        """The approvers chosen, in their order; none is allowed."""
        reader = Reader(values)
        named = [f"approver-{number}" for number in range(1, MOST_APPROVERS + 1)]
        chosen = tuple(reader.key(name, "Choose an officer") for name in named if values.get(name))
        reader.finish()
        return cls(chosen)


@dataclass(frozen=True, slots=True)
class DraftForm:
    subject: str
    body: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        subject = reader.line("subject", "Enter a subject", LONGEST_SUBJECT)
        body = reader.text("body", "Write the response", LONGEST_LETTER)
        reader.finish()
        return cls(subject, body + "\n")
