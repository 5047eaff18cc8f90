"""A check-up of the tokens that sign us in: can one be had, does it allow what we need, and when does its proof end."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from mail.oauth import NoToken, Token, TokenServiceAway, token_for
from service.domain.finding import Finding
from service.errors import DeskError
from service.settings import Settings
from service.sign_in import WARNING_DAYS, OAuth

RENEW = {
    "microsoft": "Make a new one beside it in the app registration (Certificates & secrets), put it in place of the "
    "old one, and correct [oauth] secret_expires_on.",
    "google": "Make a new key for the service account, put it in place of the old one, and correct [oauth] "
    "secret_expires_on.",
}


def check_oauth(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Ask for the tokens that signing in takes; nothing where passwords do. `now` is aware."""
    oauth = settings.oauth
    if oauth.provider is None:
        return
    users: dict[str, set[str]] = {}
    for box in settings.every_mailbox:
        for server, permission in ((box, "IMAP.AccessAsApp"), (settings.smtp_of(box.account), "SMTP.SendAsApp")):
            if server.oauth is not None:
                users.setdefault(server.user, set()).add(permission)  # as Microsoft 365 calls them
    for user, needed in users.items():
        yield from _token(oauth, user, needed, now)
    yield _ending(oauth, now.date())


def _token(oauth: OAuth, user: str, needed: set[str], now: datetime) -> Iterator[Finding]:
    assert oauth.provider is not None
    subject = f"token of {oauth.provider.capitalize()} for {user}"
    try:
        token = token_for(oauth, user)
    except (NoToken, TokenServiceAway) as fault:
        found, _, advice = str(fault).partition(". ")
        yield Finding(subject, False, found, advice)
        return
    except DeskError as fault:
        yield Finding(subject, False, str(fault))
        return
    yield Finding(subject, True, f"had, good until {now + token.lasts:%H:%M} UTC")
    if oauth.provider == "microsoft" and token.allows is not None:
        yield _permissions(token, needed)


def _permissions(token: Token, needed: set[str]) -> Finding:
    allows = token.allows or frozenset()
    missing = needed - allows
    found = f"without {', '.join(sorted(missing))}" if missing else ", ".join(sorted(needed))
    advice = (
        "Under API permissions of the app registration add what is missing as application permission of Office 365 "
        "Exchange Online, and grant admin consent."
    )
    return Finding("permissions of the application", not missing, found, advice)


def _ending(oauth: OAuth, today: date) -> Finding:
    what = "certificate" if oauth.certificate_file else "key" if oauth.provider == "google" else "client secret"
    ends = oauth.ends_on()
    if ends is None:
        unknown = "its last day is not known" if oauth.provider == "microsoft" else "no last day given"
        advice = "Write it into [oauth] secret_expires_on, so that you are told in time: secrets end without a word."
        return Finding(
            what, oauth.provider == "google", unknown, advice
        )  # Google's keys end only where a policy says so
    assert oauth.provider is not None
    ended = "ended" if ends < today else "ends"
    found = f"{ended} on {ends:%-d %B %Y}"
    return Finding(what, ends - today >= timedelta(days=WARNING_DAYS), found, RENEW[oauth.provider])
