"""What a mail server says of a token, in words that name the likely fault of the administration."""

from datetime import timedelta
from pathlib import Path

import pytest

from mail.oauth import Token
from mail.oauth_refusal import imap_advice, smtp_advice
from service.sign_in import OAuth

BOTH = frozenset({"IMAP.AccessAsApp", "SMTP.SendAsApp"})
MICROSOFT = OAuth(
    provider="microsoft", tenant="anytown.example", client_id="11111111-2222-3333-4444-555555555555",
    client_secret_file=Path("secret"),
)  # fmt: skip
GOOGLE = OAuth(provider="google", service_account_file=Path("key.json"))


def token(allows: frozenset[str] | None = BOTH) -> Token:
    return Token("secret", timedelta(hours=1), kept=False, allows=allows)


def test_a_token_is_not_shown() -> None:
    assert "secret" not in repr(token())


@pytest.mark.parametrize(
    ("oauth", "words", "allows", "advice"),
    [
        (MICROSOFT, "AUTHENTICATE failed", BOTH, "New-ServicePrincipal"),
        (MICROSOFT, "AUTHENTICATE failed", None, "New-ServicePrincipal"),
        (MICROSOFT, "AUTHENTICATE failed", frozenset({"SMTP.SendAsApp"}), "lacks IMAP.AccessAsApp"),
        (GOOGLE, "[AUTHENTICATIONFAILED] Invalid credentials", None, "a group has no IMAP"),
        (GOOGLE, "[ALERT] Your account is not enabled for IMAP use", None, "POP and IMAP"),
    ],
)
def test_imap(oauth: OAuth, words: str, allows: frozenset[str] | None, advice: str) -> None:
    assert advice in imap_advice(oauth, words, token(allows))


@pytest.mark.parametrize(
    ("oauth", "words", "allows", "advice"),
    [
        (MICROSOFT, "535 5.7.3 Authentication unsuccessful", BOTH, "Add-RecipientPermission"),
        (MICROSOFT, "535 5.7.3 Authentication unsuccessful", frozenset(), "lacks SMTP.SendAsApp"),
        (
            MICROSOFT,
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant",
            BOTH,
            "switched off for the tenant",
        ),
        (
            MICROSOFT,
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox",
            BOTH,
            "Switch it on: Set-CASMailbox",
        ),
        (MICROSOFT, "535 5.7.139 the request did not meet the criteria", BOTH, "policy of the tenant"),
        (GOOGLE, "535 5.7.8 Username and Password not accepted", None, "[smtp] user"),
    ],
)
def test_smtp(oauth: OAuth, words: str, allows: frozenset[str] | None, advice: str) -> None:
    assert advice in smtp_advice(oauth, words, token(allows))
