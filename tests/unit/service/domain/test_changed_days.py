"""Which days a changed calendar changes, and what is said of them."""

from dataclasses import replace
from datetime import date

from service.domain.calendars import CalendarChange, ChangeKind, load_calendars
from service.domain.changed_days import Changed
from service.domain.working_days import Division

SHIPPED = load_calendars()
MON_JUN_3, MON_JUN_10, WED_JUN_12 = date(2024, 6, 3), date(2024, 6, 10), date(2024, 6, 12)
ADDED = CalendarChange(ChangeKind.ADDED, MON_JUN_10, MON_JUN_3, Division.SCT, "A feast")
WITHDRAWN = CalendarChange(ChangeKind.WITHDRAWN, date(2024, 8, 26), MON_JUN_3, Division.NIR)
CHANGED = Changed(SHIPPED, SHIPPED.with_changes([WITHDRAWN, ADDED]))


def test_each_day_that_changed_its_nature_is_a_sentence_in_order() -> None:
    assert CHANGED.days("FOIA", MON_JUN_3, date(2024, 12, 31)) == (
        "Monday 10 June 2024 is now a bank holiday in Scotland: A feast.",
        "Monday 26 August 2024 is no longer a bank holiday in Northern Ireland.",
    )


def test_only_the_days_of_the_case_and_of_its_law_are_told() -> None:
    feast = ("Monday 10 June 2024 is now a bank holiday in Scotland: A feast.",)
    assert CHANGED.days("EIR", MON_JUN_3, WED_JUN_12) == feast
    assert CHANGED.days("FOISA", MON_JUN_10, MON_JUN_10) == feast
    assert CHANGED.days("FOISA", WED_JUN_12, date(2024, 12, 31)) == ()


def test_a_case_is_touched_by_a_changed_day_among_its_days_both_ends_included() -> None:
    assert CHANGED.touches("FOIA", MON_JUN_10, MON_JUN_10)
    assert not CHANGED.touches("FOIA", MON_JUN_3, date(2024, 6, 9))
    assert not CHANGED.touches("FOIA", date(2024, 6, 11), date(2024, 8, 25))
    assert CHANGED.touches("EIR", WED_JUN_12, date(2024, 8, 26))
    assert not CHANGED.touches("EISR", WED_JUN_12, date(2024, 8, 26))


def test_a_day_known_earlier_than_was_thought_touches_a_case_and_is_no_news_to_tell() -> None:
    """A newer file gives the day of proclamation, which the prudent date depends on."""
    [added] = (row for row in CHANGED.after.uk.holidays if row.on == MON_JUN_10)
    told = replace(added, proclaimed_on=MON_JUN_3)
    newer = replace(SHIPPED, shipped=(*SHIPPED.shipped, told))
    changed = Changed(replace(SHIPPED, shipped=(*SHIPPED.shipped, added)), newer)
    assert changed.touches("FOIA", MON_JUN_3, WED_JUN_12)
    assert changed.days("FOIA", MON_JUN_3, WED_JUN_12) == ()
