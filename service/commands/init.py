"""`foidesk init`: a commented settings file to start from."""

from pathlib import Path

import click

from service.settings import config_path

EXAMPLE = """\
# Settings of the FOI desk. Each may also come from the environment: FOIDESK_MAILBOX__HOST, FOIDESK_SMTP__PASSWORD.
# `foidesk doctor` checks them.

# "FOIA" for an authority under the Freedom of Information Act 2000, "FOISA" for a Scottish one.
regime = "FOIA"

# A random secret, made on the first start; it signs our Message-IDs. Back it up; let the desk alone read it.
secret_file = "var/secret"

# A folder whose files replace our wording, laid out like templates/ (emails/acknowledgement/body.txt ...).
# templates = "/etc/foidesk/templates"

[authority]
name = "Anytown Borough Council"
body = 1                                  # the first two digits of every reference
address = "Town Hall, 1 High Street, Anytown AN1 1AA"
telephone = ""
website = ""
privacy_url = ""
complaints = ""                           # how to ask for an internal review; empty: by replying to our letter
# colour = "#1d70b8"                      # of the pages' head and of the name on letters
# logo = "/etc/foidesk/logo.svg"          # PNG or SVG, at the head of pages and letters

[database]
url = "sqlite:///var/foidesk.db"          # or postgresql://foidesk@db.internal/foidesk

[mailbox]                                 # the shared mailbox, read by IMAP
address = "foi@anytown.example"
aliases = []                              # other addresses that deliver into it
host = "imap.anytown.example"
port = 993
security = "tls"                          # "tls" or "starttls"; "none" only for a server on this machine
# ca_file = "/etc/ssl/private-ca.pem"     # for a private certificate authority
# sign_in = "oauth"                       # for Microsoft 365 and Google: a token from [oauth] in place of a password
user = "foi@anytown.example"
password_file = "var/mailbox-password"    # or FOIDESK_MAILBOX__PASSWORD
folder = "INBOX"
filed_folder = "FOI/Filed"                # mail goes here once it is on a case; "" leaves it in the inbox
filing = "off"                            # "folders": a folder for each case, and moves are heeded; "flat": one for all
# filing_root = "FOI"                     # the folder that holds those folders
# plus_addresses = true                   # where mail to foi+anything@ arrives too, as on Exchange Online and Gmail
# authserv_id = "mx1.anytown.example"     # your server's name in Authentication-Results headers: who is vouched for
sent_folder = ""                          # "Sent" where the mail server keeps no copies of sent mail itself
watch_sent = true                         # what colleagues send from this mailbox is filed on its case
poll_seconds = 30
idle = true                               # let the server wake us between two polls

# A table [[mailboxes]] for each further account or folder: docs/guide/administrators.md, "Several mailboxes".

[smtp]                                    # how letters leave
host = "smtp.anytown.example"
port = 587
security = "starttls"
# sign_in = "oauth"
user = "foi@anytown.example"
password_file = "var/mailbox-password"
pace_seconds = 3                          # between two letters; Microsoft 365 allows 30 a minute

[reference]
pattern = "{body:02d}.{kind}.{yy}.{number:06d}"
scope = "never"                           # "never" counts on over the years; "yearly" begins anew each January
start = 1

[web]
host = "127.0.0.1"
port = 8000
url = "https://foi.anytown.example"       # as officers reach it; links in our mails begin with it
secure_cookies = true                     # false only where the desk is reached over plain http
trusted_proxies = 1                       # how many reverse proxies stand before the desk
# api_limit = "300 per minute"            # what one token of the API may ask
# calendar_subjects = true                # calendar feeds tell what each request is about; calendars are shared widely

[team]
# address = "foi-team@anytown.example"    # gets a copy of every chaser; must not deliver into the mailbox above
due_soon = 5                              # working days
accept_sent_after = 0                     # working days after which a plain answer by hand counts unasked; 0: never

# The Sent folder of each officer who answers from a mailbox of their own: docs/guide/officers.md, "Answering from
# Outlook". What is not said is as [mailbox] says it. Mail in it that belongs to no case is never stored.
# [[sent]]
# account = "sam"                         # our own short name for it
# folder = "shared/sam/Sent"              # leave it out with a user of its own: the Sent folder is found by itself
# user = "sam.okoro@anytown.example"      # on Microsoft 365, in place of the folder

[digests]                                 # mails that sum up, on working days; each officer may switch off their own
supervisors = true                        # what is due, late and stuck
officers = true                           # each officer's own list, when there is something in it
weekly = true                             # to supervisors, on the first working day of the week
in_mailbox = true                         # the day's work as a message in FOI/Open; only with filing
at = "07:30"                              # from "05:00" to "20:00", Europe/London

# [webhooks]
# internal_networks = ["10.20.0.0/16"]    # webhooks reach public addresses, and these of your own
# ca_file = "/etc/ssl/private-ca.pem"

[instructions]                            # what officers may tell the desk by answering its mails
by_email = true                           # works at once where authserv_id above is set, else by a click on a link
days = 30                                 # for which an answer to a mail may still act
tell_owner = true                         # write to officers: a case is theirs, what approvers say, mail has come ...
tell_approver = true                      # ... and to approvers whose turn it is

# Microsoft 365 and Google Workspace take no passwords: uncomment this and both sign_in = "oauth" above.
# docs/guide/microsoft-365.md and docs/guide/google-workspace.md say how.
# [oauth]
# provider = "microsoft"
# tenant = "anytown.example"
# client_id = "11111111-2222-3333-4444-555555555555"
# client_secret_file = "var/client-secret"
# secret_expires_on = 2027-06-30          # you are warned 30 days before
"""


@click.command()
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def init(config: Path | None, force: bool) -> None:
    """Write a commented settings file."""
    path = config_path(config)
    try:
        if path.exists() and not force:
            raise click.ClickException(f"{path} is there already; --force replaces it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it may come to hold a password
        path.write_text(EXAMPLE, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(f"Wrote {path}. Next: edit it, put the mailbox password into its password_file, then `foidesk doctor`.")
    click.echo("Microsoft 365 and Google want a token in place of a password: see sign_in and [oauth] in the file.")
