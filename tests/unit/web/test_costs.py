import re

import pytest
from sqlmodel import select

from service.desk import Desk
from service.domain.costs import Activity
from service.store.database import reading, transaction
from service.store.estimates import estimates_of, read_tasks
from service.store.rows import change_row
from service.store.tables import Case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

LINES = {
    "rows": "3",
    "activity-1": Activity.LOCATE.value,
    "items-1": "200",
    "what-1": "paper files",
    "minutes-1": "5",
    "activity-2": Activity.EXTRACT.value,
    "items-2": "1",
    "what-2": "",
    "minutes-2": "2.5",
    "activity-3": "",
    "items-3": "",
    "what-3": "",
    "minutes-3": "",
}


def keep(browser: Browser, reference: str, **changes: str) -> int:
    browser.get(f"/cases/{reference}/costs")
    return browser.post(f"/cases/{reference}/costs", **(LINES | changes)).status_code


def test_an_estimate_is_kept_explained_and_told_on_the_case(officer: Browser, seeded: Seeded) -> None:
    assert keep(officer, seeded.overdue) == 302
    html = officer.get(f"/cases/{seeded.overdue}/costs").text
    assert "within the limit" in html
    assert "200 paper files at 5 minutes each, 16 hours 40 minutes." in html
    assert "In all 16 hours 42.5 minutes at £25 an hour: £417.71." in html
    assert "Version 1 of" in html
    assert "by Sam Okoro" in html
    case = officer.get(f"/cases/{seeded.overdue}").text
    assert "Estimated what it costs to comply, version 1" in case
    assert "£417.71 against a limit of £450" in case


def test_every_version_stays_and_the_form_begins_with_the_last(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    keep(officer, seeded.overdue)
    keep(officer, seeded.overdue, **{"items-1": "300"})
    html = officer.get(f"/cases/{seeded.overdue}/costs").text
    assert "over the limit" in html
    assert "The limit pays for 18 hours of this work" in html
    assert re.search(r"Version 1 of .*£417.71", html)
    assert 'name="items-1" type="text" value="300"' in html
    with reading(desk.engine) as session:
        case = session.exec(select(Case).where(Case.reference == seeded.overdue)).one()
        newest, oldest = estimates_of(session, case.id)
    assert (newest.version, oldest.version) == (2, 1)
    assert [task.items for task in read_tasks(oldest)] == [200, 1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"items-1": ""}, "enter how many"),
        ({"items-1": "-3"}, "enter how many"),
        ({"minutes-1": "soon"}, "enter the minutes for each"),
        ({"minutes-1": "NaN"}, "minutes each cannot be"),
        ({"minutes-1": "0"}, "minutes each cannot be"),
        ({"activity-1": "redacting"}, "Choose what the work is"),
        ({"hourly": "12"}, "whoever works it"),
        ({"rows": "0"}, "Fill in at least one line"),
    ],
)
def test_what_cannot_be_counted_is_said_and_nothing_is_lost(
    officer: Browser, seeded: Seeded, changes: dict[str, str], says: str
) -> None:
    officer.get(f"/cases/{seeded.overdue}/costs")
    answer = officer.post(f"/cases/{seeded.overdue}/costs", **(LINES | changes))
    assert answer.status_code == 422
    assert says in answer.text
    assert "Version 1" not in officer.get(f"/cases/{seeded.overdue}/costs").text
    if changes.get("rows") != "0":
        assert 'value="paper files"' in answer.text


def test_the_environmental_regulations_have_no_limit_and_the_page_says_so(
    officer: Browser, desk: Desk, seeded: Seeded
) -> None:
    with transaction(desk.engine) as session:
        change_row(session, session.exec(select(Case).where(Case.reference == seeded.overdue)).one(), regime="EIR")
    html = officer.get(f"/cases/{seeded.overdue}/costs").text
    assert "regulation 12(4)(b)" in html
    assert "Keep the estimate" not in html
    assert officer.post(f"/cases/{seeded.overdue}/costs", **LINES).status_code == 422


def test_in_scotland_an_hour_counts_at_what_it_costs(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    with transaction(desk.engine) as session:
        change_row(session, session.exec(select(Case).where(Case.reference == seeded.overdue)).one(), regime="FOISA")
    assert keep(officer, seeded.overdue, hourly="12", **{"activity-2": Activity.PROVIDE.value}) == 302
    html = officer.get(f"/cases/{seeded.overdue}/costs").text
    assert "at £12 an hour: £200.50" in html
    assert "Finding out whether it is held" in html
    assert "redacting" not in html  # part of providing it, which counts
    assert "£600" in html
