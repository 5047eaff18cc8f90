"""The IMAP side of the sandbox: pymap's in-memory server, taught two things that real servers do."""

from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pymap.backend.dict import Config
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.concurrent import Subsystem
from pymap.imap import IMAPConnection
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag, Wildcard
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"


class _Folder(MailboxData):
    """A folder that keeps custom keywords, as real servers do, and stamps an undated APPEND by our clock."""

    def __init__(self, content_cache: Any, thread_cache: Any, now: Callable[[], datetime]) -> None:
        super().__init__(content_cache, thread_cache)
        self._now = now

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        return super().permanent_flags | {Wildcard}

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        when = append_msg.when or self._now()
        return await super().append(AppendMessage(append_msg.literal, when, append_msg.flag_set), recent=recent)


class Folders(MailboxSet):
    """The folders of one user."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._inbox = self._folder()

    def _folder(self) -> _Folder:
        return _Folder(self._content_cache, self._thread_cache, self._now)

    async def add_mailbox(self, name: str) -> ObjectId:
        if name in self._set:
            raise ValueError(name)  # pymap's word for "it exists"
        self._set[name] = folder = self._folder()
        return folder.mailbox_id


class _Pending:
    """Collects what pymap writes token by token."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes) -> None:
        self.content += data


class Connection(IMAPConnection):
    """Sends each response at once: a client's IDLE aborts at half a line (mjs/imapclient#519)."""

    async def write_response(self, resp: Response) -> None:
        pending = _Pending()
        await resp.async_write(pending)
        try:
            self.writer.write(bytes(pending.content))
            await self.writer.drain()
        except ConnectionError:
            pass  # the client has gone, which its next command finds out


class ImapConfig(Config):
    @property
    def greeting(self) -> bytes:
        return b"sandbox ready"  # pymap would ask the name service who we are


def imap_config() -> ImapConfig:
    return ImapConfig(
        Namespace(proxy_protocol=None, passlib_cfg=None),
        host=HOST,
        port=0,
        tls_enabled=False,
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),
        demo_data=False,
        demo_user="",
        demo_password="",  # no such user is made
    )
