"""The mailboxes that letters leave from."""

from dataclasses import replace
from email import message_from_bytes

import pytest

from mail.sender import senders
from service.desk import Desk
from service.domain.reply_address import case_in
from service.store.cases import opened_at
from service.store.correspondence import letters_of_case
from service.store.database import transaction
from tests.builders import open_a_case


@pytest.mark.parametrize("plus", [True, False])
def test_answers_to_a_letter_about_a_case_go_to_an_address_of_that_case(sqlite_desk: Desk, plus: bool) -> None:
    box = sqlite_desk.settings.mailbox.model_copy(update={"plus_addresses": plus})
    desk = replace(sqlite_desk, settings=sqlite_desk.settings.model_copy(update={"mailbox": box}))
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [letter] = letters_of_case(session, case.id)
        opened = opened_at(session, case.id)
    [sender] = senders(desk.settings)
    mail = message_from_bytes(sender.mail(desk, letter))
    assert mail["From"] == "Anytown Borough Council <foi@anytown.example>"
    told = case_in(mail["Reply-To"] or "")
    assert (told is not None and told.key == case.id and told.holds(desk.secret, opened)) is plus
    assert (mail["Reply-To"] is None) is not plus
    letter.answers_to = "foi+ask-1-00@anytown.example"
    assert message_from_bytes(sender.mail(desk, letter))["Reply-To"] == letter.answers_to
    letter.answers_to = ""
    letter.case_id = None  # one to the team
    assert "Reply-To" not in message_from_bytes(sender.mail(desk, letter))
