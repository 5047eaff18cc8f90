"""One POST to a webhook: within so many seconds whatever the other end does, and no step beyond the address given."""

import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BytesIO
from typing import Any

from service.hooks.destination import DestinationUnfit, look_up, read_destination
from service.sections import Webhooks

MOST_BYTES = 65_536  # of an answer's head; its body is not read
USER_AGENT = "foidesk-webhooks"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status, or the trouble that kept it from coming, in our words."""

    status: int | None
    trouble: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the receiver has it: a redirect is not followed, and is no yes."""
        return self.status is not None and 200 <= self.status < 300


def post(
    settings: Webhooks, url: str, body: bytes, headers: Mapping[str, str], monotonic: Callable[[], float]
) -> Reply:
    """Post a body; raises nothing, for whatever goes wrong is the receiver's trouble and is told as such."""
    until = monotonic() + settings.timeout

    def left() -> float:
        seconds = until - monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    try:
        status = _post(settings, url, body, headers, left)
    except DestinationUnfit as error:
        return Reply(None, str(error))
    except TimeoutError:
        return Reply(None, f"it did not answer within {settings.timeout:g} seconds")
    except ssl.SSLError as error:
        return Reply(None, f"no secure connection: {error.reason or 'TLS failed'}".replace("_", " ").lower())
    except socket.gaierror:
        return Reply(None, "its name is not known")
    except OSError as error:
        return Reply(None, (error.strerror or "the connection failed").lower())
    except (HTTPException, ValueError):
        return Reply(None, "it does not answer as a web server does")
    if 200 <= status < 300:
        return Reply(status)
    why = "it sends us elsewhere, which is not followed" if 300 <= status < 400 else "it did not take the message"
    return Reply(status, f"{why} (status {status})")


def _post(settings: Webhooks, url: str, body: bytes, headers: Mapping[str, str], left: Callable[[], float]) -> int:
    to = read_destination(url)
    address = look_up(to, settings.internal_networks)
    with socket.create_connection((address, to.port), timeout=left()) as plain:
        connection = HTTPConnection(to.host, to.port)
        if to.secure:
            context = ssl.create_default_context(cafile=settings.ca_file)
            plain.settimeout(left())
            # The name is checked against the certificate although the connection goes to a number.
            connection.sock = context.wrap_socket(plain, server_hostname=to.host)
        else:
            connection.sock = plain
        wire = connection.sock
        with wire:
            wire.settimeout(left())
            connection.request("POST", to.target, body, _headers(to.named, headers))
            return _status(_head(wire, left))


def _headers(host: str, headers: Mapping[str, str]) -> dict[str, str]:
    return {
        "Host": host,
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "Connection": "close",
        **headers,
    }


def _head(wire: socket.socket, left: Callable[[], float]) -> bytes:
    """An answer until the end of its headers: a server that sends a byte a minute gets no more time than another."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < MOST_BYTES:
        wire.settimeout(left())
        more = wire.recv(4096)
        if not more:
            break
        head += more
    return head


class _Heard:
    """What an HTTPResponse reads from: bytes that have come already."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, *_: Any, **__: Any) -> BytesIO:
        return BytesIO(self._content)


def _status(head: bytes) -> int:
    response = HTTPResponse(_Heard(head), method="POST")  # type: ignore[arg-type]
    response.begin()
    return response.status
