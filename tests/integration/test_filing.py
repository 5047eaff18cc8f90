"""Mail lies in the folder it belongs in, unchanged, and a mailbox that does not let us is left alone."""

import pytest

from mail.reader import Reader
from service.desk import Desk
from tests.conftest import Time
from tests.integration.dovecot import Dovecot
from tests.integration.filing import Shared, shared
from tests.integration.polling import a_mail


@pytest.fixture
def office(desk: Desk, dovecot: Dovecot, reader: Reader, time: Time) -> Shared:
    """On both databases."""
    return shared(desk, dovecot, reader, time)


def test_each_mail_goes_into_the_folder_it_belongs_in(office: Shared) -> None:
    office.arrive(a_mail(1), a_mail(2, Auto_Submitted="auto-replied"), b"Message-ID: <3@example.com>\r\n\r\nno mail")
    office.round()
    assert office.lie() == {
        "FOI/Open/01-FOI-24-000001 - Request 1": [1],
        "FOI/Automatic": [2],
        "FOI/Needs a person": [3],
    }
    assert office.round(3).moved == 0
