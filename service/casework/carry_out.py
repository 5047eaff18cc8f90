"""Doing what an officer says by email, by the very rules of the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from service.casework.accept import accept, hand_back
from service.casework.answer_question import ASKED, asked_what_is_meant
from service.casework.approver import approver_in_turn, last_finished
from service.casework.ask_notice import comes_to, letter_for_more_time, told_already
from service.casework.assign import assign
from service.casework.clear import approve, send_back
from service.casework.clock_facts import ClockFact, consider, strike_out
from service.casework.close import close
from service.casework.note import add_note
from service.casework.permission import require_may, require_may_act, require_may_assign
from service.casework.record import officer_actor
from service.casework.undo import undo, undoable_on
from service.desk import LONDON, Desk
from service.domain.instruction import Instruction, Verb
from service.domain.kind import Kind
from service.domain.regime import Matter
from service.domain.stage import Act, Stage, require
from service.domain.topic import ANSWERS, Topic
from service.errors import DeskError
from service.letters import Words, in_words
from service.store.cases import history
from service.store.officers import officers
from service.store.tables import Case, Officer

UNDONE = "Undone by email, by whoever had said it."


class NotSayable(DeskError):
    """ "{verb}" cannot be said in answer to this mail."""


class NoSuchPerson(DeskError):
    """Nobody active on the team is called that. The team: {team}."""


class SeveralPeople(DeskError):
    """Several of the team are called that. Say one of: {choices}."""


class DraftChanged(DeskError):
    """The draft has changed since you were asked, or it is not your turn any more: read it on the case's page first."""


class CannotUndo(DeskError):
    """What was done cannot be undone by email; the case's page shows what can be done now."""


class TextMissing(DeskError):
    """Write the {what} after a colon."""


class PageOnly(DeskError):
    """A complaint to the regulator ends with a ruling: close it on its page."""


@dataclass(frozen=True, slots=True)
class Errand:
    """An instruction with whoever gave it, the case it is about, and what the mail it answers was about."""

    officer: Officer
    case: Case
    said: Instruction
    topic: Topic
    about: int
    effect: Mapping[str, str]  # of what was done, where undoing it is what is said
    said_on: date  # the day of the mail, on which what it tells of was done, however late it is read or confirmed
    at: datetime

    @property
    def by(self) -> str:
        return officer_actor(self.officer.id)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a sentence, what undoing it needs, and what else to think of. Or, before anything is done, the
    letter that is `shown`, which goes when the officer says yes; where there is none, it `asks` for their "told"."""

    what: str
    effect: Mapping[str, str] = field(default_factory=dict)
    advice: str = ""
    shown: Words | None = None
    asks: bool = False


Doing = Callable[[Session, Desk, Errand], Done]


def carry_out(session: Session, desk: Desk, errand: Errand) -> Done:
    """Do it; raises NotSayable, or whatever the page would raise, and then has changed nothing that is kept."""
    if errand.said.verb not in ANSWERS[errand.topic]:
        raise NotSayable(verb=errand.said.verb.value)
    return _DOING[errand.said.verb](session, desk, errand)


def _assign(session: Session, desk: Desk, errand: Errand) -> Done:
    case, to = errand.case, person_named(officers(session), errand.said.person, errand.officer)
    require_may_assign(errand.officer, case, to.id)
    return _give(session, desk, errand, to)


def _give(session: Session, desk: Desk, errand: Errand, to: Officer) -> Done:
    with undoable_on(session, errand.officer, errand.case, at=errand.at) as kept:
        assign(session, desk, errand.case, to.id, at=errand.at, by=errand.by)
    what = "The case is yours." if to.id == errand.officer.id else f"The case is given to {to.name}."
    return Done(what, {"undo": "take back", "key": str(kept.key)})


def _take(session: Session, desk: Desk, errand: Errand) -> Done:
    case = errand.case
    if case.owner_id != errand.officer.id:
        require_may_assign(errand.officer, case, errand.officer.id)
        return _give(session, desk, errand, errand.officer)
    require_may(errand.officer, case, Act.ACCEPT)
    accept(session, desk, case, at=errand.at, by=errand.by)
    return Done("You have taken the case on.", {"undo": "hand back"})


def _hand_back(session: Session, desk: Desk, errand: Errand) -> Done:
    require_may(errand.officer, errand.case, Act.HAND_BACK)
    hand_back(session, desk, errand.case, errand.said.text, at=errand.at, by=errand.by)
    return Done("The case is handed back, and waits to be given to somebody.", {"undo": "take"})


def _clear(session: Session, errand: Errand) -> None:
    """The page's rules, also that only what the approver was asked about is cleared."""
    require(errand.case.stage, Act.CLEAR)
    require_may(errand.officer, errand.case, Act.CLEAR, approver_in_turn(session, errand.case))
    if errand.about != last_finished(session, errand.case):
        raise DraftChanged


def _approve(session: Session, desk: Desk, errand: Errand) -> Done:
    _clear(session, errand)
    approve(session, desk, errand.case, errand.officer.id, at=errand.at)
    ready = errand.case.stage == Stage.READY
    return Done(
        "You have approved the response." + (" It is ready to be sent." if ready else " The next approver is asked."),
        advice="To take that back, ask the officer who has the case: they can take back the draft until it is sent.",
    )


def _return(session: Session, desk: Desk, errand: Errand) -> Done:
    _clear(session, errand)
    send_back(session, desk, errand.case, errand.officer.id, errand.said.text, at=errand.at)
    return Done(
        "The draft is returned to its officer.",
        advice="That stands; the officer may ask for clearance again without a change, if nothing needs one.",
    )


def _close(session: Session, desk: Desk, errand: Errand) -> Done:
    case, outcome = errand.case, errand.said.outcome
    assert outcome is not None
    require_may_act(errand.officer, case)
    if case.matter == Matter.REGULATOR:
        raise PageOnly
    day = errand.said.day or errand.said_on
    close(session, desk, case, outcome, answered_on=day, at=errand.at, by=errand.by)
    return Done(
        f"The case is closed: {outcome.value}{f', answered on {in_words(day)}' if case.answered_on else ''}.",
        _striking(session, case, Kind.CLOSED),
    )


def _extend(session: Session, desk: Desk, errand: Errand) -> Done:
    case, until = errand.case, errand.said.day
    assert until is not None
    require_may_act(errand.officer, case)
    shown = letter_for_more_time(
        session, desk, case, until, errand.said.text, errand.officer, at=errand.at, by=errand.by
    )
    if shown is not None:
        waits = "Nothing is extended yet: the letter to the requester waits for a yes."
        return Done(waits, shown.kept, shown.comes_to, shown=shown.words, asks=True)
    told = {"until": until.isoformat(), "reason": errand.said.text}
    fact = ClockFact(Kind.EXTENDED, errand.at.astimezone(LONDON).date(), told)
    clock = consider(session, desk, case, fact, at=errand.at, by=errand.by).clock
    waits = "Nothing is extended yet: the desk cannot write the letter by itself, and asks whether one has gone."
    return Done(waits, told, comes_to(clock, until), asks=True)


def _note(session: Session, desk: Desk, errand: Errand) -> Done:
    if not errand.said.text:
        raise TextMissing(what="note")
    add_note(session, desk, errand.case, errand.said.text, at=errand.at, by=errand.by)
    return Done("Your note is on the case.", advice="A note stays on the record; write another to correct it.")


def _undo(session: Session, desk: Desk, errand: Errand) -> Done:
    effect = errand.effect
    match effect.get("undo"):
        case "strike":
            require_may_act(errand.officer, errand.case)
            strike_out(session, desk, errand.case, int(effect["event"]), UNDONE, at=errand.at, by=errand.by)
            return Done("The entry is struck out, and the case stands as before.")
        case "hand back":
            require_may(errand.officer, errand.case, Act.HAND_BACK)
            hand_back(session, desk, errand.case, UNDONE, at=errand.at, by=errand.by)
            return Done("The case is handed back.", {"undo": "take"})
        case "take":
            return _take(session, desk, errand)
        case "take back":
            undo(session, desk, errand.officer, int(effect["key"]), at=errand.at)
            return Done("The case is as it was before.")
    raise CannotUndo


def _yes(session: Session, desk: Desk, errand: Errand) -> Done:
    agree, _ = ASKED[errand.topic]
    return Done(agree(session, desk, errand.officer, errand.case, errand.about, errand.at, errand.by))


def _no(session: Session, desk: Desk, errand: Errand) -> Done:
    _, deny = ASKED[errand.topic]
    return Done(deny(session, desk, errand.officer, errand.case, errand.about, errand.at, errand.by))


def _question(session: Session, desk: Desk, errand: Errand) -> Done:
    what = asked_what_is_meant(session, desk, errand.officer, errand.case, errand.about, errand.at, errand.by)
    return Done(what, advice="If that was a mistake, strike it out on the page of the case's clock.")


def _told(session: Session, desk: Desk, errand: Errand) -> Done:
    what = told_already(
        session, desk, errand.officer, errand.case, errand.about, errand.said_on, at=errand.at, by=errand.by
    )
    return Done(what, _striking(session, errand.case, Kind.EXTENDED))


_DOING: dict[Verb, Doing] = {
    Verb.ASSIGN: _assign,
    Verb.TAKE: _take,
    Verb.HAND_BACK: _hand_back,
    Verb.APPROVE: _approve,
    Verb.RETURN: _return,
    Verb.CLOSE: _close,
    Verb.EXTEND: _extend,
    Verb.NOTE: _note,
    Verb.UNDO: _undo,
    Verb.YES: _yes,
    Verb.NO: _no,
    Verb.QUESTION: _question,
    Verb.TOLD: _told,
}


def person_named(team: Sequence[Officer], typed: str, me: Officer) -> Officer:
    """The one of the team who is called that: by full name, first or last name, address or what stands before its @.

    Raises NoSuchPerson or SeveralPeople.
    """
    wanted = " ".join(typed.split()).removeprefix("@")
    if wanted.lower() in ("me", "myself"):
        return me
    whole = [one for one in team if _same(wanted, one.name) or _same(wanted, one.email)]
    found = whole or [one for one in team if any(_same(wanted, name) for name in _short_names(one))]
    if not found:
        raise NoSuchPerson(team=", ".join(f"{one.name} ({one.email})" for one in team))
    if len(found) > 1:
        raise SeveralPeople(choices=", ".join(f"assign {one.email}" for one in found))
    return found[0]


def _short_names(one: Officer) -> list[str]:
    local, names = one.email.partition("@")[0], one.name.split()
    return [local, local.replace(".", " "), *names[:1], *names[-1:]]


def _same(typed: str, name: str) -> bool:
    """Letter for letter but for capitals; a letter of another script that looks the same is another."""
    if typed.isascii():
        return typed.lower() == name.lower()
    return typed == name


def _striking(session: Session, case: Case, kind: Kind) -> dict[str, str]:
    """What undoing the newest entry of a kind needs."""
    newest = next(event for event in reversed(history(session, case.id)) if event.kind is kind)
    return {"undo": "strike", "event": str(newest.seq)}
