"""What the doctor finds about the Sent folders: read or not, and whether answers leave that never come into them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from service.desk import Desk
from service.domain.finding import Finding
from service.sent_places import SentPlace
from service.store.correspondence import DUPLICATE, FILED
from service.store.mailboxes import mailbox
from service.store.sent import IGNORED, UNSURE, count_sent, count_unseen

LATELY = timedelta(days=30)
BY_HAND = (FILED, DUPLICATE, UNSURE, IGNORED)
EXCHANGE = (
    "On Microsoft 365 what is sent as, or on behalf of, a shared mailbox stays in the sender's own Sent folder until "
    "an administrator says: Set-Mailbox foi@council.example -MessageCopyForSentAsEnabled $true "
    "-MessageCopyForSendOnBehalfEnabled $true. Officers who answer from mailboxes of their own need [[sent]]. "
    "See docs/guide/microsoft-365.md."
)


def sent_findings(session: Session, desk: Desk, now: datetime) -> Iterator[Finding]:
    """A finding for each Sent folder, and one about answers that were sent unseen."""
    places = desk.settings.sent_places
    for place in places:
        yield _place(session, place)
    unseen = count_unseen(session, now - LATELY)
    by_hand = sum(_by_hand(session, place, now - LATELY) for place in places)
    yield Finding("mail sent by hand", not unseen, _told(unseen, by_hand), _advice(by_hand, len(places)))


def _place(session: Session, place: SentPlace) -> Finding:
    subject = f"mail sent from {place.account}"
    row = mailbox(session, *place.key)
    if row is None:
        return Finding(subject, True, "not read yet")
    if row.trouble and row.trouble_since is not None:
        return Finding(subject, False, row.trouble, "Until it can be read, an answer sent by hand stops no clock.")
    if row.read_at is None:
        return Finding(subject, True, row.trouble or "not read yet")
    counted = count_sent(session, *place.key)
    read = f"last read {row.read_at:%Y-%m-%d %H:%M} UTC"
    return Finding(subject, True, f"{read}, {counted.get(FILED, 0)} mails on cases")


def _by_hand(session: Session, place: SentPlace, since: datetime) -> int:
    counted = count_sent(session, *place.key, since)
    return sum(counted.get(state, 0) for state in BY_HAND)


def _told(unseen: int, by_hand: int) -> str:
    if not unseen:
        return f"{by_hand} in 30 days, and nobody has answered a letter that the desk does not know"
    letters = "a letter" if unseen == 1 else f"{unseen} letters"
    empty = ", and nothing sent by hand is in the Sent folders: it stays empty" if not by_hand else ""
    return f"requesters have answered {letters} in 30 days that the desk has never seen{empty}"


def _advice(by_hand: int, places: int) -> str:
    if not places:
        return "No Sent folder is watched: say watch_sent = true under [mailbox]."
    return EXCHANGE if not by_hand else f"Somebody answers from a mailbox that is not watched. {EXCHANGE}"
