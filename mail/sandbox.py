"""A mail server of our own, in memory: IMAP for some mailboxes, SMTP for every address; for the demo and for tests."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Login
from pymap.backend.dict.filter import FilterSet
from pymap.context import connection_exit
from pymap.imap.state import ConnectionState
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata

from mail.sandbox_imap import HOST, Connection, Folders, imap_config
from service.domain.reply_address import without_detail
from service.errors import DeskError

LARGEST = 100_000_000  # bytes
NAME = "sandbox.invalid"  # RFC 6761 6.4: a name that can be nobody's


class SandboxNotStarted(DeskError):
    """The sandbox mail server did not start on 127.0.0.1: {reason}. Choose another port with --smtp-port, such as 0."""


@dataclass(frozen=True, slots=True)
class SandboxMail:
    """A mail as the sandbox took it in: the envelope's addresses, when, and the bytes with their Received header."""

    sender: str
    recipient: str
    received_at: datetime
    raw: bytes


class MailSandbox:
    """An IMAP and an SMTP server on 127.0.0.1, from `with MailSandbox(...)` to the block's end; port 0 is any free one.

    `users` maps an address to its password: it has a mailbox over IMAP, and may sign in to SMTP. Mail for any other
    address is taken too and can be read with `inbox`; what is sent to user+anything@ is the user's. It `vouches` for
    every sender, or says nothing of any. `now` gives the aware instant at which a mail counts as received
    and may be replaced at any time. Raises SandboxNotStarted.
    """

    def __init__(
        self, users: Mapping[str, str], now: Callable[[], datetime], *, smtp_port: int = 0, vouches: bool = False
    ) -> None:
        self.now, self.vouches = now, vouches
        self.imap_port, self.smtp_port = 0, smtp_port
        self._users = {address.casefold(): password for address, password in users.items()}
        self._mail: dict[str, list[SandboxMail]] = {}
        self._lock = Lock()
        self._ready = Event()
        self._fault: OSError | None = None
        self._thread = Thread(target=self._serve, name="mail sandbox", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._fault is not None:
            raise SandboxNotStarted(reason=self._fault.strerror) from self._fault
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()

    def inbox(self, address: str) -> list[SandboxMail]:
        """Every mail that came for an address, oldest first; moving it over IMAP does not change this list."""
        with self._lock:
            return list(self._mail.get(address.casefold(), ()))

    def addresses(self) -> list[str]:
        """Every user, and every address that mail has come for."""
        with self._lock:
            return sorted({*self._users, *self._mail})

    def add_folder(self, address: str, name: str) -> None:
        """Give a user another folder, such as one for what they sent."""
        adding = self._folders[address.casefold()].add_mailbox(name)
        asyncio.run_coroutine_threadsafe(adding, self._loop).result()

    def keep(self, address: str, folder: str, raw: bytes) -> None:
        """Put a mail into a user's folder as that user's mail program would, such as a copy of what they sent."""
        putting = self._put(self._folders[address.casefold()], folder, raw, self.now())
        asyncio.run_coroutine_threadsafe(putting, self._loop).result()

    async def _put(self, folders: Folders, name: str, raw: bytes, when: datetime) -> None:
        folder = await folders.get_mailbox(name)
        await folder.append(AppendMessage(raw, when), recent=True)

    def _clock(self) -> datetime:
        return self.now()  # whichever clock has been put in by then

    def _serve(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        # aiosmtpd logs under "mail.log", which is below our own logger, and warns at every sign-in of itself.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            try:
                await self._open(stack)
            except OSError as error:
                self._fault = error
                return
            finally:
                self._ready.set()
            await self._done.wait()

    async def _open(self, stack: AsyncExitStack) -> None:
        config = imap_config()
        config.apply_context()
        self._login, self._folders = Login(config), {}
        for address, password in self._users.items():
            self._login.users_dict[address] = UserMetadata(config, address, password=password)
            self._folders[address] = Folders(self._clock)
            config.set_cache[address] = (self._folders[address], FilterSet())
        self._config = config
        imap = await asyncio.start_server(self._imap, HOST, 0)
        stack.callback(imap.close)
        smtp = await self._loop.create_server(self._smtp, HOST, self.smtp_port)
        stack.callback(smtp.close)
        self.imap_port, self.smtp_port = (s.sockets[0].getsockname()[1] for s in (imap, smtp))

    async def _imap(self, reader: StreamReader, writer: StreamWriter) -> None:
        connection = Connection(self._config.commands, self._config, reader, writer, SocketInfo.get(writer, None))
        async with AsyncExitStack() as stack:
            connection_exit.set(stack)
            stack.callback(connection.close)
            try:
                await connection.run(ConnectionState(self._login, self._config))
            except asyncio.CancelledError:
                return  # the sandbox closes

    def _smtp(self) -> SMTP:
        return SMTP(
            _Gateway(self),
            hostname=NAME,
            loop=self._loop,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._authenticate,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword)
        user, password = (data.login.decode(), data.password.decode()) if known else ("", "")
        good = known and self._users.get(user.casefold()) == password
        return AuthResult(success=good, handled=False)

    async def take(self, sender: str, recipient: str, raw: bytes) -> None:
        """Put a mail, as it came over SMTP, into the recipient's inbox; wakes a client that waits in IDLE."""
        mail = SandboxMail(sender, recipient, self.now(), raw)
        key = recipient.casefold()
        key = without_detail(key) if without_detail(key) in self._folders else key
        with self._lock:
            self._mail.setdefault(key, []).append(mail)
        if key in self._folders:
            await self._put(self._folders[key], "INBOX", raw, mail.received_at)


class _Gateway:
    """What an SMTP server does with a mail: trace headers on top (RFC 5321 4.4), then the inbox of each recipient."""

    def __init__(self, sandbox: MailSandbox) -> None:
        self._sandbox = sandbox

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            await self._sandbox.take(
                envelope.mail_from or "", recipient, self._trace(session, envelope, recipient) + content
            )
        return "250 OK"

    def _trace(self, session: Session, envelope: Envelope, recipient: str) -> bytes:
        peer = session.peer[0] if session.peer else "unknown"
        vouched = self._sandbox.vouches and envelope.mail_from
        lines = (
            f"Return-Path: <{envelope.mail_from or ''}>",
            *([f"Authentication-Results: {NAME}; spf=pass smtp.mailfrom={envelope.mail_from}"] if vouched else []),
            f"Received: from {session.host_name} ([{peer}]) by {NAME} with ESMTP",
            f" for <{recipient}>; {format_datetime(self._sandbox.now())}",
        )
        return "".join(f"{line}\r\n" for line in lines).encode()
