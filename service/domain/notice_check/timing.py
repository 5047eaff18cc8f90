"""R16 and R20: in time or sorry, and the dates, reference, request and name that a letter carries."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from service.domain.notice_check.facts import NoticeFacts
from service.domain.notice_check.notice import Finding, Notice
from service.domain.notice_check.verdict import Verdict
from service.domain.notice_check.wording import listed, said, squeezed, words
from service.domain.regime import Regime
from service.domain.written_date import days_in

_SORRY = words(r"\bapolog\w+|\bsorry\b|\bregret\w*")
_DELAY = words(
    r"\bdelay\w*|\blate\b|\blonger than\b|\boutside (?:of )?the (?:statutory|\w+) (?:time|limit|period|deadline)|\bafter the (?:statutory )?(?:deadline|time limit|limit)|\btime (?:it has )?taken\b"
)
_BREACH = words(
    r"\bbreach\w*|\bcontraven\w+|\b(?:did|do|have|has) not compl\w+|\bfail\w*(?: \w+){0,4} (?:comply|respond|answer|meet|reply)|\bnot complied\b|\bwithin the (?:time|statutory|20|twenty)\b[^.]{0,80}\b(?:not|failed)\b"
    r"|\b(?:not|failed)\b[^.]{0,80}\bwithin (?:the |20 |twenty )"
)
_RECEIVED = words(r"\breceiv\w+\b[^.\n]{0,60}|\bdate of (?:receipt|request)\b[^.\n]{0,40}|\bcame on\b[^.\n]{0,40}")
_REQUESTED = words(
    r"\b(?:request|email|letter|enquiry|message)(?: \w+){0,3} (?:of|dated|on|from)\b[^.\n]{0,40}|\byou (?:asked|wrote|contacted|requested)\b[^.\n]{0,40}"
)
_OWN_DATE = re.compile(r"(?im)^[ \t]*date(?: of (?:this |our )?(?:letter|reply|response))?[ \t]*:[^\n]{4,40}")
_DATE_ALONE = re.compile(
    r"(?m)^[ \t]*(?:[A-Z]\w{2,20},?[ \t]+)?(?:\d[\w/.-]{0,9})(?:[ \t]+(?:of[ \t]+)?[A-Z][a-z]{2,8},?[ \t]+\d{4})?[ \t]*$"
)
_SURELY_LATE = timedelta(days=45)  # twenty working days with all the bank holidays that can fall among them
_SURELY_IN_TIME = timedelta(days=28)
_REFERENCE = words(r"\b(?:ref(?:erence)?|case (?:no|number)|FOI|EIR|IR)\b[^\n\d]{0,40}[\w./-]{0,30}\d")
_SIGNED = re.compile(
    r"(?im)^[ \t]*(?:yours (?:sincerely|faithfully|truly|aye)|(?:with )?(?:kind(?:est)?|best|warm) (?:regards|wishes)|regards|sincerely|signed)[ \t]*[,.]?[ \t]*\n(?:[ \t]*\n){0,6}[ \t]*\S"
)
_DEAR = re.compile(r"(?m)^[ \t]*Dear[ \t]+([^\n,:]{2,60})")
_ANYBODY = frozenset(
    (
        "requester",
        "requestor",
        "applicant",
        "sir",
        "madam",
        "colleague",
        "customer",
        "all",
        "enquirer",
        "or",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "professor",
        "prof",
        "the",
    )
)
_QUOTES = words(
    r"\byou (?:have )?(?:asked|requested|wrote|sought|seek|wished|wanted)\b|\byour (?:request|question)s?\b[^.\n]{0,80}(?::|was for|for (?:information|details|a copy|the))|\byour request\b|\brequest(?:ed|ing)? (?:the following|information)"
)


def is_in_time(notice: Notice) -> Iterator[Finding]:
    """R16: s.10(1), s.17(1)."""
    facts = notice.facts
    if facts is None:
        yield from _by_its_own_dates(notice)
    elif facts.due_on is None:
        yield Finding(Verdict.UNJUDGED, "The clock stands still, so there is no day to be late for.")
    elif facts.sent_on > facts.due_on:
        yield from _admits(
            notice, Verdict.BLOCK, f"The letter was due by {said(facts.due_on)} and goes out on {said(facts.sent_on)}"
        )


def _by_its_own_dates(notice: Notice) -> Iterator[Finding]:
    if _SORRY.search(notice.letter.own) and _DELAY.search(notice.letter.own):
        yield from _admits(notice, Verdict.WARN, "The letter says that it is late")
        return
    received, written = _received_on(notice), _written_on(notice)
    if received is None or written is None:
        yield Finding(
            Verdict.UNJUDGED,
            "The letter does not give the days of receipt and reply, so its words do not tell whether it is in time.",
        )
        return
    taken = written - received
    if taken > _SURELY_LATE:
        yield from _admits(
            notice, Verdict.WARN, f"By its own dates the answer took {taken.days} days, more than twenty working days"
        )
    elif taken > _SURELY_IN_TIME:
        yield Finding(
            Verdict.UNJUDGED,
            f"By its own dates the answer took {taken.days} days: `foidesk deadline` counts the working days.",
        )


def _received_on(notice: Notice) -> date | None:
    """The day on which the letter says that the request came, else that which it gives for the request."""
    for pattern in (_RECEIVED, _REQUESTED):
        named = [day for match in pattern.finditer(notice.letter.own) for day in days_in(match[0])]
        if named:
            return named[0]
    return None


def _written_on(notice: Notice) -> date | None:
    """The letter's own date: it says so, or it stands on a line of its own."""
    labelled = _OWN_DATE.search(notice.letter.own)
    lines = [labelled[0]] if labelled else [match[0] for match in _DATE_ALONE.finditer(notice.letter.own)]
    return next((day for line in lines for day in days_in(line)), None)


def _admits(notice: Notice, verdict: Verdict, late: str) -> Iterator[Finding]:
    lacking = []
    if not _SORRY.search(notice.letter.own):
        lacking.append("apologise")
    if not _BREACH.search(notice.letter.own) and not _review_without_section(notice):
        lacking.append(f"say that {notice.words_of_law.answer_in_time} was not complied with")
    if lacking:
        yield Finding(verdict, f"{late}: {listed(lacking)}.", notice.letter.find(_SORRY))


def _review_without_section(notice: Notice) -> bool:
    """Only the Code gives an internal review under the Act of 2000 its time."""
    return notice.facts is not None and notice.facts.review and notice.regime is Regime.FOIA


def carries_its_particulars(notice: Notice) -> Iterator[Finding]:
    """R20: the Code."""
    facts = notice.facts
    if facts is None:
        yield from _lacks(_lacking_in_words(notice))
        return
    yield from _another_reference(notice, facts)
    yield from _another_day(notice, facts)
    yield from _another_name(notice, facts)
    yield from _lacks(_lacking(notice, facts))


def _lacks(lacking: list[str]) -> Iterator[Finding]:
    if lacking:
        yield Finding(Verdict.WARN, f"The letter does not give {listed(lacking)}: add what is missing.")


def _lacking_in_words(notice: Notice) -> list[str]:
    own = notice.letter.own
    named = set(days_in(own))
    checks = (
        ("a reference", _REFERENCE.search(own)),
        ("the day the request was received", len(named) > 1 or (named and _RECEIVED.search(own))),
        ("its own date", named),
        ("what was asked", _QUOTES.search(own)),
        ("who signs it", _SIGNED.search(own)),
    )
    return [name for name, found in checks if not found]


def _lacking(notice: Notice, facts: NoticeFacts) -> list[str]:
    own, named = notice.letter.own, set(days_in(notice.letter.own))
    signed = _SIGNED.search(own) or (facts.signatory and facts.signatory.lower() in own.lower())
    checks = (
        ("the reference", _plain(facts.reference) in _plain(notice.letter.text)),
        ("the day the request was received", facts.received_on in named or facts.review),
        ("its own date", named - {facts.received_on, facts.due_on} or facts.sent_on in named),
        ("what was asked", facts.review or _repeats_the_request(notice, facts)),
        ("who signs it", signed),
    )
    return [name for name, found in checks if not found]


def _repeats_the_request(notice: Notice, facts: NoticeFacts) -> bool:
    whole = squeezed(notice.letter.text)
    asked = [question.text for question in facts.questions if question.text.strip()]
    quoted = notice.letter.own != notice.letter.text
    return (
        quoted
        or not asked
        or any(squeezed(text)[:60] in whole for text in asked)
        or bool(_QUOTES.search(notice.letter.own))
    )


def _plain(reference: str) -> str:
    return re.sub(r"[^0-9a-z]", "", reference.lower())


def _another_reference(notice: Notice, facts: NoticeFacts) -> Iterator[Finding]:
    """One of the same shape that is not this case's: the letter was made from another."""
    if not facts.reference or _plain(facts.reference) in _plain(notice.letter.text):
        return
    shape = re.sub(r"\d+", r"\\d+", re.escape(facts.reference))
    other = notice.letter.find(re.compile(rf"(?<![\w.]){shape}(?![\w])"))
    if other:
        yield Finding(
            Verdict.BLOCK, f"The letter carries another case's reference and not {facts.reference}: correct it.", other
        )


def _another_day(notice: Notice, facts: NoticeFacts) -> Iterator[Finding]:
    match = _OWN_DATE.search(notice.letter.own)
    named = days_in(match[0]) if match else []
    if match and named and named[0] != facts.sent_on:
        yield Finding(
            Verdict.WARN,
            f"The letter is dated {said(named[0])} and would go out on {said(facts.sent_on)}: change its date.",
            notice.letter.place(match.start(), match.end()),
        )


def _another_name(notice: Notice, facts: NoticeFacts) -> Iterator[Finding]:
    match = _DEAR.search(notice.letter.own)
    if not match or not facts.requester_name.strip():
        return
    called = {word for word in squeezed(match[1]).split() if word not in _ANYBODY}
    known = set(squeezed(facts.requester_name).split())
    if called and not any(
        word in known or any(one.startswith(word) or word.startswith(one) for one in known) for word in called
    ):
        yield Finding(
            Verdict.WARN,
            "The letter greets somebody else than the requester: correct the name.",
            notice.letter.place(match.start(), match.end()),
        )
