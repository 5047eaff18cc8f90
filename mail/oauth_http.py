"""How we talk to sign-in services: as patient as the settings say, and with the same trust as to mail servers."""

import ssl
from collections.abc import Iterator
from typing import Any

from requests import Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ProxyError, RequestException, SSLError, Timeout

from service.sign_in import OAuth


class SignInSession(Session):
    """A session whose every request has our patience and trust; left to itself requests has no end and its own list of
    authorities, and REQUESTS_CA_BUNDLE overrules what a session was told."""

    def __init__(self, oauth: OAuth) -> None:
        super().__init__()
        # A secret follows nobody to another address.
        self._told = {"timeout": oauth.timeout, "verify": _trust(oauth), "allow_redirects": False}
        self.mount("https://", HTTPAdapter(max_retries=1))

    def request(self, *words: Any, **named: Any) -> Response:
        """As requests has it."""
        return super().request(*words, **named | self._told)


def _trust(oauth: OAuth) -> str | bool:
    """The file or folder of certificates: the authority's own, else the system's, else the one requests brings."""
    system = ssl.get_default_verify_paths()
    return str(oauth.ca_file or system.cafile or system.capath or "") or True


def why_away(error: BaseException, seconds: float) -> str:
    """Why no answer came, without the address that was asked, whose path holds the tenant."""
    if isinstance(error, SSLError):
        return "its certificate is not to be trusted; where TLS is inspected on the way, set [oauth] ca_file"
    if isinstance(error, ProxyError):
        return "the proxy does not let us through"
    if isinstance(error, Timeout):
        return f"no answer within {seconds:g} seconds"
    if not isinstance(error, RequestException):
        return "the certificates in [oauth] ca_file cannot be read"
    return next(_operating_system(error), "the connection was lost")


def _operating_system(error: BaseException | None) -> Iterator[str]:
    """What the system said, below what the libraries wrapped around it."""
    while error is not None:
        if isinstance(error, OSError) and error.strerror:
            yield error.strerror
        error = error.__cause__ or error.__context__
