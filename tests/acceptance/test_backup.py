"""Backups while serving, and restoring them: whole, or not at all."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import shutil
import stat
import tarfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ostiary.app import opened
from ostiary.cli.commands.companies import create_company
from ostiary.domain.companies.company import Caller, Environment
from ostiary.settings import read_settings
from ostiary.usecases.clients import individuals
from ostiary.usecases.onboarding import add_document, products
from ostiary.usecases.transaction import execute
from tests.acceptance.conftest import RunningService, environment
from tests.acceptance.onboarding import Onboarded, documented, new_client
from tests.commands import command
from tests.house import template
from tests.material import picture, profile

Start = Callable[..., RunningService]
WRITERS = 3


def run_json(data: Path, *words: object, **settings: object) -> tuple[int, dict[str, Any]]:
    """Exit status and answer of a command."""
    done = command(environment(data, **settings), *words, "--json")
    return done.returncode, json.loads(done.stdout or done.stderr)


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


# ---- while serving --------------------------------------------------------------------------------------------------


@dataclass
class Writing:
    """Partners that create clients and hand in documents until told to stop."""

    service: RunningService
    answered: list[tuple[float, str]]
    handed_in: list[tuple[float, Onboarded]]
    stopped: threading.Event

    def run(self, number: int) -> None:
        with self.service.client() as partner:
            for turn in range(10_000):
                if self.stopped.is_set():
                    return
                client_id = new_client(partner, f"{number}.{turn}")
                self.answered.append((time.monotonic(), client_id))
                if turn % 5 == 0:
                    onboarded = documented(partner, f"AB{number}{turn:06}")
                    self.handed_in.append((time.monotonic(), onboarded))


def test_what_was_answered_before_a_backup_is_in_it(service_factory: Start, tmp_path: Path) -> None:
    service, target = service_factory(), tmp_path / "monday.backup"
    service.company()
    writing = Writing(service, [], [], threading.Event())
    with ThreadPoolExecutor(WRITERS) as pool:
        busy = [pool.submit(writing.run, number) for number in range(WRITERS)]
        try:
            while len(writing.handed_in) < 3 * WRITERS:
                time.sleep(0.05)
                assert not any(future.done() for future in busy)
            began = time.monotonic()
            summary = service.answer("backup", target)
            ended = time.monotonic()
            time.sleep(0.2)
        finally:
            writing.stopped.set()
        for future in busy:
            future.result()
    assert any(began < at < ended for at, _ in writing.answered), "nothing was written meanwhile"
    assert (summary["documents_without_pictures"], summary["master_key_included"]) == (0, False)
    assert summary["master_key"] == str(service.data / "master.key")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["data0.log", "monday.backup"]
    service.stop()

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(service.data / "master.key", elsewhere)
    status, restored = run_json(elsewhere, "restore", target)
    assert (status, restored["pictures"]) == (0, summary["pictures"])
    assert modes(elsewhere) == {0o600}
    status, verified = run_json(elsewhere, "audit", "verify")
    assert (status, verified["intact"]) == (0, True)
    asyncio.run(_compare(elsewhere, service.companies["sandbox"], began, writing))


async def _compare(data: Path, company_id: str, began: float, writing: Writing) -> None:
    with opened(read_settings({"OSTIARY_DATA_DIR": str(data)})) as parts:
        for at, client_id in writing.answered:
            assert at > began or await parts.store.clients.find(company_id, client_id) is not None
        for at, onboarded in writing.handed_in:
            dossier = await parts.store.dossier(company_id, onboarded.client_id)
            if dossier is None or not dossier.documents:
                assert at > began
                continue
            (document,) = dossier.documents
            assert await parts.files.fetch(dossier.client, document.id, document.sides[0]) == onboarded.picture


# ---- a small one ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Small:
    """A data folder with one client and one picture, and its backup."""

    data: Path
    backup: Path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("backup")
    asyncio.run(_fill(folder / "data"))
    status, _ = run_json(folder / "data", "backup", folder / "small.backup")
    assert status == 0
    return Small(folder / "data", folder / "small.backup")


async def _fill(data: Path) -> None:
    shutil.copytree(template(), data)
    with opened(read_settings({"OSTIARY_DATA_DIR": str(data)})) as parts:
        context = parts.context
        caller = Caller(await create_company(parts, "Acme", Environment.SANDBOX, None, "operator:ana"), "key:K", 3)
        client = await execute(context, caller, lambda: individuals.create_client(context, caller, profile()))
        asked = await execute(
            context, caller, lambda: products.request_product(context, caller, client.id, "cards_individuals")
        )
        upload = add_document.Upload("passport", {"number": "AB1234567"}, picture())
        await execute(
            context, caller,
            lambda: add_document.add_document(context, caller, client.id, asked.enablement.id, upload),
        )  # fmt: skip


def test_the_master_key_is_not_in_a_backup_and_people_are_told(small: Small, tmp_path: Path) -> None:
    content = small.backup.read_bytes()
    key = (small.data / "master.key").read_text().strip()
    assert key.encode() not in content
    assert base64.b64decode(key) not in content
    assert b"Barber" not in content
    assert picture()[100:200] not in content
    with tarfile.open(small.backup) as tar:
        names = tar.getnames()
    assert names[:2] == ["manifest.json", "database.sqlite3"]
    assert [name.split("/")[0] for name in names[2:]] == ["pictures"]
    done = command(environment(small.data), "backup", tmp_path / "again")
    assert (
        f"The master key is NOT in it, and without it the backup opens for nobody. It is in {small.data}" in done.stdout
    )


def test_without_its_key_a_backup_is_restored_and_the_key_asked_for(small: Small, tmp_path: Path) -> None:
    data = tmp_path / "data"
    status, answer = run_json(data, "restore", small.backup)
    assert status == 1
    assert f"Put the master key it was made with into {data}/master.key" in answer["error"]
    assert sorted(file.name for file in data.iterdir()) == ["ostiary.sqlite3", "pictures"]
    shutil.copy(small.data / "master.key", data)
    assert run_json(data, "audit", "verify")[0] == 0


def test_a_wrong_key_is_said_to_be_wrong(small: Small, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "master.key").write_text(base64.b64encode(bytes(32)).decode())
    status, answer = run_json(data, "restore", small.backup)
    assert status == 1
    assert "The master key does not fit this database" in answer["error"]
    assert f"Leave the key in {data}/master.key as it is" in answer["error"], (
        "it may be another installation's only one"
    )
    assert "OSTIARY_MASTER_KEY_FILE" in answer["error"]
    shutil.copy(small.data / "master.key", tmp_path / "own.key")
    assert run_json(data, "audit", "verify", master_key_file=tmp_path / "own.key")[0] == 0


def test_key_and_database_may_lie_elsewhere(small: Small, tmp_path: Path) -> None:
    settings = {
        "database_url": f"sqlite://{tmp_path}/base/o.db",
        "master_key": (small.data / "master.key").read_text().strip(),
    }
    status, answer = run_json(tmp_path / "data", "restore", small.backup, **settings)
    assert (status, answer["database"]) == (0, f"{tmp_path}/base/o.db")
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["pictures"]
    assert run_json(tmp_path / "data", "audit", "verify", **settings)[0] == 0


@pytest.mark.parametrize("there", ["ostiary.sqlite3", "ostiary.sqlite3-wal", "pictures", "notes.txt"])
def test_a_folder_with_something_in_it_is_left_alone(small: Small, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    status, answer = run_json(tmp_path, "restore", small.backup)
    assert status == 1
    assert f"there is {tmp_path / there}" in answer["error"]
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {there: "mine"}


@pytest.mark.parametrize("there", ["small.backup", "small.backup.part", "small.backup.part-database"])
def test_a_backup_never_writes_over_anything(small: Small, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    status, answer = run_json(small.data, "backup", tmp_path / "small.backup")
    assert status == 1
    assert f"{tmp_path / there} is there already" in answer["error"]
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {there: "mine"}


def test_there_must_be_something_to_back_up_and_somewhere_to_put_it(small: Small, tmp_path: Path) -> None:
    status, answer = run_json(tmp_path / "data", "backup", tmp_path / "backup")
    assert (status, "There is no installation to back up" in answer["error"]) == (1, True)
    status, answer = run_json(small.data, "backup", tmp_path / "no" / "folder")
    assert (status, "There is no folder" in answer["error"]) == (1, True)
    status, answer = run_json(tmp_path / "data", "restore", tmp_path / "backup")
    assert (status, "cannot be restored" in answer["error"]) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_is_not_on_disk_is_told(small: Small, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(small.data, data)
    shutil.rmtree(data / "pictures")
    status, answer = run_json(data, "backup", tmp_path / "backup")
    assert (status, answer["documents_without_pictures"], answer["pictures"]) == (0, 1, 0)
    assert run_json(tmp_path / "restored", "restore", tmp_path / "backup", master_key_file=data / "master.key")[0] == 0


# ---- damaged and hostile --------------------------------------------------------------------------------------------

Members = list[tuple[tarfile.TarInfo, bytes]]


def unpacked(backup: Path) -> Members:
    with tarfile.open(backup) as tar:
        return [(member, (tar.extractfile(member) or io.BytesIO()).read()) for member in tar]


def packed(members: Members) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for member, content in members:
            if member.isreg():
                member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def with_manifest(members: Members, change: Callable[[dict[str, Any]], None]) -> Members:
    manifest = json.loads(members[0][1])
    change(manifest)
    return [(members[0][0], json.dumps(manifest).encode()), *members[1:]]


def flipped(members: Members, at: int) -> Members:
    content = bytearray(members[at][1])
    content[len(content) // 2] ^= 1
    return [(member, bytes(content) if number == at else old) for number, (member, old) in enumerate(members)]


def renamed(members: Members, name: str) -> Members:
    """The picture under another name, in the manifest too."""
    members = with_manifest(members, lambda manifest: manifest["files"][1].__setitem__(0, name))
    members[2][0].name = name
    members[2][0].pax_headers = {}
    return members


def linked(members: Members) -> Members:
    members[2][0].type, members[2][0].linkname = tarfile.SYMTYPE, "/etc/passwd"
    return members


def extra(members: Members) -> Members:
    return [*members, (tarfile.TarInfo("pictures/more"), b"more")]


def sized(manifest: dict[str, Any]) -> None:
    manifest["files"][1][1] += 1


def newer(manifest: dict[str, Any]) -> None:
    manifest["schema"] = "9999"


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (lambda members: flipped(members, 1), "database.sqlite3 is not what was backed up"),
        (lambda members: flipped(members, 2), "image_front is not what was backed up"),
        (lambda members: members[:2], "image_front is not where its manifest says"),
        (lambda members: [members[0], members[2], members[1]], "database.sqlite3 is not where its manifest says"),
        (lambda members: members[1:], "does not begin with a manifest"),
        (lambda members: [], "does not begin with a manifest"),
        (lambda members: [(members[0][0], b"{}"), *members[1:]], "its manifest cannot be read"),
        (lambda members: with_manifest(members, sized), "bytes, not "),
        (lambda members: with_manifest(members, newer), "made by the newer Ostiary"),
        (lambda members: with_manifest(members, lambda index: index["files"].pop()), "more than its manifest says"),
        (
            lambda members: with_manifest(members, lambda index: index["files"].reverse()),
            "files that Ostiary does not make",
        ),
        (lambda members: renamed(members, "../../evil"), "files that Ostiary does not make"),
        (lambda members: renamed(members, "/tmp/evil"), "files that Ostiary does not make"),  # noqa: S108
        (lambda members: renamed(members, "pictures/../../evil"), "files that Ostiary does not make"),
        (linked, "image_front is not where its manifest says"),
        (extra, "more than its manifest says"),
    ],
)
def test_a_tampered_backup_is_refused_and_nothing_is_left_of_it(
    small: Small, tmp_path: Path, tamper: Callable[[Members], Members], says: str
) -> None:
    (tmp_path / "tampered").write_bytes(packed(tamper(unpacked(small.backup))))
    status, answer = run_json(tmp_path / "data", "restore", tmp_path / "tampered")
    assert status == 1
    assert says in answer["error"]
    assert left_in(tmp_path / "data") == []


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9])
def test_a_truncated_backup_is_refused_and_nothing_is_left_of_it(small: Small, tmp_path: Path, share: float) -> None:
    shutil.copy(small.backup, tmp_path / "truncated")
    os.truncate(tmp_path / "truncated", int(small.backup.stat().st_size * share))
    status, _ = run_json(tmp_path / "data", "restore", tmp_path / "truncated")
    assert status == 1
    assert left_in(tmp_path / "data") == []
