"""Heeding what people do in the shared mailbox: a mail moved into a folder is an instruction, carried out or refused.

Nobody knows who made a move, so it may do what everyone of the team may (permission). What is refused is put back by
the filing, and the team is told why, once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from service.casework.assign import assign
from service.casework.invite import case_link, write_to_officer
from service.casework.mail_facts import called, mail_facts
from service.casework.permission import require_assign_by_mailbox, require_by_mailbox
from service.casework.record import MAILBOX, record
from service.casework.sort_post import dismiss, file_post, take_off, wants_a_person
from service.casework.tell_officers import tell_loser
from service.casework.triage import triage
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.domain import stage
from service.domain.history import standing_events
from service.domain.kind import Kind
from service.domain.placing import Act, Folder, Layout, Meaning, Stands, meaning
from service.domain.progress import Triage
from service.domain.regime import Regime
from service.domain.stage import Stage
from service.domain.topic import Topic
from service.errors import DeskError
from service.store.cases import case_by_id, history
from service.store.correspondence import letters_of_case, post_by_id
from service.store.officers import officer_by_id
from service.store.placements import add_move, last_done, last_move, undone_with_another
from service.store.tables import Case, MailboxMove, Post

ASKED_AGAIN, TOGETHER = timedelta(hours=12), timedelta(hours=12)
OUTCOME_WANTED, PUT_BACK, GONE = "outcome-wanted", "put-back", "gone"
REASON = "a colleague moved the mail into the folder “{folder}” of the shared mailbox"


_FOUND = "filed on this case, in whose folder it lay when the desk first read it: move it into the inbox if it is not"
_SENT = "filed on this case as a mail of ours, in whose folder it lay when the desk first read it"


class MoveRefused(DeskError):
    """{why}"""


@dataclass(frozen=True, slots=True)
class Step:
    """A person's move as it was noticed: of which mail, from and to which folder, by the names people see."""

    post: Post
    folder: Folder
    came_from: str
    name: str


def heed(session: Session, desk: Desk, step: Step, layout: Layout, *, at: datetime) -> MailboxMove:
    """Do what a move asks for, or note why not; the event on the case and the row for the digest are written."""
    post = _original(session, step.post)
    mail = mail_facts(session, [post])[post.id]
    meant = meaning(mail, step.folder, layout)
    # What the desk first read in a case's folder was filed by whoever put it there, and can be taken off again.
    first = meant.act is Act.NOTHING and not step.came_from and step.folder.stands is Stands.CASE
    meant = Meaning(Act.FILE) if first else meant
    done, words = True, ""
    try:
        if meant.act is Act.REFUSE:
            raise MoveRefused(why=meant.why)
        with session.begin_nested():
            words = (_SENT if post.sent else _FOUND) if first else _ACTS[meant.act](session, desk, post, step, at)
    except DeskError as refusal:
        session.expire_all()  # what the act had begun is taken back
        done, words = False, str(refusal)
    case_id = mail.case.id if mail.case is not None else post.case_id if done and meant.act is Act.FILE else None
    case = case_by_id(session, case_id) if case_id is not None else None
    if case is not None and not (meant.act is Act.NOTHING and step.came_from):
        _record(session, desk, case, step, meant.act, words, done=done, at=at)
    return add_move(
        session,
        MailboxMove(
            account=post.account, post_id=step.post.id, case_id=case.id if case else None, came_from=step.came_from,
            folder=step.name, noticed_at=at, act=meant.act.value, done=done, words=words,
        ),
    )  # fmt: skip


def note_gone(session: Session, desk: Desk, post: Post, came_from: str, *, at: datetime) -> MailboxMove:
    """A person took a mail out of every folder that is watched; its bytes are held, so nothing is lost."""
    words = "it left the desk's folders by somebody's hand; the desk has kept it"
    facts = mail_facts(session, [post])[post.id]
    case = case_by_id(session, facts.case.id) if facts.case is not None else None
    if case is not None:
        told: dict[str, Any] = {
            "came_from": came_from,
            "folder": "a folder that the desk does not watch",
            "words": words,
        }
        record(session, desk, case, Kind.MAILBOX_MOVE, at=at, by=MAILBOX, through="mailbox", post=post.id, **told)
    move = MailboxMove(
        account=post.account, post_id=post.id, case_id=case.id if case else None, came_from=came_from, folder="",
        noticed_at=at, act=GONE, done=True, words=words,
    )  # fmt: skip
    return add_move(session, move)


def tell_refused(session: Session, desk: Desk, moves: list[MailboxMove], *, at: datetime) -> None:
    """Tell the team, in one letter and a line each, which mails are put back and why."""
    team = desk.settings.team.address
    if not moves or team is None:
        return
    lines = [
        {"subject": post_by_id(session, move.post_id).subject, "folder": move.folder, "why": move.words}
        for move in moves
    ]
    words = {"lines": lines, "link": desk.settings.web.url.rstrip("/")}
    written = desk.stationery.write(PUT_BACK, words)
    queue(
        session,
        desk,
        PUT_BACK,
        Recipient(desk.settings.authority.name, team),
        written,
        at=at,
        automatic="auto-generated",
    )


def _original(session: Session, post: Post) -> Post:
    """Of a second delivery, the mail that was dealt with."""
    return post_by_id(session, post.duplicate_of) if post.duplicate_of is not None else post


def _record(
    session: Session, desk: Desk, case: Case, step: Step, act: Act, words: str, *, done: bool, at: datetime
) -> None:
    told: dict[str, Any] = {
        "through": "mailbox",
        "account": step.post.account,
        "came_from": step.came_from,
        "folder": step.name,
        "post": step.post.id,
        "message": step.post.message_id,
        "asked": act.value,
        "done": "yes" if done else "no",
        "words": words,
    }
    record(session, desk, case, Kind.MAILBOX_MOVE, at=at, by=MAILBOX, **told)


def _nothing(_session: Session, _desk: Desk, _post: Post, _step: Step, _at: datetime) -> str:
    return ""


def _file(session: Session, desk: Desk, post: Post, step: Step, at: datetime) -> str:
    assert step.folder.case_id is not None
    case = case_by_id(session, step.folder.case_id)
    require_by_mailbox(case, stage.Act.NOTE)  # to add to the file is for everyone
    file_post(session, desk, post, case, at=at, by=MAILBOX)
    return f"filed on case {case.reference}"


def _set_aside(session: Session, _desk: Desk, post: Post, step: Step, at: datetime) -> str:
    dismiss(session, post, REASON.format(folder=step.name), at=at, by=MAILBOX)
    return "set aside as no request"


def _not_foi(session: Session, desk: Desk, post: Post, step: Step, at: datetime) -> str:
    case = _case_of(session, post)
    require_by_mailbox(case, stage.Act.TRIAGE)
    reason = REASON.format(folder=step.name)
    triage(session, desk, case, Triage.BUSINESS, regime=Regime(case.regime), reason=reason, at=at, by=MAILBOX)
    return f"case {case.reference} is thought not to be a request; a supervisor confirms it at the desk"


def _assign(session: Session, desk: Desk, post: Post, step: Step, at: datetime) -> str:
    case = _case_of(session, post)
    found = called(session, step.folder.officer)
    if not found:
        raise MoveRefused(why=f"There is no active officer called “{step.folder.officer}”: rename the folder.")
    if len(found) > 1:
        raise MoveRefused(why=f"Several officers are called “{step.folder.officer}”: name the folder by the address.")
    require_assign_by_mailbox(case, found[0].id)
    assign(session, desk, case, found[0].id, at=at, by=MAILBOX)
    return f"case {case.reference} was given to {found[0].name}"


def _close(session: Session, desk: Desk, post: Post, _step: Step, at: datetime) -> str:
    """A case is closed with its outcome, which no folder tells: its owner, or the team, is asked for it."""
    case = _case_of(session, post)
    stage.require(case.stage, stage.Act.CLOSE)
    owner = officer_by_id(session, case.owner_id) if case.owner_id is not None else None
    team = desk.settings.team.address
    asked = [one for one in letters_of_case(session, case.id) if one.kind == OUTCOME_WANTED]
    if asked and at - asked[-1].created_at < ASKED_AGAIN:  # of a thread each mail is a move
        return f"its outcome was asked for already; case {case.reference} stays open until it is said"
    words = {"case": case, "link": f"{case_link(desk, case)}/close"}
    if owner is not None and owner.active:
        write_to_officer(
            session, desk, owner, OUTCOME_WANTED, Topic.CASE, words | {"name": owner.name}, case=case, at=at
        )
        name = owner.name
    elif team is not None:  # who reads it there nobody knows: it can be answered by no instruction
        name = desk.settings.authority.name
        written = desk.stationery.write(OUTCOME_WANTED, words | {"name": name, "answers": None})
        recipient = Recipient(name, team)
        queue(session, desk, OUTCOME_WANTED, recipient, written, at=at, case=case, automatic="auto-generated")
    else:
        raise MoveRefused(why=f"Case {case.reference} is closed at the desk, where its outcome is said.")
    return f"{name} was asked for the outcome of case {case.reference}, which stays open until it is said"


def _look(session: Session, _desk: Desk, post: Post, step: Step, _at: datetime) -> str:
    wants_a_person(session, post, REASON.format(folder=step.name))
    return "waits for a person"


def _undo(session: Session, desk: Desk, post: Post, step: Step, at: datetime) -> str:
    newest = last_move(session, step.post.id)
    if newest is not None and newest.act == GONE:
        return "it is back in the desk's folders; nothing else was changed"
    if post.sent:
        raise MoveRefused(why="This is a mail that we sent: whether it was the answer is said at the desk.")
    last = last_done(session, step.post.id)
    undo = _UNDOING.get(last.act) if last is not None else None
    if last is None or undo is None:
        if post.case_id is not None and undone_with_another(session, post.case_id, post.id, at - TOGETHER):
            return "what was done with its case was undone with another of its mails"
        raise MoveRefused(why="There is nothing to undo: the desk has filed this mail, and takes no mail in twice.")
    words = undo(session, desk, post, at)
    last.undone = True
    session.add(last)
    return words


def _undo_file(session: Session, desk: Desk, post: Post, at: datetime) -> str:
    case = _case_of(session, post)
    take_off(session, desk, post, case, at=at, by=MAILBOX)
    return f"taken off case {case.reference} again; it waits for a person"


def _undo_aside(session: Session, _desk: Desk, post: Post, _at: datetime) -> str:
    wants_a_person(session, post, "it was set aside, and a colleague moved it back into the inbox")
    return "no longer set aside; it waits for a person"


def _undo_not_foi(session: Session, desk: Desk, post: Post, at: datetime) -> str:
    case = _case_of(session, post)
    if case.stage != Stage.NOT_FOI:
        raise MoveRefused(why=f"Case {case.reference} is {case.stage}: that can only be changed at the desk.")
    require_by_mailbox(case, stage.Act.TRIAGE)
    reason = "a colleague moved the mail back into the inbox"
    triage(session, desk, case, Triage.REQUEST, regime=Regime(case.regime), reason=reason, at=at, by=MAILBOX)
    return f"case {case.reference} is a request again"


def _undo_assign(session: Session, desk: Desk, post: Post, at: datetime) -> str:
    case = _case_of(session, post)
    if case.stage != Stage.ALLOCATED:
        raise MoveRefused(why=f"The owner of {case.reference} has taken it on: they hand it back at the desk.")
    given = [event for event in standing_events(history(session, case.id)) if event.kind is Kind.ASSIGNED]
    if not given or given[-1].actor != MAILBOX:
        raise MoveRefused(why=f"{case.reference} has been given to somebody at the desk since: give it there.")
    loser_id = case.owner_id
    record(session, desk, case, Kind.HANDED_BACK, at=at, by=MAILBOX, reason="the move that assigned it was undone")
    if loser_id is not None:
        tell_loser(session, desk, loser_id, [case], at=at, taker=None)
    return f"case {case.reference} is nobody's again"


def _case_of(session: Session, post: Post) -> Case:
    assert post.case_id is not None
    return case_by_id(session, post.case_id)


_ACTS: dict[Act, Callable[[Session, Desk, Post, Step, datetime], str]] = {
    Act.NOTHING: _nothing,
    Act.FILE: _file,
    Act.SET_ASIDE: _set_aside,
    Act.NOT_FOI: _not_foi,
    Act.ASSIGN: _assign,
    Act.CLOSE: _close,
    Act.LOOK: _look,
    Act.UNDO: _undo,
}
_UNDOING: dict[str, Callable[[Session, Desk, Post, datetime], str]] = {
    Act.FILE.value: _undo_file,
    Act.SET_ASIDE.value: _undo_aside,
    Act.NOT_FOI.value: _undo_not_foi,
    Act.ASSIGN.value: _undo_assign,
}
