"""Where a case stands in its life, and the one table of who may do what with it, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from service.errors import DeskError


class Stage(StrEnum):
    """Stopped, extended, due soon and overdue are no stages: they are read from the clock."""

    NEW = "new"  # nobody has said what it is
    INVALID = "waiting to be a valid request"  # s.8: the requester was asked for what is missing
    NOT_FOI = "thought not to be a request"  # until a supervisor confirms it
    ALLOCATED = "allocated"  # given to an officer who has not accepted it yet
    DRAFTING = "drafting"
    CLEARANCE = "clearance"
    READY = "ready to send"
    SENDING = "being sent"
    CLOSED = "closed"

    @property
    def slug(self) -> str:
        """As an address writes it."""
        return self.name.lower().replace("_", "-")


OPEN = tuple(stage for stage in Stage if stage is not Stage.CLOSED)
BEGUN = (Stage.NEW, Stage.INVALID, Stage.NOT_FOI, Stage.ALLOCATED)
WORKED_ON = (Stage.ALLOCATED, Stage.DRAFTING)


class Act(StrEnum):
    """What a member of the team may do with a case."""

    TRIAGE = "triage"
    CONFIRM = "confirm the triage of"
    ASSIGN = "assign"
    ACCEPT = "accept"
    HAND_BACK = "hand back"
    NOTE = "add a note"
    REPLY = "reply"
    CLOCK = "change the clock of"
    CORRECT = "correct the record of"
    CONSULT = "ask others for the information of"
    DECIDE = "decide the questions of"
    DRAFT = "draft the response of"
    SUBMIT = "ask for clearance of"
    CLEAR = "clear the response of"
    RECALL = "take back the draft of"
    SEND = "send the response of"
    CLOSE = "close"


class Party(StrEnum):
    """In what capacity somebody of the team acts on a case."""

    TEAM = "anyone of the team"
    OWNER = "the owner of the case, or a supervisor"
    TRIAGER = "the owner of the case, a supervisor, or anyone while nobody has it"
    RECEIVER = "the officer it was given to"
    APPROVER = "the approver whose turn it is"
    SUPERVISOR = "a supervisor"


@dataclass(frozen=True, slots=True)
class Rule:
    """The stages in which an act may be done, and by whom."""

    stages: Collection[Stage]
    by: Party


RULES: dict[Act, Rule] = {
    Act.TRIAGE: Rule(frozenset({*BEGUN, Stage.DRAFTING}), Party.TRIAGER),
    Act.CONFIRM: Rule(frozenset({Stage.NOT_FOI}), Party.SUPERVISOR),
    Act.ASSIGN: Rule(frozenset(OPEN), Party.TEAM),  # to whom, access.may_assign says
    Act.ACCEPT: Rule(frozenset({Stage.ALLOCATED}), Party.RECEIVER),
    Act.HAND_BACK: Rule(frozenset(WORKED_ON), Party.RECEIVER),
    Act.NOTE: Rule(frozenset(Stage), Party.TEAM),
    Act.REPLY: Rule(frozenset(Stage), Party.OWNER),
    Act.CLOCK: Rule(frozenset(OPEN), Party.OWNER),
    Act.CORRECT: Rule(frozenset(Stage), Party.OWNER),
    Act.CONSULT: Rule(frozenset(OPEN), Party.OWNER),
    Act.DECIDE: Rule(frozenset(WORKED_ON), Party.OWNER),
    Act.DRAFT: Rule(frozenset(WORKED_ON), Party.OWNER),
    Act.SUBMIT: Rule(frozenset({Stage.DRAFTING}), Party.OWNER),
    Act.CLEAR: Rule(frozenset({Stage.CLEARANCE}), Party.APPROVER),
    Act.RECALL: Rule(frozenset({Stage.CLEARANCE, Stage.READY}), Party.OWNER),
    Act.SEND: Rule(frozenset({Stage.READY}), Party.OWNER),
    Act.CLOSE: Rule(frozenset(OPEN) - {Stage.SENDING}, Party.OWNER),
}


class NotAllowedNow(DeskError):
    """You cannot {act} a case that is {stage}."""


def allowed(stage: str) -> frozenset[Act]:
    """What can be done in a stage, by whoever may."""
    return frozenset(act for act, rule in RULES.items() if Stage(stage) in rule.stages)


def require(stage: str, act: Act) -> None:
    """Raise NotAllowedNow when the stage does not allow the act."""
    if Stage(stage) not in RULES[act].stages:
        raise NotAllowedNow(act=act.value, stage=stage)
