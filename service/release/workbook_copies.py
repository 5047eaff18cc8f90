"""Excel workbooks: the copies of data that stand behind tables, charts, names and links."""

import re
from collections.abc import Iterator

from service.release.found import Found, cannot, hint, listed, several, shown
from service.release.package import Package
from service.release.workbook import NamedSheet, look_into_sheets, sheets_of

_BUILT_IN = "_xlnm."
_SHEET_NAME = re.compile(r"'((?:[^']|''){1,255})'!|([^\s'!,()+*/=&<>:\[\]-]{1,255})!")
_ELSEWHERE = re.compile(r"\[[^\]]+\]")  # a formula that leads into another file


def look_into_workbook(package: Package, workbook: str) -> Iterator[Found]:
    """What a workbook hides; raises CannotLook."""
    sheets = sheets_of(package, workbook)
    yield from look_into_sheets(package, sheets)
    hidden = {sheet.name for sheet in sheets if sheet.state != "visible"}
    yield from _caches(package, sheets)
    yield from _charts(package, hidden)
    yield from _names(package, workbook, hidden)
    yield from _links(package)
    yield from _behind(package)


def _caches(package: Package, sheets: list[NamedSheet]) -> Iterator[Found]:
    """A pivot table keeps the rows that it sums up, even where their sheet is gone."""
    shown_on = {
        cache.target: sheet.name
        for sheet in sheets
        for table in sheet.links
        if table.kind == "pivotTable"
        for cache in package.links(table.target).values()
    }
    for part in package.named(r"xl/pivotCache/pivotCacheDefinition\d*\.xml"):
        place = f'Pivot table on sheet "{shown(shown_on[part])}"' if part in shown_on else "Pivot table on no sheet"
        kept = [link.target for link in package.links(part).values() if link.kind == "pivotCacheRecords"]
        rows = sum(package.count(records, "r") for records in kept)
        values = package.count(part, "s", "n", "d")
        if rows or values:
            what = f"all {several(rows, 'source row')}" if rows else f"{several(values, 'value')} of its source"
            yield Found("pivot cache", f"Keeps a copy of {what}, whether or not a sheet shows them.", place)


def _charts(package: Package, hidden: set[str]) -> Iterator[Found]:
    """A chart draws from cells; what it draws from a hidden sheet or another file is there in exact figures."""
    for part in package.named(r"xl/charts/chart[^/]*\.xml"):
        if any(
            _refers(element.text, hidden) or _ELSEWHERE.search(element.text) for element in package.closed(part, "f")
        ):
            yield Found("chart caches", f"{_name(part)} keeps exact figures of a hidden sheet or another file.")


def _name(part: str) -> str:
    return "Chart " + shown(part.rpartition("/")[2].removesuffix(".xml").removeprefix("chart"))


def _names(package: Package, workbook: str, hidden: set[str]) -> Iterator[Found]:
    unlisted, pointing = [], []
    for element in package.closed(workbook, "definedName"):
        name = element.get("name")
        if _refers(element.text, hidden):
            pointing.append(shown(name))
        elif element.says("hidden") and not name.startswith(_BUILT_IN):
            unlisted.append(shown(name))
    if pointing:
        yield Found("names of hidden data", "Defined names that point to a hidden sheet.", listed(pointing))
    if unlisted:
        yield Found("hidden names", "Defined names that Excel does not list.", listed(unlisted))


def _refers(formula: str, sheets: set[str]) -> bool:
    names = (quoted.replace("''", "'") or plain for quoted, plain in _SHEET_NAME.findall(formula))
    return any(name in sheets for name in names)


def _links(package: Package) -> Iterator[Found]:
    parts = package.named(r"xl/externalLinks/[^/]+\.xml")
    if parts:
        values = sum(package.count(part, "cell") for part in parts)
        kept = f", with {several(values, 'value')} kept of them" if values else ""
        yield Found("external links", f"Linked to {several(len(parts), 'other file')}, named by path{kept}.")
    if count := package.count("xl/connections.xml", "connection"):
        sentence = f"{several(count, 'connection')} to databases or files, perhaps with names and words of a query."
        yield Found("data connections", sentence)


def _behind(package: Package) -> Iterator[Found]:
    if package.named(r"xl/model/.*"):
        yield cannot("It carries a data model (Power Pivot), which may hold whole tables: remove it.", "Data model")
    if package.named(r"xl/revisions/.*\.xml"):
        yield Found("earlier versions", "Keeps a history of changes, with what cells said before.")
    if package.named(r"xl/(?:slicerCaches|timelineCaches)/.*\.xml"):
        yield hint("slicers", "Slicers list every value that their table has had.")
