"""`foidesk doctor`: a check-up of everything the desk depends on, a line each."""

import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from pathlib import Path
from secrets import token_bytes

import click

from mail.check_imap import check_imap
from mail.check_oauth import check_oauth
from mail.check_sent_folders import check_sent_folders
from mail.check_smtp import check_smtp
from service.bootstrap import open_desk
from service.casework.compose_letter import RESPONSES
from service.casework.consult import CONSULTATION, REMINDER
from service.casework.digest import TEMPLATES as DIGESTS
from service.casework.mailbox_move import OUTCOME_WANTED, PUT_BACK
from service.casework.notice_kinds import NOTICES
from service.casework.sent_answers import LETTER as ANSWERED
from service.casework.specimen import specimen
from service.casework.team_digest import TEMPLATE as TEAM_DIGEST
from service.commands.context import require_secret
from service.commands.sent_findings import sent_findings
from service.desk import Desk
from service.domain.contrast import SHAPE, TEXT, WHITE, told_from
from service.domain.finding import Finding
from service.domain.horizon import horizon_warning
from service.domain.regime import SCOTTISH, Regime
from service.errors import DeskError
from service.letters import LetterFault
from service.sections import Authority
from service.settings import Settings, config_path, read_settings
from service.store.database import DatabaseUnavailable, reading
from service.store.mailboxes import mailboxes
from service.store.officers import officers
from service.store.placements import filing_state
from service.store.schema import head, is_ahead, stands_at, try_to_write
from service.store.search_index import count_entries
from service.store.tables import FilingState, Mailbox
from web.theme import DARK, LIGHT

EMAILS = (
    "assigned",
    "assigned-many",
    "taken-back",
    "clearance-request",
    "cleared",
    "returned",
    "written",
    "consultation-answered",
    "consultation-closed",
    "notice-shown",
    "verb-confirm",
    "verb-done",
    "verb-help",
    "verb-refused",
    "verb-status",
    "acknowledgement",
    "review-acknowledgement",
    "reply",
    "response",
    "holding",
    "deadline",
    *RESPONSES,
    *(kind for kind in NOTICES if kind != "holding"),
    CONSULTATION,
    REMINDER,
    ANSWERED,
    "due",
    *DIGESTS.values(),
    TEAM_DIGEST,
    "moved",
    OUTCOME_WANTED,
    PUT_BACK,
)


NEWER = "The database was made by a newer program than this one: install that one."


@click.command()
@click.pass_obj
def doctor(config: Path | None) -> None:
    """Check settings, database, mail servers, calendar and templates; exit code 1 when something is wrong."""
    well = True
    for finding in _findings(config):
        well &= finding.ok
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.subject}: {finding.found}")
        if not finding.ok and finding.advice:
            click.echo(f"      {finding.advice}")
    sys.exit(0 if well else 1)


def _findings(config: Path | None) -> Iterator[Finding]:
    settings = read_settings(config)
    yield Finding("settings", True, str(config_path(config)))
    yield _look(settings.authority)
    desk = _desk(settings)
    try:
        yield from _database(desk)
    finally:
        desk.engine.dispose()  # nothing below asks it
    yield from check_oauth(settings, desk.now())
    mailboxes_found = check_imap(settings)
    yield from mailboxes_found
    told = {finding.found for finding in mailboxes_found if not finding.ok}
    # What keeps us out of a mailbox keeps us out of its Sent folder: that is one trouble, told once.
    yield from (finding for finding in check_sent_folders(settings) if finding.ok or finding.found not in told)
    yield from check_smtp(settings)
    yield _horizon(desk)
    yield from _templates(desk)


def _desk(settings: Settings) -> Desk:
    try:
        require_secret(settings)
    except DatabaseUnavailable:  # of which we tell; whether a secret was lost nobody can say, so none is made
        return open_desk(settings, secret=token_bytes())
    return open_desk(settings)


def _look(authority: Authority) -> Finding:
    """What becomes of the authority's colour where it alone would be too faint; no fault, for the desk mends it."""
    where = (("light pages", LIGHT, SHAPE), ("dark pages", DARK, SHAPE), ("letters", WHITE, TEXT))
    shown = [(words, told_from(surface, authority.colour, least)) for words, surface, least in where]
    changed = [f"{mark} on {words}" for words, mark in shown if mark != authority.colour.lower()]
    found = authority.colour + (f", to be told from the background {' and '.join(changed)}" if changed else "")
    return Finding("look", True, f"{found}; {f'logo {authority.logo}' if authority.logo else 'no logo'}")


def _database(desk: Desk) -> Iterator[Finding]:
    where = desk.engine.url.render_as_string(hide_password=True)
    try:
        stands = stands_at(desk.engine)
        if stands != "none":
            try_to_write(desk.engine)
    except DatabaseUnavailable as error:
        advice = error.particulars.get(
            "advice", "Check [database] url, that the server runs, that the disk has room and that the desk may write."
        )
        yield Finding("database", False, f"{where}: {error.particulars['reason']}", str(advice))
        return
    yield Finding("database", True, where)
    yield Finding(
        "migrations",
        stands in (head(), "none"),
        "a new database, made at the first start" if stands == "none" else stands,
        NEWER if is_ahead(stands) else "Stop the desk, make a backup and run `foidesk migrate`.",
    )
    if stands == head():
        yield from _rows(desk)


def _rows(desk: Desk) -> Iterator[Finding]:
    try:
        with reading(desk.engine) as session:
            desk.almanac.refresh(session)
            team, begun = len(officers(session)), mailboxes(session, desk.settings.places)
            papers, missing = count_entries(session)
            sent = list(sent_findings(session, desk, desk.now()))
            filed = [(box, filing_state(session, box.account)) for box in desk.settings.every_mailbox]
    except DeskError as error:
        yield Finding("team", False, str(error))
        return
    yield Finding(
        "team", team > 0, f"{team} active", "`foidesk officer add EMAIL NAME --role administrator` adds the first."
    )
    yield Finding("search", missing == 0, f"{papers} papers known, {missing} missing", "Run `foidesk reindex`.")
    for row in begun:
        yield _mailbox(row)
    yield from sent
    for box, state in filed:
        if box.filing != "off":
            yield _filing(state)


def _mailbox(row: Mailbox) -> Finding:
    subject = f"mailbox {row.account}"
    if row.trouble:
        return Finding(subject, False, row.trouble, "See the mailbox lines below.")
    uncounted = [f"{n} {name}" for name, n in (("astray", row.astray), ("withheld", row.withheld)) if n]
    if uncounted:
        return Finding(subject, False, " and ".join(uncounted), "See the page Mailboxes and the guide.")
    read = f"mail counts from {row.counts_from:%Y-%m-%d %H:%M} UTC, last read {_moment(row.read_at)}"
    return Finding(subject, True, read)


def _filing(state: FilingState) -> Finding:
    subject = f"folders of {state.account}"
    if state.trouble:
        found, _, advice = state.trouble.partition(". ")
        return Finding(subject, False, found, " ".join(advice.split()))
    looked = f"mail lies in folders by its case, last looked at {_moment(state.looked_at)}"
    return Finding(subject, True, looked if state.looked_at else "not filed yet: the first round makes the folders")


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"


def _horizon(desk: Desk) -> Finding:
    known = f"bank holidays are known until {desk.calendars.horizon:%-d %B %Y} (version {desk.calendars.version})"
    warning = horizon_warning(desk.calendars, desk.today())
    return Finding("calendar", not warning, known, warning)


def _templates(desk: Desk) -> Iterator[Finding]:
    """Under each law that a request to this authority may fall under: a template may have a part for one alone."""
    for name, law in product(EMAILS, _laws(desk.settings)):
        try:
            specimen(desk, name, desk.today(), law)
        except LetterFault as fault:
            yield Finding(f"template {name}", False, f"{fault} It was tried under the {law.rules.title}.")
            return
    yield Finding("templates", True, f"{len(EMAILS)} emails")


def _laws(settings: Settings) -> list[Regime]:
    """Those of the first mailbox's country before the others': the Act and the environmental regulations of each."""
    scottish = [settings.regime_of(box.account) in SCOTTISH for box in settings.every_mailbox]
    return [law for north in dict.fromkeys(scottish) for law in (SCOTTISH if north else (Regime.FOIA, Regime.EIR))]
