"""A door in front of a real IMAP server that goes dead on those inside, as load balancers and firewalls do."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector
from threading import Event, Lock, Thread
from typing import Literal

Death = Literal["end of file", "BYE", "silence"]
LOOK = 0.1  # seconds between looks at whether the door is still open


@dataclass(eq=False)
class _Session:
    """One client's connection, and ours to the server for it."""

    client: socket.socket
    server: socket.socket
    idling: bool = False
    mute: Event = field(default_factory=Event)

    def pass_on(self) -> bool:
        """Carry what is there to the other side; whether both sides are still there."""
        with DefaultSelector() as ready:
            ready.register(self.client, EVENT_READ, self.server)
            ready.register(self.server, EVENT_READ, self.client)
            for key, _ in ready.select(LOOK):
                if self.mute.is_set():
                    return True
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not data:
                    return False
                if key.fileobj is self.client:
                    self.idling = data.endswith(b" IDLE\r\n")
                key.data.sendall(data)
        return True

    def close(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Front:
    """Carries every connection to the server behind it, until it is told to let down those it has."""

    def __init__(self, listener: socket.socket, behind: int) -> None:
        self.port: int = listener.getsockname()[1]
        self._listener, self._behind = listener, behind
        self._open: set[_Session] = set()
        self._lock, self._stop = Lock(), Event()

    @property
    def idling(self) -> int:
        """How many clients wait in IDLE on a connection that is alive."""
        with self._lock:
            return sum(session.idling and not session.mute.is_set() for session in self._open)

    def let_down(self, how: Death) -> None:
        """Go dead on every connection there is; new ones are carried as before."""
        with self._lock:
            inside = list(self._open)
        for session in inside:
            if how == "BYE":
                session.client.sendall(b"* BYE Server shutting down\r\n")
            if how == "silence":
                session.mute.set()
            else:
                session.client.shutdown(socket.SHUT_RDWR)

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._behind))
                Thread(target=self._carry, args=(_Session(client, server),), daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)

    def _carry(self, session: _Session) -> None:
        with self._lock:
            self._open.add(session)
        with suppress(OSError):
            while not self._stop.is_set() and not session.mute.is_set() and session.pass_on():
                pass
        if session.mute.is_set():
            self._stop.wait()  # neither side hears anything more, nor is it told so
        session.close()
        with self._lock:
            self._open.discard(session)


@contextmanager
def imap_front(behind: int) -> Iterator[Front]:
    """Such a door on a free port of 127.0.0.1, before the server at the port `behind`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = Front(listener, behind)
        thread = Thread(target=front.serve, daemon=True)
        thread.start()
        try:
            yield front
        finally:
            front.stop()
            thread.join(5)
