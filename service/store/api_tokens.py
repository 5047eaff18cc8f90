"""Tokens of the API."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from service.errors import DeskError
from service.store.tables import ApiToken


class NoSuchToken(DeskError):
    """There is no such token in use. `foidesk token list` shows them."""


def add_token(session: Session, token: ApiToken) -> ApiToken:
    """Keep a new token's hash."""
    session.add(token)
    session.flush()
    return token


def tokens(session: Session) -> Sequence[ApiToken]:
    """Every token that was not revoked, oldest first; those whose day is past too."""
    query = select(ApiToken).where(col(ApiToken.revoked_at).is_(None))
    return session.exec(query.order_by(col(ApiToken.id))).all()


def token_by_hash(session: Session, token_hash: str, today: date) -> ApiToken | None:
    """A token in use on a day, looked up by its hash, so that timing tells nothing of the token."""
    query = select(ApiToken).where(col(ApiToken.token_hash) == token_hash, col(ApiToken.revoked_at).is_(None))
    return session.exec(query.where(col(ApiToken.expires_on) >= today)).first()


def note_token_used(session: Session, token_id: int, at: datetime) -> None:
    """Remember when a token was last used."""
    token = session.get_one(ApiToken, token_id)
    token.used_at = at
    session.add(token)
    session.flush()


def revoke_token(session: Session, token_id: int, at: datetime) -> ApiToken:
    """End a token; its row stays on the record. Raises NoSuchToken."""
    token = session.get(ApiToken, token_id)
    if token is None or token.revoked_at is not None:
        raise NoSuchToken
    token.revoked_at = at
    session.add(token)
    session.flush()
    return token
