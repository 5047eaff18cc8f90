"""What becomes of each request in a simulated week: stories of officers who do everything in the mailbox.

A story is a generator: it acts, and yields until the next moment at which people act. What it does not wait for happens
while the desk may be down.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from service.domain.kind import Kind
from tests.integration.week import SENT, Colleague, Week
from tests.integration.week_intentions import Intention
from tests.integration.week_mail import a_mail, a_request, from_outlook, person, said_in_answer

SAM = Colleague(1, "Sam Okoro", "sam@anytown.example")
PRIYA = Colleague(2, "Priya Shah", "priya@anytown.example")
MORGAN = Colleague(3, "Morgan Reid", "morgan@anytown.example")  # a supervisor
TEAM = (SAM, PRIYA, MORGAN)
GIVEN, ASKED, ENDED, DONE = "Given to you", "Answered at", "How did", "Done by email"
TOLD_SO = "Has the requester been told"
LATER = date(2024, 7, 19)
ANSWERS = (
    ("In response to your request, please find attached the figures you asked for.", "granted in full"),
    ("We do not hold the information you asked for.", "information not held"),
    ("The information is exempt under section 31(1)(a), so we refuse to give it.", "refused in full"),
)
NOT_FOI, WAITING, CLOSED, NEEDS, INBOX = (
    "FOI/Not FOI",
    "FOI/Waiting requester",
    "FOI/Closed",
    "FOI/Needs a person",
    "INBOX",
)

Acts = Iterator[None]


@dataclass
class Story:
    """One request, the officer who deals with it, and what is meant to come of it."""

    number: int
    officer: Colleague
    other: Colleague
    chance: Random
    week: Week
    reference: str = ""
    meant: Intention = field(init=False)
    lies: str = "INBOX"  # where its first mail should lie, empty for the folder of the case
    apart: dict[str, str] = field(default_factory=dict)  # other mails that should lie elsewhere than with the case
    folder: str = ""  # what a person has made of the folder's name
    _mails: int = 0

    # What the public does

    @property
    def request(self) -> str:
        return f"<ask{self.number}@example.com>"

    def arrive(self, at: datetime) -> None:
        self.meant = Intention(at)
        self.week.put(self.request, a_request(self.number, at), at)

    def acknowledged(self) -> Acts:
        """Wait for the acknowledgement, as the requester does: it tells the reference."""
        while not (found := self.week.acknowledged.get(f"person{self.number}@example.com")):
            yield
        self.reference, self.lies = found, ""

    def writes_again(self, text: str, *, sender: str = "", **headers: str) -> tuple[str, datetime]:
        """The requester, or another sender, answers the request's thread."""
        message_id, at = self.new_id("more"), self.week.now
        headers = {"In_Reply_To": self.request, "References": self.request} | headers
        subject = f"Re: [{self.reference}] Request {self.number}"
        words = f"{text} ({self.number})"
        self.week.put(message_id, a_mail(message_id, sender or person(self.number), subject, words, at, **headers), at)
        return message_id, at

    # What officers do

    def mine(self, officer: Colleague) -> str:
        return self.week.mine[officer.key]

    @property
    def place(self) -> str:
        """Where one expects the request to lie."""
        if self.lies.startswith("mine "):
            return self.week.mine[int(self.lies.removeprefix("mine "))]
        return self.lies or self.folder or self.week.case_folder(self.reference)

    def drag(self, target: str, message_id: str = "", hint: str = "") -> str:
        return self.week.move(message_id or self.request, target, hint or self.place)

    def seen(self) -> Acts:
        """Until the desk has done a whole round."""
        before = len(self.week.rounds)
        while len(self.week.rounds) == before:
            yield

    @property
    def round(self) -> datetime:
        """When the desk last did a round."""
        return self.week.rounds[-1]

    def give(self, officer: Colleague) -> Acts:
        """Move the request into an officer's folder, as Outlook does or as programs do that know no MOVE."""
        target, copied = self.mine(officer), self.chance.random() < 0.15
        source = self.week.move(self.request, target, self.place, by_copying=copied)
        if copied:
            yield from self.seen()
            self.week.remove(self.request, source)
        yield from self.seen()
        target = self.mine(officer)  # as it is called when the desk looks
        self.meant.assigned(self.round, officer.key, "mailbox")
        self.meant.moved(self.round, "assign", source, target)
        self.lies = f"mine {officer.key}"

    def say(self, officer: Colleague, subject: str, line: str, done: Callable[[], None], result: str = "done") -> Acts:
        """Answer a mail of the desk's with one line; `done` is what that is meant to do."""
        letter = self.week.letter(officer.email, self.reference, subject)
        while letter is None:
            yield
            letter = self.week.letter(officer.email, self.reference, subject)
        message_id, at = self.new_id("said"), self.week.now
        self.week.put(message_id, said_in_answer(letter, line, message_id, officer.sender, at), at)
        yield from self.seen()
        self.obeyed(officer, line, at, done, result)

    def obeyed(self, officer: Colleague, line: str, at: datetime, done: Callable[[], None], result: str) -> None:
        self.meant.tell(Kind.POST_FILED, officer.actor, at)
        done()
        verb = "hand back" if line.startswith("hand back") else line.lower().strip(".").partition(" ")[0]
        self.meant.tell(Kind.INSTRUCTED, officer.actor if result == "done" else "desk", self.round, f"{verb}: {result}")

    def send(self, text: str, *, own: bool = False) -> tuple[datetime, str]:
        """Write to the requester from Outlook; gives when, and the sender. The desk will find it in Sent."""
        message_id, at = self.new_id("sent"), self.week.now
        sender = self.officer.sender if own else "FOI team <foi@anytown.example>"
        raw = from_outlook(self.number, text, message_id, sender, self.request, at)
        self.week.put(message_id, raw, at, SENT, b"\\Seen")
        self.apart[message_id] = SENT
        return at, sender

    def found_in_sent(self, sent: tuple[datetime, str]) -> Acts:
        yield from self.seen()
        at, sender = sent
        actor = self.officer.actor if self.officer.email in sender else "mailbox"
        self.meant.tell(Kind.SENT_BY_HAND, actor, at, sender)

    def new_id(self, kind: str) -> str:
        self._mails += 1
        return f"<{kind}{self.number}.{self._mails}@outlook.example>"


# The stories


def untouched(story: Story) -> Acts:
    """Nobody has come to it yet."""
    yield from story.acknowledged()


def given(story: Story) -> Acts:
    yield from story.acknowledged()
    yield from story.give(story.officer)


def taken_on(story: Story) -> Acts:
    yield from given(story)
    officer = story.officer
    yield from story.say(officer, GIVEN, "take", lambda: story.meant.accepted(story.round, officer.actor))


def answered(story: Story) -> Acts:
    """Answered from Outlook, which the owner confirms, at once or a while later."""
    yield from (taken_on if story.chance.random() < 0.3 else given)(story)
    text, outcome = story.chance.choice(ANSWERS)
    sent = story.send(text, own=story.chance.random() < 0.5)
    yield from story.found_in_sent(sent)
    for _ in range(story.chance.randrange(5)):
        yield
    actor = story.officer.actor
    yield from story.say(
        story.officer, ASKED, "Yes.", lambda: story.meant.closed(sent[0], outcome, actor, "sent folder")
    )
    story.lies = "FOI/Closed/2024"


def answered_before_anybody_had_it(story: Story) -> Acts:
    """The question goes to the team, who cannot answer it by mail; the one it is given to then says how it ended."""
    yield from story.acknowledged()
    sent = story.send(ANSWERS[0][0])
    yield from story.found_in_sent(sent)
    yield from story.give(story.officer)
    actor = story.officer.actor
    yield from story.say(
        story.officer, GIVEN, "close granted", lambda: story.meant.closed(story.round, "granted in full", actor)
    )
    story.lies = "FOI/Closed/2024"


def only_a_holding_reply(story: Story) -> Acts:
    yield from given(story)
    sent = story.send("Thank you for your request. We will respond within twenty working days.")
    yield from story.found_in_sent(sent)
    actor = story.officer.actor
    yield from story.say(
        story.officer,
        ASKED,
        "no",
        lambda: story.meant.tell(Kind.NOT_THE_ANSWER, actor, story.round, "said by email"),
    )


def asked_what_is_meant(story: Story) -> Acts:
    """A clarification from Outlook: the clock stands still from then on, whenever the desk hears of it."""
    yield from given(story)
    sent = story.send("Could you please clarify which years you mean?", own=story.chance.random() < 0.5)
    yield from story.found_in_sent(sent)

    def stopped() -> None:
        actor = story.officer.actor
        story.meant.stopped(sent[0], actor)
        story.meant.tell(Kind.NOT_THE_ANSWER, actor, story.round, "a question to the requester (clarification)")

    yield from story.say(story.officer, ASKED, "question", stopped)


def waits_for_the_requester(story: Story) -> Acts:
    """It lies among those that wait, and a machine's answer is none."""
    yield from asked_what_is_meant(story)
    source = story.drag(WAITING)
    yield from story.seen()
    assert source != WAITING
    story.lies = WAITING
    away, at = story.writes_again("I am away until June.", Auto_Submitted="auto-replied")
    yield from story.seen()
    story.meant.tell(Kind.POST_FILED, "desk", at)
    story.apart[away] = "FOI/Automatic"


def clarified(story: Story) -> Acts:
    yield from asked_what_is_meant(story)
    if story.chance.random() < 0.5:
        story.drag(WAITING)
        story.lies = WAITING
        yield from story.seen()
    _, at = story.writes_again("I mean the year 2023.")
    yield from story.seen()
    story.meant.tell(Kind.POST_FILED, "requester", at)
    story.meant.clarified(at)
    if story.lies == WAITING:
        story.lies = ""  # the desk puts it back where it belongs


def closed_by_its_folder(story: Story) -> Acts:
    """Into Closed, which has the desk ask how it ended, and that is said."""
    yield from given(story)
    source = story.drag(CLOSED)
    yield from story.seen()
    story.meant.moved(story.round, "close", source, CLOSED)
    words, outcome = story.chance.choice(
        (("close not held", "information not held"), ("close withdrawn", "withdrawn by the requester"))
    )
    actor = story.officer.actor
    yield from story.say(story.officer, ENDED, words, lambda: story.meant.closed(story.round, outcome, actor))
    story.lies = "FOI/Closed/2024"


def closed_by_mistake(story: Story) -> Acts:
    yield from closed_by_its_folder(story)
    actor = story.officer.actor
    yield from story.say(story.officer, DONE, "undo", lambda: story.meant.opened_again(story.round, "allocated", actor))
    story.lies = ""


def no_request(story: Story) -> Acts:
    yield from story.acknowledged()
    source = story.drag(NOT_FOI)
    yield from story.seen()
    story.meant.triaged(story.round, "business as usual")
    story.meant.moved(story.round, "triage as no request", source, NOT_FOI)
    story.lies = NOT_FOI


def a_request_after_all(story: Story) -> Acts:
    yield from no_request(story)
    story.drag(INBOX)
    yield from story.seen()
    story.meant.triaged(story.round, "a request for information")
    story.meant.moved(story.round, "undo", NOT_FOI, INBOX)
    story.lies = ""


def given_by_mistake(story: Story) -> Acts:
    yield from given(story)
    source = story.drag(INBOX)
    yield from story.seen()
    story.meant.handed_back(story.round, "mailbox")
    story.meant.moved(story.round, "undo", source, INBOX)
    story.lies = ""


def given_to_the_wrong_one(story: Story) -> Acts:
    yield from given_by_mistake(story)
    yield from story.give(story.other)


def owned_by_another(story: Story) -> Acts:
    """Nobody takes a case from its owner by a move."""
    yield from taken_on(story)
    target = story.mine(story.other)
    source = story.drag(target)
    yield from story.seen()
    story.meant.moved(story.round, "assign", source, target, done=False)
    story.lies = ""


def not_to_be_undone(story: Story) -> Acts:
    """Who has taken a case on has it, whatever is dragged to the inbox."""
    yield from taken_on(story)
    source = story.drag(INBOX)
    yield from story.seen()
    story.meant.moved(story.round, "undo", source, INBOX, done=False)
    story.lies = ""


def the_clock_runs(story: Story) -> Acts:
    yield from story.acknowledged()
    source = story.drag(WAITING)
    yield from story.seen()
    story.meant.moved(story.round, "refuse", source, WAITING, done=False)


def two_people_at_once(story: Story) -> Acts:
    """Both saw it in its folder: the second is too late."""
    yield from story.acknowledged()
    source, target = story.place, story.mine(story.officer)
    story.week.move_at_once(story.request, (target, NOT_FOI), source)
    yield from story.seen()
    story.meant.assigned(story.round, story.officer.key, "mailbox")
    story.meant.moved(story.round, "assign", source, target)
    story.lies = f"mine {story.officer.key}"


def two_people_after_each_other(story: Story) -> Acts:
    """The second finds it where the first has put it, before the desk looks: the last word counts."""
    yield from story.acknowledged()
    source, first, last = story.place, story.mine(story.other), story.mine(story.officer)
    story.drag(first)
    story.drag(last, hint=first)
    yield from story.seen()
    story.meant.assigned(story.round, story.officer.key, "mailbox")
    story.meant.moved(story.round, "assign", source, last)
    story.lies = f"mine {story.officer.key}"


def taken_back_unseen(story: Story) -> Acts:
    """Given and taken back into the inbox before the desk looks: it has nothing to undo, and files it again."""
    yield from story.acknowledged()
    source, first = story.place, story.mine(story.officer)
    story.drag(first)
    story.drag(INBOX, hint=first)
    yield from story.seen()
    story.meant.moved(story.round, "undo", source, INBOX, done=False)


def moved_before_it_was_seen(story: Story) -> Acts:
    """Given away out of the inbox before the desk had read it."""
    target = story.mine(story.officer)
    story.drag(target, hint=INBOX)
    yield from story.acknowledged()
    # The filing stores what it finds, the next poll reads it, and then the filing knows what the move meant.
    story.lies = f"mine {story.officer.key}"
    while story.week.letter(story.officer.email, story.reference, GIVEN) is None:
        yield
    story.meant.assigned(story.round, story.officer.key, "mailbox")
    story.meant.moved(story.round, "assign", "", target)


def writes_on(story: Story) -> Acts:
    """The requester adds a word, and somebody gives the case a folder name of their own."""
    yield from story.acknowledged()
    story.folder = f"FOI/Open/{story.chance.choice(('Streets, urgent', f'{story.reference} urgent'))} {story.number}"
    story.folder = story.folder.replace(story.reference, story.reference.replace(".", "-"))
    story.week.rename(story.week.case_folder(story.reference), story.folder)
    _, at = story.writes_again("And of the street next to it, please.")
    yield from story.seen()
    story.meant.tell(Kind.POST_FILED, "requester", at)


def filed_by_mistake(story: Story) -> Acts:
    """A stranger names the case: an officer files that on it, and thinks again."""
    yield from story.acknowledged()
    stranger, _ = story.writes_again(
        "I ask the same.", sender=f"Stranger <s{story.number}@example.org>", In_Reply_To="<x@y>", References="<x@y>"
    )
    yield from story.seen()
    target = story.place
    source = story.drag(target, stranger, NEEDS)
    yield from story.seen()
    at = story.week.arrived[stranger]
    story.meant.tell(Kind.POST_FILED, "mailbox", at)
    story.meant.moved(story.round, "file on the case", source, target)
    if story.chance.random() < 0.6:
        story.drag(INBOX, stranger, target)
        yield from story.seen()
        story.meant.tell(Kind.POST_TAKEN_OFF, "mailbox", story.round)
        story.meant.moved(story.round, "undo", target, INBOX)
        story.apart[stranger] = NEEDS


def needs_longer(story: Story) -> Acts:
    """An extension said by mail: section 10(3)."""
    yield from given(story)
    actor = story.officer.actor

    def extended() -> None:
        story.meant.due_on = LATER
        story.meant.tell(Kind.EXTENDED, actor, story.round, LATER.isoformat())

    yield from story.say(story.officer, GIVEN, f"extend to {LATER:%-d %B}: public interest test", lambda: None)
    yield from story.say(story.officer, TOLD_SO, "told", extended)


def handed_on(story: Story) -> Acts:
    """The owner gives it to a colleague by mail."""
    yield from given(story)
    to, actor = story.other, story.officer.actor
    yield from story.say(
        story.officer,
        GIVEN,
        f"assign {to.name.split()[0].lower()}",
        lambda: story.meant.assigned(story.round, to.key, actor),
    )
    story.lies = ""  # it lies in the folder of one who has it no more


def handed_back(story: Story) -> Acts:
    yield from given(story)
    actor = story.officer.actor
    yield from story.say(
        story.officer, GIVEN, "hand back: I know the requester", lambda: story.meant.handed_back(story.round, actor)
    )
    story.lies = ""


def taken_from_the_digest(story: Story) -> Acts:
    """A supervisor answers the morning's digest with the case's reference."""
    yield from story.acknowledged()
    digest = None
    while digest is None:
        yield
        digest = story.week.newest(MORGAN.email, "FOI desk:")
    message_id, at, line = story.new_id("said"), story.week.now, f"{story.reference} take"
    story.week.put(message_id, said_in_answer(digest, line, message_id, MORGAN.sender, at), at)
    yield from story.seen()

    def taken() -> None:
        story.meant.assigned(story.round, MORGAN.key, MORGAN.actor)
        story.meant.accepted(story.round, MORGAN.actor)

    story.obeyed(MORGAN, "take", at, taken, "done")


HOW_MANY: dict[Callable[[Story], Acts], int] = {
    untouched: 12,
    given: 10,
    taken_on: 14,
    answered: 42,
    answered_before_anybody_had_it: 4,
    only_a_holding_reply: 10,
    asked_what_is_meant: 8,
    waits_for_the_requester: 6,
    clarified: 14,
    closed_by_its_folder: 10,
    closed_by_mistake: 6,
    no_request: 6,
    a_request_after_all: 6,
    given_by_mistake: 6,
    given_to_the_wrong_one: 6,
    owned_by_another: 5,
    not_to_be_undone: 3,
    the_clock_runs: 3,
    two_people_at_once: 4,
    two_people_after_each_other: 4,
    taken_back_unseen: 3,
    moved_before_it_was_seen: 4,
    writes_on: 4,
    filed_by_mistake: 4,
    needs_longer: 2,
    handed_on: 2,
    handed_back: 1,
    taken_from_the_digest: 1,
}
