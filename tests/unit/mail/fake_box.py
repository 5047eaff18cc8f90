"""A mailbox in memory, people who work in it, and a connection to it that can be cut at any step."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from types import TracebackType
from typing import Self

from mail.filing_box import Label, Shown, Survey
from mail.headers import message_id, split_headers
from mail.mailbox import Facts, Fetched
from tests.conftest import MON_JUN_3_2024

SEPARATOR = "/"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Folder:
    """What a folder holds, by UID."""

    uidvalidity: int
    next_uid: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)

    def put(self, raw: bytes) -> int:
        uid = self.next_uid
        self.mails[uid], self.next_uid = raw, uid + 1
        return uid


class FakeMailbox:
    """The folders by name; people act on it directly."""

    def __init__(self) -> None:
        self._validities = count(1000)
        self.folders: dict[str, Folder] = {}
        self.make("INBOX")

    def make(self, name: str) -> Folder:
        if name not in self.folders:
            self.folders[name] = Folder(next(self._validities))
        return self.folders[name]

    def move(self, source: str, uid: int, target: str) -> int:
        return self.make(target).put(self.folders[source].mails.pop(uid))

    def copy(self, source: str, uid: int, target: str) -> int:
        return self.make(target).put(self.folders[source].mails[uid])

    def rename(self, name: str, new: str) -> None:
        inner = [one for one in self.folders if one == name or one.startswith(name + SEPARATOR)]
        for one in inner:
            self.folders[new + one[len(name) :]] = self.folders.pop(one)

    def renumber(self, name: str) -> None:
        old = self.folders[name]
        self.folders[name] = Folder(next(self._validities))
        for raw in old.mails.values():
            self.folders[name].put(raw)

    def every(self) -> Iterator[tuple[str, int, bytes]]:
        for name, folder in self.folders.items():
            for uid, raw in folder.mails.items():
                yield name, uid, raw


class FakeBox:
    """What `FilingBox` does, on a mailbox in memory; `step` is called before and after everything that counts."""

    def __init__(self, mailbox: FakeMailbox, step: Callable[[str], None], *, tells_copyuid: bool = True) -> None:
        self._mailbox, self._step, self._tells = mailbox, step, tells_copyuid
        self._open: Folder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def can(self, capability: str) -> bool:
        return capability in ("MOVE", "UIDPLUS")

    def root_name(self, root: str) -> str:
        return root

    def survey(self, root: str, inbox: str) -> Survey:
        self._step("look")
        below = {
            name.removeprefix(root + SEPARATOR): self._shown(name, name.removeprefix(root + SEPARATOR))
            for name in self._mailbox.folders
            if name.startswith(root + SEPARATOR)
        }
        return Survey(
            root if root in self._mailbox.folders or below else None, SEPARATOR, below, self._shown(inbox, inbox)
        )

    def _shown(self, native: str, name: str) -> Shown:
        folder = self._mailbox.folders[native]
        return Shown(name, native, folder.uidvalidity, folder.next_uid, len(folder.mails))

    def numbers(self, native: Sequence[str]) -> dict[str, int]:
        self._step("look")
        return {name: self._mailbox.folders[name].uidvalidity for name in native if name in self._mailbox.folders}

    def look_into(self, native: str) -> tuple[int, frozenset[int]]:
        self._step("look")
        self._open = self._mailbox.folders[native]
        return self._open.uidvalidity, frozenset(self._open.mails)

    def labels(self, uids: Sequence[int]) -> dict[int, Label]:
        assert self._open is not None
        found = {}
        for uid in uids:
            raw = self._open.mails[uid]
            found[uid] = Label(message_id(split_headers(raw, 0, len(raw))[0]), "", len(raw), MON_JUN_3_2024)
        return found

    def fetch(self, facts: dict[int, Facts]) -> Iterator[Fetched]:
        assert self._open is not None
        for uid in facts:
            yield Fetched(uid, self._open.mails[uid])

    def present(self, uids: Sequence[int]) -> set[int]:
        assert self._open is not None
        return set(uids) & self._open.mails.keys()

    def open_to_move(self, native: str) -> tuple[int, bool]:
        self._step("open")
        self._open = self._mailbox.folders[native]
        return self._open.uidvalidity, True

    def mark(self, uids: Sequence[int], keyword: str) -> None:
        self._step("open")

    def move_to(self, uids: Sequence[int], native: str) -> dict[int, tuple[int, int]] | None:
        self._step("move")
        assert self._open is not None
        target, told = self._mailbox.folders[native], {}
        for uid in uids:
            if uid in self._open.mails:
                told[uid] = (target.uidvalidity, target.put(self._open.mails.pop(uid)))
                self._step("moved")
        return told if self._tells else None

    def make(self, native: str) -> None:
        self._step("make")
        self._mailbox.make(native)
        self._step("made")

    def named(self, native: str, beginning: str) -> dict[int, str]:
        self._step("look")
        self._open = self._mailbox.folders[native]
        found = {uid: label.message_id for uid, label in self.labels(list(self._open.mails)).items()}
        return {uid: name for uid, name in found.items() if name.startswith(beginning)}

    def held_in(self, native: str, names: Iterable[str]) -> set[str]:
        self._step("look")
        self._open = self._mailbox.folders[native]
        return {label.message_id for label in self.labels(list(self._open.mails)).values()} & {*names}

    def write(self, native: str, content: bytes, _flags: Sequence[bytes], _when: datetime) -> None:
        self._step("write")
        self._mailbox.folders[native].put(content)
        self._step("written")

    def remove(self, uids: Sequence[int]) -> None:
        assert self._open is not None
        for uid in uids:
            self._step("remove")
            del self._open.mails[uid]

    def remove_empty(self, native: str, _aside: str) -> bool:
        self._step("remove")
        if self._mailbox.folders[native].mails:
            return False
        del self._mailbox.folders[native]
        self._step("removed")
        return True


def a_raw_mail(number: int, subject: str, *, when: datetime = MON_JUN_3_2024) -> bytes:
    head = (
        f"Message-ID: <{number}@example.com>\r\nFrom: p{number}@example.com\r\nSubject: {subject}\r\nDate: {when}\r\n"
    )
    return f"{head}\r\nWhat did the potholes of street {number} cost?\r\n".encode()
