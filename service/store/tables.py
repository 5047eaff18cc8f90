"""The tables. Enumerations are plain text: a native type would have to be migrated at every new member."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

BIG = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER is SQLite's own row number


_IS_OPEN = text("stage <> 'closed'")
_CORRECTED = text("kind = 'receipt corrected'")
# Few of the many, each as the query that looks for them writes it, word for word: a parameter would not match.
IN_TROUBLE = "dealt_with_at IS NULL AND (state IN ('failed', 'uncertain') OR bounced_at IS NOT NULL)"
WITHOUT_CASE = "state = 'filed' AND case_id IS NULL"
IN_NO_LIST = (
    "(state NOT IN ('stored', 'before', 'quarantined', 'duplicate', 'filed', 'dismissed') "
    "OR state = 'duplicate' AND duplicate_of IS NULL "
    "OR state = 'filed' AND case_id IS NULL AND action IN ('new-case', 'reply'))"
)
_COUNTED_BY = (
    *("due_on", "id", "prudent_due_on", "stopped_on", "owner_id", "received_on", "regime", "matter", "account"),
    "stage",  # SQLite looks into the row for a column that only the condition names
)


def _of_few(name: str, *columns: str, where: Any) -> Index:
    """An index of the rows for which something holds."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


_NOT_PLACED = text("place = 'here' AND state <> 'before'")
_UNSETTLED = text("state IN ('moving', 'missing') OR (state = 'here' AND uid IS NULL)")
_UNJUDGED = text("NOT judged")


def _key() -> Any:
    return Field(default=None, sa_column=Column(BIG, primary_key=True))


def _link(target: str, *, required: bool = True, index: bool = True) -> Any:
    """A foreign key to `table.column`; optional ones default to None."""
    column = Column(BIG, ForeignKey(target), nullable=not required, index=index)
    return Field(sa_column=column) if required else Field(default=None, sa_column=column)


def _count() -> Any:
    return Field(default=0, sa_column_kwargs={"server_default": "0"})


def _long_text() -> Any:
    return Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class Table(SQLModel, defer_build=True):
    """A table. No row is ever validated, so a command does not wait at its start for what would validate them."""


class Officer(Table, table=True):
    """Someone of the FOI team; `role` is officer, supervisor or administrator."""

    __tablename__ = "officer"
    id: int = _key()
    email: str = Field(unique=True)  # folded to lower case
    name: str
    role: str
    password_hash: str
    active: bool = True
    created_at: datetime


class SignIn(Table, table=True):
    """A browser session; only the SHA-256 of the cookie's token is kept."""

    __tablename__ = "sign_in"
    token_hash: str = Field(primary_key=True)
    officer_id: int = _link("officer.id")
    created_at: datetime
    seen_at: datetime


class Mailbox(Table, table=True):
    """What we know of one folder of one account: from when its mail counts and when it was last read."""

    __tablename__ = "mailbox"
    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    counts_from: datetime
    uidvalidity: int | None = Field(default=None, sa_type=BigInteger)
    read_at: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    next_try_at: datetime | None = None  # while there is trouble: until then the server is left alone
    next_uid: int | None = Field(default=None, sa_type=BigInteger)  # UIDNEXT when it was last read to its end
    listed: int = _count()  # mails the server showed at the last look
    withheld: int = _count()  # of those, how many it did not hand over
    astray: int = _count()  # mails of it that we hold and that lie in no list of ours, which must not be
    missed: int = _count()  # mails that came and left between two looks, since somebody last saw to it
    found: int = _count()  # mails that the filing then found in its folders: as many are not missing

    @property
    def missing(self) -> int:
        """How many mails came and left, and nobody knows where to."""
        return max(self.missed - self.found, 0)


class StoredBytes(Table, table=True):
    """Bytes kept exactly as they came, addressed by their SHA-256."""

    __tablename__ = "stored_bytes"
    sha256: str = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)


class StoredChunk(Table, table=True):
    """At most one mebibyte of a StoredBytes, so that a large mail never stands in memory whole."""

    __tablename__ = "stored_chunk"
    sha256: str = Field(foreign_key="stored_bytes.sha256", primary_key=True)
    position: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


# What the timeliness of a quarter's requests is counted from.
_TIMELINESS = ("answered_on", "due_on", "stage", "matter", "acknowledged_after", "outcome")


class Case(Table, table=True):
    """The file we keep of a request. `due_on` ... `answered_on` are caches: replaying the events gives them again."""

    __tablename__ = "foi_case"  # CASE is a reserved word
    __table_args__ = (
        Index("ix_foi_case_owner", "owner_id", "stage", "due_on", "id"),
        # The few cases that are open among all that ever were, with what the lists and the dashboard count them by.
        _of_few("ix_foi_case_open", *_COUNTED_BY, where=_IS_OPEN),
        # Every order of a list, with the key that decides between equals, so that a page is read and nothing sorted.
        Index("ix_foi_case_worklist", "stage", "due_on", "id"),
        Index("ix_foi_case_arrival", "stage", "received_at", "id"),
        Index("ix_foi_case_due", "due_on", "id", "received_on"),
        Index("ix_foi_case_came", "received_at", "id", "received_on"),
        Index("ix_foi_case_law", "regime", "received_at", "id"),
        Index("ix_foi_case_requester", text("lower(requester_name)"), "id", postgresql_include=["requester_name"]),
        Index("ix_foi_case_subject", text("lower(subject)"), "id", postgresql_include=["subject"]),
        _of_few("ix_foi_case_late", "due_on", "id", where=text("answered_on > due_on")),
        _of_few("ix_foi_case_open_came", "received_at", "id", "stage", where=_IS_OPEN),
        _of_few("ix_foi_case_open_number", "number", "id", "stage", where=_IS_OPEN),
        Index("ix_foi_case_received", "received_on", *_TIMELINESS),
        Index("ix_foi_case_acknowledged", "acknowledged_after", "due_on", "id"),
        Index("ix_foi_case_answered", "answered_on", "due_on", "regime", "id"),
    )
    id: int = _key()
    reference: str = Field(unique=True)
    kind: str
    year: int
    number: int = Field(index=True)
    account: str
    subject: str
    requester_name: str
    requester_address: str
    requester_key: str = Field(index=True)  # the whole address, case-folded
    received_at: datetime  # the instant the post reached the authority
    regime: str
    matter: str = Field(
        default="request", sa_column_kwargs={"server_default": "request"}
    )  # which of the regime's time limits it has
    received_on: date  # its Europe/London day, s.10(6)
    due_on: date | None = None  # None while the clock is stopped and no date can be given
    prudent_due_on: date | None = None
    provisional: bool = False
    calendar_version: str = ""
    # A later calendar by which its history makes no sense: the case keeps its own until a person has looked.
    uncountable_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # A recount moved it, and its owner has not been written to yet.
    untold: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    clock_state: str = Field(default="running", sa_column_kwargs={"server_default": "running"})
    stopped_on: date | None = None  # since when the clock waits for the requester
    stage: str
    owner_id: int | None = _link("officer.id", required=False, index=False)
    original_id: int | None = _link("foi_case.id", required=False)  # the case whose answer this one reviews or follows
    outcome: str = ""
    answered_on: date | None = None
    acknowledged_after: int | None = (
        None  # whole seconds, rounded up, from `received_at` to its acknowledgement's sending
    )


class Event(Table, table=True):
    """One dated fact of a case; rows are only ever added, which triggers in the database hold."""

    __tablename__ = "case_event"
    __table_args__ = (
        _of_few("ix_case_event_corrected", "case_id", where=_CORRECTED),
        Index("ix_case_event_recorded", "recorded_at"),
    )
    case_id: int = Field(sa_column=Column(BIG, ForeignKey("foi_case.id"), primary_key=True))
    seq: int = Field(primary_key=True)
    kind: str
    at: datetime  # when it happened, in law
    recorded_at: datetime
    actor: str  # "desk", "requester" or "officer:<id>"
    data: str = _long_text()  # a JSON object of strings


class CalendarChangeRow(Table, table=True):
    """A bank holiday added or taken out, or a new horizon, since the calendar was shipped; rows are only ever added."""

    __tablename__ = "calendar_change"
    id: int = _key()
    kind: str
    day: date  # ON is a reserved word
    division: str = ""  # empty for a horizon, which is that of every division
    title: str = ""
    source: str = _long_text()
    proclaimed_on: date | None = None
    made_at: datetime
    made_by: str


class Post(Table, table=True):
    """One mail in, by its place in the mailbox; `state` says how far it has got and `sha256` where its bytes are."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("account", "folder", "uidvalidity", "uid"),
        Index("ix_post_state", "state", "next_try_at"),
        _of_few("ix_post_without_case", "state", "received_at", where=text(WITHOUT_CASE)),
        _of_few("ix_post_in_no_list", "account", "folder", where=text(IN_NO_LIST)),
        Index("ix_post_settled", "settled_at"),
        # Were those without one in it too, SQLite would look for them there and sort them.
        _of_few("ix_post_case_id", "case_id", where=text("case_id IS NOT NULL")),
        Index(
            "ix_post_sent",
            *("account", "folder", "state", "received_at", "sent"),
            sqlite_where=text("sent = 1"),
            postgresql_where=text("sent"),
        ),
        _of_few("ix_post_not_placed", "account", where=_NOT_PLACED),
    )
    id: int = _key()
    account: str
    folder: str
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    received_at: datetime  # INTERNALDATE
    size: int = Field(sa_type=BigInteger)
    sha256: str | None = Field(default=None, foreign_key="stored_bytes.sha256")  # None: left in the mailbox
    state: str
    stored_at: datetime
    acknowledge: bool = True  # False for mail that an administrator imports
    content_key: str = Field(default="", index=True)
    message_id: str = Field(default="", index=True)
    action: str = ""
    reason: str = _long_text()
    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    case_id: int | None = _link("foi_case.id", required=False, index=False)  # where it was filed, or we suggest to
    duplicate_of: int | None = _link("post.id", required=False, index=False)
    attempts: int = 0
    next_try_at: datetime | None = None
    place: str = "here"  # here, moved, gone; "watched" when its placement tells
    settled_at: datetime | None = None
    settled_by: str = ""
    # Whether it lies in a Sent folder: it went out, by somebody's hand.
    sent: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Message(Table, table=True):
    """A readable mail, in or out, without its words; without a case while nobody has filed it."""

    __tablename__ = "message"
    id: int = _key()
    case_id: int | None = _link("foi_case.id", required=False)
    direction: str  # in; out, sent by hand from a mailbox; internal, so sent to colleagues
    post_id: int | None = _link("post.id", required=False)
    message_id: str = Field(index=True)
    subject: str
    sender_name: str
    sender_address: str
    recipients: str = _long_text()
    at: datetime
    files: int = 0  # how many are attached
    reply_address: str  # where our answer goes, by the Reply-To rules
    automatic: str = _long_text()  # why we take it as sent by a machine; empty for a person's
    concerns: str = _long_text()  # why a person should look at it; a line each
    # What our own mail server says of the sender's address: passed, failed, or nothing that can be believed.
    sender_check: str = Field(default="", sa_column_kwargs={"server_default": ""})


class MessageBody(Table, table=True):
    """The words of a message, apart from it so that lists stay fast."""

    __tablename__ = "message_body"
    message_id: int = Field(sa_column=Column(BIG, ForeignKey("message.id"), primary_key=True))
    text: str = _long_text()
    html: str = _long_text()


class AttachedFile(Table, table=True):
    """A file that came with a message."""

    __tablename__ = "attachment"
    message_id: int = Field(sa_column=Column(BIG, ForeignKey("message.id"), primary_key=True))
    position: int = Field(primary_key=True)
    name: str
    content_type: str
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(foreign_key="stored_bytes.sha256")


class Forward(Table, table=True):
    """A colleague's mail on which a case was opened, and the mail inside it, as proposed until an officer decides."""

    __tablename__ = "forward"
    case_id: int = Field(sa_column=Column(BIG, ForeignKey("foi_case.id"), primary_key=True))
    message_id: int = _link("message.id", index=False)
    sender_name: str
    sender_address: str
    subject: str
    received_at: datetime | None = None  # when the inner mail came, as far as that is told
    decision: str = ""  # confirmed, declined
    decided_at: datetime | None = Field(default=None, index=True)


class Letter(Table, table=True):
    """A mail out, written with the act that caused it; `state`: queued, sending, retry, uncertain, sent or failed."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_queue", "state", "next_try_at"),
        Index("ix_letter_kind", "kind", "created_at"),
        Index("ix_letter_case", "case_id", "kind", "sent_at"),
        _of_few("ix_letter_in_trouble", "state", where=text(IN_TROUBLE)),
    )
    id: int = _key()
    case_id: int | None = _link("foi_case.id", required=False, index=False)
    kind: str  # acknowledgement, reply, chase, digest ...
    account: str = Field(default="", sa_column_kwargs={"server_default": ""})  # whose mailbox it is sent from
    recipient_name: str = ""
    recipient_address: str
    recipient_key: str
    subject: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    message_id: str = Field(unique=True)  # one for all attempts
    in_reply_to: str = ""
    references: str = _long_text()
    automatic: str = ""  # the Auto-Submitted value; empty when an officer wrote it
    state: str = "queued"
    attempts: int = 0
    next_try_at: datetime | None = None
    phase: str = ""  # how far the last attempt got in the SMTP dialogue
    trouble: str = _long_text()
    created_at: datetime
    sent_at: datetime | None = None
    bounced_at: datetime | None = Field(default=None, index=True)
    dealt_with_at: datetime | None = None  # when somebody saw to a letter that failed or came back
    copied: bool = False  # whether its copy stands in the Sent folder, or need not
    # Where its answers go, when that is not the mailbox or the case's own address for answers.
    answers_to: str = Field(default="", sa_column_kwargs={"server_default": ""})


class LetterFile(Table, table=True):
    """A file that goes out with a letter."""

    __tablename__ = "letter_file"
    letter_id: int = Field(sa_column=Column(BIG, ForeignKey("letter.id"), primary_key=True))
    position: int = Field(primary_key=True)
    name: str
    content_type: str
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(foreign_key="stored_bytes.sha256")


class CaseFile(Table, table=True):
    """A file that an officer put on a case to be disclosed, what the scan found in it, and who released it."""

    __tablename__ = "case_file"
    id: int = _key()
    case_id: int = _link("foi_case.id")
    name: str
    content_type: str
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(foreign_key="stored_bytes.sha256")
    added_at: datetime
    added_by: str
    findings: str = _long_text()  # a JSON list of what the scan found
    scanned_at: datetime | None = None
    released_at: datetime | None = None
    released_by: str = ""
    release_reason: str = _long_text()  # why what was found may go out; empty when nothing was
    withdrawn_at: datetime | None = None  # taken off the case again; the row stays


class QuestionRow(Table, table=True):
    """One part of a request and what was decided about it (domain.question)."""

    __tablename__ = "question"
    case_id: int = Field(sa_column=Column(BIG, ForeignKey("foi_case.id"), primary_key=True))
    position: int = Field(primary_key=True)
    label: str
    text: str = _long_text()
    holding: str
    decision: str = Field(default="", index=True)
    answer: str = _long_text()
    link: str = _long_text()
    source: str = _long_text()


class GroundRow(Table, table=True):
    """A limb that a decision relies on (domain.question)."""

    __tablename__ = "ground"
    __table_args__ = (Index("ix_ground_citation", "citation", "case_id"),)
    case_id: int = Field(sa_column=Column(BIG, ForeignKey("foi_case.id"), primary_key=True))
    position: int = Field(primary_key=True)  # of the question
    rank: int = Field(primary_key=True)
    citation: str
    harm: str = _long_text()
    interest_for: str = _long_text()
    interest_against: str = _long_text()
    conclusion: str = _long_text()
    particulars: str = _long_text()  # a JSON object of strings


class Draft(Table, table=True):
    """One version of the response that is being written; versions are only added."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("case_id", "version"),)
    id: int = _key()
    case_id: int = _link("foi_case.id")
    version: int
    kind: str  # the template it began from
    subject: str
    body: str = _long_text()
    written_at: datetime
    written_by: str
    composed: bool = True  # False when an officer's hand has changed the words


class Override(Table, table=True):
    """Why a draft goes out although a rule of the checker stands against it."""

    __tablename__ = "check_override"
    draft_id: int = Field(sa_column=Column(BIG, ForeignKey("draft.id"), primary_key=True))
    rule: str = Field(primary_key=True)
    verdict: str
    sentence: str = _long_text()  # what the checker said
    reason: str = _long_text()
    made_at: datetime
    made_by: str


class Approval(Table, table=True):
    """One step of a draft's clearance; `rank` orders them, and a step is taken when all before it have approved."""

    __tablename__ = "approval"
    draft_id: int = Field(sa_column=Column(BIG, ForeignKey("draft.id"), primary_key=True))
    rank: int = Field(primary_key=True)
    officer_id: int = _link("officer.id")
    verdict: str = ""  # approved, returned
    reason: str = _long_text()
    decided_at: datetime | None = None


class CostEstimate(Table, table=True):
    """One version of what it would cost to comply with a request (domain.costs); versions are only added."""

    __tablename__ = "cost_estimate"
    case_id: int = Field(sa_column=Column(BIG, ForeignKey("foi_case.id"), primary_key=True))
    version: int = Field(primary_key=True)
    regime: str
    cost_limit: int  # pounds
    hourly: str = ""  # pounds an hour, where the law lets an authority count less than its most
    tasks: str = _long_text()  # a JSON list
    made_at: datetime
    made_by: str


class Consultation(Table, table=True):
    """Somebody who may hold information that was asked for, what they were asked, and what came of it."""

    __tablename__ = "consultation"
    id: int = _key()
    case_id: int = _link("foi_case.id")
    name: str
    team: str = ""
    address: str
    address_key: str  # case-folded
    question: str = _long_text()  # the words they were sent, and no others of the case
    asked_at: datetime
    asked_by: str
    due_on: date = Field(index=True)  # ours, not the law's
    letter_id: int | None = _link("letter.id", required=False)
    reminded_on: date | None = None
    away_at: datetime | None = None  # when a machine last answered for them
    answer_id: int | None = _link("message.id", required=False, index=False)
    answered_at: datetime | None = None
    answered_from: str = ""  # the address the answer came from when it is not the one that was asked
    suggestion: str = ""  # what the answer seems to say (domain.consultation)
    outcome: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""


class Numbering(Table, table=True):
    """The last number taken of a series."""

    __tablename__ = "numbering"
    series: str = Field(primary_key=True)
    last: int


class Milestone(Table, table=True):
    """A chaser that has been written, so that none is written twice."""

    __tablename__ = "milestone"
    case_id: int = Field(sa_column=Column(BIG, ForeignKey("foi_case.id"), primary_key=True))
    due_on: date = Field(primary_key=True)
    name: str = Field(primary_key=True)
    reached_on: date


class JobRun(Table, table=True):
    """When a job of the timetable last ran, and the last day a daily job was done for."""

    __tablename__ = "job_run"
    name: str = Field(primary_key=True)
    started_at: datetime
    finished_at: datetime | None = None
    trouble: str = ""
    done_for: date | None = None


class SavedList(Table, table=True):
    """A list of cases that somebody keeps under a name: its view, and what else stands in its address."""

    __tablename__ = "saved_list"
    id: int = _key()
    officer_id: int = _link("officer.id")
    name: str
    view: str
    query: str = _long_text()  # as in the address, without "?"
    shared: bool = False  # with the whole team
    made_at: datetime
    deleted_at: datetime | None = None  # kept for a while, so that it can be undone


class BulkAct(Table, table=True):
    """One act on many cases: giving them to `to_id`, or taking back what the bulk act `undoes` did."""

    __tablename__ = "bulk_act"
    id: int = _key()
    officer_id: int = _link("officer.id", index=False)  # who asked for it
    to_id: int | None = _link("officer.id", required=False, index=False)
    undoes: int | None = _link("bulk_act.id", required=False)
    asked_at: datetime
    finished_at: datetime | None = Field(default=None, index=True)


class BulkItem(Table, table=True):
    """One case of a bulk act; `why_not` says why it was left as it is."""

    __tablename__ = "bulk_item"
    bulk_act_id: int = Field(sa_column=Column(BIG, ForeignKey("bulk_act.id"), primary_key=True))
    case_id: int = Field(sa_column=Column(BIG, ForeignKey("foi_case.id"), primary_key=True))
    seen_owner_id: int | None = _link("officer.id", required=False, index=False)  # when it was asked for
    before: int = _count()  # the last event of the case before it was done, by number
    last: int = _count()  # and after
    done_at: datetime | None = None
    why_not: str = _long_text()


class Undoable(Table, table=True):
    """An act that whoever did it can still take back (casework.undo)."""

    __tablename__ = "undoable"
    id: int = _key()
    officer_id: int = _link("officer.id", index=False)
    what: str
    data: str = _long_text()  # a JSON object: what to put back, and what must not have changed
    made_at: datetime = Field(index=True)
    undone_at: datetime | None = None


class DigestReader(Table, table=True):
    """Whether an officer wants a digest, and the last day for which it was settled, so that none comes twice."""

    __tablename__ = "digest_reader"
    officer_id: int = Field(sa_column=Column(BIG, ForeignKey("officer.id"), primary_key=True))
    kind: str = Field(primary_key=True)
    wanted: bool = True
    done_for: date | None = None


class CalendarFeed(Table, table=True):
    """An address at which a calendar program reads deadlines; only the SHA-256 of its token is kept."""

    __tablename__ = "calendar_feed"
    id: int = _key()
    token_hash: str = Field(unique=True)
    officer_id: int = _link("officer.id")  # whose it is; it ends when they leave
    whole_team: bool  # else the officer's own cases
    created_at: datetime
    used_at: datetime | None = None


class ApiToken(Table, table=True):
    """What a program reads the API with; only the SHA-256 of the token is kept."""

    __tablename__ = "api_token"
    id: int = _key()
    token_hash: str = Field(unique=True)
    name: str
    scopes: str  # separated by spaces
    created_at: datetime
    created_by: str
    expires_on: date  # the last day it is good for
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class Webhook(Table, table=True):
    """An address that is told of events; its secret is derived from `salt` and never stored."""

    __tablename__ = "webhook"
    id: int = _key()
    url: str = Field(sa_column=Column(Text, nullable=False))
    events: str  # separated by spaces
    salt: str
    old_salt: str = ""  # of the secret before the last, which signs too for a day
    rotated_at: datetime | None = None
    created_at: datetime
    created_by: str
    failures: int = 0  # in a row
    failing_since: datetime | None = None
    next_try_at: datetime | None = None  # while it fails: until then it is left alone
    trouble: str = _long_text()
    disabled_at: datetime | None = None
    removed_at: datetime | None = None


class WebhookDelivery(Table, table=True):
    """One message to a webhook, written with the act it tells of; `state`: queued, sending, delivered or failed."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_queue", "state", "webhook_id"),)
    id: int = _key()
    webhook_id: int = _link("webhook.id")
    case_id: int | None = _link("foi_case.id", required=False)
    message_id: str = Field(unique=True)  # one for all attempts
    event: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    state: str = "queued"
    attempts: int = 0
    queued_at: datetime  # from when its 48 hours count
    next_try_at: datetime | None = None
    status: int | None = None  # of the last answer
    trouble: str = _long_text()
    created_at: datetime
    delivered_at: datetime | None = None


class SentAnswer(Table, table=True):
    """A mail that somebody sent to a requester by hand, and whether it was our answer: asked, accepted or declined."""

    __tablename__ = "sent_answer"
    message_id: int = Field(sa_column=Column(BIG, ForeignKey("message.id"), primary_key=True))
    case_id: int = _link("foi_case.id")
    sent_at: datetime
    raised_at: datetime
    seems: str = ""  # what its words seem to be: an answer, a holding reply, a question to the requester
    likely: str = ""  # the outcome it seems to give
    doubts: str = _long_text()  # why its time or its recipient should be looked at; a line each
    findings: str = _long_text()  # a JSON list of what the letter checker has against it
    checked_at: datetime | None = Field(default=None, index=True)
    told_at: datetime | None = None  # when the owner was written to
    state: str = Field(default="asked", index=True)
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = _long_text()


class UnseenLetter(Table, table=True):
    """A Message-ID that a mail on a case answers and that the desk has never seen: somebody wrote behind its back."""

    __tablename__ = "unseen_letter"
    message_id: str = Field(primary_key=True)
    case_id: int = _link("foi_case.id", index=False)
    answered_at: datetime = Field(index=True)  # when the mail that answers it came


class OneTimeAddress(Table, table=True):
    """The right of one officer to have one thing done in answer to one mail (domain.topic)."""

    __tablename__ = "one_time_address"
    id: int = _key()
    officer_id: int = _link("officer.id", index=False)
    case_id: int | None = _link("foi_case.id", required=False, index=False)
    topic: str
    about: int = Field(default=0, sa_type=BigInteger)
    letter_id: int | None = _link("letter.id", required=False)
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class InstructionRow(Table, table=True):
    """What a mail told the desk to do, and what came of it; `state`: waiting, to confirm, done or refused."""

    __tablename__ = "instruction"
    __table_args__ = (
        Index(
            "ux_instruction_done",
            "address_id",
            "case_id",
            unique=True,
            sqlite_where=text("state = 'done'"),
            postgresql_where=text("state = 'done'"),
        ),
        Index("ix_instruction_officer", "officer_id", "received_at"),
    )
    id: int = _key()
    post_id: int = Field(sa_column=Column(BIG, ForeignKey("post.id"), nullable=False, unique=True))
    address_id: int | None = _link("one_time_address.id", required=False, index=False)
    officer_id: int | None = _link("officer.id", required=False, index=False)  # whose address it was sent to
    consultation_id: int | None = _link("consultation.id", required=False, index=False)
    case_id: int | None = _link("foi_case.id", required=False)
    sender_address: str
    sender_check: str = ""
    verb: str = ""
    particulars: str = _long_text()  # a JSON object of strings: what the verb needs
    state: str = Field(index=True)
    reason: str = _long_text()  # why it was not done, or what was
    effect: str = _long_text()  # a JSON object of strings: what undoing it needs
    received_at: datetime
    decided_at: datetime | None = None
    letter_id: int | None = _link("letter.id", required=False, index=False)  # our answer to it


class WatchedFolder(Table, table=True):
    """A folder of the shared mailbox that the desk files into and watches, as it last showed itself."""

    __tablename__ = "watched_folder"
    account: str = Field(primary_key=True)
    path: str = Field(primary_key=True)  # below the root, in our own words
    name: str  # below the root, as it is called now
    uidvalidity: int = Field(sa_type=BigInteger)
    next_uid: int = Field(sa_type=BigInteger)
    mails: int
    case_id: int | None = _link("foi_case.id", required=False)
    ours: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # the desk has made it


class Placement(Table, table=True):
    """Where a mail lies in the shared mailbox, as far as the desk knows (domain.whereabouts)."""

    __tablename__ = "placement"
    __table_args__ = (
        Index("ix_placement_place", "account", "folder"),
        Index("ix_placement_unsettled", "account", sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED),
        Index("ix_placement_unjudged", "account", sqlite_where=_UNJUDGED, postgresql_where=_UNJUDGED),
    )
    post_id: int = Field(sa_column=Column(BIG, ForeignKey("post.id"), primary_key=True))
    account: str
    folder: str  # the path of a watched folder
    uidvalidity: int = Field(default=0, sa_type=BigInteger)
    uid: int | None = Field(default=None, sa_type=BigInteger)  # None while only its folder is known
    state: str = "here"
    to_folder: str = ""  # where we are moving it; written before we do
    # Whether it is known to lie where it belongs, or to be left where it is.
    judged: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    put_back: int = _count()  # how often we have undone a person's move of it, without a rest of a day
    put_back_at: datetime | None = None
    left: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # where it is, for a day


class PlacedCopy(Table, table=True):
    """A copy of a mail that a person made in a watched folder: known, so that it is not looked at again, and left."""

    __tablename__ = "placed_copy"
    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(sa_type=BigInteger, primary_key=True)
    uid: int = Field(sa_type=BigInteger, primary_key=True)
    post_id: int = _link("post.id")


class MailboxMove(Table, table=True):
    """What a person did to a mail in the shared mailbox, and what the desk made of it."""

    __tablename__ = "mailbox_move"
    id: int = _key()
    account: str
    post_id: int = _link("post.id")
    case_id: int | None = _link("foi_case.id", required=False, index=False)
    came_from: str  # names of folders as they were called
    folder: str
    noticed_at: datetime = Field(index=True)
    act: str  # domain.placing.Act, or "gone"
    done: bool
    words: str = _long_text()  # what was done, or why not
    undone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class FilingState(Table, table=True):
    """How the filing of a mailbox stands: what was changed until `judged_at` lies where it belongs."""

    __tablename__ = "filing_state"
    account: str = Field(primary_key=True)
    root: str = ""  # the folder that held the others when they were last seen
    judged_at: datetime | None = None
    looked_at: datetime | None = None
    trouble: str = _long_text()
    next_try_at: datetime | None = None
    cautious: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # no dots in folder names
