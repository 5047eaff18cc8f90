import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from service.casework.note import add_note
from service.casework.reply import send_reply
from service.desk import Desk
from service.domain.kind import Kind
from service.letters import Words
from service.store.cases import case_by_reference, history
from service.store.database import reading, transaction
from service.store.officers import officer_by_email
from service.store.tables import Case, MessageBody
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, HTML, PAGE, PDF, Seeded
from web.casefile import LATEST, NEWEST

TODAY = {"answered_on-day": "3", "answered_on-month": "6", "answered_on-year": "2024"}


def the_case(desk: Desk, reference: str) -> Case:
    with reading(desk.engine) as session:
        return case_by_reference(session, reference)


def key_of(desk: Desk, role: str) -> int:
    with reading(desk.engine) as session:
        found = officer_by_email(session, EMAILS[role])
        assert found is not None
        return found.id


def last_event(desk: Desk, reference: str) -> tuple[Kind, str, str]:
    with reading(desk.engine) as session:
        event = history(session, case_by_reference(session, reference).id)[-1]
    return event.kind, event.actor, event.data.get("text", "")


def test_the_page_tells_the_whole_case(officer: Browser, seeded: Seeded) -> None:
    html = officer.get(f"/cases/{seeded.overdue}").text
    for said in (
        "Friday 31 May 2024",
        "overdue by 1 working day",
        "FOIA: Freedom of Information Act 2000",
        "How many trees did the council fell in 2023, and why?",
        "Older mail quoted below it",
        "Street plan – Mill Lane.pdf",
        "Any news?",
        "may not have arrived",
        "Parks have the 2023 list.",
        "Gave the case to Sam Okoro",
    ):
        assert said in html, said


def test_of_a_long_case_the_last_is_shown_and_all_on_a_click(desk: Desk, officer: Browser, seeded: Seeded) -> None:
    path, many = f"/cases/{seeded.overdue}", LATEST + 5
    before = officer.get(path).text
    assert "Show all of this case" not in before
    already = len(re.findall("<article", before))
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.overdue)
        for number in range(many):
            at = desk.now() + timedelta(minutes=number)
            send_reply(session, desk, case, "reply", Words(f"Letter {number}.", "Words\n"), at=at, by="officer:1")
            add_note(session, desk, case, f"note {number}.", at=at, by="officer:1")
    last = officer.get(path).text
    assert f"The last {LATEST} of {already + many}" in last
    assert [f"Letter {number}." in last for number in (4, 5, many - 1)] == [False, True, True]
    assert [f"note {number}." in last for number in (0, many - 1)] == [False, True]
    assert "How many trees did the council fell in 2023, and why?" in last  # the request is always shown
    older = re.search(r"(\d+) older entries are not shown", last)
    assert older is not None
    with reading(desk.engine) as session:
        assert int(older[1]) == len(history(session, case.id)) - NEWEST
    everything = officer.get(f"{path}?show=all").text
    assert all(f"Letter {number}." in everything and f"note {number}." in everything for number in range(many))
    assert "Show all of this case" not in everything
    assert "not shown" not in everything


def test_the_clock_is_explained_day_by_day(officer: Browser, seeded: Seeded) -> None:
    html = officer.get(f"/cases/{seeded.overdue}/clock").text.replace("\N{NO-BREAK SPACE}", " ")
    rows = re.findall(r'<th scope="row">(\w{3} \d+ \w+ 2024)</th>\s*<td>([^<]+)</td>\s*<td>([^<]*)</td>', html)
    days = {day: (count.strip(), why) for day, count, why in rows}
    assert days["Thu 2 May 2024"][0] == "1"
    assert days["Fri 31 May 2024"][0] == "20"
    assert days["Mon 6 May 2024"][0] == "not counted"
    assert "Early May bank holiday" in days["Mon 6 May 2024"][1]


def test_what_a_requester_wrote_is_text_and_never_markup(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    with Session(desk.engine) as session:
        body = session.exec(select(MessageBody)).first()
        assert body is not None
        body.text = "<script>alert(1)</script>"
        session.add(body)
        session.commit()
    html = officer.get(f"/cases/{seeded.overdue}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html


def test_the_mail_as_sent_stands_in_a_frame_that_can_do_nothing(officer: Browser, seeded: Seeded) -> None:
    html = officer.get(f"/cases/{seeded.overdue}").text
    frame = re.search(r'<iframe class="desk-frame" sandbox="" [^>]*src="([^"]+)"', html)
    assert frame
    answer = officer.get(frame[1])
    assert HTML in answer.text
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )


def test_files_are_downloads_whatever_they_say_they_are(officer: Browser, seeded: Seeded) -> None:
    html = officer.get(f"/cases/{seeded.overdue}").text
    pdf, page = re.findall(r'href="([^"]+/messages/\d+/files/\d+)"', html)
    answers = [officer.get(pdf), officer.get(page)]
    assert [answer.data for answer in answers] == [PDF, PAGE]
    assert [answer.mimetype for answer in answers] == ["application/pdf", "application/octet-stream"]
    for answer in answers:
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.content_length == len(answer.data)


def test_the_original_mail_can_be_downloaded(officer: Browser, seeded: Seeded) -> None:
    original = re.search(r'href="([^"]+/original)"', officer.get(f"/cases/{seeded.overdue}").text)
    assert original
    assert officer.get(original[1]).data.startswith(b"mail ")


def test_a_message_is_only_reached_through_its_own_case(officer: Browser, seeded: Seeded) -> None:
    for path in ("as-sent", "original", "files/0"):
        assert officer.get(f"/cases/{seeded.closed}/messages/1/{path}").status_code == 404
        assert officer.get(f"/cases/{seeded.overdue}/messages/{2**63 - 1}/{path}").status_code == 404
        assert officer.get(f"/cases/{seeded.overdue}/messages/{2**63}/{path}").status_code == 404


def test_an_officer_takes_a_case_that_nobody_has(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    page = officer.get(f"/cases/{seeded.unassigned}").text
    assert "Take this case" in page
    assert officer.post(f"/cases/{seeded.unassigned}/owner", owner=str(key_of(desk, "officer"))).status_code == 302
    assert the_case(desk, seeded.unassigned).owner_id == key_of(desk, "officer")
    assert f"{seeded.unassigned} is now yours." in officer.get(f"/cases/{seeded.unassigned}").text


def test_an_officer_hands_over_a_case_of_their_own(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    assert officer.post(f"/cases/{seeded.overdue}/owner", owner=str(key_of(desk, "administrator"))).status_code == 302
    assert the_case(desk, seeded.overdue).owner_id == key_of(desk, "administrator")


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("owner", {"owner": "1"}),
        ("close", {"outcome": "granted in full", **TODAY}),
        ("reply", {"kind": "reply", "subject": "s", "body": "b", "step": "send"}),
        ("letters/1/again", {}),
        ("letters/1/arrived", {}),
    ],
)
def test_an_officer_may_not_speak_on_a_colleagues_case(
    officer: Browser, seeded: Seeded, path: str, values: dict[str, str]
) -> None:
    officer.get(f"/cases/{seeded.of_colleague}")
    assert officer.post(f"/cases/{seeded.of_colleague}/{path}", **values).status_code == 403


def test_an_officer_may_not_give_an_unassigned_case_to_another(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    answer = officer.post(f"/cases/{seeded.unassigned}/owner", owner=str(key_of(desk, "supervisor")))
    assert answer.status_code == 403
    assert "ask a supervisor" in answer.text


def test_an_officer_must_take_a_case_before_answering_it(officer: Browser, seeded: Seeded) -> None:
    answer = officer.get(f"/cases/{seeded.unassigned}/reply")
    assert answer.status_code == 403
    assert "Take it first" in answer.text


def test_a_supervisor_gives_any_case_to_anyone(supervisor: Browser, seeded: Seeded, desk: Desk) -> None:
    for reference in (seeded.unassigned, seeded.overdue):
        assert supervisor.post(f"/cases/{reference}/owner", owner=str(key_of(desk, "administrator"))).status_code == 302
        assert the_case(desk, reference).owner_id == key_of(desk, "administrator")


@pytest.mark.parametrize("owner", ["", "x", "999999"])
def test_a_case_cannot_be_given_to_nobody(supervisor: Browser, seeded: Seeded, owner: str) -> None:
    supervisor.get(f"/cases/{seeded.overdue}")
    assert supervisor.post(f"/cases/{seeded.overdue}/owner", owner=owner).status_code == 422


def test_anyone_of_the_team_may_add_a_note(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    assert officer.post(f"/cases/{seeded.of_colleague}/notes", note=" Legal looked at this.\r\nOK. ").status_code == 302
    assert last_event(desk, seeded.of_colleague) == (
        Kind.NOTED,
        f"officer:{key_of(desk, 'officer')}",
        "Legal looked at this.\nOK.",
    )


def test_an_empty_note_is_refused_with_what_to_do(officer: Browser, seeded: Seeded) -> None:
    answer = officer.post(f"/cases/{seeded.overdue}/notes", note="  ")
    assert answer.status_code == 422
    assert '<a href="#note">Write the note</a>' in answer.text
    assert "<title>Error: " in answer.text


def test_closing_asks_for_the_outcome_and_proposes_today(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    page = officer.get(f"/cases/{seeded.overdue}/close").text
    assert "Nothing on this case can be the answer" in page
    assert 'name="answered_on-day" type="text" inputmode="numeric" value="3"' in page
    assert officer.post(f"/cases/{seeded.overdue}/close", outcome="refused in full", **TODAY).status_code == 302
    closed = the_case(desk, seeded.overdue)
    assert (closed.stage, closed.outcome, str(closed.answered_on)) == ("closed", "refused in full", "2024-06-03")
    assert "overdue" not in officer.get("/list/mine").text.partition("<main")[2]


def test_an_answer_before_the_request_is_a_fault_of_the_form(officer: Browser, seeded: Seeded) -> None:
    before = {**TODAY, "answered_on-month": "4"}
    answer = officer.post(f"/cases/{seeded.overdue}/close", outcome="refused in full", **before)
    assert answer.status_code == 422
    assert "the request came on 1 May 2024" in answer.text
    assert 'value="refused in full" checked' in answer.text


def test_a_case_is_not_closed_twice(officer: Browser, seeded: Seeded) -> None:
    assert officer.post(f"/cases/{seeded.closed}/close", outcome="granted in full", **TODAY).status_code == 409
    assert officer.get(f"/cases/{seeded.closed}/close").status_code == 409


def test_a_case_that_is_none_is_not_found(officer: Browser) -> None:
    answer = officer.get("/cases/01.FOI.24.999999")
    assert answer.status_code == 404
    assert "There is no case 01.FOI.24.999999." in answer.text
