"""A unit of work as a value: everything a use case wants to be true, applied wholly or not at all.

Reads happen first, the domain decides, and what comes out is a `Unit`. Its writes are guarded by the versions of
what was judged: the client's row is the lock for everything of the client, the company's for its settings. A
guard that does not hold any more gives the name of the guard back, nothing is written, and the use case decides
again on fresh reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.domain.audit import Note
from ostiary.domain.clients import Client
from ostiary.domain.companies import ApiKey, Company
from ostiary.domain.documents import Document
from ostiary.domain.enablement import Enablement
from ostiary.domain.messages import Attempt, Message, Outcome
from ostiary.domain.queues import WEBHOOK_QUEUE, Health
from ostiary.domain.screening import Hit
from ostiary.domain.screening_hits import Done, HitState
from ostiary.domain.values import quick


class Guard(StrEnum):
    """What can have moved between the read and the write."""

    CLIENT = "client"
    COMPANY = "company"
    EMAIL = "email"
    PRODUCT = "product"
    NUMBER = "number"
    IDEMPOTENCY = "idempotency"
    LEASE = "lease"
    MESSAGE = "message"


@quick
@dataclass(frozen=True, slots=True)
class Answered:
    """The answer of a call under an idempotency key, kept with its effect. `lease` proves the key is still ours."""

    mark: bytes
    lease: str
    status: int
    body: bytes = field(repr=False)


@quick
@dataclass(frozen=True, slots=True)
class Settled:
    """How a claimed message stands after a try, said by the holder of its lease.

    `due_at_ms` is when it is tried again while pending. `wakes_others`: what waits for the same receiver is due now.
    `is_counted` false: nothing was tried, and the try that the claim counted is taken back. `health` is what is
    thought of the receiver from now on; None leaves it.
    """

    message_id: str
    lease: str
    outcome: Outcome
    due_at_ms: int = 0
    wakes_others: bool = False
    queue: str = WEBHOOK_QUEUE
    attempt: Attempt | None = None
    is_counted: bool = True
    health: Health | None = None


@quick
@dataclass(frozen=True, slots=True)
class Unit:
    """Writes that belong together. `client` and `company` are as they shall be, with the version that was read."""

    company_id: str
    at_ms: int
    client: Client | None = None
    client_is_new: bool = False
    details_changed: bool = False  # the profile or refusals of the client, not only its status or version
    company: Company | None = None
    key_added: ApiKey | None = None
    key_changed: ApiKey | None = None
    enablements_added: tuple[Enablement, ...] = ()
    enablements_changed: tuple[Enablement, ...] = ()
    documents_added: tuple[Document, ...] = ()
    documents_changed: tuple[Document, ...] = ()
    documents_read: tuple[Document, ...] = ()  # only what was read and judged of them
    likenesses: tuple[tuple[bytes, str], ...] = ()  # band of a picture's likeness, document id
    numbers_claimed: tuple[tuple[str, str], ...] = ()  # number key, document id
    numbers_released: tuple[str, ...] = ()  # document ids
    pictures_refused: tuple[str, ...] = ()  # keyed hashes of pictures, hex
    messages: tuple[Message, ...] = ()
    notes: tuple[Note, ...] = ()
    answered: Answered | None = None
    settled: Settled | None = None
    redelivered: str | None = None  # the id of a message that is due again
    hits_found: tuple[Hit, ...] = ()
    hits_decided: tuple[tuple[str, HitState], ...] = ()  # keys of hits, and what was decided
    screened: Done | None = None
    reopens_webhook: bool = False  # its endpoint is as good as new, and what waits for it is due
