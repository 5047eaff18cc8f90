"""Whether the mail server that took a mail in vouches for the address it is said to come from (RFC 8601).

Anyone can write an Authentication-Results header. Believed is only the one that our own server wrote: it bears the
name that the administrator gave, and stands above the first hop that is not our server's. Even in that one stand words
of the sender's, such as the address that the envelope names; they are told from the server's by its grammar.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

RESULTS, RECEIVED = "authentication-results: ", "received: "  # how a trace names its fields

_BY = re.compile(r"(?i)\bby\s+([a-z0-9._-]{1,255})")
_FROM = re.compile(r"(?i)\s*from\b")
_PIECE = re.compile(r'\\.|[()";]|[^\\()";]+|\\$', re.DOTALL)
_PAIR = r"([^\s=]+)\s*=\s*(\S+)"
_RESULT, _PROPERTY = re.compile(rf"\s*{_PAIR}"), re.compile(_PAIR)
# What each method vouches for. Some servers name a DKIM signer only by its identity.
_VOUCHED = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


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
    said = [one for words in _believable(trace, server) for one in _results(words)] if server and domain else []
    if ("dmarc", "fail") in {(method, result) for method, result, _ in said} or _all_fail(said):
        return SenderCheck.FAILED
    passed = any(result == "pass" and _aligned(vouched, domain) for _, result, vouched in said)
    return SenderCheck.PASSED if passed else SenderCheck.UNKNOWN


def _all_fail(said: list[tuple[str, str, str]]) -> bool:
    found = [(method, result) for method, result, _ in said if method != "dmarc"]
    return len({method for method, _ in found}) > 1 and all(result == "fail" for _, result in found)


def _believable(trace: tuple[str, ...], server: str) -> Iterator[list[str]]:
    """What our server wrote, as _statements: only above the second hop, since whoever sends a mail can write all that
    stands below. Nor does every server take away what bears its name when it comes in, and puts its own above: of
    what stands below our hop only the first is believed, and nothing where our server has written above."""
    ours = told = False
    for field in trace:
        if field.startswith(RECEIVED):
            hop = field.removeprefix(RECEIVED)
            if _FROM.match(hop) is None:
                continue  # Gmail hands a mail on to itself
            if ours or not _by_ours(" ".join(_statements(hop)), server):
                return  # the name after "from" is what the sender called itself, and tells nothing
            ours = True
        elif field.startswith(RESULTS) and not (ours and told):
            name, *results = _statements(field.removeprefix(RESULTS)) or [""]
            if name.casefold().split()[:1] == [server.casefold()]:  # a version may follow
                told = True
                yield results


def _statements(value: str) -> list[str]:
    """What stands between the semicolons of a field, without comments; nothing when a comment or quotation never ends.

    What is quoted is one word, for there the sender may have written anything. In a comment a quotation is none by RFC
    5322, 3.2.2; but servers write addresses there as they came, and one may have a bracket within its quotes.
    """
    statements, quoted, depth = [""], False, 0
    for piece in _PIECE.findall(value):
        if piece == '"':
            quoted = not quoted
        elif depth:
            depth += 0 if quoted else {"(": 1, ")": -1}.get(piece, 0)
        elif quoted or piece[0] == "\\":
            statements[-1] += re.sub(r"[^A-Za-z0-9@._-]", "_", piece)
        elif piece == "(":
            depth, statements[-1] = 1, statements[-1] + " "
        elif piece == ";":
            statements.append("")
        else:
            statements[-1] += piece
    return [] if quoted or depth else statements


def _by_ours(received: str, server: str) -> bool:
    host = _BY.search(received)
    return host is not None and _within(host[1], _organisation(server))


def _organisation(server: str) -> str:
    """The domain that a server's neighbours share: mx1.anytown.example is one of anytown.example."""
    return server.casefold().partition(".")[2] or server.casefold()


def _results(statements: list[str]) -> Iterator[tuple[str, str, str]]:
    """Each method with its result and the domain that it vouches for, if any."""
    for statement in statements:
        result = _RESULT.match(statement)
        method = result[1].lower() if result else ""
        if result and method in _VOUCHED:
            properties = _PROPERTY.findall(statement, result.end())
            named = (value for wanted in _VOUCHED[method] for name, value in properties if name.lower() == wanted)
            yield method, result[2].lower(), next(named, "").rpartition("@")[2]


def _aligned(vouched: str, domain: str) -> bool:
    return _within(domain, vouched) or _within(vouched, domain)


def _within(domain: str, other: str) -> bool:
    inner, outer = domain.casefold().rstrip("."), other.casefold().rstrip(".")
    return "." in outer and (inner == outer or inner.endswith("." + outer))
