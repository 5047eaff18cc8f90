"""Waits on the mailbox so that new mail is read at once; only a wake-up, the regular poll is what counts."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from time import monotonic

from mail.errors import MailboxTrouble
from mail.mailbox import ImapMailbox, open_mailbox
from service.errors import DeskError
from service.servers import MailboxSettings

log = logging.getLogger(__name__)

LONGEST_IDLE = 300  # seconds: firewalls forget a silent connection after 5 to 15 minutes
SHORTEST_CYCLE = 1.0  # a server that ends every IDLE at once must not have us spin
PAUSE_AFTER_OTHER_FAULTS = timedelta(minutes=1)


def watch(settings: MailboxSettings, on_news: Callable[[], None], stop: Event) -> None:
    """Call `on_news` at each connection and whenever the folder changes, until `stop` is set; its session is its own.

    Returns early only where the server has no IDLE. Trouble is logged and survived: the pauses grow.
    """
    troubled_since: float | None = None
    while not stop.is_set():
        try:
            with open_mailbox(settings) as mailbox:
                if not mailbox.can("IDLE"):
                    log.info("the mail server has no IDLE; mail is read every %d seconds", settings.poll_seconds)
                    return
                mailbox.select(settings.folder)
                troubled_since = None
                _listen(mailbox, on_news, stop)
        except DeskError as error:
            troubled_since = troubled_since or monotonic()
            pause = _pause(error, timedelta(seconds=monotonic() - troubled_since)).total_seconds()
            log.info("waiting for mail broke off (%s); again in %d seconds", type(error).__name__, pause)
            stop.wait(pause)


def _pause(error: DeskError, troubled_for: timedelta) -> timedelta:
    return error.retry_after(troubled_for) if isinstance(error, MailboxTrouble) else PAUSE_AFTER_OTHER_FAULTS


def _listen(mailbox: ImapMailbox, on_news: Callable[[], None], stop: Event) -> None:
    on_news()  # what came while nobody was listening
    while not stop.is_set():
        began = monotonic()
        if mailbox.wait_for_news(LONGEST_IDLE, stop):
            on_news()
        stop.wait(SHORTEST_CYCLE - (monotonic() - began))
