"""What `ostiary review show` shows of a request: for machines as JSON, for people in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ostiary.cli.showing import age
from ostiary.domain.audit import Entry
from ostiary.domain.companies import Company
from ostiary.domain.documents import Document
from ostiary.domain.messages import as_item
from ostiary.domain.readings import Result
from ostiary.domain.rejections import Rejection
from ostiary.domain.requirements import Explained, open_refusals
from ostiary.domain.review_reasons import REVIEW_REASONS, ReviewReason
from ostiary.domain.screening_hits import KeptHit
from ostiary.domain.times import shown
from ostiary.http.answers import judgement_json
from ostiary.usecases.reviewing import KEY_SHOWN, Looked

_MARKS = {Result.AGREES: "✓", Result.DIFFERS: "✗", Result.DOUBTFUL: "?", Result.NOT_COMPARED: "·"}
_MEASURED = ("media_type", "width_px", "height_px", "size_bytes", "sharpness", "brightness", "overexposed")


def as_json(company: Company, seen: Looked, entries: Sequence[Entry]) -> dict[str, Any]:
    """Everything, named as partners know it where they do."""
    request, client = seen.state.enablement, seen.dossier.client
    return {
        "request": {
            "id": request.id, "product": request.product, "status": request.status, "attempt": request.attempt,
            "review": request.review, "created_at": shown(request.created_at_ms),
            "review_since": None if request.review_since_ms is None else shown(request.review_since_ms),
            "rejection_description": request.rejection_description, "private_note": request.private_note,
        },
        "company": {"id": company.id, "name": company.name, "environment": company.environment},
        "client": {"id": client.id, "status": client.status, "created_at": shown(client.created_at_ms),
                   **asdict(client.profile)},
        "requirements": [asdict(one) for one in seen.state.assessment.explained],
        "documents": [_document_json(one) for one in seen.documents],
        "hits": [{"key": one.key, "state": one.state, "found_at": shown(one.found_at_ms), **asdict(one.hit)}
                 for one in seen.hits],
        "refusals": [as_item(one) for one in _refusals(seen)],
        "audit": [{"at": shown(one.at_ms), "action": one.action, "actor": one.actor, "subject": one.subject,
                   "codes": one.codes} for one in entries],
    }  # fmt: skip


def in_words(company: Company, seen: Looked, entries: Sequence[Entry], now_ms: int) -> str:
    """The same on a screen."""
    return "\n".join(
        [
            *_request_lines(company, seen, now_ms),
            "",
            *_client_lines(seen),
            "\nasked for",
            *(f"  {_requirement_line(one)}" for one in seen.state.assessment.explained),
            "\ndocuments",
            *(line for one in seen.documents for line in _document_lines(one)),
            *(["\nhits on lists"] if seen.hits else []),
            *(_hit_line(one) for one in seen.hits),
            "\nrefused and not mended",
            *([f"  {one.key} {one.field}: {one.code} ({one.reason})" for one in _refusals(seen)] or ["  nothing"]),
            "\naudit",
            *(f"  {shown(one.at_ms)}  {one.action}  {one.actor}  {' '.join(one.codes)}".rstrip() for one in entries),
        ]
    )


def _hit_line(kept: KeptHit) -> str:
    """Which entry of which list, how near, and what was decided: the evidence beside the client's details above."""
    hit = kept.hit
    about = ", ".join((*hit.birth_dates, *hit.countries, *hit.topics))
    found = f"{hit.name} ({about})" if about else hit.name
    near = f"score {hit.score:.2f}, threshold {hit.threshold:.2f}"
    return f"  {kept.key[:KEY_SHOWN]}  {kept.state:9} {found}: {hit.list} {hit.version}, {hit.entry_id}, {near}"


def _refusals(seen: Looked) -> tuple[Rejection, ...]:
    return open_refusals(seen.product, seen.dossier.client, seen.dossier.documents)


def _document_json(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "type": document.type,
        "status": document.status,
        "created_at": shown(document.created_at_ms),
        "metadata": dict(document.metadata),
        "sides": {side.field: {name: getattr(side.findings, name) for name in _MEASURED} for side in document.sides},
        "reading": _reading_json(document),
        "judgement": None if document.judgement is None else judgement_json(document.judgement),
    }


def _reading_json(document: Document) -> dict[str, Any] | None:
    reading = document.reading
    if reading is None:
        return None
    zone = reading.zone
    return {
        "format": None if zone is None else zone.format, "lines": [] if zone is None else list(zone.lines),
        "side": reading.side, "certainty": reading.certainty, "trouble": reading.trouble,
        "seen": asdict(reading.seen), "ms": reading.ms,
    }  # fmt: skip


def _request_lines(company: Company, seen: Looked, now_ms: int) -> Iterator[str]:
    request = seen.state.enablement
    yield f"request  {request.id}: {request.product}, {request.status}, attempt {request.attempt}"
    if request.review is not None:
        yield f"         waits for the review of a {request.review} for {age(now_ms - (request.review_since_ms or 0))}"
    if request.rejection_description is not None:
        yield f"         {request.rejection_description}"
    if request.private_note is not None:
        yield f"         from the provider, for operators only: {request.private_note}"
    yield f"company  {company.id}: {company.name}, {company.environment}"


def _client_lines(seen: Looked) -> Iterator[str]:
    client = seen.dossier.client
    profile = asdict(client.profile)
    address, attributes = profile.pop("address"), profile.pop("attributes")
    yield f"client   {client.id}: {client.status}"
    for name, value in (*profile.items(), *address.items(), *attributes.items()):
        if value is not None:
            yield f"  {name:24} {value}"


def _requirement_line(one: Explained) -> str:
    condition = f" (when {one.condition})" if one.condition else ""
    if one.applies is False:
        return f"{one.requirement}: does not apply{condition}"
    answer = f"met by {one.satisfied_by}" if one.satisfied_by else f"MISSING {', '.join(one.missing)}"
    return f"{one.requirement}: {answer}{condition}"


def _document_lines(document: Document) -> Iterator[str]:
    yield f"  {document.type} {document.id}: {document.status}, taken {shown(document.created_at_ms)}"
    for name, value in document.metadata.items():
        yield f"    {name:22} {value}"
    for side in document.sides:
        measured = side.findings
        shares = (
            f"{name} {value:.2f}"
            for name in ("sharpness", "brightness", "overexposed")
            if (value := getattr(measured, name)) is not None
        )
        size = f"{measured.width_px} x {measured.height_px} px, {measured.size_bytes / 1e6:.1f} MB"
        yield f"    {side.field:22} {measured.media_type}, {size}, {', '.join(shares)}"
    yield from _judgement_lines(document)


def _judgement_lines(document: Document) -> Iterator[str]:
    """What was read, line by line as printed, then each rule with both values beside each other."""
    reading, judgement = document.reading, document.judgement
    if reading is None or judgement is None:
        return
    if reading.zone is not None:
        yield f"    read as {reading.zone.format} on {reading.side}, certainty {reading.certainty:.2f}"
        yield from (f"      {line}" for line in reading.zone.lines)
    for one in judgement.compared:
        values = f"given {one.given or '-'}, read {one.read or '-'}"
        where = f" ({one.where})" if one.where else ""
        note = f": {one.note}" if one.note else ""
        yield f"    {_MARKS[one.result]} {one.rule:18} {values}{where}{note}"
    reasons = "; ".join(_reason(one) for one in judgement.reasons)
    yield f"    outcome {judgement.outcome}: {reasons or 'nothing doubtful'}"


def _reason(code: str) -> str:
    return f"{code} ({REVIEW_REASONS[ReviewReason(code)]})" if code in REVIEW_REASONS else code
