"""The long trials use the same real servers as the integration tests."""

from tests.integration.conftest import dovecot, reader

__all__ = ["dovecot", "reader"]
