"""What a product asks of the residents of one country: conditions that the country decides are decided, others stay.

A condition reads attributes, and asks for those that are absent before it decides anything: so each is something that
a product may ask for, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ostiary.domain.catalogue.catalogue import Condition, DataField, DocumentRequirement, DocumentType, Field, Product
from ostiary.domain.value import value_type

ALWAYS_KNOWN = frozenset({"country", "age"})
"""Variables of conditions that follow from what every client gives."""
Decided = Mapping[str, bool]
"""Conditions, by their text, that a country decides."""


@value_type
class When:
    """What has to hold besides the country: all of these conditions. Without any: always."""

    texts: frozenset[str] = frozenset()

    def covers(self, other: When) -> bool:
        """Whether this holds wherever the other does, as far as their texts say."""
        return self.texts <= other.texts

    def and_also(self, other: When) -> When:
        return When(self.texts | other.texts)


ALWAYS = When()
Whens = tuple[When, ...]
"""Any of them is enough; none: never."""


@value_type
class AskedDocument:
    """A document requirement: when it is asked for, and when each type may serve it."""

    requirement: DocumentRequirement
    when: When
    open_types: Mapping[str, Whens]
    types: Mapping[str, DocumentType]


@value_type
class AskedData:
    """An attribute that is asked for: by which groups, when, and how it is declared there. Without a group it is asked
    for only because conditions read it."""

    whens: Whens
    groups: tuple[str, ...] = ()
    field: Field | None = None


@value_type
class ProductAsks:
    """All that a product asks of a country's residents."""

    documents: Mapping[str, AskedDocument]
    data: Mapping[str, AskedData]


def conditions_of(product: Product) -> Iterator[Condition]:
    """Every condition of a product."""
    for document in product.documents:
        yield from _given(document.condition, *(each.condition for each in document.alternatives))
    for group in product.data:
        yield from _given(group.condition, *(each.condition for each in group.fields))


def asked_of(product: Product, decided: Decided) -> ProductAsks:
    """What the product asks where these conditions are decided. One alternative of each requirement is open to
    everybody, so that nobody is asked for what decides the others."""
    documents, data = dict[str, AskedDocument](), _AskedKeys()
    for requirement in product.documents:
        data.read_by(requirement.condition, ALWAYS)
        if (when := _when(requirement.condition, decided)) is not None:
            documents[requirement.id] = _document(requirement, when, decided)
    for group in product.data:
        data.read_by(group.condition, ALWAYS)
        when = _when(group.condition, decided)
        if when is None:
            continue
        for asked in group.fields:
            _add_field(data, group.id, asked, when, decided)
    return ProductAsks(documents, data.by_key())


def _given(*conditions: Condition | None) -> Iterator[Condition]:
    return (condition for condition in conditions if condition is not None)


def _when(condition: Condition | None, decided: Decided) -> When | None:
    """None: never, of residents of this country."""
    if condition is None:
        return ALWAYS
    holds = decided.get(condition.text)
    if holds is None:
        return When(frozenset({condition.text}))
    return ALWAYS if holds else None


def _document(requirement: DocumentRequirement, when: When, decided: Decided) -> AskedDocument:
    open_types, types = dict[str, Whens](), dict[str, DocumentType]()
    for alternative in requirement.alternatives:
        kind, opens = alternative.document_type, _when(alternative.condition, decided)
        if opens is not None:
            types[kind.id] = kind
            open_types[kind.id] = (*open_types.get(kind.id, ()), opens)
    return AskedDocument(requirement, when, open_types, types)


def _add_field(data: _AskedKeys, group: str, asked: DataField, when: When, decided: Decided) -> None:
    if not asked.field.required:
        return
    data.read_by(asked.condition, when)
    own = _when(asked.condition, decided)
    if own is not None:
        data.add(asked.key, when.and_also(own), group, asked.field)


class _AskedKeys:
    """The attributes that a product asks for, gathered from everywhere that does."""

    def __init__(self) -> None:
        self._asked: dict[str, AskedData] = {}

    def add(self, key: str, when: When, group: str = "", field: Field | None = None) -> None:
        before = self._asked.get(key, AskedData(()))
        groups = tuple(dict.fromkeys([*before.groups, *([group] if group else [])]))
        self._asked[key] = AskedData(_weakest([*before.whens, when]), groups, field or before.field)

    def read_by(self, condition: Condition | None, when: When) -> None:
        """What a condition reads is asked for wherever it is looked at."""
        for attribute in sorted(condition.attributes - ALWAYS_KNOWN if condition else ()):
            self.add(attribute, when)

    def by_key(self) -> Mapping[str, AskedData]:
        return self._asked


def _weakest(whens: Iterable[When]) -> Whens:
    """Without those that hold only where another does anyway."""
    every = list(dict.fromkeys(whens))
    weakest = [each for each in every if not any(other != each and other.covers(each) for other in every)]
    return tuple(sorted(weakest, key=lambda each: sorted(each.texts)))
