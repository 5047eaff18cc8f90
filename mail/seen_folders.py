"""The watched folders as a round finds them: which is which, by its name, or as one that was renamed or dragged."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from mail.filing_box import Shown, Survey
from service.domain.placing import INBOX, OPEN, Folder, Stands, folder_at, named_case
from service.domain.reference import ReferencePattern
from service.servers import MailboxSettings
from service.store.cases import cases_named
from service.store.tables import WatchedFolder

NOT_LOOKED_INTO = -1  # in the place of a number of mails


@dataclass(slots=True)
class Seen:
    """The watched folders as they now show themselves, by path, and those that went away."""

    survey: Survey
    shown: dict[str, Shown] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)

    def add(self, folder: Folder, shown: Shown, *, ours: bool) -> None:
        self.shown[folder.path], self.folders[folder.path] = shown, folder
        if ours:
            self.ours.add(folder.path)

    def called(self, settings: MailboxSettings, path: str, known: Mapping[str, WatchedFolder] | None = None) -> str:
        """What people call a folder."""
        if path == INBOX:
            return settings.folder
        if not path:
            return ""
        shown = self.shown.get(path)
        name = shown.name if shown else known[path].name if known and path in known else path
        return f"{settings.filing_root}/{name}"


def recognise(
    session: Session, survey: Survey, known: Mapping[str, WatchedFolder], references: ReferencePattern
) -> Seen:
    """Which folder is which: by the name we know, by what its name says, or as one that was renamed."""
    seen = Seen(survey)
    seen.add(Folder(INBOX, Stands.INBOX), survey.inbox, ours=False)
    by_name = {row.name: row for row in known.values() if row.path != INBOX}
    strange: list[Shown] = []
    for name, shown in sorted(survey.folders.items()):
        row = by_name.get(name)
        folder = folder_at(row.path) if row is not None else None
        if row is not None and folder is not None:
            seen.add(replace(folder, case_id=row.case_id), shown, ours=row.ours)
        else:
            strange.append(shown)
    lost = [row for row in by_name.values() if row.name not in survey.folders]
    for shown in strange:
        _make_out(session, seen, shown, lost, known, references)
    return seen


def _make_out(
    session: Session,
    seen: Seen,
    shown: Shown,
    lost: list[WatchedFolder],
    known: Mapping[str, WatchedFolder],
    references: ReferencePattern,
) -> None:
    folder = folder_at(shown.name)
    if folder is not None and folder.stands is Stands.CASE:
        folder = _case_folder(session, seen, folder, references)
    # RFC 3501, 6.3.5: a folder that was renamed keeps its mail, and in practice its UIDVALIDITY.
    same = [row for row in lost if row.uidvalidity == shown.uidvalidity != 0 and row.next_uid <= shown.next_uid]
    before = same[0] if len(same) == 1 else None
    renamed = folder_at(before.path) if before is not None else None
    alongside = before is not None and _above_is_same(seen.survey, known, before, shown)
    if before is not None and renamed is not None and _is_still(renamed, folder, alongside=alongside):
        if renamed.path not in seen.folders:
            seen.add(replace(renamed, case_id=before.case_id), shown, ours=before.ours)
    elif folder is not None:
        row = known.get(folder.path)
        seen.add(folder, shown, ours=row.ours if row is not None else before is not None and before.ours)


def _is_still(renamed: Folder, folder: Folder | None, *, alongside: bool) -> bool:
    """Whether a renamed folder stands for what it stood for, though its new name may say something else.

    A case's folder that somebody drags into another folder goes there with its mail, as if each had been moved, unless
    it stayed `alongside` the others, in the same folder. Any other folder in a wrong place slipped there, and so did
    all that went with it: nothing is done to its cases.
    """
    if folder is None:
        return True
    if renamed.stands is Stands.CASE:
        return alongside and folder.stands is not Stands.CASE
    return not renamed.stands is folder.stands is Stands.MINE  # so renamed, it is another officer's


def _above_is_same(survey: Survey, known: Mapping[str, WatchedFolder], before: WatchedFolder, shown: Shown) -> bool:
    """Whether a folder lies in the same folder as before, whatever that is called by now."""
    was = next((row for row in known.values() if row.name == _above(before.name)), None)
    now = survey.folders.get(_above(shown.name))
    if was is None or now is None or not was.uidvalidity:
        return _above(before.name) == _above(shown.name)
    return was.uidvalidity == now.uidvalidity


def _above(name: str) -> str:
    return name.rpartition("/")[0]


def _case_folder(session: Session, seen: Seen, folder: Folder, references: ReferencePattern) -> Folder | None:
    reference = named_case(folder.path, references)
    cases = cases_named(session, [reference]) if reference is not None else []
    if len(cases) != 1:
        return None
    path = f"{OPEN}/{cases[0].reference}"
    return replace(folder, path=folder.path if path in seen.folders else path, case_id=cases[0].id)


def folder_row(account: str, folder: Folder, name: str, numbers: tuple[int, int, int], *, ours: bool) -> WatchedFolder:
    """A folder as it is remembered: its UIDVALIDITY, UIDNEXT and number of mails are the `numbers`."""
    uidvalidity, next_uid, mails = numbers
    return WatchedFolder(
        account=account, path=folder.path, name=name, uidvalidity=uidvalidity, next_uid=next_uid, mails=mails,
        case_id=folder.case_id, ours=ours,
    )  # fmt: skip
