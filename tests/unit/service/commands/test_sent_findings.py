"""The doctor sees that answers leave which never come into a Sent folder."""

from datetime import timedelta

from service.commands.sent_findings import sent_findings
from service.desk import Desk
from service.domain.finding import Finding
from service.store.database import transaction
from service.store.mailboxes import Look, begin_mailbox, note_read, note_trouble
from service.store.sent import IGNORED
from tests.builders import a_message, arrive, open_a_case, stored_post
from tests.conftest import Time


def found(desk: Desk) -> list[Finding]:
    with transaction(desk.engine) as session:
        return list(sent_findings(session, desk, desk.now()))


def answer_what_nobody_saw(desk: Desk) -> None:
    """Harriet Bell asks, and thanks for a letter of ours that the desk does not know."""
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        arrive(session, desk, a_message(subject=f"Re: {case.reference}", in_reply_to=("<x@prod.outlook.example>",)))


def test_a_desk_that_has_not_begun_is_well(desk: Desk) -> None:
    folder, by_hand = found(desk)
    assert (folder.ok, folder.found) == (True, "not read yet")
    assert by_hand.ok


def test_an_empty_sent_folder_is_told_with_the_command_that_fills_it(desk: Desk) -> None:
    answer_what_nobody_saw(desk)
    *_, by_hand = found(desk)
    assert not by_hand.ok
    assert "it stays empty" in by_hand.found
    assert "-MessageCopyForSentAsEnabled $true" in by_hand.advice
    assert "-MessageCopyForSendOnBehalfEnabled $true" in by_hand.advice


def test_a_mailbox_that_nobody_watches_is_told_where_others_are_full(desk: Desk, time: Time) -> None:
    answer_what_nobody_saw(desk)
    with transaction(desk.engine) as session:
        stored_post(session, received_at=time.moment, folder="\\Sent", sent=True, state=IGNORED, sha256=None)
    *_, by_hand = found(desk)
    assert (by_hand.ok, "empty" in by_hand.found) == (False, False)
    assert by_hand.advice.startswith("Somebody answers from a mailbox that is not watched.")


def test_what_was_unseen_long_ago_is_forgotten(desk: Desk, time: Time) -> None:
    answer_what_nobody_saw(desk)
    time.pass_by(days=31)
    assert all(one.ok for one in found(desk))


def test_trouble_with_a_sent_folder_is_a_fault_and_the_want_of_one_is_not(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        row = begin_mailbox(session, "foi", "\\Sent", time.moment - timedelta(days=1))
        row.trouble = "The server names no Sent folder."
    assert all(one.ok for one in found(desk))
    with transaction(desk.engine) as session:
        note_read(session, row, Look(1, 1, 0), time.moment)
        note_trouble(session, row, "The mail server does not answer.", time.moment)
    assert not found(desk)[0].ok
