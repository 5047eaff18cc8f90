"""`foidesk token`: what programs read the API with."""

from datetime import timedelta

import click

from service.casework.grant import MOST_DAYS, USUAL_DAYS, make_token
from service.commands.context import with_desk
from service.commands.telling import columns, harmless
from service.desk import Desk
from service.domain.token import Scope
from service.store.api_tokens import revoke_token, tokens
from service.store.database import reading, transaction


@click.group()
def token() -> None:
    """Make, list and revoke tokens of the API."""


@token.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([one.value for one in Scope]))
@click.option(
    "--days", default=USUAL_DAYS, show_default=True, type=click.IntRange(1, MOST_DAYS), help="For how long it is good."
)
@with_desk
def add(desk: Desk, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token for a program and print it, this once.

    NAME says which program it is. The scope `requesters` adds names, addresses and subjects to the other scopes.
    """
    today = desk.today()
    with transaction(desk.engine) as session:
        made = make_token(
            session,
            name,
            [Scope(scope) for scope in scopes],
            expires_on=today + timedelta(days=days),
            today=today,
            at=desk.now(),
            by="console",
        )
    click.echo("Keep it where the program finds it; it is not shown again.", err=True)
    click.echo(made)


@token.command("list")
@with_desk
def list_tokens(desk: Desk) -> None:
    """List the tokens that were not revoked."""
    with reading(desk.engine) as session:
        rows = [
            (
                str(one.id),
                harmless(one.name),
                one.scopes.replace(" ", ","),
                f"until {one.expires_on}{' (ended)' if one.expires_on < desk.today() else ''}",
                f"last used {one.used_at:%Y-%m-%d %H:%M} UTC" if one.used_at else "never used",
            )
            for one in tokens(session)
        ]
    for line in columns(rows) if rows else ("There is no token.",):
        click.echo(line)


@token.command()
@click.argument("number", type=int)
@with_desk
def revoke(desk: Desk, number: int) -> None:
    """End a token, by its number in the list."""
    with transaction(desk.engine) as session:
        ended = revoke_token(session, number, desk.now())
    click.echo(f"The token of {harmless(ended.name)} no longer works.")
