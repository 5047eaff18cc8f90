"""Everything a case's page shows, read in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.casework.approver import approver_in_turn
from service.casework.explain_case import NoSuchEntry
from service.domain.history import CaseEvent
from service.domain.kind import CLOCK_KINDS, Kind
from service.domain.question import Question
from service.domain.quotations import Folded, fold
from service.store.case_files import letter_files
from service.store.cases import case_by_id, case_by_reference, cases_following, history
from service.store.consultations import consultations_of, waits
from service.store.correspondence import (
    FAILED,
    QUEUED,
    RETRY,
    SENDING,
    SENT,
    UNCERTAIN,
    Piece,
    body_of,
    files_of,
    letter_times,
    letters_by_id,
    letters_of_case,
    mail_times,
    messages_by_id,
    messages_of_case,
)
from service.store.drafts import newest_draft
from service.store.officers import officers
from service.store.questions import questions_of
from service.store.tables import AttachedFile, Case, Letter, LetterFile, Message, MessageBody, Officer
from web.answered import Question as Sent
from web.answered import questions_of_case
from web.filters import moment
from web.forms import NoSuchLetter, NoSuchMessage
from web.timeline import Entry, timeline

ABOUT_THE_CLOCK = CLOCK_KINDS | {Kind.RECOUNTED, Kind.STRUCK_OUT}
# Letters about the case, not part of its correspondence: chasers, questions to officers, and answers to them.
TO_THE_TEAM = (
    "answered",
    "assigned",
    "clearance-request",
    "cleared",
    "consultation-answered",
    "due",
    "notice-shown",
    "outcome-wanted",
    "returned",
    "taken-back",
    "verb-confirm",
    "verb-done",
    "verb-help",
    "verb-refused",
    "verb-status",
    "written",
)
LATEST, NEWEST = 30, 60  # pieces of correspondence, and entries of the timeline, that a page shows unless asked for all


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in with its words and files; `has_html` when it can also be seen as sent."""

    message: Message
    words: Folded
    has_html: bool
    files: Sequence[AttachedFile]


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of correspondence: a mail in, or a letter of ours."""

    at: datetime
    mail: Mail | None = None
    letter: Letter | None = None
    files: Sequence[LetterFile] = ()  # that went with the letter


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case, the mail it began with, what came and went after, its timeline, and the team it can be given to.

    Of a long case the page shows the last of both: `earlier` and `older` count what it leaves out.
    """

    case: Case
    owner: str
    request: Mail | None
    later: Sequence[Item]
    earlier: int
    told: Sequence[CaseEvent]  # the whole record
    entries: Sequence[Entry]
    older: int
    team: Sequence[Officer]
    original: Case | None
    followers: Sequence[Case]
    questions: Sequence[Question]
    sent: Mapping[int, Sent]  # mails that were sent to the requester by hand, by their message
    drafted: bool  # whether the response has been begun
    asked: int  # how many were asked for the information
    awaited: int  # of those, how many still have to answer
    turn: int | None  # the approver whose turn it is to clear the response, by key


def read_casefile(session: Session, reference: str, *, everything: bool = False) -> CaseFile:
    """Read a case's file, or of a long one the last of it unless `everything` is wanted; raises NoSuchCase."""
    case = case_by_reference(session, reference)
    everyone = officers(session, active_only=False)
    names = {officer.id: officer.name for officer in everyone}
    request, came = _request_first(mail_times(session, case.id))
    went = letter_times(session, case.id, but=TO_THE_TEAM)
    pieces = sorted([*came, *went], key=lambda piece: piece.at)
    shown = pieces if everything else pieces[-LATEST:]
    told = history(session, case.id)
    entries = timeline(told, names, most=None if everything else NEWEST)
    asked = consultations_of(session, case.id)
    mails = _mails(session, shown, request)
    return CaseFile(
        case=case,
        owner=names.get(case.owner_id, "") if case.owner_id else "",
        request=mails.pop(request.id) if request else None,
        later=_correspondence(session, shown, mails),
        earlier=len(pieces) - len(shown),
        told=told,
        entries=entries,
        older=len(told) - len(entries),
        team=[officer for officer in everyone if officer.active],
        original=case_by_id(session, case.original_id) if case.original_id else None,
        followers=cases_following(session, case.id),
        questions=questions_of(session, case.id),
        sent=questions_of_case(session, case),
        drafted=newest_draft(session, case.id) is not None,
        asked=len(asked),
        awaited=sum(map(waits, asked)),
        turn=approver_in_turn(session, case),
    )


def clock_entries(session: Session, case: Case) -> list[Entry]:
    """What a case's clock was told, and what moved it, newest first."""
    names = {officer.id: officer.name for officer in officers(session, active_only=False)}
    told = [event for event in history(session, case.id) if event.kind in ABOUT_THE_CLOCK]
    return timeline(told, names)


def clock_entry(session: Session, case: Case, seq: int) -> Entry:
    """One of them; raises NoSuchEntry."""
    for entry in clock_entries(session, case):
        if entry.seq == seq:
            return entry
    raise NoSuchEntry(reference=case.reference, seq=seq)


def one_mail(session: Session, message: Message) -> Mail:
    """A message with its words and files."""
    return _mail(message, body_of(session, message.id), files_of(session, [message.id]), opening=True)


def message_on_case(session: Session, reference: str, message_id: int) -> Message:
    """A message that stands on this very case; raises NoSuchCase or NoSuchMessage."""
    case = case_by_reference(session, reference)
    for message in messages_of_case(session, case.id):
        if message.id == message_id:
            return message
    raise NoSuchMessage


def letter_on_case(session: Session, case: Case, letter_id: int) -> Letter:
    """A letter of this very case; raises NoSuchLetter."""
    for letter in letters_of_case(session, case.id):
        if letter.id == letter_id:
            return letter
    raise NoSuchLetter


def letter_state(letter: Letter) -> str:
    """More about what became of a letter than its tag says, without a full stop."""
    if letter.bounced_at is not None:
        return f"Returned as undeliverable at {moment(letter.bounced_at)}"
    sentences: Mapping[str, str] = {
        QUEUED: "Waiting to be sent",
        SENDING: "Being sent",
        RETRY: letter.trouble or "Not sent yet",
        UNCERTAIN: letter.trouble or "Nobody can say whether it went out",
        FAILED: letter.trouble or "It was refused",
        SENT: f"Sent at {moment(letter.sent_at)}" if letter.sent_at else "Sent",
    }
    return sentences.get(letter.state, letter.state).rstrip(".")


def letter_tag(letter: Letter) -> tuple[str, str]:
    """A letter's state as a tag: its word and its colour."""
    if letter.bounced_at is not None:
        return "returned", "red"
    return {
        SENT: ("sent", "green"),
        FAILED: ("failed", "red"),
        UNCERTAIN: ("may not have arrived", "orange"),
        RETRY: ("will be tried again", "yellow"),
    }.get(letter.state, ("waiting", "blue"))


def _request_first(mails: Sequence[Piece]) -> tuple[Piece | None, list[Piece]]:
    """The mail the case began with, and the others: what was sent by hand bears whatever time it was given."""
    first = next((mail for mail in mails if mail.came_in), None) or next(iter(mails), None)
    return first, [mail for mail in mails if mail is not first]


def _mails(session: Session, shown: Sequence[Piece], request: Piece | None) -> dict[int, Mail]:
    """The mails among some pieces, and the request, by their messages."""
    opening = request.id if request else None
    keys = [piece.id for piece in (*shown, *filter(None, [request])) if not piece.is_letter]
    files = files_of(session, keys)
    return {
        message.id: _mail(message, body, files, opening=message.id == opening)
        for message, body in messages_by_id(session, keys)
    }


def _mail(message: Message, body: MessageBody, files: Iterable[AttachedFile], *, opening: bool) -> Mail:
    own = [file for file in files if file.message_id == message.id]
    return Mail(message, fold(body.text, message.subject, opening=opening), bool(body.html), own)


def _correspondence(session: Session, shown: Sequence[Piece], mails: Mapping[int, Mail]) -> list[Item]:
    letters = letters_by_id(session, [piece.id for piece in shown if piece.is_letter])
    items = [Item(mail.message.at, mail=mail) for mail in mails.values()]
    files = letter_files(session, [letter.id for letter in letters])
    for letter in letters:
        own = [file for file in files if file.letter_id == letter.id]
        items.append(Item(letter.created_at, letter=letter, files=own))
    return sorted(items, key=lambda item: item.at)
