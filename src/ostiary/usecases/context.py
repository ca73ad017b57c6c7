"""What use cases need of the world: one bundle of ports, wired once per process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from ostiary.domain.catalogue.catalogue import Catalogue, Field
from ostiary.domain.chip.reading import ChipReading
from ostiary.domain.chip.standing import TrustDoubt, TrustStanding
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.retry import next_wait_s
from ostiary.domain.delivery.timing import USUAL, Timing
from ostiary.domain.documents.chip_kept import ChipContent
from ostiary.domain.documents.document import Side
from ostiary.domain.documents.pictures import PictureFindings, PictureLimits
from ostiary.domain.documents.reading import Reading
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.operators.federation import Federation
from ostiary.domain.operators.passkeys import PasskeyChecks
from ostiary.domain.ports import Cipher, Lookups
from ostiary.domain.privacy.retention import USUAL as USUAL_RETENTION
from ostiary.domain.privacy.retention import Category, Rules, kept_ms
from ostiary.domain.providers.provider import Links, Provider
from ostiary.domain.sandbox.scenarios import Scenario
from ostiary.domain.screening.subject import Screening
from ostiary.domain.seals.reading import SealCheck
from ostiary.domain.seals.two_d_doc import Seal
from ostiary.domain.times import day_of
from ostiary.usecases.lines import OwnerLines
from ostiary.usecases.stores import Storage


class Pictures(Protocol):
    """Measures pictures and keeps their bytes, sealed for their client."""

    async def measure(self, company_id: str, content: bytes) -> PictureFindings: ...
    async def keep(self, client: Client, document_id: str, field: str, content: bytes) -> str: ...
    async def fetch(self, client: Client, document_id: str, side: Side) -> bytes: ...
    async def remove(self, name: str) -> None: ...
    async def remember_erased(self, company_id: str, client_id: str) -> None: ...
    async def erased(self, company_id: str) -> list[str]: ...
    async def is_erased(self, company_id: str, client_id: str) -> bool: ...
    def left(self) -> LeftPictures: ...


class ErasedWord(Protocol):
    """Word of clients that were erased, kept where pictures are: whose it claims to be, and whether it is true."""

    async def erased(self, company_id: str) -> list[str]: ...
    async def is_erased(self, company_id: str, client_id: str) -> bool: ...


class LeftPictures(Protocol):
    """What lies in the store of clients, by its names alone; each day of a company is listed once by one of these, but
    for what is asked again. Raises Unavailable."""

    async def of(self, company_id: str, client_id: str, days: Sequence[str]) -> list[str]: ...


class Reader(Protocol):
    """Reads what machines can read on a document. What goes wrong is in the answer.

    `formats` are those the document may carry; companies are read for in turn. Raises Unavailable when too much waits
    to be read.
    """

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str
    ) -> Reading: ...

    def warm(self) -> None:
        """Something will be read soon: whatever has to start for that may start now. Waits for nothing."""


class Chips(Protocol):
    """Verifies the raw files of documents' chips. What goes wrong is in the answer.

    `check` looks at what the files say of themselves; `verify` asks the trust store in force as well. `now` (UTC) tells
    centuries apart.
    """

    async def check(self, content: ChipContent, now: datetime) -> ChipReading: ...
    async def verify(self, content: ChipContent, now: datetime) -> ChipReading: ...


class Seals(Protocol):
    """Verifies the signature of a seal on paper against the trust store in force. What goes wrong is in the answer."""

    async def check(self, seal: Seal) -> SealCheck: ...


class TrustView(Protocol):
    """The trust store: how it stands, and whether it still vouches for what it once vouched for.

    Raises Refused or OSError where its file cannot be read and nothing was before; `standing` says so instead.
    """

    @property
    def is_configured(self) -> bool: ...
    async def standing(self, now: datetime) -> TrustStanding: ...
    async def version(self) -> str:
        """Of the store in force, after a look at whether the file is another one."""

    async def doubt_of(self, serial: str, anchors: Sequence[str]) -> TrustDoubt | None:
        """Of a signer (by its certificate's serial number) that anchors (SHA-256) vouched for."""


class Passwords(Protocol):
    """Hashes passwords, slowly and a few at a time. An empty hash takes as long, and no password is right.

    Raises TooManyRequests when too many wait, of all or of one address; places are kept for who `is_known` there.
    """

    async def hash(self, password: str) -> str: ...
    async def is_right(
        self, password: str, password_hash: str, address: bytes = b"", *, is_known: bool = False
    ) -> bool: ...


class Codes(Protocol):
    """Codes of authenticators: of which time step one is, after another; and what an authenticator is set up with."""

    def step_of(self, secret: str, code: str, now_ms: int, after_step: int) -> int | None: ...
    def address(self, secret: str, name: str) -> str: ...


Linking = Callable[[Dossier, str], Links]
"""How the provider of that name gets at a client's documents."""


class Catalogues(Protocol):
    """The current catalogue and every version an enablement is pinned to."""

    @property
    def current(self) -> Catalogue: ...
    @property
    def attributes(self) -> Mapping[str, Field]: ...
    def by_version(self) -> Mapping[str, Catalogue]: ...
    def declared(self, version: str) -> Catalogue: ...


@dataclass(frozen=True, slots=True)
class Context:
    """The ports of one process. `wake` tells the worker that a message is due, `condition_failed` the operator that a
    condition of the catalogue (its text) could not be evaluated for a client, `row_unopened` that a list left out a
    row of a table (of a company and a client, with the name of why) which does not open.
    `quota_bytes` is how much is kept for a company that has no quota of its own, `retention` how long what is kept."""

    storage: Storage
    pictures: Pictures
    reader: Reader
    chips: Chips
    seals: Seals
    trust: TrustView
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
    passwords: Passwords
    codes: Codes
    passkey_checks: PasskeyChecks
    scenarios: tuple[Scenario, ...]
    lists: tuple[Screening, ...] = ()
    federations: tuple[Federation, ...] = ()
    wake: Callable[[], None] = lambda: None
    condition_failed: Callable[[str], None] = lambda text: None
    row_unopened: Callable[[str, str, str, str], None] = lambda table, company_id, client_id, problem: None
    timing: Timing = USUAL
    quota_bytes: int = 0
    retention: Rules = field(default_factory=lambda: USUAL_RETENTION)
    lines: OwnerLines = field(default_factory=OwnerLines)

    def lookups_for(self, company: Company) -> Lookups:
        """The rules that the company's clients keep."""
        return self.lookups.in_sandbox if company.is_sandbox else self.lookups

    def now_of(self, company: Company) -> int:
        """The moment in a company's own time: machine time, and in a sandbox what its clock was moved ahead. It decides
        whatever a calendar decides; leases, queues, sessions, keys and audit entries are of `now_ms`."""
        return self.now_ms() + company.clock_ahead_ms

    def today_of(self, company: Company) -> date:
        """The UTC date in a company's own time."""
        return day_of(self.now_of(company))

    def next_wait_s(self, attempts: int) -> float | None:
        """Seconds to wait after that many failed attempts (from 1); None: give up."""
        return next_wait_s(attempts, self.chance(), self.timing.first_retry_s)


def links_kept_ms(context: Context) -> int:
    """How long links to the page for clients are kept once they are over."""
    return kept_ms(context.retention[Category.LINKS])
