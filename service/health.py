"""How the desk stands: whether mail is read, letters go out and the timetable runs; no personal data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from service.desk import LONDON, Desk
from service.domain.horizon import horizon_warning
from service.sent_places import SentPlace
from service.sign_in import WARNING_DAYS
from service.store.correspondence import DISMISSED, DUPLICATE, FILED, QUARANTINED, STORED, oldest_waiting
from service.store.jobs import job_runs
from service.store.mailboxes import mailbox, mailboxes, tally
from service.store.page_counts import LetterTrouble, page_counts
from service.store.placements import filing_state
from service.store.schema import head, stands_at
from service.store.sent import IGNORED, OWN, UNSURE, count_sent
from service.store.tables import JobRun, Mailbox, Webhook
from service.store.webhooks import count_deliveries, webhooks
from service.store.worklist import count_letters, count_posts

OK, WARN, FAIL = "ok", "warn", "fail"
SHORTEST_PATIENCE = timedelta(seconds=120)
SILENCE = timedelta(minutes=10)  # every job of the timetable runs at least each few minutes
SENT_PATIENCE = timedelta(hours=1)
STUCK = timedelta(minutes=30)  # a mail that waits so long to be read is stuck
LONGEST_FAILING = timedelta(days=1)  # of a webhook, before somebody must look
PRIVATE = ("trouble",)  # the mail servers' own words are for the team, not for whoever reaches the port


def patience(desk: Desk, account: str) -> timedelta:
    """How long a mailbox may go unread before someone must be told: three poll intervals, at least two minutes."""
    return max(3 * timedelta(seconds=desk.settings.mailbox_of(account).poll_seconds), SHORTEST_PATIENCE)


def health(session: Session, desk: Desk, now: datetime) -> dict[str, Any]:
    """How each part stands and the worst of it under "status": ok, warn or fail; ages are whole seconds."""
    posts = count_posts(session, (STORED, QUARANTINED))
    parts: dict[str, Any] = {
        "database": {"status": OK},
        "migrations": _migrations(desk),
        "mailboxes": [_mailbox(session, desk, row, now) for row in mailboxes(session, desk.settings.places)],
        "unread_mail": _unread(posts.get(STORED, 0), oldest_waiting(session), now),
        "sent": [_sent(session, place, now) for place in desk.settings.sent_places],
        "mail_to_sort": {"status": OK, "count": posts.get(QUARANTINED, 0)},
        "calendar": _calendar(desk, now),
        **_sign_in(desk, now),
        "letters": _letters(page_counts(session).letters, count_letters(session)),
        "webhooks": _webhooks(session, now),
        "jobs": [_job(run, now) for run in job_runs(session)],
    }
    if not parts["mailboxes"]:
        parts["mailboxes"] = [{"status": WARN, "trouble": "no mailbox has been read yet"}]
    return {"status": worst(parts), "at": now.isoformat(), **parts}


def worst(parts: Mapping[str, Any]) -> str:
    """The worst status of the parts."""
    found = {part["status"] for value in parts.values() for part in (value if isinstance(value, list) else [value])}
    return next((status for status in (FAIL, WARN) if status in found), OK)


def without_details(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report for anyone who can reach the port: how everything stands, without the servers' own words."""
    return {name: _bare(value) for name, value in report.items()}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(part) for part in value]
    if isinstance(value, dict):
        return {name: inner for name, inner in value.items() if name not in PRIVATE}
    return value


def filing_trouble(session: Session, desk: Desk, account: str) -> str:
    """Why the mail of a mailbox is not filed into folders although it should be; empty when it is."""
    if desk.settings.mailbox_of(account).filing == "off":
        return ""
    return filing_state(session, account).trouble


def mailbox_overdue(desk: Desk, row: Mailbox, now: datetime) -> bool:
    """Whether a mailbox has gone unread for longer than our patience; a time to come was written by a wrong clock."""
    since = row.read_at or row.trouble_since
    return since is not None and abs(now - since) > patience(desk, row.account)


def troubles(session: Session, desk: Desk, now: datetime) -> Iterator[str]:
    """What the team must know on every page: mail that does not come in, letters that did not go out."""
    yield from desk_troubles(session, desk, read_folders(session, desk), now)
    yield from letter_troubles(page_counts(session).letters)


def read_folders(session: Session, desk: Desk) -> list[Mailbox]:
    """How the reading of each of the desk's folders stands, those with what was sent last."""
    return mailboxes(session, [*desk.settings.places, *(place.key for place in desk.settings.sent_places)])


def desk_troubles(
    session: Session, desk: Desk, read: Iterable[Mailbox], now: datetime, *, failing: bool = True
) -> Iterator[str]:
    """Of these, what is not about letters; `read` as `read_folders` gives it, `failing` whether a webhook may fail."""
    for row in read:
        if (row.account, row.folder) not in desk.settings.places:
            if sent_overdue(row, now):
                yield _sent_unread(row)
            continue
        if mailbox_overdue(desk, row, now):
            yield _unread_since(row)
        yield from _uncounted(row)
    if _sign_in(desk, now).get("sign_in", {}).get("status", OK) != OK:
        yield _sign_in_ends(desk, now)
    if warning := horizon_warning(desk.calendars, now.astimezone(LONDON).date()):
        yield warning
    for webhook in webhooks(session) if failing else ():
        if _unreached(webhook, now):
            yield _unreached_in_words(webhook)


def letter_troubles(letters: LetterTrouble) -> Iterator[str]:
    """What the team must know of letters that did not go out."""
    if letters.failed:
        yield f"{_letters_in_words(letters.failed)} could not be sent."
    if letters.uncertain:
        yield f"{_letters_in_words(letters.uncertain)} may not have arrived."
    if letters.bounced:
        yield f"{_letters_in_words(letters.bounced)} came back undelivered: the requester has not been reached."


def _webhooks(session: Session, now: datetime) -> dict[str, Any]:
    """Whether those who are told of events by webhook are reached."""
    every = webhooks(session)
    told: Counter[str] = Counter()
    for (_, state), number in count_deliveries(session).items():
        told[state] += number
    return {
        "status": WARN if any(_unreached(one, now) for one in every) else OK,
        "count": len(every),
        "failing": sum(one.failing_since is not None for one in every),
        "switched_off": sum(one.disabled_at is not None for one in every),
        "messages": dict(told),
    }


def _unreached(webhook: Webhook, now: datetime) -> bool:
    since = webhook.failing_since
    return webhook.disabled_at is not None or (since is not None and now - since > LONGEST_FAILING)


def _unreached_in_words(webhook: Webhook) -> str:
    where, since = urlsplit(webhook.url).hostname, webhook.failing_since or webhook.disabled_at
    assert since is not None
    off = "was switched off after failing" if webhook.disabled_at else "has failed"
    return f"The webhook to {where} {off} since {since.astimezone(LONDON):%-d %B}: {webhook.trouble}."


def _calendar(desk: Desk, now: datetime) -> dict[str, Any]:
    """How far the bank holidays are known; past that day deadlines are provisional."""
    warning = horizon_warning(desk.calendars, now.astimezone(LONDON).date())
    return {
        "status": WARN if warning else OK,
        "known_until": desk.calendars.horizon.isoformat(),
        "version": desk.calendars.version,
    }


def _letters_in_words(number: int) -> str:
    return "1 letter" if number == 1 else f"{number} letters"


def _unread_since(row: Mailbox) -> str:
    since = f" since {row.read_at.astimezone(LONDON):%H:%M on %-d %B}" if row.read_at else ""
    why = f": {row.trouble}" if row.trouble else "; the program that reads it may not be running."
    return f"The mailbox “{row.account}” has not been read{since}{why}"


def _uncounted(row: Mailbox) -> Iterator[str]:
    """What the last look could not account for."""
    if row.astray:
        yield f"{_mails(row.astray)} of the mailbox “{row.account}” in no list of the desk: tell your administrator."
    if row.withheld:
        yield (
            f"{_mails(row.withheld)} in the mailbox “{row.account}” that the mail server does not hand over: "
            "look there yourself."
        )
    if row.missing:
        yield f"{_mails(row.missing)} that came to “{row.account}” and left it again before the desk had read them."


def _mails(number: int) -> str:
    return "There is 1 mail" if number == 1 else f"There are {number} mails"


def _sign_in(desk: Desk, now: datetime) -> dict[str, Any]:
    """Until when what we sign in with is good, for desks that sign in by tokens; in the end no mail comes in or out."""
    if desk.settings.oauth.provider is None:
        return {}
    ends = desk.settings.oauth.ends_on()
    if ends is None:
        return {"sign_in": {"status": OK, "ends_on": None, "days_left": None}}
    left = (ends - now.astimezone(LONDON).date()).days
    status = FAIL if left < 0 else WARN if left < WARNING_DAYS else OK
    return {"sign_in": {"status": status, "ends_on": ends.isoformat(), "days_left": left}}


def _sign_in_ends(desk: Desk, now: datetime) -> str:
    oauth = desk.settings.oauth
    ends = oauth.ends_on()
    assert ends is not None
    assert oauth.provider is not None
    tense = "ended" if ends < now.astimezone(LONDON).date() else "ends"
    return (
        f"What the desk signs in to {oauth.provider.capitalize()} with {tense} on {ends:%-d %B %Y}; without a new one "
        "no mail comes in and no letter goes out."
    )


def _migrations(desk: Desk) -> dict[str, Any]:
    stands, needs = stands_at(desk.engine), head()
    return {"status": OK if stands == needs else FAIL, "stands_at": stands, "needs": needs}


def _mailbox(session: Session, desk: Desk, row: Mailbox, now: datetime) -> dict[str, Any]:
    held = tally(session, row.account, row.folder)
    unfiled = filing_trouble(session, desk, row.account)
    failed = mailbox_overdue(desk, row, now) or held.astray
    doubtful = row.trouble or unfiled or row.read_at is None or row.withheld or row.missing
    return {
        "status": FAIL if failed else WARN if doubtful else OK,
        "account": row.account,
        "folder": row.folder,
        "last_read": row.read_at.isoformat() if row.read_at else None,
        "age": int((now - row.read_at).total_seconds()) if row.read_at else None,
        "trouble": row.trouble or unfiled,
        # Every mail seen, by its UID, is in exactly one of these; what is not is withheld, missed or astray.
        "mails": {"seen": held.seen, **asdict(held)},
        "last_look": {"listed": row.listed, "withheld": row.withheld},
        "missed": row.missing,
    }


def _sent(session: Session, place: SentPlace, now: datetime) -> dict[str, Any]:
    """How one Sent folder stands; one that was only looked for and is not there is no fault."""
    row = mailbox(session, *place.key)
    counted = count_sent(session, *place.key)
    troubled = row is not None and row.trouble_since is not None
    return {
        "status": WARN if troubled or (row is not None and sent_overdue(row, now)) else OK,
        "account": place.account,
        "folder": place.folder,
        "last_read": row.read_at.isoformat() if row and row.read_at else None,
        "age": int((now - row.read_at).total_seconds()) if row and row.read_at else None,
        "trouble": row.trouble if row else "",
        "mails": {
            "on_cases": counted.get(FILED, 0),
            "to_sort": counted.get(UNSURE, 0),
            "second_copies": counted.get(DUPLICATE, 0),
            "of_the_desk": counted.get(OWN, 0),
            "about_no_case": counted.get(IGNORED, 0) + counted.get(DISMISSED, 0),
        },
        "last_look": {"new": row.listed, "withheld": row.withheld} if row else {"new": 0, "withheld": 0},
    }


def sent_overdue(row: Mailbox, now: datetime) -> bool:
    """Whether a Sent folder has gone unread for too long: meanwhile clocks run on that an answer has stopped in law."""
    since = row.read_at or row.trouble_since
    return since is not None and now - since > SENT_PATIENCE


def _sent_unread(row: Mailbox) -> str:
    since = f" since {row.read_at.astimezone(LONDON):%H:%M on %-d %B}" if row.read_at else ""
    why = f": {row.trouble}" if row.trouble else "."
    return f"The Sent folder of “{row.account}” has not been read{since}: answers sent by hand stop no clock{why}"


def _unread(count: int, oldest: datetime | None, now: datetime) -> dict[str, Any]:
    age = now - oldest if oldest else timedelta(0)
    return {
        "status": WARN if age > STUCK else OK,
        "count": count,
        "oldest_age": int(age.total_seconds()) if oldest else None,
    }


def _letters(trouble: LetterTrouble, by_state: Mapping[str, int]) -> dict[str, Any]:
    return {"status": WARN if trouble.total else OK, "in_trouble": asdict(trouble), "by_state": dict(by_state)}


def _job(run: JobRun, now: datetime) -> dict[str, Any]:
    finished = run.finished_at or run.started_at
    silent = run.done_for is None and now - finished > SILENCE
    return {
        "status": WARN if run.trouble or silent else OK,
        "name": run.name,
        "last_run": finished.isoformat(),
        "done_for": run.done_for.isoformat() if run.done_for else None,
        "trouble": run.trouble,
    }
