"""Officers' folders that were renamed and are still called by the same officer: the mail in them has not moved."""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session

from mail.filing_box import Survey
from service.casework.mail_facts import called
from service.domain.placing import Stands, folder_at
from service.store.tables import Officer, WatchedFolder


def renamed_officers(session: Session, survey: Survey, known: Mapping[str, WatchedFolder]) -> Iterator[tuple[str, str]]:
    """The path under which each was remembered, and its path by its name now.

    A folder that has become another officer's is none of these: whoever renames it so gives its cases away.
    """
    names = {row.name for row in known.values()}
    lost = {row.path: officer for row in known.values() if row.name not in survey.folders if (officer := _of(row.path))}
    for name, shown in survey.folders.items():
        officer = _of(name)
        if not officer or name in names or name in known:
            continue
        # RFC 3501, 6.3.5: a folder that was renamed keeps its mail, and in practice its UIDVALIDITY.
        same = [path for path in lost if _is_same(known[path], shown.uidvalidity, shown.next_uid)]
        if len(same) == 1 and _are_one(called(session, officer), called(session, lost[same[0]])):
            yield same[0], name


def _of(name: str) -> str:
    folder = folder_at(name)
    return folder.officer if folder is not None and folder.stands is Stands.MINE else ""


def _is_same(row: WatchedFolder, uidvalidity: int, next_uid: int) -> bool:
    return row.uidvalidity == uidvalidity != 0 and row.next_uid <= next_uid


def _are_one(some: Sequence[Officer], others: Sequence[Officer]) -> bool:
    return len(some) == 1 and [one.id for one in some] == [one.id for one in others]
