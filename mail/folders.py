"""Folder names: ours are written with "/", every server has its own separator and perhaps a prefix for all of them."""

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

INBOX = "INBOX"


def native_names(client: IMAPClient, folder: str) -> tuple[str, ...]:
    """What a folder may be called on this server, likeliest first; the last one is where a new one may be made."""
    if folder.upper() == INBOX:
        return (folder,)
    prefix, separator = personal(client)
    plain = folder.replace("/", separator) if separator else folder
    if not prefix or plain.startswith(prefix):
        return (plain,)
    return (plain, prefix + plain)  # RFC 2342: some servers keep everything of ours under "INBOX."


def find_folder(client: IMAPClient, folder: str) -> str | None:
    """The server's name of a folder that exists, or None."""
    if folder.upper() == INBOX:
        return folder  # RFC 3501, 5.1: it is always there
    return next((name for name in native_names(client, folder) if client.folder_exists(name)), None)


def make_folder(client: IMAPClient, folder: str) -> str:
    """The server's name of a folder, which is made where it does not exist."""
    found = find_folder(client, folder)
    if found is None:
        found = native_names(client, folder)[-1]
        _create(client, found)
        client.subscribe_folder(found)  # else Outlook and Thunderbird do not show it
    return found


def _create(client: IMAPClient, name: str) -> None:
    try:
        client.create_folder(name)
    except IMAPClientError:
        if not client.folder_exists(name):  # else another worker, or a colleague, has just made it
            raise


def personal(client: IMAPClient) -> tuple[str, str]:
    """The prefix and the separator of our own folders; each may be empty."""
    if client.has_capability("NAMESPACE"):
        spaces = client.namespace().personal
        if spaces:
            return spaces[0][0] or "", spaces[0][1] or ""
    listed = client.list_folders("", "")
    return "", (listed[0][1] or b"").decode("ascii") if listed else ""
