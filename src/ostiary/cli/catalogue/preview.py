"""`ostiary catalogue preview`: whom another catalogue would meet, over everybody there is, of one moment."""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from ostiary.app import Installation, opened
from ostiary.cli.catalogue.naming import catalogue_named
from ostiary.cli.catalogue.preview_work import (
    COLUMNS,
    PreviewCounts,
    PreviewedBatch,
    PreviewTask,
    begin,
    previewed_together,
)
from ostiary.cli.dispatch import show
from ostiary.cli.showing import progress
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.storage.live_clients import COUNT_LIVE_REQUESTS, live_clients

TOGETHER = 500
"""Clients that are handed to a process at once: some 30 ms of its work."""
WAITING = 4
"""Batches for each process that are read ahead: what is in memory stays small, whatever the number of clients."""
Listing = Callable[[Sequence[tuple[str, ...]]], None]
"""Takes requests that are listed, some at a time."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    target = catalogue_named(settings, options.file)
    with opened(settings) as installation:
        task = installation.run(task_of(installation, target))
        with progress(options, "live requests") as tell, listing(options.out) as write:
            counts = preview(installation, task, options.processes or os.cpu_count() or 1, tell, write)
    show(options, answer_of(target, counts), _words(target, counts, options.out))
    return EXIT_OK


async def task_of(installation: Installation, target: Catalogue) -> PreviewTask:
    context, rows = installation.context, installation.store.installation
    days = {each.id: context.today_of(each) for each in await context.storage.companies.every()}
    sources = {version: rows.catalogue_source(version) or "" for version in rows.catalogue_versions()}
    return PreviewTask(
        settings=installation.settings,
        sources=sources,
        current=context.catalogues.current.version,
        target=target.source,
        days=days,
    )


def preview(
    installation: Installation,
    task: PreviewTask,
    processes: int,
    tell: Callable[[int, int], None],
    write: Listing,
) -> PreviewCounts:
    """Reads one moment of the database, and has processes open and judge it. What is listed is written as it comes."""
    counts, waiting = PreviewCounts(), deque[Future[PreviewedBatch]]()

    def settle(most: int) -> None:
        while len(waiting) > most:
            batch = waiting.popleft().result()
            counts.add(batch.counts)
            write(batch.concerned)
            tell(counts.outcomes.total(), total)

    spawn = multiprocessing.get_context("spawn")
    with (
        installation.store.engine.snapshot() as aside,
        ProcessPoolExecutor(processes, spawn, begin, (task,)) as pool,
    ):
        total = int(aside.rows(COUNT_LIVE_REQUESTS)[0][0])
        for packed in live_clients(aside, TOGETHER):
            waiting.append(pool.submit(previewed_together, packed))
            settle(WAITING * processes)
        settle(0)
    return counts


@contextmanager
def listing(out: str | None) -> Iterator[Listing]:
    """Writes requests into a file: as JSON where its name ends so, else as CSV; nowhere without a name."""
    if out is None:
        yield lambda rows: None
        return
    with Path(out).open("w", newline="", encoding="utf-8") as file:
        if not out.endswith(".json"):
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            yield writer.writerows
            return
        before = "["

        def write(rows: Sequence[tuple[str, ...]]) -> None:
            nonlocal before
            for row in rows:
                file.write(before + json.dumps(dict(zip(COLUMNS, row, strict=True))))
                before = ",\n"

        yield write
        file.write("[]" if before == "[" else "]")


def answer_of(target: Catalogue, counts: PreviewCounts) -> dict[str, object]:
    """For machines."""
    outcomes = [
        {"product": product, "status": status, "outcome": outcome, "requests": count}
        for (product, status, outcome), count in sorted(counts.outcomes.items())
    ]
    more = [
        {"product": product, "status": status, "asked_more": name, "requests": count}
        for (product, status, name), count in sorted(counts.more.items())
    ]
    return {"version": target.version, "outcomes": outcomes, "asked_more": more, "listed": counts.listed}


def _words(target: Catalogue, counts: PreviewCounts, out: str | None) -> str:
    lines = [f"Under version {target.version}, of {counts.outcomes.total():,} live requests:"]
    for (product, status, name), count in sorted(counts.more.items()):
        lines.append(f"  {count:>9,}  {product}, {status}: would miss {name}")
    gone = sum(count for (_, _, outcome), count in counts.outcomes.items() if outcome == "not_offered")
    if gone:
        lines.append(f"  {gone:>9,}  stay as they are: their product is not in it")
    if not counts.more:
        lines.append("  nobody would miss anything that is not missing now")
    lines.append(f"{counts.listed:,} are listed in {out}." if out else "--out FILE.csv lists them one by one.")
    return "\n".join(lines)
