"""The store: tables to read, units of work in, on whichever engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.retry import SCHEDULE_S
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.ports import Cipher
from ostiary.domain.unit import Guard, Unit
from ostiary.storage.audit.census import ChainCounter
from ostiary.storage.audit.recounting import Recounting
from ostiary.storage.audit.trail import Trail
from ostiary.storage.chips.document_chips import DocumentChips
from ostiary.storage.counting import Counting
from ostiary.storage.engine import Engine
from ostiary.storage.hosted.brands import CompanyBrands
from ostiary.storage.hosted.links import OnboardingLinks
from ostiary.storage.hosted.sessions import HostedSessions
from ostiary.storage.imports.bulk_imports import BulkImports
from ostiary.storage.keys.lookup_ring import FollowedKeys
from ostiary.storage.keys.marks import Marks
from ostiary.storage.lifecycle.deadlines import Deadlines
from ostiary.storage.operators.accounts import Operators
from ostiary.storage.operators.failures import SignInFailures
from ostiary.storage.operators.passkeys import Passkeys
from ostiary.storage.operators.sessions import Sessions
from ostiary.storage.privacy.erasing import Removal
from ostiary.storage.privacy.erasures import Erasures
from ostiary.storage.privacy.holds import Holds
from ostiary.storage.review.approvals import Approvals
from ostiary.storage.review.claims import Claims
from ostiary.storage.review.drafts import ReviewDrafts
from ostiary.storage.review.figures import FigureEvents
from ostiary.storage.review.queue import WaitingCases
from ostiary.storage.tables.answers import LEASE_MS, StoredAnswers
from ostiary.storage.tables.audit import AuditEntries
from ostiary.storage.tables.clients import CLIENT, Clients, client_of
from ostiary.storage.tables.companies import Companies
from ostiary.storage.tables.documents import DOCUMENTS, Documents, document_of
from ostiary.storage.tables.enablements import ENABLEMENTS, Enablements, enablement_of
from ostiary.storage.tables.installation import InstallationValues
from ostiary.storage.tables.messages import SentMessages
from ostiary.storage.tables.outbox import Outbox
from ostiary.storage.tables.publications import Publications
from ostiary.storage.tables.rate_limits import Standings
from ostiary.storage.tables.screening import ScreeningRuns
from ostiary.storage.tables.stored_bytes import Sums
from ostiary.storage.tables.unsized import Unsized
from ostiary.storage.terms.acceptances import TermsAcceptances
from ostiary.storage.unit_context import client_box
from ostiary.storage.unit_writer import NO_CENSUS, Writing


class Store:
    """Everything remembered, by the tables that it is in. One per process; `close` it.

    `key_lease_ms`: how long a call may hold its idempotency key. `first_retry_s`: when a message that could not be
    opened for want of its key is looked at again. `binds_seals`: details of clients are sealed for their version, which
    processes of before schema 0019 cannot open.
    """

    def __init__(
        self,
        engine: Engine,
        cipher: Cipher,
        *,
        key_lease_ms: int = LEASE_MS,
        first_retry_s: float = SCHEDULE_S[0],
        binds_seals: bool = True,
    ) -> None:
        self.engine, self._cipher = engine, cipher
        self._writing = Writing(cipher, binds_seals=binds_seals)
        self.companies = Companies(engine, cipher)
        self.clients = Clients(engine, cipher)
        self.enablements = Enablements(engine)
        self.deadlines = Deadlines(engine, cipher)
        self.queue = WaitingCases(engine)
        self.claims = Claims(engine)
        self.approvals = Approvals(engine, cipher)
        self.drafts = ReviewDrafts(engine, cipher)
        self.documents = Documents(engine, cipher)
        self.chips = DocumentChips(engine, cipher)
        self.figures = FigureEvents(engine)
        self.screening = ScreeningRuns(engine, cipher)
        self.outbox = Outbox(engine, cipher, self.companies, self.commit, first_retry_s)
        self.deliveries = SentMessages(engine, cipher)
        self.answers = StoredAnswers(engine, cipher, key_lease_ms)
        self.standings = Standings(engine, cipher)
        self.sums = Sums(engine)
        self.unsized = Unsized(engine, cipher)
        self.audit = AuditEntries(engine)
        self.installation = InstallationValues(engine)
        self.operators = Operators(engine, cipher, self.installation)
        self.passkeys = Passkeys(engine, cipher)
        self.sessions = Sessions(engine, cipher)
        self.attempts = SignInFailures(engine, cipher)
        self.onboarding_links = OnboardingLinks(engine, cipher)
        self.hosted_sessions = HostedSessions(engine, cipher)
        self.brands = CompanyBrands(engine, cipher)
        self.publications = Publications(engine)
        self.terms = TermsAcceptances(engine, cipher)
        self.erasures = Erasures(engine, cipher)
        self.holds = Holds(engine, cipher)
        self.removal = Removal(engine)
        self.imports = BulkImports(engine, cipher)
        self.counting = Counting(engine)
        self.keys = FollowedKeys(engine, cipher)
        self.marks = Marks(engine)
        self.census = ChainCounter(engine, cipher)
        self._recounting = Recounting(engine, cipher, self.census)

    async def release(self) -> None:
        """Gives back what belongs to the running event loop, before that ends."""
        await self.engine.release()

    def close(self) -> None:
        self.engine.close()

    async def dossier(self, company_id: str, client_id: str) -> Dossier | None:
        """A client with its requests and documents, of one moment where the engine can."""
        key = (company_id, client_id)
        clients, enablements, documents = await self.engine.gather((CLIENT, key), (ENABLEMENTS, key), (DOCUMENTS, key))
        if not clients:
            return None
        client = client_of(self._cipher, clients[0])
        box = client_box(self._cipher, client)
        return Dossier(
            client,
            tuple(enablement_of(row, box) for row in enablements),
            tuple(document_of(box, row) for row in documents),
        )

    async def commit(self, unit: Unit, company: Company | None = None) -> Guard | None:
        """Applies a unit wholly, durably. Gives the guard that did not hold, with nothing written.

        Raises KeyMismatch where the guard is that of keys, and this process has none that may be written under."""
        state = await self.census.state(unit.at_ms) if unit.notes else NO_CENSUS
        written = self._writing.written(unit, company or unit.company, state)
        lost = await self.engine.apply(written.statements)
        if lost is Guard.KEYS:
            await self.keys.look()
        if lost is None and written.end is not None:
            self.census.lengthened(unit.company_id, written.owner, written.end)
        return lost

    @contextmanager
    def trail(self) -> Iterator[Trail]:
        """The whole audit trail of one moment, whatever is written meanwhile. Blocks."""
        with self.engine.snapshot() as aside:
            yield Trail(aside)

    async def recount(self, now_ms: int) -> None:
        """Goes through all chains: counts what was not counted, and takes those of before into keyed entries."""
        await self._recounting.round(now_ms)

    async def check(self) -> None:
        """Raises Unavailable when the database cannot be read."""
        await self.engine.check()
