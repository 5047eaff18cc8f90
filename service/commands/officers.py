"""`foidesk officer`: the team's accounts."""

import sys
from pathlib import Path

import click

from service.commands.context import with_desk
from service.desk import Desk
from service.store.database import reading, transaction
from service.store.feeds import end_feeds_of
from service.store.officers import NoSuchOfficer, Role, add_officer, end_sign_ins_of, officer_by_email, officers
from service.store.tables import Officer
from web.passwords import hash_password, require_strength


@click.group()
def officer() -> None:
    """Add, list and change the team's accounts."""


def _ask(password_file: Path | None) -> str:
    if password_file is not None:
        return password_file.read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(click.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt=True))


from_file = click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the password from a file.",
)


@officer.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.OFFICER.value, show_default=True)
@from_file
@with_desk
def add(desk: Desk, email: str, name: str, role: str, password_file: Path | None) -> None:
    """Add someone to the team; the password is asked for, or read from a file or standard input."""
    new = _ask(password_file)
    require_strength(new)
    hashed = hash_password(new)
    with transaction(desk.engine) as session:
        add_officer(session, Officer(email=email, name=name, role=role, password_hash=hashed, created_at=desk.now()))
    click.echo(f"Added {name} as {role}.")


@officer.command()
@click.argument("email")
@from_file
@with_desk
def password(desk: Desk, email: str, password_file: Path | None) -> None:
    """Give someone a new password and end their sessions."""
    new = _ask(password_file)
    require_strength(new)
    hashed = hash_password(new)
    with transaction(desk.engine) as session:
        found = officer_by_email(session, email)
        if found is None:
            raise NoSuchOfficer(who="with that address")
        found.password_hash = hashed
        session.add(found)
        end_sign_ins_of(session, found.id)
    click.echo("The password is changed.")


@officer.command()
@click.argument("email")
@with_desk
def leave(desk: Desk, email: str) -> None:
    """Let a leaver's account sleep: they cannot sign in, and their name stays on the record."""
    with transaction(desk.engine) as session:
        found = officer_by_email(session, email)
        if found is None:
            raise NoSuchOfficer(who="with that address")
        found.active = False
        session.add(found)
        end_sign_ins_of(session, found.id)
        end_feeds_of(session, found.id)
    click.echo("The account is inactive. Their open cases still show them as owner: assign them to others.")


@officer.command("list")
@with_desk
def list_officers(desk: Desk) -> None:
    """List the team."""
    with reading(desk.engine) as session:
        for someone in officers(session, active_only=False):
            click.echo(f"{someone.email}  {someone.name}  {someone.role}{'' if someone.active else '  (inactive)'}")
