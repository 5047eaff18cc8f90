"""Addresses that answers go to: only we can make them, and they come back however they are written."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.reply_address import case_in, consultation_address, consultation_in, reply_address, without_detail

SECRET, MAILBOX = b"a secret of the tests", "foi@anytown.example"
MON_JUN_3 = datetime(2024, 6, 3, 9, 0, 0, 123456, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC))


def case_of(secret: bytes, address: str, opened_at: datetime = MON_JUN_3) -> int | None:
    """The case that an address finds, where the one of that key was opened at that moment."""
    told = case_in(address)
    return told.key if told and told.holds(secret, opened_at) else None


@given(st.integers(1, 10**18 - 1))
def test_an_answer_finds_its_case(case_id: int) -> None:
    address = reply_address(SECRET, case_id, MON_JUN_3, MAILBOX)
    assert case_of(SECRET, address) == case_of(SECRET, f" {address.upper()} ") == case_id
    assert without_detail(address) == MAILBOX
    assert len(address.partition("@")[0]) <= 64  # RFC 5321 4.5.3.1.1


@given(st.integers(1, 999), st.integers(0, 15))
def test_another_case_or_another_seal_is_none(case_id: int, place: int) -> None:
    address = reply_address(SECRET, case_id, MON_JUN_3, MAILBOX)
    assert case_of(SECRET, address.replace(f"case-{case_id}-", f"case-{case_id + 1}-")) is None
    assert case_of(b"another secret", address) is None
    seal = address.partition("@")[0][-16:]
    other = "0" if seal[place] != "0" else "1"
    assert case_of(SECRET, address.replace(seal, seal[:place] + other + seal[place + 1 :])) is None


@given(MOMENTS, MOMENTS)
def test_a_key_that_is_given_once_more_is_not_the_one_that_was_meant(made_at: datetime, again_at: datetime) -> None:
    address = reply_address(SECRET, 7, made_at, MAILBOX)
    assert (case_of(SECRET, address, again_at) == 7) is (made_at == again_at)
    assert case_of(SECRET, address, made_at.astimezone(ZoneInfo("Europe/London"))) == 7
    asked = consultation_in(consultation_address(SECRET, 7, made_at, MAILBOX))
    assert asked is not None
    assert asked.holds(SECRET, again_at) is (made_at == again_at)


@pytest.mark.parametrize(
    "address", ["", "foi@anytown.example", "+@x", "foi+case-@x", "foi+case-1-@x", "foi+news@x", "@"]
)
def test_what_is_no_such_address_is_no_case(address: str) -> None:
    assert case_of(SECRET, address) is None


def test_a_mailbox_may_have_a_plus_of_its_own_alone() -> None:
    assert without_detail("+@anytown.example") == "+@anytown.example"
