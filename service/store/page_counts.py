"""What is counted beside the menu of every page: one statement, put together once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, select, text
from sqlmodel import Session, col, func

from service.domain.sent_answer import AnswerState
from service.store.cases import is_open
from service.store.correspondence import FAILED, QUARANTINED, UNCERTAIN
from service.store.sent import UNSURE
from service.store.tables import IN_TROUBLE, Case, Forward, Letter, Post, SentAnswer


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
    """Mails to sort, forwards to confirm, sent mails of an unsure case or asked about, and letters in trouble."""

    to_sort: int
    forwards: int
    unsure: int
    asked: int
    letters: LetterTrouble


def page_counts(session: Session) -> PageCounts:
    """Count them all."""
    to_sort, forwards, unsure, asked, *letters = session.execute(_COUNTS).one()
    return PageCounts(to_sort, forwards, unsure, asked, LetterTrouble(*letters))


def _count(table: Any, *wanted: Any) -> ScalarSelect[Any]:
    return select(func.count()).select_from(table).where(*wanted).scalar_subquery()


def _on_open_case(key: Any) -> Any:
    return select(col(Case.id)).where(col(Case.id) == key, is_open()).exists()


_TROUBLE = text(IN_TROUBLE)
# Building a statement costs ten times what the answer to this one does.
_COUNTS = select(
    _count(Post, col(Post.state) == QUARANTINED),
    _count(Forward, col(Forward.decided_at).is_(None), _on_open_case(Forward.case_id)),
    _count(Post, col(Post.state) == UNSURE),
    _count(SentAnswer, col(SentAnswer.state) == AnswerState.ASKED.value, _on_open_case(SentAnswer.case_id)),
    _count(Letter, _TROUBLE, col(Letter.state) == FAILED),
    _count(Letter, _TROUBLE, col(Letter.state) == UNCERTAIN),
    _count(Letter, _TROUBLE, col(Letter.state).not_in((FAILED, UNCERTAIN))),
)
