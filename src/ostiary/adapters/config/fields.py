"""Reading the declaration of one datum: an attribute of a client, or a detail (metadata) of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import yaml

from ostiary.adapters.cel.compile import RESERVED
from ostiary.adapters.config.entries import FileEntry, declarations, pairs, people_text_of, text_of
from ostiary.adapters.config.regex_cost import LONGEST_TEXT, pattern_fault
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.domain.catalogue.catalogue import BUILT_IN_ATTRIBUTES, CONDITION_VARIABLES, DataType, Field
from ostiary.domain.documents.document import EXPIRATION_DATE, ISSUING_COUNTRY, NUMBER

_ALWAYS_THERE = "id type status created_at updated_at first_name last_name email birth_date address reference"
_PHONE_PARTS = "phone_country_code phone_number"
TAKEN = frozenset(f"{_ALWAYS_THERE} {_PHONE_PARTS}".split()) | {*BUILT_IN_ATTRIBUTES, *CONDITION_VARIABLES}
"""Names that a client has on the wire or in conditions anyway."""
TAKEN_LATER = frozenset({"reference"})
"""Those of them that catalogues of earlier releases could declare: in one that is kept they mean what they did."""
DETAIL_TYPES = {NUMBER: DataType.STRING, ISSUING_COUNTRY: DataType.COUNTRY, EXPIRATION_DATE: DataType.DATE}
"""Details that the service itself understands, and so must be of one type."""
_ATTRIBUTE_KEYS = (
    "name", "type", "description", "pattern", "min_length", "max_length", "minimum", "maximum", "options",
)  # fmt: skip
_DETAIL_KEYS = (*_ATTRIBUTE_KEYS, "required")
_TYPES = tuple(kind.value for kind in DataType if kind is not DataType.PHONE)
"""PHONE is the built-in `phone` alone, which travels as two numbers."""
_TEXTS = (DataType.STRING, DataType.EMAIL, DataType.TAX_ID)
_NUMBERS = (DataType.INTEGER, DataType.DECIMAL)
_USED_BY: Mapping[str, tuple[DataType, ...]] = {
    "pattern": _TEXTS,
    "min_length": _TEXTS,
    "max_length": _TEXTS,
    "minimum": _NUMBERS,
    "maximum": _NUMBERS,
    "options": (DataType.ENUM,),
}


def read_attributes(
    faults: Faults, place: yaml.Node, section: yaml.Node, *, is_kept: bool = False
) -> dict[str, Field | None]:
    """The declared attributes by id; None for one whose declaration is too faulty to be used.

    `is_kept`: the catalogue was in force before this release.
    """
    taken = TAKEN - TAKEN_LATER if is_kept else TAKEN
    fields: dict[str, Field | None] = {}
    for key, value in declarations(faults, place, section):
        if key.value in taken:
            faults.add(key, "name_taken", f"'{key.value}' is something every client has; choose another id")
        elif key.value in RESERVED:
            faults.add(key, "name_taken", f"'{key.value}' is a word of the condition language; choose another id")
        fields[key.value] = _read_field(key.value, FileEntry(faults, key, value, _ATTRIBUTE_KEYS))
    return fields


def read_details(faults: Faults, place: yaml.Node, section: yaml.Node) -> tuple[Field, ...]:
    """The metadata of a document type, in the order declared."""
    chosen = []
    for key, value in declarations(faults, place, section):
        entry = FileEntry(faults, key, value, _DETAIL_KEYS)
        field = _read_field(key.value, entry)
        if field is None:
            continue
        if field.data_type is not DETAIL_TYPES.get(field.id, field.data_type):
            entry.fault("type", "wrong_data_type", f"'{field.id}' must be of type {DETAIL_TYPES[field.id]}")
        chosen.append(replace(field, required=entry.flag("required", default=True)))
    return tuple(chosen)


def _read_field(name: str, entry: FileEntry) -> Field | None:
    shown = entry.needed_people_text("name")
    kind = entry.choice("type", _TYPES) if entry.needed("type") else None
    if shown is None or kind is None:
        return None
    data_type = DataType(kind)
    for key, types in _USED_BY.items():
        if entry.node(key) is not None and data_type not in types:
            entry.fault(key, "needless_key", f"'{key}' is for {', '.join(types)}; {data_type} has no use for it")
    options = dict(_options(entry))
    field = Field(
        id=name,
        name=shown,
        data_type=data_type,
        description=entry.people_text("description") or "",
        pattern=entry.text("pattern"),
        min_length=entry.whole("min_length", 0, LONGEST_TEXT),
        max_length=entry.whole("max_length", 1, LONGEST_TEXT),
        minimum=entry.number("minimum"),
        maximum=entry.number("maximum"),
        options=tuple(options),
        option_names=tuple(options.values()) if any(options.values()) else (),
    )
    _judge(field, entry)
    return field


def _options(entry: FileEntry) -> Iterator[tuple[str, str]]:
    """The values of an ENUM, each with what people call it: a list of values, or a mapping of them to their names."""
    node = entry.node("options")
    if not isinstance(node, yaml.MappingNode):
        yield from ((text, "") for _, text in entry.texts("options"))
        return
    if not node.value:
        entry.fault("options", "wrong_type", "must name at least one option")
    for key, value in pairs(entry.faults, node, node, "option: its name"):
        option, name = text_of(entry.faults, key), people_text_of(entry.faults, value)
        if option is not None and name is not None:
            yield option, name


def _judge(field: Field, entry: FileEntry) -> None:
    """What each value allows, taken together."""
    if field.data_type is DataType.ENUM and entry.node("options") is None:
        entry.fault("type", "options_missing", "ENUM needs 'options': the list of values that are accepted")
    if field.min_length is not None and field.max_length is not None and field.min_length > field.max_length:
        entry.fault("max_length", "empty_range", f"must not be below min_length, {field.min_length}")
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        entry.fault("maximum", "empty_range", f"must not be below minimum, {field.minimum}")
    if field.pattern is not None and (problem := pattern_fault(field.pattern, field.max_length or LONGEST_TEXT)):
        entry.fault("pattern", problem.code, problem.message, problem.at)
