"""By which certificate a time-stamp says that it was signed: stamps of a real service (`openssl ts`), and such as only
who holds its key could make, whose signature is right each time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from ostiary.adapters.audit.timestamps import anchors_of, request_of, stamped_ms
from ostiary.adapters.chip.tlv import INTEGER, OCTET_STRING, OID, SEQUENCE, SET, elements, encoded, members, whole
from ostiary.domain.errors import Tampered
from tests.servers.timestamp_service import StampingService

CONTENT = b"a checkpoint\n"
V1, V2 = bytes.fromhex("2a864886f70d010910020c"), bytes.fromhex("2a864886f70d010910022f")
SHA1, SHA512 = bytes.fromhex("2b0e03021a"), bytes.fromhex("608648016503040203")
Attributes = list[bytes]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> StampingService:
    service = StampingService(tmp_path_factory.mktemp("stamps") / "tsa")
    service.make()
    return service


@pytest.fixture(scope="module")
def stamp(service: StampingService) -> bytes:
    """A genuine answer."""
    return service.answer(request_of(sha256(CONTENT).digest(), bytes(8)))


def forged(
    service: StampingService,
    stamp: bytes,
    change: Callable[[Attributes], Attributes] = lambda attributes: attributes,
    certificate: bytes = b"",
) -> bytes:
    """The answer with other attributes, signed anew by the service's key, or with another certificate of its signer."""
    status, token = members(stamp)
    kind, wrapped = members(token.encoded)
    version, digests, content, certificates, signers = members(whole(wrapped.value).encoded)
    [signer] = elements(signers.value)
    form, named, digest, attributes, algorithm, _ = members(signer.encoded)
    text = b"".join(sorted(change([each.encoded for each in elements(attributes.value)])))
    key = load_pem_private_key((service.folder / "tsa.key").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    signature = key.sign(encoded(SET, text), PKCS1v15(), SHA256())
    parts = (form.encoded, named.encoded, digest.encoded, encoded(0xA0, text), algorithm.encoded)
    signer_bytes = encoded(SEQUENCE, b"".join(parts) + encoded(OCTET_STRING, signature))
    embedded = [each.encoded for each in elements(certificates.value)]
    if certificate:
        embedded[embedded.index(der(service))] = certificate
    data = (version.encoded, digests.encoded, content.encoded, encoded(0xA0, b"".join(embedded)))
    signed = encoded(SEQUENCE, b"".join(data) + encoded(SET, signer_bytes))
    return encoded(SEQUENCE, status.encoded + encoded(SEQUENCE, kind.encoded + encoded(0xA0, signed)))


def der(service: StampingService) -> bytes:
    certificate = x509.load_pem_x509_certificate((service.folder / "tsa.pem").read_bytes())
    return certificate.public_bytes(Encoding.DER)


def issued(service: StampingService, serial: int | None = None) -> bytes:
    """IssuerSerial of the signer, or with another number."""
    certificate = x509.load_der_x509_certificate(der(service))
    number = certificate.serial_number if serial is None else serial
    name = encoded(SEQUENCE, encoded(0xA4, certificate.issuer.public_bytes()))
    return encoded(SEQUENCE, name + encoded(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big")))


def identity(kind: bytes, *parts: bytes) -> bytes:
    """The attribute of that kind that names one certificate."""
    certificates = encoded(SEQUENCE, encoded(SEQUENCE, b"".join(parts)))
    return encoded(SEQUENCE, encoded(OID, kind) + encoded(SET, encoded(SEQUENCE, certificates)))


def hashed(name: str, content: bytes) -> bytes:
    return encoded(OCTET_STRING, hashlib.new(name, content).digest())


def others(attributes: Attributes) -> Attributes:
    """All but what names the certificate."""
    return [each for each in attributes if V1 not in each and V2 not in each]


def test_a_stamp_names_its_certificate_in_either_form(service: StampingService, stamp: bytes) -> None:
    own, anchors = der(service), anchors_of(str(service.ca))
    at_ms = stamped_ms(stamp, CONTENT, anchors)
    good = {
        "as it came": lambda before: before,
        "V1": lambda before: [*others(before), identity(V1, hashed("sha1", own), issued(service))],
        "V1 alone": lambda before: [*others(before), identity(V1, hashed("sha1", own))],
        "V2 by the usual hash": lambda before: [*others(before), identity(V2, hashed("sha256", own), issued(service))],
        "V2 by another": lambda before: [
            *others(before),
            identity(V2, encoded(SEQUENCE, encoded(OID, SHA512)), hashed("sha512", own)),
        ],
        "both": lambda before: [
            *others(before),
            identity(V1, hashed("sha1", own)),
            identity(V2, hashed("sha256", own)),
        ],
    }
    for change in good.values():
        assert stamped_ms(forged(service, stamp, change), CONTENT, anchors) == at_ms


def test_another_certificate_of_the_same_key_name_and_number_is_not_taken(
    service: StampingService, stamp: bytes
) -> None:
    swapped = forged(service, stamp, certificate=service.another_certificate())
    with pytest.raises(Tampered, match="signed by another certificate"):
        stamped_ms(swapped, CONTENT, anchors_of(str(service.ca)))


WRONG = {
    "nothing": "does not say by which certificate",
    "V2 twice": "more than once",
    "V1 and V1": "more than once",
    "V2 of another": "signed by another certificate",
    "V2 with another number": "signed by another certificate",
    "V1 right, V2 wrong": "signed by another certificate",
    "V1 wrong, V2 right": "signed by another certificate",
    "V2 by a weak hash": "by a hash of the kind sha1",
    "V2 by no hash": "by a hash of the kind",
    "no certificate named": "cannot be read",
    "no hash": "cannot be read",
    "an issuer that is no name": "cannot be read",
    "rubbish": "cannot be read",
    "too much": "cannot be read",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_stamp_says_of_its_certificate_has_to_be_right(
    service: StampingService, stamp: bytes, name: str
) -> None:
    own = der(service)
    v1, v2 = hashed("sha1", own), hashed("sha256", own)
    weak, unknown = encoded(SEQUENCE, encoded(OID, SHA1)), encoded(SEQUENCE, encoded(OID, b"\x2a\x03"))
    elsewhere = encoded(SEQUENCE, encoded(SEQUENCE, encoded(0x82, b"example.com")) + encoded(INTEGER, b"\x01"))
    empty = encoded(SEQUENCE, encoded(OID, V2) + encoded(SET, encoded(SEQUENCE, encoded(SEQUENCE, b""))))
    shallow = encoded(SEQUENCE, encoded(OID, V2) + encoded(SET, encoded(OCTET_STRING, b"\xff" * 40)))
    added: dict[str, Attributes] = {
        "nothing": [],
        "V2 twice": [identity(V2, v2), identity(V2, v2, issued(service))],
        "V1 and V1": [identity(V1, v1), identity(V1, hashed("sha1", b"x"))],
        "V2 of another": [identity(V2, hashed("sha256", b"x"))],
        "V2 with another number": [identity(V2, v2, issued(service, 7))],
        "V1 right, V2 wrong": [identity(V1, v1), identity(V2, hashed("sha256", b"x"))],
        "V1 wrong, V2 right": [identity(V1, hashed("sha1", b"x")), identity(V2, v2)],
        "V2 by a weak hash": [identity(V2, weak, v1)],
        "V2 by no hash": [identity(V2, unknown, v2)],
        "no certificate named": [empty],
        "no hash": [identity(V2, encoded(INTEGER, b"\x01"))],
        "an issuer that is no name": [identity(V2, v2, elsewhere)],
        "rubbish": [shallow],
        "too much": [identity(V2, v2, issued(service), issued(service))],
    }
    with pytest.raises(Tampered, match=WRONG[name]):
        stamped_ms(forged(service, stamp, lambda before: [*others(before), *added[name]]), CONTENT, ())
