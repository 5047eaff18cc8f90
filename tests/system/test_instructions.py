"""An officer who never opens the pages: given a case by mail, answers it by mail, and takes that back by mail."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

from tests.integration.dovecot import Dovecot
from tests.integration.polling import a_mail
from tests.integration.test_instructions import SERVER, reply
from tests.system.conftest import Sink
from tests.system.installation import Installation, Visitor, until

PRIYA, MORGAN = "priya@anytown.example", "morgan@anytown.example"


def _to(sink: Sink, address: str, words: str) -> list[bytes]:
    """The mails to somebody that say something."""
    read = [(raw, message_from_bytes(raw, policy=policy.default)) for raw in sink.script.taken]
    return [raw for raw, mail in read if address in str(mail["To"]) and words in mail.get_body().get_content()]  # type: ignore[union-attr]


def _add(desk: Installation, address: str, name: str, role: str) -> None:
    added = desk.run("officer", "add", address, name, "--role", role, typed="a quiet afternoon\n")
    assert added.returncode == 0, added.stderr


def test_the_whole_way_by_mail(desk: Installation, dovecot: Dovecot, sink: Sink) -> None:
    desk.change("mailbox", plus_addresses=True, authserv_id=SERVER)
    desk.add_officer()
    _add(desk, PRIYA, "Priya Shah", "officer")
    _add(desk, MORGAN, "Morgan Reid", "supervisor")
    with desk.running("serve", "--from", "now") as serve:
        visitor = Visitor(serve.url())
        dovecot.deliver(a_mail())
        until(sink.acknowledgements, what=serve.said)
        reference = message_from_bytes(sink.acknowledgements()[0])["Subject"].split("]")[0].removeprefix("[")
        visitor.sign_in()
        page = visitor.get(f"/cases/{reference}")
        morgan = page.split(">Morgan Reid<")[0].rpartition('value="')[2].partition('"')[0]
        visitor.send_to(f"/cases/{reference}", f"/cases/{reference}/owner", owner=morgan)
        until(lambda: _to(sink, MORGAN, "given to you"), what=serve.said)
        given = _to(sink, MORGAN, "given to you")[0]
        dovecot.append(reply(given, "assign priya", MORGAN), datetime.now(UTC))
        until(lambda: _to(sink, PRIYA, "given to you"), what=serve.said)
        until(lambda: _to(sink, MORGAN, "The case is given to Priya Shah."), what=serve.said)
        assert "Gave the case to Priya Shah" in visitor.get(f"/cases/{reference}")
        done = _to(sink, MORGAN, "The case is given to Priya Shah.")[0]
        dovecot.append(reply(done, "undo", MORGAN), datetime.now(UTC))
        until(lambda: _to(sink, MORGAN, "The case is as it was before."), what=serve.said)
        until(lambda: _to(sink, PRIYA, "Morgan Reid has taken back"), what=serve.said)
        record = visitor.get("/instructions")
        assert record.count(">done</strong>") == 2
        assert serve.stop() == 0
