"""Who asked, when a colleague passed the mail on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.forwarded import Forwarded, find_forwarded, is_colleague, passes_on, quotes_mail
from service.domain.message import Address

OWN = frozenset({"foi@anytown.example"})
MON_MAY_15 = datetime(2023, 5, 15, 9, 0, tzinfo=UTC)
FRI_MAY_12_0923 = datetime(2023, 5, 12, 9, 23, tzinfo=UTC)
HARRIET = Address("Harriet Bell", "h.bell@example.com")
REQUEST = "Please tell me how many potholes you filled in 2022."

SHAPES = {
    "Outlook": """FYI

From: Harriet Bell <h.bell@example.com>
Sent: 12 May 2023 10:23
To: Planning <planning@anytown.example>
Cc: A <a@example.com>; B <b@example.com>;
 C <c@example.com>
Subject: Potholes

{request}""",
    "old Outlook": """-----Original Message-----
From: Harriet Bell [mailto:h.bell@example.com]
Sent: 12 May 2023 10:23
To: Planning
Subject: Potholes

{request}""",
    "Outlook, bold": """________________________________
**From:** Harriet Bell <h.bell@example.com>
**Sent:** Friday, May 12, 2023 10:23 AM
**To:** Planning
**Subject:** Potholes

{request}""",
    "Gmail": """One for you.

---------- Forwarded message ---------
From: *Harriet Bell* <h.bell@example.com>
Date: Fri, 12 May 2023 at 10:23
Subject: Potholes
To: <planning@anytown.example>


{request}""",
    "Apple": """Begin forwarded message:

> From: Harriet Bell <h.bell@example.com>
> Subject: Potholes
> Date: 12 May 2023 at 10:23:00 BST
> To: planning@anytown.example
>
> {request}""",
    "Apple, lines apart": """Begin forwarded message:

From: Harriet Bell <h.bell@example.com>

Subject: Potholes

Date: 12 May 2023 at 10:23:00 BST

To: planning@anytown.example

{request}""",
    "Thunderbird": """-------- Forwarded Message --------
Subject: \tPotholes
Date: \tFri, 12 May 2023 10:23:00 +0100
From: \tHarriet Bell <h.bell@example.com>
To: \tplanning@anytown.example

{request}""",
    "Notes": """----- Forwarded by Bob Jones/Planning on 15/05/2023 09:55 -----

From: "Harriet Bell" <h.bell@example.com>
To: planning@anytown.example
Date: 12/05/2023 10:23
Subject: Potholes

{request}""",
    "a wrapped sender": """From: Harriet Bell
<h.bell@example.com>
Sent: 12 May 2023 10:23
To: Planning
Subject: Potholes

{request}""",
    "Welsh": """Oddi wrth: Harriet Bell <h.bell@example.com>
Anfonwyd: 12 Mai 2023 10:23
At: Cynllunio
Pwnc: Potholes

{request}""",
    "enclosed": """See attached.

---------- Enclosed message ----------
From: Harriet Bell <h.bell@example.com>
Received: Fri, 12 May 2023 10:23:00 +0100
Date: Sun, 1 Jan 2023 10:00:00 +0000
Subject: Potholes

{request}""",
    "carriage returns": (
        "From: Harriet Bell <h.bell@example.com>\r\nSent: 12 May 2023 10:23\r\nTo: P\r\nSubject: Potholes\r\n\r\n"
    ),
}


def found(text: str, came_at: datetime = MON_MAY_15) -> Forwarded | None:
    return find_forwarded(text, OWN, came_at=came_at)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_programs_way_of_passing_mail_on_is_understood(shape: str) -> None:
    assert found(SHAPES[shape].format(request=REQUEST)) == Forwarded(HARRIET, "Potholes", FRI_MAY_12_0923)


def test_of_a_mail_passed_on_twice_the_outsider_is_found_below_the_colleague() -> None:
    between = "From: Bob <bob@anytown.example>\nSent: 13 May 2023 08:00\nTo: Cara\nSubject: FW: Potholes\n\nYours?\n\n"
    assert found(between + SHAPES["Outlook"]) == Forwarded(HARRIET, "Potholes", FRI_MAY_12_0923)


def test_a_message_that_came_as_a_file_goes_before_one_that_is_quoted() -> None:
    quoted = SHAPES["Outlook"].replace("Harriet Bell", "Nora").replace("h.bell", "nora")
    assert found(quoted + "\n\n" + SHAPES["enclosed"]) == Forwarded(HARRIET, "Potholes", FRI_MAY_12_0923)


def test_an_enclosed_message_without_a_date_is_proposed_without_one() -> None:
    text = "---------- Enclosed message ----------\nFrom: h.bell@example.com\n\nPotholes?"
    assert found(text) == Forwarded(Address("", "h.bell@example.com"), "", None)


def test_a_date_after_the_mail_came_is_not_believed() -> None:
    assert found(SHAPES["Gmail"], FRI_MAY_12_0923 - timedelta(days=1)) == Forwarded(HARRIET, "Potholes", None)


@pytest.mark.parametrize("sent", ["1 January 1970 00:00", "1 January 1601 00:00", "31 December 2004 23:59", "soon"])
def test_a_date_before_anybody_could_ask_is_not_believed(sent: str) -> None:
    assert found(SHAPES["Outlook"].replace("12 May 2023 10:23", sent)) == Forwarded(HARRIET, "Potholes", None)


def test_a_clock_that_is_a_little_fast_is_set_right() -> None:
    came_at = FRI_MAY_12_0923 - timedelta(minutes=2)
    assert found(SHAPES["Gmail"], came_at) == Forwarded(HARRIET, "Potholes", came_at)


@pytest.mark.parametrize(
    "text",
    [
        REQUEST,
        "From: the council tax team\nTo: me\n",
        "On Fri, 12 May 2023 at 10:23, Harriet Bell <h.bell@example.com> wrote:\n> Thanks",
        "From: Bob <bob@anytown.example>\nSent: 13 May 2023 08:00\nTo: Cara\nSubject: Lunch\n\nYours?",
        "From: Harriet Bell\nSent: 13 May 2023 08:00\nTo: Cara\nSubject: no address\n",
        "From: h.bell@example.com\nSubject: too little to be a mail's head\n",
    ],
)
def test_nobody_is_proposed_where_no_outsiders_mail_is_quoted(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("bob@anytown.example", OWN),
        ("BOB@AnyTown.Example", OWN),
        ("bob@planning.anytown.example", OWN),
        ("bob@anytown.example", frozenset({"foi@requests.anytown.example"})),
        ("council@gmail.com", frozenset({"council@gmail.com"})),
    ],
)
def test_whoever_writes_from_a_domain_of_the_desks_is_a_colleague(address: str, own: frozenset[str]) -> None:
    assert is_colleague(Address("", address), own)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("h.bell@example.com", OWN),
        ("bob@otheranytown.example", OWN),
        ("h.bell@gmail.com", frozenset({"council@gmail.com"})),
        ("", OWN),
        ("bob@anytown.example", frozenset()),
        ("bob@example", OWN),
    ],
)
def test_a_neighbour_in_a_public_domain_or_a_namesake_is_no_colleague(address: str, own: frozenset[str]) -> None:
    assert not is_colleague(Address("", address), own)


@pytest.mark.parametrize("subject", ["FW: Potholes", "Fwd: x", "[EXTERNAL] FW: x", "fw:x", "Ym: Potholes"])
def test_a_subject_or_a_mark_says_that_a_mail_passes_another_on(subject: str) -> None:
    assert passes_on(subject, SHAPES["Outlook"])
    assert passes_on("RE: Potholes", SHAPES["Gmail"])
    assert not passes_on(subject, REQUEST)


def test_an_answer_that_quotes_passes_nothing_on() -> None:
    assert not passes_on("RE: Potholes", SHAPES["Outlook"])
    assert quotes_mail(SHAPES["Outlook"])
    assert not quotes_mail(REQUEST)


LINE = st.sampled_from(
    [
        "From: a@b.example",
        "> Sent: 12 May 2023",
        "To: x@y.example;",
        "Subject: S",
        "",
        "  c@d.example",
        "Date:",
        "words",
    ]
)


@settings(deadline=None)
@given(st.lists(LINE | st.text(max_size=60), max_size=60))
def test_no_text_breaks_it_and_no_colleague_is_ever_proposed(lines: list[str]) -> None:
    forwarded = find_forwarded("\n".join(lines), OWN, came_at=MON_MAY_15)
    if forwarded:
        assert not is_colleague(forwarded.sender, OWN)
        assert forwarded.received_at is None or forwarded.received_at <= MON_MAY_15


@pytest.mark.parametrize(
    "text", ["From:" * 400_000, ">" * 2_000_000, "From: a\n" * 200_000, "a@" * 1_000_000, " " * 2_000_000]
)
def test_a_hostile_text_takes_no_more_than_a_moment(text: str) -> None:
    started = datetime.now(UTC)
    assert found(text) is None
    assert datetime.now(UTC) - started < timedelta(seconds=2)
