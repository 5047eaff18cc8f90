"""The questions that a request seems to ask, and that nothing numbered is ever lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.question import Holding
from service.domain.question_parser import LONGEST_TEXT, MOST_QUESTIONS, propose_questions


def asked(text: str) -> list[tuple[str, str]]:
    return [(question.label, question.text) for question in propose_questions(text)]


def texts(text: str) -> list[str]:
    return [question.text for question in propose_questions(text)]


# Four numbered parts between an introduction with a definition and a wish about the form, without a blank line.
DRONES = """I am writing to ask for the following information from your service. A friend asked you something like it \
in March 2023, but I am asking about what has changed since then. Please treat this as a new request.
So that we understand each other, take ‘drone’ to mean any aircraft without a crew, and ‘flight’ to mean any time that \
one leaves the ground, training included. Please may you provide me with:
1/ Records of flights of drones over parks, whether finished or planned (such as the number of flights, a short \
description of each and what it cost) between 01/04/2023 and today.
2/ Anything held about flights of other unmanned craft which can take pictures of people from the air (such as \
balloons, kites or blimps)
3/ If any flights under 1 or 2 have taken place since 1st April 2023, please confirm how many people were warned, how \
many were fined, or what else came of these flights.
4/ A copy of any rules or instructions for the buying, keeping or flying of these craft
Please provide the information in whatever format suits you best. I do not need letters, minutes or the like. Only \
rules or general descriptions.
"""


def test_a_request_in_four_numbered_parts_is_four_questions() -> None:
    found = asked(DRONES)
    assert [label for label, _ in found] == ["1/", "2/", "3/", "4/"]
    assert found[0][1].startswith("Records of flights")
    assert found[0][1].endswith("between 01/04/2023 and today.")
    assert found[1][1].endswith("(such as balloons, kites or blimps)")
    assert found[2][1].startswith("If any flights under 1 or 2 have taken place")
    assert found[3][1] == "A copy of any rules or instructions for the buying, keeping or flying of these craft"


def test_the_same_request_wrapped_by_a_mail_program_is_the_same_questions() -> None:
    wrapped = "\n".join(_wrap(line) for line in DRONES.split("\n"))
    assert asked(wrapped) == asked(DRONES)


def _wrap(line: str, width: int = 72) -> str:
    lines, now = [], ""
    for word in line.split(" "):
        if now and len(now) + 1 + len(word) > width:
            lines.append(now)
            now = word
        else:
            now = f"{now} {word}" if now else word
    return "\n".join([*lines, now])


def test_a_question_begins_without_a_decision() -> None:
    (question,) = propose_questions("How many dogs?")
    assert (question.position, question.decision, question.holding) == (1, None, Holding.NOT_STATED)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1.", "2."),
        ("1)", "2)"),
        ("(1)", "(2)"),
        ("1/", "2/"),
        ("1 -", "2 -"),
        ("1:", "2:"),
        ("[1]", "[2]"),
        ("Q1", "Q2"),
        ("Q1.", "Q2."),
        ("q1:", "q2:"),
        ("Question 1:", "Question 2:"),
        ("Question 1", "Question 2"),
        ("Request 1 -", "Request 2 -"),
        ("(a)", "(b)"),
        ("a)", "b)"),
        ("a.", "b."),
        ("A.", "B."),
        ("(i)", "(ii)"),
        ("i.", "ii."),
        ("I)", "II)"),
    ],
)
def test_a_label_is_kept_as_it_is_written(first: str, second: str) -> None:
    text = f"Please tell me:\n{first} How many lamp posts are there?\n{second} What do they cost to run?\n"
    assert asked(text) == [(first, "How many lamp posts are there?"), (second, "What do they cost to run?")]


@pytest.mark.parametrize("bullet", ["-", "*", "•", "–", "·", "▪"])
def test_a_bullet_is_no_label(bullet: str) -> None:
    text = f"Please send me:\n\n{bullet} the budget for trees\n{bullet} the number felled"
    assert asked(text) == [("", "the budget for trees"), ("", "the number felled")]


def test_parts_stay_with_the_question_they_stand_under() -> None:
    text = """1. For each contract:
   a. the supplier
   b. the price
      i) before tax
      ii) after it
2. The officer in charge"""
    assert asked(text) == [
        ("1.", "For each contract:\na. the supplier\nb. the price\ni) before tax\nii) after it"),
        ("2.", "The officer in charge"),
    ]


def test_numbers_under_numbers_are_told_apart_by_their_look_or_their_place() -> None:
    by_look = "1. How many?\n1) in May\n2) in June\n2. What cost?"
    by_place = "1. How many?\n    1. in May\n    2. in June\n2. What cost?"
    assert texts(by_look) == ["How many?\n1) in May\n2) in June", "What cost?"]
    assert texts(by_place) == ["How many?\n1. in May\n2. in June", "What cost?"]


def test_a_letter_among_letters_is_no_roman_number() -> None:
    text = "\n".join(f"({letter}) part {letter}" for letter in "abcdefghijk")
    assert [label for label, _ in asked(text)] == [f"({letter})" for letter in "abcdefghijk"]


def test_a_roman_number_under_a_letter_is_a_part_of_it() -> None:
    assert asked("(a) staff\n(i) full time\n(ii) part time\n(b) cost") == [
        ("(a)", "staff\n(i) full time\n(ii) part time"),
        ("(b)", "cost"),
    ]


def test_bullets_before_a_numbered_list_do_not_swallow_it() -> None:
    text = "By staff I mean:\n- employees\n- agency workers\n\n1. How many are there?\n2. What do they cost?"
    assert asked(text) == [("1.", "How many are there?"), ("2.", "What do they cost?")]


def test_numbers_under_bullets_are_their_parts() -> None:
    text = "- Housing\n1. voids\n2. lets\n- Planning\n1. appeals"
    assert texts(text) == ["Housing\n1. voids\n2. lets", "Planning\n1. appeals"]


def test_numbers_that_run_through_a_sentence_are_a_list() -> None:
    text = "Please provide 1) the number of dogs, 2) their cost; and 3) the vets used."
    assert asked(text) == [("1)", "the number of dogs"), ("2)", "their cost"), ("3)", "the vets used.")]
    assert texts("How many houses (1) have you sold?") == ["How many houses (1) have you sold?"]


def test_a_heading_goes_with_the_question_below_it() -> None:
    text = "Housing\n1. How many voids?\n2. How long empty?\n\nPlanning:\n3. How many appeals?"
    assert texts(text) == ["How many voids?", "How long empty?", "Planning: How many appeals?"]


def test_lines_of_a_question_that_only_look_like_headings_stay_in_it() -> None:
    text = "1. The number in:\n\n2021\n\n2022\n\n2. The cost"
    assert texts(text) == ["The number in:\n2021\n2022", "The cost"]
    assert texts("1. Trees:\nOaks\n2. Bees") == ["Trees:\nOaks", "Bees"]


def test_what_is_said_between_two_questions_belongs_to_the_first() -> None:
    text = "1. How many buses?\n\nBuses with two decks count once.\n\n2. How many trams?"
    assert texts(text) == ["How many buses?\nBuses with two decks count once.", "How many trams?"]


def test_a_number_whose_words_are_on_the_next_line_has_them() -> None:
    assert asked("1.\nHow many?\n2.\nHow much?") == [("1.", "How many?"), ("2.", "How much?")]


def test_wrapped_lines_are_joined_and_others_are_not() -> None:
    text = """1. The number of complaints about noise from licensed premises in the
town centre, by month, and the number that led to a visit within
seven days
2. The cost"""
    first, second = texts(text)
    assert first.endswith("in the town centre, by month, and the number that led to a visit within seven days")
    assert second == "The cost"


def test_what_is_asked_before_and_after_a_list_is_asked_too() -> None:
    text = """Hello,
How many lifts do you have? Please also answer the following questions:
1. How old are they?
2. Who repairs them?

Can you also tell me what was spent on them in 2023?
Please confirm receipt of this request.
"""
    assert asked(text) == [
        ("", "How many lifts do you have?"),
        ("1.", "How old are they?"),
        ("2.", "Who repairs them?"),
        ("", "Can you also tell me what was spent on them in 2023?"),
    ]


PROSE = """Hi there

Hope you are well. I'd be grateful if you could tell me how much was spent on agency staff in 2022-23 and 2023-24. I'd
also like to know which agencies were used. Did any contract exceed 50,000 pounds, e.g. for I.T. staff?

By agency staff I mean anyone not on the payroll.

I would prefer to receive this in a spreadsheet. If any of it is exempt please cite the exemption. I look forward to
hearing from you within 20 working days.

Kind regards,
Alison Smith
1 High Street
"""


def test_a_request_in_prose_is_a_question_for_each_sentence_that_asks() -> None:
    exceeding, meaning = "Did any contract exceed 50,000 pounds, e.g. for I.T. staff?", "By agency staff I mean anyone"
    assert asked(PROSE) == [
        ("", "I'd be grateful if you could tell me how much was spent on agency staff in 2022-23 and 2023-24."),
        ("", "I'd also like to know which agencies were used."),
        ("", f"{exceeding} {meaning} not on the payroll."),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Please acknowledge receipt of this request.",
        "Please confirm that you have received this email.",
        "Please provide the information in an electronic format.",
        "Please send it to me by email.",
        "Could you please reply by email?",
        "Please respond within 20 working days.",
        "I would prefer an electronic reply.",
        "I would like the information in a spreadsheet.",
        "If you need any clarification please contact me.",
        "Where any part is refused, please explain which exemption applies.",
        "Should this exceed the cost limit, please tell me how to narrow it.",
        "Please treat this as a request under the Freedom of Information Act.",
        "Please cite the exemption for each redaction.",
        "Please do not include emails.",
        "I do not require any letters.",
        "Please don't hesitate to call.",
        "I understand that you must answer promptly.",
        "Thank you in advance for your help.",
        "Please note that I am writing for a charity.",
        "Please let me know if this is not held.",
        "Please consider the environment before printing.",
        "I reserve the right to ask for a review.",
    ],
)
def test_a_formality_is_no_question(sentence: str) -> None:
    assert texts(f"How many dogs are there? {sentence}") == ["How many dogs are there?"]
    assert texts(f"1. How many dogs?\n2. How many cats?\n\n{sentence}") == ["How many dogs?", "How many cats?"]


@pytest.mark.parametrize(
    "sentence",
    [
        "How many internal reviews did you refuse in 2023?",
        "Which exemptions were cited most often?",
        "Please state the average time of a response.",
        "Please provide the data held on complaints in 2023 in CSV format.",
        "Can you tell me who decided it?",
        "I would like a copy of the contract.",
        "We request all noise complaints since January.",
        "I am requesting the minutes of the meeting.",
        "Copies of all invoices, please.",
        "The number of fines, by month.",
        "Under the Freedom of Information Act 2000 please send me the totals.",
        "If any were dismissed, please state how many were refused a reference.",
        "In how many cases was redaction used?",
        "And what did it cost?",
        "Kindly supply the rules for allotments.",
    ],
)
def test_a_sentence_that_asks_is_a_question_whatever_it_is_about(sentence: str) -> None:
    assert texts(f"Trees are on my mind. {sentence}")[0].startswith(sentence)


def test_lines_after_a_colon_are_questions_without_marks() -> None:
    text = """Dear Council,

Under the Act I would like to request the following information:

The number of potholes reported in 2023
The number of potholes repaired in 2023

Compensation paid

Please send the information by email. I am a resident.

Yours faithfully
Jane Roe"""
    assert texts(text) == [
        "The number of potholes reported in 2023",
        "The number of potholes repaired in 2023",
        "Compensation paid",
    ]
    assert texts("About me:\nI keep bees.\nHow many hives are there?") == ["How many hives are there?"]


@pytest.mark.parametrize(
    "greeting",
    [
        "Dear Sir or Madam,",
        "Dear FOI team",
        "Hi,",
        "Good morning",
        "To whom it may concern:",
        "FAO the records officer,",
        "Dear Sir/Madam,\n",
    ],
)
@pytest.mark.parametrize(
    "ending", ["Yours faithfully,", "Kind regards", "Many thanks", "Thanks in advance,", "-- ", "Best"]
)
def test_greeting_and_signature_are_left_out(greeting: str, ending: str) -> None:
    text = f"{greeting}\nHow many swans?\nWho feeds them?\n\n{ending}\nKim Lee\nCould you be a volunteer?"
    assert texts(text) == ["How many swans?", "Who feeds them?"]


def test_a_greeting_on_the_line_of_the_question_is_taken_off_it() -> None:
    assert texts("Dear team, how many swans are there?") == ["how many swans are there?"]
    assert texts("dear sir i want to know how many dogs you keep and why. thanks bob") == [
        "i want to know how many dogs you keep and why. thanks bob"
    ]


def test_a_numbered_line_after_the_good_wishes_is_not_lost() -> None:
    text = "1. How many swans?\nThanks\n2. Who feeds them?\nThanks\nKim"
    assert [label for label, _ in asked(text)] == ["1.", "2."]
    assert "Kim" not in "".join(texts(text))


def test_a_name_after_the_last_question_is_not_part_of_it() -> None:
    assert texts("How many swans are there?\n\nKim Lee") == ["How many swans are there?"]


def test_one_dash_is_rather_a_line_of_a_signature() -> None:
    assert texts("How many swans?\n- Head of Lakes -") == ["How many swans?"]


def test_older_mail_is_left_out() -> None:
    text = (
        "How many swans?\n\nOn Mon, 3 Jun 2024 at 10:00, Desk <foi@x.example> wrote:\n> Please send us your address.\n"
    )
    assert texts(text) == ["How many swans?"]


def test_where_a_colleague_passes_a_request_on_the_older_mail_asks() -> None:
    text = """For you I think.

From: Jo Bloggs <jo@example.com>
Sent: 3 May 2024 10:00
To: council@example.org
Subject: Data

Dear council,
1. How many fines were there in 2023?
2. How many were cancelled?
Jo
"""
    assert asked(text) == [("1.", "How many fines were there in 2023?"), ("2.", "How many were cancelled?")]
    assert texts("FYI\n> Please send me the parking plan.") == ["Please send me the parking plan."]


@pytest.mark.parametrize("text", ["see attached", "The parking fines in 2024", "Trees.\nAnd bees.", "Dear team"])
def test_a_text_in_which_nothing_asks_is_one_question(text: str) -> None:
    assert texts(text) == [text]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\xa0"])
def test_an_empty_text_asks_nothing(text: str) -> None:
    assert propose_questions(text) == ()


@pytest.mark.parametrize("text", ["3.", "1.\n2.", "(a)", "-", "Q1", "1. \n\n\n"])
def test_marks_without_words_are_kept_as_they_are(text: str) -> None:
    assert len(propose_questions(text)) == 1


@pytest.mark.parametrize(
    "line",
    ["2023/24 figures only", "24/7 cover", "12.5 hours", "10.30 trains", "1st class mail", "Q fever", "I. Newton"],
)
def test_a_number_that_begins_a_line_is_not_always_a_mark(line: str) -> None:
    assert asked(f"How many? I mean the\n{line}.")[0][0] == ""


def test_more_questions_than_can_be_decided_are_kept_together_in_the_last() -> None:
    found = asked("\n".join(f"{number}. how many of kind {number}" for number in range(1, 251)))
    assert len(found) == MOST_QUESTIONS
    assert found[198] == ("199.", "how many of kind 199")
    assert found[199][1].startswith("how many of kind 200\n201. how many of kind 201\n")
    assert found[199][1].endswith("\n250. how many of kind 250")


@pytest.mark.parametrize(
    "piece", ["1. a\n", "- a\n", "(a) ", "i. a\n", "if ", "How? ", "Dear ", "\n", "a\nb ", "1) x 2) ", " "]
)
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    assert len(propose_questions(piece * (2 * LONGEST_TEXT // len(piece)))) <= MOST_QUESTIONS


SOME = ["how", "many", "swans", "were", "fed", "in", "2023", "please", "state", "Regards", "thanks", "if", "so", "1/2"]
WORDS = st.lists(st.sampled_from(SOME), min_size=1)
MARKS = st.sampled_from(["{}.", "{})", "({})", "{}/", "Q{}", "Question {}:", "[{}]", "{}:", "  {}.", "{} -"])
ITEMS = st.lists(st.tuples(st.integers(1, 99), MARKS, WORDS, st.sampled_from(["\n", "\n\n"])), min_size=1, max_size=9)
PROSES = st.sampled_from(
    [
        "",
        "Dear team,\n",
        "Thanks\n",
        "Please tell me:\n",
        "I do not need emails.\n",
        "\nHow many?\n",
        "- a thing\n",
        "(a) b\n",
    ]
)


@settings(deadline=None, max_examples=150)
@given(PROSES, ITEMS, st.lists(PROSES, max_size=9), PROSES)
def test_no_numbered_line_is_ever_lost(
    before: str, items: list[tuple[int, str, list[str], str]], between: list[str], after: str
) -> None:
    lines, wanted = [], []
    for at, (number, mark, words, end) in enumerate(items):
        wanted.append(f"item{at}x {' '.join(words)}")
        lines.append(f"{mark.format(number)} {wanted[-1]}{end}{between[at] if at < len(between) else ''}")
    found = "\n".join(f"{label} {text}" for label, text in asked(before + "".join(lines) + after))
    for said in wanted:
        assert said in re.sub(r"\s+", " ", found)


@settings(deadline=None, max_examples=120)
@given(st.text(alphabet="aAi1.)(?-\n >:Q/", max_size=80))
def test_any_text_is_read_and_a_text_with_words_has_a_question(text: str) -> None:
    found = propose_questions(text)
    assert [question.position for question in found] == list(range(1, len(found) + 1))
    assert all(question.text for question in found)
    assert bool(found) is bool(text.strip())
