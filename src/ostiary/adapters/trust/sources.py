"""What an operator imports: master lists, ICAO's directory, certificates, revocation lists, told apart by content."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ostiary.adapters.chip.certificates import ChipCertificate, read_certificate
from ostiary.adapters.chip.revocation import RevocationList, read_revocation_list
from ostiary.adapters.chip.tlv import SEQUENCE, Malformed, elements, members
from ostiary.adapters.trust.ldif import DirectoryAttribute, is_ldif, values_in
from ostiary.adapters.trust.master_list import MasterList, read_master_list
from ostiary.domain.chip.limits import MB

MOST_IMPORT_BYTES = 128 * MB
"""ICAO's whole directory of signers has some 80 MB."""
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----")
_SEQUENCES_OF_SIGNED = 3
"""A certificate and a revocation list are each: what is signed, how, and the signature."""


@dataclass(frozen=True)
class ImportedContent:
    """What files held; `passed_over` says what could not be read, and why."""

    lists: tuple[MasterList, ...] = ()
    certificates: tuple[ChipCertificate, ...] = field(default=(), repr=False)
    signers: tuple[ChipCertificate, ...] = field(default=(), repr=False)
    revocations: tuple[RevocationList, ...] = field(default=(), repr=False)
    passed_over: tuple[str, ...] = ()

    def __add__(self, other: ImportedContent) -> ImportedContent:
        return ImportedContent(
            lists=self.lists + other.lists,
            certificates=self.certificates + other.certificates,
            signers=self.signers + other.signers,
            revocations=self.revocations + other.revocations,
            passed_over=self.passed_over + other.passed_over,
        )


def read_import(content: bytes) -> ImportedContent:
    """One file. Raises Malformed for none of these."""
    if len(content) > MOST_IMPORT_BYTES:
        raise Malformed(f"a file to import has at most {MOST_IMPORT_BYTES >> 20} MB")
    if is_ldif(content):
        return _directory(content)
    blocks = [base64.b64decode(block) for _, block in _PEM.findall(content)]
    if not blocks:
        return _binary(content)
    every = ImportedContent()
    for block in blocks:
        every += _binary(block)
    return every


def _binary(content: bytes) -> ImportedContent:
    parts = members(content)
    if len(parts) != _SEQUENCES_OF_SIGNED:
        return ImportedContent(lists=(replace(read_master_list(content), sha256=sha256(content).hexdigest()),))
    if _has_key(parts[0].value):
        return ImportedContent(certificates=(read_certificate(content),))
    return ImportedContent(revocations=(read_revocation_list(content),))


def _has_key(body: bytes) -> bool:
    """A certificate's fifth sequence is a key; a list has no more than four."""
    return sum(each.tag == SEQUENCE for each in elements(body)) >= 5


def _directory(content: bytes) -> ImportedContent:
    """Entries that cannot be read are told, and the others count."""
    every, passed_over = list[ImportedContent](), list[str]()
    for attribute, value in values_in(content):
        try:
            every.append(_attribute(attribute, value))
        except ValueError as fault:
            passed_over.append(f"{attribute}: {fault}")
    return ImportedContent(
        lists=tuple(each for content in every for each in content.lists),
        signers=tuple(each for content in every for each in content.signers),
        revocations=tuple(each for content in every for each in content.revocations),
        passed_over=tuple(passed_over),
    )


def _attribute(attribute: DirectoryAttribute, value: bytes) -> ImportedContent:
    match attribute:
        case DirectoryAttribute.CERTIFICATE:
            return ImportedContent(signers=(read_certificate(value),))
        case DirectoryAttribute.REVOCATIONS:
            return ImportedContent(revocations=(read_revocation_list(value),))
        case _:
            return ImportedContent(lists=(replace(read_master_list(value), sha256=sha256(value).hexdigest()),))
