"""Tokens to sign in to mail servers with: asked for at each connection, kept in memory, shown to nobody else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Protocol

from service.errors import DeskError
from service.sign_in import OAuth


class NoToken(DeskError):
    """{service} gives the desk no token to sign in with: {reason}. {advice}"""


class TokenServiceAway(DeskError):
    """The sign-in service {host} gives no tokens at the moment: {reason}. Check the network, the firewall and
    [oauth] authority. Nothing is lost: mail waits in the mailbox, letters wait in the outbox, and we try again."""


class TokenLibraryMissing(DeskError):
    """Signing in to {provider} needs the package {package}, which is not installed. Install what requirements.lock
    names, or `pip install {package}` where the desk is installed."""


LIBRARIES = {"microsoft": "msal", "google": "google-auth[requests]"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token with what is known of it; `allows` are the application permissions it names, None where it names none."""

    value: str = field(repr=False)
    lasts: timedelta
    kept: bool  # from an earlier connection
    allows: frozenset[str] | None = None


class Tokens(Protocol):
    """Where the tokens of one [oauth] come from."""

    def token(self, user: str) -> Token:
        """One that is good for a while, for a mailbox; raises NoToken or TokenServiceAway."""
        ...

    def forget(self) -> None:
        """Keep none: the next is a new one."""
        ...


def token_for(oauth: OAuth, user: str) -> Token:
    """A token for a mailbox. Raises NoToken, TokenServiceAway, TokenLibraryMissing or SecretUnreadable."""
    return _tokens(oauth).token(user)


def forget_tokens(oauth: OAuth) -> None:
    """A token was refused: the next one shall be new."""
    _tokens(oauth).forget()


@cache
def _tokens(oauth: OAuth) -> Tokens:
    assert oauth.provider is not None
    try:
        # On demand: the libraries are optional, and take longer to load than all the rest of the desk.
        module = import_module(f"mail.oauth_{oauth.provider}")
    except ModuleNotFoundError as error:
        package = LIBRARIES[oauth.provider]
        raise TokenLibraryMissing(provider=oauth.provider.capitalize(), package=package) from error
    make: Callable[[OAuth], Tokens] = module.TOKENS
    return make(oauth)


def xoauth2(user: str, token: Token) -> bytes:
    """What a client says first in SASL XOAUTH2: https://developers.google.com/workspace/gmail/imap/xoauth2-protocol."""
    return f"user={user}\1auth=Bearer {token.value}\1\1".encode()
