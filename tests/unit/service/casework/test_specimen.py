"""The specimens of emails: each is given what its letter is given."""

import pytest

from service.casework.specimen import specimen
from service.desk import Desk
from service.domain.notice_law import notice_law
from service.domain.regime import Regime


@pytest.mark.parametrize("regime", list(Regime))
def test_a_late_specimen_cites_the_time_limit_of_its_own_law(sqlite_desk: Desk, regime: Regime) -> None:
    body = specimen(sqlite_desk, "disclosure", sqlite_desk.today(), regime).body
    assert regime.rules.title in body
    assert notice_law(regime).answer_in_time in body


@pytest.mark.parametrize("regime", list(Regime))
@pytest.mark.parametrize("name", ["acknowledgement", "deadline", "consultation"])
def test_a_letter_that_is_given_the_name_of_its_law_is_tried_with_the_name(
    sqlite_desk: Desk, name: str, regime: Regime
) -> None:
    body = specimen(sqlite_desk, name, sqlite_desk.today(), regime).body
    assert regime.rules.title in body
    assert "NoticeLaw" not in body
