"""Where pictures lie: the same promises from a folder and from a bucket of a real S3 server."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.adapters.files.copy_pictures import copy_pictures
from ostiary.adapters.files.object_store import ObjectStore
from ostiary.adapters.files.pictures import PictureFiles
from ostiary.adapters.files.store import FileStore, store_of
from ostiary.domain.documents.document import Side
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.errors import Refused, Unavailable
from tests.material import CLIENT_ID, COMPANY_ID, client, findings, id_at, picture
from tests.servers import object_store

pytestmark = pytest.mark.heavy
NAME, OTHER = "acme/20260415/c.d.image_front", "acme/20260415/c.d.image_back"
CONTENT = b"sealed \x00 bytes" * 1_000
PAGE, MANY = 10, 23
KINDS = ("folder", "bucket")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket, and the environment that leads to it."""
    server = object_store.shared()
    for name, value in server.variables().items():
        monkeypatch.setenv(name, value)
    return server.bucket()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path, pool: ThreadPoolExecutor) -> FileStore:
    if request.param == "folder":
        return store_of(f"file://{tmp_path}/store", tmp_path, pool)
    return store_of(f"s3://{request.getfixturevalue('bucket')}/some/prefix", tmp_path, pool)


async def names(store: FileStore, prefix: str) -> set[str]:
    return {name async for name in store.names(prefix)}


async def test_what_is_kept_is_given_back(store: FileStore) -> None:
    await store.keep(NAME, bytearray(CONTENT))
    await store.keep(OTHER, b"")
    assert (await store.fetch(NAME), await store.fetch(OTHER)) == (CONTENT, b"")


async def test_nothing_is_written_over(store: FileStore) -> None:
    await store.keep(NAME, CONTENT)
    with pytest.raises(Unavailable) as refused:
        await store.keep(NAME, b"other")
    assert refused.value.retry_after_s == 5
    assert await store.fetch(NAME) == CONTENT


async def test_a_folder_without_room_is_unavailable_and_keeps_no_half_picture(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    store = store_of(f"file://{tmp_path}/store", tmp_path, pool)
    await store.keep(OTHER, b"")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(CONTENT) // 2, before[1]))
    try:
        with pytest.raises(Unavailable) as refused:
            await store.keep(NAME, CONTENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refused.value.retry_after_s == 5
    assert await names(store, "acme/20260415/") == {OTHER}
    await store.keep(NAME, CONTENT)
    assert await store.fetch(NAME) == CONTENT


async def test_what_is_missing_is_unavailable_and_removed_already(store: FileStore) -> None:
    with pytest.raises(Unavailable):
        await store.fetch(NAME)
    await store.remove(NAME)
    assert await names(store, "acme/20260415/") == set()


async def test_a_folder_that_refuses_is_unavailable(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    store = store_of(f"file://{tmp_path}/store", tmp_path, pool)
    (store.folder / NAME / "a folder").mkdir(parents=True)  # type: ignore[attr-defined]
    with pytest.raises(Unavailable, match="cannot be read"):
        await store.fetch(NAME)
    with pytest.raises(Unavailable, match="cannot be removed"):
        await store.remove(NAME)
    with pytest.raises(Unavailable, match="cannot be listed"):
        await names(store, "a" * 300 + "/")


async def test_names_are_listed_by_company_and_day(store: FileStore) -> None:
    for name in (NAME, OTHER, "acme/20260416/c.d.image_front", "acme2/20260415/c.d.image_front"):
        await store.keep(name, CONTENT)
    assert await names(store, "acme/20260415/") == {NAME, OTHER}
    await store.remove(NAME)
    assert await names(store, "acme/20260415/") == {OTHER}
    assert await names(store, "nobody/20260415/") == set()


async def test_a_retried_put_that_meets_its_own_first_try_has_succeeded(bucket: str) -> None:
    store = ObjectStore(f"s3://{bucket}")
    await store.keep(NAME, CONTENT)
    await store.keep(NAME, CONTENT)
    assert await store.fetch(NAME) == CONTENT


async def test_more_names_than_a_page(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ostiary.adapters.files.object_store.LISTED_TOGETHER", PAGE)
    store = ObjectStore(f"s3://{bucket}")
    server = object_store.shared()
    for at in range(MANY):
        assert server.ask("PUT", f"/{bucket}/acme/day/{at}", b"x").status_code == 200
    assert len(await names(store, "acme/day/")) == MANY


async def test_something_too_large_is_not_read_into_memory(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ostiary.adapters.files.object_store.LARGEST_BYTES", len(CONTENT) - 1)
    store = ObjectStore(f"s3://{bucket}")
    await store.keep(NAME, CONTENT)
    with pytest.raises(Unavailable, match="larger than any"):
        await store.fetch(NAME)


async def test_no_picture_leaves_in_the_clear(bucket: str, pool: ThreadPoolExecutor) -> None:
    ring = Keyring({1: b"1" * 32})
    maria = client(data_key=ring.new_data_key(COMPANY_ID, CLIENT_ID))
    files = PictureFiles(ObjectStore(f"s3://{bucket}/ostiary"), ring, PictureLimits(), pool)
    name = await files.keep(maria, id_at(0, 77), "image_front", picture())
    server = object_store.shared()
    assert server.names(bucket) == [f"ostiary/{name}"]
    content = server.content(bucket, f"ostiary/{name}")
    assert b"JFIF" not in content
    assert picture()[100:140] not in content
    assert await files.fetch(maria, id_at(0, 77), Side("image_front", name, "00", findings())) == picture()
    day = name.split("/")[1]
    assert [stored.name async for stored in files.stored(COMPANY_ID, [day])] == [name]


@pytest.mark.parametrize("spoil", [{"AWS_SECRET_ACCESS_KEY": "wrong"}, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}])
async def test_a_store_that_refuses_is_unavailable_and_tells_no_secret(
    bucket: str, spoil: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in spoil.items():
        monkeypatch.setenv(name, value)
    store = ObjectStore(f"s3://{bucket}")
    for work in (store.keep(NAME, CONTENT), store.fetch(NAME), store.remove(NAME), names(store, "a/")):
        with pytest.raises(Unavailable) as refused:
            await work
        assert "SKTEST" not in refused.value.message


@pytest.mark.parametrize(
    "url",
    ["ftp://host/x", "s3://", "s3://key:secret@bucket", "s3://bucket?x=1", "file://relative/x", "file:///", "nonsense"],
)
def test_other_addresses_are_refused_without_being_repeated(url: str, tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    with pytest.raises(Unavailable, match="OSTIARY_FILES_URL must be") as refused:
        store_of(url, tmp_path, pool)
    assert "secret" not in refused.value.message


# ---- copying --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def filled(tmp_path: Path, pool: ThreadPoolExecutor) -> FileStore:
    store = store_of(f"file://{tmp_path}/source", tmp_path, pool)
    for at in range(20):
        await store.keep(f"acme/day{at % 2}/{at}", CONTENT + bytes([at]))
    return store


async def test_pictures_are_copied_and_a_second_time_only_compared(filled: FileStore, store: FileStore) -> None:
    counts: list[int] = []
    done = await copy_pictures(filled, store, ["acme/day0/", "acme/day1/"], counts.append)
    assert (done.pictures, done.written, counts[-1]) == (20, 20, 20)
    assert await store.fetch("acme/day1/7") == CONTENT + b"\x07"
    again = await copy_pictures(filled, store, ["acme/day0/", "acme/day1/"], counts.append)
    assert (again.pictures, again.written) == (20, 0)


@pytest.mark.parametrize("left", [b"", CONTENT[:700]], ids=["nothing", "half"])
async def test_a_picture_that_a_killed_copy_left_unfinished_is_made_whole(
    filled: FileStore, store: FileStore, left: bytes
) -> None:
    await store.keep("acme/day0/4", left)
    done = await copy_pictures(filled, store, ["acme/day0/"], lambda _: None)
    assert (done.pictures, done.written) == (10, 10)
    assert await store.fetch("acme/day0/4") == CONTENT + b"\x04"


async def test_another_picture_under_a_name_stops_copying(filled: FileStore, store: FileStore) -> None:
    await store.keep("acme/day0/4", b"somebody else's")
    with pytest.raises(Refused, match="another picture"):
        await copy_pictures(filled, store, ["acme/day0/"], lambda _: None)
    assert await store.fetch("acme/day0/4") == b"somebody else's"
