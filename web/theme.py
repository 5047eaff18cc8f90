"""The authority's colour as a style sheet of its own: the security policy forbids styles within a page."""

from flask import Blueprint, Response

from web.current import desk

pages = Blueprint("theme", __name__)
DARKEST_FOR_BLACK = 0.18  # relative luminance above which black text on the colour reads better than white (WCAG 2.2)


@pages.get("/theme.css")
def show() -> Response:
    colour = desk().settings.authority.colour
    css = f":root {{ --desk-colour: {colour}; --desk-on-colour: {text_colour(colour)}; }}\n"
    return Response(css, mimetype="text/css", headers={"Cache-Control": "max-age=300"})


def text_colour(colour: str) -> str:
    """Black or white, whichever contrasts more with a colour such as #1d70b8."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#0b0c0c" if luminance > DARKEST_FOR_BLACK else "#ffffff"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
