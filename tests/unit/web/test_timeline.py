from datetime import UTC, datetime

import pytest

from service.domain.history import CaseEvent
from service.domain.kind import Kind
from web.timeline import timeline, who

MON_JUN_3_2024 = datetime(2024, 6, 3, 9, tzinfo=UTC)
DATA = {
    Kind.MAILBOX_MOVE: {"came_from": "INBOX", "folder": "FOI/Mine/Sam", "words": "case 1 was given to Sam"},
    Kind.RECEIVED: {"regime": "FOIA"},
    Kind.UNDONE: {"event": "2", "did": "giving the case"},
    Kind.NOT_ACKNOWLEDGED: {"reason": "it seems automatic"},
    Kind.POST_FILED: {"message": "1"},
    Kind.REQUESTER_CONFIRMED: {"name": "Harriet Bell", "address": "", "passed_on_by": "Bob Jones"},
    Kind.FORWARD_DECLINED: {"asked_by": "Bob Jones"},
    Kind.TRIAGED: {"found": "a complaint", "reason": "it is about a bin"},
    Kind.ASSIGNED: {"owner": "7"},
    Kind.HANDED_BACK: {"reason": "I am away"},
    Kind.QUESTIONS_SET: {"count": "4"},
    Kind.SENT_BY_HAND: {"sender": "Sam Okoro <sam@anytown.example>", "internal": ""},
    Kind.NOT_THE_ANSWER: {"message": "1", "reason": "a holding reply"},
    Kind.DECIDED: {"question": "2", "decision": "withhold", "limbs": "31(1)(a)"},
    Kind.ESTIMATED: {"version": "1", "cost": "£500", "limit": "£450"},
    Kind.DRAFTED: {"version": "1"},
    Kind.OVERRIDDEN: {"version": "1", "rule": "R3", "reason": "it is plain"},
    Kind.SUBMITTED: {"version": "1", "approvers": "7,8"},
    Kind.APPROVED: {"version": "1", "next": ""},
    Kind.RETURNED: {"version": "1", "reason": "the date is wrong"},
    Kind.RECALLED: {"version": "1"},
    Kind.RESPONSE_QUEUED: {"version": "1", "letter": "4"},
    Kind.FILE_ADDED: {"file": "1", "name": "trees.xlsx", "found": "2"},
    Kind.FILE_RELEASED: {"file": "1", "name": "trees.xlsx", "reason": "the sheet is public"},
    Kind.FILE_WITHDRAWN: {"file": "1", "name": "trees.xlsx"},
    Kind.CONSULTED: {"name": "Bob Jones", "by_day": "2024-06-10"},
    Kind.CONSULTATION_CHASED: {"name": "Bob Jones"},
    Kind.CONSULTATION_ANSWERED: {"name": "Bob Jones", "suggestion": "nil return", "from_address": "x@example.org"},
    Kind.CONSULTATION_UNATTENDED: {"name": "Bob Jones"},
    Kind.CONSULTATION_CLOSED: {"name": "Bob Jones", "outcome": "nil return"},
    Kind.INSTRUCTED: {"verb": "take", "result": "done", "reason": "The case is yours.", "instruction": "1"},
    Kind.NOTED: {"text": "Ring them"},
    Kind.REMINDED: {"milestone": "due today"},
    Kind.EXTENDED: {"until": "2024-07-29", "reason": "the balance of the public interest"},
    Kind.RECEIPT_CORRECTED: {"received_on": "2024-06-01", "reason": "it came by post"},
    Kind.REGIME_CHANGED: {"regime": "EIR", "matter": "request", "reason": "it is about a river"},
    Kind.RECOUNTED: {"from": "2024-07-01", "to": "2024-07-02", "because": "Friday is now a bank holiday."},
    Kind.STRUCK_OUT: {"event": "3", "reason": "the wrong case"},
    Kind.FOLLOWED: {"case": "01.IR.24.000002", "kind": "IR"},
    Kind.INDEPENDENCE_WAIVED: {"reason": "there are two of us"},
    Kind.REVIEW_FOUND: {"finding": "first decision upheld", "reason": "the same limbs"},
    Kind.REGULATOR_DECIDED: {
        "found": "complaint upheld",
        "notice": "FS1",
        "steps": "Disclose it.",
        "comply_by": "2024-08-01",
    },
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
    ("kind", "data", "what", "detail"),
    [
        (
            Kind.CLARIFIED,
            {"due_on": "2024-07-01", "calendar": "2026.1"},
            "Clarification came; the clock starts afresh",
            "Answer then due: Monday 1 July 2024",
        ),
        (
            Kind.RECOUNTED,
            {"from": "2024-07-01", "to": "2024-07-02", "because": "Friday is now a holiday."},
            "Moved the deadline from Monday 1 July 2024 to Tuesday 2 July 2024",
            "Friday is now a holiday.",
        ),
        (
            Kind.RECOUNTED,
            {"from": "2024-07-01", "to": "2024-07-01", "because": "It makes no sense."},
            "Could not count the case by the changed calendar",
            "It makes no sense.",
        ),
        (
            Kind.REGIME_CHANGED,
            {"regime": "FOIA", "matter": "archives", "reason": "a transferred record"},
            "The case now runs under FOIA (archives)",
            "Reason: a transferred record",
        ),
    ],
)
def test_what_befell_the_clock_is_told_with_its_date(kind: Kind, data: dict[str, str], what: str, detail: str) -> None:
    (entry,) = timeline([CaseEvent(kind, MON_JUN_3_2024, "desk", data)], {})
    assert (entry.what, entry.detail) == (what, detail)


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
