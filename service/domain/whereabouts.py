"""Where each mail lies now: what the desk remembers, held against what the changed folders show.

A place is remembered for every mail; our own moves are remembered before they are made. So a mail that is not where it
should be was moved by a person, and never by us: what we did is known, or is finished here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """What is known of a mail's place."""

    HERE = "here"
    MOVING = "moving"  # we are about to move it, or have just done so
    MISSING = "missing"  # not where it was, and not found elsewhere yet
    GONE = "gone"  # by a person's hand, out of every folder that is watched


@dataclass(frozen=True, slots=True)
class Place:
    """A mail's place; `uid` is None while only its folder is known."""

    folder: str
    uidvalidity: int = 0
    uid: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What is remembered of one mail: `to` is where we are moving it."""

    post_id: int
    place: Place
    state: State = State.HERE
    to: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A second copy that a person made of a mail, left alone."""

    post_id: int
    place: Place


@dataclass(frozen=True, slots=True)
class Scan:
    """What a changed folder shows: all its UIDs, none when it is gone, and whose mail the unknown ones are.

    `posts` gives the mails that a UID may be, likeliest first: more than one have the same content.
    """

    uidvalidity: int = 0
    uids: frozenset[int] = frozenset()
    posts: Mapping[int, Sequence[int]] = ()  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Moved:
    """A person has moved a mail from a folder to a place; `came_from` is empty for one whose place nobody knew."""

    post_id: int
    came_from: str
    place: Place


@dataclass(frozen=True, slots=True)
class Findings:
    """What is now known: `held` and `copies` replace what was remembered of these mails and folders."""

    held: tuple[Held, ...]
    copies: tuple[Copy, ...]
    moved: tuple[Moved, ...] = ()
    gone: tuple[int, ...] = ()  # mails that have now been missing twice


def to_scan(held: Iterable[Held]) -> set[str]:
    """Folders that must be looked into even when they have not changed: what we did there is not proven yet."""
    folders: set[str] = set()
    for one in held:
        if one.state is State.MOVING:
            folders |= {one.place.folder, one.to}
        elif one.state is State.HERE and one.place.uid is None:
            folders.add(one.place.folder)
    return folders


def reconcile(
    held: Sequence[Held], copies: Sequence[Copy], scans: Mapping[str, Scan], *, behind: bool = False
) -> Findings:
    """Hold what is remembered against the folders that were looked into; all others are as they were.

    `held` and `copies` are what is remembered of every mail that the scans may concern. A mail of which nothing is
    remembered, but that the scans name, has been moved from a place unknown. While the poll is `behind` none is gone,
    for it may lie unread in the inbox.
    """
    search = _Search(scans)
    known = {one.post_id: search.settle(one) for one in held}
    kept = [copy for copy in copies if search.holds(copy.place)]
    for copy in kept:
        search.claim(copy.place)
    lost = {one.post_id: one for one in known.values() if not search.found(one)}
    _learn(search, lost, known)
    moved, more = _appeared(search, lost, known)
    moved += _grown_from_copies(lost, known, kept)
    gone = []
    for one in lost.values():
        twice = one.state is State.GONE or (one.state is State.MISSING and not behind)
        known[one.post_id] = replace(one, state=State.GONE if twice else State.MISSING)
        if one.state is State.MISSING and twice:
            gone.append(one.post_id)
    return Findings(tuple(known.values()), (*kept, *more), tuple(moved), tuple(gone))


class _Search:
    """The folders as they show themselves, and which of their mails have been told already."""

    def __init__(self, scans: Mapping[str, Scan]) -> None:
        self._scans = scans
        self._claimed: set[tuple[str, int]] = set()

    def settle(self, one: Held) -> Held:
        """What became of a move of ours that was cut off: the source tells. And what was missing may be back."""
        if one.place.folder not in self._scans:
            return one
        if one.state is State.MISSING and one.place.uid is not None and self.holds(one.place):
            return replace(one, state=State.HERE)
        if one.state is not State.MOVING:
            return one
        if one.place.uid is not None and self.holds(one.place):
            return replace(one, state=State.HERE, to="")
        return replace(one, place=Place(one.to), state=State.HERE, to="")

    def holds(self, place: Place) -> bool:
        """Whether a place is as it was; a folder that nobody looked into is."""
        scan = self._scans.get(place.folder)
        return scan is None or (place.uidvalidity == scan.uidvalidity and place.uid in scan.uids)

    def claim(self, place: Place) -> None:
        if place.uid is not None:
            self._claimed.add((place.folder, place.uid))

    def found(self, one: Held) -> bool:
        """Whether a mail is where it is remembered to be, which is then no longer unknown."""
        if one.state is State.MOVING:
            return True
        if one.state is not State.HERE or (one.place.uid is None and one.place.folder in self._scans):
            return False
        if not self.holds(one.place):
            return False
        self.claim(one.place)
        return True

    def unclaimed(self) -> Iterable[tuple[Place, Sequence[int]]]:
        """The mails that nobody has accounted for, and whose they may be."""
        for folder, scan in self._scans.items():
            for uid, posts in dict(scan.posts).items():
                if uid in scan.uids and (folder, uid) not in self._claimed:
                    yield Place(folder, scan.uidvalidity, uid), posts


def _learn(search: _Search, lost: dict[int, Held], known: dict[int, Held]) -> None:
    """Mails whose folder is known, as after our own move or when a folder was renumbered, get their UID."""
    for place, posts in list(search.unclaimed()):
        one = _first(posts, lost, place)
        if one is not None:
            known[one.post_id] = replace(one, place=place, state=State.HERE)
            search.claim(place)
            del lost[one.post_id]


def _first(posts: Sequence[int], lost: Mapping[int, Held], place: Place) -> Held | None:
    here = (lost[post] for post in posts if post in lost and lost[post].place.folder == place.folder)
    return next((one for one in here if _only_its_number_is_new(one, place)), None)


def _only_its_number_is_new(one: Held, place: Place) -> bool:
    renumbered = one.place.uidvalidity != place.uidvalidity
    # Missing from the inbox is what has a new number there, until the poll has read it under that.
    return (one.state is State.HERE and (one.place.uid is None or renumbered)) or (
        one.state is State.MISSING and renumbered
    )


def _appeared(search: _Search, lost: dict[int, Held], known: dict[int, Held]) -> tuple[list[Moved], list[Copy]]:
    """What is left was put there by a person: moved, when it is gone from where it was, else copied."""
    moved, copies = [], []
    for place, posts in list(search.unclaimed()):
        post_id = next((post for post in posts if post in lost or post not in known), None)
        if post_id is None:
            copies.append(Copy(posts[0], place))
            continue
        before = lost.pop(post_id, None)
        known[post_id] = Held(post_id, place)
        moved.append(Moved(post_id, before.place.folder if before else "", place))
    return moved, copies


def _grown_from_copies(lost: dict[int, Held], known: dict[int, Held], kept: list[Copy]) -> list[Moved]:
    """A copy whose original is gone is the mail: some mail programs move by copying first and deleting later."""
    moved = []
    for post_id in _of_both(lost, kept):
        copy = next(copy for copy in reversed(kept) if copy.post_id == post_id)
        kept.remove(copy)
        moved.append(Moved(post_id, lost.pop(post_id).place.folder, copy.place))
        known[post_id] = Held(post_id, copy.place)
    return moved


def _of_both(lost: Mapping[int, Held], kept: Collection[Copy]) -> list[int]:
    copied = {copy.post_id for copy in kept}
    return [post_id for post_id in lost if post_id in copied]
