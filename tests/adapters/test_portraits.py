"""Portraits of chips: found in either form, decoded in the cage alone, within bounds, or not at all."""

from __future__ import annotations

import struct
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ostiary.adapters.chip.tlv import Malformed, encoded
from ostiary.adapters.isolation.process import run_isolated
from ostiary.adapters.pages.portrait import MOST_PORTRAIT_PIXELS, is_portrait, portrait
from ostiary.adapters.pages.portrait_file import CODESTREAM, MOST_DEPTH, MOST_ELEMENTS, portrait_of
from ostiary.adapters.pages.viewers import PictureViewers
from ostiary.adapters.pages.views import MODULE, MOST_ANSWERED_BYTES, WAIT_S, page_views
from ostiary.adapters.pictures.outline import DamagedError
from tests.chips.portraits import SIZE_PX, block, face, group, record

FORMS = {
    "19794-5": lambda picture: group(record(picture)),
    "19794-5 with points": lambda picture: group(record(picture, points=7)),
    "39794-5": lambda picture: group(block(picture), tag=0x7F2E),
}
PICTURES = {
    "JPEG": face("JPEG"),
    "JPEG in grey": face("JPEG", mode="L"),
    "JPEG 2000": face(),
    "JPEG 2000 in grey": face(mode="L"),
    "a bare codestream": face()[face().index(CODESTREAM) :],
}


def looks_right(picture: Image.Image) -> bool:
    levels = np.asarray(picture.convert("L").resize((2, 2), Image.Resampling.BOX))
    return picture.size == SIZE_PX and divmod(int(levels.argmin()), 2) == (0, 0) and int(levels.max()) > 150


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", PICTURES)
def test_a_portrait_is_found_and_drawn_in_the_cage(form: str, kind: str) -> None:
    content = FORMS[form](PICTURES[kind])
    assert portrait_of(content) == PICTURES[kind]
    [view] = page_views(content)
    assert looks_right(Image.open(BytesIO(view)))


async def test_a_viewer_marks_it_as_every_picture() -> None:
    viewers = PictureViewers()
    try:
        view = await viewers.view(group(record(face())), 1, "Ana of Acme")
        assert view is not None
        assert Image.open(BytesIO(view)).size == SIZE_PX
        assert await viewers.view(group(record(face())), 2, "Ana of Acme") is None
    finally:
        viewers.close()


DEEP = encoded(0x80, PICTURES["JPEG"])
for _ in range(MOST_DEPTH + 2):
    DEEP = encoded(0xA0, DEEP)
REFUSED = {
    "two faces": (group(record(face()), record(face())), "2 faces"),
    "no face": (group(), "0 faces"),
    "another group": (b"\x61" + group(record(face()))[1:], "tag 75 is wanted"),
    "a face in neither form": (group(record(face()), tag=0x5F2F), "no known form"),
    "the edition of 2011": (group(record(face(), version=b"030\0")), "another version"),
    "another form's name": (group(b"FIR\0" + record(face())[4:]), "another version"),
    "two in one record": (group(record(face(), count=2)), "several"),
    "a record longer than it is": (group(record(face(), longer=1)), "do not agree"),
    "points without end": (group(record(b"")[:18] + b"\xff\xff" + record(b"")[20:]), "do not agree"),
    "an empty picture": (group(record(b"")), "do not agree"),
    "a PNG": (group(record(face("PNG"))), "neither JPEG nor"),
    "two pictures in elements": (group(block(face(), face()), tag=0x7F2E), "2 pictures"),
    "no picture in elements": (group(block(b"GIF89a"), tag=0x7F2E), "0 pictures"),
    "too deep": (group(DEEP, tag=0x7F2E), "too many parts"),
    "too many": (group(encoded(0x80, b"x") * (MOST_ELEMENTS + 1), tag=0x7F2E), "too many parts"),
    "cut off": (group(record(face()))[:-1], "missing at the end"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_one_portrait_is_not_guessed_at(name: str) -> None:
    content, problem = REFUSED[name]
    with pytest.raises(Malformed, match=problem):
        portrait_of(content)
    assert page_views(content) == ()


def with_sizes(**changes: int) -> bytes:
    """A JPEG 2000 that says something else of its size than it has."""
    picture = bytearray(face())
    at = picture.index(CODESTREAM) + 8
    names = ("width", "height", "left", "top", "tile_width", "tile_height", "tile_left", "tile_top")
    for name, value in changes.items():
        if name == "components":
            picture[at + 32 : at + 34] = struct.pack(">H", value)
        else:
            begin = at + 4 * names.index(name)
            picture[begin : begin + 4] = struct.pack(">I", value)
    return bytes(picture)


BOMBS = {
    "a huge canvas": with_sizes(width=65_000, height=65_000),
    "a huge canvas behind an offset": with_sizes(width=4_000_000_000, left=3_999_999_880),
    "a long side": with_sizes(width=4_000_000, height=1),
    "tiles of one pixel": with_sizes(tile_width=1, tile_height=1),
    "no tile": with_sizes(tile_width=0),
    "tiles that begin behind": with_sizes(tile_left=50),
    "nothing between the edges": with_sizes(left=120),
    "thousands of components": with_sizes(components=16_000),
    "no component": with_sizes(components=0),
    "half a codestream": face()[: face().index(CODESTREAM) + 20],
    "no codestream": face()[: face().index(CODESTREAM)],
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_that_would_take_too_much_is_not_decoded(name: str) -> None:
    with pytest.raises(DamagedError):
        portrait(group(record(BOMBS[name])))
    begun = time.monotonic()
    assert page_views(group(record(BOMBS[name]))) == ()
    assert time.monotonic() - begun < WAIT_S / 2


def test_a_box_that_promises_less_than_the_codestream_has_is_not_believed() -> None:
    large = face(size=(2_400, 2_000))
    at = large.index(b"ihdr") + 4
    lying = large[:at] + struct.pack(">II", 10, 10) + large[at + 8 :]
    assert MOST_PORTRAIT_PIXELS < 2_400 * 2_000
    with pytest.raises(DamagedError):
        portrait(group(record(lying)))
    small = face()
    at = small.index(b"ihdr") + 4
    boasting = small[:at] + struct.pack(">II", 60_000, 60_000) + small[at + 8 :]
    assert page_views(group(record(boasting))) == ()


def test_a_jpeg_as_large_as_a_page_is_no_portrait() -> None:
    with pytest.raises(DamagedError, match="too large"):
        portrait(group(record(face("JPEG", size=(2_400, 2_000)))))


@pytest.mark.heavy
def test_damage_ends_nothing_but_the_process() -> None:
    """Every hundredth byte of the picture changed, one at a time: some are drawn all the same, and none harms."""
    content = group(record(face()))
    begin = content.index(CODESTREAM) + 42
    for at in range(begin, len(content), max(1, (len(content) - begin) // 12)):
        damaged = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        ended = run_isolated(MODULE, (), damaged, WAIT_S, MOST_ANSWERED_BYTES)
        assert not ended.was_working
        assert len(page_views(damaged)) <= 1


def test_a_chips_file_is_told_from_a_picture() -> None:
    assert is_portrait(group(record(face())))
    assert not is_portrait(face())
    assert not is_portrait(b"")
