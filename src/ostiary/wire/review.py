"""A request as reviewing people see it, for the command line and the console: the JSON of `ostiary review show`.

What is renamed in the domain keeps its name here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ostiary.adapters.lookups.phones import phone_e164
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.clients.client import Client, Profile
from ostiary.domain.clients.contradictions import Contradiction
from ostiary.domain.companies.company import Company
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Judgement
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.onboarding.requirements import Explained, open_refusals
from ostiary.domain.rejections import Rejection
from ostiary.domain.review.approvals import Approval
from ostiary.domain.review.remarks import Remark
from ostiary.domain.screening.hits import StoredHit
from ostiary.domain.times import format_timestamp
from ostiary.usecases.review.decide import ReviewDetails
from ostiary.usecases.verification.numbers import Shared
from ostiary.wire.answer import fields_of
from ostiary.wire.lifecycle.risk import risk_shape
from ostiary.wire.rejections import rejection_answer
from ostiary.wire.verification import judged_document

MEASURED = ("media_type", "width_px", "height_px", "size_bytes", "sharpness", "brightness", "overexposed")
_QUALITY = ("sharpness", "glare", "white", "text_height_px")
_HIT = ("list", "version", "entry_id", "name", "score", "threshold", "topics", "birth_dates", "countries")
_EVIDENCE = ("rule", "result", "given", "read", "where", "note")
_REJECTION = ("kind", "key", "code", "field", "reason", "retryable", "action", "subject")
_EXPLAINED = ("requirement", "applies", "condition", "satisfied_by", "since_ms", "missing")
_ADDRESS = ("street_line1", "city", "country", "street_line2", "postal_code", "state")
_ENTRY = ("action", "actor", "subject", "codes")
Change = dict[str, object]


def as_json(company: Company, details: ReviewDetails, entries: Sequence[AuditEntry]) -> dict[str, Any]:
    """The whole request as JSON, with the names that partners know, where they know any."""
    return {
        "request": request_shape(details.state.enablement),
        "company": {"id": company.id, "name": company.name, "environment": company.environment},
        "client": client_shape(details.dossier.client),
        "risk": risk_shape(details.risk),
        "changes": changes(details),
        "contradictions": [contradiction_json(each) for each in details.dossier.client.contradictions],
        "shared_numbers": [number_shape(number) for number in details.shared],
        "look_alikes": [{"document_id": document_id, "client_id": other} for document_id, other in details.alike],
        "notes": [remark_shape(remark) for remark in details.remarks],
        "requirements": [requirement_shape(explained) for explained in details.state.assessment.explained],
        "documents": [document_shape(document) for document in details.documents],
        "hits": [hit_shape(hit) for hit in details.hits],
        "waits_for_approver": [approval_shape(approval) for approval in details.approvals],
        "refusals": [fields_of(rejection_answer(refusal)) for refusal in standing_refusals(details)],
        "audit": [entry_shape(entry) for entry in entries],
    }


def _members(value: object, names: Sequence[str]) -> dict[str, Any]:
    """Those attributes of a value, under their own names."""
    return {name: getattr(value, name) for name in names}


def request_shape(request: Enablement) -> dict[str, Any]:
    return {
        "id": request.id,
        "product": request.product,
        "status": request.status,
        "attempt": request.attempt,
        "review": request.review,
        "created_at": format_timestamp(request.created_at_ms),
        "review_since": None if request.review_since_ms is None else format_timestamp(request.review_since_ms),
        "rejection_description": request.rejection_description,
        "private_note": request.private_note,
        "reasons": list(request.review_reasons),
    }


def client_shape(client: Client) -> dict[str, Any]:
    """With the telephone number as it is dialled, too."""
    shape = {"id": client.id, "status": client.status, "created_at": format_timestamp(client.created_at_ms)}
    return shape | dialled(client.profile)


def dialled(profile: Profile) -> dict[str, Any]:
    """As the company gave it, with the telephone number as it is dialled."""
    code, number = profile.phone_country_code, profile.phone_number
    shape = profile_shape(profile)
    return shape if code is None or number is None else shape | {"phone": phone_e164(code, number)}


def profile_shape(profile: Profile) -> dict[str, Any]:
    """As the company gave it."""
    return {
        "first_name": profile.first_name,
        "last_name": profile.last_name,
        "email": profile.email,
        "birth_date": profile.birth_date,
        "address": _members(profile.address, _ADDRESS),
        "second_name": profile.second_name,
        "phone_country_code": profile.phone_country_code,
        "phone_number": profile.phone_number,
        "attributes": dict(profile.attributes),
        "reference": profile.reference,
    }


def number_shape(number: Shared) -> dict[str, Any]:
    return {"document_id": number.document_id, "client_id": number.client_id, "holds": number.holds}


def remark_shape(remark: Remark) -> dict[str, Any]:
    return {
        "at": format_timestamp(remark.at_ms),
        "action": remark.action,
        "by": remark.actor,
        "request_id": remark.enablement_id,
        "subject": remark.subject,
        "note": remark.text,
    }


def approval_shape(approval: Approval) -> dict[str, Any]:
    proposal = approval.proposal
    return {
        "id": approval.id,
        "at": format_timestamp(approval.at_ms),
        "by": approval.maker,
        "kinds": list(approval.kinds),
        "decision": proposal.form,
        "text": proposal.text,
        "reasons": list(proposal.codes),
        "keys": list(proposal.keys),
        "subject": proposal.subject,
        "to": proposal.to,
        "note": proposal.note,
    }


def requirement_shape(explained: Explained) -> dict[str, Any]:
    judgement = None if explained.document is None else explained.document.judgement
    return _members(explained, _EXPLAINED) | {"judgement": None if judgement is None else _judgement_shape(judgement)}


def _judgement_shape(judgement: Judgement) -> dict[str, Any]:
    """With both values of every rule, which partners are not told."""
    return {
        "outcome": judgement.outcome,
        "compared": [_members(evidence, _EVIDENCE) for evidence in judgement.compared],
        "rejections": [_rejection_shape(rejection) for rejection in judgement.rejections],
        "reasons": judgement.reasons,
    }


def _rejection_shape(rejection: Rejection) -> dict[str, Any]:
    return _members(rejection, _REJECTION)


def hit_shape(stored: StoredHit) -> dict[str, Any]:
    shape = {"key": stored.key, "state": stored.state, "found_at": format_timestamp(stored.found_at_ms)}
    return shape | _members(stored.hit, _HIT)


def entry_shape(entry: AuditEntry) -> dict[str, Any]:
    return {"at": format_timestamp(entry.at_ms), **_members(entry, _ENTRY)}


def chain_entry_shape(entry: AuditEntry) -> dict[str, Any]:
    """An entry in its chain: with its place, and the hash that binds it to the one before."""
    return {"position": entry.position, **entry_shape(entry), "hash": entry.hash.hex()}


def document_shape(document: Document) -> dict[str, Any]:
    judged = judged_document(document)
    return {
        "id": document.id,
        "type": document.type,
        "status": document.status,
        "created_at": format_timestamp(document.created_at_ms),
        "metadata": dict(document.metadata),
        "sides": {side.field: _members(side.findings, MEASURED) for side in document.sides},
        "reading": reading_shape(document),
        "judgement": None if judged is None else fields_of(judged),
    }


def reading_shape(document: Document) -> dict[str, Any] | None:
    reading = document.reading
    if reading is None:
        return None
    zone = reading.zone
    return {
        "format": None if zone is None else zone.format,
        "lines": [] if zone is None else list(zone.lines),
        "side": reading.side,
        "certainty": reading.certainty,
        "trouble": reading.trouble,
        "seen": _members(reading.seen, _QUALITY),
        "ms": reading.ms,
    }


def standing_refusals(details: ReviewDetails) -> tuple[Rejection, ...]:
    """What was refused and is not mended."""
    return open_refusals(details.product, details.dossier.client, details.dossier.documents)


def changes(details: ReviewDetails) -> list[Change]:
    """What a client's details were and what they became, newest first; `was` or `is` None: absent."""
    client, changed = details.dossier.client, list[Change]()
    after = _flat(client.profile)
    for past in reversed(details.past):
        before = _flat(past.profile)
        changed += [
            {"at": format_timestamp(past.until_ms), "field": name, "was": before.get(name), "is": after.get(name)}
            for name in dict.fromkeys((*before, *after))
            if before.get(name) != after.get(name)
        ]
        after = before
    return changed


def contradiction_json(contradiction: Contradiction) -> Change:
    """What the client gave at the time, and what contradicted it."""
    return {
        "at": format_timestamp(contradiction.at_ms),
        "about": contradiction.aspect,
        "given": contradiction.given,
        "read": contradiction.read or None,
        "document_id": contradiction.document_id or None,
        "other_client_id": contradiction.other_client_id or None,
    }


def _flat(profile: Profile) -> dict[str, object]:
    """A profile with its address and attributes beside its own fields, without what is absent."""
    fields = profile_shape(profile)
    address, attributes = fields.pop("address"), fields.pop("attributes")
    whole = {**fields, **{f"address.{name}": value for name, value in address.items()}, **attributes}
    return {name: value for name, value in whole.items() if value is not None}
