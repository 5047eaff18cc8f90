"""One request from its mail to its answer, as an officer, an approver and the requester meet it in a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

from pdfminer.high_level import extract_text
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from playwright.sync_api import Browser, Page, expect

from tests.integration.dovecot import Dovecot
from tests.integration.polling import a_mail
from tests.system.conftest import Sink
from tests.system.installation import OFFICER, OFFICER_PASSWORD, Installation, until

APPROVER, APPROVER_PASSWORD = "priya@anytown.example", "an early morning"
REQUEST = """Dear Sir or Madam,

This follows a request of mine from last year, and asks for what has changed since. Please treat it as a new one.

By "number plate reading" I mean any automatic comparison of a plate with a list, and by "trial" any use on the public
or within the force. Please may you provide me with:

1/ How many trials of number plate reading took place from fixed cameras in your area since 1 January 2023, where, and
at what cost.

2/ Any information on trials of similar technology that recognises people by the way they walk or by their ears.

3/ If any trials of either 1 or 2 have been carried out since January 2023, please confirm the number of arrests and
of stop and searches that resulted from them.

4/ A copy of any internal policy on the use of these technologies

I do not need emails or minutes of meetings.

Yours faithfully,
Person 1
"""
LINK = "https://www.anytown.example/transparency/number-plate-reading"
HARM = (
    "Confirming or denying whether information on recognising people by their walk or ears is held would tell "
    "those who plan offences which means of detection to avoid. If such means were in use, offenders would change "
    "their conduct; if they were not, offenders would know that they need not."
)
FOR = (
    "Confirming or denying would show the public whether money is spent on new ways to recognise people, and would "
    "inform the debate on surveillance."
)
AGAINST = (
    "Confirming or denying would let those who commit crime map which means of detection exist, to the harm of "
    "its prevention and detection, and of the people whom it protects."
)
CONCLUSION = (
    "The interest in neither confirming nor denying is the weightier: the debate is served by what is published on "
    "number plate reading, while the harm to the detection of crime from confirming or denying could not be undone."
)
RETURNED = "Please thank them for narrowing it down."
THANKS = "Thank you for saying what you do not need."


@contextmanager
def _window(chromium: Browser, url: str, email: str, password: str) -> Iterator[Page]:
    """The window of somebody who has signed in."""
    context = chromium.new_context(base_url=url)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("main button")
    page.wait_for_url("**/list/mine")
    yield page
    context.close()


def _decide(page: Page, decision: str, **fields: str) -> None:
    """Record a decision on the question whose page is open, and go where the desk leads."""
    page.check(f"input[name=decision][value='{decision}']")
    limbs = {name: words for name, words in fields.items() if name.startswith("citation_")}
    for name, citation in limbs.items():
        page.select_option(f"#{name.replace('_', '-')}", citation)
        page.click("button:has-text('Show what these limbs need')")
    for name, words in fields.items():
        if name not in limbs:
            page.fill(f"#{name.replace('_', '-')}", words)
    page.click("button:has-text('Record the decision')")


def _accessible(page: Page) -> None:
    _decide(page, "already accessible", link=LINK, citation_1="21(1)")


NEITHER = {"harm": HARM, "for": FOR, "against": AGAINST, "conclusion": CONCLUSION}


def _denied(number: int) -> dict[str, str]:
    return {f"citation_{number}": "31(3)"} | {f"{name}_{number}": words for name, words in NEITHER.items()}


def _blocking(page: Page) -> set[str]:
    """The rules that stand against the draft shown."""
    return set(re.findall(r"block (R\d+)", page.inner_text("[aria-labelledby=check]"), re.IGNORECASE))


def _letter(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _responses(sink: Sink) -> list[EmailMessage]:
    letters = [_letter(raw) for raw in sink.script.taken]
    return [
        letter
        for letter in letters
        if "Auto-Submitted" not in letter and letter["To"].endswith("<person1@example.com>")
    ]


def test_the_reference_case_is_taken_decided_checked_cleared_sent_and_received(
    desk: Installation, dovecot: Dovecot, sink: Sink, chromium: Browser
) -> None:
    desk.add_officer()
    added = desk.run("officer", "add", APPROVER, "Priya Nair", "--role", "supervisor", typed=f"{APPROVER_PASSWORD}\n")
    assert added.returncode == 0, added.stderr
    with desk.running("serve", "--from", "now") as serve:
        url = serve.url()
        dovecot.deliver(a_mail(text=REQUEST))
        until(sink.acknowledgements, what=serve.said)
        reference = _letter(sink.acknowledgements()[0])["Subject"].split("]")[0].removeprefix("[")
        with _window(chromium, url, OFFICER, OFFICER_PASSWORD) as officer:
            _draft(officer, reference)
            with _window(chromium, url, APPROVER, APPROVER_PASSWORD) as approver:
                _return(approver, reference)
                _finish_again(officer, reference)
                _clear(approver, reference)
            officer.goto(f"/cases/{reference}/response")
            officer.click("button:has-text('Send the response')")
            until(lambda: _responses(sink), what=serve.said)
            until(lambda: _is_closed(officer, reference), what=serve.said)
            _told(officer, reference)
        assert serve.stop() == 0
    _received(_responses(sink))


def _is_closed(officer: Page, reference: str) -> bool:
    """The sink has the letter a moment before the desk has noted that it was taken."""
    officer.goto(f"/cases/{reference}")
    return "closed" in officer.locator("#particulars ~ dl").inner_text()


def _draft(officer: Page, reference: str) -> None:
    """Take the case, decide its questions, and mend what the checker finds."""
    officer.goto(f"/cases/{reference}")
    officer.select_option("#owner", label="Sam Okoro")
    officer.click("button:has-text('Give the case')")
    officer.click("text=Questions and decisions")
    labels = [officer.input_value(f"#label-{number}") for number in range(1, 5)]
    assert labels == ["1/", "2/", "3/", "4/"]
    expect(officer.locator("#text-6")).to_have_count(0)
    officer.click("button:has-text('Keep these questions')")
    officer.click("a:text-is('Q1')")
    _accessible(officer)
    _decide(officer, "neither confirm nor deny", **_denied(1))
    _accessible(officer)
    _accessible(officer)
    officer.click("text=Go to the response")
    officer.click("button:has-text('Compose it from the decisions')")
    assert _blocking(officer) == {"R14"}  # the answers to Q3 and Q4 tell what Q2 will not
    for number in (3, 4):
        officer.goto(f"/cases/{reference}/questions/{number}")
        officer.click("button:has-text('Show what these limbs need')")
        _decide(officer, "already accessible", **_denied(2))
    officer.goto(f"/cases/{reference}/response")
    officer.click("button:has-text('Compose it anew')")
    assert _blocking(officer) == set()
    _finish(officer)


def _finish(officer: Page) -> None:
    officer.select_option("#approver-1", label="Priya Nair")
    officer.click("button:has-text('Finish the draft')")
    expect(officer.locator("main")).to_contain_text("waits for its approvers")


def _to_clear(approver: Page, reference: str) -> None:
    approver.goto("/list/to-clear")
    approver.click(f"text={reference}")
    approver.click("a:has-text('Clear the response')")
    expect(approver.locator("main")).to_contain_text("It is your turn to clear this")


def _return(approver: Page, reference: str) -> None:
    _to_clear(approver, reference)
    approver.fill("#reason", RETURNED)
    approver.click("button:has-text('Return it')")
    expect(approver.locator("main")).to_contain_text("returned")


def _finish_again(officer: Page, reference: str) -> None:
    """Change the letter as the approver asked, by hand."""
    officer.goto(f"/cases/{reference}/response")
    letter = officer.input_value("#body")
    officer.fill("#body", letter.replace("Yours", f"{THANKS}\n\nYours", 1))
    officer.click("button:has-text('Keep and check')")
    assert _blocking(officer) == set()
    _finish(officer)


def _clear(approver: Page, reference: str) -> None:
    """See what has changed, and approve it."""
    _to_clear(approver, reference)
    approver.click("text=What has changed since version")
    expect(approver.locator("main ins >> nth=0")).to_contain_text(THANKS)
    approver.click("text=Back to the response")
    approver.click("button:has-text('Approve')")
    expect(approver.locator("main")).to_contain_text("You have approved the response")


def _told(officer: Page, reference: str) -> None:
    """The timeline and the lists agree with what was done."""
    timeline = officer.inner_text("[aria-labelledby=timeline]")
    for what in (RETURNED, "Priya Nair", "Sam Okoro"):
        assert what in timeline, timeline
    officer.goto("/list/closed")
    expect(officer.locator("main tbody tr")).to_have_count(1)
    expect(officer.locator("main tbody tr")).to_contain_text(reference)
    officer.goto("/list/open")
    assert "All open (0)" in officer.title()


def _received(responses: list[EmailMessage]) -> None:
    """What the requester has: one mail in their own thread, with the same words as an accessible PDF."""
    (response,) = responses
    assert response["In-Reply-To"] == "<1@example.com>"
    body = response.get_body(("plain",))
    assert body is not None
    words = " ".join(body.get_content().split())
    for said in ("section 31(3)", "section 21", LINK, "section 50", "neither confirm nor deny"):
        assert said in words, said
    (pdf,) = [part for part in response.iter_attachments() if part.get_content_type() == "application/pdf"]
    document = PDFDocument(PDFParser(BytesIO(pdf.get_content())))
    assert resolve1(document.catalog["MarkInfo"])["Marked"] is True
    assert document.catalog["Lang"] == b"en-GB"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in resolve1(document.catalog["Metadata"]).get_data()
    in_print = " ".join(extract_text(BytesIO(pdf.get_content())).split())
    for said in ("section 31(3)", "section 50", "neither confirm nor deny", THANKS):
        assert said in in_print, said
