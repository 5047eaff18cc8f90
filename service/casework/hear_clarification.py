"""An answer to our question restarts the clock by law, not by anybody's decision (s.10(6)(b), reg 9(4))."""

from contextlib import suppress
from datetime import datetime

from sqlmodel import Session

from service.casework.record import REQUESTER, record
from service.desk import LONDON, Desk
from service.domain.clock import State
from service.domain.history import standing_events
from service.domain.kind import Kind
from service.domain.sender_check import SenderCheck
from service.errors import ClockError
from service.store.cases import history
from service.store.tables import Case, Message


def hear_clarification(session: Session, desk: Desk, case: Case, message: Message, *, at: datetime) -> None:
    """Start the clock anew when the requester writes from their own address while clarification is awaited.

    Whether the mail clarifies anything is for an officer to see; a clock that runs without need harms nobody, and one
    that stays stopped makes us late in law.
    """
    if case.clock_state != State.AWAITING_CLARIFICATION or message.automatic:
        return
    if message.sender_address.casefold() != case.requester_key or message.sender_check == SenderCheck.FAILED:
        return
    told = standing_events(history(session, case.id))
    asked_on = max((event.on for event in told if event.kind is Kind.CLARIFICATION_SOUGHT), default=None)
    # By days, since what was recorded afterwards has no hour: better a clock that runs than an answer not heard.
    if asked_on is not None and message.at.astimezone(LONDON).date() >= asked_on:
        with suppress(ClockError):  # a case that the present calendar cannot count is a person's; the mail is filed
            record(session, desk, case, Kind.CLARIFIED, at=at, happened_at=message.at, by=REQUESTER, message=message.id)
