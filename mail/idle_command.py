"""IDLE (RFC 2177) without the library's two traps: news it has read but not looked at, and a peer that has gone."""

import select
import socket
import ssl
from threading import Event
from time import monotonic

from imapclient import IMAPClient

BREATH = 0.5  # seconds between looks at `stop`
NEWS = (b"EXISTS", b"EXPUNGE", b"FETCH", b"RECENT")


def idle_once(client: IMAPClient, seconds: float, stop: Event) -> bool:
    """Wait until the selected folder changes, the time is over or `stop` is set; whether it changed.

    Raises what the connection raises when it is dead; that is for the caller to translate.
    """
    early = _begin(client)
    if not early:
        _wait(client, monotonic() + seconds, stop)
    _, late = client.idle_done()
    if any(isinstance(response, tuple) and response[:1] == (b"BYE",) for response in late):
        # RFC 3501, 7.1.5: it closes the connection now; that it still answered DONE was the last it did.
        raise ConnectionResetError("the server said goodbye")
    return early or any(_is_news(response) for response in late)


def _begin(client: IMAPClient) -> bool:
    """Say IDLE; whether news came before the server agreed, which the library would take for a fault."""
    news = False
    client.capabilities()  # known from now on: idle_done() asks for them, which no server answers during IDLE
    imap = client._imap
    client._idle_tag = tag = imap._command("IDLE")
    while (line := imap._get_response()) is not None:
        if imap.tagged_commands.get(tag):
            client._consume_until_tagged_response(tag, "IDLE")
        news = news or any(word in line.split() for word in NEWS)
    return news


def _wait(client: IMAPClient, deadline: float, stop: Event) -> None:
    """Return as soon as anything is there to read. Raises ConnectionResetError when the server is gone."""
    connection = client.socket()
    poller = select.poll()
    poller.register(connection, select.POLLIN)
    readable = False
    while not stop.is_set() and monotonic() < deadline:
        # News that came in one packet with the server's "+ idling" lies in the buffer and no longer in the socket.
        if _buffered(client, connection, readable):
            return
        readable = bool(poller.poll(BREATH * 1000))


def _buffered(client: IMAPClient, connection: socket.socket, readable: bool) -> bool:
    patience = connection.gettimeout()
    connection.settimeout(0)
    try:
        found = client._imap.file.peek(1)
    except ssl.SSLWantReadError:
        return False  # half a TLS record
    finally:
        connection.settimeout(patience)
    if readable and not found:
        raise ConnectionResetError("the server ended the connection")  # readable, and nothing to read: end of file
    return bool(found)


def _is_news(response: object) -> bool:
    return isinstance(response, tuple) and len(response) > 1 and response[1] in NEWS
