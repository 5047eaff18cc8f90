"""A specimen of each email, so that a fault of its template is found before a requester waits for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from service.casework.specimen_answer import specimen_answer
from service.casework.tell_moves import Moved
from service.casework.write_letter import case_words
from service.desk import Desk
from service.domain.clock import Matter, Received, State, read_clock
from service.domain.explanation import explain
from service.letters import Words
from service.store.tables import Case, Consultation


def specimen(desk: Desk, name: str, today: date) -> Words:
    """One of our emails about a case that never was; raises LetterFault when its template cannot be used."""
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
        regime=desk.settings.regime,
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
    words |= _chaser() | _digest(case, today) | _moved(case, today)
    words |= {"lines": [{"subject": case.subject, "folder": "FOI/Closed", "why": "An example."}]}
    return desk.stationery.write(name, words)


def _chaser() -> dict[str, object]:
    return {"standing": "Overdue", "late": True, "owner": ""}


def _digest(case: Case, today: date) -> dict[str, object]:
    lists = {name: [case] for name in ("overdue", "today_due", "soon", "stopped", "unassigned")}
    asked = Consultation(
        case_id=case.id or 0,
        name="A. Colleague",
        address="colleague@example.net",
        address_key="colleague@example.net",
        asked_at=case.received_at,
        asked_by="desk",
        due_on=today,
    )
    counts = {"quarantined": 0, "troubled": 0, "troubles": ["an example"], "owners": {}, "due_soon": 5, "lapses": {}}
    return {"today": today, "consultations": [(asked, case)], **lists, **counts, **_moved_mail(case)}


def _moved_mail(case: Case) -> dict[str, object]:
    move = {"subject": "An example", "reference": case.reference, "came_from": "INBOX", "folder": "FOI/Closed"}
    return {"mailbox_moves": [move | {"done": False, "words": "An example."}], "more_moves": 1}


def _moved(case: Case, today: date) -> dict[str, object]:
    stayed = Moved(case.reference, case.subject, today, today, "An example.")
    return {"moves": [stayed, replace(stayed, from_on=None)], "others": 1, "because": ["An example."]}
