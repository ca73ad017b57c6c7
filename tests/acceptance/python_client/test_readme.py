"""What the Python client's README shows is run as it stands there, as a program of a partner's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.acceptance.conftest import RunningService
from tests.material import picture

CLIENT = Path(__file__).parents[3] / "clients" / "python"
LINES_MOST = 40
PLAY_S = 180


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)


def played(program: str, **variables: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment = {**clean, "PYTHONPATH": str(CLIENT / "src"), **variables}
    line = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=PLAY_S, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_whole_integration_in_forty_lines_gets_through(service: RunningService, tmp_path: Path) -> None:
    program = blocks()[0]
    assert len(program.splitlines()) <= LINES_MOST
    path = tmp_path / "front.jpg"
    path.write_bytes(picture(77))
    variables = {"OSTIARY_URL": service.fresh().url, "OSTIARY_API_KEY": service.key(), "PICTURE": str(path)}
    output = played(program, **variables)
    assert output.splitlines() == ["asked for ['phone']", "sending a passport", "now enabled"]


def test_the_receiver_refuses_what_is_forged() -> None:
    asked = blocks()[1] + "\nprint(receive({}, b'{}'))"
    assert played(asked) == "401\n"
