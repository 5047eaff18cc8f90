"""A specimen of each email, so that a fault of its template is found before a requester waits for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from service.casework.compose_letter import RESPONSES
from service.casework.digest_sections import Line, Section
from service.casework.invite import Answers
from service.casework.notice_kinds import NOTICES
from service.casework.sent_answers import AgainstLetter
from service.casework.specimen_answer import specimen_answer
from service.casework.supervisors_digest import Share
from service.casework.tell_moves import Moved
from service.casework.weekly_digest import Done
from service.casework.write_letter import case_words
from service.desk import Desk
from service.domain.clock import Matter, Received, State, read_clock
from service.domain.explanation import explain
from service.domain.forecast import THRESHOLD, Forecast
from service.domain.quarter import Quarter
from service.domain.regime import Regime
from service.domain.topic import ANSWERS, HOW, Topic
from service.letters import Words
from service.store.dashboard import Decided, OpenCounts
from service.store.page_counts import LetterTrouble
from service.store.tables import Case, Draft, OneTimeAddress

_OF_A_NOTICE = frozenset((*RESPONSES, *NOTICES))  # these are given the sections of their law, the others its name


def specimen(desk: Desk, name: str, today: date, regime: str = "") -> Words:
    """One of our emails about a case that never was, under the desk's own law unless another is named; raises
    LetterFault when its template cannot be used."""
    case = Case(
        reference=desk.references.write(body=desk.settings.authority.body, kind="FOI", year=today.year, number=1),
        kind="FOI",
        year=today.year,
        number=1,
        account=desk.settings.mailbox.account,
        subject="An example",
        requester_name="A. Requester",
        requester_address="requester@example.net",
        requester_key="requester@example.net",
        received_at=datetime.combine(today, time(12), UTC),
        received_on=today,
        due_on=today,
        regime=regime or desk.settings.regime,
        provisional=True,
        stage="new",
        matter=Matter.REQUEST,
        clock_state=State.RUNNING,
        stopped_on=today,
    )
    clock = read_clock([Received(today)], case.regime, desk.calendars)
    particulars = {
        "explanation": explain(clock, desk.calendars),
        "files": [],
        "link": desk.settings.web.url,
    }
    words = case_words(desk, case, today) | specimen_answer(case, today) | particulars
    words |= {"name": "A. Colleague", "reference": case.reference, "due_on": today}
    words |= _answered(case, today)
    words |= _chaser() | _digests(case, today) | _moved(case, today)
    words |= {"lines": [{"subject": case.subject, "folder": "FOI/Closed", "why": "An example."}]}
    words["cases"] = [case]
    if name not in _OF_A_NOTICE:
        words["law"] = Regime(case.regime).rules.title
    return desk.stationery.write(name, _told(today) | words)


def _answered(case: Case, today: date) -> dict[str, object]:
    found = AgainstLetter("R8", True, "An example.", "s.17(7)(a)")
    told = {
        "subject": case.subject,
        "sender": "A. Colleague",
        "sent_at": "14:03",
        "sent_on": today,
        "seems": "an answer",
    }
    return told | {"doubts": ["an example"], "blocking": [found], "silence": 2, "outcome": ""}


def _chaser() -> dict[str, object]:
    return {"standing": "Overdue", "late": True, "owner": ""}


def _digests(case: Case, today: date) -> dict[str, object]:
    """What the three digests say between them."""
    line = Line(case.reference, case.subject, "Due today", "https://desk.example/cases", "A. Colleague", "An example.")
    sections = [Section(name, "Overdue", [line], 2, "https://desk.example/list") for name in ("overdue", "stopped")]
    names = ("overdue", "today", "soon", "stopped", "unassigned", "asked", "to-clear")
    share = Share("A. Colleague", 20, 1, 1, "An example.", "https://desk.example/list")
    return {
        "today": today,
        "first": today,
        "last": today,
        "due_soon": 5,
        "sections": sections,
        "counts": dict.fromkeys(names, 1),
        "opened": OpenCounts(1, 1, 1, 1, 1, 1, 1, 1),
        "to_sort": 1,
        "forwards": 1,
        "by_hand": 1,
        "unsure": 1,
        "letters": LetterTrouble(1, 1, 1),
        "troubles": ["An example."],
        "last_reads": ["foi: mail was last read"],
        "quarter": Quarter.of(today),
        "decided": Decided(4, 2, 1, 0, 1),
        "forecast": Forecast(2, 1, 1, 1, 0.9),
        "threshold": THRESHOLD,
        "loads": [share],
        "received": 1,
        "in_time": 1,
        "late": 1,
        "links": dict.fromkeys(("received", "answered", "late"), "https://desk.example/list"),
        "officers": [Done("A. Colleague", 1, 1, 1, 1, "https://desk.example/list")],
        "more_officers": 1,
    }


def _told(today: date) -> dict[str, object]:
    """What mails to officers say of answers, and what the answers to those say."""
    officer_id, at = 1, datetime.combine(today, time(12), UTC)
    row = OneTimeAddress(officer_id=officer_id, topic=Topic.DONE, made_at=at, expires_at=at)
    draft = Draft(case_id=1, version=1, kind="response", subject="An example", written_at=at, written_by="desk")
    return {
        "answers": Answers(row, "", tuple(HOW[verb] for verb in ANSWERS[Topic.DONE]), False, today),
        "approver": "A. Colleague",
        "restarted": True,
        "giver": "A. Colleague",
        "taker": "A. Colleague",
        "loser": "B. Colleague",
        "number": 2,
        "draft": draft,
        "asked": {"name": "A. Colleague", "suggestion": "nil return"},
        "said": "nil return",
        "letter": Words("An example", "An example."),
        "what": "The case is yours.",
        "undo": True,
        "advice": "An example.",
        "reason": "An example.",
        "stage": "drafting",
        "received_on": today,
        "standing": "Due today",
        "outcome": "",
        "verb": "take",
        "page": "An example",
    }


def _moved(case: Case, today: date) -> dict[str, object]:
    stayed = Moved(case.reference, case.subject, today, today, "An example.")
    return {"moves": [stayed, replace(stayed, from_on=None)], "others": 1, "because": ["An example."]}
