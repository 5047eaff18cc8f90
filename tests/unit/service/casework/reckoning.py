"""A second, plain reckoning of the statistics: from the story of each case, by counting days on a wall calendar."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

# Bank holidays of 2024 anywhere in the United Kingdom, on weekdays.
HOLIDAYS = {
    date(2024, month, day)
    for month, day in (
        *((1, 1), (1, 2), (3, 18), (3, 29), (4, 1), (5, 6), (5, 27)),
        *((7, 12), (8, 5), (8, 26), (12, 2), (12, 25), (12, 26)),
    )
}
ENDINGS = (
    ("granted in full", ("disclose",), ()),
    ("granted in full", ("disclose", "not held"), ()),
    ("part disclosed, part refused", ("disclose", "withhold"), ("31(1)(a)", "31(1)(b)", "43(2)")),
    ("part disclosed, part refused", ("disclose in part",), ("21(1)",)),
    ("refused in full", ("withhold",), ("40(2) and (3A)(a)", "36(2)(b)(i)")),
    ("refused in full", (), ()),
    ("neither confirmed nor denied", ("neither confirm nor deny",), ("31(3)",)),
    ("information not held", ("not held",), ()),
    ("already accessible (s.21)", ("already accessible",), ("21(1)",)),
    ("refused: cost limit (s.12)", ("cost limit",), ("12(1)",)),
    ("refused: vexatious or repeated (s.14)", ("vexatious",), ("14(1)",)),
    ("refused: vexatious or repeated (s.14)", ("repeated",), ("14(2)",)),
    ("refused: vexatious or repeated (s.14)", (), ()),
    ("withdrawn by the requester", (), ()),
    ("not a request under the Act", (), ()),
)
SECTIONS = {
    "31(1)(a)": "31",
    "31(1)(b)": "31",
    "31(3)": "31",
    "36(2)(b)(i)": "36",
    "40(2) and (3A)(a)": "40",
    "43(2)": "43",
}
REVIEWED = ("first decision upheld", "first decision upheld in part", "first decision overturned")


@dataclass(frozen=True)
class Story:
    """What happens to a case, and on which days; `told_on` is the day when its ending was written down."""

    received: date
    review: bool = False
    asked: date | None = None
    clarified: date | None = None
    extended: date | None = None
    until: date | None = None
    ended: date | None = None
    told_on: date | None = None
    ending: tuple[str, tuple[str, ...], tuple[str, ...]] = ("", (), ())

    def as_at(self, day: date) -> "Story | None":
        """What had been written down by the end of a day."""
        if self.received > day:
            return None
        asked, clarified, extended = (
            happened if happened is not None and happened <= day else None
            for happened in (self.asked, self.clarified, self.extended)
        )
        known = replace(self, asked=asked, clarified=clarified, extended=extended)
        if self.told_on is not None and self.told_on > day:
            known = replace(known, ended=None, told_on=None, ending=("", (), ()))
        return known


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def later(day: date, number: int) -> date:
    """The day so many working days on, one step at a time."""
    while number:
        day += timedelta(days=1)
        number -= working(day)
    return day


def between(first: date, last: date) -> int:
    """How many working days come after the first day, up to the last."""
    return sum(working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def a_story(random: Random) -> Story:
    """Something that can happen, received in the first nine months of 2024."""
    received = date(2024, 1, 3) + timedelta(days=random.randrange(270))
    story = Story(received, review=random.random() < 0.1)
    begun = received
    if not story.review and random.random() < 0.25:
        story = replace(story, asked=later(received, random.randint(1, 8)))
        if random.random() < 0.6:
            begun = later(story.asked or received, random.randint(1, 15))
            story = replace(story, clarified=begun)
    waits = story.asked is not None and story.clarified is None
    if not story.review and not waits and random.random() < 0.25:
        given = later(begun, random.randint(1, 15))
        story = replace(story, extended=given, until=later(begun, 20 + random.choice((1, 5, 20, 21, 45))))
    return _ended(story, random, begun, waits) if random.random() < 0.8 else story


def _ended(story: Story, random: Random, begun: date, waits: bool) -> Story:
    ended = later(max(filter(None, (begun, story.asked, story.extended))), random.randint(0, 45))
    ending = (random.choice(REVIEWED), (), ()) if story.review else random.choice(ENDINGS)
    if waits:
        ending = random.choice((("lapsed: what we had asked for never came", (), ()), ENDINGS[0]))
    told_on = ended + timedelta(days=random.choice((0, 0, 0, 3, 12)))
    return replace(story, ended=ended, told_on=told_on, ending=ending)


def reckon(stories: list[Story], first: date, last: date, as_at: date) -> Counter[str]:
    """Every figure of the statistics that is not nought, by its key."""
    found: Counter[str] = Counter()
    for told in stories:
        story = told.as_at(as_at)
        if story is not None and first <= story.received <= last:
            found.update(_review(story) if story.review else _request(story, as_at))
    return found


def _review(story: Story) -> list[str]:
    keys = ["5.A", "code.7"]
    if story.ended is None:
        return [*keys, "5.B"]
    taken = between(story.received, story.ended)
    band = 0 if taken <= 20 else 21 if taken <= 40 else 41 if taken <= 60 else 61
    return [*keys, f"5.{'CDE'[REVIEWED.index(story.ending[0])]}", "5.T", f"5.T.{band}"]


def _request(story: Story, as_at: date) -> list[str]:
    outcome, _, limbs = story.ending
    keys = ["0.not-foi"] if outcome == "not a request under the Act" else []
    refused = outcome in ("refused in full", "neither confirmed nor denied", "part disclosed, part refused")
    if refused and not limbs:
        keys.append("0.no-exemption")
    if keys == ["0.not-foi"]:
        return keys
    elsewhere = outcome.startswith("already accessible") or limbs == ("21(1)",)
    how = _how(story, as_at)
    keys += ["code.1", *_code(how), *_code_outcome(outcome)]
    if elsewhere:
        return [*keys, "4.A", "4.C" if how == "late" else "4.B"]
    return [*keys, "1.A", *_volume(how), *_outcome(story), *_resolvable(how, outcome), *_extension(story)]


def _how(story: Story, as_at: date) -> str:
    """In one word how a request stands."""
    due = later(story.clarified or story.received, 20)
    most = max(due, story.until) if story.extended and story.until else due
    if story.ended is not None:
        if story.ending[0].startswith(("withdrawn", "lapsed")):
            return "gone"
        if story.asked is not None and story.clarified is None:
            return "in-time"  # there was no duty to answer yet
        return "in-time" if story.ended <= due else "extended" if story.ended <= most else "late"
    if story.asked is not None and story.clarified is None:
        return "stopped"
    if most < as_at:
        return "overdue"
    return "longer" if most > due else "open"


def _code(how: str) -> list[str]:
    return {
        "gone": ["code.ended"],
        "in-time": ["code.3", "code.3.in-time"],
        "extended": ["code.3", "code.3.extended"],
        "late": ["code.3", "code.3.late"],
        "stopped": ["code.2", "code.2.stopped"],
        "overdue": ["code.2", "code.2.late"],
        "longer": ["code.2", "code.2.extended"],
        "open": ["code.2"],
    }[how]


def _code_outcome(outcome: str) -> list[str]:
    if outcome.startswith("granted"):
        return ["code.4"]
    if outcome.startswith("part"):
        return ["code.6"]
    if outcome == "information not held":
        return ["code.5", "code.5.not-held"]
    if outcome.startswith("already"):
        return ["code.5", "code.5.accessible"]
    return ["code.5"] if outcome.startswith(("refused", "neither")) else []


def _volume(how: str) -> list[str]:
    return {
        "gone": ["1.C", "1.C.ended"],
        "in-time": ["1.C", "1.Ci"],
        "extended": ["1.C", "1.Cii"],
        "late": ["1.C", "1.Ciii"],
        "stopped": ["1.B", "1.B.clarification"],
        "overdue": ["1.B", "1.Biii"],
        "longer": ["1.B", "1.Bi"],
        "open": ["1.B"],
    }[how]


def _outcome(story: Story) -> list[str]:
    outcome, decisions, limbs = story.ending
    if outcome.startswith("refused: vexatious"):
        return ["2.F" if decisions == ("repeated",) else "2.E"]
    keys = {
        "granted in full": ["2.B"],
        "lapsed: what we had asked for never came": ["2.C"],
        "information not held": ["2.D"],
        "refused: cost limit (s.12)": ["2.G"],
        "part disclosed, part refused": ["2.H", "3.A"],
        "refused in full": ["2.I", "3.A"],
        "neither confirmed nor denied": ["2.I", "3.A"],
    }.get(outcome, [])
    return keys + [f"3.FOIA.{section}" for section in {SECTIONS[limb] for limb in limbs if limb in SECTIONS}]


def _resolvable(how: str, outcome: str) -> list[str]:
    if how in ("gone", "stopped") or outcome == "information not held":
        return []
    return ["2.of.resolvable", *(["2.of.pending"] if how in ("overdue", "longer", "open") else [])]


def _extension(story: Story) -> list[str]:
    if story.extended is None or story.until is None:
        return []
    days = between(later(story.clarified or story.received, 20), story.until)
    band = 1 if days <= 20 else 21 if days <= 40 else 41
    return ["7.A", f"7.A.{band}"]
