"""The questions of a request, with what was decided about each."""

import json
from collections.abc import Sequence

from sqlmodel import Session, col, delete, select

from service.domain.question import Decision, Ground, Holding, Question
from service.store.tables import GroundRow, QuestionRow


def questions_of(session: Session, case_id: int) -> tuple[Question, ...]:
    """A case's questions in their order; empty while nobody has set them."""
    rows = session.exec(
        select(QuestionRow).where(col(QuestionRow.case_id) == case_id).order_by(col(QuestionRow.position))
    ).all()
    grounds: dict[int, list[Ground]] = {}
    for row in _grounds(session, case_id):
        grounds.setdefault(row.position, []).append(_ground(row))
    return tuple(_question(row, grounds.get(row.position, ())) for row in rows)


def keep_questions(session: Session, case_id: int, questions: Sequence[Question]) -> None:
    """Put these in the place of whatever the case had."""
    for kind in (GroundRow, QuestionRow):
        session.exec(delete(kind).where(col(kind.case_id) == case_id))
    session.add_all(_row(case_id, question) for question in questions)
    session.flush()  # SQLAlchemy does not know which of the two hangs on the other
    session.add_all(
        _ground_row(case_id, question.position, rank, ground)
        for question in questions
        for rank, ground in enumerate(question.grounds, 1)
    )
    session.flush()


def _grounds(session: Session, case_id: int) -> Sequence[GroundRow]:
    query = select(GroundRow).where(col(GroundRow.case_id) == case_id)
    return session.exec(query.order_by(col(GroundRow.position), col(GroundRow.rank))).all()


def _question(row: QuestionRow, grounds: Sequence[Ground]) -> Question:
    return Question(
        position=row.position,
        label=row.label,
        text=row.text,
        holding=Holding(row.holding),
        decision=Decision(row.decision) if row.decision else None,
        grounds=tuple(grounds),
        answer=row.answer,
        link=row.link,
        source=row.source,
    )


def _ground(row: GroundRow) -> Ground:
    return Ground(
        citation=row.citation,
        harm=row.harm,
        interest_for=row.interest_for,
        interest_against=row.interest_against,
        conclusion=row.conclusion,
        particulars=json.loads(row.particulars or "{}"),
    )


def _row(case_id: int, question: Question) -> QuestionRow:
    return QuestionRow(
        case_id=case_id,
        position=question.position,
        label=question.label,
        text=question.text,
        holding=question.holding.value,
        decision=question.decision.value if question.decision else "",
        answer=question.answer,
        link=question.link,
        source=question.source,
    )


def _ground_row(case_id: int, position: int, rank: int, ground: Ground) -> GroundRow:
    return GroundRow(
        case_id=case_id,
        position=position,
        rank=rank,
        citation=ground.citation,
        harm=ground.harm,
        interest_for=ground.interest_for,
        interest_against=ground.interest_against,
        conclusion=ground.conclusion,
        particulars=json.dumps(dict(ground.particulars), ensure_ascii=False),
    )
