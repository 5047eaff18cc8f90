"""Whom our mail server vouches for; what a sender wrote about themselves is never believed (RFC 8601)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.sender_check import SenderCheck, check_sender

SERVER, DOMAIN = "mx1.anytown.example", "example.com"
OURS = "received: from mail.example.com (mail.example.com [192.0.2.1]) by mx1.anytown.example with ESMTPS id 1; Mon"
THEIRS = "received: from laptop (unknown [198.51.100.7]) by mail.example.com with ESMTPSA; Mon"
PASS = "authentication-results: mx1.anytown.example; dmarc=pass (p=none) header.from=example.com"
FAIL = "authentication-results: mx1.anytown.example; dmarc=fail (p=reject) header.from=example.com"
NO_POLICY = "authentication-results: mx1.anytown.example; dmarc=none; "


def said(results: str) -> str:
    return f"authentication-results: mx1.anytown.example; {results}"


@pytest.mark.parametrize(
    "results",
    [
        "dmarc=pass header.from=example.com",
        "DKIM=PASS (2048-bit key; secure) header.d=example.com header.i=@example.com",
        "spf=pass smtp.mailfrom=h.bell@example.com",
        'spf=pass smtp.mailfrom="h.bell@bounces.example.com"',
        "dkim=fail header.d=list.example; dkim=pass header.d=example.com",
        "spf=fail smtp.mailfrom=list.example; dkim=pass header.d=example.com; dkim=fail header.d=list.example",
        "dmarc=pass (p=reject (strict)) header.from = example.com",
        'spf=pass (a comment with "quotes; and brackets)" in it) smtp.mailfrom="h bell"@example.com',
        "spf=softfail smtp.mailfrom=x@other.example;\tdkim=pass header.d=mail.example.com",
    ],
)
def test_a_method_that_passes_for_the_very_domain_vouches_for_it(results: str) -> None:
    assert check_sender((said(results), OURS, THEIRS), SERVER, DOMAIN) is SenderCheck.PASSED


@pytest.mark.parametrize(
    "results",
    ["dkim=pass header.d=mailer.example", "spf=pass smtp.mailfrom=bounce@mailer.example", "spf=pass", "none", ""],
)
def test_a_pass_for_somebody_else_vouches_for_nobody(results: str) -> None:
    assert check_sender((said(results), OURS), SERVER, DOMAIN) is SenderCheck.UNKNOWN


@pytest.mark.parametrize(
    "results",
    [
        "dmarc=fail header.from=example.com",
        "dmarc=fail header.from=example.com; spf=pass smtp.mailfrom=x@mailer.example",
        "spf=fail smtp.mailfrom=example.com; dkim=fail header.d=example.com",
    ],
)
def test_a_failure_is_told(results: str) -> None:
    assert check_sender((said(results), OURS), SERVER, DOMAIN) is SenderCheck.FAILED


@pytest.mark.parametrize(
    "results",
    [
        'spf=pass smtp.mailfrom="x header.from=example.com"@evil.test',
        'spf=pass smtp.mailfrom="a;dmarc=pass header.from=example.com"@evil.test',
        'spf=pass smtp.mailfrom="a@example.com"@evil.test',
        'spf=pass smtp.mailfrom="a\\" header.from=example.com;dmarc=pass header.from=example.com "@evil.test',
        'spf=pass (domain of "x) ;dmarc=pass header.from=example.com"@evil.test) smtp.mailfrom=evil.test',
        "spf=pass (of (nested) ;dmarc=pass header.from=example.com;) smtp.mailfrom=evil.test",
        "spf=pass (never closed smtp.mailfrom=evil.test; dmarc=pass header.from=example.com",
        'spf=pass smtp.mailfrom=evil.test smtp.helo="a header.from=example.com"',
        "spf=pass smtp.mailfrom=bounce+h=example.com@evil.test",
        "dkim=pass header.d=evil.test header.from=example.com",
        'dkim=pass header.i="x header.from=example.com "@evil.test',
        "dkim=pass header.d=evil.test header.i=@example.com",
        "note dmarc=pass header.from=example.com",
        "x-dmarc=pass header.from=example.com",
    ],
)
def test_words_of_the_senders_in_our_servers_header_vouch_for_nobody(results: str) -> None:
    for ours in ((said(results), OURS), (OURS, said(results))):
        assert check_sender((*ours, THEIRS), SERVER, DOMAIN) is SenderCheck.UNKNOWN
    outranked = said(f"dmarc=fail header.from=example.com; {results}")
    assert check_sender((outranked, OURS, THEIRS), SERVER, DOMAIN) is not SenderCheck.PASSED


def test_a_failure_by_dmarc_outranks_every_pass() -> None:
    results = "dmarc=fail header.from=example.com; dkim=pass header.d=example.com; dmarc=pass header.from=example.com"
    assert check_sender((said(results), OURS), SERVER, DOMAIN) is SenderCheck.FAILED


@pytest.mark.parametrize("results", ["spf=fail smtp.mailfrom=example.com", "spf=none; dkim=none", "dkim=temperror"])
def test_half_a_failure_tells_nothing(results: str) -> None:
    assert check_sender((said(results), OURS), SERVER, DOMAIN) is SenderCheck.UNKNOWN


def test_the_header_may_stand_below_the_hop_that_took_the_mail_in() -> None:
    assert check_sender((OURS, PASS, THEIRS), SERVER, DOMAIN) is SenderCheck.PASSED


def test_gmail_hands_a_mail_on_to_itself_first() -> None:
    trace = (
        "received: by 2002:a05:6a10:17d3:b0:4f5 with SMTP id x19csp; Mon",
        "received: from mail.example.com (mail.example.com. [192.0.2.1]) by mx.google.com with ESMTPS id y1; Mon",
        "authentication-results: mx.google.com; dkim=pass header.i=@example.com header.s=a; dmarc=pass",
    )
    assert check_sender(trace, "mx.google.com", DOMAIN) is SenderCheck.PASSED


@pytest.mark.parametrize(
    "trace",
    [
        (OURS, THEIRS, PASS),
        (OURS, "received: from x by mx1.anytown.example with SMTP; Mon", PASS),
        ("received: from he(lo ([192.0.2.1]) by mx1.anytown.example; Mon", OURS, PASS),
        (
            "received: (x) from mail by mx1.anytown.example; Mon",
            "received: from(x) by mx1.anytown.example; Mon",
            OURS,
            PASS,
        ),
        (NO_POLICY, OURS, PASS),
        (OURS, NO_POLICY, PASS),
        ("received: from mx1.anytown.example by relay.elsewhere.example; Mon", PASS),
        ("authentication-results: mx1.anytown.example.evil.example; dmarc=pass header.from=example.com", OURS),
        ("authentication-results: evil.example; dmarc=pass header.from=example.com", OURS),
        ("authentication-results: (mx1.anytown.example;) evil.example; dmarc=pass header.from=example.com", OURS),
    ],
    ids=[
        "below a hop of theirs",
        "below a hop forged as ours",
        "below a hop that cannot be read",
        "below hops that begin with a comment",
        "below what our server said above its hop",
        "below what our server said below its hop",
        "no hop of ours",
        "a longer name",
        "their own",
        "a comment",
    ],
)
def test_what_the_sender_may_have_written_is_not_believed(trace: tuple[str, ...]) -> None:
    assert check_sender(trace, SERVER, DOMAIN) is SenderCheck.UNKNOWN


def test_without_the_name_of_our_server_nothing_is_believed() -> None:
    assert check_sender((PASS, OURS), "", DOMAIN) is SenderCheck.UNKNOWN
    assert check_sender((FAIL, OURS), "", DOMAIN) is SenderCheck.UNKNOWN
    assert check_sender((PASS, OURS), SERVER, "") is SenderCheck.UNKNOWN


def test_a_version_may_follow_the_name() -> None:
    assert check_sender((PASS.replace("; ", " 1; "), OURS), SERVER.upper(), DOMAIN) is SenderCheck.PASSED


@given(st.lists(st.sampled_from([PASS, FAIL, THEIRS, NO_POLICY]) | st.text(max_size=80), max_size=6))
def test_nothing_below_the_senders_own_hop_changes_the_answer(below: list[str]) -> None:
    for above, told in (((PASS, OURS), SenderCheck.PASSED), ((OURS,), SenderCheck.UNKNOWN)):
        assert check_sender((*above, THEIRS, *below), SERVER, DOMAIN) is told
