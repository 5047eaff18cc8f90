"""Which case a mail belongs to that somebody sent by hand, told from its header alone, before its words are fetched.

Sure is a thread that only this case has, or the case's reference in the subject and its requester among the recipients.
Anything less is a person's to say, and mail that has nothing to do with a case is none of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from service.desk import Desk
from service.domain.forwarded import is_colleague
from service.domain.message import Address, IncomingMessage
from service.domain.message_id import is_ours
from service.domain.reply_address import without_detail
from service.domain.sender_check import SenderCheck
from service.store.cases import cases_named
from service.store.consultations import consultation_with
from service.store.correspondence import letters_named, messages_named, messages_of_case
from service.store.sent import cases_with_keys, open_cases_of
from service.store.tables import Case

ELSEWHERE = "it went to an address that is not the requester's as far as the case knows"
ALSO = "it also went to somebody else who has asked for something"


class Fate(StrEnum):
    """What becomes of a mail in a Sent folder."""

    OURS = "a letter of the desk's own"
    NOTHING = "about no case"
    FILE = "surely of a case"
    ASK = "perhaps of a case"


@dataclass(frozen=True, slots=True)
class Match:
    """What becomes of a mail and why; `case` is where it is filed, or where it may belong.

    `to_requester` when it may be our answer, with a `doubt` when that is not certain.
    """

    fate: Fate
    reason: str
    case: Case | None = None
    internal: bool = False
    to_requester: bool = False
    doubt: str = ""


def match_sent(session: Session, desk: Desk, read: IncomingMessage, *, private: bool) -> Match:
    """Judge a mail by its header; from a `private` Sent folder nothing is asked that no header says is of a case."""
    if is_ours(desk.secret, read.message_id) or letters_named(session, [read.message_id]):
        return Match(Fate.OURS, "a letter of the desk's own")
    went_to = [one for one in (*read.to, *read.cc) if without_detail(one.key) not in desk.settings.own]
    if not went_to:
        return Match(Fate.NOTHING, "it went to the desk itself")
    named = cases_named(session, desk.references.find(read.subject))
    threaded = _threaded(session, desk, read)
    if threaded:
        return _by_thread(session, desk, read, threaded, named, went_to)
    if named:
        return _by_reference(session, desk, read, named, went_to)
    asked = open_cases_of(session, {one.key for one in went_to})
    if asked and not private:
        return Match(Fate.ASK, f"It went to the requester of {asked[0].reference}, but does not say so.", asked[0])
    return Match(Fate.NOTHING, "no case has this thread, reference or address")


def placed_sent(session: Session, desk: Desk, read: IncomingMessage, case: Case) -> Match:
    """What becomes of a mail that somebody put into the folder of a case: they know whose it is, whatever it says."""
    went_to = [one for one in (*read.to, *read.cc) if without_detail(one.key) not in desk.settings.own]
    reason = "somebody put it into the folder of the case"
    if _reaches_requester(session, desk, case, went_to):
        also = _also(session, case, went_to)
        return Match(Fate.FILE, reason, case, to_requester=not read.automatic, doubt=also)
    internal = all(_is_internal(session, desk, case, one) for one in went_to)
    return Match(Fate.FILE, reason, case, internal=internal)


def _threaded(session: Session, desk: Desk, read: IncomingMessage) -> list[Case]:
    """The cases whose mail or letter it answers; the whole thread only where the mail answered is not known."""
    for names in (read.in_reply_to, read.references):
        letters = letters_named(session, [name for name in names if is_ours(desk.secret, name)])
        held = [*(one.case_id for one in letters), *(one.case_id for one in messages_named(session, names))]
        found = cases_with_keys(session, [key for key in held if key is not None])
        if found:
            return found
    return []


def _by_thread(
    session: Session,
    desk: Desk,
    read: IncomingMessage,
    threaded: Sequence[Case],
    named: Sequence[Case],
    went_to: Sequence[Address],
) -> Match:
    among = [case for case in threaded if case in named] or threaded
    among = [case for case in among if _reaches_requester(session, desk, case, went_to)] or among
    case = among[0]
    if len(among) > 1:
        return Match(Fate.ASK, f"Its thread is that of {case.reference} and of other cases.", case)
    if named and case not in named:
        return Match(Fate.ASK, f"Its thread is that of {case.reference}, its subject names {named[0].reference}.", case)
    reaches = _reaches_requester(session, desk, case, went_to)
    others = open_cases_of(session, {one.key for one in went_to}) if not reaches else ()
    if others:
        return Match(Fate.ASK, f"Its thread is that of {case.reference}, and it went to another requester.", case)
    if reaches:
        also = _also(session, case, went_to)
        return Match(Fate.FILE, "answers a mail of the case", case, to_requester=not read.automatic, doubt=also)
    if all(_is_internal(session, desk, case, one) for one in went_to):
        return Match(Fate.FILE, "goes on with a thread of the case, among colleagues", case, internal=True)
    to_them = _answers_requester(session, case, read) and not read.automatic
    return Match(
        Fate.FILE, "answers a mail of the case", case, to_requester=to_them, doubt=ELSEWHERE if to_them else ""
    )


def _by_reference(
    session: Session, desk: Desk, read: IncomingMessage, named: Sequence[Case], went_to: Sequence[Address]
) -> Match:
    fitting = [case for case in named if _reaches_requester(session, desk, case, went_to)]
    if len(fitting) == 1:
        reason, also = "names the case and went to its requester", _also(session, fitting[0], went_to)
        return Match(Fate.FILE, reason, fitting[0], to_requester=not read.automatic, doubt=also)
    if all(_is_internal(session, desk, named[0], one) for one in went_to):
        return Match(Fate.NOTHING, "colleagues write to each other about it, in no thread of the case")
    case = (fitting or named)[0]
    return Match(Fate.ASK, f"Names {case.reference}, but did not surely go to its requester.", case)


def _also(session: Session, case: Case, went_to: Sequence[Address]) -> str:
    """The doubt of a mail that somebody else who has asked us has read too."""
    others = open_cases_of(session, {one.key for one in went_to})
    return ALSO if any(one.requester_key != case.requester_key for one in others) else ""


def _reaches_requester(session: Session, desk: Desk, case: Case, went_to: Sequence[Address]) -> bool:
    keys = {one.key for one in went_to}
    return case.requester_key in keys or bool(keys & requester_addresses(session, desk, case))


def requester_addresses(session: Session, desk: Desk, case: Case) -> set[str]:
    """Every address, case-folded, that the requester of a case has written from or wants answers to.

    Not those of colleagues, of whoever was asked for information, of machines, or that our mail server doubts.
    """
    found = {case.requester_key} - {""}
    for message in messages_of_case(session, case.id):
        theirs = Address("", message.sender_address)
        if message.direction != "in" or message.automatic or message.sender_check == SenderCheck.FAILED:
            continue
        if theirs.key == case.requester_key or not _is_internal(session, desk, case, theirs):
            found |= {theirs.key, message.reply_address.strip().casefold()}
    return found - {""}


def _is_internal(session: Session, desk: Desk, case: Case, address: Address) -> bool:
    if address.key == case.requester_key:
        return False
    return is_colleague(address, desk.settings.own) or consultation_with(session, case.id, address.key) is not None


def _answers_requester(session: Session, case: Case, read: IncomingMessage) -> bool:
    """Whether the very mail it answers is one of the requester's on the case."""
    answered = messages_named(session, read.in_reply_to)
    return any(one.case_id == case.id and one.sender_address.casefold() == case.requester_key for one in answered)
