"""What a message says: its inline parts in order as one text, and its HTML made safe to show."""

import html as markup
import re
from dataclasses import dataclass

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mail.charset import decode
from mail.mime import Part
from mail.words import clean_text

LONGEST_TEXT = 2_000_000  # characters; the original is kept whole
LONGEST_HTML = 1_000_000
MOST_UNCLOSED = 5000
CUT = "\n[The text is longer than can be shown; the original message holds all of it.]\n"

_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre"})
_SECTIONS = {
    "address",
    "article",
    "aside",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "header",
    "hr",
    "li",
    "section",
}
_ROWS = {"caption", "fieldset", "figure", "form", "main", "nav", "tbody", "tfoot", "thead", "tr"}
_BLOCKS = _PARAGRAPHS | _SECTIONS | _ROWS
_INLINE = {"a", "b", "big", "br", "code", "em", "i", "q", "s", "small", "span", "strong", "sub", "sup", "td", "th", "u"}
_TAGS = set(_INLINE | _BLOCKS - {"form", "fieldset", "nav", "main"})
_ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN_BLOCK = re.compile(r"(?is)<(script|style|title)\b[^<>]*>.*?(?:</\1\s*>|\Z)")
_UNCLEAN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Words:
    """The plain text of a part, and its HTML when it has any; neither is made safe yet.

    `plain` says that the text begins with what was sent as plain text.
    """

    text: str = ""
    html: str = ""
    plain: bool = False


def is_shown(part: Part) -> bool:
    """Whether a part is read as the message's own words rather than kept as a file."""
    named = part.disposition.get("filename") or part.type.get("name")
    return part.type.value in ("text/plain", "text/html") and part.disposition.value != "attachment" and not named


def read_words(part: Part) -> Words:
    """What the inline text parts say, joined in order; of alternatives the plainest that says something."""
    if part.children:
        inner = [words for child in part.children if (words := read_words(child)).text.strip() or words.html]
        return _choose(inner) if part.type.value == "multipart/alternative" else _join(inner)
    if part.type.value.startswith("multipart/"):  # its boundary is missing: better shown whole than not at all
        return Words(decode(part.beginning(LONGEST_TEXT * 4)))
    return _leaf(part) if is_shown(part) else Words()


def _leaf(part: Part) -> Words:
    text = decode(part.beginning(LONGEST_TEXT * 4), part.type.get("charset"))
    if part.type.value == "text/html" or text[:200].lstrip("\ufeff \r\n\t").lower().startswith(
        ("<!doctype html", "<html")
    ):
        shown = text[:LONGEST_TEXT]
        return Words(html_to_text(shown) + (CUT if len(text) > len(shown) else ""), text)
    # What cleaning would take out of the words might make other words of them.
    plain = not _UNCLEAN.search(text)
    return Words(_unflow(text) if part.type.get("format").lower() == "flowed" else text, plain=plain)


def _unflow(text: str) -> str:
    """RFC 3676 4.2: a line that ends with a space goes on in the next; quoted lines are left as they are."""
    return re.sub(r"(?m)^(?!>)(?!-- $)(.*) \r?\n(?![>\r\n])(?!-- \r?$) ?", r"\1 ", text)


def _choose(inner: list[Words]) -> Words:
    plain = [words for words in inner if words.text.strip() and not words.html]
    mixed = [words for words in inner if words.text.strip()]
    rich = [words.html for words in inner if words.html]
    first = (plain or mixed or [Words()])[0]
    return Words(first.text, (rich or [""])[-1], first.plain)


def _join(inner: list[Words]) -> Words:
    text = "\n\n".join(words.text.strip("\r\n") if len(inner) > 1 else words.text for words in inner)
    plain = bool(inner) and inner[0].plain
    if not any(words.html for words in inner):
        return Words(text, plain=plain)
    html = "\n".join(words.html or f"<pre>{markup.escape(words.text)}</pre>" for words in inner)
    return Words(text, html, plain)


def shorten(text: str) -> str:
    """Clean text of at most LONGEST_TEXT characters; a note says where it was cut."""
    cleaned = clean_text(text[: LONGEST_TEXT + 1]).strip("\n")
    return cleaned if len(cleaned) <= LONGEST_TEXT else cleaned[:LONGEST_TEXT] + CUT


def sanitise(html: str) -> str:
    """HTML without scripts, styles, forms and pictures: nothing in it loads, runs or reports that it was read."""
    if not html or len(html) > LONGEST_HTML or _is_tangled(html):
        return ""
    return nh3.clean(
        clean_text(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style", "title", "template"},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def html_to_text(html: str) -> str:
    """The words of an HTML text, a line for each block; never empty when the HTML has letters to show."""
    text = "" if _is_tangled(html) else _laid_out(html.replace("\0", ""))
    return text if _LETTER.search(text) else _stripped(html)


def _is_tangled(html: str) -> bool:
    """Whether so many tags are never closed that the tree may be that deep: time grows with the square of its depth."""
    return html.count("<") - 2 * html.count("</") > MOST_UNCLOSED


def _stripped(html: str) -> str:
    return re.sub(r"\n\s*\n+", "\n\n", markup.unescape(_TAG.sub(" ", _HIDDEN_BLOCK.sub(" ", html)))).strip()


class _Page:
    """Lines being filled: spaces are folded, blocks start lines, paragraphs leave one line free."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.line: list[str] = []

    def add(self, text: str, verbatim: bool) -> None:
        if verbatim:
            self.line.append(text)
            return
        folded = re.sub(r"[ \t\r\n\f]+", " ", text)
        open_line = self.line and not self.line[-1].endswith((" ", "\n"))
        self.line.append(folded if open_line else folded.lstrip(" "))

    def end_line(self) -> None:
        text = "".join(self.line).rstrip()
        self.line.clear()
        if text:
            self.done.append(text)

    def leave_line(self) -> None:
        self.end_line()
        if self.done and self.done[-1]:
            self.done.append("")

    def break_line(self) -> None:
        self.done.append("".join(self.line).rstrip())
        self.line.clear()

    def text(self) -> str:
        self.end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.done)).strip("\n").replace("\xa0", " ")


def _laid_out(html: str) -> str:
    """Walk the tree without recursion: 20,000 nested blocks are no more than a long document."""
    node: LexborNode | None = LexborHTMLParser(html).body
    page, verbatim, depth = _Page(), 0, 0
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            page.add(node.text_content or "", verbatim > 0)
        down = node.child if tag not in _HIDDEN else None
        if tag not in _HIDDEN:
            _open(page, tag)
        if down is not None:
            verbatim += tag == "pre"
            node, depth = down, depth + 1
            continue
        _close(page, node)
        while node is not None and node.next is None and depth > 0:
            node, depth = node.parent, depth - 1
            if node is not None:
                verbatim -= node.tag == "pre"
                _close(page, node)
        node = node.next if node is not None and depth > 0 else None
    return page.text()


def _open(page: _Page, tag: str) -> None:
    if tag == "br":
        page.break_line()
    elif tag in _PARAGRAPHS:
        page.leave_line()
    elif tag in _BLOCKS:
        page.end_line()
    if tag == "li":
        page.line.append("* ")


def _close(page: _Page, node: LexborNode) -> None:
    tag = node.tag or ""
    if tag in _PARAGRAPHS:
        page.leave_line()
    elif tag in _BLOCKS:
        page.end_line()
    elif tag in ("td", "th"):
        page.line.append("\t")
    elif tag == "a":
        _write_link(page, node)


def _write_link(page: _Page, node: LexborNode) -> None:
    """A link's address follows its words when these do not show it: the request may be behind the link."""
    href = (node.attributes.get("href") or "").strip()
    shown = "".join(page.line[-3:])
    target = href.removeprefix("mailto:")
    if (
        href.lower().startswith(("http://", "https://", "mailto:"))
        and target.rstrip("/") not in shown
        and len(href) <= 500
    ):
        page.line.append(f" <{target}>")
