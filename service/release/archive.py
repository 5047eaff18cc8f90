"""A zip archive read within limits: what it claims is checked while it is unpacked, not believed."""

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from service.release.unreadable import CannotLook

MOST_PARTS = 20_000
LARGEST_PART = 200_000_000  # bytes unpacked
LARGEST_IN_ALL = 600_000_000
DAMAGED = "The file is damaged. Save it anew, or release it in another form."
_TOO_LARGE = "The file unpacks to more than is safe to read."
_FAULTS = (BadZipFile, LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, struct.error)


class Archive:
    """A zip archive; every way of reading it raises CannotLook when it is damaged, encrypted or too large."""

    def __init__(self, content: IO[bytes]) -> None:
        with _faults_told():
            self._zip = ZipFile(content)
        if len(self._zip.filelist) > MOST_PARTS:
            raise CannotLook(reason=f"The file has more than {MOST_PARTS:,} parts.")
        self._left = LARGEST_IN_ALL
        self.parts = {info.filename.lstrip("/"): info for info in self._zip.filelist if not info.is_dir()}
        self.raw_names = [info.filename for info in self._zip.filelist]
        self.repeated = len(self.parts) < sum(not info.is_dir() for info in self._zip.filelist)
        self.comment = bool(self._zip.comment)

    def read(self, name: str, most: int = LARGEST_PART) -> bytes:
        """A part in full."""
        return b"".join(self.pieces(name, most))

    def pieces(self, name: str, most: int = LARGEST_PART) -> Iterator[bytes]:
        """A part in pieces of 64 kB."""
        with _faults_told(), self._open(self.parts[name]) as part:
            while piece := part.read(65536):
                most -= len(piece)
                self._left -= len(piece)
                if most < 0 or self._left < 0:
                    raise CannotLook(reason=_TOO_LARGE)
                yield piece

    def _open(self, info: ZipInfo) -> IO[bytes]:
        if info.flag_bits & 1:
            raise CannotLook(reason="The file is protected by a password. Release it without one.")
        return self._zip.open(info)


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        raise CannotLook(reason=DAMAGED) from fault


def open_archive(content: bytes) -> Archive:
    """An archive from its bytes; raises CannotLook."""
    return Archive(io.BytesIO(content))
