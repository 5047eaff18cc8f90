"""How far a case has come, event by event."""

from datetime import UTC, datetime

import pytest

from service.domain.history import CaseEvent
from service.domain.kind import PROGRESS_KINDS, Kind
from service.domain.progress import Progress, Triage, progress
from service.domain.stage import OPEN, RULES, Act, NotAllowedNow, Party, Stage, allowed, require

MON_JUN_3_2024 = datetime(2024, 6, 3, 9, tzinfo=UTC)
GIVEN = (Kind.ASSIGNED, {"owner": "7"})
ACCEPTED: tuple[Kind, dict[str, str]] = (Kind.ACCEPTED, {})
SUBMITTED = (Kind.SUBMITTED, {"version": "1", "approvers": "8,9"})
UNCLEARED = (Kind.SUBMITTED, {"version": "1", "approvers": ""})
QUEUED = (Kind.RESPONSE_QUEUED, {"letter": "4", "version": "1"})
FAILED = (Kind.LETTER_FAILED, {"letter": "4", "kind": "response"})
BOUNCED = (Kind.LETTER_BOUNCED, {"letter": "4", "kind": "response"})
CLOSED = (Kind.CLOSED, {"outcome": "granted in full"})
Told = tuple[Kind, dict[str, str]]


def found(what: Triage) -> Told:
    return Kind.TRIAGED, {"found": what.value, "reason": "x"}


def approved(then: str) -> Told:
    return Kind.APPROVED, {"version": "1", "next": then}


def reached(*told: Told) -> Progress:
    return progress(CaseEvent(kind, MON_JUN_3_2024, "officer:7", data) for kind, data in told)


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ((), Stage.NEW),
        ((GIVEN,), Stage.ALLOCATED),
        ((GIVEN, ACCEPTED), Stage.DRAFTING),
        ((GIVEN, ACCEPTED, GIVEN), Stage.ALLOCATED),
        ((GIVEN, ACCEPTED, (Kind.HANDED_BACK, {"reason": "x"})), Stage.NEW),
        ((found(Triage.INVALID),), Stage.INVALID),
        ((found(Triage.INVALID), GIVEN), Stage.INVALID),
        ((found(Triage.COMPLAINT), GIVEN), Stage.NOT_FOI),
        ((found(Triage.BUSINESS),), Stage.NOT_FOI),
        ((found(Triage.SUBJECT_ACCESS), found(Triage.REQUEST)), Stage.NEW),
        ((GIVEN, found(Triage.INVALID), found(Triage.REQUEST)), Stage.ALLOCATED),
        ((GIVEN, ACCEPTED, found(Triage.INVALID), found(Triage.REQUEST)), Stage.DRAFTING),
        ((GIVEN, ACCEPTED, SUBMITTED), Stage.CLEARANCE),
        ((GIVEN, ACCEPTED, UNCLEARED), Stage.READY),
        ((GIVEN, ACCEPTED, SUBMITTED, approved("9")), Stage.CLEARANCE),
        ((GIVEN, ACCEPTED, SUBMITTED, approved("9"), approved("")), Stage.READY),
        ((GIVEN, ACCEPTED, SUBMITTED, (Kind.RETURNED, {"version": "1", "reason": "x"})), Stage.DRAFTING),
        ((GIVEN, ACCEPTED, UNCLEARED, (Kind.RECALLED, {"version": "1"})), Stage.DRAFTING),
        ((GIVEN, ACCEPTED, SUBMITTED, GIVEN), Stage.CLEARANCE),
        ((GIVEN, ACCEPTED, UNCLEARED, QUEUED), Stage.SENDING),
        ((GIVEN, ACCEPTED, UNCLEARED, QUEUED, FAILED), Stage.READY),
        ((GIVEN, ACCEPTED, UNCLEARED, QUEUED, (Kind.LETTER_FAILED, {"letter": "3", "kind": "reply"})), Stage.SENDING),
        ((GIVEN, ACCEPTED, UNCLEARED, QUEUED, BOUNCED), Stage.READY),
        ((GIVEN, ACCEPTED, UNCLEARED, QUEUED, CLOSED), Stage.CLOSED),
        ((GIVEN, ACCEPTED, UNCLEARED, QUEUED, CLOSED, BOUNCED), Stage.CLOSED),
    ],
)
def test_events_bring_a_case_to_its_stage(told: tuple[Told, ...], stage: Stage) -> None:
    assert reached(*told).stage is stage


def test_a_new_owner_has_not_accepted_what_the_last_one_had() -> None:
    again = (Kind.ASSIGNED, {"owner": "8"})
    assert reached(GIVEN, ACCEPTED, again) == Progress(Stage.ALLOCATED, 8)
    assert reached(GIVEN, ACCEPTED, again, found(Triage.INVALID), found(Triage.REQUEST)).stage is Stage.ALLOCATED


def test_a_case_handed_back_has_no_owner() -> None:
    assert reached(GIVEN, ACCEPTED, (Kind.HANDED_BACK, {"reason": "x"})).owner_id is None


def test_every_kind_that_moves_a_case_on_is_heard_somewhere() -> None:
    heard = {kind for kind, _ in (GIVEN, ACCEPTED, SUBMITTED, QUEUED, FAILED, BOUNCED)}
    assert PROGRESS_KINDS - heard == {
        Kind.TRIAGED,
        Kind.HANDED_BACK,
        Kind.APPROVED,
        Kind.RETURNED,
        Kind.RECALLED,
        Kind.UNDONE,
    }


def test_every_act_has_a_rule_and_only_the_record_of_a_closed_case_can_be_added_to() -> None:
    assert set(RULES) == set(Act)
    assert allowed(Stage.CLOSED) == {Act.NOTE, Act.REPLY, Act.CORRECT}


@pytest.mark.parametrize("stage", OPEN)
def test_a_case_that_is_open_can_be_given_to_somebody(stage: Stage) -> None:
    assert Act.ASSIGN in allowed(stage)


def test_a_response_can_be_sent_only_when_it_is_ready_and_never_twice() -> None:
    assert [stage for stage in Stage if Act.SEND in allowed(stage)] == [Stage.READY]
    with pytest.raises(NotAllowedNow, match="cannot send the response of a case that is being sent"):
        require("being sent", Act.SEND)


def test_only_its_approver_clears_and_only_a_supervisor_confirms_that_a_mail_is_no_request() -> None:
    assert (RULES[Act.CLEAR].by, RULES[Act.CONFIRM].by) == (Party.APPROVER, Party.SUPERVISOR)
