"""What a form asks for: kinds of documents with their details, as the catalogue declares them.

A rule that a catalogue does not set is absent, and so is a description that it leaves empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import msgspec

from ostiary.domain.catalogue.catalogue import DataType, DocumentType, Field
from ostiary.domain.catalogue.chip_wish import ChipPictures, ChipWanted
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import Answer, about

Options = Annotated[tuple[str, ...] | None, about("For ENUM: the values there are.")]
OptionNames = Annotated[
    tuple[str, ...] | None,
    about("What people call the options, in their order; only in another language than English."),
]


class NamedAnswer(Answer, kw_only=True, frozen=True):
    """Something that is asked for, with what to call it."""

    id: str
    name: str
    description: str
    required: bool


class CatalogueFieldAnswer(Answer, kw_only=True, frozen=True):
    """A detail and its rules."""

    id: str
    name: str
    data_type: DataType
    required: bool
    options: Options = None
    option_names: OptionNames = None
    description: str | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    described_first: ClassVar[tuple[str, ...]] = ("description",)


class DocumentDetailAnswer(CatalogueFieldAnswer, kw_only=True, frozen=True):
    """A detail to send in `metadata`; its rules with `expand=forms`."""


class ChipAnswer(Answer, kw_only=True, frozen=True):
    """What is taken of a document's chip."""

    wanted: ChipWanted
    groups: Annotated[tuple[str, ...], about("The files of the chip that say something here, beside `sod`.")]
    present: Annotated[bool, about("A chip that can (DG15) has to sign a challenge: see `make_chip_challenge`.")]
    pictures: Annotated[ChipPictures, about("`unless_chip`: no pictures are needed where the chip's files are sent.")]


Chip = Annotated[ChipAnswer | None, about("Absent: a chip's files are not taken.")]


class DocumentTypeAnswer(NamedAnswer, kw_only=True, frozen=True):
    """A kind of document."""

    require_image: bool
    require_back_image: bool
    metadata: list[DocumentDetailAnswer]
    issuing_countries: Annotated[
        list[str] | None, about("With `expand=forms`: who may have issued it; absent: anyone.")
    ] = None
    chip: Annotated[ChipAnswer | None, about("With `expand=chip`; absent: a chip's files are not taken.")] = None


Declared = TypeVar("Declared")
Shown = TypeVar("Shown")


class ForEach(Generic[Declared, Shown]):
    """Makes an answer once for each value of a catalogue, which stays as long as the process, and each language.

    Only for values that catalogues hold: what is made for a request would be kept for ever.
    """

    def __init__(self, make: Callable[[Declared, Speech], Shown]) -> None:
        self._make = make
        self._answers: dict[Speech, dict[int, tuple[Declared, Shown]]] = {}

    def __call__(self, declared: Declared, speech: Speech = IN_ENGLISH) -> Shown:
        answers = self._answers.get(speech)
        if answers is None:
            answers = self._answers[speech] = {}
        entry = answers.get(id(declared))
        if entry is None:  # with the value, so that its id stays its own
            entry = answers[id(declared)] = (declared, self._make(declared, speech))
        return entry[1]


@ForEach
def catalogue_field_answer(field: Field, speech: Speech) -> CatalogueFieldAnswer:
    """A datum with its rules."""
    return CatalogueFieldAnswer(**field_members(field, speech))


@ForEach
def document_type_answer(kind: DocumentType, speech: Speech) -> DocumentTypeAnswer:
    """A kind of document without rules."""
    details = [
        DocumentDetailAnswer(id=field.id, name=speech.name(field.name), **declared(field)) for field in kind.metadata
    ]
    return DocumentTypeAnswer(**kind_members(kind, speech), metadata=details)


@ForEach
def document_form_answer(kind: DocumentType, speech: Speech) -> DocumentTypeAnswer:
    """A kind of document with the rules of its details, and who may have issued it."""
    details = [DocumentDetailAnswer(**field_members(field, speech)) for field in kind.metadata]
    return DocumentTypeAnswer(**kind_members(kind, speech), metadata=details, issuing_countries=issuers(kind))


def _with_chip(make: ForEach[DocumentType, DocumentTypeAnswer]) -> ForEach[DocumentType, DocumentTypeAnswer]:
    def with_chip(kind: DocumentType, speech: Speech) -> DocumentTypeAnswer:
        return msgspec.structs.replace(make(kind, speech), chip=chip_answer(kind))

    return ForEach(with_chip)


KIND_ANSWERS: Mapping[tuple[bool, bool], ForEach[DocumentType, DocumentTypeAnswer]] = {
    (False, False): document_type_answer,
    (True, False): document_form_answer,
    (False, True): _with_chip(document_type_answer),
    (True, True): _with_chip(document_form_answer),
}
"""Of a kind of document, with the rules of its details or without, and with what is taken of its chip or without."""


def chip_answer(kind: DocumentType) -> ChipAnswer | None:
    """What is taken of its chip; None: nothing."""
    if not kind.chip.is_taken:
        return None
    return ChipAnswer(
        wanted=kind.chip.wanted,
        groups=tuple(group for group in _GROUPS if group != "dg2" or kind.chip.keeps_portrait),
        present=kind.chip.demands_presence,
        pictures=kind.chip.pictures,
    )


_GROUPS = ("dg1", "dg2", "dg11", "dg12", "dg14", "dg15")
"""In the order of ICAO Doc 9303 part 10. The others are verified, and say nothing here."""


def kind_members(kind: DocumentType, speech: Speech) -> dict[str, Any]:
    """What is published of a kind of document wherever it stands."""
    return {
        "id": kind.id,
        "name": speech.name(kind.name),
        "description": speech.name(kind.description),
        "required": True,
        "require_image": True,
        "require_back_image": kind.require_back_image,
    }


def issuers(kind: DocumentType) -> list[str] | None:
    """The countries that may have issued it, in order; None: any."""
    return sorted(kind.issuing_countries) or None


def field_members(field: Field, speech: Speech) -> dict[str, Any]:
    """A datum with its type and rules."""
    return {"id": field.id, "name": speech.name(field.name), **declared(field), **rules_of(field, speech)}


def declared(field: Field) -> dict[str, Any]:
    """The type of a datum; options where there are some."""
    return {"data_type": field.data_type, "required": field.required, "options": field.options or None}


def rules_of(field: Field, speech: Speech) -> dict[str, Any]:
    """What a form needs to check a value before it is sent, as far as there is any, and what is said of it."""
    return {
        "description": speech.name(field.description) or None,
        "pattern": field.pattern,
        "min_length": field.min_length,
        "max_length": field.max_length,
        "minimum": _number(field.minimum),
        "maximum": _number(field.maximum),
        "option_names": _option_names(field, speech),
    }


def _option_names(field: Field, speech: Speech) -> tuple[str, ...] | None:
    """In English there are none: answers are what they were, to the byte, before options had names."""
    if speech is IN_ENGLISH or not field.option_names:
        return None
    return tuple(speech.name(field.option_name(option)) for option in field.options)


def _number(bound: Decimal | None) -> float | None:
    return None if bound is None else float(bound)
