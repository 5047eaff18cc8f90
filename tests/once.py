"""What libraries work out anew for every app and every desk, worked out once in a run of the tests.

A served desk makes one app and compiles a template once; the tests make a thousand, and compiling for each took most of
their time. What is compiled is the same: it is kept by all that it is made from.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import jinja2
import pytest
from sqlalchemy import Connection, Engine, event
from werkzeug.routing import Rule


def keep_what_is_compiled(patch: pytest.MonkeyPatch) -> None:
    """Keep compiled templates, and compile the builder of a route's URLs only when one is built."""
    patch.setattr(jinja2.Environment, "compile", _kept(jinja2.Environment.compile))
    patch.setattr(Rule, "_compile_builder", _when_called(Rule._compile_builder))


class _Statements(dict[Any, Any]):
    """Compiled statements by what they are compiled for: the kind of database, and not one engine's notion of it."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_a_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_a_kind(key), compiled)


def _of_a_kind(key: Any) -> tuple[Hashable, ...]:
    dialect, *statement = key
    return (type(dialect), dialect.server_version_info, *statement)


@contextmanager
def statements_kept() -> Iterator[None]:
    """Share compiled SQL among the engines: each test has its own, and would compile every statement anew."""
    held = _Statements()

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=held)

    event.listen(Engine, "engine_connect", share)
    yield
    event.remove(Engine, "engine_connect", share)


def _kept(compile_: Callable[..., Any]) -> Callable[..., Any]:
    held: dict[Hashable, Any] = {}

    def compile_once(self: jinja2.Environment, source: Any, name: str | None = None, *more: Any, **options: Any) -> Any:
        if not isinstance(source, str):
            return compile_(self, source, name, *more, **options)
        key = (source, name, more, frozenset(options.items()), *_of(self, name))
        if key not in held:
            held[key] = compile_(self, source, name, *more, **options)
        return held[key]

    return compile_once


def _of(environment: jinja2.Environment, name: str | None) -> tuple[object, ...]:
    """All of an environment that a compiled template depends on."""
    escape = environment.autoescape
    return (
        type(environment),
        escape(name) if callable(escape) else escape,
        environment.trim_blocks,
        environment.lstrip_blocks,
        environment.keep_trailing_newline,
        environment.optimized,
        environment.finalize,
        frozenset(environment.extensions),
        frozenset(environment.filters.items()),
        frozenset(environment.tests.items()),
    )


def _when_called(compile_: Callable[..., Callable[..., Any]]) -> Callable[..., Callable[..., Any]]:
    def compile_later(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Callable[..., Any]] = []

        def build(rule: Rule, /, **values: Any) -> Any:  # a route may have a variable of the same name
            if not made:
                made.append(compile_(self, append_unknown))
            return made[0](rule, **values)

        return build

    return compile_later
