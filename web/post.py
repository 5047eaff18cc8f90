"""Mail that no case has yet: what waits for a person, what was taken as automatic, and letters in trouble."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.file_sent import file_by_hand
from service.casework.file_sent import set_aside as sent_set_aside
from service.casework.open_case import INTERNAL_REVIEW, Request
from service.casework.sort_post import dismiss, file_post, follow_closed, make_case, read_again
from service.casework.uncertain_letter import deal_with
from service.casework.undo import What, undoable
from service.desk import LONDON, Desk
from service.domain.regime import Matter, Regime
from service.domain.stage import Stage
from service.store.cases import case_by_id, cases_by_id, cases_named
from service.store.correspondence import QUARANTINED, letter_by_id, message_of_post, post_by_id
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.originals import read_chunks
from service.store.sent import UNSURE
from service.store.tables import Case, Message, Post
from service.store.worklist import letters_in_trouble, post_for_a_person, post_without_case
from web import originals
from web.casefile import letter_state, letter_tag, one_mail
from web.current import actor, desk, officer
from web.forms import DismissForm, FileForm, FormFaults, NewCaseForm, NoSuchLetter, NoSuchMessage, clean
from web.standings import REGIMES, kinds, provisional_deadline
from web.timeline import who
from web.told import tell

pages = Blueprint("post", __name__, url_prefix="/post")
PREVIEW = 20_000  # characters of an unreadable mail


@pages.get("")
def to_sort() -> ResponseReturnValue:
    with reading(desk().engine) as session:
        rows = [(post, _deadline(post)) for post in post_for_a_person(session)]
    return render_template("web/post_to_sort.html", rows=rows, regime_of=desk().settings.regime_of)


@pages.get("/automatic")
def automatic() -> ResponseReturnValue:
    with reading(desk().engine) as session:
        rows = post_without_case(session)
    return render_template("web/post_automatic.html", rows=rows)


@pages.get("/letters")
def troubled_letters() -> ResponseReturnValue:
    with reading(desk().engine) as session:
        letters = letters_in_trouble(session)
        cases = cases_by_id(session, {letter.case_id for letter in letters if letter.case_id is not None})
    rows = [(letter, cases.get(letter.case_id or 0)) for letter in letters]
    return render_template("web/letters_in_trouble.html", rows=rows, letter_state=letter_state, letter_tag=letter_tag)


@pages.post("/letters/<key:letter_id>/dealt-with")
def deal_with_letter(letter_id: int) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        letter = letter_by_id(session, letter_id)
        if letter is None:
            raise NoSuchLetter
        deal_with(session, served, letter, served.now(), actor())
    flash("The letter is off the list.")
    return redirect(url_for(".troubled_letters"))


@pages.get("/<key:post_id>")
def show(post_id: int) -> ResponseReturnValue:
    return _page(post_id)


@pages.post("/<key:post_id>/case")
def open_by_hand(post_id: int) -> ResponseReturnValue:
    def act(session: Session, served: Desk, post: Post) -> Case:
        form = NewCaseForm.read(request.form, kinds(desk()), REGIMES)
        wanted = Request(form.name, form.address, form.subject, post.received_at, post.account, form.kind, form.regime)
        return make_case(session, served, post, wanted, form.text, at=served.now(), by=actor())

    return _act(post_id, act, "{reference} is made of the mail.")


@pages.post("/<key:post_id>/review")
def review(post_id: int) -> ResponseReturnValue:
    def act(session: Session, served: Desk, post: Post) -> Case:
        return follow_closed(session, served, post, INTERNAL_REVIEW, at=served.now(), by=actor())

    return _act(post_id, act, "{reference} is the internal review.")


@pages.post("/<key:post_id>/anew")
def ask_anew(post_id: int) -> ResponseReturnValue:
    def act(session: Session, served: Desk, post: Post) -> Case:
        kind = served.settings.mailbox_of(post.account).kind
        return follow_closed(session, served, post, kind, at=served.now(), by=actor())

    return _act(post_id, act, "{reference} is the new request.")


@pages.post("/<key:post_id>/file")
def file_on_case(post_id: int) -> ResponseReturnValue:
    def act(session: Session, served: Desk, post: Post) -> Case:
        case = _named_case(session, served, FileForm.read(request.form).reference)
        if post.sent:
            file_by_hand(session, served, post, case, at=served.now(), by=actor())
            return case
        file_post(session, served, post, case, at=served.now(), by=actor())
        return case

    return _act(post_id, act, "The mail is on {reference}.")


@pages.post("/<key:post_id>/dismiss")
def set_aside(post_id: int) -> ResponseReturnValue:
    served, at = desk(), desk().now()
    try:
        reason = DismissForm.read(request.form).reason
        with transaction(served.engine) as session:
            post = post_by_id(session, post_id)
            if post.sent:
                sent_set_aside(session, post, reason, at=at, by=actor())
                undo = None
            else:
                before = dismiss(session, post, reason, at=at, by=actor())
                undo = undoable(session, officer(), What.POST, before, at=at) if before else None
            sent = post.sent
    except FormFaults as error:
        return _page(post_id, error.faults), 422
    tell("The mail is set aside. It is kept, and so is your reason.", undo=undo)
    return redirect(url_for("answered.which_case" if sent else "post.to_sort"))


@pages.post("/<key:post_id>/again")
def once_more(post_id: int) -> ResponseReturnValue:
    def act(session: Session, _served: Desk, post: Post) -> None:
        read_again(session, post)

    return _act(post_id, act, "The mail will be read again within a minute.")


@pages.get("/<key:post_id>/original")
def original(post_id: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        return originals.original(desk(), post_by_id(session, post_id))


@pages.get("/<key:post_id>/as-sent")
def as_sent(post_id: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        return originals.as_sent(session, _message(session, post_id))


@pages.get("/<key:post_id>/files/<key:position>")
def file(post_id: int, position: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        return originals.file_of(session, desk(), _message(session, post_id), position)


def _act(post_id: int, act: Callable[[Session, Desk, Post], Case | None], said: str) -> ResponseReturnValue:
    """Do one thing with a mail in one transaction, then go where the next work lies."""
    served = desk()
    try:
        with transaction(served.engine) as session:
            case = act(session, served, post_by_id(session, post_id))
    except FormFaults as error:
        return _page(post_id, error.faults), 422
    flash(said.format(reference=case.reference if case else ""))
    if case is not None:
        return redirect(url_for("cases.show", reference=case.reference))
    with reading(served.engine) as session:
        sent = post_by_id(session, post_id).sent
    return redirect(url_for("answered.which_case" if sent else "post.to_sort"))


def _named_case(session: Session, served: Desk, typed: str) -> Case:
    """The case that an officer means by a loosely written reference; raises FormFaults when there is none or many."""
    found = cases_named(session, served.references.find(typed))
    if len(found) != 1:
        example = served.references.write(
            body=served.settings.authority.body, kind=served.settings.mailbox.kind, year=served.today().year, number=1
        )
        raise FormFaults({"reference": f"No single case has that reference; write it like {example}"})
    return found[0]


def _page(post_id: int, faults: dict[str, str] | None = None) -> str:
    served = desk()
    with reading(served.engine) as session:
        post = post_by_id(session, post_id)
        message = message_of_post(session, post_id)
        team = {member.id: member.name for member in officers(session, active_only=False)}
        words: dict[str, object] = {
            "post": post,
            "mail": one_mail(session, message) if message else None,
            "preview": "" if message else _preview(session, post),
            "deadline": _deadline(post),
            "suggested": _case_of(session, post.case_id),
            "review_due": _review_due(session, post),
            "sorted_by": who(post.settled_by, team) if post.settled_by else "",
        }
    if post.sent:
        open_to_sorting = post.state == UNSURE
    else:
        open_to_sorting = message.case_id is None if message else post.state == QUARANTINED
    typed = _typed(post, message)
    return render_template(
        "web/post.html",
        **words,
        typed=typed,
        kind_options=list(kinds(served).items()),
        regimes=REGIMES,
        faults=faults or {},
        sortable=open_to_sorting,
        regime_of=served.settings.regime_of,
    )


def _review_due(session: Session, post: Post) -> date | None:
    """When an internal review would be due, if the mail answers a closed case and asks for one (s.45 Code, reg 11)."""
    original = _case_of(session, post.case_id)
    if original is None or original.stage != Stage.CLOSED:
        return None
    regime = Regime(original.regime)
    received_on = post.received_at.astimezone(LONDON).date()
    return desk().calendars.of(regime).after(received_on, regime.rules.limit(Matter.REVIEW).days)


def _typed(post: Post, message: Message | None) -> dict[str, str]:
    """What the forms stand at: what was typed, else what the mail says."""
    known = {
        "name": message.sender_name if message else post.sender_name,
        "address": message.sender_address if message else post.sender_address,
        "subject": message.subject if message else post.subject,
        "kind": desk().settings.mailbox_of(post.account).kind,
        "regime": desk().settings.regime_of(post.account),
        "text": "",
        "reference": "",
        "reason": "",
    }
    return known | {name: request.form[name] for name in known if name in request.form}


def _preview(session: Session, post: Post) -> str:
    """The beginning of a mail that could not be read, as harmless text."""
    beginning = next(read_chunks(session, post.sha256), b"") if post.sha256 else b""
    return clean(beginning[:PREVIEW].decode("utf-8", "replace"))


def _message(session: Session, post_id: int) -> Message:
    message = message_of_post(session, post_id)
    if message is None:
        raise NoSuchMessage
    return message


def _case_of(session: Session, case_id: int | None) -> Case | None:
    return case_by_id(session, case_id) if case_id is not None else None


def _deadline(post: Post) -> date:
    """When an answer would be due if the mail were a request received when it came."""
    return provisional_deadline(desk(), post.received_at, post.account)
