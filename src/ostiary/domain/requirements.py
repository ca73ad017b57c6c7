"""What is missing: computed at every read from the client, the documents and the pinned product, never stored.

An `Assessment` says what is missing, what was taken but fails now, and why (for `explain`). Nothing missing is
exactly when a submission advances.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ostiary.domain.catalogue import (
    Alternative,
    Condition,
    DataField,
    DataRequirement,
    DocumentRequirement,
    DocumentType,
    Field,
    Product,
)
from ostiary.domain.clients import Client, Profile, attribute_value, condition_values, field_of, value_mark
from ostiary.domain.documents import Document, DocumentStatus, not_open, validity_problems
from ostiary.domain.readings import Judgement
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.times import birthday, completed_years, iso_date
from ostiary.domain.values import quick

MINIMUM_AGE = "minimum_age"
UNDECIDED = "needed_to_decide"
CORRECTIONS = "corrections"
_EXTRA_GROUPS = {
    MINIMUM_AGE: ("Minimum age", "The client is younger than this product allows"),
    UNDECIDED: ("Needed to decide", "Decides what else this product asks for"),
    CORRECTIONS: ("Corrections", "Details that the review did not accept"),
}
"""Groups beside those of the catalogue, so that everything missing is shown: id → name, description."""


@quick
@dataclass(frozen=True, slots=True)
class MissingDocument:
    """A document requirement nobody satisfied yet, with the alternatives open to this client."""

    requirement: DocumentRequirement
    alternatives: tuple[DocumentType, ...]


@quick
@dataclass(frozen=True, slots=True)
class MissingData:
    """The attributes of one group that are missing."""

    id: str
    name: str
    description: str
    fields: tuple[DataField, ...]


@quick
@dataclass(frozen=True, slots=True)
class Explained:
    """One line of `explain`: a requirement, whether it applies and by which condition, what satisfies it since when."""

    requirement: str
    applies: bool | None  # None: undecided until the attributes in `missing` are known
    condition: str | None
    satisfied_by: str | None = None
    since_ms: int | None = None
    missing: tuple[str, ...] = ()
    judgement: Judgement | None = None  # of the document that serves it, or of the newest that did not


@quick
@dataclass(frozen=True, slots=True)
class Assessment:
    """What a product still asks of a client today. `evidence` maps requirement id to the document that serves it."""

    documents: tuple[MissingDocument, ...] = ()
    data: tuple[MissingData, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    explained: tuple[Explained, ...] = ()
    evidence: tuple[tuple[str, Document], ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.documents and not self.data


@quick
@dataclass(frozen=True, slots=True)
class Situation:
    """Everything an assessment looks at."""

    product: Product
    declared: Mapping[str, Field]
    client: Client
    documents: Sequence[Document]
    today: date


@quick
@dataclass(frozen=True, slots=True)
class _Found:
    """What all requirements of one assessment ask for, found out once.

    `values` are the variables of conditions, `newest` the accepted documents, newest first, `refused` the attributes
    whose present value a verdict refused, `old_enough_on` the day from which the product may be had, if that is still
    to come.
    """

    values: Mapping[str, object]
    newest: Sequence[Document]
    refused: frozenset[str]
    old_enough_on: date | None


def assess(at: Situation) -> Assessment:
    """What is missing, and why."""
    found = _found(at)
    wanted: list[str] = []  # attributes that undecided conditions wait for
    documents = [_assess_document(at, one, found, wanted) for one in at.product.documents]
    groups = [_assess_data(at, one, found, wanted) for one in at.product.data]
    missing_data = [group for group, _ in groups if group is not None]
    if wanted or found.refused or found.old_enough_on:
        missing_data += _extra_groups(at, found, wanted, missing_data)
    return Assessment(
        documents=tuple(one.missing for one in documents if one.missing is not None),
        data=tuple(missing_data),
        rejections=(
            *(problem for one in documents for problem in one.problems),
            *open_refusals(at.product, at.client, at.documents),
            *_underage(at.product, found.old_enough_on),
        ),
        explained=(*(one.explained for one in documents), *(line for _, line in groups)),
        evidence=tuple((one.explained.requirement, one.evidence) for one in documents if one.evidence is not None),
    )


def open_refusals(product: Product, client: Client, documents: Sequence[Document]) -> tuple[Rejection, ...]:
    """What verdicts refused that concerns this product and has not changed since."""
    if not client.refusals:
        return ()
    refused = {one.id for one in documents if one.status is DocumentStatus.REFUSED}
    types = {one.id for one in product.document_types()}
    return tuple(
        one
        for one in client.refusals
        if (one.key in types and one.subject in refused)
        or (one.kind is Kind.DATA and one.subject == value_mark(client.profile, one.key))
    )


def applies(condition: Condition | None, values: Mapping[str, object], wanted: list[str]) -> bool | None:
    """Whether a condition holds; None while an attribute it reads is absent (then added to `wanted`)."""
    if condition is None:
        return True
    for one in condition.attributes:
        if one not in values:
            wanted.extend(sorted(each for each in condition.attributes if each not in values))
            return None
    return condition.holds(values)


@quick
@dataclass(frozen=True, slots=True)
class _AssessedDocument:
    explained: Explained
    missing: MissingDocument | None = None
    evidence: Document | None = None
    problems: tuple[Rejection, ...] = ()


def _found(at: Situation) -> _Found:
    accepted = (one for one in at.documents if one.status is DocumentStatus.ACCEPTED)
    return _Found(
        condition_values(at.client.profile, at.declared, at.today),
        sorted(accepted, key=lambda one: one.id, reverse=True),
        _refused_keys(at.client) if at.client.refusals else frozenset(),
        _old_enough_on(at),
    )


def _assess_document(
    at: Situation, requirement: DocumentRequirement, found: _Found, wanted: list[str]
) -> _AssessedDocument:
    text = requirement.condition.text if requirement.condition else None
    needed: list[str] = []
    holds = applies(requirement.condition, found.values, needed)
    wanted.extend(needed)
    if not holds:
        return _AssessedDocument(Explained(requirement.id, holds, text, missing=tuple(needed)))
    open_ones = _open_alternatives(requirement.alternatives, found.values, needed)
    if needed:
        wanted.extend(needed)
        return _AssessedDocument(Explained(requirement.id, None, text, missing=tuple(needed)))
    evidence, problems = _evidence(requirement, open_ones, found.newest, at.today)
    if evidence is not None:
        line = Explained(
            requirement.id, True, text, f"{evidence.type} {evidence.id}", evidence.created_at_ms,
            judgement=evidence.judgement,
        )  # fmt: skip
        return _AssessedDocument(line, evidence=evidence)
    judged = max((one for one in at.documents if requirement.accepts(one.type)), key=lambda one: one.id, default=None)
    line = Explained(
        requirement.id, True, text, missing=tuple(one.id for one in open_ones),
        judgement=judged.judgement if judged else None,
    )  # fmt: skip
    return _AssessedDocument(line, MissingDocument(requirement, open_ones), None, problems)


def _open_alternatives(
    alternatives: Sequence[Alternative], values: Mapping[str, object], wanted: list[str]
) -> tuple[DocumentType, ...]:
    """The types open to this client. An undecided one stays closed, and is waited for only if none is open."""
    needed: list[str] = []
    open_ones = tuple(one.document_type for one in alternatives if applies(one.condition, values, needed))
    if not open_ones:
        wanted.extend(needed)
    return open_ones


def _evidence(
    requirement: DocumentRequirement, open_ones: tuple[DocumentType, ...], newest: Sequence[Document], today: date
) -> tuple[Document | None, tuple[Rejection, ...]]:
    """The newest accepted document that serves today, or why those there are do not."""
    types = {one.id: one for one in open_ones}
    problems: list[Rejection] = []
    for document in newest:
        if not requirement.accepts(document.type):
            continue
        kind = types.get(document.type)
        found = tuple(validity_problems(kind, document.metadata, today)) if kind else (not_open(document.type),)
        if not found:
            return document, ()
        problems.extend(found)
    return None, tuple(problems)


def _assess_data(
    at: Situation, requirement: DataRequirement, found: _Found, wanted: list[str]
) -> tuple[MissingData | None, Explained]:
    text = requirement.condition.text if requirement.condition else None
    needed: list[str] = []
    holds = applies(requirement.condition, found.values, needed)
    wanted.extend(needed)
    if not holds:
        return None, Explained(requirement.id, holds, text, missing=tuple(needed))
    profile = at.client.profile
    missing = tuple(
        [
            one
            for one in requirement.fields
            if one.field.required
            and (one.condition is None or applies(one.condition, found.values, needed))
            and (attribute_value(profile, one.key) is None or one.key in found.refused)
        ]
    )
    wanted.extend(needed)
    waits = (*(one.key for one in missing), *needed)
    line = Explained(requirement.id, True, text, None if waits else "client", missing=tuple(dict.fromkeys(waits)))
    if not missing:
        return None, line
    return MissingData(requirement.id, requirement.name, requirement.description, missing), line


def _extra_groups(
    at: Situation, found: _Found, wanted: Sequence[str], listed: Sequence[MissingData]
) -> Iterator[MissingData]:
    """What is missing although no group of the catalogue asks for it (or not yet)."""
    shown = {one.key for group in listed for one in group.fields}
    for group, keys in (
        (UNDECIDED, wanted),
        (CORRECTIONS, sorted(found.refused)),
        (MINIMUM_AGE, ["birth_date"] if found.old_enough_on else []),
    ):
        fresh = [key for key in dict.fromkeys(keys) if key not in shown]
        shown.update(fresh)
        if fresh:
            fields = tuple(DataField(key, field_of(key, at.declared)) for key in fresh)
            yield MissingData(group, *_EXTRA_GROUPS[group], fields)


def _refused_keys(client: Client) -> frozenset[str]:
    """Attributes whose present value a verdict refused."""
    profile: Profile = client.profile
    data = (one for one in client.refusals if one.kind is Kind.DATA)
    return frozenset(one.key for one in data if one.subject == value_mark(profile, one.key))


def _old_enough_on(at: Situation) -> date | None:
    """The day from which the product may be had, while that day is still to come."""
    if at.product.minimum_age is None:
        return None
    birth = iso_date(at.client.profile.birth_date)
    if birth is None or completed_years(birth, at.today) >= at.product.minimum_age:
        return None
    return birthday(birth, at.product.minimum_age)


def _underage(product: Product, day: date | None) -> Iterator[Rejection]:
    if day is not None:
        reason = f"The client must be {product.minimum_age} years old, which is from {day}."
        yield reject(
            Kind.DATA, "birth_date", Code.UNDERAGE, "birth_date", reason=reason,
            action=f"Submit the request again from {day}, or correct the birth date if it is wrong.",
        )  # fmt: skip
