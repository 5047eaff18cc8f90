"""A check-up of the Sent folders that are watched: can each be found and opened."""

from collections.abc import Iterator

from mail.sent_folder import open_sent
from mail.sent_watch import NO_FOLDER
from service.domain.finding import Finding
from service.errors import DeskError
from service.sent_places import SentPlace
from service.settings import Settings


def check_sent_folders(settings: Settings) -> Iterator[Finding]:
    """Look into each; changes nothing there. The one that a mailbox has of itself may be missing."""
    for place in settings.sent_places:
        yield _check(place)


def _check(place: SentPlace) -> Finding:
    subject = f"Sent folder of {place.account}"
    try:
        with open_sent(place.server) as box:
            name = box.look_into(place.folder)
    except DeskError as trouble:
        found, _, advice = str(trouble).partition(". ")
        return Finding(subject, False, found, " ".join(advice.split()))
    if name is None:
        advice = "Check folder and user under [[sent]]: what this officer sends from there stops no clock."
        return Finding(subject, not place.private, "not there" if place.private else NO_FOLDER, advice)
    return Finding(subject, True, f"{name} may be read")
