"""Why a mail server does not take a token: the likely fault of the administration, named from what little it says."""

from mail.oauth import Token
from service.sign_in import OAuth

PERMISSION = (
    "Under API permissions of the app registration add the application permission {name} of Office 365 Exchange "
    "Online, grant admin consent, and wait some minutes."
)
MICROSOFT_IMAP = (
    "Exchange Online does not let the application into this mailbox. The usual causes, in this order: its service "
    "principal is not registered in Exchange (New-ServicePrincipal), or with the object ID of the app registration in "
    "place of the enterprise application's; it has no permission on the mailbox (Add-MailboxPermission "
    "-AccessRights FullAccess), which takes up to an hour to count; [mailbox] user is not the address of the shared "
    "mailbox; [oauth] tenant or client_id is another's; IMAP is off (Set-CASMailbox -ImapEnabled $true)."
)
MICROSOFT_SMTP = (
    "Exchange Online does not let the application send as this mailbox. The usual causes, in this order: its service "
    "principal is not registered in Exchange (New-ServicePrincipal), or with the object ID of the app registration in "
    "place of the enterprise application's; it has no permission on the mailbox (Add-MailboxPermission "
    "-AccessRights FullAccess, Add-RecipientPermission -AccessRights SendAs); [smtp] user is not the address of the "
    "shared mailbox; [oauth] tenant or client_id is another's."
)
SMTP_OFF_HERE = "Switch it on: Set-CASMailbox -Identity (the mailbox) -SmtpClientAuthenticationDisabled $false."
SMTP_OFF = (
    "Authenticated SMTP is switched off for the tenant: switch it on for this mailbox alone, Set-CASMailbox -Identity "
    "(the mailbox) -SmtpClientAuthenticationDisabled $false."
)
SMTP_FORBIDDEN = (
    "A policy of the tenant forbids it: an authentication policy, Conditional Access or the security defaults; the "
    "sign-in logs of the Entra admin centre (Service principal sign-ins) say which."
)
GOOGLE_IMAP = (
    "The usual causes: [mailbox] user is not a licensed mailbox of the domain (a group has no IMAP), its account is "
    "suspended, or the scope https://mail.google.com/ is missing in the domain-wide delegation."
)
GOOGLE_SMTP = GOOGLE_IMAP.replace("[mailbox]", "[smtp]").replace("IMAP", "SMTP")
GOOGLE_IMAP_OFF = "Switch it on in the Admin console: Apps, Google Workspace, Gmail, End User Access, POP and IMAP."
NOT_OFFERED = 'Check host; a server that knows no tokens is signed in to with sign_in = "password".'


def imap_advice(oauth: OAuth, words: str, token: Token) -> str:
    """What to do about an IMAP server that answered a token with these words."""
    low = words.casefold()
    if oauth.provider == "google":
        return GOOGLE_IMAP_OFF if "enabled" in low or "disabled" in low else GOOGLE_IMAP
    return _missing(token, "IMAP.AccessAsApp") or MICROSOFT_IMAP


def smtp_advice(oauth: OAuth, words: str, token: Token) -> str:
    """What to do about an SMTP server that answered a token with these words."""
    low = words.casefold()
    if oauth.provider == "google":
        return GOOGLE_SMTP
    if "smtpclientauthentication is disabled" in low:
        return SMTP_OFF if "tenant" in low else SMTP_OFF_HERE
    missing = _missing(token, "SMTP.SendAsApp")
    if missing:
        return missing
    return SMTP_FORBIDDEN if "5.7.139" in low else MICROSOFT_SMTP


def _missing(token: Token, permission: str) -> str:
    """The advice when the token itself tells that it lacks a permission."""
    if token.allows is None or permission in token.allows:
        return ""
    return f"The token lacks {permission}. {PERMISSION.format(name=permission)}"
