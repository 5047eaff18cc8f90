"""How a request ended, in the words the statistics count by (s.45 Code of Practice, paragraph 8.5)."""

from collections.abc import Iterable
from enum import StrEnum

from service.domain.notice_law import notice_law
from service.domain.question import Decision
from service.domain.regime import Regime


class Outcome(StrEnum):
    """What became of a request."""

    GRANTED = "granted in full"
    PART = "part disclosed, part refused"
    REFUSED = "refused in full"
    NOT_HELD = "information not held"
    NEITHER = "neither confirmed nor denied"
    ACCESSIBLE = "already accessible (s.21)"
    COST_LIMIT = "refused: cost limit (s.12)"
    VEXATIOUS = "refused: vexatious or repeated (s.14)"
    NOT_FOI = "not a request under the Act"
    WITHDRAWN = "withdrawn by the requester"
    TRANSFERRED = "transferred to another authority"
    LAPSED = "lapsed: what we had asked for never came"
    UPHELD = "first decision upheld"
    PARTLY_UPHELD = "first decision upheld in part"
    OVERTURNED = "first decision overturned"
    COMPLAINT_UPHELD = "complaint upheld"
    COMPLAINT_PARTLY_UPHELD = "complaint partly upheld"
    COMPLAINT_NOT_UPHELD = "complaint not upheld"
    RESOLVED = "resolved informally"


OF_REVIEWS = (Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.OVERTURNED)
OF_COMPLAINTS = (
    Outcome.COMPLAINT_UPHELD,
    Outcome.COMPLAINT_PARTLY_UPHELD,
    Outcome.COMPLAINT_NOT_UPHELD,
    Outcome.RESOLVED,
)
OF_REQUESTS = tuple(outcome for outcome in Outcome if outcome not in (*OF_REVIEWS, *OF_COMPLAINTS))


def is_open_to(outcome: Outcome, matter: str) -> bool:
    """Whether a case of a matter can end so: a finding on a first decision or a complaint belongs to those alone."""
    if matter == "regulator":
        return outcome in outcomes_of(matter)
    return outcome in OF_REQUESTS or (matter == "review" and outcome in OF_REVIEWS)


def outcomes_of(matter: str) -> tuple[Outcome, ...]:
    """How a case of a matter is usually closed by hand."""
    ended = (Outcome.WITHDRAWN,)
    return {"review": (*OF_REVIEWS, *ended), "regulator": (*OF_COMPLAINTS, *ended)}.get(matter, OF_REQUESTS)


_ALONE = {
    Decision.DISCLOSE: Outcome.GRANTED,
    Decision.PARTLY: Outcome.PART,
    Decision.WITHHOLD: Outcome.REFUSED,
    Decision.NEITHER: Outcome.NEITHER,
    Decision.NOT_HELD: Outcome.NOT_HELD,
    Decision.ACCESSIBLE: Outcome.ACCESSIBLE,
    Decision.COST_LIMIT: Outcome.COST_LIMIT,
    Decision.VEXATIOUS: Outcome.VEXATIOUS,
    Decision.REPEATED: Outcome.VEXATIOUS,
}
_GIVES = frozenset({Decision.DISCLOSE, Decision.PARTLY, Decision.ACCESSIBLE})
_GIVES_ALL = frozenset({Decision.DISCLOSE, Decision.ACCESSIBLE})
_NOT_HELD = frozenset({Decision.NOT_HELD})
_ELSEWHERE = frozenset({Decision.ACCESSIBLE})


def outcome_of(decisions: Iterable[Decision], regime: Regime) -> Outcome:
    """What the decisions on the questions of a request, at least one, come to for the request as a whole.

    Information not held does not make an answer less than full (s.45 Code, paragraph 8.5 counts it apart). Nor does
    section 21 (s.25 in Scotland), which exempts what it points to and so gives nothing either; under the Regulations
    what is easily had already is given (reg 6(1)(b) of both).
    """
    found = frozenset(decisions)
    held = found - _NOT_HELD
    counted = (held if notice_law(regime).environmental else held - _ELSEWHERE) or held or found
    alone = {_ALONE[decision] for decision in counted}
    if len(alone) == 1 and (counted == found or Outcome.NEITHER not in alone):  # which is said of a whole request
        return alone.pop()
    if counted <= _GIVES_ALL:
        return Outcome.GRANTED
    return Outcome.PART if counted & _GIVES else Outcome.REFUSED
