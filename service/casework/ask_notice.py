"""The letter that takes more time, asked for by mail: the officer is shown it first, and it goes as it was shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.casework.clock_facts import ClockFact, establish
from service.casework.notice_kinds import EXTENSION, PUBLIC_INTEREST, Notice
from service.casework.notices import consider_notice, draft_notice, notice_of, offered, send_notice, suggested
from service.casework.permission import require_may_act
from service.casework.reply import NoAddress, reply_recipient
from service.casework.respond import UNDER_WAY
from service.desk import LONDON, Desk
from service.domain.clock import Clock
from service.domain.kind import Kind
from service.domain.stage import Act, allowed, require
from service.errors import DeskError
from service.letters import Words, in_words
from service.store.correspondence import letters_of_case
from service.store.instructions import instruction_by_id
from service.store.tables import Case, Officer

NOT_TOLD = ("notice", "subject", "body")


class NoticeUnderWay(DeskError):
    """Such a letter is already on its way to the requester, or nobody knows yet whether it arrived: see the case's
    page."""


class NoLetterShown(DeskError):
    """No letter was shown that could go. Say "told" when you have told the requester, or write the letter on the case's
    page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as the officer is asked about it: what it is, what it tells, its words, and what else it comes to."""

    notice: Notice
    told: Mapping[str, str]
    words: Words
    comes_to: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """All of it, as the instruction keeps it until the officer has said yes."""
        return {"notice": self.notice.kind, "subject": self.words.subject, "body": self.words.body, **self.told}


def letter_for_more_time(
    session: Session, desk: Desk, case: Case, until: date, reason: str, officer: Officer, *, at: datetime, by: str
) -> Shown | None:
    """The letter that tells the requester of a later day; None where the desk cannot write it by that alone.

    It cannot without a reason, without an address, where the law knows no such letter, and under s.10(3) before the
    decisions name a qualified exemption and why it applies (s.17(1)(c)). Raises ClockError with the law's reason.
    """
    notice = next((one for one in offered(session, desk, case) if one in (EXTENSION, PUBLIC_INTEREST)), None)
    if notice is None or not reason or Act.REPLY not in allowed(case.stage) or not _reachable(session, case):
        return None
    told = {"until": until.isoformat(), "reason": reason}
    if notice is PUBLIC_INTEREST:
        told |= suggested(session, desk, case, notice, until)
        if not told["limbs"] or not told["why"]:
            return None
    state = consider_notice(session, desk, case, notice, told, at=at, by=by)
    today = at.astimezone(LONDON).date()
    words = draft_notice(session, desk, case, notice, told, officer.name, today=today)
    return Shown(notice, told, words, comes_to(state.clock, until) if state is not None else "")


def comes_to(clock: Clock, until: date) -> str:
    """Where an extension leads elsewhere than it says: the day the answer is due, and what the law warns of."""
    due = f"The answer is due on {in_words(clock.due_on)}." if clock.due_on not in (None, until) else ""
    return " ".join([due, *clock.warnings]).strip()


def _reachable(session: Session, case: Case) -> bool:
    try:
        reply_recipient(session, case)
    except NoAddress:
        return False
    return True


def send_as_shown(session: Session, desk: Desk, officer: Officer, case: Case, about: int, at: datetime, by: str) -> str:
    """The letter goes to the requester as the officer has read it; raises what send_notice does, NotYours, or
    NoticeUnderWay."""
    shown = _shown(session, case, about)
    require(case.stage, Act.REPLY)
    require_may_act(officer, case)
    if "notice" not in shown:
        raise NoLetterShown
    notice = notice_of(session, desk, case, shown["notice"])
    if any(one.kind == notice.kind and one.state in UNDER_WAY for one in letters_of_case(session, case.id)):
        raise NoticeUnderWay
    told = {name: value for name, value in shown.items() if name not in NOT_TOLD}
    state = consider_notice(session, desk, case, notice, told, at=at, by=by)
    send_notice(session, desk, case, notice, Words(shown["subject"], shown["body"]), told, at=at, by=by)
    due_on = (state.clock.due_on if state is not None else None) or date.fromisoformat(told["until"])
    return (
        f"The letter goes to the requester within a minute; once it has gone, the answer is due on {in_words(due_on)}."
    )


def send_nothing(
    _session: Session, _desk: Desk, _officer: Officer, _case: Case, _about: int, _at: datetime, _by: str
) -> str:
    """The letter is not what the officer wants to say."""
    return "Nothing goes to the requester, and the answer is due when it was."


def told_already(
    session: Session, desk: Desk, officer: Officer, case: Case, about: int, on: date, *, at: datetime, by: str
) -> str:
    """The officer has told the requester themselves, by a day; raises what establish does, and NotYours."""
    shown = _shown(session, case, about)
    require_may_act(officer, case)
    told = {name: shown[name] for name in ("until", "reason")}
    until = date.fromisoformat(shown["until"])
    fact = ClockFact(Kind.EXTENDED, on, told)
    clock = establish(session, desk, case, fact, at=at, by=by).clock
    return f"The time for the answer is extended to {in_words(until)}. {comes_to(clock, until)}".strip()


def _shown(session: Session, case: Case, about: int) -> dict[str, str]:
    row = instruction_by_id(session, about)
    assert row.case_id == case.id  # the seal of the address covers both
    kept: dict[str, str] = json.loads(row.effect)
    return kept
