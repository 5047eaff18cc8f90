"""How long the published holidays still reach: deadlines past their end are provisional."""

from datetime import date, timedelta

from service.domain.calendars import Calendars

ENOUGH = timedelta(days=365)


def horizon_warning(calendars: Calendars, today: date) -> str:
    """A sentence when the holidays of the next twelve months are not all known, else nothing."""
    horizon = calendars.horizon
    if horizon - today >= ENOUGH:
        return ""
    return (
        f"Bank holidays are known only until {horizon.day} {horizon:%B %Y}: deadlines beyond that day are provisional. "
        "Download the newest list from gov.uk and run `foidesk calendar update FILE`."
    )
