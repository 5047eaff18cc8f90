"""Files put on a case to be disclosed, and those that went out with a letter."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from service.errors import DeskError
from service.store.rows import add_values
from service.store.tables import CaseFile, LetterFile


class NoSuchFile(DeskError):
    """There is no such file on this case."""


def add_case_file(session: Session, file: CaseFile) -> CaseFile:
    """Put a file on its case."""
    session.add(file)
    session.flush()
    return file


def case_files(session: Session, case_id: int) -> Sequence[CaseFile]:
    """A case's files in the order they came, those that were withdrawn included."""
    return session.exec(select(CaseFile).where(col(CaseFile.case_id) == case_id).order_by(col(CaseFile.id))).all()


def unreleased_names(session: Session, case_id: int) -> tuple[str, ...]:
    """The names of a case's files that nobody has released yet, those that were taken off it left out."""
    return _names(session, case_id, col(CaseFile.released_at).is_(None))


def released_names(session: Session, case_id: int) -> tuple[str, ...]:
    """The names of the files that go out with a case's response."""
    return _names(session, case_id, col(CaseFile.released_at).is_not(None))


def _names(session: Session, case_id: int, which: ColumnElement[bool]) -> tuple[str, ...]:
    there = col(CaseFile.case_id) == case_id, col(CaseFile.withdrawn_at).is_(None)
    return tuple(session.exec(select(CaseFile.name).where(*there, which).order_by(col(CaseFile.id))).all())


def case_file(session: Session, case_id: int, file_id: int) -> CaseFile:
    """A file of this very case; raises NoSuchFile."""
    file = session.get(CaseFile, file_id)
    if file is None or file.case_id != case_id:
        raise NoSuchFile
    return file


def lock_case_file(session: Session, case_id: int, file_id: int) -> CaseFile:
    """A file of this very case as it is now, locked until the transaction ends; raises NoSuchFile."""
    file = session.get(CaseFile, file_id, with_for_update=True, populate_existing=True)
    if file is None or file.case_id != case_id:
        raise NoSuchFile
    return file


def add_letter_file(
    session: Session, letter_id: int, position: int, *, name: str, content_type: str, size: int, sha256: str
) -> None:
    """Let a file go out with a letter; its bytes are held already."""
    add_values(
        session,
        LetterFile,
        letter_id=letter_id,
        position=position,
        name=name,
        content_type=content_type,
        size=size,
        sha256=sha256,
    )


def letter_files(session: Session, letter_ids: Iterable[int]) -> Sequence[LetterFile]:
    """The files of some letters, each letter's in order."""
    query = select(LetterFile).where(col(LetterFile.letter_id).in_(list(letter_ids)))
    return session.exec(query.order_by(col(LetterFile.letter_id), col(LetterFile.position))).all()


def letter_file(session: Session, letter_id: int, position: int) -> LetterFile:
    """One file of a letter; raises NoSuchFile."""
    file = session.get(LetterFile, (letter_id, position))
    if file is None:
        raise NoSuchFile
    return file
