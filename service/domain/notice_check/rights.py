"""R8 and R9: how to complain to us, and the right to go to the regulator."""

from collections.abc import Iterator

from service.domain.notice_check.letter import Span
from service.domain.notice_check.notice import Finding, Notice
from service.domain.notice_check.verdict import Place, Verdict
from service.domain.notice_check.wording import words
from service.domain.regime import SCOTTISH, Regime

_REVIEW = words(
    r"\binternal review\b|\bcomplain\w*(?: \w+){0,6} (?:procedures?|process|about|to us|in writing|officer|team)\b|\bcomplaints? (?:procedure|process|scheme|policy)"
    r"|\b(?:ask|request|seek|require|apply)\w*(?: \w+){0,5} (?:a |the |for )?review\b|\breview (?:of )?(?:this|our|the|its|my) (?:\w+ )?(?:decision|response|handling|actions)|\bmake (?:a )?representations\b"
    r"|\breconsider\w*|\brequirement for review\b|\b(?:no|not have an?) (?:\w+ )?complaints? procedure\b"
)
_COMMISSIONER = words(r"\bInformation Commission(?:er)?\b|\bICO\b|\bthe Commissioner\b|\bOSIC\b")
_SCOTTISH = words(r"\bScottish Information Commissioner\b|\bOSIC\b|\bfoi\.scot\b|\bitspublicknowledge\b")
_UNITED_KINGDOM = words(r"(?<!Scottish\s)\bInformation Commission(?:er)?(?:'s Office)?\b|\bICO\b|\bico\.org\.uk\b")
_RIGHT = words(
    r"\bappl(?:y|ication|ying)\b|\bcomplain\w*|\bappeal\w*|\brefer\b|\bsection (?:50|47)\b|\bs\.? ?(?:50|47)\b|\bdecision\b|\bcontact\b"
)
_REACHED = words(
    r"\bico\.org\.uk\b|\bfoi\.scot\b|\bitspublicknowledge\.info\b|\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b|\b0\d{3} ?\d{3} ?\d{3,4}\b"
    r"|\bWilmslow\b|\bSt Andrews\b"
)
_AT_HOME = {
    False: words(r"\bico\.org\.uk\b|\bWycliffe House\b|\bWilmslow\b"),
    True: words(r"\bfoi\.scot\b|\bitspublicknowledge\b|\bKinburn Castle\b|\bSt Andrews\b"),
}  # whether in Scotland
_FORTY = words(r"\b(?:40|forty) working days\b")
_SIX_MONTHS = words(r"\b(?:6|six) months\b")
_NEAR = 6  # sentences and lines after the regulator's name
_OLD_NAME = words(r"\bInformation Commissioner\b")


def tells_of_review(notice: Notice) -> Iterator[Finding]:
    """R8: s.17(7)(a)."""
    if notice.facts and notice.facts.review:
        return
    if not _REVIEW.search(notice.letter.own):
        yield Finding(
            Verdict.BLOCK,
            "The letter does not say how to complain: give the review procedure, or say that there is none.",
        )
    elif notice.regime in SCOTTISH and not _FORTY.search(notice.letter.own):
        said = "The letter does not say by when to ask for a review: within 40 working days."
        law = notice.regime.rules.ask_for_review_within.section
        yield Finding(Verdict.WARN, said, notice.letter.find(_REVIEW), law)


def tells_of_the_regulator(notice: Notice) -> Iterator[Finding]:
    """R9: s.17(7)(b), s.50."""
    scottish = notice.regime in SCOTTISH
    right, wrong = (_SCOTTISH, _UNITED_KINGDOM) if scottish else (_UNITED_KINGDOM, _SCOTTISH)
    name = "Scottish Information Commissioner" if scottish else "Information Commissioner"
    own = notice.letter.own
    if not right.search(own) and wrong.search(own):
        said = f"The letter names the wrong regulator: under this law complaints go to the {name}."
        yield Finding(Verdict.BLOCK, said, notice.letter.find(wrong))
    elif not any(
        _COMMISSIONER.search(span.text) and _RIGHT.search(_around(notice, number))
        for number, span in enumerate(notice.letter.sentences)
    ):
        yield Finding(
            Verdict.BLOCK, f"The letter does not tell of the right to go to the {name}: add it with the address."
        )
    elif wrong_place := _elsewhere(notice, scottish):
        yield Finding(
            Verdict.BLOCK, f"This is not where the {name} is: give the address of the right regulator.", wrong_place
        )
    elif not _is_reached(notice):
        yield Finding(
            Verdict.WARN, f"The letter names the {name} without an address: add one.", notice.letter.find(right)
        )
    if notice.regime in SCOTTISH and right.search(own) and not _SIX_MONTHS.search(own):
        said = f"The letter does not say by when to apply to the {name}: within six months."
        law = "s.47(4)" if notice.regime is Regime.FOISA else "reg 17"
        yield Finding(Verdict.WARN, said, notice.letter.find(right), law)
    yield from _renamed(notice)


def _is_reached(notice: Notice) -> bool:
    """Whether an address follows the regulator's name: that of the authority stands elsewhere."""
    return any(_REACHED.search(span.text) for span in _after_the_name(notice))


def _elsewhere(notice: Notice, scottish: bool) -> Place | None:
    """Where the address of the other regulator stands in place of the right one's."""
    near = _after_the_name(notice)
    if any(_AT_HOME[scottish].search(span.text) for span in near):
        return None
    return next((notice.place_of(span) for span in near if _AT_HOME[not scottish].search(span.text)), None)


def _after_the_name(notice: Notice) -> list[Span]:
    told = notice.letter.sentences
    named = [number for number, span in enumerate(told) if _COMMISSIONER.search(span.text)]
    return [span for number in named for span in told[max(number - 1, 0) : number + _NEAR]]


def _around(notice: Notice, number: int) -> str:
    """A sentence with the two before and the one after, headings among them."""
    return " ".join(span.text for span in notice.letter.sentences[max(number - 2, 0) : number + 2])


def _renamed(notice: Notice) -> Iterator[Finding]:
    now = notice.facts.regulator if notice.facts else ""
    if now == "Information Commission" and _OLD_NAME.search(notice.letter.own):
        yield Finding(
            Verdict.WARN,
            "The regulator is called the Information Commission now: correct its name.",
            notice.letter.find(_OLD_NAME),
        )
