"""Two that read one mailbox at once, again and again: each mail is one case, and no number is twice or left out."""

import subprocess
from time import monotonic

import pytest
from sqlmodel import select

from service.desk import Desk
from service.store.database import reading
from service.store.tables import Case
from tests.integration.dovecot import Dovecot
from tests.integration.polling import a_mail, child_command, counted, fill, reading_from, rows

pytestmark = pytest.mark.soak
MAILS, AT_ONCE = 500, 125
BOUND = 60  # seconds for two of them


def test_five_hundred_mails_are_five_hundred_cases_in_one_row_of_numbers(desk: Desk, dovecot: Dovecot) -> None:
    polling = reading_from(desk, dovecot.settings())
    command = child_command(
        polling.settings, polling.settings.mailbox, desk.engine.url.render_as_string(hide_password=False)
    )
    subprocess.run(command, timeout=BOUND, check=True, stdout=subprocess.DEVNULL)  # the first day is not tried here
    taken: list[int] = []
    for first in range(0, MAILS, AT_ONCE):
        fill(dovecot, {number: a_mail(number) for number in range(first, first + AT_ONCE)})
        began = monotonic()
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = [poller.communicate(timeout=BOUND)[0] for poller in both]
        assert monotonic() - began < BOUND
        assert [poller.returncode for poller in both] == [0, 0]
        taken += [int(words.split()[0]) for words in said]
    assert sum(taken) == MAILS
    assert counted(polling) == (MAILS, MAILS, MAILS)
    assert len(rows(polling, state="filed")) == MAILS
    assert dovecot.folder_content("INBOX") == []
    assert len(dovecot.folder_content("FOI/Filed")) >= MAILS  # told to MOVE by two at once, a server may copy
    with reading(desk.engine) as session:
        numbers = sorted(int(reference[-6:]) for reference in session.exec(select(Case.reference)))
    assert numbers == list(range(1, MAILS + 1))
