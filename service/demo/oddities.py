"""What else a shared mailbox gets, and sends: answers, machines, mailings, a bounce, mail that a person must look at,
and mail that officers sent by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, compat32
from email.utils import make_msgid

from mail.demo_mail import DemoMail

DESK = "foi@anytown.example"
TABLE = "site,collected,rejected\nMarket Square,412,31\nStation Road,388,12\nHarbour,291,47\n"


@dataclass(frozen=True, slots=True)
class Oddity:
    """A mail that came `days_ago` at `time`; `write` makes it, given the demo's mail, and None when it cannot be.

    What was sent `by_hand` from the shared mailbox went to `other`; anything else came from there.
    """

    days_ago: int
    time: str
    other: str
    write: Callable[[DemoMail], bytes | None]
    by_hand: bool = False


def _letter(sender: str, subject: str, text: str, to: str = DESK, **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)  # writes a long In-Reply-To as encoded words, as many a program's mail does
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = make_msgid(domain="example.com")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def _acknowledged(mail: DemoMail, address: str) -> dict[str, str]:
    """The threading headers of an answer to the last letter that an address had from us."""
    return _answers(mail.newest(address))


def _answers(letter: bytes | None) -> dict[str, str]:
    if letter is None:
        return {}
    name = message_from_bytes(letter, policy=compat32)["Message-ID"]
    return {"In_Reply_To": name, "References": name}


def chasing(mail: DemoMail) -> bytes:
    """A requester who answers our acknowledgement."""
    return _letter(
        "Chidi Okafor <chidi.okafor@example.org>",
        "Re: Procurement of the finance system",
        "Hello,\n\nThe date you gave me has passed. When will I hear from you?\n\nChidi Okafor\n",
        **_acknowledged(mail, "chidi.okafor@example.org"),
    ).as_bytes()


def out_of_office(mail: DemoMail) -> bytes:
    """A machine that answers our acknowledgement."""
    return _letter(
        "George Pemberton <george@example.com>",
        "Automatic reply: Fly-tipping prosecutions",
        "I am away until Monday and will read your message then.\n",
        Auto_Submitted="auto-replied",
        **_acknowledged(mail, "george@example.com"),
    ).as_bytes()


def with_a_table(_mail: DemoMail) -> bytes:
    """A request in HTML alone, with a file."""
    letter = _letter("Tess Moreau <tess.moreau@example.net>", "Recycling banks", "")
    letter.set_content(
        "<html><body><p>Dear team,</p><p>The table attached is from your website. Please bring it up to date for "
        "<b>2026</b>:</p><ol><li>collections for each site,</li><li>loads rejected for each site.</li></ol>"
        "<p>Tess Moreau</p></body></html>",
        subtype="html",
    )
    letter.add_attachment(TABLE.encode(), maintype="text", subtype="csv", filename="recycling banks 2025.csv")
    return letter.as_bytes()


def newsletter(_mail: DemoMail) -> bytes:
    """A mailing that nobody asked for."""
    return _letter(
        "Public Sector Weekly <news@weekly.example>",
        "This week: five webinars you should not miss",
        "Book now and save 20%. Read this in your browser. Unsubscribe at any time.\n",
        List_Unsubscribe="<https://weekly.example/unsubscribe>",
        List_Id="<news.weekly.example>",
        Precedence="bulk",
    ).as_bytes()


def stranger(_mail: DemoMail) -> bytes:
    """Somebody who quotes a reference that is not theirs."""
    return _letter(
        "A. Nonymous <somebody@elsewhere.example>",
        "FOI/26/14",
        "Please tell me what Siobhan was told about agency social workers.\n",
    ).as_bytes()


def two_senders(_mail: DemoMail) -> bytes:
    """A mail with two From headers, which no honest program writes (RFC 5322, 3.6)."""
    honest = _letter("Jo Marsh <jo@example.com>", "Contact list", "Please send me the contact list of all staff.\n")
    return b"From: Chief Executive <chief@anytown.example>\r\n" + honest.as_bytes()


def passed_on(mail: DemoMail) -> bytes:
    """A colleague who found somebody's request in another mailbox of the council."""
    sent = mail.now() - timedelta(days=8)
    return _letter(
        "Tom Hale <tom.hale@anytown.example>",
        "FW: Flood defences at the harbour",
        "Hi, I found this in the harbour office's mailbox after my leave. I think it is one for you.\n\nTom\n\n"
        "From: Ines Carvalho <ines.carvalho@example.org>\n"
        f"Sent: {sent.day} {sent:%B %Y} 09:41\n"
        "To: Harbour Office <harbour@anytown.example>\nSubject: Flood defences at the harbour\n\n"
        "Please send me the inspection reports of the flood gates at the harbour since 2022.\n\nInes Carvalho\n",
    ).as_bytes()


def bounced(mail: DemoMail) -> bytes | None:
    """A report that our acknowledgement could not be delivered (RFC 3464)."""
    letter = mail.newest("arthur.p@example.org")
    if letter is None:
        return None
    returned = letter.split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    return (
        "From: Mail Delivery System <mailer-daemon@mx.example.org>\r\n"
        f"To: {DESK}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        f"Message-ID: {make_msgid(domain='mx.example.org')}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered: mailbox full.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        "Final-Recipient: rfc822; arthur.p@example.org\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n\r\n--b--\r\n"
    ).encode()


def from_outlook(mail: DemoMail) -> bytes:
    """An officer's answer to a request, sent from the shared mailbox and not at the desk."""
    return _by_hand(
        "Ade Balogun <ade@example.org>",
        "Re: Council tax support scheme",
        "Dear Ade Balogun,\n\nThank you for your request under the Freedom of Information Act 2000. We hold the "
        "information, and here it is.\n\nIn 2025/26 we refused 1,204 applications for council tax support: 816 because "
        "the income was above the limit, 241 because savings were over 16,000 pounds, and 147 because papers that we "
        "had asked for did not come.\n\nYours sincerely,\nPriya Shah\n",
        **_answers(mail.newest_from("ade@example.org")),
    )


def to_whom(_mail: DemoMail) -> bytes:
    """A mail to somebody who has asked, which names no case and answers no mail."""
    return _by_hand(
        "Lucy Farrant <lucy.farrant@example.net>",
        "Your allotment",
        "Dear Lucy Farrant,\n\nThe site manager will ring you on Thursday about the gate.\n\nNia Howells\n",
    )


def _by_hand(to: str, subject: str, text: str, **headers: str) -> bytes:
    return _letter(f"Anytown FOI team <{DESK}>", subject, text, to, **headers).as_bytes()


ODDITIES = (
    Oddity(23, "07:58", "george@example.com", out_of_office),
    Oddity(14, "06:30", "news@weekly.example", newsletter),
    Oddity(11, "12:12", "tess.moreau@example.net", with_a_table),
    Oddity(4, "21:47", "chidi.okafor@example.org", chasing),
    Oddity(3, "02:15", "jo@example.com", two_senders),
    Oddity(2, "10:02", "somebody@elsewhere.example", stranger),
    Oddity(1, "18:20", "", bounced),
    Oddity(1, "18:45", "tom.hale@anytown.example", passed_on),
    Oddity(4, "16:20", "ade@example.org", from_outlook, by_hand=True),
    Oddity(2, "12:35", "lucy.farrant@example.net", to_whom, by_hand=True),
)
