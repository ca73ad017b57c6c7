"""Folders whose names mean something in addresses: every command works in them, and nothing appears beside them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Desk

NAMES = (
    "hash#tag", "question?mark", "per%20cent", "per%cent", "two words", "quo'te", 'quo"te', "amp&mode=rwc",
    "semi;colon",
    "co:lon", "pl+us", "back\\slash", "caf\u00e9", "as\u00e9#?% '\"&", "br[ack]et", "@sign", "ti~lde", "star*",
)  # fmt: skip


@pytest.fixture
def whole(desk: Desk) -> Desk:
    desk.install()
    return desk


def left(folder: Path) -> set[str]:
    return set(os.listdir(folder))


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_may_be_called_anything(whole: Desk, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.mkdir()
    whole.data.rename(odd / "data")
    with whole.environment.context() as changed:
        changed.setenv("OSTIARY_DATA_DIR", str(odd / "data"))
        company = whole.answer("company", "create", "--name", "Acme", "--environment", "sandbox")
        whole.answer("backup", odd / "out")
        names = {re.sub(r"(-wal|-shm|\.lock|\.turn)$", "", name) for name in left(odd / "data")}
        assert names == {"master.key", "ostiary.sqlite3"}
        assert whole.answer("company", "list")[0]["company_id"] == company["company_id"]
        assert "database" not in " ".join(whole("doctor").err.split()), "doctor has nothing against it"
    with whole.environment.context() as changed:
        changed.setenv("OSTIARY_DATA_DIR", str(odd / "again"))
        changed.setenv("OSTIARY_MASTER_KEY_FILE", str(odd / "data" / "master.key"))
        whole.answer("restore", odd / "out")
        assert whole.answer("company", "list")[0]["company_id"] == company["company_id"]
    assert left(odd) == {"data", "out", "again"}
    assert left(tmp_path) == {name}


@pytest.mark.parametrize("name", NAMES)
def test_a_database_s_file_and_a_new_installation_may_be_called_anything(desk: Desk, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    answer = desk("migrate", "--json", database_url=f"sqlite://{file}")
    assert (answer.status, answer.err) == (0, "")
    assert left(tmp_path) - {"data"} <= {name, f"{name}.lock", f"{name}-wal", f"{name}-shm"}
    assert file.stat().st_size > 0


@pytest.mark.parametrize(
    "url", ["file:///srv/hash#tag", "file:///srv/question?mark", "s3://bucket/a#b", "s3://bucket/a?b"]
)
def test_an_address_that_would_be_cut_short_is_refused(whole: Desk, url: str) -> None:
    assert "written %23 or %3F" in whole.refused("company", "list", files_url=url)
