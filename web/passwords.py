"""Officers' passwords: Argon2id, the same work whether or not the account exists, and never many at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from service.errors import DeskError

SHORTEST = 12  # characters
LONGEST = 1024  # characters; a longer one would only be a way to keep us busy
PATIENCE = 10  # seconds that a sign-in waits for its turn
_TURNS = BoundedSemaphore(2)  # each takes 64 MiB and a tenth of a second of a core


class PasswordTooShort(DeskError):
    """A password must have at least {shortest} characters: three or four words that you will remember are good."""


class TooManySignIns(DeskError):
    """Too many people are signing in at this moment. Wait a minute and try again."""


def require_strength(password: str) -> None:
    """Raise PasswordTooShort unless the password is long enough to withstand guessing."""
    if len(password) < SHORTEST:
        raise PasswordTooShort(shortest=SHORTEST)


def hash_password(password: str) -> str:
    """The Argon2id hash of a new password; raises PasswordTooShort."""
    require_strength(password)
    with _turn():
        return PasswordHasher().hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; for None, an unknown account, it is none but takes as long.

    Raises TooManySignIns.
    """
    if len(password) > LONGEST:
        return False
    nobody = _nobody()
    with _turn():
        try:
            return PasswordHasher().verify(password_hash or nobody, password) and password_hash is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURNS.acquire(timeout=PATIENCE):
        raise TooManySignIns
    try:
        yield
    finally:
        _TURNS.release()


@cache
def _nobody() -> str:
    """A hash that nobody's password has, to do the work of a sign-in on."""
    return PasswordHasher().hash("nobody has this password")
