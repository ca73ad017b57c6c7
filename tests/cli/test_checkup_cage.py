"""What `doctor` says of the cage, and what a setting that demands it does where there is none."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ostiary import app
from ostiary.adapters.cage import kernel, trial
from ostiary.adapters.cage.kernel import Support
from ostiary.app import check_cage
from ostiary.cli.doctor import cage as checkup_cage
from ostiary.cli.doctor.machine import Level, cage
from ostiary.runtime import startup
from ostiary.settings import SettingInvalid, Settings, read_settings


def settings(required: str = "0") -> Settings:
    return read_settings({"OSTIARY_CAGE_REQUIRED": required})


def test_a_process_tries_it_here() -> None:
    assert trial.tried() == kernel.support()
    assert (cage(settings()).level is Level.OK) == (kernel.support().filters and bool(kernel.support().landlock))


@pytest.mark.parametrize(
    ("support", "required", "level", "words"),
    [
        (Support(True, 7), "1", Level.OK, "Landlock 7"),
        (Support(True, 0), "1", Level.WARNING, "no Landlock"),
        (Support(False, 7), "0", Level.WARNING, "not filtered"),
        (Support(False, 0), "1", Level.PROBLEM, "not filtered"),
        (None, "0", Level.PROBLEM, "did not come to its end"),
    ],
)
def test_doctor_says_what_is_missing(
    support: Support | None, required: str, level: Level, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup_cage, "tried", lambda: support)
    finding = cage(settings(required))
    assert (finding.check, finding.level) == ("cage", level)
    assert words in finding.found
    assert bool(finding.advice) == (level is not Level.OK)


def test_doctor_says_when_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(checkup_cage, "tried", full)
    assert cage(settings()).level is Level.PROBLEM


@pytest.mark.parametrize(
    ("filters", "required", "starts"), [(True, "1", True), (False, "0", True), (False, "1", False)]
)
def test_where_it_is_demanded_nothing_is_opened_without(
    filters: bool, required: str, starts: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app, "support", lambda: Support(filters, 0))
    if starts:
        check_cage(settings(required))
        return
    demanded = read_settings({"OSTIARY_CAGE_REQUIRED": required, "OSTIARY_DATA_DIR": str(tmp_path / "new")})
    with pytest.raises(SettingInvalid, match="OSTIARY_CAGE_REQUIRED"), app.opened(demanded, may_make=True):
        raise AssertionError("opened")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        (Support(True, 7), []),
        (Support(True, 0), [("info", "no Landlock")]),
        (Support(False, 0), [("warning", "system calls are not filtered")]),
    ],
)
def test_the_log_says_at_the_start_what_is_missing(
    here: Support, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []

    def hears(level: str) -> Any:
        return lambda _event, problem: heard.append((level, problem))

    monkeypatch.setattr(startup, "support", lambda: here)
    monkeypatch.setattr(startup, "_log", SimpleNamespace(info=hears("info"), warning=hears("warning")))
    startup._log_cage()
    assert heard == expected
