"""Your emails: everyone chooses for themselves, looks at a digest and tries it now."""

import pytest
from sqlmodel import select

from service.desk import Desk
from service.domain.digest_kind import DigestKind
from service.store.database import reading, transaction
from service.store.digests import unwanted
from service.store.tables import Letter
from tests.builders import a_message, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, Seeded
from tests.unit.web.sent_by_hand import send_by_hand

LATE = "Your FOI cases: "


def sent(desk: Desk) -> list[tuple[str, str]]:
    with reading(desk.engine) as session:
        query = select(Letter.kind, Letter.recipient_address).where(Letter.kind.startswith("digest"))
        return [(kind, address) for kind, address in session.exec(query)]


def test_each_page_leads_there_by_ones_own_name(officer: Browser) -> None:
    assert 'href="/your-emails">Sam Okoro<' in officer.get("/list/mine").text


def test_an_officer_is_offered_their_own_list_and_a_supervisor_all(officer: Browser, supervisor: Browser) -> None:
    mine, theirs = officer.get("/your-emails").text, supervisor.get("/your-emails").text
    assert "Your own list" in mine
    assert "supervisors’ digest" not in mine
    for words in ("Your own list", "The supervisors’ digest", "The weekly summary"):
        assert words in theirs


def test_a_choice_is_kept_for_oneself_alone(officer: Browser, supervisor: Browser, desk: Desk) -> None:
    supervisor.get("/your-emails")
    assert supervisor.post("/your-emails", wanted="weekly").status_code == 302
    page = supervisor.get("/your-emails").text
    assert 'value="weekly" checked' in page
    assert 'value="supervisors" checked' not in page
    assert 'value="own" checked' in officer.get("/your-emails").text
    with reading(desk.engine) as session:
        assert unwanted(session, 2) == {DigestKind.SUPERVISORS, DigestKind.OWN}
        assert unwanted(session, 1) == set()
    supervisor.post("/your-emails", wanted="own")
    with reading(desk.engine) as session:
        assert unwanted(session, 2) == {DigestKind.SUPERVISORS, DigestKind.WEEKLY}


def test_a_digest_is_shown_as_it_would_be_written_and_sends_nothing(
    officer: Browser, desk: Desk, seeded: Seeded
) -> None:
    page = officer.get("/your-emails/own").text
    assert LATE in page
    assert f'<a class="govuk-link" href="http://127.0.0.1:8000/cases/{seeded.due_today}">' in page
    assert sent(desk) == []


def test_it_is_sent_to_oneself_at_once(officer: Browser, supervisor: Browser, desk: Desk) -> None:
    officer.get("/your-emails/own")
    assert (
        "goes to sam.okoro@anytown.example"
        in officer.client.post(
            "/your-emails/own",
            data={"csrf_token": officer._token},
            follow_redirects=True,
        ).text
    )
    supervisor.get("/your-emails/weekly")
    supervisor.post("/your-emails/weekly")
    assert sent(desk) == [("digest-own", EMAILS["officer"]), ("digest-weekly", EMAILS["supervisor"])]


def test_with_nothing_to_say_nothing_is_sent(browser: object, desk: Desk) -> None:
    administrator: Browser = browser("administrator")  # type: ignore[operator]
    assert "There is nothing to say just now" in administrator.get("/your-emails/own").text
    assert administrator.post("/your-emails/own").status_code == 302
    assert sent(desk) == []


@pytest.mark.parametrize("kind", ["supervisors", "weekly"])
def test_an_officer_cannot_have_what_is_for_supervisors(officer: Browser, desk: Desk, kind: str) -> None:
    assert officer.get(f"/your-emails/{kind}").status_code == 403
    assert officer.post(f"/your-emails/{kind}").status_code == 403
    assert sent(desk) == []


def test_a_strangers_words_make_no_link_and_no_markup(supervisor: Browser, desk: Desk) -> None:
    hostile = "See https://evil.example <script>alert(1)</script> {{ 7*7 }}"
    with transaction(desk.engine) as session:
        open_a_case(session, desk, a_message(subject=hostile), received_at=desk.now().replace(month=3))
    page = supervisor.get("/your-emails/supervisors").text
    assert "See https://evil.example &lt;script&gt;" in page
    assert 'href="https://evil.example' not in page


def test_nobody_reads_it_without_signing_in(stranger: Browser) -> None:
    for path in ("/your-emails", "/your-emails/own", "/what-if"):
        assert stranger.get(path).status_code == 302


def test_mails_sent_by_hand_are_told_to_their_owner_and_to_supervisors(
    officer: Browser, supervisor: Browser, desk: Desk, seeded: Seeded
) -> None:
    assert "sent by hand" not in supervisor.get("/your-emails/supervisors").text
    assert "sent by hand" not in supervisor.get("/dashboard").text
    with transaction(desk.engine) as session:
        by_hand = send_by_hand(session, desk)
    mine = officer.get("/your-emails/own").text
    assert "SENT BY HAND: WAS THAT THE ANSWER?: 2" in mine
    assert mine.index(by_hand.asked) < mine.index("OVERDUE")
    assert "Sent at 07:30 on Monday 3 June 2024; the clock runs until you say." in mine
    theirs = supervisor.get("/your-emails/supervisors").text
    assert "2 mails sent by hand may be answers; the clock runs until somebody says so." in theirs
    assert "1 mail sent by hand waits for somebody to say of which case." in theirs
    assert "sent by hand: was that the answer?" in supervisor.get("/dashboard").text
    assert "SENT BY HAND" not in supervisor.get("/your-emails/own").text
