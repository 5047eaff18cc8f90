"""What goes wrong under /api, as problem details for programs (RFC 9457); never a page."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, request

from web.api.models import Fault, Problem

MEDIA_TYPE = "application/problem+json"
DETAILS = {
    400: "The request cannot be read.",
    404: "There is nothing at this address.",
    405: "The API is read by GET.",
    413: "The request is too large.",
    414: "The address is too long.",
    429: "Too many requests: wait a minute.",
    500: "Something went wrong at the desk.",
    503: "The desk cannot answer just now: try again in a minute.",
}


def under_api() -> bool:
    """Whether the request is a program's, so that no page may answer it."""
    return request.path == "/api" or request.path.startswith("/api/")


def problem(
    status: int, detail: str = "", faults: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer of a status."""
    told = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or DETAILS.get(status, HTTPStatus(status).phrase),
        faults=[Fault(parameter=name, fault=fault) for name, fault in faults.items()] if faults else None,
    )
    content = told.model_dump_json(exclude_none=True)
    return Response(content, status, {**(headers or {})}, content_type=MEDIA_TYPE)


def no_redirect(response: Response) -> Response:
    """A tidier address is not this one, and routing's redirect to it would be a page."""
    return problem(404) if under_api() and 300 <= response.status_code < 400 else response
