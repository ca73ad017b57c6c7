"""Model files (ONNX): their nodes and constants, taken apart and put together again without the library that made them.

Numbers of fields are those of onnx.proto3, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ostiary.adapters.reader.converting.wire_messages import WireMessage, decoded, encoded, varints

_GRAPH, _OPERATION_SETS, _METADATA = 7, 8, 14
_DOMAIN_NAME, _VERSION = 1, 2
_NODE, _INITIALIZER, _OUTPUT, _VALUE_INFO = 1, 5, 12, 13
_NODE_INPUT, _NODE_OUTPUT, _NODE_NAME, _OPERATION, _ATTRIBUTE, _DOMAIN = 1, 2, 3, 4, 5, 7
_DIMS, _DATA_TYPE, _NAME, _RAW = 1, 2, 8, 9
_TYPES: dict[str, int] = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}

Constant = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class ModelNode:
    """One operation. `attributes` are as the file has them."""

    operation: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: tuple[bytes, ...] = ()
    domain: str = ""


@dataclass(slots=True)
class ModelFile:
    """A model: its nodes in the order they run, and its constants by name. All else of the file stays as it is."""

    nodes: list[ModelNode]
    constants: dict[str, Constant]
    outputs: list[str]
    model: WireMessage = field(repr=False)
    graph: WireMessage = field(repr=False)

    def metadata(self, key: str) -> str:
        """What the file's maker noted under a key, empty when there is nothing."""
        notes = {note.text(1): note.text(2) for note in _messages(self.model, _METADATA)}
        return notes.get(key, "")

    def consumers(self) -> dict[str, list[ModelNode]]:
        """By name of a result: the nodes that take it."""
        taken: dict[str, list[ModelNode]] = {}
        for node in self.nodes:
            for name in node.inputs:
                taken.setdefault(name, []).append(node)
        return taken


def opened(content: bytes) -> ModelFile:
    """Takes a file apart, with nodes that only pass on what they get left out. Raises ValueError for what is none."""
    model = decoded(content)
    graph = decoded(_sized(model, _GRAPH))
    constants = dict(filter(None, map(_constant, _messages(graph, _INITIALIZER))))
    nodes = list(map(_node, _messages(graph, _NODE)))
    outputs = [message.text(1) for message in _messages(graph, _OUTPUT)]
    return ModelFile(
        nodes=_without_identities(nodes, outputs), constants=constants, outputs=outputs, model=model, graph=graph
    )


def written(file: ModelFile, more_outputs: Iterable[str] = ()) -> bytes:
    """The file's bytes, without constants that no node takes. `more_outputs` are results that it gives besides."""
    taken = {name for node in file.nodes for name in node.inputs}
    graph = file.graph.without(_NODE, _INITIALIZER, _VALUE_INFO, _OUTPUT)
    for node in file.nodes:
        graph.add(_NODE, _of_node(node))
    for name, values in file.constants.items():
        if name in taken:
            graph.add(_INITIALIZER, _of_constant(name, values))
    for message in _messages(file.graph, _INITIALIZER):
        if _constant(message) is None:
            graph.add(_INITIALIZER, message)
    for name in (*file.outputs, *more_outputs):  # by name alone: their shapes may have changed
        graph.add(_OUTPUT, WireMessage().add(1, name))
    model = file.model.without(_GRAPH).add(_GRAPH, graph)
    domains = {message.text(_DOMAIN_NAME) for message in _messages(file.model, _OPERATION_SETS)}
    for domain in sorted({node.domain for node in file.nodes} - domains):
        model.add(_OPERATION_SETS, WireMessage().add(_DOMAIN_NAME, domain).add(_VERSION, 1))
    return encoded(model)


def _messages(message: WireMessage, number: int) -> Iterator[WireMessage]:
    return (decoded(value) for value in message.all(number) if not isinstance(value, int))


def _sized(message: WireMessage, number: int) -> bytes | memoryview:
    for value in message.all(number):
        if not isinstance(value, int):
            return value
    raise ValueError("no model")


def _node(message: WireMessage) -> ModelNode:
    attributes = tuple(bytes(value) for value in message.all(_ATTRIBUTE) if not isinstance(value, int))
    inputs, outputs = tuple(message.texts(_NODE_INPUT)), tuple(message.texts(_NODE_OUTPUT))
    return ModelNode(
        operation=message.text(_OPERATION),
        inputs=inputs,
        outputs=outputs,
        attributes=attributes,
        domain=message.text(_DOMAIN),
    )


def _of_node(node: ModelNode) -> WireMessage:
    message = WireMessage()
    for name in node.inputs:
        message.add(_NODE_INPUT, name)
    for name in node.outputs:
        message.add(_NODE_OUTPUT, name)
    message.add(_NODE_NAME, f"{node.operation} {node.outputs[0]}").add(_OPERATION, node.operation)
    for attribute in node.attributes:
        message.add(_ATTRIBUTE, attribute)
    return message.add(_DOMAIN, node.domain) if node.domain else message


def _constant(message: WireMessage) -> tuple[str, Constant] | None:
    """A constant's name and values; None where they are not stored as plain bytes, as small ones often are not."""
    kinds = {number: name for name, number in _TYPES.items()}
    kind = next((value for value in message.all(_DATA_TYPE) if isinstance(value, int)), 0)
    raw = next((value for value in message.all(_RAW) if not isinstance(value, int)), None)
    if kind not in kinds or raw is None:
        return None
    shape: list[int] = []
    for value in message.all(_DIMS):
        shape += [value] if isinstance(value, int) else varints(value)
    return message.text(_NAME), np.frombuffer(raw, kinds[kind]).reshape(shape)


def _of_constant(name: str, values: Constant) -> WireMessage:
    message = WireMessage()
    for side in values.shape:
        message.add(_DIMS, side)
    message.add(_DATA_TYPE, _TYPES[values.dtype.name]).add(_NAME, name)
    return message.add(_RAW, np.ascontiguousarray(values).tobytes())


def _without_identities(nodes: Sequence[ModelNode], outputs: Sequence[str]) -> list[ModelNode]:
    """The nodes that do something; what they take is called as whoever made it calls it."""
    same: dict[str, str] = {}
    working: list[ModelNode] = []
    for node in nodes:
        inputs = tuple(same.get(name, name) for name in node.inputs)
        if node.operation == "Identity" and node.outputs[0] not in outputs:
            same[node.outputs[0]] = inputs[0]
        else:
            working.append(replace(node, inputs=inputs))
    return working
