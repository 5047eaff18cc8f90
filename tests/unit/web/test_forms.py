from datetime import date

import pytest

from web.forms import CloseForm, FormFaults, LetterForm, NewCaseForm, Reader, SignInForm, clean


def test_every_fault_of_a_form_is_reported_at_once() -> None:
    with pytest.raises(FormFaults) as fault:
        CloseForm.read(
            {"outcome": "celebrated", "answered_on-day": "31", "answered_on-month": "6", "answered_on-year": "2024"}
        )
    assert set(fault.value.faults) == {"outcome", "answered_on"}


def test_a_date_is_read_from_its_three_fields() -> None:
    values = {
        "outcome": "granted in full",
        "answered_on-day": " 3",
        "answered_on-month": "06",
        "answered_on-year": "2024",
    }
    assert CloseForm.read(values).answered_on == date(2024, 6, 3)


@pytest.mark.parametrize(
    "parts",
    [("", "", ""), ("3", "6", ""), ("three", "6", "2024"), ("٣", "6", "2024"), ("3", "6", "20245"), ("0", "0", "0")],
)
def test_a_date_that_is_none_is_a_fault_and_not_an_error(parts: tuple[str, str, str]) -> None:
    reader = Reader(dict(zip(("d-day", "d-month", "d-year"), parts, strict=True)))
    reader.day("d")
    assert "d" in reader.faults


def test_control_characters_are_left_out_and_line_ends_made_plain() -> None:
    assert clean("a\x00b\x1b[31m\r\nc\rd\te\ud800") == "ab[31m\nc\nd\te"


def test_a_subject_is_one_line_so_that_no_header_can_be_added() -> None:
    form = LetterForm.read({"kind": "reply", "subject": "Trees\r\nBcc: all@example.org", "body": "Dear"}, ["reply"])
    assert form.subject == "Trees Bcc: all@example.org"


@pytest.mark.parametrize(
    "address", ["a@b@c", "Harriet <h@example.org>", "nobody", "@example.org", "h@", "a b@example.org"]
)
def test_an_address_must_be_bare(address: str) -> None:
    with pytest.raises(FormFaults) as fault:
        NewCaseForm.read({"subject": "x", "kind": "FOI", "regime": "FOIA", "address": address}, ["FOI"], ["FOIA"])
    assert set(fault.value.faults) == {"address"}


def test_a_case_may_be_made_without_an_address() -> None:
    form = NewCaseForm.read({"subject": "x", "kind": "FOI", "regime": "FOIA"}, ["FOI"], ["FOIA"])
    assert form.address == ""


def test_a_text_that_is_too_long_is_a_fault() -> None:
    reader = Reader({"note": "x" * 10_001})
    reader.text("note")
    assert reader.faults == {"note": "Shorten this to 10000 characters; it has 10001"}


@pytest.mark.parametrize("key", ["", "-1", "x", "1" * 19, "²"])
def test_a_key_that_no_row_can_have_is_a_fault(key: str) -> None:
    reader = Reader({"owner": key})
    reader.key("owner", "Choose")
    assert reader.faults == {"owner": "Choose"}


def test_a_password_is_kept_as_typed() -> None:
    assert SignInForm.read({"email": " a@b.example ", "password": " two  spaces "}) == SignInForm(
        "a@b.example", " two  spaces "
    )
