"""The shared mailbox over IMAP: looked at without a trace (BODY.PEEK[]), and tidied without ever deleting."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from types import TracebackType
from typing import Any, Self, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from mail.errors import (
    FolderMissing,
    MailboxNotReadable,
    MailboxTrouble,
    MailServerUnreachable,
    ProtocolTrouble,
    ServerWontTell,
)
from mail.folders import find_folder, make_folder, native_names
from mail.idle_command import idle_once
from mail.imap_connection import NOT_CONNECTED, connect, hang_up, plainly, server_words
from service.servers import Server

log = logging.getLogger(__name__)

Value = TypeVar("Value")
CHUNK = 1 << 20  # a mail larger than this is fetched piece by piece, onto the disk
AT_ONCE = 4 << 20  # bytes of small mails that one FETCH may bring
UIDS_AT_ONCE = 500
SEARCHED_AT_ONCE = 50_000  # imaplib takes no answer line over a million bytes
LONGEST_HEADER = 256 << 10
HEADERS_AT_ONCE = 50  # of LONGEST_HEADER at most, and a few kB as a rule
MOST_IN_A_ROW = 5  # mails that a server fails at, one after the other, before it is the server and not the mails
NOT_THE_MAILS = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|OVERQUOTA)\]", re.IGNORECASE)  # RFC 5530, RFC 9208


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server says of a mail: its size in bytes, which Exchange only estimates, and when it came in (UTC)."""

    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail's bytes; a large one's lie in a file that is gone with the mailbox's connection."""

    uid: int
    raw: bytes | Path


class ImapMailbox:
    """One signed-in connection, from `with open_mailbox(...)` to its end; every method raises MailboxTrouble."""

    def __init__(self, settings: Server, client: IMAPClient) -> None:
        self._settings, self._client = settings, client
        self._spool = TemporaryDirectory(prefix="foidesk-mail-")
        self._exists = 0
        self._opened: tuple[str, bool] | None = None  # the server's name of the open folder, and whether for reading
        self._failed = 0  # mails in a row
        self.uidvalidity = 0
        self.next_uid = 0  # UIDNEXT; 0 where the server does not tell
        self.writable = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.cleanup()
        if kind is None:
            try:
                self._client.logout()
                return
            except (OSError, IMAPClientError):
                pass  # our work is done; how the server says goodbye is its own affair
        hang_up(self._client)

    def can(self, capability: str) -> bool:
        """Whether the server offers an extension."""
        with plainly(self._settings):
            return bool(self._client.has_capability(capability))

    @property
    def can_move(self) -> bool:
        """Whether a mail can leave the open folder without anybody's other mail being expunged with it."""
        return self.writable and (self.can("MOVE") or self.can("UIDPLUS"))

    def select(self, folder: str) -> None:
        """Open a folder, for reading only where we may not write.

        Raises FolderMissing, MailboxNotReadable or ServerWontTell.
        """
        with plainly(self._settings):
            answer = self._open(folder)
        self.writable = b"READ-WRITE" in answer
        self._exists, self.next_uid = int(answer.get(b"EXISTS", 0)), int(answer.get(b"UIDNEXT", 0))
        if not answer.get(b"UIDVALIDITY"):
            raise ServerWontTell(host=self._settings.host, folder=folder)
        self.uidvalidity = int(answer[b"UIDVALIDITY"])

    def _open(self, folder: str) -> dict[bytes, Any]:
        name = find_folder(self._client, folder) or native_names(self._client, folder)[0]
        self._opened = name, False
        try:
            return dict(self._client.select_folder(name))
        except self._client.ReadOnlyError:
            self._opened = name, True
            return dict(self._client.select_folder(name, readonly=True))
        except self._client.AbortError:
            raise
        except IMAPClientError as error:
            reason = server_words(error, self._settings.user)
            if NOT_CONNECTED in reason.lower():
                raise MailboxNotReadable(host=self._settings.host, reason=reason) from error
            raise FolderMissing(host=self._settings.host, folder=folder, reason=reason) from error

    def uids_since(self, day: date) -> list[int]:
        """The UIDs of the open folder whose mail came in on a day or later, in order; the day is the server's own."""
        with plainly(self._settings):
            if self._exists <= SEARCHED_AT_ONCE or not self.next_uid:
                return sorted(self._client.search(["SINCE", day]))
            found: set[int] = set()
            for start in range(1, self.next_uid, SEARCHED_AT_ONCE):
                found.update(self._client.search(["UID", f"{start}:{start + SEARCHED_AT_ONCE - 1}", "SINCE", day]))
            return sorted(found)

    def facts(self, uids: Sequence[int]) -> dict[int, Facts]:
        """Size and time of arrival of mails of the open folder; those that are gone, or at which the server fails, are
        left out."""
        return self._gather(uids, UIDS_AT_ONCE, self._ask_facts)

    def _ask_facts(self, uids: list[int]) -> dict[int, Facts]:
        with plainly(self._settings):
            answer = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        told = ((uid, data.get(b"RFC822.SIZE"), came_at(data)) for uid, data in answer.items())
        return {uid: Facts(size, came) for uid, size, came in told if size is not None and came is not None}

    def fetch(self, facts: dict[int, Facts]) -> Iterator[Fetched]:
        """The bytes of mails of the open folder.

        One that the server does not hand over whole is left out: ask again later.
        """
        small = {uid: fact for uid, fact in facts.items() if fact.size <= CHUNK}
        for some in _by_size(small):
            for mails in self._each(some, self._ask_mails):
                yield from mails
        for uid in facts.keys() - small.keys():
            for path in self._each([uid], lambda one: self._stream(one[0], facts[one[0]].size)):
                if path is not None:
                    yield Fetched(uid, path)

    def _ask_mails(self, uids: list[int]) -> list[Fetched]:
        with plainly(self._settings):
            answer = self._client.fetch(uids, ["BODY.PEEK[]"])
        found = ((uid, answer.get(uid, {}).get(b"BODY[]")) for uid in uids)
        return [Fetched(uid, raw) for uid, raw in found if raw]

    def _gather(
        self, uids: Sequence[int], at_once: int, ask: Callable[[list[int]], dict[int, Value]]
    ) -> dict[int, Value]:
        """What the server tells of mails, so many at once, without those at which it fails."""
        found: dict[int, Value] = {}
        for some in batches(uids, at_once):
            for answer in self._each(some, ask):
                found.update(answer)
        return found

    def _each(self, uids: list[int], ask: Callable[[list[int]], Value]) -> Iterator[Value]:
        """Ask the server for mails at once; where it fails at that, for one after the other, without those at fault.

        A mail whose file the server cannot read, as after a restore, would else keep from us all that came with it, at
        each look anew: Dovecot hangs up on whoever asks for one. The newest come first, for nobody has had them yet.
        """
        try:
            answer = ask(uids)
        except (MailServerUnreachable, ProtocolTrouble) as trouble:
            self._open_again(trouble, one=len(uids) == 1)
            for uid in sorted(uids, reverse=True) if len(uids) > 1 else ():
                yield from self._each([uid], ask)
            return
        self._failed = 0
        yield answer

    def _open_again(self, trouble: MailboxTrouble, *, one: bool) -> None:
        """Sign in afresh after the server failed; raises the trouble where it is no mail's, or what is then found."""
        self._failed += one
        if self._opened is None or self._failed >= MOST_IN_A_ROW or NOT_THE_MAILS.search(str(trouble)):
            raise trouble
        name, readonly = self._opened
        hang_up(self._client)
        self._client = connect(self._settings)
        with plainly(self._settings):
            answer = self._client.select_folder(name, readonly=readonly)
        if int(answer.get(b"UIDVALIDITY", 0)) != self.uidvalidity:
            raise trouble
        if one:
            log.warning("the mail server fails at a mail, which is left out for now")

    def _stream(self, uid: int, size: int) -> Path | None:
        """A large mail onto the disk. Its end is a short piece: the size may be an estimate and proves nothing."""
        path = Path(self._spool.name) / str(uid)
        position = 0
        with path.open("wb") as file:
            while True:
                piece = self._piece(uid, position)
                if not piece and (piece is None or position == 0) and position < size:
                    path.unlink()
                    return None
                file.write(piece or b"")
                position += len(piece or b"")
                if len(piece or b"") < CHUNK:
                    return path

    def _piece(self, uid: int, position: int) -> bytes | None:
        with plainly(self._settings):
            answer = self._client.fetch([uid], [f"BODY.PEEK[]<{position}.{CHUNK}>"])
        piece = answer.get(uid, {}).get(f"BODY[]<{position}>".encode())
        return piece if piece is None else bytes(piece)

    def header(self, uid: int) -> bytes:
        """The header of a mail, as far as it can be had; empty when the server does not hand it over."""
        return self.headers([uid]).get(uid, b"")

    def headers(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The headers of mails of the open folder; those that are gone or not handed over are left out."""
        return self._gather(uids, HEADERS_AT_ONCE, self._ask_headers)

    def _ask_headers(self, uids: list[int]) -> dict[int, bytes]:
        with plainly(self._settings):
            answer = self._client.fetch(uids, [f"BODY.PEEK[HEADER]<0.{LONGEST_HEADER}>"])
        told = ((uid, data.get(b"BODY[HEADER]<0>")) for uid, data in answer.items())
        return {uid: bytes(header) for uid, header in told if header}

    def present(self, uids: Sequence[int]) -> set[int]:
        """Those of some UIDs that lie in the open folder."""
        found: set[int] = set()
        for some in batches(uids, UIDS_AT_ONCE):
            with plainly(self._settings):
                found.update(self._client.search(["UID", ",".join(map(str, some))]))
        return found & set(uids)

    def move(self, uids: Sequence[int], folder: str) -> set[int]:
        """Move mails of the open folder to another, which is made when missing; returns the UIDs that have really left.

        Without MOVE (RFC 6851) and UIDPLUS (RFC 4315) nothing is done: a plain EXPUNGE would also
        delete what a colleague has marked for deletion.
        """
        if not uids or not self.can_move:
            return set()
        with plainly(self._settings):
            target = make_folder(self._client, folder)
            for some in batches(uids, UIDS_AT_ONCE):
                self._move(some, target)
        return set(uids) - self.present(uids)

    def _move(self, uids: list[int], target: str) -> None:
        try:
            if self._client.has_capability("MOVE"):
                self._client.move(uids, target)
                return
            self._client.copy(uids, target)
            self._client.add_flags(uids, [b"\\Deleted"], silent=True)
            self._client.uid_expunge(uids)
        except IMAPClientError as error:
            if "[EXPUNGEISSUED]" not in str(error):  # RFC 5530: somebody else has just moved some of them
                raise

    def has_folder(self, folder: str) -> bool:
        """Whether a folder is there."""
        with plainly(self._settings):
            return find_folder(self._client, folder) is not None

    def append(self, folder: str, content: bytes, flags: Sequence[bytes] = (), when: datetime | None = None) -> None:
        """Put a message into a folder, which is made when missing; `when` becomes its time of arrival."""
        with plainly(self._settings):
            self._client.append(make_folder(self._client, folder), content, flags, when)

    def search_message_id(self, folder: str, message_id: str) -> bool:
        """Whether a folder holds a message with this Message-ID; it closes the open folder."""
        with plainly(self._settings):
            name = find_folder(self._client, folder)
            if name is None:
                return False
            self._opened = None
            self._client.select_folder(name, readonly=True)
            return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    def wait_for_news(self, seconds: float, stop: Event) -> bool:
        """Wait in IDLE until the open folder changes, the time is over or `stop` is set; whether it changed."""
        with plainly(self._settings):
            return idle_once(self._client, seconds, stop)


def open_mailbox(settings: Server) -> ImapMailbox:
    """Connect and sign in; no folder is open yet. Raises MailboxTrouble, or SecretUnreadable of the settings."""
    return ImapMailbox(settings, connect(settings))


def came_at(data: Mapping[bytes, Any]) -> datetime | None:
    """When a mail came in, in UTC; None where the server does not tell, or tells no time (RFC 3501, 2.3.3)."""
    try:
        told = data.get(b"INTERNALDATE")
        return None if told is None else told.astimezone(UTC)
    except (OverflowError, ValueError):  # beyond the year 9999, or a zone of more than a day
        return None


def batches(uids: Sequence[Value], size: int) -> Iterator[list[Value]]:
    """Some at a time."""
    rest = iter(uids)
    while some := list(islice(rest, size)):
        yield some


def _by_size(facts: dict[int, Facts]) -> Iterator[list[int]]:
    """UIDs in groups whose mails together are no larger than one FETCH may bring."""
    group: list[int] = []
    room = AT_ONCE
    for uid, fact in facts.items():
        if group and (fact.size > room or len(group) == UIDS_AT_ONCE):
            yield group
            group, room = [], AT_ONCE
        group.append(uid)
        room -= fact.size
    if group:
        yield group
