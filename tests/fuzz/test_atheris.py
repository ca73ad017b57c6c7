"""A short campaign against every target, in a process of its own: coverage leads it where properties do not look.

FUZZ_SECONDS makes it longer.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

SECONDS = int(os.environ.get("FUZZ_SECONDS", "4"))
RUNS = 20_000 * SECONDS
SLOWEST_INPUT_SECONDS = 10
MOST_MEMORY_MB = 1_024
LONGEST_INPUT_BYTES = 8_192
ROOT = Path(__file__).parents[2]
BETWEEN = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
"""Linux counts the peak memory of a process from the one that started it, and the tests' own is past the limit."""


@pytest.mark.release
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_raises(target: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not made for this Python")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(TARGETS[target].seeds):
        (seeds / str(number)).write_bytes(seed)
    limits = [
        f"-max_total_time={SECONDS}",
        f"-runs={RUNS}",
        f"-timeout={SLOWEST_INPUT_SECONDS}",
        "-seed=1",
        f"-rss_limit_mb={MOST_MEMORY_MB}",
        f"-max_len={LONGEST_INPUT_BYTES}",
        f"-artifact_prefix={tmp_path}/found-",
    ]
    command = [*BETWEEN, sys.executable, "-m", "tests.fuzz.harness", target, *limits, str(seeds)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS + 120, check=False)
    crashes = [path.read_bytes() for path in tmp_path.glob("found-*")]
    output = ended.stderr.decode(errors="replace") + ended.stdout.decode(errors="replace")
    assert (ended.returncode, crashes) == (0, []), output[-4_000:]
    assert "cov:" in output, "nothing was run"


@pytest.mark.parametrize(
    ("target", "number"), [(name, number) for name in TARGETS for number in range(len(TARGETS[name].seeds))]
)
def test_the_seeds_do_not_raise(target: str, number: int) -> None:
    TARGETS[target].run(TARGETS[target].seeds[number])
