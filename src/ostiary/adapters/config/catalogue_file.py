"""The catalogue as a YAML file: read, checked as a whole, and given its version. See docs/catalogue.md.

All faults are told at once, each with file, line and column; a catalogue with any is not used at all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import yaml

from ostiary.adapters.config.catalogue_version import version_of
from ostiary.adapters.config.conditions import ConditionReader
from ostiary.adapters.config.entries import FileEntry
from ostiary.adapters.config.fields import read_attributes
from ostiary.adapters.config.products import Declared, read_document_types, read_products
from ostiary.adapters.config.risk_rules import read_risk
from ostiary.adapters.config.terms.reading import read_terms
from ostiary.adapters.config.yaml_nodes import MOST_BYTES, Faults, compose
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.errors import CatalogueInvalid, Fault

DEFAULT_NAME = "default_catalogue.yaml"


def load(path: Path) -> Catalogue:
    """The catalogue in a file; CatalogueInvalid with every fault."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        return parse(content.decode("utf-8-sig"), str(path), folder=path.parent)
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"must be UTF-8; byte {error.start + 1} is not", content[: error.start]) from None


def default_source() -> str:
    """The text of the catalogue that comes with the service."""
    return files("ostiary.adapters.config").joinpath(DEFAULT_NAME).read_text("utf-8")


@cache
def default() -> Catalogue:
    """The catalogue that comes with the service, which stays what it is while a process lives."""
    return parse(default_source(), DEFAULT_NAME)


def parse(source: str, name: str, *, is_kept: bool = False, folder: Path | None = None) -> Catalogue:
    """The catalogue a text declares; CatalogueInvalid with every fault. `name` is what the faults call the file.

    `is_kept`: requests are pinned to it already, so that its conditions are not tried out any more, and its attributes
    may have names that a later release took. `folder` is where the texts of its terms lie; None: they are kept, and
    not looked for.
    """
    faults = Faults(name, source)
    root = compose(source, faults)
    catalogue = None if root is None else _read(root, faults, is_kept=is_kept, folder=folder)
    faults.raise_if_any()
    if catalogue is None:  # without a fault there is one
        raise CatalogueInvalid(f"{name}: cannot be read")
    return replace(catalogue, source=source)


def _read(root: yaml.Node, faults: Faults, *, is_kept: bool, folder: Path | None) -> Catalogue:
    entry = FileEntry(faults, root, root, ("attributes", "document_types", "terms", "products", "risk"))
    products, types, attributes = entry.needed("products"), entry.node("document_types"), entry.node("attributes")
    declared_attributes = read_attributes(faults, attributes, attributes, is_kept=is_kept) if attributes else {}
    declared_types = read_document_types(faults, types, types) if types else {}
    conditions = ConditionReader(faults, declared_attributes, is_tried=not is_kept)
    terms = read_terms(faults, entry.node("terms"), folder)
    declared = Declared(declared_attributes, declared_types, conditions, terms.terms, is_kept=is_kept)
    read = read_products(faults, products, products, declared) if products else {}
    risk = read_risk(entry, declared_attributes, read, is_kept=is_kept)
    if isinstance(products, yaml.MappingNode) and not products.value:
        faults.add(products, "missing_key", "needs at least one product")
    usable_attributes = {
        key: declared_attribute
        for key, declared_attribute in declared_attributes.items()
        if declared_attribute is not None
    }
    usable_terms = {key: each for key, each in terms.terms.items() if each is not None}
    usable_types = {key: declared_type for key, declared_type in declared_types.items() if declared_type is not None}
    return Catalogue(
        version=version_of(usable_attributes, usable_types, read, risk, usable_terms),
        source="",
        products=MappingProxyType(read),
        attributes=MappingProxyType(usable_attributes),
        document_types=MappingProxyType(usable_types),
        terms=MappingProxyType(usable_terms),
        texts=MappingProxyType(terms.texts),
        risk=risk,
    )


def _unreadable(path: Path, message: str, before: bytes = b"") -> CatalogueInvalid:
    line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
    fault = Fault(f"{path}:{line}:{column}", "unreadable", message)
    return CatalogueInvalid(f"{path}: {message}", faults=(fault,))
