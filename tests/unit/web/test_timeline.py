from datetime import UTC, datetime

import pytest

from service.domain.history import CaseEvent, Kind
from web.timeline import timeline, who

MON_JUN_3_2024 = datetime(2024, 6, 3, 9, tzinfo=UTC)
DATA = {
    Kind.RECEIVED: {"regime": "FOIA"},
    Kind.NOT_ACKNOWLEDGED: {"reason": "it seems automatic"},
    Kind.POST_FILED: {"message": "1"},
    Kind.ASSIGNED: {"owner": "7"},
    Kind.NOTED: {"text": "Ring them"},
    Kind.REMINDED: {"milestone": "due today"},
    Kind.CLOSED: {"outcome": "granted in full"},
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_event_is_said_in_words(kind: Kind) -> None:
    data = DATA.get(kind, {"letter": "1", "kind": "acknowledgement"})
    (entry,) = timeline([CaseEvent(kind, MON_JUN_3_2024, "officer:7", data)], {7: "Sam Okoro"})
    assert entry.who == "Sam Okoro"
    assert entry.what
    assert "{" not in entry.what


def test_the_newest_comes_first_and_of_one_moment_the_last_recorded() -> None:
    def noted(text: str, day: int) -> CaseEvent:
        return CaseEvent(Kind.NOTED, MON_JUN_3_2024.replace(day=day), "desk", {"text": text})

    entries = timeline([noted("first", 3), noted("second", 3), noted("of an earlier day", 2)], {})
    assert [entry.detail for entry in entries] == ["second", "first", "of an earlier day"]


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ("desk", "The desk"),
        ("requester", "The requester"),
        ("officer:7", "Sam Okoro"),
        ("officer:8", "a former officer"),
    ],
)
def test_an_actor_has_a_name(actor: str, name: str) -> None:
    assert who(actor, {7: "Sam Okoro"}) == name


def test_a_reminder_to_the_team_is_not_taken_for_a_letter_to_the_requester() -> None:
    (entry,) = timeline([CaseEvent(Kind.LETTER_SENT, MON_JUN_3_2024, "desk", {"letter": "1", "kind": "due"})], {})
    assert entry.what == "Sent the reminder"
