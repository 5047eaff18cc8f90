"""What is printed and logged holds no password and, in the log, nothing of any requester."""

import re

from tests.integration.dovecot import FOI, Dovecot
from tests.integration.polling import a_mail
from tests.system.conftest import Sink
from tests.system.installation import OFFICER_PASSWORD, Installation, Visitor, until


def test_no_password_is_shown_anywhere(desk: Installation, dovecot: Dovecot, sink: Sink) -> None:
    password = dovecot.passwords[FOI]
    desk.change("mailbox", password=password, password_file=None)
    desk.change("smtp", password=password, password_file=None)
    desk.change("limits", acknowledgements_an_hour=0)  # a fault, so that settings are spoken of
    faulty = desk.run("-v", "doctor")
    assert "limits.acknowledgements_an_hour" in faulty.stderr
    desk.change("limits", acknowledgements_an_hour=10)
    desk.add_officer()
    with desk.running("-v", "serve", "--from", "now") as serve:
        visitor = Visitor(serve.url())
        visitor.sign_in()
        dovecot.deliver(a_mail())
        until(sink.acknowledgements, what=serve.said)
        assert serve.stop() == 0
    told = [
        faulty,
        *(desk.run("-v", *words) for words in (("--help",), ("doctor",), ("status",))),
    ]
    everything = [serve.said(), *(done.stdout + done.stderr for done in told)]
    secret = (desk.folder / "var" / "secret").read_text().strip()
    for words in (password, OFFICER_PASSWORD, secret):
        assert [text for text in everything if words in text] == []


def test_the_log_tells_nothing_of_a_requester(desk: Installation, dovecot: Dovecot, sink: Sink) -> None:
    sink.script.faults["rcpt"] = "450 4.2.1 <h.bell@example.com> is over quota, Harriet"
    mail = a_mail(sender="Harriet Bell <h.bell@example.com>", text="My child Zachary has asthma.")
    with desk.running("-v", "serve", "--from", "now") as serve:
        visitor = Visitor(serve.url())
        dovecot.deliver(mail, mail.replace(b"Content-Type: text/plain", b"Content-Type: multipart/nonsense"))
        until(lambda: any(line.startswith("RCPT") for line in sink.script.commands), what=serve.said)
        visitor.get("/sign-in?next=/cases/Zachary")
        assert serve.stop() == 0
    assert re.search("stored . new mail", serve.said())  # it does log
    found = [
        word for word in ("h.bell", "Harriet", "Bell", "Request 1", "Zachary", "1@example.com") if word in serve.said()
    ]
    assert found == []
