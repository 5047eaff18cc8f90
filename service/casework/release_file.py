"""Files for disclosure: put on a case and scanned at once, released by a named officer, or withdrawn."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.casework.record import record
from service.casework.write_letter import Enclosure, most_for_files
from service.desk import Desk
from service.domain.file_name import content_type, plain_name
from service.domain.kind import Kind
from service.domain.mail_size import OF_OUR_PDF, mail_size
from service.domain.stage import Act, require
from service.errors import DeskError
from service.release.found import Found
from service.release.scan import scan
from service.store.case_files import add_case_file, case_files, lock_case_file
from service.store.originals import keep
from service.store.tables import Case, CaseFile


class FileThereAlready(DeskError):
    """{name} is on case {reference} already."""


class FileTooLarge(DeskError):
    """{name} has {size:.1f} MB, and a letter takes files of {most:.1f} MB at most. Make it smaller or split it, or
    tell the requester where it can be had."""


class FileSettled(DeskError):
    """{name} is {state} already. Open the case's files again to see how it stands."""


class ReleaseUnexplained(DeskError):
    """Say why {name} may go out although something was found in it."""


class FileNotReleased(DeskError):
    """{name} has not been released, so it cannot be sent. Look at what was found in it and release it first."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A file that has been looked into and is on no case yet."""

    name: str
    content: bytes
    found: tuple[Found, ...]


def scan_file(name: str, content: bytes) -> Scanned:
    """Look into a file, which may take a while; so do it before the transaction that puts it on a case."""
    plain = plain_name(name)
    return Scanned(plain, content, scan(plain, content))


def add_file(session: Session, desk: Desk, case: Case, scanned: Scanned, *, at: datetime, by: str) -> CaseFile:
    """Put a file on a case with what the scan found in it; raises NotAllowedNow, FileTooLarge or FileThereAlready."""
    require(case.stage, Act.DRAFT)
    refuse_too_large(desk, case, scanned.name, len(scanned.content))
    sha256 = keep(session, scanned.content)
    for held in case_files(session, case.id):
        if (held.sha256, held.name, held.withdrawn_at) == (sha256, scanned.name, None):
            raise FileThereAlready(name=scanned.name, reference=case.reference)
    file = add_case_file(
        session,
        CaseFile(
            case_id=case.id,
            name=scanned.name,
            content_type=content_type(scanned.name),
            size=len(scanned.content),
            sha256=sha256,
            added_at=at,
            added_by=by,
            findings=json.dumps([found.as_dict() for found in scanned.found]),
            scanned_at=at,
        ),
    )
    found = len(scanned.found)
    record(session, desk, case, Kind.FILE_ADDED, at=at, by=by, file=file.id, name=file.name, found=found)
    return file


def refuse_too_large(desk: Desk, case: Case, name: str, size: int) -> None:
    """Raise FileTooLarge for a file that no letter about this case could carry."""
    most = most_for_files(desk, case.account)
    if size > most:
        raise FileTooLarge(name=name, size=size / 1_000_000, most=most / 1_000_000)


def findings(file: CaseFile) -> tuple[Found, ...]:
    """What the scan found in a file, serious things first."""
    return tuple(Found.read(found) for found in json.loads(file.findings or "[]"))


def needs_reason(file: CaseFile) -> bool:
    """Whether a file may only be released with a reason."""
    return bool(findings(file))


def release_file(
    session: Session, desk: Desk, case: Case, file_id: int, *, reason: str, at: datetime, by: str
) -> CaseFile:
    """Let a file go out, in the name of whoever says so; raises NotAllowedNow, FileSettled or ReleaseUnexplained."""
    require(case.stage, Act.DRAFT)
    file = lock_case_file(session, case.id, file_id)
    _refuse_settled(file)
    if needs_reason(file) and not reason:
        raise ReleaseUnexplained(name=file.name)
    file.released_at, file.released_by, file.release_reason = at, by, reason
    session.add(file)
    session.flush()
    record(session, desk, case, Kind.FILE_RELEASED, at=at, by=by, file=file.id, name=file.name, reason=reason)
    return file


def withdraw_file(session: Session, desk: Desk, case: Case, file_id: int, *, at: datetime, by: str) -> CaseFile:
    """Take a file off a case: it goes out with no further letter; the letters that had it keep it.

    Raises NotAllowedNow, or FileSettled when somebody has taken it off before.
    """
    require(case.stage, Act.DRAFT)
    file = lock_case_file(session, case.id, file_id)
    if file.withdrawn_at is not None:
        raise FileSettled(name=file.name, state="taken off the case")
    file.withdrawn_at = at
    session.add(file)
    session.flush()
    record(session, desk, case, Kind.FILE_WITHDRAWN, at=at, by=by, file=file.id, name=file.name)
    return file


def standing_files(session: Session, case: Case) -> list[CaseFile]:
    """The files that are on a case, those taken off it again left out."""
    return [file for file in case_files(session, case.id) if file.withdrawn_at is None]


@dataclass(frozen=True, slots=True)
class Room:
    """How large a case's files make its response, as mail counts them, and how large it may become; both in bytes."""

    used: int
    most: int

    @property
    def exceeded(self) -> bool:
        """Whether they cannot go out together."""
        return self.used > self.most


def room_for(desk: Desk, case: Case, files: Iterable[CaseFile]) -> Room:
    """The room that some files, and the letter itself as a PDF, take in one letter about a case."""
    sizes = [OF_OUR_PDF, *(file.size for file in files)]
    return Room(mail_size(sizes), desk.settings.smtp_of(case.account).largest_mail)


def enclose(session: Session, case: Case) -> list[Enclosure]:
    """All files of a case, to go out with its response; raises FileNotReleased."""
    enclosed = []
    for standing in standing_files(session, case):
        file = lock_case_file(session, case.id, standing.id)
        if file.withdrawn_at is not None:
            continue
        if file.released_at is None:
            raise FileNotReleased(name=file.name)
        enclosed.append(Enclosure(file.name, file.content_type, file.size, file.sha256))
    return enclosed


def enclose_bytes(session: Session, name: str, content: bytes) -> Enclosure:
    """A file of the desk's own making, such as the response as a PDF, to go out with a letter."""
    return Enclosure(plain_name(name), content_type(name), len(content), keep(session, content))


def _refuse_settled(file: CaseFile) -> None:
    if file.withdrawn_at is not None:
        raise FileSettled(name=file.name, state="taken off the case")
    if file.released_at is not None:
        raise FileSettled(name=file.name, state="released")
