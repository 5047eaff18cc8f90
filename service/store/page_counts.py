"""What is counted beside the menu of every page: one statement, put together once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, or_, select, text
from sqlmodel import Session, col, func

from service.domain.sent_answer import AnswerState
from service.store.cases import is_open
from service.store.correspondence import FAILED, QUARANTINED, UNCERTAIN
from service.store.plans import written_out
from service.store.sent import UNSURE
from service.store.tables import IN_TROUBLE, Case, Forward, Letter, Post, SentAnswer, Webhook
from service.store.worklist import COUNTED_VIEWS, Selection, View, values_of_views, views_of


@dataclass(frozen=True, slots=True)
class LetterTrouble:
    """How many letters wait for a person, by what befell them; one that was sent and came back has bounced."""

    failed: int
    uncertain: int
    bounced: int

    @property
    def total(self) -> int:
        return self.failed + self.uncertain + self.bounced


@dataclass(frozen=True, slots=True)
class PageCounts:
    """Mails to sort, forwards to confirm, sent mails of an unsure case or asked about, letters in trouble, and webhooks
    that fail or were switched off."""

    to_sort: int
    forwards: int
    unsure: int
    asked: int
    letters: LetterTrouble
    webhooks: int


def page_counts(session: Session) -> PageCounts:
    """Count them all."""
    return _counted(session.execute(_COUNTS).one())


def counts_around(session: Session, selection: Selection) -> tuple[PageCounts, dict[View, int]]:
    """These, and how many cases each view holds as the selection's officer sees it, in one statement."""
    laws = tuple(selection.not_soon)
    row = session.execute(_both(laws), values_of_views(selection)).one()
    views = len(COUNTED_VIEWS)
    return _counted(row[views:]), dict(zip(COUNTED_VIEWS, row[:views], strict=True))


def _counted(row: Sequence[int]) -> PageCounts:
    to_sort, forwards, unsure, asked, failed, uncertain, bounced, webhooks = row
    return PageCounts(to_sort, forwards, unsure, asked, LetterTrouble(failed, uncertain, bounced), webhooks)


def _count(table: Any, *wanted: Any) -> ScalarSelect[Any]:
    return select(func.count()).select_from(table).where(*wanted).scalar_subquery()


def _on_open_case(key: Any) -> Any:
    return select(col(Case.id)).where(col(Case.id) == key, is_open()).exists()


_LETTER, _WEBHOOK = text(IN_TROUBLE), col(Webhook.removed_at).is_(None)
_COLUMNS = (
    _count(Post, col(Post.state) == QUARANTINED),
    _count(Forward, col(Forward.decided_at).is_(None), _on_open_case(Forward.case_id)),
    _count(Post, col(Post.state) == UNSURE),
    _count(SentAnswer, col(SentAnswer.state) == AnswerState.ASKED.value, _on_open_case(SentAnswer.case_id)),
    _count(Letter, _LETTER, col(Letter.state) == FAILED),
    _count(Letter, _LETTER, col(Letter.state) == UNCERTAIN),
    _count(Letter, _LETTER, col(Letter.state).not_in((FAILED, UNCERTAIN))),
    _count(Webhook, _WEBHOOK, or_(col(Webhook.disabled_at).is_not(None), col(Webhook.failing_since).is_not(None))),
)
# Building a statement costs ten times what the answer to this one does.
_COUNTS = written_out(select(*_COLUMNS))


@cache
def _both(laws: tuple[str, ...]) -> Select[Any]:
    return written_out(views_of(laws).add_columns(*_COLUMNS))
