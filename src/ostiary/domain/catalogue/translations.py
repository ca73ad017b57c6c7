"""Which texts of a catalogue lack a language that others of it have: a form would be half in it, half in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ostiary.domain.catalogue.catalogue import (
    Catalogue,
    DataRequirement,
    DocumentRequirement,
    DocumentType,
    Field,
    Product,
)
from ostiary.domain.catalogue.texts import others_of

Texts = Iterator[tuple[str, str]]
"""Texts for people, each with the place where the catalogue declares it: `products.cards.name`."""


def untranslated(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The places of texts that lack a language, by its tag; only of languages that some text of the catalogue has."""
    texts = list(_texts(catalogue))
    tags = sorted({tag for _, text in texts for tag in others_of(text)})
    lacking = {tag: tuple(place for place, text in texts if tag not in others_of(text)) for tag in tags}
    return {tag: places for tag, places in lacking.items() if places}


def _texts(catalogue: Catalogue) -> Texts:
    yield from _of_fields("attributes", catalogue.attributes.values())
    for kind in catalogue.document_types.values():
        place = f"document_types.{kind.id}"
        yield from _titles(place, kind)
        yield from _of_fields(f"{place}.metadata", kind.metadata)
    for terms in catalogue.terms.values():
        yield f"terms.{terms.id}.name", terms.name
    for product in catalogue.products.values():
        place = f"products.{product.id}"
        yield from _titles(place, product)
        for part, requirements in (("documents", product.documents), ("data", product.data)):
            for requirement in requirements:
                yield from _titles(f"{place}.{part}.{requirement.id}", requirement)
    for number, rule in enumerate(catalogue.risk):
        yield f"risk.{number}.name", rule.name


def _of_fields(place: str, fields: Iterable[Field]) -> Texts:
    for field in fields:
        yield from _titles(f"{place}.{field.id}", field)
        for option, name in zip(field.options, field.option_names, strict=False):
            yield f"{place}.{field.id}.options.{option}", name


def _titles(place: str, declared: Field | DocumentType | DocumentRequirement | DataRequirement | Product) -> Texts:
    yield f"{place}.name", declared.name
    if declared.description:
        yield f"{place}.description", declared.description
