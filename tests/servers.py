"""Real servers for the tests: which are here, which must be, and a throwaway PostgreSQL."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

REQUIRE = "FOIDESK_TEST_REQUIRE"
MEMORY, ROOM = Path("/dev/shm"), 4 * 10**9  # bytes
FIRST_PORT, OWN_PORTS = 12_000, 2_000
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8

_ports = count(os.getpid())  # two runs at once begin at different ones


def need(server: str, found: object) -> None:
    """Skip when a server is not installed, or fail when the run requires it."""
    if found:
        return
    if server in os.environ.get(REQUIRE, "").split(","):
        pytest.fail(f"{server} is required by {REQUIRE} but not installed")
    pytest.skip(f"{server} is not installed")


def free_port() -> int:
    """A port that nothing listens on, and that nobody else is given.

    Not one that the system proposes: those are handed out again at once, to a connection or to the worker beside us,
    before the server that is to have it has started. Each worker goes round a range of its own, below those.
    """
    while True:
        port = FIRST_PORT + WORKER * OWN_PORTS + next(_ports) % OWN_PORTS
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def postgres_binaries() -> Path | None:
    """Where initdb and postgres are."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = Path(on_path) if on_path else (debian[-1] if debian else None)
    return found.resolve().parent if found else None


def memory() -> Path | None:
    """A folder in memory with room for what a run of the tests keeps, where there is one: to make and delete a database
    there takes a fifth of the time."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return MEMORY


@contextmanager
def postgres(binaries: Path, *, durable: bool = False, folder: Path | None = None) -> Iterator[str]:
    """A PostgreSQL server of our own in a temporary folder, within `folder`; gives its URL without a database's name.

    It refuses to run as root, so root's tests run it as the user `postgres`. Unless `durable`, it does not wait for the
    disk: its data ends with the test.
    """
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="fdpg", ignore_cleanup_errors=True, dir=folder) as home:
        if as_user:
            account = pwd.getpwnam("postgres")
            os.chown(home, account.pw_uid, account.pw_gid)
        data, port = Path(home) / "data", free_port()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home}
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "tests", "--auth=trust", "-E", "UTF8", "--no-sync"],
            check=True, **quiet, **as_user,  # type: ignore[call-overload]
        )  # fmt: skip
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), "-k", home, "-h", "127.0.0.1",
             *([] if durable else ["-F"])],
            **quiet, **as_user,  # type: ignore[call-overload]
        )  # fmt: skip
        try:
            _wait(binaries, port, server)
            yield f"postgresql://tests@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)  # does not wait for whoever is still connected
            server.wait(timeout=20)


def _wait(binaries: Path, port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        ready = subprocess.run([binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"])
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL ended while starting")
        with socket.socket() as pause:
            pause.settimeout(0.05)
            pause.connect_ex(("127.0.0.1", port))
    raise RuntimeError("PostgreSQL did not start")
