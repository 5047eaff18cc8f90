"""Playing the stories: each request is sent by SMTP and taken in by the poller on its day; then the team acts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from heapq import merge

from sqlmodel import Session

from mail.deliver import deliver_outbox
from mail.demo_mail import DemoMail
from mail.poll import poll_mailbox
from mail.reader import Reader
from mail.sent_check import check_sent
from mail.sent_watch import watch_sent
from service.casework.assign import assign
from service.casework.clear import submit
from service.casework.clock_facts import ClockFact, establish
from service.casework.compose_letter import compose_response
from service.casework.consult import Asked, ask
from service.casework.decide import Part, decide, proposed_questions, set_questions
from service.casework.draft import write_draft
from service.casework.note import add_note
from service.casework.record import officer_actor
from service.casework.respond import send_response
from service.casework.review import open_review
from service.demo.answers import decided
from service.demo.oddities import ODDITIES, Oddity
from service.demo.requests import STORIES, Story, Told
from service.desk import LONDON, Desk
from service.documents.guarded import words_of_letter
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.regime import Regime
from service.domain.stage import Stage
from service.store.database import transaction
from service.store.officers import add_officer, officers
from service.store.questions import questions_of
from service.store.tables import Case, Officer
from service.store.worklist import case_of_requester, open_cases
from web.passwords import hash_password

DOMAIN = "anytown.example"
TEAM = (
    ("sam", "Sam Okoro", "officer"),
    ("priya", "Priya Shah", "officer"),
    ("nia", "Nia Howells", "officer"),
    ("morgan", "Morgan Reid", "supervisor"),
    ("jo", "Jo Tanner", "administrator"),
)
PASSWORD = "a quiet demonstration"  # noqa: S105 - shown on the screen; the demo listens on this machine only
PUBLIC_INTEREST = "The balance of the public interest under section 38 needs more time."


@dataclass
class StoryClock:
    """The time of the story while it is told."""

    moment: datetime

    def now(self) -> datetime:
        """The moment the story has reached."""
        return self.moment


def add_team(session: Session, at: datetime) -> None:
    """The invented team, all with the one password that the demo prints."""
    hashed = hash_password(PASSWORD)
    for login, name, role in TEAM:
        add_officer(
            session, Officer(email=f"{login}@{DOMAIN}", name=name, role=role, password_hash=hashed, created_at=at)
        )


def play(
    desk: Desk, clock: StoryClock, mail: DemoMail, reader: Reader, until: datetime, on_each: Callable[[], None]
) -> None:
    """Tell every story in the order of time; `desk.now` must be the story clock's."""
    for moment, happening in _happenings(until):
        if moment >= until:
            continue
        clock.moment = moment
        happening(desk, mail, reader)
        on_each()


def give_one_to_sam(session: Session, desk: Desk) -> None:
    """The supervisor gives the newest case that nobody has to Sam, who is told by a mail that can be answered."""
    team = {officer.name: officer for officer in officers(session)}
    free = [case for case in open_cases(session) if case.owner_id is None and case.stage == Stage.NEW]
    if free:
        newest = max(free, key=lambda case: case.received_at)
        morgan, sam = team[TEAM[3][1]], team[TEAM[0][1]]
        assign(session, desk, newest, sam.id, at=desk.now(), by=officer_actor(morgan.id))


Happening = Callable[[Desk, DemoMail, Reader], None]


def _happenings(until: datetime) -> Iterator[tuple[datetime, Happening]]:
    arrivals = sorted(((_arrival(story, until), _send(story)) for story in STORIES), key=lambda pair: pair[0])
    odd = sorted(((_moment(o.days_ago, o.time, until), _post(o)) for o in ODDITIES), key=lambda pair: pair[0])
    acts = sorted((pair for story in STORIES for pair in _acts(story, until)), key=lambda pair: pair[0])
    return merge(arrivals, acts, odd, key=lambda pair: pair[0])


def _arrival(story: Story, until: datetime) -> datetime:
    return _moment(story.days_ago, story.time, until)


def _moment(days_ago: int, at: str, until: datetime) -> datetime:
    day = until.astimezone(LONDON).date() - timedelta(days=days_ago)
    return datetime.combine(day, time.fromisoformat(at), LONDON)


def _acts(story: Story, until: datetime) -> Iterator[tuple[datetime, Happening]]:
    arrived = _arrival(story, until)
    if story.owner:
        yield _on_a_weekday(arrived + timedelta(days=1), time(9, 30)), _assign(story)
    if story.note:
        yield _on_a_weekday(arrived + timedelta(days=3), time(14, 5)), _note(story)
    if story.asks:
        yield _on_a_weekday(arrived + timedelta(days=3), time(14, 10)), _ask(story, *story.asks)
    if story.review:
        yield _on_a_weekday(arrived + timedelta(days=story.review[0]), time(11, 40)), _review(story, story.review[1])
    for told in story.told:
        yield _on_a_weekday(arrived + timedelta(days=told.after), time(11, 15)), _tell(story, told)
    if story.outcome is not None:
        yield _on_a_weekday(arrived + timedelta(days=story.took), time(15, 20)), _answer(story, story.outcome)


def _on_a_weekday(day: datetime, at: time) -> datetime:
    forward = {5: 2, 6: 1}.get(day.weekday(), 0)
    return datetime.combine(day.date() + timedelta(days=forward), at, LONDON)


def _send(story: Story) -> Happening:
    def happening(desk: Desk, mail: DemoMail, reader: Reader) -> None:
        mail.send(
            story.name,
            story.address,
            story.subject,
            f"Dear FOI team,\n\n{story.text}\n\nYours faithfully,\n{story.name}\n",
        )
        poll_mailbox(desk, reader)
        deliver_outbox(desk)

    return happening


def _post(oddity: Oddity) -> Happening:
    def happening(desk: Desk, mail: DemoMail, reader: Reader) -> None:
        raw = oddity.write(mail)
        if raw is not None and oddity.by_hand:
            mail.send_by_hand(raw, oddity.other)
            watch_sent(desk, reader)
            check_sent(desk, words_of_letter)
        elif raw is not None:
            mail.post(raw, oddity.other)
            poll_mailbox(desk, reader)
        deliver_outbox(desk)

    return happening


def _with_case(story: Story, act: Callable[[Session, Desk, Case, Officer], None]) -> Happening:
    def happening(desk: Desk, _mail: DemoMail, _reader: Reader) -> None:
        with transaction(desk.engine) as session:
            case = case_of_requester(session, story.address)
            actor = next(o for o in officers(session) if o.email.startswith((story.owner or "morgan") + "@"))
            act(session, desk, case, actor)
        deliver_outbox(desk)

    return happening


def _assign(story: Story) -> Happening:
    return _with_case(
        story,
        lambda session, desk, case, owner: assign(
            session, desk, case, owner.id, at=desk.now(), by=officer_actor(owner.id)
        ),
    )


def _note(story: Story) -> Happening:
    return _with_case(
        story,
        lambda session, desk, case, owner: add_note(
            session, desk, case, story.note, at=desk.now(), by=officer_actor(owner.id)
        ),
    )


def _ask(story: Story, name: str, team: str, address: str) -> Happening:
    def act(session: Session, desk: Desk, case: Case, owner: Officer) -> None:
        due_on = desk.calendars.of(Regime(case.regime)).after(desk.today(), 5)
        asked = Asked(name, team, address, story.text, due_on)
        ask(session, desk, case, asked, signatory=owner.name, at=desk.now(), by=officer_actor(owner.id))

    return _with_case(story, act)


def _review(story: Story, words: str) -> Happening:
    def act(session: Session, desk: Desk, case: Case, owner: Officer) -> None:
        at = desk.now()
        open_review(session, desk, case, words, asked_at=at, at=at, by=officer_actor(owner.id))

    return _with_case(story, act)


def _tell(story: Story, told: Told) -> Happening:
    def act(session: Session, desk: Desk, case: Case, owner: Officer) -> None:
        until = _on_a_weekday(case.received_at + timedelta(days=told.until), time(12)).date()
        particulars = {"until": until.isoformat(), "reason": PUBLIC_INTEREST} if told.kind is Kind.EXTENDED else {}
        fact = ClockFact(told.kind, desk.today(), particulars)
        establish(session, desk, case, fact, at=desk.now(), by=officer_actor(owner.id))

    return _with_case(story, act)


def _answer(story: Story, outcome: Outcome) -> Happening:
    """Decide every question, compose the response, let it pass, and send it: the case closes when it has gone."""

    def act(session: Session, desk: Desk, case: Case, owner: Officer) -> None:
        by, at = officer_actor(owner.id), desk.now()
        _decide(session, desk, case, outcome, at=at, by=by)
        _compose(session, desk, case, owner)
        submit(session, desk, case, [], at=at, by=by)
        send_response(session, desk, case, at=at, by=by)

    return _with_case(story, act)


def _decide(session: Session, desk: Desk, case: Case, outcome: Outcome, *, at: datetime, by: str) -> None:
    asked = proposed_questions(session, case)
    parts = [Part(0, question.label, question.text) for question in asked]
    for question in set_questions(session, desk, case, parts, at=at, by=by):
        decide(session, desk, case, decided(question, case.subject, outcome), at=at, by=by)


def _compose(session: Session, desk: Desk, case: Case, owner: Officer) -> None:
    questions, by = questions_of(session, case.id), officer_actor(owner.id)
    made = compose_response(session, desk, case, questions, owner.name, today=desk.today())
    write_draft(session, desk, case, made.kind, made.words, composed=True, at=desk.now(), by=by)


def how_many(until: datetime) -> int:
    """How many happenings there are to tell, for the progress bar."""
    return sum(1 for moment, _ in _happenings(until) if moment < until)
