"""The one-time addresses of our mails to officers, and the record of what was told the desk by email."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from service.errors import DeskError
from service.store.tables import InstructionRow, OneTimeAddress

WAITING, TO_CONFIRM, DONE, ANSWERED, REFUSED = "waiting", "to confirm", "done", "answered", "refused"
STATES = (DONE, ANSWERED, REFUSED, TO_CONFIRM, WAITING)
PAGE = 50


class NoSuchInstruction(DeskError):
    """There is no such instruction on the desk."""


def address_of_letters(session: Session, letter_ids: Sequence[int]) -> OneTimeAddress | None:
    """The one-time address that one of these letters carried."""
    if not letter_ids:
        return None
    query = select(OneTimeAddress).where(col(OneTimeAddress.letter_id).in_(list(letter_ids)))
    return session.exec(query.order_by(col(OneTimeAddress.id))).first()


def lock_address(session: Session, address_id: int) -> OneTimeAddress:
    """A one-time address as it is now, locked until the transaction ends."""
    return session.get_one(OneTimeAddress, address_id, with_for_update=True, populate_existing=True)


def is_done(session: Session, address_id: int, case_id: int) -> bool:
    """Whether an address has acted on a case."""
    row = col(InstructionRow.address_id) == address_id, col(InstructionRow.case_id) == case_id
    query = select(InstructionRow.id).where(*row, col(InstructionRow.state) == DONE)
    return session.exec(query.limit(1)).first() is not None


def waiting_instructions(session: Session) -> Sequence[int]:
    """Those that wait to be carried out, by key, in the order they came."""
    query = select(InstructionRow.id).where(col(InstructionRow.state) == WAITING)
    return session.exec(query.order_by(col(InstructionRow.received_at), col(InstructionRow.id))).all()


def lock_instruction(session: Session, instruction_id: int) -> InstructionRow:
    """One instruction as it is now, locked until the transaction ends; raises NoSuchInstruction."""
    query = select(InstructionRow).where(col(InstructionRow.id) == instruction_id)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchInstruction
    return found


def instruction_by_id(session: Session, instruction_id: int) -> InstructionRow:
    """One instruction; raises NoSuchInstruction."""
    found = session.get(InstructionRow, instruction_id)
    if found is None:
        raise NoSuchInstruction
    return found


def answers_since(session: Session, officer_id: int, since: datetime) -> int:
    """How many answers to instructions an officer was sent since an instant."""
    query = select(func.count()).select_from(InstructionRow)
    answered = query.where(
        col(InstructionRow.officer_id) == officer_id,
        col(InstructionRow.received_at) >= since,
        col(InstructionRow.letter_id).is_not(None),
    )
    return session.exec(answered).one()


@dataclass(frozen=True, slots=True)
class Sought:
    """Which instructions a list shows: those in a state, of an officer, with a verb; empty for any. Pages from 1."""

    state: str = ""
    officer_id: int | None = None
    verb: str = ""
    page: int = 1


def instructions(session: Session, sought: Sought) -> tuple[Sequence[InstructionRow], int]:
    """A page of the record, newest first, and how many there are in all."""
    where = []
    if sought.state:
        where.append(col(InstructionRow.state) == sought.state)
    if sought.officer_id is not None:
        where.append(col(InstructionRow.officer_id) == sought.officer_id)
    if sought.verb:
        where.append(col(InstructionRow.verb) == sought.verb)
    total = session.exec(select(func.count()).select_from(InstructionRow).where(*where)).one()
    query = select(InstructionRow).where(*where).order_by(col(InstructionRow.received_at).desc())
    rows = session.exec(query.order_by(col(InstructionRow.id).desc()).offset((sought.page - 1) * PAGE).limit(PAGE))
    return rows.all(), total
