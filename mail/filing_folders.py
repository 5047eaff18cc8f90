"""The desk's own folders in a mailbox: made where they are missing, and taken away when they have served."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from mail.filing_box import FilingBox, Refused, Shown, Survey
from mail.seen_folders import NOT_LOOKED_INTO, Seen, folder_row
from service.desk import Desk
from service.domain.placing import (
    MINE,
    OPEN,
    STANDING,
    CaseFacts,
    Folder,
    Stands,
    folder_at,
    folder_name,
    segment,
)
from service.domain.stage import Stage
from service.errors import DeskError
from service.servers import MailboxSettings
from service.store.cases import cases_by_id
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.placements import placements_in
from service.store.tables import Case, FilingState, WatchedFolder

TIDIED_AT_ONCE = 20  # folders of closed cases taken away in a round


class NotFiled(DeskError):
    """Mail is read, but not filed into folders: {why}"""


NO_FOLDER = (
    "the mail server does not make the folder {folder}: {words}. Give the account the right to make folders, make it "
    'by hand, or say filing = "off" under [mailbox].'
)


class DeskFolders:
    """The folders of one mailbox, for the length of a round."""

    def __init__(self, desk: Desk, settings: MailboxSettings, box: FilingBox, state: FilingState) -> None:
        self._desk, self._settings, self._box, self._state = desk, settings, box, state
        self._account = settings.account

    def target(self, seen: Seen, path: str, case: CaseFacts | None) -> str:
        """The server's name of a folder, which is made where it is missing."""
        if path in seen.shown:
            return seen.shown[path].native
        folder = folder_at(path)
        assert folder is not None
        if folder.stands is Stands.CASE:
            assert case is not None
            return self._make_case_folder(seen, replace(folder, case_id=case.id), case)
        return self._make(seen, folder, path)

    def _make_case_folder(self, seen: Seen, folder: Folder, case: CaseFacts) -> str:
        separator = seen.survey.separator

        def made(*, cautious: bool) -> str:
            name = folder_name(case.reference, case.subject, separator=separator, cautious=cautious)
            return self._make(seen, folder, f"{OPEN}/{name}")

        if not self._state.cautious:
            with suppress(NotFiled):
                return made(cautious=False)
        native = made(cautious=True)
        self._state.cautious = True
        return native

    def _make(self, seen: Seen, folder: Folder, name: str) -> str:
        """Make a folder below its parent, whatever that is called by now."""
        above, _, last = name.rpartition("/")
        parent = seen.shown[above].native if above in seen.shown else self._native(seen.survey, above)
        native = f"{parent}{seen.survey.separator}{last}" if above else self._native(seen.survey, last)
        shown_above = seen.shown[above].name if above in seen.shown else above
        try:
            self._box.make(native)
        except Refused as refusal:
            place = f"{self._settings.filing_root}/{name}"
            raise NotFiled(why=NO_FOLDER.format(folder=place, words=refusal)) from refusal
        # Before any mail lies in it: by this it is known again, whatever it is called by the next look.
        numbers = (self._box.numbers([native]).get(native, 0), 0, NOT_LOOKED_INTO)
        seen.add(folder, Shown(f"{shown_above}/{last}" if above else last, native, *numbers), ours=True)
        with transaction(self._desk.engine) as session:
            session.merge(folder_row(self._account, folder, seen.shown[folder.path].name, numbers, ours=True))
        return native

    def _native(self, survey: Survey, name: str) -> str:
        root = survey.root or self._settings.filing_root
        return f"{root}{survey.separator}{name.replace('/', survey.separator)}" if name else root

    def first(self, survey: Survey) -> Survey:
        """Make the folders on the first round, so that officers find them."""
        root = self._box.root_name(self._settings.filing_root)
        with reading(self._desk.engine) as session:
            team = [segment(officer.name, survey.separator) for officer in officers(session)]
        separator = survey.separator
        try:
            self._box.make(root)
            for name in (*STANDING, *(f"{MINE}/{name}" for name in team if name)):
                self._box.make(f"{root}{separator}{name.replace('/', separator)}")
        except Refused as refusal:
            why = NO_FOLDER.format(folder=self._settings.filing_root, words=refusal)
            raise NotFiled(why=why) from refusal
        return self._box.survey(self._settings.filing_root, self._settings.folder)

    def tidy(self, seen: Seen) -> None:
        """Take away empty folders that we made ourselves: of closed cases, and what is left of one that was dragged."""
        empty = {
            path: folder for path, folder in seen.folders.items() if path in seen.ours and not seen.shown[path].mails
        }
        if not empty:
            return
        with reading(self._desk.engine) as session:
            cases = cases_by_id(session, [one.case_id for one in empty.values() if one.case_id is not None])
            full = {row.folder for row in placements_in(session, self._account, empty)}
        served = [path for path, folder in empty.items() if path not in full and self._has_served(folder, cases)]
        for path in served[:TIDIED_AT_ONCE]:
            shown = seen.shown[path]
            if any(name.startswith(shown.name + "/") for name in seen.survey.folders):
                continue
            if self._box.remove_empty(shown.native, f"{shown.native} (empty)"):
                with transaction(self._desk.engine) as session:
                    row = session.get(WatchedFolder, (self._account, path))
                    if row is not None:
                        session.delete(row)

    def _has_served(self, folder: Folder, cases: Mapping[int, Case]) -> bool:
        if folder.stands is Stands.CASE and folder.path.count("/") == 1:
            case = cases.get(folder.case_id or 0)
            return case is not None and case.stage == Stage.CLOSED
        return len(self._desk.references.find(folder.path.rpartition("/")[2])) == 1  # a case's, dragged in here
