"""A mail that somebody sent by hand from Outlook: filed on its case as ours, with the question whether it answers.

It was sent when the mailbox says that it was; a person accepts that or not, and sees where the mail itself says
otherwise. Whoever may write into the folder belongs to the team, and could as well have answered.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from service.casework.record import DESK, officer_actor, record
from service.casework.sent_match import ELSEWHERE, Fate, Match, match_sent, placed_sent, requester_addresses
from service.casework.settlement import Settlement
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.message import Address, IncomingMessage, Unreadable
from service.domain.reply_address import without_detail
from service.domain.sender_check import SenderCheck, check_sender
from service.domain.sent_answer import AnswerState, impression_of, own_words
from service.domain.stage import Stage
from service.errors import DeskError
from service.store.cases import case_by_id
from service.store.correspondence import (
    DISMISSED,
    DUPLICATE,
    FILED,
    QUARANTINED,
    Copy,
    body_of,
    files_of,
    have_post,
    keep_message,
    message_of_post,
    post_by_id,
)
from service.store.officers import officer_by_email
from service.store.rows import change_row, new_row
from service.store.sent import (
    IGNORED,
    OWN,
    SENT_BY_HAND,
    UNSURE,
    add_answer,
    answers_of,
    known_ids,
    messages_by_id,
    note_unseen,
)
from service.store.tables import Case, Message, Post, SentAnswer

SENT_MAIL, OWN_MAIL, OTHER_MAIL, SECOND_COPY = "sent-mail", "own-mail", "other-mail", "duplicate-ignore"
MAILBOX = "mailbox"  # the actor, where no officer has the sender's address
LATE = "it came into the Sent folder only after {read_at}, though the mailbox says that it was sent before"
TWICE = "the same mail, in two places"
NOT_IN_SENT = "somebody put it into a folder of the desk's before the desk had read it in a Sent folder"
AS_A_COPY = "it came to the mailbox as a copy, and was read in no Sent folder"
TELL_APART = timedelta(minutes=15)  # clocks may differ so much, and a mail may wait so long in an outbox


class NotSorted(DeskError):
    """This mail is on a case already, or somebody has set it aside."""


def is_copied_to_us(session: Session, desk: Desk, post: Post, read: IncomingMessage | Unreadable) -> bool:
    """Whether an officer wrote to a case's requester from a mailbox of their own, and sent ours a copy.

    Anyone can write an officer's address into a mail. So what our mail server says is forged is none, and whatever is
    taken for one is doubted: a person looks before any clock stops.
    """
    if isinstance(read, Unreadable) or read.automatic or read.bounce or post.case_id is not None:
        return False
    own, went_to = desk.settings.own, {one.key for one in (*read.to, *read.cc)}
    instructs = any(key not in own and without_detail(key) in own for key in went_to)
    if went_to <= own or instructs or read.sender.key in own:
        return False
    sender = officer_by_email(session, read.sender.key)
    if sender is None or not sender.active:
        return False
    server = desk.settings.mailbox_of(post.account).authserv_id
    if check_sender(read.trace, server, read.sender.domain) is SenderCheck.FAILED:
        return False
    match = match_sent(session, desk, read, private=True)
    return match.fate is Fate.FILE and match.to_requester and match.doubt != ELSEWHERE


def receive_sent(
    session: Session, desk: Desk, post: Post, read: IncomingMessage | Unreadable, copy: Copy | None, *, at: datetime
) -> Settlement:
    """Settle a mail of a Sent folder, or a copy of one, whose bytes we have; `copy` is an earlier mail of the same
    content."""
    other: Message | None = None
    if not isinstance(read, Unreadable):
        other = _held_already(session, read, copy)
        if other is not None and other.direction in SENT_BY_HAND:
            _prove(session, other, post, read, at)
            return Settlement(DUPLICATE, SECOND_COPY, TWICE, other.case_id, other.post_id)
    if copy is not None and post_by_id(session, copy.post_id).sent:
        return Settlement(DUPLICATE, SECOND_COPY, TWICE, copy.case_id, copy.post_id)
    if isinstance(read, Unreadable):
        return Settlement(UNSURE, SENT_MAIL, read.reason)
    match = match_sent(session, desk, read, private=_is_private(desk, post))
    if post.case_id is not None and match.fate is not Fate.OURS:
        match = placed_sent(session, desk, read, case_by_id(session, post.case_id))
    if match.fate is Fate.OURS:
        return Settlement(OWN, OWN_MAIL, match.reason)
    if match.case is None or match.fate is Fate.NOTHING:
        return Settlement(IGNORED, OTHER_MAIL, match.reason)
    if other is not None:
        return _came_in_too(session, desk, post, other, read, match, at)
    message = _keep(session, post, read, at)
    if match.fate is Fate.ASK:
        return Settlement(UNSURE, SENT_MAIL, match.reason, match.case.id)
    _file(session, desk, match, message, read.text, tuple(file.name for file in read.attachments), at=at)
    return Settlement(FILED, SENT_MAIL, match.reason, match.case.id)


def _prove(session: Session, held: Message, post: Post, read: IncomingMessage, at: datetime) -> None:
    """A mail that we had from a copy alone lies in Sent as well: it was sent, and when that folder says."""
    before = held.concerns.splitlines()
    if not _is_unproven(held) or not post.sent or post.reason == NOT_IN_SENT:
        return
    doubts = _doubts(post, read, at)
    change_row(session, held, at=_sent_at(post, at), concerns="\n".join(doubts))
    answer = answers_of(session, held.case_id).get(held.id) if held.case_id is not None else None
    if answer is not None and answer.state == AnswerState.ASKED.value:
        kept = [one for one in answer.doubts.splitlines() if one not in before]
        change_row(session, answer, sent_at=held.at, doubts="\n".join([*doubts, *kept]))


def _is_unproven(held: Message) -> bool:
    return bool({AS_A_COPY, NOT_IN_SENT} & {*held.concerns.splitlines()})


def _is_private(desk: Desk, post: Post) -> bool:
    return any(place.private for place in desk.settings.sent_places if place.key == (post.account, post.folder))


def _held_already(session: Session, read: IncomingMessage, copy: Copy | None) -> Message | None:
    """The message that this mail was read as before, by its content or by its Message-ID and sender."""
    if copy is not None:
        return message_of_post(session, copy.post_id)
    # Exchange writes a mail anew for each who has it: the copies differ in their boundaries, not in their Message-ID.
    # What came in under it may be forged, so it must say the same.
    for held in messages_by_id(session, read.message_id, read.sender.key):
        proven = held.direction in SENT_BY_HAND and not _is_unproven(held)
        if proven or body_of(session, held.id).text.split() == read.text.split():
            return held
    return None


def _came_in_too(
    session: Session, desk: Desk, post: Post, other: Message, read: IncomingMessage, match: Match, at: datetime
) -> Settlement:
    """A mail that was also copied to our own mailbox, and was taken there for one that came in."""
    assert match.case is not None
    came = post_by_id(session, other.post_id) if other.post_id is not None else None
    if other.case_id not in (None, match.case.id) or match.fate is Fate.ASK:
        return Settlement(DUPLICATE, SECOND_COPY, "the same mail came in", other.case_id, other.post_id)
    change_row(session, other, direction="out", at=_sent_at(post, at), recipients=_recipients(read))
    _doubted(session, other, _doubts(post, read, at))
    _file(session, desk, match, other, read.text, tuple(file.name for file in read.attachments), at=at)
    if came is not None and came.state == QUARANTINED:
        reason = "a copy of what was sent by hand"
        change_row(session, came, state=FILED, case_id=match.case.id, reason=reason, settled_at=at, settled_by=DESK)
    return Settlement(DUPLICATE, SECOND_COPY, "the same mail came in", match.case.id, other.post_id)


def _keep(session: Session, post: Post, read: IncomingMessage, at: datetime) -> Message:
    message = new_row(
        Message,
        direction="out",
        post_id=post.id,
        message_id=read.message_id,
        subject=read.subject,
        sender_name=read.sender.name,
        sender_address=read.sender.address,
        recipients=_recipients(read),
        at=_sent_at(post, at),
        reply_address=read.sender.address,
        automatic="\n".join(read.automatic),
        concerns="\n".join(_doubts(post, read, at)),
    )
    return keep_message(session, message, read.text, read.html, read.attachments)


def _recipients(read: IncomingMessage) -> str:
    return ", ".join(one.address for one in (*read.to, *read.cc))


def _sent_at(post: Post, at: datetime) -> datetime:
    """When it was sent, as the mailbox says; never later than now."""
    return min(post.received_at, at)


def _doubts(post: Post, read: IncomingMessage, at: datetime) -> list[str]:
    """Why the time of a mail should be looked at before a clock is stopped by it."""
    found = [post.reason] if post.reason else []  # as the look into the folder left it
    if not post.sent:
        found.append(AS_A_COPY)
    if post.received_at > at:
        found.append(f"the mailbox dates it {_moment(post.received_at)}, which is still to come")
    if read.sent_at is not None and abs(read.sent_at - post.received_at) > TELL_APART:
        found.append(
            f"it is dated {_moment(read.sent_at)} by its writer and {_moment(post.received_at)} by the mailbox"
        )
    return found


def _moment(value: datetime) -> str:
    local = value.astimezone(LONDON)
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B %Y}"


def _doubted(session: Session, message: Message, doubts: list[str]) -> None:
    if doubts:
        change_row(session, message, concerns="\n".join([*message.concerns.splitlines(), *doubts]))


def _file(
    session: Session, desk: Desk, match: Match, message: Message, text: str, files: tuple[str, ...], *, at: datetime
) -> None:
    assert match.case is not None
    case = match.case
    change_row(session, message, case_id=case.id, direction="internal" if match.internal else "out")
    # Of a copy only its own words say who wrote it: that is told, and is nobody's act.
    sender = None if _is_unproven(message) else officer_by_email(session, message.sender_address)
    record(
        session,
        desk,
        case,
        Kind.SENT_BY_HAND,
        at=at,
        happened_at=message.at,
        by=officer_actor(sender.id) if sender is not None else MAILBOX,
        message=message.id,
        sender=str(Address(message.sender_name, message.sender_address)),
        internal="yes" if match.internal else "",
    )
    if not match.to_requester or case.stage == Stage.CLOSED:
        return
    impression = impression_of(own_words(text, message.subject), files)
    add_answer(
        session,
        new_row(
            SentAnswer,
            message_id=message.id,
            case_id=case.id,
            sent_at=message.at,
            raised_at=at,
            seems=impression.seems.value,
            likely=impression.outcome.value if impression.outcome else "",
            doubts="\n".join([*message.concerns.splitlines(), *([match.doubt] if match.doubt else [])]),
            state=AnswerState.ASKED.value,
        ),
    )


def file_by_hand(session: Session, desk: Desk, post: Post, case: Case, *, at: datetime, by: str) -> None:
    """File a sent mail on the case that an officer names; raises NotSorted, or AlreadySorted of a mail that came in."""
    message = _unsorted(session, post)
    if message is None:
        message = keep_message(session, _unread(post), "", "", ())
    keys = {one.strip().casefold() for one in message.recipients.split(",")}
    reaches = bool(keys & requester_addresses(session, desk, case))
    match = Match(Fate.FILE, "filed by hand", case, to_requester=reaches and not message.automatic)
    names = tuple(file.name for file in files_of(session, [message.id]))
    _file(session, desk, match, message, body_of(session, message.id).text, names, at=at)
    change_row(
        session,
        post,
        state=FILED,
        case_id=case.id,
        reason="filed by hand",
        settled_at=at,
        settled_by=by,
        next_try_at=None,
    )


def set_aside(session: Session, post: Post, reason: str, *, at: datetime, by: str) -> None:
    """A sent mail belongs to no case, as an officer says; raises NotSorted."""
    _unsorted(session, post)
    change_row(session, post, state=DISMISSED, case_id=None, reason=reason, settled_at=at, settled_by=by)


def _unsorted(session: Session, post: Post) -> Message | None:
    message = have_post(session, post)
    if post.state not in (UNSURE, QUARANTINED) or (message is not None and message.case_id is not None):
        raise NotSorted
    return message


def _unread(post: Post) -> Message:
    return new_row(
        Message,
        direction="out",
        post_id=post.id,
        message_id=post.message_id or f"<post-{post.id}@no-message-id.invalid>",
        subject=post.subject,
        sender_name=post.sender_name,
        sender_address=post.sender_address,
        at=post.received_at,
        reply_address=post.sender_address,
    )


def note_unseen_letters(session: Session, read: IncomingMessage, case: Case, message: Message) -> None:
    """A requester answers a letter of ours that neither the outbox nor a Sent folder knows: it went out unseen."""
    if message.sender_address.casefold() != case.requester_key or message.automatic:
        return
    for name in set(read.in_reply_to[:1]) - known_ids(session, read.in_reply_to[:1]):
        note_unseen(session, name, case.id, message.at)
