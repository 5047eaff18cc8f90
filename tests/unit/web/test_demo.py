import pytest

from service.desk import Desk
from tests.unit.web.conftest import Browser, DemoPostOffice
from web.app import create_app

REQUEST = {"name": "Rhys", "address": "rhys@example.net", "subject": "Bins", "text": "When are they emptied?"}


def test_a_request_is_posted_as_a_mail(stranger: Browser, post_office: DemoPostOffice) -> None:
    assert "Demonstration" in stranger.get("/demo/").text
    answer = stranger.post("/demo/", **REQUEST)
    assert answer.headers["Location"] == "/demo/inbox?address=rhys@example.net"
    assert post_office.sent == [("Rhys", "rhys@example.net", "Bins", "When are they emptied?")]


def test_what_the_desk_answered_is_shown(stranger: Browser) -> None:
    html = stranger.get("/demo/inbox").text
    assert "[01.FOI.24.000001] Acknowledgement" in html
    assert "Dear Margaret" in html


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"address": ""},
        {"address": "x"},
        {"subject": " "},
        {"text": ""},
        {"address": "FOI@anytown.example"},
    ],
)
def test_a_faulty_request_is_not_posted(stranger: Browser, post_office: DemoPostOffice, change: dict[str, str]) -> None:
    stranger.get("/demo/")
    assert stranger.post("/demo/", **(REQUEST | change)).status_code == 422
    assert post_office.sent == []


def test_the_working_desk_has_no_demonstration(desk: Desk) -> None:
    assert create_app(desk).test_client().get("/demo/").status_code == 404


def test_a_mail_of_an_inbox_can_be_answered(stranger: Browser, post_office: DemoPostOffice) -> None:
    stranger.get("/demo/inbox")
    answered = stranger.post("/demo/inbox", address="sam@anytown.example", number="0", text="take")
    assert answered.status_code == 302
    assert post_office.sent == [("sam@anytown.example", "0", "answer", "take")]
    assert stranger.post("/demo/inbox", address="sam@anytown.example", number="7", text="take").status_code == 404
    assert stranger.post("/demo/inbox", address="sam@anytown.example", number="0", text="").status_code == 422
