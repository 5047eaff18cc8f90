"""`foidesk serve`, `web`, `work`, `poll`, `deliver`: the desk at work."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

import click

from mail.deliver import deliver_outbox
from mail.poll import NotBegun, poll_mailboxes
from service.bootstrap import keep_what_is_loaded, utc_now
from service.commands.context import open_reader, with_desk
from service.commands.typed import FIRST_YEAR
from service.desk import LONDON, Desk
from service.jobs import Timetable
from service.store.database import reading, transaction
from service.store.leader import leadership
from service.store.mailboxes import begin_mailbox, mailbox
from web.app import create_app
from web.server import PageServer

FURTHEST_AHEAD = timedelta(days=1)


class Moment(click.ParamType[datetime]):
    """`now`, or a date or an instant from which mail counts; a bare date begins at its London midnight."""

    name = "now|DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        if value == "now":
            return utc_now()
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is neither 'now' nor a date such as 2026-11-01.", param, ctx)
        if moment.year < FIRST_YEAR:
            self.fail(
                f"{value!r} is before {FIRST_YEAR}, when the Acts came into force; say {FIRST_YEAR}-01-01.", param, ctx
            )
        moment = moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
        if moment > utc_now() + FURTHEST_AHEAD:
            # Every request until then would be left alone, and nothing would look wrong.
            self.fail(f"{value!r} is in the future; say 'now', or a day that has been.", param, ctx)
        return moment


begin_from = click.option(
    "--from",
    "begin",
    type=Moment(),
    help="On the first run: the moment from which mail counts. Older mail is left alone.",
)


def _begin(desk: Desk, begin: datetime | None) -> None:
    """Make sure that we know from when each mailbox's mail counts, asking where there is someone to ask."""
    with reading(desk.engine) as session:
        new = [box for box in desk.settings.every_mailbox if mailbox(session, box.account, box.folder) is None]
    for box in new:
        moment = begin or _ask_when(box.account)
        with transaction(desk.engine) as session:
            begin_mailbox(session, box.account, box.folder, moment)


def _ask_when(account: str) -> datetime:
    if not sys.stdin.isatty():
        raise NotBegun(account=account)
    question = f"From which moment does mail to “{account}” count? Older mail is left alone"
    moment: datetime = click.prompt(question, type=Moment(), default="now")
    return moment


@contextmanager
def until_told() -> Iterator[Event]:
    """An event that SIGTERM or SIGINT sets."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    yield stop


@click.command()
@begin_from
@with_desk
def serve(desk: Desk, begin: datetime | None) -> None:
    """Serve the pages and work the mailbox, in one process."""
    _begin(desk, begin)
    with until_told() as stop, open_reader(desk.settings) as reader:
        timetable = Timetable(desk, reader, leadership(desk.engine))
        server = _listen(desk)
        timetable.start()
        server.run(stop)
        click.echo("Stopping: finishing what is under way.", err=True)
        timetable.stop()


@click.command()
@with_desk
def web(desk: Desk) -> None:
    """Serve the pages only."""
    with until_told() as stop:
        _listen(desk).run(stop)


def _listen(desk: Desk) -> PageServer:
    settings = desk.settings.web
    server = PageServer(create_app(desk), settings.host, settings.port, settings.trusted_proxies)
    keep_what_is_loaded()
    click.echo(f"The desk is at {settings.url} (listening on {settings.host}:{server.port}).", err=True)
    return server


@click.command()
@begin_from
@with_desk
def work(desk: Desk, begin: datetime | None) -> None:
    """Work the mailbox only: poll, deliver, chase."""
    _begin(desk, begin)
    with until_told() as stop, open_reader(desk.settings) as reader:
        timetable = Timetable(desk, reader, leadership(desk.engine))
        keep_what_is_loaded()
        timetable.start()
        stop.wait()
        timetable.stop()


@click.command()
@click.option("--once", is_flag=True, required=True, help="Read the mailbox once and stop.")
@begin_from
@with_desk
def poll(desk: Desk, once: bool, begin: datetime | None) -> None:  # noqa: ARG001 - the flag says what is meant
    """Read the mailbox once."""
    _begin(desk, begin)
    with open_reader(desk.settings) as reader:
        polled = poll_mailboxes(desk, reader)
    click.echo(f"{polled.taken} new, {polled.read} read, {polled.moved} moved.")


@click.command()
@click.option("--once", is_flag=True, required=True, help="Send what is due once and stop.")
@with_desk
def deliver(desk: Desk, once: bool) -> None:  # noqa: ARG001
    """Send the outbox once."""
    done = deliver_outbox(desk)
    click.echo(f"{done.sent} sent, {done.retry} to be tried again, {done.failed} failed, {done.uncertain} uncertain.")
