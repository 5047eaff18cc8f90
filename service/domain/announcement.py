"""What other systems are told of a case."""

from enum import StrEnum


class Announcement(StrEnum):
    """An event that webhooks are told of; a test is told to one that somebody tries."""

    RECEIVED = "case.received"
    DUE_SOON = "case.due_soon"
    OVERDUE = "case.overdue"
    ANSWERED = "case.answered"
    TEST = "webhook.test"


OF_CASES = tuple(one for one in Announcement if one is not Announcement.TEST)
SAID = {
    Announcement.RECEIVED: "A request was received",
    Announcement.DUE_SOON: "A case falls due soon",
    Announcement.OVERDUE: "A case is overdue",
    Announcement.ANSWERED: "A case was answered",
    Announcement.TEST: "A test",
}
