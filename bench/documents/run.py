"""How well documents are read: `make bench-documents` (FOLDER=..., ARGS="--quick --json FILE").

Over a folder with truth.json: as they are and under twelve degradations; what comes back of those that nobody can
read; whether anything passes with a changed detail; and other readers beside ours. Ends with 1 when a target was
missed, with 2 when there is nothing to measure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.documents.degradations import DEGRADATIONS, SENT_BACK, normal
from bench.documents.others import Other
from bench.documents.ours import Ours, answer_of, reader
from bench.documents.passes import kind_of, passes
from bench.documents.sending_back import Fate, fate
from bench.documents.tables import beside, results, shown
from bench.documents.truth import Judged, Known, judged, known
from bench.results import as_json
from ostiary.domain.documents.reading import Reading

FOLDER = Path("../shared/documents")
AS_THEY_ARE = "as they are"
PEERS = ("rapidocr", "passporteye", "fastmrz")
Tell = Callable[[str], None]


class Bench:
    """What was measured so far: judged readings by degradation, fates of what must come back, passes."""

    def __init__(self) -> None:
        self.kind = kind_of()
        self.judged: dict[str, list[Judged]] = {}
        self.valid: dict[str, list[bool]] = {}
        self.fates: dict[str, list[Fate]] = {}
        self.passes: list[tuple[bool, int, int]] = []
        self.certain: list[tuple[float, bool]] = []
        self.most_mb = 0.0

    def read(self, ours: Ours, one: Known, name: str, content: bytes) -> None:
        reading, ms = ours.read(content)
        verdict = judged(answer_of(reading, ms), one, ms)
        self.judged.setdefault(name, []).append(verdict)
        self.valid.setdefault(name, []).append(one.digits_valid)
        if reading.zone is not None and reading.zone.digits_valid:
            self.certain.append((reading.certainty, verdict.right))
        if name in SENT_BACK:
            self.fates.setdefault(name, []).append(fate(self.kind, content, reading, one, verdict.right))
        self._pass(reading, one, verdict)
        self.most_mb = ours.most_mb

    def _pass(self, reading: Reading, one: Known, verdict: Judged) -> None:
        if verdict.right and (tried := passes(self.kind, reading, one)) is not None:
            self.passes.append(tried)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="with truth.json (default %(default)s)")
    parser.add_argument("--quick", action="store_true", help="as they are only")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    return parser.parse_args()


def main() -> int:
    given, console = arguments(), Console(stderr=True)
    if not (given.folder / "truth.json").is_file():
        console.print(f"{given.folder} has no truth.json: nothing to measure. FOLDER=... names another.")
        return 2
    pictures = list(known(given.folder))
    peers = [] if given.no_peers else [Other(name).start() for name in PEERS]
    columns = (BarColumn(), TextColumn("{task.completed}/{task.total} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, tempfile.TemporaryDirectory() as scratch:
        names = 1 if given.quick else 1 + len(DEGRADATIONS)
        task = progress.add_task("", total=len(pictures) * (names + len(peers)))

        def tell(what: str) -> None:
            progress.update(task, advance=1, description=what)

        bench, others = Bench(), dict[str, list[Judged]]()
        with reader() as ours:
            for one in pictures:
                bench.read(ours, one, AS_THEY_ARE, one.path.read_bytes())
                tell(one.path.name)
                for peer in peers:
                    others.setdefault(peer.name, []).append(_by(peer, one))
                    tell(f"{one.path.name} by {peer.name}")
            for one, name, content in _worse(pictures, Path(scratch)) if not given.quick else ():
                bench.read(ours, one, name, content)
                tell(f"{one.path.name}, {name}")
    for peer in peers:
        peer.end()
    found = results(bench.judged, bench.valid, bench.fates, bench.passes, bench.certain, bench.most_mb)
    out = Console(width=None if sys.stdout.isatty() else 130)
    for table in shown(bench.judged, bench.valid, bench.fates, found):
        out.print(table)
    if peers:
        out.print(beside({"ostiary": bench.judged[AS_THEY_ARE], **others}, bench.valid[AS_THEY_ARE], peers))
    if given.json:
        given.json.write_bytes(as_json(found))
    return 1 if any(one.met is False for one in found) else 0


def _by(peer: Other, one: Known) -> Judged:
    if peer.absent:
        return Judged(False, False, False, 0.0)
    answer, ms = peer.read(one.path)
    return judged(answer, one, float(ms))


def _worse(pictures: list[Known], scratch: Path) -> Iterator[tuple[Known, str, bytes]]:
    """Every picture with valid digits under every degradation, without loss beyond it."""
    for one in pictures:
        if not one.digits_valid:
            continue
        base = normal(cv2.imread(str(one.path)))  # type: ignore[arg-type]
        for name, degrade in DEGRADATIONS.items():
            yield one, name, cv2.imencode(".png", degrade(base))[1].tobytes()


if __name__ == "__main__":
    sys.exit(main())
