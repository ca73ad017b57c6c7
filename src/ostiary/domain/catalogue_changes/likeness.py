"""What of a client and its request decides what a product misses, and nothing else.

Requests that are alike in it miss the same, so that whoever looks at very many works it out once for all of them. What
is missing itself is worked out in one place (`onboarding.requirements`); here stands only what that looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date

from ostiary.domain.catalogue.catalogue import Catalogue, Condition, DocumentType, Field, Product
from ostiary.domain.catalogue.in_force import counting_on
from ostiary.domain.clients.client import attribute_value, condition_values
from ostiary.domain.documents.document import Document, DocumentStatus, validity_problems
from ostiary.domain.errors import ConditionFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement
from ostiary.domain.onboarding.requirements import old_enough_on, refused_keys
from ostiary.domain.value import replace, value_type

Decide = Callable[[Condition, Mapping[str, object]], Hashable]


@value_type
class ProductReads:
    """What a product, of a catalogue and on a day, looks at of a client.

    `conditions` are all that count, each once; `keys` the attributes that are asked for; `kinds` how the documents that
    serve it are declared, by type: more than one way only where requirements differ in it.
    """

    version: str
    product: Product
    declared: Mapping[str, Field]
    today: date
    conditions: tuple[Condition, ...]
    keys: tuple[str, ...]
    kinds: Mapping[str, tuple[DocumentType, ...]]


def reads_of(catalogue: Catalogue, product_id: str, today: date, requested_on: date) -> ProductReads:
    """What is looked at for a request that was made on a day."""
    product = counting_on(catalogue.products[product_id], today, requested_on)
    kinds: dict[str, tuple[DocumentType, ...]] = {}
    for kind in product.document_types():
        kinds[kind.id] = (*kinds.get(kind.id, ()), kind)
    by_identity = {id(each): each for each in _conditions(product, today)}
    keys = (field.key for group in product.data for field in group.fields if field.field.required)
    return ProductReads(
        version=catalogue.version,
        product=product,
        declared=catalogue.attributes,
        today=today,
        conditions=tuple(by_identity.values()),
        keys=tuple(dict.fromkeys(keys)),
        kinds=kinds,
    )


def likeness(
    reads: ProductReads,
    dossier: Dossier,
    enablement: Enablement,
    catalogues: Mapping[str, Catalogue],
    decide: Decide,
) -> Hashable:
    """Equal for two requests only if the same is missing of both, while no renewal of theirs is open. `decide` gives
    what `decided` does."""
    client, product = dossier.client, reads.product
    profile = client.profile
    decisions: tuple[Hashable, ...] = ()
    if reads.conditions:
        values = condition_values(profile, reads.declared, reads.today)
        decisions = tuple([decide(each, values) for each in reads.conditions])
    return (
        decisions,
        tuple([key for key in reads.keys if attribute_value(profile, key) is None]),
        frozenset(_serving(reads, dossier.documents_under_review(enablement))),
        refused_keys(client) if client.refusals else None,
        product.minimum_age is not None and old_enough_on(product, profile, reads.today) is not None,
        _needed(reads, dossier, enablement, catalogues) if product.needs else (),
        tuple([(each.terms_id, each.sha256, each.covers) for each in client.accepted]) if product.terms else None,
    )


def _needed(
    reads: ProductReads, dossier: Dossier, enablement: Enablement, catalogues: Mapping[str, Catalogue]
) -> tuple[str, ...]:
    """The products that would have to be enabled before: of requests that are open."""
    is_open = enablement.status in OPEN_TO_DOCUMENTS
    return dossier.needed(replace(enablement, catalogue_version=reads.version), catalogues) if is_open else ()


def decided(condition: Condition, values: Mapping[str, object]) -> Hashable:
    """Whether it holds; which attributes it waits for; None where it cannot be evaluated for these values."""
    if absent := tuple(sorted(name for name in condition.attributes if name not in values)):
        return absent
    try:
        return condition.holds(values)
    except ConditionFailed:
        return None


def _conditions(product: Product, today: date) -> Iterator[Condition]:
    for requirement in product.documents:
        yield from _of(requirement.condition, *(each.condition for each in requirement.alternatives))
    for group in product.data:
        yield from _of(group.condition, *(each.condition for each in group.fields))
    for asked in product.terms:
        counting = asked.counting_on(today)
        if counting is not None:
            yield from _of(counting.condition)


def _of(*conditions: Condition | None) -> Iterator[Condition]:
    yield from (each for each in conditions if each is not None)


def _serving(reads: ProductReads, documents: tuple[Document, ...]) -> Iterator[tuple[str, int]]:
    """Types of which there is an accepted document that is good today, by each way in which they are declared."""
    for document in documents:
        if document.status is DocumentStatus.ACCEPTED:
            for number, kind in enumerate(reads.kinds.get(document.type, ())):
                if not any(validity_problems(kind, document.metadata, reads.today)):
                    yield document.type, number
