"""How far a case has come: its stage, owner and outcome, as a replay of its events gives them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from service.domain.kind import Kind
from service.domain.stage import Stage


class Triage(StrEnum):
    """What a mail turned out to be when somebody read it."""

    REQUEST = "a request for information"
    INVALID = "not valid yet: something is missing"  # s.8(1): a name, an address, a description
    BUSINESS = "business as usual"
    SUBJECT_ACCESS = "a subject access request"  # article 15 UK GDPR
    COMPLAINT = "a complaint"

    @property
    def is_request(self) -> bool:
        """Whether the Act applies to it, be it valid yet or not."""
        return self in (Triage.REQUEST, Triage.INVALID)


class Told(Protocol):
    """What is read of an event."""

    @property
    def kind(self) -> Kind: ...
    @property
    def actor(self) -> str: ...
    @property
    def data(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """`accepted` once the owner has taken the case on; `letter` is the response that was queued last, by key."""

    stage: Stage = Stage.NEW
    owner_id: int | None = None
    outcome: str = ""
    accepted: bool = False
    letter: str = ""


def progress(history: Iterable[Told]) -> Progress:
    """What the events of a case, in the order recorded and less those struck out, have made of it."""
    so_far = Progress()
    for event in history:
        so_far = _step(so_far, event)
    return so_far


def _step(so_far: Progress, event: Told) -> Progress:
    match event.kind:
        case Kind.ASSIGNED:
            return _assigned(so_far, int(event.data["owner"]))
        case Kind.TRIAGED:
            return replace(so_far, stage=_triaged(so_far, Triage(event.data["found"])))
        case Kind.ACCEPTED:
            return replace(so_far, stage=Stage.DRAFTING, accepted=True)
        case Kind.HANDED_BACK:
            return replace(so_far, stage=Stage.NEW, owner_id=None, accepted=False)
        case Kind.SUBMITTED:
            return replace(so_far, stage=Stage.CLEARANCE if event.data["approvers"] else Stage.READY)
        case Kind.APPROVED:
            return replace(so_far, stage=Stage.CLEARANCE if event.data["next"] else Stage.READY)
        case Kind.RETURNED | Kind.RECALLED:
            return replace(so_far, stage=Stage.DRAFTING)
    return _ended(so_far, event)


def _ended(so_far: Progress, event: Told) -> Progress:
    match event.kind:
        case Kind.RESPONSE_QUEUED:
            return replace(so_far, stage=Stage.SENDING, letter=event.data["letter"])
        case Kind.LETTER_FAILED | Kind.LETTER_BOUNCED if _is_response(so_far, event):
            return replace(so_far, stage=Stage.READY)
        case Kind.CLOSED:
            return replace(so_far, stage=Stage.CLOSED, outcome=event.data["outcome"])
    return so_far


def _assigned(so_far: Progress, owner_id: int) -> Progress:
    """A new owner has still to accept; a response that is being cleared or sent goes its way meanwhile."""
    if so_far.stage in (Stage.CLEARANCE, Stage.READY, Stage.SENDING):
        return replace(so_far, owner_id=owner_id)
    stage = so_far.stage if so_far.stage in (Stage.INVALID, Stage.NOT_FOI) else Stage.ALLOCATED
    return replace(so_far, stage=stage, owner_id=owner_id, accepted=False)


def _triaged(so_far: Progress, found: Triage) -> Stage:
    if found is Triage.INVALID:
        return Stage.INVALID
    if not found.is_request:
        return Stage.NOT_FOI
    if so_far.owner_id is None:
        return Stage.NEW
    return Stage.DRAFTING if so_far.accepted else Stage.ALLOCATED


def _is_response(so_far: Progress, event: Told) -> bool:
    return so_far.stage is Stage.SENDING and event.data["letter"] == so_far.letter
