"""A mail that tells the desk what to do: known by its one-time address, believed only from the officer it is of.

Here it is only read, filed and put on the record, in the transaction that settles the mail. What may be done is done
afterwards, each in a transaction of its own (obey_instruction).
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.casework.invite import terms
from service.casework.record import DESK, officer_actor, record
from service.desk import LONDON, Desk
from service.domain.instruction import Instruction, NotUnderstood, read_instruction
from service.domain.intake import Verdict, receipt
from service.domain.kind import Kind
from service.domain.message import Address, IncomingMessage
from service.domain.message_id import is_ours
from service.domain.reply_address import one_time_key, one_time_seal, without_detail
from service.domain.sender_check import SenderCheck
from service.domain.topic import Topic
from service.store.cases import case_by_id, cases_named
from service.store.correspondence import letters_named
from service.store.instructions import REFUSED, WAITING, address_of_letters
from service.store.officers import officer_by_id
from service.store.rows import add_row, change_row, new_row
from service.store.tables import Case, InstructionRow, Message, Officer, OneTimeAddress, Post

NOTHING: Mapping[str, str] = {}
FORGED = "the address it was sent to is none that the desk made"
SEVERAL = "it was sent to several one-time addresses"
NOT_THEIRS = "it does not come from the officer whose mail it answers"
ON_BEHALF = "somebody sent it on the officer's behalf"
AUTOMATIC = "a machine sent it: {why}"
CONCERNS = "the desk takes no instruction from such a mail: {why}"
IMPORTED = "it was imported, and did not come to the mailbox now"
MOVED = "it came days before the mailbox had it: somebody put it there"
DOUBTED = "our mail server says that it does not come from the address that it names."
FORWARDED = "it was forwarded; answer the mail itself."
ELSEWHERE = "it was not sent to the one-time address of the mail; use Reply, and leave the address as it is."
NO_CASE = "the line must begin with the reference of the case it means, such as: {reference} status."
OTHER_CASE = "the line names another case than the mail it answers."
UNKNOWN_CASE = "there is no such case."
ASK_FIRST, NOT_PLAIN = "sender not vouched for", "not sent as plain text"  # why it waits for a click

_FORWARD = re.compile(r"(?i)\s*(?:fwd?|wg|tr|enc|i|doorst|vs|rv)\s*:")


@dataclass(frozen=True, slots=True)
class Told:
    """The one-time address that a mail answers; None for one that we did not make. `by_thread`: by Message-ID alone."""

    row: OneTimeAddress | None
    by_thread: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """Where the mail belongs; without `filed` it is for a person to look at, `case` being a suggestion.

    `ours` is False where it must be received as any other mail: it is on the record, and that is all.
    """

    ours: bool
    filed: bool = True
    case: Case | None = None
    reason: str = ""


def told_by(session: Session, desk: Desk, read: IncomingMessage) -> Told | None:
    """The one-time address that a mail was sent to, or whose letter it answers; None where there is neither."""
    sent_to = [address.key for address in (*read.to, *read.cc) if without_detail(address.key) in desk.settings.own]
    keys = dict.fromkeys(found for address in sent_to if (found := one_time_key(address)))
    if len(keys) > 1:
        return Told(None, several=True)
    for key, seal in keys:
        row = session.get(OneTimeAddress, key)
        sealed = row is not None and hmac.compare_digest(seal, one_time_seal(desk.secret, key, terms(row)))
        return Told(row if sealed else None)
    answered = read.in_reply_to or read.references[-1:]
    letters = letters_named(session, [name for name in answered if is_ours(desk.secret, name)])
    row = address_of_letters(session, [letter.id for letter in letters])
    return Told(row, by_thread=True) if row else None


def hear_instruction(
    session: Session,
    desk: Desk,
    told: Told,
    post: Post,
    message: Message,
    read: IncomingMessage,
    verdict: Verdict,
    *,
    at: datetime,
) -> Noted:
    """Put what a mail says on the record, to be carried out or refused; nothing is done yet."""
    row = told.row
    if row is None:
        _note(session, post, message, REFUSED, SEVERAL if told.several else FORGED, at=at)
        return Noted(ours=False)
    officer = officer_by_id(session, row.officer_id)
    assert officer is not None
    case = case_by_id(session, row.case_id) if row.case_id is not None else None
    if told.by_thread and not is_from(officer, read.sender):
        return Noted(ours=False)  # anyone may answer a mail that was passed on to them
    silent = _not_believed(post, read, officer, verdict)
    if silent:
        noted = _note(session, post, message, REFUSED, silent, at=at, row=row, officer=officer, case=case)
        if case is not None:
            tell_case(session, desk, case, noted, at=at, by=DESK)
        return _place_unbelieved(session, desk, silent, message, read, case, at=at)
    return _take_down(session, desk, told, post, message, read, officer, case, at=at)


def is_from(officer: Officer, sender: Address) -> bool:
    """Whether an address is the officer's, letter for letter but for capitals: what looks alike is another's."""
    written = sender.address.strip()
    return (written.lower() if written.isascii() else written) == officer.email


def _not_believed(post: Post, read: IncomingMessage, officer: Officer, verdict: Verdict) -> str:
    """Why a mail is no officer's instruction at all, and gets no answer; empty when it may be one."""
    if read.automatic or read.bulk:
        return AUTOMATIC.format(why="; ".join((*read.automatic, *read.bulk)))
    if not is_from(officer, read.sender):
        return NOT_THEIRS
    if any(one.key != read.sender.key for one in read.submitters):
        return ON_BEHALF
    if not post.acknowledge:
        return IMPORTED
    if receipt(read, post.received_at) != post.received_at:
        return MOVED
    if read.concerns:
        return CONCERNS.format(why="; ".join(read.concerns))
    return "" if verdict.action == "new-case" else CONCERNS.format(why=verdict.reason)


def _place_unbelieved(
    session: Session,
    desk: Desk,
    why: str,
    message: Message,
    read: IncomingMessage,
    case: Case | None,
    *,
    at: datetime,
) -> Noted:
    if read.automatic and case is not None:
        _file(session, desk, case, message, at=at, by=DESK)
        return Noted(ours=True, case=case, reason=f"Told the desk nothing: {why}")
    if read.automatic or read.bulk or why == IMPORTED or (case and read.sender.key == case.requester_key):
        return Noted(ours=False)
    return Noted(ours=True, filed=False, case=case, reason=f"It was sent where officers tell the desk things: {why}.")


def _take_down(
    session: Session,
    desk: Desk,
    told: Told,
    post: Post,
    message: Message,
    read: IncomingMessage,
    officer: Officer,
    case: Case | None,
    *,
    at: datetime,
) -> Noted:
    row = told.row
    assert row is not None
    box = desk.settings.mailbox_of(post.account)
    today = at.astimezone(LONDON).date()
    said = read_instruction(read.text, today=today, references=desk.references, signer=officer.name)
    refusal = ""
    if message.sender_check == SenderCheck.FAILED:
        refusal = DOUBTED
    elif _FORWARD.match(read.subject):
        refusal = FORWARDED
    elif told.by_thread and box.plus_addresses:
        refusal = ELSEWHERE
    elif isinstance(said, NotUnderstood):
        refusal = said.reason
    else:
        case, refusal = _case_meant(session, said, Topic(row.topic), case)
    passed = message.sender_check == SenderCheck.PASSED
    particulars = kept(said) if isinstance(said, Instruction) else {}
    if not read.plain or not passed:
        particulars["click"] = NOT_PLAIN if passed else ASK_FIRST
    _note(
        session,
        post,
        message,
        WAITING,
        refusal,
        at=at,
        row=row,
        officer=officer,
        case=case,
        said=said,
        particulars=particulars,
    )
    if case is None:
        needs_a_person = isinstance(said, NotUnderstood)
        return Noted(ours=True, filed=not needs_a_person, reason="An officer's answer to a list of ours.")
    _file(session, desk, case, message, at=at, by=officer_actor(officer.id) if passed else DESK)
    return Noted(ours=True, case=case, reason="an officer's answer to a mail of ours")


def _case_meant(session: Session, said: Instruction, topic: Topic, case: Case | None) -> tuple[Case | None, str]:
    """The case that an instruction is about, and why it cannot be taken where there is none."""
    if said.case is None:
        return case, ""
    named = cases_named(session, [said.case])
    if case is not None:
        return (case, "") if case in named else (case, OTHER_CASE)
    return (named[0], "") if topic is Topic.LIST and len(named) == 1 else (None, UNKNOWN_CASE)


def kept(said: Instruction) -> dict[str, str]:
    """What an instruction needs to be carried out, as its row keeps it."""
    told = {
        "person": said.person,
        "day": said.day.isoformat() if said.day else "",
        "outcome": said.outcome.value if said.outcome else "",
        "text": said.text,
    }
    return {name: value for name, value in told.items() if value}


def _note(
    session: Session,
    post: Post,
    message: Message,
    state: str,
    reason: str,
    *,
    at: datetime,
    row: OneTimeAddress | None = None,
    officer: Officer | None = None,
    case: Case | None = None,
    said: Instruction | NotUnderstood | None = None,
    particulars: Mapping[str, str] = NOTHING,
) -> InstructionRow:
    return add_row(
        session,
        new_row(
            InstructionRow,
            post_id=post.id,
            address_id=row.id if row else None,
            officer_id=officer.id if officer else None,
            case_id=case.id if case else None,
            sender_address=message.sender_address,
            sender_check=message.sender_check,
            verb=said.verb.value if isinstance(said, Instruction) else "",
            particulars=json.dumps(dict(particulars), ensure_ascii=False),
            state=state,
            reason=reason,
            received_at=at,
            decided_at=at if state == REFUSED else None,
        ),
    )


def tell_case(session: Session, desk: Desk, case: Case, noted: InstructionRow, *, at: datetime, by: str) -> None:
    """Put what came of an instruction on its case's timeline."""
    record(
        session,
        desk,
        case,
        Kind.INSTRUCTED,
        at=at,
        by=by,
        result=noted.state,
        verb=noted.verb,
        reason=noted.reason,
        instruction=noted.id,
    )


def _file(session: Session, desk: Desk, case: Case, message: Message, *, at: datetime, by: str) -> None:
    change_row(session, message, case_id=case.id)
    record(session, desk, case, Kind.POST_FILED, at=at, happened_at=message.at, by=by, message=message.id)
