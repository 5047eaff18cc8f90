"""The door: the `foidesk` command."""

import logging
import sys
from pathlib import Path

import click

from service.commands.calendar import calendar
from service.commands.check_letter import check_letter
from service.commands.deadline import deadline
from service.commands.demo import demo
from service.commands.digest import digest
from service.commands.doctor import doctor
from service.commands.exemptions import exemptions
from service.commands.explain import explain
from service.commands.holiday import holiday
from service.commands.ingest import ingest
from service.commands.init import init
from service.commands.officers import officer
from service.commands.reindex import rebuild
from service.commands.run import deliver, poll, serve, web, work
from service.commands.scan_file import scan_file
from service.commands.schema import migrate
from service.commands.statistics import statistics
from service.commands.status import status
from service.commands.tokens import token
from service.commands.webhooks import webhook
from service.errors import DeskError


class Foidesk(click.Group):
    """The commands; a fault that the desk knows is one sentence and exit code 1, never a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except DeskError as error:
            click.echo(f"foidesk: {error}", err=True)
            sys.exit(1)


@click.group(cls=Foidesk, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file [default: foidesk.toml]")
@click.option("--verbose", "-v", is_flag=True, help="Log each step.")
@click.version_option(package_name="foidesk")
@click.pass_context
def main(context: click.Context, config: Path | None, verbose: bool) -> None:
    """Freedom of Information case management that lives in the team's shared mailbox."""
    context.obj = config
    # A run that is skipped because the last one is still at work is nothing to report: the next one does its work.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


COMMANDS = (
    calendar,
    check_letter,
    deadline,
    deliver,
    demo,
    digest,
    doctor,
    exemptions,
    explain,
    holiday,
    ingest,
    init,
    migrate,
    officer,
    poll,
    rebuild,
    scan_file,
    serve,
    statistics,
    status,
    token,
    web,
    webhook,
    work,
)
for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="foidesk")
