"""Whatever people and crashes do: every mail is in one known place or listed as gone, and the desk comes to rest."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from mail import filing, filing_folders, filing_moves
from mail.content_key import content_key
from mail.filing import file_mailboxes
from mail.headers import message_id, split_headers
from service.bootstrap import open_desk
from service.casework.assign import assign
from service.casework.close import close
from service.casework.receive import receive
from service.casework.record import caches
from service.domain.history import replay
from service.domain.kind import Kind
from service.domain.message import Address, IncomingMessage, Unreadable
from service.domain.outcome import Outcome
from service.errors import DeskError
from service.store import database
from service.store.cases import history
from service.store.correspondence import BEFORE, STORED
from service.store.database import reading, transaction
from service.store.mailboxes import begin_mailbox
from service.store.originals import keep, read_small
from service.store.tables import Case, MailboxMove, PlacedCopy, Placement, Post
from tests.builders import an_officer
from tests.conftest import Time, council_settings
from tests.unit.mail.fake_box import FakeBox, FakeMailbox, Killed, a_raw_mail

TARGETS = ("INBOX", "FOI/Not FOI", "FOI/Waiting requester", "FOI/Mine/Sam", "FOI/Mine/Nobody", "FOI/Closed",
           "FOI/Closed/2023", "FOI/Automatic", "FOI/Needs a person", "FOI/Open", "Private", "a case")  # fmt: skip
STANDING = ("FOI/Not FOI", "FOI/Waiting requester", "FOI/Closed", "FOI/Automatic", "FOI/Needs a person", "FOI/Open")
STEPS = ("look", "make", "made", "open", "move", "moved", "moved", "commit", "committed", "remove", "removed")
BY_MAILBOX = (Kind.ASSIGNED, Kind.TRIAGED, Kind.HANDED_BACK, Kind.POST_TAKEN_OFF)
TEMPLATE: list[Path] = []


class Office(RuleBasedStateMachine):
    """A desk, a shared mailbox, and people."""

    people = True

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(prefix="foidesk-machine-")
        self.time, self.mailbox = Time(), FakeMailbox()
        here = Path(self._folder.name)
        copyfile(TEMPLATE[0], here / "foidesk.db")
        self.desk = open_desk(council_settings(here, mailbox={"filing": "folders"}), self.time.now)
        with transaction(self.desk.engine) as session:
            an_officer(session)
            an_officer(session, "Priya Shah", "supervisor")
            begin_mailbox(session, "foi", "INBOX", self.time.now() - timedelta(days=30))
        self.numbers = 0
        self.touched: set[bytes] = set()  # the mails that a person has moved, copied or deleted
        self.tells = True
        self.renumbered: set[str] = set()  # folders, since the desk last looked at them to the end
        self.renamed = False
        self.raws: set[bytes] = set()  # all that the desk has ever read

    def teardown(self) -> None:
        self.settle()
        self.desk.engine.dispose()
        self._folder.cleanup()

    @initialize(tells=st.booleans())
    def server(self, tells: bool) -> None:
        """Some servers say where a moved mail went, and some do not."""
        self.tells = tells

    # What comes in

    @rule(kind=st.sampled_from(["request", "automatic", "unreadable"]))
    def arrives(self, kind: str) -> None:
        self.numbers += 1
        self.mailbox.folders["INBOX"].put(a_raw_mail(self.numbers, kind))

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def arrives_again(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, self.numbers))
        self.mailbox.folders["INBOX"].put(a_raw_mail(number, "request"))

    @rule()
    def poll(self) -> None:
        """What the poller does: store every new mail of the inbox, then settle all that is stored."""
        self.time.pass_by(seconds=30)
        inbox = self.mailbox.folders["INBOX"]
        with transaction(self.desk.engine) as session:
            query = select(Post.uid).where(col(Post.folder) == "INBOX", col(Post.uidvalidity) == inbox.uidvalidity)
            known = set(session.exec(query))
            for uid, raw in inbox.mails.items():
                if uid not in known:
                    session.add(
                        Post(account="foi", folder="INBOX", uidvalidity=inbox.uidvalidity, uid=uid, size=len(raw),
                             received_at=self.time.now(), sha256=keep(session, raw), state=STORED,
                             stored_at=self.time.now())
                    )  # fmt: skip
            session.flush()
            for post in session.exec(select(Post).where(col(Post.state) == STORED)).all():
                self._receive(session, post)

    def _receive(self, session: Session, post: Post) -> None:
        assert post.sha256 is not None
        raw = read_small(session, [post.sha256])[post.sha256]
        self.raws.add(raw)
        headers, body = split_headers(raw, 0, len(raw))
        subject = headers.text("subject")
        words: dict[str, Any] = {
            "subject": subject, "sender": Address("", headers.text("from")), "message_id": message_id(headers),
        }  # fmt: skip
        read = Unreadable("by chance", **words) if subject == "unreadable" else IncomingMessage(
            **words, text=raw[body:].decode(), automatic=("by chance",) if subject == "automatic" else ()
        )  # fmt: skip
        receive(session, self.desk, post, read, content_key(raw), at=self.time.now())

    # The desk

    def _round(self, die_at: str = "", die_after: int = 0) -> int:
        """A round that dies at a step, after so many of its kind, or lives; how many mails it moved."""
        self.time.pass_by(minutes=1)
        passed = 0

        def step(name: str) -> None:
            nonlocal passed
            if name == die_at:
                passed += 1
                if passed > die_after:
                    raise Killed

        @contextmanager
        def written(engine: Any) -> Iterator[Session]:
            with database.transaction(engine) as session:
                yield session
                step("commit")
            step("committed")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(filing, "open_filing_box", lambda _: FakeBox(self.mailbox, step, tells_copyuid=self.tells))
            for module in (filing, filing_folders, filing_moves):
                patch.setattr(module, "transaction", written)
            moved = file_mailboxes(self.desk).moved
        self.renumbered, self.renamed = set(), False  # all that has been seen
        return moved

    @rule()
    def file(self) -> None:
        self._round()

    @rule(at=st.sampled_from(STEPS), after=st.integers(0, 3))
    def file_and_die(self, at: str, after: int) -> None:
        with suppress(Killed):
            self._round(at, after)

    @rule(mails=st.integers(1, 3), at=st.sampled_from(STEPS), after=st.integers(0, 3))
    def file_much_and_die(self, mails: int, at: str, after: int) -> None:
        for _ in range(mails):
            self.arrives("request")
        self.poll()
        self.file_and_die(at, after)

    @rule(data=st.data(), owner=st.sampled_from([1, 2]))
    def officer_assigns(self, data: st.DataObject, owner: int) -> None:
        self._at_the_desk(data, lambda session, case: assign(
            session, self.desk, case, owner, at=self.time.now(), by="officer:2"))  # fmt: skip

    @rule(data=st.data())
    def officer_closes(self, data: st.DataObject) -> None:
        self._at_the_desk(data, lambda session, case: close(
            session, self.desk, case, Outcome.NOT_HELD, answered_on=case.received_on, at=self.time.now(),
            by="officer:2"))  # fmt: skip

    def _at_the_desk(self, data: st.DataObject, act: Any) -> None:
        with suppress(DeskError), transaction(self.desk.engine) as session:
            cases = session.exec(select(Case).order_by(col(Case.id))).all()
            if cases:
                act(session, data.draw(st.sampled_from(cases)))

    # People

    def _any_mail(self, data: st.DataObject) -> tuple[str, int] | None:
        places = sorted((name, uid) for name, uid, _ in self.mailbox.every())
        return data.draw(st.sampled_from(places)) if places else None

    def _touch(self, place: tuple[str, int]) -> None:
        self.touched.add(self.mailbox.folders[place[0]].mails[place[1]])

    def _any_folder(self, data: st.DataObject) -> str:
        target = data.draw(st.sampled_from(TARGETS))
        folders = sorted(name for name in self.mailbox.folders if name.startswith("FOI/Open/"))
        if self.renamed and target in STANDING and target not in self.mailbox.folders:
            return "Private"  # nobody makes another of that name before the desk has looked
        if target == "a case":
            return data.draw(st.sampled_from(folders)) if folders else "FOI/Open"
        return str(target)

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def person_moves(self, data: st.DataObject) -> None:
        place, target = self._any_mail(data), self._any_folder(data)
        if place and place[0] != target:
            self._touch(place)
            self.mailbox.move(*place, target)

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def person_copies(self, data: st.DataObject) -> None:
        place, target = self._any_mail(data), self._any_folder(data)
        if place:
            self._touch(place)
            self.mailbox.copy(*place, target)

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def person_deletes(self, data: st.DataObject) -> None:
        place = self._any_mail(data)
        if place:
            self._touch(place)
            del self.mailbox.folders[place[0]].mails[place[1]]

    @precondition(lambda self: self.people)
    @rule(data=st.data(), tail=st.sampled_from([" (urgent)", " - Sam"]))
    def person_renames_a_folder(self, data: st.DataObject, tail: str) -> None:
        folders = sorted(name for name in self.mailbox.folders if name.startswith("FOI/") and len(name) < 60)
        if folders:
            name = data.draw(st.sampled_from(folders))
            if name + tail not in self.mailbox.folders:
                self._rename(name, name + tail)

    def _rename(self, name: str, new: str) -> None:
        """A folder that has lost its number and its name at once is known by nothing, and its mail is gone."""
        if not any(one == name or one.startswith(f"{name}/") for one in self.renumbered):
            self.mailbox.rename(name, new)
            self.renamed = True

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def person_drags_a_folder(self, data: st.DataObject) -> None:
        """Into another, with all that is below it; only a case's or an officer's says something of its mails so."""
        folders = sorted(name for name in self.mailbox.folders if name.startswith("FOI/") and name.count("/") < 4)
        if not folders:
            return
        source = data.draw(st.sampled_from(folders))
        targets = [name for name in folders if name != source and not name.startswith(f"{source}/")]
        target = data.draw(st.sampled_from(targets)) if targets else "FOI"
        new = f"{target}/{source.rpartition('/')[2]}"
        if new in self.mailbox.folders:
            return
        if source.count("/") > 1:
            for name, uid, _ in list(self.mailbox.every()):
                if name == source or name.startswith(f"{source}/"):
                    self._touch((name, uid))
        self._rename(source, new)

    @rule(data=st.data())
    def server_renumbers(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.mailbox.folders)))
        if not self.renamed:
            self.mailbox.renumber(name)
            self.renumbered.add(name)

    # What must hold

    @rule()
    def settle(self) -> None:
        """Once people have stopped, the desk comes to rest, and then knows where everything is."""
        moved = []
        for _ in range(6):
            self.poll()
            moved.append(self._round())
        assert moved[-2:] == [0, 0], moved
        # Each mail goes home once, those found unread on the way once more, and again if its folder was taken for
        # another that somebody dragged while the server lost its numbers.
        assert sum(moved) <= 3 * sum(1 for _ in self.mailbox.every()), moved
        self._everything_is_known()
        before = self._moves()
        self._round()
        assert self._moves() == before

    def _moves(self) -> int:
        with reading(self.desk.engine) as session:
            return len(session.exec(select(MailboxMove)).all())

    def _watched(self) -> dict[tuple[str, int], bytes]:
        """The mails in the folders that the desk watches, by the folder's path and UID."""
        with reading(self.desk.engine) as session:
            rows = session.connection().exec_driver_sql("SELECT name, path FROM watched_folder").all()
        paths = {f"FOI/{name}" if path != "INBOX" else "INBOX": path for name, path in rows}
        return {(paths[name], uid): raw for name, uid, raw in self.mailbox.every() if name in paths}

    def _everything_is_known(self) -> None:
        lying = self._watched()
        with reading(self.desk.engine) as session:
            placed = session.exec(select(Placement)).all()
            copied = session.exec(select(PlacedCopy)).all()
            posts = {post.id: post for post in session.exec(select(Post))}
            gone = {move.post_id for move in session.exec(select(MailboxMove).where(col(MailboxMove.act) == "gone"))}
        assert {row.state for row in placed} <= {"here", "gone"}
        here = [(row.folder, row.uid, row.post_id) for row in placed if row.state == "here"]
        here += [(row.folder, row.uid, row.post_id) for row in copied]
        places = [(folder, uid) for folder, uid, _ in here]
        assert len(set(places)) == len(places)
        for folder, uid, post_id in here:
            assert uid is not None
            assert content_key(lying[folder, uid]) == posts[post_id].content_key
        noted = {(post.folder.removeprefix("FOI/"), post.uid) for post in posts.values() if post.state == BEFORE}
        assert set(lying) - set(places) <= noted
        assert {row.post_id for row in placed if row.state == "gone"} <= gone
        for post in posts.values():
            assert post.state != STORED
            assert post.state == BEFORE or post.place != "here"

    @invariant()
    def nothing_is_lost_and_every_change_has_its_event(self) -> None:
        with reading(self.desk.engine) as session:
            for case in session.exec(select(Case)):
                told = history(session, case.id)
                state = replay(told, self.desk.calendars)
                assert {name: getattr(case, name) for name in caches(state)} == caches(state)
                for event, after in zip(told, [*told[1:], None], strict=True):
                    if event.actor == "mailbox" and event.kind in BY_MAILBOX:
                        assert after is not None
                        assert (after.kind, after.actor, after.data["done"]) == (Kind.MAILBOX_MOVE, "mailbox", "yes")
            held = session.connection().exec_driver_sql("SELECT content FROM stored_chunk").scalars().all()
            keys = select(Post.content_key).join(MailboxMove, col(MailboxMove.post_id) == col(Post.id))
            moved = set(session.exec(keys))
        assert self.raws <= set(held)
        # Nothing that the desk does or dies of, and no new number or name, looks like a person's move.
        assert moved <= {content_key(raw) for raw in self.touched}


class Alone(Office):
    """The same without people: nothing may ever look like a move of theirs."""

    people = False


def test_a_new_name_of_a_folder_is_remembered_though_nothing_came_or_went(sqlite_template: Path) -> None:
    TEMPLATE[:] = [sqlite_template]
    office = Office()
    office.arrives("unreadable")
    office.settle()
    for tail in (" - Sam", " (urgent)"):
        name = next(name for name in office.mailbox.folders if name.startswith("FOI/Needs a person"))
        office.mailbox.rename(name, name + tail)
        office.settle()
    office.teardown()


@pytest.mark.parametrize(("machine", "examples"), [(Office, 9), (Alone, 4)])
def test_every_mail_is_in_one_known_place_whatever_people_and_crashes_do(
    sqlite_template: Path, machine: type[Office], examples: int
) -> None:
    TEMPLATE[:] = [sqlite_template]
    checks = list(HealthCheck)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=checks,
            database=None,
            derandomize=True,
        ),
    )


@pytest.mark.parametrize("tells", [True, False], ids=["told where it went", "not told"])
@pytest.mark.parametrize("at", dict.fromkeys(STEPS))
def test_a_crash_at_any_step_looks_like_nobodys_move(sqlite_template: Path, at: str, tells: bool) -> None:
    TEMPLATE[:] = [sqlite_template]
    office = Alone()
    office.server(tells=tells)
    for after in (0, 2):
        for kind in ("request", "request", "automatic", "unreadable"):
            office.arrives(kind)
        office.poll()
        office.file_and_die(at, after)
        with transaction(office.desk.engine) as session:
            for case in session.exec(select(Case).where(col(Case.stage) != "closed")):
                outcome, today = Outcome.NOT_HELD, case.received_on
                close(session, office.desk, case, outcome, answered_on=today, at=office.time.now(), by="officer:2")
        office.file_and_die(at, after)
        office.settle()
    office.nothing_is_lost_and_every_change_has_its_event()
    office.desk.engine.dispose()
    office._folder.cleanup()
