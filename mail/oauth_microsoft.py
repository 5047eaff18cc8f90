"""Tokens of Microsoft Entra for an application that acts by itself (client credentials, RFC 6749 4.4)."""

import json
import logging
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from msal import ConfidentialClientApplication
from msal.exceptions import MsalServiceError

from mail.oauth import NoToken, Token, TokenServiceAway
from mail.oauth_fault import PASSING, entra_code, entra_fault
from mail.oauth_http import SignInSession, why_away
from service.servers import read_secret
from service.sign_in import OAuth

SERVICE = "Microsoft"


class EntraTokens:
    """Keeps one application of MSAL, and with it the token, for as long as the secret or certificate is the same."""

    def __init__(self, oauth: OAuth) -> None:
        self._oauth = oauth
        self._lock = Lock()
        self._proof: str | dict[str, str] = ""
        self._application: ConfidentialClientApplication | None = None
        logging.getLogger("msal").setLevel(logging.CRITICAL)  # it may log what the service answers

    def token(self, user: str) -> Token:  # noqa: ARG002 - what the application may open is settled in Exchange
        """A token of the application, which is the same for every mailbox."""
        proof = _proof(self._oauth)
        with self._lock:
            if proof != self._proof:
                self._application, self._proof = None, proof
            answer = self._ask()
            if "access_token" not in answer:
                self._application = None  # it repeats a refusal for a minute, when the fault may be put right
        if "access_token" not in answer:
            raise self._refused(str(answer.get("error", "")), str(answer.get("error_description", "")))
        value = str(answer["access_token"])
        kept = answer.get("token_source") == "cache"
        return Token(value, timedelta(seconds=int(answer.get("expires_in", 0))), kept, permissions(value))

    def forget(self) -> None:
        """MSAL keeps tokens with the application, and so a new one has none."""
        with self._lock:
            self._application = None

    def _ask(self) -> dict[str, Any]:
        try:
            if self._application is None:
                self._application = self._new_application()
            answer: dict[str, Any] = self._application.acquire_token_for_client([self._oauth.wanted_scope])
        except MsalServiceError as error:
            raise self._away(f"it answers “{error}”") from None
        except OSError as error:
            raise self._away(why_away(error, self._oauth.timeout)) from None
        except (ValueError, KeyError) as error:
            # MSAL asks where tokens are to be had; for a tenant that is not there it says so in the inner error.
            told = str(error.__context__ or "")
            if entra_code(told):
                raise self._refused("", told) from None
            raise self._away("what it answers is nothing of a sign-in service; is a proxy in between?") from None
        return answer

    def _new_application(self) -> ConfidentialClientApplication:
        return ConfidentialClientApplication(
            self._oauth.client_id,
            client_credential=self._proof,
            authority=f"{self._oauth.authority}/{self._oauth.tenant}",
            instance_discovery=False,  # the authority is the administrator's word
            http_client=SignInSession(self._oauth),
        )

    def _refused(self, error: str, description: str) -> NoToken | TokenServiceAway:
        if error in PASSING or entra_code(description) in PASSING:
            return self._away(f"it says {error or entra_code(description)}")
        fault = entra_fault(error, description)
        return NoToken(service=SERVICE, reason=fault.reason, advice=fault.advice)

    def _away(self, reason: str) -> TokenServiceAway:
        return TokenServiceAway(host=urlsplit(self._oauth.authority).netloc, reason=reason)


TOKENS = EntraTokens


def permissions(token: str) -> frozenset[str] | None:
    """The application permissions that a token of Exchange names; None where it cannot be read.

    It is only looked at to name faults: whether it is good is for the mail server to say.
    """
    try:
        middle = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, NotBase64, ValueError):
        return None
    roles = claims.get("roles", []) if isinstance(claims, dict) else None
    return frozenset(map(str, roles)) if isinstance(roles, list) else None


def _proof(oauth: OAuth) -> str | dict[str, str]:
    """What proves who we are, read afresh at each use: a secret, or a certificate with its key."""
    if oauth.certificate_file is not None:
        return _certified(oauth.certificate_file, oauth.key_file or oauth.certificate_file)
    if oauth.client_secret_file is not None:
        return read_secret(oauth.client_secret_file)
    return oauth.client_secret.get_secret_value()


def _certified(certificate_file: Path, key_file: Path) -> dict[str, str]:
    certificate, key = read_secret(certificate_file), read_secret(key_file)
    try:
        ours = load_pem_private_key(key.encode(), password=None).public_key()
        theirs = x509.load_pem_x509_certificate(certificate.encode()).public_key()
        fits = _written(ours) == _written(theirs)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        reason = f"{certificate_file} and {key_file} do not hold a certificate and a private key without a passphrase"
        raise _unusable(reason) from None
    if not fits:
        raise _unusable(f"the private key in {key_file} does not belong to the certificate in {certificate_file}")
    return {"private_key": key, "public_certificate": certificate}


def _written(key: Any) -> bytes:
    written: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return written


def _unusable(reason: str) -> NoToken:
    advice = "Put both in PEM into [oauth] certificate_file, or the key into [oauth] key_file."
    return NoToken(service=SERVICE, reason=reason, advice=advice)
