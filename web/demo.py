"""The demonstration's two public pages: write a request as anyone, and see what comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.current import desk
from web.forms import LONGEST_LETTER, DemoForm, FormFaults, NoSuchLetter, Reader

pages = Blueprint("demo", __name__, url_prefix="/demo")
DEMO = "foidesk demo"

EXAMPLE = DemoForm(
    name="Margaret Okafor",
    address="margaret.okafor@example.org",
    subject="Pothole repairs on Mill Lane and Station Road",
    text=(
        "Dear Freedom of Information team,\n\n"
        "Under the Freedom of Information Act 2000 please send me, for Mill Lane and Station Road and for each of the "
        "last three financial years:\n\n"
        "1. how many potholes were reported to you;\n"
        "2. how many of them you repaired, and the average number of days from the report to the repair;\n"
        "3. how many claims for damage to vehicles you received and the total sum you paid on them.\n\n"
        "I would like the answer as a spreadsheet if you hold it that way. If any part would cost too much to answer, "
        "please tell me which, and answer the rest.\n\n"
        "Yours faithfully,\n\n"
        "Margaret Okafor\n"
    ),
)


class DemoLetter(Protocol):
    """A mail in a demonstration inbox."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def number(self) -> int: ...


class DemoMail(Protocol):
    """The demonstration's mail server: takes a mail to the desk, and shows what the desk's letters became."""

    def send(self, sender_name: str, sender_address: str, subject: str, text: str) -> None:
        """Post a plain mail to the desk's mailbox."""

    def answer(self, address: str, number: int, text: str) -> bool:
        """Answer a mail of an inbox; False when there is no such mail."""

    def addresses(self) -> list[str]:
        """Everyone outside the desk who has an inbox here."""

    def inbox(self, address: str) -> Sequence[DemoLetter]:
        """The mails that came to an address, newest first."""


@pages.get("/")
def write() -> ResponseReturnValue:
    return _page(EXAMPLE, {})


@pages.post("/")
def send() -> ResponseReturnValue:
    try:
        form = DemoForm.read(request.form)
    except FormFaults as error:
        typed = DemoForm(*(request.form.get(name, "") for name in ("name", "address", "subject", "text")))
        return _page(typed, error.faults), 422
    if form.address.casefold() in desk().settings.mailbox.own:
        return _page(form, {"address": "This is the desk's own address: use one of a member of the public"}), 422
    _mail().send(form.name, form.address, form.subject, form.text)
    flash("Sent. The acknowledgement arrives in the inbox below within a few seconds: reload this page.")
    return redirect(url_for("demo.inbox", address=form.address))


@pages.get("/inbox")
def inbox() -> ResponseReturnValue:
    mail = _mail()
    addresses = mail.addresses()
    address = request.args.get("address", "") or (addresses[0] if addresses else "")
    inboxes = [(name, name) for name in addresses]
    letters = mail.inbox(address) if address else ()
    return render_template(
        "web/demo_inbox.html", addresses=addresses, inboxes=inboxes, address=address, letters=letters
    )


@pages.post("/inbox")
def answer() -> ResponseReturnValue:
    """Answer a mail as whoever has the inbox; it goes where the mail wants its answers."""
    reader = Reader(request.form)
    address, number = reader.address("address"), reader.number("number")
    text = reader.text("text", "Write the answer", LONGEST_LETTER)
    reader.finish()
    if not _mail().answer(address, number, text):
        raise NoSuchLetter
    flash("Answered. What comes of it arrives here within a few seconds: reload this page.")
    return redirect(url_for("demo.inbox", address=address))


def _mail() -> DemoMail:
    return cast(DemoMail, current_app.extensions[DEMO])


def _page(form: DemoForm, faults: dict[str, str]) -> str:
    return render_template("web/demo.html", form=form, faults=faults, mailbox=desk().settings.mailbox.address)
