"""Reading raw bytes: what a message says, who sent it and what came with it, and what we refuse to guess."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.frames import read_message, write_message
from mail.parse import dissect, parse
from service.domain.message import Address, IncomingMessage, Unreadable

CORPUS = Path(__file__).parents[2] / "corpus"
OWN = frozenset({"foi@borough.example"})
THU_MAY_18_2023 = datetime(2023, 5, 18, 9, 15, tzinfo=UTC)
LONG = 2.0  # seconds: far more than any of these mails takes


def read(name: str) -> IncomingMessage:
    message = parse((CORPUS / f"{name}.eml").read_bytes(), OWN)
    assert isinstance(message, IncomingMessage)
    return message


def mail(*lines: str, body: str = "Please send me the minutes.", sender: str = "Jo <jo@residents.example>") -> bytes:
    return "\r\n".join([f"From: {sender}", *lines, "", body]).encode()


def parsed(raw: bytes) -> IncomingMessage:
    message = parse(raw)
    assert isinstance(message, IncomingMessage)
    return message


def refused(raw: bytes) -> Unreadable:
    message = parse(raw)
    assert isinstance(message, Unreadable)
    return message


def test_an_ordinary_request_is_read_whole() -> None:
    message = read("request_plain")
    assert message.subject == "Pothole repairs since 2019"
    assert message.sender == Address("Ann Example", "ann@residents.example")
    assert message.to == (Address("FOI Team", "foi@borough.example"),)
    assert message.message_id == "<potholes-1@residents.example>"
    assert message.text.startswith("Dear Borough,\n\nPlease send me")
    assert "(in £)" in message.text
    assert message.gateway_at == datetime(2023, 5, 18, 9, 15, 30, tzinfo=UTC)
    assert message.sent_at == THU_MAY_18_2023
    assert not message.concerns
    assert not message.automatic


def test_an_encoded_name_with_a_comma_is_one_sender() -> None:
    assert read("request_html_only").sender == Address("Snær, Björn", "bjorn@residents.example")


def test_encoded_words_of_two_kinds_are_joined() -> None:
    assert read("request_html_only").subject == "Request: benches – parks"


def test_a_letter_split_over_two_encoded_words_is_whole() -> None:
    assert parsed(mail("Subject: =?utf-8?q?caf=C3?= =?utf-8?q?=A9?= hours")).subject == "café hours"


def test_html_alone_gives_text_and_safe_html() -> None:
    message = read("request_html_only")
    assert message.text.startswith("Please send me the list of benches.\n\n* north\n* south")
    assert "the map <https://example.org/map>" in message.text
    assert "alert" not in message.text
    for unsafe in ("<img", "script", "javascript", "style", "color:red"):
        assert unsafe not in message.html
    assert 'href="https://example.org/map"' in message.html


def test_all_inline_texts_are_joined_in_order() -> None:
    message = read("request_apple_parts")
    assert message.text == "First part, before the file.\n\nSecond part, after it."
    assert [file.name for file in message.attachments] == ["hours.pdf"]


def test_html_nested_three_hundred_deep_still_has_its_words() -> None:
    body = "<div>" * 300 + "Please send me the bin data" + "</div>" * 300
    assert parsed(mail("Content-Type: text/html", body=body)).text == "Please send me the bin data"


def test_of_alternatives_the_plain_one_is_the_text() -> None:
    body = "--a\r\n\r\nplain\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--a--"
    message = parsed(mail("Content-Type: multipart/alternative; boundary=a", body=body))
    assert (message.text, message.html) == ("plain", "<p>rich</p>")


def test_an_empty_plain_alternative_gives_way_to_the_html() -> None:
    body = "--a\r\n\r\n \r\n--a\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--a--"
    assert parsed(mail("Content-Type: multipart/alternative; boundary=a", body=body)).text == "rich"


def test_hostile_file_names_are_made_safe_and_told_apart() -> None:
    assert [file.name for file in read("request_hostile_names").attachments] == [
        "passwd",
        "evil.exe",
        "_CON.txt",
        "invoicefdp.exe",
        "Prüfung Bericht.doc",
        "für alle.txt",
        "notes.txt",
        "NOTES (2).txt",
    ]


def test_a_file_is_handed_over_decoded_with_its_size_and_digest() -> None:
    found = dissect((CORPUS / "request_apple_parts.eml").read_bytes())
    assert isinstance(found.message, IncomingMessage)
    assert found.files[0].data == b"%PDF-1.4\n"
    assert found.message.attachments[0].size == 9


def test_an_enclosed_message_is_kept_from_the_raw_bytes_and_its_files_are_reachable() -> None:
    raw = (CORPUS / "request_forwarded_inside.eml").read_bytes()
    found = dissect(raw, OWN)
    enclosed, pdf = found.files
    assert enclosed.name == "Request  tree orders.eml"
    assert enclosed.data in raw
    assert enclosed.data.startswith(b"Received: from a.example")
    assert pdf.name == "trees.pdf"
    assert isinstance(found.message, IncomingMessage)
    assert "Please provide all tree preservation orders." in found.message.text
    head = "From: Eve Example <eve@residents.example>\nReceived: Tue, 16 May 2023 09:00:00 +0100\n"
    assert f"---------- Enclosed message ----------\n{head}" in found.message.text


def test_a_uuencoded_scan_becomes_a_file() -> None:
    found = dissect((CORPUS / "scanner_uuencoded.eml").read_bytes())
    assert isinstance(found.message, IncomingMessage)
    assert found.message.text == "Please find the scan.\n[file: letter.txt]\nKind regards"
    assert found.files[0].data == b"Hello, world!"


def test_words_that_only_look_like_uuencoding_stay_in_the_text() -> None:
    assert "begin 644 of the road" in parsed(mail(body="begin 644 of the road\r\nworks, please")).text


def test_a_missing_message_id_is_made_from_the_bytes() -> None:
    message = parsed(mail())
    assert message.made_up_id
    assert message.message_id == parsed(mail()).message_id != parsed(mail(body="other")).message_id


def test_an_odd_message_id_is_kept() -> None:
    assert parsed(mail("Message-ID: <[abc@microsoft.example]>")).message_id == "<[abc@microsoft.example]>"


def test_references_keep_their_brackets_and_order() -> None:
    message = parsed(mail("In-Reply-To: <b@x>", "References: <a@x>\r\n\t<b@x> garbage <a@x>"))
    assert (message.in_reply_to, message.references) == (("<b@x>",), ("<a@x>", "<b@x>"))


def test_nuls_and_control_characters_are_gone() -> None:
    message = parsed(mail("Subject: a\0b =?utf-8?q?=00c=0D=0ABcc:_x?=", body="d\0e\x1b[31m\x08f"))
    assert message.subject == "ab c Bcc: x"
    assert message.text == "de[31mf"


def test_a_date_that_is_none_is_none() -> None:
    for text in ("yesterday", "Mon, 30 Jun 99999 10:00:00 +0000", "Mon, 2 Nov 2026 29:00:00 +9999", ""):
        assert parsed(mail(f"Date: {text}")).sent_at is None


def test_a_long_subject_ends_in_an_ellipsis() -> None:
    subject = parsed(mail("Subject: " + "x" * 2000)).subject
    assert len(subject) == 500
    assert subject.endswith("…")


@pytest.mark.parametrize(
    ("label", "data", "words"),
    [
        ("iso-8859-1", b"caf\xe9 \x96 5 \x80", "café – 5 €"),
        ("iso-8859-1", "café".encode(), "café"),
        ("us-ascii", b"caf\xe9", "café"),
        ("x-unknown", "café".encode(), "café"),
        ('""', "café".encode(), "café"),
        ("gb2312", "朱镕基".encode("gb18030"), "朱镕基"),
        ("ks_c_5601-1987", "안녕".encode("cp949"), "안녕"),
        ("utf-16", "Bins £".encode("utf-16"), "Bins £"),
        ("idna", b"plain", "plain"),
    ],
)
def test_a_charset_is_read_as_it_is_meant(label: str, data: bytes, words: str) -> None:
    raw = f"From: jo@x.example\r\nContent-Type: text/plain; charset={label}\r\n\r\n".encode() + data
    assert parsed(raw).text == words


def test_a_long_text_in_an_undeclared_charset_is_recognised() -> None:
    words = "Прошу предоставить сведения о расходах на ремонт дорог. " * 10
    assert "расходах" in parsed(b"From: jo@x.example\r\n\r\n" + words.encode("koi8_r")).text


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_line_endings_of_every_kind_are_read(newline: bytes) -> None:
    raw = mail("Subject: endings", body="one\r\ntwo").replace(b"\r\n", newline)
    message = parsed(raw)
    assert message.subject == "endings"
    assert message.text.split() == ["one", "two"]


def test_a_byte_order_mark_and_an_mbox_line_are_passed_over() -> None:
    raw = b"\xef\xbb\xbfFrom jo@x Thu May 18 10:00:00 2023\n" + mail("Subject: marked")
    assert parsed(raw).subject == "marked"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (b"just words\r\nand more\r\n", "not a mail's header"),
        (b"Received: x\r\nquite wrong\r\nFrom: a@b.example\r\n\r\nx", "not a mail's header"),
        (b"Subject: nobody\r\n\r\nx", "who sent it"),
        (b"From: nobody\r\n\r\nx", "who sent it"),
        (mail("From: other@x.example"), "twice"),
        (mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data"), "encrypted"),
        (mail("Content-Type: multipart/encrypted; boundary=x", body="--x\r\n\r\nVersion: 1\r\n--x--"), "encrypted"),
        (mail(body="-----BEGIN PGP MESSAGE-----\r\n\r\nabc"), "encrypted"),
    ],
)
def test_what_cannot_be_read_says_why(raw: bytes, words: str) -> None:
    assert words in refused(raw).reason


def test_the_notice_in_place_of_a_message_says_to_open_outlook() -> None:
    message = refused((CORPUS / "exchange_stub.eml").read_bytes())
    assert "Outlook" in message.reason


def test_an_unreadable_message_still_says_who_sent_it() -> None:
    message = refused(mail("Subject: secret", "Content-Type: multipart/encrypted; boundary=x"))
    assert (message.subject, message.sender) == ("secret", Address("Jo", "jo@residents.example"))


def test_words_inside_an_opaquely_signed_file_are_for_a_person_to_open() -> None:
    lines = ('Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',)
    message = parsed(mail(*lines, "Content-Transfer-Encoding: base64", body="MIIB"))
    assert message.concerns == ("its words are inside a file that only Outlook opens",)


def nested(depth: int) -> bytes:
    lines = ["From: jo@x.example", "Subject: deep"]
    for level in range(depth):
        lines += [f"Content-Type: multipart/mixed; boundary=b{level}", "", f"--b{level}"]
    return "\r\n".join([*lines, "", "words"]).encode()


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        (nested(15), True),
        (nested(3000), False),
        (mail("Content-Type: multipart/mixed; boundary=b", body="--b\r\n\r\nx\r\n" * 20000), False),
        (mail("To: " + '"' * 100_000), True),
        (mail("To: " + "(" * 10_000), True),
        (mail("Cc: " + "=?utf-8?q?" * 10_000), True),
        (mail("Subject: " + "=?utf-8?b?" + "A" * 500_000 + "?="), True),
        (mail(*(f"X-{n}: {'y' * 500}" for n in range(5000))), True),
        (mail("Content-Type: text/plain; " + "a=1;" * 100_000), True),
        (mail("Content-Type: text/plain; name*"), True),
        (mail("Message-ID: <" + "x" * 50_000), True),
        (mail("References: " + "<a@b>" * 20_000), True),
        (mail("Content-Type: text/html", body="<" * 300_000), True),
        (mail("Content-Type: text/html", body="<div>" * 20_000 + "x"), True),
        (mail("Content-Transfer-Encoding: base64", body="=" * 300_000), True),
        (mail(body="begin 644 x\r\n" * 20_000), True),
    ],
)
def test_a_hostile_mail_is_done_with_quickly(raw: bytes, readable: bool) -> None:
    started = perf_counter()
    assert isinstance(parse(raw), IncomingMessage) is readable
    assert perf_counter() - started < LONG


def test_a_hostile_recipient_field_does_not_hide_the_sender() -> None:
    message = parsed(mail("To: " + '"' * 100_000, "Subject: quotes"))
    assert message.sender.address == "jo@residents.example"
    assert message.concerns == ("its header is longer than is read",)


@given(st.binary(max_size=2000))
def test_no_bytes_make_the_parser_raise(raw: bytes) -> None:
    parse(raw)


FIELDS = st.sampled_from(
    ["From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Content-Disposition", "Received"]
)
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"multipart/mixed; boundary=b", b"multipart/report; boundary=b", b"text/html", b"message/rfc822"]),
    st.sampled_from([b"base64", b"quoted-printable", b"x-uuencode", b"jo@x.example", b"=?utf-8?q?=00?=", b"<>"]),
    st.text(alphabet='=?*"<>()@,;:%\\ \tabé', max_size=40).map(str.encode),
)
BODIES = st.lists(
    st.sampled_from([b"--b\n", b"--b--\n", b"\n", b"Content-Type: text/html\n", b"<p>x", b"begin 644 f\n"])
)


@given(st.lists(st.tuples(FIELDS, VALUES), max_size=8), BODIES)
def test_no_header_makes_the_parser_raise_or_leaves_control_characters(
    fields: list[tuple[str, bytes]], body: list[bytes]
) -> None:
    head = b"".join(name.encode() + b": " + value.replace(b"\n", b" ") + b"\n" for name, value in fields)
    message = parse(b"From: jo@x.example\n" + head + b"\n" + b"".join(body))
    if isinstance(message, IncomingMessage):
        written = (message.subject, message.text, message.sender.name, *(file.name for file in message.attachments))
        assert not any(c < " " and c not in "\n\t" for words in written for c in words)


def test_an_identifier_written_as_encoded_words_is_read() -> None:
    answer = EmailMessage(policy=SMTP)
    name = f"<acknowledgement.{'a' * 40}.{'b' * 40}@anytown.example>"
    answer["From"], answer["In-Reply-To"] = "Jo <jo@residents.example>", name
    answer.set_content("Thank you.")
    assert b"=?" in answer.as_bytes()
    assert parsed(answer.as_bytes()).in_reply_to == (name,)


PLAIN, RICH = b"Content-Type: text/plain\n\napprove\n", b"Content-Type: text/html\n\n<p>approve</p>\n"


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (PLAIN, True),
        (RICH, False),
        (b"Content-Type: text/plain\n\nappr\x00ove\n", False),
        (b"Content-Type: text/plain; name=a.txt\n\napprove\n", False),
        (b"Content-Type: multipart/alternative; boundary=b\n\n--b\n" + PLAIN + b"--b\n" + RICH + b"--b--\n", True),
        (b"Content-Type: multipart/alternative; boundary=b\n\n--b\n" + RICH + b"--b--\n", False),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + RICH + b"--b\n" + PLAIN + b"--b--\n", False),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n" + PLAIN + b"--b--\n",
            False,
        ),
    ],
)
def test_only_words_sent_as_plain_text_are_told_as_such(body: bytes, plain: bool) -> None:
    read = parse(b"From: Sam <sam@anytown.example>\nSender: pat@anytown.example\nMIME-Version: 1.0\n" + body)
    assert isinstance(read, IncomingMessage)
    assert (read.plain, [one.address for one in read.submitters]) == (plain, ["pat@anytown.example"])
    assert read_message(json.loads(json.dumps(write_message(read)))) == read


def test_an_address_with_something_hidden_in_it_is_not_taken_at_its_look() -> None:
    read = parse("From: Sam <sa\u200em@anytown.example>\n\napprove\n".encode())
    assert isinstance(read, IncomingMessage)
    assert (read.sender.address, read.plain) == ("sam@anytown.example", False)
