import pytest

from service.domain.quotations import Folded, fold

NEW = "Thank you, but I asked for 2023 too."


@pytest.mark.parametrize(
    "older",
    [
        "> You wrote this",
        "On Tue, 2 Apr 2024 at 10:00, FOI team <foi@anytown.example> wrote:\n> Words",
        "-----Original Message-----\nFrom: FOI",
        "________________________________\nFrom: FOI",
        "From: FOI team <foi@anytown.example>\nSent: Tuesday",
    ],
)
def test_older_mail_below_the_new_words_is_folded(older: str) -> None:
    assert fold(f"{NEW}\n\n{older}") == Folded(NEW, older)


def test_a_mail_without_older_mail_is_whole() -> None:
    assert fold(NEW) == Folded(NEW, "")


def test_a_forward_that_is_all_older_mail_is_shown_whole() -> None:
    text = "FYI\n\n-----Original Message-----\nI request the following."
    assert fold(text) == Folded(text, "")


FORWARDED = f"""Dear FOI team, please deal with this one.

From: Harriet Bell <h.bell@example.com>
Sent: 17 May 2024 16:02
To: Planning
Subject: Potholes

{NEW}"""


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("FW: Potholes", FORWARDED),
        ("Potholes", FORWARDED.replace("From:", "---------- Forwarded message ---------\nFrom:")),
        ("Potholes", FORWARDED.replace("From:", "---------- Enclosed message ----------\nFrom:")),
    ],
)
def test_a_request_that_is_passed_on_is_never_folded_away(subject: str, text: str) -> None:
    assert fold(text, subject) == Folded(text, "")


def test_what_a_case_begins_with_is_shown_with_the_mail_it_quotes_whole() -> None:
    assert fold(FORWARDED, "RE: Potholes").quoted
    assert fold(FORWARDED, "RE: Potholes", opening=True) == Folded(FORWARDED, "")
    answered = f"{NEW}\n\nOn Tue, 2 Apr 2024 at 10:00, FOI team <foi@anytown.example> wrote:\n> Words"
    assert fold(answered, opening=True).quoted


def test_nothing_is_lost_by_folding() -> None:
    text = f"{NEW}\n> old\nmy answer in between\n> older"
    folded = fold(text)
    assert folded.fresh + "\n" + folded.quoted == text
