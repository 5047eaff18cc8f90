"""A case that is acted on: nobody else acts on it before that is done."""

from threading import Thread

from service.casework.assign import assign
from service.casework.close import close
from service.casework.record import officer_actor
from service.casework.review import ReviewUnderWay, open_review
from service.desk import Desk
from service.domain.outcome import Outcome
from service.store.cases import case_by_reference, cases_following, have_case
from service.store.database import reading, transaction
from tests.builders import an_officer, open_a_case

A_MOMENT = 0.5  # seconds; who does not wait for us has looked by then


def test_who_acts_on_a_case_at_the_same_moment_sees_what_the_first_made_of_it(desk: Desk) -> None:
    seen: list[str] = []
    with transaction(desk.engine) as session:
        officer, case = an_officer(session), open_a_case(session, desk)
        reference, key = case.reference, case.id

    def the_second_click() -> None:
        with transaction(desk.engine) as another:
            seen.append(case_by_reference(another, reference).stage)
            seen.append(have_case(another, key).stage)

    thread = Thread(target=the_second_click)
    with transaction(desk.engine) as session:
        case = case_by_reference(session, reference)
        thread.start()
        thread.join(A_MOMENT)
        with reading(desk.engine) as another:
            assert case_by_reference(another, reference).stage == "new"  # whoever only looks does not wait
        assign(session, desk, case, officer.id, at=desk.now(), by=officer_actor(officer.id))
    thread.join()
    assert seen == ["drafting", "drafting"]


def test_two_who_open_the_review_of_an_answer_at_once_open_one(desk: Desk) -> None:
    refused: list[str] = []
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")
        reference = case.reference

    def open_one(meanwhile: Thread | None = None) -> None:
        try:
            with transaction(desk.engine) as session:
                answered = case_by_reference(session, reference)
                open_review(session, desk, answered, "Look again", asked_at=desk.now(), at=desk.now(), by="officer:1")
                if meanwhile is not None:
                    meanwhile.start()
                    meanwhile.join(A_MOMENT)
        except ReviewUnderWay as refusal:
            refused.append(str(refusal))

    second = Thread(target=open_one)
    open_one(second)
    second.join()
    with reading(desk.engine) as session:
        assert len(cases_following(session, case_by_reference(session, reference).id)) == 1
    assert len(refused) == 1
