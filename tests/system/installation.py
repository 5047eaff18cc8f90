"""An installation as the README describes it: a folder with a settings file, and the `foidesk` command run there."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.integration.dovecot import FOI, Dovecot
from tests.integration.smtp_faults import Script

FOIDESK = Path(sys.executable).with_name("foidesk")
OFFICER, OFFICER_PASSWORD = "sam@anytown.example", "a quiet afternoon"
PATIENCE = 60  # seconds: a bound on a loaded machine, not a measure
PLENTY = {"acknowledgements_per_address_a_day": 1000, "acknowledgements_an_hour": 1000}

_numbers = count(1)


def until(condition: Callable[[], object], seconds: float = PATIENCE, what: Callable[[], object] = str) -> None:
    """Wait for a condition; after so many seconds fail, saying `what`."""
    ends, pause = monotonic() + seconds, 0.05
    while not condition():
        assert monotonic() < ends, f"waited {seconds} s in vain: {what()}"
        sleep(pause)
        pause = min(pause * 1.5, 0.3)  # to look takes a processor, of which what is waited for has need


@dataclass(frozen=True)
class Running:
    """A command that runs until it is stopped."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def said(self) -> str:
        """All it has written so far, on either stream."""
        return self.log.read_text(errors="replace")

    def heard(self, pattern: str, seconds: float = PATIENCE) -> "re.Match[str]":
        """Wait until it says something; fails when it ends before."""
        until(lambda: re.search(pattern, self.said()) or self.process.poll() is not None, seconds, self.said)
        found = re.search(pattern, self.said())
        assert found is not None, self.said()
        return found

    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.heard(r'listening on 127.0.0.1:([0-9]+)')[1]}"

    def stop(self, seconds: float = 40) -> int:
        """SIGTERM, as a supervisor does; the exit code."""
        self.process.terminate()
        return self.process.wait(seconds)

    def kill(self) -> None:
        """SIGKILL, as a lack of memory does; what it had started goes on or ends by itself."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@dataclass(frozen=True)
class Installation:
    """A folder in which `foidesk` is run, with nothing from the tests' own environment but the paths."""

    folder: Path
    temporary: Path  # where its temporary files go
    environment: Mapping[str, str]

    @property
    def settings_file(self) -> Path:
        return self.folder / "foidesk.toml"

    def run(self, *words: str, typed: str = "", seconds: float = PATIENCE) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [FOIDESK, *words], cwd=self.folder, env=self.environment, input=typed, capture_output=True, text=True,
            timeout=seconds,
        )  # fmt: skip

    @contextmanager
    def running(self, *words: str) -> Iterator[Running]:
        """Run a command until the block's end, when it is killed if it is still there."""
        log = self.folder / f"log-{next(_numbers)}.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [FOIDESK, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            yield Running(process, log)
        finally:
            process.kill()
            process.wait(10)

    def change(self, section: str = "", **values: Any) -> None:
        """Edit settings in the file as a person would: in place, uncommented, or added to the section; None removes."""
        text = self.settings_file.read_text()
        if section and f"\n[{section}]" not in text:
            text += f"\n[{section}]\n"
        start = text.index(f"\n[{section}]") + 1 if section else 0
        end = text.find("\n[", start)
        end = len(text) if end < 0 else end
        block = text[start:end].rstrip("\n")
        for name, value in values.items():
            line = "" if value is None else f"{name} = {json.dumps(value)}"  # such JSON is TOML as well
            block, found = re.subn(rf"(?m)^(?:# )?{name} = .*$", line.replace("\\", r"\\"), block, count=1)
            block += "" if found else f"\n{line}"
        self.settings_file.write_text(f"{text[:start]}{block}\n{text[end:]}")

    def password(self, words: str) -> None:
        """Write the mailbox's password where the settings look for it."""
        (self.folder / "var").mkdir(exist_ok=True)
        (self.folder / "var" / "mailbox-password").write_text(f"{words}\n")

    def add_officer(self) -> None:
        """Sam Okoro, an administrator."""
        added = self.run(
            "officer", "add", OFFICER, "Sam Okoro", "--role", "administrator", typed=f"{OFFICER_PASSWORD}\n"
        )
        assert added.returncode == 0, added.stderr

    def status(self) -> dict[str, Any]:
        """What `foidesk status --json` prints."""
        report: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return report


def edit(installation: Installation, dovecot: Dovecot, sink: Script, sink_authority: Path) -> None:
    """What an administrator changes in a new settings file, for a Dovecot and an SMTP server of the tests' own."""
    installation.password(dovecot.passwords[FOI])
    installation.change(
        "mailbox", address=FOI, user=FOI, host="127.0.0.1", port=dovecot.imaps, ca_file=str(dovecot.ca_file),
        poll_seconds=1, timeout=10,
    )  # fmt: skip
    installation.change(
        "smtp", host="127.0.0.1", port=sink.port, ca_file=str(sink_authority), user=FOI, pace_seconds=0, timeout=10
    )
    installation.change("web", port=0, url="http://127.0.0.1", secure_cookies=False, trusted_proxies=0)
    installation.change("limits", **PLENTY)


def clean_environment(temporary: Path) -> dict[str, str]:
    """The paths, and nothing that keeps Python from its compiled modules, without which each start takes seconds."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(temporary)}


class _Token(HTMLParser):
    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = dict(attrs)
        if tag == "input" and words.get("name") == "csrf_token":
            self.found = words.get("value") or ""


class Visitor:
    """Someone with a browser."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """A page's text; raises HTTPError."""
        return self._open(path, None)[0]

    def send(self, path: str, **fields: str) -> str:
        """Fill in the form of a page and send it; the page it leads to."""
        return self.send_to(path, path, **fields)

    def send_to(self, page: str, path: str, **fields: str) -> str:
        """The same for a form of a page that goes elsewhere."""
        token = _Token()
        token.feed(self.get(page))
        return self._open(path, urlencode(fields | {"csrf_token": token.found}).encode())[0]

    def sign_in(self, email: str = OFFICER, password: str = OFFICER_PASSWORD) -> None:
        assert "Sign out" in self.send("/sign-in", email=email, password=password)

    def health(self) -> tuple[int, dict[str, Any]]:
        """The status and the report of /health."""
        try:
            return 200, json.loads(self.get("/health"))
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def _open(self, path: str, content: bytes | None) -> tuple[str, HTTPMessage]:
        with self._opener.open(self._url + path, content, timeout=30) as answer:
            return answer.read().decode(), answer.headers
