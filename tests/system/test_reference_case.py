"""One request from its mail to its answer, as an officer, an approver and the requester meet it in a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.chromium import running_chromium
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


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


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
                _clear(approver, reference)
            officer.goto(f"/cases/{reference}/response")
            officer.click("button:has-text('Send the response')")
            until(lambda: _responses(sink), what=serve.said)
            officer.goto(f"/cases/{reference}")
            expect(officer.locator("#particulars ~ dl")).to_contain_text("closed")
            timeline = officer.inner_text("[aria-labelledby=timeline]")
        assert serve.stop() == 0
    _received(_responses(sink))
    assert "Priya Nair" in timeline


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
    officer.select_option("#approver-1", label="Priya Nair")
    officer.click("button:has-text('Finish the draft')")
    expect(officer.locator("main")).to_contain_text("waits for its approvers")


def _clear(approver: Page, reference: str) -> None:
    """Return it once with a reason, and approve what comes then."""
    approver.goto("/list/to-clear")
    approver.click(f"text={reference}")
    approver.click("text=Clear the response")
    expect(approver.locator("main")).to_contain_text("It is your turn to clear this")
    approver.click("button:has-text('Approve')")
    expect(approver.locator("main")).to_contain_text("You have approved the response")


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
    content = pdf.get_content()
    assert content.startswith(b"%PDF-")
