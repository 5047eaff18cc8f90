"""What officers say by email is done once, by the pages' rules, for them alone; all else is put on the record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from service.casework.accept import accept
from service.casework.assign import assign
from service.casework.chase import chase_cases
from service.casework.clear import recall, submit
from service.casework.clock_facts import ClockFact, establish
from service.casework.consult import Asked, ask
from service.casework.decide import Part, decide, set_questions
from service.casework.digest import compose_digest
from service.casework.draft import check_draft, override, write_draft
from service.casework.invite import reply_address_for
from service.casework.obey_instruction import confirm, obey
from service.casework.receive import receive
from service.casework.record import officer_actor
from service.casework.release_file import Scanned, add_file, release_file
from service.casework.sent_answers import check_sent_answer
from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.domain.consultation import Result
from service.domain.digest_kind import DigestKind
from service.domain.instruction import NotUnderstood, read_instruction
from service.domain.kind import Kind
from service.domain.message import Address
from service.domain.outcome import Outcome
from service.domain.question import Decision, Ground
from service.domain.stage import Stage
from service.domain.topic import Topic
from service.letters import Words
from service.store.cases import history
from service.store.correspondence import FILED, QUARANTINED, SENT
from service.store.database import transaction
from service.store.instructions import ANSWERED, DONE, REFUSED, TO_CONFIRM
from service.store.sent import asked_answers
from service.store.tables import Case, Consultation, Event, InstructionRow, Letter, Officer, OneTimeAddress
from tests.builders import HARRIET, a_message, an_officer, arrive, open_a_case, stored_post
from tests.conftest import Time
from tests.unit.service.casework.verbs import FAIL, PASS, answer, given_to, letters, sam, say, verbal

UNDER_EIR = {"regime": "EIR", "matter": "request", "reason": "trees"}


@pytest.fixture
def served(desk: Desk, tmp_path: Path) -> Desk:
    return verbal(desk, tmp_path)


def kinds(session: Session, case_id: int) -> list[Kind]:
    return [event.kind for event in history(session, case_id)]


def test_a_chaser_answered_with_assign_gives_the_case_away_and_undo_takes_it_back(served: Desk) -> None:
    with transaction(served.engine) as session:
        morgan, owner = an_officer(session, "Morgan Reid", "supervisor"), sam(session)
        priya = an_officer(session, "Priya Shah")
        case = open_a_case(session, served)
        assign(session, served, case, morgan.id, at=served.now(), by=officer_actor(owner.id))
        chase_cases(session, served, today=date(2024, 7, 1), at=served.now())
        due = next(letter for letter in letters(session, "due") if letter.recipient_address == morgan.email)
        assert "assign NAME = give the case to somebody of the team" in due.body
        post, row = say(session, served, answer(due, "Assign Priya.\n\nThanks\nMorgan", morgan))
        assert row is not None
        assert (row.state, row.verb, row.reason) == (DONE, "assign", "The case is given to Priya Shah.")
        assert (post.state, post.case_id, case.owner_id) == (FILED, case.id, priya.id)
        [done] = letters(session, "verb-done")
        assert (done.recipient_address, done.automatic) == (morgan.email, "auto-replied")
        assert done.in_reply_to
        assert done.answers_to not in ("", due.answers_to)
        assert HARRIET.address not in done.body + done.subject
        assert "Pothole" not in done.body + done.subject
        _, undone = say(session, served, answer(done, "undo", morgan))
        assert undone is not None
        assert (undone.state, case.owner_id) == (DONE, morgan.id)
        instructed = [event for event in history(session, case.id) if event.kind is Kind.INSTRUCTED]
        assert [(event.data["verb"], event.actor) for event in instructed] == [
            ("assign", officer_actor(morgan.id)),
            ("undo", officer_actor(morgan.id)),
        ]


@pytest.mark.parametrize(
    ("text", "stage", "said"),
    [
        ("accept", Stage.DRAFTING, "You have taken the case on."),
        ("hand back: I know the requester", Stage.NEW, "handed back"),
        ("note: rang the roads team\nthey call back", Stage.ALLOCATED, "Your note is on the case."),
        ("close not held", Stage.CLOSED, "information not held"),
    ],
)
def test_each_verb_does_what_its_page_does(served: Desk, text: str, stage: Stage, said: str) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        _, row = say(session, served, answer(given, text, owner))
        assert row is not None
        assert (row.state, case.stage) == (DONE, stage), row.reason
        assert said in row.reason
        assert said in letters(session, "verb-done")[0].body
        if text.startswith("note"):
            assert history(session, case.id)[-2].data["text"] == "rang the roads team\nthey call back"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "extend to 20 July: many files",
            "Saturday 20 July 2024 is no working day: name Friday 19 July 2024 or Monday",
        ),
        ("extend to 3 December: many files", "which the regulator accepts only exceptionally"),
    ],
)
def test_more_time_is_told_with_what_the_law_warns_of_and_for_working_days_alone(
    served: Desk, text: str, said: str
) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        say(session, served, answer(given, text, owner))
        [mail] = [*letters(session, "notice-shown"), *letters(session, "verb-refused")]
        assert said in " ".join(mail.body.split())
        assert case.due_on == date(2024, 7, 1)


def test_where_the_desk_can_write_no_letter_it_asks_whether_the_requester_has_been_told(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        say(session, served, answer(given, "extend to Friday 26 July: third party to be asked", owner))
        [asked] = letters(session, "notice-shown")
        assert "Has the requester been told" in asked.subject
        assert case.due_on == date(2024, 7, 1)
        _, row = say(session, served, answer(asked, "yes", owner))
        assert row is not None
        assert (row.state, case.due_on) == (REFUSED, date(2024, 7, 1))
        say(session, served, answer(asked, "told", owner))
        assert case.due_on == date(2024, 7, 26)
        say(session, served, answer(letters(session, "verb-done")[0], "undo", owner))
        assert case.due_on == date(2024, 7, 1)


def test_what_closed_the_case_can_be_undone(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        before = (case.stage, case.due_on, case.outcome)
        say(session, served, answer(given, "close not held", owner))
        assert (case.stage, case.due_on, case.outcome) != before
        say(session, served, answer(letters(session, "verb-done")[0], "Undo", owner))
        assert (case.stage, case.due_on, case.outcome) == before


def test_who_gave_a_case_away_by_mistake_has_it_back_and_the_other_is_told(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner, priya = sam(session), an_officer(session, "Priya Shah")
        case, given = given_to(session, served, owner)
        say(session, served, answer(given, "assign priya", owner))
        say(session, served, answer(letters(session, "verb-done")[0], "undo", owner))
        assert case.owner_id == owner.id
        [told] = letters(session, "taken-back")
        assert told.recipient_address == priya.email
        assert "Priya Shah, Sam Okoro has taken back a case that was given to you." in told.body


def test_a_giving_is_undone_by_mail_within_a_day_as_on_the_page(served: Desk, time: Time) -> None:
    with transaction(served.engine) as session:
        owner, priya = sam(session), an_officer(session, "Priya Shah")
        case, given = given_to(session, served, owner)
        say(session, served, answer(given, "assign priya", owner))
        time.pass_by(days=2)
        _, row = say(session, served, answer(letters(session, "verb-done")[0], "undo", owner))
        assert row is not None
        assert (row.state, case.owner_id) == (REFUSED, priya.id)
        assert "yours to undo for a day" in letters(session, "verb-refused")[0].body


def test_what_a_colleague_has_taken_on_is_not_taken_back_by_mail(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner, priya = sam(session), an_officer(session, "Priya Shah")
        case, given = given_to(session, served, owner)
        say(session, served, answer(given, "assign priya", owner))
        accept(session, served, case, at=served.now(), by=officer_actor(priya.id))
        _, row = say(session, served, answer(letters(session, "verb-done")[0], "undo", owner))
        assert row is not None
        assert (row.state, case.owner_id) == (REFUSED, priya.id)
        assert "has been changed since" in letters(session, "verb-refused")[0].body
        assert letters(session, "taken-back") == []


def test_status_and_help_change_nothing_and_use_nothing_up(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        _, given = given_to(session, served, owner)
        _, row = say(session, served, answer(given, "status?", owner))
        assert row is not None
        assert row.state == ANSWERED
        assert "Owner:     Sam Okoro" in letters(session, "verb-status")[0].body
        say(session, served, answer(given, "help", owner))
        assert "hand back: REASON" in letters(session, "verb-help")[0].body
        _, row = say(session, served, answer(given, "take", owner))
        assert row is not None
        assert row.state == DONE


def cleared(session: Session, served: Desk, approver_id: int, body: str = "Dear Harriet\n") -> Any:
    """A case whose draft waits for an approver, and the mail that asks them."""
    owner = sam(session)
    case, given = given_to(session, served, owner)
    say(session, served, answer(given, "take", owner))
    by = officer_actor(owner.id)
    _submit(session, served, case, approver_id, by, body)
    return case, owner, letters(session, "clearance-request")[-1]


def _submit(session: Session, served: Desk, case: Any, approver_id: int, by: str, body: str) -> None:
    draft = write_draft(session, served, case, "response", Words("Re", body), composed=False, at=served.now(), by=by)
    for result in check_draft(session, served, case, draft, served.today()).blocking:
        override(session, served, case, draft, result.rule, "an example", at=served.now(), by=by)
    submit(session, served, case, [approver_id], at=served.now(), by=by)


@pytest.mark.parametrize(
    ("text", "stage"), [("approve", Stage.READY), ("return: the second paragraph is wrong", Stage.DRAFTING)]
)
def test_the_approver_whose_turn_it_is_clears_the_draft_they_were_asked_about(
    served: Desk, text: str, stage: Stage
) -> None:
    with transaction(served.engine) as session:
        morgan = an_officer(session, "Morgan Reid", "supervisor")
        case, _, request = cleared(session, served, morgan.id)
        assert "> Dear Harriet" in request.body
        _, row = say(session, served, answer(request, text, morgan))
        assert row is not None
        assert (row.state, case.stage) == (DONE, stage), row.reason


def test_a_draft_that_was_changed_after_the_mail_is_not_approved_by_it(served: Desk) -> None:
    with transaction(served.engine) as session:
        morgan = an_officer(session, "Morgan Reid", "supervisor")
        case, owner, first = cleared(session, served, morgan.id)
        say(session, served, answer(first, "return: too short", morgan))
        _submit(session, served, case, morgan.id, officer_actor(owner.id), "Dear Harriet Bell\n")
        again = reply_address_for(
            session, served, morgan, Topic.CLEARANCE, case=case, about=1, at=served.now()
        )  # an address of a mail about the first draft that was never answered
        assert again is not None
        old = replace(answer(first, "approve", morgan), to=(Address("", again.address),))
        _, row = say(session, served, old)
        assert row is not None
        assert (row.state, case.stage) == (REFUSED, Stage.CLEARANCE)
        assert "The draft has changed" in row.reason


def test_a_draft_that_was_taken_back_to_put_files_to_it_is_not_approved_by_the_mail_before(served: Desk) -> None:
    with transaction(served.engine) as session:
        morgan = an_officer(session, "Morgan Reid", "supervisor")
        case, owner, first = cleared(session, served, morgan.id)
        at, by = served.now(), officer_actor(owner.id)
        recall(session, served, case, at=at, by=by)
        file = add_file(session, served, case, Scanned("everything.csv", b"name,address\n", ()), at=at, by=by)
        release_file(session, served, case, file.id, reason="", at=at, by=by)
        submit(session, served, case, [morgan.id], at=at, by=by)
        _, row = say(session, served, answer(first, "approve", morgan))
        assert row is not None
        assert (row.state, case.stage) == (REFUSED, Stage.CLEARANCE)
        _, row = say(session, served, answer(letters(session, "clearance-request")[-1], "approve", morgan))
        assert row is not None
        assert (row.state, case.stage) == (DONE, Stage.READY), row.reason


def test_a_list_is_answered_with_the_case_in_front(served: Desk) -> None:
    with transaction(served.engine) as session:
        morgan, priya = an_officer(session, "Morgan Reid", "supervisor"), an_officer(session, "Priya Shah")
        case = open_a_case(session, served)
        answers = reply_address_for(session, served, morgan, Topic.LIST, at=served.now())
        assert answers is not None
        digest = Letter(
            kind="digest",
            recipient_address=morgan.email,
            recipient_key="",
            subject="FOI desk",
            body="",
            message_id="<digest@x>",
            created_at=served.now(),
            answers_to=answers.address,
        )
        _, row = say(session, served, answer(digest, "assign priya", morgan))
        assert row is not None
        assert (row.state, "begin with the reference" in row.reason) == (REFUSED, True)
        _, row = say(session, served, answer(digest, f"{case.reference} assign priya", morgan))
        assert row is not None
        assert (row.state, case.owner_id) == (DONE, priya.id)


def test_of_two_people_of_one_name_the_choices_are_given(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        other = an_officer(session, "Samir Okoro")
        _, given = given_to(session, served, owner)
        _, row = say(session, served, answer(given, "assign okoro", owner))
        assert row is not None
        assert row.state == REFUSED
        refused = letters(session, "verb-refused")[0]
        assert f"assign {owner.email}, assign {other.email}" in refused.body
        _, row = say(session, served, answer(refused, "assign samir", owner))
        assert row is not None
        assert row.state == DONE


def test_words_that_are_no_verb_are_kept_on_the_case_and_answered_with_what_can_be_said(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        post, row = say(session, served, answer(given, "Thanks, will look on Tuesday", owner))
        assert row is not None
        assert (row.state, post.state, post.case_id) == (REFUSED, FILED, case.id)
        assert "close OUTCOME" in letters(session, "verb-refused")[0].body


# The attacks: nothing is executed, and each leaves a line on the record.


def harmed(session: Session, case_id: int) -> list[str]:
    """What the case was told beside the record of the attack itself."""
    spared = {
        Kind.RECEIVED,
        Kind.LETTER_WRITTEN,
        Kind.ASSIGNED,
        Kind.POST_FILED,
        Kind.INSTRUCTED,
        Kind.NOT_ACKNOWLEDGED,
    }
    return [event.kind for event in history(session, case_id) if event.kind not in spared]


EVIL = ("authentication-results: mx1.evil.example; dmarc=pass header.from=anytown.example", PASS[1])
ATTACKS: dict[str, dict[str, Any]] = {
    "forged: our server says fail": {"trace": FAIL},
    "forged: an Authentication-Results of the sender's own": {"trace": EVIL},
    "another sender": {"sender": Address("Sam Okoro", "sam@elsewhere.example")},
    "Cyrillic letters in the address": {"sender": Address("Sam Okoro", "s\u0430m@anytown.example")},
    "a long s, which folds into a short one": {"sender": Address("Sam Okoro", "\u017fam@anytown.example")},
    "a Kelvin sign in the domain": {"sender": Address("Sam Okoro", "sam@anytown.example\u212a")},
    "on behalf of the officer": {"submitters": (Address("Pat", "pat@anytown.example"),)},
    "out of office": {"automatic": ("it calls itself an automatic reply (RFC 3834)",)},
    "bulk": {"bulk": ("it calls itself bulk mail",)},
    "an empty return path": {"concerns": ("it has an empty return path",)},
    "forwarded": {"subject": "FW: Given to you"},
    "in the subject": {"subject": "close not held", "text": "> close not held"},
    "in the quotation": {"text": "> close not held"},
    "below the quotation": {"text": "On Monday FOI wrote:\n> hello\n\nclose not held"},
    "below Outlook's heading": {"text": "From: FOI\nSent: Monday\nTo: Sam\n\nclose not held"},
    "below a German heading": {"text": "Von: FOI\nGesendet: Montag\n\nclose not held"},
    "below a French heading": {"text": "De\u00a0: FOI\nEnvoy\u00e9\u00a0: lundi\n\nclose not held"},
    "in a forwarded mail": {"text": "---------- Forwarded message ---------\nFrom: Sam\n\nclose not held"},
    "in an enclosed mail": {"text": "\n\n---------- Enclosed message ----------\nFrom: Sam\n\nclose not held"},
    "HTML only": {"plain": False, "html": "<p>close not held</p>"},
    "fullwidth": {"text": "\uff43\uff4c\uff4f\uff53\uff45 not held"},
    "Cyrillic letters in the verb": {"text": "cl\u043ese not held"},
    "a zero width space in the verb": {"text": "clo\u200bse not held"},
    "a right-to-left override": {"text": "\u202eclose not held"},
    "a very long line": {"text": "close " + "not held " * 100_000},
    "ten thousand commands": {"text": "close not held\n" * 10_000},
    "a second command": {"text": "close not held\nassign sam"},
    "a condition": {"text": "close not held\nunless Bob has it"},
    "two addresses at once": {"cc": (Address("", "foi+act-999-0123456789abcdef01234567@anytown.example"),)},
}  # fmt: skip


@pytest.mark.parametrize("attack", list(ATTACKS))
def test_an_attack_does_nothing_and_leaves_a_line(served: Desk, attack: str) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        post, row = say(session, served, answer(given, "close not held", owner, **ATTACKS[attack]))
        assert row is not None
        assert row.state in (REFUSED, TO_CONFIRM)
        assert row.reason or row.state == TO_CONFIRM
        assert (case.stage, harmed(session, case.id)) == (Stage.ALLOCATED, [])
        assert post.state in (FILED, QUARANTINED)
        written = [letter for letter in session.exec(select(Letter)).all() if letter.kind.startswith("verb-")]
        assert {letter.recipient_address for letter in written} <= {owner.email}  # never to where the mail came from
        assert {one.used_at for one in session.exec(select(OneTimeAddress)).all()} == {None}


def test_an_answer_to_a_mail_that_a_restore_undid_does_nothing_to_the_case_that_took_its_keys(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        address = session.exec(select(OneTimeAddress).where(col(OneTimeAddress.letter_id) == given.id)).one()
        address.made_at += timedelta(hours=5)
        _, row = say(session, served, answer(given, "close not held", owner, in_reply_to=()))
        assert row is not None
        assert row.state == REFUSED
        assert (case.stage, address.used_at) == (Stage.ALLOCATED, None)


def test_a_click_on_the_page_stands_in_for_a_server_that_vouches_for_nobody(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner, other = sam(session), an_officer(session, "Priya Shah")
        case, given = given_to(session, served, owner)
        _, row = say(session, served, answer(given, "close not held", owner, trace=()))
        assert row is not None
        assert row.state == TO_CONFIRM
        assert f"/instructions/{row.id}" in letters(session, "verb-confirm")[0].body
        with pytest.raises(Exception, match="Only the officer"):
            confirm(session, served, row.id, other, at=served.now())
        assert confirm(session, served, row.id, owner, at=served.now()).state == DONE
        assert (case.stage, case.outcome) == (Stage.CLOSED, Outcome.NOT_HELD)
        with pytest.raises(Exception, match="decided already"):
            confirm(session, served, row.id, owner, at=served.now())


def test_an_address_acts_once_and_its_officer_gets_a_fresh_one(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        say(session, served, answer(given, "take", owner))
        for _ in range(3):
            _, row = say(session, served, answer(given, "close not held", owner))
            assert row is not None
            assert (row.state, case.stage) == (REFUSED, Stage.DRAFTING)
        fresh = letters(session, "verb-refused")[-1]
        _, row = say(session, served, answer(fresh, "close not held", owner))
        assert row is not None
        assert row.state == DONE


def test_the_same_mail_in_two_mailboxes_acts_once(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        mail = answer(given, "note: once", owner)
        say(session, served, mail)
        second, row = say(session, served, mail)
        assert (second.state, row) == ("duplicate", None)
        assert kinds(session, case.id).count(Kind.NOTED) == 1


def test_the_address_of_another_officers_mail_is_worth_nothing(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner, other = sam(session), an_officer(session, "Morgan Reid", "supervisor")
        case, given = given_to(session, served, owner)
        post, row = say(session, served, answer(given, "close not held", other))
        assert row is not None
        assert (row.state, case.stage, post.state) == (REFUSED, Stage.ALLOCATED, QUARANTINED)
        assert not letters(session, "verb-refused")


def test_a_seal_does_not_carry_over_to_another_address(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        _, given = given_to(session, served, owner)
        case, other = given_to(session, served, owner)
        seal = given.answers_to.partition("@")[0].rpartition("-")[2]
        head = other.answers_to.partition("@")[0].rpartition("-")[0]
        forged = (Address("", f"{head}-{seal}@anytown.example"),)
        _, row = say(session, served, answer(other, "close not held", owner, to=forged))
        assert row is not None
        assert (row.state, row.address_id, case.stage) == (REFUSED, None, Stage.ALLOCATED)


def test_after_its_days_an_address_is_dead(served: Desk, time: Time) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        time.pass_by(days=31)
        _, row = say(session, served, answer(given, "close not held", owner))
        assert row is not None
        assert (row.state, case.stage) == (REFUSED, Stage.ALLOCATED)
        assert "too old" in row.reason


def test_an_officer_who_left_says_nothing_any_more(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        owner.active = False
        session.add(owner)
        _, row = say(session, served, answer(given, "close not held", owner))
        assert row is not None
        assert (row.state, case.stage) == (REFUSED, Stage.ALLOCATED)
        assert not letters(session, "verb-refused")


def test_a_supervisor_who_is_none_any_more_may_do_what_an_officer_may(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner, morgan = sam(session), an_officer(session, "Morgan Reid", "supervisor")
        case, _ = given_to(session, served, owner)
        answers = reply_address_for(session, served, morgan, Topic.CASE, case=case, at=served.now())
        assert answers is not None
        morgan.role = "officer"
        session.add(morgan)
        given = letters(session, "assigned")[0]
        mail = answer(given, "close not held", morgan, to=(Address("", answers.address),))
        _, row = say(session, served, mail)
        assert row is not None
        assert (row.state, case.stage) == (REFUSED, Stage.ALLOCATED)
        assert "belongs to a colleague" in row.reason


def test_a_stage_that_has_passed_is_told(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        answers = reply_address_for(session, served, owner, Topic.CASE, case=case, at=served.now())
        assert answers is not None
        say(session, served, answer(given, "close withdrawn", owner))
        mail = answer(given, "close not held", owner, to=(Address("", answers.address),))
        _, row = say(session, served, mail)
        assert row is not None
        assert (row.state, case.outcome) == (REFUSED, Outcome.WITHDRAWN)
        assert "You cannot close a case that is closed." in row.reason


def test_a_requester_who_gets_hold_of_the_address_is_received_as_a_requester(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        mail = a_message(to=(Address("", given.answers_to),), text="close not held", trace=PASS, plain=True)
        post, row = say(session, served, mail)
        assert row is not None
        assert (row.state, case.stage, post.action) == (REFUSED, Stage.ALLOCATED, "new-case")
        plain = arrive(session, served, a_message(text="close not held"))
        assert plain.action == "new-case"


def test_an_imported_mail_says_nothing(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        read = answer(given, "close not held", owner)
        post = stored_post(session, received_at=served.now(), acknowledge=False)
        receive(session, served, post, read, sha256(b"x").hexdigest(), at=served.now())
        assert case.stage == Stage.ALLOCATED
        assert session.exec(select(InstructionRow)).one().state == REFUSED


def test_without_plus_addresses_the_message_id_tells_and_acts_once(desk: Desk, tmp_path: Path) -> None:
    served = verbal(desk, tmp_path, mailbox={"plus_addresses": False})
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        assert given.answers_to == ""
        _, row = say(session, served, answer(given, "take", owner))
        assert row is not None
        assert (row.state, case.stage) == (DONE, Stage.DRAFTING)
        _, row = say(session, served, answer(given, "close not held", owner))
        assert row is not None
        assert (row.state, case.stage) == (REFUSED, Stage.DRAFTING)


def test_with_plus_addresses_the_message_id_alone_does_nothing(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        mail = answer(given, "close not held", owner, to=(Address("", "foi@anytown.example"),))
        _, row = say(session, served, mail)
        assert row is not None
        assert (row.state, case.stage) == (REFUSED, Stage.ALLOCATED)
        assert "one-time address" in row.reason


def test_switched_off_no_mail_carries_an_address(desk: Desk, tmp_path: Path) -> None:
    served = verbal(desk, tmp_path, instructions={"by_email": False})
    with transaction(served.engine) as session:
        _, given = given_to(session, served, sam(session))
        assert given.answers_to == ""
        assert "YOU CAN ANSWER" not in given.body
        assert not session.exec(select(OneTimeAddress)).all()


def test_answers_stop_after_the_days_most(desk: Desk, tmp_path: Path) -> None:
    served = verbal(desk, tmp_path, instructions={"answers_a_day": 3})
    with transaction(served.engine) as session:
        owner = sam(session)
        _, given = given_to(session, served, owner)
        for _ in range(6):
            say(session, served, answer(given, "hello", owner))
        assert len(letters(session, "verb-refused")) == 3
        assert len(session.exec(select(InstructionRow)).all()) == 6


def consulted(session: Session, served: Desk) -> tuple[Consultation, Letter, Any]:
    owner = sam(session)
    case, _ = given_to(session, served, owner)
    asked = Asked("Bob Jones", "", "bob@roads.anytown.example", "How many potholes?", date(2024, 6, 10))
    row = ask(session, served, case, asked, signatory="Sam", at=served.now(), by=officer_actor(owner.id))
    return row, letters(session, "consultation")[0], owner


FOI = Address("FOI team", "foi@anytown.example")
BOB = Address("Bob Jones", "bob@roads.anytown.example")


def test_a_nil_return_from_a_sender_who_is_vouched_for_closes_the_question(served: Desk) -> None:
    with transaction(served.engine) as session:
        asked, letter, owner = consulted(session, served)
        _, row = say(session, served, answer(letter, "Nil return.\n\nRegards\nBob", owner, sender=BOB))
        assert row is not None
        assert (row.state, asked.outcome) == (DONE, Result.NIL)
        assert letters(session, "consultation-closed")[0].recipient_address == BOB.address


def test_any_other_nil_return_is_a_question_to_the_owner_who_says_yes(served: Desk) -> None:
    with transaction(served.engine) as session:
        asked, letter, owner = consulted(session, served)
        _, row = say(session, served, answer(letter, "Nil return", owner, sender=BOB, trace=()))
        assert row is not None
        assert (row.state, asked.outcome, asked.suggestion) == (REFUSED, "", "nil return")
        [question] = letters(session, "consultation-answered")
        assert "yes = it is so" in question.body
        _, row = say(session, served, answer(question, "yes", owner))
        assert row is not None
        assert (row.state, asked.outcome) == (DONE, Result.NIL)


def asked_of_sam(session: Session, desk: Desk, time: Time, said: str) -> tuple[Case, Officer, Letter]:
    """A case of Sam's, to whose requester somebody has just written by hand, and the desk's mail that asks of it."""
    owner, case = sam(session), open_a_case(session, desk, a_message(message_id="<asked@example.com>"))
    assign(session, desk, case, owner.id, at=desk.now(), by="officer:99")
    time.pass_by(days=1)
    post = stored_post(session, received_at=desk.now(), folder="\\Sent", sent=True)
    words = {"sender": FOI, "to": (HARRIET,), "in_reply_to": ("<asked@example.com>",), "text": said}
    receive(session, desk, post, a_message(**words), f"key of {post.id}", at=desk.now())
    [(asked, _, _)] = asked_answers(session)
    check_sent_answer(session, desk, asked, {}, at=desk.now())
    time.pass_by(days=1)
    return case, owner, letters(session, "answered")[0]


def test_a_mail_that_asked_the_requester_stops_the_clock_when_its_owner_says_question(served: Desk, time: Time) -> None:
    with transaction(served.engine) as session:
        case, owner, letter = asked_of_sam(session, served, time, "Could you please clarify which years you mean?")
        assert "- question = it asked the requester what they mean" in letter.body
        _, row = say(session, served, answer(letter, "Question", owner))
        assert row is not None
        assert (row.state, case.clock_state, case.due_on) == (DONE, "waiting for clarification", None), row.reason
        assert case.stopped_on == date(2024, 6, 4)  # when it was sent, not when it was said
        [sought] = [one for one in history(session, case.id) if one.kind is Kind.CLARIFICATION_SOUGHT]
        assert (sought.actor, sought.data["source"]) == (officer_actor(owner.id), "sent folder")
        assert "stands still since it was sent" in letters(session, "verb-done")[0].body


def test_a_question_that_is_answered_already_begins_the_clock_anew(served: Desk, time: Time) -> None:
    with transaction(served.engine) as session:
        case, owner, letter = asked_of_sam(session, served, time, "Could you please clarify which years you mean?")
        arrive(session, served, a_message(sender=HARRIET, in_reply_to=("<asked@example.com>",), text="2023, please."))
        _, row = say(session, served, answer(letter, "question", owner))
        assert row is not None
        assert (case.clock_state, case.due_on) == ("running", date(2024, 7, 3)), row.reason
        assert "the clock began anew" in row.reason


def test_question_is_said_of_a_mail_that_was_sent_and_of_nothing_else(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        _, row = say(session, served, answer(given, "question", owner))
        assert row is not None
        assert (row.state, case.clock_state) == (REFUSED, "running")
        assert "cannot be said in answer to this mail" in row.reason


def test_no_line_of_a_mail_of_ours_is_an_instruction(served: Desk) -> None:
    with transaction(served.engine) as session:
        morgan = an_officer(session, "Morgan Reid", "supervisor")
        case, owner, _ = cleared(session, served, morgan.id)
        chase_cases(session, served, today=date(2024, 7, 1), at=served.now())
        say(session, served, answer(letters(session, "assigned")[0], "hello", owner))
        for letter in session.exec(select(Letter).where(col(Letter.case_id) == case.id)).all():
            for line in letter.body.splitlines():
                said = read_instruction(line, today=served.today(), references=served.references)
                assert isinstance(said, NotUnderstood), line


@pytest.mark.parametrize(("said", "trace"), [("read late", PASS), ("confirmed late", ())])
def test_a_case_is_closed_on_the_day_of_the_mail_however_late_it_is_read(
    served: Desk, time: Time, said: str, trace: tuple[str, ...]
) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        time.moment = datetime(2024, 7, 2, 8, 0, tzinfo=UTC)
        monday = datetime(2024, 7, 1, 15, 0, tzinfo=UTC)  # the last day
        arrive(session, served, answer(given, "close not held", owner, trace=trace), received_at=monday)
        [waiting] = session.exec(select(InstructionRow)).all()
        obey(session, served, waiting.id, at=served.now())
        if said == "confirmed late":
            assert waiting.state == TO_CONFIRM
            confirm(session, served, waiting.id, owner, at=served.now())
        assert (waiting.state, case.answered_on) == (DONE, date(2024, 7, 1))


def test_a_subject_that_reads_as_an_instruction_is_none_in_the_days_list(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case = open_a_case(session, served, a_message(subject="close granted"))
        assign(session, served, case, owner.id, at=served.now(), by="officer:2")
        words = compose_digest(session, served, DigestKind.OWN, owner, at=served.now())
        assert words is not None
        assert "close granted" in words.body
        for line in words.body.splitlines():
            said = read_instruction(line, today=served.today(), references=served.references)
            assert isinstance(said, NotUnderstood), line


def test_the_record_of_events_names_the_instruction(served: Desk) -> None:
    with transaction(served.engine) as session:
        owner = sam(session)
        case, given = given_to(session, served, owner)
        _, row = say(session, served, answer(given, "close not held", owner, trace=FAIL))
        assert row is not None
        event = session.exec(select(Event).where(col(Event.kind) == Kind.INSTRUCTED.value)).one()
        assert (event.case_id, event.actor) == (case.id, "desk")
        assert history(session, case.id)[-1].data["instruction"] == str(row.id)


class TestMoreTime:
    """`extend` writes the letter where the desk can: it is shown first, and goes as it was shown."""

    WANTED = "extend to 11 July: the plans fill forty boxes"

    @pytest.fixture
    def owner(self, served: Desk) -> Officer:
        with transaction(served.engine) as session:
            return sam(session)

    @pytest.fixture
    def shown(self, served: Desk, owner: Officer) -> tuple[Case, Letter]:
        """A case under the Regulations whose owner wants more time, and the mail that shows them the letter."""
        with transaction(served.engine) as session:
            case, given = given_to(session, served, owner)
            told = ClockFact(Kind.REGIME_CHANGED, served.today(), UNDER_EIR)
            establish(session, served, case, told, at=served.now(), by=officer_actor(owner.id))
            _, row = say(session, served, answer(given, self.WANTED, owner))
            assert row is not None
            assert row.state == DONE
            assert row.reason.startswith("Nothing is extended yet"), row.reason
            [shown] = letters(session, "notice-shown")
            assert case.due_on == date(2024, 7, 1)
            assert letters(session, "extension-notice") == []
            return case, shown

    def test_a_yes_sends_what_was_shown_and_the_clock_hears_of_it_when_it_has_gone(
        self, served: Desk, owner: Officer, shown: tuple[Case, Letter]
    ) -> None:
        with transaction(served.engine) as session:
            case = session.get_one(Case, shown[0].id)
            _, row = say(session, served, answer(shown[1], "yes", owner))
            assert row is not None
            assert row.state == DONE, row.reason
            [letter] = letters(session, "extension-notice")
            assert letter.recipient_address == HARRIET.address
            assert "In detail: the plans fill forty boxes." in letter.body
            assert "Thursday 11 July 2024" in letter.body
            assert letter.subject in shown[1].body
            assert all(f"> {line}".rstrip() in shown[1].body for line in letter.body.splitlines())
            assert case.due_on == date(2024, 7, 1)
            settle_letter(session, served, letter, SENT, at=served.now())
            assert case.due_on == date(2024, 7, 11)
            assert "undo" not in letters(session, "verb-done")[-1].body

    def test_told_records_what_the_officer_has_told_and_can_be_undone(
        self, served: Desk, owner: Officer, shown: tuple[Case, Letter]
    ) -> None:
        with transaction(served.engine) as session:
            case = session.get_one(Case, shown[0].id)
            say(session, served, answer(shown[1], "told", owner))
            assert (case.due_on, letters(session, "extension-notice")) == (date(2024, 7, 11), [])
            say(session, served, answer(letters(session, "verb-done")[-1], "undo", owner))
            assert case.due_on == date(2024, 7, 1)

    def test_a_no_changes_nothing(self, served: Desk, owner: Officer, shown: tuple[Case, Letter]) -> None:
        with transaction(served.engine) as session:
            case = session.get_one(Case, shown[0].id)
            _, row = say(session, served, answer(shown[1], "no", owner))
            assert row is not None
            assert (row.state, case.due_on, letters(session, "extension-notice")) == (DONE, date(2024, 7, 1), [])

    def test_a_second_letter_shown_does_not_go_while_the_first_is_on_its_way(
        self, served: Desk, owner: Officer, shown: tuple[Case, Letter]
    ) -> None:
        with transaction(served.engine) as session:
            say(session, served, answer(shown[1], "extend to 15 July: it is more than was thought", owner))
            first, second = letters(session, "notice-shown")
            assert "15 July" in second.body
            _, row = say(session, served, answer(second, "yes", owner))
            assert row is not None
            assert row.state == DONE
            _, row = say(session, served, answer(first, "yes", owner))
            assert row is not None
            assert (row.state, len(letters(session, "extension-notice"))) == (REFUSED, 1)

    def test_what_the_law_does_not_allow_is_refused_before_a_letter_is_shown(
        self, served: Desk, owner: Officer
    ) -> None:
        with transaction(served.engine) as session:
            case, given = given_to(session, served, owner)
            told = ClockFact(Kind.REGIME_CHANGED, served.today(), UNDER_EIR)
            establish(session, served, case, told, at=served.now(), by=officer_actor(owner.id))
            _, row = say(session, served, answer(given, "extend to 20 December: many files", owner))
            assert row is not None
            assert (row.state, letters(session, "notice-shown")) == (REFUSED, [])

    @pytest.mark.parametrize(
        ("harm", "says"),
        [
            (
                "Bidders would bid by it",
                ("section 17(2)", "43(2)", "Why it applies to your request: Bidders would bid"),
            ),
            ("", ("The desk cannot write the letter to the requester by itself",)),
        ],
    )
    def test_under_the_act_it_names_the_qualified_exemptions_of_the_decisions_and_why_they_apply(
        self, served: Desk, owner: Officer, harm: str, says: tuple[str, ...]
    ) -> None:
        with transaction(served.engine) as session:
            case, given = given_to(session, served, owner)
            (question,) = set_questions(
                session, served, case, [Part(0, "", "How many?")], at=served.now(), by="officer:1"
            )
            decided = replace(question, decision=Decision.WITHHOLD, grounds=(Ground("43(2)", harm),))
            decide(session, served, case, decided, at=served.now(), by="officer:1")
            say(session, served, answer(given, self.WANTED, owner))
            [shown] = letters(session, "notice-shown")
            for words in says:
                assert words in shown.body
