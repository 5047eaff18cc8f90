"""How far a mail is believed: the address it answers, the server that vouches for it, and the day it came."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from service.casework.clock_facts import ClockFact, establish
from service.casework.reply import reply_recipient
from service.casework.sort_post import file_post
from service.desk import Desk
from service.domain.clock import State
from service.domain.kind import Kind
from service.domain.message import Address, IncomingMessage
from service.domain.reply_address import reply_address
from service.store.cases import case_by_id, history, opened_at
from service.store.correspondence import FILED, QUARANTINED, letters_of_case, message_of_post
from service.store.database import transaction
from service.store.mailboxes import begin_mailbox
from service.store.tables import Case
from tests.builders import HARRIET, a_message, arrive, open_a_case

SERVER = "mx1.anytown.example"
HOP = f"received: from mail.example.com (x [192.0.2.1]) by {SERVER} with ESMTPS; Mon"
STRANGER = Address("Someone Else", "someone@elsewhere.example")
FRI_MAY_31 = datetime(2024, 5, 31, 9, 0, tzinfo=UTC)


def said(results: str) -> tuple[str, ...]:
    return (f"authentication-results: {SERVER}; {results}", HOP)


@pytest.fixture
def checking(desk: Desk) -> Desk:
    """A desk that knows the name of its mail server."""
    box = desk.settings.mailbox.model_copy(update={"authserv_id": SERVER})
    return replace(desk, settings=desk.settings.model_copy(update={"mailbox": box}))


def test_an_answer_is_known_by_the_address_it_was_sent_to(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        address = reply_address(desk.secret, case.id, opened_at(session, case.id), "foi@anytown.example")
        for to in (address, address.upper()):
            post = arrive(session, desk, a_message(subject="Thanks", sender=STRANGER, to=(Address("", to),)))
            assert (post.state, post.action, post.case_id) == (FILED, "reply", case.id)


@pytest.mark.parametrize("local", ["{0}", "foi+case-{1}-0123456789abcdef", "foi+case-99-{2}"])
def test_an_address_that_we_did_not_make_is_a_new_request(desk: Desk, local: str) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        ours = reply_address(desk.secret, case.id, opened_at(session, case.id), "foi@anytown.example").partition("@")[0]
        to = local.format(ours, case.id, ours[-16:]) + "@anytown.example"
        if local == "{0}":
            to = to.replace("@anytown.example", "@elsewhere.example")  # our seal on somebody else's mailbox
        post = arrive(session, desk, a_message(sender=STRANGER, to=(Address("", to),)))
        assert (post.action, post.case_id == case.id) == ("new-case", False)


def test_a_case_that_a_restored_backup_does_not_have_is_a_new_request(desk: Desk) -> None:
    address = reply_address(desk.secret, 4711, desk.now(), "foi@anytown.example")
    with transaction(desk.engine) as session:
        assert arrive(session, desk, a_message(to=(Address("", address),))).action == "new-case"


def test_a_case_that_took_the_key_of_a_lost_one_after_a_restore_is_not_the_one_that_was_answered(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        lost = opened_at(session, case.id) - timedelta(hours=5)
        address = reply_address(desk.secret, case.id, lost, "foi@anytown.example")
        post = arrive(session, desk, a_message(subject="Thanks", sender=STRANGER, to=(Address("", address),)))
        assert (post.action, post.case_id == case.id) == ("new-case", False)


def asked(session: Session, desk: Desk) -> Case:
    """A case that waits for an answer to our question."""
    case = open_a_case(session, desk)
    fact = ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today())
    establish(session, desk, case, fact, at=desk.now(), by="officer:1")
    return case


@pytest.mark.parametrize(
    ("results", "state"),
    [("dmarc=pass header.from=example.com", State.RUNNING), ("none", State.RUNNING), ("dmarc=fail", "waits")],
)
def test_only_a_sender_whom_our_server_does_not_doubt_restarts_a_clock(
    checking: Desk, results: str, state: str
) -> None:
    with transaction(checking.engine) as session:
        case = asked(session, checking)
        [letter] = letters_of_case(session, case.id)
        post = arrive(session, checking, a_message(in_reply_to=(letter.message_id,), trace=said(results)))
        assert post.case_id == case.id
        expected = State.AWAITING_CLARIFICATION if state == "waits" else state
        assert case_by_id(session, case.id).clock_state == expected


@pytest.mark.parametrize(
    ("results", "to"),
    [
        ("dmarc=pass header.from=example.com", "mallory@example.com"),
        ("none", "h.bell@home.example.com"),
        ("dmarc=fail", "h.bell@home.example.com"),
    ],
)
def test_only_a_sender_whom_our_server_vouches_for_changes_where_answers_go(
    checking: Desk, results: str, to: str
) -> None:
    elsewhere = Address("", "mallory@example.com")
    with transaction(checking.engine) as session:
        case = open_a_case(session, checking, a_message(reply_to=(Address("", "h.bell@home.example.com"),)))
        later = a_message(message_id="<2@example.com>", subject=case.reference, reply_to=(elsewhere,))
        post = arrive(session, checking, replace(later, trace=said(results)))
        if post.state != FILED:
            file_post(session, checking, post, case, at=checking.now(), by="officer:1")
        assert reply_recipient(session, case).address == to
        plain = a_message(message_id="<3@example.com>", subject=case.reference, trace=said("none"))
        assert arrive(session, checking, plain).case_id == case.id
        assert reply_recipient(session, case).address == HARRIET.address


def test_a_doubted_sender_who_names_a_case_is_only_a_suggestion(checking: Desk) -> None:
    def post(trace: tuple[str, ...]) -> tuple[str, str]:
        found = arrive(session, checking, a_message(subject=f"Re: {case.reference}", sender=HARRIET, trace=trace))
        kept = message_of_post(session, found.id)
        assert kept is not None
        return found.state, kept.sender_check

    with transaction(checking.engine) as session:
        case = open_a_case(session, checking)
        assert post(said("dmarc=fail header.from=example.com")) == (QUARANTINED, "failed")
        assert post(said("dmarc=pass header.from=example.com")) == (FILED, "passed")
        assert post(()) == (FILED, "")


def test_a_request_from_a_doubted_sender_is_a_request_all_the_same(checking: Desk) -> None:
    with transaction(checking.engine) as session:
        case = open_a_case(session, checking, a_message(trace=said("dmarc=fail header.from=example.com")))
        assert len(letters_of_case(session, case.id)) == 1


def late(gateway_at: datetime | None) -> IncomingMessage:
    return a_message(gateway_at=gateway_at)


@pytest.mark.parametrize("hours", [-1, 0, 47])
def test_the_mailbox_says_when_a_mail_came(desk: Desk, hours: int) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, late(desk.now() - timedelta(hours=hours)))
        assert case.received_on == date(2024, 6, 3)
        assert len(letters_of_case(session, case.id)) == 1


def test_a_mail_stamped_anew_counts_from_its_last_hop_and_a_person_checks_it(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, late(FRI_MAY_31))
        assert (case.received_on, case.due_on) == (date(2024, 5, 31), date(2024, 6, 28))
        assert letters_of_case(session, case.id) == []
        [reason] = [event.data["reason"] for event in history(session, case.id) if event.kind is Kind.NOT_ACKNOWLEDGED]
    assert "the mailbox says that it came on 3 June 2024, its header on 31 May 2024" in reason


def test_mail_from_before_the_desk_that_a_move_of_the_mailbox_brings_is_sorted_by_a_person(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        begin_mailbox(session, "foi", "INBOX", desk.now() - timedelta(days=2))
        post = arrive(session, desk, late(FRI_MAY_31))
    assert (post.state, post.case_id) == (QUARANTINED, None)
    assert "before the desk began to count" in post.reason
