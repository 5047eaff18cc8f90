"""The demonstration's own mail server, which knows neither NAMESPACE nor LIST-STATUS, is filed like any other."""

from dataclasses import replace
from pathlib import Path

from imapclient import IMAPClient

from mail.filing import file_mailboxes
from mail.poll import poll_mailbox
from mail.reader import Reader
from mail.sandbox import MailSandbox
from service.desk import Desk
from tests.conftest import Time, council_settings
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail

FOI = "foi@anytown.example"


def test_mail_is_filed_and_a_move_is_heeded(sqlite_desk: Desk, tmp_path: Path, time: Time) -> None:
    with MailSandbox({FOI: "x"}, lambda: MON_JUN_3_2024) as sandbox, Reader(tmp_path, frozenset({FOI})) as reader:
        box = {"user": FOI, "port": sandbox.imap_port, "filing": "folders"}
        desk = replace(sqlite_desk, settings=council_settings(tmp_path, mailbox=box))
        with IMAPClient("127.0.0.1", sandbox.imap_port, ssl=False) as client:
            client.login(FOI, "x")
            client.append("INBOX", a_mail(1), (), MON_JUN_3_2024)
            client.append("INBOX", a_mail(2, Auto_Submitted="auto-replied"), (), MON_JUN_3_2024)
            poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
            assert file_mailboxes(desk).moved == 2
            names = {name for _, _, name in client.list_folders()}
            case = "FOI/Open/01.FOI.24.000001 - Request 1"
            assert {case, "FOI/Automatic", "FOI/Mine"} <= names
            assert file_mailboxes(desk).moved == 0
            client.select_folder("FOI/Automatic")
            client.move(client.search("ALL"), case)
            time.pass_by(minutes=1)
            filed = file_mailboxes(desk)
            assert (filed.moved, filed.noticed) == (0, 1)
            assert client.folder_status(case)[b"MESSAGES"] == 2
