"""Habits of the house that a machine can hold: time, imports, names, exceptions."""

import ast

from tests.house.source import modules

CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("datetime", "today")}


def _calls(tree: ast.Module) -> list[tuple[str, str]]:
    return [
        (node.func.value.id, node.func.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    ]


def test_only_the_composition_root_asks_the_wall_clock() -> None:
    # The scheduler's own next run is a matter of its process, not of any case.
    allowed = {"service/bootstrap.py", "service/jobs.py"}
    found = [
        path
        for path, tree in modules()
        if path.startswith("service/") and path not in allowed
        if CLOCKS & set(_calls(tree))
    ]
    assert found == []


def test_an_act_is_given_the_time_and_never_asks_the_desk_for_it() -> None:
    found = [
        path
        for path, tree in modules()
        if path.startswith("service/casework/")
        if {("desk", "now"), ("desk", "today")} & set(_calls(tree))
    ]
    assert found == []


def test_an_act_never_commits() -> None:
    found = [
        path
        for path, tree in modules()
        if path.startswith(("service/casework/", "service/domain/"))
        if {("session", "commit"), ("session", "rollback")} & set(_calls(tree))
    ]
    assert found == []


def test_imports_stand_at_the_top() -> None:
    found = [
        f"{path}:{inner.lineno}"
        for path, tree in modules()
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "common", "lib", "base", "misc"}
    assert [path for path, _ in modules() if drawers & set(path.removesuffix(".py").split("/"))] == []


def test_every_module_says_what_it_is_about() -> None:
    unsaid = [path for path, tree in modules() if not ast.get_docstring(tree) and "migrations/versions" not in path]
    assert unsaid == []


def test_nothing_is_caught_blindly_but_at_a_jobs_edge() -> None:
    edges = {"service/jobs.py", "mail/take_in.py", "mail/reader_child.py", "service/release/child.py"}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        if path not in edges
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
        and not isinstance(node.body[-1], ast.Raise)  # cleared up after and passed on, nothing is swallowed
    ]
    assert found == []
