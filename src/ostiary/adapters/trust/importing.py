"""What an import makes of a store, and what comes and goes with it: computed, and shown, before it counts.

Nothing counts by what it says of itself. Lists need an anchor that vouches for their signer, signers of documents and
revocation lists one that signed them; a single certificate needs an operator who says that it is the right one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.chip.chain import check_chain
from ostiary.adapters.chip.revocation import RevocationList
from ostiary.adapters.chip.trust import Trust, trusted
from ostiary.adapters.trust.master_list import MasterList, fault_of
from ostiary.adapters.trust.sources import ImportedContent
from ostiary.adapters.trust.store import EntryKind, StoreEntry, TrustStore, ordered
from ostiary.domain.errors import Refused

OPERATOR = "operator"
"""The source of what an operator brought by itself."""


@dataclass(frozen=True, slots=True)
class CountryChange:
    """Anchors of one country that an import brings, and that go with it."""

    country: str
    comes: tuple[str, ...]
    goes: tuple[str, ...]


@dataclass(frozen=True)
class ImportPlan:
    """A store as it would be, what that changes by country, and what did not count, each with the reason."""

    store: TrustStore
    changes: tuple[CountryChange, ...]
    others: Counter[str]
    left_out: tuple[str, ...] = field(default=())


def plan_import(
    store: TrustStore,
    content: ImportedContent,
    vouching: tuple[ChipCertificate, ...] = (),
    *,
    may_be_older: bool = False,
) -> ImportPlan:
    """`vouching`: certificates that the operator named with the command. Refused for a list that nobody vouches for, or
    that is older than the one of its publisher that counts."""
    entries = list(store.entries)
    anchors = [*vouching, *(anchor.certificate for anchor in store.trust.anchors)] if content.lists else []
    left_out = list(content.passed_over)
    for listed in content.lists:
        if fault := fault_of(listed, anchors) or _too_old(listed, store, may_be_older):
            if len(content.lists) == 1:
                raise Refused(f"This list does not count: {fault}.")
            left_out.append(f"list of {listed.publisher or 'no country'}: {fault}")
        else:
            entries = list(_with_list(entries, listed))
    entries += [_anchor(each, (OPERATOR,)) for each in content.certificates]
    removed = {each.sha256 for each in store.of(EntryKind.REMOVED)}
    left_out += [f"{each.country} {each.sha256}: removed by an operator" for each in _anchors(entries, removed)]
    remaining = [each for each in _merged(entries) if each.kind is not EntryKind.ANCHOR or each.sha256 not in removed]
    trust = ordered(remaining).trust
    brought = [*_signers(content, trust, left_out), *_revocations(content, trust, left_out)]
    changed = ordered(newest_revocations([*remaining, *brought]))
    return ImportPlan(changed, anchor_changes(store, changed), other_changes(store, changed), tuple(left_out))


def _too_old(listed: MasterList, store: TrustStore, may_be_older: bool) -> str:
    newest = next((each for each in store.of(EntryKind.LIST) if each.country == listed.publisher), None)
    issued = written(listed.issued_at)
    if may_be_older or newest is None or newest.begin <= issued:
        return ""
    return (
        f"it is of {issued[:10]}, older than the one of {newest.begin[:10]} that counts; --older takes it all the same"
    )


def _with_list(entries: list[StoreEntry], listed: MasterList) -> Iterator[StoreEntry]:
    """What the publisher's older list brought goes, unless another source has it."""
    publisher = listed.publisher
    for each in entries:
        if each.kind is EntryKind.LIST and each.country == publisher:
            continue
        if each.kind is EntryKind.ANCHOR and publisher in each.sources:
            each = replace(each, sources=tuple(source for source in each.sources if source != publisher))
        if each.kind is not EntryKind.ANCHOR or each.sources:
            yield each
    for certificate in listed.certificates:
        yield _anchor(certificate, (publisher,))
    yield StoreEntry(
        kind=EntryKind.LIST,
        sha256=listed.sha256,
        country=publisher,
        subject=listed.signer.facts.subject,
        begin=written(listed.issued_at),
        note=f"{len(listed.certificates)} certificates, {listed.unreadable} unreadable",
    )


def _anchor(certificate: ChipCertificate, sources: tuple[str, ...]) -> StoreEntry:
    return certificate_entry(EntryKind.ANCHOR, certificate, sources)


def certificate_entry(kind: EntryKind, certificate: ChipCertificate, sources: tuple[str, ...]) -> StoreEntry:
    """A certificate as a line of the store."""
    facts, indexed = certificate.facts, trusted(certificate)
    return StoreEntry(
        kind=kind,
        sha256=facts.sha256,
        country=facts.country,
        subject=facts.subject,
        serial=facts.serial,
        begin=written(facts.valid_from),
        end=written(facts.valid_until),
        name=indexed.name,
        key_id=indexed.key_id,
        key=key_words(certificate),
        sources=sources,
        der=certificate.encoded,
    )


def key_words(certificate: ChipCertificate) -> str:
    """`rsa 4096`, `brainpoolP384r1`; nothing of a key that cannot be calculated with."""
    try:
        return certificate.key.curve or f"rsa {certificate.key.bits}"
    except ValueError:
        return ""


def _merged(entries: Iterable[StoreEntry]) -> list[StoreEntry]:
    """An anchor that several sources have is one line."""
    every = dict[tuple[EntryKind, str], StoreEntry]()
    for each in entries:
        before = every.get((each.kind, each.sha256))
        if before is not None and each.kind is EntryKind.ANCHOR:
            each = replace(each, sources=tuple(sorted({*before.sources, *each.sources})))
        every[each.kind, each.sha256] = each
    return list(every.values())


def _anchors(entries: Iterable[StoreEntry], wanted: set[str]) -> list[StoreEntry]:
    return list(
        {each.sha256: each for each in entries if each.kind is EntryKind.ANCHOR and each.sha256 in wanted}.values()
    )


def _signers(content: ImportedContent, trust: Trust, left_out: list[str]) -> Iterator[StoreEntry]:
    for certificate in content.signers:
        if check_chain(certificate, trust).anchors:
            yield certificate_entry(EntryKind.SIGNER, certificate, ())
        else:
            left_out.append(f"signer {certificate.facts.subject}: no anchor signed it")


def _revocations(content: ImportedContent, trust: Trust, left_out: list[str]) -> Iterator[StoreEntry]:
    for listed in content.revocations:
        anchors = [anchor for anchor in trust.namesakes(listed.issuer) if listed.is_signed_by(anchor.certificate)]
        if anchors:
            yield revocation_entry(listed, tuple(sorted(anchor.sha256 for anchor in anchors)))
        else:
            left_out.append(f"revocation list of {listed.country or 'no country'}: no anchor signed it")


def newest_revocations(entries: list[StoreEntry]) -> list[StoreEntry]:
    """Of the revocation lists of one issuer the newest: each names all that is revoked."""
    newest = dict[tuple[str, ...], str]()
    for each in entries:
        if each.kind is EntryKind.CRL:
            newest[each.sources] = max(each.begin, newest.get(each.sources, ""))
    return [each for each in entries if each.kind is not EntryKind.CRL or each.begin == newest[each.sources]]


def revocation_entry(listed: RevocationList, anchors: tuple[str, ...]) -> StoreEntry:
    """A revocation list as a line of the store."""
    return StoreEntry(
        kind=EntryKind.CRL,
        sha256=sha256(listed.encoded).hexdigest(),
        country=listed.country,
        begin=written(listed.issued_at),
        end=written(listed.next_at) if listed.next_at else "",
        note=f"{len(listed.serials)} revoked",
        sources=anchors,
        der=listed.encoded,
    )


def anchor_changes(
    before: TrustStore, after: TrustStore, kind: EntryKind = EntryKind.ANCHOR
) -> tuple[CountryChange, ...]:
    """Who comes and goes that vouches for others, by country: to be looked at before it counts."""
    old, new = ({each.sha256: each for each in store.of(kind)} for store in (before, after))
    comes = [each for each in after.of(kind) if each.sha256 not in old]
    goes = [each for each in before.of(kind) if each.sha256 not in new]
    return tuple(
        CountryChange(country, _subjects(comes, country), _subjects(goes, country))
        for country in sorted({each.country for each in (*comes, *goes)})
    )


def _subjects(entries: list[StoreEntry], country: str) -> tuple[str, ...]:
    return tuple(f"{each.subject} ({each.sha256})" for each in entries if each.country == country)


def other_changes(before: TrustStore, after: TrustStore) -> Counter[str]:
    """How many signers, revocation lists and signers of seals come."""
    old = {(each.kind, each.sha256) for each in before.entries}
    others = (EntryKind.SIGNER, EntryKind.CRL, EntryKind.SEAL_SIGNER)
    return Counter(
        str(each.kind) for each in after.entries if each.kind in others and (each.kind, each.sha256) not in old
    )


def written(moment: datetime) -> str:
    """ISO 8601 in UTC, whose order as texts is that of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
