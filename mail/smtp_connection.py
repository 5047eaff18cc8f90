"""A connection to the mail server, encrypted and signed in, or a fault that says what to do about it."""

import smtplib
import ssl
from base64 import b64encode
from contextlib import ExitStack

from mail.oauth import NoToken, Token, TokenServiceAway, forget_tokens, token_for, xoauth2
from mail.oauth_refusal import NOT_OFFERED, smtp_advice
from mail.smtp_fault import (
    Phase,
    SendingRefused,
    SmtpBusy,
    SmtpCertificateRefused,
    SmtpFault,
    SmtpNotEncrypted,
    SmtpSignInRefused,
    SmtpTokenAway,
    SmtpTokenNotTaken,
    SmtpTokenRefused,
    SmtpUnreachable,
    masked,
    reason_of,
)
from mail.submit import SmtpSession
from service.servers import Smtp
from service.sign_in import OAuth

LONGEST_COMMAND = 512  # RFC 5321 4.5.3.1.4, with its line end


def open_smtp(settings: Smtp, hello: str) -> SmtpSession:
    """Connect, encrypt, sign in; `hello` is the domain we name ourselves by. Raises an SmtpFault."""
    try:
        return _open(settings, hello)
    except SmtpTokenNotTaken as refused:
        if not refused.kept or settings.oauth is None:
            raise
    forget_tokens(settings.oauth)  # it may have been withdrawn before its time
    return _open(settings, hello)


def _open(settings: Smtp, hello: str) -> SmtpSession:
    smtp = _connect(settings, hello)
    with ExitStack() as unless_ready:
        unless_ready.callback(smtp.close)
        _prepare(smtp, settings)
        unless_ready.pop_all()
    return SmtpSession(smtp)


def _connect(settings: Smtp, hello: str) -> smtplib.SMTP:
    host, port, timeout = settings.host, settings.port, settings.timeout
    try:
        if settings.security == "tls":
            return smtplib.SMTP_SSL(host, port, local_hostname=hello, timeout=timeout, context=_trust(settings))
        return smtplib.SMTP(host, port, local_hostname=hello, timeout=timeout)
    except smtplib.SMTPConnectError as error:
        raise _turned_away(settings, Phase.CONNECT, error.smtp_code, error.smtp_error) from error
    except OSError as error:
        raise _unreachable(settings, Phase.CONNECT, error) from error


def _prepare(smtp: smtplib.SMTP, settings: Smtp) -> None:
    phase = Phase.EHLO
    try:
        _hello(smtp, settings)
        if settings.security == "starttls":
            phase = Phase.STARTTLS
            _encrypt(smtp, settings)
        if settings.user:
            phase = Phase.AUTH
            _sign_in(smtp, settings)
    except smtplib.SMTPResponseException as error:
        raise _turned_away(settings, phase, error.smtp_code, error.smtp_error) from error
    except OSError as error:
        raise _unreachable(settings, phase, error) from error


def _hello(smtp: smtplib.SMTP, settings: Smtp) -> None:
    code, words = smtp.ehlo()
    if code != 250:
        raise _turned_away(settings, Phase.EHLO, code, words)


def _encrypt(smtp: smtplib.SMTP, settings: Smtp) -> None:
    """STARTTLS or nothing: a server, or a man in the middle, that does not offer it gets no password and no letter."""
    if not smtp.has_extn("starttls"):
        raise SmtpNotEncrypted(Phase.STARTTLS, host=settings.host, port=settings.port)
    smtp.starttls(context=_trust(settings))  # raises SMTPResponseException when the server will not after all
    _hello(smtp, settings)


def _sign_in(smtp: smtplib.SMTP, settings: Smtp) -> None:
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if settings.oauth is not None:
        _sign_in_by_token(smtp, settings, settings.oauth, offered)
        return
    if "PLAIN" in offered:
        code, words = smtp.docmd("AUTH PLAIN", _base64(f"\0{settings.user}\0{settings.secret()}"))
    elif "LOGIN" in offered:
        code, words = _log_in(smtp, settings)
    else:
        raise SmtpSignInRefused(Phase.AUTH, host=settings.host, trouble="it offers neither AUTH PLAIN nor AUTH LOGIN")
    if code != 235:
        trouble = masked(f"{code} {words.decode('utf-8', 'replace')}", settings.user)
        raise (SmtpBusy if code // 100 == 4 else SmtpSignInRefused)(Phase.AUTH, host=settings.host, trouble=trouble)


def _log_in(smtp: smtplib.SMTP, settings: Smtp) -> tuple[int, bytes]:
    code, words = smtp.docmd("AUTH LOGIN")
    for answer in (settings.user, settings.secret()):
        if code == 334:
            code, words = smtp.docmd(_base64(answer))
    return code, words


def _sign_in_by_token(smtp: smtplib.SMTP, settings: Smtp, oauth: OAuth, offered: list[str]) -> None:
    if "XOAUTH2" not in offered:
        trouble = "it does not offer AUTH XOAUTH2"
        raise SmtpTokenNotTaken(Phase.AUTH, host=settings.host, trouble=trouble, advice=NOT_OFFERED, kept=False)
    token = _token(settings, oauth)
    code, words = _say_token(smtp, b64encode(xoauth2(settings.user, token)).decode())
    if code == 235:
        return
    trouble = masked(f"{code} {words.decode('utf-8', 'replace')}", settings.user).rstrip(".")
    if code // 100 == 4:
        raise SmtpBusy(Phase.AUTH, host=settings.host, trouble=trouble)
    advice = smtp_advice(oauth, trouble, token)
    raise SmtpTokenNotTaken(Phase.AUTH, host=settings.host, trouble=trouble, advice=advice, kept=token.kept)


def _token(settings: Smtp, oauth: OAuth) -> Token:
    try:
        return token_for(oauth, settings.user)
    except NoToken as fault:
        raise SmtpTokenRefused(Phase.AUTH, words=str(fault)) from fault
    except TokenServiceAway as fault:
        raise SmtpTokenAway(Phase.AUTH, words=str(fault)) from fault


def _say_token(smtp: smtplib.SMTP, response: str) -> tuple[int, bytes]:
    """At once where a command may be as long as that, else when asked (RFC 4954 4)."""
    if len(f"AUTH XOAUTH2 {response}\r\n") <= LONGEST_COMMAND:
        code, words = smtp.docmd("AUTH XOAUTH2", response)
    else:
        code, words = smtp.docmd("AUTH XOAUTH2")
        if code == 334:
            code, words = smtp.docmd(response)
    # Another challenge tells of an error: it is answered by nothing, and only then does the server say why not.
    return smtp.docmd("") if code == 334 else (code, words)


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _turned_away(settings: Smtp, phase: Phase, code: int, words: bytes | str) -> SmtpFault:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if code < 400:
        return SmtpUnreachable(phase, host=settings.host, port=settings.port, reason="it does not speak SMTP there")
    return (SmtpBusy if code // 100 == 4 else SendingRefused)(
        phase, host=settings.host, trouble=masked(f"{code} {said}")
    )


def _unreachable(settings: Smtp, phase: Phase, error: OSError) -> SmtpFault:
    if isinstance(error, ssl.SSLCertVerificationError):
        return SmtpCertificateRefused(phase, host=settings.host, reason=error.verify_message)
    return SmtpUnreachable(phase, host=settings.host, port=settings.port, reason=reason_of(error))


def _trust(settings: Smtp) -> ssl.SSLContext:
    """Verify against the authority's own certificate file when there is one, else against the system's."""
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        reason = f"the certificates in {settings.ca_file} cannot be read"
        raise SmtpCertificateRefused(Phase.CONNECT, host=settings.host, reason=reason) from error
