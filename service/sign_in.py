"""Signing in to mail servers with tokens in place of a password (OAuth 2.0, RFC 6749): the settings of it."""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

MICROSOFT_SIGN_IN = "https://login.microsoftonline.com"
SCOPES = {"microsoft": "https://outlook.office365.com/.default", "google": "https://mail.google.com/"}
ANY_TENANT = ("common", "organizations", "consumers")
WARNING_DAYS = 30  # how long before its end a new secret should be made


class OAuth(BaseModel):
    """Who gives us tokens and how we prove to them who we are; nobody, as long as `provider` is not given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Literal["microsoft", "google"] | None = None
    tenant: str = ""  # Microsoft: the directory's ID or one of its domains
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    certificate_file: Path | None = None  # PEM; may hold the private key too
    key_file: Path | None = None
    service_account_file: Path | None = None  # Google: the key as JSON
    secret_expires_on: date | None = None
    authority: str = MICROSOFT_SIGN_IN  # another for sovereign clouds
    scope: str = ""
    ca_file: Path | None = None  # where TLS to the token service is inspected
    timeout: float = Field(default=30, gt=0)

    @field_validator("tenant")
    @classmethod
    def _one_tenant(cls, value: str) -> str:
        if value.casefold() in ANY_TENANT:
            raise ValueError("must be your own: the Directory (tenant) ID or a domain such as council.example")
        return value

    @field_validator("client_id")
    @classmethod
    def _guid(cls, value: str) -> str:
        try:
            return value and str(UUID(value))
        except ValueError:
            raise ValueError("must be the Application (client) ID, like 11111111-2222-3333-4444-555555555555") from None

    @field_validator("authority")
    @classmethod
    def _https(cls, value: str) -> str:
        if not value.startswith("https://"):
            raise ValueError(f"must begin with https://, such as {MICROSOFT_SIGN_IN}")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        fields = type(self).model_fields
        if self.provider is None and any(getattr(self, name) != field.default for name, field in fields.items()):
            raise ValueError('provider is missing: "microsoft" or "google"')
        if self.provider == "google" and self.service_account_file is None:
            raise ValueError("service_account_file is missing: the service account's key, a JSON file")
        if self.provider == "microsoft":
            self._complete_for_microsoft()
        return self

    def _complete_for_microsoft(self) -> None:
        missing = [name for name in ("tenant", "client_id") if not getattr(self, name)]
        if missing:
            raise ValueError(f"{' and '.join(missing)} missing; both stand on the app registration's overview page")
        proofs = (self.client_secret.get_secret_value(), self.client_secret_file, self.certificate_file)
        if sum(map(bool, proofs)) != 1:
            raise ValueError("give one of client_secret_file, client_secret and certificate_file")

    @property
    def wanted_scope(self) -> str:
        """What we ask tokens for."""
        return self.scope or SCOPES.get(self.provider or "", "")

    def ends_on(self) -> date | None:
        """The day on which what we sign in with ends, by a certificate itself or by the settings; None if unknown."""
        if self.certificate_file is None:
            return self.secret_expires_on
        try:
            # On demand only: who signs in with a password need not have the library, which comes with msal.
            x509 = import_module("cryptography.x509")
            certificate = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
        except (ImportError, OSError, ValueError):
            return self.secret_expires_on
        ends: date = certificate.not_valid_after_utc.date()
        return ends
