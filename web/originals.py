"""A mail's original, its files and its safe view: the same three answers for cases and for mails to sort."""

from flask import Response
from markupsafe import escape
from sqlmodel import Session

from service.desk import Desk
from service.store.correspondence import attached_file, body_of, post_by_id
from service.store.database import reading
from service.store.originals import size_held
from service.store.tables import Message, Post
from web.downloads import download
from web.forms import NoSuchMessage
from web.headers import MAIL_POLICY

_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{subject}</title>
<style>body {{ font-family: arial, sans-serif; margin: 1rem; overflow-wrap: anywhere; }}</style></head>
<body>{html}</body></html>
"""


def original(desk: Desk, post: Post) -> Response:
    """The mail, byte for byte as it came, or its header alone where that is all we hold; raises NoSuchMessage."""
    if post.sha256 is None:
        raise NoSuchMessage
    with reading(desk.engine) as session:
        held = size_held(session, post.sha256)
    return download(desk, post.sha256, held, f"mail-{post.id}.eml", "message/rfc822")


def original_of(session: Session, desk: Desk, message: Message) -> Response:
    """The mail that a message was read from; raises NoSuchMessage for one that came by another way."""
    if message.post_id is None:
        raise NoSuchMessage
    return original(desk, post_by_id(session, message.post_id))


def file_of(session: Session, desk: Desk, message: Message, position: int) -> Response:
    """One file that came with a message; raises NoSuchMessage."""
    file = attached_file(session, message.id, position)
    if file is None:
        raise NoSuchMessage
    return download(desk, file.sha256, file.size, file.name, file.content_type)


def as_sent(session: Session, message: Message) -> Response:
    """The message's sanitised HTML for a sandboxed frame: no script, no picture and no form can live in it."""
    html = body_of(session, message.id).html
    if not html:
        raise NoSuchMessage
    # The HTML was sanitised when the mail was read; the policy and the sandbox hold even if that failed.
    page = _FRAME.format(subject=escape(message.subject), html=html)
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": MAIL_POLICY})
