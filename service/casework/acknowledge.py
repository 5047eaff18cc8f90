"""The automatic acknowledgement: one for a case, into the outbox with the case, or the reason why there is none."""

from datetime import datetime, timedelta

from sqlmodel import Session

from service.casework.record import DESK, record
from service.casework.write_letter import Recipient, Thread, in_thread, write_letter
from service.desk import Desk
from service.domain.history import Kind
from service.domain.reply_address import without_detail
from service.store.correspondence import files_of, letters_since
from service.store.tables import Case, Message

ACKNOWLEDGEMENT = "acknowledgement"


def acknowledge(
    session: Session,
    desk: Desk,
    case: Case,
    message: Message,
    *,
    at: datetime,
    withhold: str = "",
    to: Recipient | None = None,
) -> None:
    """Queue the acknowledgement of a request, or record why it is withheld.

    It answers the message, unless it is `to` someone whose mail that message passed on.
    """
    recipient = to or Recipient(case.requester_name, message.reply_address)
    reason = withhold or _brake(session, desk, recipient.address, at)
    if reason:
        record(session, desk, case, Kind.NOT_ACKNOWLEDGED, at=at, by=DESK, reason=reason)
        return
    words = {"files": files_of(session, [message.id]) if message.files else ()}
    write_letter(
        session,
        desk,
        case,
        ACKNOWLEDGEMENT,
        recipient,
        words,
        thread=Thread() if to else in_thread(message),
        automatic="auto-replied",
        at=at,
        by=DESK,
    )


def _brake(session: Session, desk: Desk, address: str, at: datetime) -> str:
    """Why no more acknowledgements may be written now; a loop that no header gives away ends here (RFC 3834, 2)."""
    limits = desk.settings.limits
    day, hour = at - timedelta(days=1), at - timedelta(hours=1)
    if without_detail(address) in desk.settings.own:
        return "the answer would go to a mailbox of our own"
    to_one, in_all = letters_since(session, ACKNOWLEDGEMENT, hour, day, address.casefold())
    if to_one >= limits.acknowledgements_per_address_a_day:
        return f"this address has had {limits.acknowledgements_per_address_a_day} acknowledgements within a day"
    if in_all >= limits.acknowledgements_an_hour:
        return f"the desk has written {limits.acknowledgements_an_hour} acknowledgements within an hour"
    return ""
