"""Signed data (CMS, RFC 5652), as far as security objects and master lists use it: one content, one signature."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from ostiary.adapters.chip.certificates import ChipCertificate, read_certificate
from ostiary.adapters.chip.keys import UnsupportedForm
from ostiary.adapters.chip.names import FoldedName, folded, read_name
from ostiary.adapters.chip.signatures import SignatureForm, digest_named, read_form, verifies
from ostiary.adapters.chip.tlv import (
    CONSTRUCTED_OCTETS,
    SET,
    Element,
    Malformed,
    elements,
    encoded,
    identifier,
    members,
    moment,
    number,
    octets,
    whole,
)
from ostiary.domain.chip.limits import MOST_CERTIFICATES, MOST_SIGNERS
from ostiary.domain.chip.reading import SignatureState

SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{last}" for last in (3, 4, 5))
"""RFC 5652, 5 and 11, by their object identifiers."""
_BODY, _CERTIFICATES, _ATTRIBUTES, _BY_KEY_ID = 0xA0, 0xA0, 0xA0, (0x80, 0xA0)
_ATTRIBUTES_MOST = 32


@dataclass(frozen=True)
class SignedData:
    """What was signed, by whom it says, and how. `signer_name` and `signer_serial`, or `signer_key_id`, say which
    certificate is the signer's; `attributes` are the bytes of the signed attributes without tag and length."""

    content_type: str
    content: bytes = field(repr=False)
    certificates: tuple[ChipCertificate, ...] = field(repr=False)
    signer_name: FoldedName
    signer_serial: int
    signer_key_id: bytes | None
    digest_algorithm: bytes = field(repr=False)
    signature_algorithm: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    attributes: bytes | None = field(repr=False)
    signing_time: datetime | None

    def is_signer(self, certificate: ChipCertificate) -> bool:
        """Whether it is the certificate that the signature names."""
        if self.signer_key_id is not None:
            return certificate.key_id == self.signer_key_id
        return certificate.serial == self.signer_serial and certificate.issuer == self.signer_name


def read_signed_data(data: bytes) -> SignedData:
    """From BER, nothing behind it. Raises Malformed."""
    try:
        return _read(data)
    except (ValueError, IndexError) as fault:
        raise Malformed(f"no signed data: {fault}") from None


def _read(data: bytes) -> SignedData:
    kind, wrapped = members(data)
    if identifier(kind) != SIGNED_DATA or wrapped.tag != _BODY:
        raise Malformed("another kind of content")
    _, _, content, *rest = members(whole(wrapped.value).encoded)
    if rest[-1].tag != SET:
        raise Malformed("without signatures")
    signers = list(elements(rest[-1].value))
    if len(signers) != MOST_SIGNERS:
        raise Malformed(f"{len(signers)} signatures, where there is one")
    content_type, body = elements(content.value)
    return _with_signer(identifier(content_type), octets(whole(body.value)), _certificates(rest), signers[0])


def _certificates(parts: list[Element]) -> tuple[ChipCertificate, ...]:
    embedded = [each for part in parts if part.tag == _CERTIFICATES for each in elements(part.value)]
    if len(embedded) > MOST_CERTIFICATES:
        raise Malformed(f"{len(embedded)} certificates; at most {MOST_CERTIFICATES} are taken")
    return tuple(_readable(embedded))


def _readable(embedded: list[Element]) -> Iterator[ChipCertificate]:
    """One that cannot be read is left out: then its signer is unknown, which a person looks at."""
    for each in embedded:
        with suppress(Malformed):
            yield read_certificate(each.encoded)


def _with_signer(
    content_type: str, content: bytes, certificates: tuple[ChipCertificate, ...], signer: Element
) -> SignedData:
    _, named, digest, *rest = members(signer.encoded)
    attributes = rest.pop(0).value if rest[0].tag == _ATTRIBUTES else None
    algorithm, signature = rest[:2]
    name, serial, key_id = _named(named)
    return SignedData(
        content_type=content_type,
        content=content,
        certificates=certificates,
        signer_name=name,
        signer_serial=serial,
        signer_key_id=key_id,
        digest_algorithm=digest.encoded,
        signature_algorithm=algorithm.encoded,
        signature=octets(signature),
        attributes=attributes,
        signing_time=_signing_time(attributes),
    )


def _named(item: Element) -> tuple[FoldedName, int, bytes | None]:
    if item.tag in _BY_KEY_ID:
        return (
            frozenset(),
            0,
            item.value if item.tag == _BY_KEY_ID[0] else octets(Element(CONSTRUCTED_OCTETS, item.value, b"")),
        )
    issuer, serial = members(item.encoded)
    return folded(read_name(issuer)), number(serial), None


def attribute_values(data: SignedData, wanted: str) -> list[Element]:
    """Every value of a signed attribute, however often it is there. Raises Malformed, ValueError, IndexError."""
    return [value for values in _values(data.attributes or b"", wanted) for value in values]


def _values(attributes: bytes, wanted: str) -> list[list[Element]]:
    every = [members(each.encoded) for each in elements(attributes)]
    if len(every) > _ATTRIBUTES_MOST:
        raise Malformed(f"{len(every)} signed attributes")
    return [list(elements(values.value)) for kind, values in every if identifier(kind) == wanted]


def _attribute(attributes: bytes, wanted: str) -> Element | None:
    """The one value of an attribute that is there once."""
    values = _values(attributes, wanted)
    return values[0][0] if len(values) == 1 and len(values[0]) == 1 else None


def _signing_time(attributes: bytes | None) -> datetime | None:
    item = None if attributes is None else _attribute(attributes, SIGNING_TIME)
    try:
        return None if item is None else moment(item)
    except Malformed:
        return None


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """How a signature came out, with the hash it rests on (empty: unknown) and what to say of it."""

    state: SignatureState
    digest: str = ""
    note: str = ""


def check_signature(data: SignedData, certificate: ChipCertificate) -> SignatureCheck:
    """Whether the certificate's key signed the data. Never raises."""
    try:
        digest = digest_named(data.digest_algorithm)
        form = read_form(data.signature_algorithm, digest)
        if form.digest != digest:
            raise UnsupportedForm(f"the content is hashed by {digest}, and signed by {form.digest}")
        if data.attributes is None:
            raise UnsupportedForm("nothing says what was signed: there are no signed attributes")
        if note := _unlike(data, digest):
            return SignatureCheck(SignatureState.INVALID, digest, note)
        if _verifies(data, data.attributes, certificate, form):
            return SignatureCheck(SignatureState.VALID, digest)
        return SignatureCheck(SignatureState.INVALID, digest, "the signature does not fit the signer's key")
    except UnsupportedForm as fault:
        return SignatureCheck(SignatureState.UNSUPPORTED, "", str(fault))
    except (ValueError, IndexError) as fault:
        return SignatureCheck(SignatureState.INVALID, "", f"a signature that cannot be read: {fault}")


def _unlike(data: SignedData, digest: str) -> str:
    """Where the signed attributes speak of another content, or nothing."""
    attributes = data.attributes or b""
    kind, hashed = _attribute(attributes, CONTENT_TYPE), _attribute(attributes, MESSAGE_DIGEST)
    if hashed is None or octets(hashed) != hashlib.new(digest, data.content).digest():
        return "the content is not what was signed"
    return "" if kind is not None and identifier(kind) == data.content_type else "another kind of content was signed"


def _verifies(data: SignedData, attributes: bytes, certificate: ChipCertificate, form: SignatureForm) -> bool:
    """Over the attributes as they came, then in the order of DER: some write them in one order and sign the other."""
    in_order = b"".join(sorted(each.encoded for each in elements(attributes)))
    texts = dict.fromkeys((attributes, in_order))
    return any(verifies(certificate.key, form, data.signature, encoded(SET, text)) for text in texts)
