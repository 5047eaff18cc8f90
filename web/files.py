"""The files that go out with a case's response: put there, looked into, released in somebody's name, taken off."""

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.permission import may, require_may
from service.casework.release_file import (
    FileThereAlready,
    FileTooLarge,
    Scanned,
    add_file,
    findings,
    needs_reason,
    refuse_too_large,
    release_file,
    room_for,
    scan_file,
    standing_files,
    withdraw_file,
)
from service.domain.stage import Act, allowed, require
from service.settings import Settings
from service.store.case_files import case_file, letter_file
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.tables import Case
from web import sign_ins
from web.casefile import letter_on_case
from web.casework_forms import ReasonForm
from web.current import actor, desk, officer
from web.downloads import download
from web.forms import FormFaults
from web.timeline import who

pages = Blueprint("files", __name__, url_prefix="/cases/<path:reference>")
LARGEST_UPLOAD = "LARGEST_UPLOAD"  # in the application's config, in bytes
_BESIDE = 1_000_000  # bytes: what a form has beside its file
_WHY = "Give the reason why it may go out although something was found in it"


def largest_upload(settings: Settings) -> int:
    """How large a form with a file may be: a file somewhat larger than a letter carries still gets its own answer."""
    return max(settings.smtp_of(box.account).largest_mail for box in settings.every_mailbox) + _BESIDE


def allow_upload() -> None:
    """Let a member of the team, and nobody else, send a form as large as a file."""
    if request.endpoint == "files.add" and sign_ins.current(desk()) is not None:
        request.max_content_length = current_app.config[LARGEST_UPLOAD]


@pages.get("/files")
def show(reference: str) -> ResponseReturnValue:
    return _page(reference, {})


@pages.post("/files")
def add(reference: str) -> ResponseReturnValue:
    """Look into a file and put it on the case; the case is not locked while that goes on."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        _ask(reference)
        return _page(reference, {"file": "Choose a file"}), 422
    try:
        scanned = _looked_into(reference, upload.filename, upload.read())
        served = desk()
        with transaction(served.engine) as session:
            case = _mine(session, reference)
            file = add_file(session, served, case, scanned, at=served.now(), by=actor())
    except (FileTooLarge, FileThereAlready) as error:
        return _page(reference, {"file": str(error)}), 422
    number = len(scanned.found)
    told = (
        "nothing was found in it" if not number else f"{number} thing{'s were' if number > 1 else ' was'} found in it"
    )
    flash(f"{file.name} is on the case: {told}. It goes out once it is released.")
    return _back(reference)


@pages.post("/files/<key:file_id>/release")
def release(reference: str, file_id: int) -> ResponseReturnValue:
    served = desk()
    try:
        with transaction(served.engine) as session:
            case = _mine(session, reference)
            needed = _WHY if needs_reason(case_file(session, case.id, file_id)) else ""
            form = ReasonForm.read(request.form, needed)
            file = release_file(session, served, case, file_id, reason=form.reason, at=served.now(), by=actor())
    except FormFaults as error:
        return _page(reference, {f"reason-{file_id}": fault for fault in error.faults.values()}), 422
    flash(f"{file.name} is released in your name and goes out with the response.")
    return _back(reference)


@pages.post("/files/<key:file_id>/withdraw")
def withdraw(reference: str, file_id: int) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        file = withdraw_file(session, served, _mine(session, reference), file_id, at=served.now(), by=actor())
    flash(f"{file.name} is off the case and goes out with no letter.")
    return _back(reference)


@pages.get("/files/<key:file_id>")
def hand_out(reference: str, file_id: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        file = case_file(session, case_by_reference(session, reference).id, file_id)
    return download(desk(), file.sha256, file.size, file.name, file.content_type)


@pages.get("/letters/<key:letter_id>/files/<key:position>")
def of_letter(reference: str, letter_id: int, position: int) -> ResponseReturnValue:
    """A file as it went out with a letter."""
    with reading(desk().engine) as session:
        letter = letter_on_case(session, case_by_reference(session, reference), letter_id)
        file = letter_file(session, letter.id, position)
    return download(desk(), file.sha256, file.size, file.name, file.content_type)


def _ask(reference: str) -> None:
    """Refuse whoever may not put files on the case, before anything else is done; raises NotAllowedNow or NotYours."""
    with reading(desk().engine) as session:
        _mine(session, reference)


def _looked_into(reference: str, name: str, content: bytes) -> Scanned:
    served = desk()
    with reading(served.engine) as session:
        refuse_too_large(served, _mine(session, reference), name, len(content))
    return scan_file(name, content)


def _mine(session: Session, reference: str) -> Case:
    """The case, if this officer may choose its files in the stage it is in; raises NotAllowedNow or NotYours."""
    case = case_by_reference(session, reference)
    require(case.stage, Act.DRAFT)
    require_may(officer(), case, Act.DRAFT)
    return case


def _page(reference: str, faults: Mapping[str, str]) -> str:
    served = desk()
    with reading(served.engine) as session:
        case = case_by_reference(session, reference)
        files = standing_files(session, case)
        names = {one.id: one.name for one in officers(session, active_only=False)}
    return render_template(
        "web/files.html",
        case=case,
        files=[(file, findings(file)) for file in files],
        room=room_for(served, case, files),
        may_choose=Act.DRAFT in allowed(case.stage) and may(officer(), case, Act.DRAFT),
        who={file.id: (who(file.added_by, names), who(file.released_by, names)) for file in files},
        typed=request.form,
        faults=faults,
    )


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("files.show", reference=reference))
