"""A Sent folder over IMAP: looked at without a trace and never written to, headers before anything else."""

from mail.errors import FolderMissing, ServerWontTell
from mail.folders import find_folder
from mail.imap_connection import connect, plainly
from mail.mailbox import ImapMailbox
from service.sent_places import FOUND_BY_ITSELF
from service.servers import Server

SENT = b"\\Sent"  # RFC 6154
# What servers call it that do not say which it is (RFC 6154), Exchange in English among them.
USUAL = ("Sent", "Sent Items", "Sent Messages", "INBOX.Sent", "INBOX/Sent")


class SentFolderMissing(FolderMissing):
    """The mail server {host} does not open the Sent folder {folder}: {reason}. Check the folder of that name under
    [[sent]] or [mailbox] sent_folder, and that the account may open it."""


class SentMailbox(ImapMailbox):
    """A signed-in connection whose Sent folder is opened for reading only; every method raises MailboxTrouble."""

    def look_into(self, folder: str) -> str | None:
        """Open a folder, or the one that is Sent, for reading only; returns its name, or None when there is none.

        Raises SentFolderMissing or ServerWontTell.
        """
        with plainly(self._settings):
            name = self._named_sent() if folder == FOUND_BY_ITSELF else find_folder(self._client, folder)
            if name is None:
                return None
            try:
                answer = self._client.select_folder(name, readonly=True)
            except self._client.AbortError:
                raise
            except self._client.Error as error:
                host, reason = self._settings.host, "it may not be opened"
                raise SentFolderMissing(host=host, folder=folder, reason=reason) from error
        self.writable, self._opened = False, (name, True)
        if not answer.get(b"UIDVALIDITY"):
            raise ServerWontTell(host=self._settings.host, folder=folder)
        self.uidvalidity, self.next_uid = int(answer[b"UIDVALIDITY"]), int(answer.get(b"UIDNEXT", 0))
        return name

    def _named_sent(self) -> str | None:
        """Our own Sent folder: another's may be listed too, where mailboxes are shared."""
        others = self._prefixes_of_others()
        listed = [row for row in self._client.list_folders() if not str(row[2]).startswith(others)]
        named = [str(name) for flags, _, name in listed if SENT in flags]
        usual = [str(name) for _, _, name in listed if name in USUAL]
        return next(iter([*named, *sorted(usual, key=USUAL.index)]), None)

    def _prefixes_of_others(self) -> tuple[str, ...]:
        if not self._client.has_capability("NAMESPACE"):
            return ()
        spaces = self._client.namespace()
        return tuple(str(space[0]) for group in (spaces.other, spaces.shared) for space in group or () if space[0])

    def uids_from(self, uid: int) -> list[int]:
        """The UIDs of the open folder from one on, in order."""
        with plainly(self._settings):
            # "n:*" gives the last mail even where its UID is less (RFC 3501 6.4.8).
            return sorted(found for found in self._client.search(["UID", f"{uid}:*"]) if found >= uid)


def open_sent(server: Server) -> SentMailbox:
    """Connect and sign in; no folder is open yet. Raises MailboxTrouble, or SecretUnreadable of the settings."""
    return SentMailbox(server, connect(server))
