"""No page escapes the tests that look at every page."""

from urllib.parse import urlsplit

from tests.e2e.conftest import Site

NO_PAGES = {
    "static": "style sheets and the like",
    "theme.show": "a style sheet",
    "theme.logo": "a picture",
    "health.show": "JSON",
    "calculator.as_text": "plain text",
    "calculator.as_json": "JSON",
    "clock.as_text": "plain text",
    "clock.as_json": "JSON",
    "cases.as_sent": "somebody's mail, shown in a frame",
    "cases.original": "a download",
    "cases.file": "a download",
    "post.as_sent": "somebody's mail, shown in a frame",
    "post.original": "a download",
    "post.file": "a download",
    "files.hand_out": "a download",
    "files.of_letter": "a download",
    "letter_documents.as_pdf": "a download",
    "letter_documents.as_word": "a download",
    "statistics.file": "a download",
    "search.results": "the part of the page of search that changes while somebody types",
    "worklist.home": "leads on to a list",
    "bulk.nothing": "leads on to a list",
    "api.case": "JSON",
    "api.cases": "JSON",
    "api.deadlines": "JSON",
    "api.describe": "JSON",
    "api.statistics": "JSON",
    "news.show": "JSON",
    "feeds.show": "a calendar",
    "feeds.of_case": "a calendar",
    "grants.ask_end_token": "an administrator's, the same as that of a calendar",
    "webhooks.every": "an administrator's, looked at by a test of its own",
    "webhooks.show": "an administrator's, looked at by a test of its own",
    "access.show_sign_in": "looked at without signing in, by a test of its own",
}


def test_every_page_of_the_application_is_looked_at_or_named_here(site: Site) -> None:
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.methods and "GET" in rule.methods]
    endpoints = {rule.endpoint for rule in rules}
    known = site.app.url_map.bind("localhost")
    visited = {str(known.match(urlsplit(path).path, method="GET")[0]) for path in site.pages().values()}
    assert sorted(endpoints - visited - set(NO_PAGES)) == []
    assert sorted(set(NO_PAGES) - endpoints) == []
    assert sorted(set(NO_PAGES) & visited) == []
