"""The running words of a request: what is greeting, formality and signature in them, and which sentences ask."""

import re

from service.domain.request_words import new_words

_GREETING = re.compile(
    r"""(?ix) (?: dear | hi | hello | hullo | hey | good \s (?:morning|afternoon|evening|day)
      | to \s whom \s it \s may \s concern | fao | attn) \b [^,:.!?\n]* (?:[,:.!]+|$) \s*"""
)
_BARE_GREETING = re.compile(
    r"(?i)(?:dear|hi|hello|hullo|hey)(?: (?:sirs?|madam|sir/madam|or|all|team|there|council|foi|officer)\b)*\W*"
)
LONGEST_SENTENCE = 1000  # characters that are looked at
LONGEST_GREETING = 8  # words; more of them before a stop are a sentence
_SIGN_OFF = re.compile(
    r"(?i)^(?:-- ?|(?:(?:yours|kind(?:est)?|warm(?:est)?|best|with|many|most|in|and)\s+)*"
    r"(?:sincerely|faithfully|truly|regards|wishes|thanks|thank you|anticipation|cheers|yours|best)\b"
    r"(?:\s+(?:so much|very much|in advance|in anticipation|again|and regards|for (?:your|all your) \w+))*)[\s,.!]*$"
)
_SENTENCE = re.compile(r"(?<=[.?!])[)\"'’”]?\s+(?=[\"'‘“(]?[A-Z0-9])")
_ABBREVIATED = re.compile(r"(?i)\b(?:e\.g|i\.e|mr|mrs|ms|dr|no|nos|st|vs|cf|inc|approx|etc|art|s|ss|reg)\.$")
LONGEST_ABBREVIATION = 8  # characters, with what stands before it and its full stop
_QUOTE = re.compile(r"^(?:> ?)+")
_HEAD_LINE = re.compile(
    r"""(?ix) \s* (?: \*? (?:from|to|cc|sent|date|subject|reply-to|importance) \*? : | [-_]{5,}
      | on \s .{5,200} \s wrote: \s* $ | begin \s forwarded )"""
)
_ALSO = r"(?:(?:and|also|so|but|then|if so|finally|additionally|secondly|lastly|in addition|furthermore|further),? )*"
_INTERROGATIVE = re.compile(
    rf"""(?ix) ^ {_ALSO.replace(" ", "[ ]")} (?:
      (?:for|in|at|on|of|by|to|from|under|with|during|since) [ ] (?:how|what|which|whom) \b
      | how | what | whats | when | where | who | whom | whose | which | why | is | are | was | were | do | does | did
      | has | have | had
    ) \b"""
)
_REQUEST = re.compile(
    rf"""(?ix) ^ {_ALSO.replace(" ", "[ ]")} (?:
      (?: (?:if|where|for) \b [^,]* , \s*)? (?:please|kindly|pls) \b
      | (?:can|could|would|will|may|might) \s+ (?:you|i|we) \b
      | (?:i|we) (?:['’]d|\s+would) \s+ (?:\w+ \s+)? (?:like|be \s+ grateful|appreciate)
      | (?:i|we) (?:['’]m|['’]re|\s+am|\s+are)? \s+ (?:\w+ \s+){{0,4}}?
        (?:request|ask|seek|want|need|wish|require|requesting|asking|seeking|wondering) \b
      | (?:under|pursuant \s to|in \s accordance \s with|further \s to|as \s part \s of) \s .*
        \b (?:please|request|ask|like|provide) \b
    )"""
)
_THING = re.compile(
    r"""(?ix) ^ (?: (?:an? \s)? (?:cop(?:y|ies)|lists?|breakdown|numbers?|totals?|details) \s+ of \b
      | the \s+ (?:total \s+)? (?:number|amount|cost) \b )"""
)
_ALL_OF_IT = r"""(?:it|them|this|everything
    |(?:(?:the|this|that|your|my|these|any|all) \s+)? (?:requested \s+|above \s+)?
    (?:information|data|answers?|response|reply|documents?|figures?|results?)) (?:\s+ requested)?"""
_HOW = r"""(?:to \s me|by|via|as|if|within|at|electronically|digitally
    | in \s (?:an?|any|whatever|electronic|word|excel|csv|pdf|digital|machine|my|writing|hard|paper))"""
# What asks for nothing of its own: how to answer, when, on what terms, and that the law applies.
_FORMALITIES = (
    rf"""\b (?:provide|supply|send|give|e-?mail|forward|return|receive|have|get) \s+ (?:me \s+)? (?:with \s+)?
         (?:all \s+)? {_ALL_OF_IT} (?: \s+ {_HOW} \b | \s* [.?]? $)""",
    r"\b (?:respond|reply|answer) \s+ (?:to \s me \s+)? (?:by|via|in|electronically) \b",
    r"\b (?:respon[ds]\w*|reply|answer) \b .* \b (?:within|(?:twenty|20) \s working) \b",
    r"\b working \s+ days \b .* \b (?:respon|repl|answer|act|law|you|compl)",
    r"\b acknowledg | \b confirm \s+ (?:safe \s+)? (?:receipt|that \s+ (?:you|this) \s+ ha)",
    r"\b (?:hesitate|contact \s+ me|let \s+ me \s+ know \s+ (?:if|as \s+ soon|whether \s+ you|when))",
    r"\b look(?:ing)? \s+ forward | \b hear(?:ing)? \s+ (?:back \s+)? from \s+ you | ^ (?:many \s+)? thank",
    r"\b clarif(?:y|ication) | \b advice \s+ and \s+ assistance | \b narrow (?:ed|ing)? \b",
    # "If any of it is exempt", but not "If any of them were refused, please state how many".
    r"""^ (?:if|where|should|in \s the \s event|in \s case|when) \b
         (?! .* \b (?:please|then) \b .* \b (?:confirm|state|number|how|what|copy|copies|list|details|tell) \b) .* \b
         (?:exempt\w*|refus\w*|withh[eo]ld\w*|redact\w*|clear|cost|fee|limit|hold|held|quer\w*|questions?|transfer\w*
         |unable|not \s possible|cannot|can['’]t|require|need|aware|broad|wide|unclear|problem)""",
    r"""\b (?:cite|justify|specify|quote|explain|state|identify) \b (?! .* \b how \s+ (?:many|often)) .* \b
         (?:exemption|exception|refus|redact|section \s \d)""",
    r"\b (?:treat|consider|log|accept|process|handle|regard) \s+ (?:this|my) | \b this \s+ (?:e-?mail|letter) \s+ as",
    r"\b your \s+ (?:help|assistance|time|cooperation|co-operation|attention|earliest|prompt)",
    rf"""\b (?:would|['’]d) \s+
         (?:prefer | (?:like|appreciate|be \s grateful) \s+ (?:for \s)?
         (?:an? \s (?:reply|response) | {_ALL_OF_IT} \s {_HOW}))""",
    r"\b preferred \s+ (?:format|method|form) | \b my \s+ (?:preference|address|email|e-mail|contact)",
    r"\b (?:i|we) \s+ (?:understand|appreciate|realise|am \s+ aware|believe|know) \b | \b remind",
    r"\b (?:do \s+ not|don['’]t) \s+ (?:want|need|require|wish|seek|ask|include|send|provide|print|copy|reply)",
    r"\b (?:no|not) \s+ (?:need|necessary) \b | \b note \s+ that | \b be \s+ advised",
    r"\b consider \s+ the \s+ environment",
    r"\b (?:forward|pass|delete|notify) \s+ (?:this|my|the \s+ sender) \b | \b reserve \s+ the \s+ right",
    r"\b under \s+ (?:section|s\.?) \s* (?:1|8|10|11|16|17) \b .* \b (?:duty|must|should|obliged)",
)
_FORMALITY = re.compile("|".join(_FORMALITIES), re.IGNORECASE | re.VERBOSE)
_LEAD_IN = re.compile(
    r"""(?ix) : \s* $ | \b (?:the \s)? following \b | \b as \s follows \b
      | \b (?:set \s out|listed|detailed|as|questions?|information|items?|points?) \s below \b | ^ below \b
      | \b (?:these|some|a \s few|my|several) \s+ questions? \b
      | \b (?:provide|supply|have|give|obtain|request|need|require) (?:\s \w+){0,3}
        \s (?:this|some|information|with) \s* [?.]? $"""
)


def older_words(text: str) -> str:
    """The mail below a text or quoted in it, without its head lines: what a colleague's "please log" is about."""
    fresh = set(new_words(text).split("\n"))
    older = [_QUOTE.sub("", line) for line in text.split("\n") if line not in fresh]
    return "\n".join(line for line in older if not _HEAD_LINE.match(line))


def without_greeting(line: str) -> str:
    """A first line without its "Dear team,"; where no comma ends the greeting, without "dear sir"."""
    match = _GREETING.match(line)
    if match is None or len(match[0].split()) <= LONGEST_GREETING:
        return line[match.end() :] if match else line
    return _BARE_GREETING.sub("", line, count=1)


def signs_off(line: str) -> bool:
    """Whether a line stands between the words and the signature."""
    return bool(_SIGN_OFF.match(line)) and bool(line.strip())


def sentences(paragraph: str) -> list[str]:
    """A paragraph's sentences; an abbreviation's full stop ends none."""
    found: list[str] = []
    for piece in _SENTENCE.split(paragraph):
        if found and _ABBREVIATED.search(found[-1][-LONGEST_ABBREVIATION:]):
            found[-1] = f"{found[-1]} {piece}"
        elif piece.strip():
            found.append(piece.strip())
    return found


def leads_in(sentence: str) -> bool:
    """Whether a sentence only announces what follows: "Please provide the following:"."""
    return bool(_LEAD_IN.search(sentence))


def announces(paragraph: str) -> bool:
    """Whether a list without marks may follow: the last words ask, and end in a colon."""
    last = sentences(paragraph)[-1:]
    return paragraph.endswith(":") and any(requests(said) or "following" in said.lower() for said in last)


def is_formality(sentence: str) -> bool:
    """Whether a sentence is about the answer, its form or its terms, rather than about information."""
    return bool(_FORMALITY.search(sentence[:LONGEST_SENTENCE]))


def is_question(sentence: str) -> bool:
    """Whether a sentence is grammatically a question about something: how, what, when, did."""
    return _questioned(sentence) and bool(_INTERROGATIVE.match(sentence))


def asks(sentence: str) -> bool:
    """Whether a sentence asks for information, as a question or with a request's opening words."""
    if is_question(sentence):
        return True
    asked = _questioned(sentence) or requests(sentence) or bool(_THING.match(sentence))
    return asked and not is_formality(sentence)


def requests(sentence: str) -> bool:
    """Whether a sentence opens as a request does: please, could you, I would like."""
    return bool(_REQUEST.match(sentence))


def _questioned(sentence: str) -> bool:
    return sentence.rstrip(")\"'’” .!").endswith("?")
