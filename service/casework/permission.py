"""Who may do what with a case: the same rules for the pages and for whatever comes by mail."""

from service.domain.stage import RULES, Act, Party
from service.errors import DeskError
from service.store.officers import Role
from service.store.tables import Case, Officer


class NotYours(DeskError):
    """{why}"""


def may_act(officer: Officer, case: Case) -> bool:
    """Whether an officer may speak for the authority on a case: its owner may, and so may those who oversee."""
    return case.owner_id == officer.id or Role(officer.role).covers(Role.SUPERVISOR)


def may_assign(officer: Officer, case: Case, to: int) -> bool:
    """Whether an officer may give a case to someone.

    Supervisors may always. An officer may take a case that nobody has and hand over one of their own, so that the team
    works on when no supervisor is there; taking a colleague's case is a supervisor's decision.
    """
    if Role(officer.role).covers(Role.SUPERVISOR) or case.owner_id == officer.id:
        return True
    return case.owner_id is None and to == officer.id


def require_may_act(officer: Officer, case: Case) -> None:
    """Raise NotYours unless the officer may answer and close the case."""
    if not may_act(officer, case):
        raise NotYours(why=_why(case))


def require_may_assign(officer: Officer, case: Case, to: int) -> None:
    """Raise NotYours unless the officer may give the case to `to`."""
    if not may_assign(officer, case, to):
        raise NotYours(
            why="You can take a case that nobody has, or hand over your own. For any other, ask a supervisor."
        )


def may(officer: Officer, case: Case, act: Act, turn: int | None = None) -> bool:
    """Whether an officer is one who may do an act on a case; `turn` is the approver's whose turn it is, by key."""
    oversees = Role(officer.role).covers(Role.SUPERVISOR)
    match RULES[act].by:
        case Party.TEAM:
            return True
        case Party.OWNER:
            return may_act(officer, case)
        case Party.TRIAGER:
            return case.owner_id is None or may_act(officer, case)
        case Party.RECEIVER:
            return case.owner_id == officer.id
        case Party.APPROVER:
            return turn == officer.id
        case Party.SUPERVISOR:
            return oversees


def require_may(officer: Officer, case: Case, act: Act, turn: int | None = None) -> None:
    """Raise NotYours unless the officer may do the act, whatever the stage."""
    if may(officer, case, act, turn):
        return
    if RULES[act].by in (Party.OWNER, Party.TRIAGER):
        raise NotYours(why=_why(case))
    raise NotYours(why=f"To {act.value} case {case.reference} is for {RULES[act].by.value}.")


def _why(case: Case) -> str:
    if case.owner_id is None:
        return f"Nobody has case {case.reference} yet. Take it first; then you can answer and close it."
    return f"Case {case.reference} belongs to a colleague. Ask a supervisor to give it to you."


def require_by_mailbox(case: Case, act: Act) -> None:
    """Raise NotYours unless a move in the shared mailbox may do the act, whatever the stage.

    Somebody of the team made it, and nobody can tell who: it may do what every one of them may.
    """
    by = RULES[act].by
    if by is Party.TEAM or (by is Party.TRIAGER and case.owner_id is None):
        return
    raise NotYours(why=f"To {act.value} case {case.reference} is for {by.value}: please do it at the desk.")


def require_assign_by_mailbox(case: Case, to: int) -> None:
    """Raise NotYours unless a move in the shared mailbox may give a case to `to`: only one that nobody has.

    Taking a case from its owner is the owner's decision or a supervisor's, and who moved the mail is not known.
    """
    if case.owner_id not in (None, to):
        raise NotYours(
            why=f"Case {case.reference} has an owner: only they or a supervisor give it to somebody else, at the desk."
        )
