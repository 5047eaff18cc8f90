"""What can happen to a statutory clock: frozen events, each on a Europe/London day."""

from dataclasses import dataclass
from datetime import date

from service.domain.regime import Matter, Regime


@dataclass(frozen=True, slots=True)
class Received:
    """The authority received the request, or the requirement for review; day 0 (s.10(6)(a)).

    A regulator's letter names the day for the answer, `answer_by`.
    """

    on: date
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class ReceiptCorrected:
    """It was found, for the reason given, that the authority had received the request on another day."""

    on: date
    received_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class RegimeChanged:
    """The case was found to run under another law, or another time limit of it, from its receipt on."""

    on: date
    regime: Regime
    matter: Matter | None = None  # None leaves it as it was


@dataclass(frozen=True, slots=True)
class ClarificationSought:
    """We asked what we reasonably need to find the information (s.1(3), reg 9(2))."""

    on: date


@dataclass(frozen=True, slots=True)
class Clarified:
    """What we asked for arrived: the new day 0 (s.10(6)(b), reg 9(4))."""

    on: date


@dataclass(frozen=True, slots=True)
class FeesNoticeGiven:
    """We told the requester what fee to pay first (s.9(1), reg 8(4))."""

    on: date


@dataclass(frozen=True, slots=True)
class FeePaid:
    """The fee reached us."""

    on: date


@dataclass(frozen=True, slots=True)
class Extended:
    """We gave notice that the answer will come by `until`, and why (s.17(2), reg 7(3))."""

    on: date
    until: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Our answer went out."""

    on: date


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What we had asked for never came."""

    on: date


@dataclass(frozen=True, slots=True)
class Transferred:
    """The request went to another authority, whose own day 0 is the day it gets it (s.16, reg 10(2))."""

    on: date


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The requester took the request back."""

    on: date


ClockEvent = (
    Received
    | ReceiptCorrected
    | RegimeChanged
    | ClarificationSought
    | Clarified
    | FeesNoticeGiven
    | FeePaid
    | Extended
    | Answered
    | Lapsed
    | Transferred
    | Withdrawn
)
