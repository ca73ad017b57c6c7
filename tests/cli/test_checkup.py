"""Each check of `doctor` on the machine and in the database, at and beside its bounds."""

from __future__ import annotations

import base64
import os
import resource
import shutil
import sys
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters.crypto import master_key
from ostiary.cli.doctor import machine
from ostiary.cli.doctor.database import CLOCK_SLACK_MS, MOST_NAMED, OVERDUE_MS, _clock, _endpoints, _messages, _schema
from ostiary.cli.doctor.files import elsewhere
from ostiary.cli.doctor.machine import GB, MB, DoctorFinding, Level
from ostiary.cli.doctor.stored import stored
from ostiary.domain.companies.company import Company, Environment
from ostiary.domain.ids import encode
from ostiary.settings import Settings, read_settings
from ostiary.storage import opening
from tests.material import NOW_MS

Usage = namedtuple("Usage", "total used free")
Version = namedtuple("Version", "major minor micro releaselevel serial")


def settings(folder: Path, **more: object) -> Settings:
    given = {f"OSTIARY_{name.upper()}": str(value) for name, value in more.items()}
    return read_settings({"OSTIARY_DATA_DIR": str(folder), **given})


def level_of(finding: DoctorFinding | None) -> str:
    assert finding is not None
    assert bool(finding.advice) is (finding.level is not Level.OK), "what is not in order says what to do"
    return finding.level.value


# ---- the machine ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minor", "level"), [(10, "problem"), (11, "ok"), (99, "ok")])
def test_the_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, minor: int, level: str) -> None:
    monkeypatch.setattr(sys, "version_info", Version(3, minor, 0, "final", 0))
    finding = machine.python(settings(tmp_path))
    assert level_of(finding) == level
    assert "3.11" in finding.advice or level == "ok"


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (256 * MB - 1, GB, "problem"),
        (256 * MB, GB, "warning"),
        (2 * GB - 1, 10 * GB, "warning"),
        (2 * GB, 10 * GB, "ok"),
        (9 * GB, 1000 * GB, "problem"),
        (10 * GB, 1000 * GB, "warning"),
        (50 * GB - 1, 1000 * GB, "warning"),
        (50 * GB, 1000 * GB, "ok"),
        (0, 0, "problem"),
    ],
)
def test_space_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, total: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(total, total - free, free))
    finding = machine.disk_space(settings(tmp_path / "not" / "yet"))
    assert level_of(finding) == level
    assert str(tmp_path) in finding.advice or level == "ok", "the folder that is there already"


@pytest.mark.parametrize(
    ("soft", "level", "words"),
    [(1023, "warning", "1023 files"), (1024, "ok", "1024 at once"), (resource.RLIM_INFINITY, "ok", "unlimited")],
)
def test_open_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, soft: int, level: str, words: str) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (soft, soft))
    finding = machine.open_files(settings(tmp_path))
    assert level_of(finding) == level
    assert words in finding.found


@pytest.mark.parametrize(
    ("mode", "level"), [(0o700, "ok"), (0o710, "warning"), (0o701, "warning"), (0o704, "warning"), (0o777, "warning")]
)
def test_who_may_look_into_the_data_folder(tmp_path: Path, mode: int, level: str) -> None:
    tmp_path.chmod(mode)
    finding = machine.data_folder(settings(tmp_path))
    assert level_of(finding) == level
    assert level == "ok" or f"mode {mode:04o}" in finding.found


def test_a_data_folder_that_is_not_there_or_no_folder(tmp_path: Path) -> None:
    assert level_of(machine.data_folder(settings(tmp_path / "a" / "b"))) == "problem"
    (tmp_path / "file").touch()
    assert level_of(machine.data_folder(settings(tmp_path / "file"))) == "problem"


@pytest.mark.parametrize(
    ("elsewhere", "level"),
    [
        (("database_url", "files_url", "master_key_file"), "ok"),
        (("database_url", "files_url", "master_key"), "ok"),
        (("database_url", "files_url"), "warning"),
        (("database_url", "master_key_file"), "warning"),
        (("files_url", "master_key_file"), "problem"),
    ],
)
def test_a_data_folder_is_missed_only_where_something_is_kept_there(
    tmp_path: Path, elsewhere: tuple[str, ...], level: str
) -> None:
    places = {
        "database_url": "postgresql://ostiary@db/ostiary",
        "files_url": "s3://bucket/prefix",
        "master_key": base64.b64encode(bytes(32)).decode(),
        "master_key_file": tmp_path / "key",
    }
    finding = machine.data_folder(settings(tmp_path / "a" / "b", **{name: places[name] for name in elsewhere}))
    assert level_of(finding) == level


@pytest.mark.parametrize(
    ("mode", "level"), [(0o600, "ok"), (0o400, "ok"), (0o640, "problem"), (0o604, "problem"), (0o610, "problem")]
)
@pytest.mark.parametrize("is_named", [True, False])
def test_who_may_read_the_master_key(tmp_path: Path, mode: int, level: str, is_named: bool) -> None:
    path = tmp_path / ("kept" if is_named else master_key.FILE_NAME)
    path.write_text(base64.b64encode(bytes(32)).decode())
    path.chmod(mode)
    finding = machine.master_key_file(settings(tmp_path, **({"master_key_file": path} if is_named else {})))
    assert level_of(finding) == level
    assert finding is not None
    assert str(path) in finding.found
    assert path.stat().st_mode & 0o777 == mode, "looking mends nothing"


@pytest.mark.parametrize(
    ("key", "level", "words"),
    [
        (base64.b64encode(bytes(32)).decode(), "ok", "1 key from OSTIARY_MASTER_KEY"),
        (f"1:{base64.b64encode(bytes(32)).decode()},7:{base64.b64encode(bytes(range(32))).decode()}", "ok",
         "a ring of 2 keys from OSTIARY_MASTER_KEY"),
        (base64.b64encode(bytes(31)).decode(), "problem", "32 bytes in base64"),
        ("nonsense", "problem", "32 bytes in base64"),
    ],
)  # fmt: skip
def test_a_master_key_in_the_environment(tmp_path: Path, key: str, level: str, words: str) -> None:
    finding = machine.master_key_file(settings(tmp_path, master_key=key))
    assert level_of(finding) == level
    assert finding is not None
    assert words in finding.found
    assert key not in finding.found + finding.advice
    assert list(tmp_path.iterdir()) == []


def test_a_master_key_that_a_container_is_shown_has_the_mode_its_engine_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mounted to be read only, as Compose (0444) and Kubernetes (0440) do."""
    key = tmp_path / "key"
    key.write_text(base64.b64encode(bytes(32)).decode())
    key.chmod(0o440)
    asked = settings(tmp_path, master_key_file=key)
    assert level_of(machine.master_key_file(asked)) == "problem"
    values = list(os.statvfs(key))
    values[8] |= os.ST_RDONLY  # f_flag
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(values))
    assert level_of(machine.master_key_file(asked)) == "ok"


def test_where_there_is_no_key_there_is_nothing_to_say_and_none_is_made(tmp_path: Path) -> None:
    assert machine.master_key_file(settings(tmp_path)) is None
    assert level_of(machine.master_key_file(settings(tmp_path, master_key_file=tmp_path / "gone"))) == "problem"
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    assert level_of(machine.master_key_file(settings(tmp_path, master_key_file=tmp_path / "binary"))) == "problem"


def test_the_store_of_pictures_is_written_to_and_left_as_it_was(tmp_path: Path) -> None:
    assert machine.file_store(settings(tmp_path / "none")) is None
    assert level_of(machine.file_store(settings(tmp_path))) == "ok"
    (tmp_path / "pictures").mkdir()
    finding = machine.file_store(settings(tmp_path))
    assert level_of(finding) == "ok"
    assert finding is not None
    assert str(tmp_path / "pictures") in finding.found
    assert [path.name for path in tmp_path.rglob("*")] == ["pictures"]


def test_a_store_that_cannot_be_written_names_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    finding = machine.file_store(settings(tmp_path))
    assert level_of(finding) == "problem"
    assert finding is not None
    assert "No space left on device" in finding.found
    assert list(tmp_path.iterdir()) == [], "the probe is taken away"


def test_a_store_elsewhere_is_tried_whole(tmp_path: Path) -> None:
    assert elsewhere(settings(tmp_path)) is None
    (tmp_path / "store").mkdir()
    finding = machine.file_store(settings(tmp_path, files_url=f"file://{tmp_path}/store"))
    assert level_of(finding) == "ok"
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()], "the probe is taken away"
    (tmp_path / "file").touch()
    assert level_of(elsewhere(settings(tmp_path, files_url=f"file://{tmp_path}/file"))) == "problem"
    assert level_of(elsewhere(settings(tmp_path, files_url="nonsense://x"))) == "problem"


# ---- the database ---------------------------------------------------------------------------------------------------


class ReviewDetails:
    """Rows that a database would give, one list for each question."""

    def __init__(self, *answers: list[Any]) -> None:
        self._answers = list(answers)

    def rows(self, text: str, *parameters: Any) -> list[Any]:
        return self._answers.pop(0)

    def stream(self, text: str) -> Iterator[Any]:
        raise NotImplementedError

    def alone(self, text: str) -> None:
        raise NotImplementedError

    def many(self, text: str, rows: Any) -> None:
        raise NotImplementedError

    def perform(self, script: Any) -> Any:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("at", "level"),
    [
        (None, "problem"),
        ("0001", "warning"),
        ("0003", "warning"),
        (opening.SCHEMA, "ok"),
        (opening.FINISHED, "ok"),
        ("0006", "warning"),
        ("0099", "problem"),
        ("9999", "problem"),
    ],
)
def test_the_schema(at: str | None, level: str) -> None:
    finding = _schema("db", at)
    assert level_of(finding) == level
    assert (at or "no schema") in finding.found


@pytest.mark.parametrize(
    ("now_ms", "newest_ms", "level"),
    [
        (NOW_MS, None, "ok"),
        (NOW_MS, NOW_MS, "ok"),
        (NOW_MS, NOW_MS + CLOCK_SLACK_MS, "ok"),
        (NOW_MS, NOW_MS + CLOCK_SLACK_MS + 1, "problem"),
        (1_767_225_599_999, None, "problem"),  # the last moment of 2025
        (1_767_225_600_000, None, "ok"),
    ],
)
def test_the_clock(now_ms: int, newest_ms: int | None, level: str) -> None:
    ids = [(None,), ("no id of ours",)]
    look = None if newest_ms is None else ReviewDetails([*ids, (encode(newest_ms, 1),)])
    assert level_of(_clock(look, now_ms)) == level
    assert level_of(_clock(ReviewDetails(ids), now_ms)) == level or newest_ms is not None


@pytest.mark.parametrize(
    ("counts", "overdue", "expected"),
    [
        ({}, 0, {"messages": ("ok", "none waiting")}),
        ({"pending": 3}, 0, {"messages": ("ok", "3 waiting for their next try")}),
        ({"pending": 3}, 2, {"messages": ("warning", "2 should have been handled")}),
        ({"failed": 1}, 0, {"messages given up": ("warning", "1 could not"), "messages": ("ok", "none waiting")}),
        (
            {"failed": 1, "pending": 1},
            1,
            {"messages given up": ("warning", "1 c"), "messages": ("warning", "1 s")},
        ),
    ],
)
def test_messages(counts: dict[str, int], overdue: int, expected: dict[str, tuple[str, str]]) -> None:
    counted = [
        row for state, count in counts.items() for row in (("webhook", state, count - 1), ("provider", state, 1))
    ]
    findings = {
        finding.check: finding
        for finding in _messages(ReviewDetails(counted, [(overdue, NOW_MS - OVERDUE_MS)]), NOW_MS)
    }
    assert {check: level_of(finding) for check, finding in findings.items()} == {
        check: pair[0] for check, pair in expected.items()
    }
    for check, (_, words) in expected.items():
        assert findings[check].found.startswith(words)
    assert not overdue or "2026-04-15T10:29:00" in findings["messages"].found


@pytest.mark.parametrize("count", [0, 1, MOST_NAMED, MOST_NAMED + 1])
def test_endpoints_that_are_disabled_are_counted_and_the_first_named(count: int) -> None:
    findings = list(_endpoints(ReviewDetails([(f"company{at}", "gone") for at in range(count)])))
    assert len(findings) == bool(count)
    for finding in findings:
        assert level_of(finding) == "warning"
        assert finding.found.startswith(f"{count} disabled: company0 (gone)")
        assert finding.found.count("(gone)") == min(count, MOST_NAMED)


# ---- what is kept ---------------------------------------------------------------------------------------------------

KEPT_GB = 10**9


@pytest.mark.parametrize(
    ("taken", "unsized", "expected"),
    [
        (0, 0, {"quotas": ("ok", "pictures take 0.00 GB, no quota is near")}),
        (8 * KEPT_GB, 0, {"quotas": ("ok", "pictures take 8.00 GB")}),
        (9 * KEPT_GB, 0, {"quotas": ("warning", "1 at 90 % or more: company (9.00 of 10 GB)")}),
        (12 * KEPT_GB, 0, {"quotas": ("warning", "1 at 90 %")}),
        (1, 3, {"quotas": ("ok", "pictures"), "sizes": ("warning", "3 documents are not counted yet")}),
    ],
)
def test_companies_near_their_quota_are_named(
    tmp_path: Path, taken: int, unsized: int, expected: dict[str, tuple[str, str]]
) -> None:
    company = Company("company", "Acme", Environment.PRODUCTION, 0, b"", "", quota_bytes=10 * KEPT_GB)
    unlimited = replace(company, id="other", quota_bytes=0)
    looked = ReviewDetails([("company", taken, 1)] if taken else [], [(unsized,)])
    findings = {finding.check: finding for finding in stored(settings(tmp_path), [company, unlimited], looked)}
    assert {check: level_of(finding) for check, finding in findings.items()} == {
        check: pair[0] for check, pair in expected.items()
    }
    for check, (_, words) in expected.items():
        assert findings[check].found.startswith(words)
