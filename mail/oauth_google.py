"""Tokens of Google for a service account that acts as a mailbox of the domain (RFC 7523 2.1)."""

import json
import logging
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

from mail.oauth import NoToken, Token, TokenServiceAway
from mail.oauth_fault import google_fault
from mail.oauth_http import SignInSession, why_away
from service.servers import read_secret
from service.sign_in import OAuth

SERVICE = "Google"


class GoogleTokens:
    """Keeps the token of each mailbox for as long as the service account's key is the same."""

    def __init__(self, oauth: OAuth) -> None:
        self._oauth = oauth
        self._lock = Lock()
        self._key = ""
        self._accounts: dict[str, Credentials] = {}
        logging.getLogger("google").setLevel(logging.CRITICAL)

    def token(self, user: str) -> Token:
        """A token with which the service account acts as a mailbox."""
        assert self._oauth.service_account_file is not None
        key = read_secret(self._oauth.service_account_file)
        with self._lock:
            if key != self._key:
                self._accounts, self._key = {}, key
            account = self._accounts.get(user) or self._account(user)
            kept = bool(account.valid)
            if not kept:
                self._renew(account)
            self._accounts[user] = account
            return Token(str(account.token), _lasts(account), kept)

    def forget(self) -> None:
        """The next token of any mailbox is a new one."""
        with self._lock:
            self._accounts = {}

    def _account(self, user: str) -> Credentials:
        try:
            words: dict[str, Any] = json.loads(self._key)
            account: Credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                words, scopes=[self._oauth.wanted_scope], subject=user
            )
        except (GoogleAuthError, ValueError, KeyError, TypeError, AttributeError):
            reason = f"{self._oauth.service_account_file} is not the key of a service account"
            advice = "Make one in the Google Cloud console (service account, Keys, JSON) and put it there as it comes."
            raise NoToken(service=SERVICE, reason=reason, advice=advice) from None
        return account

    def _renew(self, account: Credentials) -> None:
        with SignInSession(self._oauth) as session:
            try:
                account.refresh(Request(session))  # type: ignore[no-untyped-call]
            except RefreshError as error:
                raise self._refused(error) from None
            except (OSError, GoogleAuthError) as error:
                cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
                raise self._away(why_away(cause, self._oauth.timeout)) from None

    def _refused(self, error: RefreshError) -> NoToken | TokenServiceAway:
        told = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
        name, description = str(told.get("error", "")), str(told.get("error_description", ""))
        if error.retryable or not name:
            return self._away(f"it says {name}" if name else "its answer is nothing of a sign-in service")
        fault = google_fault(name, description)
        return NoToken(service=SERVICE, reason=fault.reason, advice=fault.advice)

    def _away(self, reason: str) -> TokenServiceAway:
        return TokenServiceAway(host=urlsplit(json.loads(self._key)["token_uri"]).netloc, reason=reason)


TOKENS = GoogleTokens


def _lasts(account: Credentials) -> timedelta:
    ends = account.expiry
    return ends.replace(tzinfo=UTC) - datetime.now(UTC) if ends else timedelta(0)
