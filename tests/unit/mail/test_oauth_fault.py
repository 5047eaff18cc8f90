"""Codes of the sign-in services in words: each names the likely fault of the administration."""

import pytest

from mail.oauth_fault import ENTRA, entra_fault, google_fault

MORE = "\r\nTrace ID: 0000aaaa-11bb-cccc-dd22-eeeeee333333\r\nCorrelation ID: x\r\nTimestamp: 2024-06-03 08:00:00Z"


@pytest.mark.parametrize(
    ("description", "reason", "advice"),
    [
        ("AADSTS7000222: The provided client secret keys for app 'x' are expired.", "has expired", "secret_expires_on"),
        ("AADSTS7000215: Invalid client secret provided.", "secret is wrong", "Value there, not its Secret ID"),
        ("AADSTS700016: Application with identifier 'x' was not found.", "no application", r"[oauth] client_id"),
        ("AADSTS90002: Tenant 'anytown' not found.", "no tenant", "[oauth] tenant"),
        ("AADSTS700027: Client assertion failed signature validation.", "certificate", "Upload the certificate"),
        ("AADSTS700024: Client assertion is not within its valid time range.", "clock", "NTP"),
        ("AADSTS7000112: Application 'x' is disabled.", "disabled", "Enable"),
        ("AADSTS500011: The resource principal was not found in the tenant.", "service", "[oauth] scope"),
        ("AADSTS53003: Access has been blocked by Conditional Access policies.", "Conditional Access", "policies"),
        ("AADSTS501051: Application is not assigned to a role.", "no permission", "admin consent"),
    ],
)
def test_a_code_of_entra_is_named_with_what_to_do(description: str, reason: str, advice: str) -> None:
    fault = entra_fault("invalid_client", description + MORE)
    assert fault.reason.startswith("AADSTS")
    assert reason in fault.reason
    assert advice in fault.advice
    assert "Trace ID" not in fault.reason


def test_a_code_that_we_do_not_know_is_told_in_its_first_sentence_without_addresses() -> None:
    fault = entra_fault("invalid_grant", "AADSTS99999: h.bell@example.com may not. Ask somebody." + MORE)
    assert fault.reason == "AADSTS99999: (address) may not"
    assert "login.microsoftonline.com/error" in fault.advice


def test_a_refusal_without_a_word_is_told_all_the_same() -> None:
    assert entra_fault("invalid_client", "").reason == "invalid_client"
    assert entra_fault("", "").reason == "no reason given"


def test_no_reason_breaks_off_at_a_full_stop() -> None:
    # The check-up tells what it found from what to do by the first full stop.
    assert [code for code in ENTRA if ". " in entra_fault("", f"AADSTS{code}: x").reason] == []


@pytest.mark.parametrize(
    ("error", "description", "reason", "advice"),
    [
        ("unauthorized_client", "Client is unauthorized to retrieve access tokens", "may not act for", "Domain-wide"),
        ("invalid_grant", "Invalid email or User ID", "no such mailbox", "licensed mailbox"),
        ("invalid_grant", "Invalid JWT Signature.", "key is no longer", "new key"),
        ("invalid_grant", "Invalid grant: account not found", "no longer there", "new key"),
        ("invalid_grant", "Invalid JWT: Token must be in a reasonable timeframe.", "clock", "NTP"),
        ("invalid_grant", "Something. Else.", "Something; Else", "who keeps"),
        ("deleted_client", "", "deleted_client", "who keeps"),
    ],
)
def test_an_error_of_google_is_named_with_what_to_do(error: str, description: str, reason: str, advice: str) -> None:
    fault = google_fault(error, description)
    assert reason in fault.reason
    assert advice in fault.advice
