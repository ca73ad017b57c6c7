"""A unit of work as guarded statements: what to run, in order, and which guard each stands for.

The client's (or company's) row comes first: it is the lock, and its new version carries the end of the audit
chain that the unit's notes lengthen. The changes follow, kind by kind, each written by its table's module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from ostiary.domain import unit as changes
from ostiary.domain.audit.census import ORIGIN_BYTES
from ostiary.domain.audit.trail import STAMP_BYTES, AuditEntry, Mark, Note, key_seal, seal, stamp_of
from ostiary.domain.catalogue_changes import effects, publications
from ostiary.domain.clients.client import Client
from ostiary.domain.clients.marks import MoveMark
from ostiary.domain.companies.company import NO_CHAIN, Chain, Company
from ostiary.domain.documents import chip_kept
from ostiary.domain.hosted import brand
from ostiary.domain.hosted import changes as hosted_changes
from ostiary.domain.imports import bulk
from ostiary.domain.operators import changes as operator_changes
from ostiary.domain.ports import Cipher
from ostiary.domain.privacy import erasure, holds
from ostiary.domain.renewals import changes as renewal_changes
from ostiary.domain.review.approvals import AddApproval, DropApproval
from ostiary.domain.terms import acceptance
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import value_type
from ostiary.storage.audit.standing import said_of
from ostiary.storage.chips import document_chips
from ostiary.storage.hosted import brands, links
from ostiary.storage.hosted import sessions as hosted_sessions
from ostiary.storage.imports import bulk_imports
from ostiary.storage.keys import marks
from ostiary.storage.lifecycle import deadlines
from ostiary.storage.operators import accounts, passkeys, sessions
from ostiary.storage.privacy import erasing, erasures
from ostiary.storage.privacy import holds as hold_rows
from ostiary.storage.review import approvals
from ostiary.storage.statement import OwnerRow, Statement
from ostiary.storage.tables import answers, clients, companies, documents, enablements, messages, queues, screening
from ostiary.storage.tables import publications as publication_rows
from ostiary.storage.tables.audit import add_entry
from ostiary.storage.terms import acceptances
from ostiary.storage.unit_context import UnitContext

Writer = Callable[[UnitContext, Sequence[Any]], Iterator[Statement]]
WRITERS: Mapping[type[Change], Writer] = {
    changes.AddEnablement: enablements.add_enablements,
    changes.ChangeEnablement: enablements.change_enablements,
    effects.MoveEnablement: enablements.move_enablements,
    renewal_changes.KeepDeadline: deadlines.keep_deadlines,
    renewal_changes.DropDeadline: deadlines.drop_deadlines,
    changes.KeepProfile: clients.keep_profiles,
    changes.AddRemark: clients.add_remarks,
    DropApproval: approvals.drop_approvals,
    AddApproval: approvals.add_approvals,
    changes.ReleaseNumber: documents.release_numbers,
    changes.ChangeDocument: documents.change_documents,
    changes.AddDocument: documents.add_documents,
    chip_kept.AddChip: document_chips.add_chips,
    changes.KeepReading: documents.keep_readings,
    changes.AddLikeness: documents.add_likenesses,
    changes.ClaimNumber: documents.claim_numbers,
    changes.ContestNumber: documents.contest_numbers,
    MoveMark: marks.move_marks,
    changes.AddHit: screening.add_hits,
    changes.DecideHit: screening.decide_hits,
    changes.KeepScreening: screening.keep_screenings,
    changes.RefusePicture: documents.refuse_pictures,
    chip_kept.KeepChallenge: document_chips.keep_challenges,
    chip_kept.TakeChallenge: document_chips.take_challenges,
    acceptance.AddAcceptance: acceptances.add_acceptances,
    changes.AddKey: companies.add_keys,
    changes.ChangeKey: companies.change_keys,
    operator_changes.AddOperator: accounts.add_operators,
    operator_changes.ChangeOperator: accounts.change_operators,
    operator_changes.AddPasskey: passkeys.add_passkeys,
    operator_changes.ChangePasskey: passkeys.change_passkeys,
    operator_changes.AddSession: sessions.add_sessions,
    operator_changes.EndSession: sessions.end_single_sessions,
    operator_changes.EndSessions: sessions.end_sessions_of,
    hosted_changes.AddLink: links.add_links,
    hosted_changes.ChangeLink: links.change_links,
    hosted_changes.AddHostedSession: hosted_sessions.add_hosted_sessions,
    hosted_changes.EndHostedSession: hosted_sessions.end_hosted_sessions,
    hosted_changes.DropLink: links.drop_links,
    brand.SetBrand: brands.set_brands,
    brand.SetLogo: brands.set_logos,
    brand.RemoveBrand: brands.remove_brands,
    erasure.AddErasure: erasures.add_erasures,
    erasure.ChangeErasure: erasures.change_erasures,
    holds.AddHold: hold_rows.add_holds,
    holds.EndHold: hold_rows.end_holds,
    publications.AddPublication: publication_rows.add_publications,
    publications.ChangePublication: publication_rows.change_publications,
    bulk.HoldImport: bulk_imports.hold_imports,
    bulk.AddImport: bulk_imports.add_imports,
    bulk.AddImportRows: bulk_imports.add_rows,
    bulk.SetImportRow: bulk_imports.set_rows,
    bulk.AddImportKey: bulk_imports.add_keys,
    bulk.MoveImport: bulk_imports.move_imports,
    changes.AddMessage: messages.add_messages,
    changes.StoredResponse: answers.end_answers,
    changes.ReopenWebhook: queues.reopen_webhooks,
    changes.Redeliver: messages.redeliver,
    changes.MessageResult: messages.end_messages,
    erasure.EraseClient: erasing.erase_clients,
}
"""Who writes which kind of change, in the order in which kinds are written: the same for every unit, so that two of
them take their locks in one order. An answer and a settled message come after what they tell of."""
RANKS = {kind: rank for rank, kind in enumerate(WRITERS)}


@value_type
class CensusState:
    """What a process knows when it writes: the stamp of the newest census, and whether new chains begin keyed."""

    stamp: bytes
    begins_keyed: bool


NO_CENSUS = CensusState(bytes(STAMP_BYTES), False)


@value_type
class UnitStatements:
    """A unit's statements, and the end of the chain that it lengthens, if any: whose it is, and where it ends."""

    statements: list[Statement]
    owner: str = ""
    end: Chain | None = None


class Writing:
    """Turns units into statements, sealing on the way. `binds_seals` as in `UnitContext`."""

    def __init__(self, cipher: Cipher, *, binds_seals: bool = True) -> None:
        self._cipher, self._binds_seals = cipher, binds_seals
        self._mark: Mark = partial(cipher.lookup_hash, "audit")

    def written(self, unit: Unit, company: Company | None, state: CensusState = NO_CENSUS) -> UnitStatements:
        """`company` is whose unit it is, for its data key; None only when nothing is sealed for the company."""
        owner = unit.owner
        client = owner if isinstance(owner, Client) else None
        context = UnitContext(self._cipher, unit.company_id, unit.at_ms, client, company, self._binds_seals)
        body = list(_body(context, unit.changes))
        if owner is None:
            return UnitStatements(body)
        row = _owner_row(context, unit)
        chain, entries = self._lengthened(unit, owner, [row.statement(NO_CHAIN), *body], state)
        return UnitStatements([row.statement(chain), *entries, *body], owner.id, chain if entries else None)

    def _lengthened(
        self, unit: Unit, owner: Client | Company, writes: list[Statement], state: CensusState
    ) -> tuple[Chain, list[Statement]]:
        """The chain after the unit's notes, and their entries. The last one says how the written rows stand."""
        chain, entries = owner.chain, list[Statement]()
        is_keyed = state.begins_keyed if chain.length == 0 else stamp_of(chain.head) is not None
        stamp = _newest(state.stamp, chain)
        written = _digest(writes)
        for number, note in enumerate(unit.notes, 1):
            digest = written + said_of(writes) if is_keyed and number == len(unit.notes) else written
            entry = _entry(unit, owner.id, chain.length + 1, note, digest)
            entry_hash = key_seal(self._mark, chain.head, entry, stamp) if is_keyed else seal(chain.head, entry)
            chain = Chain(entry.position, entry_hash)
            entries.append(add_entry(entry, entry_hash))
        return chain, entries


def _owner_row(context: UnitContext, unit: Unit) -> OwnerRow:
    if isinstance(unit.owner, Client):
        return clients.owner_row(context, unit.owner, unit.owner_write)
    assert unit.owner is not None  # noqa: S101 (asked for only where there is one)
    return companies.owner_row(context, unit.owner)


def _body(context: UnitContext, unit_changes: Sequence[Change]) -> Iterator[Statement]:
    """What belongs to the owner, kind by kind."""
    kinds: dict[type[Change], list[Change]] = {}
    for change in unit_changes:
        kinds.setdefault(type(change), []).append(change)
    for kind in sorted(kinds, key=RANKS.__getitem__):
        yield from WRITERS[kind](context, kinds[kind])


def _newest(stamp: bytes, chain: Chain) -> bytes:
    """An entry says no less than the one before it: so the end of a chain says the newest census that it knew."""
    before = stamp_of(chain.head)
    is_younger = before is not None and before[:ORIGIN_BYTES] == stamp[:ORIGIN_BYTES] and before > stamp
    return before if before is not None and is_younger else stamp


def _digest(writes: list[Statement]) -> bytes:
    """SHA-256 of every ciphertext and keyed hash that is written."""
    sealed = sha256()
    for statement in writes:
        for parameter in statement.parameters:
            if isinstance(parameter, bytes):
                sealed.update(parameter)
    return sealed.digest()


def _entry(unit: Unit, owner: str, position: int, note: Note, digest: bytes) -> AuditEntry:
    return AuditEntry(
        unit.company_id, owner, position, unit.at_ms, note.action, note.actor, note.subject, note.codes, digest
    )
