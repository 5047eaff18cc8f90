"""The outbox through a real mail server, OpenSMTPD: its dialogue, its refusal of one recipient, on to the others."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from time import sleep

from mail.deliver import Delivered, deliver_outbox
from mail.sandbox import MailSandbox
from service.desk import Desk
from tests.conftest import Time
from tests.integration.outbox import changed, enclose, letter, write
from tests.servers import free_port, need

# Without TLS, and so without sign-in: OpenSMTPD 6.8 breaks off handshakes on Debian 12's OpenSSL 3.
CONFIG = """
listen on 127.0.0.1 port {port}
action "on" relay host "smtp://127.0.0.1:{onward}"
match from any for domain "example.com" action "on"
"""


@contextmanager
def opensmtpd(folder: Path, onward: int) -> Iterator[int]:
    """A server that relays mail for example.com to the port `onward`; gives its own port. It runs as root only."""
    binary = shutil.which("smtpd", path="/usr/sbin:/usr/local/sbin") if os.geteuid() == 0 else None
    need("opensmtpd", binary)
    assert binary is not None
    port, config, log = free_port(), folder / "smtpd.conf", folder / "log"
    config.write_text(CONFIG.format(port=port, onward=onward))
    with log.open("w") as out, subprocess.Popen([binary, "-dv", "-f", config], stderr=out, stdout=out) as server:
        try:
            _wait(log, server)
            yield port
        finally:
            server.terminate()


def _wait(log: Path, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        if "smtp: will accept" in log.read_text():
            return
        if server.poll() is not None:
            break
        sleep(0.05)
    raise AssertionError(log.read_text())


def test_a_letter_passes_a_real_server_after_a_refused_one_and_arrives_whole(
    sqlite_desk: Desk, tmp_path: Path, time: Time
) -> None:
    with MailSandbox({}, time.now) as outside, opensmtpd(tmp_path, outside.smtp_port) as port:
        desk = changed(sqlite_desk, tmp_path, smtp={"port": port, "timeout": 10})
        refused = write(desk, recipient_address="ann@elsewhere.example")
        key = write(desk, body="Dear Ann,\n\n..\n. dots\n" + "é" * 3000 + "\n", recipient_address="ann@example.com")
        assert deliver_outbox(desk) == Delivered(sent=1, failed=1)
        assert letter(desk, refused).trouble.startswith("550") and "elsewhere" not in letter(desk, refused).trouble
        arrived = _arrival(outside, "ann@example.com")
        assert b"\r\n\r\nDear Ann,\r\n\r\n..\r\n. dots\r\n=C3=A9" in arrived
        assert letter(desk, key).message_id.encode() in arrived


def test_a_file_passes_a_real_server_byte_for_byte_under_its_name(
    sqlite_desk: Desk, tmp_path: Path, time: Time
) -> None:
    content = bytes(range(256)) * 8_000 + b"\r\n.\r\n\n.\n\r"
    with MailSandbox({}, time.now) as outside, opensmtpd(tmp_path, outside.smtp_port) as port:
        desk = changed(sqlite_desk, tmp_path, smtp={"port": port, "timeout": 10})
        enclose(desk, write(desk, recipient_address="ann@example.com"), "Bäume – Mill Lane.csv", content)
        assert deliver_outbox(desk) == Delivered(sent=1)
        mail = message_from_bytes(_arrival(outside, "ann@example.com"), policy=default)
    text, file = mail.iter_parts()
    assert text.get_content().startswith("Dear Harriet Bell,")
    assert (file.get_filename(), file.get_content_type()) == ("Bäume – Mill Lane.csv", "text/csv")
    assert file.get_payload(decode=True) == content


def _arrival(outside: MailSandbox, address: str) -> bytes:
    for _ in range(200):
        if mails := outside.inbox(address):
            return mails[0].raw
        sleep(0.05)
    raise AssertionError(f"nothing came for {address}")
