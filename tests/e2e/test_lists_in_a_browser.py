"""Lists in a real browser: keys, ticks without a script, and news that never costs what is typed or ticked."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from service.bootstrap import open_desk
from service.casework.note import add_note
from service.desk import Desk
from service.store.cases import case_by_reference
from service.store.database import transaction
from service.store.schema import migrate
from tests.builders import a_message, open_a_case
from tests.conftest import Time, council_settings
from tests.e2e.conftest import Site, signed_in
from tests.unit.web.seed import seed
from tests.unit.web.sent_by_hand import SentByHand
from web.app import create_app
from web.server import PageServer

ASK = "document.dispatchEvent(new Event('visibilitychange'))"  # as when somebody comes back to the window


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[Site, Desk, Time]]:
    """A desk of its own, which changes while its pages are looked at."""
    time = Time()
    desk = open_desk(council_settings(tmp_path, web={"sign_in_limit": "1000 per minute"}), time.now)
    migrate(desk.engine)
    seeded = seed(desk)
    app = create_app(desk)
    server, stop = PageServer(app, "127.0.0.1", 0), Event()
    serving = Thread(target=server.run, args=(stop,))
    serving.start()
    yield Site(f"http://127.0.0.1:{server.port}", seeded, "", "", app, SentByHand("", 0, "", 0), 0, 0), desk, time
    stop.set()
    serving.join()
    desk.engine.dispose()


def _note_by_priya(desk: Desk, reference: str) -> None:
    with transaction(desk.engine) as session:
        add_note(session, desk, case_by_reference(session, reference), "x", at=desk.now(), by="officer:2")


def test_keys_move_tick_open_and_go(page: Page, site: Site) -> None:
    page.goto("/list/mine")
    page.keyboard.press("j")
    expect(page.locator(f"a:text-is('{site.seeded.overdue}')")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"a:text-is('{site.seeded.due_today}')")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("tr", has_text=site.seeded.due_today).locator("input[name=case]")).to_be_checked()
    expect(page.locator("#ticked")).to_have_text(" (1)")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{site.seeded.overdue}")
    for letter, where in (("u", "unassigned"), ("o", "overdue"), ("a", "open")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"**/list/{where}")
    page.keyboard.press("/")
    expect(page.locator("main [name=q]")).to_be_focused()


def test_keys_are_letters_again_where_somebody_types(page: Page, site: Site) -> None:
    page.goto(f"/cases/{site.seeded.overdue}")
    page.click("#note")
    page.keyboard.type("jx/gu?")
    expect(page.locator("#note")).to_have_value("jx/gu?")
    assert page.url.endswith(site.seeded.overdue)
    expect(page.locator("#keys")).to_be_hidden()


def test_the_keys_are_explained_and_can_be_switched_off_for_good(page: Page) -> None:
    page.goto("/list/mine")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.goto("/list/open")
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("body")).to_be_focused()
    page.click("#keys-open")
    page.check("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("main table tbody a >> nth=0")).to_be_focused()


def test_cases_are_given_and_given_back_without_javascript(chromium: Browser, busy: tuple[Site, Desk, Time]) -> None:
    site, _, _ = busy
    context = signed_in(chromium, site, "supervisor", java_script_enabled=False)
    page = context.new_page()
    page.goto("/list/open")
    page.click("text=Tick all on this page")
    page.uncheck(f"[aria-label='Tick {site.seeded.soon}']")
    page.select_option("#to", label="Jo Lind")
    page.click("button:has-text('Give the ticked cases')")
    assert "4 cases given to Jo Lind." in page.inner_text("main")
    page.click("button:has-text('Undo')")
    assert "Undone: 4 cases as before." in page.inner_text("main")
    page.goto("/list/unassigned")
    assert site.seeded.unassigned in page.inner_text("main")
    context.close()


def test_news_of_a_list_comes_without_a_reload_and_keeps_the_ticks(
    chromium: Browser, busy: tuple[Site, Desk, Time]
) -> None:
    site, desk, time = busy
    context = signed_in(chromium, site)
    page = context.new_page()
    page.goto("/list/open")
    page.check(f"[aria-label='Tick {site.seeded.soon}']")
    page.fill("#q", "half a wo")
    _note_by_priya(desk, site.seeded.overdue)
    with transaction(desk.engine) as session:
        open_a_case(session, desk, a_message())
    page.evaluate(ASK)
    expect(page.locator("#news")).to_contain_text("1 case has come, 1 has changed.")
    expect(page.locator(".desk-nav__list [data-count=open]")).to_have_text("6")
    expect(page.locator("#q")).to_have_value("half a wo")
    expect(page.locator(f"[aria-label='Tick {site.seeded.soon}']")).to_be_checked()
    page.click("#news button")
    expect(page.locator("h1")).to_have_text("All open (6)")
    expect(page.locator(f"[aria-label='Tick {site.seeded.soon}']")).to_be_checked()
    expect(page.locator("#news")).to_be_hidden()
    time.pass_by(minutes=20)
    page.evaluate(ASK)
    expect(page.locator("#trouble")).to_contain_text("has not been read since")
    context.close()


def test_what_is_typed_outlasts_a_colleague_a_dead_server_and_a_sign_out(
    chromium: Browser, busy: tuple[Site, Desk, Time]
) -> None:
    site, desk, time = busy
    context = signed_in(chromium, site)
    page = context.new_page()
    page.goto(f"/cases/{site.seeded.overdue}")
    page.fill("#note", "Parks have the list.")
    _note_by_priya(desk, site.seeded.overdue)
    page.evaluate(ASK)
    expect(page.locator("#news")).to_contain_text("This case was changed by Priya Nair at 09:30: Added a note.")
    expect(page.locator("#news a")).to_have_attribute("target", "_blank")

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/news?*", refuse)
    page.evaluate(ASK)
    expect(page.locator("#news")).to_contain_text("The desk does not answer.")
    page.unroute("**/news?*", refuse)
    time.pass_by(minutes=57)
    page.evaluate(ASK)
    expect(page.locator("#news")).to_contain_text("You will be signed out in 3 minutes.")
    time.pass_by(minutes=10)
    page.evaluate(ASK)
    expect(page.locator("#news")).to_contain_text("You have been signed out.")
    again = signed_in_again(page)
    page.evaluate(ASK)
    expect(page.locator("#news")).to_contain_text("This case was changed by Priya Nair")
    expect(page.locator("#note")).to_have_value("Parks have the list.")
    page.click("button:has-text('Add note')")
    expect(page.locator(".desk-flash")).to_contain_text("The note is on the case.")
    assert "Parks have the list." in page.inner_text("main")
    again.close()
    context.close()


def test_whoever_leaves_a_page_with_something_typed_is_asked_first(
    chromium: Browser, busy: tuple[Site, Desk, Time]
) -> None:
    site, _, _ = busy
    context = signed_in(chromium, site)
    page = context.new_page()
    page.goto(f"/cases/{site.seeded.overdue}")
    here, asked = page.url, list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.click("#note")
    page.keyboard.type("Parks have the list.")
    page.click("button:has-text('Sign out')")
    page.click(".desk-header__name")
    expect(page.locator("#note")).to_have_value("Parks have the list.")
    assert (page.url, asked) == (here, ["beforeunload"] * 2)
    page.click("button:has-text('Add note')")
    expect(page.locator(".desk-flash")).to_contain_text("The note is on the case.")
    page.click(".desk-header__name")
    page.wait_for_url("**/list/**")
    assert len(asked) == 2
    page.goto(f"/cases/{site.seeded.overdue}/reply?kind=reply")
    page.fill("#body", "Parks have the list, and we shall write again.")
    page.fill("#subject", "")
    page.click("button:has-text('Preview')")
    expect(page.locator("main .govuk-error-summary")).to_be_visible()
    page.click(".desk-header__name")
    expect(page.locator("#body")).to_have_value("Parks have the list, and we shall write again.")
    assert len(asked) == 3
    context.close()


def signed_in_again(page: Page) -> Page:
    """Another window of the same browser, in which the officer signs in."""
    with page.context.expect_page() as opened:
        page.click("#news a:has-text('Sign in')")
    window = opened.value
    window.fill("#email", "sam.okoro@anytown.example")
    window.fill("#password", "correct horse battery")
    window.click("main button")
    window.wait_for_url("**/cases/*")
    return window
