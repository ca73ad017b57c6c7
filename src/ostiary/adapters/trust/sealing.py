"""Importing who signs seals on paper: authorities on the operator's word, signers by an authority's signature.

They are a world of their own in the store: no authority of seals vouches for a chip, and no country's certificate for a
seal. A signer without its authority counts if the operator names its fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.chip.chain import did_sign
from ostiary.adapters.chip.names import common_name_of
from ostiary.adapters.chip.revocation import RevocationList
from ostiary.adapters.chip.trust import seal_signer_name
from ostiary.adapters.seals.verifier import may_sign_seals
from ostiary.adapters.trust.importing import (
    OPERATOR,
    ImportPlan,
    anchor_changes,
    certificate_entry,
    newest_revocations,
    other_changes,
    revocation_entry,
)
from ostiary.adapters.trust.sources import ImportedContent
from ostiary.adapters.trust.store import EntryKind, StoreEntry, TrustStore, ordered
from ostiary.domain.errors import Refused


def plan_seals(store: TrustStore, content: ImportedContent, named: str | None = None) -> ImportPlan:
    """`named`: the fingerprint (SHA-256) of a signer that the operator vouches for. Refused for lists, which are of
    countries."""
    if content.lists or content.signers:
        raise Refused("Lists of countries say nothing of seals: --seals takes certificates and revocation lists.")
    gone = {each.sha256 for each in store.of(EntryKind.REMOVED)}
    left_out = list(content.passed_over)
    left_out += [
        f"{each.facts.subject}: removed by an operator" for each in content.certificates if each.sha256 in gone
    ]
    offered = [each for each in content.certificates if each.sha256 not in gone]
    authorities = [each for each in offered if each.facts.is_ca]
    left_out += [
        f"{each.facts.subject}: neither an authority nor for signatures"
        for each in offered
        if not each.facts.is_ca and not may_sign_seals(each)
    ]
    entries = [
        *store.entries,
        *(certificate_entry(EntryKind.SEAL_AUTHORITY, each, (OPERATOR,)) for each in authorities),
    ]
    counting = {each.sha256: each.certificate for each in ordered(entries).trust.seal_authorities}
    for signer in (each for each in offered if may_sign_seals(each)):
        sources = certifying(signer, counting) or ((OPERATOR,) if signer.sha256 == named else ())
        if sources:
            entries.append(seal_signer_entry(signer, sources))
        else:
            left_out.append(f"{signer.facts.subject}: no authority of seals in the store, or given, certified it")
    entries += _revocations(content.revocations, counting, left_out)
    changed = ordered(newest_revocations(entries))
    return ImportPlan(
        changed,
        anchor_changes(store, changed, EntryKind.SEAL_AUTHORITY),
        other_changes(store, changed),
        tuple(left_out),
    )


def certifying(signer: ChipCertificate, authorities: dict[str, ChipCertificate]) -> tuple[str, ...]:
    """The authorities (SHA-256) whose name a signer's certificate gives for its issuer, and whose key signed it."""
    return tuple(
        digest
        for digest, each in sorted(authorities.items())
        if common_name_of(each.subject_parts) == common_name_of(signer.issuer_parts) and did_sign(each, signer)
    )


def seal_signer_entry(signer: ChipCertificate, sources: tuple[str, ...]) -> StoreEntry:
    """A signer of seals as a line of the store, found by the two names that seals have for it."""
    name = seal_signer_name(common_name_of(signer.issuer_parts), common_name_of(signer.subject_parts))
    return replace(certificate_entry(EntryKind.SEAL_SIGNER, signer, sources), name=name)


def _revocations(
    lists: Iterable[RevocationList], authorities: dict[str, ChipCertificate], left_out: list[str]
) -> Iterator[StoreEntry]:
    for listed in lists:
        signed = tuple(digest for digest, each in sorted(authorities.items()) if listed.is_signed_by(each))
        if signed:
            yield revocation_entry(listed, signed)
        else:
            left_out.append(f"revocation list of {listed.country or 'no country'}: no authority of seals signed it")
