"""Benches begin: what they need of the program is still there. What they measure, nobody can test on a busy machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.lifecycle.daily import daily
from bench.lifecycle.preview import previewed
from bench.measure_deliveries import line
from bench.processes import rss_mb
from bench.slices import Sample, Slice, seen, slowest_ms

from ostiary.app import opened
from ostiary.settings import read_settings
from tests.acceptance.conftest import environment

ROOT = Path(__file__).parents[2]
BEGIN_S = 120
SLICES = [Slice(0.0, 10.0, is_abused=False), Slice(20.0, 30.0, is_abused=True)]


def ran(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=environment(folder), capture_output=True, text=True,
        timeout=BEGIN_S, check=False,
    )  # fmt: skip


def test_an_installation_is_made_and_filled(tmp_path: Path) -> None:
    done = ran(tmp_path, "bench.seed", str(tmp_path / "data"), "30")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("30 clients; key osk_")
    assert (tmp_path / "data" / "ostiary.sqlite3").exists()


def test_enabled_clients_are_filled_in_with_what_is_due(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = ran(tmp_path, "bench.lifecycle.fill", str(data), "30", "--due", "7")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["samples"]) == 30
    variables = {"OSTIARY_DATA_DIR": str(data), "OSTIARY_CATALOGUE": str(data / "renewing.yaml")}
    with opened(read_settings(variables)) as parts:
        [renewals, *longest] = daily(parts, "sqlite")
        rate, *_ = previewed(parts, tmp_path, "sqlite")
    assert renewals.detail.startswith("7 renewals, ")
    assert all(each.value > 0 for each in longest)
    assert rate.detail.startswith("30 requests in ")


def test_deliveries_have_an_installation_and_a_receiver(tmp_path: Path) -> None:
    with line(tmp_path / "deliveries") as opened:
        assert opened.came() == {}
        assert opened.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "module", ["bench.run", "bench.abuse", "bench.honest", "bench.abuser", "bench.load", "bench.lifecycle.run"]
)
def test_each_says_how_it_is_called(tmp_path: Path, module: str) -> None:
    done = ran(tmp_path, module, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"python -m {module}" in done.stdout or "make bench" in done.stdout


LARGE_MB = 64
FORKED = f"""import os, sys
held = bytearray(os.urandom(1024)) * {LARGE_MB * 1024}
if os.fork():
    print("forked", flush=True)
sys.stdin.read()
"""


def test_memory_that_a_process_shares_with_who_starts_it_counts_once() -> None:
    with subprocess.Popen([sys.executable, "-c", FORKED], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as forked:
        assert forked.stdout is not None
        assert forked.stdout.readline() == b"forked\n"
        assert LARGE_MB < rss_mb(forked.pid) < 2 * LARGE_MB
        forked.communicate()


def sample(due: float, ms: float, problem: str = "", kind: str = "read") -> Sample:
    return Sample(kind, due, ms / 1000, problem)


def test_what_is_beside_an_abuse_is_compared_with_what_is_not() -> None:
    usual = [sample(0.1 * n, 10) for n in range(100)]
    beside = [sample(20 + 0.1 * n, 30) for n in range(99)]
    between = [sample(15, 5_000), sample(10.0, 5_000), sample(30.0, 5_000)]
    last = sample(29.95, 400, "503")
    comparison = seen([*usual, *beside, *between, last], ("read",), SLICES)
    assert (comparison.without.requests, comparison.beside.requests) == (100, 100)
    assert (comparison.p50_ratio, comparison.p99_ratio) == pytest.approx((3.0, 40.0))
    assert comparison.errors == {"503": 1}
    assert seen(usual, ("write",), SLICES).p99_ratio == 0.0


def test_the_slowest_of_a_kind_is_told_of_the_slices_that_are_asked_for() -> None:
    samples = [sample(1, 10, kind="health"), sample(25, 70, kind="health"), sample(26, 900), sample(15, 3_000)]
    assert slowest_ms(samples, "health", SLICES[1:]) == pytest.approx(70)
    assert slowest_ms(samples, "health", SLICES[:1]) == pytest.approx(10)
