"""Browser sessions: a random token in the cookie, its SHA-256 in the database, and an end after idle time."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from flask import session as cookie

from service.desk import Desk
from service.store.database import reading, transaction
from service.store.officers import add_sign_in, end_sign_in, forget_idle_sign_ins, signed_in
from service.store.tables import Officer, SignIn

TOKEN = "token"  # noqa: S105 - its name in the cookie
REFRESH = timedelta(minutes=1)  # a session's last use is written down at most this often


def begin(desk: Desk, officer: Officer) -> None:
    """Sign an officer in under a new token, so that one planted before is worth nothing (session fixation)."""
    token, now = token_urlsafe(32), desk.now()
    with transaction(desk.engine) as session:
        forget_idle_sign_ins(session, _since(desk))
        if TOKEN in cookie:
            end_sign_in(session, _digest(cookie[TOKEN]))
        add_sign_in(session, SignIn(token_hash=_digest(token), officer_id=officer.id, created_at=now, seen_at=now))
    cookie.clear()  # a new CSRF token too
    cookie[TOKEN] = token


def current(desk: Desk, *, used: bool = True) -> tuple[Officer, datetime] | None:
    """Who the cookie's session belongs to, while it lasts, and when it ends unless it is used.

    Notes that it was, but for what a page asks by itself: else a forgotten window would never sign out.
    """
    if TOKEN not in cookie:
        return None
    with reading(desk.engine) as session:
        found = signed_in(session, _digest(cookie[TOKEN]), _since(desk))
    if found is None:
        return None
    sign_in, officer = found
    seen_at = sign_in.seen_at
    if used and desk.now() - seen_at >= REFRESH:
        _refresh(desk, sign_in.token_hash)
        seen_at = desk.now()
    return officer, seen_at + timedelta(minutes=desk.settings.web.idle_minutes)


def end(desk: Desk) -> None:
    """Sign the cookie's session out, here and in the database."""
    if TOKEN in cookie:
        with transaction(desk.engine) as session:
            end_sign_in(session, _digest(cookie[TOKEN]))
    cookie.clear()


def _refresh(desk: Desk, token_hash: str) -> None:
    with transaction(desk.engine) as session:
        found = signed_in(session, token_hash, _since(desk))
        if found is not None:
            found[0].seen_at = desk.now()
            session.add(found[0])


def _since(desk: Desk) -> datetime:
    return desk.now() - timedelta(minutes=desk.settings.web.idle_minutes)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
