"""A version of the response as a document to read or to edit: accessible PDF, and Word."""

from collections.abc import Callable

from flask import Blueprint, Response

from service.casework.letter_document import LetterFile, response_file, response_in_word
from service.desk import LONDON
from service.letters import Words
from service.store.cases import case_by_reference
from service.store.database import reading
from service.store.drafts import NoSuchDraft, drafts_of
from web.current import desk
from web.downloads import disposition
from web.headers import DOWNLOAD_POLICY

pages = Blueprint("letter_documents", __name__, url_prefix="/cases/<path:reference>/response")


@pages.get("/<key:version>.pdf")
def as_pdf(reference: str, version: int) -> Response:
    return _handed_out(reference, version, response_file)


@pages.get("/<key:version>.docx")
def as_word(reference: str, version: int) -> Response:
    return _handed_out(reference, version, response_in_word)


def _handed_out(reference: str, version: int, made: Callable[..., LetterFile]) -> Response:
    served = desk()
    with reading(served.engine) as session:
        case = case_by_reference(session, reference)
        draft = next((draft for draft in drafts_of(session, case.id) if draft.version == version), None)
        if draft is None:
            raise NoSuchDraft(reference=reference, version=version)
        written_on = draft.written_at.astimezone(LONDON).date()
        file = made(served, case, Words(draft.subject, draft.body), on=written_on)
    response = Response(file.content, mimetype=file.content_type)
    response.headers["Content-Disposition"] = disposition(file.name)
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response
