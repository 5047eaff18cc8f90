"""Mail that is encrypted: by S/MIME, by PGP, or by Microsoft's rights management."""

import re

from mail.mime import Part

SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_ENVELOPED = (  # object identifiers of enveloped-data (RFC 5652 6.1) and authEnvelopedData (RFC 5083 2.1)
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",
)
_RIGHTS_MANAGED = "application/x-microsoft-rpmsg-message"
_PGP = re.compile(r"(?ms)^[> \t]{0,10}-----BEGIN PGP MESSAGE-----.*?(?:^[> \t]{0,10}-----END PGP MESSAGE-----|\Z)")


def is_encrypted(part: Part) -> bool:
    """Whether what a part holds is encrypted."""
    if part.type.value in ("multipart/encrypted", "application/pgp-encrypted", _RIGHTS_MANAGED):
        return True
    if part.type.value not in SMIME:
        return False
    kind = part.type.get("smime-type").lower()
    return "enveloped" in kind or any(mark in part.beginning(64) for mark in _ENVELOPED)


def without_pgp(text: str) -> str:
    """What can be read of a text with PGP messages written into it (RFC 9580 6.2)."""
    return _PGP.sub("", text) if "-----BEGIN PGP MESSAGE-----" in text else text
