"""The store of pictures refuses, hangs, is full or is cut off: an upload is answered 503 in bounded time, nothing is
half done, the same upload succeeds when the store is back, and what was left behind is swept."""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from ostiary.app import opened
from ostiary.background.maintenance import ORPHAN_AGE_MS, Chores
from ostiary.settings import read_settings
from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import PATIENCE_S, Onboarded, documented, new_client, until, upload
from tests.material import picture
from tests.servers.cutting_proxy import CuttingProxy, cutting
from tests.servers.object_store import ObjectStore

Start = Callable[..., RunningService]
STORE_S = 3
"""Shorter than usual, and long enough for a busy machine."""
LONGEST_ANSWER_S = 1.8 * STORE_S + 10
"""The store is given its time, and what may be tried again eight tenths more."""
PUT = b"PUT /"
DECIDED = "SELECT count(*) FROM enablements WHERE status = 'pending_documentation' OR review IS NOT NULL"
"""A passport without lines goes back to the client, or, where the reader was not given its time, to a person."""


class Bed:
    """A service whose pictures lie in a bucket of its own, behind a proxy."""

    def __init__(self, service: RunningService, store: ObjectStore, proxy: CuttingProxy, bucket: str) -> None:
        self.service, self.store, self.proxy, self.bucket = service, store, proxy, bucket
        self.partner = service.client()

    def request(self) -> Onboarded:
        """A client that waits for a document."""
        client_id = new_client(self.partner, time.monotonic_ns())
        path = f"/management/clients/individuals/{client_id}/products"
        asked = self.partner.post(path, json={"subproduct": "cards_individuals"})
        return Onboarded(client_id, asked.json()["id"], b"")

    def upload(self, onboarded: Onboarded, seed: int) -> httpx.Response:
        began = time.monotonic()
        answer = upload(self.partner, onboarded, f"AB{seed:07}", picture(seed))
        assert time.monotonic() - began < LONGEST_ANSWER_S
        return answer


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """One that may be full."""
    object_store = ObjectStore(tmp_path_factory.mktemp("s3") / "own").make().start()
    yield object_store
    object_store.end()


@contextmanager
def refusing(bed: Bed) -> Iterator[None]:
    with bed.proxy.alone():
        yield


@contextmanager
def full(bed: Bed) -> Iterator[None]:
    bed.store.fill(full=True)
    try:
        yield
    finally:
        bed.store.fill(full=False)


@contextmanager
def silent(bed: Bed) -> Iterator[None]:
    bed.proxy.cut_at(PUT, "silent")
    yield
    assert bed.proxy.cuts == ["silent"]
    bed.proxy.heal()


@contextmanager
def failing_reads(bed: Bed) -> Iterator[None]:
    bed.proxy.cut_at(b"GET /", "silent")
    yield
    assert bed.proxy.cuts == ["silent"]
    bed.proxy.heal()


FAULTS = {"refuses connections": refusing, "is full": full, "hangs": silent}


@pytest.fixture
def bed(service_factory: Start, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bed]:
    with cutting(store.port) as proxy:
        for name, value in store.variables(proxy.port).items():
            monkeypatch.setenv(name, value)
        bucket = store.bucket()
        yield Bed(
            service_factory(files_url=f"s3://{bucket}/pictures", store_timeout_seconds=STORE_S), store, proxy, bucket
        )


def rows(bed: Bed, text: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{bed.service.data}/ostiary.sqlite3?mode=ro", uri=True)) as database:
        return database.execute(text).fetchall()


def assert_all_is_there_once(bed: Bed) -> None:
    """One document, one submission, and one notification of it; the audit trail says so, and is intact."""
    assert rows(bed, "SELECT count(*) FROM documents") == [(1,)]
    assert rows(bed, "SELECT count(*) FROM messages WHERE topic = 'provider'") == [(1,)]
    for action in ("document_accepted", "product_submitted"):
        assert rows(bed, f"SELECT count(*) FROM audit_entries WHERE action = '{action}'") == [(1,)]  # noqa: S608
    assert bed.service.answer("audit", "verify")["intact"]


@pytest.mark.parametrize("fault", FAULTS)
def test_an_upload_waits_for_the_store(bed: Bed, fault: str) -> None:
    onboarded = bed.request()
    before = bed.store.names(bed.bucket)
    audit = rows(bed, "SELECT count(*) FROM audit_entries")
    with FAULTS[fault](bed):
        refused = bed.upload(onboarded, 1)
        assert (refused.status_code, refused.headers.get("retry-after")) == (503, "5"), refused.text
        shown = bed.partner.get(onboarded.path, params={"expand": "explain"}).json()
        assert shown["missing_requirements"]["documents"], "the rest is served, and says what is missing"
        assert "SKTEST" not in bed.service.log.read_text()
        assert rows(bed, "SELECT document_id FROM documents UNION ALL SELECT number_mark FROM document_numbers") == []
        assert rows(bed, "SELECT count(*) FROM audit_entries") == audit, "nothing is half done"
    assert bed.store.names(bed.bucket) == before
    assert bed.upload(onboarded, 1).json()["rejected_items"] == []
    assert len(bed.store.names(bed.bucket)) == len(before) + 1
    assert bed.partner.post(onboarded.path + "/submit").json()["product"]["status"] == "in_kyc"
    assert_all_is_there_once(bed)


@pytest.mark.parametrize("fault", ["refuses connections", "hangs"])
def test_a_submission_whose_pictures_cannot_be_had_is_decided_when_they_can(bed: Bed, fault: str) -> None:
    """In a production company, whose documents are read: the store fails after the submission."""
    bed.partner = bed.service.client("production")
    onboarded = documented(bed.partner, "AB7654321")
    asked = "SELECT state, attempts FROM messages WHERE topic = 'provider'"
    with failing_reads(bed) if fault == "hangs" else FAULTS[fault](bed):
        assert bed.partner.post(onboarded.path + "/submit").json()["product"]["status"] == "in_kyc"
        until(lambda: rows(bed, asked)[0][1] != 0, "it is taken up")
        until(
            lambda: rows(bed, f"{asked} AND lease IS NULL") == [("pending", 1)],
            "and put off",
            LONGEST_ANSWER_S + PATIENCE_S,
        )
        assert rows(bed, DECIDED) == [(0,)]
    until(lambda: rows(bed, asked)[0][0] == "delivered", "it is decided", LONGEST_ANSWER_S + PATIENCE_S)
    assert rows(bed, DECIDED) == [(1,)]
    assert_all_is_there_once(bed)


def test_pictures_may_lie_in_another_folder(service_factory: Start, tmp_path: Path) -> None:
    service = service_factory(files_url=f"file://{tmp_path}/an%20other/folder")
    onboarded = documented(service.client(), "AB1234567")
    [file] = [path for path in (tmp_path / "an other" / "folder").rglob("*") if path.is_file()]
    assert onboarded.picture not in file.read_bytes(), "sealed"
    assert not (service.data / "pictures").exists()
    service.answer("review", "show", onboarded.request_id, "--operator", "ana", "--save", tmp_path / "saved")
    assert next(iter((tmp_path / "saved").iterdir())).read_bytes() == onboarded.picture


@pytest.mark.parametrize("mode", ["before", "during", "after"])
def test_a_line_that_is_cut_once_is_tried_again_within_the_call(bed: Bed, mode: str) -> None:
    """Whether the picture had arrived or not: its name is given once, and equal bytes under it are ours."""
    onboarded = bed.request()
    bed.proxy.cut_at(PUT, mode)  # type: ignore[arg-type]
    assert bed.upload(onboarded, 2).json()["rejected_items"] == []
    assert bed.proxy.cuts == [mode]
    assert len(bed.store.names(bed.bucket)) == 1


def test_what_a_failed_upload_left_is_swept_and_the_rest_stays(bed: Bed) -> None:
    onboarded = documented(bed.partner, "AB7654321")
    [name] = bed.store.names(bed.bucket)
    place, document_id, side = name.split(".")
    other = document_id[:-1] + ("1" if document_id.endswith("0") else "0")
    orphan = f"{place}.{other}.{side}"
    assert bed.store.ask("PUT", f"/{bed.bucket}/{orphan}", b"left behind").status_code == 200
    bed.service.stop()
    variables = {name: value for name, value in bed.service.variables.items() if name.startswith("OSTIARY_")}

    async def sweep(later_ms: int) -> None:
        with opened(read_settings(variables)) as parts:
            parts.context = replace(parts.context, now_ms=lambda: int(time.time() * 1000) + later_ms)
            await Chores(parts).do()
            await parts.close_connections()

    asyncio.run(sweep(0))
    assert sorted(bed.store.names(bed.bucket)) == sorted([name, orphan]), "it may be an upload that is not over yet"
    asyncio.run(sweep(ORPHAN_AGE_MS + 60_000))
    assert bed.store.names(bed.bucket) == [name]
    bed.service.start()
    folder = bed.service.data.with_name("saved")
    bed.partner = bed.service.client()
    assert bed.partner.post(onboarded.path + "/submit").status_code == 200
    bed.service.answer("review", "show", onboarded.request_id, "--operator", "ana", "--save", folder)
    assert next(iter(folder.iterdir())).read_bytes() == onboarded.picture


def test_the_doctor_tries_the_store_and_a_backup_says_what_is_not_in_it(bed: Bed, tmp_path: Path) -> None:
    findings = json.loads(bed.service.cli("doctor", "--json").stdout)
    [finding] = [check for check in findings if check["check"] == "file store"]
    assert finding["status"] == "ok"
    documented(bed.partner, "AB1111111")
    summary = bed.service.answer("backup", tmp_path / "one.backup")
    assert (summary["pictures"], summary["pictures_elsewhere"]) == (0, f"s3://{bed.bucket}/pictures")
    with FAULTS["refuses connections"](bed):
        refused = bed.service.cli("doctor", "--json")
        assert refused.returncode == 1
        assert "AWS_ACCESS_KEY_ID" in refused.stdout
    assert base64.b64encode(b"SKTEST").decode() not in refused.stdout + bed.service.log.read_text()
