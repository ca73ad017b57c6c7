"""The two models: where text is, and which symbols it has. PP-OCR, from the rapidocr wheel, run by onnxruntime.

The detector gives for every pixel how likely it belongs to text; the recogniser gives for every step across a line
how likely each of its symbols is. Only the 37 symbols of Doc 9303 and the blank are kept of those.
"""

from __future__ import annotations

import math
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ostiary.adapters.reader.converting.recognisers import made_recognisers

Colour = npt.NDArray[np.uint8]
Shares = npt.NDArray[np.float32]

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
"""Doc 9303 part 3, 4.3. In the recogniser's answers column 0 is the blank, column i + 1 is SYMBOLS[i]."""
DETECTOR, RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
LINE_HEIGHT_PX = 48
"""What the recogniser was trained with."""
LONGEST_LINE_PX = 1_920
"""Forty-four characters in 48 px height are about 1,300 px wide; more is a line nobody prints on a document."""
MOST_MAP_PX = 960 * 672
"""Of a text map: the detector takes some 200 bytes for each pixel while it works."""
THREADS = 1
"""A second one waits actively for the first: for the same lines it took twice the processor time and saved no time."""
_STRIDE_PX = 32
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)


def line_width_px(length: float, height: float, stretch: float) -> int:
    """How wide a line becomes for the recogniser."""
    return min(max(round(LINE_HEIGHT_PX * length / height * stretch), LINE_HEIGHT_PX), LONGEST_LINE_PX)


class Models:
    """The models, loaded. The recogniser comes twice: in 32 bits, and where the processor has instructions for it in 8,
    which costs half and is sure of as much, but mistakes more where a picture is bad."""

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # pictures differ in size, and an arena keeps the most of every size
        folder = files("rapidocr") / "models"

        def session(model: str | bytes) -> Any:
            ready: Any = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"], enable_fallback=0
            )
            ready._model_bytes = None  # it would keep them to load them again elsewhere, and there is nowhere
            return ready

        self._detector = session(str(folder / DETECTOR))
        recognisers = made_recognisers((folder / RECOGNISER).read_bytes())
        self._columns = [0, *(recognisers.symbols.index(symbol) + 1 for symbol in SYMBOLS)]
        self._recogniser = session(recognisers.exact)
        self.has_quick = recognisers.quick is not None
        self._quick_recogniser = self._recogniser if recognisers.quick is None else session(recognisers.quick)
        for is_quick in (True, False):  # what runs for the first time later may find that it can open nothing any more
            self.steps(np.zeros((LINE_HEIGHT_PX, LINE_HEIGHT_PX, 3), np.uint8), is_quick=is_quick)

    def text_map(self, picture: Colour, longest_px: int) -> Shares:
        """How likely each pixel belongs to text, 0 to 1, for the picture brought to `longest_px` along its longer side.

        Both sides come out as multiples of 32; the picture is stretched by up to 16 px for that. A picture that is
        nearly square is made smaller still: memory grows with the pixels.
        """
        height, width = picture.shape[:2]
        scale = min(longest_px / max(height, width), math.sqrt(MOST_MAP_PX / (height * width)))
        size = tuple(max(_STRIDE_PX, round(side * scale / _STRIDE_PX) * _STRIDE_PX) for side in (width, height))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = cv2.resize(picture, size, interpolation=method).astype(np.float32) / 255
        shares: Shares = self._run(self._detector, _planes(((small - _MEAN) / _SPREAD).astype(np.float32)))[0, 0]
        return shares

    def steps(self, line: Colour, stretch: float = 1.0, *, is_quick: bool = False) -> Shares:
        """The shares of blank and 37 symbols at each step across an upright line: steps x 38."""
        session = self._quick_recogniser if is_quick else self._recogniser
        shares: Shares = self._run(session, as_taken(line, stretch))[0][:, self._columns]
        return shares

    def _run(self, session: Any, planes: Shares) -> Shares:
        answer: Shares = session.run(None, {session.get_inputs()[0].name: planes})[0]
        return answer


def as_taken(line: Colour, stretch: float) -> Shares:
    """An upright line as the recogniser takes it: 1 x 3 x 48 x its width, from -1 to 1."""
    height, width = line.shape[:2]
    size = line_width_px(width, height, stretch), LINE_HEIGHT_PX
    return _planes(cv2.resize(line, size, interpolation=cv2.INTER_CUBIC).astype(np.float32) / 127.5 - 1)


def _planes(picture: Shares) -> Shares:
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None])
