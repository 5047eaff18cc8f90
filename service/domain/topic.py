"""What a mail of the desk to an officer is about, and what may be said in answer to it.

A mail's topic and the key of what it is about stand beside its one-time address. A new kind of question that is
answered with yes or no is a Topic here with ANSWERED in ANSWERS, and a row in casework.answer_question.ASKED.
"""

from collections.abc import Mapping
from enum import StrEnum

from service.domain.instruction import Verb


class Topic(StrEnum):
    """What a mail is about; beside it stands a key of its own, 0 where the case says it all."""

    CASE = "case"  # one case: a chaser, an assignment
    LIST = "list"  # several cases, as a digest: the line names the one that is meant
    CLEARANCE = "clearance"  # the key is the draft's: what was not read is not approved
    DONE = "done"  # the key is the instruction's that was carried out
    SENT = "sent"  # the key is that of a mail sent by hand: was it our answer?
    NOTICE = "notice"  # the key is the instruction's that wants more time: shall the letter go that was shown?
    CONSULTED = "consulted"  # the key is the consultation's: is it what its answer seems to say?


WORK = (Verb.TAKE, Verb.ASSIGN, Verb.HAND_BACK, Verb.CLOSE, Verb.EXTEND, Verb.NOTE, Verb.STATUS)
TOLD = (Verb.NOTE, Verb.STATUS, Verb.HELP)
ANSWERED = (Verb.YES, Verb.NO)
ANSWERS: Mapping[Topic, tuple[Verb, ...]] = {
    Topic.CASE: (*WORK, Verb.HELP),
    Topic.LIST: (*WORK, Verb.HELP),
    Topic.CLEARANCE: (Verb.APPROVE, Verb.RETURN, *TOLD),
    Topic.DONE: (Verb.UNDO, *WORK, Verb.HELP),
    Topic.SENT: (*ANSWERED, Verb.QUESTION, *TOLD),
    Topic.NOTICE: (*ANSWERED, Verb.TOLD, Verb.EXTEND, *TOLD),
    Topic.CONSULTED: (*ANSWERED, *TOLD),
}
HOW: Mapping[Verb, tuple[str, str]] = {
    Verb.TAKE: ("take", "the case becomes yours"),
    Verb.ASSIGN: ("assign NAME", "give the case to somebody of the team"),
    Verb.HAND_BACK: ("hand back: REASON", "give the case up"),
    Verb.APPROVE: ("approve", "the response may go out as it is"),
    Verb.RETURN: ("return: REASON", "the response is to be changed"),
    Verb.CLOSE: ("close OUTCOME", "such as: close not held, close withdrawn on 4 May"),
    Verb.EXTEND: (
        "extend to DAY: REASON",
        "more time; you see the letter to the requester before it goes",
    ),
    Verb.NOTE: ("note: TEXT", "a note on the case; further lines belong to it"),
    Verb.STATUS: ("status", "how the case stands"),
    Verb.UNDO: ("undo", "take back what was done"),
    Verb.YES: ("yes", "it is so"),
    Verb.NO: ("no", "it is not so"),
    Verb.TOLD: ("told", "you have told the requester yourself, and no letter goes"),
    Verb.QUESTION: ("question", "it asked the requester what they mean, which stops the clock"),
    Verb.HELP: ("help", "what can be said"),
}
