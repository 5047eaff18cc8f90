"""Whose mails those are that a folder shows and nobody remembers there: by Message-ID, whole only where needed."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from mail.content_key import content_key, key_of_file
from mail.filing_box import FilingBox, Label
from mail.mailbox import Facts
from service.casework.file_sent import NOT_IN_SENT
from service.desk import Desk
from service.domain.message_id import is_ours
from service.domain.placing import Folder, Stands
from service.domain.reply_address import without_detail
from service.servers import MailboxSettings
from service.store.arrivals import add_arrivals
from service.store.correspondence import BEFORE, STORED, known_uids, letters_named
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.originals import keep_all
from service.store.placements import Same, copies, placements_in, posts_named, posts_of_content
from service.store.rows import new_row
from service.store.tables import Post

log = logging.getLogger(__name__)

STORED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Identified:
    """The mails, likeliest first, that each unremembered UID may be; and the UIDs of those that are new to us."""

    posts: Mapping[int, Sequence[int]]
    strangers: Mapping[int, Label]


def identify(
    desk: Desk,
    box: FilingBox,
    settings: MailboxSettings,
    path: str,
    where: str,
    uidvalidity: int,
    uids: frozenset[int],
) -> Identified:
    """Look at those mails of the open folder that are not remembered there; `where` is how mail in names the folder."""
    account = settings.account
    with reading(desk.engine) as session:
        here = {row.uid for row in placements_in(session, account, [path]) if row.uidvalidity == uidvalidity}
        here |= {
            copy.place.uid for copy in copies(session, account, [path], []) if copy.place.uidvalidity == uidvalidity
        }
        here |= known_uids(session, account, where, uidvalidity)
    unknown = sorted(uids - here)
    if not unknown:
        return Identified({}, {})
    labels = box.labels(unknown)
    with reading(desk.engine) as session:
        named = posts_named(session, account, [label.message_id for label in labels.values()])
    posts: dict[int, Sequence[int]] = {uid: found for uid, label in labels.items() if (found := _by_name(label, named))}
    unsure = {uid: label for uid, label in labels.items() if uid not in posts and _may_be_held(label, named)}
    posts |= _by_content(desk, box, account, unsure)
    return Identified(posts, {uid: label for uid, label in labels.items() if uid not in posts})


def _by_name(label: Label, named: Sequence[Same]) -> list[int]:
    """The mails of this Message-ID and size, when all of them have one content: an id alone can be forged."""
    same = [one for one in named if one.message_id == label.message_id]
    sized = [one for one in same if one.size == label.size]
    return [one.post_id for one in sized] if len({one.content_key for one in same}) == 1 else []


def _may_be_held(label: Label, named: Sequence[Same]) -> bool:
    return not label.message_id or any(one.message_id == label.message_id for one in named)


def _by_content(desk: Desk, box: FilingBox, account: str, unsure: Mapping[int, Label]) -> dict[int, Sequence[int]]:
    """By the whole mail; what the server does not hand over is looked at again when its folder changes."""
    keys: dict[int, str] = {}
    for mail in box.fetch({uid: Facts(label.size, label.received_at) for uid, label in unsure.items()}):
        if isinstance(mail.raw, bytes):
            keys[mail.uid] = content_key(mail.raw)
            continue
        with mail.raw.open("rb") as file:
            keys[mail.uid] = key_of_file(file)
        mail.raw.unlink()
    with reading(desk.engine) as session:
        same = posts_of_content(session, account, keys.values())
    found = {uid: [one.post_id for one in same if one.content_key == key] for uid, key in keys.items()}
    return {uid: posts for uid, posts in found.items() if posts}


@dataclass(frozen=True, slots=True)
class Opened:
    """The open folder, in which strangers lie: `where` is how mail in names it."""

    settings: MailboxSettings
    folder: Folder
    where: str
    uidvalidity: int


def store_strangers(desk: Desk, box: FilingBox, opened: Opened, strangers: Mapping[int, Label], since: datetime) -> int:
    """Store the bytes of mails that a person put into the open folder before the desk saw them; returns how many.

    The next poll takes them in. What a person put into a case's folder is filed on that case, however old; other mail
    from before mail counted, `since` when it does, drafts, letters of the desk's, and what we wrote to ourselves, is
    only noted.
    """
    wanted = _wanted(desk, opened.folder, strangers, since)
    with transaction(desk.engine) as session:
        left = strangers.keys() - wanted.keys()
        add_arrivals(session, [_post(desk, opened, uid, strangers[uid], BEFORE) for uid in sorted(left)])
    stored, group = 0, list[tuple[int, bytes | Path]]()
    for mail in box.fetch({uid: Facts(one.size, one.received_at) for uid, one in wanted.items()}):
        group.append((mail.uid, mail.raw))
        if len(group) == STORED_AT_ONCE:
            stored += _store(desk, opened, wanted, group)
            group = []
    stored += _store(desk, opened, wanted, group)
    if stored:
        log.info("stored %d mails that were moved before the desk saw them", stored)
    return stored


def _wanted(desk: Desk, folder: Folder, strangers: Mapping[int, Label], since: datetime) -> dict[int, Label]:
    with reading(desk.engine) as session:
        ours = {letter.message_id for letter in letters_named(session, [one.message_id for one in strangers.values()])}
        senders = _senders(session, desk, folder)
    wanted = {}
    for uid, label in strangers.items():
        old = label.received_at < since and folder.stands is not Stands.CASE
        own = label.message_id in ours or is_ours(desk.secret, label.message_id)
        outward = any(without_detail(one) not in desk.settings.own for one in label.recipients)
        if not (old or own or label.draft or (label.sender in desk.settings.own and not outward)):
            wanted[uid] = replace(label, by_hand=outward and label.sender in senders)
    return wanted


def _senders(session: Session, desk: Desk, folder: Folder) -> frozenset[str]:
    """Whose mail to others, lying in a folder, somebody dragged there out of a Sent folder.

    In a case's folder officers' too, who answer from mailboxes of their own.
    """
    if folder.stands is not Stands.CASE:
        return desk.settings.own
    return desk.settings.own | {officer.email.casefold() for officer in officers(session)}


def _store(desk: Desk, opened: Opened, wanted: Mapping[int, Label], group: Sequence[tuple[int, bytes | Path]]) -> int:
    if not group:
        return 0
    with transaction(desk.engine) as session:
        digests = keep_all(session, [raw for _, raw in group])
        posts = [
            _post(desk, opened, uid, replace(wanted[uid], size=_size(raw)), STORED, digest)
            for (uid, raw), digest in zip(group, digests, strict=True)
        ]
        return add_arrivals(session, posts)


def _size(raw: bytes | Path) -> int:
    return len(raw) if isinstance(raw, bytes) else raw.stat().st_size


def _post(desk: Desk, opened: Opened, uid: int, label: Label, state: str, digest: str | None = None) -> Post:
    return new_row(
        Post,
        account=opened.settings.account,
        folder=opened.where,
        uidvalidity=opened.uidvalidity,
        uid=uid,
        received_at=label.received_at,
        size=label.size,
        sha256=digest,
        state=state,
        stored_at=desk.now(),
        acknowledge=opened.folder.stands is not Stands.NOT_FOI,
        case_id=opened.folder.case_id if state == STORED else None,  # where a person put it; receive files it there
        sent=label.by_hand,
        reason=NOT_IN_SENT if label.by_hand else "",
    )
