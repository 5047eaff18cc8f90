"""Serving the pages with waitress, so that a stop lets the answers under way finish."""

import logging
from errno import EADDRNOTAVAIL
from threading import Event
from time import monotonic
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from service.errors import DeskError
from web.files import LARGEST_UPLOAD

log = logging.getLogger(__name__)

THREADS = 8
DRAIN = 10.0  # seconds


class CannotListen(DeskError):
    """The pages cannot be served at {host}, port {port}: {reason}. Stop what listens there, or choose another port:
    [web] port in the settings, or --port of the demo."""


class NoHost(DeskError):
    """The pages cannot be served at {host}: that is no address of this machine. Say in [web] host where to listen:
    127.0.0.1 behind a proxy of the same machine, 0.0.0.0 at every address of this machine."""


class PageServer:
    """Listens from the moment it is made; `run` answers until told to stop, then finishes what is under way."""

    def __init__(self, app: Flask, host: str, port: int, trusted_proxies: int = 0) -> None:
        self._sockets: dict[int, Any] = {}
        trust = {"trusted_proxy": "*", "trusted_proxy_count": trusted_proxies, "clear_untrusted_proxy_headers": True}
        more = trust | {"trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}} if trusted_proxies else {}
        try:
            self._server = create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                threads=THREADS,
                ident="",
                max_request_body_size=max(30_000_000, app.config[LARGEST_UPLOAD]),
                **more,
            )
        except ValueError as error:  # all that waitress says of a name that leads nowhere
            raise NoHost(host=repr(host)) from error
        except OSError as error:
            wasyncore.close_all(map=self._sockets)  # what it opened before it failed
            if error.errno == EADDRNOTAVAIL:
                raise NoHost(host=repr(host)) from error
            raise CannotListen(host=host, port=port, reason=error.strerror) from error
        self.port: int = self._server.effective_port

    def run(self, stop: Event) -> None:
        """Answer until `stop` is set, then take no more and finish the answers under way."""
        while not stop.is_set():
            wasyncore.loop(timeout=0.25, map=self._sockets, count=1)
        self._server.del_channel()  # no new connections
        self._server.socket.close()
        until = monotonic() + DRAIN
        while self._busy() and monotonic() < until:
            wasyncore.loop(timeout=0.1, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(map=self._sockets)

    def _busy(self) -> bool:
        channels = [channel for channel in self._sockets.values() if isinstance(channel, HTTPChannel)]
        return any(channel.requests or channel.total_outbufs_len for channel in channels)
