"""A delivery report on a mail sent by hand: what was taken from that mail is taken back, and asked about anew."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from service.casework.clock_facts import strike_out
from service.casework.record import DESK, record
from service.casework.sent_answers import SOURCE, ask_owner
from service.casework.sent_match import requester_addresses
from service.desk import Desk
from service.domain.history import standing_events
from service.domain.kind import Kind
from service.domain.message import Bounce
from service.domain.sent_answer import AnswerState
from service.domain.stage import Stage
from service.errors import ClockError
from service.store.cases import history
from service.store.correspondence import messages_named
from service.store.rows import change_row
from service.store.sent import answers_of, lock_answer
from service.store.tables import Case, Message

RETURNED = "The mail sent by hand could not be delivered, so the requester was not told."
DOUBT = "it came back as undeliverable"


def sent_by_hand(session: Session, names: Sequence[str]) -> Iterator[Message]:
    """Of the mails with these Message-IDs, those that were sent by hand to a requester."""
    for mail in messages_named(session, names):
        if mail.direction == "out" and mail.case_id is not None and mail.id in answers_of(session, mail.case_id):
            yield mail


def _concerns(session: Session, desk: Desk, bounce: Bounce, case: Case, sent: Message) -> bool:
    """Whether it may be the requester whom it did not reach.

    An address that the mail was not sent to is where theirs leads. Another that it was sent to only had a copy, unless
    it reached nobody.
    """
    named = {one.strip().casefold() for one in sent.recipients.split(",")}
    failed = {one.casefold() for one in bounce.recipients}
    theirs = requester_addresses(session, desk, case)
    return not failed or failed >= named or any(one in theirs or one not in named for one in failed)


def take_back_sent(session: Session, desk: Desk, case: Case, sent: Message, bounce: Bounce, *, at: datetime) -> None:
    """What did not reach the requester has answered nothing and asked nothing: a case that it closed is open again, and
    a clock that it stopped has run on. The owner is asked once more, for a copy may have arrived.
    """
    answer = lock_answer(session, case.id, sent.id)
    if not _concerns(session, desk, bounce, case, sent) or DOUBT in answer.doubts.splitlines():
        return  # a second report of the same tells nothing new
    struck = False
    for event in standing_events(history(session, case.id)):
        told = event.data.get("message") == str(sent.id) and event.data.get("source") == SOURCE
        if not told or event.kind not in (Kind.CLOSED, Kind.CLARIFICATION_SOUGHT):
            continue
        try:
            strike_out(session, desk, case, event.seq, RETURNED, at=at, by=DESK)
            struck = True
        except ClockError as error:
            text = f"{RETURNED} Its entry stands all the same: {error}"
            record(session, desk, case, Kind.NOTED, at=at, by=DESK, text=text)
    doubts = "\n".join(filter(None, (answer.doubts, DOUBT)))
    if not struck and answer.state != AnswerState.ASKED:
        change_row(session, answer, doubts=doubts)
        return
    anew = {"state": AnswerState.ASKED.value, "decided_at": None, "decided_by": "", "reason": ""}
    change_row(session, answer, doubts=doubts, told_at=None, **anew)
    if case.stage != Stage.CLOSED:
        ask_owner(session, desk, case, answer, at=at)
