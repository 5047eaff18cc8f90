"""Addresses are kept, and are what Flask would give."""

import pytest
from flask import Flask, url_for

from web.paths import path_to


@pytest.fixture
def app() -> Flask:
    app = Flask("trial")
    app.add_url_rule("/list/<view>", endpoint="list", view_func=lambda view: path_to("list", view=view))
    return app


@pytest.mark.parametrize("root", ["", "/foi"])
@pytest.mark.parametrize(
    "values",
    [
        {"view": "open"},
        {"view": "open", "page": 1},
        {"view": "open", "page": True},
        {"view": "a b/ü", "q": "x & y", "_anchor": "top"},
        {"view": "open", "regime": ["FOIA", "EIR"]},
        {"view": "open", "_external": True},
        {"view": "open", "q": None},
    ],
)
def test_an_address_is_what_flask_gives(app: Flask, root: str, values: dict[str, object]) -> None:
    with app.test_request_context(base_url=f"http://desk.example{root}"):
        for _ in range(2):
            assert path_to("list", **values) == url_for("list", **values)  # type: ignore[arg-type]
