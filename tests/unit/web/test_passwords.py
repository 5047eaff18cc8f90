from threading import Thread

import pytest

import web.passwords
from web.passwords import LONGEST, PasswordTooShort, TooManySignIns, hash_password, verify_password


def test_a_password_opens_its_own_hash_only() -> None:
    hashed = hash_password("correct horse battery")
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, "correct horse battery")
    assert not verify_password(hashed, "correct horse batterx")


def test_an_unknown_account_never_signs_in_even_with_the_stand_ins_password() -> None:
    assert not verify_password(None, "nobody has this password")


def test_a_damaged_hash_opens_to_nothing() -> None:
    assert not verify_password("", "x" * 12)


def test_an_endless_password_is_refused_without_work() -> None:
    assert not verify_password(None, "x" * (LONGEST + 1))


def test_a_short_password_is_refused() -> None:
    with pytest.raises(PasswordTooShort, match="12 characters"):
        hash_password("elevenchars")


def test_only_so_many_are_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.passwords, "PATIENCE", 0.01)
    refused = []

    def third() -> None:
        with pytest.raises(TooManySignIns):
            verify_password(None, "x")
        refused.append(True)

    with web.passwords._turn(), web.passwords._turn():
        waiting = Thread(target=third)
        waiting.start()
        waiting.join()
    assert refused == [True]
