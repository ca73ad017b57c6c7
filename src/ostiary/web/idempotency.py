"""Idempotency-Key on POST: the first answer is kept with its effect, and given again for the same content."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

import msgspec

from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import Fault, IdempotencyKeyInUse, IdempotencyKeyReused, InvalidRequest, OstiaryError
from ostiary.domain.unit import StoredResponse
from ostiary.usecases.context import Context
from ostiary.usecases.onboarding.add_document import Upload

MOST_CHARACTERS = 255
GIVING_BACK_S = 1.0
"""How long giving a key back may hold up the answer that says why, and until it is tried again."""
MOST_TRIES = 60
"""Then the lease has run out anyway."""


class AnswerRecord(Protocol):
    """What storage knows under a key."""

    @property
    def content(self) -> bytes: ...
    @property
    def status(self) -> int | None: ...
    @property
    def body(self) -> bytes | None: ...


class AnswerStore(Protocol):
    """Where answers are kept."""

    def mark(self, company_id: str, *scope: str) -> bytes: ...
    def content_mark(self, company_id: str, content: bytes) -> bytes: ...
    async def record(self, company: Company, mark: bytes, now_ms: int) -> AnswerRecord | None: ...
    async def begin(self, company_id: str, mark: bytes, content: bytes, lease: str, now_ms: int) -> bool: ...
    async def forget(self, company_id: str, mark: bytes, lease: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Replay:
    """An answer given before."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to answer under a key."""

    mark: bytes
    token: str

    def answered(self, status: int, body: bytes, client_id: str = "") -> StoredResponse:
        """`client_id` is whom the call's address names."""
        return StoredResponse(self.mark, self.token, status, body, client_id)


def check_key(key: str) -> None:
    """Raises InvalidRequest unless it is 1 to 255 visible ASCII characters."""
    if not (1 <= len(key) <= MOST_CHARACTERS and all("!" <= character <= "~" for character in key)):
        message = f"Idempotency-Key must be 1 to {MOST_CHARACTERS} visible ASCII characters"
        raise InvalidRequest(faults=(Fault("Idempotency-Key", "HEADER_INVALID", message),))


async def begin(
    context: Context, answers: AnswerStore, caller: Caller, scope: tuple[str, str, str], content: bytes
) -> Lease | Replay:
    """Takes the key (method, path, key) for this content, or gives the answer there is.

    Raises IdempotencyKeyReused for other content, IdempotencyKeyInUse while the first call runs.
    """
    company, now = caller.company, context.now_ms()
    mark = answers.mark(company.id, *scope)
    sealed = answers.content_mark(company.id, content)
    lease = Lease(mark, context.new_id())
    for _ in range(2):
        record = await answers.record(company, mark, now)
        if record is not None and record.content != sealed:
            raise IdempotencyKeyReused
        if record is not None and record.status is not None:
            return Replay(record.status, record.body or b"")
        try:
            if await answers.begin(company.id, mark, sealed, lease.token, now):
                return lease
        except OstiaryError:
            await give_back(answers, company.id, lease)  # it may have been taken: nobody knows
            raise
    raise IdempotencyKeyInUse(retry_after_s=1)


async def give_back(answers: AnswerStore, company_id: str, lease: Lease) -> None:
    """Gives the key back without an answer. While the database is away that goes on beside, so that the answer which
    says so need not wait, and the key is free as soon as it can be rather than when its lease runs out."""
    trying = asyncio.create_task(_give_back(answers, company_id, lease))
    _giving_back.add(trying)
    trying.add_done_callback(_giving_back.discard)
    await asyncio.wait({trying}, timeout=GIVING_BACK_S)


async def _give_back(answers: AnswerStore, company_id: str, lease: Lease) -> None:
    for _ in range(MOST_TRIES):
        try:
            return await answers.forget(company_id, lease.mark, lease.token)
        except OstiaryError:
            await asyncio.sleep(GIVING_BACK_S)


_giving_back: set[asyncio.Task[None]] = set()
"""Kept, or the loop would forget them."""


def content_of(body: object, raw: bytes | bytearray, expand: Collection[str] = ()) -> bytes:
    """What a call says, as parsed, so that spelling (key order, multipart boundary) does not count.

    `expand` is what the answer shall show besides: the answer kept without it is another one. Without any the content
    is what it was before `expand` counted, so that answers kept then are still found.
    """
    content = _content(body, raw)
    if not expand:
        return content
    return msgspec.msgpack.encode([content, sorted(set(expand))])


def _content(body: object, raw: bytes | bytearray) -> bytes:
    if isinstance(body, Upload):
        pictures = [None if side is None else sha256(side).digest() for side in (body.front, body.back)]
        return msgspec.msgpack.encode([body.type, body.metadata, *pictures], order="deterministic")
    if isinstance(body, msgspec.Struct):
        return msgspec.json.encode(body, order="deterministic")
    return bytes(raw)
