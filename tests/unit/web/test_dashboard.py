"""The dashboard as its reader meets it: every number leads to a list of as many cases."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from bench.seed import NOW, fill
from service.bootstrap import open_desk
from service.desk import Desk
from service.domain.stage import Stage
from service.store.database import transaction
from service.store.schema import migrate
from service.store.tables import Officer
from tests.builders import open_a_case
from tests.conftest import Time, council_settings
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, PASSWORD, password_hash
from web.app import create_app
from web.charts import WIDTH, Part, Row, bars, columns
from web.current import KEPT
from web.kept import Kept


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A supervisor of an authority with a year behind it."""
    desk = open_desk(council_settings(tmp_path_factory.mktemp("busy")), Time(NOW).now)
    migrate(desk.engine)
    for _ in fill(desk.engine, 400, 1):
        pass
    with transaction(desk.engine) as session:
        session.add(
            Officer(
                email=EMAILS["supervisor"],
                name="Robin",
                role="supervisor",
                password_hash=password_hash(),
                created_at=NOW,
            )
        )
    yield Browser(create_app(desk).test_client()).sign_in("supervisor")
    desk.engine.dispose()
    assert PASSWORD


def total(busy: Browser, url: str) -> int:
    found = re.search(r"<h1[^>]*>[^<]*\((\d+)\)</h1>", busy.get(url).text)
    assert found, url
    return int(found[1])


def test_every_bar_and_every_number_of_its_table_leads_to_so_many_cases(busy: Browser) -> None:
    html = busy.get("/dashboard").text
    cells = re.findall(r'<a class="govuk-link" href="([^"]+)">(\d+)<span class="govuk-visually-hidden"> \(', html)
    assert len(cells) > 25
    drawn = set(re.findall(r'<a href="([^"]+)" class="desk-bar', html))
    assert drawn <= {url for url, _ in cells}
    for url, number in cells:
        due_days = "owner=" in url or url == "/list/unassigned"
        assert due_days or total(busy, unescape(url)) == int(number), url


def test_what_nobody_has_and_is_late_leads_to_itself_and_not_to_all_that_nobody_has(
    supervisor: Browser, desk: Desk
) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk, received_at=desk.now() - timedelta(days=60))
        open_a_case(session, desk)
    html = supervisor.get("/dashboard").text
    for words in (r"nobody: \d+ open", r"nobody: \d+ overdue"):
        found = re.search(rf'href="([^"]+)">(\d+)<span class="govuk-visually-hidden"> \({words}\)', html)
        assert found, words
        assert total(supervisor, unescape(found[1])) == int(found[2])


def test_every_tile_of_cases_leads_to_so_many(busy: Browser) -> None:
    html = busy.get("/dashboard").text
    tiles = re.findall(r'desk-tile__link" href="(/list/[^"]+)"><span class="desk-tile__number">(\d+)', html)
    assert len(tiles) == 6
    for url, number in tiles:
        assert total(busy, unescape(url)) == int(number), url


def test_what_waits_for_a_supervisor_or_to_be_sent_has_a_tile_that_leads_to_it(supervisor: Browser, desk: Desk) -> None:
    assert "stage=" not in supervisor.get("/dashboard").text
    with transaction(desk.engine) as session:
        for stage in (Stage.NOT_FOI, Stage.READY, Stage.READY):
            open_a_case(session, desk).stage = stage
    html = supervisor.get("/dashboard").text
    tiles = re.findall(r'desk-tile__link" href="(/list/open\?stage=[^"]+)"><span class="desk-tile__number">(\d+)', html)
    assert [number for _, number in tiles] == ["1", "2"]
    for url, number in tiles:
        assert total(supervisor, unescape(url)) == int(number), url
    page = supervisor.get("/list/open?stage=ready").text
    assert "Only cases at the stage “ready to send”." in page
    assert '<option value="ready" selected>Ready to send</option>' in page
    assert total(supervisor, "/list/every?stage=ready") == 2
    odd = supervisor.get("/list/open?stage=zz")
    assert odd.status_code == 400
    assert '<a href="#stage">The address names no stage of an open case: choose one</a>' in odd.text


def test_every_number_of_the_target_leads_to_so_many(busy: Browser) -> None:
    html = busy.get("/dashboard").text
    links = re.findall(r'href="([^"]+)">(\d+) (received|were answered[^<]*)</a>', html)
    assert len(links) == 3
    for url, number, _ in links:
        assert total(busy, unescape(url)) == int(number), url


def test_the_address_says_what_is_shown_and_the_lists_keep_to_it(busy: Browser) -> None:
    html = busy.get("/dashboard?regime=EIR&owner=3&quarter=2026Q1").text
    assert '<option value="EIR" selected>' in html
    assert '<option value="2026Q1" selected>' in html
    lists = [unescape(url) for url in re.findall(r'href="(/list/[a-z-]+\?[^"]+)"', html)]
    kept = [url for url in lists if "regime=EIR" in url and "owner=3" in url]
    assert len(kept) > 10
    cells = re.findall(r'<a class="govuk-link" href="([^"]+)">(\d+)<span class="govuk-visually-hidden"> \(', html)
    assert any("answered_from" in url for url, _ in cells)
    for url, number in cells:
        if "answered_from" in url:
            assert total(busy, unescape(url)) == int(number), url


@pytest.mark.parametrize("odd", ["quarter=2030Q1", "quarter=x", "owner=-1", "regime=ZZ", "mailbox=none", "owner=99999"])
def test_an_address_that_means_nothing_shows_what_it_can_and_says_so(busy: Browser, odd: str) -> None:
    page = busy.get(f"/dashboard?{odd}")
    assert page.status_code == 400
    assert f'<a href="#{odd.partition("=")[0]}">' in page.text
    assert "Ages of open cases" in page.text


def test_a_list_says_what_it_is_narrowed_to_and_its_form_keeps_it(busy: Browser) -> None:
    html = busy.get("/list/every?received_from=2026-03-02&received_to=2026-03-08&late=yes&exemption=43(2)").text
    days = "received from Mon 2 March 2026 to Sun 8 March 2026"
    assert f"Only cases {days}, answered late or overdue and relying on 43(2)." in html
    assert '<input type="hidden" name="exemption" value="43(2)">' in html
    assert re.search(r'name="received_from" type="date" value="2026-03-02"', html)
    assert '<option value="yes" selected>' in html
    assert 'desk-filter__more" open>' in html
    assert "Show the whole list" in html


def test_an_empty_desk_says_that_there_is_nothing_to_count(tmp_path: Path, time: Time) -> None:
    desk = open_desk(council_settings(tmp_path), time.now)
    migrate(desk.engine)
    with transaction(desk.engine) as session:
        session.add(
            Officer(email=EMAILS["officer"], name="Sam", role="officer", password_hash=password_hash(), created_at=NOW)
        )
    html = Browser(create_app(desk).test_client()).sign_in("officer").get("/dashboard").text
    assert html.count("There is nothing to count yet.") == 5
    assert "None of them is answered or overdue yet." in html
    desk.engine.dispose()


class TestDrawing:
    def part(self, number: int) -> Part:
        return Part("received", number, "/", str(number))

    def test_no_bar_leaves_the_drawing(self) -> None:
        rows = [Row(f"A rather long name {n}", ((self.part(n * 7), self.part(n)),)) for n in range(30)]
        drawn = bars("k", "t", "d", ("a", "b"), rows, label=100, after=(3, "here"))
        assert len(drawn.rows) == 30
        for bar in drawn.bars:
            assert bar.x + bar.width <= WIDTH
            assert bar.y + bar.height <= drawn.height

    def test_columns_keep_their_proportions(self) -> None:
        rows = [Row(str(n), ((self.part(n),), (self.part(2 * n), self.part(1)))) for n in range(14)]
        drawn = columns("k", "t", "d", ("a",), rows)
        tallest = max(drawn.bars, key=lambda bar: bar.height)
        for bar in drawn.bars:
            assert bar.y >= 0
            assert bar.height == pytest.approx(bar.part.number * tallest.height / tallest.part.number, abs=0.5)


def test_a_chart_that_leaves_rows_to_its_table_says_so() -> None:
    rows = [Row(f"Officer {n}", ((Part("received", n, "/list/open", f"{n}"),),)) for n in range(20, 0, -1)]
    chart = bars("loads", "Workload", "In days.", ("Officer", "Days"), rows, label=100, most=15)
    assert (len(chart.bars), len(chart.rows)) == (15, 20)
    assert chart.description == "In days. Drawn are the first 15 of 20; the table has them all."
    assert bars("few", "Few", "In days.", ("Officer", "Days"), rows[:3], label=100).description == "In days."


def test_columns_show_where_their_scale_begins_and_ends() -> None:
    rows = [Row("Week 1", ((Part("received", 7, "/list/open", "7"),),)), Row("Week 2", ((),))]
    chart = columns("weeks", "Weeks", "By week.", ("Week", "Received"), rows)
    (top, floor), (bar,) = chart.lines, chart.bars
    assert (bar.y, bar.y + bar.height) == (top, floor)
    assert "7" in {words.text for words in chart.words}


def test_a_count_that_took_long_is_shown_again_for_a_minute_and_says_so(tmp_path: Path) -> None:
    time = Time(NOW)
    desk = open_desk(council_settings(tmp_path), time.now)
    migrate(desk.engine)
    app = create_app(desk)
    app.extensions[KEPT] = Kept(slow=timedelta(0))
    with transaction(desk.engine) as session:
        session.add(
            Officer(
                email=EMAILS["supervisor"], name="S", role="supervisor", password_hash=password_hash(), created_at=NOW
            )
        )
    reader = Browser(app.test_client()).sign_in("supervisor")

    def figures() -> tuple[str, str]:
        html = reader.get("/dashboard").text
        tile = re.search(r'href="/list/open"><span class="desk-tile__number">(\d+)', html)
        received = re.search(r">(\d+) received</a>", html)
        assert tile
        assert ("was counted at" in html) is (received is not None and tile[1] != received[1])
        return tile[1], received[1] if received else ""

    with transaction(desk.engine) as session:
        open_a_case(session, desk)
    assert figures() == ("1", "1")
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
    time.pass_by(seconds=59)
    assert figures() == ("2", "1")
    time.pass_by(seconds=1)
    assert figures() == ("2", "2")
    desk.engine.dispose()
