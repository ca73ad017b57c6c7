"""Pictures for people's eyes: drawn anew by processes that see one picture each, upright, and marked all over."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import pytest_asyncio
from PIL import Image, ImageFont

from ostiary.adapters.isolation.process import started
from ostiary.adapters.pages import viewers
from ostiary.adapters.pages.answer import LONGEST_SIDE_PX
from ostiary.adapters.pages.mark import DARKER, LIGHTER, marked
from ostiary.adapters.pages.viewers import MOST_SPARE, PictureViewers
from ostiary.adapters.pages.views import SIZE, marked_view
from tests.adapters.test_isolated_pages import as_heic, as_pdf

pytestmark = pytest.mark.heavy
WORDS = "Ana of Acme  2026-11-30 07:15 UTC"
SIZE_PX = (640, 400)
UPSIDE_DOWN, ON_ITS_SIDE = 3, 6
"""Of EXIF's orientations."""


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[PictureViewers]:
    own = PictureViewers()
    yield own
    own.close()


def page(mode: str = "RGB") -> Image.Image:
    """White, and its upper left quarter black."""
    picture = Image.new("RGB", SIZE_PX, "white")
    picture.paste((0, 0, 0), (0, 0, SIZE_PX[0] // 2, SIZE_PX[1] // 2))
    return picture.convert(mode)


def stored(kind: str, mode: str = "RGB", orientation: int = 1) -> bytes:
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    page(mode).save(out, kind, **({"exif": exif} if orientation != 1 else {}))
    return out.getvalue()


def dark_quarter(view: bytes) -> tuple[int, int]:
    """Row and column of the darkest quarter."""
    levels = np.asarray(Image.open(BytesIO(view)).convert("L").resize((2, 2), Image.Resampling.BOX))
    return divmod(int(levels.argmin()), 2)


def waited_for(is_so: Callable[[], bool]) -> None:
    """Until something is so that happens in another thread or process."""
    until_s = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.01)


KINDS: dict[str, bytes] = {
    **{f"{kind} {mode}": stored(kind, mode) for kind, mode in [
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1"),
        ("WEBP", "RGB"), ("WEBP", "RGBA"), ("BMP", "RGB"), ("BMP", "P"),
    ]},
    "HEIC": as_heic(page()),
    "PDF": as_pdf(page()),
}  # fmt: skip


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS)
async def test_every_kind_that_is_taken_is_shown_as_a_jpeg(opened: PictureViewers, content: bytes) -> None:
    view = await opened.view(content, 1, WORDS)
    assert view is not None
    assert Image.open(BytesIO(view)).format == "JPEG"
    assert dark_quarter(view) == (0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "dark"),
    [(UPSIDE_DOWN, SIZE_PX, (1, 1)), (ON_ITS_SIDE, SIZE_PX[::-1], (0, 1))],
)
async def test_a_picture_is_upright_and_says_nothing_of_its_camera(
    opened: PictureViewers, kind: str, orientation: int, size: tuple[int, int], dark: tuple[int, int]
) -> None:
    """As it was read, so that boxes lie where they should."""
    view = await opened.view(stored(kind, orientation=orientation), 1, WORDS)
    assert view is not None
    shown = Image.open(BytesIO(view))
    assert (shown.size, dark_quarter(view), dict(shown.getexif())) == (size, dark, {})


@pytest.mark.parametrize("content", [b"", b"<html>", stored("JPEG")[:600], stored("PNG")[:-900], b"%PDF-1.7 nothing"])
async def test_what_cannot_be_opened_has_no_view(opened: PictureViewers, content: bytes) -> None:
    assert await opened.view(content, 1, WORDS) is None


async def test_there_is_no_page_behind_the_last(opened: PictureViewers) -> None:
    assert await opened.view(KINDS["PDF"], 2, WORDS) is None
    assert await opened.view(KINDS["JPEG RGB"], 2, WORDS) is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xd8\xff a picture of its own",
        SIZE.pack(100, 100) + bytes(100),
        SIZE.pack(0, 0),
        SIZE.pack(LONGEST_SIDE_PX + 1, 1) + bytes(3 * LONGEST_SIDE_PX + 3),
        SIZE.pack(2, LONGEST_SIDE_PX + 1) + bytes(6 * LONGEST_SIDE_PX + 6),
    ],
)
def test_what_a_process_says_that_was_taken_over_is_no_picture(answer: bytes) -> None:
    assert marked_view(answer, 1, WORDS) is None


# ---- processes ------------------------------------------------------------------------------------------------------


async def test_processes_that_are_ready_are_taken_once_each(opened: PictureViewers) -> None:
    opened.prepare()
    waited_for(lambda: len(opened.spare_pids) == MOST_SPARE)
    first, second = opened.spare_pids
    assert await opened.view(KINDS["JPEG RGB"], 1, WORDS)
    assert opened.spare_pids == (second,)
    assert not Path(f"/proc/{first}").exists(), "it has seen a picture"
    opened.prepare()
    waited_for(lambda: len(opened.spare_pids) == MOST_SPARE)
    assert opened.spare_pids[0] == second


@pytest.mark.parametrize("how", ["waited too long", "ended"])
async def test_a_process_that_is_of_no_use_any_more_is_not_asked(
    opened: PictureViewers, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.prepare()
    waited_for(lambda: len(opened.spare_pids) == MOST_SPARE)
    pids = opened.spare_pids
    if how == "ended":
        for pid in pids:
            os.kill(pid, 9)
            waited_for(lambda pid=pid: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")  # type: ignore[misc]
    else:
        monkeypatch.setattr(viewers, "SPARE_S", 0.0)
    assert await opened.view(KINDS["JPEG RGB"], 1, WORDS)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


async def test_many_who_prepare_at_once_start_no_more_than_are_kept(
    opened: PictureViewers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody who opens the queue prepares."""
    begun, go_on = list[str](), threading.Event()

    def slow(module: str, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
        begun.append(module)
        assert go_on.wait(60)
        return started(module, arguments)

    monkeypatch.setattr(viewers, "started", slow)
    threads = [threading.Thread(target=opened._fill) for _ in range(6)]
    for thread in threads:
        thread.start()
    waited_for(lambda: len(begun) + sum(not thread.is_alive() for thread in threads) >= len(threads))
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert len(opened.spare_pids) == len(begun) == MOST_SPARE


async def test_nothing_is_left_and_nothing_starts_once_it_is_closed() -> None:
    own = PictureViewers()
    own.prepare()
    waited_for(lambda: len(own.spare_pids) == MOST_SPARE)
    pids = own.spare_pids
    own.close()
    own.prepare()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert own.spare_pids == ()


async def test_without_a_process_somebody_who_looks_is_told_and_preparing_is_not(
    opened: PictureViewers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(viewers, "started", full)
    opened._fill()
    with pytest.raises(OSError, match="no more processes"):
        await opened.view(KINDS["JPEG RGB"], 1, WORDS)


# ---- the mark -------------------------------------------------------------------------------------------------------


def changed(shade: int, words: str = WORDS, size: tuple[int, int] = (1200, 900)) -> npt.NDArray[np.int_]:
    """By how much each pixel of a picture of one shade is another with its mark."""
    picture = Image.new("RGB", size, (shade,) * 3)
    return np.asarray(marked(picture, words)).astype(int)[..., 0] - shade


@pytest.mark.parametrize("shade", [0, 60, 128, 200, 255])
@pytest.mark.parametrize("size", [(1200, 900), (900, 1200), (3000, 700), (800, 600)])
def test_the_mark_is_everywhere_on_every_ground_and_faint(shade: int, size: tuple[int, int]) -> None:
    change = changed(shade, size=size)
    assert -DARKER <= change.min() <= change.max() <= LIGHTER
    assert 0.1 < np.abs(change).mean() < 6
    for part in np.array_split(change, 3):
        assert all(np.abs(piece).max() >= 20 for piece in np.array_split(part, 3, axis=1))


def test_another_name_and_another_time_are_another_mark() -> None:
    marks = {changed(200, words).tobytes() for words in (WORDS, WORDS.replace("Ana", "Bob"), WORDS.replace("15", "16"))}
    assert len(marks) == 3


def test_every_letter_of_ascii_can_be_told_from_one_that_the_font_lacks() -> None:
    font = ImageFont.load_default(24)
    lacking = bytes(font.getmask("\uffff"))
    assert [chr(code) for code in range(0x21, 0x7F) if bytes(font.getmask(chr(code))) == lacking] == []
