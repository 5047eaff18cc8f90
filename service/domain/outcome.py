"""How a request ended, in the words the statistics count by (s.45 Code of Practice, paragraph 8.5)."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a request."""

    GRANTED = "granted in full"
    PART = "part disclosed, part refused"
    REFUSED = "refused in full"
    NOT_HELD = "information not held"
    NEITHER = "neither confirmed nor denied"
    COST_LIMIT = "refused: cost limit (s.12)"
    VEXATIOUS = "refused: vexatious or repeated (s.14)"
    NOT_FOI = "not a request under the Act"
    WITHDRAWN = "withdrawn by the requester"
    TRANSFERRED = "transferred to another authority"
    LAPSED = "lapsed: what we had asked for never came"
