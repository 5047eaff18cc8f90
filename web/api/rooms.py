"""The API as it is served: read by GET with a token, answered in JSON, never kept by anyone on the way."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_limiter import Limiter

from service.desk import Desk
from service.domain.token import digest
from web.api.answers import ROOT
from web.api.callers import authenticate, bearer
from web.api.document import document
from web.api.operations import OPERATIONS, Operation
from web.current import desk
from web.network import network

pages = Blueprint("api", __name__, url_prefix=ROOT)


def answer(operation: Operation, **parts: str) -> Response:
    """Answer one request by its operation."""
    served = desk()
    caller = authenticate(served)
    caller.require(operation.scope, operation.path)
    found = operation.call(served, caller, request.args, **parts)
    return Response(found.model_dump_json(), content_type="application/json")


def describe() -> Response:
    """The document; it tells of no case and is the same at every desk, so it needs no token."""
    return Response(json.dumps(document(), ensure_ascii=False), content_type="application/json")


def _view(operation: Operation) -> Callable[..., Response]:
    def view(**parts: str) -> Response:
        return answer(operation, **parts)

    view.__name__ = view.__qualname__ = f"answer_{operation.name}"  # by which the limits tell views apart
    return view


# Flask would answer OPTIONS by itself, with an empty page.
for operation in OPERATIONS:
    pages.add_url_rule(
        operation.rule, operation.name, _view(operation), methods=["GET"], provide_automatic_options=False
    )
pages.add_url_rule("/openapi.json", "describe", describe, methods=["GET"], provide_automatic_options=False)


def limit_calls(app: Flask, served: Desk) -> None:
    """So many requests by one token, and so many without a good one by one network address; counted in this process."""
    app.after_request(_wait_only_when_told)  # before the limiter's own, and so run after it
    limiter = Limiter(network, app=app, storage_uri="memory://", headers_enabled=True)
    allowed = served.settings.web.api_limit
    by: tuple[tuple[Callable[[], str], Any], ...] = (
        (_token, None),
        (network, lambda response: response.status_code == 401),  # guesses
    )
    for endpoint in (f"api.{operation.name}" for operation in OPERATIONS):
        for key, counted in by:
            limited: Any = limiter.shared_limit(allowed, scope="api", key_func=key, deduct_when=counted)
            app.view_functions[endpoint] = limited(app.view_functions[endpoint])


def _wait_only_when_told(response: Response) -> Response:
    """The limiter says Retry-After in every answer; it is for those that refuse for now (RFC 9110, 10.2.3)."""
    if response.status_code not in (429, 503):
        response.headers.pop("Retry-After", None)
    return response


def _token() -> str:
    return "token " + digest(bearer()) if bearer() else "address " + network()
