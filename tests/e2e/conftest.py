"""A real browser before a real server on a seeded desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlmodel import Session, col, select

from service.bootstrap import open_desk
from service.casework.mailbox_move import Step, heed
from service.desk import Desk
from service.domain.placing import Folder, Layout, Stands
from service.store.database import transaction
from service.store.schema import migrate
from service.store.tables import Post
from tests.builders import a_forward, open_a_case
from tests.conftest import Time, council_settings
from tests.unit.web.conftest import DemoPostOffice
from tests.unit.web.seed import EMAILS, PASSWORD, Seeded, seed
from web.app import create_app
from web.server import PageServer


@dataclass(frozen=True)
class Site:
    """Where the desk is served, and what is on it."""

    url: str
    seeded: Seeded
    forwarded: str

    def pages(self) -> dict[str, str]:
        """Every kind of page by name, as its path."""
        case = f"/cases/{self.seeded.overdue}"
        return {
            "mine": "/list/mine",
            "open": "/list/open",
            "nothing-found": "/list/open?q=zeppelin",
            "overdue": "/list/overdue",
            "closed": "/list/closed",
            "case": case,
            "case-closed": f"/cases/{self.seeded.closed}",
            "case-unassigned": f"/cases/{self.seeded.unassigned}",
            "choose-letter": f"{case}/reply",
            "write-letter": f"{case}/reply?kind=response",
            "notice": f"{case}/notices/public-interest-notice",
            "close": f"{case}/close",
            "mail-to-sort": "/post",
            "mail-automatic": "/post/automatic",
            "letters-in-trouble": "/post/letters",
            "calculator": "/deadline?received=2024-03-04&regime=FOIA",
            "calculator-told-more": "/deadline?received=2024-03-04&fees-notice=2024-03-11&fee-paid=2024-03-20",
            "clock": f"{case}/clock",
            "clock-before": f"{case}/clock?after=1",
            "triage": f"/cases/{self.seeded.unassigned}/triage",
            "hand-back": f"{case}/hand-back",
            "questions": f"{case}/questions",
            "questions-proposed": f"/cases/{self.seeded.soon}/questions",
            "decision": f"{case}/questions/2",
            "response": f"{case}/response",
            "files": f"{case}/files",
            "response-version": f"{case}/response/versions/1",
            "to-clear": "/list/to-clear",
            "mailboxes": "/mailboxes",
            "search": "/search?q=trees",
            "search-nothing": "/search?q=zeppelin",
            "alike": f"{case}/alike",
            "costs": f"{case}/costs",
            "consultations": f"{case}/consultations",
            "consultations-all": "/consultations",
            "review": f"/cases/{self.seeded.closed}/review",
            "complaint": f"/cases/{self.seeded.closed}/complaint",
            "clock-of-colleague": f"/cases/{self.seeded.of_colleague}/clock",
            "extend": f"{case}/clock/extended",
            "change-law": f"{case}/clock/regime-changed",
            "strike-out": f"{case}/clock/entries/1/strike-out",
            "stopped": "/list/stopped",
            "holidays": "/holidays",
            "mail-unreadable": f"/post/{self.seeded.unreadable}",
            "mail-suggestion": f"/post/{self.seeded.suggestion}",
            "forwarded": "/post/forwarded",
            "who-asked": f"/cases/{self.forwarded}/who-asked",
            "who-asked-decided": f"{case}/who-asked",
            "case-forwarded": f"/cases/{self.forwarded}",
            "not-found": "/cases/99.FOI.99.999999",
            "demo": "/demo/",
            "demo-inbox": "/demo/inbox",
        }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("desk")
    desk = open_desk(council_settings(folder, web={"sign_in_limit": "1000 per minute"}), Time().now)
    migrate(desk.engine)
    seeded = seed(desk)
    with transaction(desk.engine) as session:
        forwarded = open_a_case(session, desk, a_forward()).reference
        post = session.exec(select(Post).where(col(Post.case_id).is_not(None))).first()
        assert post is not None
        _move(session, desk, post, Folder("Waiting requester", Stands.WAITING), "FOI/Waiting requester")
    server, stop = PageServer(create_app(desk, DemoPostOffice(desk.now())), "127.0.0.1", 0), Event()
    serving = Thread(target=server.run, args=(stop,))
    serving.start()
    yield Site(f"http://127.0.0.1:{server.port}", seeded, forwarded)
    stop.set()
    serving.join()
    desk.engine.dispose()


def _move(session: Session, desk: Desk, post: Post, folder: Folder, name: str) -> None:
    """Somebody moves a mail in the shared mailbox."""
    heed(session, desk, Step(post, folder, "FOI/Open/" + post.subject, name), Layout.FOLDERS, at=desk.now())


def signed_in(chromium: Browser, site: Site, role: str = "officer", **options: object) -> BrowserContext:
    """A browser window whose officer has signed in."""
    context = chromium.new_context(base_url=site.url, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", EMAILS[role])
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    page.wait_for_url("**/list/mine")
    page.close()
    return context


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """An officer's window."""
    context = signed_in(chromium, site)
    yield context.new_page()
    context.close()
