"""What an officer does with a mail that a colleague sent from Outlook, in a real browser."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site


def test_one_click_takes_a_mail_from_outlook_as_the_answer(page: Page, site: Site) -> None:
    case = f"/cases/{site.by_hand.other}"
    page.goto("/list/mine")
    page.get_by_role("link", name="Mail to sort").click()
    page.get_by_role("link", name="Answered from Outlook?").click()
    page.get_by_role("link", name=site.by_hand.other).click()
    expect(page.get_by_role("heading", name="Answered at 07:30 on Monday 3 June 2024?")).to_be_visible()
    expect(page.get_by_text("stands against it").first).to_be_visible()
    page.goto(case)
    page.get_by_role("button", name="Yes: refused in full").click()
    page.wait_for_url(f"**{case}")
    expect(page.get_by_role("status")).to_contain_text(
        "is closed: refused in full. Its clock stopped at 07:30 on Monday 3 June 2024."
    )
    expect(page.get_by_text("Taken as our answer")).to_be_visible()
    page.goto("/answered")
    expect(page.get_by_role("link", name=site.by_hand.other)).to_have_count(0)
