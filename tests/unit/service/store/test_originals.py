"""Bytes are kept exactly as they came."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.store.database import reading, transaction
from service.store.originals import CHUNK, keep, read_all, read_chunks, size_held, write_out


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_kept_comes_back_byte_for_byte(engine: Engine, tmp_path: Path, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    with transaction(engine) as session:
        digest = keep(session, content)
    with reading(engine) as session:
        assert digest == sha256(content).hexdigest()
        assert read_all(session, digest) == content
        assert all(len(chunk) <= CHUNK for chunk in read_chunks(session, digest))
        write_out(session, digest, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content


def test_a_file_is_kept_like_its_bytes(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(b"x" * (CHUNK + 7))
    with transaction(engine) as session:
        assert keep(session, path) == keep(session, path.read_bytes())
        assert size_held(session, sha256(path.read_bytes()).hexdigest()) == CHUNK + 7
        assert size_held(session, "0" * 64) == 0
