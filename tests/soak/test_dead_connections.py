"""The connection on which the worker waits for mail dies: it rests meanwhile, comes back, and reads the next mail."""

import os
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.integration.dovecot import Dovecot
from tests.integration.imap_front import Death, imap_front
from tests.integration.polling import a_mail
from tests.integration.smtp_faults import Script
from tests.system.installation import Installation, Running, until

pytestmark = pytest.mark.soak
POLL = 10  # seconds
WATCHED = 30  # seconds, three looks into the mailbox
MOST_WORK = 0.02  # of one processor, with those looks and the other jobs
SLACK = 5  # seconds, for a busy machine to take a mail in and answer it


def seconds_worked(worker: Running) -> float:
    """What a process has used of the processor so far."""
    fields = Path(f"/proc/{worker.process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("how", ["end of file", "BYE", "silence"])
def test_a_worker_whose_connection_dies_rests_and_reads_the_next_mail_in_time(
    installation: Installation, dovecot: Dovecot, sink: tuple[Script, Path], how: Death
) -> None:
    script, _ = sink
    with imap_front(dovecot.imap) as front:
        installation.change("mailbox", security="none", ca_file=None, port=front.port, poll_seconds=POLL)
        with installation.running("work", "--from", "now") as worker:
            until(lambda: front.idling == 1, what=worker.said)
            sleep(3)  # what a start brings with it is done
            front.let_down(how)
            until(lambda: front.idling == 0)
            began, used = monotonic(), seconds_worked(worker)
            sleep(WATCHED)
            assert seconds_worked(worker) - used < MOST_WORK * (monotonic() - began)
            assert front.idling == (0 if how == "silence" else 1)
            dovecot.deliver(a_mail())
            until(lambda: script.taken, POLL + SLACK if how == "silence" else SLACK, worker.said)
            assert worker.stop() == 0
            assert "Traceback" not in worker.said()
