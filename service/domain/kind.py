"""What can happen to a case."""

from enum import StrEnum


class Kind(StrEnum):
    """What can happen to a case."""

    RECEIVED = "received"
    NOT_ACKNOWLEDGED = "not acknowledged"
    POST_FILED = "post filed"
    SENT_BY_HAND = "sent by hand"
    NOT_THE_ANSWER = "not the answer"
    POST_TAKEN_OFF = "post taken off"
    MAILBOX_MOVE = "moved in the mailbox"
    REQUESTER_CONFIRMED = "requester confirmed"
    FORWARD_DECLINED = "forward declined"
    LETTER_WRITTEN = "letter written"
    LETTER_SENT = "letter sent"
    LETTER_FAILED = "letter failed"
    LETTER_UNCERTAIN = "letter uncertain"
    LETTER_BOUNCED = "letter bounced"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    HANDED_BACK = "handed back"
    QUESTIONS_SET = "questions set"
    DECIDED = "decided"
    ESTIMATED = "cost estimated"
    DRAFTED = "drafted"
    OVERRIDDEN = "rule overridden"
    SUBMITTED = "sent for clearance"
    APPROVED = "approved"
    RETURNED = "returned for redrafting"
    RECALLED = "draft taken back"
    RESPONSE_QUEUED = "response queued"
    FILE_ADDED = "file added"
    FILE_RELEASED = "file released"
    FILE_WITHDRAWN = "file withdrawn"
    CONSULTED = "somebody consulted"
    CONSULTATION_CHASED = "consultation chased"
    CONSULTATION_ANSWERED = "consultation answered"
    CONSULTATION_UNATTENDED = "consultation answered by a machine"
    CONSULTATION_CLOSED = "consultation closed"
    INSTRUCTED = "instructed by email"
    NOTED = "noted"
    REMINDED = "reminded"
    CLARIFICATION_SOUGHT = "clarification sought"
    CLARIFIED = "clarified"
    FEES_NOTICE = "fees notice given"
    FEE_PAID = "fee paid"
    EXTENDED = "extended"
    RECEIPT_CORRECTED = "receipt corrected"
    REGIME_CHANGED = "regime changed"
    RECOUNTED = "recounted"
    STRUCK_OUT = "struck out"
    UNDONE = "undone"
    FOLLOWED = "followed by a case"
    INDEPENDENCE_WAIVED = "reviewed by somebody not independent"
    REVIEW_FOUND = "review found"
    REGULATOR_DECIDED = "regulator decided"
    CLOSED = "closed"


# What the statutory clock hears.
CLOCK_KINDS = frozenset(
    {
        Kind.RECEIVED,
        Kind.CLARIFICATION_SOUGHT,
        Kind.CLARIFIED,
        Kind.FEES_NOTICE,
        Kind.FEE_PAID,
        Kind.EXTENDED,
        Kind.RECEIPT_CORRECTED,
        Kind.REGIME_CHANGED,
        Kind.CLOSED,
    }
)
# What moves a case on without moving its clock.
PROGRESS_KINDS = frozenset(
    {
        Kind.TRIAGED,
        Kind.ASSIGNED,
        Kind.ACCEPTED,
        Kind.HANDED_BACK,
        Kind.UNDONE,
        Kind.SUBMITTED,
        Kind.APPROVED,
        Kind.RETURNED,
        Kind.RECALLED,
        Kind.RESPONSE_QUEUED,
        Kind.LETTER_FAILED,
        Kind.LETTER_BOUNCED,
    }
)
# The kinds that a replay hears; the others are the record of what was done, and change no cached column.
CHANGING = CLOCK_KINDS | PROGRESS_KINDS | {Kind.STRUCK_OUT}
# What takes the event that it names out of the replay: the record keeps both.
TAKING_BACK = frozenset({Kind.STRUCK_OUT, Kind.UNDONE})
