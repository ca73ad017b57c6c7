"""Which terms a request asks its client to accept, and which of those are still to be accepted.

Missing terms stand in the list of data, as a group of ours with a BOOLEAN for each: who knows nothing of terms sees by
the documented fields that something is missing, and what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from ostiary.domain.catalogue.catalogue import Catalogue, DataField, DataType, Field, TermsRequirement
from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.clients.accepted_terms import acceptance_of
from ostiary.domain.clients.client import Client, condition_values, field_of
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.onboarding.own_groups import OWN_GROUPS, TERMS, UNDECIDED
from ostiary.domain.onboarding.requirements import (
    Assessment,
    AssessmentInput,
    Explained,
    MissingData,
    Waiting,
    applies,
)
from ostiary.domain.value import replace


def with_terms(at: AssessmentInput, assessment: Assessment) -> Assessment:
    """The assessment of a product, with the terms that it asks for."""
    if not at.product.terms:
        return assessment
    values, waiting = condition_values(at.client.profile, at.declared, at.today), Waiting()
    counting = [each for asked in at.product.terms if (each := asked.counting_on(at.today)) is not None]
    judged = [_judged(asked, at.client, values, waiting) for asked in counting]
    missing = tuple(terms for terms, _ in judged if terms is not None)
    return replace(
        assessment,
        data=(*_with_wanted(at, assessment.data, waiting.wanted), *_group(missing)),
        explained=(*assessment.explained, *(line for _, line in judged)),
        failed=tuple(dict.fromkeys((*assessment.failed, *waiting.failed))),
        terms=missing,
    )


def binding_days(at: AssessmentInput) -> tuple[date, ...]:
    """The days, past or to come, from which terms bind that are not accepted, or of which nobody can say yet whether
    they are asked for."""
    values, days = condition_values(at.client.profile, at.declared, at.today), list[date]()
    for asked in at.product.terms:
        if asked.binds_from is not None:
            missing, line = _judged(asked, at.client, values, Waiting())
            days += [asked.binds_from] if missing is not None or line.applies is None else []
    return tuple(days)


def asked_terms(enablements: Iterable[Enablement], catalogues: Mapping[str, Catalogue]) -> tuple[TermsVersion, ...]:
    """All that the live requests of a client ask for, whatever their conditions say, each version once."""
    live = (each for each in enablements if each.status is not Status.REJECTED)
    products = (catalogues[each.catalogue_version].products[each.product] for each in live)
    return tuple(dict.fromkeys(terms for product in products for asked in product.terms for terms in asked.every()))


def covered_by(accepted: TermsVersion, asked: Sequence[TermsVersion], current: Catalogue) -> tuple[str, ...]:
    """The earlier versions that somebody need not accept any more who accepts these: those that are still asked for,
    once the catalogue in force declares the accepted ones in their place."""
    if current.terms.get(accepted.id) != accepted:
        return ()
    others = (terms.version for terms in asked if terms.id == accepted.id and terms.version != accepted.version)
    return tuple(dict.fromkeys(others))


def _judged(
    asked: TermsRequirement, client: Client, values: Mapping[str, object], waiting: Waiting
) -> tuple[TermsVersion | None, Explained]:
    """The terms, where they are to be accepted still; and why."""
    terms, needed = asked.terms, Waiting()
    text = asked.condition.text if asked.condition else None
    holds = applies(asked.condition, values, needed)
    waiting.add(needed)
    if not holds:
        return None, Explained(terms.id, holds, text, missing=tuple(needed.wanted))
    acceptance = acceptance_of(terms, client.accepted)
    if acceptance is None:
        return terms, Explained(terms.id, True, text, missing=(terms.id,))
    met_by = f"terms {acceptance.acceptance_id}"
    return None, Explained(terms.id, True, text, satisfied_by=met_by, since_ms=acceptance.at_ms)


def _with_wanted(at: AssessmentInput, data: Sequence[MissingData], wanted: Sequence[str]) -> Iterator[MissingData]:
    """The groups, with what conditions of terms wait for among what is needed to decide."""
    shown = {field.key for group in data for field in group.fields}
    keys = (key for key in dict.fromkeys(wanted) if key not in shown)
    fields = tuple(DataField(key, field_of(key, at.declared)) for key in keys)
    is_there = any(group.id == UNDECIDED for group in data)
    for group in data:
        yield replace(group, fields=(*group.fields, *fields)) if group.id == UNDECIDED and fields else group
    if fields and not is_there:
        yield MissingData(UNDECIDED, *OWN_GROUPS[UNDECIDED], fields)


def _group(missing: Sequence[TermsVersion]) -> Iterator[MissingData]:
    if missing:
        fields = (DataField(terms.id, Field(terms.id, terms.name, DataType.BOOLEAN)) for terms in missing)
        yield MissingData(TERMS, *OWN_GROUPS[TERMS], tuple(fields))
