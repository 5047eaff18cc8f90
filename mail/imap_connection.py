"""A connection to the mailbox's server, encrypted and signed in, or a fault that says what to do about it."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from mail.errors import (
    CertificateRefused,
    MailboxNotReadable,
    MailboxTrouble,
    MailServerUnreachable,
    ProtocolTrouble,
    SignInBrokenOff,
    SignInRefused,
    TokenNotTaken,
    TokenRefused,
    TokenTrouble,
)
from mail.oauth import NoToken, Token, TokenServiceAway, forget_tokens, token_for, xoauth2
from mail.oauth_refusal import NOT_OFFERED, imap_advice
from mail.smtp_fault import masked
from service.servers import Server
from service.sign_in import OAuth

CONNECT_SECONDS = 10
# What Exchange answers to the first command after a sign-in that counted for nothing.
NOT_CONNECTED = "authenticated but not connected"
FOR_NOW = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.IGNORECASE)  # RFC 5530: not the password's fault
REFUSES = re.compile(
    r"\[(AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED|PRIVACYREQUIRED|CONTACTADMIN)\]"
    r"|\b(log-?in|authentication|sign-?in|authorization) (failed|failure|rejected|denied)"
    r"|\bpassword\b|\bcredentials?\b",
    re.IGNORECASE,
)
ENDED = "it ended the connection"
QUOTES_A_MAIL = re.compile(r"unexpected|unterminated")  # imaplib repeats what it did not expect to read


def connect(settings: Server) -> IMAPClient:
    """Connect, encrypt, sign in. Raises a MailboxTrouble; no password is sent over an unverified connection."""
    try:
        return _connect(settings)
    except TokenNotTaken as refused:
        if not refused.kept or settings.oauth is None:
            raise
    except SignInBrokenOff:
        if settings.oauth is not None:
            forget_tokens(settings.oauth)  # in case it is why
        raise
    forget_tokens(settings.oauth)  # it may have been withdrawn before its time
    return _connect(settings)


def _connect(settings: Server) -> IMAPClient:
    with plainly(settings):
        client = IMAPClient(
            settings.host,
            settings.port,
            ssl=settings.security == "tls",
            ssl_context=_trust(settings) if settings.security == "tls" else None,
            timeout=SocketTimeout(connect=min(CONNECT_SECONDS, settings.timeout), read=settings.timeout),
        )
        try:
            _prepare(client, settings)
        except BaseException:
            hang_up(client)
            raise
    return client


def _prepare(client: IMAPClient, settings: Server) -> None:
    client.normalise_times = False  # else INTERNALDATE would be this machine's local time without its zone
    client._imap.debug = 0  # else the whole dialogue, requesters' words included, goes to a logger
    client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # A SEARCH is sent in pieces, the second of which would wait 40 ms for the server's word that it has the first.
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if settings.security == "starttls":
        if not client.has_capability("STARTTLS"):
            reason = 'it does not offer encryption (STARTTLS); use port 993 with [mailbox] security = "tls"'
            raise MailServerUnreachable(host=settings.host, port=settings.port, reason=reason)
        client.starttls(_trust(settings))
    if settings.oauth is None:
        _sign_in(client, settings)
    else:
        _sign_in_by_token(client, settings, settings.oauth)


def _sign_in(client: IMAPClient, settings: Server) -> None:
    user, password = settings.user, settings.secret()
    try:
        if user.isascii() and password.isascii():
            client.login(user, password)
        else:
            client.plain_login(user, password)  # LOGIN knows only ASCII
    except LoginError as error:
        reason = server_words(error, user)
        _unless_for_now(settings, error, reason)
        raise SignInRefused(host=settings.host, reason=reason) from error


def _unless_for_now(settings: Server, error: LoginError, reason: str) -> None:
    """Tell a server that is busy or going down from one that refuses us. Raises what to do about it."""
    if FOR_NOW.search(reason):
        raise MailServerUnreachable(host=settings.host, port=settings.port, reason=reason)
    # No NO: the connection ended, without a word or with a BYE that speaks of something else.
    if isinstance(error.__context__, imaplib.IMAP4.abort) and not REFUSES.search(reason):
        raise SignInBrokenOff(host=settings.host, reason=reason)


def _sign_in_by_token(client: IMAPClient, settings: Server, oauth: OAuth) -> None:
    if not client.has_capability("AUTH=XOAUTH2"):
        reason = "it does not offer AUTH=XOAUTH2"
        raise TokenNotTaken(host=settings.host, reason=reason, advice=NOT_OFFERED, kept=False)
    token = _token(settings, oauth)
    said = iter([xoauth2(settings.user, token)])
    try:
        # A second challenge tells of an error: it is answered by nothing, and only then does the server say NO.
        client.sasl_login("XOAUTH2", lambda _: next(said, b""))
    except LoginError as error:
        reason = server_words(error, settings.user).rstrip(".")
        _unless_for_now(settings, error, reason)
        advice = imap_advice(oauth, reason, token)
        raise TokenNotTaken(host=settings.host, reason=reason, advice=advice, kept=token.kept) from error


def _token(settings: Server, oauth: OAuth) -> Token:
    try:
        return token_for(oauth, settings.user)
    except NoToken as fault:
        raise TokenRefused(words=str(fault)) from fault
    except TokenServiceAway as fault:
        raise TokenTrouble(words=str(fault)) from fault


def hang_up(client: IMAPClient) -> None:
    """Close the connection without a word, whatever state it is in."""
    with suppress(OSError):  # it may be gone already
        client.shutdown()


def _trust(settings: Server) -> ssl.SSLContext:
    """Verify against the authority's own certificate file when there is one, else against the system's."""
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        reason = f"the certificates in {settings.ca_file} cannot be read"
        raise CertificateRefused(host=settings.host, reason=reason) from error


@contextmanager
def plainly(settings: Server) -> Iterator[None]:
    """Turn whatever the libraries raise inside into a MailboxTrouble."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(host=settings.host, reason=error.verify_message) from error
    except OSError as error:
        raise MailServerUnreachable(host=settings.host, port=settings.port, reason=_reason(settings, error)) from error
    except IMAPClientError as error:
        raise _spoken(settings, error) from error


def _spoken(settings: Server, error: IMAPClientError) -> MailboxTrouble:
    words = server_words(error, settings.user)
    if NOT_CONNECTED in words.lower():
        return MailboxNotReadable(host=settings.host, reason=words)
    if isinstance(error, imaplib.IMAP4.abort):
        return MailServerUnreachable(host=settings.host, port=settings.port, reason=words)
    return ProtocolTrouble(host=settings.host, reason=words)


def server_words(error: Exception, user: str) -> str:
    """The server's own words without addresses, or ours where the library would quote what it happened to read."""
    words = str(error)
    if "EOF" in words:
        return ENDED
    if QUOTES_A_MAIL.search(words):
        return "its answer broke off or was not IMAP"
    return masked(re.sub(r"b'|b\"|['\"]", "", words), user)


def _reason(settings: Server, error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {settings.timeout:g} seconds"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS there, or not as we do"
    return error.strerror or type(error).__name__
