"""What decides where a mail lies in the shared mailbox, read from the desk's records."""

from collections.abc import Sequence

from sqlmodel import Session

from service.casework.record import DESK
from service.desk import LONDON
from service.domain.clock import State
from service.domain.intake import Action
from service.domain.placing import CaseFacts, Fate, Mail
from service.domain.stage import Stage
from service.store.cases import cases_by_id, closings
from service.store.correspondence import DISMISSED, DUPLICATE, FILED
from service.store.officers import officers
from service.store.tables import Case, Officer, Post

MACHINES = (Action.AUTOMATIC, Action.BOUNCE, Action.JUNK)


def mail_facts(session: Session, posts: Sequence[Post]) -> dict[int, Mail]:
    """Of settled mails, and of those that need a person, by key."""
    keys = {post.case_id for post in posts if post.case_id is not None}
    if not posts:
        return {}
    facts = case_facts(session, list(cases_by_id(session, list(keys)).values()))
    return {post.id: _mail(post, facts) for post in posts}


def case_facts(session: Session, cases: Sequence[Case]) -> dict[int, CaseFacts]:
    """Of some cases, by key."""
    closed = closings(session, [case.id for case in cases if case.stage == Stage.CLOSED])
    team = {officer.id: officer for officer in officers(session, active_only=False)}
    return {
        case.id: CaseFacts(
            case.id,
            case.reference,
            case.subject,
            closed[case.id].astimezone(LONDON).year if case.id in closed else None,
            names_of(team[case.owner_id]) if case.owner_id is not None else frozenset(),
            case.clock_state == State.AWAITING_CLARIFICATION,
            case.stage == Stage.NOT_FOI,
        )
        for case in cases
    }


def names_of(officer: Officer) -> frozenset[str]:
    """What an officer's folder may be called, case-folded: by name, by address, or by its local part."""
    return frozenset({officer.name.casefold(), officer.email.casefold(), officer.email.partition("@")[0].casefold()})


def called(session: Session, name: str) -> list[Officer]:
    """The active officers that a folder's name means."""
    return [officer for officer in officers(session) if name in names_of(officer)]


def _mail(post: Post, facts: dict[int, CaseFacts]) -> Mail:
    case = facts.get(post.case_id) if post.case_id is not None else None
    if post.state == DISMISSED:
        return Mail(Fate.ASIDE)
    if post.state == FILED and post.action in MACHINES and post.settled_by == DESK:
        return Mail(Fate.AUTOMATIC, case)
    if post.state in (FILED, DUPLICATE) and case is not None:
        return Mail(Fate.CASE, case, answers=post.action == Action.REPLY)
    # A second copy of a mail that is on no case: whoever deals with the first need not see it.
    return Mail(Fate.AUTOMATIC if post.state == DUPLICATE else Fate.NEEDS)
