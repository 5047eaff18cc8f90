"""Whether a text asks a public authority for something: broad on purpose, for a request taken for a mailing is lost."""

import re

from service.domain.message import IncomingMessage

_LAW = re.compile(
    r"""(?ix) \b (?:
      freedom \s+ of \s+ information | f\.?o\.?i\.? (?:a|s|sa)? | e\.?i\.?r\.?s? | eisr
      | environmental \s+ information | information \s+ (?:act|rights?|request) | subject \s+ access
      | data \s+ protection | (?:public|open) \s+ records? | rhyddid \s+ gwybodaeth
      | informationsfreiheit\w* | ifg | uig | section \s+ [18] \s+ of
    ) \b"""
)
_GIVE = "send|provide|supply|disclose|tell|let|confirm|state|list|release|share|forward|give|advise|explain|treat"
_ASKING = re.compile(
    rf"""(?ix) \b (?:
      (?:please|kindly) \s+ (?:\w+ \s+){{0,3}}? (?:{_GIVE})
      | (?:can|could|will|would) \s+ you \s+ (?:\w+ \s+){{0,3}}? (?:{_GIVE})
      | i \s+ (?:\w+ \s+){{0,3}}? (?:request|ask|seek|require|am \s+ (?:requesting|asking|seeking))
      | i (?:\s+ would|'d|’d) \s+ (?:like|be \s+ grateful|appreciate)
      | (?:request|asking|ask) \s+ (?:\w+ \s+){{0,2}}? (?:for|under)
      | how \s+ (?:many|much|often) \b [^.!\n]{{0,200}} \?
      | cop(?:y|ies) \s+ of \s+ (?:all|any|the|every)
      | under \s+ the \s+ [\w\s]{{3,60}} \s+ act
      | access \s+ to \s+ (?:\w+ \s+){{0,3}}? (?:information|documents?|records?)
      | ich \s+ (?:bitte|beantrage|möchte) | bitte \s+ (?:senden|übersenden|teilen) | antrag \s+ (?:auf|nach)
    )"""
)
_QUOTED_FROM = re.compile(
    r"""(?mx) ^ (?: -{2,}[ ]?Original[ ]Message[ ]?-{2,} | _{10,}\s*$ | On[ ].{5,200}[ ]wrote:
      | From:[ ].+\n(?:Sent|Date):[ ] )"""
)


def new_words(text: str) -> str:
    """What the sender wrote above the quotation: for judging only, the record keeps all."""
    match = _QUOTED_FROM.search(text)
    above = text[: match.start()] if match and text[: match.start()].strip() else text
    return "\n".join(line for line in above.split("\n") if not line.lstrip().startswith(">"))


def asks_for_information(subject: str, text: str) -> bool:
    """Whether subject or text names an information law or asks for something in the words people ask with."""
    words = f"{subject}\n{text[:20000]}"
    return bool(_LAW.search(words) or _ASKING.search(words))


def looks_like_a_request(message: IncomingMessage) -> bool:
    """Whether anything in it may be a request (s.8): its words, or papers that nobody has read yet."""
    papers = any(not file.content_type.startswith(("image/", "text/calendar")) for file in message.attachments)
    return papers or asks_for_information(message.subject, message.text)
