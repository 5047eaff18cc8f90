"""How soon cases were acknowledged, as a term of a query."""

from itertools import pairwise

from sqlalchemy import ColumnElement
from sqlmodel import and_, col

from service.domain.promptness import UNTIL, Promptness
from service.store.tables import Case

_SECONDS = {soon: int(limit.total_seconds()) for soon, limit in UNTIL.items()}
_BEFORE = {slower: _SECONDS[sooner] for sooner, slower in pairwise((*UNTIL, Promptness.LATER))}


def acknowledged_so(wanted: Promptness) -> ColumnElement[bool]:
    """Whether a case was acknowledged as soon as that, and no sooner."""
    took = col(Case.acknowledged_after)
    if wanted is Promptness.NEVER:
        return took.is_(None)
    ends = [took > _BEFORE[wanted]] if wanted in _BEFORE else []
    return and_(*ends, *([took <= _SECONDS[wanted]] if wanted in _SECONDS else []))
