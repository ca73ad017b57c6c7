"""Decoding is bounded by bytes, and cores are those that the process may use."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.adapters.files import pictures as files_module
from ostiary.adapters.files.pictures import PictureFiles
from ostiary.adapters.files.store import store_of
from ostiary.adapters.isolation import processors
from ostiary.adapters.isolation.process import Ended
from ostiary.adapters.isolation.processor_time import is_working, used_s
from ostiary.adapters.pages import open_page
from ostiary.adapters.pages.answer import PAGE_PROCESS_BYTES
from ostiary.adapters.pages.open_page import first_page
from ostiary.adapters.pictures.decoding_budget import TOGETHER_BYTES, DecodingBudget
from ostiary.adapters.pictures.outline import MOST_DECODED_BYTES
from ostiary.adapters.pictures.probe import decoding_bytes
from ostiary.domain.documents.pictures import PictureFindings, PictureLimits
from ostiary.domain.errors import Unavailable
from tests.corpus.hostile import saved
from tests.material import picture

LIMITS = PictureLimits().with_pages()


# ---- cores ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of 16 processors, and its tree of control groups."""
    monkeypatch.setattr(processors, "CONTROL_GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(processors, "OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)))
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


@pytest.mark.parametrize(
    ("own", "written", "expected"),
    [
        ("0::/", {"cpu.max": "max 100000"}, 16),
        ("0::/", {"cpu.max": "200000 100000"}, 2),
        ("0::/", {"cpu.max": "150000 100000"}, 2),
        ("0::/", {"cpu.max": "10000 100000"}, 1),
        ("0::/pod/box", {"pod/box/cpu.max": "max 100000", "pod/cpu.max": "400000 100000"}, 4),
        ("0::/pod/box", {"pod/box/cpu.max": "300000 100000", "pod/cpu.max": "800000 100000"}, 3),
        ("0::/pod/box", {}, 16),
        ("0::/", {"cpu.max": "nonsense"}, 16),
        ("0::/", {"cpu.max": "100000 0"}, 16),
        ("4:cpu,cpuacct:/box", {"cpu/box/cpu.cfs_quota_us": "250000", "cpu/box/cpu.cfs_period_us": "100000"}, 3),
        ("4:cpu,cpuacct:/box", {"cpu/box/cpu.cfs_quota_us": "-1", "cpu/box/cpu.cfs_period_us": "100000"}, 16),
        ("4:memory:/box", {"cpu/box/cpu.cfs_quota_us": "100000", "cpu/box/cpu.cfs_period_us": "100000"}, 16),
        ("", {}, 16),
    ],
)
def test_a_container_has_the_processors_that_it_is_granted(
    groups: Path, own: str, written: dict[str, str], expected: int
) -> None:
    write(groups / "own", own)
    for path, text in written.items():
        write(groups / "cgroup" / path, text)
    assert processors.processors() == expected


def test_affinity_counts_and_without_control_groups_alone(groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert processors.processors() == 16
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    write(groups / "own", "0::/")
    write(groups / "cgroup" / "cpu.max", "400000 100000")
    assert processors.processors() == 1


# ---- bytes ----------------------------------------------------------------------------------------------------------


def of_size(width: int, height: int, kind: str) -> bytes:
    return saved(Image.new("L" if kind == "JPEG" else "RGB", (width, height), 200), kind)


@pytest.mark.parametrize(
    ("make", "least", "most"),
    [
        (picture, 1, 20_000_000),
        (lambda: of_size(4_000, 3_000, "PNG"), 48_000_000, 60_000_000),
        (lambda: of_size(1_000, 750, "BMP"), 3_000_000, 20_000_000),
        (lambda: b"%PDF-1.7\n", PAGE_PROCESS_BYTES, PAGE_PROCESS_BYTES),
        (lambda: of_size(8_100, 8_030, "PNG"), 0, 0),  # more pixels than are opened
        (lambda: b"", 0, 0),
        (lambda: b"\xff\xd8\xff", 0, 0),
        (lambda: b"GIF89a", 0, 0),
        (lambda: picture() + bytes(12_000_000), 0, 0),
    ],
    ids=range(9),
)
def test_the_header_tells_what_decoding_may_take(make: Callable[[], bytes], least: int, most: int) -> None:
    assert least <= decoding_bytes(make(), LIMITS) <= most


def test_the_costliest_picture_fits_a_companys_half() -> None:
    assert MOST_DECODED_BYTES < TOGETHER_BYTES // 2
    assert PAGE_PROCESS_BYTES <= TOGETHER_BYTES // 2


async def ended(order: list[tuple[str, int]], budget: DecodingBudget) -> tuple[list[str], int]:
    """In which order they began, and the most that was held at once."""
    began, most = [], 0

    async def ask(company: str, size: int) -> None:
        nonlocal most
        async with budget.spent(company, size):
            began.append(f"{company}{size}")
            most = max(most, budget.held_bytes)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(ask(*each) for each in order))
    return began, most


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([("a", 40), ("b", 40), ("c", 40)], ["a40", "b40", "c40"]),
        ([("a", 40), ("a", 40), ("b", 40)], ["a40", "b40", "a40"]),  # a company's second waits for its first
        ([("a", 20), ("a", 20), ("a", 20), ("b", 60)], ["a20", "a20", "b60", "a20"]),
        ([("a", 70), ("b", 90), ("c", 10)], ["a70", "b90", "c10"]),  # nobody passes who waits for the whole
        ([("a", 500)], ["a500"]),
    ],
)
async def test_bytes_are_granted_in_order_and_never_more_than_there_are(
    order: list[tuple[str, int]], expected: list[str]
) -> None:
    budget = DecodingBudget(100)
    began, most = await ended(order, budget)
    assert began == expected
    assert most <= 100
    assert budget.held_bytes == 0


@pytest.mark.asyncio
async def test_who_gives_up_holds_nothing() -> None:
    budget = DecodingBudget(100)
    async with budget.spent("a", 100):
        waiting = [asyncio.create_task(ended([(company, 60)], budget)) for company in "bc"]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.gather(waiting[0], return_exceptions=True)
    began, _ = await waiting[1]
    assert began == ["c60"]
    assert budget.held_bytes == 0


@pytest.mark.asyncio
async def test_on_many_cores_pictures_in_memory_stay_within_the_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixteen cores, and twenty companies that each send the costliest pictures that are opened."""
    held, most, lock = 0, 0, threading.Lock()

    def probe(content: bytes, limits: PictureLimits, _measuring: object) -> PictureFindings:
        nonlocal held, most
        size = decoding_bytes(content, limits)
        with lock:
            held += size
            most = max(most, held)
        time.sleep(0.01)
        with lock:
            held -= size
        return PictureFindings(None, 0, b"")

    monkeypatch.setattr(files_module, "probe", probe)
    monkeypatch.setattr(files_module, "AT_ONCE_PER_COMPANY", 16)
    costly = of_size(7_000, 7_000, "PNG")
    with ThreadPoolExecutor(32) as pool:
        ring = Keyring({1: b"1" * 32})
        files = PictureFiles(store_of("", tmp_path, pool), ring, LIMITS, pool)
        await asyncio.gather(*(files.measure(f"company {at % 20}", costly) for at in range(60)))
    assert 0 < most <= TOGETHER_BYTES


# ---- deadlines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("was_working", [True, False])
def test_a_page_that_a_busy_machine_did_not_open_in_time_is_no_fault_of_the_file(
    was_working: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = Ended(b"", stopped=True, was_working=was_working)
    monkeypatch.setattr(open_page, "run_isolated", lambda *_: stopped)
    if was_working:
        with pytest.raises(Unavailable):
            first_page(b"%PDF-", 1)
    else:
        assert first_page(b"%PDF-", 1).too_costly


def test_a_process_tells_whether_it_works_and_for_how_long_it_did() -> None:
    assert used_s(os.getpid()) is not None
    assert is_working(os.getpid())
    assert used_s(1 << 30) is None
    assert not is_working(1 << 30)
