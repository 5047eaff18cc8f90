"""A wire to a server that can be cut: after so many bytes of what the server says, or at once."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread


@dataclass
class Wire:
    """`port` leads to the server; what comes back through it is counted."""

    target: int
    port: int = 0
    lets_through: int | None = None  # bytes of the server's, then the wire is cut, once
    on_cut: Callable[[], None] = lambda: None
    _open: list[socket.socket] = field(default_factory=list)

    def cut(self) -> None:
        """End every connection."""
        self.lets_through = None
        self.on_cut()
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def carry(self, here: socket.socket) -> None:
        there = socket.create_connection(("127.0.0.1", self.target), timeout=20)
        self._open += [here, there]
        forth = Thread(target=self._pump, args=(here, there, False), daemon=True)
        forth.start()
        self._pump(there, here, True)
        forth.join(5)
        there.close()
        here.close()

    def _pump(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if counted and self.lets_through is not None:
                    self.lets_through -= len(piece)
                    if self.lets_through < 0:
                        self.cut()
                        return
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def wire_to(target: int) -> Iterator[Wire]:
    """Lay a wire to a port of 127.0.0.1."""
    wire = Wire(target)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire.port = listener.getsockname()[1]
        thread = Thread(target=_serve, args=(listener, wire), daemon=True)
        thread.start()
        yield wire
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        wire.cut()
        thread.join(5)


def _serve(listener: socket.socket, wire: Wire) -> None:
    with suppress(OSError):
        while True:
            here, _ = listener.accept()
            Thread(target=wire.carry, args=(here,), daemon=True).start()
