"""Tokens from a real sign-in service of the tests' own: got, kept, renewed, refused and said nothing of."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mail.oauth import NoToken, TokenLibraryMissing, TokenServiceAway, forget_tokens, token_for
from service.servers import SecretUnreadable
from service.sign_in import OAuth
from tests.integration.token_service import ACCOUNT, MAILBOX, SECRET, TokenService, token_service
from tests.servers import free_port


@pytest.fixture
def service(tmp_path: Path) -> Iterator[TokenService]:
    with token_service(tmp_path) as service:
        yield service


def oauth(service: TokenService, **changes: object) -> OAuth:
    return OAuth.model_validate(service.settings(**changes))


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _certificate(key: rsa.RSAPrivateKey) -> str:
    now, name = datetime.now(UTC), x509.Name([])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=100))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )


def google(service: TokenService, folder: Path, key: rsa.RSAPrivateKey) -> OAuth:
    """A service account's key in a file, and what the service knows of it."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    service.google_key = public.decode()
    path = folder / "service-account.json"
    words = {"type": "service_account", "client_email": ACCOUNT, "private_key": _pem(key), "private_key_id": "1"}
    path.write_text(json.dumps(words | {"token_uri": f"{service.url}/google"}))
    return OAuth(provider="google", service_account_file=path, ca_file=service.authority_file, timeout=5)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_a_token_is_had_and_then_kept(service: TokenService) -> None:
    first, second = (token_for(oauth(service), MAILBOX) for _ in range(2))
    assert service.opens(MAILBOX, first.value)
    assert (first.kept, second.kept, first.value) == (False, True, second.value)
    assert timedelta(minutes=59) < first.lasts <= timedelta(hours=1)
    assert first.allows == frozenset({"IMAP.AccessAsApp", "SMTP.SendAsApp"})
    assert len(service.issued) == 1


def test_a_token_that_soon_ends_is_renewed_at_the_next_connection(service: TokenService) -> None:
    service.lifetime = 120
    first, second = (token_for(oauth(service), MAILBOX) for _ in range(2))
    assert first.value != second.value


def test_a_token_that_is_forgotten_is_not_had_again(service: TokenService) -> None:
    first = token_for(oauth(service), MAILBOX)
    forget_tokens(oauth(service))
    second = token_for(oauth(service), MAILBOX)
    assert (second.kept, second.value == first.value) == (False, False)


def test_a_new_secret_counts_at_once(service: TokenService, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    ours = oauth(service, client_secret=None, client_secret_file=path)
    with pytest.raises(SecretUnreadable):
        token_for(ours, MAILBOX)
    path.write_text(f"{SECRET}\n")
    first = token_for(ours, MAILBOX)
    service.secret = "the new one"
    path.write_text("the new one")
    assert token_for(ours, MAILBOX).value != first.value
    path.write_text("a wrong one")
    with pytest.raises(NoToken, match=r"AADSTS7000215, the client secret is wrong\. Put the secret's Value") as refused:
        token_for(ours, MAILBOX)
    assert "a wrong one" not in str(refused.value)


@pytest.mark.parametrize("one_file", [True, False])
def test_a_certificate_does_in_place_of_a_secret(
    service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey, one_file: bool
) -> None:
    certificate, both, alone = _certificate(key), tmp_path / "both.pem", tmp_path / "key.pem"
    service.certificate = certificate.encode()
    both.write_text(certificate + _pem(key) if one_file else certificate)
    alone.write_text(_pem(key))
    ours = oauth(service, client_secret=None, certificate_file=both, key_file=None if one_file else alone)
    assert service.opens(MAILBOX, token_for(ours, MAILBOX).value)


def test_a_certificate_that_is_not_the_applications_is_named(
    service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    other, path = rsa.generate_private_key(65537, 2048), tmp_path / "both.pem"
    service.certificate = _certificate(key).encode()
    path.write_text(_certificate(other) + _pem(other))
    with pytest.raises(NoToken, match=r"AADSTS700027, the certificate is not the application's.*Upload"):
        token_for(oauth(service, client_secret=None, certificate_file=path), MAILBOX)


def test_a_key_that_does_not_fit_its_certificate_is_found_before_anybody_is_asked(
    service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    path = tmp_path / "both.pem"
    ours = oauth(service, client_secret=None, certificate_file=path)
    path.write_text(_certificate(key) + _pem(rsa.generate_private_key(65537, 2048)))
    with pytest.raises(NoToken, match="does not belong to the certificate"):
        token_for(ours, MAILBOX)
    path.write_text("nothing")
    with pytest.raises(NoToken, match="do not hold a certificate and a private key"):
        token_for(ours, MAILBOX)


def test_a_service_account_acts_as_the_mailbox(service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    ours = google(service, tmp_path, key)
    first, second = (token_for(ours, MAILBOX) for _ in range(2))
    assert service.opens(MAILBOX, first.value)
    assert (first.kept, second.kept, first.value) == (False, True, second.value)
    assert timedelta(minutes=59) < first.lasts <= timedelta(hours=1)
    forget_tokens(ours)
    assert token_for(ours, MAILBOX).value != first.value


def test_a_service_account_is_told_whose_mailbox_it_may_not_open(
    service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    with pytest.raises(NoToken, match=r"no such mailbox in the domain.*licensed mailbox"):
        token_for(google(service, tmp_path, key), "nobody@anytown.example")


def test_a_key_of_google_that_is_withdrawn_is_named(
    service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    ours = google(service, tmp_path, key)
    google(service, tmp_path / "..", rsa.generate_private_key(65537, 2048))  # the service knows another from now on
    with pytest.raises(NoToken, match="key is no longer the service account's"):
        token_for(ours, MAILBOX)


def test_a_file_that_is_no_key_of_google_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    for words in ("not even JSON", "[]", "{}", '{"client_email": "x", "token_uri": "https://x", "private_key": "x"}'):
        path.write_text(words)
        with pytest.raises(NoToken, match=r"key\.json is not the key of a service account"):
            token_for(OAuth(provider="google", service_account_file=path), MAILBOX)


def test_an_expired_secret_is_named_with_what_to_do(service: TokenService) -> None:
    service.refuse("invalid_client", "AADSTS7000222: The provided client secret keys for app 'x' are expired.", 401)
    with pytest.raises(NoToken, match=r"AADSTS7000222, the client secret has expired\. Make a new client secret"):
        token_for(oauth(service), MAILBOX)


def test_what_an_administrator_has_put_right_counts_at_the_next_try(service: TokenService) -> None:
    service.refuse("invalid_client", "AADSTS7000112: Application is disabled.")
    with pytest.raises(NoToken):
        token_for(oauth(service), MAILBOX)
    service.refusal = None
    assert service.opens(MAILBOX, token_for(oauth(service), MAILBOX).value)


def test_a_tenant_that_is_not_there_is_named(service: TokenService) -> None:
    with pytest.raises(NoToken, match=r"AADSTS90002, there is no tenant.*\[oauth\] tenant"):
        token_for(oauth(service, tenant="elsewhere.example"), MAILBOX)


@pytest.mark.parametrize(
    ("status", "error", "description"),
    [
        (503, "temporarily_unavailable", ""),
        (400, "temporarily_unavailable", "AADSTS90033: A transient error has occurred. Please try again."),
        (429, "invalid_grant", "AADSTS90055: TenantThrottlingError"),
    ],
)
@pytest.mark.parametrize("provider", ["microsoft", "google"])
def test_what_passes_by_itself_is_no_fault_of_the_settings(
    service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey, provider: str, status: int, error: str,
    description: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _: None)
    service.refuse(error, description, status)
    ours = google(service, tmp_path, key) if provider == "google" else oauth(service)
    with pytest.raises(TokenServiceAway, match=r"127\.0\.0\.1:.* gives no tokens at the moment"):
        token_for(ours, MAILBOX)
    service.refusal = None
    if provider == "google":  # MSAL itself waits some seconds before it asks such a service again
        assert token_for(ours, MAILBOX).value in service.issued


@pytest.mark.parametrize("provider", ["microsoft", "google"])
def test_a_dead_service_is_named(service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey, provider: str) -> None:
    service.port = free_port()
    ours = google(service, tmp_path, key) if provider == "google" else oauth(service)
    with pytest.raises(TokenServiceAway, match=r"Connection refused\. Check the network"):
        token_for(ours, MAILBOX)


@pytest.mark.parametrize("provider", ["microsoft", "google"])
def test_a_service_that_nobody_we_know_vouches_for_gets_no_secret(
    service: TokenService, tmp_path: Path, key: rsa.RSAPrivateKey, provider: str
) -> None:
    ours = google(service, tmp_path, key) if provider == "google" else oauth(service)
    with pytest.raises(TokenServiceAway, match=r"not to be trusted.*\[oauth\] ca_file"):
        token_for(ours.model_copy(update={"ca_file": None}), MAILBOX)
    with pytest.raises(TokenServiceAway, match=r"\[oauth\] ca_file cannot be read"):
        token_for(ours.model_copy(update={"ca_file": tmp_path / "nothing.pem"}), MAILBOX)
    assert service.issued == {}


def test_a_missing_library_is_named(service: TokenService, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("mail.oauth.import_module", missing)
    with pytest.raises(TokenLibraryMissing, match="needs the package msal, which is not installed"):
        token_for(oauth(service, timeout=7), MAILBOX)


def test_no_secret_and_no_token_is_in_any_log(service: TokenService, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    token = token_for(oauth(service), MAILBOX)
    forget_tokens(oauth(service))
    service.refuse("invalid_client", "AADSTS7000215: Invalid client secret provided.")
    with pytest.raises(NoToken):
        token_for(oauth(service), MAILBOX)
    assert token.value not in caplog.text
    assert SECRET not in caplog.text
