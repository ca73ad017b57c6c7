"""Reading document types and products, and checking that they fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from ostiary.adapters.config.chips.reading import CHIP_KEYS, judge_proof, read_chip
from ostiary.adapters.config.conditions import ConditionReader
from ostiary.adapters.config.entries import ID_FORM, FileEntry, declarations, nearest, text_of
from ostiary.adapters.config.fields import read_details
from ostiary.adapters.config.lifecycle.levels import Levels, read_level
from ostiary.adapters.config.lifecycle.needs import judge_needs
from ostiary.adapters.config.lifecycle.renewals import RENEWAL_KEYS, judge_renewal, read_renewal
from ostiary.adapters.config.lifecycle.starts import START_KEYS, read_start
from ostiary.adapters.config.proofs.seals import SEAL_KEYS, judge_seal, read_seal
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.adapters.lookups.countries import country_fault
from ostiary.domain.catalogue.catalogue import (
    BUILT_IN_ATTRIBUTES,
    Alternative,
    Condition,
    DataField,
    DataRequirement,
    DocumentRequirement,
    DocumentType,
    Eyes,
    Field,
    Override,
    Policy,
    Product,
    TermsRequirement,
)
from ostiary.domain.catalogue.starts import Start
from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.documents.document import ISSUING_COUNTRY, MOST_DETAILS, NUMBER
from ostiary.domain.mrz.zone import Format
from ostiary.domain.onboarding.own_groups import CONFIRMATION, CORRECTIONS, MINIMUM_AGE, NEEDED, TERMS, UNDECIDED

OLDEST_MINIMUM_AGE = 120
_ALWAYS_GIVEN = ("first_name", "last_name", "email", "birth_date", "country", "address")
_SIDES = ("front", "front_and_back")
_FORMS = tuple(form.value for form in Format)
_CODE_FORM = re.compile("[A-Z][A-Z0-9]?")
"""Doc 9303 parts 4 to 7, 4.2.2; older cards have a digit second."""
_POLICIES = tuple(policy.value for policy in Policy)
_EYES = tuple(kind.value for kind in Eyes)
_OVERRIDES = tuple(rule.value for rule in Override)
_TYPE_KEYS = (
    "name", "description", "sides", "unique", "issuing_countries", "machine_readable", "always_machine_readable",
    "document_codes", *CHIP_KEYS, "metadata", *SEAL_KEYS,
)  # fmt: skip
BUILTIN = "builtin"
_PRODUCT_KEYS = (
    "name", "description", "minimum_age", "policy", "provider", "four_eyes", "override", *RENEWAL_KEYS, "needs",
    "family", "level", "documents", "data", "terms",
)  # fmt: skip
_RESERVED_GROUPS = (MINIMUM_AGE, UNDECIDED, CORRECTIONS)
_RESERVED_LATER = (CONFIRMATION, NEEDED, TERMS)
"""Groups that a later release took: what was declared before it may have their names."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What products can refer to. A value of None is declared, but too faulty to be used."""

    attributes: Mapping[str, Field | None]
    document_types: Mapping[str, DocumentType | None]
    conditions: ConditionReader
    terms: Mapping[str, TermsVersion | None] = field(default_factory=dict)
    is_kept: bool = False  # by requests that are pinned to it


def read_document_types(faults: Faults, place: yaml.Node, section: yaml.Node) -> dict[str, DocumentType | None]:
    """The document types by id; None for one too faulty to be used."""
    return {key.value: _read_type(faults, key, value) for key, value in declarations(faults, place, section)}


def _read_type(faults: Faults, key: yaml.ScalarNode, value: yaml.Node) -> DocumentType | None:
    entry = FileEntry(faults, key, value, _TYPE_KEYS)
    metadata = entry.node("metadata")
    name = entry.needed_people_text("name")
    if name is None:
        return None
    seal, seal_days = read_seal(entry)
    document_type = DocumentType(
        id=key.value,
        name=name,
        description=entry.people_text("description") or "",
        require_back_image=entry.choice("sides", _SIDES) == "front_and_back",
        unique=entry.flag("unique", default=False),
        issuing_countries=frozenset(_countries(entry)),
        metadata=read_details(faults, key, metadata) if metadata else (),
        machine_readable=frozenset(map(Format, entry.choices("machine_readable", _FORMS))),
        always_machine_readable=entry.flag("always_machine_readable", default=False),
        document_codes=frozenset(_codes(entry)),
        seal=seal,
        seal_days=seal_days,
        chip=read_chip(entry),
    )
    _judge_type(document_type, entry)
    _judge_reading(document_type, entry)
    judge_seal(document_type, entry)
    return document_type


def _countries(entry: FileEntry) -> Iterator[str]:
    for node, code in entry.texts("issuing_countries"):
        if problem := country_fault(code):
            entry.faults.add(node, "unknown_country", problem)
        yield code


def _codes(entry: FileEntry) -> Iterator[str]:
    for node, code in entry.texts("document_codes"):
        if not _CODE_FORM.fullmatch(code):
            message = "a document code is a capital letter, with another or a digit behind it at most, as P or PP"
            entry.faults.add(node, "bad_code", message)
        yield code


def _judge_type(kind: DocumentType, entry: FileEntry) -> None:
    required = {detail.id for detail in kind.metadata if detail.required}
    if kind.unique and NUMBER not in required:
        entry.fault("unique", "detail_missing", f"a unique type is told apart by its '{NUMBER}': declare it, required")
    if kind.issuing_countries and ISSUING_COUNTRY not in required:
        message = f"can only be checked with the metadata '{ISSUING_COUNTRY}': declare it, required"
        entry.fault("issuing_countries", "detail_missing", message)
    if len(kind.metadata) > MOST_DETAILS:
        entry.fault("metadata", "too_many", f"a document has at most {MOST_DETAILS} details")


def _judge_reading(kind: DocumentType, entry: FileEntry) -> None:
    """What is read is compared with the number given; without one every reading would end with a person."""
    if kind.machine_readable and NUMBER not in {detail.id for detail in kind.metadata}:
        message = f"what is read is compared with the metadata '{NUMBER}': declare it"
        entry.fault("machine_readable", "detail_missing", message)
    if kind.always_machine_readable and entry.node("machine_readable") is None:
        message = "says that every one carries a form; say which: machine_readable: [TD3]"
        entry.fault("always_machine_readable", "forms_missing", message)


def read_products(faults: Faults, place: yaml.Node, section: yaml.Node, declared: Declared) -> dict[str, Product]:
    """The products by id."""
    kinds, needs, levels = dict[str, Product](), dict[str, list[tuple[yaml.Node, str]]](), Levels()
    for key, value in declarations(faults, place, section):
        entry = FileEntry(faults, key, value, _PRODUCT_KEYS)
        reserved = _RESERVED_GROUPS if declared.is_kept else (*_RESERVED_GROUPS, *_RESERVED_LATER)
        taken = dict.fromkeys(reserved, "the service's own groups")
        needs[key.value] = entry.texts("needs")
        four_eyes = frozenset(map(Eyes, entry.choices("four_eyes", _EYES)))
        family, level = read_level(entry, key.value, levels)
        kinds[key.value] = Product(
            id=key.value,
            name=entry.needed_people_text("name") or key.value,
            description=entry.people_text("description") or "",
            documents=tuple(_read_documents(entry, declared, taken)),
            data=tuple(_read_data(entry, declared, taken)),
            minimum_age=entry.whole("minimum_age", 0, OLDEST_MINIMUM_AGE),
            policy=Policy(entry.choice("policy", _POLICIES) or Policy.ASSISTED),
            provider=_provider(entry),
            four_eyes=four_eyes,
            override=frozenset(map(Override, entry.choices("override", _OVERRIDES))),
            renewal=read_renewal(entry, four_eyes),
            needs=tuple(text for _, text in needs[key.value]),
            terms=tuple(_read_product_terms(entry, declared)),
            family=family,
            level=level,
        )
        judge_renewal(entry, kinds[key.value])
        judge_proof(entry, kinds[key.value])
    for name, places in needs.items():
        judge_needs(faults, kinds, name, places)
    return kinds


def _provider(entry: FileEntry) -> str:
    """The name of a configured provider; empty for the built-in one."""
    name = entry.text("provider") or BUILTIN
    if not ID_FORM.fullmatch(name):
        entry.fault("provider", "bad_id", "names a provider of the providers file, such as acme, or builtin")
    return "" if name == BUILTIN else name


def _requirements(product: FileEntry, part: str, of: str, taken: dict[str, str]) -> Iterator[tuple[str, FileEntry]]:
    """The entries under `documents` or `data`; an id may name only one requirement of a product."""
    section = product.node(part)
    if section is None:
        return
    for key, value in declarations(product.faults, section, section):
        if key.value in taken:
            message = f"'{key.value}' already names one of {taken[key.value]}; choose another id"
            product.faults.add(key, "name_taken", message)
        taken[key.value] = f"the product's requirements under '{part}'"
        yield key.value, FileEntry(product.faults, key, value, ("name", "description", of, "when", *START_KEYS))


def _read_documents(product: FileEntry, declared: Declared, taken: dict[str, str]) -> Iterator[DocumentRequirement]:
    served: dict[str, str] = {}  # document type → the requirement it serves
    for name, entry in _requirements(product, "documents", "one_of", taken):
        alternatives = []
        for node, wanted, condition, start in _choices(entry, "one_of", "type", declared):
            if wanted not in declared.document_types:
                message = f"unknown document type '{wanted}'; {nearest(wanted, declared.document_types)}"
                entry.faults.add(node, "unknown_document_type", message)
                continue
            if wanted in served:
                message = f"'{wanted}' already serves '{served[wanted]}'; a type serves one requirement of a product"
                entry.faults.add(node, "type_reused", message)
            served[wanted] = name
            if (kind := declared.document_types[wanted]) is not None:
                alternatives.append(Alternative(kind, condition, start))
        if alternatives and all(each.condition is not None or each.start is not None for each in alternatives):
            message = "at least one alternative needs no 'when' and no 'from': else some could satisfy it with nothing"
            entry.fault("one_of", "no_way_through", message)
        title, description = _titles(entry, name)
        yield DocumentRequirement(
            id=name,
            name=title,
            description=description,
            alternatives=tuple(alternatives),
            condition=_when(entry, declared),
            start=read_start(entry),
        )


def _read_data(product: FileEntry, declared: Declared, taken: dict[str, str]) -> Iterator[DataRequirement]:
    for name, entry in _requirements(product, "data", "fields", taken):
        fields: dict[str, DataField] = {}
        for node, key, condition, start in _choices(entry, "fields", "key", declared):
            if key in fields:
                entry.faults.add(node, "duplicate_item", f"'{key}' is already asked for here; keep one")
            if condition is not None and key in condition.attributes:
                message = f"'{key}' cannot decide whether it is asked for itself; read another attribute"
                entry.faults.add(node, "condition_circular", message)
            if (field := _attribute(entry, node, key, declared)) is not None:
                fields[key] = DataField(key, field, condition, start)
        title, description = _titles(entry, name)
        yield DataRequirement(
            id=name,
            name=title,
            description=description,
            fields=tuple(fields.values()),
            condition=_when(entry, declared),
            start=read_start(entry),
        )


def _read_product_terms(product: FileEntry, declared: Declared) -> Iterator[TermsRequirement]:
    """Missing terms are shown among attributes that are missing, so an id names only one of both."""
    if product.node("terms") is None:
        return
    asked = set[str]()
    for node, wanted, condition, _ in _choices(product, "terms", "id", declared):
        if wanted not in declared.terms:
            message = f"unknown terms '{wanted}'; {nearest(wanted, declared.terms)}"
            product.faults.add(node, "unknown_terms", message)
            continue
        if wanted in asked:
            product.faults.add(node, "duplicate_item", f"'{wanted}' is already in the list; keep one")
        if wanted in declared.attributes or wanted in BUILT_IN_ATTRIBUTES or wanted in _ALWAYS_GIVEN:
            product.faults.add(node, "name_taken", f"'{wanted}' is an attribute of clients as well; choose another id")
        asked.add(wanted)
        if (terms := declared.terms[wanted]) is not None:
            yield TermsRequirement(terms, condition)


def _attribute(entry: FileEntry, node: yaml.Node, key: str, declared: Declared) -> Field | None:
    if key in BUILT_IN_ATTRIBUTES:
        return BUILT_IN_ATTRIBUTES[key]
    if key in declared.attributes:
        return declared.attributes[key]
    if key in _ALWAYS_GIVEN:
        entry.faults.add(node, "needless_field", f"every client has '{key}' from the start; leave it out")
        return None
    possible = [*declared.attributes, *BUILT_IN_ATTRIBUTES]
    message = f"unknown attribute '{key}'; {nearest(key, possible)} Declare it under 'attributes' if it is new"
    entry.faults.add(node, "unknown_attribute", message)
    return None


def _choices(
    entry: FileEntry, part: str, what: str, declared: Declared
) -> Iterator[tuple[yaml.Node, str, Condition | None, Start | None]]:
    """The items of `one_of`, `fields` or `terms`: a plain id, or a mapping of it with `when`, `from` and `for`."""
    entry.needed(part)
    for item in entry.items(part):
        if not isinstance(item, yaml.MappingNode):
            text = text_of(entry.faults, item)
            if text is not None:
                yield item, text, None, None
            continue
        starts = () if part == "terms" else START_KEYS  # a version of terms says itself from when it binds whom
        inner = FileEntry(entry.faults, item, item, (what, "when", *starts))
        wanted = inner.needed_text(what)
        if wanted is not None:
            yield inner.at(what), wanted, _when(inner, declared), read_start(inner)


def _titles(entry: FileEntry, name: str) -> tuple[str, str]:
    return entry.needed_people_text("name") or name, entry.people_text("description") or ""


def _when(entry: FileEntry, declared: Declared) -> Condition | None:
    text = entry.text("when")
    return None if text is None else declared.conditions.read(entry.at("when"), text)
