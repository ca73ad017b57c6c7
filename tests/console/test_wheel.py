"""What is installed has all that the console shows: a wheel carries templates, style, scripts, and whose they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "src" / "ostiary" / "console"


@pytest.mark.heavy
def test_a_wheel_has_every_file_of_the_console(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    files = [file for file in CONSOLE.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    assert {str(file.relative_to(ROOT / "src")) for file in files} <= carried
    assert len(files) > 40
