"""A sign-in service that really issues, expires and introspects tokens, as Microsoft Entra and Google do, on loopback.

Tokens are had over TLS; a second, plain port answers mail servers that ask whether a token is good (RFC 7662).
"""

import json
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_urlsafe
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography import x509

from tests.integration.certificates import Authority

TENANT = "anytown.example"
CLIENT = "11111111-2222-3333-4444-555555555555"
SECRET = "w8Q~a-very-secret-value"
MAILBOX = "foi@anytown.example"
EXCHANGE = "https://outlook.office365.com/.default"
GMAIL = "https://mail.google.com/"
ACCOUNT = "foidesk@anytown.iam.gserviceaccount.com"
GOOGLE = "https://oauth2.googleapis.com/token"  # whom assertions are for, wherever they are sent
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ROLES = ("IMAP.AccessAsApp", "SMTP.SendAsApp")


@dataclass
class TokenService:
    """What it does and what it has seen; may be changed while it runs."""

    authority_file: Path
    mailbox: str = MAILBOX  # the one that the application may open
    secret: str = SECRET
    certificate: bytes = b""  # PEM: then a signed assertion is wanted in place of a secret
    google_key: str = ""  # PEM: the public key of the service account
    roles: tuple[str, ...] = ROLES
    lifetime: float = 3600  # seconds
    length: int = 900  # random bytes at a token's end; Microsoft's are as long
    refusal: tuple[int, dict[str, str]] | None = None  # the answer to whoever asks for a token
    issued: dict[str, tuple[str, float]] = field(default_factory=dict)  # each token: for whom, until when
    refused: int = 0  # how often a token was asked about that is good no longer, or never was
    port: int = 0
    plain_port: int = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def introspection(self) -> str:
        return f"http://127.0.0.1:{self.plain_port}/introspect"

    def settings(self, **changes: object) -> dict[str, object]:
        """The words of [oauth] for Microsoft."""
        words: dict[str, object] = {
            "provider": "microsoft",
            "tenant": TENANT,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "authority": self.url,
            "ca_file": str(self.authority_file),
            "timeout": 5,
        }
        return {name: value for name, value in (words | changes).items() if value is not None}

    def expire(self) -> None:
        """Every token's time is over, whatever its holder was told."""
        self.issued = {token: (mailbox, 0) for token, (mailbox, _) in self.issued.items()}

    def opens(self, mailbox: str, token: str) -> bool:
        """Whether a token is good and opens a mailbox."""
        owner, ends = self.issued.get(token, ("", 0.0))
        good = owner == mailbox and monotonic() < ends
        self.refused += not good
        return good

    def refuse(self, error: str, description: str, status: int = 400) -> None:
        """From now on answer so."""
        self.refusal = (status, {"error": error, "error_description": description})

    def _issue(self, mailbox: str) -> dict[str, object]:
        claims = _unpadded(json.dumps({"aud": "https://outlook.office365.com", "roles": self.roles}))
        token = f"{_unpadded('{}')}.{claims}.{token_urlsafe(self.length)}"
        self.issued[token] = (mailbox, monotonic() + self.lifetime)
        return {"token_type": "Bearer", "expires_in": int(self.lifetime), "access_token": token}

    def answer(self, path: str, words: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The status and the JSON for a request with these fields."""
        if path.endswith("/openid-configuration"):
            return self._discovery(path.split("/")[1])
        if path == "/introspect":
            owner = self.issued.get(words.get("token", ""), ("", 0))[0]
            good = self.opens(owner, words.get("token", ""))
            return 200, {"active": True, "username": owner} if good else {"active": False}
        if self.refusal is not None:
            return self.refusal
        if path == f"/{TENANT}/oauth2/v2.0/token":
            return self._to_application(words)
        if path == "/google":
            return self._to_service_account(words)
        return 404, {}

    def _discovery(self, tenant: str) -> tuple[int, dict[str, Any]]:
        if tenant != TENANT:
            return _no("invalid_tenant", f"AADSTS90002: Tenant '{tenant}' not found. Check to make sure.")
        here = f"{self.url}/{TENANT}/oauth2/v2.0"
        return 200, {
            "issuer": f"{self.url}/{TENANT}/v2.0",
            "token_endpoint": f"{here}/token",
            "authorization_endpoint": f"{here}/authorize",
        }

    def _to_application(self, words: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if words.get("grant_type") != "client_credentials" or words.get("scope") != EXCHANGE:
            return _no("invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' is not valid.")
        if words.get("client_id") != CLIENT:
            told = (
                f"AADSTS700016: Application with identifier '{words.get('client_id')}' was not found in the directory."
            )
            return _no("unauthorized_client", told)
        if self.certificate:
            return self._to_certified(words)
        if words.get("client_secret") != self.secret:
            return _no("invalid_client", "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent")
        return 200, self._issue(self.mailbox)

    def _to_certified(self, words: dict[str, str]) -> tuple[int, dict[str, Any]]:
        key: Any = x509.load_pem_x509_certificate(self.certificate).public_key()
        try:
            jwt.decode(
                words.get("client_assertion", ""), key, ["PS256"], issuer=CLIENT, subject=CLIENT,
                audience=f"{self.url}/{TENANT}/oauth2/v2.0/token",
            )  # fmt: skip
        except jwt.InvalidTokenError:
            return _no("invalid_client", "AADSTS700027: The certificate used to sign is not registered.")
        return 200, self._issue(self.mailbox)

    def _to_service_account(self, words: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if words.get("grant_type") != JWT_BEARER:
            return _no("unsupported_grant_type", "")
        try:
            said = jwt.decode(words.get("assertion", ""), self.google_key, ["RS256"], issuer=ACCOUNT, audience=GOOGLE)
        except jwt.InvalidTokenError:
            return _no("invalid_grant", "Invalid JWT Signature.")
        if said["scope"] != GMAIL:
            return _no("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method.")
        if said["sub"] != self.mailbox:
            return _no("invalid_grant", "Invalid email or User ID")
        return 200, self._issue(said["sub"])


def _no(error: str, description: str) -> tuple[int, dict[str, Any]]:
    more = "\r\nTrace ID: 0000aaaa-11bb-cccc-dd22-eeeeee333333\r\nTimestamp: 2024-06-03 08:00:00Z"
    return 400, {"error": error, "error_description": description + more}


def _unpadded(words: str) -> str:
    return urlsafe_b64encode(words.encode()).decode().rstrip("=")


class _Conversation(BaseHTTPRequestHandler):
    server: "_Server"
    timeout = 10

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def _answer(self, words: dict[str, str]) -> None:
        status, said = self.server.service.answer(self.path.partition("?")[0], words)
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: TokenService, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.service = service
        if context is not None:
            # The handshake waits for the thread of the connection, so that nobody can keep the others out.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """Who does not trust us hangs up in the middle: nothing to tell."""


@contextmanager
def token_service(folder: Path) -> Iterator[TokenService]:
    """Run one on free ports of 127.0.0.1 until the block's end."""
    authority = Authority(folder)
    service = TokenService(authority.file)
    with _Server(service, authority.server()) as secure, _Server(service, None) as plain:
        service.port, service.plain_port = secure.server_address[1], plain.server_address[1]
        threads = [Thread(target=s.serve_forever, kwargs={"poll_interval": 0.01}) for s in (secure, plain)]
        for thread in threads:
            thread.start()
        try:
            yield service
        finally:
            for server in (secure, plain):
                server.shutdown()
            for thread in threads:
                thread.join()
