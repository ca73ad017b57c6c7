"""How fast and how well names are matched: `python -m bench.screening.run` (`--oracle PYTHON` to ask nomenklatura too).

Speed and memory in a process of its own over 100,000 entries; precision and recall over invented pairs, whose truth the
generator knows; and, where a Python with nomenklatura is named, how often its logic-v2 agrees.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bench.bed import Bed
from bench.results import Result, median_of, table
from bench.screening.people import Pair, entries, full_name, pairs, typed
from bench.screening.variants import hard_pairs
from bench.service import ROOT
from ostiary.domain.screening.matching import ListEntry
from ostiary.domain.screening.subject import Subject

ENTRIES, QUERIES, PAIRS = 100_000, 300, 4_000
ORACLE_LEAST = 0.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["speed"], help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="pairs as nomenklatura's name_bench has them (CSV)")
    parser.add_argument("--oracle", type=Path, metavar="PYTHON", help="a Python in which nomenklatura is installed")
    given = parser.parse_args()
    if given.part == "speed":
        print(json.dumps(_speed()))
        return 0
    results = _measured()
    public = [("public pairs", list(_public(given.pairs)))] if given.pairs is not None else []
    for name, made in (("pairs", pairs(PAIRS)), ("harder pairs", hard_pairs(PAIRS)), *public):
        results += _quality(f"{name}, truth of the generator", made, [one.same for one in made])
        if given.oracle is not None:
            said = _asked(given.oracle, made)
            results += _quality(f"{name}, nomenklatura logic-v2 >= 0.7", made, said)
            results += _oracle_itself(name, made, said)
    Console(width=120).print(table(results))
    return 1 if any(one.met is False for one in results) else 0


def _public(path: Path) -> Iterator[Pair]:
    """The persons of a file with the columns schema, name1, name2 and is_match."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["schema"] == "Person":
                subject, entry = Subject((row["name1"],)), ListEntry("x", (row["name2"],))
                yield Pair(subject, entry, row["is_match"] == "true", row["category"])


def screening(bed: Bed) -> list[Result]:
    """The part of `make bench`: speed and memory."""
    bed.tell(f"screening: {ENTRIES:,} entries")
    return _measured() if "ostiary" in bed.names else []


def _measured() -> list[Result]:
    """In a process of its own, whose memory is nobody else's."""
    done = subprocess.run([sys.executable, "-m", "bench.screening.run", "--part", "speed"], cwd=ROOT,
                          capture_output=True, check=True, timeout=600)  # fmt: skip
    told = json.loads(done.stdout)
    return [
        median_of(
            f"screening: one name against {ENTRIES:,} entries, processor time, median",
            "ms",
            [told["median_ms"]],
            at_most=20,
        ),
        Result("screening: the same, 95th percentile", "ms", told["p95_ms"]),
        Result("screening: memory of the process", "MB", told["mb"], at_most=300),
        Result("screening: loading, processor time", "s", told["load_s"]),
        Result("screening: names with a typing error that find their entry", "", told["found"]),
    ]


def _speed() -> dict[str, float]:
    from ostiary.adapters.lists.name_index import NameIndex
    from ostiary.domain.screening.matching import DEFAULT_THRESHOLD

    began = time.process_time()
    index = NameIndex(entries(ENTRIES))
    load_s = time.process_time() - began
    chance = random.Random(5)
    wanted = [one for at, one in enumerate(entries(ENTRIES)) if at % (ENTRIES // QUERIES) == 0]
    took, found = [], 0
    for one in wanted:
        asked = Subject((typed(one.names[0], chance), typed(one.names[0], chance)), None)
        at = time.process_time()
        hits = index.find(asked, DEFAULT_THRESHOLD, frozenset())
        took.append((time.process_time() - at) * 1000)
        found += one.id in {entry.id for _, entry in hits}
        at = time.process_time()
        index.find(Subject((full_name(chance),), "1980-01-01"), DEFAULT_THRESHOLD, frozenset())
        took.append((time.process_time() - at) * 1000)
    resident = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    took.sort()
    return {"median_ms": statistics.median(took), "p95_ms": took[int(len(took) * 0.95)], "load_s": load_s,
            "mb": int(resident) * 1024 / 1e6, "found": found / len(wanted)}  # fmt: skip


def _quality(name: str, made: list[Pair], truth: list[bool]) -> list[Result]:
    """Precision and recall at the default threshold and around it."""
    from ostiary.adapters.lists.name_similarity import similarity
    from ostiary.adapters.lists.transliteration import in_latin
    from ostiary.domain.screening.matching import DEFAULT_THRESHOLD, likeness

    scores = [likeness(one.subject, one.entry, similarity, in_latin) for one in made]
    results = []
    for threshold in (0.72, DEFAULT_THRESHOLD, 0.84):
        precision, recall = _rates([one >= threshold for one in scores], truth)
        results += [Result(f"{name}: precision at {threshold}", "", precision),
                    Result(f"{name}: recall at {threshold}", "", recall)]  # fmt: skip
    missed = Counter(one.kind for one, near, right in zip(made, scores, truth, strict=True)
                     if right is not (near >= DEFAULT_THRESHOLD))  # fmt: skip
    print(f"{name}: wrong at {DEFAULT_THRESHOLD}, by kind: {dict(missed)}", file=sys.stderr)
    return results


def _rates(said: list[bool], truth: list[bool]) -> tuple[float, float]:
    right = sum(a and b for a, b in zip(said, truth, strict=True))
    return right / max(1, sum(said)), right / max(1, sum(truth))


def _asked(python: Path, made: list[Pair]) -> list[bool]:
    """What nomenklatura says of each pair."""
    told = [{"names": one.subject.names, "born": one.subject.birth_date, "listed": one.entry.names,
             "dates": one.entry.birth_dates} for one in made]  # fmt: skip
    script = Path(__file__).with_name("oracle.py")
    done = subprocess.run([str(python), str(script)], input=json.dumps(told).encode(), capture_output=True, timeout=900,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [one >= ORACLE_LEAST for one in json.loads(done.stdout)]


def _oracle_itself(name: str, made: list[Pair], said: list[bool]) -> list[Result]:
    precision, recall = _rates(said, [one.same for one in made])
    return [Result(f"{name}, nomenklatura against the generator: precision", "", precision),
            Result(f"{name}, nomenklatura against the generator: recall", "", recall)]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
