"""Addresses of pages that are the same whatever the page shows that leads to them, looked up once."""

from functools import lru_cache

from flask import request, url_for


def fixed_path(endpoint: str, **values: str) -> str:
    """What url_for gives: a page has a hundred such links, and to look each up takes a tenth of the page's time."""
    return _path(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=200)
def _path(_root: str, endpoint: str, values: tuple[tuple[str, str], ...]) -> str:
    return url_for(endpoint, **dict(values), _external=False)
