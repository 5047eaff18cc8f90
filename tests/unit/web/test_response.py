"""The response on its page: composed, checked, cleared, sent."""

import re
from collections.abc import Callable

from service.desk import Desk
from service.domain.notice_check import Verdict
from service.store.cases import case_by_reference
from service.store.correspondence import letters_of_case
from service.store.database import reading, transaction
from service.store.drafts import drafts_of, newest_draft
from service.store.tables import Draft, Letter
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded
from tests.unit.web.test_files import newest, upload
from tests.unit.web.test_triage import stage

SUPERVISOR = "2"  # her number in the seed


def draft(desk: Desk, reference: str) -> Draft:
    with reading(desk.engine) as session:
        found = newest_draft(session, case_by_reference(session, reference).id)
    assert found is not None
    return found


def responses(desk: Desk, reference: str) -> list[Letter]:
    with reading(desk.engine) as session:
        letters = letters_of_case(session, case_by_reference(session, reference).id)
        return [letter for letter in letters if letter.subject == draft(desk, reference).subject]


def override_all(officer: Browser, path: str) -> None:
    """Give a reason for every rule that stands against the draft."""
    for rule in sorted(set(re.findall(r"/override/(R\d+)", officer.get(path).text))):
        reason = {f"reason-{rule}": "The requester asked for it so"}
        assert officer.post(f"{path}/override/{rule}", **reason).status_code == 302


def test_the_response_is_composed_from_the_decisions(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/response"
    officer.get(path)
    assert officer.post(f"{path}/compose").status_code == 302
    words = draft(desk, seeded.overdue).body
    assert "314 trees were felled." in words
    assert "section 43(2)" in words
    assert "The firm is bidding for next year." in words


def test_a_draft_that_is_written_by_hand_is_a_version_of_its_own(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/response"
    officer.get(path)
    assert officer.post(path, subject="Our answer", body="Dear Harriet,\r\n\r\n315 trees.\r\n").status_code == 302
    with reading(desk.engine) as session:
        versions = drafts_of(session, case_by_reference(session, seeded.overdue).id)
    assert [version.version for version in versions] == [2, 1]
    difference = officer.get(f"{path}/versions/2").text
    assert "315 trees." in difference
    assert "314 trees." in difference
    assert "since version 1" in officer.get(f"{path}/versions/2?since=1").text
    for odd in ("0", "2", "9" * 5000, "x"):
        assert "since version 1" in officer.get(f"{path}/versions/2?since={odd}").text
    assert officer.get(f"{path}/versions/9").status_code == 404


def test_a_file_that_was_released_after_the_draft_is_told_until_the_letter_speaks_of_it(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/response"
    warning = "The letter does not speak of what goes with it: Trees 2023.pdf and trees.csv."
    upload(officer, seeded.overdue, "trees.csv", b"street,trees\n")
    assert "what goes with it: Trees 2023.pdf." in officer.get(path).text
    assert officer.post(f"/cases/{seeded.overdue}/files/{newest(desk, seeded.overdue).id}/release").status_code == 302
    assert warning in officer.get(path).text
    assert officer.post(f"{path}/compose").status_code == 302
    assert "- Trees 2023.pdf\n- trees.csv\n" in draft(desk, seeded.overdue).body
    assert "what goes with it" not in officer.get(path).text


def test_words_that_were_typed_and_not_kept_are_neither_lost_nor_passed_over(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/response"
    rule = re.findall(r"/override/(R\d+)", officer.get(path).text)[0]
    override_all(officer, path)
    kept = draft(desk, seeded.overdue)
    typed = {"subject": kept.subject, "body": f"{kept.body.strip()}\r\n\r\nOne more tree was found.\r\n"}
    reason = {f"reason-{rule}": "The requester asked for it so"}
    for refused in (
        officer.post(f"{path}/clearance", **typed),
        officer.post(f"{path}/override/{rule}", **typed, **reason),
    ):
        assert refused.status_code == 422
        assert '<a href="#body">This is not the letter that was checked: keep and check it first</a>' in refused.text
        assert "One more tree was found." in refused.text
    assert draft(desk, seeded.overdue).version == kept.version
    assert officer.post(f"{path}/compose", **typed).status_code == 302
    with reading(desk.engine) as session:
        anew, mine, *_ = drafts_of(session, case_by_reference(session, seeded.overdue).id)
    assert (anew.composed, mine.composed) == (True, False)
    assert "One more tree was found." in mine.body
    assert officer.post(f"{path}/compose", subject=anew.subject, body=anew.body).status_code == 302
    assert draft(desk, seeded.overdue).version == anew.version  # what was not touched is not kept twice


def test_what_was_kept_while_a_page_was_open_is_told_before_it_is_written_over(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/response"
    first = re.search(r'name="version" value="(\d+)"', officer.get(path).text)
    assert first
    override_all(officer, path)
    mine = {"version": first[1], "subject": "Mine", "body": "Dear Ms Wells\n\nMine.\n"}
    assert officer.post(path, **mine | {"subject": "Theirs"}).status_code == 302
    assert "kept while you wrote" not in officer.get(path).text
    theirs = draft(desk, seeded.overdue).version
    refused = officer.post(f"{path}/clearance", **mine)
    assert refused.status_code == 422
    assert f"Version {theirs} was kept while this page was open" in refused.text
    assert f'name="version" value="{first[1]}"' in refused.text
    assert officer.post(path, **mine).status_code == 302
    assert f"without the changes of version {theirs}, kept while you wrote" in officer.get(path).text


def test_a_response_about_the_longest_subject_is_finished(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    with transaction(desk.engine) as session:
        case_by_reference(session, seeded.overdue).subject = "s" * 200
    path = f"/cases/{seeded.overdue}/response"
    assert officer.post(f"{path}/compose").status_code == 302
    override_all(officer, path)
    made = draft(desk, seeded.overdue)
    assert len(made.subject) > 200
    assert officer.post(path, subject=made.subject, body=made.body + "And more.").status_code == 302
    override_all(officer, path)
    kept = draft(desk, seeded.overdue)
    assert officer.post(f"{path}/clearance", subject=kept.subject, body=kept.body).status_code == 302


def test_a_letter_too_long_to_keep_is_shown_and_nothing_is_composed_over_it(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/response"
    officer.get(path)
    kept = draft(desk, seeded.overdue).version
    for act in ("compose", "clearance"):
        refused = officer.post(f"{path}/{act}", subject="Trees", body="Trees. " * 30_000)
        assert refused.status_code == 422
        assert "Trees. Trees." in refused.text
    assert draft(desk, seeded.overdue).version == kept


def test_the_letter_that_was_checked_is_finished(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/response"
    officer.get(path)
    override_all(officer, path)
    checked = draft(desk, seeded.overdue)
    body = checked.body.replace("\n", "\r\n")
    assert officer.post(f"{path}/clearance", subject=checked.subject, body=body).status_code == 302
    assert stage(desk, seeded.overdue) == "ready to send"


def test_an_empty_draft_is_not_kept(officer: Browser, seeded: Seeded) -> None:
    path = f"/cases/{seeded.overdue}/response"
    officer.get(path)
    assert officer.post(path, subject="", body="").status_code == 422


def test_what_the_checker_blocks_is_shown_and_is_not_finished_until_each_rule_is_overridden(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    path = f"/cases/{seeded.overdue}/response"
    page = officer.get(path)
    assert "Override R" in page.text
    refused = officer.post(f"{path}/clearance")
    assert refused.status_code == 422
    assert "The checker stands against this letter" in refused.text
    rule = re.findall(r"/override/(R\d+)", page.text)[0]
    unexplained = officer.post(f"{path}/override/{rule}")
    assert unexplained.status_code == 422
    assert f'<a href="#reason-{rule}">' in unexplained.text and f'id="reason-{rule}-error"' in unexplained.text
    override_all(officer, path)
    assert "Override R" not in officer.get(path).text
    assert officer.post(f"{path}/clearance").status_code == 302
    assert stage(desk, seeded.overdue) == "ready to send"


def test_an_approver_returns_it_and_then_clears_the_next_version(
    browser: Callable[[str], Browser], seeded: Seeded, desk: Desk
) -> None:
    officer, supervisor, path = browser("officer"), browser("supervisor"), f"/cases/{seeded.overdue}/response"
    override_all(officer, path)
    assert officer.post(f"{path}/clearance", **{"approver-1": SUPERVISOR}).status_code == 302
    assert officer.post(f"{path}/approve").status_code == 403
    assert "It is your turn to clear this" in supervisor.get(path).text
    assert seeded.overdue in supervisor.get("/list/to-clear").text
    assert supervisor.post(f"{path}/return", reason="").status_code == 422
    assert supervisor.post(f"{path}/return", reason="Say which year").status_code == 302
    assert "Say which year" in officer.get(f"/cases/{seeded.overdue}").text
    officer.get(path)
    for year in ("2022", "2023"):
        officer.post(path, subject="Our answer", body=f"Dear Harriet,\r\n\r\n314 trees in {year}.\r\n")
    override_all(officer, path)
    officer.post(f"{path}/clearance", **{"approver-1": SUPERVISOR})
    assert "What has changed since version 1<" in supervisor.get(path).text  # which they had read and returned
    assert supervisor.post(f"{path}/approve").status_code == 302
    assert stage(desk, seeded.overdue) == "ready to send"


def finished(browser: Browser, path: str) -> str:
    """By what the page tells the response it shows from one that is finished anew."""
    found = re.search(r'name="finished" value="(\d+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def test_nobody_clears_or_sends_what_was_finished_anew_since_they_read_it(
    browser: Callable[[str], Browser], seeded: Seeded, desk: Desk
) -> None:
    officer, supervisor, path = browser("officer"), browser("supervisor"), f"/cases/{seeded.overdue}/response"
    override_all(officer, path)
    officer.post(f"{path}/clearance", **{"approver-1": SUPERVISOR})
    read = finished(supervisor, path)
    officer.get(path)
    officer.post(f"{path}/recall")
    officer.post(path, subject="Our answer", body="Dear Harriet,\n\nHere is everything, names and all.\n")
    override_all(officer, path)
    officer.post(f"{path}/clearance", **{"approver-1": SUPERVISOR})
    for act, told in (("approve", {}), ("return", {"reason": "Give the year of each of the trees"})):
        answer = supervisor.post(f"{path}/{act}", finished=read, **told)
        assert (answer.status_code, stage(desk, seeded.overdue)) == (409, "clearance"), act
        assert "finished anew after you opened this page" in answer.text
    assert "Give the year of each of the trees" in answer.text
    assert supervisor.post(f"{path}/approve", finished=finished(supervisor, path)).status_code == 302
    shown = finished(officer, path)
    assert shown != read
    assert officer.post(f"{path}/send", finished=read).status_code == 409
    assert responses(desk, seeded.overdue) == []
    assert officer.post(f"{path}/send", finished=shown).status_code == 302


def test_an_officer_is_not_the_approver_of_their_own_draft(officer: Browser, seeded: Seeded) -> None:
    path = f"/cases/{seeded.overdue}/response"
    override_all(officer, path)
    answer = officer.post(f"{path}/clearance", **{"approver-1": "1"})
    assert answer.status_code == 422


def test_what_is_ready_is_sent_once_in_the_thread_of_the_request(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/response"
    override_all(officer, path)
    assert officer.post(f"{path}/send").status_code == 409
    officer.post(f"{path}/clearance")
    assert officer.post(f"{path}/send").status_code == 302
    assert officer.post(f"{path}/send").status_code == 409
    (sent,) = responses(desk, seeded.overdue)
    assert (sent.body, sent.in_reply_to) == ("Dear Harriet,\n\n314 trees.\n", "<request-9@example.org>")
    assert stage(desk, seeded.overdue) == "being sent"


def test_a_draft_taken_back_can_be_written_on(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/response"
    override_all(officer, path)
    officer.post(f"{path}/clearance")
    assert officer.post(path, subject="x", body="y").status_code == 409
    assert officer.post(f"{path}/recall").status_code == 302
    assert officer.post(path, subject="x", body="y").status_code == 302


def test_every_verdict_has_a_colour_of_its_own_on_the_page(officer: Browser, seeded: Seeded) -> None:
    page = officer.get(f"/cases/{seeded.overdue}/response").text
    assert f'govuk-tag--red">{Verdict.BLOCK.value}' in page


def test_what_a_requester_wrote_stays_text_on_the_officers_pages(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/questions"
    hostile = "<script>alert(1)</script>{{ 7 * 7 }}"
    officer.get(path)
    rows = {"rows": "2", "position-1": "1", "text-1": hostile, "label-1": "<b>1</b>", "text-2": "And who felled them?"}
    assert officer.post(path, **rows).status_code == 302
    assert officer.post(f"{path}/2", decision="not held", holding="not held", step="save").status_code == 302
    assert officer.post(f"/cases/{seeded.overdue}/response/compose").status_code == 302
    assert hostile in " ".join(draft(desk, seeded.overdue).body.split())
    for shown in (path, f"{path}/1", f"/cases/{seeded.overdue}/response", f"/cases/{seeded.overdue}"):
        page = officer.get(shown).text
        assert "<script>alert" not in page
        assert "<b>1</b>" not in page
    with transaction(desk.engine) as session:
        assert case_by_reference(session, seeded.overdue).stage == "drafting"
