"""A case is the replay of its events: in which order they are heard, and which of them stand."""

from datetime import UTC, date, datetime

import pytest

from service.domain.calendars import load_calendars
from service.domain.clock import ClarificationSought, Clarified, Received, State
from service.domain.history import CaseEvent, clock_events, replay, standing_events, up_to
from service.domain.kind import Kind
from service.errors import ClockError

CALENDARS = load_calendars()


def event(seq: int, kind: Kind, day: int, **data: str) -> CaseEvent:
    return CaseEvent(kind, datetime(2024, 6, day, 12, tzinfo=UTC), "officer:1", data, seq)


RECEIVED = event(1, Kind.RECEIVED, 3, regime="FOIA", matter="request")
SOUGHT, CLARIFIED = event(2, Kind.CLARIFICATION_SOUGHT, 5), event(3, Kind.CLARIFIED, 7)


def test_facts_are_heard_by_their_day_however_late_they_were_recorded() -> None:
    late = [RECEIVED, event(2, Kind.CLARIFIED, 7), event(3, Kind.CLARIFICATION_SOUGHT, 5)]
    assert list(clock_events(late)) == [
        Received(date(2024, 6, 3)),
        ClarificationSought(date(2024, 6, 5)),
        Clarified(date(2024, 6, 7)),
    ]


def test_facts_of_one_day_are_heard_as_they_were_recorded() -> None:
    told = [RECEIVED, event(2, Kind.CLARIFICATION_SOUGHT, 5), event(3, Kind.CLARIFIED, 5)]
    assert replay(told, CALENDARS).clock.state is State.RUNNING


def test_a_mail_taken_in_after_it_was_acted_on_is_still_the_beginning() -> None:
    told = [
        event(1, Kind.RECEIVED, 9, regime="FOIA"),
        event(2, Kind.RECEIPT_CORRECTED, 4, received_on="2024-06-03", reason="x"),
    ]
    assert replay(told, CALENDARS).clock.received_on == date(2024, 6, 3)


def test_what_was_struck_out_does_not_stand_and_the_striking_itself_cannot_be() -> None:
    told = [RECEIVED, SOUGHT, event(3, Kind.STRUCK_OUT, 6, event="2", reason="x")]
    assert [each.kind for each in standing_events(told)] == [Kind.RECEIVED, Kind.STRUCK_OUT]
    assert replay(told, CALENDARS).clock.state is State.RUNNING


def test_a_case_as_it_stood_after_an_event_knows_nothing_later() -> None:
    told = [RECEIVED, SOUGHT, CLARIFIED]
    assert replay(up_to(told, 2), CALENDARS).clock.state is State.AWAITING_CLARIFICATION
    assert replay(up_to(told, 3), CALENDARS).clock.state is State.RUNNING
    struck = [*told, event(4, Kind.STRUCK_OUT, 8, event="3", reason="x")]
    assert replay(up_to(struck, 3), CALENDARS).clock.state is State.RUNNING


def test_a_replay_refuses_what_the_law_does_not_know() -> None:
    with pytest.raises(ClockError, match="No clarification is being waited for"):
        replay([RECEIVED, CLARIFIED], CALENDARS)
