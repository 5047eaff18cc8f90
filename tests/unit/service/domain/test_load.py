"""Who has too much, and how cases are shared out, for any loads."""

from hypothesis import given
from hypothesis import strategies as st

from service.domain.load import LIMIT, overloaded, shared_out

LOADS = st.dictionaries(st.integers(1, 50), st.integers(0, 900), max_size=12)
WEIGHTS = st.lists(st.integers(0, LIMIT), max_size=60)


def test_who_has_half_as_much_again_as_the_others_is_overloaded() -> None:
    assert overloaded({1: 300, 2: 100, 3: 120}) == {1}
    assert overloaded({1: 150, 2: 100}) == set()
    assert overloaded({1: 151, 2: 100}) == {1}
    assert overloaded({1: 500}) == set()
    assert overloaded({1: 40, 2: 0}) == set()
    assert overloaded({}) == set()


@given(LOADS)
def test_never_is_everybody_overloaded_nor_anyone_below_another(loads: dict[int, int]) -> None:
    heavy = overloaded(loads)
    assert len(heavy) < max(len(loads), 1)
    assert all(loads[one] > loads[other] for one in heavy for other in loads.keys() - heavy)


@given(LOADS, WEIGHTS)
def test_every_case_goes_to_one_officer(loads: dict[int, int], weights: list[int]) -> None:
    given_to = shared_out(loads, weights)
    assert given_to.keys() == loads.keys()
    assert sorted(place for places in given_to.values() for place in places) == (
        list(range(len(weights))) if loads else []
    )


@given(LOADS, WEIGHTS)
def test_nobody_gets_a_case_while_another_has_much_less(loads: dict[int, int], weights: list[int]) -> None:
    given_to = shared_out(loads, weights)
    then = {key: loads[key] + sum(weights[place] for place in places) for key, places in given_to.items()}
    for key, places in given_to.items():
        if places:  # when the lightest of theirs came, they had least
            assert then[key] - min(weights[place] for place in places) <= min(then.values())
