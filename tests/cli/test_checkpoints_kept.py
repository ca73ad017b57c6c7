"""Checkpoints out of the house at the command line: a trail that was rewritten shows, whoever holds the machine."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters import clock
from ostiary.cli.doctor.checkpoints import checkpoints
from ostiary.domain.audit.checkpoints import Checkpoint
from ostiary.settings import read_settings
from ostiary.storage import opening
from ostiary.storage.sqlite.engine import SqliteBlocking
from tests.cli.conftest import Desk, prepare
from tests.house import House
from tests.servers.timestamp_service import stamping


async def founded(house: House) -> list[str]:
    return [(await house.client(email=f"{name}@example.com")).id for name in ("ana", "bea")]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere"


@pytest.fixture
def clients(desk: Desk) -> list[str]:
    return prepare(desk.data, founded)


def taken(desk: Desk, elsewhere: Path) -> dict[str, Any]:
    answer: dict[str, Any] = desk.answer("audit", "checkpoint", checkpoints=elsewhere)
    return answer


def verified(desk: Desk, elsewhere: Path, *words: str) -> dict[str, Any]:
    done = desk("audit", "verify", "--against", elsewhere, *words, "--json")
    return {"status": done.status, **json.loads(done.out or done.err)}


def files(elsewhere: Path) -> list[Path]:
    return sorted((elsewhere / "checkpoints").iterdir())


def test_each_checkpoint_is_bound_to_the_one_before(desk: Desk, elsewhere: Path, clients: list[str]) -> None:
    first, second = taken(desk, elsewhere), taken(desk, elsewhere)
    assert (first["previous"], second["previous"] != "") == ("", True)
    assert len(files(elsewhere)) == 2
    answer = verified(desk, elsewhere)
    assert (answer["status"], answer["intact"], answer["against"]["checkpoints"]) == (0, True, 2)
    assert "compared with 2 checkpoints" in desk("audit", "verify", "--against", elsewhere).out


def test_a_trail_put_back_shows_though_its_new_holder_takes_a_checkpoint(
    desk: Desk, elsewhere: Path, clients: list[str], tmp_path: Path
) -> None:
    """All of the data folder put back to an earlier moment: nothing in it tells."""
    taken(desk, elsewhere)
    shutil.copytree(desk.data, tmp_path / "earlier")
    company = desk.answer("company", "list")[0]["company_id"]
    desk.answer("company", "quota", "--company", company, "--gb", "5", "--operator", "ana")
    taken(desk, elsewhere)
    shutil.rmtree(desk.data)
    shutil.copytree(tmp_path / "earlier", desk.data)
    assert desk("audit", "verify").status == 0
    assert "faults were found" in desk.refused("audit", "checkpoint", checkpoints=elsewhere), "it is not signed either"
    answer = verified(desk, elsewhere)
    assert answer["status"] == 1
    assert [fault["owner"] for fault in answer["broken"]] == [company]
    assert "the checkpoint saw" in answer["broken"][0]["fault"]


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda some: some[1].unlink(), "does not follow on the checkpoint before it"),
        (lambda some: some[1].write_bytes(some[0].read_bytes()), "does not follow on"),
        (lambda some: some[1].write_bytes(b"x"), "is no checkpoint"),
        (lambda some: some[2].write_bytes(gzip.compress(gzip.decompress(some[2].read_bytes()).replace(b"1", b"2", 1))),
         "is no checkpoint"),
    ],
)  # fmt: skip
def test_a_checkpoint_that_is_gone_or_changed_is_named(
    desk: Desk, elsewhere: Path, clients: list[str], spoil: Any, problem: str
) -> None:
    for _ in range(3):
        taken(desk, elsewhere)
    spoil(files(elsewhere))
    answer = verified(desk, elsewhere)
    assert answer["status"] == 1
    assert any(problem in fault["fault"] or "changed" in fault["fault"] for fault in answer["broken"]), answer


def test_old_ones_may_be_removed_which_is_told(desk: Desk, elsewhere: Path, clients: list[str]) -> None:
    for _ in range(2):
        taken(desk, elsewhere)
    files(elsewhere)[0].unlink()
    answer = verified(desk, elsewhere)
    assert (answer["status"], answer["against"]["older_missing"]) == (0, True)
    assert "which is not there" in desk("audit", "verify", "--against", elsewhere).out


def test_one_that_another_key_signed_counts_nothing(desk: Desk, elsewhere: Path, clients: list[str]) -> None:
    taken(desk, elsewhere)
    answer = verified(desk, elsewhere, "--signed-by", "00" * 32)
    assert answer["status"] == 1
    assert "was signed by" in answer["broken"][0]["fault"]


@pytest.mark.parametrize(
    ("words", "settings", "problem"),
    [
        (("audit", "checkpoint"), {}, "set OSTIARY_CHECKPOINTS"),
        (("audit", "checkpoint"), {"checkpoints": "ftp://x/y"}, "A place of checkpoints is"),
        (("audit", "checkpoint", "--previous", "x"), {"checkpoints": "/nowhere"}, "--previous is for a FILE"),
        (("audit", "verify", "--against", "/nowhere/at/all"), {}, "There is no checkpoint in"),
    ],
)
def test_what_cannot_be_done_is_refused(
    desk: Desk, clients: list[str], words: tuple[str, ...], settings: dict[str, str], problem: str
) -> None:
    assert problem in desk.refused(*words, **settings)


def test_doctor_tells_how_old_the_last_one_is(desk: Desk, elsewhere: Path, clients: list[str]) -> None:
    def doctor_says(settings: dict[str, str], later_ms: int = 0) -> list[str]:
        with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database:
            given = {"OSTIARY_DATA_DIR": str(desk.data), **settings}
            findings = checkpoints(read_settings(given), SqliteBlocking(database), clock.now_ms() + later_ms)
            return [f"{finding.level.value}: {finding.found}" for finding in findings]

    asked = {"OSTIARY_CHECKPOINTS": str(elsewhere)}
    assert doctor_says({}) == []
    assert "none was taken yet" in doctor_says(asked)[0]
    taken(desk, elsewhere)
    assert doctor_says(asked)[0].startswith("ok: the last one is 0 min old")
    assert doctor_says(asked, 90_000_000 + 3_600_000)[0].startswith("warning: the last one is 1 d")


@pytest.mark.heavy
def test_each_checkpoint_is_stamped_by_somebody_else(
    desk: Desk, elsewhere: Path, clients: list[str], tmp_path: Path
) -> None:
    with stamping(tmp_path / "tsa") as service:
        asked = {"checkpoints": str(elsewhere), "timestamp_url": service.url}
        for _ in range(2):
            desk.answer("audit", "checkpoint", **asked)
        ca = ("--timestamp-ca", str(service.ca))
        answer = verified(desk, elsewhere, *ca)
        assert (answer["status"], answer["against"]["stamped"]) == (0, 2)
        service.status = 503
        assert "answered with status 503" in desk.refused("audit", "checkpoint", **asked)
        stamps = sorted((elsewhere / "checkpoints").glob("*.tsr"))
        assert len(stamps) == len(list((elsewhere / "checkpoints").glob("*.checkpoint.gz"))) == 2, "nothing half"
        first = stamps[0].read_bytes()
        stamps[1].write_bytes(first)
        assert "of another file" in verified(desk, elsewhere, *ca)["broken"][0]["fault"]
        stamps[1].unlink()
        assert "has no time-stamp" in verified(desk, elsewhere, *ca)["broken"][0]["fault"]
        stamps[0].unlink()
        assert "no checkpoint has a time-stamp" in verified(desk, elsewhere, *ca)["broken"][0]["fault"]


@pytest.mark.heavy
def test_a_checkpoint_that_claims_an_earlier_day_shows_by_its_stamp(
    desk: Desk, elsewhere: Path, clients: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stamping(tmp_path / "tsa") as service:
        real = Checkpoint
        monkeypatch.setattr(
            "ostiary.cli.commands.audit.Checkpoint",
            lambda at_ms, ends, previous="": real(at_ms - 86_400_000, ends, previous),
        )
        desk.answer("audit", "checkpoint", checkpoints=str(elsewhere), timestamp_url=service.url)
        assert "and was there on" in verified(desk, elsewhere)["broken"][0]["fault"]
