"""The outbox goes out: each letter claimed, handed over, and settled, in transactions of its own."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep

from sqlmodel import Session

from mail.compose import LetterUnsendable, wire_address
from mail.recover import recover_letters
from mail.retry import next_step
from mail.sender import Sender, senders
from mail.smtp_connection import open_smtp
from mail.smtp_fault import Phase, SendingRefused, SmtpBusy, SmtpFault, SmtpUnreachable
from mail.submit import SmtpSession, Submission, Verdict, seconds_for
from service.casework.settle_letter import settle_letter
from service.casework.uncertain_letter import AGAIN
from service.desk import Desk
from service.store.correspondence import FAILED, RETRY, SENT, UNCERTAIN
from service.store.database import reading, transaction
from service.store.outbox import claim_letter, due_letters, has_due, lock_letter, note_handing_over
from service.store.tables import Letter

SHORTEST_CLAIM = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many letters a round brought to each state."""

    sent: int = 0
    retry: int = 0
    failed: int = 0
    uncertain: int = 0


def deliver_outbox(desk: Desk, *, limit: int = 50, pause: Callable[[float], object] = sleep) -> Delivered:
    """Send at most `limit` letters from each mailbox over one connection; when that is lost, the next round goes on.

    Raises an SmtpFault, once every letter concerned is settled, when nothing can be sent from a mailbox until a person
    acts or the server is back; the letters of the others have then been sent.
    """
    recover_letters(desk)
    states: Counter[str] = Counter()
    faults: list[SmtpFault] = []
    for sender in senders(desk.settings):
        try:
            _deliver(desk, sender, limit, pause, states)
        except SmtpFault as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return Delivered(states[SENT], states[RETRY], states[FAILED], states[UNCERTAIN])


def _deliver(desk: Desk, sender: Sender, limit: int, pause: Callable[[float], object], states: Counter[str]) -> None:
    with reading(desk.engine) as session:
        if not has_due(session, sender.outlet, desk.now()):
            return
    try:
        connection = open_smtp(sender.smtp, wire_address(sender.box.address).rpartition("@")[2])
    except SmtpFault as fault:
        _hold(desk, sender, fault, states)
        return
    with connection:
        _round(desk, sender, connection, limit, pause, states)


def _round(
    desk: Desk,
    sender: Sender,
    connection: SmtpSession,
    limit: int,
    pause: Callable[[float], object],
    states: Counter[str],
) -> None:
    for number in range(limit):
        letter = _claim(desk, sender)
        if letter is None:
            return
        if number:
            pause(sender.smtp.pace_seconds)
        submission = _submit(desk, sender, connection, letter)
        states[_settle(desk, letter, submission)] += 1
        if submission.verdict in (Verdict.OUR_FAULT, Verdict.THROTTLED):
            _hold(desk, sender, _fault(sender, submission), states)
            return
        if not connection.alive:
            return


def _claim(desk: Desk, sender: Sender) -> Letter | None:
    with transaction(desk.engine) as session:
        return claim_letter(session, sender.outlet, desk.now(), _until(desk, sender))


def _until(desk: Desk, sender: Sender, size: int = 0) -> datetime:
    """How long a claim on a letter lasts; one that ends too early would call a slow letter abandoned.

    Four replies may each take the whole time-out, and content of `size` bytes takes its own time.
    """
    slowest = 5 * sender.smtp.timeout + sender.smtp.pace_seconds + seconds_for(size)
    return desk.now() + max(SHORTEST_CLAIM, timedelta(seconds=slowest))


def _submit(desk: Desk, sender: Sender, connection: SmtpSession, letter: Letter) -> Submission:
    ours = sender.box.address
    try:
        mail = sender.mail(desk, letter)
    except LetterUnsendable as fault:
        return Submission(Verdict.FAILED, Phase.MAIL, str(fault))

    def handing_over() -> None:
        with transaction(desk.engine) as session:
            note_handing_over(session, letter.id, _until(desk, sender, len(mail)))

    return connection.submit(wire_address(ours), wire_address(letter.recipient_address), mail, handing_over)


def _settle(desk: Desk, claimed: Letter, submission: Submission) -> str:
    """Write down what an attempt came to, unless the letter has since gone through other hands; its state now."""
    with transaction(desk.engine) as session:
        letter = lock_letter(session, claimed.id)
        ours = letter.attempts == claimed.attempts and letter.state != SENT
        if ours or (submission.verdict is Verdict.SENT and letter.state != SENT):
            _conclude(desk, session, letter, submission)
        return letter.state


def _conclude(desk: Desk, session: Session, letter: Letter, submission: Submission) -> None:
    now, again = desk.now(), letter.trouble.startswith(AGAIN)
    step = next_step(
        submission,
        attempts=letter.attempts,
        written_at=letter.created_at,
        now=now,
        repeatable=bool(letter.automatic) and not again,
    )
    trouble = f"{AGAIN} {submission.trouble}".strip() if again and step.state != SENT else submission.trouble
    phase = str(submission.phase)
    settle_letter(session, desk, letter, step.state, at=now, phase=phase, trouble=trouble, next_try_at=step.next_try_at)


def _fault(sender: Sender, submission: Submission) -> SmtpFault:
    kind = SmtpBusy if submission.verdict is Verdict.THROTTLED else SendingRefused
    return kind(submission.phase, host=sender.smtp.host, trouble=submission.trouble)


def _hold(desk: Desk, sender: Sender, fault: SmtpFault, states: Counter[str]) -> None:
    """Let every letter wait that would meet the same fault; raises the fault unless waiting is all there is to do."""
    attempt = Submission(_verdict(fault), fault.phase, str(fault).partition("\n")[0])
    with transaction(desk.engine) as session:
        for letter in due_letters(session, sender.outlet, desk.now()):
            letter.attempts += 1
            _conclude(desk, session, letter, attempt)
            states[letter.state] += 1
    if not isinstance(fault, SmtpBusy):
        raise fault


def _verdict(fault: SmtpFault) -> Verdict:
    if isinstance(fault, SmtpBusy):
        return Verdict.THROTTLED
    return Verdict.RETRY if isinstance(fault, SmtpUnreachable) else Verdict.OUR_FAULT
