"""What differs between two catalogues, by product and country.

A condition on the country of residence is evaluated for every country, so that rewriting one is no change. Countries
for which all conditions come out alike are compared once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass

from ostiary.domain.catalogue.catalogue import Catalogue, Condition, Field, Product, RiskRule
from ostiary.domain.catalogue.texts import others_of
from ostiary.domain.catalogue_changes.asked import Decided, conditions_of
from ostiary.domain.catalogue_changes.changes import (
    CatalogueChange,
    CatalogueDifference,
    ChangeKind,
    OfferChange,
    ProductDifference,
)
from ostiary.domain.catalogue_changes.declarations import became
from ostiary.domain.catalogue_changes.product_changes import changes_of
from ostiary.domain.sentences import Sentence, counted, joined, sentence, spoken
from ostiary.domain.value import replace

_TEXTS = ("name", "description", "option_names")


def difference(old: Catalogue, new: Catalogue, countries: Sequence[str]) -> CatalogueDifference:
    """Everything that differs. `countries` are all there are (ISO 3166-1 alpha-3)."""
    if old.version == new.version:
        return CatalogueDifference(old.version, new.version)
    products = tuple(_products(old, new, countries))
    general = (*_attribute_changes(old.attributes, new.attributes), *_risk_changes(old, new))
    if not products and not general:
        words = sentence("Only how it is written differs: the order of entries, or conditions that come to the same.")
        general = (CatalogueChange(ChangeKind.OTHER, "catalogue", words),)
    return CatalogueDifference(old.version, new.version, products, general)


def _products(old: Catalogue, new: Catalogue, countries: Sequence[str]) -> Iterator[ProductDifference]:
    for key in dict.fromkeys([*old.products, *new.products]):
        was, now = old.products.get(key), new.products.get(key)
        if was is None or now is None:
            state, product = (OfferChange.ADDED, now) if was is None else (OfferChange.REMOVED, was)
            yield ProductDifference(key, product.name if product else key, state)
            continue
        changes = (*_by_country(was, now, countries), *_text_changes(was, now))
        if changes:
            yield ProductDifference(key, now.name, OfferChange.CHANGED, changes)


def _by_country(old: Product, new: Product, countries: Sequence[str]) -> Iterator[CatalogueChange]:
    conditions = list({each.text: each for each in (*conditions_of(old), *conditions_of(new))}.values())
    alike: dict[tuple[bool | None, ...], list[str]] = {}
    for country in countries:
        alike.setdefault(tuple(each.partly({"country": country}) for each in conditions), []).append(country)
    concerned_by: dict[CatalogueChange, list[str]] = {}
    for outcome, residents in alike.items():
        for change in dict.fromkeys(changes_of(old, new, _decided(conditions, outcome))):
            concerned_by.setdefault(change, []).extend(residents)
    for change, concerned in concerned_by.items():
        yield replace(change, countries=None if len(concerned) == len(countries) else tuple(sorted(concerned)))


def _decided(conditions: Iterable[Condition], outcome: tuple[bool | None, ...]) -> Decided:
    pairs = zip(conditions, outcome, strict=True)
    return {condition.text: holds for condition, holds in pairs if holds is not None}


def _risk_changes(old: Catalogue, new: Catalogue) -> Iterator[CatalogueChange]:
    """Rules by their names; of one that is another now, what it was and what it is. Their order decides nothing."""
    before, after = ([(rule.name, _rule_words(rule)) for rule in catalogue.risk] for catalogue in (old, new))
    for name in dict.fromkeys(name for name, _ in (*before, *after)):
        were, are = (tuple(words for key, words in rules if key == name) for rules in (before, after))
        if sorted(were) != sorted(are):
            subject = f"risk.{name}"
            yield became(subject, ChangeKind.OTHER, _rules_words(were), _rules_words(are))


def _rules_words(rules: Sequence[Sentence]) -> Sentence | None:
    return joined(rules, "; ") if rules else None


def _rule_words(rule: RiskRule) -> Sentence:
    return sentence(
        "%(class)s when %(condition)s", **{"class": spoken(f"{rule.risk_class} risk"), "condition": rule.condition.text}
    )


def _attribute_changes(old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[CatalogueChange]:
    """What companies may send of a client, whether or not a product asks for it."""
    for key in dict.fromkeys([*old, *new]):
        was, now, subject = old.get(key), new.get(key), f"attributes.{key}"
        if was is None:
            yield CatalogueChange(ChangeKind.OTHER, subject, sentence("may be given"))
        elif now is None:
            yield CatalogueChange(ChangeKind.OTHER, subject, sentence("may no longer be given"))
        elif was != now or dict(_texts(was)) != dict(_texts(now)):
            yield CatalogueChange(ChangeKind.OTHER, subject, sentence("declared otherwise"))


def _text_changes(old: Product, new: Product) -> Iterator[CatalogueChange]:
    """How things are called: told by their number, since whoever reads a difference looks for what is asked."""
    before, after = dict(_texts(old)), dict(_texts(new))
    moved = sum(1 for place in before.keys() & after.keys() if before[place] != after[place])
    if moved:
        words = counted("%(num)s name or description is another", "%(num)s names or descriptions are others", moved)
        yield CatalogueChange(ChangeKind.OTHER, "texts", words)


def _texts(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Every text for people within a declaration, by its place, with its translations."""
    if isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _texts(each, f"{place}.{getattr(each, 'id', None) or getattr(each, 'key', None) or number}")
    elif is_dataclass(value) and not isinstance(value, type):
        for attribute in fields(value):
            part = getattr(value, attribute.name)
            if attribute.name in _TEXTS:
                for number, text in enumerate(part if isinstance(part, tuple) else (part,)):
                    yield f"{place}.{attribute.name}.{number}", (str(text), dict(others_of(text)))
            else:
                yield from _texts(part, f"{place}.{attribute.name}")
