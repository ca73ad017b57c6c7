"""`doctor` has the reader read a specimen, and says what is wrong where it cannot."""

from __future__ import annotations

import pytest

from ostiary.adapters.reader import process as reader_process
from ostiary.cli.doctor import reader
from ostiary.cli.doctor.machine import Level, document_reader
from ostiary.settings import read_settings
from tests.lighter import REALLY_READ


def test_a_specimen_is_read() -> None:
    finding = document_reader(read_settings({}))
    assert finding is not None
    assert (finding.check, finding.level) == ("documents", Level.OK)
    assert "a specimen was read in" in finding.found


def test_a_reader_that_does_not_start_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "_MODULE", "ostiary.no_such_module")
    finding = REALLY_READ()
    assert finding.level is Level.PROBLEM
    assert "does not start" in finding.found
    assert "goes to review" in finding.advice


def test_one_that_reads_something_else_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "specimen", lambda _seed, number: b"no picture")
    finding = REALLY_READ()
    assert (finding.level, finding.found) == (Level.PROBLEM, "the reader did not read its specimen: not_readable")


def test_one_that_is_slow_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SLOW_CPU_S", 0.0)
    finding = REALLY_READ()
    assert finding.level is Level.WARNING
    assert "more processors" in finding.advice
