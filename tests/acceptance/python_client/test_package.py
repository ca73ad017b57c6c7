"""The Python client as partners get it: a wheel in an empty environment, checked by two checkers of types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.python_client.test_readme import CLIENT, blocks
from tests.material import picture

pytestmark = pytest.mark.release
STEP_S = 300
PYRIGHT = "pyright@1.1.414"
STRICT = {"typeCheckingMode": "strict", "include": ["program.py", "source/src"], "venvPath": ".", "venv": "venv"}
FOR_CALLERS_WITHOUT_TYPES = ("reportUnnecessaryIsInstance", "reportUnnecessaryComparison")
"""The client looks at what they may get wrong, though types say that nobody does."""


def run(*line: object, folder: Path, **variables: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in line], cwd=folder, env={**clean, **variables}, capture_output=True, text=True,
        timeout=STEP_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A partner's folder: the program of the README, and an environment of the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("partner")
    shutil.copytree(CLIENT, folder / "source")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=folder / "source")
    [wheel] = folder.glob("ostiary_client-*.whl")
    run(sys.executable, "-m", "venv", "venv", folder=folder)
    run(folder / "venv/bin/pip", "install", "--quiet", wheel, folder=folder)
    (folder / "program.py").write_text(blocks()[0])
    (folder / "front.jpg").write_bytes(picture(5))
    return folder


def test_it_is_whole_in_an_empty_environment(partner: Path, service: RunningService) -> None:
    variables = {
        "OSTIARY_URL": service.fresh().url, "OSTIARY_API_KEY": service.key(),
        "PICTURE": str(partner / "front.jpg"), "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    assert run(partner / "venv/bin/python", "program.py", folder=partner, **variables).endswith("now enabled\n")


def test_a_partner_s_program_is_checked_by_its_types(partner: Path) -> None:
    python = partner / "venv/bin/python"
    run(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "program.py", folder=partner)
    wrong = (partner / "program.py").read_text().replace("judged.rejected_items:", "judged.rejected_things:")
    (partner / "wrong.py").write_text(wrong)
    with pytest.raises(AssertionError, match="rejected_things"):
        run(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "wrong.py", folder=partner)


def test_pyright_has_nothing_to_say(partner: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    chosen = {**STRICT, **dict.fromkeys(FOR_CALLERS_WITHOUT_TYPES, False)}
    (partner / "pyrightconfig.json").write_text(json.dumps(chosen))
    run("npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", PYRIGHT, folder=partner)
    run("node_modules/.bin/pyright", folder=partner)
