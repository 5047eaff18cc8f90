"""Words of anybody's, made to be gone over again and again: were one of these read so, the test would not end."""

import pytest

from service.domain.consultation import suggested
from service.domain.notice_check import check_notice
from service.domain.question_parser import propose_questions
from service.domain.request_prose import sentences

SPACES = " " * 50_000


@pytest.mark.parametrize("blank", [SPACES, "\u00a0" * 50_000, " \t" * 25_000])
def test_runs_of_space_in_a_request(blank: str) -> None:
    found = propose_questions(f"Please tell me: 1) how many{blank}x 2) what was spent?")
    assert [" ".join(one.text.split()) for one in found] == ["how many x", "what was spent?"]


def test_one_abbreviation_after_the_other() -> None:
    assert len(sentences("No. A " * 15_000)) == 1


def test_runs_of_space_in_an_answer_of_somebody_we_asked() -> None:
    assert suggested(f"no information{SPACES}x") is None


def test_runs_of_space_in_a_letter() -> None:
    assert check_notice(f"We rely on section{SPACES}40{SPACES}(2).", None)
