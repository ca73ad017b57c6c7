"""`ostiary catalogue`: every fault of a file, as a compiler would name them; and the catalogue in force, to be read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.cli import EXIT_FAILED, EXIT_OK
from ostiary.cli.running import show
from ostiary.cli.showing import WIDEST
from ostiary.domain.catalogue import Catalogue, Condition, DataType, DocumentType, Field, Product
from ostiary.domain.errors import CatalogueInvalid, Fault
from ostiary.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree


def do(options: argparse.Namespace, settings: Settings) -> int:
    if options.action == "check":
        return _check(options, Path(options.file))
    return _show(options, settings)


def _check(options: argparse.Namespace, path: Path) -> int:
    from ostiary.adapters.catalogue_file import load

    try:
        found = load(path)
    except CatalogueInvalid as problem:
        _tell_faults(options, path, problem.faults or (Fault(f"{path}:1:1", "invalid", problem.message),))
        return EXIT_FAILED
    show(options, {"valid": True, **_summary(found)}, _in_words(path, found))
    return EXIT_OK


def _tell_faults(options: argparse.Namespace, path: Path, faults: tuple[Fault, ...]) -> None:
    """One fault a line, `file:line:column: code: message`: editors jump to that."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    lines = [f"{one.field}: {one.code}: {one.message}" for one in faults]
    show(
        options, {"valid": False, "faults": [_fault_json(one) for one in faults]},
        "\n".join([*lines, f"\n{count}. {path} is not used as long as there is any."]),
    )  # fmt: skip


def _fault_json(fault: Fault) -> dict[str, object]:
    file, line, column = fault.field.rsplit(":", 2)
    return {"file": file, "line": int(line), "column": int(column), "code": fault.code, "message": fault.message}


def _summary(found: Catalogue) -> dict[str, object]:
    return {
        "version": found.version,
        "products": list(found.products),
        "document_types": len(found.document_types),
        "attributes": len(found.attributes),
    }


def _in_words(path: Path, found: Catalogue) -> str:
    return (
        f"{path} is good.\n  version         {found.version}\n  products        {', '.join(found.products)}\n"
        f"  document types  {len(found.document_types)}\n  attributes      {len(found.attributes)}\n"
        f"To use it: OSTIARY_CATALOGUE={path} ostiary serve"
    )


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from ostiary.app import catalogue_of
    from ostiary.domain.pictures import PictureLimits

    found = catalogue_of(settings)
    if options.json:
        from ostiary.http.published import catalogue_json

        print(json.dumps(catalogue_json(found, PictureLimits(), settings.max_body_bytes, None), ensure_ascii=False))
        return EXIT_OK
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDEST)
    source = str(settings.catalogue) if settings.catalogue else "the one that ships"
    console.print(_line("Catalogue ", (found.version, "bold"), (f"  {source}", "dim")))
    for product in found.products.values():
        console.print()
        console.print(_tree(product))
    return EXIT_OK


def _tree(product: Product) -> Tree:
    """A product with all it asks for; what only some clients are asked says for whom."""
    from rich.tree import Tree

    age = f"  from {product.minimum_age} years of age" if product.minimum_age is not None else ""
    policy = f"  policy {product.policy}"
    root = Tree(
        _line((product.id, "bold cyan"), f"  {product.name}: {product.description}", (age, "yellow"), (policy, "dim"))
    )
    for asked in product.documents:
        several = "one of these documents" if len(asked.alternatives) > 1 else "this document"
        branch = root.add(_line((asked.id, "bold"), f"  {asked.name}: {several}", *_when(asked.condition)))
        for one in asked.alternatives:
            kind = branch.add(_line((one.document_type.id, "green"), *_sides(one.document_type), *_when(one.condition)))
            for detail in one.document_type.metadata:
                kind.add(_line(detail.id, *_declared(detail)))
    for group in product.data:
        branch = root.add(_line((group.id, "bold"), f"  {group.name}: all of these", *_when(group.condition)))
        for field in group.fields:
            branch.add(_line((field.key, "green"), *_declared(field.field), *_when(field.condition)))
    return root


def _sides(kind: DocumentType) -> Iterator[tuple[str, str]]:
    yield f"  {kind.name}, front{' and back' if kind.require_back_image else ''}", ""
    if kind.issuing_countries:
        yield f", issued by {', '.join(sorted(kind.issuing_countries))}", ""
    if kind.unique:
        yield "  one client per number", "dim"
    if kind.machine_readable:
        always = "always " if kind.always_machine_readable else ""
        yield f"  {always}machine-readable: {', '.join(sorted(kind.machine_readable))}", "dim"


def _declared(field: Field) -> Iterator[tuple[str, str]]:
    options = f" ({', '.join(field.options)})" if field.data_type is DataType.ENUM else ""
    yield f"  {field.data_type}{options}{'' if field.required else ', optional'}", "dim"


def _when(condition: Condition | None) -> Iterator[tuple[str, str]]:
    if condition is not None:
        yield f"  only when {condition.text}", "yellow"


def _line(*parts: str | tuple[str, str]) -> Text:
    """Text with styles. Nothing in it is read as markup: names are the catalogue author's."""
    from rich.text import Text

    return Text.assemble(*parts)
