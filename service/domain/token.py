"""Tokens that open something to whoever holds them: random ones, of which only the SHA-256 is kept."""

from enum import StrEnum
from hashlib import sha256

API_PREFIX = "fdk_"  # by which a token that leaked is recognised, by people and by scanners for secrets


class Scope(StrEnum):
    """What a token of the API may read; `requesters` adds to the others who asked, and in which words."""

    CASES = "cases"
    DEADLINES = "deadlines"
    STATISTICS = "statistics"
    REQUESTERS = "requesters"


def digest(token: str) -> str:
    """What is kept of a token, in hexadecimal; a whole random token needs no salt and no slow hash."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
