"""Bytes kept exactly as they came, in chunks, addressed by their SHA-256."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from service.store.tables import StoredBytes, StoredChunk

CHUNK = 1 << 20
WRITE_CHUNK = insert(StoredChunk)


def keep(session: Session, source: bytes | Path) -> str:
    """Store bytes, or a file's bytes, unless we hold them already; returns their SHA-256 in hex."""
    return keep_all(session, [source])[0]


def keep_all(session: Session, sources: Sequence[bytes | Path]) -> list[str]:
    """Store several, each unless we hold it already; returns their SHA-256 in the same order."""
    measured = [_measure(source) for source in sources]
    missing = _claim(session, dict(measured))
    for (digest, _), source in zip(measured, sources, strict=True):
        if digest in missing:
            missing.remove(digest)
            _write(session, digest, source)
    return [digest for digest, _ in measured]


def _claim(session: Session, sizes: dict[str, int]) -> set[str]:
    """Note which bytes there are; those that nobody held are now ours to write.

    One that another's transaction is just committing counts as held as soon as that commits.
    """
    if not sizes:
        return set()
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(StoredBytes).on_conflict_do_nothing().returning(col(StoredBytes.sha256))
    return set(session.execute(new, [{"sha256": digest, "size": size} for digest, size in sizes.items()]).scalars())


def _write(session: Session, digest: str, source: bytes | Path) -> None:
    for position, content in enumerate(_chunks(source)):
        # A plain statement: as objects, every chunk of a large mail would stay in memory until the commit.
        session.connection().execute(WRITE_CHUNK, {"sha256": digest, "position": position, "content": content})


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
        if len(content) < CHUNK:
            return
        position += 1


ONE_CHUNK = select(StoredChunk.content).where(
    col(StoredChunk.sha256) == bindparam("digest"), col(StoredChunk.position) == bindparam("place")
)


def _chunk(session: Session, digest: str, position: int) -> bytes | None:
    return session.connection().execute(ONE_CHUNK, {"digest": digest, "place": position}).scalar()


def write_out(session: Session, digest: str, target: Path) -> None:
    """Write the bytes under a SHA-256 to a file."""
    with target.open("wb") as file:
        file.writelines(read_chunks(session, digest))


def read_all(session: Session, digest: str) -> bytes:
    """The bytes under a SHA-256, whole."""
    return b"".join(read_chunks(session, digest))


def size_held(session: Session, digest: str) -> int:
    """How many bytes lie under a SHA-256; 0 when none do."""
    return session.exec(select(StoredBytes.size).where(col(StoredBytes.sha256) == digest)).first() or 0
