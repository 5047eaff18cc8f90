"""Where a case stands in its life, and which acts each stage allows."""

from enum import StrEnum

from service.errors import DeskError


class Stage(StrEnum):
    NEW = "new"
    ALLOCATED = "allocated"
    CLOSED = "closed"


OPEN = (Stage.NEW, Stage.ALLOCATED)


class Act(StrEnum):
    """What an officer may do with a case."""

    ASSIGN = "assign"
    NOTE = "add a note"
    REPLY = "reply"
    CLOCK = "change the clock of"
    CORRECT = "correct the record of"
    CLOSE = "close"


ALLOWED: dict[Stage, frozenset[Act]] = {
    Stage.NEW: frozenset(Act),
    Stage.ALLOCATED: frozenset(Act),
    Stage.CLOSED: frozenset({Act.NOTE, Act.REPLY, Act.CORRECT}),
}


class NotAllowedNow(DeskError):
    """You cannot {act} a case that is {stage}."""


def require(stage: str, act: Act) -> None:
    """Raise NotAllowedNow when the stage does not allow the act."""
    if act not in ALLOWED[Stage(stage)]:
        raise NotAllowedNow(act=act.value, stage=stage)
