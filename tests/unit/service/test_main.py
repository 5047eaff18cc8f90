"""The door: a command is imported when it is asked for."""

import subprocess
import sys

import pytest
from click import Context

from service.__main__ import COMMANDS, main
from tests.house.source import ROOT


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_found_under_its_own_name(name: str) -> None:
    command = main.get_command(Context(main), name)
    assert command is not None
    assert command.name == name


def test_what_is_no_command_is_none() -> None:
    assert main.get_command(Context(main), "pole") is None


def test_a_command_waits_for_nothing_that_it_does_not_use() -> None:
    program = """
import sys
from service.__main__ import main
main(["status", "--help"], standalone_mode=False)
print(sorted({"docx", "flask", "openpyxl", "pdfminer"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.endswith("\n[]\n"), done.stdout + done.stderr
