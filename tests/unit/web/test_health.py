from service.desk import Desk
from service.store.correspondence import RETRY
from service.store.database import transaction
from service.store.jobs import note_run
from service.store.mailboxes import mailboxes, note_trouble
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS


def test_a_monitor_reads_how_the_desk_stands(stranger: Browser, time: Time) -> None:
    answer = stranger.get("/health")
    assert answer.status_code == 200
    report = answer.get_json()
    assert report["status"] == "warn"  # a letter failed
    assert report["database"] == {"status": "ok"}
    assert report["migrations"]["status"] == "ok"
    assert [(box["status"], box["age"]) for box in report["mailboxes"]] == [("ok", 60)]
    assert report["mail_to_sort"]["count"] == 2
    assert report["letters"]["by_state"]["uncertain"] == 1
    assert report["at"] == time.now().isoformat()


def test_a_mailbox_that_goes_unread_is_a_failure_and_a_banner(
    stranger: Browser, officer: Browser, desk: Desk, time: Time
) -> None:
    with transaction(desk.engine) as session:
        note_trouble(
            session, mailboxes(session, desk.settings.places)[0], "The server refuses our password.", time.now()
        )
    assert "has not been read" not in officer.get("/list/open").text
    time.pass_by(minutes=2)
    answer = stranger.get("/health")
    assert answer.status_code == 503
    assert answer.get_json()["mailboxes"][0]["status"] == "fail"
    page = officer.get("/list/open").text
    assert "has not been read since 09:29 on 3 June: The server refuses our password." in page
    assert "Mail last read 09:29 on Monday 3 June 2024" in page


def test_the_servers_own_words_and_addresses_are_not_for_everyone(stranger: Browser, desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        note_trouble(
            session, mailboxes(session, desk.settings.places)[0], "LOGIN of foi@anytown.example failed", time.now()
        )
        note_run(session, "poll", time.now(), time.now(), trouble="LOGIN of foi@anytown.example failed")
    text = stranger.get("/health").text
    assert "LOGIN" not in text
    assert "@" not in text
    assert EMAILS["officer"] not in text


def test_a_job_that_has_gone_silent_or_failed_is_a_warning(stranger: Browser, desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        note_run(session, "poll", time.now(), time.now())
        note_run(session, "chase", time.now(), time.now(), done_for=time.now().date())
        note_run(session, "deliver", time.now(), time.now(), trouble="the SMTP server does not answer")

    def jobs() -> dict[str, str]:
        return {job["name"]: job["status"] for job in stranger.get("/health").get_json()["jobs"]}

    assert jobs() == {"poll": "ok", "chase": "ok", "deliver": "warn"}
    time.pass_by(minutes=11)
    assert jobs() == {"poll": "warn", "chase": "ok", "deliver": "warn"}


def test_every_state_of_letters_is_counted(stranger: Browser) -> None:
    by_state = stranger.get("/health").get_json()["letters"]["by_state"]
    assert by_state == {"queued": 1, "uncertain": 1, "failed": 1}
    assert RETRY not in by_state
