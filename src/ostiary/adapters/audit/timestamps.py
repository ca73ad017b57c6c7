"""Time-stamps of checkpoints by a service of others (RFC 3161): asking for one, and reading what it said.

The service signs the hash of a file with the time at which it saw it. Whoever rewrites an audit trail afterwards can
make a checkpoint of it and sign that, but no stamp of that day. Requests are written here; answers are signed data,
which the reader of chips' signatures knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

from ostiary.adapters.audit.signing_certificate import signer_fault
from ostiary.adapters.chip.signed_data import SignedData, check_signature, read_signed_data
from ostiary.adapters.chip.tlv import (
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    Element,
    Malformed,
    encoded,
    identifier,
    members,
    number,
    octets,
    whole,
)
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request
from ostiary.domain.chip.reading import SignatureState
from ostiary.domain.errors import Refused, Tampered

TST_INFO = "1.2.840.113549.1.9.16.1.4"
SHA256_OID = bytes.fromhex("608648016503040201")
ANSWER_MOST_BYTES = 64 << 10
"""An answer with three certificates takes some 6 kB."""
NONCE_BYTES = 8
TIMEOUT_S = 20.0
GRANTED = (0, 1)
"""Granted, and granted with changes (RFC 3161, 2.4.2)."""
MOST_ISSUERS = 5
CA_FILE_MOST_BYTES = 1 << 20
_TIME = re.compile(r"(\d{14})(?:\.\d{1,9})?Z")
Anchors = Sequence[x509.Certificate]


def request_of(digest: bytes, nonce: bytes) -> bytes:
    """What is asked about a SHA-256; the certificates are wanted in the answer."""
    imprint = encoded(
        SEQUENCE, encoded(SEQUENCE, encoded(OID, SHA256_OID) + b"\x05\x00") + encoded(OCTET_STRING, digest)
    )
    return encoded(
        SEQUENCE, encoded(INTEGER, b"\x01") + imprint + encoded(INTEGER, b"\x01" + nonce) + encoded(BOOLEAN, b"\xff")
    )


async def stamp_of(url: str, content: bytes, random_bytes: Callable[[int], bytes]) -> bytes:
    """The answer of a service about a file, once it is what was asked for. Raises Refused."""
    nonce, digest = random_bytes(NONCE_BYTES), sha256(content).digest()
    outgoing = Outgoing(timeout_s=TIMEOUT_S)
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        request = Request("POST", url, ANSWER_MOST_BYTES, headers, body=request_of(digest, nonce))
        answer = await outgoing.call(request)
    except CallFailed as failed:
        raise Refused(f"The time-stamp service did not answer: {failed.problem}") from None
    finally:
        await outgoing.close()
    if answer.status != 200 or answer.is_cut:
        raise Refused(f"The time-stamp service answered with status {answer.status}.")
    try:
        stamped_ms(answer.body, content, (), nonce)
    except Tampered as fault:
        raise Refused(f"The time-stamp service did not stamp it: {fault.message}") from None
    return answer.body


def stamped_ms(answer: bytes, content: bytes, anchors: Anchors, nonce: bytes | None = None) -> int:
    """When a service saw a file (ms since 1970). With `anchors` one of them has to vouch for who signed.

    Raises Tampered, saying what is wrong.
    """
    try:
        signed = _token(answer)
        imprint, at, answered = _info(signed)
    except (Malformed, ValueError, IndexError) as fault:
        raise Tampered(f"no time-stamp: {fault}") from None
    if imprint != sha256(content).digest():
        raise Tampered("the time-stamp is of another file")
    if nonce is not None and answered != int.from_bytes(b"\x01" + nonce, "big"):
        raise Tampered("it answers another question")
    signers = [certificate for certificate in signed.certificates if signed.is_signer(certificate)]
    if len(signers) != 1:
        raise Tampered("the time-stamp holds no certificate of its signer")
    if (check := check_signature(signed, signers[0])).state is not SignatureState.VALID:
        raise Tampered(f"the time-stamp's signature does not hold: {check.note}")
    if (problem := signer_fault(signed, signers[0])) is not None:
        raise Tampered(f"the time-stamp is not its signer's: {problem}")
    if anchors:
        _check_signer(signers[0].encoded, [each.encoded for each in signed.certificates], anchors, at)
    return int(at.timestamp() * 1000)


def anchors_of(path: str | None) -> Anchors:
    """Certificates of a PEM file; none without one. Raises Refused."""
    if path is None:
        return ()
    try:
        content = Path(path).read_bytes()[:CA_FILE_MOST_BYTES]
        return x509.load_pem_x509_certificates(content)
    except OSError as problem:
        raise Refused(f"The certificates for time-stamps cannot be read: {problem}") from None
    except ValueError:
        raise Refused(f"{path} holds no certificate in PEM.") from None


def _token(answer: bytes) -> SignedData:
    """The signed part of an answer that grants."""
    status, *token = members(whole(answer, SEQUENCE).encoded)
    code = number(members(status.encoded)[0])
    if code not in GRANTED or len(token) != 1:
        raise Malformed(f"the service refused, with status {code}")
    signed = read_signed_data(token[0].encoded)
    if signed.content_type != TST_INFO:
        raise Malformed("another kind of content is signed")
    return signed


def _info(signed: SignedData) -> tuple[bytes, datetime, int | None]:
    """Of what, when, and the number that was asked with."""
    _, _, imprint, _, at, *rest = members(whole(signed.content, SEQUENCE).encoded)
    algorithm, digest = members(imprint.encoded)
    if identifier(members(algorithm.encoded)[0]) != "2.16.840.1.101.3.4.2.1":
        raise Malformed("it is of another kind of hash")
    numbers = [number(item) for item in rest if item.tag == INTEGER]
    return octets(digest), _moment(at), numbers[0] if numbers else None


def _moment(item: Element) -> datetime:
    """With a fraction of a second that others than chips write."""
    match = _TIME.fullmatch(item.value.decode("ascii", "replace")) if item.tag == GENERALIZED_TIME else None
    if match is None:
        raise Malformed("without a time")
    return datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _check_signer(signer: bytes, embedded: Sequence[bytes], anchors: Anchors, at: datetime) -> None:
    """Whether it may stamp, and an anchor vouches for it, itself or by certificates that came along."""
    try:
        certificate = x509.load_der_x509_certificate(signer)
        others = [x509.load_der_x509_certificate(each) for each in embedded]
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (ValueError, x509.ExtensionNotFound):
        raise Tampered("who signed the time-stamp may not stamp") from None
    if list(purposes.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Tampered("who signed the time-stamp may not stamp")
    for _ in range(MOST_ISSUERS):
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise Tampered("a certificate of the time-stamp was not valid at its time")
        if certificate in anchors or any(_issued(certificate, anchor) for anchor in anchors):
            return
        issuers = [each for each in others if each != certificate and _issued(certificate, each)]
        if not issuers:
            break
        certificate = issuers[0]
    raise Tampered("nobody of those who may vouches for who signed the time-stamp")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """By a certificate that may issue others."""
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
