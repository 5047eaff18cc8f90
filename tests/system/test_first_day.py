"""The README's first day: settings, check-up, an officer, and a request that is answered by the desk itself."""

import json
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from time import monotonic

from service.letters import in_words
from tests.integration.dovecot import Dovecot
from tests.integration.polling import a_mail
from tests.system.conftest import Sink
from tests.system.installation import Installation, Visitor, until

MOMENTS = 10  # seconds that a stop may take


def _letter(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _arrival(dovecot: Dovecot) -> datetime:
    """When the mail server says that the only filed mail reached the mailbox."""
    with dovecot.client(folder="FOI/Filed") as client:
        (uid,) = client.search("ALL")
        moment: datetime = client.fetch([uid], ["INTERNALDATE"])[uid][b"INTERNALDATE"]
    return moment


def test_a_request_becomes_a_case_with_an_acknowledgement_and_a_date(
    desk: Installation, dovecot: Dovecot, sink: Sink
) -> None:
    desk.add_officer()
    with desk.running("serve", "--from", "now") as serve:
        visitor = Visitor(serve.url())
        dovecot.deliver(a_mail())
        until(sink.acknowledgements, what=serve.said)
        until(lambda: dovecot.folder_content("FOI/Filed"), what=serve.said)
        letter = _letter(sink.acknowledgements()[0])
        visitor.sign_in()
        worklist = visitor.get("/list/open")
        assert visitor.health()[0] == 200
        before = monotonic()
        assert serve.stop() == 0
        assert monotonic() - before < MOMENTS
    said = desk.run("deadline", _arrival(dovecot).isoformat(), "--json")
    due = date.fromisoformat(json.loads(said.stdout)["due_on"])
    assert f"no later than {in_words(due)}." in letter.get_content()
    reference = letter["Subject"].split("]")[0].removeprefix("[")
    assert (letter["To"], letter["In-Reply-To"]) == ("Person 1 <person1@example.com>", "<1@example.com>")
    assert reference in worklist
    assert f'datetime="{due.isoformat()}"' in worklist
    assert "Request 1" in worklist


def test_what_was_in_the_mailbox_before_is_left_alone(desk: Installation, dovecot: Dovecot, sink: Sink) -> None:
    dovecot.append(a_mail(1), datetime(2024, 6, 3, 8).astimezone())
    with desk.running("serve", "--from", "now") as serve:
        serve.url()
        dovecot.deliver(a_mail(2))
        until(sink.acknowledgements, what=serve.said)
        assert serve.stop() == 0
    assert ["Request 2" in mail.decode() for mail in sink.acknowledgements()] == [True]
    assert len(dovecot.folder_content("INBOX")) == 1


def test_it_does_not_start_until_someone_has_said_from_when_mail_counts(desk: Installation) -> None:
    refused = desk.run("serve")
    assert refused.returncode == 1
    assert "--from now" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_init_does_not_replace_what_is_there(desk: Installation) -> None:
    before = desk.settings_file.read_text()
    assert desk.run("init").returncode == 1
    assert desk.settings_file.read_text() == before
