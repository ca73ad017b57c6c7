"""By which certificate a time-stamp says that it was signed: ESSCertID (RFC 2634, 5.4) and ESSCertIDv2 (RFC 5035).

Names and serial numbers of certificates are not signed with a stamp; these are. Without them, whoever holds a second
certificate for the signer's key (one that ran out, or may do more) could put it in place of the one that was meant. RFC
3161 (2.4.2) asks for the first, RFC 5816 takes either; where both are there, each has to be right.
"""

from __future__ import annotations

import hashlib

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.chip.keys import UnsupportedForm
from ostiary.adapters.chip.names import folded, read_name
from ostiary.adapters.chip.signatures import digest_named
from ostiary.adapters.chip.signed_data import SignedData, attribute_values
from ostiary.adapters.chip.tlv import OCTET_STRING, SEQUENCE, Element, Malformed, elements, members, number, octets

SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
STRONG = ("sha256", "sha384", "sha512")
"""Hashes that the second form may name; SHA-1 is the first form's, and no reason to use the second."""
_DIRECTORY_NAME = 0xA4


def signer_fault(signed: SignedData, signer: ChipCertificate) -> str | None:
    """Why a certificate is not the one that a stamp says it was signed by; None: it is. Never raises."""
    try:
        first = attribute_values(signed, SIGNING_CERTIFICATE)
        second = attribute_values(signed, SIGNING_CERTIFICATE_V2)
        if max(len(first), len(second)) > 1:
            return "it names its certificate more than once"
        if not first and not second:
            return "it does not say by which certificate it was signed"
        identities = [_identity(each) for each in (*first, *second)]
        are_it = [_is_v1(parts, signer) for parts in identities[: len(first)]]
        are_it += [_is_v2(parts, signer) for parts in identities[len(first) :]]
    except UnsupportedForm as fault:
        return f"it names its certificate by {fault}"
    except (Malformed, ValueError, IndexError):
        return "what it says of its certificate cannot be read"
    return None if all(are_it) else "it was signed by another certificate than the one that came along"


def _identity(value: Element) -> list[Element]:
    """Of the first certificate that is named: that is the signer's."""
    certificates, *policies = members(value.encoded)
    if len(policies) > 1:
        raise Malformed("more than certificates and policies")
    return members(members(certificates.encoded)[0].encoded)


def _is_v1(parts: list[Element], signer: ChipCertificate) -> bool:
    digest, *issued = parts
    return _is(digest, "sha1", issued, signer)


def _is_v2(parts: list[Element], signer: ChipCertificate) -> bool:
    """The hash may be left out, and is SHA-256 then."""
    name = "sha256"
    if parts[0].tag == SEQUENCE:
        name = digest_named(parts[0].encoded)
        if name not in STRONG:
            raise UnsupportedForm(f"a hash of the kind {name}")
        parts = parts[1:]
    digest, *issued = parts
    return _is(digest, name, issued, signer)


def _is(digest: Element, name: str, issued: list[Element], signer: ChipCertificate) -> bool:
    if digest.tag != OCTET_STRING or len(issued) > 1:
        raise Malformed("no hash of a certificate")
    if octets(digest) != hashlib.new(name, signer.encoded, usedforsecurity=False).digest():
        return False
    return all(_is_issued(each, signer) for each in issued)


def _is_issued(item: Element, signer: ChipCertificate) -> bool:
    """Whether issuer and serial number, where they are given as well, are the certificate's."""
    names, serial = members(item.encoded)
    [general] = members(names.encoded)
    if general.tag != _DIRECTORY_NAME:
        raise Malformed("an issuer that is no name")
    [name] = elements(general.value)
    return folded(read_name(name)) == signer.issuer and number(serial) == signer.serial
