"""What a row of the outbox becomes: one intended list of headers, whatever the requester's words hold."""

import random
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import default
from typing import Any

import pytest

from mail.compose import MOST_REFERENCES, OWN_HEADER, LetterUnsendable, compose, shorten_references, wire_address
from service.store.tables import Letter

THU_APR_4 = datetime(2024, 4, 4, 14, 5, tzinfo=UTC)
ALWAYS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    OWN_HEADER,
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
]

INJECTIONS = (
    "Re: A 💩 subject =?UTF-8?Q?=0A?=Bcc: injected@example.com",  # CVE-2024-6923, live on CPython 3.11.7
    "plain =?UTF-8?Q?=0D=0A?=Bcc: injected@example.com",
    "=?utf-8?b?DQpCY2M6IGluamVjdGVkQGV4YW1wbGUuY29t?=",
    "=?==?UTF-8?Q?=0A?=?=Bcc: nested@example.com",
    "subject\r\nBcc: injected@example.com",
    "subject\nBcc: injected@example.com",
    "subject\rBcc: injected@example.com",
    "subject\r\n\r\nA body of mine",
    "subject\x0bBcc: a@example.com\x0cBcc: b@example.com",
    "subject\x1cBcc: a@example.com\x1dBcc: b@example.com\x1eBcc: c@example.com",
    "subject\x85Bcc: injected@example.com",
    "subject\u2028Bcc: injected@example.com\u2029Bcc: injected@example.com",
    "subject\x00Bcc: injected@example.com",
    "subject\ud83dBcc: injected@example.com",
    "é\r\n Bcc: folded@example.com",
    "\r\nBcc: injected@example.com",
    "é" * 70 + "\nBcc: injected@example.com",
    "x" * 5000 + "\nBcc: injected@example.com",
    '"; Bcc: injected@example.com\\',
    "a <b@example.com>, c <d@example.com>",
)


def a_letter(**changes: Any) -> Letter:
    words: dict[str, Any] = {
        "id": 7,
        "kind": "acknowledgement",
        "recipient_name": "Harriet Bell",
        "recipient_address": "h.bell@example.com",
        "recipient_key": "h.bell@example.com",
        "subject": "[01.FOI.24.000001] Acknowledgement: Potholes",
        "body": "Dear Harriet Bell,\n\nThank you.\n",
        "message_id": "<acknowledgement.abc.0123456789abcdef0123@anytown.example>",
        "created_at": THU_APR_4,
    }
    return Letter(**(words | changes))


def composed(sender_name: str = "Anytown Borough Council", **changes: Any) -> bytes:
    return compose(a_letter(**changes), sender_name=sender_name, sender_address="foi@anytown.example", secret=b"secret")


def read(raw: bytes) -> Message:
    return message_from_bytes(raw)


def words_of(message: Message, name: str) -> str:
    return str(make_header(decode_header(message[name])))


def body_of(raw: bytes) -> str:
    payload = read(raw).get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("place", ["subject", "recipient_name", "sender_name"])
def test_no_words_of_a_requester_become_a_header(place: str, text: str) -> None:
    raw = composed(**{place: text})
    assert read(raw).keys() == ALWAYS
    assert message_from_bytes(raw, policy=default).keys() == ALWAYS  # what a modern reader makes of it
    assert raw.split(b"\r\n\r\n", 1)[1].startswith(b"Dear Harriet Bell,")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")


def test_any_jumble_of_dangerous_characters_leaves_the_headers_as_intended() -> None:
    dice = random.Random(20240404)
    pieces = [
        "=?",
        "?=",
        "UTF-8",
        "?Q?",
        "=0A",
        "\r",
        "\n",
        "é",
        " ",
        "Bcc: x@example.com",
        "\u2028",
        "\x00",
        "\udc80",
        ":",
        '"',
        "\\",
        "💩",
    ]
    for _ in range(500):
        text = "".join(dice.choices(pieces, k=dice.randint(1, 40)))
        assert read(composed(subject=text, recipient_name=text)).keys() == ALWAYS


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com>\r\nBcc: x@example.com",
        "a@example.com, b@example.com",
        "a b@example.com",
        "a@example.com\n",
        "no-at-sign",
        "@example.com",
        "a@",
        "<a@example.com>",
        "a\x00@example.com",
        "x" * 250 + "@example.com",
        'a"b@example.com',
        "",
    ],
)
def test_what_is_no_address_is_not_written_to(address: str) -> None:
    with pytest.raises(LetterUnsendable) as refused:
        composed(recipient_address=address)
    assert not address or address not in str(refused.value)


@pytest.mark.parametrize("field", ["message_id", "automatic"])
def test_a_header_that_would_not_read_back_is_never_sent(field: str) -> None:
    with pytest.raises(LetterUnsendable):
        composed(**{field: "x\r\nBcc: injected@example.com"})
    with pytest.raises(LetterUnsendable):
        composed(**{field: "x\r\n\r\nno header any more"})


def test_the_same_row_gives_the_same_bytes() -> None:
    assert composed() == composed()
    assert composed(message_id="<other.abc.1@anytown.example>") != composed()


def test_a_letter_says_when_it_was_written_and_not_when_it_is_sent() -> None:
    message = read(composed())
    assert message["Date"] == "Thu, 04 Apr 2024 14:05:00 +0000"
    assert message["Message-ID"] == "<acknowledgement.abc.0123456789abcdef0123@anytown.example>"
    assert message["Disposition-Notification-To"] is None


def test_an_automatic_letter_asks_machines_not_to_answer() -> None:
    message = read(composed(automatic="auto-replied"))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_an_officers_letter_does_not_claim_to_be_automatic() -> None:
    message = read(composed())
    assert "Auto-Submitted" not in message and "X-Auto-Response-Suppress" not in message


def test_the_subject_and_the_names_arrive_as_written() -> None:
    message = read(
        composed(
            subject="Żółć: 5 × 5 straße " * 4, recipient_name="Žofie, Nováková", sender_name='The "FOI" Team, Anytown'
        )
    )
    assert words_of(message, "Subject") == " ".join(("Żółć: 5 × 5 straße " * 4).split())
    assert words_of(message, "To") == "Žofie, Nováková <h.bell@example.com>"
    assert message_from_bytes(composed(sender_name='The "FOI" Team, Anytown'), policy=default)["From"].addresses[
        0
    ].display_name == ('The "FOI" Team, Anytown')


def test_a_subject_is_cut_at_150_characters() -> None:
    subject = words_of(read(composed(subject="é" * 400)), "Subject")
    assert len(subject) == 150 and subject.endswith("…")


@pytest.mark.parametrize(
    "body",
    [
        "Dear Ann,\n\n.a dot first\n..two\nFrom here\ntrailing space \ttab\t\n=3D equals\n",
        "x" * 5000 + "\n",
        "Zażółć gęślą jaźń 💩\n" * 50,
        "no newline at the end",
        "\n\nempty lines first\n\n\n",
    ],
)
def test_the_body_arrives_as_written_in_short_lines_of_ascii(body: str) -> None:
    raw = composed(body=body)
    assert body_of(raw) == body.rstrip("\n") + "\n"
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 78


def test_control_characters_do_not_leave_in_a_body() -> None:
    assert body_of(composed(body="a\x00b\x1b[31mc\ud83d\r\nd\te")) == "ab[31mc\nd\te\n"


def test_an_answer_names_what_it_answers() -> None:
    message = read(composed(in_reply_to="<2@example.com>", references="<1@example.com> <2@example.com>"))
    assert message["In-Reply-To"] == "<2@example.com>"
    assert message["References"].split() == ["<1@example.com>", "<2@example.com>"]


@pytest.mark.parametrize(
    "broken", ["<a b@c>", "<a@b>\r\nBcc: x@example.com", "no brackets", "<é@example.com>", "<" + "a" * 2000 + "@b>"]
)
def test_an_identifier_that_is_none_is_left_out(broken: str) -> None:
    message = read(composed(in_reply_to=broken, references=broken.partition("\r")[0] if "Bcc" not in broken else ""))
    assert "In-Reply-To" not in message and "References" not in message and "Bcc" not in message


def test_a_long_thread_keeps_its_first_and_its_last_identifiers() -> None:
    thread = [f"<{number}.{'x' * 60}@example.com>" for number in range(100)]
    raw = composed(references=" ".join(thread))
    kept = read(raw)["References"].split()
    assert kept[0] == thread[0] and kept[1:] == thread[-len(kept) + 1 :] and len(kept) > 8
    header = raw[raw.index(b"References:") : raw.index(OWN_HEADER.encode())]
    assert len(header) <= MOST_REFERENCES


def test_no_references_are_none() -> None:
    assert shorten_references([]) == []


def test_an_international_domain_goes_out_in_ascii_and_an_international_name_as_it_is() -> None:
    assert wire_address("ann@bücher.example") == "ann@xn--bcher-kva.example"
    raw = composed(recipient_address="żółć@bücher.example")
    assert "<żółć@xn--bcher-kva.example>".encode() in raw


def test_our_letters_are_marked_as_ours_by_a_seal_that_differs_from_letter_to_letter() -> None:
    mark = read(composed())[OWN_HEADER]
    assert mark and mark != read(composed(message_id="<b.c.1@anytown.example>"))[OWN_HEADER]
