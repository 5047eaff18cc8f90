"""What becomes of a mail that has been read: a case, a place on one, a file of its own, or a person's look.

Called once for a stored mail, in one transaction with everything that follows from it. The order is that of trust: a
copy of what we hold, a report on a letter of ours, an officer's answer to a mail of ours, an answer in a thread that
only we can have begun, an answer that names a case, and only then a new request. Nothing is dropped; nothing in a mail
moves a case by itself, but what an officer says under a one-time address (obey_instruction).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from service.casework.bounce import note_bounce
from service.casework.file_sent import is_copied_to_us, note_unseen_letters, receive_sent
from service.casework.forwards import propose
from service.casework.hear_clarification import hear_clarification
from service.casework.hear_consultation import answered_consultation, consultation_of_sender, hear_consultation
from service.casework.hear_instruction import Told, hear_instruction, told_by
from service.casework.open_case import Request, open_from_message, shorten
from service.casework.record import DESK, MAILBOX, REQUESTER, record
from service.casework.settlement import Settlement
from service.casework.team_digest import is_team_digest
from service.casework.tell_officers import tell_written
from service.desk import Desk
from service.domain.clock import State
from service.domain.forwarded import PUBLIC, is_colleague
from service.domain.intake import Verdict, answers_something, judge, receipt
from service.domain.kind import Kind
from service.domain.message import Address, IncomingMessage, Unreadable
from service.domain.message_id import is_ours
from service.domain.reply_address import case_in, without_detail
from service.domain.sender_check import SenderCheck, check_sender
from service.domain.stage import Stage
from service.store.cases import case_by_id, cases_named, opened_at
from service.store.correspondence import (
    DUPLICATE,
    FILED,
    QUARANTINED,
    Copy,
    keep_message,
    letters_named,
    messages_named,
    note_content,
    parties,
    same_content,
)
from service.store.mailboxes import mailbox
from service.store.rows import change_row, new_row
from service.store.sent import UNSURE, sent_copy
from service.store.tables import Case, Consultation, Message, Post

OLD_MAIL = (
    "The mailbox has this mail only now, but its header says that it reached the authority before the desk began to "
    "count: it was moved here, or the whole mailbox was. If nobody has answered it, make a case of it."
)
MOVED_FIRST = "a colleague had moved it among what is no request before the desk read it"
TO_NOBODY = (
    "It answers the day's message among the open cases, to which nobody need answer: an instruction goes in answer to "
    "a mail that the desk sent to its officer. Is it a request?"
)
NEW_CASE, REPLY, DUPLICATE_IGNORED, QUARANTINE = "new-case", "reply", "duplicate-ignore", "quarantine"


@dataclass(frozen=True, slots=True)
class Parent:
    """The case that a mail answers; `sure` unless a person must confirm it, for the `reason` given."""

    case: Case
    sure: bool
    reason: str


def receive(
    session: Session, desk: Desk, post: Post, read: IncomingMessage | Unreadable, content_key: str, *, at: datetime
) -> None:
    """Settle a stored mail: file it, open a case on it, or leave it for a person."""
    placed = post.case_id is not None
    earlier = same_content(session, post, content_key)
    if earlier is None and not post.sent and read.sender is not None and is_colleague(read.sender, desk.settings.own):
        earlier = sent_copy(session, read.message_id, read.sender.key)
    if post.sent or (earlier is None and is_copied_to_us(session, desk, post, read)):
        settled = receive_sent(session, desk, post, read, earlier, at=at)
    elif earlier is not None:
        reason = "the same mail, delivered twice"
        settled = Settlement(DUPLICATE, DUPLICATE_IGNORED, reason, earlier.case_id, earlier.post_id)
    elif isinstance(read, Unreadable):
        settled = Settlement(QUARANTINED, QUARANTINE, read.reason)
    else:
        settled = _receive_readable(session, desk, post, read, at)
    sender = read.sender or Address("", "")
    change_row(
        session,
        post,
        content_key=content_key,
        message_id=read.message_id,
        subject=shorten(read.subject),
        sender_name=sender.name,
        sender_address=sender.address,
        next_try_at=None,
        settled_at=None if settled.state in (QUARANTINED, UNSURE) else at,
        settled_by="" if settled.state in (QUARANTINED, UNSURE) else MAILBOX if placed else DESK,
        **asdict(settled),
    )
    note_content(session, content_key, Copy(post.id, settled.case_id))


def _receive_readable(session: Session, desk: Desk, post: Post, read: IncomingMessage, at: datetime) -> Settlement:
    message = _keep(session, desk, post, read)
    verdict = judge(read, desk.settings.own, post.received_at)
    if verdict.action == "bounce":
        noted = note_bounce(session, desk, message, read, at=at)
        state, reason = (QUARANTINED, noted.doubt) if noted.doubt else (FILED, verdict.reason)
        return Settlement(state, verdict.action, reason, noted.case.id if noted.case else None)
    told = told_by(session, desk, read)
    instructed = _instructed(session, desk, told, post, message, read, verdict, at) if told is not None else None
    if instructed is not None:
        return instructed
    asked = answered_consultation(session, desk, read)
    if asked is not None:
        return _hear(session, desk, asked, message, read, verdict, at)
    if post.case_id is not None:
        return _placed(session, desk, post, case_by_id(session, post.case_id), message, verdict, at)
    doubted = message.sender_check == SenderCheck.FAILED
    parent = find_parent(session, desk, read, doubted=doubted)
    sure = parent is not None and parent.sure and not doubted  # anyone can write the address of somebody we asked
    asked = consultation_of_sender(session, parent.case, read) if parent is not None and sure else None
    if asked is not None:
        return _hear(session, desk, asked, message, read, verdict, at)
    if parent is not None and parent.sure:
        note_unseen_letters(session, read, parent.case, message)
    if parent is not None and (parent.sure or verdict.action == NEW_CASE):
        return _answer_on_case(session, desk, post, message, parent, verdict, at)
    if verdict.action == NEW_CASE and _is_older_than_the_desk(session, post, read):
        return Settlement(QUARANTINED, QUARANTINE, OLD_MAIL)
    if verdict.action == NEW_CASE and any(is_team_digest(desk, name) for name in read.in_reply_to):
        return Settlement(QUARANTINED, QUARANTINE, TO_NOBODY)
    if verdict.action == NEW_CASE:
        return _open(session, desk, post, message, read, verdict, at)
    return Settlement(QUARANTINED if verdict.action == QUARANTINE else FILED, verdict.action, verdict.reason)


def _instructed(
    session: Session,
    desk: Desk,
    told: Told,
    post: Post,
    message: Message,
    read: IncomingMessage,
    verdict: Verdict,
    at: datetime,
) -> Settlement | None:
    """What becomes of a mail to a one-time address; None where it is received as any other."""
    noted = hear_instruction(session, desk, told, post, message, read, verdict, at=at)
    if not noted.ours:
        return None
    action = REPLY if verdict.action == NEW_CASE else verdict.action
    return Settlement(
        FILED if noted.filed else QUARANTINED, action, noted.reason, noted.case.id if noted.case else None
    )


def _is_older_than_the_desk(session: Session, post: Post, read: IncomingMessage) -> bool:
    """Whether a mail that the mailbox has only now came to the authority before its mail counted."""
    came_at = receipt(read, post.received_at)
    row = mailbox(session, post.account, post.folder) if came_at != post.received_at else None
    return row is not None and came_at < row.counts_from


def _open(
    session: Session, desk: Desk, post: Post, message: Message, read: IncomingMessage, verdict: Verdict, at: datetime
) -> Settlement:
    withhold = "" if verdict.acknowledge else verdict.reason
    if not post.acknowledge:
        moved = any(box.account == post.account for box in desk.settings.every_mailbox)  # into Not FOI
        withhold = withhold or (MOVED_FIRST if moved else "imported mail is not acknowledged")
    request = Request(
        message.sender_name,
        message.sender_address,
        message.subject,
        receipt(read, post.received_at),
        post.account,
        kind=desk.settings.mailbox_of(post.account).kind,
        regime=desk.settings.regime_of(post.account),
    )
    case = open_from_message(session, desk, message, request, at=at, withhold=withhold)
    if verdict.forwarded:
        propose(session, case, message, verdict.forwarded)
    reason = "it says it answers a letter that we do not hold" if answers_something(read) else verdict.reason
    return Settlement(FILED, NEW_CASE, reason, case.id)


def _answer_on_case(
    session: Session, desk: Desk, post: Post, message: Message, parent: Parent, verdict: Verdict, at: datetime
) -> Settlement:
    case = parent.case
    action = REPLY if verdict.action == NEW_CASE else verdict.action
    if not parent.sure:
        return Settlement(QUARANTINED, action, parent.reason, case.id)
    if case.stage == Stage.CLOSED and action == REPLY:
        reason = f"An answer on {case.reference}, which is closed: a new request, a complaint, or only a note?"
        return Settlement(QUARANTINED, action, reason, case.id)
    by = DESK if message.automatic else REQUESTER
    file_on_case(session, desk, case, message, at=at, by=by, news=post.acknowledge)  # what is imported is none
    return Settlement(FILED, action, parent.reason, case.id)


def _placed(
    session: Session, desk: Desk, post: Post, case: Case, message: Message, verdict: Verdict, at: datetime
) -> Settlement:
    """A person of the team put the mail into the case's folder before the desk had seen it."""
    file_on_case(session, desk, case, message, at=at, by=MAILBOX, news=post.acknowledge)
    action = REPLY if verdict.action == NEW_CASE else verdict.action
    return Settlement(FILED, action, "somebody put it into the folder of the case", case.id)


def _hear(
    session: Session,
    desk: Desk,
    asked: Consultation,
    message: Message,
    read: IncomingMessage,
    verdict: Verdict,
    at: datetime,
) -> Settlement:
    heard = hear_consultation(session, desk, asked, message, read, at=at)
    action = REPLY if verdict.action == NEW_CASE else verdict.action
    return Settlement(FILED if heard.filed else QUARANTINED, action, heard.reason, heard.case.id)


def file_on_case(
    session: Session, desk: Desk, case: Case, message: Message, *, at: datetime, by: str, news: bool = True
) -> None:
    """Put a message on a case; that changes nothing else about it, unless it is the clarification we wait for.

    Its owner is told, where it is `news`, somebody else did it, and no machine wrote it.
    """
    stopped = case.clock_state == State.AWAITING_CLARIFICATION
    change_row(session, message, case_id=case.id)
    record(session, desk, case, Kind.POST_FILED, at=at, happened_at=message.at, by=by, message=message.id)
    hear_clarification(session, desk, case, message, at=at)
    if news and message.direction == "in" and not message.automatic:
        restarted = stopped and case.clock_state != State.AWAITING_CLARIFICATION
        tell_written(session, desk, case, restarted=restarted, at=at, by=by)


def find_parent(session: Session, desk: Desk, read: IncomingMessage, *, doubted: bool = False) -> Parent | None:
    """The case a mail answers: by a Message-ID or an address that only we can have made, else by thread or reference
    and a known sender whom our mail server does not doubt.
    """
    answered = _nearest_first(read)
    letters = letters_named(session, [name for name in answered if is_ours(desk.secret, name)])
    held = {letter.message_id: letter.case_id for letter in letters if letter.case_id is not None}
    for at, name in enumerate(answered):
        if name in held:
            nearer = _threaded(session, answered[:at])
            theirs = _of_a_party(session, nearer, read, doubted=doubted)
            return theirs or Parent(case_by_id(session, held[name]), True, "answers a letter of ours")
    for address in (*read.to, *read.cc):
        told = case_in(address.key) if without_detail(address.key) in desk.settings.own else None
        addressed = session.get(Case, told.key) if told else None
        if told and addressed and told.holds(desk.secret, opened_at(session, addressed.id)):
            return Parent(addressed, True, "was sent to the address that we gave for answers")
    named = (
        _threaded(session, answered)
        or cases_named(session, desk.references.find(read.subject))
        or cases_named(session, desk.references.find(read.text[:4000]))
    )
    if not named:
        return None
    sure = _of_a_party(session, named, read, doubted=doubted)
    if sure is not None:
        return sure
    # Anyone can quote a reference: without a known sender it is a suggestion for an officer.
    return Parent(named[0], False, f"Names {named[0].reference}, but the sender is not known on that case.")


def _nearest_first(read: IncomingMessage) -> list[str]:
    """What a mail answers, then what that answered (RFC 5322, 3.6.4): a thread may go from one case to another."""
    return list(dict.fromkeys((*read.in_reply_to, *reversed(read.references))))


def _threaded(session: Session, answered: Sequence[str]) -> list[Case]:
    """The cases of messages we hold, in the order in which a mail names these."""
    found = sorted(messages_named(session, answered), key=lambda one: answered.index(one.message_id))
    return [case_by_id(session, one.case_id) for one in found if one.case_id is not None]


def _of_a_party(session: Session, cases: Sequence[Case], read: IncomingMessage, *, doubted: bool) -> Parent | None:
    """The first of these cases on which the sender is known, unless our mail server doubts that it is they."""
    for case in cases:
        if not doubted and read.sender.key in parties(session, case.id):
            return Parent(case, True, "names the case and comes from someone on it")
    return None


def _keep(session: Session, desk: Desk, post: Post, read: IncomingMessage) -> Message:
    message = new_row(
        Message,
        direction="in",
        post_id=post.id,
        message_id=read.message_id,
        subject=read.subject,
        sender_name=read.sender.name,
        sender_address=read.sender.address,
        recipients=", ".join(address.address for address in (*read.to, *read.cc)),
        at=post.received_at,
        reply_address=answer_address(read, desk.settings.own),
        automatic="\n".join((*read.automatic, *read.bulk)),
        concerns="\n".join(read.concerns),
        sender_check=check_sender(
            read.trace, desk.settings.mailbox_of(post.account).authserv_id, read.sender.domain
        ).value,
    )
    return keep_message(session, message, read.text, read.html, read.attachments)


def answer_address(read: IncomingMessage, own: frozenset[str]) -> str:
    """Where an answer goes: Reply-To only within the sender's own domain and never to ourselves, else From.

    A Reply-To elsewhere would make our letters a tool against a third party (RFC 5322, 3.6.2 lets anyone write it), and
    at a provider that gives addresses to all, everybody is elsewhere.
    """
    for candidate in read.reply_to:
        if without_detail(candidate.key) not in own and _same_domain(candidate, read.sender):
            return candidate.address
    return read.sender.address


def _same_domain(one: Address, other: Address) -> bool:
    if one.domain in PUBLIC:
        return one.key == other.key
    shorter, longer = sorted((one.domain, other.domain), key=len)
    return bool(shorter) and (longer == shorter or (shorter.count(".") > 0 and longer.endswith("." + shorter)))
