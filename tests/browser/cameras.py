"""Chromium with a camera that shows a picture of ours, made into a video file; or with none."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import Browser

from tests.browser.conftest import CHROMIUM

WIDTH_PX, HEIGHT_PX = 1280, 720
"""Of the video. Chromium gives a page that asks for more no more than the file has."""
FRAMES_A_SECOND = 10
_HEADER = f"YUV4MPEG2 W{WIDTH_PX} H{HEIGHT_PX} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n"
_LIGHT = [round(16 + shade * 219 / 255) for shade in range(256)]
_COLOUR = [round(128 + (shade - 128) * 224 / 255) for shade in range(256)]
"""Chromium takes every file for one of television's levels (ITU-R BT.601: 16 is black, 235 white), also Motion JPEG and
what says of itself that it has all 256: those would come out with more contrast, and paper burnt out."""


def held(page: bytes, *, blur_px: float = 0.0, light: float = 1.0, across: float = 0.86) -> Image.Image:
    """What a camera sees of a page that is held into the frame, on a dark table."""
    frame = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (70, 62, 54))
    flat = Image.open(BytesIO(page)).convert("RGB")
    height = round(HEIGHT_PX * across)
    flat = flat.resize((round(height * flat.width / flat.height), height), Image.Resampling.LANCZOS)
    frame.paste(flat, ((WIDTH_PX - flat.width) // 2, (HEIGHT_PX - flat.height) // 2))
    frame = frame.filter(ImageFilter.GaussianBlur(blur_px)) if blur_px else frame
    return frame.point([round(shade * light) for shade in range(256)] * 3)


def table() -> Image.Image:
    """What it sees of a table with a pen on it: sharp, well lit, and no document."""
    frame = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (178, 160, 140))
    ImageDraw.Draw(frame).line((500, 300, 700, 420), fill="black", width=6)
    return frame


def video(path: Path, pictures: Sequence[Image.Image]) -> Path:
    """A YUV4MPEG2 file that shows each picture for one frame, over and over."""
    with path.open("wb") as file:
        file.write(_HEADER.encode())
        for picture in pictures:
            light, *colours = picture.convert("YCbCr").split()
            planes = [light.point(_LIGHT), *(colour.point(_COLOUR) for colour in colours)]
            small = [plane.resize((WIDTH_PX // 2, HEIGHT_PX // 2)) for plane in planes[1:]]
            file.write(b"FRAME\n" + b"".join(plane.tobytes() for plane in (planes[0], *small)))
    return path


@asynccontextmanager
async def chromium_with(browser: Browser, *options: str) -> AsyncIterator[Browser]:
    """Another browser, since what stands in for the camera is chosen when it starts. It is started by what started the
    one of all tests: to start that as well takes as long again."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    another = await browser.browser_type.launch(executable_path=CHROMIUM, args=[*sandbox, *options])
    try:
        yield another
    finally:
        await another.close()


def showing(file: Path) -> tuple[str, str]:
    """Options for a camera that shows a video file."""
    return "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={file}"


NO_CAMERA = "--use-fake-device-for-media-stream=device-count=0"
