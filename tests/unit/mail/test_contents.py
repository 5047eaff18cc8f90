"""Mail within mail, in whatever it was wrapped: its words are read, its files can be reached, the wrapping is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from mail.parse import Dissected, dissect
from mail.signed import NOT_CHECKED
from service.domain.forwarded import ENCLOSED, Forwarded
from service.domain.intake import judge
from service.domain.message import Address, IncomingMessage, Unreadable
from tests.unit.mail.outlook_files import moment, msg, stored_message, tnef, words
from tests.unit.mail.test_signed import sign

OWN = frozenset({"foi@borough.example"})
HARRIET = "Harriet Bell <h.bell@example.com>"
ASKED = "How many potholes were filled in Mill Lane in 2023?"
FRI_MAY_17_1502 = datetime(2024, 5, 17, 15, 2, tzinfo=UTC)
MON_JUN_3 = datetime(2024, 6, 3, 8, 30, tzinfo=UTC)
REQUEST = {
    0x0037: words("Potholes"),
    0x1000: words(ASKED),
    0x0C1A: words("Harriet Bell"),
    0x5D01: words("h.bell@example.com"),
    0x0E06: moment(FRI_MAY_17_1502),
}
FILES = [("plan.pdf", b"%PDF plan")]
ARMOUR = "-----BEGIN PGP MESSAGE-----\n\nhQEMA9\n=abcd\n-----END PGP MESSAGE-----\n"
ENVELOPED = bytes.fromhex("308006092a864886f70d010703a080") + b"rest"


def a_mail(
    text: str = "One for you.", sender: str = "Bob <bob@borough.example>", subject: str = "FW: x"
) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        sender,
        "foi@borough.example",
        subject,
        "<1@x.example>",
    )
    mail.set_content(text)
    return mail


def attach(mail: EmailMessage, data: bytes, kind: str, name: str) -> EmailMessage:
    mail.add_attachment(data, maintype=kind.partition("/")[0], subtype=kind.partition("/")[2], filename=name)
    return mail


def opened(raw: bytes | EmailMessage) -> tuple[IncomingMessage, dict[str, bytes]]:
    found: Dissected = dissect(raw if isinstance(raw, bytes) else raw.as_bytes(), OWN)
    assert isinstance(found.message, IncomingMessage), found.message
    return found.message, {file.name: file.data for file in found.files}


def refused(mail: EmailMessage | bytes) -> Unreadable:
    found = dissect(mail if isinstance(mail, bytes) else mail.as_bytes(), OWN).message
    assert isinstance(found, Unreadable), found
    return found


def inner_mail() -> EmailMessage:
    inner = a_mail(ASKED, HARRIET, "Potholes")
    inner["Received"] = "from a by b; Fri, 17 May 2024 16:02:00 +0100"
    return attach(inner, b"%PDF plan", "application/pdf", "plan.pdf")


def as_rfc822() -> EmailMessage:
    outer = a_mail()
    outer.add_attachment(inner_mail())
    return outer


def as_rfc822_twice() -> EmailMessage:
    outer = a_mail()
    outer.add_attachment(as_rfc822())
    return outer


def as_unnamed_type() -> EmailMessage:
    return attach(a_mail(), inner_mail().as_bytes(), "application/octet-stream", "Potholes.eml")


def as_msg() -> EmailMessage:
    return attach(a_mail(), msg(REQUEST, FILES), "application/vnd.ms-outlook", "Potholes.msg")


def as_msg_in_msg() -> EmailMessage:
    between = {0x0037: words("FW: Potholes"), 0x0C1A: words("Bob"), 0x5D01: words("bob@borough.example")}
    inner = stored_message(REQUEST, FILES)
    return attach(a_mail(), msg(between, inner=[inner]), "application/octet-stream", "forwarded.msg")


def as_winmail() -> EmailMessage:
    return attach(a_mail(), tnef({}, inner=[tnef(REQUEST, FILES)]), "application/ms-tnef", "winmail.dat")


WRAPPINGS = (as_rfc822, as_rfc822_twice, as_unnamed_type, as_msg, as_msg_in_msg, as_winmail)


@pytest.mark.parametrize("wrap", WRAPPINGS)
def test_a_request_in_any_wrapping_can_be_read_and_its_files_and_the_wrapping_are_there(
    wrap: Callable[[], EmailMessage],
) -> None:
    message, files = opened(wrap())
    assert message.text.startswith("One for you.")
    assert ENCLOSED in message.text
    assert ASKED in message.text
    assert "Subject: Potholes" in message.text
    assert files["plan.pdf"] == b"%PDF plan"
    assert len(files) == (3 if wrap is as_rfc822_twice else 2)


@pytest.mark.parametrize("wrap", WRAPPINGS)
def test_who_asked_and_when_is_proposed_from_any_wrapping(wrap: Callable[[], EmailMessage]) -> None:
    verdict = judge(opened(wrap())[0], OWN, MON_JUN_3)
    assert not verdict.acknowledge
    assert verdict.forwarded == Forwarded(Address("Harriet Bell", "h.bell@example.com"), "Potholes", FRI_MAY_17_1502)


ADDRESS = "&lt;<a href='mailto:h.bell@example.com'>h.bell@example.com</a>&gt;"
HTML = {
    "Outlook": f"<p>Yours?</p><div style='border-top:solid'><p><b><span>From:</span></b> Harriet Bell {ADDRESS}<br>"
    f"<b>Sent:</b> 17 May 2024 16:02<br><b>To:</b> Planning<br><b>Subject:</b> Potholes</p></div><p>{ASKED}</p>",
    "Gmail": f"<div class='gmail_quote'><div>---------- Forwarded message ---------<br>From: <b>Harriet Bell</b> "
    f"<span>{ADDRESS}</span><br>Date: Fri, 17 May 2024 at 16:02<br>Subject: Potholes<br></div><br><br>{ASKED}</div>",
    "Thunderbird": "<div>-------- Forwarded Message --------<table><tr><th>Subject: </th><td>Potholes</td></tr><tr>"
    "<th>Date: </th><td>Fri, 17 May 2024 16:02:00 +0100</td></tr><tr><th>From: </th><td>Harriet Bell "
    f"{ADDRESS}</td></tr></table><br>{ASKED}</div>",
    "Apple": "<blockquote type='cite'><div>Begin forwarded message:</div><br><div><b>From: </b><span>Harriet Bell "
    f"{ADDRESS}</span></div><div><b>Subject: </b><b>Potholes</b></div><div><b>Date: </b>17 May 2024 at 16:02:00 BST"
    f"</div><br><div>{ASKED}</div></blockquote>",
}


@pytest.mark.parametrize("program", HTML)
def test_who_asked_is_proposed_from_html_as_well(program: str) -> None:
    mail = a_mail()
    mail.set_content(f"<html><body>{HTML[program]}</body></html>", subtype="html")
    verdict = judge(opened(mail)[0], OWN, MON_JUN_3)
    assert verdict.forwarded == Forwarded(Address("Harriet Bell", "h.bell@example.com"), "Potholes", FRI_MAY_17_1502)


def test_outlooks_winmail_dat_gives_back_the_mails_own_words_and_files() -> None:
    mail = attach(a_mail("", HARRIET, "Potholes"), tnef(REQUEST, FILES), "application/ms-tnef", "winmail.dat")
    message, files = opened(mail)
    assert message.text == ASKED
    assert sorted(files) == ["plan.pdf", "winmail.dat"]
    assert judge(message, OWN).acknowledge


def test_words_that_stand_in_the_mail_are_not_repeated_from_its_winmail_dat() -> None:
    mail = attach(a_mail(ASKED, HARRIET), tnef(REQUEST, FILES), "application/octet-stream", "winmail.dat")
    message, files = opened(mail)
    assert message.text == ASKED
    assert "plan.pdf" in files


def signed_mail(entity: bytes) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = HARRIET, "foi@borough.example", "x", "<2@x.example>"
    mail.set_content(
        sign(entity), "application", "pkcs7-mime", filename="smime.p7m", params={"smime-type": "signed-data"}
    )
    return mail


def test_a_mail_signed_opaquely_is_read_and_says_that_its_signature_was_not_checked() -> None:
    whole = attach(a_mail(ASKED, HARRIET), b"%PDF plan", "application/pdf", "plan.pdf")
    message, files = opened(signed_mail(whole.as_bytes()))
    assert message.text == f"{ASKED}\n\n{NOT_CHECKED}"
    assert sorted(files) == ["plan.pdf", "smime.p7m"]
    assert judge(message, OWN).acknowledge


def test_an_invitation_says_what_and_when() -> None:
    mail = a_mail("Join us", HARRIET)
    mail.add_attachment("BEGIN:VEVENT\nSUMMARY:Viewing\nDTSTART:20240603T090000Z\nEND:VEVENT", subtype="calendar")
    message, files = opened(mail)
    assert message.text.endswith("---------- Invitation ----------\nWhat: Viewing\nWhen: Monday 3 June 2024, 10:00")
    assert len(files) == 1


def pgp_mime() -> bytes:
    head = f"From: {HARRIET}\r\nSubject: Potholes\r\nMessage-ID: <3@x.example>\r\nMIME-Version: 1.0\r\n"
    kind = 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n'
    parts = "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    return f"{head}{kind}{parts}--b\r\nContent-Type: application/octet-stream\r\n\r\n{ARMOUR}\r\n--b--\r\n".encode()


def enveloped(text: str) -> EmailMessage:
    return attach(a_mail(text, HARRIET, "Potholes"), ENVELOPED, "application/pkcs7-mime", "smime.p7m")


def rights_managed() -> EmailMessage:
    link = "<https://outlook.office365.com/Encryption/retrieve.ashx?" + "x" * 500 + ">"
    mail = a_mail(f"Harriet Bell has sent you a protected message.\n\nRead the message {link}", HARRIET, "Potholes")
    return attach(mail, b"\x76\xe8\x04\x60", "application/x-microsoft-rpmsg-message", "message.rpmsg")


@pytest.mark.parametrize(
    "mail",
    [
        pgp_mime(),
        enveloped("This mail came from outside the council. Take care."),
        signed_mail(enveloped("").as_bytes()),
        a_mail(f"Hello,\n\n{ARMOUR}\nKind regards", HARRIET, "Potholes"),
        rights_managed(),
    ],
    ids=["PGP/MIME", "S/MIME under a banner", "signed and encrypted", "PGP in the text", "rights management"],
)
def test_encrypted_mail_waits_for_a_person_and_says_what_to_do(mail: EmailMessage | bytes) -> None:
    message = refused(mail)
    assert "is encrypted" in message.reason
    assert "make a case by hand" in message.reason
    assert message.sender == Address("Harriet Bell", "h.bell@example.com")


@pytest.mark.parametrize("mail", [enveloped(ASKED * 10), a_mail(ASKED * 10 + "\n" + ARMOUR, HARRIET)])
def test_a_request_with_an_encrypted_part_beside_it_is_a_case_that_a_person_looks_at(mail: EmailMessage) -> None:
    message, _ = opened(mail)
    assert "a part of it is encrypted" in message.concerns
    assert not judge(message, OWN).acknowledge


@pytest.mark.parametrize(
    ("data", "kind", "name"),
    [
        (msg(REQUEST)[:900], "application/vnd.ms-outlook", "broken.msg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "application/vnd.ms-outlook", "empty.msg"),
        (tnef(REQUEST)[:100], "application/ms-tnef", "winmail.dat"),
        (b"\x30\x80broken", "application/pkcs7-mime", "smime.p7m"),
        (b"no mail at all", "application/octet-stream", "note.eml"),
        (b"BEGIN:VCALENDAR", "text/calendar", "empty.ics"),
    ],
)
def test_what_cannot_be_opened_stays_the_file_it_is(data: bytes, kind: str, name: str) -> None:
    message, files = opened(attach(a_mail(ASKED, HARRIET), data, kind, name))
    assert message.text == ASKED
    assert files == {name: data}


def test_many_messages_within_messages_take_no_more_than_a_moment() -> None:
    mail = a_mail()
    for number in range(60):
        attach(
            mail, msg(REQUEST, [(f"{at}.txt", b"x") for at in range(30)]), "application/vnd.ms-outlook", f"{number}.msg"
        )
    started = datetime.now(UTC)
    message, files = opened(mail)
    assert datetime.now(UTC) - started < timedelta(seconds=4)
    assert message.text.count(ENCLOSED) == 20
    assert len(files) == 60 + 20 * 30
