"""What an answer seems to say, and when a reminder is due."""

from datetime import date

import pytest

from service.desk import Desk
from service.domain.consultation import Result, Waiting, first_due, own_words, suggested

QUOTED = """

On Mon, 3 Jun 2024 at 10:00, FOI team wrote:
> If you hold nothing, reply "nil return".
> If this is not for you, reply "not ours".
"""


@pytest.mark.parametrize(
    "words",
    [
        "Nil return.",
        "nil response from us, thanks",
        "We don't hold this.",
        "We do not hold any information about leisure centres.",
        "We hold no records before 2019.",
        "No information is held.",
        "I have found nothing.",
        "Nothing to report from Parks",
        "Hi Sam,\n\nThe team does not keep such records.\n\nBob",
    ],
)
def test_a_nil_return_is_understood(words: str) -> None:
    assert suggested(words) is Result.NIL


@pytest.mark.parametrize(
    "words",
    [
        "Not ours, sorry.",
        "This is not one for us.",
        "That isn't ours",
        "You have the wrong team.",
        "This should go to Highways.",
        "We don't hold this. Please ask Finance.",
        "Not our area I'm afraid",
        "It needs to be sent to Legal",
    ],
)
def test_not_ours_is_understood_even_where_nothing_is_held(words: str) -> None:
    assert suggested(words) is Result.NOT_OURS


@pytest.mark.parametrize(
    "words",
    [
        "We repaired 412 potholes in 2023.",
        "This is not a nil return: the figures follow tomorrow.",
        "Please contact me if you need more.",
        "Here you are.",
        "",
    ],
)
def test_anything_else_is_left_to_the_officer(words: str) -> None:
    assert suggested(words) is None


def test_what_the_answer_quotes_of_our_letter_says_nothing() -> None:
    assert suggested("We repaired 412 potholes." + QUOTED) is None
    assert suggested("Nil return" + QUOTED) is Result.NIL
    assert own_words("Nil return" + QUOTED) == "Nil return"
    assert suggested('> If you hold nothing, reply "nil return".\n\nThere were 12.') is None
    outlook = "There were 12.\n\n________________________________\nFrom: FOI <foi@anytown.example>\n\nnil return"
    assert suggested(outlook) is None


def test_an_answer_with_files_is_left_to_the_officer() -> None:
    assert suggested("We hold nothing before 2019; the rest is attached.", files=1) is None


@pytest.mark.parametrize(
    ("today", "case_due_on", "due_on"),
    [
        (date(2024, 6, 3), date(2024, 7, 1), date(2024, 6, 10)),  # Monday, five working days on
        (date(2024, 6, 3), None, date(2024, 6, 10)),
        (date(2024, 6, 24), date(2024, 7, 1), date(2024, 6, 28)),  # the case is due on Monday: by Friday
        (date(2024, 6, 28), date(2024, 7, 1), date(2024, 7, 1)),  # no working day is left between
        (date(2024, 7, 2), date(2024, 7, 1), date(2024, 7, 3)),  # the case is late
    ],
)
def test_the_day_proposed_lies_before_the_cases_own(
    sqlite_desk: Desk, today: date, case_due_on: date | None, due_on: date
) -> None:
    assert first_due(today, case_due_on, sqlite_desk.calendars.of("FOIA")) == due_on


def test_reminders_begin_a_working_day_before_the_answer_is_due_and_come_every_second_one(sqlite_desk: Desk) -> None:
    working_days = sqlite_desk.calendars.of("FOIA")
    reminded: list[int] = []
    for day in range(3, 25):  # from Monday 3 June 2024
        last = date(2024, 6, reminded[-1]) if reminded else None
        if Waiting(date(2024, 6, 3), date(2024, 6, 10), last).reminder_is_due(date(2024, 6, day), working_days):
            reminded.append(day)
    assert reminded == [7, 11, 13, 17, 19, 21]  # Friday; then Tuesday, Thursday, Monday, Wednesday, Friday


def test_nobody_is_reminded_on_the_day_they_are_asked(sqlite_desk: Desk) -> None:
    waiting = Waiting(date(2024, 6, 3), date(2024, 6, 4))
    assert not waiting.reminder_is_due(date(2024, 6, 3), sqlite_desk.calendars.of("FOIA"))
    assert waiting.reminder_is_due(date(2024, 6, 4), sqlite_desk.calendars.of("FOIA"))
