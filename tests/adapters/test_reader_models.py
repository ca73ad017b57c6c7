"""The recogniser that is made from the packaged one: what it is made from, what it says, and when it is not used."""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from bench.documents.ranges import WatchedModels
from PIL import Image

from ostiary.adapters.reader.converting.eight_bits import in_eight_bits, results_needed
from ostiary.adapters.reader.converting.folding import with_biases_inside, with_whole_curves
from ostiary.adapters.reader.converting.model_files import opened, written
from ostiary.adapters.reader.converting.ranges import RANGES
from ostiary.adapters.reader.converting.recognisers import (
    Recognisers,
    is_made_for_eight_bits,
    made_recognisers,
    reduced,
)
from ostiary.adapters.reader.converting.wire_messages import WireMessage, decoded, encoded, varints
from ostiary.adapters.reader.recognition.models import RECOGNISER, SYMBOLS, Shares, as_taken
from ostiary.specimens.drawing import specimen

PROCESSOR = "processor\t: 0\nflags\t\t: fpu sse2 {}\nbugs\t\t:\n\n"


@pytest.fixture(scope="module")
def packaged() -> bytes:
    return (files("rapidocr") / "models" / RECOGNISER).read_bytes()


@pytest.fixture(scope="module")
def ours(packaged: bytes) -> Recognisers:
    return made_recognisers(packaged, in_eight=True)


@pytest.fixture(scope="module")
def line() -> Shares:
    """The second line of a specimen, as the recogniser takes it."""
    page = Image.open(io.BytesIO(specimen(5, size=(1600, 1126)))).convert("RGB")
    return as_taken(np.asarray(page.crop((65, 955, 1535, 1035)), np.uint8), 0.7)


def spoken_by(model: bytes, symbols: list[str], line: Shares) -> tuple[str, Shares]:
    """The text of a line by a model, equal neighbours as one, and the shares of each step."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    steps: Shares = session.run(None, {"x": line})[0][0]
    likeliest = steps.argmax(axis=1)
    starts = np.flatnonzero(np.diff(likeliest, prepend=-1))
    return "".join(symbols[likeliest[at] - 1] for at in starts if likeliest[at]), steps


def test_both_are_those_that_were_measured_and_neither_is_the_packaged_one(packaged: bytes, ours: Recognisers) -> None:
    """By hash, whatever machine makes them: otherwise `made_recognisers` gives none."""
    assert ours.quick is not None
    assert ours.exact != packaged
    assert len(ours.quick) * 3 < len(ours.exact) + len(ours.quick) < len(packaged)
    assert set(SYMBOLS) <= set(ours.symbols)


def test_in_32_bits_it_says_what_the_packaged_one_says(packaged: bytes, ours: Recognisers, line: Shares) -> None:
    symbols = opened(packaged).metadata("character").splitlines()
    text, steps = spoken_by(packaged, symbols, line)
    made_text, made_steps = spoken_by(ours.exact, ours.symbols, line)
    assert made_text == text
    assert len(text) > 27
    columns = [0, *(symbols.index(symbol) + 1 for symbol in ours.symbols)]
    assert np.abs(made_steps - steps[:, columns]).max() < 0.05


def test_in_8_bits_it_reads_a_line_as_well(ours: Recognisers, line: Shares) -> None:
    assert ours.quick is not None
    assert spoken_by(ours.quick, ours.symbols, line)[0] == spoken_by(ours.exact, ours.symbols, line)[0]


def test_another_recogniser_is_used_as_it_is(packaged: bytes) -> None:
    at = packaged.index(b"linear_8.w_0")
    other = packaged[: at - 100] + bytes([packaged[at - 100] ^ 1]) + packaged[at - 99 :]
    used = made_recognisers(other, in_eight=True)
    assert (used.exact, used.quick) == (other, None)
    assert set(SYMBOLS) <= set(used.symbols)


def test_without_the_instructions_there_is_none_in_8_bits(packaged: bytes, ours: Recognisers) -> None:
    used = made_recognisers(packaged, in_eight=False)
    assert (used.exact, used.quick) == (ours.exact, None)


@pytest.mark.parametrize(
    ("says", "is_made"),
    [
        (PROCESSOR.format("avx2 avx512_vnni"), True),
        (PROCESSOR.format("avx2 avx_vnni") * 2, True),
        (PROCESSOR.format("avx2 avx512f"), False),
        (PROCESSOR.format("avx_vnni") + PROCESSOR.format("avx2"), False),
        ("processor\t: 0\nFeatures\t: fp asimd asimddp\n", False),
        ("", False),
    ],
    ids=["wide", "narrow", "neither", "not every core", "arm", "nothing"],
)
def test_the_instructions_are_those_that_add_up_in_32_bits(tmp_path: Path, says: str, is_made: bool) -> None:
    processors = tmp_path / "cpuinfo"
    processors.write_text(says)
    assert is_made_for_eight_bits(processors) is is_made
    assert not is_made_for_eight_bits(tmp_path / "nowhere")


def test_lines_of_first_looks_alone_are_what_ranges_are_taken_over_and_no_file_is_held() -> None:
    models, page = WatchedModels(), np.full((60, 400, 3), 255, np.uint8)
    models.lines.clear()
    for is_quick in (False, True):
        models.steps(page, 0.5, is_quick=is_quick)
    assert [line.shape for line in models.lines] == [(1, 3, 48, 160)]
    sessions = [value for value in vars(models).values() if isinstance(value, onnxruntime.InferenceSession)]
    assert len(sessions) >= 2
    assert not [value for each in sessions for value in vars(each).values() if isinstance(value, bytes)], "held twice"


def test_every_range_is_asked_for_and_an_unknown_one_is_said(packaged: bytes) -> None:
    model = reduced(opened(packaged))[0]
    assert set(results_needed(model)) == set(RANGES)
    with pytest.raises(KeyError, match="'x'"):
        in_eight_bits(model, {name: ends for name, ends in RANGES.items() if name != "x"})


def test_a_file_put_together_again_has_the_same_nodes_and_constants(packaged: bytes) -> None:
    model = opened(packaged)
    again = opened(written(model))
    assert again.nodes == model.nodes
    assert {name: values.tobytes() for name, values in again.constants.items()} == {
        name: values.tobytes() for name, values in model.constants.items() if name in again.constants
    }
    assert again.metadata("character") == model.metadata("character") != model.metadata("nothing") == ""


def test_biases_and_curves_become_part_of_what_is_before_them(packaged: bytes) -> None:
    model = opened(packaged)
    operations = [node.operation for node in with_whole_curves(with_biases_inside(model)).nodes]
    before = [node.operation for node in model.nodes]
    assert operations.count("Gelu") == before.count("Erf") == 13
    assert "Erf" not in operations
    assert before.count("Add") - operations.count("Add") > 13


@pytest.mark.parametrize(
    "content",
    [b"\x0a", b"\x0a\x05abc", b"\x08", b"\x08\xff", b"\x08" + b"\xff" * 11, b"\x0b", b"\x09\0\0", b"\x0d\0"],
    ids=["no size", "cut value", "no number", "cut number", "endless", "a group", "cut 8 bytes", "cut 4 bytes"],
)
def test_what_is_no_message_is_said(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"message ends|without end|unknown kind"):
        decoded(content)


def test_fields_come_back_as_they_were() -> None:
    inner = WireMessage().add(1, "name").add(2, 300)
    content = encoded(WireMessage().add(7, inner).add(3, 0).add(200, b"\x01\xac\x02")) + b"\x0d\1\2\3\4\x09" + bytes(8)
    message = decoded(content)
    assert encoded(message) == content
    assert varints(next(value for value in message.all(200) if not isinstance(value, int))) == [1, 300]
    assert message.text(9) == ""
    with pytest.raises(ValueError, match="no model"):
        opened(encoded(WireMessage().add(1, 8)))
