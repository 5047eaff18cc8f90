"""Carrying out what was said by email, once: the act, the use of its address and the answer are one transaction's."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.casework.carry_out import Done, Errand, carry_out
from service.casework.hear_instruction import tell_case
from service.casework.invite import ALONE, write_to_officer
from service.casework.record import DESK, officer_actor
from service.casework.standing_of import standing_of
from service.casework.write_letter import in_thread
from service.desk import LONDON, Desk
from service.domain.instruction import Instruction, Verb
from service.domain.outcome import Outcome
from service.domain.topic import Topic
from service.errors import DeskError
from service.letters import LetterFault, capitalised
from service.store.cases import case_by_id, have_case
from service.store.correspondence import message_of_post, post_by_id
from service.store.database import attempt
from service.store.instructions import (
    ANSWERED,
    DONE,
    REFUSED,
    TO_CONFIRM,
    WAITING,
    answers_since,
    instruction_by_id,
    is_done,
    lock_address,
    lock_instruction,
)
from service.store.officers import officer_by_id
from service.store.rows import change_row
from service.store.tables import InstructionRow, Letter, Officer, OneTimeAddress

GONE = "You are no longer one of the team."
USED = "The address of that mail has been used: each acts once. Answer this mail instead."
EXPIRED = "That mail is too old to be answered so. Answer this mail instead."
OFF = "Instructions by email are switched off at this desk."
NOTICE_SHOWN = "notice-shown"
NO_CASE = "The line must begin with the reference of the case that you mean."


class NotToConfirm(DeskError):
    """This has been decided already, or there is nothing to confirm: {state}."""


class NotYourInstruction(DeskError):
    """Only the officer in whose name it was said can confirm it."""


def obey(session: Session, desk: Desk, instruction_id: int, *, at: datetime) -> None:
    """Do what a waiting instruction says, or refuse it, and answer; what does not wait any more is left alone.

    Raises LetterFault; whatever else stands against it is its refusal.
    """
    row = lock_instruction(session, instruction_id)
    if row.state != WAITING or row.address_id is None or row.officer_id is None:
        return
    address = lock_address(session, row.address_id)
    against = _against(session, desk, row, address, at) or (f"Nothing was done: {row.reason}" if row.reason else "")
    if against:
        _refuse(session, desk, row, against, at=at)
    elif row.verb in (Verb.HELP, Verb.STATUS):
        _inform(session, desk, row, at=at)
    elif row.case_id is None:
        _refuse(session, desk, row, NO_CASE, at=at)
    elif "click" in json.loads(row.particulars):
        change_row(session, row, state=TO_CONFIRM)
        _answer(session, desk, row, "verb-confirm", {"page": _page(desk, row), "verb": row.verb}, at=at)
    else:
        _do(session, desk, row, address, at=at)


def confirm(session: Session, desk: Desk, instruction_id: int, officer: Officer, *, at: datetime) -> InstructionRow:
    """Do what an officer said by email now that they say so on the page; the row tells what came of it.

    Raises NotYourInstruction, NotToConfirm or LetterFault.
    """
    row = lock_instruction(session, instruction_id)
    require_theirs(row, officer)
    if row.state != TO_CONFIRM or row.address_id is None:
        raise NotToConfirm(state=row.state)
    address = lock_address(session, row.address_id)
    against = _against(session, desk, row, address, at)
    if against:
        _refuse(session, desk, row, against, at=at)
    else:
        _do(session, desk, row, address, at=at)
    return instruction_by_id(session, instruction_id)


def require_theirs(row: InstructionRow, officer: Officer) -> None:
    """Raise NotYourInstruction for anyone but the officer in whose name it was said."""
    if row.officer_id != officer.id:
        raise NotYourInstruction


def give_up(session: Session, desk: Desk, instruction_id: int, *, at: datetime) -> None:
    """Refuse an instruction at which the desk itself failed, so that it is not tried for ever."""
    row = lock_instruction(session, instruction_id)
    if row.state == WAITING:
        change_row(session, row, state=REFUSED, reason="A fault of the desk's; nothing was done.", decided_at=at)
        _tell_case(session, desk, row, "", at=at)


def _against(session: Session, desk: Desk, row: InstructionRow, address: OneTimeAddress, at: datetime) -> str:
    """What stands against it whatever it says: all of that may have changed since the mail was written."""
    officer = officer_by_id(session, address.officer_id)
    if officer is None or not officer.active:
        return GONE
    if not desk.settings.instructions.by_email:
        return OFF
    if _is_used(session, row, address):
        return USED
    return EXPIRED if at > address.expires_at else ""


def _is_used(session: Session, row: InstructionRow, address: OneTimeAddress) -> bool:
    """Whether it has acted: that of a list once for each case of the list."""
    if address.topic == Topic.LIST:
        return row.case_id is not None and is_done(session, address.id, row.case_id)
    return address.used_at is not None


def _do(session: Session, desk: Desk, row: InstructionRow, address: OneTimeAddress, *, at: datetime) -> None:
    try:
        with attempt(session):
            done = carry_out(session, desk, _errand(session, row, address, at))
            # The one row that may be "done" on this case under this address: the database itself refuses a second.
            effect = json.dumps(dict(done.effect))
            change_row(session, row, state=DONE, reason=done.what, effect=effect, decided_at=at)
            change_row(session, address, used_at=at)
    except LetterFault:
        raise
    except DeskError as error:
        _refuse(session, desk, lock_instruction(session, row.id), f"Nothing was done. {error}", at=at)
        return
    _tell_case(session, desk, row, officer_actor(address.officer_id), at=at)
    _answer_done(session, desk, row, done, at=at)


def _errand(session: Session, row: InstructionRow, address: OneTimeAddress, at: datetime) -> Errand:
    officer = officer_by_id(session, address.officer_id)
    assert officer is not None
    topic = Topic(address.topic)
    done = instruction_by_id(session, address.about) if topic is Topic.DONE and address.about else None
    effect = json.loads(done.effect or "{}") if done is not None and done.case_id == row.case_id else {}
    case = have_case(session, row.case_id or 0)
    said_at = min(post_by_id(session, row.post_id).received_at, at)
    return Errand(officer, case, said_in(row), topic, address.about, effect, said_at.astimezone(LONDON).date(), at)


def said_in(row: InstructionRow) -> Instruction:
    """The instruction that a row keeps."""
    told = json.loads(row.particulars)
    return Instruction(
        Verb(row.verb),
        person=told.get("person", ""),
        day=date.fromisoformat(told["day"]) if "day" in told else None,
        outcome=Outcome(told["outcome"]) if "outcome" in told else None,
        text=told.get("text", ""),
    )


def _refuse(session: Session, desk: Desk, row: InstructionRow, reason: str, *, at: datetime) -> None:
    change_row(session, row, state=REFUSED, reason=reason, decided_at=at)
    _tell_case(session, desk, row, "", at=at)
    if reason in (GONE, OFF):
        return  # there is nobody whom an answer would help
    _answer(session, desk, row, "verb-refused", {"reason": reason}, at=at)


def _inform(session: Session, desk: Desk, row: InstructionRow, *, at: datetime) -> None:
    """Say how the case stands or what can be said; that changes nothing, and the address stays as good as it was."""
    change_row(session, row, state=ANSWERED, reason="Answered.", decided_at=at)
    if row.verb == Verb.STATUS and row.case_id is not None:
        _answer(session, desk, row, "verb-status", _status(session, desk, row, at), at=at)
    else:
        _answer(session, desk, row, "verb-help", {}, at=at)


def _status(session: Session, desk: Desk, row: InstructionRow, at: datetime) -> dict[str, object]:
    case = case_by_id(session, row.case_id or 0)
    owner = officer_by_id(session, case.owner_id) if case.owner_id else None
    return {
        "stage": case.stage,
        "due_on": case.due_on,
        "standing": capitalised(standing_of(desk, case, at.astimezone(LONDON).date()).words),
        "owner": owner.name if owner else "",
        "outcome": case.outcome,
        "received_on": case.received_on,
    }


def _answer_done(session: Session, desk: Desk, row: InstructionRow, done: Done, *, at: datetime) -> None:
    if done.asks:
        letter = {"letter": done.shown, "advice": done.advice}
        _answer(session, desk, row, NOTICE_SHOWN, letter, at=at, topic=Topic.NOTICE, about=row.id)
        return
    words = {"what": done.what, "undo": bool(done.effect), "advice": done.advice}
    topic, about = (Topic.DONE, row.id) if done.effect else (Topic.CASE, 0)
    _answer(session, desk, row, "verb-done", words, at=at, topic=topic, about=about)


def _answer(
    session: Session,
    desk: Desk,
    row: InstructionRow,
    template: str,
    words: Mapping[str, object],
    *,
    at: datetime,
    topic: Topic | None = None,
    about: int = 0,
) -> Letter | None:
    """Write to the officer's own address, never to where the mail came from; None after too many in a day."""
    assert row.officer_id is not None
    assert row.address_id is not None
    most = desk.settings.instructions.answers_a_day
    officer = officer_by_id(session, row.officer_id)
    if officer is None or answers_since(session, officer.id, at - timedelta(days=1)) >= most:
        return None
    address = lock_address(session, row.address_id)
    case = case_by_id(session, row.case_id) if row.case_id is not None else None
    message = message_of_post(session, row.post_id)
    letter = write_to_officer(
        session,
        desk,
        officer,
        template,
        topic or Topic(address.topic),
        words,
        case=case if address.case_id is not None or topic is not None else None,
        about=about if topic else address.about,
        at=at,
        thread=in_thread(message) if message else ALONE,
        automatic="auto-replied",
    )
    change_row(session, row, letter_id=letter.id)
    return letter


def _tell_case(session: Session, desk: Desk, row: InstructionRow, by: str, *, at: datetime) -> None:
    if row.case_id is None:
        return
    tell_case(session, desk, case_by_id(session, row.case_id), row, at=at, by=by or DESK)


def _page(desk: Desk, row: InstructionRow) -> str:
    return f"{desk.settings.web.url.rstrip('/')}/instructions/{row.id}"
