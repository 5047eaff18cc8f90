"""What is asked of a page in the browser: what axe finds, what the keyboard meets, what is cut off."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOKING = Path(__file__).with_name("looking.js").read_text(encoding="utf-8")
SCHEMES = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
UNFOLD = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
FURTHER = 40  # stops at most that are not in our list: parts that scroll, and the parts of a date


def prepare(page: Page, path: str) -> None:
    """Open a page, and have at hand what is asked of it."""
    page.goto(path)
    page.evaluate(LOOKING)


def unfold(page: Page) -> None:
    """Open everything that is folded away."""
    page.evaluate(UNFOLD)


def faults(page: Page, scheme: str = "light", within: str = "document") -> list[str]:
    """What axe finds on a prepared page or `within` a part of it, in a colour scheme."""
    page.emulate_media(**SCHEMES[scheme])  # type: ignore[arg-type]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate("within => looking.axe(within)", within)
    return [f"{scheme}, {fault}" for fault in found]


def walked(page: Page, within: str = "body") -> list[str]:
    """Go through a page, or a part of it, by Tab; what is met out of order, cannot be seen to have the focus, or is
    covered."""
    found: list[str] = []
    reached: list[int] = []
    expected = page.evaluate("within => looking.prepare(within)", within)
    for _ in range(expected + FURTHER):
        page.keyboard.press("Tab")
        met = page.evaluate("looking.met()")
        if reached and met and met["at"] == reached[-1]:
            continue  # the parts of a date are stops of their own within their field
        if met is None or (reached and met["at"] == reached[0]):
            break
        reached += [met["at"]] if met["at"] >= 0 else []
        found += [f"{what}: {met['name']}" for what in ("marked", "seen") if not met[what]]
    else:
        found.append("a trap: Tab never leaves the page")
    if reached != list(range(expected)):
        odd = next((n for n, at in enumerate(reached) if n != at), len(reached))
        missed = page.evaluate("n => looking.found[n]?.outerHTML.slice(0, 100)", odd)
        found.append(f"not in order, or not reached, at {odd} of {expected}: {missed}")
    return found


def space_out(page: Page) -> None:
    """Set the text as wide as somebody who needs it may."""
    page.evaluate("looking.space()")


def cut_off(page: Page) -> list[str]:
    """What hides a part of its own words, and the page itself when it is wider than the window."""
    found: list[str] = page.evaluate("looking.cut()")
    return found
