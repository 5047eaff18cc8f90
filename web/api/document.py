"""The API's description of itself (OpenAPI 3.1), written from the table and the models that serve it."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from pydantic.json_schema import models_json_schema

from web.api.answers import ROOT
from web.api.models import Problem
from web.api.operations import OPERATIONS, Operation
from web.api.problems import MEDIA_TYPE

REFERENCE = "#/components/schemas/{model}"
ABOUT = (
    "Reads cases, deadlines and statistics of an FOI desk. Nothing can be changed here. Dates are Europe/London days; "
    "an unknown parameter is refused, so that a misspelt filter is not silently ignored."
)
PROBLEMS = {
    401: "No token, or one that is not in use",
    403: "The token lacks a scope",
    404: "There is no such thing",
    422: "A parameter cannot be used",
    429: "Too many requests",
    503: "The desk cannot answer just now",
}


def document() -> dict[str, Any]:
    """The whole document; the server is the one that it is read from."""
    answers = [(operation.answer, "serialization") for operation in OPERATIONS]
    _, definitions = models_json_schema([*answers, (Problem, "serialization")], ref_template=REFERENCE)  # type: ignore[list-item]
    return {
        "openapi": "3.1.0",
        "info": {"title": "FOI desk", "version": version("foidesk"), "description": ABOUT},
        "servers": [{"url": ROOT}],
        "security": [{"token": []}],
        "paths": {operation.path: {"get": _get(operation)} for operation in OPERATIONS},
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token that an administrator made."}
            },
        },
    }


def _get(operation: Operation) -> dict[str, Any]:
    good = {"description": operation.summary, "content": {"application/json": {"schema": _named(operation.answer)}}}
    unfit = {
        str(status): {"description": said, "content": {MEDIA_TYPE: {"schema": _named(Problem)}}}
        for status, said in PROBLEMS.items()
    }
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Needs the scope `{operation.scope.value}`.",
        "parameters": [*_of_path(operation), *_of_query(operation)],
        "responses": {"200": good, **unfit},
    }


def _named(model: type) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def _of_path(operation: Operation) -> Iterator[dict[str, Any]]:
    for name, said in operation.parameters:
        schema = {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "description": said, "schema": schema}


def _of_query(operation: Operation) -> Iterator[dict[str, Any]]:
    schema = operation.query.model_json_schema()
    held = schema.get("$defs", {})
    for name, told in schema.get("properties", {}).items():
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": told.get("description", ""),
            "schema": _plain(told, held),
        }


def _plain(told: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema by itself: not given is not null, and what it names is written out."""
    kinds = [kind for kind in told.get("anyOf", [told]) if kind.get("type") != "null"]
    (kind,) = kinds
    found = held[kind["$ref"].rpartition("/")[2]] if "$ref" in kind else kind
    given = {"default": told["default"]} if told.get("default") is not None else {}
    return {name: value for name, value in (found | given).items() if name not in ("title", "description")}
