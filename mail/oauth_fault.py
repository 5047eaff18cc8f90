"""Why a sign-in service gives no token: its codes in words that name what an administrator has to do."""

import re
from dataclasses import dataclass

from mail.smtp_fault import masked

_CODE = re.compile(r"AADSTS(\d+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and what to do about it."""

    reason: str
    advice: str


SECRETS = "Entra admin centre, App registrations, the application, Certificates & secrets"
NEW_SECRET = (
    f"Make a new client secret ({SECRETS}), put its value into [oauth] client_secret_file and its last day into "
    "[oauth] secret_expires_on; `foidesk doctor` then says whether it is good."
)
OTHER_SECRET = (
    "Put the secret's Value there, not its Secret ID; the value is shown only once, when it is made. "
    f"When it is lost, make a new one ({SECRETS})."
)
OTHER_CERTIFICATE = (
    f"Upload the certificate of [oauth] certificate_file ({SECRETS}); when its last day is over, make a new one and "
    "upload that."
)
OTHER_APPLICATION = (
    "Compare [oauth] client_id and [oauth] tenant with the overview page of the app registration: the Application "
    "(client) ID and the Directory (tenant) ID."
)
CONSENT = (
    "Under API permissions of the app registration add the application permissions IMAP.AccessAsApp and "
    "SMTP.SendAsApp of Office 365 Exchange Online, and grant admin consent."
)
CLOCK = "Set this machine's clock: systemd-timesyncd or another NTP client keeps it right."
POLICY = "Ask who keeps the Conditional Access policies to let this application's service principal sign in from here."
SCOPE = "Leave [oauth] scope out, unless your tenant is in a national cloud with Exchange addresses of its own."
ENABLE = "Enable the application under Enterprise applications, Properties (Enabled for users to sign in)."
ASK = "Search for the code at https://login.microsoftonline.com/error, or show this sentence to who keeps the tenant."

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
ENTRA: dict[str, tuple[str, str]] = {
    "7000222": ("the client secret has expired", NEW_SECRET),
    "7000215": ("the client secret is wrong", OTHER_SECRET),
    "70002": ("the client secret is wrong", OTHER_SECRET),
    "7000216": ("it saw neither a client secret nor a certificate", NEW_SECRET),
    "7000218": ("it saw neither a client secret nor a certificate", NEW_SECRET),
    "700027": ("the certificate is not the application's, or is out of date", OTHER_CERTIFICATE),
    "700030": ("the certificate is not the application's", OTHER_CERTIFICATE),
    "1000502": ("the certificate is out of date", OTHER_CERTIFICATE),
    "700024": ("the clock of this machine is wrong", CLOCK),
    "700016": ("the tenant has no application of this ID", OTHER_APPLICATION),
    "700011": ("the tenant has no application of this ID", OTHER_APPLICATION),
    "7000229": ("the application has no service principal in the tenant", CONSENT),
    "90002": ("there is no tenant of this name", OTHER_APPLICATION),
    "900023": ("there is no tenant of this name", OTHER_APPLICATION),
    "50059": ("there is no tenant of this name", OTHER_APPLICATION),
    "700025": ("the application is registered as a public client, which takes no secret", OTHER_APPLICATION),
    "70001": ("the application is disabled", ENABLE),
    "7000112": ("the application is disabled", ENABLE),
    "501051": ("the application has no permission for Exchange Online", CONSENT),
    "65001": ("no administrator has consented to the application's permissions", CONSENT),
    "650056": ("the application has no permission for Exchange Online, or no administrator has consented", CONSENT),
    "650057": ("the application has no permission for Exchange Online", CONSENT),
    "500011": ("the tenant does not know the service that the token is for", SCOPE),
    "70011": ("the scope is not valid", SCOPE),
    "1002012": ("the scope is not valid", SCOPE),
    "53003": ("a Conditional Access policy forbids it", POLICY),
    "530035": ("the tenant's security defaults forbid it", POLICY),
}
# What passes by itself: errors of RFC 6749 4.1.2.1 and codes for their trouble or for our haste.
PASSING = frozenset({"temporarily_unavailable", "server_error", "50033", "50196", "90006", "90012", "90033", "90055"})


def entra_code(description: str) -> str:
    """The number of an AADSTS error; empty when there is none."""
    found = _CODE.search(description)
    return found[1] if found else ""


def entra_fault(error: str, description: str) -> Fault:
    """What a refusal of Microsoft Entra means."""
    code = entra_code(description)
    if code in ENTRA:
        reason, advice = ENTRA[code]
        return Fault(f"AADSTS{code}, {reason}", advice)
    # Its first sentence says what is wrong; trace and correlation IDs and the time follow.
    first = masked(re.split(r"\.\s|\r|\n", description)[0]).rstrip(".")
    return Fault(first or error or "no reason given", ASK)


DELEGATION = (
    "In the Admin console (Security, API controls, Domain-wide delegation) add the service account's Client ID with "
    "the scope https://mail.google.com/ and nothing else; it may take a day to have an effect."
)
SUBJECT = "[mailbox] user and [smtp] user must be the address of a licensed mailbox of your domain, no group or alias."
KEY = (
    "Make a new key (Google Cloud console, the service account, Keys, JSON), put it into [oauth] service_account_file."
)

GOOGLE: tuple[tuple[str, str, str, str], ...] = (  # error, words of its description, reason, advice
    ("unauthorized_client", "", "the service account may not act for mailboxes of the domain", DELEGATION),
    ("access_denied", "", "the service account may not act for mailboxes of the domain", DELEGATION),
    ("invalid_scope", "", "the service account may not have the scope it asks for", DELEGATION),
    ("invalid_grant", "email or user", "there is no such mailbox in the domain", SUBJECT),
    ("invalid_grant", "signature", "the key is no longer the service account's", KEY),
    ("invalid_grant", "not found", "the service account is no longer there", KEY),
    ("invalid_grant", "timeframe", "the clock of this machine is wrong", CLOCK),
    ("invalid_client", "", "the service account is no longer there", KEY),
    ("disabled_client", "", "the service account is disabled", "Enable it in the Google Cloud console."),
    ("admin_policy_enforced", "", "a policy of the domain forbids it", DELEGATION),
)


def google_fault(error: str, description: str) -> Fault:
    """What a refusal of Google means."""
    for name, words, reason, advice in GOOGLE:
        if error == name and words in description.casefold():
            return Fault(f"{error}, {reason}", advice)
    told = masked(description).rstrip(".").replace(". ", "; ")
    return Fault(f"{error}, {told}" if told else error, "Show this sentence to who keeps the Google Workspace domain.")
