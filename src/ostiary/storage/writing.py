"""A unit of work as guarded statements: what to run, in order, and which guard each stands for.

The client's (or company's) row comes first: it is the lock, and its new version carries the end of the audit
chain that the unit's notes lengthen.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from ostiary.domain.audit import Entry, Note, seal
from ostiary.domain.companies import Chain, Company
from ostiary.domain.documents import DocumentStatus
from ostiary.domain.ports import Box
from ostiary.domain.units import Guard, Unit
from ostiary.storage import sending
from ostiary.storage import statements as sql
from ostiary.storage.records import Records
from ostiary.storage.running import Statement


class Writing:
    """Turns units into statements, sealing on the way. `company` is whose unit it is (for its data key)."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def statements(self, unit: Unit, company: Company | None) -> list[Statement]:
        """`company` may be None only when nothing of the unit is sealed for the company."""
        body = list(self._body(unit, company))
        sealed = sha256()
        for statement in body:
            for parameter in statement.parameters:
                if isinstance(parameter, bytes):
                    sealed.update(parameter)
        return [*self._owner(unit, sealed.digest()), *body]

    # ---- the owner's row and its chain ----

    def _owner(self, unit: Unit, digest: bytes) -> Iterator[Statement]:
        if unit.client is not None:
            details = self._records.seal_client(unit.client) if unit.client_is_new or unit.details_changed else b""
            chain, entries = _lengthened(unit, unit.client.id, unit.client.chain, digest, details)
            yield self._client(unit, chain, details)
            yield from entries
        elif unit.company is not None:
            settings = self._records.seal_company(unit.company)
            chain, entries = _lengthened(unit, unit.company.id, unit.company.chain, digest, settings)
            yield self._company(unit.company, chain, settings)
            yield from entries

    def _client(self, unit: Unit, chain: Chain, details: bytes) -> Statement:
        client = unit.client
        assert client is not None  # noqa: S101 (asked by the caller)
        head = (chain.length, chain.head)
        if unit.client_is_new:
            mark = self._records.email_mark(client.company_id, client.email_key)
            values = (client.company_id, client.id, client.status, mark, client.data_key, details, *head)
            return Statement(sql.ADD_CLIENT, (*values, client.created_at_ms, client.updated_at_ms), Guard.EMAIL)
        key = (client.company_id, client.id, client.version, client.status, *head, client.updated_at_ms)
        if not unit.details_changed:
            return Statement(sql.TOUCH_CLIENT, key, Guard.CLIENT)
        mark = self._records.email_mark(client.company_id, client.email_key)
        return Statement(sql.CHANGE_CLIENT, (*key, mark, details), Guard.CLIENT)

    def _company(self, company: Company, chain: Chain, settings: bytes) -> Statement:
        if company.version == 0:
            values = (company.id, company.environment, 1, company.data_key, settings, chain.length, chain.head)
            return Statement(sql.ADD_COMPANY, (*values, company.created_at_ms), Guard.COMPANY)
        changed = (company.id, company.version, settings, chain.length, chain.head)
        return Statement(sql.CHANGE_COMPANY, changed, Guard.COMPANY)

    # ---- what belongs to the owner ----

    def _body(self, unit: Unit, company: Company | None) -> Iterator[Statement]:
        if unit.client is not None:
            yield from self._of_client(unit, self._records.client_box(unit.client))
        if unit.key_added is not None:
            key = unit.key_added
            values = (key.company_id, key.id, key.secret_hash, key.level, ",".join(key.allowed), key.created_at_ms)
            yield Statement(sql.ADD_KEY, (*values, key.revoked_at_ms, key.expires_at_ms))
        if unit.key_changed is not None:
            key = unit.key_changed
            changed = (key.company_id, key.id, ",".join(key.allowed), key.revoked_at_ms, key.expires_at_ms)
            yield Statement(sql.CHANGE_KEY, changed)
        if company is not None:
            yield from self._for_company(unit, company)
        yield from sending.by_hand(unit)
        if unit.settled is not None:
            box = None if company is None else self._records.company_box(company)
            yield from sending.settled(unit, unit.settled, self._records, box)

    def _of_client(self, unit: Unit, box: Box) -> Iterator[Statement]:
        for one in unit.enablements_added:
            rejection = self._records.seal_rejection(box, one)
            values = (one.id, one.company_id, one.client_id, one.product, one.catalogue_version, one.status)
            progress = (one.attempt, one.sequence, rejection, one.review, one.review_since_ms)
            times = (one.created_at_ms, one.updated_at_ms, self._records.seal_private_note(box, one))
            yield Statement(sql.ADD_ENABLEMENT, (*values, *progress, *times), Guard.PRODUCT)
        for one in unit.enablements_changed:
            rejection = self._records.seal_rejection(box, one)
            progress = (one.attempt, one.sequence, rejection, one.review, one.review_since_ms)
            key = (one.company_id, one.client_id, one.id, one.status)
            ends = (one.updated_at_ms, self._records.seal_private_note(box, one))
            yield Statement(sql.CHANGE_ENABLEMENT, (*key, *progress, *ends), Guard.CLIENT)
        yield from self._documents(unit, box)

    def _documents(self, unit: Unit, box: Box) -> Iterator[Statement]:
        client_id = unit.client.id if unit.client else ""
        for document_id in unit.numbers_released:
            yield Statement(sql.RELEASE_NUMBER, (unit.company_id, client_id, document_id))
        for one in unit.documents_changed:
            yield Statement(sql.CHANGE_DOCUMENT, (one.company_id, one.client_id, one.id, one.status), Guard.CLIENT)
            if one.status is DocumentStatus.REPLACED:
                yield Statement(sql.RELEASE_NUMBER, (one.company_id, one.client_id, one.id))
        for one in unit.documents_added:
            facts = self._records.seal_document(box, one)
            values = (one.company_id, one.client_id, one.id, one.type, one.status, facts, one.created_at_ms)
            yield Statement(sql.ADD_DOCUMENT, values, Guard.CLIENT)
        for one in unit.documents_read:
            reading = self._records.seal_reading(box, one)
            yield Statement(sql.READ_DOCUMENT, (one.company_id, one.client_id, one.id, reading), Guard.CLIENT)
        for band, document_id in unit.likenesses:
            mark = self._records.likeness_mark(unit.company_id, band)
            yield Statement(sql.ADD_LIKENESS, (unit.company_id, mark, client_id, document_id))
        for number_key, document_id in unit.numbers_claimed:
            mark = self._records.number_mark(unit.company_id, number_key)
            yield Statement(sql.CLAIM_NUMBER, (unit.company_id, mark, client_id, document_id), Guard.NUMBER)
        yield from self._screening(unit, client_id, box)
        for picture in unit.pictures_refused:
            yield Statement(sql.REFUSE_PICTURE, (unit.company_id, client_id, bytes.fromhex(picture), unit.at_ms))

    def _screening(self, unit: Unit, client_id: str, box: Box) -> Iterator[Statement]:
        for hit in unit.hits_found if unit.client is not None else ():
            mark = self._records.hit_mark(unit.client, hit)  # type: ignore[arg-type]
            evidence = self._records.seal_hit(box, mark, hit)
            yield Statement(sql.ADD_HIT, (unit.company_id, client_id, mark, evidence, unit.at_ms))
        for key, state in unit.hits_decided:
            values = (unit.company_id, client_id, bytes.fromhex(key), state)
            yield Statement(sql.DECIDE_HIT, values, Guard.CLIENT)
        if unit.screened is not None:
            done = unit.screened
            yield Statement(sql.SCREENED, (unit.company_id, client_id, done.lists, done.subject_mark, unit.at_ms))

    def _for_company(self, unit: Unit, company: Company) -> Iterator[Statement]:
        box = self._records.company_box(company)
        yield from sending.added(unit, self._records, box)
        if unit.answered is not None:
            answer = unit.answered
            body = box.seal(f"answers/{answer.mark.hex()}/body", answer.body)
            values = (unit.company_id, answer.mark, answer.lease, answer.status, body)
            yield Statement(sql.END_ANSWER, values, Guard.IDEMPOTENCY)


def _lengthened(unit: Unit, owner: str, chain: Chain, digest: bytes, details: bytes) -> tuple[Chain, list[Statement]]:
    """The chain after the unit's notes, and their entries."""
    if details:
        digest = sha256(digest + details).digest()
    entries = []
    for note in unit.notes:
        entry = _entry(unit, owner, chain.length + 1, note, digest)
        chain = Chain(entry.position, seal(chain.head, entry))
        key = (entry.company_id, entry.owner, entry.position, entry.at_ms, entry.action, entry.actor, entry.subject)
        entries.append(Statement(sql.ADD_ENTRY, (*key, ",".join(entry.codes), entry.digest, chain.head)))
    return chain, entries


def _entry(unit: Unit, owner: str, position: int, note: Note, digest: bytes) -> Entry:
    return Entry(
        unit.company_id, owner, position, unit.at_ms, note.action, note.actor, note.subject, note.codes, digest
    )
