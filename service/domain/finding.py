"""One line of a check-up: what was looked at, whether it is well, and what to do when it is not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` names the thing, `found` says how it stands, `advice` what to do about it when not `ok`."""

    subject: str
    ok: bool
    found: str
    advice: str = ""
