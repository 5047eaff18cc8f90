"""An officer's decision on a mail that waits for a person."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.casework.open_case import INTERNAL_REVIEW, Request, open_case, open_from_message, shorten
from service.casework.receive import file_on_case
from service.casework.record import record
from service.casework.review import require_reviewable
from service.desk import Desk
from service.domain.history import standing_events
from service.domain.kind import Kind
from service.domain.stage import Stage
from service.errors import DeskError
from service.store.cases import history
from service.store.correspondence import DISMISSED, FILED, QUARANTINED, STORED, have_post, keep_message, message_of_post
from service.store.tables import Case, Message, Post

_MARKS = re.compile(r"(?i)\A(?:\s{0,9}(?:re|aw|sv|antw|fwd?)\s{0,9}:|\s{0,9}\[[^\]]{1,60}\])+\s{0,9}")


class AlreadySorted(DeskError):
    """This mail is on a case already; move it from there."""


class SortedSince(DeskError):
    """Something has been done with this mail since, so it stays where it is."""


class WentOut(DeskError):
    """This mail was sent by a colleague, so it is no request: file it on its case, or set it aside."""


class NothingToFollow(DeskError):
    """This mail answers no closed case: make a case of it with the form."""


class ClockHeard(DeskError):
    """The clock of {reference} started afresh by this mail, which answers our question: it stays on the case. Correct
    the clock first, at the desk."""


class ReasonNeeded(DeskError):
    """Say why this is not a request: the reason is kept with the mail."""


def make_case(session: Session, desk: Desk, post: Post, request: Request, text: str, *, at: datetime, by: str) -> Case:
    """Open a case by hand on a mail, with the officer's particulars and the mail's true time of receipt.

    A readable mail is acknowledged to where its answers go, an unreadable one is not; `text` is what the officer could
    make of the latter.
    """
    _require_unfiled(session, post)
    message = message_of_post(session, post.id)
    if message is not None:
        withhold = "the mail seems to be automatic" if message.automatic else ""
        case = open_from_message(session, desk, message, request, at=at, withhold=withhold)
    else:
        case = open_case(session, desk, request, at=at)
        record(session, desk, case, Kind.NOT_ACKNOWLEDGED, at=at, by=by, reason="the mail had to be read by a person")
        keep_message(session, _by_hand(post, case, request), text, "", ())
    _sorted(session, post, FILED, case, "made a case by hand", at, by)
    return case


def _without_marks(subject: str) -> str:
    """A subject without the "Re:" and the references in brackets that it begins with."""
    return _MARKS.sub("", subject) or subject


def follow_closed(session: Session, desk: Desk, post: Post, kind: str, *, at: datetime, by: str) -> Case:
    """Open a case on an answer to a closed case: an internal review of what we answered, or a new request.

    It counts from the day the answer came, under the closed case's law, and each of the two names the other. Raises
    NothingToFollow unless the mail answers a closed case, and NothingToReview or ReviewUnderWay for a review.
    """
    original = session.get(Case, post.case_id) if post.case_id is not None else None
    message = message_of_post(session, post.id)
    if original is None or original.stage != Stage.CLOSED or message is None:
        raise NothingToFollow
    if kind == INTERNAL_REVIEW:
        require_reviewable(session, original)
    theirs = message.sender_address.casefold() == original.requester_key
    request = Request(
        message.sender_name or (original.requester_name if theirs else ""),
        message.sender_address,
        original.subject if kind == INTERNAL_REVIEW else _without_marks(message.subject),
        post.received_at,
        original.account,
        kind=kind,
        regime=original.regime,
        original_id=original.id,
    )
    case = make_case(session, desk, post, request, "", at=at, by=by)
    record(session, desk, original, Kind.FOLLOWED, at=at, by=by, case=case.reference, kind=kind)
    return case


def file_post(session: Session, desk: Desk, post: Post, case: Case, *, at: datetime, by: str) -> None:
    """File a mail on an existing case."""
    _require_unfiled(session, post)
    message = message_of_post(session, post.id)
    if message is None:
        request = Request(post.sender_name, post.sender_address, post.subject, post.received_at, post.account)
        message = keep_message(session, _by_hand(post, case, request), "", "", ())
    file_on_case(session, desk, case, message, at=at, by=by)
    _sorted(session, post, FILED, case, "filed by hand", at, by)


def dismiss(session: Session, post: Post, reason: str, *, at: datetime, by: str) -> dict[str, object]:
    """Set a mail aside as no request; who and why are kept, and so is the mail.

    Gives what `put_back` needs; nothing for a form sent twice, of which the first is what can be put back.
    """
    if not reason.strip():
        raise ReasonNeeded
    _require_unfiled(session, post)
    if (post.state, post.reason, post.settled_by) == (DISMISSED, reason, by):
        return {}
    before = {
        "post": post.id,
        "state": post.state,
        "case_id": post.case_id,
        "reason": post.reason,
        "settled_at": post.settled_at.isoformat() if post.settled_at else "",
        "settled_by": post.settled_by,
        "set_aside_at": at.isoformat(),
    }
    _sorted(session, post, DISMISSED, None, reason, at, by)
    return before


def put_back(session: Session, post: Post, before: Mapping[str, Any], *, by: str) -> None:
    """Put a mail that was set aside back where it was; raises SortedSince."""
    set_aside_at = datetime.fromisoformat(before["set_aside_at"])
    if post.state != DISMISSED or post.settled_at != set_aside_at or post.settled_by != by:
        raise SortedSince
    post.state, post.case_id, post.reason = before["state"], before["case_id"], before["reason"]
    post.settled_at = datetime.fromisoformat(before["settled_at"]) if before["settled_at"] else None
    post.settled_by = before["settled_by"]
    session.add(post)
    session.flush()


def read_again(session: Session, post: Post) -> None:
    """Let the next poll read a mail afresh that could not be read, as after an upgrade; raises AlreadySorted."""
    if message_of_post(session, post.id) is not None:
        raise AlreadySorted
    _require_unfiled(session, post)
    post.state, post.attempts, post.next_try_at = STORED, 0, None
    session.add(post)
    session.flush()


def wants_a_person(session: Session, post: Post, reason: str) -> None:
    """Put a mail that is on no case among those that wait for a person; raises AlreadySorted."""
    _require_unfiled(session, post)
    post.state, post.reason, post.case_id, post.settled_at, post.settled_by = QUARANTINED, reason, None, None, ""
    session.add(post)
    session.flush()


def take_off(session: Session, desk: Desk, post: Post, case: Case, *, at: datetime, by: str) -> None:
    """Take a mail that was filed by hand off its case again, to wait for a person; raises ClockHeard."""
    message = message_of_post(session, post.id)
    if message is not None:
        told = standing_events(history(session, case.id))
        if any(event.kind is Kind.CLARIFIED and event.data.get("message") == str(message.id) for event in told):
            raise ClockHeard(reference=case.reference)
        message.case_id = None
        session.add(message)
    record(session, desk, case, Kind.POST_TAKEN_OFF, at=at, by=by, message=message.id if message else "", post=post.id)
    post.state, post.reason, post.case_id = QUARANTINED, f"it was taken off case {case.reference}", None
    post.settled_at, post.settled_by = None, ""
    session.add(post)
    session.flush()


def _require_unfiled(session: Session, post: Post) -> None:
    message = have_post(session, post)
    if (message is not None and message.case_id is not None) or (message is None and post.state == FILED):
        raise AlreadySorted
    if post.sent:
        raise WentOut


def _by_hand(post: Post, case: Case, request: Request) -> Message:
    return Message(
        case_id=case.id,
        direction="in",
        post_id=post.id,
        message_id=post.message_id or f"<post-{post.id}@no-message-id.invalid>",
        subject=shorten(request.subject),
        sender_name=request.requester_name,
        sender_address=request.requester_address,
        at=post.received_at,
        reply_address=request.requester_address,
    )


def _sorted(session: Session, post: Post, state: str, case: Case | None, reason: str, at: datetime, by: str) -> None:
    post.state, post.case_id = state, case.id if case else None
    post.reason, post.settled_at, post.settled_by = reason, at, by
    session.add(post)
    session.flush()
