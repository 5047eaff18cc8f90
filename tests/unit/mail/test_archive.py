"""Mail in files, wherever it was kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mail.archive import ArchivedMail, MailUnreadable, NoMailThere, count, mails_in

NOBODY = 65534  # of Debian and most others

ASKED = (
    b"Received: by mx.anytown.example; Mon, 03 Jun 2024 10:00:00 +0100\n"
    b"From: a@b.example\nSubject: Bins\n\nHow many bins?\n"
)
MON_JUN_3_2024 = datetime(2024, 6, 3, 9, 0, tzinfo=UTC)


def _only(path: Path) -> ArchivedMail:
    [mail] = mails_in(path)
    return mail


def test_a_single_file_is_an_archive_of_one(tmp_path: Path) -> None:
    file = tmp_path / "bins.eml"
    file.write_bytes(ASKED)
    mail = _only(file)
    assert (mail.name, mail.raw, mail.received_at) == ("bins.eml", ASKED, MON_JUN_3_2024)
    assert count(file) == 1


def test_a_folder_is_read_in_order_and_only_its_mail(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("c.eml", "b/a.txt", "B.EML", ".hidden.eml", "manifest.tsv", ".git/x.eml"):
        (tmp_path / name).write_bytes(ASKED)
    assert [mail.name for mail in mails_in(tmp_path)] == ["B.EML", "b/a.txt", "c.eml"]
    assert count(tmp_path) == 3


def test_a_folder_without_mail_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    with pytest.raises(NoMailThere):
        list(mails_in(tmp_path))
    with pytest.raises(NoMailThere):
        count(tmp_path)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """As a user to whom a file can be closed, which to root none is."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def archive() -> Iterator[Path]:
    """A folder that everybody may look into."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_a_mail_that_may_not_be_read_ends_the_import_with_its_name(archive: Path) -> None:
    for name in ("a.eml", "b.eml", "c.eml"):
        (archive / name).write_bytes(ASKED)
    (archive / "b.eml").chmod(0)
    with _as_nobody():
        mails = mails_in(archive)
        assert next(mails).name == "a.eml"
        with pytest.raises(MailUnreadable, match=r"b\.eml cannot be read: Permission denied.*goes on"):
            next(mails)


@pytest.mark.parametrize("names", [("old", "new"), ("cur", "new")])
def test_a_folder_that_may_not_be_opened_is_not_passed_over(archive: Path, names: tuple[str, str]) -> None:
    for name in names:
        (archive / name).mkdir()
        (archive / name / "1717405201.eml").write_bytes(ASKED)
    (archive / names[0]).chmod(0)
    (archive / ".git").mkdir(mode=0)  # no concern of ours
    with _as_nobody(), pytest.raises(MailUnreadable, match=f"{names[0]} cannot be read: Permission denied"):
        count(archive)


def test_the_same_name_with_other_bytes_is_another_mail(tmp_path: Path) -> None:
    file = tmp_path / "export.eml"
    file.write_bytes(ASKED)
    first = _only(file)
    assert _only(file) == first
    file.write_bytes(ASKED + b"more\n")
    assert _only(file).number != first.number
    assert 0 <= first.number < 2**63


def test_a_large_file_is_handed_on_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "plans.eml"
    file.write_bytes(ASKED + b"x" * (1 << 20))
    mail = _only(file)
    assert mail.raw == file
    assert mail.received_at == MON_JUN_3_2024


def test_an_mbox_is_split_where_a_mail_begins_and_nowhere_else(tmp_path: Path) -> None:
    second = b"From: c@d.example\nSubject: Trees\n\nFrom the start:\n\nFrom what I hear 12 fell.\n>From here on.\n"
    file = tmp_path / "foi.mbox"
    file.write_bytes(
        b"From a@b.example Mon Jun  3 09:00:00 2024\n" + ASKED + b"\n"
        b"From c@d.example Tue Jun  4 09:00:00 2024\n" + second
    )  # fmt: skip
    first, other = mails_in(file)
    assert (first.name, first.raw) == ("foi.mbox#1", ASKED)
    assert (other.name, other.raw) == ("foi.mbox#2", second.replace(b">From", b"From"))
    assert count(file) == 2


def test_an_mbox_with_the_line_endings_of_windows_is_split_too(tmp_path: Path) -> None:
    file = tmp_path / "foi.mbox"
    line = b"From a@b.example Mon Jun  3 09:00:00 2024\n"
    file.write_bytes((line + ASKED + b"\n" + line + ASKED).replace(b"\n", b"\r\n"))
    assert [mail.raw for mail in mails_in(file)] == [ASKED.replace(b"\n", b"\r\n")] * 2


def test_a_maildir_gives_its_new_and_read_mail_and_the_time_of_delivery(tmp_path: Path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    bare = b"From: a@b.example\nDate: Sat, 01 Jan 2000 00:00:00 +0000\n\nHello\n"
    (tmp_path / "cur" / "1717405200.M1P1.host:2,S").write_bytes(bare)
    (tmp_path / "new" / "1717405201.M1P2.host").write_bytes(ASKED)
    (tmp_path / "tmp" / "1717405202.M1P3.host").write_bytes(ASKED)
    assert [(mail.name.partition("/")[0], mail.received_at) for mail in mails_in(tmp_path)] == [
        ("new", MON_JUN_3_2024),
        ("cur", MON_JUN_3_2024),
    ]
    assert count(tmp_path) == 2


def test_without_a_servers_stamp_the_senders_date_must_do_and_without_any_nothing_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"From: a@b.example\nDate: Mon, 03 Jun 2024 09:00:00 +0000\n\nx\n")
    (tmp_path / "b.eml").write_bytes(b"From: a@b.example\nDate: whenever\n\nx\n")
    assert [mail.received_at for mail in mails_in(tmp_path)] == [MON_JUN_3_2024, None]
