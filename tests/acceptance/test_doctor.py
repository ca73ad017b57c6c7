"""`ostiary doctor` finds what is wrong with real installations, says what to do, and touches nothing; `settings`."""

from __future__ import annotations

import base64
import json
import resource
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ostiary.cli.commands.doctor import HIDDEN
from ostiary.cli.doctor.machine import GB, MB, Level, disk_space
from ostiary.domain.ids import encode
from ostiary.settings import TABLE, read_settings
from tests.acceptance.conftest import COMMAND_S, OSTIARY, RunningService, environment, installed
from tests.acceptance.onboarding import submitted
from tests.commands import command

Start = Callable[..., RunningService]
Finding = dict[str, str]
FUTURE_MS = 4_000_000_000_000
CHECKS = {
    "settings", "python", "data folder", "disk space", "file store", "open files", "catalogue", "providers", "console",
    "documents", "cage", "master key", "database", "clock", "messages", "quotas", "key and database", "webhooks",
    "trust store", "master keys", "lookup keys", "erasures", "retention",
}  # fmt: skip


@pytest.fixture
def stopped(tmp_path: Path) -> RunningService:
    """An installation with a company, not being served."""
    service = installed(tmp_path / "data")
    service.company()
    return service


def examine(service: RunningService, **settings: object) -> tuple[int, dict[str, Finding]]:
    """The exit status and the findings by check."""
    return examined(service.variables | environment(service.data, **settings))


def examined(variables: dict[str, str]) -> tuple[int, dict[str, Finding]]:
    done = command(variables, "doctor", "--json")
    findings: list[Finding] = json.loads(done.stdout)
    return done.returncode, {finding["check"]: finding for finding in findings}


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with size and time of its last change."""
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def change(service: RunningService, text: str, *values: object) -> None:
    with closing(sqlite3.connect(service.data / "ostiary.sqlite3")) as database, database:
        database.execute(text, values)


def problem_in(examination: tuple[int, dict[str, Finding]], check: str) -> str:
    """What a problem says and advises, which made the exit status 1."""
    status, findings = examination
    assert (status, findings[check]["status"]) == (1, "problem")
    assert findings[check]["advice"]
    return f"{findings[check]['found']} {findings[check]['advice']}"


def warning_in(examination: tuple[int, dict[str, Finding]], check: str) -> str:
    """What a warning says and advises, which left the exit status 0."""
    status, findings = examination
    assert (status, findings[check]["status"]) == (0, "warning"), findings
    assert findings[check]["advice"]
    return f"{findings[check]['found']} {findings[check]['advice']}"


# ---- healthy --------------------------------------------------------------------------------------------------------


def test_beside_a_running_service_every_check_is_made(service_factory: Start) -> None:
    service = service_factory()
    submitted(service.client(), "AB1234567")
    status, findings = examine(service)
    assert (status, set(findings)) == (0, CHECKS)
    assert not [finding for finding in findings.values() if finding["status"] == "problem"]
    assert service.client().get("/management/clients/individuals").status_code == 200


def test_looking_changes_nothing_on_the_disk(stopped: RunningService) -> None:
    before = files_of(stopped.data)
    for words in ((), ("--json",)):
        assert stopped.cli("doctor", *words).returncode == 0
    after = files_of(stopped.data)
    assert {name for name in after if not name.endswith("pictures")} == set(before)
    assert {name: state for name, state in after.items() if Path(name).is_file()} == {
        name: state for name, state in before.items() if Path(name).is_file()
    }


def test_for_people_it_says_so(stopped: RunningService) -> None:
    done = stopped.cli("doctor")
    assert "the master key opens this database" in done.stdout
    assert "\x1b" not in done.stdout
    stopped.data.chmod(0o750)
    warned = stopped.cli("doctor")
    assert warned.returncode == 0
    assert f"→chmod700{stopped.data}" in "".join(warned.stdout.split()), "a long path is folded"
    assert "what to do stands under each" in warned.stdout


def test_before_anything_is_installed_it_says_what_to_run(tmp_path: Path) -> None:
    folder = tmp_path / "not yet"
    assert "`ostiary serve --sandbox` to try" in problem_in(examined(environment(folder)), "data folder")
    assert not folder.exists()
    folder.mkdir(mode=0o700)
    assert "there is no installation" in problem_in(examined(environment(folder)), "database")
    assert list(folder.iterdir()) == []


# ---- the key --------------------------------------------------------------------------------------------------------


def test_a_wrong_key_is_told(stopped: RunningService) -> None:
    wrong = base64.b64encode(bytes(32)).decode()
    text = problem_in(examine(stopped, master_key=wrong), "key and database")
    assert "Set the key that this database was made with" in text


def test_a_key_that_is_none_is_told_once(stopped: RunningService) -> None:
    examination = examine(stopped, master_key="abc")
    assert "32 bytes in base64" in problem_in(examination, "master key")
    assert "key and database" not in examination[1]
    assert "cannot be read" in problem_in(examine(stopped, master_key_file=stopped.data / "none"), "master key")


def test_a_missing_key_is_not_made_anew(stopped: RunningService) -> None:
    (stopped.data / "master.key").rename(stopped.data / "elsewhere")
    text = problem_in(examine(stopped), "master key")
    assert "Put the key back" in text
    assert not (stopped.data / "master.key").exists()
    status, findings = examine(stopped, master_key_file=stopped.data / "elsewhere")
    assert (status, findings["key and database"]["status"]) == (0, "ok")


def test_a_key_others_can_read_is_a_problem(stopped: RunningService) -> None:
    (stopped.data / "master.key").chmod(0o640)
    assert f"chmod 600 {stopped.data / 'master.key'}" in problem_in(examine(stopped), "master key")


# ---- the database ---------------------------------------------------------------------------------------------------


def test_another_schema_is_told(stopped: RunningService) -> None:
    change(stopped, "UPDATE alembic_version SET version_num = '9999'")
    assert "Run a newer Ostiary" in problem_in(examine(stopped), "database")
    change(stopped, "UPDATE alembic_version SET version_num = '0000'")
    assert "ostiary migrate" in warning_in(examine(stopped), "database")
    change(stopped, "DROP TABLE alembic_version")
    assert "has no schema of Ostiary" in problem_in(examine(stopped), "database")


def test_a_file_that_is_no_database_is_told(stopped: RunningService) -> None:
    (stopped.data / "ostiary.sqlite3").write_bytes(b"something else entirely" * 1000)
    assert "ostiary restore" in problem_in(examine(stopped), "database")


def test_another_kind_of_database_is_told(stopped: RunningService) -> None:
    examination = examine(stopped, database_url="mysql://localhost/ostiary")
    assert "OSTIARY_DATABASE_URL must be" in problem_in(examination, "database")


def test_a_server_that_is_not_there_is_told_without_its_password(stopped: RunningService) -> None:
    examination = examine(stopped, database_url="postgresql://o:geheim@127.0.0.1:9/ostiary")
    assert "Start PostgreSQL" in problem_in(examination, "database")
    assert "geheim" not in str(examination)


def test_a_clock_behind_the_database_is_told(stopped: RunningService) -> None:
    change(
        stopped, "INSERT INTO companies VALUES (?, 'sandbox', 1, x'00', x'00', 0, x'00', ?)",
        encode(FUTURE_MS, 1), FUTURE_MS,
    )  # fmt: skip
    examination = examine(stopped)
    assert "the database's newest was made 2096-10-02T07:06:40" in problem_in(examination, "clock")
    assert "restore" in problem_in(examination, "company"), "and such a row cannot be opened"


def test_an_endpoint_that_is_disabled_is_told(stopped: RunningService) -> None:
    company = stopped.company()
    columns = "company_id, queue, due_at_ms, lane, disabled_at_ms, disabled_because"
    change(stopped, f"INSERT INTO queues ({columns}) VALUES (?, 'webhook', 1, 2, 1, 'gone')", company)  # noqa: S608
    _, findings = examine(stopped)
    assert findings["endpoints"]["status"] == "warning"
    assert f"{company} (gone)" in findings["endpoints"]["found"]


def test_a_providers_file_with_a_fault_is_told(stopped: RunningService, tmp_path: Path) -> None:
    (tmp_path / "providers.yaml").write_text("providers: {acme: {kind: fax}}")
    _, findings = examine(stopped, providers=tmp_path / "providers.yaml")
    assert findings["providers"]["status"] == "problem"
    assert "kind must be one of http, sumsub" in findings["providers"]["found"]


def test_messages_that_nobody_handles_are_told(stopped: RunningService) -> None:
    company = stopped.company()
    for number, state in enumerate(("failed", "pending", "pending")):
        change(
            stopped,
            "INSERT INTO messages VALUES"
            " (?, ?, 'webhook', 'x', 'x', 1, ?, 1000, NULL, 0, 10, x'00', 1000, NULL, 'webhook', 0)",
            company, str(number), state,
        )  # fmt: skip
    examination = examine(stopped)
    assert warning_in(examination, "messages given up").startswith("1 could not be delivered")
    assert "2 should have been handled by now, the oldest since 1970" in warning_in(examination, "messages")


# ---- webhooks -------------------------------------------------------------------------------------------------------


def test_webhooks_are_connected_to_but_nothing_is_sent(service_factory: Start) -> None:
    service = service_factory(allowed_private_networks="127.0.0.0/8")
    with socket.create_server(("127.0.0.1", 0)) as endpoint:
        url = f"http://127.0.0.1:{endpoint.getsockname()[1]}/"
        subscribed = {"url": url, "webhook_key": "key"}
        assert service.client().post("/management/companies/webhook/subscribe", json=subscribed).status_code == 200
        status, findings = examine(service, allowed_private_networks="127.0.0.0/8")
        assert (status, findings["webhook of Acme sandbox"]["status"]) == (0, "ok")
        knock, _ = endpoint.accept()
        with knock:
            assert knock.recv(1) == b""
        text = problem_in(examine(service, allowed_private_networks=""), "webhook of Acme sandbox")
        assert "OSTIARY_ALLOWED_PRIVATE_NETWORKS" in text
        endpoint.settimeout(0.2)
        with pytest.raises(TimeoutError):
            endpoint.accept()
    gone = warning_in(examine(service, allowed_private_networks="127.0.0.0/8"), "webhook of Acme sandbox")
    assert "does not answer" in gone


# ---- the machine ----------------------------------------------------------------------------------------------------


def limited(variables: dict[str, str], kind: int, most: int) -> tuple[int, dict[str, Finding]]:
    """Examined by a process that may use only so much of something."""
    _, hard = resource.getrlimit(kind)
    done = subprocess.run(
        [str(OSTIARY), "doctor", "--json"], env=variables, capture_output=True, text=True, timeout=COMMAND_S,
        check=False, preexec_fn=lambda: resource.setrlimit(kind, (most, hard)),
    )  # fmt: skip
    return done.returncode, {check["check"]: check for check in json.loads(done.stdout)}


def test_a_store_that_cannot_be_written_is_told(stopped: RunningService) -> None:
    assert "503" in problem_in(limited(stopped.variables, resource.RLIMIT_FSIZE, 0), "file store")
    assert not [probe for probe in stopped.data.rglob(".doctor*")]


def test_too_few_open_files_are_told(stopped: RunningService) -> None:
    assert "ulimit -n" in warning_in(limited(stopped.variables, resource.RLIMIT_NOFILE, 256), "open files")


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (100 * GB, 200 * GB, Level.OK),
        (4 * GB, 100 * GB, Level.WARNING),
        (1 * GB, 4 * GB, Level.WARNING),
        (9 * GB, 1000 * GB, Level.PROBLEM),
        (200 * MB, 1 * GB, Level.PROBLEM),
        (0, 0, Level.PROBLEM),
    ],
)
def test_little_space_is_a_warning_and_hardly_any_a_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, total: int, level: Level
) -> None:
    usage = type("Usage", (), {"free": free, "total": total})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    finding = disk_space(read_settings({"OSTIARY_DATA_DIR": str(tmp_path)}))
    assert finding.level is level
    assert bool(finding.advice) == (level is not Level.OK)


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is not a folder" in problem_in(examined(environment(tmp_path / "file")), "data folder")


def test_a_bad_catalogue_is_told_with_its_first_fault(stopped: RunningService, tmp_path: Path) -> None:
    path = tmp_path / "products.yaml"
    path.write_text("products:\n  cards:\n    name: 3\nmore: 1\n")
    text = problem_in(examine(stopped, catalogue=path), "catalogue")
    assert f"{path}:" in text
    assert f"ostiary catalogue check {path}" in text


# ---- settings -------------------------------------------------------------------------------------------------------


def test_settings_that_are_wrong_are_each_told(tmp_path: Path) -> None:
    done = command(environment(tmp_path / "data", log_level="loud", typo=1), "doctor", "--json")
    assert done.returncode == 1
    findings = json.loads(done.stdout)
    assert [finding["status"] for finding in findings] == ["problem", "problem"]
    assert "OSTIARY_LOG_LEVEL must be one of" in findings[0]["found"]
    assert "OSTIARY_TYPO is no setting" in findings[1]["found"]


def settings_of(**settings: object) -> dict[str, dict[str, Any]]:
    done = command(environment(Path("/srv/ostiary"), **settings), "settings", "--json")
    assert done.returncode == 0, done.stderr
    return {setting["name"]: setting for setting in json.loads(done.stdout)}


def test_every_setting_is_listed_as_it_would_be_written() -> None:
    given = {
        "master_key": base64.b64encode(bytes(32)).decode(), "rate_limit_per_second": 0, "max_body_mb": 7,
        "trusted_proxies": "10.0.0.0/8,fd00::/8", "embedded_worker": "inside", "catalogue": "/etc/ostiary/cards.yaml",
    }  # fmt: skip
    listed = settings_of(**given)
    assert list(listed) == [setting.name for setting in TABLE]
    assert listed["OSTIARY_DATA_DIR"]["value"] == "/srv/ostiary"
    assert listed["OSTIARY_MASTER_KEY"]["value"] == HIDDEN
    for name, value in given.items():
        if name != "master_key":
            assert listed[f"OSTIARY_{name.upper()}"]["value"] == str(value)
    assert listed["OSTIARY_LOG_LEVEL"] == {
        "name": "OSTIARY_LOG_LEVEL", "value": "info", "default": "info", "means": "debug, info, warning or error.",
    }  # fmt: skip


def test_a_secret_is_never_printed() -> None:
    secret = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
    done = command(environment(Path("/srv/ostiary"), master_key=secret), "settings")
    assert HIDDEN in done.stdout
    assert secret not in done.stdout + done.stderr
    assert "OSTIARY_ALLOWED_PRIVATE_NETWORKS" in done.stdout


def test_settings_that_are_wrong_are_said_beside_the_table() -> None:
    done = command(environment(Path("/srv/ostiary"), log_level="loud"), "settings")
    assert done.returncode == 2
    assert "OSTIARY_LOG_LEVEL must be one of" in done.stderr
    assert "What you see are the defaults." in done.stderr
    assert "OSTIARY_LOG_LEVEL" in done.stdout
