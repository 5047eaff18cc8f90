"""The desk in a real browser: faulty forms, frames, the keyboard, and no script needed."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, signed_in
from tests.unit.web.seed import EMAILS, PASSWORD

LOOK = "element => { const s = getComputedStyle(element); return [s.boxShadow, s.backgroundColor, s.outline]; }"


def test_axe_finds_nothing_before_signing_in_nor_on_faulty_forms(chromium: Browser, page: Page, site: Site) -> None:
    context = chromium.new_context(base_url=site.url)
    stranger = context.new_page()
    assert _faults(stranger, "/sign-in") == []
    stranger.click("button:has-text('Sign in')")
    assert _faults(stranger) == []
    context.close()
    page.goto(f"/cases/{site.seeded.overdue}/close")
    page.fill("#answered_on", "99")
    page.click("main button")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert _faults(page) == []


def test_axe_finds_nothing_on_an_administrators_pages(chromium: Browser, site: Site) -> None:
    context = signed_in(chromium, site, "administrator")
    page = context.new_page()
    faults = {path: _faults(page, path) for path in ("/webhooks", f"/webhooks/{site.seeded.webhook}")}
    context.close()
    assert {path: found for path, found in faults.items() if found} == {}


def test_axe_finds_nothing_when_what_is_folded_is_open(page: Page, site: Site) -> None:
    page.goto(f"/cases/{site.seeded.overdue}")
    for fold in page.locator("details > summary").all():
        fold.click()
    assert _faults(page) == []


def test_the_frame_with_a_mail_shows_it(page: Page, site: Site) -> None:
    page.goto(f"/cases/{site.seeded.overdue}")
    page.click("summary:has-text('View as sent')")
    expect(page.frame_locator(".desk-frame").locator("b")).to_have_text("How many")


@pytest.fixture
def keyboard(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


def test_an_officer_signs_in_and_skips_to_the_list_by_keyboard(keyboard: Page) -> None:
    keyboard.goto("/sign-in")
    keyboard.keyboard.press("Tab")
    expect(keyboard.locator(".govuk-skip-link")).to_be_focused()
    keyboard.keyboard.press("Enter")
    keyboard.keyboard.press("Tab")
    expect(keyboard.locator("#email")).to_be_focused()
    keyboard.keyboard.type(EMAILS["officer"])
    keyboard.keyboard.press("Tab")
    keyboard.keyboard.type(PASSWORD)
    keyboard.keyboard.press("Enter")
    keyboard.wait_for_url("**/list/mine")
    keyboard.keyboard.press("Tab")
    keyboard.keyboard.press("Enter")
    keyboard.keyboard.press("Tab")
    expect(keyboard.locator("#q")).to_be_focused()


def test_what_has_the_focus_can_be_seen(page: Page) -> None:
    page.goto("/list/mine")
    for selector in (".desk-nav__link >> nth=1", "#q", "main table a >> nth=0", ".desk-header__button >> nth=1"):
        before = page.locator(selector).evaluate(LOOK)
        page.focus(selector)
        assert page.locator(selector).evaluate(LOOK) != before, selector


@pytest.mark.parametrize(
    "steps",
    [
        ("Overdue", "Trees felled in 2023"),
        ("Mail to sort", "Request about bins"),
        ("Letters in trouble", "harriet.bell@example.org"),
        ("Mailboxes: where every mail is", "foi@anytown.example"),
        ("Statistics to publish", "save as"),
        ("Asked for information", "Nobody owes us an answer"),
        ("Bank holidays", "Add a holiday", "See what moves"),
        ("When is an answer due?", "Work it out"),
        ("Closed", "Library opening hours"),
        ("Dashboard", "Ages of open cases"),
    ],
    ids=lambda steps: steps[0],
)
def test_everything_is_found_in_the_menu_on_a_telephone_without_javascript(
    chromium: Browser, site: Site, steps: tuple[str, ...]
) -> None:
    context = signed_in(chromium, site, "supervisor", java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto("/list/mine")
    page.click(".desk-menu__summary")
    page.click(f".desk-menu a:has-text('{steps[0]}')")
    for step in steps[1:-1]:
        page.click(f"main :text('{step}')")
    assert steps[-1] in page.inner_text("main")
    context.close()


def test_a_case_is_worked_to_its_end_without_javascript(chromium: Browser, site: Site) -> None:
    context = signed_in(chromium, site, "administrator", java_script_enabled=False)
    page = context.new_page()
    page.goto("/list/unassigned")
    page.click(f"text={site.seeded.unassigned}")
    page.select_option("#owner", label="Jo Lind")
    page.click("button:has-text('Give the case')")
    page.click("text=Write to the requester")
    page.check("text=Our response to the request")
    page.click("button:has-text('Continue')")
    page.fill("#body", "Dear Gwen,\n\nHere they are.")
    page.click("button:has-text('Preview')")
    page.click("main button:has-text('Send')")
    assert "The letter is queued" in page.inner_text("main")
    page.click("text=Close the case")
    page.check("text=Granted in full")
    page.click("main button")
    assert "is closed: granted in full" in page.inner_text("main")
    page.goto("/list/closed")
    assert site.seeded.unassigned in page.inner_text("main")
    context.close()


def _faults(page: Page, path: str | None = None) -> list[str]:
    if path is not None:
        page.goto(path)
    found = Axe().run(page)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found.response["violations"]]
