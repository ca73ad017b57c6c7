"""`ostiary copy`: an installation from one database into another, while it serves and once more when it has stopped."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from ostiary.adapters.files.copy_pictures import AT_ONCE, CopiedFiles, copy_pictures
from ostiary.adapters.files.store import store_of
from ostiary.cli.dispatch import show
from ostiary.cli.showing import progress
from ostiary.domain.audit.verifying import check_links
from ostiary.domain.errors import NotFound, Refused
from ostiary.domain.ids import time_ms
from ostiary.domain.times import day_of
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.runtime.terminal.outcome import failed
from ostiary.settings import Settings
from ostiary.storage import opening
from ostiary.storage.audit.trail import Trail
from ostiary.storage.backup import copy as copying
from ostiary.storage.diagnostics import document_ids
from ostiary.storage.engine import BlockingConnection, Engine


def run(options: argparse.Namespace, settings: Settings) -> int:
    source = _place(options.source, settings)
    target = _place(options.target, settings)
    if source.shown == target.shown:
        raise Refused("Source and target are the same database.")
    if source.schema() is None:
        raise NotFound(f"There is no installation at {source.shown}.")
    at = source.schema() or ""
    if not opening.SCHEMA <= at <= opening.FINISHED:
        raise Refused(
            f"The source is at schema {at}, and this version copies {opening.SCHEMA} to {opening.FINISHED}: with "
            "OSTIARY_DATABASE_URL set to it, run `ostiary migrate` first."
        )
    opening.migrate(target, finish=True)
    if bool(options.files_from) is not bool(options.files_to):
        raise Refused("--files-from and --files-to belong together.")
    with _open(source) as come_from, _open(target) as go_to:
        return _copied(options, settings, (come_from, go_to), (source.shown, target.shown))


def _copied(
    options: argparse.Namespace, settings: Settings, engines: tuple[Engine, Engine], names: tuple[str, str]
) -> int:
    (source, target), (source_name, target_name) = engines, names
    copying.arrive(source)
    with source.snapshot() as moment:
        pictures = _pictures(options, settings, moment)  # first: a row never refers to what is not there
        copying.begin(target, moment)
        total = copying.count(moment)
        with progress(options, "copying", total) as advance:
            done = copying.copy(moment, target, lambda rows: advance(rows, total))
        with target.snapshot() as copy:
            with progress(options, "comparing", total) as advance:
                copying.verify(moment, copy, lambda rows: advance(rows, total))
            chains, broken = _checked(options, Trail(copy))
        copying.end(target)
    answer = {
        "from": source_name,
        "to": target_name,
        "rows": done.rows,
        "written": done.written,
        "removed": done.removed,
        "same": True,
        "chains": chains,
        "broken_chains": broken,
        "pictures": pictures.pictures,
        "pictures_written": pictures.written,
    }
    if broken:
        return failed(
            options,
            f"Copied whole, but {broken} of {chains} audit chains are broken, in the source as "
            "well: see `ostiary audit verify`.",
            EXIT_FAILED,
        )
    address = target_name if "://" in target_name else f"sqlite://{target_name}"
    picture_words = _of_pictures(pictures, is_asked=bool(options.files_from))
    show(
        options,
        answer,
        f"{target_name}: {done.rows} rows, {done.written} of them written now and {done.removed} "
        f"removed; both sides are the same, and all {chains} audit chains whole.{picture_words}\n"
        "Did the service run meanwhile? Stop it and copy once more: only what changed is written. Then start it with\n"
        f"OSTIARY_DATABASE_URL={address} (with the user, as in --to) and the same master key.",
    )
    return EXIT_OK


def _pictures(options: argparse.Namespace, settings: Settings, source: BlockingConnection) -> CopiedFiles:
    """The pictures of every document there is."""
    if not options.files_from:
        return CopiedFiles()
    ids = document_ids(source)
    prefixes = sorted({f"{company_id}/{day_of(time_ms(document_id)):%Y%m%d}/" for company_id, document_id in ids})
    with ThreadPoolExecutor(AT_ONCE) as pool, progress(options, "copying pictures") as advance:
        named = (options.files_from, options.files_to)
        stores = [store_of(url, settings.data_dir, pool, settings.store_timeout_s) for url in named]
        return asyncio.run(copy_pictures(stores[0], stores[1], prefixes, lambda done: advance(done, done + 1)))


def _of_pictures(done: CopiedFiles, *, is_asked: bool) -> str:
    if not is_asked:
        return "\nThe pictures were not copied, and are read from where they are (--files-from, --files-to copy them)."
    return f"\n{done.pictures} pictures, {done.written} of them written now, all compared."


def _checked(options: argparse.Namespace, trail: Trail) -> tuple[int, int]:
    """Chains, and how many of them are broken as far as that shows without the master key."""
    chains = broken = 0
    with progress(options, "checking the audit trail"):
        for is_whole in check_links(trail.chains(), trail.entries()):
            chains += 1
            broken += not is_whole
    return chains, broken


def _place(url: str, settings: Settings) -> opening.Database:
    """Raises Unavailable for an address that is none of ours."""
    return opening.database_of(url, "", settings.data_dir, settings.database_timeout_s)


@contextmanager
def _open(place: opening.Database) -> Iterator[Engine]:
    engine = place.engine()
    try:
        yield engine
    finally:
        engine.close()
