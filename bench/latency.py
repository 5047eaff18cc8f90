"""From a mail's delivery to its acknowledgement's hand-over: `python -m bench.latency [--mails 60]`; needs Dovecot.

The desk is started as the README says, with IDLE on and the pace as shipped; mails come at random moments over LMTP,
and an SMTP server on this machine takes the answers over STARTTLS. The baseline, in the same run: a client that waits
in IDLE for the same delivery and hands over a ready answer. Printed: seconds, and the ratio of the 95th percentiles.
"""

import argparse
import random
import smtplib
import ssl
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from imapclient import IMAPClient

from tests.integration.certificates import Authority
from tests.integration.dovecot import FOI, PASSWORD, Dovecot, running_dovecot
from tests.integration.polling import a_mail
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.system.installation import Installation, clean_environment, edit, until

AIM = 2.0  # seconds, of the 95th percentile
LONGEST_GAP = 3.0  # seconds between two mails


def percentile(seconds: list[float], share: int) -> float:
    return statistics.quantiles(seconds, n=100)[share - 1]


def measure(mails: int, deliver: Callable[[int], None], answered: Callable[[int], bool]) -> list[float]:
    """Seconds from each delivery to its answer."""
    found = []
    for number in range(mails):
        sleep(random.uniform(0.2, LONGEST_GAP))
        began = monotonic()
        deliver(number)
        while not answered(number):
            if monotonic() - began > 60:
                raise SystemExit(f"mail {number} was not answered within a minute")
            sleep(0.002)
        found.append(monotonic() - began)
    return found


def the_desk(server: Dovecot, script: Script, authority: Path, mails: int) -> list[float]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for place in ("desk", "temporary"):
            (folder / place).mkdir()
        desk = Installation(folder / "desk", folder / "temporary", clean_environment(folder / "temporary"))
        if desk.run("init").returncode:
            raise SystemExit("foidesk init failed: is the package installed here?")
        edit(desk, server, script, authority)
        desk.change("mailbox", poll_seconds=30)
        desk.change("smtp", pace_seconds=3)
        desk.run("migrate")
        with desk.running("work", "--from", "2026-01-01") as worker:
            until(lambda: desk.status()["mailboxes"][0].get("last_read"), what=worker.said)
            sleep(3)  # until it waits in IDLE
            taken = len(script.taken)

            def answered(number: int) -> bool:
                return len(script.taken) >= taken + number + 1

            return measure(mails, lambda number: server.deliver(a_mail(number)), answered)


def the_baseline(server: Dovecot, script: Script, authority: Path, mails: int) -> list[float]:
    """A client that does nothing but wait, and hand over an answer."""
    with waiting(server) as client, smtplib.SMTP("127.0.0.1", script.port) as smtp:
        smtp.starttls(context=ssl.create_default_context(cafile=authority))
        smtp.login(FOI, PASSWORD)

        def answered(_number: int) -> bool:
            if not client.idle_check(timeout=60):
                return False
            smtp.sendmail(FOI, ["someone@example.com"], a_mail(1))
            return True

        return measure(mails, lambda number: server.deliver(a_mail(number)), answered)


@contextmanager
def waiting(server: Dovecot) -> Iterator[IMAPClient]:
    with server.client() as client:
        client.idle()
        yield client
        client.idle_done()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=60)
    chosen = options.parse_args()
    with TemporaryDirectory() as name, running_dovecot() as server:
        authority = Authority(Path(name))
        with faulty_smtp(Script(starttls=authority.server())) as script:
            desk = the_desk(server, script, authority.file, chosen.mails)
        with faulty_smtp(Script(starttls=authority.server())) as script:
            bare = the_baseline(server, script, authority.file, chosen.mails)
    for name, seconds in (("desk", desk), ("bare client", bare)):
        p50, p95 = percentile(seconds, 50), percentile(seconds, 95)
        print(f"{name}: p50 {p50:.2f} s, p95 {p95:.2f} s, max {max(seconds):.2f} s")
    print(f"ratio of the p95 {percentile(desk, 95) / percentile(bare, 95):.1f}; aim: the desk's under {AIM:.0f} s")


if __name__ == "__main__":
    main()
