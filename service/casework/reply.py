"""An officer's letter to the requester, in the thread of the request.

Files go with it as `send_reply(..., files=[enclose_bytes(session, name, pdf), *enclose(session, case)])`, both of
service.casework.release_file: made by the desk, and all those of the case, each of which must have been released.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from sqlmodel import Session

from service.casework.explain_case import explain_case
from service.casework.record import record
from service.casework.write_letter import Enclosure, Recipient, Thread, case_words, in_thread, queue
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.sender_check import SenderCheck
from service.domain.stage import Act, require
from service.errors import DeskError
from service.letters import Words
from service.store.cases import history
from service.store.correspondence import messages_of_case
from service.store.tables import Case, Letter, Message

TEMPLATES = {
    "reply": "A reply in your own words",
    "response": "Our response to the request",
    "deadline": "How the date for our answer was worked out",
}
NOTHING: Mapping[str, str] = MappingProxyType({})


class NoAddress(DeskError):
    """Case {reference} has no address to write to: reach the requester by post or telephone and note it on the case."""


def draft_reply(session: Session, desk: Desk, case: Case, template: str, signatory: str, *, today: date) -> Words:
    """A template's words for this case, for the officer to finish; raises LetterFault."""
    particulars = {
        "signatory": signatory,
        "explanation": explain_case(session, desk, case),
        "late": case.due_on is not None and today > case.due_on,
        "answer_by": None,
        "reason": "",
    }
    return desk.stationery.write(template, case_words(desk, case, today) | particulars)


def send_reply(
    session: Session,
    desk: Desk,
    case: Case,
    kind: str,
    words: Words,
    *,
    at: datetime,
    by: str,
    files: Sequence[Enclosure] = (),
    tells: Mapping[str, str] = NOTHING,
) -> Letter:
    """Queue the officer's words to the requester, and files with them, answering the newest mail of theirs.

    `tells` is what the sending of the letter will mean to the clock (notices.effect_of), kept with its entry.
    """
    require(case.stage, Act.REPLY)
    recipient, newest = reply_recipient(session, case), _newest_from_requester(session, case)
    thread = in_thread(newest) if newest else Thread()
    letter = queue(session, desk, kind, recipient, words, at=at, case=case, thread=thread, files=files)
    record(session, desk, case, Kind.LETTER_WRITTEN, at=at, by=by, happened_at=at, letter=letter.id, kind=kind, **tells)
    return letter


def reply_recipient(session: Session, case: Case) -> Recipient:
    """Whom a reply goes to: where the newest mail of the requester's wants its answer; raises NoAddress.

    Anyone can write a requester's address and the number of their case. So another address than theirs is taken only
    from the mail that opened the case, whose writer they are, or from one that our mail server vouches for.
    """
    later = {event.data.get("message") for event in history(session, case.id) if event.kind is Kind.POST_FILED}
    trusted = (
        one.reply_address
        for one in reversed(_from_requester(session, case))
        if one.reply_address.casefold() == case.requester_key
        or one.sender_check == SenderCheck.PASSED
        or str(one.id) not in later
    )
    address = next(trusted, case.requester_address)
    if not address:
        raise NoAddress(reference=case.reference)
    return Recipient(case.requester_name, address)


def _newest_from_requester(session: Session, case: Case) -> Message | None:
    return next(reversed(_from_requester(session, case)), None)


def _from_requester(session: Session, case: Case) -> list[Message]:
    return [
        message
        for message in messages_of_case(session, case.id)
        if message.direction == "in"
        and not message.automatic
        and message.sender_address.casefold() == case.requester_key
    ]
