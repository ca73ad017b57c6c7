"""Uploads: throughput and processor time beside the peer and beside the bare chain, and memory under a crowd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.bed import Bed, Measured, measure
from bench.chain import ChainCost, measure_chain
from bench.results import Result, median_of
from bench.service import Service

AT_ONCE = 4
CROWD = 16
MOST_MB = 300
"""With the worker's process and those that measure pictures, of which one may just be replaced."""


def upload(bed: Bed) -> list[Result]:
    """A 12-megapixel, 4 MB JPEG in base64 JSON, four at a time, each for a client of its own."""
    number, passes = (16, 10) if bed.quick else (48, 30)
    seen: dict[str, list[Measured]] = {name: [] for name in bed.names}
    chains: list[ChainCost] = []
    with bed.running("upload") as services:
        for service in services.values():
            bed.tell(f"upload: warming {service.name}")
            _uploads(bed, service, AT_ONCE, AT_ONCE)
        for turn in range(bed.rounds):
            for name, service in services.items():
                bed.tell(f"upload: round {turn + 1} of {bed.rounds}, {name}")
                seen[name].append(_uploads(bed, service, number, AT_ONCE))
            bed.tell(f"upload: round {turn + 1} of {bed.rounds}, the bare chain")
            chains.append(measure_chain(bed.picture().read_bytes(), bed.folder, passes))
    return [*_own_figures(seen), *_ratios(seen), *_beside_chain(seen, chains)]


def memory(bed: Bed) -> list[Result]:
    """Peak resident memory with 16 uploads at once on a fresh service; a 503 is retried when it says so."""
    results = []
    with bed.running("memory") as services:
        for name, service in services.items():
            bed.tell(f"memory: {name}")
            one = _uploads(bed, service, 2 * CROWD, CROWD)
            title = f"{name}: peak memory, {CROWD} uploads at once"
            detail = f"{one.report.retried} answers 503 were retried; {one.report.per_second:.1f} uploads/s"
            limit = MOST_MB if name == "ostiary" else None
            results.append(Result(title, "MB", one.peak_mb, at_most=limit, detail=detail))
    return results


def _uploads(bed: Bed, service: Service, number: int, at_once: int) -> Measured:
    targets: Path = bed.prepared(service, number)
    return measure(
        bed, service, "upload", "--picture", str(bed.picture()), "--targets", str(targets), "--at-once", str(at_once)
    )


def _own_figures(seen: dict[str, list[Measured]]) -> Iterator[Result]:
    for name, rounds in seen.items():
        yield median_of(f"{name}: uploads, {AT_ONCE} at a time", "/s", (one.report.per_second for one in rounds))
        yield median_of(f"{name}: upload p99", "ms", (one.report.all.p99_ms for one in rounds))
        yield median_of(f"{name}: processor time per upload", "ms", (one.cpu_ms for one in rounds))
        yield median_of(f"{name}: peak memory", "MB", (one.peak_mb for one in rounds))


def _ratios(seen: dict[str, list[Measured]]) -> Iterator[Result]:
    for rival, least, most in (("peer", 2.5, 0.4), ("bare", 0.95, None)):
        if rival not in seen or "ostiary" not in seen:
            continue
        pairs = list(zip(seen["ostiary"], seen[rival], strict=True))
        throughput = [own.report.per_second / other.report.per_second for own, other in pairs]
        yield median_of(f"uploads: throughput, ostiary to {rival}", "x", throughput, at_least=least)
        cost = [own.cpu_ms / other.cpu_ms for own, other in pairs]
        yield median_of(f"uploads: processor time, ostiary to {rival}", "x", cost, at_most=most)


def _beside_chain(seen: dict[str, list[Measured]], chains: list[ChainCost]) -> Iterator[Result]:
    yield median_of("bare chain: processor time, alone", "ms", (one.alone_ms for one in chains))
    yield median_of("bare chain: processor time, all cores at it", "ms", (one.crowded_ms for one in chains))
    if "ostiary" not in seen:
        return
    pairs = list(zip(seen["ostiary"], chains, strict=True))
    alone = [own.cpu_ms / chain.alone_ms for own, chain in pairs]
    yield median_of("uploads: processor time, ostiary to the bare chain", "x", alone, at_most=1.35)
    crowded = [own.cpu_ms / chain.crowded_ms for own, chain in pairs]
    yield median_of("the same, to the chain with all cores at it", "x", crowded)
