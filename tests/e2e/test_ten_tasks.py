"""Ten things that somebody does who is new to the desk, each within five steps from its first page.

A step is a click, a choice in a list, or a form filled in and sent. What is clicked is named as the guide names it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from service.bootstrap import open_desk
from service.casework.assign import assign
from service.store.database import transaction
from service.store.schema import migrate
from tests.builders import an_officer, open_a_case
from tests.conftest import Time, council_settings
from tests.e2e.conftest import Site, signed_in
from tests.unit.web.seed import Seeded, seed
from tests.unit.web.sent_by_hand import SentByHand
from web.app import create_app
from web.server import PageServer

MOST = 5
LEAVER = "Robin Dale"


@dataclass
class Newcomer:
    """Somebody before the desk's first page, whose steps are counted."""

    page: Page
    seeded: Seeded
    taken: list[str] = field(default_factory=list)

    def click(self, name: str, role: str = "link", within: str = "body") -> "Newcomer":
        self._step(f"click {name}")
        self.page.locator(within).get_by_role(role, name=name, exact=False).first.click()  # type: ignore[arg-type]
        return self

    def menu(self, name: str) -> "Newcomer":
        """Open the menu, and choose in it: two steps."""
        self._step("open the menu")
        self.page.locator("summary", has_text="Menu").click()
        return self.click(name, within=".desk-menu")

    def choose(self, label: str, option: str) -> "Newcomer":
        self._step(f"choose {option}")
        self.page.get_by_label(label, exact=True).select_option(label=option)
        return self

    def fill(self, button: str, **typed: str) -> "Newcomer":
        """Fill fields by their key, and send the form."""
        self._step(f"fill in and {button}")
        for name, value in typed.items():
            # As fields are named in a page: one underscore stands for a hyphen, two for one underscore.
            here = self.page.locator(f"#{name.replace('__', '=').replace('_', '-').replace('=', '_')}")
            if here.evaluate("field => field.tagName") == "SELECT":
                here.select_option(value)
            else:
                here.fill(value)
        self.page.locator("main").get_by_role("button", name=button).first.click()
        return self

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)
        assert len(self.taken) <= MOST, self.taken

    def _step(self, what: str) -> None:
        self.taken.append(what)


@pytest.fixture(scope="module")
def site_of_tasks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A desk of its own, for its tasks change it; three cases are still with somebody who has left."""
    desk = open_desk(
        council_settings(tmp_path_factory.mktemp("tasks"), web={"sign_in_limit": "1000 per minute"}), Time().now
    )
    migrate(desk.engine)
    seeded = seed(desk)
    with transaction(desk.engine) as session:
        leaver = an_officer(session, LEAVER)
        for _ in range(3):
            assign(session, desk, open_a_case(session, desk), leaver.id, at=desk.now(), by="officer:2")
        leaver.active = False
    app = create_app(desk)
    server, stop = PageServer(app, "127.0.0.1", 0), Event()
    serving = Thread(target=server.run, args=(stop,), daemon=True)
    serving.start()
    yield Site(f"http://127.0.0.1:{server.port}", seeded, "", "", app, SentByHand("", 0, "", 0), 0, 0)
    stop.set()
    serving.join()
    desk.engine.dispose()


@pytest.fixture
def newcomer(chromium: Browser, site_of_tasks: Site) -> Iterator[Newcomer]:
    context = signed_in(chromium, site_of_tasks, "supervisor")
    page = context.new_page()
    page.set_default_timeout(6000)
    page.goto("/")
    yield Newcomer(page, site_of_tasks.seeded)
    context.close()


def find_a_late_case(new: Newcomer) -> None:
    new.click("Overdue", within=".desk-nav__list").click(new.seeded.overdue).sees("late")


def take_a_case_that_nobody_has(new: Newcomer) -> None:
    new.click("Unassigned", within=".desk-nav__list").click(new.seeded.unassigned)
    new.fill("Give the case", owner="Priya Nair").sees("Priya Nair")


def give_a_leavers_cases_to_somebody(new: Newcomer) -> None:
    new.click("Dashboard").click(LEAVER, within="main").click("Tick all on this page")
    new.choose("Who takes them", "Sam Okoro").click("Give the ticked cases", "button").sees("3 cases")


def publish_the_quarter(new: Newcomer) -> None:
    new.menu("Statistics to publish")
    new._step("save the spreadsheet")
    with new.page.expect_download() as saved:
        new.page.locator("main").get_by_role("link", name="XLSX").first.click()
    path = saved.value.path()
    assert Path(path).read_bytes().startswith(b"PK")
    new.sees("Requests received")


def add_a_bank_holiday(new: Newcomer) -> None:
    new.menu("Bank holidays").click("Add a holiday")
    new.fill(
        "See what moves",
        on="12",
        on_month="6",
        on_year="2024",
        division="SCT",
        title="A royal wedding",
        proclaimed__on="3",
        proclaimed__on_month="6",
        proclaimed__on_year="2024",
        source="The Edinburgh Gazette",
    )
    new.click("Change the calendar and move them", "button").sees("A royal wedding")


def make_a_case_of_a_mail_that_could_not_be_read(new: Newcomer) -> None:
    new.click("Mail to sort", within=".desk-nav__list").click("Request about bins", within="main table")
    new.fill("Make a case", name="Kim Lowe", address="kim@example.org", subject="Bins").sees("Kim Lowe")


def see_to_a_letter_that_failed(new: Newcomer) -> None:
    new.menu("Letters in trouble").sees("not")


def work_out_when_an_answer_is_due(new: Newcomer) -> None:
    new.click("When is an answer due?", within=".desk-footer")
    new.fill("Work it out", received="2024-03-04").sees("Thursday 4 April 2024")


def see_what_goes_late_while_somebody_is_away(new: Newcomer) -> None:
    new.menu("What if somebody is away")
    new.fill("Show what goes late", away_officer="Sam Okoro", away_until="2024-06-14").sees("Sam Okoro")


def stop_the_mails_that_sum_up(new: Newcomer) -> None:
    new.click("Priya Nair", within=".desk-header")
    new.page.locator("main input[type=checkbox]").first.uncheck()
    new.click("Save", "button", within="main").sees("")


TASKS: tuple[Callable[[Newcomer], None], ...] = (
    find_a_late_case,
    take_a_case_that_nobody_has,
    give_a_leavers_cases_to_somebody,
    publish_the_quarter,
    add_a_bank_holiday,
    make_a_case_of_a_mail_that_could_not_be_read,
    see_to_a_letter_that_failed,
    work_out_when_an_answer_is_due,
    see_what_goes_late_while_somebody_is_away,
    stop_the_mails_that_sum_up,
)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_within_five_steps(newcomer: Newcomer, task: Callable[[Newcomer], None]) -> None:
    task(newcomer)
