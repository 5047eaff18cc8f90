"""Bytes to text: what a sender calls a charset, what is meant by it, and what to do when it is wrong."""

import codecs
import re

from charset_normalizer import from_bytes

_MEANT = {  # a label -> the codec that reads what is found under it
    "us-ascii": "ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252http-equivcontent-type": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "big5": "cp950",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-user-defined": "cp1252",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "ansi": "cp1252",
}
_UNTOLD = frozenset({"ascii", "utf-8", "cp1252", ""})  # labels so often wrong that UTF-8 goes first
_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_LIKELY = ["cp1252", "cp1250", "cp1251", "koi8_r", "gb18030", "cp932", "euc_jp", "cp949", "big5", "cp1253", "cp1256"]
_ENOUGH = 200  # bytes: a detector called b"hello\xf0" UTF-16
_SAMPLE = 8192


def decode(data: bytes, label: str = "") -> str:
    """The text in `data`, which its sender calls `label`; never raises, U+FFFD stands where nothing can be read."""
    codec = _codec(label)
    if codec in _UNTOLD:
        return _decode_untold(data, codec)
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return _decode_mislabelled(data, codec)


def _codec(label: str) -> str:
    """The codec meant by a label, or "" when nobody knows."""
    wanted = label.strip(" \t'\"").lower()[:60]
    meant = _MEANT.get(wanted, wanted)
    try:
        found = codecs.lookup(meant) if re.fullmatch(r"[\w.:-]+", meant, re.ASCII) else None
    except (LookupError, ValueError):
        return ""
    if found is None or found.name in _NOT_CHARSETS or not getattr(found, "_is_text_encoding", True):
        return ""
    return found.name


def _decode_untold(data: bytes, codec: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    if codec == "utf-8" and text.count("�") * 20 <= sum(1 for c in text if c > "\x7f"):
        return text  # a broken letter in good UTF-8, not another charset
    guessed = "" if codec == "cp1252" or len(data) < _ENOUGH else _guess(data)
    return data.decode(guessed or "cp1252", "replace")


def _guess(data: bytes) -> str:
    found = from_bytes(data[:_SAMPLE], cp_isolation=_LIKELY).best()
    return found.encoding if found else ""


def _decode_mislabelled(data: bytes, codec: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return data.decode("cp1252", "replace")
