"""WCAG 2.2 AA on every page, as far as a machine can see: in three colour schemes, two widths, and by keyboard."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from tests.e2e.conftest import OF_THE_OWNER, Site, signed_in
from tests.e2e.looking import SCHEMES, cut_off, faults, prepare, space_out, unfold, walked

DESKTOP, TELEPHONE = ViewportSize(width=1280, height=800), ViewportSize(width=375, height=800)
NARROWEST = ViewportSize(width=320, height=640)  # success criterion 1.4.10
ZOOMED = ViewportSize(width=640, height=400)  # the desktop at 200 %, 1.4.4
# A colour scheme, a window, and what of the page.
Looks = list[tuple[str, ViewportSize, str]]
WHOLE, MAIN = "document", "#main"
# Each page is looked at once, by all rules, every other one in the dark and on a telephone: they are made of the same
# parts. What surrounds them, and forced colours, which are the reader's and not ours, are looked at on some only.
QUICK: tuple[Looks, Looks] = ([("light", DESKTOP, MAIN)], [("dark", TELEPHONE, MAIN)])
WHOLLY: Looks = [(scheme, size, WHOLE) for scheme, size in zip(SCHEMES, (DESKTOP, TELEPHONE, TELEPHONE), strict=True)]
THOROUGH: Looks = [(scheme, size, WHOLE) for scheme in SCHEMES for size in (DESKTOP, TELEPHONE)]
BATCHES = 8  # so that the workers of a run share the pages


@pytest.fixture(scope="module")
def overseer(chromium: Browser, site: Site) -> Iterator[Page]:
    """The window of a supervisor, whose pages have the most on them."""
    context = signed_in(chromium, site, "supervisor", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def owner(chromium: Browser, site: Site) -> Iterator[Page]:
    """The window of the officer whose cases they are."""
    context = signed_in(chromium, site, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(params=range(BATCHES))
def batch(request: pytest.FixtureRequest, overseer: Page, owner: Page, site: Site) -> dict[str, tuple[Page, str]]:
    """A part of all pages: by name, who opens it and its path."""
    part = list(site.pages().items())[request.param :: BATCHES]
    return {name: (owner if name in OF_THE_OWNER else overseer, path) for name, path in part}


def found_on(faults: dict[str, list[str]]) -> str:
    """The faults by page, a line each; nothing when there are none."""
    return "\n".join(f"{name}: {fault}" for name, found in faults.items() for fault in dict.fromkeys(found))


def test_no_page_has_a_fault_for_axe_the_keyboard_or_a_narrow_window(batch: dict[str, tuple[Page, str]]) -> None:
    # Opened once for all of it. Every pair of a scheme and a width is a soak trial, for axe takes half a second a look.
    first, found = next(iter(batch)), {}
    for number, (name, (page, path)) in enumerate(batch.items()):
        page.set_viewport_size(DESKTOP)
        with complaints(page) as complained:
            prepare(page, path)
        # What surrounds every page is gone through on some only; from the others it is skipped, as its link offers.
        found[name] = walked(page, "body" if name == first else MAIN)
        found[name] += complained if name not in ("not-found", "misread") else []  # whose answers are errors
        found[name] += axed(page, WHOLLY if name == first else QUICK[number % 2])
        found[name] += narrowed(page)
    assert found_on(found) == ""


@pytest.mark.soak
def test_axe_finds_nothing_on_any_page_in_any_scheme_at_any_width(batch: dict[str, tuple[Page, str]]) -> None:
    found = {}
    for name, (page, path) in batch.items():
        prepare(page, path)
        found[name] = axed(page, THOROUGH)
    assert found_on(found) == ""


def axed(page: Page, looks: Looks) -> list[str]:
    """What axe finds on a prepared page with everything unfolded."""
    unfold(page)
    found = []
    for scheme, size, within in looks:
        page.set_viewport_size(size)
        found += [f"{size['width']} wide, {fault}" for fault in faults(page, scheme, within)]
    page.emulate_media(color_scheme="light", forced_colors="none")
    return found


def narrowed(page: Page) -> list[str]:
    """What an unfolded page cuts off when it is narrow, zoomed or spaced out."""
    page.set_viewport_size(NARROWEST)
    found = cut_off(page)
    page.set_viewport_size(ZOOMED)
    found += cut_off(page)
    space_out(page)
    for size in (DESKTOP, TELEPHONE):
        page.set_viewport_size(size)
        found += cut_off(page)
    return found


@contextmanager
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of while a page is opened, such as that it asks for what its policy refuses."""
    complained: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complained.append(message.text)

    page.on("console", hear)
    yield complained
    page.remove_listener("console", hear)


def test_every_page_has_a_title_of_its_own_one_heading_and_its_landmarks(overseer: Page, site: Site) -> None:
    titled: dict[str, str] = {}
    paths = [path for name, path in site.pages().items() if name not in OF_THE_OWNER]
    for path in dict.fromkeys(path.partition("?")[0] for path in paths):
        written = overseer.context.request.get(path).text()
        title = re.findall("<title>(.+?)</title>", written)[0]  # pictures have others
        assert title.count(" – ") >= 2, path  # the page, the desk, the authority
        assert title not in titled, f"{path} is titled as {titled[title]}"
        titled[title] = path
        marks = ("h1", "main", "header", "footer")
        assert [len(re.findall(f"<{mark}[ >]", written)) for mark in marks] == [1, 1, 1, 1], path


def test_the_skip_link_leads_past_the_navigation(overseer: Page) -> None:
    overseer.goto("/list/open")
    overseer.keyboard.press("Tab")
    overseer.keyboard.press("Enter")
    assert overseer.evaluate("document.activeElement.id") == "main"
    overseer.keyboard.press("Tab")
    assert overseer.evaluate("document.activeElement.closest('main') !== null")
