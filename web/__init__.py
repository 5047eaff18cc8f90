"""The desk's pages: knows the service, never IMAP."""
