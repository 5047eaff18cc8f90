"""`foidesk webhook`: who is told of events."""

import sys

import click

from service.casework.subscribe import rotate, subscribe, unsubscribe
from service.commands.context import with_desk
from service.commands.telling import columns
from service.desk import Desk
from service.domain.announcement import OF_CASES, Announcement
from service.hooks.deliver import send_test
from service.hooks.destination import read_destination
from service.hooks.signature import secret_of
from service.store.database import reading, transaction
from service.store.webhooks import DELIVERED, FAILED, count_deliveries, webhooks

ONCE = "Its messages are signed with this secret, which is not shown again:"


@click.group()
def webhook() -> None:
    """Make, list, try and remove webhooks."""


@webhook.command()
@click.argument("url")
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice([event.value for event in OF_CASES]),
    help="What it is told of; everything unless given.",
)
@with_desk
def add(desk: Desk, url: str, events: tuple[str, ...]) -> None:
    """Tell a web address of events, and print the secret, this once."""
    read_destination(url, desk.settings.webhooks.internal_networks)
    wanted = [Announcement(event) for event in events] or OF_CASES
    with transaction(desk.engine) as session:
        made = subscribe(session, url, wanted, at=desk.now(), by="console")
    click.echo(f"Made webhook {made.id}. {ONCE}", err=True)
    click.echo(secret_of(desk.secret, made.salt))


@webhook.command("list")
@with_desk
def list_webhooks(desk: Desk) -> None:
    """List the webhooks, and how many messages failed."""
    with reading(desk.engine) as session:
        counts = count_deliveries(session)
        rows = [
            (
                str(one.id),
                one.url,
                one.events.replace(" ", ","),
                "switched off" if one.disabled_at else f"failing: {one.trouble}" if one.trouble else "in use",
                f"{counts.get((one.id, FAILED), 0)} failed",
            )
            for one in webhooks(session)
        ]
    for line in columns(rows) if rows else ("There is no webhook.",):
        click.echo(line)


@webhook.command()
@click.argument("number", type=int)
@with_desk
def test(desk: Desk, number: int) -> None:
    """Send a message that tells nothing, now; exit code 1 when it is not accepted."""
    told = send_test(desk, number)
    click.echo("The test was accepted." if told.state == DELIVERED else f"The test was not accepted: {told.trouble}.")
    sys.exit(0 if told.state == DELIVERED else 1)


@webhook.command("rotate")
@click.argument("number", type=int)
@with_desk
def give_new_secret(desk: Desk, number: int) -> None:
    """Give a webhook a new secret; for a day the one before signs too."""
    with transaction(desk.engine) as session:
        changed = rotate(session, number, at=desk.now())
    click.echo(ONCE, err=True)
    click.echo(secret_of(desk.secret, changed.salt))


@webhook.command()
@click.argument("number", type=int)
@with_desk
def remove(desk: Desk, number: int) -> None:
    """Tell a webhook nothing more."""
    with transaction(desk.engine) as session:
        unsubscribe(session, number, at=desk.now())
    click.echo("It is told nothing more.")
