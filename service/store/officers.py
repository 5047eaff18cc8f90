"""The FOI team and their browser sessions."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select

from service.errors import DeskError
from service.store.tables import Officer, SignIn


class Role(StrEnum):
    """What a member of the team may do; each role may do all that the ones before it may."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


# Kept, for every page asks it.
_SIGNED_IN = (
    select(SignIn, Officer)
    .join(Officer, col(Officer.id) == col(SignIn.officer_id))
    .where(
        col(SignIn.token_hash) == bindparam("token_hash"),
        col(SignIn.seen_at) >= bindparam("since"),
        col(Officer.active),
    )
)


class NoSuchOfficer(DeskError):
    """There is no active officer {who}. `foidesk officer list` shows them."""


class OfficerExists(DeskError):
    """There is already an officer with that address; use `foidesk officer password` to give them a new password."""


class OfficerHasLeft(DeskError):
    """The officer with that address has left. `foidesk officer return EMAIL` lets them sign in again."""


def add_officer(session: Session, officer: Officer) -> Officer:
    """Add someone to the team; raises OfficerExists or OfficerHasLeft."""
    officer.email = officer.email.casefold()
    held = officer_by_email(session, officer.email)
    if held is not None:
        raise OfficerExists if held.active else OfficerHasLeft
    session.add(officer)
    session.flush()
    return officer


def officer_by_email(session: Session, email: str) -> Officer | None:
    """An officer by address, active or not."""
    return session.exec(select(Officer).where(col(Officer.email) == email.strip().casefold())).first()


def require_officer(session: Session, email: str) -> Officer:
    """An officer by address, active or not; raises NoSuchOfficer."""
    officer = (
        officer_by_email(session, email) if email.strip().isprintable() else None
    )  # what is no text cannot be asked for
    if officer is None:
        raise NoSuchOfficer(who="with that address")
    return officer


def officer_by_id(session: Session, officer_id: int) -> Officer | None:
    """Whoever has this key, gone or not."""
    return session.get(Officer, officer_id)


def active_officer(session: Session, officer_id: int) -> Officer:
    """An officer who still works here; raises NoSuchOfficer."""
    officer = session.get(Officer, officer_id)
    if officer is None or not officer.active:
        raise NoSuchOfficer(who=officer_id)
    return officer


def officers(session: Session, *, active_only: bool = True) -> Sequence[Officer]:
    """The team by name."""
    query = select(Officer).order_by(col(Officer.name))
    return session.exec(query.where(col(Officer.active)) if active_only else query).all()


def supervisors(session: Session) -> list[Officer]:
    """Those who oversee: supervisors and administrators."""
    return [officer for officer in officers(session) if Role(officer.role).covers(Role.SUPERVISOR)]


def is_last_administrator(session: Session, officer: Officer) -> bool:
    """Whether an officer is the only administrator who works here."""
    administrators = [one.id for one in officers(session) if one.role == Role.ADMINISTRATOR]
    return administrators == [officer.id]


def add_sign_in(session: Session, sign_in: SignIn) -> None:
    """Begin a browser session."""
    session.add(sign_in)
    session.flush()


def signed_in(session: Session, token_hash: str, since: datetime) -> tuple[SignIn, Officer] | None:
    """The session of a token that was used since an instant, and its officer while active."""
    return session.exec(_SIGNED_IN, params={"token_hash": token_hash, "since": since}).first()


def end_sign_in(session: Session, token_hash: str) -> None:
    """End one browser session."""
    session.exec(delete(SignIn).where(col(SignIn.token_hash) == token_hash))


def end_sign_ins_of(session: Session, officer_id: int) -> None:
    """End every browser session of an officer, as after a new password."""
    session.exec(delete(SignIn).where(col(SignIn.officer_id) == officer_id))


def forget_idle_sign_ins(session: Session, before: datetime) -> None:
    """Delete the sessions last used before an instant."""
    session.exec(delete(SignIn).where(col(SignIn.seen_at) < before))
