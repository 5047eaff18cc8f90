"""A check-up of the way out: can we connect, is the certificate good, may we sign in, may we send as the mailbox."""

from collections.abc import Iterator

from mail.compose import wire_address
from mail.smtp_connection import open_smtp
from mail.smtp_fault import SendingRefused, SmtpSignInRefused, SmtpTokenAway
from mail.submit import SmtpSession, Verdict
from service.domain.finding import Finding, of_each
from service.errors import DeskError
from service.servers import Smtp
from service.settings import Settings

SMALLEST = 1_000_000  # bytes a server should take at least


def check_smtp(settings: Settings) -> list[Finding]:
    """Look at every step that a letter takes from each mailbox, and send none."""
    ways = {box.account: (settings.smtp_of(box.account), box.address) for box in settings.every_mailbox}
    return of_each({account: _check(smtp, address) for account, (smtp, address) in ways.items()})


def _check(smtp: Smtp, address: str) -> list[Finding]:
    where = f"mail server {smtp.host}:{smtp.port}"
    try:
        connection = open_smtp(smtp, wire_address(address).rpartition("@")[2])
    except (SmtpSignInRefused, SmtpTokenAway) as fault:
        return [Finding(where, True, "reached"), _trouble(f"sign-in to {smtp.host}", fault)]
    except DeskError as fault:
        return [_trouble(where, fault)]
    with connection:
        return [
            Finding(where, True, _secured(smtp.security)),
            Finding(f"sign-in to {smtp.host}", True, _as(smtp)),
            *_sending(connection, smtp, address),
        ]


def _as(smtp: Smtp) -> str:
    if not smtp.user:
        return "none wanted"
    return f"as {smtp.user}, by a token" if smtp.oauth else f"as {smtp.user}"


def _secured(security: str) -> str:
    return (
        "reached, not encrypted (this very machine)" if security == "none" else "reached, encrypted, certificate good"
    )


def _sending(connection: SmtpSession, smtp: Smtp, address: str) -> Iterator[Finding]:
    asked = connection.try_sender(wire_address(address))
    if asked.verdict is Verdict.SENT:
        yield Finding(f"sending as {address}", True, "accepted")
    else:
        refused = SendingRefused(asked.phase, host=smtp.host, trouble=asked.trouble)
        yield _trouble(f"sending as {address}", refused)
    largest = connection.largest
    found = "the server does not say" if largest is None else f"up to {largest / 1_000_000:.0f} MB"
    advice = "Ask the mail server's keeper to raise its limit on a message."
    enough = largest is None or largest >= SMALLEST
    yield Finding("size of a letter", enough, found, "" if enough else advice)


def _trouble(subject: str, fault: DeskError) -> Finding:
    found, _, advice = str(fault).partition(". ")
    return Finding(subject, False, found, " ".join(advice.split()))
