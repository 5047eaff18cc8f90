"""`foidesk init`: a settings file to begin with, written once."""

from pathlib import Path

from click.testing import CliRunner

from service.__main__ import main
from service.commands.init import EXAMPLE


def test_it_replaces_no_file_unasked(tmp_path: Path) -> None:
    path = tmp_path / "foidesk.toml"
    assert CliRunner().invoke(main, ["--config", str(path), "init"]).exit_code == 0
    path.write_text("our own")
    told = CliRunner().invoke(main, ["--config", str(path), "init"])
    assert (told.exit_code, path.read_text()) == (1, "our own")
    assert "--force replaces it" in told.output
    assert CliRunner().invoke(main, ["--config", str(path), "init", "--force"]).exit_code == 0
    assert path.read_text() == EXAMPLE


def test_a_place_where_it_may_not_even_look_is_told(tmp_path: Path) -> None:
    # As a folder that is closed to the desk's user, which to root none is.
    told = CliRunner().invoke(main, ["--config", str(tmp_path / ("x" * 300)), "init"])
    assert told.exit_code == 1
    assert "cannot be written: File name too long." in told.output
