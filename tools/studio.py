"""Where the guide's pictures are taken: a browser before a running `foidesk demo`, and the folder that they go to."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, StorageState, ViewportSize

from tools.palette import shrink

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "guide" / "pictures"
WIDTH, SCREEN, TALLEST = 1280, 800, 1400  # pixels
LARGEST = 150_000  # bytes
PATIENCE = 15_000  # milliseconds for a mail to go out or come in
AT_REST = "document.activeElement.blur(); document.querySelectorAll('textarea').forEach(area => area.scrollTop = 0)"
PASSWORD = "a quiet demonstration"


@dataclass(frozen=True, slots=True)
class Studio:
    """Where pictures are taken and where they go."""

    browser: Browser
    url: str
    folder: Path

    def visitor(self, signed_in: StorageState | None = None) -> Page:
        """A window in which nobody has signed in, unless it is another's of the same sign-in."""
        size = ViewportSize(width=WIDTH, height=SCREEN)
        return self.browser.new_context(base_url=self.url, viewport=size, storage_state=signed_in).new_page()

    def member(self, name: str) -> Page:
        """The window of someone of the team."""
        page = self.visitor()
        page.goto("/sign-in")
        page.fill("#email", f"{name}@anytown.example")
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/list/mine")
        return page

    def take(self, page: Page, name: str, tallest: int = TALLEST) -> None:
        """Write a picture of the page from its top, as tall as it is up to a limit."""
        page.wait_for_load_state()
        tall = min(int(page.evaluate("document.documentElement.scrollHeight")), tallest)
        page.evaluate(AT_REST)
        area = FloatRect(x=0, y=0, width=WIDTH, height=max(tall, SCREEN))
        self.keep(name, page.screenshot(clip=area, full_page=True))

    def keep(self, name: str, picture: bytes) -> None:
        """Write a picture, made small; raises ValueError when it stays too large for a guide."""
        small = shrink(picture)
        if len(small) > LARGEST:
            raise ValueError(f"{name}.png has {len(small)} bytes")
        (self.folder / f"{name}.png").write_bytes(small)
        sys.stdout.write(f"{name}.png  {len(small) // 1000} kB\n")


def reload_until(page: Page, words: str) -> None:
    """Reload a page until it shows these words; raises TimeoutError of the browser after PATIENCE."""
    for _ in range(PATIENCE // 500):
        if words in page.inner_text("main"):
            return
        page.wait_for_timeout(500)
        page.goto(page.url)
    page.wait_for_selector(f"text={words}", timeout=1)


@contextmanager
def demonstration() -> Iterator[str]:
    """A demonstration on free ports, as its address."""
    command = [sys.executable, "-m", "service", "demo", "--port", "0", "--smtp-port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield _address(running.stdout or ())
        finally:
            running.terminate()


def _address(lines: Iterable[str]) -> str:
    for line in lines:
        found = re.search(r"The desk is at\s+(http://\S+)", line)
        if found:
            return found[1]
    raise RuntimeError("the demonstration did not start")
