"""What is read as an instruction, and all the ways in which somebody else's words never are."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.domain.instruction import (
    CONDITION,
    HIDDEN,
    IN_BRACKETS,
    NOTHING,
    SEVERAL,
    UNKNOWN,
    Instruction,
    NotUnderstood,
    Verb,
    read_instruction,
)
from service.domain.named_day import last_day, next_day
from service.domain.outcome import OF_COMPLAINTS, Outcome
from service.domain.own_lines import own_lines, without_signature
from service.domain.reference import DEFAULT, Reference

SUN_NOV_29 = date(2026, 11, 29)
VERBS = (
    "approve",
    "close not held",
    "assign sam",
    "take",
    "hand back: no",
    "yes",
    "question",
    "undo",
    "extend to 4 May: x",
)


def read(text: str) -> Instruction | NotUnderstood:
    return read_instruction(text, today=SUN_NOV_29, references=DEFAULT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("assign sam", Instruction(Verb.ASSIGN, person="sam")),
        ("Assign to Sam Okoro.", Instruction(Verb.ASSIGN, person="Sam Okoro")),
        ("ASSIGN\u00a0sam.okoro!", Instruction(Verb.ASSIGN, person="sam.okoro")),
        ("please assign sam\n\nThanks\nMorgan", Instruction(Verb.ASSIGN, person="sam")),
        ("Approved.\n-- \nMorgan", Instruction(Verb.APPROVE)),
        ("approve\n\nSent from my iPhone", Instruction(Verb.APPROVE)),
        ("approve\n\nMorgan Reid", Instruction(Verb.APPROVE, more=True)),
        ("OFFICIAL\n\napprove", Instruction(Verb.APPROVE)),
        ("CAUTION: this message came from outside the organisation.\nMind links.\n\ntake", Instruction(Verb.TAKE)),
        ("Hand back: not mine", Instruction(Verb.HAND_BACK, text="not mine")),
        ("hand back\nnot mine\nand on leave", Instruction(Verb.HAND_BACK, text="not mine\nand on leave")),
        ("close not held", Instruction(Verb.CLOSE, outcome=Outcome.NOT_HELD)),
        ("close withdrawn on 27 Nov", Instruction(Verb.CLOSE, outcome=Outcome.WITHDRAWN, day=date(2026, 11, 27))),
        ("extend to 4 May: many files", Instruction(Verb.EXTEND, day=date(2027, 5, 4), text="many files")),
        ("note: rang Bob\nhe will look", Instruction(Verb.NOTE, text="rang Bob\nhe will look")),
        ("close already accessible (s.21)", Instruction(Verb.CLOSE, outcome=Outcome.ACCESSIBLE)),
        ("close refused (cost limit)", IN_BRACKETS),
        ("close not held (except the 2019 figures)", IN_BRACKETS),
        ("close lapsed: what we had asked for never came", Instruction(Verb.CLOSE, outcome=Outcome.LAPSED)),
        ("Status?", Instruction(Verb.STATUS)),
        ("nil return", Instruction(Verb.NIL_RETURN)),
        ("Question.", Instruction(Verb.QUESTION)),
        ("question 2 is not ours", UNKNOWN),
        ("01.FOI.26.000123 take", Instruction(Verb.TAKE, case=Reference("FOI", 26, 123, 1))),
        ("[01.FOI.26.000123]: take", Instruction(Verb.TAKE, case=Reference("FOI", 26, 123, 1))),
        ("approve\nbut mend the typo", CONDITION),
        ("take\nclose not held", SEVERAL),
        ("appro\u200bve", HIDDEN),
        ("\u202eapprove", HIDDEN),
        ("\uff41\uff50prove", UNKNOWN),
        ("\u0430pprove", UNKNOWN),
        ("note that Bob rang", UNKNOWN),
        ("yes please do it", UNKNOWN),
        ("Dear desk,\n\napprove", UNKNOWN),
        ("", NOTHING),
        ("> approve", NOTHING),
    ],
)
def test_a_first_line_says_what_it_says(text: str, said: Instruction | NotUnderstood) -> None:
    assert read(text) == said


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in OF_COMPLAINTS])
def test_every_outcome_can_be_said_in_its_own_words(outcome: Outcome) -> None:
    said = read(f"close {outcome.value}")
    assert isinstance(said, Instruction) or ":" in outcome.value
    if isinstance(said, Instruction):
        assert said.outcome is outcome


HEADINGS = (
    "On Mon, 3 Jun 2026 at 09:30, FOI <foi@anytown.example> wrote:",
    "On Mon, 3 Jun 2026 at 09:30, FOI\n<foi@anytown.example> wrote:",
    "From: FOI <foi@anytown.example>\nSent: 3 June 2026 09:30\nTo: Sam\nSubject: Due",
    "________________________________\nFrom: FOI\nSent: Monday",
    "-----Original Message-----\nFrom: FOI",
    "---------- Forwarded message ---------\nFrom: FOI",
    "Begin forwarded message:\n\nFrom: FOI",
    "Von: FOI <foi@anytown.example>\nGesendet: Montag, 3. Juni 2026 09:30\nAn: Sam",
    "-----Ursprüngliche Nachricht-----\nVon: FOI",
    "Am 03.06.2026 um 09:30 schrieb FOI <foi@anytown.example>:",
    "De\u00a0: FOI\nEnvoyé\u00a0: lundi 3 juin 2026\nÀ\u00a0: Sam",
    "Le lun. 3 juin 2026 à 09:30, FOI <foi@anytown.example> a écrit\u00a0:",
    "Ar 3 Mehefin 2026, ysgrifennodd FOI:",
    "---------- Enclosed message ----------\nFrom: FOI",
)
BLANK = st.sampled_from(("", "\n", "\n\n", " \n", "\u00a0\n", "\ufeff"))
ENDS = st.sampled_from(("", "\n", "\n\nKind regards\nSam", "\n-- \nSam"))


@settings(max_examples=150, deadline=None)
@given(BLANK, st.sampled_from(HEADINGS), st.sampled_from(VERBS), st.sampled_from(("", "> ", ">> ", "  ")), ENDS)
def test_nothing_below_a_quotation_is_said(before: str, heading: str, verb: str, mark: str, end: str) -> None:
    assert read(f"{before}{heading}\n\n{mark}{verb}{end}") == NOTHING


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(HEADINGS), st.sampled_from(VERBS))
@example("On it: Monday", HEADINGS[0], "approve")
def test_what_is_said_above_a_quotation_does_not_depend_on_it(own: str, heading: str, verb: str) -> None:
    alone, quoting = read(f"{own}\n"), read(f"{own}\n\n{heading}\n> {verb}\n{verb}\n")
    assert alone == quoting


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_only_a_line_that_begins_with_a_verb_is_read(text: str) -> None:
    said = read(text)
    if isinstance(said, Instruction):
        first = own_lines(text)[0].lower()
        known = ("assign", "take", "accept", "hand", "approve", "return", "close", "extend", "note", "status", "undo")
        other = ("yes", "no", "question", "nil", "help", "?", "please")
        assert first.startswith((*known, *other)) or said.case is not None


@pytest.mark.parametrize(
    "text", ["a" * 3_000_000, "approve\n" * 200_000, "\x00" * 10_000, ">" * 100_000, "On " * 99_999]
)
def test_hostile_texts_are_read_quickly(text: str) -> None:
    assert isinstance(read(text), NotUnderstood)


def test_a_signature_ends_the_text_of_a_note() -> None:
    assert without_signature(["a", "", "b", "", "Kind regards,", "Sam"]) == ["a", "", "b"]
    assert without_signature(["Thanks"]) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4 May", date(2027, 5, 4)),
        ("29 November", SUN_NOV_29),
        ("4th of May 2026", date(2026, 5, 4)),
        ("Tuesday 4 May", date(2027, 5, 4)),
        ("Monday 4 May", None),
        ("May 4", date(2027, 5, 4)),
        ("4/5", date(2027, 5, 4)),
        ("4.5.27", date(2027, 5, 4)),
        ("2027-05-04", date(2027, 5, 4)),
        ("31 June", None),
        ("soon", None),
        ("4 Mayhem", None),
        ("29 Feb", None),
    ],
)
def test_a_day_without_a_year_is_the_next_of_that_name(text: str, day: date | None) -> None:
    assert next_day(text, SUN_NOV_29) == day


def test_a_day_of_an_answer_is_the_last_of_that_name() -> None:
    assert last_day("27 Nov", SUN_NOV_29) == date(2026, 11, 27)
    assert last_day("30 Nov", SUN_NOV_29) == date(2025, 11, 30)
    assert last_day("today", SUN_NOV_29) == SUN_NOV_29


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("Sam Okoro", True),
        ("Sam", True),
        ("sam.", True),
        ("**Sam Okoro**", True),
        ("Sam Okoro | Information Rights Officer", True),
        ("Sam Okoro (he/him)", True),
        ("Sam Okoro, FOI team", True),
        ("Sam Okoro spoke to the requester", False),
        ("Sam spoke to the requester", False),
        ("Sam, who has the files, is away", False),
        ("Samantha has the files", False),
        ("Priya Shah", False),
    ],
)
def test_a_signature_may_begin_with_no_more_than_the_senders_name(line: str, ends: bool) -> None:
    text = f"hand back: not mine\n{line}\nIf you are not the intended recipient, delete this.\n"
    said = read_instruction(text, today=SUN_NOV_29, references=DEFAULT, signer="Sam Okoro")
    assert isinstance(said, Instruction)
    assert (said.text == "not mine") is ends


def test_a_disclaimer_below_the_senders_name_is_no_condition() -> None:
    text = "approve\n\nSam Okoro\nIf you are not the intended recipient, delete this.\n"
    assert read_instruction(text, today=SUN_NOV_29, references=DEFAULT, signer="Sam Okoro") == Instruction(Verb.APPROVE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CAUTION: external email.\napprove\n", Instruction(Verb.APPROVE)),
        ("CAUTION: this email came from outside. Do not\nclick links.\napprove", Instruction(Verb.APPROVE)),
        (
            "CAUTION: external email.\nTake care when you click.\n\nclose not held",
            Instruction(Verb.CLOSE, outcome=Outcome.NOT_HELD),
        ),
        ("CAUTION: external email.\nNote: do not click links.\n\napprove", Instruction(Verb.APPROVE)),
        ("CAUTION: external email.\nI approve of nothing.\n", NOTHING),
    ],
)
def test_a_banner_ends_where_something_is_said(text: str, said: Instruction | NotUnderstood) -> None:
    assert read(text) == said
