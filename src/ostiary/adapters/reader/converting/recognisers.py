"""The recogniser as documents are read with it: made from the packaged one when the reader starts, in 0.1 s.

It comes twice. In 32 bits it says what the packaged one says, without the symbols that no document of ours has. In 8
bits it costs half, for the first look. Both are known by their hash, as is what they are made from; whatever differs is
not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ostiary.adapters.reader.converting.eight_bits import in_eight_bits
from ostiary.adapters.reader.converting.folding import with_biases_inside, with_symbols, with_whole_curves
from ostiary.adapters.reader.converting.model_files import ModelFile, opened, written
from ostiary.adapters.reader.converting.ranges import EXACT_SHA256, PACKAGED_SHA256, QUICK_SHA256, RANGES

_FAST_WITH = frozenset({"avx512_vnni", "avx_vnni"})
"""Instructions that multiply bytes and add up in 32 bits. Without them sums of two products end at 16 bits, and a model
made as this one says something else."""
_PROCESSORS = Path("/proc/cpuinfo")
_LATIN_ENDS, _SIGNS = 0x250, range(0x2000, 0x2070)
"""Symbols that are kept beside the 37 of a zone, so that other print is told from it: Latin letters, figures and
punctuation."""


@dataclass(frozen=True, slots=True)
class Recognisers:
    """Model files; `quick` is None where only 32 bits may be used. `symbols` belong to columns 1 and on of answers."""

    exact: bytes
    quick: bytes | None
    symbols: list[str]


def made_recognisers(packaged: bytes, *, in_eight: bool | None = None) -> Recognisers:
    """From the packaged recogniser. `in_eight`: whether to make the one in 8 bits; None: where the processor is made
    for it."""
    file = opened(packaged)
    symbols = file.metadata("character").splitlines()
    if sha256(packaged).hexdigest() != PACKAGED_SHA256:
        return Recognisers(packaged, None, symbols)
    smaller, symbols_left = reduced(file)
    exact = written(smaller)
    if sha256(exact).hexdigest() != EXACT_SHA256:
        return Recognisers(packaged, None, symbols)
    if not (is_made_for_eight_bits() if in_eight is None else in_eight):
        return Recognisers(exact, None, symbols_left)
    quick = written(in_eight_bits(smaller, RANGES))
    return Recognisers(exact, quick if sha256(quick).hexdigest() == QUICK_SHA256 else None, symbols_left)


def reduced(file: ModelFile) -> tuple[ModelFile, list[str]]:
    """The packaged model with fewer operations and symbols, and the symbols that are left."""
    symbols = file.metadata("character").splitlines()
    return with_symbols(with_whole_curves(with_biases_inside(file)), symbols, _may_be_printed)


def is_made_for_eight_bits(processors: Path = _PROCESSORS) -> bool:
    """Whether every processor has the instructions. False where the system does not say so."""
    try:
        lines = [line for line in processors.read_text().splitlines() if line.startswith("flags")]
    except OSError:
        return False
    return bool(lines) and all(not _FAST_WITH.isdisjoint(line.split()) for line in lines)


def _may_be_printed(symbol: str) -> bool:
    return symbol != "" and (ord(symbol[0]) < _LATIN_ENDS or ord(symbol[0]) in _SIGNS)
