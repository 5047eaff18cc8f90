"""Make the guide's picture of the shared mailbox's folders, as a mail program shows them: a week's cases on a real IMAP
server, filed by the desk, looked at in Claws Mail.

    python -m tools.folder_pictures [FOLDER]

Needs Dovecot, Claws Mail, Xvfb, xdotool and ImageMagick.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from xml.sax.saxutils import quoteattr

from imapclient import IMAPClient
from sqlmodel import col, select

from mail.reader import Reader
from service.bootstrap import open_desk
from service.casework.assign import assign
from service.casework.close import close
from service.casework.record import officer_actor
from service.desk import LONDON
from service.domain.outcome import Outcome
from service.store.database import transaction
from service.store.officers import add_officer
from service.store.schema import migrate
from service.store.tables import Case, Officer
from tests.conftest import Time, council_settings
from tests.integration.dovecot import FOI, Dovecot, running_dovecot
from tests.integration.filing import Shared, shared
from tests.integration.polling import fill
from tools.palette import shrink
from tools.studio import PICTURES

NOW = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)
WIDTH, HEIGHT = 1280, 800
ANY_PASSWORD = "passdb {\n  driver = static\n  args = nopassword=y\n}\n"  # so that none must be typed
NEEDED = ("dovecot", "claws-mail", "Xvfb", "xdotool", "import")
REQUESTS = (
    ("Ada Marsh", "Potholes in Mill Lane"),
    ("Ben Quill", "Agency staff in adult social care since 2023"),
    ("Cleo Frost", "Empty homes and the council tax premium"),
    ("Dan Pike", "Trees felled on Station Road"),
    ("Eve Larch", "School places in the north of the town"),
    ("Finn Rowe", "Parking fines outside the hospital"),
    ("Gail Stone", "Contracts for street lighting"),
)
ACCOUNT = """[Account: 1]
account_name=FOI team
is_default=1
name=FOI team
address={address}
protocol=3
receive_server=127.0.0.1
user_id={address}
ssl_imap=0
set_imapport=1
imap_port={port}
imap_use_trash=0
"""
PREFERENCES = """[Common]
receive_dialog_mode=2
no_receive_error_panel=1
check_on_startup=0
never_send_retrcpt=1
assassin_enable=0
mainwin_maximised=0
mainwin_x=0
mainwin_y=0
mainwin_width={width}
mainwin_height={height}
folderview_vpaned_pos=430
mainview_width=850
mainview_height=260
folderview_width=430
folderview_height={height}
show_avatars=0
folder_col_size_folder=350
folder_col_show_new=0
folder_col_show_unread=0
folder_col_show_total=0
summary_col_size_subject=380
summary_col_size_from=130
summary_col_size_date=150
show_searchbar=0
"""


def a_mail(number: int, name: str, subject: str, **headers: str) -> bytes:
    """A mail of somebody of that name."""
    mail = EmailMessage()
    mail["From"] = f"{name} <{name.split(maxsplit=1)[0].lower()}@requesters.example>"
    mail["To"] = FOI
    mail["Subject"] = subject
    mail["Date"] = NOW.astimezone(LONDON)
    mail["Message-ID"] = f"<{number}@example.com>"
    for key, value in headers.items():
        mail[key.replace("_", "-")] = value
    mail.set_content(
        f"Dear FOI team,\n\nPlease send me what you hold on this: {subject.lower()}. I should like it by email.\n\n"
        f"Yours faithfully,\n{name}\n"
    )
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def a_week(box: Shared) -> None:
    """Requests in, some given to officers and one closed; a newsletter, and a mail that a person must look at."""
    mails = [a_mail(number, *request) for number, request in enumerate(REQUESTS)]
    mails.append(a_mail(7, "Hal Birch", "Out of office: Potholes", Auto_Submitted="auto-replied"))
    fill(box.server, dict(enumerate(mails)), NOW)
    box.round(3)
    desk = box.desk
    with transaction(desk.engine) as session:
        team = [
            add_officer(
                session,
                Officer(
                    email=f"{name.split()[0].lower()}@anytown.example",
                    name=name,
                    role="supervisor",
                    password_hash="",
                    created_at=NOW,
                ),
            )
            for name in ("Sam Okoro", "Morgan Ellis")
        ]
        cases = session.exec(select(Case).order_by(col(Case.id))).all()
        for case in cases[4:6]:
            assign(session, desk, case, team[1].id, at=desk.now(), by=officer_actor(team[1].id))
        close(
            session,
            desk,
            cases[5],
            Outcome.WITHDRAWN,
            answered_on=desk.today(),
            at=desk.now(),
            by=officer_actor(team[1].id),
        )
    box.move(0, box.folder_of(0), "FOI/Mine/Sam Okoro")
    with box.colleague() as client:
        if not client.folder_exists("FOI/Mine/Morgan Ellis"):
            client.create_folder("FOI/Mine/Morgan Ellis")
    box.round(3)
    fill(box.server, {9: a_mail(9, "Ivy Holt", "Minutes of the planning committee")}, box.time.now())


def tree(client: IMAPClient) -> str:
    """Claws Mail's list of the folders, all of them open."""
    names = sorted(name for _, _, name in client.list_folders())

    def under(parent: str) -> Iterator[str]:
        for name in names:
            if name.rpartition("/")[0] == parent:
                kind = "inbox" if name == "INBOX" else "normal"
                yield (
                    f'<folderitem type="{kind}" name={quoteattr(name.rpartition("/")[2])} path={quoteattr(name)} '
                    f'collapsed="0" threaded="0" hidereadmsgs="0" mtime="0" sort_key="date" sort_type="descending">'
                )
                yield from under(name)
                yield "</folderitem>"

    return (
        '<?xml version="1.0" encoding="UTF-8"?><folderlist><folder type="imap" name="FOI team" account_id="1" '
        'collapsed="0">' + "".join(under("")) + "</folder></folderlist>"
    )


@contextmanager
def a_screen() -> Iterator[dict[str, str]]:
    """An X server without a screen; gives the environment of its programs."""
    display = f":{90 + os.getpid() % 9}"
    server = subprocess.Popen(
        ["Xvfb", display, "-screen", "0", f"{WIDTH}x{HEIGHT}x24"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        sleep(2)
        yield os.environ | {"DISPLAY": display}
    finally:
        server.terminate()
        server.wait(timeout=10)


def take(server: Dovecot, folder: Path, target: Path) -> None:
    """Open the mailbox in Claws Mail, look into a case's folder, and write what is on the screen."""
    folder.mkdir()
    (folder / "accountrc").write_text(ACCOUNT.format(address=FOI, port=server.imap))
    (folder / "clawsrc").write_text(PREFERENCES.format(width=WIDTH, height=HEIGHT))
    with server.client() as client:
        (folder / "folderlist.xml").write_text(tree(client))
        wanted = next(name for _, _, name in client.list_folders() if name.startswith("FOI/Open/") and "Agency" in name)
    with a_screen() as environment:
        program = subprocess.Popen(
            ["claws-mail", "--alternate-config-dir", str(folder), "--online", "--select", f"#imap/FOI team/{wanted}"],
            env=environment | {"HOME": str(folder)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

        def press(*what: str) -> None:
            subprocess.run(["xdotool", *what], env=environment, check=True, stdout=subprocess.DEVNULL)

        sleep(6)
        # There is no window manager: the question for the password is in the corner.
        press("mousemove", "262", "84", "click", "1")
        for _ in range(3):
            press("key", "Return")
            sleep(4)
        press("mousemove", "640", "133", "click", "1")
        press("key", "space")
        sleep(2)
        shot = subprocess.run(
            ["import", "-window", "root", "-depth", "8", "-define", "png:color-type=2", "-interlace", "none", "png:-"],
            env=environment, check=True, capture_output=True,
        ).stdout  # fmt: skip
        program.terminate()
        program.wait(timeout=10)
    target.write_bytes(shrink(shot))


def main() -> None:
    """Make it."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise SystemExit(f"Install {', '.join(missing)} first.")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(running_dovecot(more=ANY_PASSWORD))
        reader = stack.enter_context(Reader(folder / "spool", frozenset({FOI})))
        time = Time(NOW)
        desk = open_desk(council_settings(folder), time.now)
        migrate(desk.engine)
        a_week(shared(replace(desk, now=time.now), server, reader, time, filing="folders"))
        take(server, folder / "claws", target / "folders.png")
        desk.engine.dispose()


if __name__ == "__main__":
    main()
