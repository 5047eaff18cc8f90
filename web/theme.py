"""The authority's colour and logo; as a style sheet and a picture of their own, for a page may hold neither."""

from flask import Blueprint, Response, abort

from service.domain.contrast import SHAPE, ink_on, told_from
from web.current import desk
from web.headers import LOGO_POLICY

pages = Blueprint("theme", __name__)
# The surfaces that the colour has to be told from, the one nearest to it of each scheme: --desk-shade in desk.css.
LIGHT, DARK = "#f3f3f3", "#22282b"
KEPT = {"Cache-Control": "max-age=300"}


@pages.get("/theme.css")
def show() -> Response:
    return Response(sheet(desk().settings.authority.colour), mimetype="text/css", headers=KEPT)


def sheet(colour: str) -> str:
    """The colour, what is written on it, and how it marks something on a light and on a dark page."""
    marks = (told_from(surface, colour, SHAPE) for surface in (LIGHT, DARK))
    light, dark = (f":root {{ --desk-mark: {mark}; }}" for mark in marks)
    return (
        f":root {{ --desk-colour: {colour}; --desk-on-colour: {ink_on(colour)}; }}\n"
        f"{light}\n@media screen and (prefers-color-scheme: dark) {{ {dark} }}\n"
    )


@pages.get("/logo")
def logo() -> Response:
    """The logo, locked up: an SVG opened by itself is a document that could run scripts."""
    found = desk().settings.authority.emblem
    if found is None:
        abort(404)
    headers = KEPT | {"Content-Security-Policy": LOGO_POLICY}
    return Response(found.content, mimetype=found.content_type, headers=headers)
