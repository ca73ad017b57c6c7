"""Pictures on disk: sealed, durable, for their owner only, and never taken when tampered with."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.adapters.files.pictures import PictureFiles, PictureStorage
from ostiary.adapters.files.store import store_of
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Side
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.errors import Tampered, Unavailable
from tests.material import CLIENT_ID, COMPANY_ID, client, findings, id_at, picture

RING = Keyring({1: b"1" * 32})
MARIA = client(data_key=RING.new_data_key(COMPANY_ID, CLIENT_ID))
DOCUMENT_ID = id_at(0, 77)
PLACE = f"{COMPANY_ID}/20260415/{CLIENT_ID}.{DOCUMENT_ID}.image_front"


@pytest.fixture
def files(tmp_path: Path) -> Iterator[PictureFiles]:
    with (
        ThreadPoolExecutor(2) as pool,
        closing(PictureFiles(store_of("", tmp_path, pool), RING, PictureLimits(), pool)) as opened,
    ):
        yield opened


def side(file: str, field: str = "image_front") -> Side:
    return Side(field, file, "00", findings())


async def keep_picture(files: PictureFiles, who: Client = MARIA) -> str:
    return await files.keep(who, DOCUMENT_ID, "image_front", picture())


async def listed(files: PictureFiles, *days: str) -> list[PictureStorage]:
    return [stored async for stored in files.stored(COMPANY_ID, days)]


async def test_a_picture_comes_back_as_it_went_in(files: PictureFiles, tmp_path: Path) -> None:
    name = await keep_picture(files)
    assert name == PLACE
    assert await files.fetch(MARIA, DOCUMENT_ID, side(name)) == picture()
    (stored,) = await listed(files, "20260415")
    assert stored.name == name
    assert (tmp_path / "pictures" / name).exists()
    assert (stored.company_id, stored.client_id, stored.document_id) == (COMPANY_ID, CLIENT_ID, DOCUMENT_ID)


async def test_nothing_plain_is_on_disk_and_only_its_owner_may_read(files: PictureFiles, tmp_path: Path) -> None:
    path = tmp_path / "pictures" / await keep_picture(files)
    content = path.read_bytes()
    assert b"JFIF" not in content
    assert picture()[100:140] not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


async def test_the_bytes_and_every_new_name_are_durable_before_it_is_said(
    files: PictureFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    path = tmp_path / "pictures" / await keep_picture(files)
    assert synced[-2:] == [str(path), str(path.parent)]
    assert {str(path.parent.parent), str(tmp_path / "pictures"), str(tmp_path)} <= set(synced)


@pytest.mark.parametrize("at", [1, 5, 500, -1])
async def test_a_tampered_file_is_not_taken(files: PictureFiles, tmp_path: Path, at: int) -> None:
    path = tmp_path / "pictures" / await keep_picture(files)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(Tampered):
        await files.fetch(MARIA, DOCUMENT_ID, side(PLACE))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x01",
        b"\x01" + b"x" * 12,
        b"\x01" + b"x" * 27,
    ],
)
async def test_a_truncated_file_is_not_taken(files: PictureFiles, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pictures" / await keep_picture(files)).write_bytes(content)
    with pytest.raises(Tampered):
        await files.fetch(MARIA, DOCUMENT_ID, side(PLACE))


async def test_a_picture_serves_one_document_one_side_and_one_client(files: PictureFiles) -> None:
    name = await keep_picture(files)
    other = client(id=id_at(9), data_key=RING.new_data_key(COMPANY_ID, id_at(9)))
    for who, document_id, field in (
        (MARIA, id_at(1), "image_front"),
        (MARIA, DOCUMENT_ID, "image_back"),
        (other, DOCUMENT_ID, "image_front"),
    ):
        with pytest.raises(Tampered):
            await files.fetch(who, document_id, side(name, field))


async def test_a_name_is_never_written_twice_and_a_missing_file_is_told(files: PictureFiles) -> None:
    await keep_picture(files)
    with pytest.raises(Unavailable, match="cannot be stored"):
        await keep_picture(files)
    with pytest.raises(Unavailable, match="cannot be read"):
        await files.fetch(MARIA, DOCUMENT_ID, side(PLACE.replace("front", "back")))


async def test_a_disk_that_refuses_is_unavailable(files: PictureFiles, tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file where the folder should be")
    with pytest.raises(Unavailable) as refused:
        await keep_picture(files)
    assert refused.value.retry_after_s == 5


async def test_files_are_listed_by_day_and_strangers_are_passed_over(files: PictureFiles, tmp_path: Path) -> None:
    path = tmp_path / "pictures" / await keep_picture(files)
    later = id_at(86_400_000, 5)
    await files.keep(MARIA, later, "image_back", picture(1))
    (path.parent / "notes.txt").write_text("not ours")
    assert {stored.document_id for stored in await listed(files, "20260415", "20260416")} == {DOCUMENT_ID, later}
    assert [stored.document_id for stored in await listed(files, "20260416", "20260417")] == [later]


async def test_measuring_says_what_a_picture_is(files: PictureFiles) -> None:
    measured = await files.measure("acme", picture())
    assert (measured.media_type, measured.readable, measured.width_px) == ("image/jpeg", True, 800)
    assert (await files.measure("acme", b"rubbish")) == replace(measured, **_nothing(b"rubbish"))


def _nothing(content: bytes) -> dict[str, Any]:
    return {
        "media_type": None,
        "size_bytes": len(content),
        "sha256": sha256(content).digest(),
        "width_px": None,
        "height_px": None,
        "readable": False,
        "sharpness": None,
        "brightness": None,
        "overexposed": None,
    }
