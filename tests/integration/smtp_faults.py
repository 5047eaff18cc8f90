"""An SMTP server that fails where it is told to: it drops, falls silent or answers amiss at a phase of the dialogue."""

import socket as sockets
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socket import IPPROTO_TCP, socket
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

DROP, SILENT = "(drops the connection)", "(says nothing)"
USER, PASSWORD = "foi", "x"
CHALLENGE = b64encode(b'{"status":"401","schemes":"Bearer"}').decode()  # what XOAUTH2 says of a token it refuses
QUICKACK: int | None = getattr(sockets, "TCP_QUICKACK", None)  # Linux has it
LONGEST_LINE = 512  # RFC 5321 4.5.3.1.4
EXTENSIONS = ("SIZE 1000000", "AUTH PLAIN LOGIN", "SMTPUTF8", "8BITMIME")


@dataclass
class Script:
    """What goes wrong and what was seen.

    Phases: connect, ehlo, starttls, auth, auth refused, mail, rcpt, data, before dot, dot, quit.
    """

    faults: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = EXTENSIONS
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    takes_token: Callable[[str, str], bool] | None = None  # whether a token opens a mailbox: AUTH XOAUTH2 is checked
    signed_in: list[str] = field(default_factory=list)  # the mailboxes that a token opened
    taken: list[bytes] = field(default_factory=list)  # every mail whose dot came and that was not refused
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def message_ids(self) -> list[str]:
        return [
            line.split(": ", 1)[1]
            for mail in self.taken
            for line in mail.decode().splitlines()
            if line.startswith("Message-ID: ")
        ]


class _DroppedError(Exception):
    pass


class _Dialogue(StreamRequestHandler):
    """One connection."""

    server: "_Server"

    def handle(self) -> None:
        self.script = self.server.script
        self.script.connections += 1
        try:
            if self.script.tls is not None:
                self._encrypt(self.script.tls)
            self._say("connect", "220 faulty.test ESMTP")
            while self._answer():
                pass
        except (_DroppedError, OSError):
            return

    def _encrypt(self, context: ssl.SSLContext) -> None:
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.request.close()

    def _say(self, phase: str, good: str) -> str:
        words = self.script.faults.get(phase, good)
        if words == DROP:
            raise _DroppedError
        if words == SILENT:
            self.rfile.read()  # until the client gives up
            raise _DroppedError
        self.wfile.write(words.encode() + b"\r\n")
        return words

    def _answer(self) -> bool:
        line = self.rfile.readline().decode().strip()
        if not line:
            return False
        self.script.commands.append(line)
        if len(line) + 2 > LONGEST_LINE:
            self.wfile.write(b"500 5.5.2 line too long\r\n")
            return True
        verb = line.split()[0].upper()
        match verb:
            case "EHLO":
                offered = ("STARTTLS",) if self.script.starttls and not isinstance(self.request, ssl.SSLSocket) else ()
                names = ("faulty.test", *offered, *self.script.extensions)
                lines = [f"250{' ' if n == len(names) - 1 else '-'}{name}" for n, name in enumerate(names)]
                self._say("ehlo", "\r\n".join(lines))
            case "STARTTLS":
                self._start_tls()
            case "AUTH" if self.script.takes_token is not None:
                self._check_token(line.split())
            case "AUTH":
                self._say("auth", "235 welcome")
            case "MAIL" | "RCPT":
                self._say(verb.lower(), "250 OK")
            case "DATA":
                self._take()
            case "QUIT":
                self._say("quit", "221 bye")
                return False
            case _:
                self.wfile.write(b"250 OK\r\n")
        return True

    def _check_token(self, words: list[str]) -> None:
        assert self.script.takes_token is not None
        if words[1].upper() != "XOAUTH2":
            self.wfile.write(b"504 5.7.4 unrecognized authentication type\r\n")
            return
        if len(words) == 2:
            self.wfile.write(b"334 \r\n")
            words.append(self.rfile.readline().decode().strip())
        user, bearer, *rest = b64decode(words[2]).decode().split("\1")
        mailbox, token = user.removeprefix("user="), bearer.removeprefix("auth=Bearer ")
        if rest == ["", ""] and self.script.takes_token(mailbox, token):
            self.script.signed_in.append(mailbox)
            self._say("auth", "235 2.7.0 welcome")
            return
        self.wfile.write(f"334 {CHALLENGE}\r\n".encode())
        # Google's servers, and RFC 7628 3.2.3, want the challenge answered before they say why not.
        answered = self.rfile.readline().strip() == b""
        self._say("auth refused", "535 5.7.3 Authentication unsuccessful" if answered else "501 5.5.4 what?")

    def _start_tls(self) -> None:
        if self._say("starttls", "220 go ahead").startswith("220") and self.script.starttls is not None:
            self._encrypt(self.script.starttls)

    def _take(self) -> None:
        if not self._say("data", "354 go ahead").startswith("354"):
            return
        if isinstance(self.request, socket) and QUICKACK is not None:  # which is the one under TLS, once there is any
            self.request.setsockopt(IPPROTO_TCP, QUICKACK, 1)  # else the dot waits 40 ms for word of the content
        if self.script.faults.get("before dot") == DROP:
            raise _DroppedError
        content = b"".join(iter(self.rfile.readline, b".\r\n"))
        fault = self.script.faults.get("dot", "250")
        if fault.startswith("2") or fault in (DROP, SILENT):
            self.script.taken.append(content)
        self._say("dot", "250 taken")


class _Server(ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.script = script


@contextmanager
def faulty_smtp(script: Script | None = None) -> Iterator[Script]:
    """Run the script on a free port of 127.0.0.1; it may be changed while the server runs."""
    script = script or Script()
    with _Server(script) as server:
        script.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()
