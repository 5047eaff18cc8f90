"""`foidesk officer`: the team's accounts."""

import sys
from pathlib import Path

import click

from service.casework import team
from service.commands.context import with_desk
from service.commands.telling import harmless
from service.desk import Desk
from service.errors import DeskError
from service.store.database import reading, transaction
from service.store.officers import Role, officers
from web.passwords import hash_password


@click.group()
def officer() -> None:
    """Add, list and change the team's accounts."""


class PasswordUnreadable(DeskError):
    """The password is not UTF-8 text. Give one of letters, digits and signs, in a file saved as UTF-8 or by hand."""


def _ask(password_file: Path | None) -> str:
    """The new password; raises PasswordUnreadable."""
    try:
        asked = _read(password_file)
        asked.encode()  # standard input in the C locale lets stray bytes through, as what cannot be encoded
    except UnicodeError:
        raise PasswordUnreadable from None  # its text would show the password
    return asked


def _read(password_file: Path | None) -> str:
    if password_file is not None:
        return password_file.read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(click.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt=True))


def _hashed(password_file: Path | None) -> str:
    """The hash of a new password; raises PasswordTooShort."""
    return hash_password(_ask(password_file))


from_file = click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the password from a file.",
)


roles = click.Choice([role.value for role in Role])


@officer.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", type=roles, default=Role.OFFICER.value, show_default=True)
@from_file
@with_desk
def add(desk: Desk, email: str, name: str, role: str, password_file: Path | None) -> None:
    """Add someone to the team; the password is asked for, or read from a file or standard input."""
    team.require_particulars(desk, email.strip(), name.strip())
    hashed = _hashed(password_file)
    with transaction(desk.engine) as session:
        added = team.join(session, desk, email, name, Role(role), password_hash=hashed, at=desk.now())
    click.echo(f"Added {added.name} as {added.role}.")


@officer.command()
@click.argument("email")
@from_file
@with_desk
def password(desk: Desk, email: str, password_file: Path | None) -> None:
    """Give someone a new password and end their sessions."""
    hashed = _hashed(password_file)
    with transaction(desk.engine) as session:
        team.change_password(session, email, hashed)
    click.echo("The password is changed.")


@officer.command("role")
@click.argument("email")
@click.argument("role", type=roles)
@with_desk
def change_role(desk: Desk, email: str, role: str) -> None:
    """Give someone another role; it holds from their next page on."""
    with transaction(desk.engine) as session:
        changed = team.change_role(session, email, Role(role))
    click.echo(f"{harmless(changed.name)} is now {changed.role}.")


@officer.command()
@click.argument("email")
@with_desk
def leave(desk: Desk, email: str) -> None:
    """Let a leaver's account sleep: they cannot sign in, and their name stays on the record."""
    with transaction(desk.engine) as session:
        team.leave(session, email)
    click.echo("The account is inactive. Their open cases still show them as owner: assign them to others.")


@officer.command("return")
@click.argument("email")
@click.option("--role", type=roles, help="The role to come back in  [default: the one they had]")
@from_file
@with_desk
def come_back(desk: Desk, email: str, role: str | None, password_file: Path | None) -> None:
    """Let someone who left sign in again, with a new password."""
    hashed = _hashed(password_file)
    with transaction(desk.engine) as session:
        back = team.come_back(session, email, Role(role) if role else None, hashed)
    click.echo(f"{harmless(back.name)} is back as {back.role}.")


@officer.command("list")
@with_desk
def list_officers(desk: Desk) -> None:
    """List the team."""
    with reading(desk.engine) as session:
        for someone in officers(session, active_only=False):
            click.echo(f"{someone.email}  {someone.name}  {someone.role}{'' if someone.active else '  (inactive)'}")
