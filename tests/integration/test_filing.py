"""Mail lies in the folder it belongs in, unchanged, and a mailbox that does not let us is left alone."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from mail.filing import file_mailboxes
from mail.reader import Reader
from service.casework.assign import assign
from service.casework.close import close
from service.desk import Desk
from service.domain.outcome import Outcome
from service.store.database import reading, transaction
from service.store.placements import filing_state
from service.store.tables import Case
from tests.builders import an_officer
from tests.conftest import Time
from tests.integration.conftest import need_dovecot
from tests.integration.dovecot import Dovecot, running_dovecot
from tests.integration.filing import Shared, shared
from tests.integration.polling import MON_JUN_3_2024, a_mail

CASE_1 = "FOI/Open/01-FOI-24-000001 - Request 1"
ACL = """
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
plugin {
  acl = vfile
}
"""


@pytest.fixture
def office(sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, time: Time) -> Shared:
    return shared(sqlite_desk, dovecot, reader, time)


def close_case(office: Shared, number: int) -> None:
    with transaction(office.desk.engine) as session:
        case = session.get_one(Case, office.case(number).id)
        close(
            session,
            office.desk,
            case,
            Outcome.GRANTED,
            answered_on=date(2024, 6, 3),
            at=office.desk.now(),
            by="officer:1",
        )


def trouble(office: Shared) -> str:
    with reading(office.desk.engine) as session:
        return filing_state(session, "foi").trouble


def test_each_mail_goes_into_the_folder_it_belongs_in(desk: Desk, dovecot: Dovecot, reader: Reader, time: Time) -> None:
    office = shared(desk, dovecot, reader, time)
    office.arrive(a_mail(1), a_mail(2, Auto_Submitted="auto-replied"), b"Message-ID: <3@example.com>\r\n\r\nno mail")
    office.round()
    assert office.lie() == {CASE_1: [1], "FOI/Automatic": [2], "FOI/Needs a person": [3]}
    assert office.round(3).moved == 0


def test_an_answer_lies_with_its_case_and_a_second_delivery_too(office: Shared) -> None:
    office.arrive(a_mail(1))
    office.round()
    answer = a_mail(2, sender="Person 1 <person1@example.com>", In_Reply_To="<1@example.com>")
    office.arrive(answer, a_mail(1))
    office.round()
    assert office.lie() == {CASE_1: [1, 1, 2]}


def test_flags_bytes_and_time_of_arrival_stay_as_they_are(office: Shared) -> None:
    raw = a_mail(1)
    office.server.append(raw, MON_JUN_3_2024, flags=(b"\\Flagged", b"\\Seen", b"Sam"))
    office.arrive(a_mail(2))
    office.round()
    with office.colleague(CASE_1) as client:
        [data] = client.fetch(client.search("ALL"), ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"]).values()
        assert {b"\\Flagged", b"\\Seen", b"Sam"} <= set(data[b"FLAGS"])
        assert (data[b"INTERNALDATE"], data[b"BODY[]"]) == (MON_JUN_3_2024, raw)
    with office.colleague(office.folder_of(2)) as client:
        [data] = client.fetch(client.search("ALL"), ["FLAGS"]).values()
        assert b"\\Seen" not in data[b"FLAGS"]


def test_a_closed_case_lies_with_those_of_its_year_and_its_empty_folder_goes(office: Shared) -> None:
    office.arrive(a_mail(1), a_mail(2))
    office.round()
    close_case(office, 1)
    office.round()
    assert office.lie()["FOI/Closed/2024"] == [1]
    office.round()
    with office.colleague() as client:
        names = [name for _, _, name in client.list_folders("FOI/Open", "*")]
    assert len([name for name in names if "000001" in name]) == 0
    assert len([name for name in names if "000002" in name]) == 1


def test_a_folder_of_a_closed_case_that_a_person_put_mail_into_is_never_removed(office: Shared) -> None:
    office.arrive(a_mail(1))
    office.round()
    close_case(office, 1)
    with office.colleague() as client:
        client.append(CASE_1, b"Subject: a draft of my own\r\n\r\nkeep this", (b"\\Draft",))
    office.round(4)
    with office.colleague(CASE_1) as client:
        assert b"keep this" in next(iter(client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()))[b"BODY[]"]


def test_flat_filing_tells_the_case_by_a_keyword(office: Shared) -> None:
    flat = shared(office.desk, office.server, office.reader, office.time, filing="flat")
    flat.arrive(a_mail(1))
    flat.round()
    assert flat.lie() == {"FOI/Open": [1]}
    with flat.colleague("FOI/Open") as client:
        assert b"01.FOI.24.000001" in next(iter(client.fetch(client.search("ALL"), ["FLAGS"]).values()))[b"FLAGS"]


def test_the_officers_find_folders_of_their_own_and_see_them(office: Shared) -> None:
    with transaction(office.desk.engine) as session:
        an_officer(session)
    office.round()
    with office.colleague() as client:
        shown = {name for _, _, name in client.list_sub_folders("FOI", "*")}
    assert {"FOI/Open", "FOI/Needs a person", "FOI/Not FOI", "FOI/Mine/Sam Okoro", "FOI/Waiting requester"} <= shown


@pytest.mark.parametrize(
    "subject",
    ['a/b\\c. 100% *of* "it"', "Ärger & Öl in der Straße", "请求公开信息 " * 20, "\x07\u202e bell", "", "." * 80],
)
def test_any_subject_makes_a_folder_of_one_level(office: Shared, subject: str) -> None:
    mail = a_mail(1).replace(b"Subject: Request 1", b"Subject: " + f"=?utf-8?q?{_quoted(subject)}?=".encode())
    office.arrive(mail)
    office.round()
    [name] = office.lie()
    assert name.count("/") == 2
    assert name.startswith("FOI/Open/01-FOI-24-000001")
    assert office.round().moved == 0


def _quoted(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode())


@pytest.mark.parametrize(("separator", "prefix"), [(".", ""), (".", "INBOX."), ("/", "INBOX/")])
def test_any_separator_and_prefix_of_the_server_will_do(
    sqlite_desk: Desk, reader: Reader, time: Time, separator: str, prefix: str
) -> None:
    need_dovecot()
    with running_dovecot(separator=separator, prefix=prefix) as server:
        office = shared(sqlite_desk, server, reader, time)
        office.arrive(a_mail(1), a_mail(2, Auto_Submitted="auto-replied"))
        office.round()
        open_folder = f"{prefix}FOI{separator}Open{separator}01-FOI-24-000001 - Request 1"
        assert office.lie() == {open_folder: [1], f"{prefix}FOI{separator}Automatic": [2]}
        assert office.round().moved == 0


def test_a_root_that_was_renamed_stops_the_filing_and_says_what_to_do(
    office: Shared, caplog: pytest.LogCaptureFixture
) -> None:
    office.arrive(a_mail(1))
    office.round()
    with office.colleague() as client:
        client.rename_folder("FOI", "Freedom")
    office.arrive(a_mail(2))
    with caplog.at_level(logging.WARNING):
        office.round(3)
        office.time.pass_by(hours=1)
        office.round()
    assert len([one for one in caplog.records if "is not filed" in one.message]) == 1
    assert "Name it so again" in trouble(office)
    assert office.lie() == {"INBOX": [2], "Freedom/Open/01-FOI-24-000001 - Request 1": [1]}
    with office.colleague() as client:
        client.rename_folder("Freedom", "FOI")
    office.time.pass_by(hours=1)
    office.round()
    assert trouble(office) == ""
    assert sorted(office.lie()) == [CASE_1, "FOI/Open/01-FOI-24-000002 - Request 2"]
    assert office.moves() == []


@pytest.fixture
def guarded() -> Iterator[Dovecot]:
    """A server whose mailbox may be read and not changed."""
    need_dovecot()
    with running_dovecot(more=ACL) as server:
        yield server


def test_a_mailbox_that_may_only_be_read_is_not_filed_and_nothing_loops(
    sqlite_desk: Desk, guarded: Dovecot, reader: Reader, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    office = shared(sqlite_desk, guarded, reader, time)
    office.arrive(a_mail(1))
    with guarded.client() as client:
        client.setacl("INBOX", "foi@anytown.example", "lr")
    with caplog.at_level(logging.WARNING):
        office.round(5)
    with guarded.client(readonly=True) as client:
        assert len(client.search("ALL")) == 1
    assert 'say filing = "off"' in trouble(office)
    assert len([one for one in caplog.records if "is not filed" in one.message]) == 1
    assert office.case(1).reference == "01.FOI.24.000001"


def test_a_mailbox_that_takes_no_folders_is_not_filed_and_its_mail_is_read(office: Shared) -> None:
    office.arrive(a_mail(1))
    folder = office.server.folder / "mail" / "foi@anytown.example" / "mail"
    with office.colleague():
        pass  # the server makes its own folders at the first look
    folder.chmod(0o555)
    try:
        office.round(3)
        assert "does not make the folder FOI" in trouble(office)
    finally:
        folder.chmod(0o755)
    assert (office.lie(), office.case(1).reference) == ({"INBOX": [1]}, "01.FOI.24.000001")
    office.time.pass_by(hours=1)
    office.round()
    assert (office.lie(), trouble(office)) == ({CASE_1: [1]}, "")


def test_filing_that_is_off_files_as_before(office: Shared) -> None:
    off = shared(office.desk, office.server, office.reader, office.time, filing="off")
    off.arrive(a_mail(1))
    off.round()
    assert off.lie() == {"FOI/Filed": [1]}


def test_a_folder_keeps_its_case_whatever_a_person_makes_of_its_name(office: Shared) -> None:
    office.arrive(a_mail(1))
    office.round()
    with office.colleague() as client:
        client.rename_folder(CASE_1, "FOI/Open/01-FOI-24-000001 potholes, urgent")
    office.arrive(a_mail(2, sender="Person 1 <person1@example.com>", In_Reply_To="<1@example.com>"))
    office.round()
    assert office.lie() == {"FOI/Open/01-FOI-24-000001 potholes, urgent": [1, 2]}
    with office.colleague() as client:
        client.rename_folder("FOI/Open/01-FOI-24-000001 potholes, urgent", "FOI/Open/Sam looks at this")
    office.arrive(a_mail(3, sender="Person 1 <person1@example.com>", In_Reply_To="<1@example.com>"))
    office.round()
    assert office.lie() == {"FOI/Open/Sam looks at this": [1, 2, 3]}
    assert (office.moves(), office.letters("put-back")) == ([], [])


def test_a_folder_that_was_renamed_at_once_is_known_by_the_next_round(office: Shared) -> None:
    office.arrive(a_mail(1))
    office.round()  # made its folder, and has not looked into it yet
    with office.colleague() as client:
        client.rename_folder(CASE_1, "FOI/Open/Sam looks at this")
    office.arrive(a_mail(2, sender="Person 1 <person1@example.com>", In_Reply_To="<1@example.com>"))
    office.round(3)
    assert office.lie() == {"FOI/Open/Sam looks at this": [1, 2]}
    assert office.moves() == []


def test_a_standing_folder_that_was_renamed_goes_on_being_what_it_was(office: Shared) -> None:
    office.arrive(a_mail(1, Auto_Submitted="auto-replied"))
    office.round()
    with office.colleague() as client:
        client.rename_folder("FOI/Automatic", "FOI/Robots")
    office.arrive(a_mail(2, Auto_Submitted="auto-replied"))
    office.round()
    assert office.lie() == {"FOI/Robots": [1, 2]}


def test_new_numbers_for_a_folders_mail_are_nobodys_move(office: Shared) -> None:
    office.arrive(a_mail(1), a_mail(2, Auto_Submitted="auto-replied"), a_mail(3, Auto_Submitted="auto-replied"))
    office.round()
    before = office.lie()
    for folder in ("INBOX", "FOI/Automatic"):
        office.server.renumber_folder(folder)
    assert office.round(3).moved == 0
    assert (office.lie(), office.moves()) == (before, [])


def test_a_change_of_officers_is_heeded_where_the_mail_lies(office: Shared) -> None:
    with transaction(office.desk.engine) as session:
        sam, priya = an_officer(session).id, an_officer(session, "Priya Shah").id
    office.arrive(a_mail(1))
    office.round()
    office.move(1, CASE_1, "FOI/Mine/Sam Okoro")
    office.round()
    assert office.lie() == {"FOI/Mine/Sam Okoro": [1]}
    with transaction(office.desk.engine) as session:
        case = session.get_one(Case, office.case(1).id)
        assert case.owner_id == sam
        assign(session, office.desk, case, priya, at=office.desk.now(), by="officer:2")
    office.round()
    assert office.lie() == {CASE_1: [1]}


def test_a_round_with_nothing_new_writes_nothing(office: Shared) -> None:
    office.arrive(a_mail(1))
    office.round(2)
    with closing(sqlite3.connect(str(office.desk.engine.url.database))) as onlooker:
        before = onlooker.execute("PRAGMA data_version").fetchone()
        assert file_mailboxes(office.desk) == replace(file_mailboxes(office.desk), moved=0)
        assert onlooker.execute("PRAGMA data_version").fetchone() == before
