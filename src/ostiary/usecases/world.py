"""What use cases need of the world: one bundle of ports, wired once per process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ostiary.domain.audit import Entry
from ostiary.domain.catalogue import Catalogue, Field
from ostiary.domain.clients import Client, ClientStatus
from ostiary.domain.companies import ApiKey, Company
from ostiary.domain.documents import Side
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement
from ostiary.domain.messages import Delivery, Message
from ostiary.domain.messages import Outcome as MessageOutcome
from ostiary.domain.pictures import PictureFindings, PictureLimits
from ostiary.domain.ports import Cipher, Lookups
from ostiary.domain.providers import Links, Provider
from ostiary.domain.queues import Health, Room
from ostiary.domain.readings import Reading
from ostiary.domain.sandbox import Scenario
from ostiary.domain.screening import Screening
from ostiary.domain.screening_hits import Done, KeptHit
from ostiary.domain.times import day_of
from ostiary.domain.units import Guard, Unit


class Storage(Protocol):
    """Reads as domain values, and units of work in."""

    async def company(self, company_id: str) -> Company | None: ...
    async def companies(self) -> list[Company]: ...
    async def company_of_key(self, company_id: str, secret_hash: bytes) -> tuple[ApiKey, Company] | None: ...
    async def keys(self, company_id: str) -> list[ApiKey]: ...
    async def key(self, key_id: str) -> ApiKey | None: ...
    async def dossier(self, company_id: str, client_id: str) -> Dossier | None: ...
    async def client(self, company_id: str, client_id: str) -> Client | None: ...
    async def client_by_email(self, company_id: str, email_key: str) -> Client | None: ...
    async def clients(
        self, company_id: str, status: ClientStatus | None, before: str | None, limit: int
    ) -> list[Client]: ...
    async def reviews(self, company_id: str) -> list[Enablement]: ...
    async def client_of_request(self, company_id: str, enablement_id: str) -> str | None: ...
    async def holds_number(self, company_id: str, client_id: str, document_id: str) -> bool: ...
    async def number_holder(self, company_id: str, number_key: str) -> str | None: ...
    async def look_alikes(self, company_id: str, client_id: str, bands: Sequence[bytes], most: int) -> list[str]: ...
    async def refused_pictures(self, company_id: str, client_id: str, marks: Sequence[str]) -> frozenset[str]: ...
    async def hits(self, client: Client) -> list[KeptHit]: ...
    async def screening(self, company_id: str, client_id: str) -> Done | None: ...
    def picture_mark(self, company_id: str, digest: bytes) -> str: ...
    async def commit(self, unit: Unit, company: Company | None = None) -> Guard | None: ...
    async def claim(
        self, lease: str, now_ms: int, until_ms: int, most: int, room: Room | None = None
    ) -> list[tuple[Message, Company]]: ...
    async def hand_back(self, company_id: str, message_id: str, lease: str, now_ms: int) -> bool: ...
    async def next_due_ms(self) -> int | None: ...
    async def health(self, company_id: str, queue: str) -> Health: ...
    async def deliveries(
        self, company: Company, state: MessageOutcome | None, enablement_id: str | None, before: str | None, limit: int
    ) -> list[Delivery]: ...
    async def delivery(self, company: Company, message_id: str) -> Delivery | None: ...
    async def entries(self, company_id: str, owner: str) -> list[Entry]: ...


class Pictures(Protocol):
    """Measures pictures and keeps their bytes, sealed for their client."""

    async def measure(self, company_id: str, content: bytes) -> PictureFindings: ...
    async def keep(self, client: Client, document_id: str, field: str, content: bytes) -> str: ...
    async def fetch(self, client: Client, document_id: str, side: Side) -> bytes: ...


class Reader(Protocol):
    """Reads what machines can read on a document. What goes wrong is in the answer.

    `formats` are those the document may carry. Raises Unavailable when too much waits to be read.
    """

    async def read(self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date) -> Reading: ...


Linking = Callable[[Dossier, str], Links]
"""How the provider of that name gets at a client's documents."""


class Catalogues(Protocol):
    """The current catalogue and every version an enablement is pinned to."""

    @property
    def current(self) -> Catalogue: ...
    @property
    def attributes(self) -> Mapping[str, Field]: ...
    def by_version(self) -> Mapping[str, Catalogue]: ...


@dataclass(frozen=True, slots=True)
class World:
    """The ports of one process. `wake` tells the worker that a message is due."""

    storage: Storage
    pictures: Pictures
    reader: Reader
    catalogues: Catalogues
    lookups: Lookups
    cipher: Cipher
    limits: PictureLimits
    now_ms: Callable[[], int]
    new_id: Callable[[], str]
    random: Callable[[int], bytes]
    chance: Callable[[], float]
    similarity: Callable[[str, str], float]
    providers: Mapping[str, Provider]
    links: Linking
    scenarios: tuple[Scenario, ...]
    lists: tuple[Screening, ...] = ()
    wake: Callable[[], None] = lambda: None

    def today(self) -> date:
        """The UTC date."""
        return day_of(self.now_ms())
