"""The catalogue as a YAML file: read, checked as a whole, and given its version. See docs/catalogue.md.

All faults are told at once, each with file, line and column; a catalogue with any is not used at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import yaml

from ostiary.adapters.catalogue_conditions import ConditionReader
from ostiary.adapters.catalogue_entries import Entry
from ostiary.adapters.catalogue_fields import read_attributes
from ostiary.adapters.catalogue_products import Declared, read_document_types, read_products
from ostiary.adapters.yaml_nodes import MOST_BYTES, Faults, compose
from ostiary.domain.catalogue import Catalogue, Condition
from ostiary.domain.errors import CatalogueInvalid, Fault

DEFAULT_NAME = "default_catalogue.yaml"
VERSION_LENGTH = 32
"""Hexadecimal digits: 128 bits, so that no two catalogues ever share a version."""


def load(path: Path) -> Catalogue:
    """The catalogue in a file; CatalogueInvalid with every fault."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        return parse(content.decode("utf-8-sig"), str(path))
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"must be UTF-8; byte {error.start + 1} is not", content[: error.start]) from None


def default_source() -> str:
    """The text of the catalogue that comes with the service."""
    return files("ostiary.adapters").joinpath(DEFAULT_NAME).read_text("utf-8")


def parse(source: str, name: str) -> Catalogue:
    """The catalogue a text declares; CatalogueInvalid with every fault. `name` is what the faults call the file."""
    faults = Faults(name, source)
    root = compose(source, faults)
    catalogue = None if root is None else _read(root, source, faults)
    faults.raise_if_any()
    if catalogue is None:  # without a fault there is one
        raise CatalogueInvalid(f"{name}: cannot be read")
    return catalogue


def _read(root: yaml.Node, source: str, faults: Faults) -> Catalogue:
    entry = Entry(faults, root, root, ("attributes", "document_types", "products"))
    products, types, attributes = entry.needed("products"), entry.node("document_types"), entry.node("attributes")
    declared_attributes = read_attributes(faults, attributes, attributes) if attributes else {}
    declared_types = read_document_types(faults, types, types) if types else {}
    conditions = ConditionReader(faults, declared_attributes)
    declared = Declared(declared_attributes, declared_types, conditions)
    made = read_products(faults, products, products, declared) if products else {}
    if isinstance(products, yaml.MappingNode) and not products.value:
        faults.add(products, "missing_key", "needs at least one product")
    usable_attributes = {key: one for key, one in declared_attributes.items() if one is not None}
    usable_types = {key: one for key, one in declared_types.items() if one is not None}
    return Catalogue(
        version=_version([usable_attributes, usable_types, made]),
        source=source,
        products=MappingProxyType(made),
        attributes=MappingProxyType(usable_attributes),
        document_types=MappingProxyType(usable_types),
    )


def _version(content: object) -> str:
    """The hash of what is declared: comments, white space, quotes, aliases and the order of entries change nothing."""
    canonical = json.dumps(_canonical(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:VERSION_LENGTH]


def _canonical(value: object) -> object:
    if isinstance(value, Condition):
        return value.text
    if isinstance(value, Mapping):
        return {str(key): _canonical(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if is_dataclass(value):
        # What has its default is left out, so that a release that adds a field leaves every version as it is.
        shown = {one.name: getattr(value, one.name) for one in fields(value)}
        usual = {one.name: one.default for one in fields(value) if one.default is not MISSING}
        return {key: _canonical(one) for key, one in shown.items() if key not in usual or one != usual[key]}
    return value


def _unreadable(path: Path, message: str, before: bytes = b"") -> CatalogueInvalid:
    line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
    fault = Fault(f"{path}:{line}:{column}", "unreadable", message)
    return CatalogueInvalid(f"{path}: {message}", faults=(fault,))
