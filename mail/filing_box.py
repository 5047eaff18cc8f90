"""The desk's folders over IMAP: surveyed in few round trips, looked into without a trace, moved into, never emptied."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imapclient.exceptions import IMAPClientError
from imapclient.imap_utf7 import decode
from imapclient.response_parser import parse_response

from mail.addresses import addresses
from mail.folders import INBOX, find_folder, native_names, personal
from mail.headers import message_id, split_headers
from mail.imap_connection import connect, plainly, server_words
from mail.mailbox import UIDS_AT_ONCE, ImapMailbox, batches, came_at
from service.servers import MailboxSettings

STATUS = "(MESSAGES UIDNEXT UIDVALIDITY)"
PIPELINED = 40  # commands sent before the first answer is read; all their answers fit into a socket's buffer
UIDS_SEARCHED = 50_000  # at once: imaplib takes no answer line over a million bytes
_NOT_THERE = re.compile(
    rb"(?i)\[(?:nonexistent|noperm|trycreate)\]|does ?n['o]t exist|no such|not found|permission|denied|not allowed"
)
LABEL = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID FROM TO CC)]"


@dataclass(frozen=True, slots=True)
class Shown:
    """A folder as the server shows it: `name` below the root with "/", `native` on the server."""

    name: str
    native: str
    uidvalidity: int
    next_uid: int
    mails: int


@dataclass(frozen=True, slots=True)
class Survey:
    """Every folder below the root by its name, and the inbox; `root` is the root's name on the server, None without."""

    root: str | None
    separator: str
    folders: Mapping[str, Shown]
    inbox: Shown


@dataclass(frozen=True, slots=True)
class Label:
    """What tells a mail from others, before it is fetched."""

    message_id: str
    sender: str  # case-folded, as the recipients are
    size: int
    received_at: datetime
    draft: bool = False
    recipients: frozenset[str] = frozenset()
    by_hand: bool = False  # somebody of the team sent it, and it went to others


class Refused(Exception):
    """The server does not let us do that; its words."""


class FilingBox(ImapMailbox):
    """A mailbox whose folders are surveyed and filed into; `with open_filing_box(...)`."""

    def survey(self, root: str, inbox: str) -> Survey:
        """All folders at once; the open folder stays as it is."""
        with plainly(self._settings):
            candidates, separator = self._candidates(root)
            found: dict[str, Shown] = {}
            base: str | None = None
            for candidate in candidates:
                names = self._list(candidate, separator)
                if candidate in names or any(name.startswith(candidate + separator) for name in names):
                    base = candidate
                    found = self._below(candidate, separator, names)
                    break
            place = find_folder(self._client, inbox) or inbox
            status = self._told([place]).get(place)
            if status is None:
                raise IMAPClientError("the folder that requests come into is not there")
        return Survey(base, separator, found, Shown(INBOX, place, *status))

    def root_name(self, root: str) -> str:
        """What the root is to be called on this server, when it is made."""
        with plainly(self._settings):
            return native_names(self._client, root)[-1]

    def _candidates(self, root: str) -> tuple[tuple[str, ...], str]:
        separator = personal(self._client)[1]
        return native_names(self._client, root), separator

    def _below(self, base: str, separator: str, names: Mapping[str, tuple[int, int, int] | None]) -> dict[str, Shown]:
        inner = {name: status for name, status in names.items() if separator and name.startswith(base + separator)}
        unknown = [name for name, status in inner.items() if status is None]
        statuses = {**inner, **(self._told(unknown) if unknown else {})}
        shown = {}
        for name, status in statuses.items():
            if status is not None:
                plain = name[len(base) + len(separator) :].replace(separator, "/") if separator else name
                shown[plain] = Shown(plain, name, *status)
        return shown

    def _list(self, base: str, separator: str) -> dict[str, tuple[int, int, int] | None]:
        """Names that begin with a folder's, each with its state where the server tells that too (RFC 5819)."""
        imap = self._client._imap
        pattern = self._client._normalise_folder(base + "*")
        if self._client.has_capability("LIST-STATUS"):
            typ, data = imap._simple_command("LIST", '""', pattern, "RETURN", f"(STATUS {STATUS})")
            self._client._checkok("LIST", typ, data)
            _, listed = imap._untagged_response(typ, data, "LIST")
            _, told = imap._untagged_response(typ, data, "STATUS")
            statuses = self._read_statuses(told)
            return {
                name: statuses.get(name)
                for flags, _, name in self._client._proc_folder_list(listed)
                if not {b"\\Noselect", b"\\NonExistent"} & set(flags) and self._is_below(name, base, separator)
            }
        return {
            name: None
            for flags, _, name in self._client.list_folders("", base + "*")
            if not {b"\\Noselect", b"\\NonExistent"} & set(flags) and self._is_below(name, base, separator)
        }

    def _is_below(self, name: str, base: str, separator: str) -> bool:
        return name == base or name.startswith(base + separator)

    def _told(self, names: Sequence[str]) -> dict[str, tuple[int, int, int]]:
        """As _status; but what a server will not tell just now is no folder that is gone."""
        found, untold = self._status(names)
        if untold:
            raise IMAPClientError("it does not tell just now how a folder stands")
        return found

    def _status(self, names: Sequence[str]) -> tuple[dict[str, tuple[int, int, int]], bool]:
        """The state of folders, asked for in one go; those that are gone, or not for us, are left out (RFC 5530).

        Also whether the server refused to tell of any for another reason: Exchange does when it has too much to do.
        """
        imap = self._client._imap
        found: dict[str, tuple[int, int, int]] = {}
        untold = False
        for some in batches(names, PIPELINED):
            tags = [imap._command("STATUS", self._client._normalise_folder(name), STATUS) for name in some]
            for tag in tags:
                typ, words = imap._command_complete("STATUS", tag)
                untold |= typ == "NO" and _NOT_THERE.search(b" ".join(filter(None, words))) is None
            _, told = imap._untagged_response("OK", [None], "STATUS")
            found |= self._read_statuses(told)
        return found, untold

    def _read_statuses(self, told: Iterable[Any]) -> dict[str, tuple[int, int, int]]:
        found: dict[str, tuple[int, int, int]] = {}
        parts = [part for part in told if part is not None]
        words = parse_response(parts) if parts else ()
        for name, items in zip(words[::2], words[1::2], strict=False):
            state = dict(zip(items[::2], items[1::2], strict=False))
            plain = _plain_name(name)
            found[plain] = tuple(int(state.get(key, 0)) for key in (b"UIDVALIDITY", b"UIDNEXT", b"MESSAGES"))  # type: ignore[assignment]
        return found

    def numbers(self, native: Sequence[str]) -> dict[str, int]:
        """The UIDVALIDITY of folders; those that are gone are left out."""
        with plainly(self._settings):
            return {name: status[0] for name, status in self._status(native)[0].items()}

    def look_into(self, native: str) -> tuple[int, frozenset[int]]:
        """A folder's UIDVALIDITY and all its UIDs; opened for reading only."""
        self._opened = None
        with plainly(self._settings):
            answer = self._client.select_folder(native, readonly=True)
            last = int(answer.get(b"UIDNEXT", 0))
            if int(answer.get(b"EXISTS", 0)) <= UIDS_SEARCHED or not last:
                found = set(self._client.search("ALL"))
            else:
                found = set()
                for start in range(1, last, UIDS_SEARCHED):
                    found.update(self._client.search(["UID", f"{start}:{start + UIDS_SEARCHED - 1}"]))
        self._opened, self.uidvalidity = (native, True), int(answer.get(b"UIDVALIDITY", 0))
        return self.uidvalidity, frozenset(found)

    def labels(self, uids: Sequence[int]) -> dict[int, Label]:
        """What tells some mails of the open folder apart."""
        return self._gather(uids, UIDS_AT_ONCE, self._ask_labels)

    def _ask_labels(self, uids: list[int]) -> dict[int, Label]:
        found: dict[int, Label] = {}
        with plainly(self._settings):
            answer = self._client.fetch(uids, [LABEL, "RFC822.SIZE", "INTERNALDATE", "FLAGS"])
        for uid, data in answer.items():
            head = next((value for key, value in data.items() if key.startswith(b"BODY[")), None)
            came = came_at(data)
            if head is None or came is None:
                continue
            headers, _ = split_headers(head, 0, len(head))
            sender = next(iter(addresses(headers, "from")), None)
            found[uid] = Label(
                message_id(headers),
                sender.key if sender else "",
                int(data.get(b"RFC822.SIZE") or 0),
                came,
                b"\\Draft" in data.get(b"FLAGS", ()),
                frozenset(one.key for name in ("to", "cc") for one in addresses(headers, name)),
            )
        return found

    def open_to_move(self, native: str) -> tuple[int, bool]:
        """Open a folder to move mail out of it: its UIDVALIDITY, and whether keywords of ours are kept there.

        Raises Refused where it may only be read, or where mail could be copied out of it and not be deleted here.
        """
        self._opened = None
        with plainly(self._settings):
            try:
                answer = self._client.select_folder(native)
            except self._client.ReadOnlyError as error:
                raise Refused("the folder may only be read") from error
        if b"READ-WRITE" not in answer:
            raise Refused("the folder may only be read")
        kept = answer.get(b"PERMANENTFLAGS")  # RFC 3501, 7.1: without it all flags are kept
        if kept is not None and b"\\Deleted" not in kept and not self.can("MOVE"):
            raise Refused("no mail may be deleted there")
        self.writable = True
        return int(answer.get(b"UIDVALIDITY", 0)), b"\\*" in (kept or ())

    def mark(self, uids: Sequence[int], keyword: str) -> None:
        """Add a keyword to mails of the open folder; decoration, so a refusal is no fault."""
        with plainly(self._settings):
            try:
                self._client.add_flags(uids, [keyword.encode()], silent=True)
            except self._client.AbortError:
                raise
            except IMAPClientError:
                return

    def move_to(self, uids: Sequence[int], native: str) -> dict[int, tuple[int, int]] | None:
        """Move mails of the open folder; where each now is (UIDVALIDITY and UID), or None when the server does not say.

        Raises Refused. Without MOVE they are copied, marked and expunged by their UIDs alone (RFC 4315).
        """
        imap = self._client._imap
        with plainly(self._settings):
            imap.response("COPYUID")  # one that an earlier command left behind
            try:
                self._move(list(uids), native)
            except self._client.AbortError:
                raise
            except IMAPClientError as error:
                raise Refused(server_words(error, self._settings.user)) from error
            _, told = imap.response("COPYUID")
        return _copied(told)

    def named(self, native: str, beginning: str) -> dict[int, str]:
        """The messages of a folder, which stays open, whose Message-ID begins so."""
        self.open_to_move(native)
        with plainly(self._settings):
            found = list(self._client.search(["HEADER", "Message-ID", beginning]))
        return {uid: label.message_id for uid, label in self.labels(found).items()}

    def held_in(self, native: str, names: Iterable[str]) -> set[str]:
        """Of some Message-IDs, those of mails in a folder, which is opened for reading only and stays open."""
        self._opened = None
        with plainly(self._settings):
            self._client.select_folder(native, readonly=True)
            return {name for name in names if name.isascii() and self._client.search(["HEADER", "Message-ID", name])}

    def write(self, native: str, content: bytes, flags: Sequence[bytes], when: datetime) -> None:
        """Put a message of ours into a folder."""
        with plainly(self._settings):
            self._client.append(native, content, flags, when)

    def remove(self, uids: Sequence[int]) -> None:
        """Remove messages that we wrote ourselves from the open folder, by their UIDs alone (RFC 4315)."""
        if uids:
            with plainly(self._settings):
                self._client.add_flags(uids, [b"\\Deleted"], silent=True)
                self._client.uid_expunge(uids)

    def make(self, native: str) -> None:
        """Make a folder and show it to everyone; raises Refused."""
        with plainly(self._settings):
            try:
                self._client.create_folder(native)
            except self._client.AbortError:
                raise
            except IMAPClientError as error:
                if not self._client.folder_exists(native):
                    raise Refused(server_words(error, self._settings.user)) from error
            try:
                self._client.subscribe_folder(native)  # else Outlook and Thunderbird do not show it
            except self._client.AbortError:
                raise
            except IMAPClientError:
                return  # some servers show all folders, and take no subscriptions

    def _holds_mail(self, native: str) -> bool:
        found, _ = self._status([native])
        return native not in found or found[native][2] > 0

    def remove_empty(self, native: str, aside: str) -> bool:
        """Remove a folder that is surely empty, never one that holds mail; whether it is gone.

        It is renamed first: nobody can put a mail into the folder between our last look and the DELETE.
        """
        self._opened = None
        with plainly(self._settings):
            renamed = gone = False
            try:
                self._client.select_folder(INBOX, readonly=True)  # some servers hang up when the open one is renamed
                if not self._holds_mail(native):
                    self._client.rename_folder(native, aside)
                    renamed = True
                if renamed and not self._holds_mail(aside):
                    self._client.delete_folder(aside)
                    gone = True
                    self._client.unsubscribe_folder(native)  # last: some servers refuse it once the folder is gone
            except self._client.AbortError:
                raise
            except IMAPClientError:
                pass  # what may not be removed stays
            if renamed and not gone:
                self._client.rename_folder(aside, native)
        return gone


def open_filing_box(settings: MailboxSettings) -> FilingBox:
    """Connect and sign in; raises MailboxTrouble."""
    return FilingBox(settings, connect(settings))


def _plain_name(name: Any) -> str:
    return str(decode(name)) if isinstance(name, bytes) else str(name)


def _copied(told: Sequence[Any]) -> dict[int, tuple[int, int]] | None:
    """What COPYUID says (RFC 4315, 3): a UIDVALIDITY, the old UIDs, and the new ones in the same order."""
    places: dict[int, tuple[int, int]] = {}
    for line in told:
        if line is None:
            continue
        words = line.decode("ascii", "replace").split()
        if len(words) == 3:
            pairs = zip(_numbers(words[1]), _numbers(words[2]), strict=False)
            places |= {old: (int(words[0]), new) for old, new in pairs}
    return places or None


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition(":")
        found += range(int(first), int(last or first) + 1)
    return found
