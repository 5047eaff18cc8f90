"""Where a request comes from, for what counts requests."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask_limiter.util import get_remote_address

BITS = 64  # of an IPv6 address tell whose it is: each customer has a network of at least that (RFC 6177)


def network() -> str:
    """The network address of a request's sender; with IPv6 the network that they have to themselves."""
    address = get_remote_address()
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    own = isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None
    return str(ip_network((parsed, BITS), strict=False)) if own else address
