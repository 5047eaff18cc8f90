"""When a letter that could not be handed over is tried again, and when it is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mail.submit import Submission, Verdict
from service.store.correspondence import FAILED, RETRY, SENT, UNCERTAIN

DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))  # the last for ever after
GIVE_UP = timedelta(hours=48)
OUR_FAULT_DELAY = timedelta(minutes=15)
REPEAT_DELAY = timedelta(minutes=5)  # for the server's own copy to reach the Sent folder


@dataclass(frozen=True, slots=True)
class Step:
    """The state a letter goes to, and when it is looked at again."""

    state: str
    next_try_at: datetime | None = None


def next_step(submission: Submission, *, attempts: int, written_at: datetime, now: datetime, repeatable: bool) -> Step:
    """What follows from an attempt; `attempts` counts it, `repeatable` allows an uncertain letter to go once more."""
    match submission.verdict:
        case Verdict.SENT:
            return Step(SENT)
        case Verdict.FAILED:
            return Step(FAILED)
        case Verdict.UNCERTAIN:
            return Step(UNCERTAIN, now + REPEAT_DELAY if repeatable else None)
        case Verdict.OUR_FAULT:
            return Step(RETRY, now + OUR_FAULT_DELAY)
        case Verdict.RETRY | Verdict.THROTTLED:
            return _later(attempts, written_at, now)


def _later(attempts: int, written_at: datetime, now: datetime) -> Step:
    # A desk that was itself off for two days must not give its letters up at their first attempt.
    if attempts > len(DELAYS) and now - written_at >= GIVE_UP:
        return Step(FAILED)
    return Step(RETRY, now + DELAYS[min(attempts, len(DELAYS)) - 1])
