"""The automatic acknowledgement: one for a case, into the outbox with the case, or the reason why there is none."""

from datetime import datetime, timedelta

from sqlmodel import Session

from service.casework.record import DESK, record
from service.casework.write_letter import Recipient, Thread, in_thread, write_letter
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.regime import Matter
from service.domain.reply_address import without_detail
from service.store.cases import case_by_id
from service.store.correspondence import files_of_new, letters_since
from service.store.tables import Case, Message

ACKNOWLEDGEMENT = "acknowledgement"
REVIEW_ACKNOWLEDGEMENT = "review-acknowledgement"


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
    words: dict[str, object] = {"files": files_of_new(session, message.id) if message.files else ()}
    review = case.matter == Matter.REVIEW
    if review:
        words["original"] = case_by_id(session, case.original_id) if case.original_id else None
    write_letter(
        session,
        desk,
        case,
        REVIEW_ACKNOWLEDGEMENT if review else ACKNOWLEDGEMENT,
        recipient,
        words,
        thread=Thread() if to else in_thread(message),
        automatic="auto-replied",
        at=at,
        by=DESK,
    )


def look_back(session: Session, at: datetime, address: str = "") -> tuple[int, int]:
    """How many acknowledgements were written within a day to one address, and in all within an hour."""
    return letters_since(session, ACKNOWLEDGEMENT, at - timedelta(hours=1), at - timedelta(days=1), address.casefold())


def _brake(session: Session, desk: Desk, address: str, at: datetime) -> str:
    """Why no more acknowledgements may be written now; a loop that no header gives away ends here (RFC 3834, 2)."""
    limits = desk.settings.limits
    if without_detail(address) in desk.settings.own:
        return "the answer would go to a mailbox of our own"
    to_one, in_all = look_back(session, at, address)
    if to_one >= limits.acknowledgements_per_address_a_day:
        return f"this address has had {limits.acknowledgements_per_address_a_day} acknowledgements within a day"
    if in_all >= limits.acknowledgements_an_hour:
        return f"the desk has written {limits.acknowledgements_an_hour} acknowledgements within an hour"
    return ""
