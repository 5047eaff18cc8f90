"""Where a webhook may go: public addresses by https, and those of our own that the settings name.

Whoever may add a webhook could else have the desk call what only it can reach (server-side request forgery). The
name is looked up again at each sending, and the connection made to the very address that was checked.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from service.errors import DeskError

LONGEST = 2000  # characters of an address
_EMBEDDING = ip_network("64:ff9b::/96")  # an IPv4 address seen through NAT64 (RFC 6052)
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class DestinationUnfit(DeskError):
    """A webhook cannot go to this address: {why}"""


@dataclass(frozen=True, slots=True)
class Destination:
    """A web address taken apart; `target` is its path with its query."""

    secure: bool
    host: str
    port: int
    target: str

    @property
    def named(self) -> str:
        """The Host header (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def read_destination(url: str, internal: Iterable[Network] | None = None) -> Destination:
    """Take a web address apart; raises DestinationUnfit. With the networks of our own that webhooks may reach, what is
    an address itself must be one that can be reached; a name is looked up at each sending."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise DestinationUnfit(why="write it in plain letters, without spaces, in at most 2000 characters.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise DestinationUnfit(why="it is no web address.") from None
    if parts.scheme not in ("https", "http") or not host:
        raise DestinationUnfit(why="it must begin with https:// and name a server.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise DestinationUnfit(why="leave out the user name, the password and the part after #.")
    secure = parts.scheme == "https"
    if not secure and not _is_loopback(host):
        raise DestinationUnfit(why="only https keeps what is told from others on the way.")
    literal = _literal(host)
    if internal is not None and literal is not None and not may_reach(literal, internal):
        raise _inside(host)
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Destination(secure, host, port or (443 if secure else 80), target)


def _literal(host: str) -> Address | None:
    try:
        return ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return literal is not None and literal.is_loopback


def _inside(host: str) -> DestinationUnfit:
    return DestinationUnfit(why=f"{host} is inside a network; the setting [webhooks] internal_networks can allow it.")


def look_up(destination: Destination, internal: Iterable[Network]) -> str:
    """An address of the server, all of whose addresses may be reached; raises DestinationUnfit, or OSError."""
    found = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
    allowed = tuple(internal)
    addresses = [str(told[4][0]).partition("%")[0] for told in found]
    if not addresses or not all(may_reach(ip_address(address), allowed) for address in addresses):
        raise _inside(destination.host)
    return addresses[0]


# What Python calls global and nobody's server has: protocol assignments, and what a cloud tells its own machines.
_NOT_THEIRS = frozenset(map(IPv4Address, ("192.0.0.9", "192.0.0.10", "192.0.0.192", "168.63.129.16")))
_GIVEN_OUT = IPv6Network("2000::/3")  # all that IANA has given to anybody (RFC 4291, 2.4)


def may_reach(address: Address, internal: Iterable[Network]) -> bool:
    """Whether an address is public, or of our own networks that webhooks may reach."""
    plain = _unwrapped(address)
    if any(plain in network for network in internal):
        return True
    if plain in _NOT_THEIRS or plain.is_multicast or not plain.is_global:
        return False
    if isinstance(plain, IPv4Address):
        return True
    return plain in _GIVEN_OUT and plain.sixtofour is None and plain.teredo is None


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _EMBEDDING:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
