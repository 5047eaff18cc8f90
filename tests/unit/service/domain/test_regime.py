"""The regimes as data."""

from datetime import date

import pytest

from service.domain.calendars import load_calendars
from service.domain.regime import Matter, Regime, add_months


@pytest.mark.parametrize("regime", Regime)
def test_every_regime_gives_twenty_working_days_for_a_request(regime: Regime) -> None:
    assert regime.rules.limit(Matter.REQUEST).days == 20


def test_only_the_regulations_on_the_environment_extend_firmly_and_the_scottish_act_not_at_all() -> None:
    firm = {regime: regime.rules.extension(Matter.REQUEST) for regime in Regime}
    assert firm[Regime.FOISA] is None
    assert {regime for regime, rule in firm.items() if rule and rule.firm} == {Regime.EIR, Regime.EISR}


def test_a_matter_without_a_rule_of_its_own_has_the_ordinary_limit() -> None:
    assert Regime.EIR.rules.limit(Matter.SCHOOL) == Regime.EIR.rules.limit(Matter.REQUEST)


def test_three_months_begin_with_the_day_of_the_notice() -> None:
    working_days = load_calendars().uk
    assert Regime.FOIA.rules.fee.last_day(date(2024, 5, 20), working_days) == date(2024, 8, 19)
    assert Regime.FOIA.rules.fee.last_day(date(2023, 11, 30), working_days) == date(2024, 2, 29)
    assert Regime.EIR.rules.fee.last_day(date(2024, 5, 20), working_days) == date(2024, 8, 15)


def test_a_month_without_the_day_ends_on_its_last() -> None:
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2024, 12, 31), 2) == date(2025, 2, 28)
    assert add_months(date(2024, 12, 1), 1) == date(2025, 1, 1)
