"""A model with fewer operations that says the same: biases inside their convolutions, curves in one operation, and a
last layer without the symbols that nobody asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ostiary.adapters.reader.converting.model_files import Constant, ModelFile, ModelNode

CONTRIBUTED = "com.microsoft"
"""Operations that onnxruntime has beyond the standard's."""
_SAME = 1e-6
"""Constants of a curve differ from what they stand for by less."""


def with_biases_inside(file: ModelFile) -> ModelFile:
    """The model, each bias that is added behind a convolution made part of it."""
    consumers, nodes, constants = file.consumers(), list[ModelNode](), dict(file.constants)
    inside: set[str] = set()
    for node in file.nodes:
        added, bias = _bias_behind(node, consumers, constants)
        if added is not None:
            name = f"{bias} flat"
            constants[name] = constants[bias].reshape(-1)
            nodes.append(replace(node, inputs=(*node.inputs, name), outputs=added.outputs))
            inside.update(added.outputs)
        elif node.outputs[0] not in inside:
            nodes.append(node)
    return replace(file, nodes=nodes, constants=constants)


def _bias_behind(
    node: ModelNode, consumers: Mapping[str, list[ModelNode]], constants: Mapping[str, Constant]
) -> tuple[ModelNode | None, str]:
    """The addition that is all that takes a convolution's result, and the name of what it adds for each channel."""
    behind = consumers.get(node.outputs[0], [])
    if node.operation != "Conv" or len(node.inputs) != 2 or [follower.operation for follower in behind] != ["Add"]:
        return None, ""
    name = _beside(behind[0], node.outputs[0])
    weights, values = constants.get(node.inputs[1]), constants.get(name)
    if weights is None or values is None or values.shape != (1, len(weights), 1, 1):
        return None, ""
    return behind[0], name


def with_whole_curves(file: ModelFile) -> ModelFile:
    """The model, each curve that the file spells out as five operations made one: x / 2 * (1 + erf(x / root of 2)). One
    goes through the values once."""
    consumers = file.consumers()
    curves: dict[str, ModelNode] = {}
    spelled: set[str] = set()
    for node in file.nodes:
        steps = _curve_from(node, consumers, file.constants)
        if steps:
            curves[steps[-1].outputs[0]] = ModelNode("Gelu", node.inputs[:1], steps[-1].outputs, domain=CONTRIBUTED)
            spelled.update(step.outputs[0] for step in steps)
    remaining = (node for node in file.nodes if node.outputs[0] in curves or node.outputs[0] not in spelled)
    return replace(file, nodes=[curves.get(node.outputs[0], node) for node in remaining])


def _curve_from(
    node: ModelNode, consumers: Mapping[str, list[ModelNode]], constants: Mapping[str, Constant]
) -> Sequence[ModelNode]:
    """The five operations of a curve that begins with this one; nothing where it is something else."""
    if node.operation != "Div" or not _is(constants.get(node.inputs[1]), 2**0.5):
        return ()
    steps = [node]
    for operation, other in (("Erf", None), ("Add", 1.0), ("Mul", node.inputs[0]), ("Mul", 0.5)):
        behind = consumers.get(steps[-1].outputs[0], [])
        if [follower.operation for follower in behind] != [operation]:
            return ()
        beside = _beside(behind[0], steps[-1].outputs[0])
        if (isinstance(other, float) and not _is(constants.get(beside), other)) or (
            isinstance(other, str) and beside != other
        ):
            return ()
        steps.append(behind[0])
    return steps


def _beside(node: ModelNode, name: str) -> str:
    """What a node takes besides a result; empty when nothing, or more than one thing."""
    others = [other for other in node.inputs if other != name]
    return others[0] if len(others) == 1 else ""


def _is(values: Constant | None, value: float) -> bool:
    return values is not None and values.size == 1 and abs(values.item() - value) < _SAME


def with_symbols(
    file: ModelFile, symbols: Sequence[str], is_kept: Callable[[str], bool]
) -> tuple[ModelFile, list[str]]:
    """The model without some of the symbols that its last layer has a column for, behind one for the blank and before
    one for a space, and the symbols that are left. A last layer of 18,710 columns is a seventh of the model's work."""
    columns = len(symbols) + 2
    columns_kept = [at for at, symbol in enumerate(symbols) if is_kept(symbol)]
    which = np.array([0, *(at + 1 for at in columns_kept)])
    constants = {
        name: np.ascontiguousarray(values[..., which]) if values.shape[-1:] == (columns,) else values
        for name, values in file.constants.items()
    }
    return replace(file, constants=constants), [symbols[at] for at in columns_kept]
