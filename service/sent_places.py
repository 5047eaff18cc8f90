"""Which Sent folders are watched: the mailboxes' own, and those of officers who answer from mailboxes of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.servers import MailboxSettings, SentFolder, Server

FOUND_BY_ITSELF = "\\Sent"  # no folder's name: the one that the server names so (RFC 6154)


@dataclass(frozen=True, slots=True)
class SentPlace:
    """A Sent folder: how to reach it, our name for its account, and its own name, or FOUND_BY_ITSELF.

    A `private` one is an officer's, whose mail is mostly none of ours.
    """

    server: Server
    account: str
    folder: str
    private: bool
    largest: int  # bytes of a mail that the desk takes in

    @property
    def key(self) -> tuple[str, str]:
        """What its row is found by."""
        return self.account, self.folder


def sent_places(mailboxes: Sequence[MailboxSettings], further: Sequence[SentFolder]) -> tuple[SentPlace, ...]:
    """Each Sent folder once: two mailboxes may be folders of one account."""
    watched = [box for box in mailboxes if box.watch_sent]
    every = [
        *(SentPlace(box, box.account, box.sent_folder or FOUND_BY_ITSELF, False, box.largest) for box in watched),
        *(SentPlace(one, one.account, one.folder or FOUND_BY_ITSELF, True, mailboxes[0].largest) for one in further),
    ]
    return tuple({(place.server.host, place.server.user, place.folder): place for place in reversed(every)}.values())[
        ::-1
    ]
