"""Addresses that answers go to: only we can make them, and they come back however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.reply_address import case_of, reply_address, without_detail

SECRET, MAILBOX = b"a secret of the tests", "foi@anytown.example"


@given(st.integers(1, 10**18 - 1))
def test_an_answer_finds_its_case(case_id: int) -> None:
    address = reply_address(SECRET, case_id, MAILBOX)
    assert case_of(SECRET, address) == case_of(SECRET, f" {address.upper()} ") == case_id
    assert without_detail(address) == MAILBOX
    assert len(address.partition("@")[0]) <= 64  # RFC 5321 4.5.3.1.1


@given(st.integers(1, 999), st.integers(0, 15))
def test_another_case_or_another_seal_is_none(case_id: int, place: int) -> None:
    address = reply_address(SECRET, case_id, MAILBOX)
    assert case_of(SECRET, address.replace(f"case-{case_id}-", f"case-{case_id + 1}-")) is None
    assert case_of(b"another secret", address) is None
    seal = address.partition("@")[0][-16:]
    other = "0" if seal[place] != "0" else "1"
    assert case_of(SECRET, address.replace(seal, seal[:place] + other + seal[place + 1 :])) is None


@pytest.mark.parametrize(
    "address", ["", "foi@anytown.example", "+@x", "foi+case-@x", "foi+case-1-@x", "foi+news@x", "@"]
)
def test_what_is_no_such_address_is_no_case(address: str) -> None:
    assert case_of(SECRET, address) is None


def test_a_mailbox_may_have_a_plus_of_its_own_alone() -> None:
    assert without_detail("+@anytown.example") == "+@anytown.example"
