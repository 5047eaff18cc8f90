"""Letters on the way to an answer, and what their sending does to the clock."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.notice_effect import RETURNED
from service.casework.notice_kinds import (
    CLARIFICATION,
    EXTENSION,
    FEES,
    HOLDING,
    LAPSED,
    NOT_VALID,
    NOTICES,
    PUBLIC_INTEREST,
    REDIRECT,
    TRANSFER,
    WITHDRAWN,
    Notice,
)
from service.casework.notices import (
    LimbsMissing,
    NoSuchNotice,
    NotQualified,
    draft_notice,
    notice_of,
    offered,
    send_notice,
    suggested,
)
from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.domain.clock import Matter
from service.domain.exemptions import NoSuchProvision
from service.domain.history import standing_events
from service.domain.kind import Kind
from service.domain.message import Bounce
from service.domain.outcome import Outcome
from service.domain.question import Decision, Ground, Question
from service.domain.regime import Regime
from service.errors import ClockError
from service.letters import Words
from service.store.cases import history
from service.store.correspondence import SENT
from service.store.database import transaction
from service.store.questions import keep_questions
from service.store.tables import Case, Letter
from tests.builders import HARRIET, a_message, arrive, open_a_case
from tests.conftest import Time

WORDS = Words("[01.FOI.24.000001] A letter", "Dear Harriet,\n")
TOLD = {
    "not-valid": {"missing": "Your name", "reply_by": "2024-07-29"},
    "redirect": {"reason": "You ask for your own data", "how": "You will hear from us within one month"},
    "clarification": {"question": "Which lane?\n{{ 7*7 }}", "reply_by": "2024-07-29"},
    "fees-notice": {"amount": "£12.40", "reason": "124 copies at 10p", "how": "By cheque to the Town Hall"},
    "public-interest-notice": {
        "limbs": "31(1)(a), 43(2)",
        "why": "Thieves would plan by it, and bidders would bid by it",
        "until": "2024-07-30",
        "reason": "Two firms are asked",
    },
    "extension-notice": {"until": "2024-07-30", "reason": "There are 40,000 records"},
    "holding": {"answer_by": "2024-07-05", "reason": "The archive was shut"},
    "transfer": {"to": "Anyshire County Council", "contact": "foi@anyshire.example", "agreed_on": "2024-06-03"},
    "withdrawn": {},
    "lapsed": {},
}
SAYS = {
    "not-valid": ("(section 8(1) of the Act)", "> Your name", "begins when we have what is missing", "Monday 29 July"),
    "redirect": ("You ask for your own data.", "What happens now: You will hear from us within one month."),
    "clarification": ("> Which lane?\n> {{ 7*7 }}", "no later than 20 working days", "Monday 29 July 2024"),
    "fees-notice": (
        "a fee of £12.40.",
        "What it is for: 124 copies at 10p.",
        "You have 3 months to pay",
        "Monday 2 Sept",
    ),
    "public-interest-notice": (
        "notice under section 17(1) of the Act, as section 17(2) of the Act allows",
        "\n\nWhy they apply to your request: Thieves would plan by it, and bidders would bid by it.\n\n",
        "They are qualified: we may rely on each only where the public interest favours doing so (section 2",
        "- Section 31(1)(a) of the Act (Law enforcement) applies to information whose disclosure would, or would be ",
        "prejudice the prevention or detection of crime.",
        "- Section 43(2) of the Act (Commercial interests) applies to",
        "have not yet reached a decision",
        "estimate that we will reach our decision by Tuesday 30 July 2024",
    ),
    "extension-notice": (
        "regulation 7(1) of the Regulations",
        "complex and voluminous",
        "no later than Tuesday 30 July 2024",
    ),
    "holding": ("we apologise", "We expect to answer by Friday 5 July 2024.", "The archive was shut.", "complain now"),
    "transfer": ("held by Anyshire County Council", "As you agreed on Monday 3 June 2024", "foi@anyshire.example"),
    "withdrawn": ("no longer want an answer",),
    "lapsed": ("We have had no answer", "On Monday 3 June 2024 we asked you"),
}


def case_under(session: Session, desk: Desk, regime: Regime = Regime.FOIA) -> Case:
    case = open_a_case(session, desk, a_message(text="How many potholes were filled?"))
    if regime is not Regime.FOIA:
        particulars = {"regime": regime.value, "matter": Matter.REQUEST.value, "reason": "A street is land"}
        establish(
            session,
            desk,
            case,
            ClockFact(Kind.REGIME_CHANGED, desk.today(), particulars),
            at=desk.now(),
            by="officer:1",
        )
    return case


def law_of_notice(notice: Notice) -> Regime:
    return Regime.EIR if notice is EXTENSION else Regime.FOIA


def case_for(session: Session, desk: Desk, notice: Notice) -> Case:
    """A case on which the letter is offered."""
    case = case_under(session, desk, law_of_notice(notice))
    if notice is LAPSED:
        tell(session, desk, case, Kind.CLARIFICATION_SOUGHT)
    return case


def tell(session: Session, desk: Desk, case: Case, kind: Kind) -> None:
    establish(session, desk, case, ClockFact(kind, desk.today()), at=desk.now(), by="officer:1")


def send(session: Session, desk: Desk, case: Case, notice: Notice) -> Letter:
    return send_notice(session, desk, case, notice, WORDS, TOLD[notice.kind], at=desk.now(), by="officer:1")


def kinds(session: Session, case: Case) -> list[Kind]:
    return [event.kind for event in standing_events(history(session, case.id))]


@pytest.mark.parametrize("notice", NOTICES.values(), ids=lambda notice: notice.kind)
def test_a_letter_says_what_its_law_asks_for(sqlite_desk: Desk, notice: Notice) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_for(session, desk, notice)
        assert notice in offered(session, desk, case)
        words = draft_notice(session, desk, case, notice, TOLD[notice.kind], "Sam Okoro", today=desk.today())
    assert words.subject.startswith("[01.FOI.24.000001] ")
    assert "Sam Okoro\nFreedom of Information team\nAnytown Borough Council" in words.body
    assert "\n\n\n" not in words.body
    assert ".." not in words.body
    assert [says for says in SAYS[notice.kind] if says not in words.body] == [], words.body


@pytest.mark.parametrize(
    ("notice", "recorded", "state"),
    [
        (CLARIFICATION, Kind.CLARIFICATION_SOUGHT, "waiting for clarification"),
        (FEES, Kind.FEES_NOTICE, "waiting for the fee"),
        (PUBLIC_INTEREST, Kind.EXTENDED, "running"),
        (EXTENSION, Kind.EXTENDED, "running"),
        (WITHDRAWN, Kind.CLOSED, "withdrawn"),
        (LAPSED, Kind.CLOSED, "lapsed"),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_what_a_letter_tells_the_clock_is_recorded_when_it_is_sent(
    desk: Desk, time: Time, notice: Notice, recorded: Kind, state: str
) -> None:
    with transaction(desk.engine) as session:
        case = case_for(session, desk, notice)
        letter = send(session, desk, case, notice)
        before = kinds(session, case).count(recorded)
        time.pass_by(days=1)
        settle_letter(session, desk, letter, SENT, at=desk.now())
        assert kinds(session, case).count(recorded) == before + 1
        fact = next(event for event in reversed(history(session, case.id)) if event.kind is recorded)
        assert (fact.on, fact.data["letter"]) == (date(2024, 6, 4), str(letter.id))
        assert case.clock_state == state
        if notice in (PUBLIC_INTEREST, EXTENSION):
            assert case.due_on == date(2024, 7, 30)


@pytest.mark.parametrize(
    ("regime", "stage"), [(Regime.FOIA, "new"), (Regime.FOISA, "new"), (Regime.EIR, "closed"), (Regime.EISR, "closed")]
)
def test_a_transfer_ends_the_case_only_where_no_answer_of_ours_is_owed(
    sqlite_desk: Desk, regime: Regime, stage: str
) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk, regime)
        settle_letter(session, desk, send(session, desk, case, TRANSFER), SENT, at=desk.now())
        assert case.stage == stage


def test_an_apology_leaves_the_clock_alone(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        settle_letter(session, desk, send(session, desk, case, HOLDING), SENT, at=desk.now())
        assert (case.clock_state, case.due_on) == ("running", date(2024, 7, 1))


def apology(desk: Desk, regime: Regime, *, on: date, matter: Matter = Matter.REQUEST) -> str:
    with transaction(desk.engine) as session:
        case = case_under(session, desk, regime)
        case.matter = matter.value
        return draft_notice(session, desk, case, HOLDING, TOLD["holding"], "Sam Okoro", today=on).body


@pytest.mark.parametrize(("regime", "section"), [(Regime.FOISA, "section 20"), (Regime.EISR, "regulation 16")])
def test_in_scotland_an_apology_leads_to_a_review_first(sqlite_desk: Desk, regime: Regime, section: str) -> None:
    in_time, late = (apology(sqlite_desk, regime, on=date(2024, month, 20)) for month in (6, 7))
    assert (
        "If you have had no answer from us by Monday 1 July 2024, you do not have to wait for one: you may" in in_time
    )
    assert "You do not have to wait for our answer: you may ask us now to review" in late
    for body in (in_time, late):
        assert "complain now" not in body
        assert f"to review how we have dealt with your request ({section} of the" in body
        assert "within 40 working days after the day on which our answer was due" in body
        asks, _, goes_on = body.partition("If you are not satisfied with the outcome of the review")
        assert "Commissioner" not in asks
        assert "section 47(1)" in goes_on


@pytest.mark.parametrize("regime", [Regime.FOISA, Regime.EISR])
def test_in_scotland_an_apology_for_a_late_review_leads_to_the_regulator(sqlite_desk: Desk, regime: Regime) -> None:
    late = apology(sqlite_desk, regime, on=date(2024, 7, 20), matter=Matter.REVIEW)
    assert "You do not have to wait for the outcome of our review: you may apply to the Scottish" in late
    assert "ask us now" not in late


@pytest.mark.parametrize("regime", [Regime.FOIA, Regime.EIR])
def test_elsewhere_an_apology_invites_a_complaint_now(sqlite_desk: Desk, regime: Regime) -> None:
    body = apology(sqlite_desk, regime, on=date(2024, 7, 20))
    assert "You can also complain now to the regulator: Information Commissioner's Office" in body


def test_a_letter_that_is_settled_twice_tells_its_fact_once(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        letter = send(session, desk, case, CLARIFICATION)
        settle_letter(session, desk, letter, SENT, at=desk.now())
        settle_letter(session, desk, letter, SENT, at=desk.now())
        assert kinds(session, case).count(Kind.CLARIFICATION_SOUGHT) == 1


def test_what_the_law_does_not_allow_is_refused_before_anything_is_queued(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk, Regime.EIR)
        told = TOLD["extension-notice"] | {"until": "2024-09-30"}
        with pytest.raises(ClockError, match=r"An extension can run to .* and no further \(reg 7\(1\)\)"):
            send_notice(session, desk, case, EXTENSION, WORDS, told, at=desk.now(), by="officer:1")
        assert Kind.LETTER_WRITTEN not in kinds(session, case)[2:]


def test_a_case_that_moved_on_between_queueing_and_sending_gets_a_note(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        letter = send(session, desk, case, CLARIFICATION)
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")
        settle_letter(session, desk, letter, SENT, at=desk.now())
        (note,) = [event.data["text"] for event in history(session, case.id) if event.kind is Kind.NOTED]
        assert note.startswith("The letter was sent, but: The clock of s.10(1) ended")
        assert Kind.CLARIFICATION_SOUGHT not in kinds(session, case)


def test_a_letter_that_comes_back_told_nothing(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        letter = send(session, desk, case, CLARIFICATION)
        settle_letter(session, desk, letter, SENT, at=desk.now())
        assert case.clock_state == "waiting for clarification"
        report = a_message(text="No such mailbox", bounce=Bounce("failed", (HARRIET.address,), (letter.message_id,)))
        arrive(session, desk, report)
        assert case.clock_state == "running"
        assert Kind.CLARIFICATION_SOUGHT not in kinds(session, case)
        struck = [event.data["reason"] for event in history(session, case.id) if event.kind is Kind.STRUCK_OUT]
        assert struck == [RETURNED]


@pytest.mark.parametrize(
    ("regime", "has", "has_not"),
    [
        (Regime.FOIA, PUBLIC_INTEREST, EXTENSION),
        (Regime.EIR, EXTENSION, PUBLIC_INTEREST),
        (Regime.FOISA, CLARIFICATION, PUBLIC_INTEREST),
        (Regime.EISR, EXTENSION, PUBLIC_INTEREST),
    ],
)
def test_each_law_offers_its_own_letters(sqlite_desk: Desk, regime: Regime, has: Notice, has_not: Notice) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        found = offered(session, desk, case_under(session, desk, regime))
    assert has in found
    assert has_not not in found
    assert LAPSED not in found


def test_a_stopped_clock_offers_no_second_question_and_a_closed_case_none_at_all(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        tell(session, desk, case, Kind.CLARIFICATION_SOUGHT)
        found = offered(session, desk, case)
        assert LAPSED in found
        assert not {CLARIFICATION, FEES, PUBLIC_INTEREST} & set(found)
        with pytest.raises(NoSuchNotice):
            notice_of(session, desk, case, "clarification")
        close(session, desk, case, Outcome.LAPSED, answered_on=desk.today(), at=desk.now(), by="officer:1")
        assert offered(session, desk, case) == ()


def test_what_a_request_still_needs_is_asked_for_only_where_the_law_has_a_form(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        assert NOT_VALID in offered(session, desk, case_under(session, desk, Regime.FOISA))
        assert NOT_VALID not in offered(session, desk, case_under(session, desk, Regime.EIR))


def test_a_case_closed_as_no_request_can_still_say_so(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        assert REDIRECT in offered(session, desk, case)
        close(session, desk, case, Outcome.NOT_FOI, answered_on=desk.today(), at=desk.now(), by="officer:1")
        assert offered(session, desk, case) == (REDIRECT,)


def test_the_limbs_to_weigh_are_taken_from_the_decisions(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    grounds = (Ground("43(2)", "Bidders would bid by it"), Ground("40(2) and (3A)(a)"), Ground("31(1)(a)"))
    told = (*grounds[:2], Ground("31(1)(a)", "Thieves would plan by it."))
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        keep_questions(session, case.id, [Question(1, "", "How many?", decision=Decision.WITHHOLD, grounds=grounds)])
        found = suggested(session, desk, case, PUBLIC_INTEREST, desk.today())
        assert found == {"limbs": "43(2), 31(1)(a)", "why": ""}
        keep_questions(session, case.id, [Question(1, "", "How many?", decision=Decision.WITHHOLD, grounds=told)])
        found = suggested(session, desk, case, PUBLIC_INTEREST, desk.today())
        assert found["why"] == "Section 43(2): Bidders would bid by it.\nSection 31(1)(a): Thieves would plan by it."
        keep_questions(session, case.id, [Question(1, "", "How many?", decision=Decision.WITHHOLD, grounds=told[:2])])
        found = suggested(session, desk, case, PUBLIC_INTEREST, desk.today())
        assert found == {"limbs": "43(2)", "why": "Bidders would bid by it."}
        assert suggested(session, desk, case, CLARIFICATION, desk.today()) == {"reply_by": "2024-07-30"}


@pytest.mark.parametrize(
    ("limbs", "fault"),
    [("21(1)", NotQualified), ("31", NoSuchProvision), (" , ", LimbsMissing), ("31(1)(z)", NoSuchProvision)],
)
def test_only_a_limb_with_a_public_interest_test_gives_more_time(
    sqlite_desk: Desk, limbs: str, fault: type[Exception]
) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = case_under(session, desk)
        told = TOLD["public-interest-notice"] | {"limbs": limbs}
        with pytest.raises(fault):
            draft_notice(session, desk, case, PUBLIC_INTEREST, told, "Sam Okoro", today=desk.today())


def test_one_limb_is_spoken_of_as_one(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        told = TOLD["public-interest-notice"] | {"limbs": "43(2)", "why": "Bidders would bid by it"}
        case = case_under(session, desk)
        body = draft_notice(session, desk, case, PUBLIC_INTEREST, told, "Sam Okoro", today=desk.today()).body
    assert "This exemption is relevant to your request:" in body
    assert "Why it applies to your request: Bidders would bid by it." in body
    assert "It is qualified: we may rely on it only where the public interest favours doing so" in body


@pytest.mark.parametrize(("telephone", "says"), [("", "write to us."), ("01632 960000", "write to us or call us.")])
def test_nobody_is_asked_to_call_a_desk_without_a_telephone(sqlite_desk: Desk, telephone: str, says: str) -> None:
    authority = sqlite_desk.settings.authority.model_copy(update={"telephone": telephone})
    desk = replace(sqlite_desk, settings=sqlite_desk.settings.model_copy(update={"authority": authority}))
    with transaction(desk.engine) as session:
        told = TOLD["clarification"]
        words = draft_notice(
            session, desk, case_under(session, desk), CLARIFICATION, told, "Sam Okoro", today=desk.today()
        )
    assert f"We are glad to help you word your answer (section 16 of the Act): {says}" in words.body
