"""A model whose convolutions calculate with 8 bits, made from the one that calculates with 32.

Weights have a scale for each channel and are symmetrical about zero; what goes into a convolution and comes out has one
scale each, from the range that was seen over pictures. A ramp behind a convolution becomes part of it: its range ends
at zero. All else stays in 32 bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ostiary.adapters.reader.converting.model_files import Constant, ModelFile, ModelNode

Ranges = Mapping[str, tuple[float, float]]
"""By name of a result: the least and the greatest value that it had."""
_LEVELS, _WEIGHT_LEVELS = 255, 127
_MEANS = frozenset({"GlobalAveragePool", "ReduceMean"})
_OF_MEANS = frozenset({"Conv", "Relu", "HardSigmoid"})
"""What follows a mean over a whole channel is one value a channel: nothing to gain there."""
_LEAST_SCALE = 1e-10
_LARGEST_BIAS = 2**30


@dataclass(frozen=True, slots=True)
class _Convolution:
    """A convolution with the ramp behind it, if there is one; `result` is what comes out of both."""

    node: ModelNode
    ramp: ModelNode | None

    @property
    def result(self) -> str:
        return (self.ramp or self.node).outputs[0]


def results_needed(file: ModelFile) -> list[str]:
    """The results whose ranges `in_eight_bits` asks for."""
    needed = (name for each in _convolutions(file) for name in (each.node.inputs[0], each.result))
    return sorted(set(needed))


def in_eight_bits(file: ModelFile, ranges: Ranges) -> ModelFile:
    """The model, its convolutions in 8 bits. Raises KeyError for a result of unknown range."""
    convolutions = {each.node.outputs[0]: each for each in _convolutions(file)}
    ramps = {each.ramp.outputs[0] for each in convolutions.values() if each.ramp}
    others = [node for node in file.nodes if not {*convolutions, *ramps} & set(node.outputs)]
    in_full = {name for node in others for name in node.inputs} | set(file.outputs)
    rounded_model = _RoundedModel(ranges, dict(file.constants))
    for node in file.nodes:
        if node.outputs[0] in ramps:
            continue
        if node.outputs[0] not in convolutions:
            rounded_model.nodes.append(node)
            continue
        each = convolutions[node.outputs[0]]
        rounded_model.convolution(each)
        if each.result in in_full:
            rounded_model.nodes.append(
                ModelNode("DequantizeLinear", rounded_model.rounded(each.result), (each.result,))
            )
    return replace(file, nodes=rounded_model.nodes, constants=rounded_model.constants)


def _convolutions(file: ModelFile) -> Iterator[_Convolution]:
    consumers = file.consumers()
    means: set[str] = set()
    for node in file.nodes:
        if node.operation in _MEANS or (node.operation in _OF_MEANS and node.inputs[0] in means):
            means.update(node.outputs)
        elif node.operation == "Conv":
            behind = consumers.get(node.outputs[0], [])
            has_ramp = [follower.operation for follower in behind] == ["Relu"]
            yield _Convolution(node, behind[0] if has_ramp else None)


@dataclass(slots=True)
class _RoundedModel:
    """The new model's nodes and constants, as far as they are made."""

    ranges: Ranges
    constants: dict[str, Constant]
    nodes: list[ModelNode] = field(default_factory=list)
    known: set[str] = field(default_factory=set)  # results that there are in 8 bits

    def scale_of(self, name: str) -> tuple[np.float32, np.uint8]:
        """How much a level of a result is, and which level is zero."""
        least, greatest = self.ranges[name]
        least, greatest = min(least, 0.0), max(greatest, 0.0)
        scale = np.float32(max((greatest - least) / _LEVELS, _LEAST_SCALE))
        return scale, np.uint8(round(-least / float(scale)))

    def rounded(self, name: str) -> tuple[str, str, str]:
        """The names of a result in 8 bits, of its scale and of its zero."""
        scale, zero = self.scale_of(name)
        self.constants[f"{name} scale"], self.constants[f"{name} zero"] = np.array(scale), np.array(zero)
        return f"{name} rounded", f"{name} scale", f"{name} zero"

    def convolution(self, each: _Convolution) -> None:
        taken, weights, *bias = each.node.inputs
        goes_in, comes_out = self.rounded(taken), self.rounded(each.result)
        if taken not in self.known:
            self.nodes.append(ModelNode("QuantizeLinear", (taken, *goes_in[1:]), goes_in[:1]))
        self.known |= {taken, each.result}
        scales = self._weights(weights)
        inputs = [*goes_in, f"{weights} rounded", f"{weights} scale", f"{weights} zero", *comes_out[1:]]
        if bias:
            levels = self.constants[bias[0]].astype(np.float64) / (float(self.scale_of(taken)[0]) * scales)
            levels = np.rint(levels.clip(-_LARGEST_BIAS, _LARGEST_BIAS))
            self.constants[f"{bias[0]} rounded"] = levels.astype(np.int32)
            inputs.append(f"{bias[0]} rounded")
        self.nodes.append(replace(each.node, operation="QLinearConv", inputs=tuple(inputs), outputs=comes_out[:1]))

    def _weights(self, name: str) -> npt.NDArray[np.float64]:
        """Rounds the weights of a convolution; how much a level is, for each channel that it makes."""
        values = self.constants[name].astype(np.float32)
        largest = np.abs(values).reshape(len(values), -1).max(axis=1)
        scales: npt.NDArray[np.float32] = np.maximum(largest / np.float32(_WEIGHT_LEVELS), np.float32(_LEAST_SCALE))
        levels = np.rint(values / scales.reshape(-1, *[1] * (values.ndim - 1)))
        self.constants[f"{name} rounded"] = levels.astype(np.int8)
        self.constants[f"{name} scale"], self.constants[f"{name} zero"] = scales, np.zeros(len(values), np.int8)
        return scales.astype(np.float64)
