"""Whether a mail that somebody sent by hand was our answer: asked of the owner, accepted, declined, or left alone.

Accepting closes the case at the instant the mail was sent, not when it is accepted (s.10(1): the authority complies by
sending). Declining says what the mail was; a question to the requester stops the clock as of that instant (s.1(3)).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.casework.case_facts import notice_facts
from service.casework.clock_facts import ClockFact, consider
from service.casework.close import AnswerDateImpossible, OutcomeUnfit, require_closable
from service.casework.decide import decided
from service.casework.hear_clarification import hear_clarification
from service.casework.invite import write_to_officer
from service.casework.record import DESK, officer_actor, record
from service.casework.respond import UndecidedQuestions, decided_outcome
from service.casework.review import FindingMissing, NotIndependent
from service.casework.write_letter import Recipient, queue
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.notice_check import NoticeFacts, Result, Verdict, check_notice
from service.domain.outcome import Outcome, is_open_to
from service.domain.sent_answer import AnswerState, NotTheAnswer, Seems, impression_of, own_words
from service.domain.stage import Act, NotAllowedNow, Stage, require
from service.domain.topic import Topic
from service.errors import ClockError, DeskError
from service.store.cases import case_by_id
from service.store.correspondence import body_of, files_of, messages_of_case
from service.store.officers import officer_by_email, officer_by_id
from service.store.rows import change_row
from service.store.sent import asked_answers, lock_answer
from service.store.tables import Case, Letter, Message, SentAnswer

LETTER = "answered"
PAGE, REPLY, SILENCE = "page", "reply", "silence"  # how an answer was accepted
SOURCE = "sent folder"
OF_THE_CASE = ("R16", "R20")  # rules about days and reference, which rest on no decision


class AnswerSettled(DeskError):
    """Somebody has said already whether this mail was the answer: open the case again to see what."""


class OutcomeNotSaid(DeskError):
    """Say how the request ends: neither the decisions on {reference} nor the words of the mail tell."""


class ReasonNotSaid(DeskError):
    """Say what the mail was, so that nobody asks again."""


REFUSALS = (NotAllowedNow, OutcomeNotSaid, OutcomeUnfit, NotIndependent, AnswerDateImpossible, ClockError)


@dataclass(frozen=True, slots=True)
class AgainstLetter:
    """Something that the letter checker has against a mail that has gone: of which rule, and whether it blocks."""

    rule: str
    blocks: bool
    sentence: str
    citation: str


def findings_of(answer: SentAnswer) -> tuple[AgainstLetter, ...]:
    """What the letter checker has against a mail; nothing before it has been read."""
    return tuple(AgainstLetter(**one) for one in json.loads(answer.findings or "[]"))


def likely_outcome(session: Session, case: Case, answer: SentAnswer) -> Outcome | None:
    """How the request seems to end: as its questions are decided, else as the words of the mail say."""
    try:
        return decided_outcome(session, case)
    except (UndecidedQuestions, FindingMissing):
        found = Outcome(answer.likely) if answer.likely else None
        return found if found and is_open_to(found, case.matter) and case.matter == "request" else None


def accept_answer(
    session: Session,
    desk: Desk,
    case: Case,
    message_id: int,
    *,
    outcome: Outcome | None = None,
    at: datetime,
    by: str,
    how: str = PAGE,
) -> Outcome:
    """Take a sent mail as our answer: the case closes at the instant it was sent. Returns the outcome.

    Without an `outcome` it is the likely one. Raises NoSuchSentMail, AnswerSettled, OutcomeNotSaid, what close raises,
    or ClockError where the law lets no answer end the case as it stood then.
    """
    answer = _asked(session, case, message_id)
    ends = outcome or likely_outcome(session, case, answer)
    if ends is None:
        raise OutcomeNotSaid(reference=case.reference)
    require_closable(session, case, ends, answered_on=answer.sent_at.astimezone(LONDON).date(), at=at, by=by)
    told: dict[str, Any] = {
        "outcome": ends.value,
        **decided(session, case),
        "source": SOURCE,
        "message": message_id,
        "accepted": how,
        "sent_by": _sender(session, message_id),
    }
    record(session, desk, case, Kind.CLOSED, at=at, happened_at=answer.sent_at, by=by, **told)
    _decide(session, answer, AnswerState.ACCEPTED, at, by, "")
    return ends


def decline_answer(
    session: Session,
    desk: Desk,
    case: Case,
    message_id: int,
    why: NotTheAnswer,
    *,
    reason: str = "",
    at: datetime,
    by: str,
) -> None:
    """Say that a sent mail was not our answer; the clock runs on, unless it asked the requester what they mean.

    Raises NoSuchSentMail, AnswerSettled, ReasonNotSaid, NotAllowedNow, or ClockError where nothing can be asked now.
    """
    answer = _asked(session, case, message_id)
    if why is NotTheAnswer.OTHER and not reason.strip():
        raise ReasonNotSaid
    require(case.stage, Act.CLOSE)
    what = reason.strip() or why.value
    if why is NotTheAnswer.QUESTION:
        _sought_clarification(session, desk, case, answer, at, by)
    record(session, desk, case, Kind.NOT_THE_ANSWER, at=at, by=by, message=message_id, reason=what)
    _decide(session, answer, AnswerState.DECLINED, at, by, what)


def _sought_clarification(session: Session, desk: Desk, case: Case, answer: SentAnswer, at: datetime, by: str) -> None:
    """The mail asked what is meant: the clock stopped when it was sent, and runs again if that is answered already."""
    consider(session, desk, case, ClockFact(Kind.CLARIFICATION_SOUGHT, _day(answer)), at=at, by=by)
    told: dict[str, Any] = {"source": SOURCE, "message": answer.message_id}
    record(session, desk, case, Kind.CLARIFICATION_SOUGHT, at=at, happened_at=answer.sent_at, by=by, **told)
    # The requester may have answered before anybody said so: a clock that stays stopped would make us late in law.
    for message in messages_of_case(session, case.id):
        if message.direction == "in" and message.at > answer.sent_at:
            hear_clarification(session, desk, case, message, at=at)


def accept_silent(session: Session, desk: Desk, *, today: date, at: datetime) -> int:
    """Accept what nobody has contradicted for as long as the settings say; returns how many.

    Only where everything speaks for it: the words are those of an answer, the outcome is known, its time is not in
    doubt, and the checker has nothing that blocks. The rest stays with a person.
    """
    days = desk.settings.team.accept_sent_after
    if not days:
        return 0
    done = 0
    for answer, _message, case in asked_answers(session, limit=1000):
        if answer.told_at is None or not _plain(answer):
            continue
        told_on = answer.told_at.astimezone(LONDON).date()
        if desk.calendars.of(case.regime).count(told_on, today) <= days:
            continue
        done += _accept_if_possible(session, desk, case, answer, at)
    return done


def _accept_if_possible(session: Session, desk: Desk, case: Case, answer: SentAnswer, at: datetime) -> bool:
    try:
        accept_answer(session, desk, case, answer.message_id, at=at, by=DESK, how=SILENCE)
    except REFUSALS:
        return False  # it needs a person, whom the lists still ask
    return True


def _plain(answer: SentAnswer) -> bool:
    blocked = any(one.blocks for one in findings_of(answer))
    return answer.seems == Seems.ANSWER and not answer.doubts and answer.checked_at is not None and not blocked


def check_sent_answer(
    session: Session, desk: Desk, answer: SentAnswer, words_of_files: Mapping[str, str], *, at: datetime
) -> None:
    """Keep what the letter checker has against a mail that has gone, then ask the owner whether it was the answer.

    `words_of_files` are the texts of the letters that came with it, by the files' names: the last word on what it says.
    """
    case = case_by_id(session, answer.case_id)
    message = session.get_one(Message, answer.message_id)
    names = tuple(file.name for file in files_of(session, [message.id]))
    own = own_words(body_of(session, message.id).text, message.subject)
    text = "\n\n".join([own, *words_of_files.values()])
    impression = impression_of(text, names)
    seems, likely = impression.seems.value, impression.outcome.value if impression.outcome else ""
    facts = replace(notice_facts(session, desk, case, _day(answer)), attachments=names, attachments_unreleased=())
    # A question or a holding reply is no notice, so nothing that a notice needs is missing in it.
    results = _results(text, facts) if impression.seems in (Seems.ANSWER, Seems.UNCLEAR) else ()
    change_row(
        session,
        answer,
        seems=seems,
        likely=likely,
        findings=json.dumps([_against(one) for one in results if one.verdict in (Verdict.BLOCK, Verdict.WARN)]),
        checked_at=at,
    )
    if answer.state == AnswerState.ASKED and case.stage != Stage.CLOSED:
        ask_owner(session, desk, case, answer, at=at)


def _results(text: str, facts: NoticeFacts) -> Sequence[Result]:
    """What the rules say of a mail; by its words alone where nobody has decided the questions on the desk."""
    with_record = check_notice(text, facts)
    if facts.questions and all(question.decision for question in facts.questions):
        return with_record
    by_words = [one for one in check_notice(text, None, facts.regime) if one.rule not in OF_THE_CASE]
    return [*by_words, *(one for one in with_record if one.rule in OF_THE_CASE)]


def _against(result: Result) -> dict[str, object]:
    blocks = result.verdict is Verdict.BLOCK
    return {"rule": result.rule, "blocks": blocks, "sentence": result.sentence, "citation": result.citation}


def ask_owner(session: Session, desk: Desk, case: Case, answer: SentAnswer, *, at: datetime) -> Letter | None:
    """Write to the owner, who may reply with "yes" or "no", or to the team, to ask whether a sent mail was the answer;
    once.
    """
    if answer.told_at is not None:
        return None
    change_row(session, answer, told_at=at)
    owner = officer_by_id(session, case.owner_id) if case.owner_id else None
    if owner is not None and owner.active:
        words = letter_words(session, desk, case, answer, owner.name)
        about = answer.message_id
        return write_to_officer(session, desk, owner, LETTER, Topic.SENT, words, case=case, about=about, at=at)
    team = desk.settings.team.address
    if team is None:
        return None
    name = desk.settings.authority.name
    words = letter_words(session, desk, case, answer, name) | {"answers": None}
    written = desk.stationery.write(LETTER, words)
    return queue(session, desk, LETTER, Recipient(name, team), written, at=at, case=case, automatic="auto-generated")


def letter_words(session: Session, desk: Desk, case: Case, answer: SentAnswer, name: str) -> dict[str, object]:
    """What the letter to the owner may say."""
    message = session.get_one(Message, answer.message_id)
    likely = likely_outcome(session, case, answer)
    return {
        "case": case,
        "name": name,
        "subject": message.subject,
        "sender": message.sender_name or message.sender_address,
        "sent_at": f"{answer.sent_at.astimezone(LONDON):%H:%M}",
        "sent_on": _day(answer),
        "seems": answer.seems,
        "outcome": likely.value if likely else "",
        "doubts": answer.doubts.splitlines(),
        "blocking": [one for one in findings_of(answer) if one.blocks],
        "silence": desk.settings.team.accept_sent_after if _plain(answer) and likely else 0,
        "link": answer_link(desk, case, answer),
    }


def answer_link(desk: Desk, case: Case, answer: SentAnswer) -> str:
    """The page on which the question is answered."""
    return f"{desk.settings.web.url.rstrip('/')}/cases/{case.reference}/answered/{answer.message_id}"


def _asked(session: Session, case: Case, message_id: int) -> SentAnswer:
    answer = lock_answer(session, case.id, message_id)
    if answer.state != AnswerState.ASKED:
        raise AnswerSettled
    return answer


def _decide(session: Session, answer: SentAnswer, state: AnswerState, at: datetime, by: str, reason: str) -> None:
    change_row(session, answer, state=state.value, decided_at=at, decided_by=by, reason=reason)


def _day(answer: SentAnswer) -> date:
    return answer.sent_at.astimezone(LONDON).date()


def _sender(session: Session, message_id: int) -> str:
    sender = officer_by_email(session, session.get_one(Message, message_id).sender_address)
    return officer_actor(sender.id) if sender is not None else ""


def texts_wanted(session: Session, message_id: int) -> Sequence[tuple[str, str, int]]:
    """The files that came with a mail, as name, SHA-256 and size, whose words the checker should read too."""
    files = files_of(session, [message_id])
    return [(file.name, file.sha256, file.size) for file in files if file.name.lower().endswith((".pdf", ".docx"))]
