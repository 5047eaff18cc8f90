"""What can go wrong, as the pages say it: one table from exceptions to HTTP statuses."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from traceback import format_tb
from types import TracebackType

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from service.casework.accept import HandBackUnexplained
from service.casework.bulk import NotFinished, NothingTicked, UndoneAlready
from service.casework.carry_out import (
    CannotUndo,
    DraftChanged,
    NoSuchPerson,
    NotSayable,
    PageOnly,
    SeveralPeople,
    TextMissing,
)
from service.casework.clear import ApproverUnfit, FinishedAnew, NotCleared, NotYourTurn, ReturnUnexplained
from service.casework.clock_facts import FactDateImpossible, NothingToStrikeOut, ReasonMissing
from service.casework.close import AnswerDateImpossible, OutcomeUnfit
from service.casework.complaint import ComplaintUnderWay, LetterDayImpossible, NothingComplainedOf
from service.casework.consult import AnswerDayPast, ConsultationOver, NamesTheRequester, NotToBeAsked
from service.casework.deadline_calendar import NoDeadline
from service.casework.decide import (
    DecisionInconsistent,
    NoQuestions,
    NoSuchQuestion,
    NotForTheRegulator,
    QuestionsChanged,
)
from service.casework.digest import DigestNotYours
from service.casework.draft import NoDraft, NothingToOverride, OverrideUnexplained
from service.casework.explain_case import NoSuchEntry
from service.casework.file_sent import NotSorted
from service.casework.forwards import NothingToConfirm, PassedOnBefore
from service.casework.grant import TokenUnfit
from service.casework.letter_document import NoLayout
from service.casework.notices import LimbsMissing, NoSuchNotice, NotQualified
from service.casework.obey_instruction import NotToConfirm, NotYourInstruction
from service.casework.permission import NotYours
from service.casework.release_file import (
    FileNotReleased,
    FileSettled,
    FileThereAlready,
    FileTooLarge,
    ReleaseUnexplained,
)
from service.casework.reply import NoAddress
from service.casework.respond import ResponseUnderWay, UndecidedQuestions
from service.casework.review import (
    FindingMissing,
    FindingUnexplained,
    NotAReview,
    NothingToReview,
    NotIndependent,
    ReviewDayImpossible,
    ReviewUnderWay,
)
from service.casework.sent_answers import AnswerSettled, OutcomeNotSaid, ReasonNotSaid
from service.casework.sort_post import AlreadySorted, NothingToFollow, ReasonNeeded, SortedSince, WentOut
from service.casework.statistics import AsAtImpossible, NoSuchAuthority
from service.casework.subscribe import NothingToTryAgain, WebhookUnfit
from service.casework.take_back import ChangedSince, OwnerLeft
from service.casework.triage import TriageUnexplained
from service.casework.uncertain_letter import LetterNotInDoubt
from service.casework.undo import ListChanged, NothingToUndo
from service.casework.write_letter import FilesTooLarge
from service.documents.pdf import LayoutFault, LogoFault
from service.documents.word import PaperFault
from service.domain.calendars import CalendarChangeRefused
from service.domain.exemptions import NoSuchProvision
from service.domain.quarter import NoSuchQuarter
from service.domain.stage import NotAllowedNow
from service.domain.statistics import NoSuchFigure
from service.errors import ClockError, DeskError
from service.hooks.destination import DestinationUnfit
from service.letters import LetterFault
from service.store.api_tokens import NoSuchToken
from service.store.bulk_acts import NoSuchBulkAct
from service.store.case_files import NoSuchFile
from service.store.cases import NoSuchCase
from service.store.consultations import NoSuchConsultation
from service.store.correspondence import NoSuchPost
from service.store.database import DatabaseUnavailable, SomeoneWasQuicker
from service.store.drafts import NoSuchDraft
from service.store.feeds import NoSuchFeed
from service.store.instructions import NoSuchInstruction
from service.store.mailboxes import NoSuchMailbox
from service.store.officers import NoSuchOfficer
from service.store.saved_lists import NoSuchSavedList, SavedListNameTaken
from service.store.sent import NoSuchSentMail
from service.store.webhooks import NoSuchDelivery, NoSuchWebhook
from web import guard
from web.api.callers import NotAuthenticated, OutOfScope
from web.api.problems import problem, under_api
from web.api.queries import QueryUnfit
from web.clock_forms import NoSuchFact
from web.forms import AlreadyWritten, FormFaults, NoSuchLetter, NoSuchMessage
from web.passwords import TooManySignIns
from web.statistics import NotADay

log = logging.getLogger(__name__)

STATUSES: dict[type[DeskError], int] = {
    NotAuthenticated: 401,
    OutOfScope: 403,
    QueryUnfit: 422,
    TokenUnfit: 422,
    NoSuchToken: 404,
    NoSuchWebhook: 404,
    NoSuchDelivery: 404,
    WebhookUnfit: 422,
    DestinationUnfit: 422,
    NothingToTryAgain: 409,
    NoSuchFeed: 404,
    NoDeadline: 409,
    NotYours: 403,
    DigestNotYours: 403,
    NotYourTurn: 403,
    NotIndependent: 403,
    NoSuchCase: 404,
    NoSuchMailbox: 404,
    NoSuchPost: 404,
    NoSuchMessage: 404,
    NoSuchLetter: 404,
    NoSuchEntry: 404,
    NoSuchFact: 404,
    NoSuchQuestion: 404,
    NoSuchDraft: 404,
    NoSuchNotice: 404,
    NoSuchFile: 404,
    NoSuchConsultation: 404,
    NoSuchInstruction: 404,
    NotYourInstruction: 403,
    NotToConfirm: 409,
    NotSayable: 409,
    NoSuchPerson: 422,
    SeveralPeople: 422,
    DraftChanged: 409,
    CannotUndo: 409,
    TextMissing: 422,
    PageOnly: 409,
    NoSuchFigure: 404,
    NoSuchBulkAct: 404,
    NoSuchSavedList: 404,
    SavedListNameTaken: 409,
    NothingTicked: 422,
    NotFinished: 409,
    UndoneAlready: 409,
    ChangedSince: 409,
    OwnerLeft: 409,
    SortedSince: 409,
    ListChanged: 409,
    NothingToUndo: 409,
    NoSuchSentMail: 404,
    AnswerSettled: 409,
    NotSorted: 409,
    OutcomeNotSaid: 422,
    ReasonNotSaid: 422,
    AsAtImpossible: 422,
    NoSuchAuthority: 422,
    NoSuchQuarter: 422,
    NotADay: 422,
    ConsultationOver: 409,
    NotToBeAsked: 422,
    NamesTheRequester: 422,
    AnswerDayPast: 422,
    NoDraft: 409,
    NotCleared: 409,
    FinishedAnew: 409,
    FileNotReleased: 409,
    FileSettled: 409,
    FilesTooLarge: 409,
    FileThereAlready: 409,
    NothingToOverride: 409,
    ResponseUnderWay: 409,
    UndecidedQuestions: 409,
    NothingToFollow: 409,
    NothingToReview: 409,
    NotAReview: 409,
    ReviewUnderWay: 409,
    FindingMissing: 409,
    ComplaintUnderWay: 409,
    NothingComplainedOf: 409,
    NotForTheRegulator: 409,
    QuestionsChanged: 409,
    ReviewDayImpossible: 422,
    LetterDayImpossible: 422,
    FindingUnexplained: 422,
    OutcomeUnfit: 422,
    AlreadySorted: 409,
    WentOut: 409,
    AlreadyWritten: 409,
    ClockError: 409,
    CalendarChangeRefused: 409,
    NothingToStrikeOut: 409,
    NothingToConfirm: 409,
    SomeoneWasQuicker: 409,
    NoAddress: 409,
    LetterNotInDoubt: 409,
    NotAllowedNow: 409,
    AnswerDateImpossible: 422,
    FactDateImpossible: 422,
    PassedOnBefore: 422,
    ReasonMissing: 422,
    ApproverUnfit: 422,
    DecisionInconsistent: 422,
    HandBackUnexplained: 422,
    NoQuestions: 422,
    NoSuchProvision: 422,
    NotQualified: 422,
    LimbsMissing: 422,
    OverrideUnexplained: 422,
    ReleaseUnexplained: 422,
    ReturnUnexplained: 422,
    TriageUnexplained: 422,
    FileTooLarge: 422,
    FormFaults: 422,
    NoSuchOfficer: 422,
    ReasonNeeded: 422,
    LetterFault: 500,
    LayoutFault: 500,
    LogoFault: 500,
    NoLayout: 500,
    PaperFault: 500,
    DatabaseUnavailable: 503,
    TooManySignIns: 503,
}


# Nobody shall lose a letter because somebody else was quicker, or the desk could not take it.
GIVE_BACK = (400, 403, 404, 409, 422, 429, 500, 503)


@dataclass(frozen=True, slots=True)
class Said:
    """How a page of a status is headed and what it advises."""

    title: str
    advice: str


SAID = {
    400: Said("The form was too old", "Go back, reload the page and send it again. Copy what you wrote first."),
    401: Said("You are not signed in", "Sign in, and open the page again."),
    403: Said("You cannot do this", "Nothing was changed. A colleague may be able to: ask a supervisor."),
    404: Said("Page not found", "Check the address, or look for the case in the list."),
    405: Said("You cannot open this address", "It only takes what a form sends. Go back and use the form."),
    409: Said("This cannot be done now", "Nothing was changed. Someone may have been quicker: see how it stands now."),
    413: Said("That was too much", "Send less text at once, or a smaller file."),
    422: Said("There is a problem", "Go back and correct what you filled in."),
    429: Said("Too many tries", "Wait a minute and try again."),
    500: Said(
        "Something went wrong at the desk",
        "Nothing was changed. Try again; if it happens again, tell whoever runs the desk.",
    ),
    503: Said("The desk cannot answer just now", "Nothing was changed and no mail is lost. Try again in a minute."),
}


class DeskPages(Flask):
    """Flask, but its log of a fault names the place and never the words: they may be a requester's."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Log where an exception was raised, without its text."""
        kind, _, traceback = exc_info
        log.error("%s while making a page\n%s", kind.__name__ if kind else "Fault", "".join(format_tb(traceback)))


def register(app: Flask) -> None:
    """Have every fault answered with a page that says what to do."""
    app.register_error_handler(DeskError, show_desk_error)
    app.register_error_handler(HTTPException, show_http_error)


def show_desk_error(error: Exception) -> ResponseReturnValue:
    """A fault of the desk's own, in its own words."""
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)
    if status >= 500:
        log.error("%s: %s", type(error).__name__, error)
    # How the database is reached is for the log: this page may be a stranger's.
    said = "" if isinstance(error, DatabaseUnavailable) else str(error)
    return _problem(status, said, error) if under_api() else _page(status, said)


def _problem(status: int, said: str, error: Exception) -> ResponseReturnValue:
    asked = {"WWW-Authenticate": error.challenge} if isinstance(error, NotAuthenticated | OutOfScope) else {}
    return problem(status, said, error.faults if isinstance(error, QueryUnfit) else None, asked)


def show_http_error(error: Exception) -> ResponseReturnValue:
    """A fault of the request; the words are ours, not the framework's."""
    status = error.code if isinstance(error, HTTPException) and error.code else 500
    if under_api():
        return _http_problem(error, status)
    if isinstance(error, HTTPException) and status < 400:
        return error.get_response()  # a redirect that routing raises
    log.info("answered %s%s", status, " (CSRF)" if isinstance(error, CSRFError) else "")
    return _page(status if status in SAID else 400 if status < 500 else 500, "")


def _http_problem(error: Exception, status: int) -> ResponseReturnValue:
    told: Mapping[str, str] = dict(error.get_response().headers) if isinstance(error, HTTPException) else {}
    kept = {name: told[name] for name in ("Allow", "Retry-After") if name in told}
    return problem(status, headers=kept)


def _page(status: int, message: str) -> ResponseReturnValue:
    if "officer" not in g:  # refused before the guard was asked; the page still has its lists and when mail was read
        with suppress(DatabaseUnavailable):
            guard.identify()
    known = g.get("officer") is not None
    # Given back to their writer only: a form that another site sends comes without our cookie.
    typed = guard.long_texts() if status in GIVE_BACK and known else []
    # The case that was to be acted on, for those who may see it.
    reference = (request.view_args or {}).get("reference", "") if known and status in (403, 409) else ""
    words = {"said": SAID[status], "message": message, "typed": typed, "reference": reference}
    return render_template("web/error.html", **words), status
