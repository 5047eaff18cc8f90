"""The door: the `foidesk` command."""

import logging
import sys
from importlib import import_module
from pathlib import Path

import click

from service.errors import DeskError

COMMANDS = {  # by name: its module in service.commands, and what it is called there
    "calendar": "calendar.calendar",
    "check-letter": "check_letter.check_letter",
    "deadline": "deadline.deadline",
    "deliver": "run.deliver",
    "demo": "demo.demo",
    "digest": "digest.digest",
    "doctor": "doctor.doctor",
    "exemptions": "exemptions.exemptions",
    "explain": "explain.explain",
    "holiday": "holiday.holiday",
    "ingest": "ingest.ingest",
    "init": "init.init",
    "migrate": "schema.migrate",
    "officer": "officers.officer",
    "poll": "run.poll",
    "reindex": "reindex.rebuild",
    "scan-file": "scan_file.scan_file",
    "serve": "run.serve",
    "statistics": "statistics.statistics",
    "status": "status.status",
    "token": "tokens.token",
    "web": "run.web",
    "webhook": "webhooks.webhook",
    "work": "run.work",
}


class Foidesk(click.Group):
    """The commands; a fault that the desk knows is one sentence and exit code 1, never a traceback.

    A command is imported when it is asked for: together they need everything in the house, which takes two seconds
    more than most of them do.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(".")
        command = getattr(import_module(f"service.commands.{module}"), name)
        assert isinstance(command, click.Command)
        return command

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


if __name__ == "__main__":
    main(prog_name="foidesk")
