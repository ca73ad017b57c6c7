"""Measures what honest callers notice of somebody who abuses the service.

    make bench-abuse                              everything: about 9 minutes
    make bench-abuse ARGS="--quick"               an impression: about 2 minutes
    make bench-abuse ARGS="--only memory --only names --json abuse.json"

A real `ostiary serve` on this machine's loopback, honest callers that begin calls at set times, and an abuser that is
switched on and off every few seconds: p50 and p99 of the honest ones' calls in the slices with it and without it, and
their ratios. Absolute times are this machine's, and of whatever else runs on it. Everything is bounded in time and
ended by its process id. But for the rate limit, which would send most of them away, the service is as it ships.

    memory       100 connections without a key send all they may (bodies, heads, chunks, requests ahead), read nothing
    connections  2,000 connections without a key from eight addresses: silent, slow, idle
    verdicts     64 strangers send slow bodies to where providers send verdicts; others upload
    uploads      24 slow uploads of one company; others upload
    deliveries   16 companies' endpoints send interim answers without end; others call, and get their deliveries
    names        one company's endpoints have names that nobody answers for; others get their deliveries

Ends with 1 when a target was missed. Of all: no call fails. Of `memory`: resident memory grows by 16 MB at most. Of the
others: p99 at most twice the usual. Of `connections` besides: every probe on a connection of its own within 1 s.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bench.material import photograph
from bench.service import ROOT, Service, make_ostiary, new_keys
from bench.slices import Memory, Sample, Seen, Slice, by_turns, seen, slowest_ms

MOST_P99_RATIO, SLOWEST_PROBE_MS, MOST_GROWTH_MB = 2.0, 1_000, 16
COMPANIES, TARGETS, COMMAND_S, END_S, WARM_S, LATE_S = 16, 40, 120, 20, 4, 5
SECRET = "whsec_" + "QUJD" * 11
PROVIDERS = """providers:
  acme: {kind: http, url: "https://kyc.example.com/ostiary", secret_files: [acme.whsec]}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """An abuse: who calls honestly, how often a second, which of their calls are told of, and how long slices are."""

    name: str
    honest: str
    per_second: float
    told: Mapping[str, tuple[str, ...]]
    slice_s: float = 4.0
    abusers: int = 0


CALLS = {"calls": ("read", "write", "lost")}
UPLOADED = {"uploads": ("upload", "lost")}
DELIVERED = {"calls": ("write", "lost"), "deliveries": ("delivery",)}
CASES = {
    one.name: one
    for one in (
        Case("memory", "calls", 60, CALLS),
        Case("connections", "calls", 60, CALLS),
        Case("verdicts", "uploads", 3, UPLOADED, slice_s=10),
        Case("uploads", "uploads", 3, UPLOADED, slice_s=10, abusers=1),
        Case("deliveries", "deliveries", 20, DELIVERED, abusers=COMPANIES),
        Case("names", "deliveries", 20, DELIVERED, abusers=1),
    )
}


class Row(msgspec.Struct):
    """One line of the table: an abuse, and one sort of honest calls beside it."""

    abuse: str
    calls: str
    seen: Seen
    slowest_probes_ms: tuple[float, float]  # usually, and beside the abuse
    resident_mb: tuple[float, float]  # the most before the first abuse, and beside it

    @property
    def met(self) -> bool:
        if self.seen.errors:
            return False
        if self.abuse == "memory":
            return self.resident_mb[1] - self.resident_mb[0] <= MOST_GROWTH_MB
        is_soon = self.abuse != "connections" or self.slowest_probes_ms[1] <= SLOWEST_PROBE_MS
        return is_soon and self.seen.p99_ratio <= MOST_P99_RATIO


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one case is measured."""

    case: Case
    folder: Path
    service: Service
    keys: list[str]

    @contextmanager
    def child(self, *words: str, out: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """A process of ours beside the service, ended with its input."""
        with ExitStack() as files:
            said = files.enter_context(out.open("wb")) if out else subprocess.PIPE
            line = [sys.executable, "-m", *words]
            process = subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=said)
            assert process.stdin is not None
            try:
                yield process
            finally:
                process.stdin.close()
                try:
                    process.wait(END_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                if process.stdout is not None:
                    process.stdout.close()

    def targets(self, key: str, number: int) -> Path:
        """Requests of a company's clients that documents may be sent to."""
        path = self.folder / f"targets-{key[-8:]}.json"
        line = [sys.executable, "-m", "bench.load", "prepare", "--url", self.service.server.url, "--key", key]
        done = subprocess.run(
            [*line, "--count", str(number)], cwd=ROOT, capture_output=True, timeout=COMMAND_S, check=True
        )
        path.write_bytes(done.stdout)
        return path


def measured(case: Case, folder: Path, rounds: int, tell: Callable[[str], None]) -> list[Row]:
    """Plays one case on a fresh service."""
    tell(f"{case.name}: starting")
    service = _service(folder / case.name)
    try:
        service.start()
        ground = Ground(case, folder / case.name, service, new_keys(service, case.abusers))
        memory = Memory(service.pid)
        watch = threading.Thread(target=memory.watch, daemon=True)
        watch.start()
        try:
            samples, slices = _played(ground, rounds, lambda what: tell(f"{case.name}: {what}"))
        finally:
            memory.end()
            watch.join()
    finally:
        service.stop()
    usual, abused = ([one for one in slices if one.is_abused is is_abused] for is_abused in (False, True))
    probes = slowest_ms(samples, "health", usual), slowest_ms(samples, "health", abused)
    resident = memory.most(usual[:1]), memory.most(abused)
    return [Row(case.name, told, seen(samples, kinds, slices), probes, resident) for told, kinds in case.told.items()]


def _service(folder: Path) -> Service:
    folder.mkdir(parents=True)
    (folder / "providers.yaml").write_text(PROVIDERS)
    (folder / "acme.whsec").write_text(SECRET)
    return make_ostiary(
        folder / "data", OSTIARY_ALLOWED_PRIVATE_NETWORKS="127.0.0.0/8", OSTIARY_LOG_LEVEL="error",
        OSTIARY_PROVIDERS=str(folder / "providers.yaml"), OSTIARY_PUBLIC_URL="https://kyc.example.com",
        PYTHONPATH=str(ROOT / "bench" / "dead_names"),
    )  # fmt: skip


def _played(ground: Ground, rounds: int, tell: Callable[[str], None]) -> tuple[list[Sample], list[Slice]]:
    case, url = ground.case, ground.service.server.url
    lines, came = ground.folder / "honest.jsonl", ground.folder / "came"
    words = [
        "bench.honest",
        case.honest,
        "--url",
        url,
        "--key",
        ground.service.key,
        "--per-second",
        f"{case.per_second}",
    ]
    abuse = ["bench.abuser", case.name, "--url", url]
    for key in ground.keys:
        abuse += ["--key", key]
    if case.name == "uploads":
        abuse += ["--targets", str(ground.targets(ground.keys[0], 1))]
    with ExitStack() as children:
        if case.honest == "uploads":
            (ground.folder / "page.jpg").write_bytes(photograph())
            words += ["--picture", str(ground.folder / "page.jpg")]
            words += ["--targets", str(ground.targets(ground.service.key, TARGETS))]
        if case.honest == "deliveries":
            children.enter_context(ground.child("bench.receiver", out=came))
            words += ["--receiver", f"http://localhost:{_port(came)}"]
        children.enter_context(ground.child(*words, out=lines))
        abuser = children.enter_context(ground.child(*abuse))
        assert abuser.stdin is not None
        assert abuser.stdout is not None
        assert abuser.stdout.readline() == b"ready\n", f"{case.name}: the abuser did not begin"

        def switch(is_on: bool) -> None:
            assert abuser.stdin is not None
            abuser.stdin.write(b"on\n" if is_on else b"off\n")
            abuser.stdin.flush()

        time.sleep(WARM_S)
        slices = by_turns(rounds, case.slice_s, switch, tell)
        time.sleep(LATE_S)
    return _samples(lines, came), slices


def _port(came: Path) -> int:
    deadline = time.monotonic() + COMMAND_S
    while not came.read_bytes().endswith(b"\n"):
        assert time.monotonic() < deadline, "the receiver did not begin"
        time.sleep(0.02)
    return int(came.read_text().split("\n", 1)[0])


def _samples(lines: Path, came: Path) -> list[Sample]:
    """What honest callers told. Of deliveries, from when the event was asked for to the first byte at its receiver; one
    that has not come by the end has taken until then."""
    told = [msgspec.json.decode(line, type=tuple[str, float, float, str]) for line in lines.read_bytes().splitlines()]
    samples = [Sample(*one) for one in told if one[0] != "sent"]
    sent = {mark: due for kind, due, _, mark in told if kind == "sent"}
    if sent:
        pairs = (one.split(" ", 1) for one in came.read_text().splitlines()[1:])
        arrived = {mark: at for at, mark in pairs}
        last = max(one.due for one in samples)
        for mark, due in sent.items():
            at = float(arrived.get(mark, last))
            samples.append(Sample("delivery", due, at - due, "" if mark in arrived else "has not come"))
    return samples


def table(rows: list[Row]) -> Table:
    drawn = Table(title="What honest callers notice", title_justify="left")
    for heading in ("abuse", "honest", "number", "p50", "beside it", "ratio", "p99", "beside it", "ratio"):
        drawn.add_column(heading, justify="left" if heading in ("abuse", "honest") else "right")
    for heading in ("slowest probe", "memory", "errors", "met"):
        drawn.add_column(heading, justify="right")
    for one in rows:
        usual, beside = one.seen.without, one.seen.beside
        drawn.add_row(
            one.abuse, one.calls, f"{usual.requests}, {beside.requests}",
            f"{usual.p50_ms:.1f} ms", f"{beside.p50_ms:.1f} ms", f"{one.seen.p50_ratio:.2f}",
            f"{usual.p99_ms:.1f} ms", f"{beside.p99_ms:.1f} ms", f"{one.seen.p99_ratio:.2f}",
            "{:.0f}, {:.0f} ms".format(*one.slowest_probes_ms), "{:.0f}, {:.0f} MB".format(*one.resident_mb),
            ", ".join(f"{what}: {number}" for what, number in one.seen.errors.items()) or "none",
            "[green]yes[/]" if one.met else "[bold red]NO[/]",
        )  # fmt: skip
    return drawn


def as_json(rows: list[Row]) -> bytes:
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()}
    told = [
        {**msgspec.to_builtins(one), "p50_ratio": one.seen.p50_ratio, "p99_ratio": one.seen.p99_ratio, "met": one.met}
        for one in rows
    ]
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return msgspec.json.format(msgspec.json.encode({"measured_at": when, "machine": machine, "rows": told}))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.abuse", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer slices: an impression, too few for a p99")
    parser.add_argument("--only", action="append", choices=list(CASES), help="this abuse; may be given again")
    parser.add_argument("--rounds", type=int, metavar="N", help="pairs of slices; 8, or 2 when quick")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    parser.add_argument("--folder", type=Path, help="where data lies meanwhile: a real disk, not one in memory")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    screen = Console(stderr=True)
    rounds = given.rounds or (2 if given.quick else 8)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="ostiary-abuse-", dir=given.folder) as folder:
        for name in given.only or CASES:
            rows += measured(CASES[name], Path(folder), rounds, screen.print)
    Console(width=None if sys.stdout.isatty() else 160).print(table(rows))
    if given.json:
        given.json.write_bytes(as_json(rows))
    return 0 if all(one.met for one in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
