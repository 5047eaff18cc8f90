"""What officers do in the shared mailbox is heeded, or put back with a word why; nothing they do can lose a mail."""

from contextlib import suppress

import pytest
from imapclient.exceptions import IMAPClientError

from mail.filing import file_mailboxes
from mail.reader import Reader
from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.sent_answers import accept_answer
from service.casework.triage import confirm_triage
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.stage import Stage
from service.store.database import reading, transaction
from service.store.mailboxes import mailbox
from service.store.originals import read_chunks
from service.store.tables import Case
from tests.builders import an_officer
from tests.conftest import Time
from tests.integration.dovecot import Dovecot
from tests.integration.filing import Shared, shared
from tests.integration.polling import a_mail
from tests.integration.test_sent_watch import a_reply

CASE_1 = "FOI/Open/01-FOI-24-000001 - Request 1"
CASE_2 = "FOI/Open/01-FOI-24-000002 - Request 2"
OF_CASE_1 = {"sender": "Person 1 <person1@example.com>", "In_Reply_To": "<1@example.com>"}
UNREADABLE = b"Message-ID: <3@example.com>\r\n\r\nno mail"


@pytest.fixture
def office(sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, time: Time) -> Shared:
    """Two cases, an unreadable mail that waits for a person, an automatic answer, and two officers."""
    office = shared(sqlite_desk, dovecot, reader, time)
    with transaction(office.desk.engine) as session:
        an_officer(session)
        an_officer(session, "Priya Shah", "supervisor")
    office.arrive(a_mail(1), a_mail(2), UNREADABLE, a_mail(4, Auto_Submitted="auto-replied"))
    office.round()
    assert office.lie() == HOME
    return office


HOME = {CASE_1: [1], CASE_2: [2], "FOI/Needs a person": [3], "FOI/Automatic": [4]}


def told(office: Shared) -> str:
    """Why mail was put back, as the team was told; empty when they were not."""
    return "\n".join(letter.body for letter in office.letters("put-back"))


def settled(office: Shared) -> None:
    """Once people have stopped, the desk stops too."""
    office.round(2)
    assert office.round(2).moved == 0


def kinds(office: Shared, number: int, actor: str = "mailbox") -> list[Kind]:
    return [event.kind for event in office.events(number) if event.actor == actor]


@pytest.mark.parametrize("number", [3, 4])
def test_into_a_cases_folder_files_the_mail_on_that_case(office: Shared, number: int) -> None:
    office.move(number, office.folder_of(number), CASE_1)
    office.round()
    assert office.lie()[CASE_1] == [1, number]
    assert (office.post(number).case_id, office.post(number).settled_by) == (office.case(1).id, "mailbox")
    assert kinds(office, 1) == [Kind.POST_FILED, Kind.MAILBOX_MOVE]
    event = office.events(1)[-1]
    assert (event.data["through"], event.data["folder"], event.data["done"]) == ("mailbox", CASE_1, "yes")
    assert event.data["message"] == f"<{number}@example.com>"
    assert told(office) == ""
    settled(office)


def test_a_mail_that_is_on_a_case_stays_on_it(office: Shared) -> None:
    office.move(2, CASE_2, CASE_1)
    office.round()
    assert office.lie() == HOME
    assert office.case(2).reference == "01.FOI.24.000002"
    assert "is on case 01.FOI.24.000002 already" in told(office)
    settled(office)
    assert len(office.letters("put-back")) == 1


def test_into_an_officers_folder_gives_them_the_case(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Mine/Sam Okoro")
    office.move(2, CASE_2, "FOI/Mine/priya")
    office.round()
    assert [office.case(n).owner_id for n in (1, 2)] == [1, 2]
    assert office.case(1).stage == Stage.ALLOCATED  # given, and still to be accepted
    assert office.lie()["FOI/Mine/Sam Okoro"] == [1]
    assert kinds(office, 1) == [Kind.ASSIGNED, Kind.MAILBOX_MOVE]
    settled(office)


def test_a_case_is_not_taken_from_its_owner_by_a_move(office: Shared) -> None:
    with transaction(office.desk.engine) as session:
        assign(session, office.desk, session.get_one(Case, 1), 2, at=office.desk.now(), by="officer:2")
    office.move(1, CASE_1, "FOI/Mine/sam")
    office.round()
    assert (office.case(1).owner_id, office.lie()) == (2, HOME)
    assert "has an owner" in told(office)
    assert [(move.done, move.act) for move in office.moves()] == [(False, "assign")]
    assert office.events(1)[-1].data["done"] == "no"


def test_an_officers_folder_may_be_called_by_another_of_their_names(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Mine/Sam Okoro")
    office.move(2, CASE_2, "FOI/Mine/Sam Okoro")
    office.round()
    with office.colleague() as client:
        client.rename_folder("FOI/Mine/Sam Okoro", "FOI/Mine/sam")
    with transaction(office.desk.engine) as session:  # what closes in the same round is filed, and was moved by nobody
        case, today = session.get_one(Case, 1), office.desk.today()
        close(session, office.desk, case, Outcome.GRANTED, answered_on=today, at=office.desk.now(), by="officer:1")
    office.round()
    assert (office.folder_of(1), office.folder_of(2)) == ("FOI/Closed/2024", "FOI/Mine/sam")
    assert [(move.act, move.folder) for move in office.moves()] == [("assign", "FOI/Mine/Sam Okoro")] * 2
    assert told(office) == ""
    settled(office)


def test_an_officers_folder_that_becomes_anothers_is_anothers(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Mine/Sam Okoro")
    office.round()
    with office.colleague() as client:
        client.delete_folder("FOI/Mine/Priya Shah")
        client.rename_folder("FOI/Mine/Sam Okoro", "FOI/Mine/Priya Shah")
    office.round()
    assert (office.case(1).owner_id, office.lie()) == (1, HOME)
    assert "has an owner" in told(office)


def test_an_officer_nobody_knows_is_given_nothing(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Mine/Nobody")
    office.round()
    assert (office.case(1).owner_id, office.lie()) == (None, HOME)
    assert "no active officer called “nobody”" in told(office)


def test_not_foi_waits_for_a_supervisor_and_closes_when_they_agree(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Not FOI")
    office.round()
    assert office.case(1).stage == Stage.NOT_FOI
    assert office.lie()["FOI/Not FOI"] == [1]
    with transaction(office.desk.engine) as session:
        confirm_triage(session, office.desk, session.get_one(Case, 1), at=office.desk.now(), by="officer:2")
    office.round()
    assert office.lie()["FOI/Closed/2024"] == [1]
    settled(office)


def test_not_foi_of_an_owned_case_is_its_owners_to_say(office: Shared) -> None:
    with transaction(office.desk.engine) as session:
        assign(session, office.desk, session.get_one(Case, 1), 1, at=office.desk.now(), by="officer:1")
    office.move(1, CASE_1, "FOI/Not FOI")
    office.round()
    assert (office.case(1).stage, office.lie()) == (Stage.DRAFTING, HOME)
    assert "please do it at the desk" in told(office)


def test_an_answer_on_a_case_does_not_say_that_the_case_is_no_request(office: Shared) -> None:
    office.arrive(a_mail(5, **OF_CASE_1))
    office.round()
    office.move(5, CASE_1, "FOI/Not FOI")
    office.round()
    assert office.case(1).stage == Stage.NEW
    assert "move the request itself" in told(office)
    assert office.lie()[CASE_1] == [1, 5]
    for number in (5, 1):  # the thread as a whole
        office.move(number, CASE_1, "FOI/Not FOI")
    office.round()
    assert office.case(1).stage == Stage.NOT_FOI
    assert office.lie()["FOI/Not FOI"] == [1, 5]
    assert len(office.letters("put-back")) == 1
    settled(office)


def test_a_mail_on_no_case_is_set_aside_and_taken_up_again(office: Shared) -> None:
    office.move(3, "FOI/Needs a person", "FOI/Not FOI")
    office.round()
    assert office.post(3).state == "dismissed"
    assert office.lie()["FOI/Not FOI"] == [3]
    office.move(3, "FOI/Not FOI", "INBOX")
    office.round()
    assert (office.post(3).state, office.lie()) == ("quarantined", HOME)
    assert [(move.act, move.done, move.undone) for move in office.moves()] == [
        ("set aside as no request", True, True),
        ("undo", True, False),
    ]
    settled(office)


def test_waiting_is_for_cases_that_wait_since_a_letter_went(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Waiting requester")
    office.round()
    assert (office.case(1).clock_state, office.lie()) == ("running", HOME)
    assert "runs on: only a letter that asks the requester" in told(office)
    fact = ClockFact(Kind.CLARIFICATION_SOUGHT, office.desk.today(), {"reason": "asked by letter"})
    with transaction(office.desk.engine) as session:
        establish(session, office.desk, session.get_one(Case, 1), fact, at=office.desk.now(), by="officer:1")
    office.move(1, CASE_1, "FOI/Waiting requester")
    office.round()
    assert office.lie()["FOI/Waiting requester"] == [1]
    answer = a_mail(5, sender="Person 1 <person1@example.com>", In_Reply_To="<1@example.com>")
    office.arrive(answer)
    office.time.pass_by(days=1)
    office.round()
    assert office.case(1).clock_state == "running"
    assert office.lie()[CASE_1] == [1, 5]  # the clock runs again: it waits no more
    settled(office)


def test_closed_asks_for_the_outcome_and_closes_nothing(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Closed")
    office.round()
    assert (office.case(1).stage, office.lie()) == (Stage.NEW, HOME)
    [letter] = office.letters("outcome-wanted")
    assert letter.recipient_address == "team@anytown.example"
    assert "/cases/01.FOI.24.000001/close" in letter.body
    assert told(office) == ""
    settled(office)
    assert len(office.letters("outcome-wanted")) == 1


def test_closed_asks_the_owner_of_the_case(office: Shared) -> None:
    with transaction(office.desk.engine) as session:
        assign(session, office.desk, session.get_one(Case, 1), 1, at=office.desk.now(), by="officer:1")
    office.move(1, CASE_1, "FOI/Closed/2024")
    office.round()
    [letter] = office.letters("outcome-wanted")
    assert letter.recipient_address == "sam@anytown.example"
    assert "- close OUTCOME = such as: close not held" in letter.body  # one line of an answer closes it


def test_back_into_the_inbox_takes_back_an_assignment_nobody_has_accepted(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Mine/sam")
    office.round()
    office.move(1, "FOI/Mine/sam", "INBOX")
    office.round()
    assert (office.case(1).owner_id, office.case(1).stage, office.lie()) == (None, Stage.NEW, HOME)
    settled(office)


def test_back_into_the_inbox_takes_nothing_from_whoever_the_desk_gave_the_case_since(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Mine/sam")
    office.round()
    with transaction(office.desk.engine) as session:
        assign(session, office.desk, session.get_one(Case, 1), 2, at=office.desk.now(), by="officer:1")
    office.move(1, "FOI/Mine/sam", "INBOX")
    office.round()
    assert (office.case(1).owner_id, office.lie()) == (2, HOME)
    assert "has been given to somebody at the desk since" in told(office)


def test_back_into_the_inbox_takes_a_mail_off_its_case_again(office: Shared) -> None:
    office.move(3, "FOI/Needs a person", CASE_1)
    office.round()
    office.move(3, CASE_1, "INBOX")
    office.round()
    assert (office.post(3).state, office.post(3).case_id, office.lie()) == ("quarantined", None, HOME)
    assert kinds(office, 1)[-2:] == [Kind.POST_TAKEN_OFF, Kind.MAILBOX_MOVE]


def test_back_into_the_inbox_makes_it_a_request_again(office: Shared) -> None:
    office.move(1, CASE_1, "FOI/Not FOI")
    office.round()
    office.move(1, "FOI/Not FOI", "INBOX")
    office.round()
    assert (office.case(1).stage, office.lie()) == (Stage.NEW, HOME)


def test_what_cannot_be_undone_is_put_back_and_opens_no_second_case(office: Shared) -> None:
    office.move(1, CASE_1, "INBOX")
    office.round()
    assert (office.lie(), "nothing to undo" in told(office)) == (HOME, True)
    with reading(office.desk.engine) as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM foi_case").scalar() == 2
    settled(office)


def test_an_automatic_answer_that_is_none_gets_a_persons_look(office: Shared) -> None:
    office.move(4, "FOI/Automatic", "FOI/Needs a person")
    office.round()
    assert (office.post(4).state, office.folder_of(4)) == ("quarantined", "FOI/Needs a person")
    settled(office)


# Mishaps


def test_a_mail_that_a_person_deletes_is_listed_as_gone_and_kept(office: Shared) -> None:
    with office.colleague(CASE_1) as client:
        client.delete_messages(client.search("ALL"))
        client.expunge()
    office.round(3)
    assert [(move.act, move.came_from) for move in office.moves()] == [("gone", CASE_1)]
    assert office.placement(1).state == "gone"
    with reading(office.desk.engine) as session:
        digest = office.post(1).sha256
        assert digest is not None
        assert b"parking fines" in b"".join(read_chunks(session, digest))
    settled(office)
    assert len(office.moves()) == 1


def test_a_mail_that_went_elsewhere_and_comes_back_is_found_again(office: Shared) -> None:
    office.move(1, CASE_1, "Private")
    office.round(3)
    assert office.placement(1).state == "gone"
    office.move(1, "Private", "FOI/Mine/sam")
    office.round()
    assert (office.case(1).owner_id, office.placement(1).state) == (1, "here")
    settled(office)


def test_a_copy_is_nobodys_instruction_and_is_left_alone(office: Shared) -> None:
    with office.colleague(CASE_1) as client:
        client.copy(client.search("ALL"), "FOI/Not FOI")
    office.round(3)
    assert office.lie() == HOME | {"FOI/Not FOI": [1]}
    assert (office.case(1).stage, office.moves()) == (Stage.NEW, [])
    settled(office)


def test_a_copy_of_a_mail_that_once_came_back_into_the_inbox_means_nothing_either(office: Shared) -> None:
    office.move(1, CASE_1, "INBOX")
    office.round()  # the poll has read it a second time, and the filing has known it again
    with office.colleague(CASE_1) as client:
        client.copy(client.search("ALL"), "FOI/Mine/Sam Okoro")
    office.round()
    assert (office.case(1).owner_id, len(office.moves())) == (None, 1)
    with office.colleague(CASE_1) as client:
        client.delete_messages(client.search("ALL"))
        client.expunge()
    office.round(2)
    assert (office.case(1).owner_id, office.placement(1).state) == (1, "here")
    assert [move.act for move in office.moves()] == ["undo", "assign"]


def test_copying_first_and_deleting_later_is_a_move(office: Shared) -> None:
    with office.colleague(CASE_1) as client:
        client.copy(client.search("ALL"), "FOI/Mine/Sam Okoro")
    office.round()
    assert office.case(1).owner_id is None
    with office.colleague(CASE_1) as client:
        client.delete_messages(client.search("ALL"))
        client.expunge()
    office.round()
    assert (office.case(1).owner_id, office.folder_of(1)) == (1, "FOI/Mine/Sam Okoro")
    settled(office)


@pytest.mark.parametrize("into", ["FOI/Not FOI", "FOI/Mine/Sam Okoro"])
def test_a_cases_folder_that_is_dragged_goes_with_its_mail(office: Shared, into: str) -> None:
    office.arrive(a_mail(5, **OF_CASE_1))
    office.round()
    office.drag(CASE_1, into)
    office.round()
    expected = (Stage.NOT_FOI, None) if into == "FOI/Not FOI" else (Stage.ALLOCATED, 1)
    assert (office.case(1).stage, office.case(1).owner_id) == expected
    assert office.lie()[f"{into}/{CASE_1.rpartition('/')[2]}"] == [1, 5]
    settled(office)


def test_a_case_whose_folder_was_dragged_among_what_is_no_request_closes_and_leaves_nothing_behind(
    office: Shared,
) -> None:
    office.drag(CASE_1, "FOI/Not FOI")
    office.round()
    with transaction(office.desk.engine) as session:
        confirm_triage(session, office.desk, office.case(1), at=office.time.now(), by="officer:2")
    settled(office)
    assert office.folder_of(1) == "FOI/Closed/2024"
    assert not [name for name in office.folders() if name.startswith("FOI/Not FOI/")]


@pytest.mark.parametrize("into", ["FOI/Waiting requester", "FOI/Automatic", "FOI/Needs a person", CASE_2])
def test_a_cases_folder_that_is_dragged_where_it_may_not_be_is_put_back(office: Shared, into: str) -> None:
    office.drag(CASE_1, into)
    office.round()
    assert office.case(1).stage == Stage.NEW
    assert "Request 1" in told(office)
    settled(office)
    assert office.lie() == HOME
    assert not [name for name in office.folders() if name.startswith(f"{into}/")]


@pytest.mark.parametrize(("slipped", "into"), [("FOI/Open", "FOI/Not FOI"), ("FOI/Needs a person", "FOI/Closed"),
                                               ("FOI/Open", "FOI/Mine/Sam Okoro")])  # fmt: skip
def test_a_standing_folder_that_slips_into_another_says_nothing_of_its_cases(
    office: Shared, slipped: str, into: str
) -> None:
    office.drag(slipped, into)
    office.round()
    assert (kinds(office, 1), kinds(office, 2), office.moves(), told(office)) == ([], [], [], "")
    assert (office.case(1).stage, office.case(1).owner_id) == (Stage.NEW, None)
    settled(office)


def test_an_answer_dragged_out_of_sent_before_the_desk_read_it_is_asked_about(office: Shared) -> None:
    office.save_sent(a_reply(cc="foi@anytown.example"), CASE_1)
    office.round(2)
    [event] = [event for event in office.events(1) if event.kind is Kind.SENT_BY_HAND]
    assert event.at < office.time.now()
    [answer] = office.answers(1)
    assert answer.state == "asked"
    assert "before the desk had read it in a Sent folder" in answer.doubts  # so no silence accepts it
    assert "filed on this case as a mail of ours" in office.moves()[-1].words
    settled(office)
    with transaction(office.desk.engine) as session:
        accept_answer(session, office.desk, office.case(1), answer.message_id, outcome=Outcome.GRANTED,
                      at=office.time.now(), by="officer:1")  # fmt: skip
    settled(office)
    assert office.content_of("FOI/Closed/2024") == ["<1@example.com>", "<reply-1@outlook.example>"]


def test_an_officers_own_answer_put_into_a_cases_folder_is_one_of_ours(office: Shared) -> None:
    office.save_sent(a_reply(sender="Sam Okoro <sam@anytown.example>"), CASE_2)  # the person knows whose it is
    office.round(2)
    assert [event.kind for event in office.events(2) if event.kind is Kind.SENT_BY_HAND] == [Kind.SENT_BY_HAND]
    assert office.answers(2) == []  # it went to the requester of another case
    settled(office)


def test_a_mail_that_we_sent_is_not_taken_off_its_case_by_a_move(office: Shared) -> None:
    office.save_sent(a_reply(), CASE_1)
    office.round(2)
    with office.colleague(CASE_1) as client:
        client.move(client.search(["HEADER", "Message-ID", "<reply-1@outlook.example>"]), "INBOX")
    office.round(2)
    assert "whether it was the answer is said at the desk" in told(office)
    assert office.content_of(CASE_1) == ["<1@example.com>", "<reply-1@outlook.example>"]
    settled(office)


@pytest.mark.parametrize("folder", ["FOI/Waiting requester", "FOI/Mine/Sam Okoro"])
def test_what_we_sent_is_found_in_any_folder_of_the_desk(office: Shared, folder: str) -> None:
    office.save_sent(a_reply(), folder)
    office.round(2)
    assert len(office.answers(1)) == 1
    settled(office)


def test_the_same_answer_in_two_places_is_asked_about_once(office: Shared) -> None:
    office.save_sent(a_reply(), CASE_1)
    office.round(2)
    office.save_sent(a_reply(), CASE_2)
    office.round(2)
    assert (len(office.answers(1)), office.answers(2)) == (1, [])
    settled(office)


def test_notes_to_ourselves_and_drafts_are_left_where_they_are(office: Shared) -> None:
    office.save_sent(a_reply(to="foi@anytown.example"), CASE_1)
    office.save_sent(a_reply(message_id="<draft@outlook.example>"), CASE_1, flags=(b"\\Draft",))
    office.round(2)
    assert (kinds(office, 1), office.answers(1)) == ([], [])
    settled(office)


def test_a_new_request_moved_among_automatic_mail_is_acknowledged_like_any_other(office: Shared) -> None:
    office.arrive(a_mail(7))
    office.move(7, "INBOX", "FOI/Automatic")
    office.round(2)
    assert [one.case_id for one in office.letters("acknowledgement")][-1] == office.case(7).id
    assert office.folder_of(7) == "FOI/Open/01-FOI-24-000003 - Request 7"
    settled(office)


def test_marking_a_mail_is_no_move(office: Shared) -> None:
    with office.colleague(CASE_1) as client:
        client.add_flags(client.search("ALL"), [b"\\Seen", b"\\Deleted", b"\\Flagged"])
    assert office.round(2) == type(office.round())(0, 0, 0)
    assert office.moves() == []


def test_mail_moved_before_the_desk_saw_it_is_taken_in_from_there(office: Shared) -> None:
    office.arrive(a_mail(7), a_mail(8))
    with office.colleague() as client:
        client.move(client.search(["HEADER", "Message-ID", "<7@example.com>"]), CASE_1)
        client.move(client.search(["HEADER", "Message-ID", "<8@example.com>"]), "FOI/Mine/Sam Okoro")
    office.round(2)
    assert office.post(7).case_id == office.case(1).id
    assert kinds(office, 1) == [Kind.POST_FILED, Kind.MAILBOX_MOVE]
    assert (office.case(8).owner_id, office.case(8).reference) == (1, "01.FOI.24.000003")
    assert (office.folder_of(7), office.folder_of(8)) == (CASE_1, "FOI/Mine/Sam Okoro")
    assert office.case(8).received_at == office.case(1).received_at  # by its time of arrival, not ours
    settled(office)
    assert any(move.words.startswith("filed on this case, in whose folder it lay") for move in office.moves())
    office.move(7, CASE_1, "INBOX")  # it is a request of its own
    office.round()
    assert (office.post(7).case_id, office.folder_of(7)) == (None, "FOI/Needs a person")
    settled(office)


def test_a_copy_made_before_the_desk_saw_the_mail_means_nothing(office: Shared) -> None:
    office.round()
    office.arrive(a_mail(7))
    with office.colleague() as client:
        client.copy(client.search(["HEADER", "Message-ID", "<7@example.com>"]), CASE_1)
    file_mailboxes(office.desk)  # before the poll comes to it
    office.round(2)
    assert office.case(7).reference == "01.FOI.24.000003"
    assert kinds(office, 1) == []
    assert office.lie()["FOI/Open/01-FOI-24-000003 - Request 7"] == [7]
    settled(office)


@pytest.mark.parametrize("folder", ["FOI/Not FOI", "FOI/Closed", "FOI/Mine/Sam Okoro"])
def test_automatic_mail_on_a_case_says_nothing_of_the_case(office: Shared, folder: str) -> None:
    office.arrive(a_mail(9, **OF_CASE_1, Auto_Submitted="auto-replied"))
    office.round()
    assert office.post(9).case_id == office.case(1).id
    office.move(9, "FOI/Automatic", folder)
    office.round()
    assert (office.case(1).stage, office.case(1).owner_id, office.folder_of(9)) == (Stage.NEW, None, "FOI/Automatic")
    assert "says nothing of what becomes of the case" in " ".join(told(office).split())
    assert office.letters("outcome-wanted") == []
    settled(office)


def test_a_mail_that_was_taken_out_and_comes_back_is_no_refusal(office: Shared) -> None:
    office.move(1, CASE_1, "Private")
    office.round(3)
    office.move(1, "Private", "INBOX")
    office.round()
    assert (office.lie()[CASE_1], told(office)) == ([1], "")
    assert "it is back in the desk's folders" in office.moves()[-1].words
    settled(office)


def test_a_thread_that_is_moved_back_is_undone_once_and_nothing_is_refused(office: Shared) -> None:
    office.arrive(a_mail(5, **OF_CASE_1), a_mail(6, **OF_CASE_1))
    office.round()
    for number in (1, 5, 6):
        office.move(number, CASE_1, "FOI/Mine/Sam Okoro")
    office.round()
    assert office.case(1).owner_id == 1
    for number in (1, 5, 6):
        office.move(number, "FOI/Mine/Sam Okoro", "INBOX")
    office.round()
    assert (office.case(1).owner_id, told(office), office.lie()[CASE_1]) == (None, "", [1, 5, 6])
    settled(office)


def test_a_thread_moved_to_closed_is_asked_about_once(office: Shared) -> None:
    office.arrive(a_mail(5, **OF_CASE_1), a_mail(6, **OF_CASE_1))
    office.round()
    for number in (1, 5, 6):
        office.move(number, CASE_1, "FOI/Closed")
    office.round()
    assert len(office.letters("outcome-wanted")) == 1
    assert told(office) == ""
    assert office.lie()[CASE_1] == [1, 5, 6]
    settled(office)


def test_mail_that_somebody_filed_before_the_desk_saw_it_is_not_missing(office: Shared) -> None:
    office.arrive(a_mail(5), a_mail(6), a_mail(7), at=office.time.now())
    office.move(5, "INBOX", CASE_1)
    office.move(6, "INBOX", "Deleted Items")
    office.round()
    assert _missing(office) == 1
    office.move(7, office.folder_of(7), CASE_2)
    office.round(2)
    assert _missing(office) == 1


def test_mail_that_a_rule_lays_into_a_folder_hides_no_missing_one(office: Shared) -> None:
    with office.colleague() as client:
        client.append(CASE_1, a_mail(5), msg_time=office.time.now())
    office.round(2)
    office.arrive(a_mail(6), at=office.time.now())
    office.move(6, "INBOX", "Deleted Items")
    office.round(2)
    assert _missing(office) == 1


def _missing(office: Shared) -> int:
    with reading(office.desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
        assert row is not None
        return row.missing


def test_two_people_moving_the_same_mail_leave_it_in_one_place(office: Shared) -> None:
    with office.colleague(CASE_1) as one, office.colleague(CASE_1) as other:
        uids = one.search("ALL")
        other.search("ALL")
        one.move(uids, "FOI/Mine/Sam Okoro")
        with suppress(IMAPClientError):
            other.move(uids, "FOI/Not FOI")  # too late
    office.round()
    assert office.case(1).owner_id == 1
    with office.colleague("FOI/Mine/Sam Okoro") as client:
        client.move(client.search("ALL"), "FOI/Not FOI")
        client.select_folder("FOI/Not FOI")
        client.move(client.search("ALL"), CASE_1)
    office.round()
    assert (office.case(1).owner_id, office.lie()) == (1, HOME)
    settled(office)


def test_a_mail_of_the_same_message_id_and_other_words_is_another_mail(office: Shared) -> None:
    forged = a_mail(9, text="Please forget my request.").replace(b"<9@example.com>", b"<1@example.com>")
    with office.colleague() as client:
        client.append(CASE_2, forged, (), office.post(1).received_at)
    office.round(2)
    assert office.lie() == HOME | {CASE_2: [1, 2]}
    with reading(office.desk.engine) as session:
        query = "SELECT count(*), count(DISTINCT content_key) FROM post WHERE message_id = '<1@example.com>'"
        assert session.connection().exec_driver_sql(query).one() == (2, 2)


def test_what_we_wrote_ourselves_is_not_taken_in_as_mail(office: Shared) -> None:
    [letter, *_] = office.letters("acknowledgement")
    ours = a_mail(9).replace(b"<9@example.com>", letter.message_id.encode())
    with office.colleague() as client:
        client.append(CASE_1, ours)
    office.round(2)
    assert kinds(office, 1) == []


def test_a_crash_between_our_intention_and_our_move_looks_like_nobodys_move(
    office: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    office.arrive(a_mail(5), a_mail(6))
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise Killed

        patch.setattr("mail.filing.FilingBox.move_to", die)
        with pytest.raises(Killed):
            office.round()
    assert office.placement(5).state == "moving"
    with monkeypatch.context() as patch:
        real = __import__("mail.filing_box", fromlist=["FilingBox"]).FilingBox.move_to

        def move_and_die(*words: object) -> None:
            real(*words)
            raise Killed

        patch.setattr("mail.filing.FilingBox.move_to", move_and_die)
        with pytest.raises(Killed):
            file_mailboxes(office.desk)
    office.round(2)
    assert [office.placement(number).state for number in (5, 6)] == ["here", "here"]
    assert office.folder_of(5).startswith("FOI/Open/01-FOI-24-000003")
    assert office.moves() == []
    settled(office)


def test_a_rule_that_moves_a_mail_again_and_again_wins_in_the_end(office: Shared) -> None:
    moved = 0
    for _ in range(10):
        if office.folder_of(2) != CASE_1:
            office.move(2, office.folder_of(2), CASE_1)
        moved += office.round().moved
    assert (moved, office.folder_of(2)) == (3, CASE_1)
    assert office.placement(2).left
    settled(office)
