"""The guide tells the truth: its links lead somewhere, its commands and settings exist, its pictures are used."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import click
import pytest
from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from service.__main__ import COMMANDS, main
from service.domain.announcement import Announcement
from service.domain.token import Scope
from service.settings import Settings
from tests.house.source import ROOT
from web.api.answers import ROOT as ROOT_OF_API
from web.api.operations import OPERATIONS
from web.api.queries import CaseQuery

GUIDE = ROOT / "docs" / "guide"
ALL_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
SETTING = re.compile(r"\[(\w+)\] (\w+)")
VARIABLE = re.compile(r"FOIDESK_(\w+__\w+)")
BEFORE = r"(?:runuser -u foidesk -- |ExecStart=|printf .* \| )?(?:\S*/bin/)?"  # what may stand before a command
COMMAND = re.compile(rf"^(?:cd \S+ && )?{BEFORE}foidesk (?=[\w-])")
MOST_BYTES, MOST_BYTES_IN_ALL = 150_000, 3_500_000
WIDE = 1280  # pixels
EXTENDS = '{% extends "web/'  # what the template of a page begins with
# The picture of a template's page, where it is not called by the template's own name.
PICTURED_AS = {
    "alike": "requests-alike",
    "bulk": "given",
    "bulk_confirm": "give-all",
    "case_clock": "clock",
    "choose_letter": "which-letter",
    "clock_fact": "extend",
    "clock_strike": "strike-out",
    "consultations": "consultation",
    "consultations_all": "asked",
    "demo": "make-a-request",
    "demo_inbox": "inbox",
    "digest_preview": "digest",
    "error": "not-found",
    "forward": "who-asked",
    "forward_decided": "who-asked",  # the same page with nothing left to confirm
    "forwards": "forwarded",
    "grants": "calendar-and-api",
    "holiday_check": "holiday",
    "holiday_form": "add-holiday",
    "notice_letter": "write",  # the same form
    "notice_preview": "preview",  # with a line on the clock
    "post": "mail",
    "post_automatic": "automatic",
    "post_sent": "sent-by-hand",
    "post_to_sort": "mail-to-sort",
    "preview_letter": "preview",
    "response_version": "version",
    "saved": "saved-lists",
    "saved_list": "save-list",
    "statistics_cases": "figure",
    "triage_confirm": "no-request",
    "write_letter": "write",
}


def _words(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    headings = re.findall(r"^#+ (.+)$", _words(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in _anchors(target))


def _lines_of_code(page: Path) -> Iterator[str]:
    """Every line of a code block, indented or fenced, and everything in backticks."""
    words = _words(page)
    for _, block in FENCE.findall(words):
        yield from block.splitlines()
    prose = FENCE.sub("", words)
    for line in prose.splitlines():
        if line.startswith("    ") and not line.lstrip().startswith(("-", "!", "|")):
            yield line.strip()
        yield from QUOTED.findall(line)


def _commands(page: Path) -> Iterator[str]:
    for line in _lines_of_code(page):
        plain = line.partition("  #")[0].strip()
        found = COMMAND.search(plain)
        if found:
            yield re.split(r"\s(?:\||&&|>|<)\s?", plain[found.end() :])[0]


def _fault_of(typed: str) -> str:
    """Why a command line is none of ours; empty when it is. `[...]` marks what may be left out."""
    words = shlex.split(typed.replace("[", " ").replace("]", " "))
    command: click.Command = main
    for word in words:
        if word.startswith("-"):
            if not _has_option(command, word):
                return f"{word} is no option of {command.name}"
        elif isinstance(command, click.Group) and (named := command.get_command(click.Context(command), word)):
            command = named
        elif isinstance(command, click.Group) and not _is_value(words, word):
            return f"{word} is no command"
    return ""


def _has_option(command: click.Command, word: str) -> bool:
    known = {name for parameter in command.params for name in parameter.opts} | {"--help", "-h"}
    return word.partition("=")[0] in known


def _is_value(words: list[str], word: str) -> bool:
    """Whether a word is the value of the option before it."""
    before = words[: words.index(word)]
    return bool(before) and before[-1] == "--config"


def _exists(*names: str) -> bool:
    model: type[BaseModel] | None = Settings
    for name in names:
        if model is None or name not in model.model_fields:
            return False
        kind = model.model_fields[name].annotation
        model = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
    return True


def _names(table: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        yield from _names(value, *above, name) if isinstance(value, dict) else iter([(*above, name)])


def _named_settings(page: Path) -> Iterator[tuple[str, ...]]:
    words = _words(page)
    yield from SETTING.findall(words)
    yield from (tuple(name.lower().split("__")) for name in VARIABLE.findall(words))
    for language, block in FENCE.findall(words):
        if language == "toml":
            yield from _names(tomllib.loads(block))


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(_words(page)) if "://" not in link]
    assert [link for link in links if not _leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_of_a_page_is_one_of_ours(page: Path) -> None:
    faults = {typed: _fault_of(typed) for typed in _commands(page)}
    assert {typed: fault for typed, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_setting_of_a_page_is_one_of_ours(page: Path) -> None:
    assert [names for names in _named_settings(page) if not _exists(*names)] == []


API = re.compile(r'https://foi\.anytown\.example(/api/[^"\s]+)')


def test_every_example_of_the_api_is_an_address_and_a_query_of_ours() -> None:
    examples = [urlsplit(path) for path in API.findall(_words(GUIDE / "api.md"))]
    by_path = {f"{ROOT_OF_API}{one.path}".replace("{reference}", "01.FOI.26.000123"): one for one in OPERATIONS}
    assert {example.path for example in examples} == {*by_path, f"{ROOT_OF_API}/openapi.json"}
    for example in examples:
        if example.path in by_path:
            by_path[example.path].query.read(MultiDict(parse_qsl(example.query)))  # raises on what it does not know


def test_the_guide_names_every_filter_scope_and_event() -> None:
    words = _words(GUIDE / "api.md")
    named = [*CaseQuery.model_fields, *(scope.value for scope in Scope), *(event.value for event in Announcement)]
    assert [name for name in named if f"`{name}`" not in words and name != "after"] == []


def test_the_guide_names_every_command_and_setting() -> None:
    words = "".join(_words(page) for page in ALL_PAGES)
    assert [name for name in COMMANDS if f"foidesk {name}" not in words and f"`{name}`" not in words] == []
    administrators = _words(GUIDE / "administrators.md")
    tables = [name for name in Settings.model_fields if not _leaves(name)]
    leaves = [leaf for name in Settings.model_fields if name not in tables for leaf in _leaves(name)]
    missing = [leaf for leaf in leaves if not re.search(rf"`(?:\[\w+\] )?{leaf}`", administrators)]
    assert missing == []


def _leaves(name: str) -> list[str]:
    """The settings of a table, or none where the name is itself a setting."""
    kind = Settings.model_fields[name].annotation
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def test_the_readme_names_every_command() -> None:
    cells = "".join(re.findall(r"^\| (`.+?) \|", _words(ROOT / "README.md"), re.MULTILINE))
    named = {words.removeprefix("foidesk ").split()[0] for words in re.findall(r"`([^`]+)`", cells)}
    assert set(COMMANDS) - named == set()


def test_the_test_knows_a_lie_when_it_sees_one() -> None:
    assert _fault_of("officer add EMAIL NAME --rank general") == "--rank is no option of add"
    assert _fault_of("dance") == "dance is no command"
    assert _fault_of("--config FILE status --json") == ""
    assert not _exists("mailbox", "hots")
    assert not _leads_somewhere(GUIDE / "README.md", "nowhere.md")
    assert not _leads_somewhere(GUIDE / "README.md", "#nowhere")


def test_every_page_has_a_picture() -> None:
    pages = [path for path in (ROOT / "templates" / "web").glob("*.html") if EXTENDS in path.read_text("utf-8")]
    assert len(pages) > 50
    pictured = {path.stem: PICTURED_AS.get(path.stem, path.stem.replace("_", "-")) for path in pages}
    assert {page for page, name in pictured.items() if not (GUIDE / "pictures" / f"{name}.png").exists()} == set()
    assert set(PICTURED_AS) - set(pictured) == set()


def test_every_picture_is_used_and_small() -> None:
    used = {
        (page.parent / link).resolve()
        for page in ALL_PAGES
        for link in LINK.findall(_words(page))
        if link.endswith(".png")
    }
    pictures = {path: path.read_bytes() for path in (GUIDE / "pictures").iterdir()}
    assert {path.name for path in pictures} == {path.name for path in used}
    assert [path.name for path, picture in pictures.items() if len(picture) > MOST_BYTES] == []
    assert [path.name for path, picture in pictures.items() if int.from_bytes(picture[16:20], "big") != WIDE] == []
    assert sum(map(len, pictures.values())) < MOST_BYTES_IN_ALL
