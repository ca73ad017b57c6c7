"""Where checkpoints are kept out of the house: the same from a folder and from a bucket of a real S3 server."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ostiary.adapters.audit import checkpoint_place
from ostiary.adapters.audit.checkpoint_place import CheckpointPlace, place_of
from ostiary.domain.errors import Refused, Tampered
from tests.servers import object_store

pytestmark = pytest.mark.heavy
AT_MS = 1_796_090_400_123
CONTENT = b'{"form": "ostiary checkpoint 1"}\n' * 50


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.fixture(params=["folder", "bucket"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "folder":
        return str(tmp_path / "kept")
    server = object_store.shared()
    for name, value in server.variables().items():
        monkeypatch.setenv(name, value)
    return f"s3://{server.bucket()}/some/prefix"


@pytest.fixture
def place(address: str, pool: ThreadPoolExecutor) -> CheckpointPlace:
    return place_of(address, pool)


async def test_what_is_kept_is_listed_in_its_order_and_given_back(place: CheckpointPlace) -> None:
    assert await place.names() == []
    later = await place.keep(AT_MS + 1_000, CONTENT + b"later")
    first = await place.keep(AT_MS, CONTENT)
    assert await place.names() == [first, later]
    assert first == "checkpoints/20261201T020000123Z.checkpoint.gz"
    assert (await place.fetch(first), await place.fetch(later)) == (CONTENT, CONTENT + b"later")


async def test_nothing_is_written_over(place: CheckpointPlace) -> None:
    name = await place.keep(AT_MS, CONTENT)
    with pytest.raises(Refused, match="cannot be written to"):
        await place.keep(AT_MS, CONTENT + b"other")
    assert await place.fetch(name) == CONTENT


async def test_what_is_not_there_is_refused(place: CheckpointPlace) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        await place.fetch("checkpoints/none.checkpoint.gz")


PACKED = gzip.compress(CONTENT, mtime=0)


@pytest.mark.parametrize(
    "spoiled", [b"", b"no gzip", PACKED[:-9], PACKED + b"more"], ids=["empty", "no gzip", "cut", "more"]
)
async def test_what_was_changed_is_no_checkpoint(tmp_path: Path, pool: ThreadPoolExecutor, spoiled: bytes) -> None:
    place = place_of(f"file://{tmp_path}", pool)
    name = await place.keep(AT_MS, CONTENT)
    (tmp_path / name).write_bytes(spoiled)
    with pytest.raises(Tampered, match="is no checkpoint"):
        await place.fetch(name)


async def test_what_unpacks_without_end_is_not_unpacked(
    tmp_path: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint_place, "MOST_BYTES", 1_000)
    place = place_of(str(tmp_path), pool)
    with pytest.raises(Tampered):
        await place.fetch(await place.keep(AT_MS, bytes(1_000_000)))


async def test_one_that_is_too_large_is_not_kept(
    tmp_path: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint_place, "MOST_PACKED_BYTES", 10)
    with pytest.raises(Refused, match="too large"):
        await place_of(str(tmp_path), pool).keep(AT_MS, CONTENT)


@pytest.mark.parametrize("address", ["ftp://host/x", "s3://", "file://host/x", "s3://b/x?y", "https://host/x"])
def test_a_place_that_is_none_is_refused(address: str, pool: ThreadPoolExecutor) -> None:
    with pytest.raises(Refused, match="A place of checkpoints is"):
        place_of(address, pool)


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot be written"):
        await place_of(str(tmp_path / "file"), pool).keep(AT_MS, CONTENT)
