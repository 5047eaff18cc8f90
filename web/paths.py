"""Addresses within the desk, looked up once: a list has a hundred of them, which took a tenth of its page's time."""

from functools import lru_cache
from typing import Any

from flask import request, url_for


def path_to(endpoint: str, **values: Any) -> str:
    """What url_for gives for an address of this desk; the templates' `url_for`."""
    return _path(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=4096)
def _path(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, _external=False, **dict(values))
