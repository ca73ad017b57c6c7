"""What `deploy/` sets up, as far as it runs without a container engine: the image's health check, the shell that puts
addresses together, PgBouncer's settings."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from ostiary.cli.doctor.machine import Level
from ostiary.cli.doctor.postgres import plans
from ostiary.storage.opening import PostgresDatabase
from tests.acceptance.conftest import END_S, OSTIARY, RunningService, environment
from tests.acceptance.databases import migrated
from tests.acceptance.onboarding import submitted, until
from tests.acceptance.watched import asked, watched
from tests.servers.ports import free_port
from tests.servers.postgresql import as_whom, belongs_to_server, shared

Start = Callable[..., RunningService]
ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PASSWORD = "0123456789abcdef"


def health_checks() -> dict[str, list[str]]:
    """The commands, without the word that names the interpreter."""
    text = (ROOT / "Containerfile").read_text().replace("\\\n", " ")
    match = re.search(r"^HEALTHCHECK .* CMD (\[.*\])$", text, re.MULTILINE)
    assert match is not None
    return {"image": json.loads(match[1])[1:], "compose": COMPOSE["services"]["api"]["healthcheck"]["test"][2:]}


@pytest.mark.parametrize("where", ["image", "compose"])
def test_the_health_check_tells_a_service_that_runs_from_one_that_does_not(service_factory: Start, where: str) -> None:
    service = service_factory()
    line = [word.replace("8080", str(service.port)) for word in health_checks()[where]]
    assert line != health_checks()[where]

    def status() -> int:
        return subprocess.run([sys.executable, *line], check=False, timeout=END_S, capture_output=True).returncode

    assert status() == 0
    service.stop()
    assert status() != 0


def test_the_shell_puts_secrets_into_addresses_and_becomes_the_command(tmp_path: Path) -> None:
    for name in COMPOSE["services"]["api"]["secrets"]:
        (tmp_path / name).write_text(PASSWORD if name == "database_password" else name)
    [shell, options, script, itself] = COMPOSE["services"]["api"]["entrypoint"]
    script = script.replace("$$", "$").replace("/run/secrets", str(tmp_path)).replace("exec ostiary", "exec env")
    clean = {"PATH": os.defpath}
    done = subprocess.run([shell, options, script, itself], env=clean, capture_output=True, text=True, check=True)
    variables = dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith(("OSTIARY_", "AWS_")))
    assert variables == {
        "OSTIARY_DATABASE_URL": f"postgresql://ostiary:{PASSWORD}@pgbouncer:6432/ostiary",
        "OSTIARY_DATABASE_DIRECT_URL": f"postgresql://ostiary:{PASSWORD}@postgres:5432/ostiary",
        "AWS_ACCESS_KEY_ID": "files_key_id", "AWS_SECRET_ACCESS_KEY": "files_key",
    }  # fmt: skip


def listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def pooler(folder: Path, database: str) -> Iterator[int]:
    """PgBouncer with the settings that ship, but for where things are. Its port."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    assert program is not None, "apt-get install pgbouncer"
    belongs_to_server(folder).chmod(0o755)
    port, users = free_port(), folder / "users"
    users.write_text(f'"ostiary" "{PASSWORD}"\n')
    shipped = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text()
    text = shipped.replace(
        "host=postgres port=5432 dbname=ostiary", f"host=127.0.0.1 port={shared().port} dbname={database}"
    )
    text = text.replace("/run/secrets/pgbouncer_users", str(users)).replace(
        "listen_port = 6432", f"listen_port = {port}"
    )
    (folder / "pgbouncer.ini").write_text(text.replace("listen_addr = 0.0.0.0", "listen_addr = 127.0.0.1"))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [program, str(folder / "pgbouncer.ini")], stdout=log, stderr=log, cwd="/", **as_whom()
        )
    try:
        until(lambda: listens(port), "the pooler listens")
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(END_S)


def test_several_processes_serve_through_the_pooler_as_it_is_set_up(tmp_path: Path) -> None:
    database = migrated(shared())
    with pooler(shared().folder.parent / "shipped", database) as port:
        through = f"postgresql://ostiary:{PASSWORD}@127.0.0.1:{port}/ostiary"
        with watched(tmp_path, database_url=through, database_direct_url=shared().url(database)) as service:
            partner = service.client()
            onboardings = [submitted(partner, f"AB{at}234567") for at in range(5)]
            until(
                lambda: all(partner.get(onboarded.path).json()["status"] == "enabled" for onboarded in onboardings),
                "all are decided",
            )
            assert asked(service, "/health/ready").status_code == 200
        [finding] = plans(PostgresDatabase(through, shared().url(database)).engine())
        assert finding.level is Level.OK, finding
    shared().drop([database])


# ---- as the first process of a container ----------------------------------------------------------------------------


def test_a_process_that_is_still_starting_ends_when_told_to(tmp_path: Path) -> None:
    """The system keeps signals without a handler from the first process of a container."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://ostiary@127.0.0.1:{silent.getsockname()[1]}/ostiary"
        process = subprocess.Popen([str(OSTIARY), "worker"], env=environment(tmp_path / "data", database_url=url))
        try:
            silent.settimeout(END_S)
            connection, _ = silent.accept()  # it asks the database, which never answers
            began = time.monotonic()
            process.terminate()
            assert process.wait(END_S) == 0
            assert time.monotonic() - began < 6
            connection.close()
        finally:
            process.kill()
            process.wait(END_S)
