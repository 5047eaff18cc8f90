"""Handing out what programs sign in with: calendar feeds of officers, and tokens of the API."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from secrets import token_urlsafe

from sqlmodel import Session

from service.domain.token import API_PREFIX, Scope, digest
from service.errors import DeskError
from service.store.api_tokens import add_token
from service.store.feeds import add_feed
from service.store.tables import ApiToken, CalendarFeed

BYTES = 32  # of chance in a token
USUAL_DAYS, MOST_DAYS = 365, 730  # for which a token is good


class TokenUnfit(DeskError):
    """{why}"""


def make_feed(session: Session, officer_id: int, *, whole_team: bool, at: datetime) -> str:
    """A new calendar feed of an officer; returns its token, which nobody can read again."""
    token = token_urlsafe(BYTES)
    feed = CalendarFeed(token_hash=digest(token), officer_id=officer_id, whole_team=whole_team, created_at=at)
    add_feed(session, feed)
    return token


def make_token(
    session: Session, name: str, scopes: Collection[Scope], *, expires_on: date, today: date, at: datetime, by: str
) -> str:
    """A new token of the API, which nobody can read again; raises TokenUnfit."""
    if not name.strip():
        raise TokenUnfit(why="A token needs a name that says which program uses it.")
    if not set(scopes) - {Scope.REQUESTERS}:
        raise TokenUnfit(why="A token needs at least one scope of cases, deadlines and statistics.")
    if not today <= expires_on <= today + timedelta(days=MOST_DAYS):
        raise TokenUnfit(why=f"A token is good until a day from today on, at most {MOST_DAYS} days ahead.")
    token = API_PREFIX + token_urlsafe(BYTES)
    granted = " ".join(scope.value for scope in Scope if scope in scopes)
    row = ApiToken(
        token_hash=digest(token), name=name, scopes=granted, created_at=at, created_by=by, expires_on=expires_on
    )
    add_token(session, row)
    return token
