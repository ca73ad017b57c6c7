"""Forms of signature, by their object identifiers: RSA with PKCS #1 v1.5 and with PSS, ECDSA in DER and as r‖s.

Whatever a state may choose (Doc 9303 part 12, 4.4; BSI TR-03111 for r‖s) is verified as it chose: any length of salt,
any hash of MGF1, parameters NULL or absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm as NotCalculated
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ostiary.adapters.chip.keys import PublicKey, UnsupportedForm
from ostiary.adapters.chip.tlv import SEQUENCE, Element, elements, identifier, members, number, whole

DIGESTS: Mapping[str, str] = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""As hashlib names them."""
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 (what was signed with it is verified, and called weak)
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_RSA_PLAIN, _RSA_PSS, _MGF1 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_EC_PLAIN = "1.2.840.10045.2.1"  # a key's kind, where some write it as an algorithm
_FORMS: Mapping[str, tuple[str, str]] = {
    "1.2.840.113549.1.1.5": ("rsa", "sha1"),
    "1.2.840.113549.1.1.14": ("rsa", "sha224"),
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "1.2.840.10045.4.1": ("ecdsa", "sha1"),
    "1.2.840.10045.4.3.1": ("ecdsa", "sha224"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
    "0.4.0.127.0.7.1.1.4.1.1": ("r‖s", "sha1"),
    "0.4.0.127.0.7.1.1.4.1.2": ("r‖s", "sha224"),
    "0.4.0.127.0.7.1.1.4.1.3": ("r‖s", "sha256"),
    "0.4.0.127.0.7.1.1.4.1.4": ("r‖s", "sha384"),
    "0.4.0.127.0.7.1.1.4.1.5": ("r‖s", "sha512"),
}
_SALT_BYTES_USUAL = 20
"""RFC 4055, 3.1: what holds where parameters of PSS say nothing; its hashes are SHA-1 then."""
_SALT_BYTES_MOST = 1_024
"""As long as the longest modulus: no longer one fits."""


@dataclass(frozen=True, slots=True)
class SignatureForm:
    """How a signature was made: its kind (`rsa`, `pss`, `ecdsa`, `r‖s`), its hash by hashlib's name, and for PSS the
    hash of MGF1 and the salt's length in bytes."""

    kind: str
    digest: str
    mask_digest: str = ""
    salt_bytes: int = 0


def read_form(algorithm: bytes, digest: str = "") -> SignatureForm:
    """From an AlgorithmIdentifier in DER; `digest` is the hash of where it stands, for one that names none itself.
    Raises UnsupportedForm."""
    kind, *parameters = members(algorithm)
    name = identifier(kind)
    if name in _FORMS:
        return SignatureForm(*_FORMS[name])
    if name == _RSA_PSS:
        return _pss(parameters)
    if name in (_RSA_PLAIN, _EC_PLAIN) and digest:
        return SignatureForm("rsa" if name == _RSA_PLAIN else "ecdsa", digest)
    raise UnsupportedForm(f"a signature of the form {name}")


def digest_named(algorithm: bytes) -> str:
    """A hash's name, from its AlgorithmIdentifier. Raises UnsupportedForm."""
    name = identifier(members(algorithm)[0])
    if name not in DIGESTS:
        raise UnsupportedForm(f"a hash of the kind {name}")
    return DIGESTS[name]


def _pss(parameters: list[Element]) -> SignatureForm:
    """RFC 4055, 3.1: each part has a number, and may be left out."""
    parts = (
        {each.tag: each.value for each in elements(whole(parameters[0].encoded, SEQUENCE).value)} if parameters else {}
    )
    digest = digest_named(parts[0xA0]) if 0xA0 in parts else "sha1"
    mask = "sha1"
    if 0xA1 in parts:
        generator, *hashed = members(parts[0xA1])
        if identifier(generator) != _MGF1 or not hashed:
            raise UnsupportedForm("a mask of PSS that is not MGF1")
        mask = digest_named(hashed[0].encoded)
    salt = number(whole(parts[0xA2])) if 0xA2 in parts else _SALT_BYTES_USUAL
    if not 0 <= salt <= _SALT_BYTES_MOST or (0xA3 in parts and number(whole(parts[0xA3])) != 1):
        raise UnsupportedForm("parameters of PSS that nobody uses")
    return SignatureForm("pss", digest, mask, salt)


def verifies(key: PublicKey, form: SignatureForm, signature: bytes, signed: bytes) -> bool:
    """Whether the key made the signature over what was signed. A key of another kind than the form's did not.
    Raises UnsupportedForm for what the library does not calculate."""
    hashed = _HASHES[form.digest]
    try:
        if isinstance(key.key, rsa.RSAPublicKey):
            if form.kind not in ("rsa", "pss"):
                return False
            key.key.verify(signature, signed, _padding(form), hashed)
        else:
            if form.kind not in ("ecdsa", "r‖s"):
                return False
            key.key.verify(_in_der(form, signature, key), signed, ec.ECDSA(hashed))
    except InvalidSignature:
        return False
    except (NotCalculated, ValueError) as fault:  # such as a salt that is longer than the key
        raise UnsupportedForm(str(fault)) from None
    return True


def _padding(form: SignatureForm) -> padding.PKCS1v15 | padding.PSS:
    if form.kind == "rsa":
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(_HASHES[form.mask_digest]), form.salt_bytes)


def _in_der(form: SignatureForm, signature: bytes, key: PublicKey) -> bytes:
    """r‖s, two numbers of the curve's length, as the sequence that the library reads."""
    if form.kind == "ecdsa":
        return signature
    size = (key.bits + 7) // 8
    if len(signature) != 2 * size:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
