"""`ostiary copy`: an installation from one database into another, while it serves and once more when it has stopped."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from ostiary.cli import EXIT_FAILED, EXIT_OK
from ostiary.cli.running import failed, show
from ostiary.cli.showing import progress
from ostiary.domain.checkpoints import check_chains
from ostiary.domain.errors import NotFound, Refused
from ostiary.settings import Settings
from ostiary.storage import copying, opening
from ostiary.storage.engine import Engine
from ostiary.storage.store import Trail


def do(options: argparse.Namespace, settings: Settings) -> int:
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
    with _open(source) as come_from, _open(target) as go_to:
        return _copied(options, come_from, go_to, source.shown, target.shown)


def _copied(options: argparse.Namespace, source: Engine, target: Engine, source_name: str, target_name: str) -> int:
    copying.arrive(source)
    with source.moment() as moment:
        copying.begin(target, moment)
        total = copying.count(moment)
        with progress(options, "copying", total) as tell:
            done = copying.copy(moment, target, lambda rows: tell(rows, total))
        with target.moment() as copy:
            with progress(options, "comparing", total) as tell:
                copying.verify(moment, copy, lambda rows: tell(rows, total))
            chains, broken = _checked(options, Trail(copy))
    answer = {
        "from": source_name, "to": target_name, "rows": done.rows, "written": done.written, "removed": done.removed,
        "same": True, "chains": chains, "broken_chains": broken,
    }  # fmt: skip
    if broken:
        return failed(options, f"Copied whole, but {broken} of {chains} audit chains are broken, in the source as "
                               "well: see `ostiary audit verify`.", EXIT_FAILED)  # fmt: skip
    show(options, answer, f"{target_name}: {done.rows} rows, {done.written} of them written now and {done.removed} "
         f"removed; both sides are the same, and all {chains} audit chains intact.\n"
         "Did the service run meanwhile? Stop it and copy once more: only what changed is written. Then start it with\n"
         f"OSTIARY_DATABASE_URL={target_name} and the same master key.")  # fmt: skip
    return EXIT_OK


def _checked(options: argparse.Namespace, trail: Trail) -> tuple[int, int]:
    """Chains, and how many of them are broken."""
    chains = broken = 0
    with progress(options, "checking the audit trail"):
        for one in check_chains(trail.chains(), trail.entries()):
            chains += 1
            broken += one.fault is not None
    return chains, broken


def _place(url: str, settings: Settings) -> opening.Database:
    """Raises Unavailable for an address that is none of ours."""
    return opening.database_of(url, "", settings.data_dir)


@contextmanager
def _open(place: opening.Database) -> Iterator[Engine]:
    engine = place.engine()
    try:
        yield engine
    finally:
        engine.close()
