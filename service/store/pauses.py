"""Pauses that a wrong clock has made: whatever waits longer than any pause is, waits no more.

A machine may start with its clock years ahead, and then every certificate seems to have expired: the trouble is noted,
with the time of the next try, and once the clock is right again that time would not come for years.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from service.store.correspondence import RETRY, SENDING, STORED, UNCERTAIN
from service.store.tables import FilingState, Letter, Mailbox, Post, Webhook, WebhookDelivery
from service.store.webhooks import UNDELIVERED

LONGEST = timedelta(hours=4)  # a try is an hour away at most; a letter's claim lasts as long as its content may take


def end_impossible_pauses(session: Session, now: datetime) -> None:
    """Have tried now what waits for a time that no clock that was right can have set.

    A letter that is being handed over may be so at this moment: it is given the longest that this can take.
    """
    for table, waiting, until in (
        (Mailbox, (), now),
        (FilingState, (), now),
        (Post, (col(Post.state) == STORED,), now),
        (Letter, (col(Letter.state).in_((RETRY, UNCERTAIN)),), now),
        (Letter, (col(Letter.state) == SENDING,), now + LONGEST),
        (Webhook, (), now),
        (WebhookDelivery, (col(WebhookDelivery.state).in_(UNDELIVERED),), now),
    ):
        far = col(table.next_try_at) > now + LONGEST
        session.execute(update(table).where(*waiting, far).values(next_try_at=until))
