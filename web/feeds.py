"""Deadlines for calendar programs: feeds at unguessable addresses, and one case's as a file."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from service.casework.deadline_calendar import calendar_of, calendar_of_case
from service.domain.token import digest
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.feeds import cases_of_feed, feed_by_hash, note_feed_used, revision_of
from service.store.tables import CalendarFeed
from web.current import desk
from web.downloads import disposition

pages = Blueprint("feeds", __name__)
MEDIA_TYPE = "text/calendar; charset=utf-8"
NAMES = {False: "My FOI deadlines", True: "FOI deadlines of the team"}
REFRESH = timedelta(hours=1)  # the last use is written down at most this often


@pages.get("/calendar/<token>.ics")
def show(token: str) -> ResponseReturnValue:
    """A feed; its address is its password, so an unknown one is only that."""
    served = desk()
    with reading(served.engine) as session:
        feed = feed_by_hash(session, digest(token))
        content = calendar_of(served, NAMES[feed.whole_team], cases_of_feed(session, feed), today=served.today())
    _note(feed, served.now())
    response = Response(content, content_type=MEDIA_TYPE)
    response.set_etag(digest(content.decode()))
    return response.make_conditional(request)


def _note(feed: CalendarFeed, now: datetime) -> None:
    if feed.used_at is None or now - feed.used_at >= REFRESH:
        with transaction(desk().engine) as session:
            note_feed_used(session, feed.id, now)


@pages.get("/cases/<path:reference>/deadline.ics")
def of_case(reference: str) -> Response:
    """The deadline of one case, for an officer's own calendar."""
    served = desk()
    with reading(served.engine) as session:
        case = case_by_reference(session, reference)
        content = calendar_of_case(served, revision_of(session, case), today=served.today())
    headers = {"Content-Disposition": disposition(f"{case.reference} deadline.ics")}
    return Response(content, content_type=MEDIA_TYPE, headers=headers)
