"""Who reads the API: a bearer token (RFC 6750), looked up by its hash."""

from dataclasses import dataclass
from datetime import timedelta

from flask import request

from service.desk import Desk
from service.domain.token import API_PREFIX, Scope, digest
from service.errors import DeskError
from service.store.api_tokens import note_token_used, token_by_hash
from service.store.database import reading, transaction

REFRESH = timedelta(minutes=1)  # a token's last use is written down at most this often


class NotAuthenticated(DeskError):
    """Send a token that is in use: Authorization: Bearer fdk_... An administrator of the desk makes tokens."""

    challenge = 'Bearer realm="foidesk"'


class OutOfScope(DeskError):
    """This token may not read {what}: it needs the scope {scope}."""

    @property
    def challenge(self) -> str:
        return f'Bearer realm="foidesk", error="insufficient_scope", scope="{self.particulars["scope"]}"'


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that has shown a good token."""

    scopes: frozenset[Scope]

    @property
    def sees_requesters(self) -> bool:
        return Scope.REQUESTERS in self.scopes

    def require(self, scope: Scope, what: str) -> None:
        """Raise OutOfScope unless the token has a scope."""
        if scope not in self.scopes:
            raise OutOfScope(scope=scope.value, what=what)


def bearer() -> str:
    """The token that was sent, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    return token if scheme.casefold() == "bearer" and token.startswith(API_PREFIX) else ""


def authenticate(desk: Desk) -> Caller:
    """Who calls; notes that the token was used. Raises NotAuthenticated."""
    token, now = bearer(), desk.now()
    if not token:
        raise NotAuthenticated
    with reading(desk.engine) as session:
        row = token_by_hash(session, digest(token), desk.today())
    if row is None:
        raise NotAuthenticated
    if row.used_at is None or now - row.used_at >= REFRESH:
        with transaction(desk.engine) as session:
            note_token_used(session, row.id, now)
    return Caller(frozenset(map(Scope, row.scopes.split())))
