"""A response composed from decisions: which template, in whose law's words, and nobody's text as a template."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from service.casework.clock_facts import ClockFact, establish
from service.casework.compose_letter import Composed, choose_response, compose_response, named
from service.casework.letter_document import response_file, response_in_word
from service.casework.letter_words import sentence
from service.desk import Desk
from service.domain.clock import Matter
from service.domain.exemptions import Need, NoSuchProvision
from service.domain.kind import Kind
from service.domain.notice_check import NoticeFacts, check_notice
from service.domain.notice_check.verdict import Verdict
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.regime import Regime
from service.store.database import transaction
from service.store.questions import keep_questions
from service.store.tables import Case, CaseFile
from tests.builders import a_forward, a_message, open_a_case
from tests.unit.service.documents.test_pdf import squeezed, words_in

THU_JUN_20, MON_JUL_1, TUE_JUL_2 = date(2024, 6, 20), date(2024, 7, 1), date(2024, 7, 2)
TUE_JUL_30, MON_SEP_30 = date(2024, 7, 30), date(2024, 9, 30)
UNDER_EIR = {"regime": Regime.EIR.value, "matter": Matter.REQUEST.value, "reason": "A street is land"}
NAMES = Ground("40(2) and (3A)(a)", harm="Staff would be named")
CRIME = Ground(
    "31(1)(a)",
    harm="Burglars would learn when nobody watches",
    interest_for="Openness about policing",
    interest_against="Safe streets",
    conclusion="Safety weighs more",
)
SILENCE = Ground(
    "31(3)",
    harm="To say whether such a trial exists, if it does, would tell criminals what to expect",
    interest_for="Openness about new tools",
    interest_against="Tools that work",
    conclusion="Silence weighs more",
)


def asked(position: int, decision: Decision, *grounds: Ground, **changes: object) -> Question:
    held = {Decision.NOT_HELD: Holding.NOT_HELD, Decision.NEITHER: Holding.NOT_STATED}.get(decision, Holding.HELD)
    words: dict[str, object] = {"answer": f"The answer to {position} is told."}
    return Question(position, "", f"What of number {position}?", held, decision, grounds, **(words | changes))  # type: ignore[arg-type]


def composed(desk: Desk, *questions: Question, on: date = THU_JUN_20, regime: Regime = Regime.FOIA) -> str:
    with transaction(desk.engine) as session:
        return composed_on(session, desk, a_case(session, desk, regime), questions, on).words.body


def a_case(session: Session, desk: Desk, regime: Regime = Regime.FOIA) -> Case:
    case = open_a_case(session, desk, a_message(text="Please answer my questions."))
    case.regime = regime.value
    return case


def composed_on(session: Session, desk: Desk, case: Case, questions: tuple[Question, ...], on: date) -> Composed:
    return compose_response(session, desk, case, questions, "Sam Okoro", today=on)


@pytest.mark.parametrize(
    ("decisions", "kind"),
    [
        ((Decision.DISCLOSE,), "disclosure"),
        ((Decision.DISCLOSE, Decision.NOT_HELD), "disclosure"),
        ((Decision.ACCESSIBLE, Decision.ACCESSIBLE), "accessible"),
        ((Decision.NOT_HELD,), "not-held"),
        ((Decision.PARTLY,), "part-refusal"),
        ((Decision.ACCESSIBLE, Decision.NEITHER), "refusal"),
        ((Decision.ACCESSIBLE, Decision.WITHHOLD), "refusal"),
        ((Decision.ACCESSIBLE, Decision.NOT_HELD), "refusal"),
        ((Decision.ACCESSIBLE, Decision.DISCLOSE), "part-refusal"),
        ((Decision.WITHHOLD, Decision.DISCLOSE), "part-refusal"),
        ((Decision.WITHHOLD,), "refusal"),
        ((Decision.WITHHOLD, Decision.NEITHER, Decision.NOT_HELD), "refusal"),
        ((Decision.NEITHER, Decision.NEITHER), "neither"),
        ((Decision.COST_LIMIT,), "cost-limit"),
        ((Decision.VEXATIOUS, Decision.REPEATED), "vexatious"),
    ],
)
def test_the_template_follows_from_the_decisions(decisions: tuple[Decision, ...], kind: str) -> None:
    questions = [asked(position, decision) for position, decision in enumerate(decisions, 1)]
    assert choose_response(questions) == kind


@pytest.mark.parametrize("other", [Decision.WITHHOLD, Decision.NEITHER, Decision.NOT_HELD])
def test_a_letter_that_gives_nothing_does_not_agree_to_any_of_the_request(sqlite_desk: Desk, other: Decision) -> None:
    grounds = {Decision.WITHHOLD: (CRIME,), Decision.NEITHER: (SILENCE,)}.get(other, ())
    accessible = asked(1, Decision.ACCESSIBLE, link="https://a.example")
    body = composed(sqlite_desk, accessible, asked(2, other, *grounds, answer=""))
    assert "We agree to part" not in body
    assert "OUR DECISION\n\nWe do not send you what you asked for. Some of it is already accessible to you, and" in body
    refused = composed(sqlite_desk, asked(1, Decision.COST_LIMIT), asked(2, other, *grounds, answer=""))
    assert "OUR DECISION\n\nWe refuse your request. Below" in refused


def test_a_withheld_question_names_its_limb_the_harm_and_both_sides(sqlite_desk: Desk) -> None:
    body = composed(sqlite_desk, asked(1, Decision.DISCLOSE), asked(2, Decision.WITHHOLD, CRIME))
    for says in (
        "refusal notice under section 17 of the Act for question 2.",
        "We hold the information asked for in question 2 (section 1(1)(a) of the Act).",
        "We withhold it under section 31(1)(a) of the Act.",
        "Section 31(1)(a) of the Act (Law enforcement) applies to information whose disclosure would, ",
        "would be likely to, prejudice the prevention or detection of crime.",
        "Why section 31(1)(a) of the Act applies: Burglars would learn when nobody watches.",
        "In favour of disclosing the information: Openness about policing.",
        "In favour of maintaining the exemption: Safe streets.",
        "Where the balance lies: Safety weighs more.",
        "> What of number 2?",
        "- Question 1: given to you\n- Question 2: withheld",
    ):
        assert says in body


def test_what_is_neither_confirmed_nor_denied_is_spoken_of_as_if_alone(sqlite_desk: Desk) -> None:
    body = composed(sqlite_desk, asked(1, Decision.NEITHER, SILENCE, answer=""))
    for says in (
        "The duty in section 1(1)(a) of the Act does not apply, by virtue of section 31(3) of the Act.",
        "In favour of confirming or denying: Openness about new tools.",
        "In favour of neither confirming nor denying: Tools that work.",
        "Nothing in this letter should be taken as an indication",
        "(section 2(1)(b) of the Act)",
    ):
        assert says in body
    assert "is exempt" not in body
    assert "withheld" not in body
    assert "We hold" not in body


@pytest.mark.parametrize(
    ("regime", "limb", "need", "says"),
    [
        (Regime.FOIA, "40(5B)(a)(i)", Need.PRINCIPLE, "The data protection principle that confirming or denying would"),
        (Regime.EIR, "13(5A) and (5B)(a)", Need.PRINCIPLE, "The data protection principle that confirming or denying"),
        (Regime.EISR, "11(6)", Need.PRINCIPLE, "The data protection principle that confirming or denying would break"),
        (Regime.FOIA, "44(2)", Need.ENACTMENT, "What prohibits confirming or denying: An example."),
    ],
)
def test_the_particulars_of_a_denial_are_of_confirming_or_denying(
    sqlite_desk: Desk, regime: Regime, limb: str, need: Need, says: str
) -> None:
    denial = Ground(limb, "To say whether any exists would tell of one person", particulars={need.value: "An example"})
    body = composed(sqlite_desk, asked(1, Decision.NEITHER, denial, answer=""), regime=regime)
    assert says in body
    assert "disclosure would" not in body
    assert "prohibits disclosure" not in body


def test_an_answer_may_point_to_what_is_public_and_neither_confirm_nor_deny_the_rest(sqlite_desk: Desk) -> None:
    body = composed(
        sqlite_desk,
        asked(1, Decision.NEITHER, SILENCE, answer=""),
        asked(2, Decision.ACCESSIBLE, SILENCE, link="https://a.example"),
    )
    for says in (
        "We therefore do not send you what is asked for in question 2, by virtue of section 21(1) of the Act.",
        "- Question 2: already accessible to you; anything else neither confirmed nor denied",
        "As to anything else that question 2 may ask for, we neither confirm nor deny that any information exists",
        "The duty in section 1(1)(a) of the Act does not apply, by virtue of section 31(3) of the Act.",
        "Why section 31(3) of the Act would apply to question 2, and where",
        "any such further information is or is not held within question 2.",
    ):
        assert says in body
    assert body.count("To say whether such a trial exists") == 1


def test_a_limb_is_explained_once_and_then_referred_to(sqlite_desk: Desk) -> None:
    other = Ground("31(1)(a)", "Thieves would plan by it", "Openness", "Order", "Order weighs more")
    body = composed(
        sqlite_desk,
        asked(1, Decision.WITHHOLD, CRIME),
        asked(2, Decision.WITHHOLD, CRIME),
        asked(3, Decision.WITHHOLD, other),
    )
    assert body.count("(Law enforcement)") == 1
    assert body.count("Burglars would learn") == 1
    assert (
        "applies to question 2, and where the balance of the public interest lies, is as we say under question 1."
        in body
    )
    assert "again, as under question 1, now for question 3" in body
    assert "Thieves would plan by it." in body


@pytest.mark.parametrize(
    ("regime", "decision", "cited"),
    [
        (Regime.FOIA, Decision.ACCESSIBLE, "section 21(1) of the Act"),
        (Regime.FOIA, Decision.COST_LIMIT, "section 12(1) of the Act"),
        (Regime.FOIA, Decision.REPEATED, "section 14(2) of the Act"),
        (Regime.EIR, Decision.NOT_HELD, "regulation 12(4)(a) of the Regulations"),
        (Regime.EIR, Decision.ACCESSIBLE, "regulation 6(1)(b) of the Regulations"),
        (Regime.EIR, Decision.VEXATIOUS, "regulation 12(4)(b) of the Regulations"),
        (Regime.FOISA, Decision.ACCESSIBLE, "section 25(1) of the Act"),
        (Regime.FOISA, Decision.NOT_HELD, "section 17(1) of the Act"),
        (Regime.EISR, Decision.NOT_HELD, "regulation 10(4)(a) of the Regulations"),
        (Regime.EISR, Decision.COST_LIMIT, "regulation 10(4)(b) of the Regulations"),
    ],
)
def test_a_decision_that_is_a_section_is_cited_though_nobody_wrote_it(
    sqlite_desk: Desk, regime: Regime, decision: Decision, cited: str
) -> None:
    assert cited in composed(sqlite_desk, asked(1, decision, link="https://a.example"), regime=regime)


def test_a_cost_refusal_gives_the_estimate_and_what_could_be_had(sqlite_desk: Desk) -> None:
    told = {"estimate": "30 hours at £25, which is £750", "advice": "One month would take 5 hours"}
    body = composed(sqlite_desk, asked(1, Decision.COST_LIMIT, Ground("12(1)", particulars=told), answer=""))
    assert "Our estimate: 30 hours at £25, which is £750." in body
    assert "What we could give you instead: One month would take 5 hours." in body


def test_the_last_day_is_in_time_and_the_next_is_admitted_to_be_late(sqlite_desk: Desk) -> None:
    question = asked(1, Decision.WITHHOLD, CRIME)
    assert "apologise" not in composed(sqlite_desk, question, on=MON_JUL_1)
    late = composed(sqlite_desk, question, on=TUE_JUL_2)
    assert "did not comply with section 10(1) of the Act, nor with section 17(1) of the Act on the time" in late
    disclosed = composed(sqlite_desk, asked(1, Decision.DISCLOSE), on=TUE_JUL_2)
    assert "did not comply with section 10(1) of the Act. We apologise." in disclosed


@pytest.mark.parametrize(
    ("regime", "duty"),
    [
        (Regime.EIR, "regulation 11(4) of the Regulations"),
        (Regime.FOISA, "section 21(1) of the Act"),
        (Regime.EISR, "regulation 16(4) of the Regulations"),
    ],
)
def test_a_late_review_admits_its_own_lateness_and_no_other(sqlite_desk: Desk, regime: Regime, duty: str) -> None:
    limb = {Regime.EIR: "12(4)(e)", Regime.FOISA: "30(c)", Regime.EISR: "10(4)(e)"}[regime]
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = a_case(session, desk, regime)
        case.matter = Matter.REVIEW.value
        refused = (asked(1, Decision.WITHHOLD, replace(CRIME, citation=limb)),)
        body = composed_on(session, desk, case, refused, MON_SEP_30).words.body
    assert f"did not comply with {duty}. We apologise." in body


@pytest.mark.parametrize(
    ("questions", "sections"),
    [
        ((asked(1, Decision.WITHHOLD, CRIME),), "section 17(3)"),
        ((asked(1, Decision.NEITHER, SILENCE, answer=""),), "section 17(3)"),
        ((asked(1, Decision.WITHHOLD, CRIME), asked(2, Decision.DISCLOSE)), "section 10(1) and section 17(3)"),
        ((asked(1, Decision.PARTLY, CRIME),), "section 10(1) and section 17(3)"),
        ((asked(1, Decision.WITHHOLD, CRIME, NAMES),), "section 17(1)"),
        ((asked(1, Decision.COST_LIMIT), asked(2, Decision.WITHHOLD, CRIME)), "section 17(5) and section 17(3)"),
        ((asked(1, Decision.DISCLOSE),), "section 10(1)"),
    ],
)
def test_an_answer_after_the_day_estimated_for_the_public_interest_admits_what_was_late(
    sqlite_desk: Desk, questions: tuple[Question, ...], sections: str
) -> None:
    desk = sqlite_desk
    told = {"until": "2024-07-30", "reason": "Two firms are asked"}
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        fact = ClockFact(Kind.EXTENDED, desk.today(), told)
        establish(session, desk, case, fact, at=desk.now(), by="officer:1")
        assert "apologise" not in composed_on(session, desk, case, questions, TUE_JUL_30).words.body
        late = composed_on(session, desk, case, questions, MON_SEP_30).words.body
    assert "We took until Tuesday 30 July 2024 to weigh the public interest (section 10(3) of the Act)" in late
    assert f"and so did not comply with {sections} of the Act. We apologise." in late


def test_an_extension_under_the_regulations_is_of_the_time_for_a_refusal_too(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    told = {"until": "2024-07-30", "reason": "There are 40,000 records"}
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        for kind, particulars in ((Kind.REGIME_CHANGED, UNDER_EIR), (Kind.EXTENDED, told)):
            fact = ClockFact(kind, desk.today(), particulars)
            establish(session, desk, case, fact, at=desk.now(), by="officer:1")
        refused = (asked(1, Decision.WITHHOLD, replace(CRIME, citation="12(4)(e)")),)
        late = composed_on(session, desk, case, refused, MON_SEP_30).words.body
    assert "regulation 5(2) of the Regulations, nor with regulation 14(2) of the Regulations on the time" in late


def test_the_request_is_quoted_and_a_single_question_not_twice(sqlite_desk: Desk) -> None:
    body = composed(sqlite_desk, asked(1, Decision.DISCLOSE))
    assert "> Please answer my questions." in body
    assert "What of number 1?" not in body
    assert "OUR ANSWER" in body


def test_a_colleagues_covering_note_is_not_quoted_to_the_requester(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_forward())
        body = composed_on(session, desk, case, (asked(1, Decision.DISCLOSE),), THU_JUN_20).words.body
    assert "Sorry for the delay" not in body
    assert "> What of number 1?" in body


def test_released_files_are_named_and_others_are_not(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    at = datetime(2024, 6, 4, tzinfo=UTC)
    with transaction(desk.engine) as session:
        case = a_case(session, desk)
        kept = session.connection().exec_driver_sql("SELECT sha256 FROM stored_bytes LIMIT 1").scalar_one()
        for name, released, withdrawn in (("a.pdf", at, None), ("b.pdf", None, None), ("c.pdf", at, at)):
            session.add(
                CaseFile(
                    case_id=case.id, name=name, content_type="application/pdf", size=1, sha256=kept, added_at=at,
                    added_by="officer:1", released_at=released, withdrawn_at=withdrawn,
                )
            )  # fmt: skip
        session.flush()
        body = composed_on(session, desk, case, (asked(1, Decision.DISCLOSE, answer=""),), THU_JUN_20).words.body
    assert "It is in the files sent with this letter." in body
    assert "FILES SENT WITH THIS LETTER\n\n- a.pdf\n\nIF" in body


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ((asked(1, Decision.WITHHOLD, CRIME), asked(2, Decision.DISCLOSE)), "We uphold our first decision.\n"),
        (
            (asked(1, Decision.WITHHOLD, CRIME), asked(2, Decision.NOT_HELD)),
            "We uphold our first decision in part. We change it for question 2.\n",
        ),
        ((asked(1, Decision.DISCLOSE), asked(2, Decision.NOT_HELD)), "We do not uphold our first decision.\n"),
        ((asked(1, Decision.DISCLOSE),), "Below we decide anew on each part of your request.\n"),
    ],
)
def test_a_review_says_what_became_of_the_first_decision(
    sqlite_desk: Desk, now: tuple[Question, ...], says: str
) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        original = a_case(session, desk)
        keep_questions(session, original.id, [asked(1, Decision.WITHHOLD, CRIME), asked(2, Decision.DISCLOSE)])
        review = a_case(session, desk)
        review.matter, review.original_id = Matter.REVIEW.value, original.id
        made = composed_on(session, desk, review, now, THU_JUN_20)
    assert made.kind == "review-outcome"
    assert "> What of number 1?" in made.words.body
    assert says in made.words.body
    assert f"our reference {original.reference}" in made.words.body


HOSTILE = (
    "{{ 7*7 }}{% include 'emails/digest/body.txt' %}",
    "{# gone #}{{ case.__class__.__mro__ }}",
    '#read("/etc/passwd") $x$ @me \\ *b*',
    '<w:fldSimple w:instr="DATE"/> ]]> &amp;',
)


@pytest.mark.parametrize("attack", HOSTILE)
def test_what_people_wrote_stays_text_in_mail_pdf_and_word(sqlite_desk: Desk, attack: str) -> None:
    desk = sqlite_desk
    hostile = Ground("31(1)(a)", attack, attack, attack, attack, particulars={"purpose": attack})
    question = replace(asked(1, Decision.PARTLY, hostile, answer=attack, link=attack), text=attack)
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_message(subject=attack, text=attack))
        case.requester_name = attack
        made = compose_response(session, desk, case, [question, asked(2, Decision.DISCLOSE)], attack, today=THU_JUN_20)
        pdf = response_file(desk, case, made.words, on=THU_JUN_20)
        word = response_in_word(desk, case, made.words, on=THU_JUN_20)
    assert made.words.body.count(attack) == 11
    assert attack in made.words.subject
    assert words_in(pdf.content).count(squeezed(attack)) == 12
    assert (pdf.name, pdf.content_type) == ("01.FOI.24.000001-response.pdf", "application/pdf")
    assert word.name == "01.FOI.24.000001-response.docx"
    assert b"fldSimple" not in word.content


def test_a_limb_that_the_law_does_not_have_is_refused(sqlite_desk: Desk) -> None:
    with pytest.raises(NoSuchProvision):
        composed(sqlite_desk, asked(1, Decision.WITHHOLD, Ground("31(1)(z)")))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", ""),
        ("  It  would harm ", "It would harm."),
        ("Done.", "Done."),
        ("See https://a.example/b", "See https://a.example/b"),
        ("a\n\n b", "a\n\nb."),
        ("Harm (s.21)", "Harm (s.21)."),
        ("“Never.”", "“Never.”"),
    ],
)
def test_words_end_like_a_sentence(typed: str, says: str) -> None:
    assert sentence(typed) == says


@pytest.mark.parametrize(
    ("positions", "says"),
    [([], ""), ([2], "question 2"), ([1, 3], "questions 1 and 3"), ([1, 2, 4], "questions 1, 2 and 4")],
)
def test_questions_are_named_in_a_row(positions: list[int], says: str) -> None:
    assert named(positions, [asked(number, Decision.NOT_HELD) for number in range(1, 5)]) == says


@pytest.mark.parametrize(
    ("regime", "limb", "says"),
    [
        (Regime.FOIA, "31(1)(a)", "Nothing says why section 31(1)(a) applies"),
        (Regime.FOIA, "36(2)(b)(i)", "name the qualified person"),
        (Regime.FOISA, "35(1)(a)", "does not say what speaks for and what speaks against"),
        (Regime.EIR, "12(5)(e)", "Nothing says why regulation 12(5)(e) applies"),
    ],
)
def test_what_a_limb_is_for_is_no_reason_where_the_letter_is_all_that_is_known(
    sqlite_desk: Desk, regime: Regime, limb: str, says: str
) -> None:
    body = composed(sqlite_desk, asked(1, Decision.WITHHOLD, Ground(limb), answer=""), regime=regime)
    assert " applies to " in body
    found = [result.sentence for result in check_notice(body, None, regime) if result.verdict is Verdict.BLOCK]
    assert any(says in sentence for sentence in found), found


def test_a_question_that_is_the_whole_request_has_no_number(sqlite_desk: Desk) -> None:
    body = composed(sqlite_desk, asked(1, Decision.NOT_HELD))
    assert "We do not hold the information asked for in your request (section 1(1)(a) of the Act)." in body
    assert named([1], [asked(1, Decision.NOT_HELD)]) == "your request"
    assert "uestion 1" not in composed(sqlite_desk, asked(1, Decision.PARTLY, CRIME, SILENCE))


GENERAL = {Regime.EIR: "12(4)(c)", Regime.EISR: "10(4)(c)"}


def too_general(regime: Regime, decision: Decision) -> Question:
    told = {"advice": "Name a year, or the streets you mean"}
    limb = replace(CRIME, citation=GENERAL[regime], harm="Every file of ours is about number 1", particulars=told)
    return asked(1, decision, limb, answer="" if decision is Decision.WITHHOLD else "What we can tell is this")


@pytest.mark.parametrize("regime", list(GENERAL))
def test_what_is_asked_too_generally_is_neither_held_nor_withheld(sqlite_desk: Desk, regime: Regime) -> None:
    body = composed(sqlite_desk, too_general(regime, Decision.WITHHOLD), regime=regime)
    cited = f"regulation {GENERAL[regime]} of the Regulations"
    assert "We refuse your request.\n" in body
    assert f"We refuse your request under {cited}: it is formulated in too general a manner" in body
    assert "How you could make it more particular: Name a year, or the streets you mean." in body
    assert "Please tell us more particularly" in body
    assert "(regulation 9(1) of the Regulations)" in body
    assert "We hold" not in body
    assert "withh" not in body


@pytest.mark.parametrize("regime", list(GENERAL))
def test_the_checker_does_not_ask_whether_it_is_held_what_is_asked_too_generally(
    sqlite_desk: Desk, regime: Regime
) -> None:
    desk = sqlite_desk
    question = replace(too_general(regime, Decision.WITHHOLD), holding=Holding.NOT_STATED)
    with transaction(desk.engine) as session:
        case = a_case(session, desk, regime)
        body = composed_on(session, desk, case, (question,), THU_JUN_20).words.body
        facts = NoticeFacts(
            regime=regime,
            reference=case.reference,
            received_on=case.received_on,
            due_on=case.due_on,
            sent_on=THU_JUN_20,
            request="Please answer my questions.",
            questions=(question,),
        )
    assert [result for result in check_notice(body, facts) if result.verdict is Verdict.BLOCK] == []


@pytest.mark.parametrize("regime", list(GENERAL))
def test_what_is_asked_too_generally_in_part_is_held_in_part(sqlite_desk: Desk, regime: Regime) -> None:
    body = composed(sqlite_desk, too_general(regime, Decision.PARTLY), regime=regime)
    assert "We hold part of what your request asks for (regulation 5(1) of the Regulations) and give it to you." in body
    assert "We refuse the rest of your request under regulation" in body
    assert "withh" not in body
