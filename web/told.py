"""What the next page tells of what was done, with a way to undo it where there is one."""

from collections.abc import Sequence

from flask import flash, session, url_for

MADE = "made"  # in the cookie, which is the browser's of whoever made it


def show_once(what: str, secret: str) -> None:
    """Have the next page that is of it show a secret, so that to reload that page makes no other."""
    session[MADE] = [what, secret]


def made(what: str) -> str:
    """The secret that this page shows and no other after it; empty when there is none of this name."""
    return str(session.pop(MADE)[1]) if session.get(MADE, [""])[0] == what else ""


def tell(
    words: str, *, undo: int | None = None, undo_url: str = "", details: Sequence[str] = (), more: str = ""
) -> None:
    """Say on the next page what was done; `undo` is the key of what can be undone, `more` an address that tells all."""
    address = url_for("undo.undo_it", undo_id=undo) if undo is not None else undo_url
    flash({"words": words, "undo": address, "details": list(details), "more": more})  # type: ignore[arg-type]
