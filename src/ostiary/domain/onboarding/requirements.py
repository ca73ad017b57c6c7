"""What is missing: computed at every read from the client, the documents and the pinned product, never stored.

An `Assessment` says what is missing, what was taken but fails now, and why (for `explain`). Nothing missing is
exactly when a submission advances.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ostiary.domain.catalogue.catalogue import (
    Alternative,
    Condition,
    DataField,
    DataRequirement,
    DocumentRequirement,
    DocumentType,
    Field,
    Product,
)
from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.clients.client import Client, Profile, attribute_value, condition_values, field_of, value_mark
from ostiary.domain.documents.document import Document, DocumentStatus, not_open, validity_problems
from ostiary.domain.errors import ConditionFailed
from ostiary.domain.onboarding.own_groups import CORRECTIONS, MINIMUM_AGE, OWN_GROUPS, UNDECIDED
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.sentences import sentence
from ostiary.domain.times import birthday, completed_years, iso_date
from ostiary.domain.value import value_type


@value_type
class MissingDocument:
    """A document requirement nobody satisfied yet, with the alternatives open to this client."""

    requirement: DocumentRequirement
    alternatives: tuple[DocumentType, ...]


@value_type
class MissingData:
    """The attributes of one group that are missing."""

    id: str
    name: str
    description: str
    fields: tuple[DataField, ...]


@value_type
class Explained:
    """One line of `explain`: a requirement, whether it applies and by which condition, what satisfies it since when."""

    requirement: str
    applies: bool | None  # None: undecided until the attributes in `missing` are known
    condition: str | None
    satisfied_by: str | None = None
    since_ms: int | None = None
    missing: tuple[str, ...] = ()
    document: Document | None = None  # that serves it, or the newest that did not


@value_type
class Assessment:
    """What a product still asks of a client today. `evidence` maps requirement id to the document that serves it.

    `failed` are conditions that could not be evaluated for this client: an operator should hear of them. `needed` are
    products to be enabled first, `terms` those to be accepted; `data` has a group for each.
    """

    documents: tuple[MissingDocument, ...] = ()
    data: tuple[MissingData, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    explained: tuple[Explained, ...] = ()
    evidence: tuple[tuple[str, Document], ...] = ()
    failed: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    terms: tuple[TermsVersion, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.documents and not self.data


@value_type
class AssessmentInput:
    """Everything an assessment looks at. On `valid_on` documents have to be valid; None: today."""

    product: Product
    declared: Mapping[str, Field]
    client: Client
    documents: Sequence[Document]
    today: date
    valid_on: date | None = None


@dataclass(slots=True)
class Waiting:
    """What keeps conditions undecided: attributes to be given, and the texts of those that fail for this client."""

    wanted: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def add(self, other: Waiting) -> None:
        self.wanted.extend(other.wanted)
        self.failed.extend(other.failed)


@value_type
class _Facts:
    """What all requirements of one assessment ask for, found out once.

    `values` are the variables of conditions, if the product has any, `newest` the accepted documents, newest first,
    `refused` the attributes whose present value a verdict refused, `old_enough_on` the day from which the product may
    be had, if still to come.
    """

    values: Mapping[str, object]
    newest: Sequence[Document]
    refused: frozenset[str]
    old_enough_on: date | None


def assess(at: AssessmentInput) -> Assessment:
    """What is missing, and why."""
    facts = _facts(at)
    waiting = Waiting()
    documents = [_assess_document(at, requirement, facts, waiting) for requirement in at.product.documents]
    groups = [_assess_data(at, requirement, facts, waiting) for requirement in at.product.data]
    missing_data = [group for group, _ in groups if group is not None]
    if waiting.wanted or facts.refused or facts.old_enough_on:
        missing_data += _extra_groups(at, facts, waiting.wanted, missing_data)
    return Assessment(
        documents=tuple([document.missing for document in documents if document.missing is not None]),
        data=tuple(missing_data),
        rejections=(
            *[problem for document in documents for problem in document.problems],
            *open_refusals(at.product, at.client, at.documents),
            *_underage(at.product, facts.old_enough_on),
        ),
        explained=(*[document.explained for document in documents], *[line for _, line in groups]),
        evidence=tuple(
            [(each.explained.requirement, each.evidence) for each in documents if each.evidence is not None]
        ),
        failed=tuple(dict.fromkeys(waiting.failed)),
    )


def open_refusals(product: Product, client: Client, documents: Sequence[Document]) -> tuple[Rejection, ...]:
    """What verdicts refused that concerns this product and has not changed since."""
    if not client.refusals:
        return ()
    refused = {document.id for document in documents if document.status is DocumentStatus.REFUSED}
    types = {document_type.id for document_type in product.document_types()}
    return tuple(
        refusal
        for refusal in client.refusals
        if (refusal.key in types and refusal.subject in refused)
        or (refusal.kind is Kind.DATA and refusal.subject == value_mark(client.profile, refusal.key))
    )


def applies(condition: Condition | None, values: Mapping[str, object], waiting: Waiting) -> bool | None:
    """Whether a condition holds; None while it is undecided: an attribute it reads is absent, or what is there makes it
    fail. Both wait for other values of what it reads."""
    if condition is None:
        return True
    for attribute in condition.attributes:
        if attribute not in values:
            waiting.wanted.extend(sorted(each for each in condition.attributes if each not in values))
            return None
    try:
        return condition.holds(values)
    except ConditionFailed:
        waiting.failed.append(condition.text)
        waiting.wanted.extend(sorted(_GIVEN_AS.get(attribute, attribute) for attribute in condition.attributes))
        return None


_GIVEN_AS = {"age": "birth_date"}
"""Variables of conditions that clients give in another form."""


@value_type
class _AssessedDocument:
    explained: Explained
    missing: MissingDocument | None = None
    evidence: Document | None = None
    problems: tuple[Rejection, ...] = ()


def _facts(at: AssessmentInput) -> _Facts:
    accepted = [document for document in at.documents if document.status is DocumentStatus.ACCEPTED]
    if len(accepted) > 1:
        accepted.sort(key=lambda document: document.id, reverse=True)
    return _Facts(
        condition_values(at.client.profile, at.declared, at.today) if at.product.is_conditional else {},
        accepted,
        refused_keys(at.client) if at.client.refusals else frozenset(),
        old_enough_on(at.product, at.client.profile, at.today),
    )


def _assess_document(
    at: AssessmentInput, requirement: DocumentRequirement, facts: _Facts, waiting: Waiting
) -> _AssessedDocument:
    text = requirement.condition.text if requirement.condition else None
    needed = Waiting()
    holds = applies(requirement.condition, facts.values, needed)
    open_ones = _open_alternatives(requirement.alternatives, facts.values, needed) if holds else ()
    waiting.add(needed)
    if not holds or needed.wanted:
        return _AssessedDocument(Explained(requirement.id, holds and None, text, missing=tuple(needed.wanted)))
    evidence, problems = _evidence(requirement, open_ones, facts.newest, at.valid_on or at.today)
    if evidence is not None:
        line = Explained(
            requirement=requirement.id,
            applies=True,
            condition=text,
            satisfied_by=f"{evidence.type} {evidence.id}",
            since_ms=evidence.created_at_ms,
            document=evidence,
        )
        return _AssessedDocument(line, evidence=evidence)
    served = [document for document in at.documents if requirement.accepts(document.type)]
    judged = max(served, key=lambda document: document.id) if served else None
    line = Explained(
        requirement.id,
        True,
        text,
        missing=tuple(document_type.id for document_type in open_ones),
        document=judged,
    )
    return _AssessedDocument(line, MissingDocument(requirement, open_ones), None, problems)


def _open_alternatives(
    alternatives: Sequence[Alternative], values: Mapping[str, object], waiting: Waiting
) -> tuple[DocumentType, ...]:
    """The types open to this client. An undecided one stays closed, and is waited for only if none is open."""
    needed = Waiting()
    open_ones = tuple(
        [
            each.document_type
            for each in alternatives
            if each.condition is None or applies(each.condition, values, needed)
        ]
    )
    waiting.failed.extend(needed.failed)
    if not open_ones:
        waiting.wanted.extend(needed.wanted)
    return open_ones


def _evidence(
    requirement: DocumentRequirement, open_ones: tuple[DocumentType, ...], newest: Sequence[Document], day: date
) -> tuple[Document | None, tuple[Rejection, ...]]:
    """The newest accepted document that serves on that day, or why those there are do not."""
    types = {document_type.id: document_type for document_type in open_ones}
    problems: list[Rejection] = []
    for document in newest:
        if not requirement.accepts(document.type):
            continue
        kind = types.get(document.type)
        judged = tuple(validity_problems(kind, document.metadata, day)) if kind else (not_open(document.type),)
        if not judged:
            return document, ()
        problems.extend(judged)
    return None, tuple(problems)


def _assess_data(
    at: AssessmentInput, requirement: DataRequirement, facts: _Facts, waiting: Waiting
) -> tuple[MissingData | None, Explained]:
    text = requirement.condition.text if requirement.condition else None
    needed = Waiting()
    holds = applies(requirement.condition, facts.values, needed)
    if not holds:
        waiting.add(needed)
        return None, Explained(requirement.id, holds, text, missing=tuple(needed.wanted))
    profile = at.client.profile
    missing = tuple(
        [
            field
            for field in requirement.fields
            if field.field.required
            and (field.condition is None or applies(field.condition, facts.values, needed))
            and (attribute_value(profile, field.key) is None or field.key in facts.refused)
        ]
    )
    waiting.add(needed)
    waits = (*(field.key for field in missing), *needed.wanted)
    line = Explained(requirement.id, True, text, None if waits else "client", missing=tuple(dict.fromkeys(waits)))
    if not missing:
        return None, line
    return MissingData(requirement.id, requirement.name, requirement.description, missing), line


def _extra_groups(
    at: AssessmentInput, facts: _Facts, wanted: Sequence[str], listed: Sequence[MissingData]
) -> Iterator[MissingData]:
    """What is missing although no group of the catalogue asks for it (or not yet)."""
    shown = {field.key for group in listed for field in group.fields}
    for group, keys in (
        (UNDECIDED, wanted),
        (CORRECTIONS, sorted(facts.refused)),
        (MINIMUM_AGE, ["birth_date"] if facts.old_enough_on else []),
    ):
        fresh = [key for key in dict.fromkeys(keys) if key not in shown]
        shown.update(fresh)
        if fresh:
            fields = tuple(DataField(key, field_of(key, at.declared)) for key in fresh)
            yield MissingData(group, *OWN_GROUPS[group], fields)


def refused_keys(client: Client) -> frozenset[str]:
    """Attributes whose present value a verdict refused."""
    profile: Profile = client.profile
    data = (refusal for refusal in client.refusals if refusal.kind is Kind.DATA)
    return frozenset(refusal.key for refusal in data if refusal.subject == value_mark(profile, refusal.key))


def old_enough_on(product: Product, profile: Profile, today: date) -> date | None:
    """The day from which the product may be had, while that day is still to come."""
    if product.minimum_age is None:
        return None
    birth = iso_date(profile.birth_date)
    if birth is None or completed_years(birth, today) >= product.minimum_age:
        return None
    return birthday(birth, product.minimum_age)


def _underage(product: Product, day: date | None) -> tuple[Rejection, ...]:
    if day is None:
        return ()
    underage = reject(
        Kind.DATA,
        "birth_date",
        Code.UNDERAGE,
        "birth_date",
        reason=sentence(
            "The client must be %(age)s years old, which is from %(day)s.", age=product.minimum_age, day=str(day)
        ),
        action=sentence(
            "Submit the request again from %(day)s, or correct the birth date if it is wrong.", day=str(day)
        ),
    )
    return (underage,)
