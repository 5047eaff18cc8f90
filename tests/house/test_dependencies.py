"""The rule of dependency: domain <- store <- casework <- mail and web <- the front door."""

import sys

import pytest

from tests.house.source import imported, modules

FRONT_DOOR = ("service/__main__.py", "service/bootstrap.py", "service/jobs.py", "service/commands/", "service/demo/")
# What each room may import of the house; longest prefix wins.
CORE = ("service.domain", "service.errors")
DESK = (*CORE, "service.store", "service.desk", "service.letters")
SETTINGS = tuple(
    f"service.{name}"
    for name in (
        "settings",
        "sections",
        "servers",
        "further_mailboxes",
        "sent_places",
        "setting_sources",
        "sign_in",
        "logo",
    )
)
DOORS = (*DESK, "service.casework", *SETTINGS)
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "service/domain/": CORE,
    "service/store/": (*CORE, "service.store"),
    "service/casework/": (*DESK, "service.casework", "service.health", "service.release", "service.documents"),
    "service/release/": (*CORE, "service.release"),
    "service/documents/": (*CORE, "service.letters", "service.logo", "service.documents", "service.release"),
    "service/hooks/": (*DESK, *SETTINGS, "service.casework", "service.hooks"),
    "service/": (*DESK, *SETTINGS),
    "mail/": (*DOORS, "mail"),
    "web/": (*DOORS, "service.hooks", "service.documents", "service.health", "web", "templates"),
}
# Each library has one address.
ADDRESS = {
    "flask": ("web/",),
    "waitress": ("web/",),
    "imapclient": ("mail/",),
    "smtplib": ("mail/",),
    "imaplib": ("mail/",),
    "socket": ("service/hooks/", "mail/"),
    "http": ("service/hooks/", "web/api/problems.py"),
    "msal": ("mail/oauth_microsoft.py",),
    "google": ("mail/oauth_google.py",),
    "requests": ("mail/oauth_http.py",),
    "cryptography": ("mail/oauth_microsoft.py",),
    "pymap": ("mail/",),
    "aiosmtpd": ("mail/",),
    "apscheduler": ("service/jobs.py",),
    "jinja2": ("service/letters.py", "web/"),
    "pydantic_settings": ("service/settings.py", "service/setting_sources.py"),
    "limits": ("service/sections.py",),
    "sqlalchemy": ("service/store/", "service/desk.py", "service/commands/doctor.py"),
    "alembic": ("service/store/",),
    "PIL": ("service/release/",),
    "typst": ("service/documents/",),
    "docx": ("service/documents/",),
    "openpyxl": ("service/documents/",),
    "click": ("service/__main__.py", "service/commands/"),
}


def _room(path: str) -> tuple[str, ...] | None:
    if path.startswith(FRONT_DOOR):
        return None  # it may import everything
    return MAY_IMPORT[max((room for room in MAY_IMPORT if path.startswith(room)), key=len)]


def _ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in ("service", "mail", "web", "templates")


def _within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


@pytest.mark.parametrize(("path", "tree"), [pytest.param(path, tree, id=path) for path, tree in modules()])
def test_a_module_imports_only_what_its_room_may(path: str, tree: object) -> None:
    allowed = _room(path)
    if allowed is not None:
        packages = {"service", "mail", "web"}
        assert [n for n in imported(tree) if _ours(n) and n not in packages and not _within(n, allowed)] == []  # type: ignore[arg-type]


def test_nothing_imports_the_front_door() -> None:
    doors = {door.removesuffix(".py").rstrip("/").replace("/", ".") for door in FRONT_DOOR}
    found = [
        (path, name)
        for path, tree in modules()
        for name in imported(tree)
        if _within(name, tuple(doors)) and not path.startswith(FRONT_DOOR)
    ]
    assert found == []


def test_each_library_is_used_at_its_address_only() -> None:
    found = [
        (path, library)
        for path, tree in modules()
        for library in {name.split(".")[0] for name in imported(tree)} & ADDRESS.keys()
        if not path.startswith(ADDRESS[library])
    ]
    assert found == []


def test_the_domain_uses_the_standard_library_alone() -> None:
    found = [
        (path, name)
        for path, tree in modules()
        if path.startswith("service/domain/")
        for name in imported(tree)
        if not name.startswith("service") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert found == []
