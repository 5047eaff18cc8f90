"""A real browser before a real server on a seeded desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlmodel import Session, col, select

from service.bootstrap import open_desk
from service.casework.grant import make_feed
from service.casework.mailbox_move import Step, heed
from service.casework.record import officer_actor
from service.casework.triage import triage
from service.desk import Desk
from service.domain.placing import Folder, Layout, Stands
from service.domain.progress import Triage
from service.domain.regime import Regime
from service.store.database import transaction
from service.store.feeds import feeds_of
from service.store.officers import officer_by_email
from service.store.schema import migrate
from service.store.tables import Post
from tests.builders import a_forward, a_message, open_a_case
from tests.conftest import Time, council_settings
from tests.unit.service.casework.verbs import answer, given_to, say
from tests.unit.web.conftest import DemoPostOffice
from tests.unit.web.seed import EMAILS, PASSWORD, Seeded, seed
from tests.unit.web.sent_by_hand import SentByHand, send_by_hand
from web.app import create_app
from web.server import PageServer

OF_THE_OWNER = (
    "hand-back",
    "instruction",
    "revoke",
)  # pages of Site.pages() that a supervisor may not see, and the officer may
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><path d="M0 2V1l1-1 1 1v1z" fill="#7a1f3d"/></svg>'
ASKED_UNTIL = "2024-06-14"  # a Friday, eleven days after the seeded desk's Monday


@dataclass(frozen=True)
class Site:
    """Where the desk is served, and what is on it."""

    url: str
    seeded: Seeded
    forwarded: str
    doubted: str
    app: Flask
    by_hand: SentByHand
    instruction: int
    feed: int
    untouched: str = ""  # by any test, so that it may be looked at in whatever order they run

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
            "triage": f"/cases/{self.untouched}/triage",
            "hand-back": f"{case}/hand-back",
            "questions": f"{case}/questions",
            "questions-proposed": f"/cases/{self.seeded.soon}/questions",
            "decision": f"{case}/questions/2",
            "response": f"{case}/response",
            "files": f"{case}/files",
            "response-version": f"{case}/response/versions/1",
            "to-clear": "/list/to-clear",
            "search": "/search?q=trees",
            "search-nothing": "/search?q=zeppelin",
            "alike": f"{case}/alike",
            "costs": f"{case}/costs",
            "consultations": f"{case}/consultations",
            "consultations-all": "/consultations",
            "instructions": "/instructions",
            "instruction": f"/instructions/{self.instruction}",
            "review": f"/cases/{self.seeded.closed}/review",
            "complaint": f"/cases/{self.seeded.closed}/complaint",
            "clock-of-colleague": f"/cases/{self.seeded.of_colleague}/clock",
            "extend": f"{case}/clock/extended",
            "change-law": f"{case}/clock/regime-changed",
            "strike-out": f"{case}/clock/entries/1/strike-out",
            "stopped": "/list/stopped",
            "your-emails": "/your-emails",
            "digest-preview": "/your-emails/own",
            "what-if": "/what-if",
            "what-if-away": f"/what-if?what=away&officer=1&until={ASKED_UNTIL}",
            "what-if-holiday": f"/what-if?what=holiday&kind=added&on={ASKED_UNTIL}&division=ENG",
            "what-if-nothing": f"/what-if?what=nothing&until={ASKED_UNTIL}",
            "holidays": "/holidays",
            "mail-unreadable": f"/post/{self.seeded.unreadable}",
            "answered-all": "/answered",
            "answered": f"/cases/{self.by_hand.asked}/answered/{self.by_hand.message}",
            "case-answered": f"/cases/{self.by_hand.asked}",
            "sent-which-case": "/post/sent",
            "sent-unsure": f"/post/{self.by_hand.unsure}",
            "mailboxes": "/mailboxes",
            "mail-suggestion": f"/post/{self.seeded.suggestion}",
            "forwarded": "/post/forwarded",
            "who-asked": f"/cases/{self.forwarded}/who-asked",
            "who-asked-decided": f"{case}/who-asked",
            "case-forwarded": f"/cases/{self.forwarded}",
            "all-ticked": "/list/open?tick=all",
            "saved-lists": "/saved",
            "what-you-can-undo": "/undo",
            "save-list": "/saved/new?list=/list/open?owner=1",
            "saved-list": f"/saved/{self.seeded.saved_list}",
            "bulk": f"/bulk/{self.seeded.bulk_act}",
            "calendar-and-api": "/calendar-and-api",
            "revoke": f"/calendar-and-api/feeds/{self.feed}/revoke",
            "misread": "/list/closed?due_from=tomorrow",
            "not-found": "/cases/99.FOI.99.999999",
            "dashboard": "/dashboard",
            "dashboard-narrowed": "/dashboard?regime=FOIA&owner=1&quarter=2024Q2",
            "unassigned": "/list/unassigned",
            "due-soon": "/list/due-soon",
            "triage-confirm": f"/cases/{self.doubted}/triage/confirm",
            "case-doubted": f"/cases/{self.doubted}",
            "holiday": "/holidays/add",
            "post-to-sort-one": f"/post/{self.seeded.automatic}",
            "every": "/list/every",
            "statistics": "/statistics",
            "statistics-cases": "/statistics/cases?quarter=2024Q2&as_at=2024-06-03&figure=code.1",
            "demo": "/demo/",
            "demo-inbox": "/demo/inbox",
        }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("desk")
    logo = folder / "logo.svg"
    logo.write_text(LOGO, encoding="utf-8")
    authority = {"name": "Anytown Borough Council", "logo": logo}
    settings = council_settings(folder, authority=authority, web={"sign_in_limit": "1000 per minute"})
    desk = open_desk(settings, Time().now)
    migrate(desk.engine)
    seeded = seed(desk)
    with transaction(desk.engine) as session:
        forwarded = open_a_case(session, desk, a_forward()).reference
        case = open_a_case(session, desk, a_message(subject="Offer of office furniture"))
        law, reason = Regime(case.regime), "It offers chairs and asks for nothing that we hold."
        triage(session, desk, case, Triage.BUSINESS, regime=law, reason=reason, at=desk.now(), by=officer_actor(1))
        doubted = case.reference
        untouched = open_a_case(session, desk, a_message(subject="Street lamps")).reference
        by_hand = send_by_hand(session, desk)
        sam = officer_by_email(session, EMAILS["officer"])
        assert sam is not None
        _, given = given_to(session, desk, sam)
        _, said = say(session, desk, answer(given, "extend to 26 July: many files", sam))
        assert said is not None
        instruction = said.id
        make_feed(session, sam.id, whole_team=False, at=desk.now())
        feed = feeds_of(session, sam.id)[0].id
        post = session.exec(select(Post).where(col(Post.case_id).is_not(None))).first()
        assert post is not None
        _move(session, desk, post, Folder("Waiting requester", Stands.WAITING), "FOI/Waiting requester")
    app = create_app(desk, DemoPostOffice(desk.now()))
    server, stop = PageServer(app, "127.0.0.1", 0), Event()
    serving = Thread(target=server.run, args=(stop,))
    serving.start()
    yield Site(
        f"http://127.0.0.1:{server.port}", seeded, forwarded, doubted, app, by_hand, instruction, feed, untouched
    )
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
