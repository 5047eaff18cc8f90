"""`nil return` and `not ours`, said as an officer says things: whoever was asked is taken at their word.

Only in the first line, alone, as plain text, from the very address that was asked, for which our mail server vouches;
anything less is what it always was, a suggestion for the officer.
"""

from datetime import datetime

from sqlmodel import Session

from service.casework.consult import close_consultation, consultation_answers_to
from service.casework.write_letter import Recipient, in_thread, queue
from service.desk import LONDON, Desk
from service.domain.consultation import Result
from service.domain.instruction import Instruction, Verb, read_instruction
from service.domain.message import IncomingMessage
from service.domain.sender_check import SenderCheck
from service.store.instructions import DONE, REFUSED
from service.store.rows import add_row, change_row, new_row
from service.store.tables import Case, Consultation, InstructionRow, Message

RETURNED = "consultation-closed"
_MEANS = {Verb.NIL_RETURN: Result.NIL, Verb.NOT_OURS: Result.NOT_OURS}


def take_at_their_word(
    session: Session,
    desk: Desk,
    case: Case,
    consultation: Consultation,
    message: Message,
    read: IncomingMessage,
    *,
    at: datetime,
) -> bool:
    """Close a consultation as its answer says, and say so to whoever was asked; False where an officer must look."""
    today = at.astimezone(LONDON).date()
    said = read_instruction(read.text, today=today, references=desk.references, signer=consultation.name)
    if not isinstance(said, Instruction) or said.verb not in _MEANS or not desk.settings.instructions.by_email:
        return False
    against = _against(consultation, message, read, said)
    row = add_row(
        session,
        new_row(
            InstructionRow,
            post_id=message.post_id,
            consultation_id=consultation.id,
            case_id=case.id,
            sender_address=message.sender_address,
            sender_check=message.sender_check,
            verb=said.verb.value,
            state=REFUSED if against else DONE,
            reason=against or f"{consultation.name}: {said.verb.value}.",
            received_at=at,
            decided_at=at,
        ),
    )
    if against:
        return False
    close_consultation(session, desk, consultation, _MEANS[said.verb], at=at, by="contributor")
    words = {
        "name": consultation.name,
        "reference": case.reference,
        "said": said.verb.value,
        "authority": desk.settings.authority_of(case.account),
    }
    letter = queue(
        session,
        desk,
        RETURNED,
        Recipient(consultation.name, consultation.address),
        desk.stationery.write(RETURNED, words),
        at=at,
        case=case,
        thread=in_thread(message),
        automatic="auto-replied",
        answers_to=consultation_answers_to(desk, case, consultation),
    )
    change_row(session, row, letter_id=letter.id)
    return True


def _against(consultation: Consultation, message: Message, read: IncomingMessage, said: Instruction) -> str:
    """Why an officer must look; empty where the words stand by themselves."""
    written = read.sender.address.strip()
    theirs = written.isascii() and written.lower() == consultation.address_key
    if not theirs or any(one.key != read.sender.key for one in read.submitters):
        return "Left to the officer: it does not come from the address that was asked."
    if message.sender_check != SenderCheck.PASSED:
        return "Left to the officer: our mail server does not vouch for the sender."
    if read.concerns or read.bulk or not read.plain or said.more or read.attachments:
        return "Left to the officer: the mail says or holds more than that."
    return ""
