"""`foidesk doctor`: green when all is well; when it is not, the one line that is wrong and what to do about it."""

from itertools import pairwise

from tests.integration.dovecot import running_dovecot
from tests.servers import free_port
from tests.system.conftest import Sink
from tests.system.installation import Installation


def _failures(desk: Installation) -> dict[str, str]:
    """What is wrong by its subject, with the advice on the line below it."""
    done = desk.run("doctor")
    assert "Traceback" not in done.stderr
    assert "correct horse" not in done.stdout + done.stderr
    lines = [*done.stdout.splitlines(), ""]
    found = {}
    for line, below in pairwise(lines):
        if line.startswith("FAIL  "):
            subject, _, words = line.removeprefix("FAIL  ").partition(": ")
            found[subject] = f"{words} {below.strip()}"
    assert done.returncode == (1 if found else 0), done.stdout + done.stderr
    return found


def _says(told: str, *words: str) -> None:
    """What is wrong and what to do about it."""
    assert [word for word in words if word not in told] == [], told


def test_all_is_well_before_the_first_start(desk: Installation) -> None:
    assert _failures(desk) == {}


def test_one_trouble_does_not_hide_another(desk: Installation) -> None:
    desk.password("wrong")
    desk.change("smtp", port=(port := free_port()))
    (desk.folder / "var" / "foidesk.db").write_text("a letter to a friend, and no database at all " * 100)
    own = desk.folder / "wording" / "emails" / "acknowledgement"
    own.mkdir(parents=True)
    (own / "body.txt").write_text("Dear {{ case.requester_name },")
    desk.change(templates=str(desk.folder / "wording"))
    database, way_in, way_out, template = _failures(desk).items()
    _says(database[1], "foidesk.db: file is not a database", "Check [database] url")
    assert way_in[0] == "sign-in to 127.0.0.1"  # the server itself is well
    _says(way_in[1], "refuses our sign-in", "Check [mailbox] user and password")
    assert way_out[0] == f"mail server 127.0.0.1:{port}"
    _says(way_out[1], "cannot be reached", "Check [smtp] host, port and security")
    _says(template[1], "acknowledgement/body.txt", "Correct the file")


def test_a_fault_of_the_regulations_part_of_a_template(desk: Installation) -> None:
    own = desk.folder / "wording" / "emails" / "refusal"
    own.mkdir(parents=True)
    (own / "body.txt").write_text("{% if case.regime == 'EIR' %}{{ nothing_of_the_sort }}{% endif %}")
    desk.change(templates=str(desk.folder / "wording"))
    ((name, told),) = _failures(desk).items()
    assert name == "template refusal"
    _says(told, "refusal/body.txt", "tried under the Environmental Information Regulations 2004")


def test_a_fault_of_the_part_for_another_mailboxes_law(desk: Installation) -> None:
    own = desk.folder / "wording" / "emails" / "refusal"
    own.mkdir(parents=True)
    (own / "body.txt").write_text("{% if case.regime == 'EISR' %}{{ 1 + case.reference }}{% endif %}")
    desk.change(templates=str(desk.folder / "wording"))
    assert not _failures(desk)
    with (desk.folder / "foidesk.toml").open("a", encoding="utf-8") as config:
        config.write('[[mailboxes]]\naccount = "north"\nfolder = "North"\nregime = "FOISA"\n')
    told = _failures(desk)["template refusal"]
    _says(told, "TypeError in line 1", "tried under the Environmental Information (Scotland) Regulations 2004")


def test_a_password_that_nobody_has_written_down_yet(desk: Installation) -> None:
    (desk.folder / "var" / "mailbox-password").unlink()
    found = _failures(desk)
    assert len(found) == 2  # the way in and the way out
    assert all("Write the secret into it" in told for told in found.values())


def test_a_certificate_that_has_expired(desk: Installation, sink: Sink) -> None:
    with running_dovecot(certificate_days=-1) as expired:
        desk.change("mailbox", port=expired.imaps, ca_file=str(expired.ca_file))
        (told,) = _failures(desk).values()
        _says(told, "is not to be trusted", "expired", "Renew it there")


def test_a_folder_of_templates_that_is_not_there(desk: Installation) -> None:
    desk.change(templates=str(desk.folder / "wording"))
    done = desk.run("doctor")
    assert done.returncode == 1
    assert "templates: must be a folder that is there" in done.stderr


def test_every_wrong_setting_is_named_at_once(desk: Installation) -> None:
    desk.change("mailbox", address="nobody", port=0, pasword="x")
    desk.change("smtp", security="none", host="smtp.anytown.example")
    done = desk.run("doctor")
    assert done.returncode == 1
    named = ("mailbox.address", "mailbox.port", "mailbox.pasword", "smtp: security")
    assert [name for name in named if name not in done.stderr] == [], done.stderr
    assert "Traceback" not in done.stderr


def test_no_settings_file(bare: Installation) -> None:
    done = bare.run("doctor")
    assert done.returncode == 1
    assert "foidesk.toml (no such file)" in done.stderr
    assert "`foidesk init` writes a commented example" in done.stderr
