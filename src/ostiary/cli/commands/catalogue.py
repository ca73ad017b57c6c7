"""`ostiary catalogue`: every fault of a file, as a compiler would name them; and the catalogue in force, to be read."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.cli.dispatch import show
from ostiary.cli.showing import WIDEST
from ostiary.domain.catalogue.catalogue import (
    Catalogue,
    Condition,
    DataType,
    DocumentType,
    Field,
    Product,
    SealUse,
)
from ostiary.domain.catalogue.terms import AT_ONCE, TermsVersion
from ostiary.domain.catalogue.translations import untranslated
from ostiary.domain.errors import CatalogueInvalid, Fault
from ostiary.languages.choosing import OFFERED
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.runtime.terminal.printing import console, say_json
from ostiary.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree


_CHANGING = {
    "diff": "ostiary.cli.catalogue.diff",
    **dict.fromkeys(("publish", "approve", "withdraw", "keep", "history"), "ostiary.cli.catalogue.publications"),
    "move": "ostiary.cli.catalogue.move",
    "preview": "ostiary.cli.catalogue.preview",
}
"""What compares and changes catalogues, by its action."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    if options.action == "check":
        return _check(options, Path(options.file))
    if options.action == "show":
        return _show(options, settings)
    return int(importlib.import_module(_CHANGING[options.action]).run(options, settings))


def _check(options: argparse.Namespace, path: Path) -> int:
    from ostiary.adapters.config.catalogue_file import load

    try:
        catalogue = load(path)
    except CatalogueInvalid as problem:
        _print_faults(options, path, problem.faults or (Fault(f"{path}:1:1", "invalid", problem.message),))
        return EXIT_FAILED
    show(options, {"valid": True, **_summary(catalogue)}, _in_words(path, catalogue))
    return EXIT_OK


def _print_faults(options: argparse.Namespace, path: Path, faults: tuple[Fault, ...]) -> None:
    """One fault a line, `file:line:column: code: message`: editors jump to that."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    lines = [f"{fault.field}: {fault.code}: {fault.message}" for fault in faults]
    show(
        options,
        {"valid": False, "faults": [_fault_json(fault) for fault in faults]},
        "\n".join([*lines, f"\n{count}. {path} is not used as long as there is any."]),
    )


def _fault_json(fault: Fault) -> dict[str, object]:
    file, line, column = fault.field.rsplit(":", 2)
    return {"file": file, "line": int(line), "column": int(column), "code": fault.code, "message": fault.message}


def _summary(catalogue: Catalogue) -> dict[str, object]:
    return {
        "version": catalogue.version,
        "products": list(catalogue.products),
        "document_types": len(catalogue.document_types),
        "attributes": len(catalogue.attributes),
        "untranslated": untranslated(catalogue),
    }


def _in_words(path: Path, catalogue: Catalogue) -> str:
    return (
        f"{path} is good.\n  version         {catalogue.version}\n  products        {', '.join(catalogue.products)}\n"
        f"  document types  {len(catalogue.document_types)}\n  attributes      {len(catalogue.attributes)}\n"
        f"To use it: ostiary catalogue publish {path} --note WHY\n"
        f"Or, as long as none was published: OSTIARY_CATALOGUE={path} ostiary serve{_warning(catalogue)}"
    )


def _warning(catalogue: Catalogue) -> str:
    """Which texts lack a language that others of the catalogue have. It can be used all the same."""
    lines = [
        f"\n\nWarning: not in {OFFERED[tag]} ({tag}), so shown in English there:\n  " + "\n  ".join(places)
        for tag, places in untranslated(catalogue).items()
    ]
    return "".join(lines)


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from ostiary.app import catalogue_in_force, catalogue_place
    from ostiary.domain.documents.pictures import PictureLimits

    catalogue = catalogue_in_force(settings)
    if options.source:
        show(options, {"version": catalogue.version, "source": catalogue.source}, catalogue.source.rstrip("\n"))
        return EXIT_OK
    if options.json:
        from ostiary.wire.answer import fields_of
        from ostiary.wire.catalogue import catalogue_answer

        say_json(fields_of(catalogue_answer(catalogue, PictureLimits(), settings.max_body_bytes, None)))
        return EXIT_OK
    screen = console(width=None if sys.stdout.isatty() else WIDEST)
    source = catalogue_place(settings)
    screen.print(_line("Catalogue ", (catalogue.version, "bold"), (f"  {source}", "dim")))
    for product in catalogue.products.values():
        screen.print()
        screen.print(_tree(product))
    if catalogue.risk:
        screen.print()
        screen.print(_risk_tree(catalogue))
    return EXIT_OK


def _risk_tree(catalogue: Catalogue) -> Tree:
    """Its rules of risk, in their order."""
    from rich.tree import Tree

    root = Tree(_line(("risk", "bold cyan"), "  the highest class of a rule that holds; standard without one"))
    for rule in catalogue.risk:
        root.add(_line((rule.risk_class.value, "green"), f"  {rule.name}", *_when(rule.condition)))
    return root


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
        for alternative in asked.alternatives:
            kind = branch.add(
                _line(
                    (alternative.document_type.id, "green"),
                    *_sides(alternative.document_type),
                    *_when(alternative.condition),
                )
            )
            for detail in alternative.document_type.metadata:
                kind.add(_line(detail.id, *_declared(detail)))
    for group in product.data:
        branch = root.add(_line((group.id, "bold"), f"  {group.name}: all of these", *_when(group.condition)))
        for field in group.fields:
            branch.add(_line((field.key, "green"), *_declared(field.field), *_when(field.condition)))
    for accepted in product.terms:
        branch = root.add(_line((accepted.terms.id, "bold"), *_worded(accepted.terms), *_when(accepted.condition)))
        for text in accepted.terms.texts:
            branch.add(_line((text.language, "green"), (f"  SHA-256 {text.sha256}", "dim")))
    return root


def _worded(terms: TermsVersion) -> Iterator[tuple[str, str]]:
    """Which version, and whom it binds who asked before it."""
    yield f"  {terms.name}: these terms, version {terms.version}", ""
    if terms.re_accept_from is not None:
        since = "" if terms.re_accept_from == AT_ONCE else f" from {terms.re_accept_from}"
        yield f"  binds earlier requests{since}", "yellow"


def _sides(kind: DocumentType) -> Iterator[tuple[str, str]]:
    yield f"  {kind.name}, front{' and back' if kind.require_back_image else ''}", ""
    if kind.issuing_countries:
        yield f", issued by {', '.join(sorted(kind.issuing_countries))}", ""
    if kind.unique:
        yield "  one client per number", "dim"
    if kind.machine_readable:
        always = "always " if kind.always_machine_readable else ""
        yield f"  {always}machine-readable: {', '.join(sorted(kind.machine_readable))}", "dim"
    if kind.seal is not SealUse.NONE:
        yield f"  a seal on the paper is looked for, at most {kind.seal_days} days old", "dim"
    if kind.chip.is_taken:
        alone = ", no pictures beside it" if kind.chip.spares_pictures else ""
        portrait = ", its portrait kept" if kind.chip.keeps_portrait else ""
        present = ", which has to sign a challenge" if kind.chip.demands_presence else ""
        yield f"  chip {kind.chip.wanted}{present}{alone}{portrait}", "dim"


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
