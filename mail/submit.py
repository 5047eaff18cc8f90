"""SMTP a phase at a time, so that it is always known how far a letter got (RFC 5321 4.5.4, 4.1.1.4)."""

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from mail.smtp_fault import Phase, masked, reason_of

SLOWEST = 30_000  # bytes a second: whoever takes a large letter slower than that is not waited for
MISSED_REPLY = 0.03  # seconds to see, before the final dot, that the server has hung up

# The server refuses us, not the letter: https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online
_OUR_FAULT = frozenset({"5.7.3", "5.7.8", "5.7.57", "5.7.60", "5.7.64", "5.7.139"})
_SIGN_IN = frozenset({530, 534, 535, 538})  # RFC 4954 6
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463


class Verdict(StrEnum):
    """What a submission came to."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # the server had the whole letter and did not say whether it took it
    OUR_FAULT = "our fault"  # every letter would be refused: the queue stops
    THROTTLED = "throttled"  # we go too fast, or the server is busy: the queue waits


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of one attempt; `trouble` is the server's code and words with every address masked."""

    verdict: Verdict
    phase: Phase
    trouble: str = ""


class _RefusedError(Exception):
    def __init__(self, phase: Phase, code: int, words: bytes) -> None:
        super().__init__()
        self.phase, self.code, self.words = phase, code, words.decode("utf-8", "replace")


class _DroppedError(Exception):
    def __init__(self, phase: Phase, reason: str) -> None:
        super().__init__()
        self.phase, self.reason = phase, reason


class SmtpSession:
    """A signed-in connection, good for several letters until it is no longer `alive`."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        return self._smtp.sock is not None

    @property
    def largest(self) -> int | None:
        """The largest mail the server takes (RFC 1870), in bytes; None when it does not say."""
        said = self._smtp.esmtp_features.get("size", "")
        return int(said) if said.isdigit() and int(said) > 0 else None

    def close(self) -> None:
        """Say QUIT; what the server makes of it changes nothing for a letter it has already taken."""
        try:
            self._smtp.quit()
        except OSError:
            self._smtp.close()

    def submit(self, sender: str, recipient: str, content: bytes, before_data: Callable[[], None]) -> Submission:
        """Hand over one mail; `before_data` is called when its addresses are accepted and no content has gone."""
        try:
            return self._submit(sender, recipient, content, before_data)
        except _DroppedError as drop:
            self._smtp.close()
            verdict = Verdict.UNCERTAIN if drop.phase is Phase.DOT else Verdict.RETRY
            return Submission(verdict, drop.phase, drop.reason)
        except _RefusedError as refused:
            self._forget()
            trouble = masked(f"{refused.code} {refused.words}", recipient)
            return Submission(judge(refused.phase, refused.code, refused.words), refused.phase, trouble)

    def try_sender(self, sender: str) -> Submission:
        """Ask whether we may send as `sender`, and send nothing."""
        try:
            self._say(Phase.MAIL, f"MAIL FROM:<{sender}>")
        except _DroppedError as drop:
            return Submission(Verdict.RETRY, drop.phase, drop.reason)
        except _RefusedError as refused:
            trouble = masked(f"{refused.code} {refused.words}", sender)
            return Submission(judge(refused.phase, refused.code, refused.words), refused.phase, trouble)
        self._forget()
        return Submission(Verdict.SENT, Phase.MAIL)

    def _submit(self, sender: str, recipient: str, content: bytes, before_data: Callable[[], None]) -> Submission:
        fault = self._cannot_carry(sender + recipient, content)
        if fault:
            return Submission(Verdict.FAILED, Phase.MAIL, fault)
        self._say(Phase.MAIL, f"MAIL FROM:<{sender}>{self._parameters(sender + recipient, content)}")
        self._say(Phase.RCPT, f"RCPT TO:<{recipient}>")
        before_data()
        self._say(Phase.DATA, "DATA", expected=3)
        self._hand_over(content)
        return Submission(Verdict.SENT, Phase.DOT)

    def _cannot_carry(self, addresses: str, content: bytes) -> str:
        if not addresses.isascii() and not self._smtp.has_extn("smtputf8"):
            return "the mail server takes only addresses in plain letters (it does not offer SMTPUTF8)"
        if self.largest is not None and len(content) > self.largest:
            return f"the letter is larger than the {self.largest} bytes the mail server takes"
        return ""

    def _parameters(self, addresses: str, content: bytes) -> str:
        size = f" SIZE={len(content)}" if self._smtp.has_extn("size") else ""
        if addresses.isascii():
            return size
        self._smtp.command_encoding = "utf-8"
        return f"{size} BODY=8BITMIME SMTPUTF8"  # RFC 6531 3.4

    def _say(self, phase: Phase, command: str, expected: int = 2) -> None:
        try:
            code, words = self._smtp.docmd(command)
        except (OSError, UnicodeError) as error:
            raise _DroppedError(phase, reason_of(error)) from error
        if code // 100 != expected:
            raise _RefusedError(phase, code, words)

    def _hand_over(self, content: bytes) -> None:
        """Content, then the dot: a drop before the dot is certain not to be delivered, one after it is not."""
        try:
            self._send(_stuffed(content))
        except OSError as error:
            raise _DroppedError(Phase.DATA, reason_of(error)) from error
        if self._hung_up():
            raise _DroppedError(Phase.DATA, "it hung up before it had the whole letter")
        try:
            self._smtp.send(b".\r\n")
            code, words = self._smtp.getreply()
        except OSError as error:
            raise _DroppedError(Phase.DOT, reason_of(error)) from error
        if code // 100 not in (2, 4, 5):
            raise _DroppedError(Phase.DOT, "the server answered what is no SMTP reply")
        if code // 100 != 2:
            raise _RefusedError(Phase.DOT, code, words)

    def _send(self, content: bytes) -> None:
        """Send content; a socket's time-out is for all of what it is given at once, so a large letter is given more."""
        sock = self._smtp.sock
        timeout = sock.gettimeout() if sock else None
        if sock is None or timeout is None:
            self._smtp.send(content)
            return
        sock.settimeout(timeout + seconds_for(len(content)))
        try:
            self._smtp.send(content)
        finally:
            sock.settimeout(timeout)

    def _hung_up(self) -> bool:
        """Whether the server has said anything, or closed: before the dot it has nothing to say."""
        sock = self._smtp.sock
        if sock is None:
            return True
        timeout = sock.gettimeout()
        sock.settimeout(MISSED_REPLY)
        try:
            sock.recv(1)
        except TimeoutError:
            sock.settimeout(timeout)
            return False
        except OSError:
            return True
        return True

    def _forget(self) -> None:
        """RSET after a refusal, so that the next letter starts clean."""
        try:
            code, _ = self._smtp.rset()
        except OSError:
            code = 0
        self._smtp.command_encoding = "ascii"
        if code != 250:
            self._smtp.close()


def seconds_for(size: int) -> float:
    """How long content of a size may take beside the time-out."""
    return size / SLOWEST


def judge(phase: Phase, code: int, words: str) -> Verdict:
    """What a refusal at a phase means for the letter and for the queue."""
    found = _ENHANCED.search(words)
    enhanced = found[1] if found else ""
    if enhanced in _OUR_FAULT or code in _SIGN_IN:
        return Verdict.OUR_FAULT
    if code == 421 or enhanced == "4.3.2" or enhanced.startswith("4.7."):
        return Verdict.THROTTLED
    if code // 100 != 5:
        return Verdict.RETRY
    too_large = code == 552 or enhanced.startswith(("5.2.3", "5.3.4"))
    return Verdict.OUR_FAULT if phase is Phase.MAIL and not too_large else Verdict.FAILED


def _stuffed(content: bytes) -> bytes:
    """RFC 5321 4.5.2: a line's leading dot is doubled; content ends in CRLF."""
    return re.sub(rb"(?m)^\.", b"..", content)
