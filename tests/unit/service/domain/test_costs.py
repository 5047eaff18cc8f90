"""The estimate behind s.12: what counts, at what rate, against which limit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.costs import (
    CENTRAL,
    OTHERS,
    SCOTTISH,
    Activity,
    CostFault,
    Limit,
    Task,
    activities_of,
    estimate,
    limits_of,
)

RETRIEVING = "Retrieving the information, or a document that may contain it"
FEES_REGULATIONS = "Freedom of Information and Data Protection (Appropriate Limit and Fees) Regulations 2004"


def locating(minutes: str, items: int = 1, what: str = "") -> Task:
    return Task(Activity.LOCATE, items, Decimal(minutes), what)


# hours and minutes of work, the limit, the cost in pence, and whether that is over
@pytest.mark.parametrize(
    ("regime", "limit", "tasks", "pence", "over"),
    [
        ("FOIA", OTHERS, [locating("1080")], 45000, False),  # 18 hours: at the limit is not over it
        ("FOIA", OTHERS, [locating("1081")], 45042, True),
        ("FOIA", CENTRAL, [locating("1440")], 60000, False),  # 24 hours
        ("FOIA", CENTRAL, [locating("1440.01")], 60001, True),  # a part of a penny over is over
        ("FOIA", OTHERS, [locating("5", 200)], 41667, False),
        ("FOIA", OTHERS, [locating("5", 200), Task(Activity.EXTRACT, 3, Decimal(30))], 45417, True),
        ("FOIA", CENTRAL, [locating("5", 200), Task(Activity.EXTRACT, 3, Decimal(30))], 45417, False),
        ("FOIA", OTHERS, [Task(Activity.DETERMINE, 1, Decimal(60)), locating("60")], 5000, False),
        ("FOISA", SCOTTISH, [locating("2400")], 60000, False),  # 40 hours at £15
        ("FOISA", SCOTTISH, [Task(Activity.PROVIDE, 2401, Decimal(1))], 60025, True),
    ],
)
def test_the_cost_is_the_time_at_the_rate_the_law_sets(
    regime: str, limit: Limit, tasks: list[Task], pence: int, over: bool
) -> None:
    made = estimate(tasks, regime, limit)
    assert (int(made.pence), made.over) == (pence, over)


def test_the_hours_are_those_of_all_tasks_together() -> None:
    made = estimate([locating("5", 180), locating("90")], "FOIA", OTHERS)
    assert made.hours == Decimal("16.5")


def test_what_the_limit_pays_for_is_told_in_hours() -> None:
    assert estimate([locating("2160")], "FOIA", OTHERS).hours_within == 18
    assert estimate([locating("60")], "FOIA", CENTRAL).hours_within == 24


def test_the_explanation_can_go_into_a_letter() -> None:
    tasks = [
        Task(Activity.RETRIEVE, 200, Decimal("2.5"), "paper files"),
        Task(Activity.EXTRACT, 1, Decimal(1), "ledger"),
        Task(Activity.LOCATE, 1200, Decimal(1)),
    ]
    assert estimate(tasks, "FOIA", OTHERS).lines == (
        f"{RETRIEVING}: 200 paper files at 2.5 minutes each, 8 hours 20 minutes.",
        "Extracting the information from a document that contains it: 1 ledger, 1 minute.",
        "Locating the information, or a document that may contain it: 1,200 items at 1 minute each, 20 hours.",
        "In all 28 hours 21 minutes at £25 an hour: £708.75.",
        f"That is £258.75 over the limit of £450, which regulation 3(3) of the {FEES_REGULATIONS} sets.",
    )


def test_the_explanation_says_what_is_under_and_what_is_at_the_limit() -> None:
    assert "That is £425 under the limit of £450, which" in estimate([locating("60")], "FOIA", OTHERS).lines[-1]
    assert "That is the same as the limit of £600, which" in estimate([locating("1440")], "FOIA", CENTRAL).lines[-1]


def test_words_that_came_from_a_form_stay_on_their_line() -> None:
    assert (
        estimate([locating("5", 1, " boxes\nand  bags ")], "FOIA", OTHERS)
        .lines[0]
        .endswith(": 1 boxes and bags, 5 minutes.")
    )
    assert ": 1 item, 5 minutes." in estimate([locating("5")], "FOIA", OTHERS).lines[0]


def test_staff_in_scotland_are_counted_at_what_they_cost_up_to_a_ceiling() -> None:
    assert estimate([locating("60")], "FOISA", SCOTTISH, Decimal("11.50")).pence == 1150
    assert estimate([locating("60")], "FOISA", SCOTTISH, Decimal(15)).pence == 1500
    assert "at £11.50 an hour" in estimate([locating("60")], "FOISA", SCOTTISH, Decimal("11.50")).lines[1]
    assert estimate([locating("60")], "FOIA", OTHERS, Decimal(25)).pence == 2500


@pytest.mark.parametrize(
    ("regime", "limit", "hourly", "says"),
    [
        ("FOISA", SCOTTISH, "15.01", "no more than £15"),
        ("FOISA", SCOTTISH, "0", "no more than £15"),
        ("FOISA", SCOTTISH, "-1", "no more than £15"),
        ("FOISA", SCOTTISH, "NaN", "no more than £15"),
        ("FOIA", OTHERS, "20", "An hour counts at £25, whoever works it"),
        ("FOIA", OTHERS, "40", "An hour counts at £25, whoever works it"),
    ],
)
def test_another_rate_is_refused(regime: str, limit: Limit, hourly: str, says: str) -> None:
    with pytest.raises(CostFault, match=says):
        estimate([locating("60")], regime, limit, Decimal(hourly))


@pytest.mark.parametrize(
    ("task", "says"),
    [
        (locating("5", 0), "0 items cannot be"),
        (locating("5", -3), "-3 items cannot be"),
        (locating("5", 10_000_001), "10000001 items cannot be"),
        (locating("0"), "0 minutes each cannot be"),
        (locating("-1"), "-1 minutes each cannot be"),
        (locating("100000.01"), "100000.01 minutes each cannot be"),
        (locating("NaN"), "NaN minutes each cannot be"),
        (locating("Infinity"), "Infinity minutes each cannot be"),
        (locating("0.001"), "to a hundredth at most"),
        (locating("5", 1, "x" * 201), "at most 200 characters"),
        (Task(Activity.PROVIDE, 1, Decimal(5)), "Only determine, locate, retrieve, extract count"),
    ],
)
def test_what_cannot_be_is_refused(task: Task, says: str) -> None:
    with pytest.raises(CostFault, match=says):
        estimate([task], "FOIA", OTHERS)


def test_the_largest_numbers_that_can_be_are_counted_to_the_penny() -> None:
    tasks = [locating("100000", 10_000_000, "x" * 200)] * 100
    assert estimate(tasks, "FOIA", OTHERS).pence == Decimal(10_000_000) * 100_000 * 100 * 2500 // 60 + 1
    with pytest.raises(CostFault, match="at most 100 lines"):
        estimate([*tasks, locating("1")], "FOIA", OTHERS)


def test_an_estimate_of_nothing_is_refused() -> None:
    with pytest.raises(CostFault, match="at least one activity"):
        estimate([], "FOIA", OTHERS)


@pytest.mark.parametrize(("regime", "where"), [("EIR", r"12\(4\)\(b\)"), ("EISR", r"10\(4\)\(b\)")])
def test_the_environmental_regulations_have_no_cost_limit(regime: str, where: str) -> None:
    assert limits_of(regime) == ()
    assert activities_of(regime) == ()
    with pytest.raises(CostFault, match=f"have no cost limit; see regulation {where}"):
        estimate([locating("60")], regime, OTHERS)


def test_the_limits_are_those_of_the_fees_regulations() -> None:
    assert [limit.pounds for limit in limits_of("FOIA")] == [600, 450]
    assert [limit.pounds for limit in limits_of("FOISA")] == [600]
    with pytest.raises(CostFault, match="is not one of the Freedom of Information Act 2000"):
        estimate([locating("60")], "FOIA", SCOTTISH)


def test_scotland_counts_providing_and_not_determining() -> None:
    assert activities_of("FOIA") == (Activity.DETERMINE, Activity.LOCATE, Activity.RETRIEVE, Activity.EXTRACT)
    assert activities_of("FOISA") == (Activity.LOCATE, Activity.RETRIEVE, Activity.PROVIDE)
    with pytest.raises(CostFault, match="Only locate, retrieve, provide count"):
        estimate([Task(Activity.DETERMINE, 1, Decimal(5))], "FOISA", SCOTTISH)


TASKS = st.lists(
    st.builds(
        Task,
        st.sampled_from(activities_of("FOIA")),
        st.integers(1, 5000),
        st.decimals("0.01", "600", places=2),
    ),
    min_size=1,
    max_size=8,
)


@given(TASKS, TASKS)
def test_more_work_never_costs_less(tasks: list[Task], more: list[Task]) -> None:
    less, all_of_it = estimate(tasks, "FOIA", OTHERS), estimate(tasks + more, "FOIA", OTHERS)
    assert all_of_it.pence >= less.pence
    assert all_of_it.hours > less.hours
    assert all_of_it.over or not less.over
    assert len(all_of_it.lines) == len(tasks) + len(more) + 2


@given(TASKS)
def test_over_is_more_than_eighteen_hours_and_nothing_else(tasks: list[Task]) -> None:
    made = estimate(tasks, "FOIA", OTHERS)
    assert made.over is (sum(task.minutes for task in tasks) > 18 * 60)
