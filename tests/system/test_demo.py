"""`foidesk demo`: a desk with a story, that takes a mail of one's own."""

import re
import smtplib
from urllib.parse import quote

from tests.system.installation import Installation, Visitor, until

BOUND = 90  # seconds to the first page, on a loaded machine


def _quoted_mail(said: str) -> bytes:
    """The mail that the demo suggests sending."""
    quoted = re.search(r"printf '(.*)' \|", said)
    assert quoted is not None, said
    return quoted[1].replace("\\n", "\r\n").encode()


def test_a_mail_of_your_own_becomes_a_case_with_an_answer_to_read(bare: Installation) -> None:
    with bare.running("demo", "--port", "0", "--smtp-port", "0") as demo:
        url = demo.heard(r"The desk is at +(http://\S+)", BOUND)[1]
        demo.heard("Ctrl-C stops it")
        said = demo.said()
        office = Visitor(url)
        account = re.search(r"an officer +(\S+) +password: (.+)", said)
        assert account is not None
        office.sign_in(account[1], account[2])
        assert re.search(r"All open \([1-9]", office.get("/list/open"))
        mail, port = _quoted_mail(said), re.search(r"smtp://127.0.0.1:([0-9]+)", said)
        assert port is not None
        with smtplib.SMTP("127.0.0.1", int(port[1]), timeout=20) as smtp:
            smtp.sendmail("you@example.net", ["foi@anytown.example"], mail)
        found = "/list/open?q=you%40example.net"
        until(lambda: "Bins" in office.get(found), what=demo.said)
        inbox = f"/demo/inbox?address={quote('you@example.net')}"
        public = Visitor(url)
        until(lambda: "Acknowledgement: Bins" in public.get(inbox), what=demo.said)
        assert demo.stop() == 0
        assert "Traceback" not in demo.said()
