"""What `doctor` and `settings` print, and the values in force as they would be written; no password among them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from ostiary.cli.commands.doctor import HIDDEN, _changed, _look, _report, _verdict, in_force
from ostiary.cli.doctor.machine import DoctorFinding, Level, ok, problem, warning
from ostiary.settings import TABLE, Settings, read_settings
from tests.cli.conftest import Desk

BY_NAME = {setting.name: setting for setting in TABLE}
GOOD, DOUBTFUL = ok("clock", "it is noon"), warning("disk [b]", "3 GB", "Make room.")
BAD = problem("database", "it is gone", "Bring it back.")


@pytest.mark.parametrize(
    ("problems", "warnings", "words"),
    [
        (0, 0, "Everything is in order."),
        (1, 0, "1 problem: what to do stands under each."),
        (0, 1, "1 warning: what to do stands under each."),
        (2, 1, "2 problems and 1 warning: what to do stands under each."),
        (1, 2, "1 problem and 2 warnings: what to do stands under each."),
    ],
)
def test_the_verdict(problems: int, warnings: int, words: str) -> None:
    assert _verdict(problems, warnings) == words


@pytest.mark.parametrize(
    ("findings", "status"), [([], 0), ([GOOD], 0), ([GOOD, DOUBTFUL], 0), ([BAD], 1), ([GOOD, BAD, DOUBTFUL], 1)]
)  # fmt: skip
def test_only_a_problem_makes_it_fail(
    capsys: pytest.CaptureFixture[str], findings: list[DoctorFinding], status: int
) -> None:
    assert _report(argparse.Namespace(json=True), findings) == status
    shown = json.loads(capsys.readouterr().out)
    assert shown == [
        {"check": a.check, "status": a.level.value, "found": a.found, "advice": a.advice} for a in findings
    ]
    assert _report(argparse.Namespace(json=False), findings) == status
    words = capsys.readouterr().out
    for finding in findings:
        assert finding.check in words
        assert finding.found in words
        assert not finding.advice or f"→ {finding.advice}" in words
    assert words.count("→") == sum(bool(finding.advice) for finding in findings)


def test_a_check_that_the_system_does_not_let_begin_is_a_problem_of_its_own() -> None:
    def master_key_file(_: Settings) -> DoctorFinding | None:
        raise PermissionError(13, "Permission denied", "/srv/o")

    def nothing(_: Settings) -> DoctorFinding | None:
        return None

    finding = _look(master_key_file, read_settings({}))
    assert finding is not None
    assert (finding.check, finding.level) == ("master key file", Level.PROBLEM)
    assert "/srv/o" in finding.found
    assert finding.advice == "Run this as the user the service runs as."
    assert _look(nothing, read_settings({})) is None


# ---- settings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("OSTIARY_DATABASE_URL", "postgresql://u:secret@db/o", f"postgresql://u:{HIDDEN}@db/o"),
        ("OSTIARY_DATABASE_URL", "postgresql://u:se@cret@db/o", f"postgresql://u:{HIDDEN}@db/o"),
        ("OSTIARY_DATABASE_URL", "postgresql://u@db/o", "postgresql://u@db/o"),
        ("OSTIARY_DATABASE_URL", "postgresql://db/o?user=u&password=secret&x=1",
         f"postgresql://db/o?user=u&password={HIDDEN}&x=1"),
        ("OSTIARY_DATABASE_URL", "postgresql://db/o?password=secret", f"postgresql://db/o?password={HIDDEN}"),
        ("OSTIARY_DATABASE_DIRECT_URL", "postgresql://u:secret@db/o", f"postgresql://u:{HIDDEN}@db/o"),
        ("OSTIARY_MASTER_KEY", "secret", HIDDEN),
        ("OSTIARY_MASTER_KEY", "", ""),
        ("OSTIARY_MASTER_KEY_FILE", "/srv/key", "/srv/key"),
        ("OSTIARY_CATALOGUE", "", ""),
        ("OSTIARY_TRUSTED_PROXIES", "10.0.0.0/8, ::1", "10.0.0.0/8,::1/128"),
        ("OSTIARY_MAX_BODY_MB", "7", "7"),
        ("OSTIARY_UPLOAD_BUDGET_MB", "9", "9"),
        ("OSTIARY_COMPANY_QUOTA_GB", "250", "250"),
        ("OSTIARY_EMBEDDED_WORKER", "0", "elsewhere"),
        ("OSTIARY_EMBEDDED_WORKER", "inside", "inside"),
        ("OSTIARY_DRAIN_SECONDS", "30", "30"),
        ("OSTIARY_LEASE_SECONDS", "31", "31"),
        ("OSTIARY_ENDPOINT_TIMEOUT_SECONDS", "2.50", "2.5"),
        ("OSTIARY_FIRST_RETRY_SECONDS", "0.5", "0.5"),
        ("OSTIARY_STORE_TIMEOUT_SECONDS", "3", "3"),
        ("OSTIARY_DATABASE_TIMEOUT_SECONDS", "7", "7"),
        ("OSTIARY_KEY_LEASE_SECONDS", "600", "600"),
        ("OSTIARY_PROCESSES", "3", "3"),
        ("OSTIARY_PUBLIC_URL", "https://a.b/", "https://a.b"),
        ("OSTIARY_RATE_LIMIT_PER_SECOND", "0", "0"),
        ("OSTIARY_LOG_LEVEL", "error", "error"),
        ("OSTIARY_ALLOWED_PRIVATE_NETWORKS", "127.0.0.1", "127.0.0.1/32"),
    ],
)  # fmt: skip
def test_a_value_in_force(name: str, text: str, shown: str) -> None:
    settings = read_settings({name: text})
    assert in_force(BY_NAME[name], settings) == shown
    assert _changed(settings) == (f"set: {name}" if text else "all as they come")
    others = [setting for setting in TABLE if setting.name != name]
    assert [in_force(setting, settings) for setting in others] == [
        in_force(setting, read_settings({})) for setting in others
    ]


def test_what_is_set_to_its_default_is_not_called_set() -> None:
    assert _changed(read_settings({setting.name: setting.default for setting in TABLE})) == "all as they come"
    assert _changed(read_settings({"OSTIARY_PROCESSES": "2", "OSTIARY_DATA_DIR": "/x"})) == (
        "set: OSTIARY_DATA_DIR, OSTIARY_PROCESSES"
    )


def test_the_table_for_people_marks_what_was_set(desk: Desk) -> None:
    result = desk("settings", log_level="warning", master_key="geheim")
    assert (result.status, result.err) == (0, "")
    assert "geheim" not in result.out
    assert "default: info" in result.out
    assert "default: empty" in result.out
    assert f"{HIDDEN}" in result.out
    assert result.out.count("(default)") == len(TABLE) - 3, "all but those two and the data folder"


def test_both_commands_help_with_settings_that_are_wrong(desk: Desk) -> None:
    wrong = {"log_level": "loud", "max_body_mb": "0"}
    checked = desk("doctor", "--json", **wrong)
    assert checked.status == 1
    assert [(check["check"], check["status"]) for check in json.loads(checked.out)] == [("settings", "problem")] * 2
    assert [check["found"].split()[0] for check in json.loads(checked.out)] == [
        "OSTIARY_MAX_BODY_MB",
        "OSTIARY_LOG_LEVEL",
    ]
    listed = desk("settings", "--json", **wrong)
    assert listed.status == 2
    assert {setting["name"]: setting["value"] for setting in json.loads(listed.out)}["OSTIARY_LOG_LEVEL"] == "info"
    assert json.loads(listed.err)["error"].endswith("What you see are the defaults.")


def test_doctor_names_what_was_set(desk: Desk, tmp_path: Path) -> None:
    desk.install()
    checks = {check["check"]: check for check in json.loads(desk("doctor", "--json", processes="2").out)}
    assert checks["settings"]["found"] == "set: OSTIARY_DATA_DIR, OSTIARY_PROCESSES"
