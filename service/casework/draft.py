"""The draft of a response: its versions, what the checker says of the newest, and the rules overridden for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.casework.case_facts import notice_facts
from service.casework.record import record
from service.casework.review import require_independent
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.notice_check import Result, Verdict, check_notice
from service.domain.stage import Act, require
from service.errors import DeskError
from service.letters import Words
from service.store.drafts import add_draft, keep_override, newest_draft, overrides_of
from service.store.tables import Case, Draft, Override


class NoDraft(DeskError):
    """There is no draft of the response to {reference} yet: write one first."""


class NothingToOverride(DeskError):
    """The checker has nothing against {rule} in this draft, so there is nothing to override."""


class OverrideUnexplained(DeskError):
    """Give the reason why the letter may go out against this rule: it is kept with the letter."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checker says of a draft, and which rules were overridden for it, by rule."""

    results: Sequence[Result]
    overrides: Mapping[str, Override]

    @property
    def blocking(self) -> list[Result]:
        """What stands against sending the letter and has not been overridden."""
        return [
            result for result in self.results if result.verdict is Verdict.BLOCK and result.rule not in self.overrides
        ]


def write_draft(
    session: Session, desk: Desk, case: Case, kind: str, words: Words, *, composed: bool, at: datetime, by: str
) -> Draft:
    """Keep the next version of the response; the same words as the newest make none.

    Raises NotAllowedNow or NotIndependent.
    """
    require(case.stage, Act.DRAFT)
    require_independent(session, case, by)
    newest = newest_draft(session, case.id)
    if newest is not None and (newest.kind, newest.subject, newest.body) == (kind, words.subject, words.body):
        return newest
    draft = add_draft(
        session,
        Draft(
            case_id=case.id,
            version=0,
            kind=kind,
            subject=words.subject,
            body=words.body,
            written_at=at,
            written_by=by,
            composed=composed,
        ),
    )
    record(session, desk, case, Kind.DRAFTED, at=at, by=by, version=draft.version)
    return draft


def draft_in_hand(session: Session, case: Case) -> Draft:
    """The newest version; raises NoDraft."""
    draft = newest_draft(session, case.id)
    if draft is None:
        raise NoDraft(reference=case.reference)
    return draft


def check_draft(session: Session, desk: Desk, case: Case, draft: Draft, today: date) -> Checked:
    """What the checker says of a draft, if it went out today."""
    facts = notice_facts(session, desk, case, today, written_at=draft.written_at)
    overrides = {override.rule: override for override in overrides_of(session, draft.id)}
    return Checked(check_notice(draft.body, facts), overrides)


def override(
    session: Session, desk: Desk, case: Case, draft: Draft, rule: str, reason: str, *, at: datetime, by: str
) -> None:
    """Let a draft go out although a rule stands against it.

    It holds for this version alone. Raises NotAllowedNow, NotIndependent, OverrideUnexplained or NothingToOverride.
    """
    require(case.stage, Act.DRAFT)
    require_independent(session, case, by)
    if not reason:
        raise OverrideUnexplained
    checked = check_draft(session, desk, case, draft, at.astimezone(LONDON).date())
    against = [
        result for result in checked.results if result.rule == rule and result.verdict in (Verdict.BLOCK, Verdict.WARN)
    ]
    if not against:
        raise NothingToOverride(rule=rule)
    sentence = " ".join(result.sentence for result in against)
    verdict = Verdict.BLOCK if any(result.verdict is Verdict.BLOCK for result in against) else Verdict.WARN
    row = Override(
        draft_id=draft.id,
        rule=rule,
        verdict=verdict.value,
        sentence=sentence,
        reason=reason,
        made_at=at,
        made_by=by,
    )
    keep_override(session, row)
    record(session, desk, case, Kind.OVERRIDDEN, at=at, by=by, rule=rule, version=draft.version, reason=reason)
