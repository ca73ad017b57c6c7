"""Measures the tests: puts small faults into the code, one at a time, and counts those that no test notices.

    python -m bench.mutants.run --list chosen.json            draws 80 places, writes them down, tries each
    python -m bench.mutants.run --list chosen.json            tries the same places again, say on a later version
    python -m bench.mutants.run --list chosen.json --results earlier.json    goes on where that one stopped
    python -m bench.mutants.run --list chosen.json --reach .coverage         asks the tests first that run the line

It changes files under src, so it wants a checkout of its own without uncommitted changes; each file is put back, also
after Ctrl-C. The tests nearest to the fault run first, then those of the fast and the storage folders; what survives
them is given to the whole suite only with --thorough. A fault that makes the few nearest tests wait for ever counts as
noticed; where a whole folder was not through in time, as on a busy machine, it is undecided.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import Progress

from bench.mutants.places import Mutant, apply, choose
from bench.mutants.reach import Reach

Outcome = Literal["failed", "passed", "not through"]
SHARES = {"domain": 3, "usecases": 2, "storage": 2, "web": 1, "api": 1}
"""Which layers are tried, and in which proportion: most rules stand in the domain."""
REACHING, NEAR, WIDE, WHOLE = ("reaching", 240), ("near", 240), ("wide", 900), ("whole", 5400)
FEW = (REACHING, NEAR)
"""These take seconds without a fault."""
WIDE_FOLDERS = ("unit", "usecases", "http", "cli", "contract", "property", "storage")
CODE_OF_FAILED_TESTS = (1, 2, 4)
"""pytest: tests failed; collection was interrupted, as by an import that no longer works; the same in a conftest."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, required=True, metavar="FILE", help="the places; drawn if it is not there")
    parser.add_argument("--results", type=Path, metavar="FILE", help="where to keep what each came to (and go on from)")
    parser.add_argument("--count", type=int, default=80, metavar="N", help="how many to draw")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed draws other places")
    parser.add_argument(
        "--reach", type=Path, metavar="FILE", help="coverage that knows the test of each line (reach.py)"
    )
    parser.add_argument("--nearest", action="store_true", help="no whole folders: what survives is looked at by hand")
    parser.add_argument("--thorough", action="store_true", help="give the survivors to every test: hours")
    return parser.parse_args()


def main() -> int:
    given, root = arguments(), Path.cwd()
    mutants = _listed(given, root)
    results = json.loads(given.results.read_text()) if given.results and given.results.exists() else {}
    reach = Reach(given.reach) if given.reach else None
    console = Console(stderr=True)
    with Progress(console=console) as progress:
        task = progress.add_task("faults", total=len(mutants))
        for mutant in mutants:
            if mutant.shown not in results:
                results[mutant.shown] = _tried(root, mutant, reach, given)
                progress.console.print(f"{results[mutant.shown]:<16} {mutant.shown}", markup=False, highlight=False)
                if given.results:
                    given.results.write_text(json.dumps(results, indent=1, ensure_ascii=False))
            progress.advance(task)
    return _said([results[mutant.shown] for mutant in mutants])


def _listed(given: argparse.Namespace, root: Path) -> list[Mutant]:
    if given.list.exists():
        return [Mutant(**entry) for entry in json.loads(given.list.read_text())]
    mutants = []
    for layer, share in SHARES.items():
        files = [str(path.relative_to(root)) for path in sorted((root / "src" / "ostiary" / layer).rglob("*.py"))]
        files = [file for file in files if "migrations" not in file]
        mutants += choose(root, files, given.count * share // sum(SHARES.values()), given.seed)
    given.list.write_text(json.dumps([asdict(mutant) for mutant in mutants], indent=1, ensure_ascii=False))
    return mutants


def _tried(root: Path, mutant: Mutant, reach: Reach | None, given: argparse.Namespace) -> str:
    """`noticed (stage)`, `survived`, `undecided (stage)`, or `gone` where the line is no longer in the code."""
    changed = apply(root, mutant)
    if changed is None:
        return "gone"
    path = root / mutant.file
    before = path.read_text("utf-8")
    line = before.splitlines().index(mutant.line) + 1
    stages = [
        stage for stage in _stages(root, mutant, is_thorough=given.thorough) if stage[0] in FEW or not given.nearest
    ]
    if reach is not None:
        stages.insert(0, (REACHING, reach.of(mutant.file, line)))
    try:
        path.write_text(changed, "utf-8")
        for stage, targets in stages:
            outcome = _outcome(root, targets, stage[1]) if targets else "passed"
            if outcome == "failed" or (outcome == "not through" and stage in FEW):
                return f"noticed ({stage[0]})"
            if outcome == "not through":
                return f"undecided ({stage[0]})"
    finally:
        path.write_text(before, "utf-8")
    return "survived"


def _stages(root: Path, mutant: Mutant, *, is_thorough: bool) -> list[tuple[tuple[str, int], list[str]]]:
    module = mutant.file.removeprefix("src/").removesuffix(".py").replace("/", ".")
    package, _, name = module.rpartition(".")
    words = (f"from {module} import", f"from {package} import {name}", f"import {module}")
    tests = sorted((root / "tests").rglob("test_*.py"))
    near = [
        str(path.relative_to(root))
        for path in tests
        if path.relative_to(root).parts[1] in WIDE_FOLDERS
        and (name in path.stem or any(word in path.read_text("utf-8") for word in words))
    ]
    wide = [str(Path("tests") / folder) for folder in WIDE_FOLDERS if (root / "tests" / folder).exists()]
    stages = [(NEAR, near), (WIDE, wide)]
    return [*stages, (WHOLE, ["tests"])] if is_thorough else stages


def _outcome(root: Path, targets: Sequence[str], limit_s: int) -> Outcome:
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--no-header",
        "-m",
        "not release",
        *targets,
    ]
    started = time.monotonic()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        line, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as tests:
        try:
            return "failed" if tests.wait(limit_s) in CODE_OF_FAILED_TESTS else "passed"
        except subprocess.TimeoutExpired:
            os.killpg(tests.pid, 9)
            sys.stderr.write(f"ended after {time.monotonic() - started:.0f} s\n")
            return "not through"


def _said(outcomes: list[str]) -> int:
    noticed = sum(outcome.startswith("noticed") for outcome in outcomes)
    undecided = sum(outcome.startswith("undecided") for outcome in outcomes)
    survived, gone = outcomes.count("survived"), outcomes.count("gone")
    counts = f"{noticed} noticed, {survived} survived, {undecided} undecided, {gone} no longer apply"
    sys.stdout.write(f"{len(outcomes)} faults: {counts}\n")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
