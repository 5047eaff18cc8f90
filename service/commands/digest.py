"""`foidesk digest`: a digest as it would be written now, printed or sent."""

import click
from sqlmodel import Session

from service.casework.digest import compose_digest, send_digest
from service.commands.context import with_desk
from service.commands.telling import harmless
from service.commands.typed import Refused
from service.desk import Desk
from service.domain.digest_kind import DigestKind
from service.errors import DeskError
from service.letters import Words
from service.store.database import reading, transaction
from service.store.digests import readers, unwanted
from service.store.officers import NoSuchOfficer, officer_by_email
from service.store.tables import Officer


class NobodyReads(DeskError):
    """Nobody may have this digest. `foidesk officer add EMAIL NAME --role supervisor` adds a supervisor."""


@click.command()
@click.option("--weekly", is_flag=True, help="The summary of last week, in place of the morning's digest.")
@click.option("--officer", metavar="EMAIL", help="This officer's own list, in place of the supervisors' digest.")
@click.option("--send", is_flag=True, help="Put it into the outbox, to everyone who has not switched it off.")
@with_desk
def digest(desk: Desk, weekly: bool, officer: str | None, send: bool) -> None:
    """Show the supervisors' digest as it would be written now.

    What is sent so comes on top of the morning's: the desk does not count it as that.
    """
    if weekly and officer:
        raise Refused("The weekly summary is for supervisors; leave out --weekly or --officer.")
    kind = DigestKind.OWN if officer else DigestKind.WEEKLY if weekly else DigestKind.SUPERVISORS
    with reading(desk.engine) as session:
        found = _readers(session, kind, officer)
        written = compose_digest(session, desk, kind, found[0], at=desk.now())
        wanting = [reader for reader in found if kind not in unwanted(session, reader.id)]
    if written is None:
        click.echo("There is nothing to say, so no mail is written.")
        return
    if not send:
        for line in (f"Subject: {written.subject}", "", *written.body.splitlines()):
            click.echo(harmless(line))
        return
    _send(desk, kind, wanting, written)


def _readers(session: Session, kind: DigestKind, email: str | None) -> list[Officer]:
    if email is None:
        team = readers(session, kind)
        if not team:
            raise NobodyReads
        return team
    found = officer_by_email(session, email)
    if found is None or not found.active:
        raise NoSuchOfficer(who="with that address")
    return [found]


def _send(desk: Desk, kind: DigestKind, wanting: list[Officer], written: Words) -> None:
    with transaction(desk.engine) as session:
        for reader in wanting:
            send_digest(session, desk, kind, reader, written, at=desk.now())
    names = ", ".join(reader.name for reader in wanting)
    click.echo(f"In the outbox for {names}." if wanting else "Everyone who may have it has switched it off.")
