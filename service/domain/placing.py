"""The desk's folders in the shared mailbox: what each stands for, where a mail belongs, what a person's move asks for.

Folders are told by their path below the root, written with "/", in the desk's own words whatever a folder is called by
now; `INBOX` is the folder that mail arrives in. Nothing here looks at a mailbox or at the database.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from service.domain.reference import Reference, ReferencePattern

INBOX = "INBOX"
OPEN, CLOSED, AUTOMATIC, NEEDS, NOT_FOI, WAITING, MINE = (
    "Open",
    "Closed",
    "Automatic",
    "Needs a person",
    "Not FOI",
    "Waiting requester",
    "Mine",
)
STANDING = (OPEN, CLOSED, AUTOMATIC, NEEDS, NOT_FOI, WAITING, MINE)
LONGEST_SUBJECT, MOST_BYTES = 60, 110  # characters, and bytes in UTF-8: a server's limit is on what it encodes
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f/\\*%\"<>|?:#~^&]+")
_NO_KEYWORD = re.compile(r"[^A-Za-z0-9._-]+")  # RFC 3501: a flag-keyword is an atom


class Layout(StrEnum):
    """How open cases are filed: each in a folder of its own, or all in one."""

    FOLDERS = "folders"
    FLAT = "flat"


class Stands(StrEnum):
    """What a folder stands for."""

    INBOX = "the inbox"
    OPEN = "open cases"
    CASE = "a case"
    CLOSED = "closed cases"
    AUTOMATIC = "automatic mail"
    NEEDS = "mail that needs a person"
    NOT_FOI = "what is no request"
    WAITING = "cases that wait for the requester"
    MINE = "an officer's cases"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is watched: its `path`, what it stands for, and of whom or of which case by key."""

    path: str
    stands: Stands
    officer: str = ""
    case_id: int | None = None


class Fate(StrEnum):
    """What has become of a mail."""

    CASE = "on a case"
    AUTOMATIC = "automatic"
    NEEDS = "needs a person"
    ASIDE = "set aside"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Of a case, what decides where its mail lies; `closed_in` is the year of its closing, None while it is open.

    `owner` holds the owner's name and address, and the address's local part, case-folded; empty without an owner.
    """

    id: int
    reference: str
    subject: str
    closed_in: int | None = None
    owner: frozenset[str] = frozenset()
    waiting: bool = False  # the clock is stopped: a clarification was sought
    not_foi: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the desk has settled, and the case it is on; `answers` when it came to a case that was there."""

    fate: Fate
    case: CaseFacts | None = None
    answers: bool = False


class Act(StrEnum):
    """What a person's move asks the desk to do."""

    NOTHING = "nothing"
    FILE = "file on the case"
    SET_ASIDE = "set aside as no request"
    NOT_FOI = "triage as no request"
    ASSIGN = "assign"
    CLOSE = "close"
    LOOK = "have a person look"
    UNDO = "undo"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a move asks for; `why` says in one sentence why it cannot be done, when it cannot."""

    act: Act
    why: str = ""


def home(mail: Mail, layout: Layout) -> str:
    """The path of the folder that a mail belongs in."""
    if mail.case is None or mail.fate is not Fate.CASE:
        return {Fate.AUTOMATIC: AUTOMATIC, Fate.ASIDE: NOT_FOI}.get(mail.fate, NEEDS)
    if mail.case.closed_in is not None:
        return f"{CLOSED}/{mail.case.closed_in}"
    return OPEN if layout is Layout.FLAT else f"{OPEN}/{mail.case.reference}"


def fits(mail: Mail, folder: Folder, layout: Layout) -> bool:
    """Whether a mail may stay in a folder: where it belongs, and where a person's accepted move left it."""
    case = mail.case
    if mail.fate is Fate.AUTOMATIC and folder.stands is Stands.AUTOMATIC:
        return True
    if case is None:
        return folder.stands in {
            Fate.AUTOMATIC: (),
            Fate.ASIDE: (Stands.NOT_FOI, Stands.AUTOMATIC),
        }.get(mail.fate, (Stands.NEEDS,))
    if case.closed_in is not None:
        return folder.stands is Stands.CLOSED
    match folder.stands:
        case Stands.CASE:
            return layout is Layout.FOLDERS and folder.case_id == case.id
        case Stands.OPEN:
            return layout is Layout.FLAT
        case Stands.MINE:
            return folder.officer in case.owner
        case Stands.WAITING:
            return case.waiting
        case Stands.NOT_FOI:
            return case.not_foi
    return False


def meaning(mail: Mail, folder: Folder, layout: Layout) -> Meaning:
    """What a person who moved a mail into a folder asks for."""
    if folder.stands is Stands.INBOX:
        return Meaning(Act.UNDO)
    if fits(mail, folder, layout):
        return Meaning(Act.NOTHING)
    if mail.case is None:
        return _of_no_case(mail, folder)
    if mail.fate is Fate.AUTOMATIC and folder.stands is not Stands.CASE:
        return _refused(
            f"this is automatic mail on case {mail.case.reference}, and says nothing of what becomes of the case: "
            "move the request itself"
        )
    if mail.answers and folder.stands is Stands.NOT_FOI and mail.case.closed_in is None:
        return _refused(
            f"this mail answers on case {mail.case.reference}, and stays there: to say that the case is no request, "
            "move the request itself"
        )
    return _of_a_case(mail.case, folder)


def _of_a_case(case: CaseFacts, folder: Folder) -> Meaning:
    if folder.stands is Stands.CASE:
        return _refused(f"this mail is on case {case.reference} already, and mail stays on its case")
    if case.closed_in is not None:
        return _refused(f"case {case.reference} is closed")
    match folder.stands:
        case Stands.MINE:
            return Meaning(Act.ASSIGN)
        case Stands.NOT_FOI:
            return Meaning(Act.NOT_FOI)
        case Stands.CLOSED:
            return Meaning(Act.CLOSE)
        case Stands.WAITING:
            # s.1(3), s.10(6)(b): the clock stops when the authority has asked, not when somebody means to.
            return _refused(
                f"the clock of {case.reference} runs on: only a letter that asks the requester what is meant stops it"
            )
    return _refused(f"this mail is on case {case.reference}, which has a folder of its own")


def _of_no_case(mail: Mail, folder: Folder) -> Meaning:
    match folder.stands:
        case Stands.CASE:
            return Meaning(Act.FILE)
        case Stands.NOT_FOI:
            return Meaning(Act.SET_ASIDE)
        case Stands.AUTOMATIC if mail.fate is Fate.NEEDS:
            return Meaning(Act.SET_ASIDE)
        case Stands.NEEDS:
            return Meaning(Act.LOOK)
        case Stands.OPEN:
            return _refused("move it into the folder of its case, or make a case of it at the desk")
    return _refused("it is on no case yet: file it on one, or make a case of it at the desk")


def _refused(why: str) -> Meaning:
    return Meaning(Act.REFUSE, why)


def folder_at(name: str) -> Folder | None:
    """What a folder of this name below the root stands for; None for one that is not watched.

    A folder in `Open` stands for a case that its name tells: `named_case` reads it, and the case's key is added then.
    One in any other of our folders stands for what that stands for.
    """
    first, _, rest = name.partition("/")
    standing = next((one for one in STANDING if one.casefold() == first.strip().casefold()), None)
    match standing:
        case None:
            return None
        case "Open" if rest:
            return Folder(f"{OPEN}/{rest}", Stands.CASE)
        case "Mine":
            officer = rest.partition("/")[0]
            return Folder(f"{MINE}/{rest}", Stands.MINE, officer.strip().casefold()) if rest else None
        case "Closed":
            return Folder(f"{CLOSED}/{rest}" if rest else CLOSED, Stands.CLOSED)
    stands = {OPEN: Stands.OPEN, AUTOMATIC: Stands.AUTOMATIC, NEEDS: Stands.NEEDS,
              NOT_FOI: Stands.NOT_FOI, WAITING: Stands.WAITING}[standing]  # fmt: skip
    return Folder(f"{standing}/{rest}" if rest else standing, stands)


def named_case(path: str, pattern: ReferencePattern) -> Reference | None:
    """The case that a folder in `Open` names, however its name goes on; None when it names none or several."""
    found = pattern.find(path.split("/")[1] if "/" in path else "")
    return found[0] if len(found) == 1 else None


def folder_name(reference: str, subject: str, *, separator: str, cautious: bool) -> str:
    """What a case's folder is called: `01.FOI.26.000123 - short subject`.

    No `separator` of the server's may be in it, and for a `cautious` server, which refuses it, no dot either: the
    reference is read again with any sign in a dot's place.
    """
    unwanted = {separator, "."} if cautious else {separator}
    plain = reference.replace("/", "-")
    short = _short(subject)
    for sign in unwanted - {""}:
        plain, short = plain.replace(sign, "-"), short.replace(sign, " ")
    short = " ".join(short.split()).strip(". ")
    return f"{plain} - {short}" if short else plain


def _short(subject: str) -> str:
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in _FORBIDDEN.sub(" ", subject))
    words = " ".join(unicodedata.normalize("NFC", visible).split())
    cut = words[:LONGEST_SUBJECT].encode()[:MOST_BYTES].decode(errors="ignore")
    return cut.rpartition(" ")[0] or cut if len(cut) < len(words) else cut


def segment(name: str, separator: str) -> str:
    """A person's name as one part of a folder's path."""
    return _short(name).replace(separator, " ") if separator else _short(name)


def keyword(reference: str) -> str:
    """A reference as an IMAP keyword."""
    return _NO_KEYWORD.sub("-", reference)
