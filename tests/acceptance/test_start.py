"""Starting: an empty folder is enough, monitors are answered, and what cannot start says why."""

from __future__ import annotations

import argparse
import json
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ostiary.cli.parsing.parser import make_parser
from ostiary.storage import opening
from tests.acceptance.conftest import COMMAND_S, RunningService, environment, process
from tests.acceptance.onboarding import documented

Start = Callable[..., RunningService]
HEAVY = (
    "PIL", "aiohttp", "alembic", "asyncio", "cel_expr_python", "cryptography", "msgspec", "numpy", "phonenumbers",
    "pycountry", "rich", "sqlalchemy", "sqlite3", "starlette", "structlog", "uvicorn", "uvloop", "yaml",
)  # fmt: skip
"""None of these is needed to say what a command understands."""


def commands(parser: argparse.ArgumentParser, *words: str) -> Iterator[tuple[str, ...]]:
    """Every command and action, by the words that name it."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from commands(inner, *words, name)


def answered(service: RunningService, path: str) -> httpx.Response:
    return httpx.get(service.url + path, trust_env=False)


def said_by(program: str) -> tuple[str, str]:
    """What a program of Python says, and complains of."""
    line = [sys.executable, "-c", program]
    done = subprocess.run(line, capture_output=True, text=True, timeout=COMMAND_S, check=False)
    return done.stdout, done.stderr


def test_an_empty_folder_is_enough_and_only_its_owner_may_look_inside(service_factory: Start) -> None:
    service = service_factory(is_new=True)
    documented(service.client(), "AB1234567")
    assert stat.S_IMODE(service.data.stat().st_mode) == 0o700
    files = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in service.data.rglob("*") if path.is_file()}
    assert {"master.key", "ostiary.sqlite3", "ostiary.sqlite3-wal"} <= set(files)
    assert set(files.values()) == {"0o600"}, files


def test_monitors_are_answered_without_a_key(service_factory: Start) -> None:
    service = service_factory()
    live, ready = answered(service, "/health/live"), answered(service, "/health/ready")
    assert [(answer.status_code, answer.json()) for answer in (live, ready)] == [
        (200, {"status": "alive"}), (200, {"status": "ready"}),
    ]  # fmt: skip


def test_metrics_are_in_the_format_of_prometheus(service_factory: Start) -> None:
    service = service_factory()
    documented(service.client(), "AB1234567")
    metrics = answered(service, "/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(metrics.text)}
    assert {"ostiary_request_seconds", "ostiary_requests", "ostiary_messages_waiting"} <= set(families)
    counted = {(sample.labels.get("operation"), sample.labels.get("status")): sample.value
               for sample in families["ostiary_requests"].samples if sample.name.endswith("_total")}  # fmt: skip
    assert counted["create_client", "201"] == 1.0, counted
    assert not re.search("Maria|AB1234567|example.com", metrics.text)


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = process(environment(tmp_path / "data"), "serve", "--port", port)
    outcome = (done.returncode, f"Port {port} of 127.0.0.1 cannot be used" in done.stderr, "Traceback" in done.stderr)
    assert outcome == (1, True, False), done.stderr


@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        ({"rate_limit_per_second": "many"}, 2, "OSTIARY_RATE_LIMIT_PER_SECOND must be a whole number"),
        ({"databse_url": "x"}, 2, "OSTIARY_DATABSE_URL is no setting"),
        ({"database_url": "mysql://host/db"}, 1, "OSTIARY_DATABASE_URL must be sqlite:///"),
        ({"database_url": "postgresql://o:geheim@127.0.0.1:9/db"}, 1, "postgresql://127.0.0.1:9/db cannot be used"),
        ({"database_url": "postgresql://o:ge@/heim@host/db"}, 2, "OSTIARY_DATABASE_URL must be postgresql://user:pass"),
        ({"files_url": "s3://key:geheim@bucket"}, 1, "OSTIARY_FILES_URL must be"),
        ({"catalogue": "/no/such/catalogue.yaml"}, 1, "/no/such/catalogue.yaml"),
    ],
)
def test_what_cannot_start_says_why(tmp_path: Path, settings: dict[str, str], status: int, words: str) -> None:
    done = process(environment(tmp_path / "data", **settings), "serve", "--port", 1)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (status, True, False), done.stderr


def test_every_command_explains_itself_without_loading_the_service() -> None:
    """One process asks for help of every command, and then looks at what it had to load."""
    asked = list(commands(make_parser()))
    assert len(asked) > 25
    program = "\n".join([
        "import contextlib, io, sys", "from ostiary.cli import main", f"for words in {asked!r}:",
        "    said = io.StringIO()", "    with contextlib.redirect_stdout(said):",
        "        try: main([*words, '--help'])", "        except SystemExit as end: assert not end.code, words",
        "    assert said.getvalue().startswith('usage: ' + ' '.join(('ostiary', *words))), words",
        f"print(sorted({HEAVY!r} & sys.modules.keys()))".replace(f"{HEAVY!r}", f"set({HEAVY!r})"),
    ])  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=COMMAND_S, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("module", ["ostiary.app", "ostiary.runtime.cluster"])
def test_what_runs_long_does_not_load_what_draws_for_people(module: str) -> None:
    """A tenth of a start, and 5 MB, in each process."""
    program = f"import sys, {module}; print(sorted({{'rich', 'pygments'}} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=COMMAND_S, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("words", [(), ("serve",), ("review", "return")], ids=" ".join)
def test_help_at_the_real_command_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = process(environment(tmp_path / "data"), *words, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(" ".join(("usage: ostiary", *words)))
    assert not (tmp_path / "data").exists()


def test_migrate_says_from_where_to_where(tmp_path: Path) -> None:
    data = tmp_path / "data"
    database = str(data / "ostiary.sqlite3")
    report = {"database": database, "from": None, "to": opening.FINISHED, "changed": True, "finished": True}
    for expected in (report, {**report, "from": opening.FINISHED, "changed": False}):
        done = process(environment(data), "migrate", "--json")
        assert (done.returncode, json.loads(done.stdout)) == (0, expected)
    assert process(environment(data), "migrate").stdout == f"{database}: already at schema {opening.FINISHED}\n"
