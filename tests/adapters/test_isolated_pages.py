"""PDF and HEIC: measured as pictures are, opened elsewhere, and the pages that a reader is given."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from ostiary.adapters.isolation.process import Ended
from ostiary.adapters.pages import open_page
from ostiary.adapters.pages.answer import HEAD, LONGEST_SIDE_PX, PageVerdict
from ostiary.adapters.pages.decoder import PageRefused, pages
from ostiary.adapters.pages.open_page import OpenedPage, first_page, is_available
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from ostiary.domain.errors import Unavailable
from tests.corpus import hostile
from tests.corpus.hostile import JPEG, PICTURE, Case, saved
from tests.corpus.made import content_of, file_of
from tests.corpus.opening import Open, opening
from tests.depth import deep

if not is_available():
    pytest.skip("the extra `documents` is not installed", allow_module_level=True)

import pypdfium2

from ostiary.adapters.pages import pdf
from tests.corpus import heic_files, pdf_files, pdf_objects

pytestmark = pytest.mark.heavy

Make = Callable[[], bytes]
"""Files are made by the test that needs them: collecting tests, which every process does, makes none."""
LIMITS = PictureLimits().with_pages()
PAGE_CPU_S, BOMB_CPU_S = 2, 1
REFUSED = {"image_not_readable", "image_type_not_supported", "image_too_large"}


def codes(content: bytes) -> set[str]:
    return {
        rejection.code.value for rejection in judge_picture("passport", "image_front", probe(content, LIMITS), LIMITS)
    }


def as_pdf(picture: Image.Image) -> bytes:
    return saved(picture, "PDF", quality=90)


def resized(width: int, height: int, kind: str) -> bytes:
    return saved(PICTURE.resize((width, height)), kind)


def as_heic(picture: Image.Image) -> bytes:
    return saved(picture, "HEIF", quality=80)


# ---- at intake ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "media_type", "size"),
    [(pdf_objects.page, "application/pdf", (2000, 1414)), (heic_files.plain, "image/heic", hostile.SIZE)],
    ids=["PDF", "HEIC"],
)
def test_a_page_is_measured_like_a_picture(make: Make, media_type: str, size: tuple[int, int]) -> None:
    probed, picture = probe(make(), LIMITS), probe(JPEG, LIMITS)
    assert (probed.media_type, probed.width_px, probed.height_px, probed.readable) == (media_type, *size, True)
    assert probed.sharpness == pytest.approx(picture.sharpness, abs=0.25)
    assert probed.brightness == pytest.approx(picture.brightness, abs=0.02)
    assert probed.overexposed == pytest.approx(picture.overexposed, abs=0.05)


@pytest.mark.parametrize("page_of", [as_pdf, as_heic], ids=["PDF", "HEIC"])
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (lambda image: image, set()),
        (lambda image: image.filter(ImageFilter.GaussianBlur(5)), {"image_blurred"}),
        (lambda image: image.point(lambda level: level // 8), {"image_too_dark"}),
        (lambda image: Image.new("RGB", image.size, "white"), {"image_overexposed"}),
    ],
    ids=["good", "blurred", "dark", "white"],
)
def test_what_is_wrong_with_the_picture_on_a_page_is_found(page_of: Any, changed: Any, expected: set[str]) -> None:
    assert codes(page_of(changed(PICTURE))) == expected


@pytest.mark.parametrize("make", [pdf_objects.page, heic_files.plain], ids=["PDF", "HEIC"])
@pytest.mark.parametrize("limits", [PictureLimits(), PictureLimits(max_bytes=10_000).with_pages()])
def test_no_process_is_started_for_what_is_not_taken(
    make: Make, limits: PictureLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make()
    monkeypatch.setattr(subprocess, "Popen", None)
    assert not probe(content, limits).readable


def test_threads_do_not_disturb_each_other() -> None:
    contents = [as_pdf(PICTURE.resize((width, 600))) for width in (700, 800, 900)] + [heic_files.plain()]
    alone = [probe(content, LIMITS) for content in contents]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(partial(probe, limits=LIMITS), contents * 3)) == alone * 3


def test_a_system_without_room_for_a_process_asks_for_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(Unavailable) as raised:
        probe(pdf_objects.page(), LIMITS)
    assert raised.value.retry_after_s


def head(verdict: int, *sizes: int) -> bytes:
    return HEAD.pack(verdict, *sizes)


@pytest.mark.parametrize(
    ("what", "ended", "page"),
    [
        ("opened", Ended(head(PageVerdict.OPENED, 8, 4, 4, 2) + b"12345678"), OpenedPage(8, 4, 4, 2, b"12345678")),
        (
            "opened, and stopped after it said so",
            Ended(head(1, 1, 1, 1, 1) + b"1", stopped=True),
            OpenedPage(1, 1, 1, 1, b"1"),
        ),
        ("damaged", Ended(head(PageVerdict.DAMAGED, 0, 0, 0, 0)), OpenedPage()),
        (
            "too costly",
            Ended(head(PageVerdict.TOO_COSTLY, 90_000, 90_000, 0, 0)),
            OpenedPage(90_000, 90_000, too_costly=True),
        ),
        ("too costly before its size was known", Ended(head(3, 0, 0, 0, 0)), OpenedPage(too_costly=True)),
        ("stopped", Ended(b"", stopped=True), OpenedPage(too_costly=True)),
        ("crashed", Ended(b""), OpenedPage()),
        ("crashed while it spoke", Ended(head(1, 8, 4, 4, 2) + b"1234"), OpenedPage(8, 4)),
        ("half a head", Ended(b"\1\2"), OpenedPage()),
        ("more pixels than it says", Ended(head(1, 8, 4, 4, 2) + b"123456789"), OpenedPage(8, 4)),
        ("no pixels", Ended(head(1, 8, 4, 0, 0)), OpenedPage(8, 4)),
        ("a page without size", Ended(head(1, 0, 4, 1, 1) + b"1"), OpenedPage()),
        ("a verdict that there is not", Ended(head(77, 8, 4, 4, 2) + b"12345678"), OpenedPage(8, 4)),
    ],
)
def test_an_answer_is_believed_only_where_it_adds_up(
    what: str, ended: Ended, page: OpenedPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_page, "run_isolated", lambda *_: ended)
    assert first_page(b"%PDF-", 1) == page


@pytest.mark.parametrize("seed", range(deep(2, 8)))
@pytest.mark.parametrize("make", [pdf_files.letter, pdf_files.with_object_stream, heic_files.plain])
def test_whatever_byte_is_changed_there_is_an_answer(make: Any, seed: int) -> None:
    content, chance = bytearray(make()), np.random.default_rng(seed)
    for at in chance.integers(10, min(len(content), 4_000), 12):
        content[at] = chance.integers(256)
    codes(bytes(content))


def test_without_the_libraries_pages_are_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_page, "find_spec", lambda name: None if name == "pypdfium2" else name)
    assert not is_available()


# ---- for a reader ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", hostile.CASES, ids=lambda case: case.name)
def test_what_intake_takes_can_be_read(case: Case) -> None:
    """And what it refuses ends in one way only."""
    content = content_of(case)
    if not REFUSED & case.codes:
        (page,) = pages(content)
        assert page.mode == "RGB"
        assert max(page.size) <= LONGEST_SIDE_PX
        return
    too_costly = _too_costly(content)  # False, too, for a JPEG in which Pillow finds less wrong than intake does
    assert too_costly == ("image_too_large" in case.codes)


def _too_costly(content: bytes) -> bool:
    try:
        return not list(pages(content))
    except PageRefused as refused:
        return refused.too_costly


@pytest.fixture(scope="module")
def reader() -> Iterator[Open]:
    with opening("reader") as opened:
        yield opened


@pytest.mark.parametrize("case", pdf_files.marked([*pdf_files.CASES, *heic_files.CASES]))
def test_a_reader_survives_pages_or_is_stopped(reader: Open, case: Case) -> None:
    is_bomb = case in (*pdf_files.BOMBS, *heic_files.BOMBS)
    (ended,) = reader(file_of(case), BOMB_CPU_S if is_bomb else PAGE_CPU_S).ended
    if REFUSED & case.codes:
        assert ended in ("refused", "opened", "stopped")
    elif is_bomb:
        assert ended in ("opened", "stopped"), "a second is enough on some machines only"
    else:
        assert ended == "opened"


@pytest.mark.parametrize(
    ("make", "sizes"),
    [
        (partial(pdf_files.by_pillow, 1), [(2000, 1414)]),
        (partial(pdf_files.by_pillow, 12), [(2000, 1414)] * 2),
        (pdf_files.letter, [(1414, 2000)]),
        (heic_files.several, [hostile.SIZE]),
        (partial(content_of, heic_files.OF_39_MEGAPIXELS), [(1950, 1250)]),
        (partial(resized, 4000, 3000, "JPEG"), [(2000, 1500)]),
        (partial(resized, 3000, 2000, "JPEG"), [(3000, 2000)]),
        (partial(resized, 3001, 2001, "PNG"), [(1501, 1001)]),
        (partial(resized, 300, 6400, "WEBP"), [(75, 1600)]),
    ],
)
def test_pages_come_in_a_size_that_can_be_worked_with(make: Make, sizes: list[tuple[int, int]]) -> None:
    assert [page.size for page in pages(make())] == sizes


@pytest.mark.parametrize("how", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_page_comes_upright(kind: str, how: int) -> None:
    """Stored in each of the eight ways, it comes as it was."""
    turns = Image.Transpose
    stored = {
        1: None,
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_90,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_270,
    }[how]
    exif = Image.Exif()
    exif[0x0112] = how
    (page,) = pages(saved(PICTURE if stored is None else PICTURE.transpose(stored), kind, exif=exif, quality=95))
    assert page.size == PICTURE.size
    assert difference(page, PICTURE) < 4


@pytest.mark.parametrize("kind", ["PDF", "HEIF", "JPEG", "PNG", "WEBP"])
def test_a_page_shows_what_was_sent(kind: str) -> None:
    (page,) = pages(saved(PICTURE, kind))
    assert difference(page.resize(PICTURE.size, Image.Resampling.BOX), PICTURE) < 8


def difference(image: Image.Image, other: Image.Image) -> float:
    """Mean of all levels."""
    return float(np.abs(np.asarray(image).astype(int) - np.asarray(other)).mean())


def test_a_telephone_s_own_turn_is_made_once() -> None:
    (page,), (not_turned,) = pages(heic_files.turned(in_boxes=True)), pages(heic_files.turned(in_boxes=False))
    assert difference(page, PICTURE.transpose(Image.Transpose.ROTATE_270)) < 8
    assert difference(not_turned, PICTURE) < 8


@pytest.mark.parametrize(
    ("limits", "too_costly"),
    [(PictureLimits(max_bytes=1_000), True), (PictureLimits(max_pixels=1_000), True), (PictureLimits(), False)],
)
def test_a_refusal_says_whether_it_was_the_cost(limits: PictureLimits, too_costly: bool) -> None:
    content = JPEG if too_costly else JPEG[:400]
    with pytest.raises(PageRefused) as refused:
        next(pages(content, limits))
    assert refused.value.too_costly == too_costly


def test_more_memory_than_there_is_counts_as_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image, "new", full)
    with pytest.raises(PageRefused) as refused:
        next(pages(JPEG))
    assert refused.value.too_costly


# ---- forms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entries", [b"/AP << /N 6 0 R >>", b"", b"/F 68 /AP << /N 6 0 R >>"])
def test_what_was_filled_into_a_form_is_seen(entries: bytes) -> None:
    [page] = pages(pdf_objects.filled_form(entries))
    grey = np.asarray(page.convert("L"))
    rows, columns = np.nonzero(grey < 128)
    assert len(rows) > 1_000
    scale = 2_000 / 842
    assert (842 - 730) * scale <= rows.min() <= rows.max() <= (842 - 700) * scale
    assert 100 * scale <= columns.min() <= columns.max() <= 400 * scale
    assert grey[0, 0] == 255


def test_what_a_form_says_is_hidden_stays_hidden() -> None:
    [page] = pages(pdf_objects.filled_form(b"/AP << /N 6 0 R >>").replace(b"/F 4 ", b"/F 2 "))
    assert np.asarray(page.convert("L")).min() == 255


def test_a_library_that_runs_scripts_sets_no_form_up(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf_objects.filled_form()
    monkeypatch.setattr(pypdfium2, "PDFIUM_INFO", SimpleNamespace(flags=("V8", "XFA")))
    [page] = pdf.pages(content, "L")
    assert np.asarray(page).min() == 255
