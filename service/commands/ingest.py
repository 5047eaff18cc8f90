"""`foidesk ingest`: mail from files, through the very same intake as the mailbox's."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import click
from sqlmodel import Session

from mail.archive import ArchivedMail, count, mails_in
from mail.reader import Reader
from mail.take_in import take_in
from service.bootstrap import open_desk
from service.casework.acknowledge import ACKNOWLEDGEMENT
from service.commands.context import open_reader, ready_desk, require_secret
from service.desk import Desk
from service.sections import Limits
from service.servers import is_there
from service.settings import ARCHIVE, Settings, SettingsFault, config_path, may_be_there, read_settings
from service.store.correspondence import STORED, files_of, letters_of_case, message_of_post, post_by_id, post_by_place
from service.store.database import open_engine, reading, transaction
from service.store.originals import keep
from service.store.schema import migrate, stands_at
from service.store.tables import Post

# What a dry run needs of settings where there are none yet: it sends nothing and asks no server.
NO_SETTINGS: dict[str, Any] = {
    "authority": {"name": "The authority"},
    "mailbox": {"address": "foi@authority.invalid", "host": "localhost"},
    "smtp": {"host": "localhost"},
}


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--acknowledge", is_flag=True, help="Acknowledge new requests; otherwise an import is silent.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, on a copy of the database.")
@click.option("--per-minute", type=click.IntRange(min=1), help="At most so many, so that a working desk is not slowed.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each mail, one a line.")
@click.pass_obj
def ingest(
    config: Path | None, path: Path, acknowledge: bool, dry_run: bool, per_minute: int | None, as_json: bool
) -> None:
    """Take in an .eml file, a folder of them, a Maildir or an mbox. Running it again goes on where it stopped."""
    opened = _rehearsal if dry_run else _real
    with opened(config) as desk, open_reader(desk.settings) as reader:
        total = count(path)
        with click.progressbar(length=total, label="Reading", file=sys.stderr) as bar:
            for mail in paced(mails_in(path), per_minute):
                row = _take(desk, reader, mail, acknowledge or dry_run)
                bar.update(1)
                if as_json:
                    click.echo(json.dumps(row.as_json(), ensure_ascii=False))
                elif row.action:
                    click.echo(f"{row.action:17} {row.file}{'  ' + row.reason if row.reason else ''}")


def paced(
    mails: Iterable[ArchivedMail],
    per_minute: int | None,
    clock: Callable[[], float] = monotonic,
    pause: Callable[[float], object] = sleep,
) -> Iterator[ArchivedMail]:
    """The mails, evenly spread, so many a minute at most; as fast as they are taken when there is no bound."""
    next_at = clock()
    for mail in mails:
        if per_minute is not None:
            if next_at > clock():
                pause(next_at - clock())
            next_at = max(next_at, clock()) + 60 / per_minute
        yield mail


@contextmanager
def _real(config: Path | None) -> Iterator[Desk]:
    yield ready_desk(config)


@contextmanager
def _rehearsal(config: Path | None) -> Iterator[Desk]:
    """A desk on a scratch database: a copy of an SQLite one, else an empty one; nothing it does is kept."""
    with TemporaryDirectory(prefix="foidesk-") as scratch:
        settings = _settings(config, Path(scratch))
        require_secret(settings)
        # Where there is none yet, a rehearsal leaves none behind.
        desk = open_desk(settings, secret=None if is_there(settings.secret_file) else token_bytes())
        engine = open_engine(f"sqlite:///{scratch}/rehearsal.db")
        if desk.engine.dialect.name == "sqlite" and stands_at(desk.engine) != "none":
            with desk.engine.connect() as source, engine.connect() as target:
                source.connection.driver_connection.backup(target.connection.driver_connection)  # type: ignore[union-attr]
        migrate(engine)
        # The brakes count letters in an hour; a rehearsal of years of mail would run into them at once.
        free = Limits(acknowledgements_per_address_a_day=10**9, acknowledgements_an_hour=10**9)
        yield replace(desk, engine=engine, settings=settings.model_copy(update={"limits": free}))
        engine.dispose()
        desk.engine.dispose()


def _settings(config: Path | None, scratch: Path) -> Settings:
    try:
        return read_settings(config)
    except SettingsFault:
        if config is not None or may_be_there(config_path()):  # which holds a fault, and names the desk that is meant
            raise
        scratched = {"secret_file": scratch / "secret", "database": {"url": f"sqlite:///{scratch}/none.db"}}
        return Settings.model_validate(NO_SETTINGS | scratched)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one mail."""

    file: str
    action: str
    acknowledge: bool
    subject: str
    sender: str
    attachments: list[str]
    received_at: datetime
    reason: str

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints."""
        return {
            "file": self.file,
            "action": self.action,
            "acknowledge": self.acknowledge,
            "subject": self.subject,
            "from": self.sender,
            "attachments": self.attachments,
            "received_at": self.received_at.isoformat(),
            "reason": self.reason,
        }


def _take(desk: Desk, reader: Reader, mail: ArchivedMail, acknowledge: bool) -> Row:
    with transaction(desk.engine) as session:
        post_id = _store(session, desk, mail, acknowledge)
    take_in(desk, reader, posts=[post_id])
    with reading(desk.engine) as session:
        return _row(session, mail.name, post_by_id(session, post_id))


def _store(session: Session, desk: Desk, mail: ArchivedMail, acknowledge: bool) -> int:
    """Keep a mail's bytes as a poll would; the file's name is its place, so that a second run finds it done."""
    held = post_by_place(session, ARCHIVE, mail.name, 0, mail.number)
    if held is not None:
        return held.id
    size = len(mail.raw) if isinstance(mail.raw, bytes) else mail.raw.stat().st_size
    post = Post(
        account=ARCHIVE,
        folder=mail.name,
        uidvalidity=0,
        uid=mail.number,
        received_at=min(mail.received_at or desk.now(), desk.now()),  # a file's only date may be its sender's invention
        size=size,
        sha256=keep(session, mail.raw),
        state=STORED,
        stored_at=desk.now(),
        acknowledge=acknowledge,
        place="archive",
    )
    session.add(post)
    session.flush()
    return post.id


def _row(session: Session, file: str, post: Post) -> Row:
    message = message_of_post(session, post.id)
    acknowledged = (
        post.action == "new-case"
        and post.case_id is not None
        and any(letter.kind == ACKNOWLEDGEMENT for letter in letters_of_case(session, post.case_id))
    )
    return Row(
        file=file,
        action=post.action,
        acknowledge=acknowledged,
        subject=message.subject if message else post.subject,
        sender=_address(post),
        attachments=[file.name for file in files_of(session, [message.id])] if message else [],
        received_at=post.received_at,
        reason=post.reason,
    )


def _address(post: Post) -> str:
    return f"{post.sender_name} <{post.sender_address}>" if post.sender_name else post.sender_address
