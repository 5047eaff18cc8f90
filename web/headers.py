"""What every answer tells the browser it may do: almost nothing."""

from flask import Response, current_app, g, request

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
SCRIPTED_POLICY = (
    f"{POLICY}; script-src 'self'; connect-src 'self'"  # for officers' pages: our own files, nothing inline
)
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
OPENLY_CACHED = ("static", "theme.show", "theme.logo")
ASKED_AGAIN = ("feeds.show",)  # kept by its reader alone, who asks by its ETag whether it has changed
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def secure(response: Response) -> Response:
    """Add the security headers that a page has not set more strictly itself."""
    if g.get("officer") is not None and response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", SCRIPTED_POLICY)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint in ASKED_AGAIN:
        response.headers["Cache-Control"] = "private, no-cache"
    elif request.endpoint not in OPENLY_CACHED:
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
