"""A real web server that receives webhooks, as well or as badly as a test wants."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Behaviour = Callable[[BaseHTTPRequestHandler], None]


def accepts(handler: BaseHTTPRequestHandler) -> None:
    answers(204)(handler)


def answers(status: int, **headers: str) -> Behaviour:
    """A receiver that always says this."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return behave


@dataclass
class Receiver:
    """What came in, and how each is answered; `stop` ends what a behaviour is still doing."""

    port: int = 0
    behaviour: Behaviour = accepts
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?for=foi"

    def dribbles(self, handler: BaseHTTPRequestHandler) -> None:
        """A byte now and then, never an answer."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.stop.wait(0.05):
            try:
                handler.wfile.write(b"a")
            except OSError:
                return

    def hangs(self, _handler: BaseHTTPRequestHandler) -> None:
        self.stop.wait(30)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.behaviour(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def a_closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
