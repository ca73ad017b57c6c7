"""The version of a catalogue: the hash of what it declares. Comments, white space, quotes, aliases and the order of
entries change nothing.

Requests are pinned to it: of the same catalogue it is the same in every release. What is hashed is written out here,
name by name, whatever the domain calls it. What is as it is by default is left out, so that a release that adds a key
leaves every version as it is: the default of a new key belongs into the table beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType

from ostiary.domain.catalogue.catalogue import (
    USUAL_SEAL_DAYS,
    Alternative,
    Condition,
    DataField,
    DataRequirement,
    DocumentRequirement,
    DocumentType,
    Field,
    Policy,
    Product,
    RiskRule,
    SealUse,
    TermsRequirement,
)
from ostiary.domain.catalogue.chip_wish import ChipPictures, ChipWanted
from ostiary.domain.catalogue.renewal_rules import USUAL_GRACE_DAYS, USUAL_NOTICE_DAYS, AtDeadline
from ostiary.domain.catalogue.starts import Affected, Start
from ostiary.domain.catalogue.terms import AT_ONCE, TermsVersion
from ostiary.domain.catalogue.texts import others_of
from ostiary.languages.choosing import ENGLISH

VERSION_LENGTH = 32
"""Hexadecimal digits: 128 bits, so that no two catalogues ever share a version."""
_FIELD: Mapping[str, object] = {
    "required": True, "description": "", "pattern": None, "min_length": None, "max_length": None, "minimum": None,
    "maximum": None, "options": [], "option_names": [],
}  # fmt: skip
_DOCUMENT_TYPE: Mapping[str, object] = {
    "require_back_image": False, "unique": False, "issuing_countries": [], "metadata": [], "machine_readable": [],
    "always_machine_readable": False, "document_codes": [], "seal": SealUse.NONE.value, "seal_days": USUAL_SEAL_DAYS,
    "chip": ChipWanted.NONE.value, "chip_pictures": ChipPictures.ALWAYS.value, "chip_portrait": False,
    "chip_present": False,
}  # fmt: skip
_ENTRY: Mapping[str, object] = {"condition": None, "from": None, "for": Affected.NEW.value}
_TERMS: Mapping[str, object] = {"re_accept": None}
_PRODUCT: Mapping[str, object] = {
    "documents": [], "data": [], "minimum_age": None, "policy": Policy.ASSISTED.value, "provider": "",
    "four_eyes": [], "override": [], "review_every": {}, "documents_must_stay_valid": False,
    "notice_days": list(USUAL_NOTICE_DAYS), "at_deadline": AtDeadline.KEEP_AND_REVIEW.value,
    "grace_days": USUAL_GRACE_DAYS, "needs": [], "terms": [], "family": "", "level": 0,
}  # fmt: skip


def version_of(
    attributes: Mapping[str, Field],
    document_types: Mapping[str, DocumentType],
    products: Mapping[str, Product],
    risk: Sequence[RiskRule] = (),
    terms: Mapping[str, TermsVersion] = MappingProxyType({}),
) -> str:
    """The version of a catalogue that declares these, each by its id, and these rules of risk."""
    content: list[object] = [
        {key: _field(each) for key, each in attributes.items()},
        {key: _document_type(each) for key, each in document_types.items()},
        {key: _product(each) for key, each in products.items()},
    ]
    if risk:
        content.append({"risk": [_risk_rule(each) for each in risk]})
    if terms:
        content.append({"terms": {key: _terms(each) for key, each in terms.items()}})
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:VERSION_LENGTH]


def _field(field: Field) -> dict[str, object]:
    declared = {
        "id": field.id,
        "name": _words(field.name),
        "data_type": field.data_type.value,
        "required": field.required,
        "description": _words(field.description),
        "pattern": field.pattern,
        "min_length": field.min_length,
        "max_length": field.max_length,
        "minimum": _number(field.minimum),
        "maximum": _number(field.maximum),
        "options": list(field.options),
        "option_names": [_words(each) for each in field.option_names],
    }
    return _without(_FIELD, declared)


def _document_type(kind: DocumentType) -> dict[str, object]:
    declared = {
        "id": kind.id,
        "name": _words(kind.name),
        "description": _words(kind.description),
        "require_back_image": kind.require_back_image,
        "unique": kind.unique,
        "issuing_countries": sorted(kind.issuing_countries),
        "metadata": [_field(each) for each in kind.metadata],
        "machine_readable": sorted(each.value for each in kind.machine_readable),
        "always_machine_readable": kind.always_machine_readable,
        "document_codes": sorted(kind.document_codes),
        "seal": kind.seal.value,
        "seal_days": kind.seal_days,
        "chip": kind.chip.wanted.value,
        "chip_pictures": kind.chip.pictures.value,
        "chip_portrait": kind.chip.keeps_portrait,
        "chip_present": kind.chip.demands_presence,
    }
    return _without(_DOCUMENT_TYPE, declared)


def _product(product: Product) -> dict[str, object]:
    declared = {
        "id": product.id,
        "name": _words(product.name),
        "description": _words(product.description),
        "documents": [_document_requirement(each) for each in product.documents],
        "data": [_data_requirement(each) for each in product.data],
        "minimum_age": product.minimum_age,
        "policy": product.policy.value,
        "provider": product.provider,
        "four_eyes": sorted(each.value for each in product.four_eyes),
        "override": sorted(each.value for each in product.override),
        "review_every": {risk.value: str(period) for risk, period in product.renewal.review_every},
        "documents_must_stay_valid": product.renewal.documents_must_stay_valid,
        "notice_days": list(product.renewal.notice_days),
        "at_deadline": product.renewal.at_deadline.value,
        "grace_days": product.renewal.grace_days,
        "needs": sorted(product.needs),
        "terms": [_asked_terms(each) for each in product.terms],
        "family": product.family,
        "level": product.level,
    }
    return _without(_PRODUCT, declared)


def _document_requirement(requirement: DocumentRequirement) -> dict[str, object]:
    declared = {
        "id": requirement.id,
        "name": _words(requirement.name),
        "description": _words(requirement.description),
        "alternatives": [_alternative(each) for each in requirement.alternatives],
        "condition": _text(requirement.condition),
        **_start(requirement.start),
    }
    return _without(_ENTRY, declared)


def _alternative(alternative: Alternative) -> dict[str, object]:
    kind, condition = _document_type(alternative.document_type), _text(alternative.condition)
    return _without(_ENTRY, {"document_type": kind, "condition": condition, **_start(alternative.start)})


def _data_requirement(requirement: DataRequirement) -> dict[str, object]:
    declared = {
        "id": requirement.id,
        "name": _words(requirement.name),
        "description": _words(requirement.description),
        "fields": [_data_field(each) for each in requirement.fields],
        "condition": _text(requirement.condition),
        **_start(requirement.start),
    }
    return _without(_ENTRY, declared)


def _data_field(asked: DataField) -> dict[str, object]:
    declared: dict[str, object] = {"key": asked.key, "field": _field(asked.field), "condition": _text(asked.condition)}
    declared |= _start(asked.start)
    return _without(_ENTRY, declared)


def _risk_rule(rule: RiskRule) -> dict[str, object]:
    return {"class": rule.risk_class.value, "name": _words(rule.name), "condition": rule.condition.text}


def _asked_terms(asked: TermsRequirement) -> dict[str, object]:
    return _without(_ENTRY, {"id": asked.terms.id, "condition": _text(asked.condition)})


def _terms(terms: TermsVersion) -> dict[str, object]:
    """Where the files lie is left out: what is accepted are their texts."""
    binding = terms.re_accept_from
    declared = {
        "id": terms.id,
        "name": _words(terms.name),
        "version": terms.version,
        "texts": {text.language: text.sha256 for text in terms.texts},
        "re_accept": "all" if binding == AT_ONCE else None if binding is None else binding.isoformat(),
    }
    return _without(_TERMS, declared)


def _words(text: str) -> object:
    """A text for people: alone, or with what it is in other languages where it is there in some."""
    others = others_of(text)
    return {**others, ENGLISH: str(text)} if others else str(text)


def _text(condition: Condition | None) -> str | None:
    return None if condition is None else condition.text


def _start(start: Start | None) -> dict[str, object]:
    if start is None:
        return {}
    return {"from": start.day.isoformat(), "for": start.affects.value}


def _number(number: Decimal | None) -> str | None:
    return None if number is None else format(number.normalize(), "f")


def _without(usual: Mapping[str, object], declared: Mapping[str, object]) -> dict[str, object]:
    """What is declared, but for what is as usual."""
    return {key: value for key, value in declared.items() if key not in usual or value != usual[key]}
