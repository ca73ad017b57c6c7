"""The files of the corpus, each made once in a run: some take longer to make than to refuse."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from tests.corpus.hostile import Case
from tests.servers.sharing import run_folder, worker


def file_of(case: Case) -> Path:
    """Where it lies for all processes of the run. Names tell cases apart."""
    folder = run_folder() / "corpus"
    path = folder / sha256(case.name.encode()).hexdigest()
    if not path.exists():
        folder.mkdir(exist_ok=True)
        part = path.with_suffix(f".{worker()}")
        part.write_bytes(case.make())
        part.rename(path)
    return path


def content_of(case: Case) -> bytes:
    """The bytes of it."""
    return file_of(case).read_bytes()
