"""Mail signed opaquely: what was signed is the mail."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.container_fault import ContainerFault
from mail.signed import signed_content

ENTITY = b"Content-Type: text/plain; charset=utf-8\r\n\r\nHow many potholes were filled in 2023?\r\n"
OID_SIGNED, OID_DATA = (bytes.fromhex(f"06092a864886f70d0107{number}") for number in ("02", "01"))


@pytest.fixture(scope="module")
def signed() -> bytes:
    return sign(ENTITY)


def sign(entity: bytes) -> bytes:
    """An entity in signed-data, as a mail program with a certificate of its own writes it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "H")])
    before = datetime(2024, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, before, before + timedelta(days=900))
    certificate = builder.sign(key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.Binary]
    whole = pkcs7.PKCS7SignatureBuilder(entity).add_signer(certificate, key, hashes.SHA256())
    return whole.sign(Encoding.DER, options)


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def endless(tag: int, *content: bytes) -> bytes:
    """An element whose length is not told, as programs write it that do not know it yet."""
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def streamed(*pieces: bytes) -> bytes:
    octets = endless(0x24, *(der(0x04, piece) for piece in pieces))
    content = endless(0x30, OID_DATA, endless(0xA0, octets))
    digests = der(0x31, der(0x30, der(0x06, b"\x60\x86\x48\x01\x65\x03\x04\x02\x01")))
    return endless(0x30, OID_SIGNED, endless(0xA0, endless(0x30, b"\x02\x01\x01", digests, content, der(0x31, b""))))


def test_what_was_signed_is_taken_out_byte_for_byte(signed: bytes) -> None:
    assert signed_content(signed) == ENTITY


def test_a_long_mail_is_taken_out_whole() -> None:
    entity = ENTITY + b"And how many more?\r\n" * 20_000
    assert signed_content(sign(entity)) == entity


def test_a_mail_signed_in_pieces_of_untold_length_is_put_together() -> None:
    assert signed_content(streamed(ENTITY[:30], ENTITY[30:])) == ENTITY


def test_a_signature_apart_from_its_mail_holds_nothing() -> None:
    content = der(0x30, OID_DATA)
    apart = der(0x30, OID_SIGNED + der(0xA0, der(0x30, b"\x02\x01\x01" + der(0x31, b"") + content)))
    with pytest.raises(ContainerFault):
        signed_content(apart)


def hostile() -> Iterator[bytes]:
    yield b""
    yield b"\x30\x80" * 100_000
    yield b"\x30\x84\xff\xff\xff\xff"
    yield b"\x24\x80" * 50_000 + b"\0\0" * 50_000
    yield der(0x30, OID_DATA + der(0xA0, b"x"))
    yield streamed(ENTITY)[:-30]
    yield endless(0x30, OID_SIGNED, endless(0xA0, endless(0x30, *(b"\x02\x00" for _ in range(200_000)))))


@pytest.mark.parametrize("data", list(hostile()))
def test_what_is_not_signed_mail_is_refused_at_once(data: bytes) -> None:
    started = datetime.now(UTC)
    with pytest.raises(ContainerFault):
        signed_content(data)
    assert datetime.now(UTC) - started < timedelta(seconds=3)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 150), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_damage_raises_anything_but_the_declared_fault(damage: list[tuple[int, int]]) -> None:
    data = bytearray(streamed(ENTITY[:30], ENTITY[30:]))
    for place, value in damage:
        data[place % len(data)] = value
    with contextlib.suppress(ContainerFault):
        signed_content(bytes(data))
