"""Wires the parts of one process: opens the database, the keys and the catalogue, and gives what runs on them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import structlog
from starlette.types import ASGIApp

from ostiary.adapters import catalogue_file, clock, master_key, providers_file, scenarios_file
from ostiary.adapters.addresses import url_fault
from ostiary.adapters.catalogues import PinnedCatalogues
from ostiary.adapters.encryption import Keyring
from ostiary.adapters.file_store import store_of
from ostiary.adapters.files import THREADS, PictureFiles
from ostiary.adapters.lookups import Lookups
from ostiary.adapters.providers.links import DocumentLinks, Linker
from ostiary.adapters.randomness import random_bytes
from ostiary.adapters.reader.availability import missing
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.adapters.shared_clock import SharedClock
from ostiary.adapters.similarity import similarity
from ostiary.domain.catalogue import Catalogue
from ostiary.domain.errors import Unavailable
from ostiary.domain.pictures import PictureLimits
from ostiary.http.application import Probes, build
from ostiary.http.bodies import ClientBodies
from ostiary.http.bytes_in import ByteBudget
from ostiary.http.calls import Service
from ostiary.http.documentation import pages
from ostiary.http.endpoint import Gate
from ostiary.http.limiting import RateLimiter
from ostiary.http.provider_routes import DOCUMENT, VERDICTS, Pictures, Verdicts
from ostiary.settings import Settings
from ostiary.storage import opening
from ostiary.storage.copying import check_whole
from ostiary.storage.server_time import ask_time, tell_time
from ostiary.storage.store import Store
from ostiary.usecases.world import World

T = TypeVar("T")
_log = structlog.get_logger("ostiary.clock")
SWITCH_INTERVAL_S = 0.0001
"""How long one thread may keep the interpreter while another waits. The writer and the event loop hand over often;
the usual 5 ms would be most of a small request's time."""
LOOK_EVERY_S = 5.0
"""How often the database server's clock is looked at: in so long, this machine's gains or loses some 0.1 ms."""
WORTH_TELLING_MS = 1_000
"""Nothing that NTP does: somebody set the server's clock, it is another server now, or this machine slept."""


@dataclass(slots=True)
class Opened:
    """An open installation."""

    settings: Settings
    world: World
    store: Store
    files: PictureFiles
    reader: ReaderProcess
    pool: ThreadPoolExecutor
    cipher: Keyring
    linker: Linker
    time: SharedClock

    async def keep_time(self) -> None:
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

    async def close_connections(self) -> None:
        """What was opened to others while working."""
        await self.reader.close()
        for provider in self.world.providers.values():
            await provider.close()
        for one in self.world.lists:
            await one.close()
        await self.store.release()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs one command's work to its end, and leaves nothing open."""

        async def whole() -> T:
            try:
                return await work
            finally:
                await self.store.release()

        return asyncio.run(whole())


@contextmanager
def opened(settings: Settings) -> Iterator[Opened]:
    """Opens (and, on an empty data folder, makes) everything; closes it in the end.

    Raises KeyMismatch for a master key that is not this database's, CatalogueInvalid with every fault, Unavailable
    when the database cannot be opened.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    catalogue = catalogue_of(settings)
    scenarios = scenarios_file.load(settings.catalogue)
    configured = providers_file.load(settings.providers, settings.public_url)
    providers_file.check_named(configured, {one.id: one.provider for one in catalogue.products.values()})
    place = database(settings)
    check_whole(place)
    masters = master_key.read_masters(
        settings.master_key, settings.master_key_file, settings.data_dir, may_make=not opening.is_keyed(place)
    )
    cipher = Keyring(masters)
    opening.migrate(place)
    store = Store(place.engine(), cipher)
    pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="ostiary-pictures")
    try:
        opening.install_lookup_keys(store.engine, cipher)
        time = SharedClock()
        tell_time(store.engine, time.look)
        opening.keep_catalogue(store.engine, catalogue.version, catalogue.source, time.now_ms())
        limits = PictureLimits() if missing() else PictureLimits().with_pages()
        files = PictureFiles(store_of(settings.files_url, settings.data_dir, pool), cipher, limits, pool)
        catalogues = PinnedCatalogues(catalogue, store.catalogue_versions(), store.catalogue_source)
        reader, linker = ReaderProcess(), Linker(cipher, settings.public_url, time.now_ms)
        world = World(
            store, files, reader, catalogues, Lookups(), cipher, limits, time.now_ms, clock.Ids(time.now_ms).new,
            random_bytes, clock.chance, similarity, configured.providers(), partial(DocumentLinks, linker, files),
            scenarios, configured.lists,
        )  # fmt: skip
        yield Opened(settings, world, store, files, reader, pool, cipher, linker, time)
    finally:
        pool.shutdown()
        store.close()


def application(
    parts: Opened, wake: Callable[[], None], limiter: RateLimiter | None = None,
    draining: Callable[[], bool] = lambda: False,
) -> ASGIApp:  # fmt: skip
    """The HTTP application over an open installation. `wake` tells the worker. `limiter` is one that is shared.

    `draining` says that the process is about to end.
    """
    settings = parts.settings

    def woken() -> None:
        wake()
        parts.store.engine.announce()

    world = replace(parts.world, wake=woken)
    allowed = settings.allowed_private_networks
    service = Service(
        world, ClientBodies(world.catalogues.attributes), parts.pool, settings.max_body_bytes,
        partial(_address_fault, allowed),
    )  # fmt: skip
    gate = Gate(
        service, parts.store.answers, limiter or RateLimiter(settings.rate_limit_per_second),
        ByteBudget(settings.upload_budget_bytes), settings.trusted_proxies,
    )  # fmt: skip
    providing: dict[str, ASGIApp] = {
        VERDICTS: Verdicts(gate, world),
        DOCUMENT: Pictures(gate, world, parts.linker.ticket),
    }
    return build(gate, Probes(parts.store.check, parts.store.message_counts, draining), {**pages(service), **providing})


def database(settings: Settings) -> opening.Database:
    """Where the database is. Raises Unavailable for one that is not supported."""
    return opening.database_of(settings.database_url, settings.database_direct_url, settings.data_dir)


def catalogue_of(settings: Settings) -> Catalogue:
    """The catalogue in force: the file that is set, or the one that ships. Raises CatalogueInvalid."""
    if settings.catalogue is not None:
        return catalogue_file.load(settings.catalogue)
    return catalogue_file.parse(catalogue_file.default_source(), "default_catalogue.yaml")


def _address_fault(allowed: tuple[object, ...], url: str, plain_http: bool) -> str | None:
    return url_fault(url, plain_http, allowed)  # type: ignore[arg-type]
