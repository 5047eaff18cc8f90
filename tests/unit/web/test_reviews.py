"""Reviews and complaints, as officers meet them on the pages."""

from service.casework.review import not_independent
from service.desk import Desk
from service.store.cases import case_by_reference, cases_following
from service.store.database import reading
from service.store.tables import Case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

TODAY = {"day": "3", "month": "6", "year": "2024"}
LATER = {"day": "18", "month": "6", "year": "2024"}


def date_of(name: str, day: dict[str, str]) -> dict[str, str]:
    return {f"{name}-{part}": value for part, value in day.items()}


def follower(desk: Desk, reference: str) -> Case:
    with reading(desk.engine) as session:
        return cases_following(session, case_by_reference(session, reference).id)[-1]


def test_a_review_is_opened_by_hand_on_a_closed_case(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    assert "Open an internal review" in officer.get(f"/cases/{seeded.closed}").text
    address = f"/cases/{seeded.closed}/review"
    assert "Say what they are dissatisfied with" in officer.post(address, **date_of("asked_on", TODAY)).text
    opened = officer.post(address, words="Rang: they want the prices.", **date_of("asked_on", TODAY))
    review = follower(desk, seeded.closed)
    page = officer.get(opened.headers["Location"])
    assert f"{review.reference} is open." in page.text
    assert "Rang: they want the prices." in page.text
    assert review.reference in officer.get(f"/cases/{seeded.closed}").text
    assert officer.get(address).status_code == 409


def test_a_review_asked_for_before_the_answer_is_refused_at_its_day(officer: Browser, seeded: Seeded) -> None:
    page = officer.post(f"/cases/{seeded.closed}/review", words="x", **date_of("asked_on", TODAY | {"year": "2023"}))
    assert page.status_code == 422
    assert "A review can be asked for from" in page.text


def test_there_is_nothing_to_review_before_the_answer(officer: Browser, seeded: Seeded) -> None:
    assert "Open an internal review" not in officer.get(f"/cases/{seeded.overdue}").text
    assert officer.get(f"/cases/{seeded.overdue}/review").status_code == 409


def test_the_page_of_a_review_names_who_may_not_do_it_and_they_are_refused(
    officer: Browser, supervisor: Browser, desk: Desk, seeded: Seeded
) -> None:
    officer.post(f"/cases/{seeded.closed}/review", words="x", **date_of("asked_on", TODAY))
    review = follower(desk, seeded.closed)
    page = supervisor.get(f"/cases/{review.reference}").text
    assert "Not whoever took part in the answer:" in page
    barred = officer_key(desk, seeded.closed)
    refused = supervisor.post(f"/cases/{review.reference}/owner", owner=str(barred))
    assert refused.status_code == 403
    assert "another person reviews it" in refused.text
    assert officer.post(f"/cases/{review.reference}/independence", reason="We are one").status_code == 403
    assert supervisor.post(f"/cases/{review.reference}/independence", reason="").status_code == 422
    supervisor.post(f"/cases/{review.reference}/independence", reason="We are a parish of one clerk")
    told = supervisor.get(f"/cases/{review.reference}")
    assert "Nobody independent can: We are a parish of one clerk" in told.text
    assert supervisor.post(f"/cases/{review.reference}/owner", owner=str(barred)).status_code == 302


def officer_key(desk: Desk, reference: str) -> int:
    """Somebody who took part in an answer."""

    with reading(desk.engine) as session:
        return next(iter(not_independent(session, follower(desk, reference))))


def test_a_complaint_is_recorded_answered_and_closed_with_the_decision(
    supervisor: Browser, desk: Desk, seeded: Seeded
) -> None:
    address = f"/cases/{seeded.closed}/complaint"
    dates = date_of("received_on", TODAY) | date_of("answer_by", LATER)
    assert "Enter the regulator" in supervisor.post(address, **dates).text
    late = date_of("received_on", LATER) | date_of("answer_by", LATER)
    early = supervisor.post(address, their_reference="IC-1", **late)
    assert (early.status_code, "came on or after" in early.text) == (422, True)
    told = {"their_reference": "IC-1", "address": "case@regulator.example", "about": "The prices"}
    opened = supervisor.post(address, **told, **dates)
    case = follower(desk, seeded.closed)
    page = supervisor.get(opened.headers["Location"])
    assert f"{case.reference} is open." in page.text
    assert "Tuesday 18 June 2024" in page.text
    assert case.reference in supervisor.get(address).text
    form = supervisor.get(f"/cases/{case.reference}/close").text
    assert "Complaint not upheld" in form
    assert "Granted in full" not in form
    ended = date_of("answered_on", TODAY) | {"notice": "FS50", "steps": "Disclose it."} | date_of("comply_by", LATER)
    wrong = supervisor.post(f"/cases/{case.reference}/close", outcome="granted in full", **ended)
    assert wrong.status_code == 422
    supervisor.post(f"/cases/{case.reference}/close", outcome="complaint upheld", **ended)
    for one in (case.reference, seeded.closed):
        shown = supervisor.get(f"/cases/{one}").text
        assert "Notice FS50. Disclose it. By Tuesday 18 June 2024." in shown
