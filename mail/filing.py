"""Filing: each mail into the folder it belongs in, and what people move there heeded.

The desk's own moves are written down before they are made, and people's are told from them by that alone. A crash at
any step is finished by the next round. What a person did, and all that follows from it, is one transaction; the mailbox
is touched only after it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from mail.apart import Apart
from mail.errors import MailboxTrouble
from mail.filing_box import FilingBox, Label, Refused, Shown, Survey, open_filing_box
from mail.identify import Identified, identify, store_strangers
from mail.renamed_folders import renamed_officers
from service.casework.mail_facts import mail_facts
from service.casework.mailbox_move import Step, heed, note_gone, tell_refused
from service.desk import Desk
from service.domain.placing import (
    INBOX,
    MINE,
    OPEN,
    STANDING,
    Act,
    CaseFacts,
    Folder,
    Layout,
    Mail,
    Stands,
    fits,
    folder_at,
    folder_name,
    home,
    keyword,
    named_case,
    segment,
)
from service.domain.stage import Stage
from service.domain.whereabouts import Findings, Held, Moved, Place, Scan, State, reconcile, to_scan
from service.errors import DeskError
from service.servers import MailboxSettings
from service.store.cases import cases_by_id, cases_named
from service.store.correspondence import post_by_id
from service.store.database import reading, transaction
from service.store.mailboxes import mailbox, note_found
from service.store.officers import officers
from service.store.placements import (
    GONE,
    MOVED,
    copies,
    filing_state,
    held,
    note_judged,
    note_watched,
    placements,
    placements_in,
    remember,
    rename_folder,
    replace_copies,
    replace_folders,
    to_judge,
    twins_of,
    unplaced_posts,
    unsettled,
    watched_folders,
)
from service.store.tables import FilingState, MailboxMove, Placement, Post, WatchedFolder

log = logging.getLogger(__name__)

ENTERED_AT_ONCE = 1000  # mails that a round begins to file
MOVED_AT_ONCE = 2000
PER_COMMAND = 500
TIDIED_AT_ONCE = 20  # folders of closed cases taken away in a round
NOT_LOOKED_INTO = -1  # in the place of a number of mails
OVERLAP = timedelta(minutes=10)  # a transaction may be committed so long after the moment it is dated
REST = timedelta(minutes=15)  # while the mailbox does not let us file
MOST_PUT_BACK, A_DAY = 3, timedelta(days=1)  # then a rule of the mailbox's own is at work, and we give in


class NotFiled(DeskError):
    """Mail is read, but not filed into folders: {why}"""


ROOT_GONE = (
    "the folder “{root}” is no longer in the mailbox. Name it so again, or say its new name in [mailbox] filing_root; "
    "no mail is moved until then."
)
READ_ONLY = (
    "the mail server lets us only read {folder}: {words}. Give the account the right to change it (Full Access on "
    'Microsoft 365), or say filing = "off" under [mailbox].'
)
CANNOT_MOVE = (
    "the mail server offers neither MOVE nor UIDPLUS, so no mail can be moved safely. "
    'Say filing = "off" under [mailbox].'
)
NO_FOLDER = (
    "the mail server does not make the folder {folder}: {words}. Give the account the right to make folders, make it "
    'by hand, or say filing = "off" under [mailbox].'
)
NOT_TAKEN = "the mail server does not move mail from {folder} to {target}: {words}. Look whether the mailbox is full."


@dataclass(frozen=True, slots=True)
class Filed:
    """How many mails a round moved, how many moves of people it noticed, and how many new mails it found."""

    moved: int = 0
    noticed: int = 0
    found: int = 0

    def __add__(self, other: "Filed") -> "Filed":
        return Filed(self.moved + other.moved, self.noticed + other.noticed, self.found + other.found)


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


def file_mailboxes(desk: Desk) -> Filed:
    """File and watch every mailbox that is filed; raises the first trouble, once the others have been done."""
    filed, apart = Filed(), Apart()
    for settings in desk.settings.every_mailbox:
        if settings.filing == "off":
            continue
        with apart.each():
            filed += file_mailbox(desk, settings)
    apart.tell()
    return filed


def file_mailbox(desk: Desk, settings: MailboxSettings) -> Filed:
    """One round over a mailbox. What the mailbox does not let us do is noted, and tried again later.

    Raises MailboxTrouble when the server cannot be reached.
    """
    with reading(desk.engine) as session:
        state = filing_state(session, settings.account)
        begun = mailbox(session, settings.account, settings.folder)
    if begun is None or (state.next_try_at is not None and desk.now() < state.next_try_at):
        return Filed()
    try:
        with open_filing_box(settings) as box:
            return _Round(desk, settings, box, state, begun.counts_from).run()
    except NotFiled as trouble:
        _note(desk, settings, str(trouble), REST)
        return Filed()
    except MailboxTrouble as trouble:
        _note(desk, settings, str(trouble), trouble.retry_after(timedelta(0)))
        raise


def _note(desk: Desk, settings: MailboxSettings, trouble: str, pause: timedelta) -> None:
    with transaction(desk.engine) as session:
        row = filing_state(session, settings.account)
        if row.trouble != trouble:  # once, not at every round
            log.warning("%s: %s", settings.account, trouble)
        row.trouble, row.next_try_at = trouble, desk.now() + pause
        session.add(row)


class _Round:
    """One round: look, heed, and then move what lies in the wrong place."""

    def __init__(
        self, desk: Desk, settings: MailboxSettings, box: FilingBox, state: FilingState, counts_from: datetime
    ) -> None:
        self._desk, self._settings, self._box, self._state = desk, settings, box, state
        self._counts_from = counts_from
        self._account, self._layout = settings.account, Layout(settings.filing)
        self._now = desk.now()
        self._since = state.judged_at - OVERLAP if state.judged_at is not None else None

    def run(self) -> Filed:
        survey = self._box.survey(self._settings.filing_root, self._settings.folder)
        if survey.root is None:
            if self._state.root:
                raise NotFiled(why=ROOT_GONE.format(root=self._settings.filing_root))
            survey = self._first_folders(survey)
        self._follow_renamed(survey)
        with reading(self._desk.engine) as session:
            known = watched_folders(session, self._account)
            seen = self._recognise(session, survey, known)
            entering = self._entering(session, seen)
            pending = [held(row) for row in unsettled(session, self._account)]
        changed = self._changed(seen, known) | to_scan(pending)
        changed |= {path for _, path, twins in entering if twins}
        scans, found = self._look(seen, changed)
        noticed = 0
        if scans or entering or pending or found:
            noticed = self._heed(seen, known, entering, pending, scans)
        moved = self._move(seen)
        self._number(seen)
        self._tidy(seen)
        self._done()
        return Filed(moved, noticed, found)

    # Looking

    def _follow_renamed(self, survey: Survey) -> None:
        with reading(self._desk.engine) as session:
            renamed = list(renamed_officers(session, survey, watched_folders(session, self._account)))
        if renamed:
            with transaction(self._desk.engine) as session:
                for before, now in renamed:
                    rename_folder(session, self._account, before, now)

    def _recognise(self, session: Session, survey: Survey, known: Mapping[str, WatchedFolder]) -> Seen:
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
            self._make_out(session, seen, shown, lost, known)
        return seen

    def _make_out(
        self, session: Session, seen: Seen, shown: Shown, lost: list[WatchedFolder], known: Mapping[str, WatchedFolder]
    ) -> None:
        folder = folder_at(shown.name)
        if folder is not None and folder.stands is Stands.CASE:
            folder = self._case_folder(session, seen, folder)
        # RFC 3501, 6.3.5: a folder that was renamed keeps its mail, and in practice its UIDVALIDITY.
        same = [row for row in lost if row.uidvalidity == shown.uidvalidity != 0 and row.next_uid <= shown.next_uid]
        renamed = folder_at(same[0].path) if len(same) == 1 else None
        if renamed is not None and (folder is None or folder.stands is renamed.stands is Stands.CLOSED):
            if renamed.path not in seen.folders:
                seen.add(replace(renamed, case_id=same[0].case_id), shown, ours=same[0].ours)
        elif folder is not None:
            before = known.get(folder.path)
            seen.add(folder, shown, ours=before is not None and before.ours)

    def _case_folder(self, session: Session, seen: Seen, folder: Folder) -> Folder | None:
        reference = named_case(folder.path, self._desk.references)
        cases = cases_named(session, [reference]) if reference is not None else []
        if len(cases) != 1:
            return None
        path = f"{OPEN}/{cases[0].reference}"
        return replace(folder, path=folder.path if path in seen.folders else path, case_id=cases[0].id)

    def _changed(self, seen: Seen, known: Mapping[str, WatchedFolder]) -> set[str]:
        """Folders in which something came or went since they were last looked into, as three numbers tell."""
        changed = known.keys() - seen.shown.keys()
        for path, shown in seen.shown.items():
            row = known.get(path)
            before = (row.name, row.uidvalidity, row.next_uid, row.mails) if row is not None else None
            if before != (shown.name, shown.uidvalidity, shown.next_uid, shown.mails) or not shown.next_uid:
                changed.add(path)
        return changed

    def _entering(self, session: Session, seen: Seen) -> list[tuple[Post, str, list[int]]]:
        """Mails whose place is not remembered yet, the folder each lies in, and other deliveries of the same mail."""
        found = []
        for post in unplaced_posts(session, self._account, ENTERED_AT_ONCE):
            path = self._path_of(post)
            if path in seen.shown:
                found.append((post, path, twins_of(session, post)))
        return found

    def _path_of(self, post: Post) -> str:
        if post.folder == self._settings.folder:
            return INBOX
        return post.folder.removeprefix(f"{self._settings.filing_root}/")

    def _look(self, seen: Seen, changed: Iterable[str]) -> tuple[dict[str, Scan], int]:
        """What the changed folders hold, and how many mails in them are new to us; those are stored at once."""
        scans, found = {}, 0
        for path in sorted(changed):
            shown = seen.shown.get(path)
            if shown is None or not shown.mails:
                scans[path] = Scan(shown.uidvalidity if shown else 0)
                continue
            try:
                uidvalidity, uids = self._box.look_into(shown.native)
            except MailboxTrouble:
                if path == INBOX:
                    raise
                log.warning("a folder of %s cannot be looked into just now", self._account)
                continue
            if path == INBOX:  # what is new there is taken in by the poll
                scans[path] = Scan(uidvalidity, uids)
                continue
            where = f"{self._settings.filing_root}/{path}"
            known = identify(self._desk, self._box, self._settings, path, where, uidvalidity, uids)
            known = replace(known, strangers=self._without_copies(seen, shown, known.strangers))
            found += self._store(seen.folders[path], where, uidvalidity, known)
            scans[path] = Scan(uidvalidity, uids, known.posts)
        return scans, found

    def _without_copies(self, seen: Seen, shown: Shown, strangers: Mapping[int, Label]) -> Mapping[int, Label]:
        """Without those that lie in the inbox too: the poll takes that one in, and a copy means nothing."""
        inbox, names = seen.shown.get(INBOX), {one.message_id for one in strangers.values() if one.message_id}
        if inbox is None or not names:
            return strangers
        twice = self._box.held_in(inbox.native, names)
        self._box.look_into(shown.native)  # whose mails are read next
        return {uid: one for uid, one in strangers.items() if one.message_id not in twice}

    def _store(self, folder: Folder, where: str, uidvalidity: int, known: Identified) -> int:
        if not known.strangers:
            return 0
        stored = store_strangers(
            self._desk, self._box, self._settings, folder, where, uidvalidity, known.strangers, self._counts_from
        )
        # What came since the last round was moved here out of the inbox before the poll saw it, which then missed it.
        since = self._since or self._counts_from
        came = sum(label.received_at >= since for label in known.strangers.values())
        if came:
            with transaction(self._desk.engine) as session:
                note_found(session, self._account, self._settings.folder, came)
        return stored

    # Heeding

    def _heed(
        self,
        seen: Seen,
        known: Mapping[str, WatchedFolder],
        entering: Sequence[tuple[Post, str, list[int]]],
        pending: Sequence[Held],
        scans: dict[str, Scan],
    ) -> int:
        """Everything that follows from what the folders show, in one transaction."""
        with transaction(self._desk.engine) as session:
            entered = self._enter(session, seen, entering, scans)
            rows = placements_in(session, self._account, scans)
            posts = {post for scan in scans.values() for some in dict(scan.posts).values() for post in some}
            every = {row.post_id: held(row) for row in (*rows, *placements(session, posts).values())}
            every |= {one.post_id: one for one in pending}
            doubles = copies(session, self._account, scans, every)
            findings = reconcile(list(every.values()), doubles, scans)
            self._remember(session, every, findings)
            replace_copies(session, self._account, doubles, findings.copies)
            self._absorb(session, entering, findings, entered)
            noticed = self._answer(session, seen, known, [*entered, *findings.moved], findings.gone)
            self._save_folders(session, seen, scans, known)
        return noticed

    def _enter(
        self,
        session: Session,
        seen: Seen,
        entering: Sequence[tuple[Post, str, list[int]]],
        scans: dict[str, Scan],
    ) -> list[Moved]:
        """Begin to remember mails; those that lie outside the inbox were put there by a person."""
        moved: list[Moved] = []
        for post, path, twins in entering:
            place = Place(path, post.uidvalidity, post.uid)
            if post.uidvalidity != seen.shown[path].uidvalidity:
                note_watched(session, [post.id], GONE)  # renumbered long ago: it came in again under its new number
            elif twins and path in scans:
                scan = scans[path]
                scans[path] = replace(scan, posts={**dict(scan.posts), post.uid: (*twins, post.id)})
            else:
                remember(session, self._account, [Held(post.id, place)])
                note_watched(session, [post.id])
                if path != INBOX:
                    moved.append(Moved(post.id, "", place))
        return moved

    def _remember(self, session: Session, every: Mapping[int, Held], findings: Findings) -> None:
        news = [one for one in findings.held if every.get(one.post_id) != one]
        remember(session, self._account, news)
        note_watched(session, [one.post_id for one in news])
        note_watched(session, findings.gone, GONE)

    def _absorb(
        self,
        session: Session,
        entering: Sequence[tuple[Post, str, list[int]]],
        findings: Findings,
        entered: Sequence[Moved],
    ) -> None:
        """A delivery that is an older mail come back needs no place of its own."""
        placed = {one.post_id for one in findings.held} | {one.post_id for one in entered}
        note_watched(session, [post.id for post, _, twins in entering if twins and post.id not in placed], MOVED)

    def _answer(
        self,
        session: Session,
        seen: Seen,
        known: Mapping[str, WatchedFolder],
        moved: Sequence[Moved],
        gone: Sequence[int],
    ) -> int:
        refused: list[MailboxMove] = []
        for move in moved:
            if move.place.folder == INBOX and not move.came_from:
                continue  # a mail that has just come in
            step = Step(
                post_by_id(session, move.post_id),
                seen.folders[move.place.folder],
                self._called(seen, known, move.came_from),
                self._called(seen, known, move.place.folder),
            )
            made = heed(session, self._desk, step, self._layout, at=self._now)
            if not made.done or made.act == Act.CLOSE:
                self._count(session, move.post_id)
            if not made.done:
                refused.append(made)
        rows = placements(session, gone)
        for post_id in gone:
            came_from = self._called(seen, known, rows[post_id].folder)
            note_gone(session, self._desk, post_by_id(session, post_id), came_from, at=self._now)
        tell_refused(session, self._desk, refused, at=self._now)
        return len(moved) + len(gone)

    def _count(self, session: Session, post_id: int) -> None:
        """A mail that is moved against us again and again, as a rule of the mailbox does it, is left there."""
        row = placements(session, [post_id])[post_id]
        rested = row.put_back_at is None or self._now - row.put_back_at > A_DAY
        row.put_back, row.put_back_at = 1 if rested else row.put_back + 1, self._now
        row.left = row.put_back > MOST_PUT_BACK
        session.add(row)

    def _called(self, seen: Seen, known: Mapping[str, WatchedFolder], path: str) -> str:
        """What people call a folder."""
        if path == INBOX:
            return self._settings.folder
        if not path:
            return ""
        shown = seen.shown.get(path)
        name = shown.name if shown else known[path].name if path in known else path
        return f"{self._settings.filing_root}/{name}"

    def _save_folders(
        self, session: Session, seen: Seen, scans: Mapping[str, Scan], known: Mapping[str, WatchedFolder]
    ) -> None:
        """Remember how the folders showed themselves, but for those that could not be looked into."""
        rows = []
        for path, shown in seen.shown.items():
            before = known.get(path)
            current = (shown.uidvalidity, shown.next_uid, shown.mails)
            looked = path in scans or (
                before is not None and (before.uidvalidity, before.next_uid, before.mails) == current
            )
            numbers = current if looked else (0, 0, NOT_LOOKED_INTO)
            rows.append(_row(self._account, seen.folders[path], shown.name, numbers, ours=path in seen.ours))
        replace_folders(session, self._account, rows)

    # Moving

    def _move(self, seen: Seen) -> int:
        with reading(self._desk.engine) as session:
            judged, wanted = self._judge(session, seen)
        if judged:
            with transaction(self._desk.engine) as session:
                rows = placements(session, judged)
                note_judged(session, rows.values(), {post_id for post_id, right in judged.items() if right})
        if wanted and not (self._box.can("MOVE") or self._box.can("UIDPLUS")):
            raise NotFiled(why=CANNOT_MOVE)
        moved = 0
        for source, targets in wanted.items():
            moved += self._move_from(seen, source, targets)
        return moved

    def _judge(
        self, session: Session, seen: Seen
    ) -> tuple[dict[int, bool], dict[str, dict[str, list[tuple[Placement, Mail]]]]]:
        """Whether mails lie where they may, and those that do not by their folder and by that which they belong in."""
        pairs = to_judge(session, self._account, self._since)
        rows = [row for row, _ in pairs if row.folder in seen.folders]
        facts = mail_facts(session, [post for _, post in pairs])
        judged: dict[int, bool] = {}
        wanted: dict[str, dict[str, list[tuple[Placement, Mail]]]] = {}
        wrong = 0
        for row in rows:
            mail = facts[row.post_id]
            right = row.left or fits(mail, seen.folders[row.folder], self._layout)
            if right != row.judged:
                judged[row.post_id] = right
            if not right and wrong < MOVED_AT_ONCE:
                wrong += 1
                wanted.setdefault(row.folder, {}).setdefault(home(mail, self._layout), []).append((row, mail))
        return judged, wanted

    def _move_from(self, seen: Seen, source: str, targets: Mapping[str, Sequence[tuple[Placement, Mail]]]) -> int:
        """All moves out of one folder; it is opened once."""
        native = {path: self._target(seen, path, mails[0][1].case) for path, mails in targets.items()}
        try:
            uidvalidity, keeps_keywords = self._box.open_to_move(seen.shown[source].native)
        except Refused as refusal:
            raise NotFiled(why=READ_ONLY.format(folder=self._name(seen, source), words=refusal)) from refusal
        moved = 0
        for path, mails in targets.items():
            here = [(row, mail) for row, mail in mails if row.uidvalidity == uidvalidity and row.uid is not None]
            for start in range(0, len(here), PER_COMMAND):
                some = here[start : start + PER_COMMAND]
                if keeps_keywords and self._layout is Layout.FLAT and path == OPEN:
                    self._mark(some)
                moved += self._move_some(seen, source, path, native[path], some)
        return moved

    def _mark(self, mails: Sequence[tuple[Placement, Mail]]) -> None:
        of_case: dict[str, list[int]] = {}
        for row, mail in mails:
            if mail.case is not None and row.uid is not None:
                of_case.setdefault(mail.case.reference, []).append(row.uid)
        for reference, uids in of_case.items():
            self._box.mark(uids, keyword(reference))

    def _move_some(
        self, seen: Seen, source: str, path: str, native: str, mails: Sequence[tuple[Placement, Mail]]
    ) -> int:
        before = [held(row) for row, _ in mails]
        with transaction(self._desk.engine) as session:  # else, after a crash, this would look like a person's move
            remember(session, self._account, [replace(one, state=State.MOVING, to=path) for one in before])
        uids = [row.uid for row, _ in mails if row.uid is not None]
        try:
            told = self._box.move_to(uids, native) or {}
            left = self._box.present([uid for uid in uids if uid not in told]) if len(told) < len(uids) else set()
        except Refused as refusal:
            with transaction(self._desk.engine) as session:
                remember(session, self._account, before)
            names = {"folder": self._name(seen, source), "target": self._name(seen, path)}
            raise NotFiled(why=NOT_TAKEN.format(words=refusal, **names)) from refusal
        after = [one if one.place.uid in left else Held(one.post_id, _new_place(path, told, one)) for one in before]
        with transaction(self._desk.engine) as session:
            remember(session, self._account, after)
            note_watched(session, [one.post_id for one in after])
        return len(uids) - len(left)

    def _name(self, seen: Seen, path: str) -> str:
        return self._called(seen, {}, path)

    # Folders

    def _target(self, seen: Seen, path: str, case: CaseFacts | None) -> str:
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
        for cautious in (False, True):
            if self._state.cautious and not cautious:
                continue
            name = folder_name(case.reference, case.subject, separator=separator, cautious=cautious)
            try:
                native = self._make(seen, folder, f"{OPEN}/{name}")
            except NotFiled:
                if cautious:
                    raise
                continue
            self._state.cautious = cautious
            return native
        raise AssertionError

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
        seen.add(folder, Shown(f"{shown_above}/{last}" if above else last, native, 0, 0, NOT_LOOKED_INTO), ours=True)
        with transaction(self._desk.engine) as session:
            row = _row(self._account, folder, seen.shown[folder.path].name, (0, 0, NOT_LOOKED_INTO), ours=True)
            session.merge(row)
        return native

    def _number(self, seen: Seen) -> None:
        """Note the UIDVALIDITY of folders just made: by it they are known again when renamed before the next look."""
        made = {shown.native: path for path, shown in seen.shown.items() if shown.mails == NOT_LOOKED_INTO}
        if not made:
            return
        numbers = self._box.numbers(list(made))
        with transaction(self._desk.engine) as session:
            for native, uidvalidity in numbers.items():
                row = session.get(WatchedFolder, (self._account, made[native]))
                if row is not None:
                    row.uidvalidity = uidvalidity
                    session.add(row)

    def _native(self, survey: Survey, name: str) -> str:
        root = survey.root or self._settings.filing_root
        return f"{root}{survey.separator}{name.replace('/', survey.separator)}" if name else root

    def _first_folders(self, survey: Survey) -> Survey:
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

    def _tidy(self, seen: Seen) -> None:
        """Take away the empty folders of closed cases that we made ourselves."""
        empty = {
            path: folder.case_id
            for path, folder in seen.folders.items()
            if path in seen.ours and folder.case_id is not None and not seen.shown[path].mails
        }
        if not empty:
            return
        with reading(self._desk.engine) as session:
            cases = cases_by_id(session, [key for key in empty.values() if key is not None])
            full = {row.folder for row in placements_in(session, self._account, empty)}
        for path, case_id in list(empty.items())[:TIDIED_AT_ONCE]:
            shown = seen.shown[path]
            nested = any(name.startswith(shown.name + "/") for name in seen.survey.folders)
            if path in full or nested or case_id not in cases or cases[case_id].stage != Stage.CLOSED:
                continue
            if self._box.remove_empty(shown.native, f"{shown.native} (empty)"):
                with transaction(self._desk.engine) as session:
                    row = session.get(WatchedFolder, (self._account, path))
                    if row is not None:
                        session.delete(row)

    def _done(self) -> None:
        """Note that the round is done; a quiet mailbox costs no write at every round."""
        state, root = self._state, self._settings.filing_root
        quiet = state.judged_at is not None and self._now - state.judged_at < OVERLAP / 2
        if quiet and state.root == root and not state.trouble:
            return
        with transaction(self._desk.engine) as session:
            row = filing_state(session, self._account)
            row.root, row.judged_at, row.looked_at = root, self._now, self._now
            row.trouble, row.next_try_at, row.cautious = "", None, state.cautious
            session.add(row)


def _row(account: str, folder: Folder, name: str, numbers: tuple[int, int, int], *, ours: bool) -> WatchedFolder:
    uidvalidity, next_uid, mails = numbers
    return WatchedFolder(
        account=account, path=folder.path, name=name, uidvalidity=uidvalidity, next_uid=next_uid, mails=mails,
        case_id=folder.case_id, ours=ours,
    )  # fmt: skip


def _new_place(path: str, told: Mapping[int, tuple[int, int]], one: Held) -> Place:
    assert one.place.uid is not None
    return Place(path, *told[one.place.uid]) if one.place.uid in told else Place(path)
