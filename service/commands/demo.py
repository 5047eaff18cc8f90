"""`foidesk demo`: the whole desk on this machine, with a mail server of its own and eight weeks of requests."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from mail.demo_mail import DemoMail
from mail.reader import Reader
from mail.sandbox import NAME, MailSandbox
from service.bootstrap import keep_what_is_loaded, open_desk, utc_now
from service.commands.context import open_reader
from service.commands.run import until_told
from service.demo.council import DOMAIN, PASSWORD, TEAM, StoryClock, add_team, give_one_to_sam, how_many, play
from service.desk import Desk
from service.jobs import Timetable
from service.settings import Settings
from service.store.database import transaction
from service.store.leader import leadership
from service.store.mailboxes import begin_mailbox
from service.store.schema import migrate
from web.app import create_app
from web.server import PageServer

ADDRESS = f"foi@{DOMAIN}"
MAILBOX_PASSWORD = "demo"  # noqa: S105 - of the sandbox's own mail server, on the loopback only
SENT = "Sent"
WEEKS = timedelta(weeks=9)


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the pages; 0 takes any free one.")
@click.option(
    "--smtp-port", default=2525, show_default=True, help="Port of the demo's SMTP server; 0 takes any free one."
)
def demo(port: int, smtp_port: int) -> None:
    """Run a demonstration on this machine: nothing leaves it, and nothing is kept when it stops."""
    start = utc_now()
    clock = StoryClock(start - WEEKS)
    with (
        TemporaryDirectory(prefix="foidesk-demo-") as folder,
        MailSandbox({ADDRESS: MAILBOX_PASSWORD}, now=clock.now, smtp_port=smtp_port, vouches=True) as sandbox,
    ):
        sandbox.add_folder(ADDRESS, SENT)
        desk = open_desk(_settings(Path(folder), sandbox, port))
        mail = DemoMail(sandbox, ADDRESS, SENT)
        with until_told() as stop, open_reader(desk.settings) as reader:
            _tell(desk, clock, mail, reader, start)
            sandbox.now = utc_now
            timetable = Timetable(desk, reader, leadership(desk.engine))
            server = PageServer(create_app(desk, mail), desk.settings.web.host, port)
            keep_what_is_loaded()
            timetable.start()
            _say(server.port, sandbox)
            server.run(stop)
            timetable.stop()


def _settings(folder: Path, sandbox: MailSandbox, port: int) -> Settings:
    here = {"host": "127.0.0.1", "security": "none", "user": ADDRESS, "password": MAILBOX_PASSWORD}
    return Settings.model_validate(
        {
            "authority": {
                "name": "Anytown Borough Council",
                "address": "Town Hall, 1 High Street, Anytown AN1 1AA",
                "telephone": "01632 960 000",
            },
            "mailbox": here
            | {"address": ADDRESS, "port": sandbox.imap_port, "poll_seconds": 2}
            | {"plus_addresses": True, "authserv_id": NAME, "filing": "folders", "sent_folder": SENT},
            "smtp": here | {"port": sandbox.smtp_port, "pace_seconds": 0},
            "database": {"url": f"sqlite:///{folder / 'demo.db'}"},
            "secret_file": folder / "secret",
            "team": {"address": f"foi-team@{DOMAIN}"},
            "web": {"port": port, "url": f"http://127.0.0.1:{port or ''}".rstrip(":"), "secure_cookies": False},
        }
    )


def _tell(desk: Desk, clock: StoryClock, mail: DemoMail, reader: Reader, start: datetime) -> None:
    """Eight weeks of requests through the real intake and outbox, each at its own time."""
    migrate(desk.engine)
    settings = desk.settings.mailbox
    with transaction(desk.engine) as session:
        add_team(session, clock.now())
        begin_mailbox(session, settings.account, settings.folder, clock.now())
    with click.progressbar(length=how_many(start), label="Eight weeks at Anytown Borough Council") as bar:
        play(replace(desk, now=clock.now), clock, mail, reader, start, lambda: bar.update(1))
    with transaction(desk.engine) as session:
        give_one_to_sam(session, desk)


def _say(port: int, sandbox: MailSandbox) -> None:
    click.echo(
        f"""
The desk is at         http://127.0.0.1:{port}
  an officer           {TEAM[0][0]}@{DOMAIN}      password: {PASSWORD}
  a supervisor         {TEAM[3][0]}@{DOMAIN}   password: {PASSWORD}
  an administrator     {TEAM[4][0]}@{DOMAIN}       password: {PASSWORD}
Ask something yourself http://127.0.0.1:{port}/demo   (and read the answer there), or by mail:
  printf 'From: You <you@example.net>\\nTo: {ADDRESS}\\nSubject: Bins\\n\\nHow many bins are there?\\n' | \\
    curl -s smtp://127.0.0.1:{sandbox.smtp_port} --mail-from you@example.net --mail-rcpt {ADDRESS} -T -
Answer as an officer   http://127.0.0.1:{port}/demo/inbox?address={TEAM[0][0]}%40{DOMAIN}  (say: status)
The mailbox            imap://127.0.0.1:{sandbox.imap_port}   user {ADDRESS}, password {MAILBOX_PASSWORD}
Ctrl-C stops it; nothing is kept.
"""
    )
