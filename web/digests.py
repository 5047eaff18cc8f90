"""Your emails: which digests an officer gets, each switched on or off by themselves, looked at and tried now."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.digest import compose_digest, send_digest
from service.domain.digest_kind import DigestKind
from service.store.database import reading, transaction
from service.store.digests import entitled, unwanted, want_digest
from web.current import desk, officer

pages = Blueprint("digests", __name__, url_prefix="/your-emails")
KINDS = ",".join(kind.value for kind in DigestKind)
NAMES = {
    DigestKind.OWN: "Your own list",
    DigestKind.SUPERVISORS: "The supervisors’ digest",
    DigestKind.WEEKLY: "The weekly summary",
}
SAY = {
    DigestKind.OWN: "Your day’s work by deadline, when there is something for you to do.",
    DigestKind.SUPERVISORS: "What is overdue, due and stuck, who has how much, and how the quarter stands.",
    DigestKind.WEEKLY: "What the last week brought, the quarter so far, and what has stood too long.",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A digest that an officer may have: whether they want it, and whether the desk mails it at all."""

    kind: DigestKind
    wanted: bool
    mailed: bool

    @property
    def name(self) -> str:
        return NAMES[self.kind]

    @property
    def says(self) -> str:
        return SAY[self.kind]

    @property
    def when(self) -> str:
        return "the first working day of each week" if self.kind is DigestKind.WEEKLY else "every working day"


@pages.get("")
def show() -> ResponseReturnValue:
    served = desk()
    with reading(served.engine) as session:
        off = unwanted(session, officer().id)
    settings = served.settings.digests
    offered = [Offered(kind, kind not in off, settings.sends(kind)) for kind in _mine()]
    return render_template("web/your_emails.html", offered=offered, begins=settings.at)


@pages.post("")
def choose() -> ResponseReturnValue:
    wanted = set(request.form.getlist("wanted"))
    with transaction(desk().engine) as session:
        for kind in _mine():
            want_digest(session, officer().id, kind, kind.value in wanted)
    flash("Your choice is kept.")
    return redirect(url_for("digests.show"))


@pages.get(f"/<any({KINDS}):digest>")
def preview(digest: str) -> ResponseReturnValue:
    """The mail as it would be written now; it may be sent from there."""
    served, chosen = desk(), DigestKind(digest)
    with reading(served.engine) as session:
        written = compose_digest(session, served, chosen, officer(), at=served.now())
    # Only our own links are made to be followed: the mail also holds the words of strangers.
    base = f"{served.settings.web.url.rstrip('/')}/"
    return render_template("web/digest_preview.html", kind=chosen, name=NAMES[chosen], written=written, base=base)


@pages.post(f"/<any({KINDS}):digest>")
def send(digest: str) -> ResponseReturnValue:
    """Send it to oneself now, beside whatever the morning brings."""
    served, chosen = desk(), DigestKind(digest)
    with reading(served.engine) as session:
        written = compose_digest(session, served, chosen, officer(), at=served.now())
    if written is None:
        flash("There is nothing to say just now, so nothing was sent.")
        return redirect(url_for("digests.show"))
    with transaction(served.engine) as session:
        send_digest(session, served, chosen, officer(), written, at=served.now())
    flash(f"{NAMES[chosen]} goes to {officer().email} within a minute.")
    return redirect(url_for("digests.show"))


def _mine() -> list[DigestKind]:
    """What this officer may have, the most personal first."""
    return [kind for kind in NAMES if entitled(officer(), kind)]
