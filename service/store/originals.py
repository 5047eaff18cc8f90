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
AT_ONCE = 2 << 20  # bytes written by one statement
WRITE_CHUNK = insert(StoredChunk)


def keep(session: Session, source: bytes | Path) -> str:
    """Store bytes, or a file's bytes, unless we hold them already; returns their SHA-256 in hex."""
    return keep_all(session, [source])[0]


def keep_all(session: Session, sources: Sequence[bytes | Path]) -> list[str]:
    """Store several, each unless we hold it already; returns their SHA-256 in the same order."""
    measured = [_measure(source) for source in sources]
    digests = [digest for digest, _ in measured]
    missing = _claim(session, dict(measured))
    _write(session, {digest: source for digest, source in zip(digests, sources, strict=True) if digest in missing})
    return digests


def _claim(session: Session, sizes: dict[str, int]) -> set[str]:
    """Note which bytes there are; those that nobody held are now ours to write.

    One that another's transaction is just committing counts as held as soon as that commits.
    """
    if not sizes:
        return set()
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(StoredBytes).on_conflict_do_nothing().returning(col(StoredBytes.sha256))
    return set(session.execute(new, [{"sha256": digest, "size": size} for digest, size in sizes.items()]).scalars())


def _write(session: Session, sources: dict[str, bytes | Path]) -> None:
    """Write some by their SHA-256: small ones with one statement, large ones a few chunks at a time."""
    chunks: list[dict[str, object]] = []
    room = AT_ONCE
    for digest, source in sources.items():
        for position, content in enumerate(_chunks(source)):
            chunks.append({"sha256": digest, "position": position, "content": content})
            room -= len(content)
            if room <= 0:
                session.connection().execute(WRITE_CHUNK, chunks)
                chunks, room = [], AT_ONCE
    if chunks:
        session.connection().execute(WRITE_CHUNK, chunks)


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


FIRST_CHUNKS = select(StoredChunk.sha256, StoredChunk.content).where(
    col(StoredChunk.sha256).in_(bindparam("digests", expanding=True)), col(StoredChunk.position) == 0
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


def read_small(session: Session, digests: Sequence[str]) -> dict[str, bytes]:
    """The first chunk, the whole of what has no other, of each of several SHA-256 that are held."""
    found = session.connection().execute(FIRST_CHUNKS, {"digests": list(digests)}) if digests else ()
    return dict(iter(found))


def size_held(session: Session, digest: str) -> int:
    """How many bytes lie under a SHA-256; 0 when none do."""
    return session.exec(select(StoredBytes.size).where(col(StoredBytes.sha256) == digest)).first() or 0
