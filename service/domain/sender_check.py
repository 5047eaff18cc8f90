"""Whether the mail server that took a mail in vouches for the address it is said to come from (RFC 8601).

Anyone can write an Authentication-Results header. Believed is only the one that our own server wrote: it bears the
name that the administrator gave, and stands above the first hop that is not our server's.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

RESULTS, RECEIVED = "authentication-results: ", "received: "  # how a trace names its fields

_COMMENT = re.compile(r"\([^()]*\)")
_BY = re.compile(r"(?i)\bby\s+([a-z0-9._-]{1,255})")
_FROM = re.compile(r"(?i)^\s*from\s")
_RESULT = re.compile(r"(?i)^\s*(dmarc|dkim|spf)\s*=\s*([a-z]{1,20})\b(.*)", re.DOTALL)
_DOMAIN = re.compile(
    r"(?i)\b(?:header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*\"?(?:[^\s;@\"]*@)?([a-z0-9._-]{1,255})"
)


class SenderCheck(StrEnum):
    """What our mail server says of the sender's address; UNKNOWN when it says nothing that can be believed."""

    UNKNOWN = ""
    PASSED = "passed"
    FAILED = "failed"


def check_sender(trace: tuple[str, ...], server: str, domain: str) -> SenderCheck:
    """What our `server` says of a mail from a domain; UNKNOWN where no server is named.

    The trace holds the Received and Authentication-Results fields, topmost first, each as "name: value". A domain is
    vouched for by DMARC, or by DKIM or SPF for that very domain or one it lies within (RFC 7489 3.1, relaxed).
    """
    said = [one for value in _believable(trace, server) for one in _results(value)] if server and domain else []
    if any(result == "pass" and _aligned(detail, domain) for _, result, detail in said):
        return SenderCheck.PASSED
    dmarc = {result for method, result, _ in said if method == "dmarc"}
    return SenderCheck.FAILED if "fail" in dmarc or _all_fail(said) else SenderCheck.UNKNOWN


def _all_fail(said: list[tuple[str, str, str]]) -> bool:
    found = {method: result for method, result, _ in said if method != "dmarc"}
    return len(found) > 1 and all(result == "fail" for result in found.values())


def _believable(trace: tuple[str, ...], server: str) -> Iterator[str]:
    """What our server wrote: only above the second hop, since whoever sends a mail can write all that stands below."""
    ours = False
    for field in trace:
        if field.startswith(RECEIVED):
            value = _COMMENT.sub(" ", field.removeprefix(RECEIVED))
            if _FROM.search(value) is None:
                continue  # Gmail hands a mail on to itself
            if ours or not _by_ours(value, server):
                return  # the name after "from" is what the sender called itself, and tells nothing
            ours = True
        elif field.startswith(RESULTS):
            name, _, results = _COMMENT.sub(" ", field.removeprefix(RESULTS)).partition(";")
            if name.casefold().split()[:1] == [server.casefold()]:  # a version may follow
                yield results


def _by_ours(received: str, server: str) -> bool:
    host = _BY.search(received)
    return host is not None and _within(host[1], _organisation(server))


def _organisation(server: str) -> str:
    """The domain that a server's neighbours share: mx1.anytown.example is one of anytown.example."""
    return server.casefold().partition(".")[2] or server.casefold()


def _results(value: str) -> Iterator[tuple[str, str, str]]:
    for part in value.split(";"):
        match = _RESULT.match(part)
        if match:
            yield match[1].lower(), match[2].lower(), match[3]


def _aligned(detail: str, domain: str) -> bool:
    return any(_within(domain, found[1]) or _within(found[1], domain) for found in _DOMAIN.finditer(detail))


def _within(domain: str, other: str) -> bool:
    inner, outer = domain.casefold().rstrip("."), other.casefold().rstrip(".")
    return "." in outer and (inner == outer or inner.endswith("." + outer))
