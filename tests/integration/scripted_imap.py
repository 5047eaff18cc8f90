"""An IMAP server that signs anybody in and answers one command with whatever a test wants: faults no real one has."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from service.servers import MailboxSettings

CAPABILITY = "IMAP4rev1 IDLE MOVE UIDPLUS"
SELECTED = "* 0 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 1] x"


@contextmanager
def scripted(**answers: str) -> Iterator[MailboxSettings]:
    """Settings of such a server.

    An answer that does not begin with `*` takes the place of the command's OK. That of IDLE is sent as it stands, and
    so is one that ends in "EOF", after which the server hangs up.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_serve, args=(listener, answers), daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        yield MailboxSettings(
            address="foi@anytown.example", host="127.0.0.1", port=port, security="none", user="foi", timeout=5
        )
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _serve(listener: socket.socket, answers: dict[str, str]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                _talk(connection, answers)


def _talk(connection: socket.socket, answers: dict[str, str]) -> None:
    connection.sendall(b"* OK ready\r\n")
    idling = ""
    with connection.makefile("rb") as lines:
        for line in lines:
            tag, _, rest = line.decode().strip().partition(" ")
            if tag == "DONE":
                tag, rest = idling, "DONE"
            command = _named(rest)
            answer = answers.get(command, "")
            hangs_up = answer.endswith("EOF")
            as_it_stands = hangs_up or command == "IDLE"
            said = answer.removesuffix("EOF") if as_it_stands else _answer(tag, command, answer)
            connection.sendall(said.encode())
            if hangs_up or command == "LOGOUT":
                return
            idling = tag if command == "IDLE" else ""


def _named(rest: str) -> str:
    """The command's name, "UID FETCH" as "UID_FETCH"."""
    words = rest.upper().split()
    return "_".join(words[:2] if words[0] == "UID" else words[:1])


def _answer(tag: str, command: str, answer: str) -> str:
    if answer and not answer.startswith("*"):
        return f"{tag} {answer}\r\n"
    usual = {"CAPABILITY": f"* CAPABILITY {CAPABILITY}", "SELECT": SELECTED, "LOGOUT": "* BYE"}.get(command, "")
    said = "\r\n".join(line for line in (answer, usual) if line)
    done = "OK [READ-WRITE] done" if command == "SELECT" else "OK done"
    return f"{said}\r\n{tag} {done}\r\n" if said else f"{tag} {done}\r\n"
