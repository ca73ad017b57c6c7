"""Small requests: create a client, request the product, list, submit, at 16 connections."""

from __future__ import annotations

from bench.bed import Bed, Measured, measure
from bench.results import Result, median_of

CONNECTIONS = 16
WARM_S = 1.0


def small(bed: Bed) -> list[Result]:
    """Throughput and latency of the mix, and the throughput beside the peer's."""
    seconds = 3.0 if bed.quick else 8.0
    seen: dict[str, list[Measured]] = {name: [] for name in bed.names}
    with bed.running("small") as services:
        for service in services.values():
            bed.tell(f"small requests: warming {service.name}")
            measure(bed, service, "small", *_options(WARM_S))
        for turn in range(bed.rounds):
            for name, service in services.items():
                bed.tell(f"small requests: round {turn + 1} of {bed.rounds}, {name}")
                seen[name].append(measure(bed, service, "small", *_options(seconds)))
    results = [one for name, rounds in seen.items() for one in _own_figures(name, rounds)]
    for rival, least in (("peer", 8), ("bare", None)):
        if rival in seen and "ostiary" in seen:
            pairs = zip(seen["ostiary"], seen[rival], strict=True)
            ratios = [own.report.per_second / other.report.per_second for own, other in pairs]
            results.append(median_of(f"small requests: throughput, ostiary to {rival}", "x", ratios, at_least=least))
    return results


def _options(seconds: float) -> tuple[str, ...]:
    return "--connections", str(CONNECTIONS), "--seconds", str(seconds)


def _own_figures(name: str, rounds: list[Measured]) -> list[Result]:
    timings = [one.report.each for one in rounds]
    medians = ", ".join(
        f"{kind} {sorted(one[kind].p50_ms for one in timings)[len(timings) // 2]:.2g}" for kind in timings[0]
    )
    limit = 25 if name == "ostiary" else None
    return [
        median_of(
            f"{name}: small requests, {CONNECTIONS} connections", "/s", (one.report.per_second for one in rounds),
            detail=f"p50 ms: {medians}",
        ),
        median_of(f"{name}: small requests p99", "ms", (one.report.all.p99_ms for one in rounds), at_most=limit),
        median_of(f"{name}: processor time per small request", "ms", (one.cpu_ms for one in rounds)),
    ]  # fmt: skip
