"""Bytes kept exactly as they came, in chunks, addressed by their SHA-256."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, Insert, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from service.store.tables import StoredBytes, StoredChunk

CHUNK = 1 << 20


def keep(session: Session, source: bytes | Path) -> str:
    """Store bytes, or a file's bytes, unless we hold them already; returns their SHA-256 in hex."""
    digest, size = _measure(source)
    if session.execute(_once(session, digest, size)).first() is not None:
        for position, content in enumerate(_chunks(source)):
            # A plain statement: as objects, every chunk of a large mail would stay in memory until the commit.
            session.execute(insert(StoredChunk).values(sha256=digest, position=position, content=content))
    return digest


def _once(session: Session, digest: str, size: int) -> Executable:
    """An INSERT that does nothing where the bytes are held, also by another's transaction that is just committing."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new: Insert = dialect.insert(StoredBytes).values(sha256=digest, size=size).on_conflict_do_nothing()
    return new.returning(col(StoredBytes.sha256))


def _measure(source: bytes | Path) -> tuple[str, int]:
    digest, size = sha256(), 0
    for content in _chunks(source):
        digest.update(content)
        size += len(content)
    return digest.hexdigest(), size


def _chunks(source: bytes | Path) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield from (source[start : start + CHUNK] for start in range(0, len(source), CHUNK))
        return
    with source.open("rb") as file:
        while content := file.read(CHUNK):
            yield content


def read_chunks(session: Session, digest: str) -> Iterator[bytes]:
    """The bytes under a SHA-256 in order, a mebibyte at a time; nothing when they are not held."""
    position = 0
    while (content := _chunk(session, digest, position)) is not None:
        yield content
        position += 1


def _chunk(session: Session, digest: str, position: int) -> bytes | None:
    query = select(StoredChunk.content).where(col(StoredChunk.sha256) == digest, col(StoredChunk.position) == position)
    return session.exec(query).first()


def write_out(session: Session, digest: str, target: Path) -> None:
    """Write the bytes under a SHA-256 to a file."""
    with target.open("wb") as file:
        file.writelines(read_chunks(session, digest))


def read_all(session: Session, digest: str) -> bytes:
    """The bytes under a SHA-256, whole."""
    return b"".join(read_chunks(session, digest))


def held(session: Session, digests: Iterable[str]) -> set[str]:
    """Which of these SHA-256 we hold."""
    return set(session.exec(select(StoredBytes.sha256).where(col(StoredBytes.sha256).in_(list(digests)))))


def size_held(session: Session, digest: str) -> int:
    """How many bytes lie under a SHA-256 that we hold."""
    return session.get_one(StoredBytes, digest).size
