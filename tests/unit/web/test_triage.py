"""What a mail turned out to be, said on its page."""

from collections.abc import Callable

from service.desk import Desk
from service.domain.kind import Kind
from service.domain.stage import Stage
from service.store.cases import case_by_reference
from service.store.database import reading
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded
from tests.unit.web.test_cases import last_event

COMPLAINT = {"found": "a complaint", "regime": "FOIA", "reason": "It is about a missed bin"}


def stage(desk: Desk, reference: str) -> str:
    with reading(desk.engine) as session:
        return case_by_reference(session, reference).stage


def test_what_is_no_request_needs_a_reason_and_then_a_supervisor(
    officer: Browser, supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.unassigned}/triage"
    assert "School transport" in officer.get(path).text
    refused = officer.post(path, **(COMPLAINT | {"reason": ""}))
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert officer.post(path, **COMPLAINT).status_code == 302
    assert stage(desk, seeded.unassigned) == Stage.NOT_FOI
    assert officer.post(f"{path}/confirm").status_code == 403
    assert "missed bin" in supervisor.get(f"/cases/{seeded.unassigned}").text
    assert supervisor.get(f"{path}/confirm").status_code == 200
    assert supervisor.post(f"{path}/confirm").status_code == 302
    assert stage(desk, seeded.unassigned) == Stage.CLOSED


def test_a_supervisor_finds_that_it_is_a_request_after_all(
    officer: Browser, supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.unassigned}/triage"
    officer.get(path)
    officer.post(path, **COMPLAINT)
    supervisor.get(f"{path}/confirm")
    assert supervisor.post(f"{path}/decline", reason="").status_code == 422
    assert supervisor.post(f"{path}/decline", reason="It asks for records").status_code == 302
    assert stage(desk, seeded.unassigned) == Stage.NEW


def test_an_environmental_request_moves_to_the_regulations(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.unassigned}/triage"
    officer.get(path)
    words = {"found": "a request for information", "regime": "EIR", "reason": "It is about emissions"}
    assert officer.post(path, **words).status_code == 302
    with reading(desk.engine) as session:
        assert case_by_reference(session, seeded.unassigned).regime == "EIR"


def test_who_is_given_a_case_accepts_it_or_hands_it_back(
    browser: Callable[[str], Browser], seeded: Seeded, desk: Desk
) -> None:
    supervisor, officer = browser("supervisor"), browser("officer")
    case = f"/cases/{seeded.unassigned}"
    supervisor.get(case)
    assert supervisor.post(f"{case}/owner", owner="1").status_code == 302
    assert stage(desk, seeded.unassigned) == Stage.ALLOCATED
    assert supervisor.post(f"{case}/accept").status_code == 403
    officer.get(case)
    assert officer.post(f"{case}/hand-back", reason="").status_code == 422
    assert officer.post(f"{case}/hand-back", reason="I know the requester").status_code == 302
    assert last_event(desk, seeded.unassigned)[:2] == (Kind.HANDED_BACK, "officer:1")
    assert "I know the requester" in officer.get(case).text
    supervisor.post(f"{case}/owner", owner="1")
    assert officer.post(f"{case}/accept").status_code == 302
    assert stage(desk, seeded.unassigned) == Stage.DRAFTING
    assert officer.post(f"{case}/accept").status_code == 409
