"""Filing: each mail into the folder it belongs in, and what people move there heeded.

The desk's own moves are written down before they are made, and people's are told from them by that alone. A crash at
any step is finished by the next round. What a person did, and all that follows from it, is one transaction; the mailbox
is touched only after it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from mail.apart import Apart
from mail.errors import MailboxTrouble
from mail.filing_box import FilingBox, Label, Shown, Survey, open_filing_box
from mail.filing_folders import DeskFolders, NotFiled
from mail.filing_moves import A_DAY, Mover
from mail.identify import Identified, Opened, identify, store_strangers
from mail.renamed_folders import renamed_officers
from mail.seen_folders import NOT_LOOKED_INTO, Seen, folder_row, recognise
from service.casework.mailbox_move import Step, heed, note_gone, tell_refused
from service.desk import Desk
from service.domain.placing import INBOX, Act, Folder, Layout
from service.domain.whereabouts import Findings, Held, Moved, Place, Scan, reconcile, to_scan
from service.servers import MailboxSettings
from service.store.correspondence import post_by_id
from service.store.database import reading, transaction
from service.store.mailboxes import mailbox, note_found
from service.store.placements import (
    GONE,
    MOVED,
    copies,
    filing_state,
    held,
    note_watched,
    placements,
    placements_in,
    remember,
    rename_folder,
    replace_copies,
    replace_folders,
    twins_of,
    unplaced_posts,
    unsettled,
    watched_folders,
)
from service.store.tables import FilingState, MailboxMove, Post, WatchedFolder

log = logging.getLogger(__name__)

ENTERED_AT_ONCE = 1000  # mails that a round begins to file
OVERLAP = timedelta(minutes=10)  # a transaction may be committed so long after the moment it is dated
REST = timedelta(minutes=15)  # while the mailbox does not let us file
MOST_PUT_BACK = 3  # in a day; then a rule of the mailbox's own is at work, and we give in
ROOT_GONE = (
    "the folder “{root}” is no longer in the mailbox. Name it so again, or say its new name in [mailbox] filing_root; "
    "no mail is moved until then."
)


@dataclass(frozen=True, slots=True)
class Filed:
    """How many mails a round moved, how many moves of people it noticed, and how many new mails it found."""

    moved: int = 0
    noticed: int = 0
    found: int = 0

    def __add__(self, other: "Filed") -> "Filed":
        return Filed(self.moved + other.moved, self.noticed + other.noticed, self.found + other.found)


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
        if row.trouble != trouble:  # once, not at every round; and not its words, for a folder is called by a subject
            log.warning("the mail of %s is not filed; foidesk doctor and the page Mailboxes say why", settings.account)
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
        self._look_again: set[str] = set()
        self._folders = DeskFolders(desk, settings, box, state)
        self._mover = Mover(desk, settings, box, self._folders, self._since)

    def run(self) -> Filed:
        survey = self._box.survey(self._settings.filing_root, self._settings.folder)
        if survey.root is None:
            if self._state.root:
                raise NotFiled(why=ROOT_GONE.format(root=self._settings.filing_root))
            survey = self._folders.first(survey)
        self._follow_renamed(survey)
        with reading(self._desk.engine) as session:
            known = watched_folders(session, self._account)
            seen = recognise(session, survey, known, self._desk.references)
            entering = self._entering(session, seen)
            pending = [held(row) for row in unsettled(session, self._account)]
        changed = self._changed(seen, known) | to_scan(pending)
        changed |= {path for _, path, _ in entering}  # it may have gone before we came to it
        scans, found = self._look(seen, changed)
        noticed = 0
        if scans or entering or pending or found:
            noticed = self._heed(seen, known, entering, pending, scans)
        moved = self._mover.move(seen)
        self._folders.tidy(seen)
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
        for post in unplaced_posts(session, self._account, self._settings.filing_root, ENTERED_AT_ONCE):
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
            strangers = self._without_copies(seen, shown, known.strangers)
            if len(strangers) < len(known.strangers):
                self._look_again.add(path)  # whose they are is known once the poll has taken in the others
            known = replace(known, strangers=strangers)
            found += self._store(seen.folders[path], where, uidvalidity, known)
            scans[path] = Scan(uidvalidity, uids, known.posts)
        return scans, found

    def _without_copies(self, seen: Seen, shown: Shown, strangers: Mapping[int, Label]) -> Mapping[int, Label]:
        """Without those that lie in the inbox too: the poll takes that one in, and a copy means nothing.

        Of what came before mail counted the poll takes in none.
        """
        counted = (one.message_id for one in strangers.values() if one.received_at >= self._counts_from)
        inbox, names = seen.shown.get(INBOX), {name for name in counted if name}
        if inbox is None or not names:
            return strangers
        twice = self._box.held_in(inbox.native, names)
        self._box.look_into(shown.native)  # whose mails are read next
        return {uid: one for uid, one in strangers.items() if one.message_id not in twice}

    def _store(self, folder: Folder, where: str, uidvalidity: int, known: Identified) -> int:
        if not known.strangers:
            return 0
        opened = Opened(self._settings, folder, where, uidvalidity)
        stored = store_strangers(self._desk, self._box, opened, known.strangers, self._counts_from)
        # What came since the last round was moved here out of the inbox before the poll saw it, which then missed it.
        since = self._since or self._counts_from
        own = self._desk.settings.own
        came = sum(one.received_at >= since and one.sender not in own for one in known.strangers.values())
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
            findings = reconcile(list(every.values()), doubles, scans, behind=self._is_poll_behind(session, seen))
            self._remember(session, every, findings)
            replace_copies(session, self._account, doubles, findings.copies)
            self._absorb(session, entering, findings, entered)
            noticed = self._answer(session, seen, known, [*entered, *findings.moved], findings.gone)
            self._save_folders(session, seen, scans, known)
        return noticed

    def _is_poll_behind(self, session: Session, seen: Seen) -> bool:
        """Whether mail lies in the inbox that is not taken in yet; what is missing elsewhere may be among it."""
        row = mailbox(session, self._account, self._settings.folder)
        return row is not None and 0 < (row.next_uid or 0) < seen.shown[INBOX].next_uid

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
        for move in sorted(moved, key=lambda move: move.post_id):  # of a thread the request first
            if move.place.folder == INBOX and not move.came_from:
                continue  # a mail that has just come in
            step = Step(
                post_by_id(session, move.post_id),
                seen.folders[move.place.folder],
                seen.called(self._settings, move.came_from, known),
                seen.called(self._settings, move.place.folder, known),
            )
            made = heed(session, self._desk, step, self._layout, at=self._now)
            if not made.done or made.act == Act.CLOSE:
                self._count(session, move.post_id)
            if not made.done:
                refused.append(made)
        rows = placements(session, gone)
        for post_id in gone:
            came_from = seen.called(self._settings, rows[post_id].folder, known)
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

    def _save_folders(
        self, session: Session, seen: Seen, scans: Mapping[str, Scan], known: Mapping[str, WatchedFolder]
    ) -> None:
        """Remember how the folders showed themselves, but for those that could not be looked into."""
        rows = []
        for path, shown in seen.shown.items():
            before = known.get(path)
            current = (shown.uidvalidity, shown.next_uid, shown.mails)
            looked = (path in scans and path not in self._look_again) or (
                before is not None and (before.uidvalidity, before.next_uid, before.mails) == current
            )
            numbers = current if looked else (0, 0, NOT_LOOKED_INTO)
            rows.append(folder_row(self._account, seen.folders[path], shown.name, numbers, ours=path in seen.ours))
        replace_folders(session, self._account, rows)

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
