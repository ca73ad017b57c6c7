"""Rows to domain values and back. What is personal is one sealed MessagePack value per row.

The places that sealed values are bound to (`clients/<id>/details`) are written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from ostiary.domain.audit import Entry
from ostiary.domain.clients import Client, ClientStatus, Profile
from ostiary.domain.companies import ApiKey, Chain, Company, Environment, Webhook
from ostiary.domain.documents import Document, DocumentStatus, Side
from ostiary.domain.enablement import Enablement, Review, Status
from ostiary.domain.messages import Attempt, Message, Topic
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.queues import Lane
from ostiary.domain.readings import Judgement, Reading
from ostiary.domain.rejections import Rejection
from ostiary.domain.screening import Hit
from ostiary.domain.screening_hits import HitState, KeptHit

Row = tuple[Any, ...]
COMPANIES_KEPT = 1_024
"""Every call reads its company's row; as long as that row stays the same, it is opened once."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is sealed in a company's row."""

    name: str
    signing_secret: str
    email: str | None
    webhook: Webhook
    previous_secret: str | None = None
    previous_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Details:
    """What is sealed in a client's row."""

    profile: Profile
    email_key: str
    refusals: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is sealed in a document's row."""

    metadata: Mapping[str, str | int | float | bool | None]
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What is sealed in a document's row once it was read."""

    reading: Reading | None
    judgement: Judgement | None


NOT_READ = Read(None, None)
_encode = msgspec.msgpack.Encoder().encode
_settings = msgspec.msgpack.Decoder(Settings).decode
_details = msgspec.msgpack.Decoder(Details).decode
_facts = msgspec.msgpack.Decoder(Facts).decode
_read = msgspec.msgpack.Decoder(Read).decode
_hit = msgspec.msgpack.Decoder(Hit).decode
_body = msgspec.msgpack.Decoder(dict[str, object]).decode


class Records:
    """Seals and opens rows with the data keys of their owners."""

    def __init__(self, cipher: Cipher) -> None:
        self.cipher = cipher
        self.company = lru_cache(maxsize=COMPANIES_KEPT)(self._company)

    # ---- companies ----

    def _company(self, row: Row) -> Company:
        company_id, environment, version, data_key, settings, length, head, created = row
        box = self.cipher.box(company_id, company_id, data_key)
        known = _settings(box.open(f"companies/{company_id}/settings", settings))
        return Company(
            company_id, known.name, Environment(environment), created, data_key, known.signing_secret,
            known.email, known.webhook, version, Chain(length, head), known.previous_secret, known.previous_until_ms,
        )  # fmt: skip

    def seal_company(self, company: Company) -> bytes:
        settings = Settings(
            company.name, company.signing_secret, company.email, company.webhook, company.previous_secret,
            company.previous_until_ms,
        )  # fmt: skip
        return self.company_box(company).seal(f"companies/{company.id}/settings", _encode(settings))

    def company_box(self, company: Company) -> Box:
        return self.cipher.box(company.id, company.id, company.data_key)

    # ---- clients ----

    def client(self, row: Row) -> Client:
        client_id, company_id, version, status, data_key, details, length, head, created, updated = row
        box = self.cipher.box(company_id, client_id, data_key)
        known = _details(box.open(f"clients/{client_id}/details", details))
        return Client(
            client_id, company_id, known.profile, ClientStatus(status), created, updated, data_key,
            known.email_key, known.refusals, version, Chain(length, head),
        )  # fmt: skip

    def seal_client(self, client: Client) -> bytes:
        details = Details(client.profile, client.email_key, client.refusals)
        return self.client_box(client).seal(f"clients/{client.id}/details", _encode(details))

    def client_box(self, client: Client) -> Box:
        return self.cipher.box(client.company_id, client.id, client.data_key)

    def email_mark(self, company_id: str, email_key: str) -> bytes:
        return self.cipher.mark("email", company_id, email_key)

    # ---- enablements and documents ----

    def enablement(self, row: Row, box: Box | None) -> Enablement:
        """`box` opens the reason of a rejection and a private note; without it they stay unread."""
        (enablement_id, company_id, client_id, product, catalogue, status, attempt, sequence,
         rejection, review, since, created, updated, note) = row  # fmt: skip
        because = remark = None
        if rejection is not None and box is not None:
            because = box.open(f"enablements/{enablement_id}/rejection", rejection).decode()
        if note is not None and box is not None:
            remark = box.open(f"enablements/{enablement_id}/private_note", note).decode()
        return Enablement(
            enablement_id, company_id, client_id, product, catalogue, Status(status), created, updated,
            attempt, sequence, because, None if review is None else Review(review), since, remark,
        )  # fmt: skip

    def seal_rejection(self, box: Box, enablement: Enablement) -> bytes | None:
        if enablement.rejection_description is None:
            return None
        where = f"enablements/{enablement.id}/rejection"
        return box.seal(where, enablement.rejection_description.encode())

    def seal_private_note(self, box: Box, enablement: Enablement) -> bytes | None:
        if enablement.private_note is None:
            return None
        return box.seal(f"enablements/{enablement.id}/private_note", enablement.private_note.encode())

    def document(self, row: Row, box: Box) -> Document:
        document_id, company_id, client_id, kind, status, facts, created, reading = row
        known = _facts(box.open(f"documents/{document_id}/facts", facts))
        read = NOT_READ if reading is None else _read(box.open(f"documents/{document_id}/reading", reading))
        return Document(
            document_id, company_id, client_id, kind, DocumentStatus(status), known.metadata, known.sides, created,
            read.reading, read.judgement,
        )  # fmt: skip

    def seal_document(self, box: Box, document: Document) -> bytes:
        facts = {"metadata": document.metadata, "sides": document.sides}
        return box.seal(f"documents/{document.id}/facts", _encode(facts))

    def seal_reading(self, box: Box, document: Document) -> bytes:
        return box.seal(f"documents/{document.id}/reading", _encode(Read(document.reading, document.judgement)))

    def hit_mark(self, client: Client, hit: Hit) -> bytes:
        return self.cipher.mark("screening", client.company_id, client.id, hit.list, hit.entry_id)

    def seal_hit(self, box: Box, mark: bytes, hit: Hit) -> bytes:
        return box.seal(f"screening_hits/{mark.hex()}/evidence", _encode(hit))

    def hit(self, row: Row, box: Box) -> KeptHit:
        mark, state, evidence, found_at = row
        opened = _hit(box.open(f"screening_hits/{mark.hex()}/evidence", evidence))
        return KeptHit(mark.hex(), opened, HitState(state), found_at)

    def likeness_mark(self, company_id: str, band: bytes) -> bytes:
        return self.cipher.mark("likeness", company_id, band)

    def number_mark(self, company_id: str, number_key: str) -> bytes:
        return self.cipher.mark("number", company_id, number_key)

    # ---- messages ----

    def message(self, row: Row, box: Box, lane: Lane = Lane.PROVEN) -> Message:
        company_id, message_id, topic, client_id, enablement_id, sequence, due, attempts, body, queue = row
        opened = _body(box.open(f"messages/{message_id}/body", body))
        return Message(
            message_id, company_id, Topic(topic), client_id, enablement_id, sequence, due, opened, attempts,
            queue.partition("/")[2], lane,
        )  # fmt: skip

    def attempt(self, row: Row, message_id: str, box: Box) -> Attempt:
        attempt_id, at_ms, ms, status, problem, answer = row
        opened = b"" if answer is None else box.open(f"attempts/{message_id}/{attempt_id}", answer)
        return Attempt(at_ms, ms, status, problem, opened)

    def seal_attempt(self, box: Box, message_id: str, attempt_id: str, attempt: Attempt) -> bytes | None:
        return box.seal(f"attempts/{message_id}/{attempt_id}", attempt.answer) if attempt.answer else None

    def seal_message(self, box: Box, message: Message) -> bytes:
        return box.seal(f"messages/{message.id}/body", _encode(message.body))


def api_key(row: Row) -> ApiKey:
    key_id, company_id, level, secret_hash, created, allowed, revoked, expires = row
    networks = tuple(allowed.split(",")) if allowed else ()
    return ApiKey(key_id, company_id, level, secret_hash, created, networks, revoked, expires)


def entry(row: Row) -> Entry:
    company_id, owner, position, at_ms, action, actor, subject, codes, digest, sealed = row
    named = tuple(codes.split(",")) if codes else ()
    return Entry(company_id, owner, position, at_ms, action, actor, subject, named, digest, sealed)
