"""Wires the parts of one process: opens the database, the keys and the catalogue, and gives what runs on them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from ostiary.adapters import clock
from ostiary.adapters.accounts.codes import AuthenticatorCodes
from ostiary.adapters.accounts.passkeys import WebAuthnPasskeys
from ostiary.adapters.accounts.passwords import Argon2Passwords
from ostiary.adapters.cage.kernel import support
from ostiary.adapters.cel.failing import FailingConditions
from ostiary.adapters.config import catalogue_file, providers_file, scenarios_file
from ostiary.adapters.config.lifecycle import retention_file
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.adapters.crypto import master_key
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.adapters.crypto.master_key import KeySource
from ostiary.adapters.crypto.randomness import random_bytes
from ostiary.adapters.files.pictures import THREADS, PictureFiles
from ostiary.adapters.files.store import FileStore, store_of
from ostiary.adapters.http_client.addresses import url_fault
from ostiary.adapters.lookups.rules import PackagedLookups
from ostiary.adapters.pages.viewers import PictureViewers
from ostiary.adapters.providers.links import DocumentLinks, Linker
from ostiary.adapters.reader.availability import missing
from ostiary.adapters.reader.lanes import ReaderLanes
from ostiary.adapters.shared_clock import SharedClock
from ostiary.adapters.similarity import similarity
from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.adapters.trust.ports import TrustPorts
from ostiary.adapters.webhooks.sender import WebhookSender
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue_changes.publications import Publication, in_force
from ostiary.domain.companies.company import IpNetwork
from ostiary.domain.delivery.timing import Timing
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.errors import NotFound, Unavailable
from ostiary.settings import SettingInvalid, Settings
from ostiary.storage import opening
from ostiary.storage.backup.copy import check_whole
from ostiary.storage.keys.starting import know_keys
from ostiary.storage.server_clock import ask_time, tell_time
from ostiary.storage.store import Store
from ostiary.telemetry import metrics
from ostiary.telemetry.logs import get_logger, row_unopened
from ostiary.telemetry.reader_metrics import reader_told
from ostiary.usecases.catalogue.publish import list_publications
from ostiary.usecases.context import Context

T = TypeVar("T")
MAKERS = (
    "If there is one elsewhere, set that to its place; `ostiary company create`, `ostiary serve` and `ostiary migrate` "
    "make a new one."
)
_log = get_logger("ostiary.clock")
_catalogue_log = get_logger("ostiary.catalogue")
SWITCH_INTERVAL_S = 0.0001
"""How long one thread may keep the interpreter while another waits. The writer and the event loop hand over often;
the usual 5 ms would be most of a small request's time."""
COUNT_EVERY_S = 5.0
"""How often a process counts the audit chains that it lengthened: in between a client's calls come together, and what
could be cut off unseen is younger than this."""
LOOK_EVERY_S = 5.0
"""How often the database server's clock is looked at: in so long, this machine's gains or loses some 0.1 ms."""
PUBLISHED_EVERY_S = 2.0
"""How often a process looks whether a catalogue was published: one read of a few rows, and nobody who has just
published waits longer."""
WORTH_TELLING_MS = 1_000
"""Nothing that NTP does: somebody set the server's clock, it is another server now, or this machine slept."""


@dataclass(slots=True)
class Installation:
    """An open installation."""

    settings: Settings
    context: Context
    store: Store
    files: PictureFiles
    reader: ReaderLanes
    pool: ThreadPoolExecutor
    cipher: Keyring
    linker: Linker
    time: SharedClock
    viewers: PictureViewers
    catalogues: PinnedCatalogues
    trust: TrustInForce
    sandbox_networks: tuple[IpNetwork, ...] = ()
    """Private networks that sandbox companies' webhooks may lead to, besides those that are open to all."""

    def waking(self, wake: Callable[[], None]) -> Context:
        """What use cases need where messages that fall due are told of: to the worker by `wake`, and to others."""

        def woken() -> None:
            wake()
            self.store.engine.announce()

        return replace(self.context, wake=woken)

    def address_fault(self, url: str, in_sandbox: bool) -> str | None:
        """What is wrong with a webhook's address: only sandbox companies may use plain HTTP, and the networks that are
        open to sandboxes."""
        allowed = self.settings.allowed_private_networks
        return url_fault(url, in_sandbox, (*allowed, *self.sandbox_networks) if in_sandbox else allowed)

    async def follow_server_clock(self) -> None:
        """Follows the clock that all who share the database go by, until cancelled."""
        while self.store.engine.is_shared:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                moved_ms = await self.time.look_again(partial(ask_time, self.store.engine))
                if abs(moved_ms) >= WORTH_TELLING_MS:
                    _log.warning("clock_set", ms=moved_ms)
            except Unavailable:  # until the next look it goes on as it went
                continue
            except Exception as problem:
                _log.warning("clock_not_read", error=type(problem).__name__)

    async def follow_publications(self) -> None:
        """Follows what is published by whichever process, until cancelled."""
        before = self.catalogues.current.version
        while True:
            await asyncio.sleep(PUBLISHED_EVERY_S)
            try:
                published = await list_publications(self.context)
                await asyncio.to_thread(self.catalogues.follow, published)
                if (version := self.catalogues.current.version) != before:
                    _catalogue_log.info("catalogue_in_force", catalogue=version)
                    before = version
                    self._tell_of_providers()
            except Unavailable:  # what was in force is, until the next look
                continue
            except Exception as problem:
                _catalogue_log.error("catalogue_not_followed", error=type(problem).__name__)

    def _tell_of_providers(self) -> None:
        """This process started with a providers file of its own, which the catalogue in force may not fit: what is
        submitted to a provider that it does not know, a person decides."""
        current = self.catalogues.current
        named = {product.id: product.provider for product in current.products.values()}
        faults = providers_file.undeclared(self.context.providers, named)
        metrics.providers_missing(len(faults))
        for fault in faults:
            _catalogue_log.error("provider_unknown", catalogue=current.version, problem=fault)

    async def keep_census(self) -> None:
        """Counts audit chains as they grow, until cancelled."""
        while True:
            await asyncio.sleep(COUNT_EVERY_S)
            await self._count()

    async def _count(self) -> None:
        try:
            await self.store.census.count(self.context.now_ms())
        except Unavailable:  # they are counted the next time
            return
        except Exception as problem:
            _log.warning("chains_not_counted", error=type(problem).__name__)

    async def close_connections(self) -> None:
        """What was opened to others while working."""
        await self._count()
        await self.reader.close()
        for provider in self.context.providers.values():
            await provider.close()
        for list_ in self.context.lists:
            await list_.close()
        for federation in self.context.federations:
            await federation.provider.close()
        await self.store.release()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs one command's work to its end, and leaves nothing open."""

        async def whole() -> T:
            try:
                return await work
            finally:
                await self._count()
                await self.store.release()

        return asyncio.run(whole())


@contextmanager
def opened(settings: Settings, *, may_make: bool = False) -> Iterator[Installation]:
    """Opens an installation, or makes one where there is none if `may_make`; closes it in the end.

    Raises NotFound where there is none and none may be made, KeyMismatch for a master key that is not this database's,
    CatalogueInvalid with every fault, Unavailable for a database that does not open, SettingInvalid as `check_cage`.
    """
    check_cage(settings)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    place = database(settings)
    if may_make:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    else:
        check_installed(place, settings)
    published = opening.publications_of(place)
    catalogue = catalogue_of(settings, place, published)
    scenarios = scenarios_file.load(settings.catalogue)
    configured = providers_file.load(settings.providers, settings.public_url, settings.endpoint_timeout_s)
    providers_file.check_named(configured, {product.id: product.provider for product in catalogue.products.values()})
    check_whole(place)
    cipher = _keyring(settings, may_make_key=may_make and not opening.is_keyed(place))
    opening.migrate(place)
    store = _store(settings, place, cipher)
    pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="ostiary-pictures")
    try:
        know_keys(store.engine, cipher, clock.now_ms())
        time = SharedClock()
        tell_time(store.engine, time.look)
        opening.keep_catalogue(store.engine, catalogue.version, catalogue.source, time.now_ms(), catalogue.texts)
        limits = PictureLimits() if missing() else PictureLimits().with_pages()
        files = PictureFiles(_pictures(settings, pool), cipher, limits, pool)
        catalogues = _pinned(catalogue, store, published, time)
        reader, linker = ReaderLanes(reader_told), Linker(cipher, settings.public_url, time.now_ms)
        passwords, trust = Argon2Passwords(), TrustPorts(settings.trust, pool)
        context = Context(
            store, files, reader, trust.chips, trust.seals, trust.view, catalogues,
            PackagedLookups(), cipher, limits, time.now_ms, clock.Ids(time.now_ms).new, random_bytes, clock.chance,
            similarity, configured.providers(), partial(DocumentLinks, linker, files), passwords, AuthenticatorCodes(),
            WebAuthnPasskeys(), scenarios, configured.lists, retention=retention_file.load(settings.catalogue),
            timing=Timing(_ms(settings.lease_s), settings.first_retry_s),
            condition_failed=FailingConditions(metrics.condition_failed).report, row_unopened=row_unopened,
            quota_bytes=settings.company_quota_bytes, federations=configured.federations,
        )  # fmt: skip
        with closing(files), closing(passwords), closing(PictureViewers()) as viewers:
            yield Installation(
                settings, context, store, files, reader, pool, cipher, linker, time, viewers, catalogues, trust.in_force
            )
    finally:
        pool.shutdown()
        store.close()


def check_cage(settings: Settings) -> None:
    """Raises SettingInvalid where the kernel cannot bind decoders as the settings demand."""
    if settings.cage_required and not support().filters:
        raise SettingInvalid("OSTIARY_CAGE_REQUIRED is 1, and this kernel does not filter system calls")


def check_installed(place: opening.Database, settings: Settings) -> None:
    """Raises NotFound, naming the place and its setting, where there is no installation: a command that is run in the
    wrong folder must not answer for an empty one, nor make one."""
    if place.schema() is None:
        raise NotFound(f"There is no installation in {installation_place(place, settings)} {MAKERS}")
    if not key_source(settings).is_there and not opening.is_keyed(place):
        raise NotFound(
            f"There is a database, but no company and no key yet, in {installation_place(place, settings)} "
            "`ostiary company create` makes both. If there is an installation elsewhere, set that to its place."
        )


def installation_place(place: opening.Database, settings: Settings) -> str:
    """Where the installation is looked for, with the setting that says so."""
    if settings.database_url:
        return f"the database {place.shown} (OSTIARY_DATABASE_URL)."
    return f"the folder {settings.data_dir} (OSTIARY_DATA_DIR)."


def database(settings: Settings) -> opening.Database:
    """Where the database is. Raises Unavailable for one that is not supported."""
    return opening.database_of(
        settings.database_url, settings.database_direct_url, settings.data_dir, settings.database_timeout_s
    )


def sender(installation: Installation) -> WebhookSender:
    """What posts deliveries; `close` it."""
    settings = installation.settings
    return WebhookSender(
        settings.allowed_private_networks,
        installation.context.now_ms,
        settings.endpoint_timeout_s,
        installation.sandbox_networks,
    )


def catalogue_in_force(settings: Settings) -> Catalogue:
    """The one that is published, if one is and its database can be looked at; else the file's. Raises what
    `catalogue_of` does, and Unavailable."""
    place = database(settings)
    return catalogue_of(settings, place, opening.publications_of(place))


def catalogue_place(settings: Settings) -> str:
    """Where the catalogue in force is, for people. Raises Unavailable."""
    if publication := in_force(opening.publications_of(database(settings)), clock.now_ms()):
        return f"published, version {publication.version[:8]}"
    return str(settings.catalogue or "the one that ships")


def catalogue_of(
    settings: Settings, place: opening.Database | None = None, published: Sequence[Publication] = ()
) -> Catalogue:
    """The catalogue in force: the one that is published; as long as none is, the file that is set, or the one that
    ships. Raises CatalogueInvalid."""
    publication = in_force(published, clock.now_ms())
    if publication is not None and place is not None:
        return catalogue_file.parse(
            opening.source_of(place, publication.version), f"catalogue {publication.version}", is_kept=True
        )
    if settings.catalogue is not None:
        return catalogue_file.load(settings.catalogue)
    return catalogue_file.default()


def _pinned(
    catalogue: Catalogue, store: Store, published: Sequence[Publication], time: SharedClock
) -> PinnedCatalogues:
    rows = store.installation
    catalogues = PinnedCatalogues(catalogue, rows.catalogue_versions(), rows.catalogue_source, time.now_ms)
    catalogues.follow(published)
    return catalogues


def key_source(settings: Settings) -> KeySource:
    """Where the settings say that the master key is."""
    return KeySource(settings.data_dir, settings.master_key, settings.master_key_command, settings.master_key_file)


def _keyring(settings: Settings, *, may_make_key: bool) -> Keyring:
    """Raises what `master_key.read_masters` does."""
    return Keyring(master_key.read_masters(key_source(settings), may_make=may_make_key))


def _store(settings: Settings, place: opening.Database, cipher: Keyring) -> Store:
    lease_ms, retry_s, binds = _ms(settings.key_lease_s), settings.first_retry_s, opening.binds_seals(place)
    return Store(place.engine(), cipher, key_lease_ms=lease_ms, first_retry_s=retry_s, binds_seals=binds)


def _pictures(settings: Settings, pool: ThreadPoolExecutor) -> FileStore:
    return store_of(settings.files_url, settings.data_dir, pool, settings.store_timeout_s)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
