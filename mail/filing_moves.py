"""The desk's own moves: mail that lies in the wrong place is moved into the right one.

A move is written down before it is made, so that after a crash it is not taken for a person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from mail.filing_box import FilingBox, Refused
from mail.filing_folders import DeskFolders, NotFiled
from mail.seen_folders import Seen
from service.casework.mail_facts import mail_facts
from service.desk import Desk
from service.domain.placing import OPEN, Layout, Mail, fits, home, keyword
from service.domain.whereabouts import Held, Place, State
from service.servers import MailboxSettings
from service.store.database import reading, transaction
from service.store.placements import held, note_judged, note_watched, placements, remember, to_judge
from service.store.tables import Placement

MOVED_AT_ONCE = 2000
A_DAY = timedelta(days=1)  # how long a mail is left that is moved against us again and again
PER_COMMAND = 500
READ_ONLY = (
    "the mail server lets us only read {folder}: {words}. Give the account the right to change it (Full Access on "
    'Microsoft 365), or say filing = "off" under [mailbox].'
)
CANNOT_MOVE = (
    "the mail server offers neither MOVE nor UIDPLUS, so no mail can be moved safely. "
    'Say filing = "off" under [mailbox].'
)
NOT_TAKEN = "the mail server does not move mail from {folder} to {target}: {words}. Look whether the mailbox is full."


class Mover:
    """The moves of one round over a mailbox; `since` is when it was last judged which mails lie right."""

    def __init__(
        self, desk: Desk, settings: MailboxSettings, box: FilingBox, folders: DeskFolders, since: datetime | None
    ) -> None:
        self._desk, self._settings, self._box, self._folders, self._since = desk, settings, box, folders, since
        self._account, self._layout = settings.account, Layout(settings.filing)

    def move(self, seen: Seen) -> int:
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
            # After a day of rest it is filed again, but only once something happens to its case.
            rests = row.left and row.put_back_at is not None and self._desk.now() - row.put_back_at <= A_DAY
            right = rests or fits(mail, seen.folders[row.folder], self._layout)
            if right != row.judged:
                judged[row.post_id] = right
            if not right and wrong < MOVED_AT_ONCE:
                wrong += 1
                wanted.setdefault(row.folder, {}).setdefault(home(mail, self._layout), []).append((row, mail))
        return judged, wanted

    def _move_from(self, seen: Seen, source: str, targets: Mapping[str, Sequence[tuple[Placement, Mail]]]) -> int:
        """All moves out of one folder; it is opened once."""
        native = {path: self._folders.target(seen, path, mails[0][1].case) for path, mails in targets.items()}
        try:
            uidvalidity, keeps_keywords = self._box.open_to_move(seen.shown[source].native)
        except Refused as refusal:
            raise NotFiled(why=READ_ONLY.format(folder=seen.called(self._settings, source), words=refusal)) from refusal
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
            names = {"folder": seen.called(self._settings, source), "target": seen.called(self._settings, path)}
            raise NotFiled(why=NOT_TAKEN.format(words=refusal, **names)) from refusal
        after = [one if one.place.uid in left else Held(one.post_id, _new_place(path, told, one)) for one in before]
        with transaction(self._desk.engine) as session:
            remember(session, self._account, after)
            note_watched(session, [one.post_id for one in after])
        return len(uids) - len(left)


def _new_place(path: str, told: Mapping[int, tuple[int, int]], one: Held) -> Place:
    assert one.place.uid is not None
    return Place(path, *told[one.place.uid]) if one.place.uid in told else Place(path)
