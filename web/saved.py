"""Lists kept under a name: an officer's own, and those that a supervisor shares with the team."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.undo import What, undoable
from service.store.database import reading, transaction
from service.store.officers import Role, officers
from service.store.saved_lists import (
    NoSuchSavedList,
    SavedListNameTaken,
    delete_list,
    keep_list,
    saved_list,
    saved_lists,
)
from service.store.tables import SavedList
from service.store.worklist import count_each
from web.current import desk, officer, role
from web.forms import FormFaults, Reader
from web.list_query import Query
from web.told import tell
from web.worklist import list_name

pages = Blueprint("saved", __name__, url_prefix="/saved")
LONGEST_NAME = 60


@pages.get("")
def show() -> ResponseReturnValue:
    """Every list one has, with what it holds and how many cases those are."""
    served = desk()
    with reading(served.engine) as session:
        kept = saved_lists(session, officer().id)
        team = {member.id: member.name for member in officers(session, active_only=False)}
        queries = [Query.kept(row.view, row.query, served) for row in kept]
        counts = count_each(session, [query.selection(served, officer().id) for query in queries])
    rows = [
        (row, query, _told(query, team), count, team[row.officer_id], _may_change(row))
        for row, query, count in zip(kept, queries, counts, strict=True)
    ]
    return render_template("web/saved.html", rows=rows)


@pages.get("/new")
def ask() -> ResponseReturnValue:
    return _form(None, Query.of_address(request.args.get("list", ""), desk()), "", shared=False)


@pages.post("")
def save() -> ResponseReturnValue:
    query = Query.of_address(request.form.get("list", ""), desk())
    row = SavedList(
        officer_id=officer().id, name="", view=query.view.value, query=query.query_string, made_at=desk().now()
    )
    return _keep(row, query, "“{name}” is saved. It stands above every page, with its count.", to_list=True)


@pages.get("/<key:list_id>")
def ask_name(list_id: int) -> ResponseReturnValue:
    row = _mine(list_id)
    return _form(row, Query.kept(row.view, row.query, desk()), row.name, shared=row.shared)


@pages.post("/<key:list_id>")
def change(list_id: int) -> ResponseReturnValue:
    row = _mine(list_id)
    return _keep(row, Query.kept(row.view, row.query, desk()), "“{name}” is changed.", to_list=False)


@pages.post("/<key:list_id>/delete")
def delete(list_id: int) -> ResponseReturnValue:
    row, at = _mine(list_id), desk().now()
    with transaction(desk().engine) as session:
        delete_list(session, saved_list(session, row.id), at)
        key = undoable(session, officer(), What.LIST, {"list": row.id, "name": row.name}, at=at)
    tell(f"“{row.name}” is deleted. Its cases are untouched.", undo=key)
    return redirect(url_for("saved.show"))


def _keep(row: SavedList, query: Query, said: str, *, to_list: bool) -> ResponseReturnValue:
    shared = role().covers(Role.SUPERVISOR) and request.form.get("shared") == "yes"
    reader, changed = Reader(request.form), row if row.id else None
    row.name, row.shared = reader.line("name", "Enter a name for the list", LONGEST_NAME), shared
    try:
        reader.finish()
        with transaction(desk().engine) as session:
            keep_list(session, row)
    except FormFaults as error:
        return _form(
            row if row.id else None, query, request.form.get("name", ""), shared=shared, faults=error.faults
        ), 422
    except SavedListNameTaken as error:
        return _form(changed, query, row.name, shared=shared, faults={"name": str(error)}), 422
    tell(said.format(name=row.name))
    return redirect(query.url() if to_list else url_for("saved.show"))


def _form(row: SavedList | None, query: Query, name: str, *, shared: bool, faults: dict[str, str] | None = None) -> str:
    with reading(desk().engine) as session:
        team = {member.id: member.name for member in officers(session, active_only=False)}
    return render_template(
        "web/saved_list.html",
        row=row,
        list=query.on_page(1),
        told=_told(query, team),
        name=name,
        shared=shared,
        may_share=role().covers(Role.SUPERVISOR),
        faults=faults or {},
    )


def _told(query: Query, team: dict[int, str]) -> str:
    narrowed = query.told(team)
    return f"{list_name(query.view)}: only cases {narrowed}" if narrowed else list_name(query.view)


def _may_change(row: SavedList) -> bool:
    return row.officer_id == officer().id or (row.shared and role().covers(Role.SUPERVISOR))


def _mine(list_id: int) -> SavedList:
    """A list that this officer may change; raises NoSuchSavedList."""
    with reading(desk().engine) as session:
        row = saved_list(session, list_id)
    if not _may_change(row):
        raise NoSuchSavedList
    return row
