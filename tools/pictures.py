"""Make every picture of the guide and the README: a day's work in a browser before a running `foidesk demo`.

    python -m tools.pictures [FOLDER]

Needs Chromium (on the PATH, or named by CHROMIUM) and takes some minutes; every picture is made anew.
"""

import os
import shutil
import sys
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import FilePayload, Page, sync_playwright

from tests.chromium import FLAGS
from tools.studio import PICTURES, SCREEN, Studio, demonstration, reload_until

# Pages that need nothing done first: a line here, and a place in the guide, is all that a new one takes.
PLAIN = {
    "dashboard": "/dashboard",
    "statistics": "/statistics",
    "figure": "/statistics/cases?figure=code.5",
    "mailboxes": "/mailboxes",
    "asked": "/consultations",
    "holidays": "/holidays",
    "calculator": "/deadline?received=2026-03-27&regime=FOIA",
    "what-if": "/what-if",
    "your-emails": "/your-emails",
    "digest": "/your-emails/supervisors",
    "calendar-and-api": "/calendar-and-api",
    "instructions": "/instructions",
    "answered-all": "/answered",
    "sent-by-hand": "/post/sent",
    "forwarded": "/post/forwarded",
    "not-found": "/cases/01.FOI.20.000001",
}
# The same of a case: a list and the page that is pictured of its first case.
OF_A_CASE = {
    "extend": ("/list/open", "/clock/extended"),
    "notice": ("/list/open", "/notices/public-interest-notice"),
    "review": ("/list/closed", "/review"),
    "complaint": ("/list/closed", "/complaint"),
    "requests-alike": ("/list/open?q=Spending+on+temporary", "/alike"),
}


def take_all(studio: Studio) -> None:
    """A visitor's, an officer's and a supervisor's pictures, in the order in which a day would bring them."""
    make_a_request(studio)
    sign_in(studio)
    sam = studio.member("sam")
    look_around(studio, sam)
    ask_and_release(studio, sam)
    work_a_case(studio, sam)
    sort_the_mail(studio, sam)
    answer_by_mail(studio, sam)
    give_up(studio, sam)
    take_back(studio, sam)
    oversee(studio, studio.member("morgan"))
    administer(studio, studio.member("jo"))
    be_signed_out(studio, sam)


def make_a_request(studio: Studio) -> None:
    """Ask as a member of the public and wait for the acknowledgement."""
    page = studio.visitor()
    page.goto("/demo/")
    studio.take(page, "make-a-request")
    page.click("main button")
    reload_until(page, "Acknowledgement")
    studio.take(page, "acknowledgement")


def sign_in(studio: Studio) -> None:
    """The page at which everybody of the team begins."""
    page = studio.visitor()
    page.goto("/sign-in")
    studio.take(page, "sign-in")


def look_around(studio: Studio, page: Page) -> None:
    """The lists, and a case's clock."""
    page.goto("/list/open")
    studio.take(page, "worklist")
    page.goto("/list/open?q=school")
    page.click("text=Save this list")
    page.fill("#name", "Schools")
    studio.take(page, "save-list")
    page.click("main button:has-text('Save')")
    page.goto("/saved")
    studio.take(page, "saved-lists")
    page.goto("/list/overdue")
    studio.take(page, "overdue")
    page.click("main table a[href^='/cases/'] >> nth=0")
    studio.take(page, "case")
    page.click("text=How the deadline came about")
    studio.take(page, "clock")
    page.click("text=Back to the case")
    page.click("text=What it would cost to comply")
    for n, (many, what, minutes) in enumerate((("12", "folders", "20"), ("12", "folders", "45")), 2):
        page.fill(f"#items-{n}", many)
        page.fill(f"#what-{n}", what)
        page.fill(f"#minutes-{n}", minutes)
    page.click("button:has-text('Keep the estimate')")
    studio.take(page, "costs")
    page.goto("/search?q=school")
    studio.take(page, "search")
    page.goto("/list/overdue")
    page.click("main table a[href^='/cases/'] >> nth=0")


def ask_and_release(studio: Studio, page: Page) -> None:
    """What a request is, beside one like it; who was asked for information; a file that hides something."""
    page.goto("/list/unassigned")
    page.click("main tr:has-text('Spending on temporary accommodation') a")
    page.click("button:has-text('Take this case')")
    page.click("text=Say what it is")
    studio.take(page, "triage")
    page.goto("/consultations")
    page.click("main table a[href^='/cases/'] >> nth=0")
    studio.take(page, "consultation")
    page.click("text=Back to the case")
    page.click("text=Files to disclose")
    page.set_input_files("input[type=file]", a_workbook())
    page.click("button:has-text('Add and look into it')")
    studio.take(page, "files")
    page.click("button:has-text('Take it off the case')")
    page.goto("/list/overdue")
    page.click("main table a[href^='/cases/'] >> nth=0")


def a_workbook() -> FilePayload:
    """What a service sends: the figures asked for, and a sheet that nobody sees."""
    book = Workbook(write_only=True)
    told = book.create_sheet("Subsidies")
    for row in (("Route", "Paid in 2025/26"), ("12", 182_400), ("47", 96_150)):
        told.append(row)
    hidden = book.create_sheet("Drivers")
    hidden.append(("Name", "Depot"))
    hidden.sheet_state = "hidden"
    written = BytesIO()
    book.save(written)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FilePayload(name="subsidies by route.xlsx", mimeType=kind, buffer=written.getvalue())


def work_a_case(studio: Studio, page: Page) -> None:
    """Take the case that is shown, note, begin a letter, answer question by question, see the answer arrive."""
    page.click("button:has-text('Take this case')")
    page.fill("#note", "Asked the library service for the report and the equality assessment.")
    page.click("button:has-text('Add note')")
    case = page.url
    page.click("text=Write to the requester")
    studio.take(page, "which-letter")
    page.check("text=Our response to the request")
    page.click("button:has-text('Continue')")
    found = page.input_value("#body").replace("\n\n\n\n", "\n\nThe report and the equality assessment follow.\n\n")
    page.fill("#body", found)
    studio.take(page, "write")
    page.click("button:has-text('Preview')")
    studio.take(page, "preview")
    page.goto(case)
    address = page.inner_text("dt:has-text('Address') + dd")
    decide(studio, page)
    release(page, case)
    studio.take(page, "questions")
    respond(studio, page)
    page.goto(case)
    reload_until(page, "Closed the case")
    studio.take(page, "sent")
    read_as_requester(studio, address)
    page.goto("/list/mine")
    page.click("main table a[href^='/cases/'] >> nth=0")
    page.click("text=Close the case")
    page.check("text=Granted in full")
    studio.take(page, "close")


def decide(studio: Studio, page: Page) -> None:
    """Keep the question that the desk reads in the request, and withhold a part of what it asks for."""
    page.click("text=Questions and decisions")
    page.click("button:has-text('Keep these questions')")
    page.click("a:text-is('Q1')")
    page.check("input[name=decision][value='disclose in part']")
    page.fill("#answer", "The report and the equality assessment go with this letter, without three names.")
    page.select_option("#citation-1", "40(2) and (3A)(a)")
    page.click("button:has-text('Show what these limbs need')")
    page.fill("#harm-1", "The names are of residents who wrote to the council about their own circumstances.")
    page.get_by_label("Data protection principle").fill(
        "The first, lawfulness and fairness: they did not expect to be named, and the report is understood without them"
    )
    studio.take(page, "decision")
    page.click("button:has-text('Record the decision')")


def release(page: Page, case: str) -> None:
    """Put what is disclosed on the case, and come back to the questions."""
    page.goto(f"{case}/files")
    report = FilePayload(
        name="report and assessment.txt", mimeType="text/plain", buffer=b"Library hours: the report.\n"
    )
    page.set_input_files("input[type=file]", report)
    page.click("button:has-text('Add and look into it')")
    page.click("button:has-text('Release it in my name')")
    page.goto(f"{case}/questions")


def respond(studio: Studio, page: Page) -> None:
    """Compose the response, see what the checker says, and send it."""
    page.click("text=Go to the response")
    page.click("button:has-text('Compose it from the decisions')")
    studio.take(page, "response")
    page.fill("#body", page.input_value("#body").replace("without three names", "without the names of three residents"))
    page.click("button:has-text('Keep and check')")
    page.click("a:text-is('Version 2')")
    studio.take(page, "version")
    page.click("text=Back to the response")
    page.click("button:has-text('Finish the draft')")
    page.click("button:has-text('Send the response')")


def read_as_requester(studio: Studio, address: str) -> None:
    """The answer where it arrived."""
    page = studio.visitor()
    page.goto("/demo/inbox")
    page.select_option("#address", address)
    page.click("button:has-text('Open')")
    page.wait_for_selector("text=Our response")
    studio.take(page, "inbox")


def sort_the_mail(studio: Studio, page: Page) -> None:
    """What waits for a person, what was automatic, what did not arrive."""
    page.goto("/post")
    studio.take(page, "mail-to-sort")
    page.click("main table a >> nth=-1")
    studio.take(page, "mail")
    page.goto("/post/forwarded")
    page.click("main table a")
    studio.take(page, "who-asked")
    page.goto("/post/automatic")
    studio.take(page, "automatic")
    page.goto("/post/letters")
    studio.take(page, "letters-in-trouble")


def answer_by_mail(studio: Studio, page: Page) -> None:
    """Ask how a case stands in answer to one of the desk's mails, and see that mail at the desk."""
    page.goto("/demo/inbox?address=sam%40anytown.example")
    page.click("main summary >> nth=0")
    page.fill("main textarea >> nth=0", "status")
    page.click("main button:has-text('Send the answer') >> nth=0")
    page.wait_for_selector("text=Answered.")
    page.goto("/instructions/1")
    reload_until(page, "What you said by email")
    studio.take(page, "instruction")


def give_up(studio: Studio, page: Page) -> None:
    """Hand a case back that is somebody else's to answer, and say of another that it is no request."""
    open_first(page, "/list/mine", "/hand-back")
    page.fill("#reason", "I wrote some of what is asked for: somebody else should answer this.")
    studio.take(page, "hand-back")
    page.goto("/list/unassigned")
    page.click("main tr:has-text('Cemetery records') a")
    page.click("button:has-text('Take this case')")
    page.click("text=Say what it is")
    page.check("text=Business as usual")
    page.fill("#reason", "The cemetery office tells anybody how many graves are free.")
    page.click("button:has-text('Record it')")


def be_signed_out(studio: Studio, page: Page) -> None:
    """A form that is sent when the sign-in is over."""
    page.goto("/list/mine")
    page.click("main table a[href^='/cases/'] >> nth=0")
    page.fill("#note", "The service has been asked twice, and says that it will answer on Thursday.")
    elsewhere = studio.visitor(page.context.storage_state())
    elsewhere.goto("/list/mine")
    elsewhere.click("button:has-text('Sign out')")
    page.click("button:has-text('Add note')")
    studio.take(page, "signed-out")


def take_back(studio: Studio, page: Page) -> None:
    """Take a case that nobody has, and see that it can be undone."""
    page.goto("/list/unassigned")
    page.click("main table a[href^='/cases/'] >> nth=-1")
    page.click("button:has-text('Take this case')")
    page.goto("/undo")
    studio.take(page, "undo")
    page.click("main button:has-text('Undo') >> nth=0")


def administer(studio: Studio, page: Page) -> None:
    """What an administrator alone may see."""
    page.goto("/webhooks")
    page.fill("#url", "https://records.anytown.example/foi")
    page.check("text=A case is overdue")
    page.click("button:has-text('Make the webhook')")
    studio.take(page, "webhook")
    page.goto("/webhooks")
    studio.take(page, "webhooks")
    page.goto("/calendar-and-api")
    page.click("button:has-text('Make the address')")
    page.goto("/calendar-and-api")
    page.click("main a:has-text('Revoke')")
    studio.take(page, "revoke")


def oversee(studio: Studio, page: Page) -> None:
    """A supervisor gives a case to an officer, looks at everything, and sees what a new holiday would move."""
    page.goto("/list/unassigned")
    page.click("main table a[href^='/cases/'] >> nth=0")
    page.select_option("#owner", label="Nia Howells")
    studio.take(page, "give")
    page.click("summary:has-text('Menu')")
    studio.take(page, "menu", SCREEN)
    look_at_everything(studio, page)
    decide_for_others(studio, page)
    correct_a_clock(studio, page)
    give_many(studio, page)
    see_what_moves(studio, page)


def look_at_everything(studio: Studio, page: Page) -> None:
    """The pages of PLAIN and OF_A_CASE."""
    for name, path in PLAIN.items():
        page.goto(path)
        studio.take(page, name)
    for name, (cases, path) in OF_A_CASE.items():
        open_first(page, cases, path)
        studio.take(page, name)


def open_first(page: Page, cases: str, path: str) -> None:
    """Go to a page of the first case of a list."""
    page.goto(cases)
    page.goto(str(page.get_attribute("main table a[href^='/cases/'] >> nth=0", "href")) + path)


def decide_for_others(studio: Studio, page: Page) -> None:
    """What waits for a supervisor's word: an answer from Outlook, and a mail that may be no request."""
    page.goto("/answered")
    page.click("main table a >> nth=0")
    studio.take(page, "answered")
    open_first(page, "/list/open?q=Cemetery", "/triage/confirm")
    studio.take(page, "no-request")


def correct_a_clock(studio: Studio, page: Page) -> None:
    """Strike out what was recorded in error, and see what that comes to before it is kept."""
    page.goto("/list/stopped")
    page.click("main table a[href^='/cases/'] >> nth=0")
    page.click("text=How the deadline came about")
    page.click("main a:has-text('Strike out')")
    page.fill("#reason", "The letter was a receipt and asked for nothing.")
    studio.take(page, "strike-out")
    page.click("button:has-text('Check what it comes to')")
    studio.take(page, "clock-check")


def give_many(studio: Studio, page: Page) -> None:
    """Give a whole list to somebody, see what came of it, and take it back."""
    page.goto("/list/open")
    page.select_option("#give select", label="Nia Howells")
    page.click("button:has-text('of this list')")
    studio.take(page, "give-all")
    page.click("main button:has-text('Give all')")
    page.wait_for_url("**/list/open")
    page.goto("/bulk/1")
    studio.take(page, "given")
    page.click("button:has-text('Undo it')")


def see_what_moves(studio: Studio, page: Page) -> None:
    """A holiday on a Wednesday of the next fortnight, looked at and not added."""
    day = date.today() + timedelta(days=7)  # noqa: DTZ011 - the demonstration is told until today
    day += timedelta(days=(2 - day.weekday()) % 7)  # hardly ever a bank holiday already
    page.goto("/holidays/add")
    for name, on in (("on", day), ("proclaimed_on", date.today())):  # noqa: DTZ011
        for field, value in ((f"#{name}", on.day), (f"#{name}-month", on.month), (f"#{name}-year", on.year)):
            page.fill(field, str(value))
    page.select_option("#division", "SCT")
    page.fill("#title", "A royal wedding")
    page.fill("#source", "The Edinburgh Gazette")
    studio.take(page, "add-holiday")
    page.click("button:has-text('See what moves')")
    page.wait_for_selector("h1:has-text('move')")
    studio.take(page, "holiday")


def main() -> None:
    """Take every picture into the folder that is named, else into the guide's."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright, demonstration() as url:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        take_all(Studio(browser, url, folder))
        browser.close()


if __name__ == "__main__":
    main()
