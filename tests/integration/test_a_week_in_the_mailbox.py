"""200 requests in a week in which everything is done in the mailbox: the record is what was meant, and no mail is lost.

What is meant is written down by the script as it goes along, with working days counted by itself; only at the end is
the record read. Seed and stories are fixed, so that a failure can be looked into.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlmodel import col, func, select

from mail.poll import poll_mailbox
from mail.reader import Reader
from service.desk import Desk
from service.store.cases import history
from service.store.correspondence import STORED
from service.store.database import reading, transaction
from service.store.originals import read_chunks
from service.store.placements import watched_folders
from service.store.tables import Case, Letter, Placement, Post
from tests.builders import an_officer
from tests.conftest import Time
from tests.integration.conftest import need_dovecot
from tests.integration.dovecot import Dovecot, running_dovecot
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.integration.week import WITH_SENT, Lying, Week, a_week, slots
from tests.integration.week_intentions import UNHEARD, Standing, Told, told
from tests.integration.week_mail import SERVER
from tests.integration.week_stories import HOW_MANY, TEAM, Acts, Story

SEED = 20240520
MON_MAY_20_2024 = datetime(2024, 5, 20, tzinfo=UTC)
# In UTC; London is an hour ahead, so that the last of each day is the next day there, on which mail and answers count.
HOURS = (7.25, 9.5, 11.5, 13.5, 15.5, 23.1)
# Day and moment.
TUE_MORNING, TUE_NOON, WED_NOON, THU_BREAKFAST, THU_MORNING, THU_NOON = (1, 1), (1, 2), (2, 2), (3, 0), (3, 1), (3, 2)
DOWN = (TUE_MORNING, TUE_NOON, THU_BREAKFAST, THU_MORNING, THU_NOON)  # nobody runs the desk
SAM, PRIYA = 1, 2


@pytest.fixture
def office() -> Iterator[Dovecot]:
    need_dovecot()
    with running_dovecot(more=WITH_SENT) as server:
        yield server


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setattr("mail.submit.MISSED_REPLY", 0.001)  # seconds: this server never hangs up
    with faulty_smtp() as script:
        yield script


@pytest.fixture
def week(desk: Desk, office: Dovecot, reader: Reader, time: Time, smtp: Script) -> Iterator[Week]:
    time.moment = MON_MAY_20_2024
    week = a_week(desk, office, reader, time, smtp, SERVER)
    with transaction(week.desk.engine) as session:
        for one in TEAM:
            officer = an_officer(session, one.name, "supervisor" if one.key == 3 else "officer")
            assert (officer.id, officer.email) == (one.key, one.email)
            week.mine[one.key] = f"FOI/Mine/{one.name}"
    poll_mailbox(week.desk, reader, begin=MON_MAY_20_2024)
    week.round()
    yield week
    week.desk.engine.dispose()


def scripted(week: Week) -> dict[int, list[tuple[Story, Acts]]]:
    """The stories by the moment at which each begins, in an order that the seed alone decides."""
    chance, begun = Random(SEED), dict[int, list[tuple[Story, Acts]]]()
    kinds = [kind for kind, many in HOW_MANY.items() for _ in range(many)]
    chance.shuffle(kinds)
    for number, kind in enumerate(kinds, 1):
        officer, other = chance.sample(TEAM, 2)
        story = Story(number, officer, other, Random(chance.random()), week)
        begun.setdefault(chance.randrange(5 * len(HOURS)), []).append((story, kind(story)))
    return begun


def live_through(week: Week) -> list[Story]:
    """The whole week, and as much of the weekend as the last to write on Friday needs."""
    begun, going, stories = scripted(week), list[Acts](), list[Story]()
    chance = Random(SEED)
    for number, moment in enumerate(slots(MON_MAY_20_2024, 7, HOURS)):
        place = divmod(number, len(HOURS))
        week.time.moment = moment
        with week.people():
            for story, acts in begun.pop(number, []):
                story.arrive(moment - timedelta(seconds=chance.randrange(1200)))
                stories.append(story)
                going.append(acts)
            going = [acts for acts in going if next(acts, going) is not going]
            if place == THU_MORNING:
                week.rename(week.mine[SAM], "FOI/Mine/sam")
                week.mine[SAM] = "FOI/Mine/sam"
        if place == WED_NOON:  # killed when it had read the inbox, which is then restored from a backup
            week.cut_off()
            week.server.renumber()
            week.restart()
        elif place == THU_MORNING:
            week.server.renumber_folder(week.mine[PRIYA])
        elif place not in DOWN:
            week.round()
        elif (place[0], place[1] + 1) not in DOWN:
            week.restart()
        if not begun and not going:
            break
    assert not going, "some story never came to its end"
    week.round()
    week.round()
    return stories


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.soak)], indirect=True)
def test_a_week_in_which_everything_is_done_in_the_mailbox(week: Week) -> None:
    stories = live_through(week)
    assert len(stories) == 200
    lying = week.lying()
    as_meant(week, stories)
    nothing_is_lost(week, lying)
    lies_where_it_should(week, stories, lying)
    the_desk_knows_where(week, lying)
    nobody_is_written_to_twice(week)


def as_meant(week: Week, stories: list[Story]) -> None:
    """Stage, owner, clock, deadline and outcome of each case, and every event that explains them."""
    wrong = []
    with reading(week.desk.engine) as session:
        cases = {case.reference: case for case in session.exec(select(Case))}
        assert len(cases) == len(stories)
        for story in stories:
            case, meant = cases[story.reference], story.meant
            is_now = Standing(
                case.stage, case.owner_id, case.clock_state, case.stopped_on, case.due_on, case.outcome,
                case.answered_on,
            )  # fmt: skip
            events = [told(event) for event in history(session, case.id) if event.kind not in UNHEARD]
            if (is_now, case.received_at, events) != (meant.standing, meant.arrived, meant.events):
                wrong.append(differences(story, is_now, events))
    assert not wrong, "\n".join(wrong)


def differences(story: Story, is_now: Standing, events: list[Told]) -> str:
    """What was meant and what is on the record, for a reader."""
    meant = story.meant
    lines = [f"Request {story.number}, {story.reference}:", f"  meant {meant.standing}", f"  is    {is_now}"]
    lines += [f"  not on record: {event}" for event in meant.events if event not in events]
    lines += [f"  not meant: {event}" for event in events if event not in meant.events]
    return "\n".join([*lines, *(f"  {event}" for event in events)])


def nothing_is_lost(week: Week, lying: dict[str, list[Lying]]) -> None:
    """Every mail that was ever put into the mailbox lies there once, as it came, and the desk has its bytes."""
    assert {message_id: len(places) for message_id, places in lying.items()} == dict.fromkeys(week.delivered, 1)
    assert {message_id: places[0].raw for message_id, places in lying.items()} == week.delivered
    with reading(week.desk.engine) as session:
        held = {post.message_id: post.sha256 for post in session.exec(select(Post)) if post.sha256 is not None}
        kept = {message_id: b"".join(read_chunks(session, sha256)) for message_id, sha256 in held.items()}
        assert kept == week.delivered
        assert session.exec(select(func.count()).where(col(Post.state) == STORED)).one() == 0


def lies_where_it_should(week: Week, stories: list[Story], lying: dict[str, list[Lying]]) -> None:
    """The request of each case where people or the desk meant it to lie, and its other mail with the case."""
    with week.people():
        expected = {story.request: story.place for story in stories}
        expected |= {message_id: folder for story in stories for message_id, folder in story.apart.items()}
    assert {message_id: lying[message_id][0].folder for message_id in expected} == expected


def the_desk_knows_where(week: Week, lying: dict[str, list[Lying]]) -> None:
    """What the desk remembers of places is what the server shows."""
    shown = {(one.folder, one.uidvalidity, one.uid): name for name, places in lying.items() for one in places}
    with reading(week.desk.engine) as session:
        names = {path: row.name for path, row in watched_folders(session, "foi").items()}
        rows = session.exec(select(Placement, Post.message_id).join(Post, col(Post.id) == col(Placement.post_id)))
        known = {
            ("INBOX" if row.folder == "INBOX" else f"FOI/{names[row.folder]}", row.uidvalidity, row.uid): message_id
            for row, message_id in rows
            if row.state == "here"
        }
        assert session.exec(select(func.count()).where(col(Placement.state) != "here")).one() == 0
    assert known == {place: name for place, name in shown.items() if not place[0].startswith("Sent")}


def nobody_is_written_to_twice(week: Week) -> None:
    """One acknowledgement for each request, every letter sent once, and one digest a working day."""
    ids = week.smtp.message_ids()
    assert len(ids) == len(set(ids))
    with reading(week.desk.engine) as session:
        letters = session.exec(select(Letter)).all()
        assert sorted(letter.message_id for letter in letters) == sorted(ids)
    kinds = Counter(letter.kind for letter in letters)
    assert (kinds["acknowledgement"], kinds["digest"]) == (200, 5)
