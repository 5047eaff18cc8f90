"""Who is on the team: joining it, leaving, coming back, a new role, a new password."""

from datetime import datetime
from email.utils import parseaddr

from sqlmodel import Session

from service.desk import Desk
from service.errors import DeskError
from service.store.feeds import end_feeds_of
from service.store.officers import (
    OfficerHasLeft,
    Role,
    add_officer,
    end_sign_ins_of,
    is_last_administrator,
    require_officer,
)
from service.store.tables import Officer


class NoAddress(DeskError):
    """That is no email address. Give the officer's own, such as sam.okoro@council.example."""


class AddressOfTheDesk(DeskError):
    """That is the address of one of the desk's own mailboxes, and what it sends there would come back as mail. Give the
    officer's own."""


class NameUnusable(DeskError):
    """An officer needs a name of one line, as letters and lists show it, such as "Sam Okoro"."""


class StillHere(DeskError):
    """The officer with that address has not left. `foidesk officer password` gives them a new password, and
    `foidesk officer role` another role."""


class LastAdministrator(DeskError):
    """They are the only administrator. Make somebody else one first: `foidesk officer role EMAIL administrator`."""


def require_particulars(desk: Desk, email: str, name: str) -> None:
    """Raise NoAddress, AddressOfTheDesk or NameUnusable unless somebody can be on the team as this."""
    local, _, host = email.partition("@")
    if parseaddr(email)[1] != email or not (local and host) or "@" in host or not _in_one_word(email):
        raise NoAddress
    if email.casefold() in desk.settings.own:
        raise AddressOfTheDesk
    if not name or not name.isprintable():
        raise NameUnusable


def join(
    session: Session, desk: Desk, email: str, name: str, role: Role, *, password_hash: str, at: datetime
) -> Officer:
    """Add somebody new; raises as require_particulars does, OfficerExists or OfficerHasLeft."""
    email, name = email.strip(), name.strip()
    require_particulars(desk, email, name)
    new = Officer(email=email, name=name, role=role.value, password_hash=password_hash, created_at=at)
    return add_officer(session, new)


def change_password(session: Session, email: str, password_hash: str) -> Officer:
    """Give somebody a new password and end their sessions; raises NoSuchOfficer or OfficerHasLeft."""
    officer = _working_here(session, email)
    officer.password_hash = password_hash
    end_sign_ins_of(session, officer.id)
    return _kept(session, officer)


def change_role(session: Session, email: str, role: Role) -> Officer:
    """Give somebody another role; raises NoSuchOfficer, OfficerHasLeft or LastAdministrator."""
    officer = _working_here(session, email)
    if role is not Role.ADMINISTRATOR and is_last_administrator(session, officer):
        raise LastAdministrator
    officer.role = role.value
    return _kept(session, officer)


def leave(session: Session, email: str) -> Officer:
    """Let an account sleep; raises NoSuchOfficer or LastAdministrator."""
    officer = require_officer(session, email)
    if is_last_administrator(session, officer):
        raise LastAdministrator
    officer.active = False
    end_sign_ins_of(session, officer.id)
    end_feeds_of(session, officer.id)
    return _kept(session, officer)


def come_back(session: Session, email: str, role: Role | None, password_hash: str) -> Officer:
    """Wake a leaver's account, in the role it had unless another is given; raises NoSuchOfficer or StillHere."""
    officer = require_officer(session, email)
    if officer.active:
        raise StillHere
    officer.active, officer.password_hash = True, password_hash
    officer.role = role.value if role else officer.role
    return _kept(session, officer)


def _working_here(session: Session, email: str) -> Officer:
    officer = require_officer(session, email)
    if not officer.active:
        raise OfficerHasLeft
    return officer


def _in_one_word(text: str) -> bool:
    return text.isprintable() and len(text.split()) == 1


def _kept(session: Session, officer: Officer) -> Officer:
    session.add(officer)
    session.flush()
    return officer
