"""A throwaway Dovecot: IMAP, IMAPS and LMTP on free ports of 127.0.0.1, with a certificate of its own making."""

import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from imapclient import IMAPClient

from service.servers import MailboxSettings
from tests.integration.certificates import Authority
from tests.servers import free_port, memory

TOKENS = """
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf.ext
}}
"""
INTROSPECTION = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""

BINARY = shutil.which("dovecot") or next((p for p in ("/usr/sbin/dovecot",) if Path(p).exists()), None)
FOI, PASSWORD = "foi@anytown.example", "correct horse"

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 0
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
mail_location = maildir:~/mail
mail_uid = {uid}
mail_gid = {gid}
mail_max_userip_connections = 50
imap_idle_notify_interval = 10 mins
lmtp_save_to_detail_mailbox = no
postmaster_address = postmaster@anytown.example
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
  default_fields = uid={uid} gid={gid} home={folder}/mail/%Lu
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
{more}
"""


@dataclass
class Dovecot:
    """A running server; `settings` are what our side needs to read the mailbox of one of its users."""

    folder: Path
    imap: int
    imaps: int
    lmtp: int
    process: "subprocess.Popen[bytes]"
    ca_file: Path
    passwords: Mapping[str, str] = field(default_factory=dict)

    def settings(self, user: str = FOI, **changes: object) -> MailboxSettings:
        """[mailbox] settings for a user, over TLS unless told otherwise."""
        security = changes.get("security", "tls")
        words: dict[str, object] = {
            "address": user,
            "user": user,
            "password": self.passwords[user],
            "host": "127.0.0.1",
            "port": self.imaps if security == "tls" else self.imap,
            "ca_file": self.ca_file,
            "timeout": 20,
        }
        return MailboxSettings.model_validate(words | changes)

    def deliver(self, *mails: bytes, user: str = FOI) -> None:
        """Hand mails over LMTP (RFC 2033), as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=20) as session:
            for mail in mails:
                session.sendmail("sender@example.com", [user], mail)

    @contextmanager
    def client(self, user: str = FOI, folder: str = "INBOX", *, readonly: bool = False) -> Iterator[IMAPClient]:
        """A colleague's own mail program, with a folder open."""
        client = IMAPClient("127.0.0.1", self.imap, ssl=False, timeout=20)
        with client:
            client.login(user, self.passwords[user])
            client.normalise_times = False
            client.select_folder(folder, readonly=readonly)
            yield client

    def append(self, mail: bytes, when: datetime, *, flags: tuple[bytes, ...] = (), user: str = FOI) -> None:
        """Put a mail into the inbox with a time of arrival of our choice."""
        with self.client(user) as client:
            client.append("INBOX", mail, flags, when)

    def folder_content(self, folder: str, user: str = FOI) -> list[int]:
        """The UIDs in a folder; none when it does not exist."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            return list(client.search("ALL"))

    def renumber(self, user: str = FOI) -> None:
        """Lose the list of UIDs, as a restore or a migration does: the folder gets a new UIDVALIDITY."""
        sleep(1.1)  # UIDVALIDITY is made from the second
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self.folder / "mail" / user / "mail" / name).unlink(missing_ok=True)

    def renumber_folder(self, folder: str, user: str = FOI) -> None:
        """As `renumber`, for any folder: "FOI/Open" is .FOI.Open on the disk."""
        inner = "" if folder == "INBOX" else "." + folder.replace("/", ".")
        sleep(1.1)
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self.folder / "mail" / user / "mail" / inner / name).unlink(missing_ok=True)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@contextmanager
def running_dovecot(
    users: Mapping[str, str] | None = None,
    *,
    more: str = "",
    separator: str = "/",
    prefix: str = "",
    certificate_days: int = 1,
    introspection: str = "",
) -> Iterator[Dovecot]:
    """Start a server, wait until it listens, and stop it at the block's end.

    Negative `certificate_days` give it a certificate that ended so long ago. With an `introspection` URL (RFC 7662)
    it takes tokens too, by AUTH=XOAUTH2.
    """
    passwords = dict(users or {FOI: PASSWORD})
    assert BINARY is not None
    with tempfile.TemporaryDirectory(prefix="fddc", ignore_cleanup_errors=True, dir=memory()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        authority = Authority(folder)
        authority.server(days=certificate_days)
        shutil.copy(folder / f"server{certificate_days}.pem", folder / "server.pem")
        if introspection:
            (folder / "oauth2.conf.ext").write_text(INTROSPECTION.format(url=introspection))
            more += TOKENS.format(folder=folder)
        imap, imaps, lmtp = free_port(), free_port(), free_port()
        _write_config(folder, passwords, imap, imaps, lmtp, more, separator, prefix)
        process = subprocess.Popen(
            [BINARY, "-F", "-c", folder / "dovecot.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        server = Dovecot(folder, imap, imaps, lmtp, process, authority.file, passwords)
        try:
            for port in (imap, lmtp):
                _wait(server, port)
            yield server
        finally:
            with suppress(ProcessLookupError):  # a test may have stopped it
                os.killpg(process.pid, signal.SIGKILL)  # asked politely it takes a second, at every test
            process.wait(timeout=20)


def _write_config(
    folder: Path, passwords: Mapping[str, str], imap: int, imaps: int, lmtp: int, more: str, separator: str, prefix: str
) -> None:
    root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid())
    owner = pwd.getpwnam("mail") if root else me  # mail must not belong to root
    (folder / "mail").mkdir()
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    (folder / "users").write_text("".join(f"{user}:{password}::::::\n" for user, password in passwords.items()))
    (folder / "dovecot.conf").write_text(
        CONFIG.format(
            folder=folder, imap=imap, imaps=imaps, lmtp=lmtp, more=more, separator=separator, prefix=prefix,
            uid=owner.pw_uid, gid=owner.pw_gid,
            internal="dovecot" if root else me.pw_name,
            internal_group="dovecot" if root else str(me.pw_gid),
            login="dovenull" if root else me.pw_name,
        )
    )  # fmt: skip


def _wait(server: Dovecot, port: int) -> None:
    deadline = monotonic() + 10
    while monotonic() < deadline:
        if server.process.poll() is not None or ((server.folder / "log").exists() and "Fatal" in server.log()):
            raise RuntimeError(f"Dovecot did not start:\n{server.log()}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                probe.settimeout(5)
                if probe.recv(3) in (b"* O", b"220"):
                    return
        except OSError:
            sleep(0.02)
    raise RuntimeError(f"Dovecot does not answer:\n{server.log()}")
