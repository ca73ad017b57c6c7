"""What of a catalogue counts on a day: entries may start later, for new requests or for all.

A request is judged to its end by the catalogue that it was made under. What the catalogue in force declares with
`for: all` is added to that, and counts from its day. Where nothing has a date, everything is handed back as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Protocol, TypeVar

from ostiary.domain.catalogue.catalogue import (
    Alternative,
    Catalogue,
    DataField,
    DataRequirement,
    DocumentRequirement,
    Product,
    TermsRequirement,
)
from ostiary.domain.catalogue.renewal_rules import RenewalRules
from ostiary.domain.catalogue.starts import Affected, Start


class _Dated(Protocol):
    @property
    def start(self) -> Start | None: ...


E = TypeVar("E", bound=_Dated)


def product_on(day: date, pinned: Product, current: Product, requested_on: date) -> Product:
    """What a request asks for on a day: as pinned, with what the current catalogue wants of all."""
    return counting_on(with_later(pinned, current), day, requested_on)


def counting_on(product: Product, day: date, requested_on: date) -> Product:
    """What of a product counts on a day, for a request made on another. Entries of `for: new` that started after it was
    made never do; everything else counts from its day on, so that with the days nothing is lost."""
    if not product.changes_on:
        return product
    return _narrowed(product, lambda start: start.counts(day, requested_on))


def ever_counting(product: Product, requested_on: date) -> Product:
    """What counts for a request, now or from a later day on: for that documents are taken before it is asked for."""
    if not product.changes_on:
        return product
    return _narrowed(product, lambda start: start.ever_counts(requested_on))


def starting(product: Product, after: date, requested_on: date) -> Iterator[tuple[date, Product]]:
    """What is added for a request on each later day, soonest first, as a product that asks for just that."""
    for day in product.changes_on:
        if day > after:
            documents = tuple(_starting_documents(product.documents, day, requested_on))
            data = tuple(_starting_data(product.data, day, requested_on))
            terms = tuple(each.bound for each in product.terms if each.binds_from == day)
            if documents or data or terms:
                yield day, replace(product, documents=documents, data=data, terms=terms, minimum_age=None)


def days_for_all(product: Product) -> tuple[date, ...]:
    """The days, soonest first, on which something starts to be asked for of everybody, those enabled too. An
    alternative more makes nothing harder, so it is none of these."""
    groups = [each.start for each in product.documents] + [each.start for each in product.data]
    fields = [field.start for each in product.data for field in each.fields]
    days = {each.day for each in groups + fields if each is not None and each.affects is Affected.ALL}
    return tuple(sorted(days | {each.binds_from for each in product.terms if each.binds_from is not None}))


def renewal_rules_of(product: Product) -> RenewalRules:
    """When an enabled request is due again: by what the product says, when something starts for all, and by the terms
    that bind all."""
    terms = tuple(each.terms.binding_mark for each in product.terms if each.terms.re_accept_from is not None)
    if not (product.changes_on or terms):
        return product.renewal
    return replace(product.renewal, starts=days_for_all(product), terms=terms)


def catalogue_with_later(pinned: Catalogue, current: Catalogue) -> Catalogue:
    """A catalogue that requests are pinned to, with what the current one wants of all; itself where that is nothing.

    An attribute or a document type that both declare is as pinned.
    """
    if pinned.version == current.version:
        return pinned
    products = {
        key: with_later(product, current.products[key]) if key in current.products else product
        for key, product in pinned.products.items()
    }
    if all(products[key] is product for key, product in pinned.products.items()):
        return pinned
    return replace(
        pinned,
        products=MappingProxyType(products),
        attributes=MappingProxyType({**current.attributes, **pinned.attributes}),
        document_types=MappingProxyType({**current.document_types, **pinned.document_types}),
    )


def with_later(pinned: Product, current: Product) -> Product:
    """A product as pinned, with the entries of `for: all` of the current catalogue, and its terms that bind all. An
    entry that is there already stays as it is, unless both have a date: then the current one says which."""
    if pinned is current or not (current.changes_on or current.terms):
        return pinned
    terms = tuple(_merged_terms(pinned.terms, current.terms))
    if terms != pinned.terms:
        pinned = replace(pinned, terms=terms)
    if not current.changes_on:
        return pinned
    documents = tuple(_merged_documents(pinned.documents, current.documents))
    data = tuple(_merged_data(pinned.data, current.data))
    if documents == pinned.documents and data == pinned.data:
        return pinned
    return replace(pinned, documents=documents, data=data)


def _is_for_all(start: Start | None) -> bool:
    return start is not None and start.affects is Affected.ALL


def _of(entries: Iterable[E], counts: _Counts) -> tuple[E, ...]:
    return tuple(each for each in entries if each.start is None or counts(each.start))


class _Counts(Protocol):
    def __call__(self, start: Start, /) -> bool: ...


def _narrowed(product: Product, counts: _Counts) -> Product:
    documents = (replace(each, alternatives=_of(each.alternatives, counts)) for each in _of(product.documents, counts))
    data = (replace(each, fields=_of(each.fields, counts)) for each in _of(product.data, counts))
    return replace(product, documents=tuple(documents), data=tuple(each for each in data if each.fields))


def _starting_documents(
    documents: Sequence[DocumentRequirement], day: date, requested_on: date
) -> Iterator[DocumentRequirement]:
    for each in documents:
        if each.start is not None and each.start.day == day and each.start.counts(day, requested_on):
            open_ones = _of(each.alternatives, lambda start: start.counts(day, requested_on))
            yield replace(each, alternatives=open_ones)


def _starting_data(data: Sequence[DataRequirement], day: date, requested_on: date) -> Iterator[DataRequirement]:
    for each in data:
        if each.start is not None and not each.start.counts(day, requested_on):
            continue
        fields = _of(each.fields, lambda start: start.counts(day, requested_on))
        if each.start is None or each.start.day != day:
            fields = tuple(field for field in fields if field.start is not None and field.start.day == day)
        if fields:
            yield replace(each, fields=fields)


def _merged_documents(
    pinned: Sequence[DocumentRequirement], current: Sequence[DocumentRequirement]
) -> Iterator[DocumentRequirement]:
    by_id, pinned_ids = {each.id: each for each in current}, {each.id for each in pinned}
    for each in pinned:
        now = by_id.get(each.id)
        if now is not None and each.start is not None and _is_for_all(now.start):
            yield now
        elif now is not None and (more := _more_alternatives(each, now)):
            yield replace(each, alternatives=(*each.alternatives, *more))
        else:
            yield each
    yield from (each for each in current if each.id not in pinned_ids and _is_for_all(each.start))


def _more_alternatives(pinned: DocumentRequirement, now: DocumentRequirement) -> tuple[Alternative, ...]:
    return tuple(
        each for each in now.alternatives if _is_for_all(each.start) and not pinned.accepts(each.document_type.id)
    )


def _merged_data(pinned: Sequence[DataRequirement], current: Sequence[DataRequirement]) -> Iterator[DataRequirement]:
    by_id, pinned_ids = {each.id: each for each in current}, {each.id for each in pinned}
    for each in pinned:
        now = by_id.get(each.id)
        if now is not None and each.start is not None and _is_for_all(now.start):
            yield now
        elif now is not None:
            yield _with_fields(each, now)
        else:
            yield each
    yield from (each for each in current if each.id not in pinned_ids and _is_for_all(each.start))


def _merged_terms(
    pinned: Sequence[TermsRequirement], current: Sequence[TermsRequirement]
) -> Iterator[TermsRequirement]:
    """As pinned, with the versions that bind whoever asked before."""
    by_id, pinned_ids = {each.terms.id: each for each in current}, {each.terms.id for each in pinned}
    for each in pinned:
        now = by_id.get(each.terms.id)
        if now is None or now.terms == each.terms or now.terms.re_accept_from is None:
            yield each
        else:
            yield replace(now, binds_from=now.terms.re_accept_from, instead_of=each)
    for each in current:
        if each.terms.id not in pinned_ids and each.terms.re_accept_from is not None:
            yield replace(each, binds_from=each.terms.re_accept_from)


def _with_fields(pinned: DataRequirement, now: DataRequirement) -> DataRequirement:
    later = {each.key: each for each in now.fields if _is_for_all(each.start)}
    pinned_ids = {each.key for each in pinned.fields}
    fields: tuple[DataField, ...] = (
        *(later.get(each.key, each) if each.start is not None else each for each in pinned.fields),
        *(each for key, each in later.items() if key not in pinned_ids),
    )
    return pinned if fields == pinned.fields else replace(pinned, fields=fields)
