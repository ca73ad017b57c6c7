"""The version before goes on beside the new schema: its own acceptance tests, run with its own code, on databases that
its migration brings to the schema of today. What it was is taken from the repository's history."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from ostiary.storage import opening

PREVIOUS = "8f78a4a904dee0e096d0ed88913769b52571d64a"
"""The last commit before schema 0004."""
ROOT = Path(__file__).parents[2]
VERSIONS = Path(opening.__file__).parent / "migrations" / "versions"
ASKED = (
    "tests/acceptance/test_worker.py",
    "tests/acceptance/test_durability.py",
    "tests/acceptance/test_cli_review.py",
)
LONGEST_S = 400


@pytest.mark.release
@pytest.mark.parametrize("schema", dict.fromkeys((opening.SCHEMA, opening.FINISHED)))
def test_the_previous_versions_tests_pass_on_the_schema_of_today(tmp_path: Path, schema: str) -> None:
    archive = subprocess.run(
        ["git", "archive", PREVIOUS, "src", "tests", "pyproject.toml"], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode != 0:
        pytest.skip("the repository's history is not here")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(tmp_path, filter="data")
    storage = tmp_path / "src" / "ostiary" / "storage"
    for migration in VERSIONS.glob("v*.py"):
        if migration.name[1:5] <= schema:
            shutil.copy(migration, storage / "migrations" / "versions" / migration.name)
    source = (storage / "opening.py").read_text()
    (storage / "opening.py").write_text(re.sub(r'^SCHEMA = "\d+"', f'SCHEMA = "{schema}"', source, flags=re.MULTILINE))
    wanted = ASKED if schema == opening.SCHEMA else ASKED[1:]  # once is enough for what takes longest
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *wanted],
        cwd=tmp_path, capture_output=True, text=True, timeout=LONGEST_S, check=False,
        env={**os.environ, "PYTHONPATH": f"{tmp_path / 'src'}:{tmp_path}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d+ passed", done.stdout)
