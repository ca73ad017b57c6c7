"""The units and the file of settings for systemd: they parse, and agree with the program."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ostiary.cli.parsing.parser import make_parser
from ostiary.runtime.shutdown_timeouts import PARTING_S, SLACK_S
from ostiary.settings import SETTINGS_FILE, SETTINGS_FILE_DEFAULT, TABLE, read_settings
from ostiary.settings_file import with_file

SYSTEMD = Path(__file__).parents[2] / "deploy" / "systemd"
UNITS = sorted(SYSTEMD.glob("*.service"))
EXAMPLE = SYSTEMD / "ostiary.env.example"


def values_of(unit: Path, name: str) -> list[str]:
    lines = (line.partition("=") for line in unit.read_text().splitlines() if not line.startswith("#"))
    return [value for key, _, value in lines if key == name]


def test_there_are_units_for_both_kinds_of_process() -> None:
    assert [unit.stem for unit in UNITS] == ["ostiary-worker", "ostiary"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_a_command_that_there_is_with_the_file_of_settings(unit: Path) -> None:
    [line] = values_of(unit, "ExecStart")
    program, *words = shlex.split(line)
    assert program == "/opt/ostiary/bin/ostiary"
    assert make_parser().parse_args(words).command == ("worker" if "worker" in unit.stem else "serve")
    assert values_of(unit, "EnvironmentFile") == [SETTINGS_FILE_DEFAULT]
    assert values_of(unit, "ExecReload") == [], "SIGHUP ends a process that has no supervisor"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_has_begun_may_end_before_it_is_killed(unit: Path) -> None:
    [stop] = values_of(unit, "TimeoutStopSec")
    drain = read_settings(with_file({SETTINGS_FILE: str(EXAMPLE)})).drain_s
    assert int(stop) > drain + PARTING_S + SLACK_S


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_a_unit(unit: Path, tmp_path: Path) -> None:
    """The program and the user of a unit are not on this machine; everything else is."""
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/ostiary/bin/ostiary", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_names_settings_that_there_are_commented_or_not() -> None:
    lines = [line.removeprefix("# ") for line in EXAMPLE.read_text().splitlines() if "OSTIARY_" in line]
    named = {line.partition("=")[0] for line in lines if "=" in line}
    assert named <= {setting.name for setting in TABLE}
    assert {"OSTIARY_DATA_DIR", "OSTIARY_MASTER_KEY_FILE"} <= named
    assert read_settings(with_file({SETTINGS_FILE: str(EXAMPLE)})).data_dir == Path("/var/lib/ostiary")
