"""IMAP, SMTP and MIME: knows the service, never Flask."""
