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
