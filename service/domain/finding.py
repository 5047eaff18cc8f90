"""One line of a check-up: what was looked at, whether it is well, and what to do when it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` names the thing, `found` says how it stands, `advice` what to do about it when not `ok`."""

    subject: str
    ok: bool
    found: str
    advice: str = ""


def of_each(found: Mapping[str, Sequence[Finding]]) -> list[Finding]:
    """The findings about several things, each told with the name of its thing; of a single one, without."""
    if len(found) < 2:
        return [finding for findings in found.values() for finding in findings]
    return [replace(one, subject=f"{name}: {one.subject}") for name, findings in found.items() for one in findings]
