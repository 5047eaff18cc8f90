import pytest

from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded


@pytest.mark.parametrize("path", ["/sign-in", "/health", "/no-such-page", "/static/desk.css", "/demo/"])
def test_every_answer_forbids_what_we_do_not_use(stranger: Browser, path: str) -> None:
    headers = stranger.get(path).headers
    policy = headers["Content-Security-Policy"]
    for part in (
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ):
        assert part in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_pages_with_personal_data_are_never_stored(officer: Browser, seeded: Seeded) -> None:
    for path in ("/list/open", f"/cases/{seeded.overdue}", f"/cases/{seeded.overdue}/messages/1/original", "/post"):
        assert officer.get(path).headers["Cache-Control"] == "no-store"


def test_over_plain_http_no_https_is_promised(stranger: Browser) -> None:
    assert "Strict-Transport-Security" not in stranger.get("/sign-in").headers
