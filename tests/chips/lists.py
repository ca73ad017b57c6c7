"""Master lists and directories of our own."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from ostiary.adapters.trust.master_list import CONTENT_TYPE
from ostiary.domain.chip.purposes import MASTER_LIST_SIGNER
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.issuing import CertificatePlan, SigningKey
from tests.chips.builder import NOW, YEAR, Build, csca_certificate, named
from tests.chips.keys import ec_key


def country(code: str, which: int) -> Build:
    """A country that signs certificates."""
    return Build(csca=ec_key(which=which), csca_name=named(code))


GERMANY, NETHERLANDS, ARGENTINA, URUGUAY = (("DE", 11), ("NL", 12), ("AR", 13), ("UY", 14))


@cache
def anchor_of(code_and_key: tuple[str, int]) -> bytes:
    return csca_certificate(country(*code_and_key))


@dataclass(frozen=True)
class ListPlan:
    """A master list of a publisher; `certified_by` in the place of its own country's key."""

    publisher: tuple[str, int] = GERMANY
    listed: tuple[bytes, ...] = ()
    at: datetime = NOW - timedelta(days=10)
    certified_by: SigningKey | None = None
    purposes: tuple[str, ...] = (MASTER_LIST_SIGNER,)
    signer: SigningKey = field(default_factory=lambda: ec_key(which=20))
    begin: datetime = NOW - YEAR
    says_when: bool = True
    is_embedded: bool = True
    content_type: str = CONTENT_TYPE


@cache
def master_list(plan: ListPlan) -> bytes:
    home = country(*plan.publisher)
    signer = issuing.certificate(
        CertificatePlan(
            subject=named(plan.publisher[0], "List signer"),
            issuer=home.csca_name,
            serial=5,
            begin=plan.begin,
            end=plan.begin + 2 * YEAR,
            extensions=(issuing.signing_only(), issuing.purposes(*plan.purposes)),
        ),
        plan.signer.key_info,
        plan.certified_by or home.csca,
    )
    content = der.sequence(der.integer(0), der.set_of(*plan.listed))
    attributes = issuing.attributes(CONTENT_TYPE, content, "sha256", plan.at if plan.says_when else None)
    information = issuing.signer_info(der.sequence(home.csca_name, der.integer(5)), plan.signer, attributes)
    embedded = (signer, csca_certificate(home)) if plan.is_embedded else ()
    return issuing.signed_data(plan.content_type, content, embedded, information)


def ldif(*entries: tuple[str, bytes]) -> bytes:
    """A directory's file: attributes in base64, folded after 76 characters."""
    lines = ["# of our own", "version: 1"]
    for number, (name, value) in enumerate(entries):
        text = f"{name}:: {base64.b64encode(value).decode()}"
        pieces = [text[:76], *(f" {text[at : at + 75]}" for at in range(76, len(text), 75))]
        lines += ["", f"dn: cn={number},o=dsc,c=AR,dc=data,dc=download,dc=pkd,dc=icao,dc=int", "cn: x", *pieces]
    return ("\r\n".join(lines) + "\r\n").encode()


def pem(what: str, *contents: bytes) -> bytes:
    blocks = (
        f"-----BEGIN {what}-----\n{base64.encodebytes(content).decode()}-----END {what}-----\n" for content in contents
    )
    return "".join(blocks).encode()
