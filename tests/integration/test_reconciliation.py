"""Every look is counted up: what the server lists is what we hold, and what does not add up is an alarm."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from mail.poll import poll_mailbox
from mail.reader import Reader
from service.desk import Desk
from service.health import health, troubles
from service.store.database import reading, transaction
from service.store.mailboxes import Tally, mailbox, tally
from service.store.tables import Mailbox
from tests.conftest import Time
from tests.integration.dovecot import Dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, fill, reading_from
from tests.integration.scripted_imap import scripted

LONG_AGO = SAT_JUN_1_2024 - timedelta(days=400)


@pytest.fixture
def poller(sqlite_desk: Desk, dovecot: Dovecot) -> Desk:
    return reading_from(sqlite_desk, dovecot.settings())


def known(desk: Desk) -> tuple[Mailbox, Tally]:
    with reading(desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
        assert row is not None
        return row, tally(session, "foi", "INBOX")


def told(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(troubles(session, desk, desk.now()))


def part(desk: Desk) -> dict[str, object]:
    with reading(desk.engine) as session:
        [found] = json.loads(json.dumps(health(session, desk, desk.now())))["mailboxes"]
    return dict(found)


def test_every_mail_the_server_lists_is_in_exactly_one_list(
    desk: Desk, dovecot: Dovecot, reader: Reader, time: Time
) -> None:
    polling = reading_from(desk, dovecot.settings(filed_folder=""))
    fill(dovecot, {0: a_mail(0)}, LONG_AGO)
    fill(dovecot, {1: a_mail(1), 2: a_mail(2), 3: a_mail(1)}, MON_JUN_3_2024)
    fill(dovecot, {4: a_mail(4, Auto_Submitted="auto-replied")}, MON_JUN_3_2024)
    fill(dovecot, {5: b"nothing of this is a mail"}, MON_JUN_3_2024)
    poll_mailbox(polling, reader, begin=SAT_JUN_1_2024)
    row, found = known(polling)
    assert found == Tally(cased=2, filed=1, quarantined=1, duplicates=1)
    assert row.listed == found.seen == len(dovecot.folder_content("INBOX")) - 1  # the old one is none of ours
    assert part(polling)["mails"] == {
        "seen": 5, "cased": 2, "filed": 1, "quarantined": 1, "duplicates": 1, "waiting": 0, "before": 0, "astray": 0,
    }  # fmt: skip
    assert part(polling)["status"] == "ok"
    assert told(polling) == []


def test_mail_that_came_and_left_between_two_looks_is_an_alarm(
    poller: Desk, dovecot: Dovecot, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    fill(dovecot, {1: a_mail(1)}, MON_JUN_3_2024)
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    fill(dovecot, {number: a_mail(number) for number in range(2, 6)}, MON_JUN_3_2024)
    with dovecot.client() as colleague:
        new = colleague.search("ALL")
        colleague.create_folder("Private")
        colleague.move(new[0], "Private")
        colleague.delete_messages(new[1])
        colleague.expunge()
    with caplog.at_level(logging.WARNING):
        poll_mailbox(poller, reader)
    row, found = known(poller)
    assert (row.missed, found.cased) == (2, 3)
    assert "2 mails came into INBOX and left it before they were read" in caplog.text
    assert part(poller)["status"] == "warn"
    assert told(poller) == ["There are 2 mails that came to “foi” and left it again before the desk had read them."]
    poll_mailbox(poller, reader)
    assert known(poller)[0].missed == 2  # told once each


def test_mail_that_we_move_ourselves_is_not_missed(poller: Desk, dovecot: Dovecot, reader: Reader) -> None:
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    for number in range(3):
        fill(dovecot, {number: a_mail(number)}, MON_JUN_3_2024)
        poll_mailbox(poller, reader)
    assert dovecot.folder_content("INBOX") == []
    assert known(poller)[0].missed == 0


def test_old_mail_that_a_colleague_puts_into_the_folder_is_not_missed(
    poller: Desk, dovecot: Dovecot, reader: Reader
) -> None:
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    fill(dovecot, {1: a_mail(1)}, LONG_AGO)
    poll_mailbox(poller, reader)
    assert (known(poller)[0].missed, known(poller)[1].seen) == (0, 0)


def test_new_numbers_for_every_mail_are_no_missing_mail(poller: Desk, dovecot: Dovecot, reader: Reader) -> None:
    unmoved = replace(
        poller,
        settings=poller.settings.model_copy(update={"mailbox": dovecot.settings(filed_folder="")}),
    )
    fill(dovecot, {number: a_mail(number) for number in range(5)}, MON_JUN_3_2024)
    poll_mailbox(unmoved, reader, begin=SAT_JUN_1_2024)
    with dovecot.client() as colleague:
        colleague.delete_messages(colleague.search("ALL")[0])
        colleague.expunge()
    dovecot.renumber()
    poll_mailbox(unmoved, reader)
    row, found = known(unmoved)
    assert (row.missed, row.listed) == (0, 4)
    assert (found.cased, found.duplicates) == (5, 4)


def test_mail_that_the_server_does_not_hand_over_is_an_alarm_until_it_does(sqlite_desk: Desk, reader: Reader) -> None:
    listed = "* SEARCH 7\r\n"
    facts = '* 1 FETCH (UID 7 RFC822.SIZE 900 INTERNALDATE "03-Jun-2024 08:00:00 +0000")\r\n'
    with scripted(UID_SEARCH=listed.strip(), UID_FETCH=facts.strip()) as settings:
        poller = reading_from(sqlite_desk, settings)
        poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    row, found = known(poller)
    assert (row.listed, row.withheld, found.seen) == (1, 1, 0)
    assert part(poller)["status"] == "warn"
    assert "does not hand over" in told(poller)[0]


def test_a_mail_in_no_list_fails_the_health_check(
    poller: Desk, dovecot: Dovecot, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    fill(dovecot, {1: a_mail(1)}, MON_JUN_3_2024)
    poll_mailbox(poller, reader, begin=SAT_JUN_1_2024)
    _damage(poller, "UPDATE post SET state = 'forgotten'")
    with caplog.at_level(logging.ERROR):
        poll_mailbox(poller, reader)
    assert "1 mails of INBOX are in no list" in caplog.text
    assert part(poller)["status"] == "fail"
    assert told(poller) == ["There is 1 mail of the mailbox “foi” in no list of the desk: tell your administrator."]
    _damage(poller, "UPDATE post SET state = 'filed'")
    poll_mailbox(poller, reader)
    assert (part(poller)["status"], told(poller)) == ("ok", [])


def _damage(desk: Desk, statement: str) -> None:
    session: Session
    with transaction(desk.engine) as session:
        session.connection().execute(text(statement))
