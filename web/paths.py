"""Addresses within the desk, looked up once: a list has a hundred of them, which took a tenth of its page's time."""

from functools import lru_cache
from typing import Any

from flask import request, url_for


def path_to(endpoint: str, **values: Any) -> str:
    """What url_for gives; the templates' `url_for`. Kept are addresses in full, of texts and numbers."""
    kept = not endpoint.startswith(".") and all(type(value) in (str, int) for value in values.values())
    if not kept or "_external" in values:
        return url_for(endpoint, **values)
    return _path(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=4096)
def _path(_root: str, endpoint: str, values: tuple[tuple[str, str | int], ...]) -> str:
    return url_for(endpoint, _external=False, **dict[str, Any](values))
