"""Text made fit to keep: no NUL, no control characters but tab and newline, no lone surrogates, no more than fits."""

import re

# Bidirectional overrides hide a file's true ending and a sender's true name.
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S ]+")


def clean_text(text: str) -> str:
    """Text of several lines, each ended by a newline character, without control characters."""
    return _CONTROL.sub("", _BREAKS.sub("\n", text))


def clean_line(text: str, longest: int) -> str:
    """Text on one line of at most `longest` characters; an ellipsis says that more was there."""
    line = _SPACES.sub(" ", BIDI.sub("", _CONTROL.sub("", _BREAKS.sub(" ", text)))).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"
