"""Twelve ways in which a picture of a document gets worse, each at 1000 px along the longer side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
LONGEST_PX = 1_000
TABLE = (60, 80, 90)
"""What a picture lies on, where turning it leaves room: dark brown."""
SKEW_DEGREES, SKEW_SCALE = 8, 0.85
DARK_SHARE, DARK_NOISE = 0.25, 4.0
GLARE_AT, GLARE_SIZE, GLARE_LIGHT = (0.62, 0.80), (0.13, 0.12), 330.0
"""A lamp's reflection on the lines: a Gaussian spot, shares of width and height, brighter than white in its middle."""


def normal(picture: Picture) -> Picture:
    scale = LONGEST_PX / max(picture.shape[:2])
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=method), np.uint8)


def _turned(code: int) -> Callable[[Picture], Picture]:
    return lambda picture: np.asarray(cv2.rotate(picture, code), np.uint8)


def _skewed(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), SKEW_DEGREES, SKEW_SCALE)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderValue=TABLE), np.uint8)


def _halved(picture: Picture) -> Picture:
    return np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def _compressed(picture: Picture) -> Picture:
    stored = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
    again: Any = cv2.imdecode(stored, cv2.IMREAD_COLOR)
    made: Picture = again
    return made


def _blurred(sigma_px: float) -> Callable[[Picture], Picture]:
    return lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.uint8)


def _darkened(picture: Picture) -> Picture:
    noise = np.random.default_rng(1).normal(0, DARK_NOISE, picture.shape)
    return np.clip(picture * DARK_SHARE + noise, 0, 255).astype(np.uint8)


def _in_perspective(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    shares = np.array([[0.12, 0.10], [0.92, 0.04], [0.98, 0.95], [0.03, 0.86]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, (shares * np.array([width, height])).astype(np.float32))
    return np.asarray(cv2.warpPerspective(picture, turn, (width, height), borderValue=TABLE), np.uint8)


def _with_glare(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    down, across = np.mgrid[0:height, 0:width]
    away = ((across / width - GLARE_AT[0]) / GLARE_SIZE[0]) ** 2 + ((down / height - GLARE_AT[1]) / GLARE_SIZE[1]) ** 2
    lit: Picture = np.clip(picture + np.exp(-away)[..., None] * GLARE_LIGHT, 0, 255).astype(np.uint8)
    return lit


DEGRADATIONS: dict[str, Callable[[Picture], Picture]] = {
    "1000 px": lambda picture: picture,
    "turned 90°": _turned(cv2.ROTATE_90_CLOCKWISE),
    "turned 180°": _turned(cv2.ROTATE_180),
    "turned 270°": _turned(cv2.ROTATE_90_COUNTERCLOCKWISE),
    "skewed 8°": _skewed,
    "half size": _halved,
    "JPEG 40": _compressed,
    "blur σ 1.5": _blurred(1.5),
    "blur σ 3": _blurred(3.0),
    "dark": _darkened,
    "perspective": _in_perspective,
    "glare": _with_glare,
}
"""By name; each takes a picture that is `normal`."""
SENT_BACK = ("blur σ 3", "glare")
"""Those that nobody need read: they must come back with a reason that the client can act on."""
