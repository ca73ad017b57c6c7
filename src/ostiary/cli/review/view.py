"""What `ostiary review show` shows of a request to people, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.cli.lifecycle.risk_words import risk_lines
from ostiary.cli.review.history import history_lines, indented
from ostiary.cli.showing import age
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.companies.company import Company
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Result
from ostiary.domain.onboarding.requirements import Explained
from ostiary.domain.onboarding.review_reasons import REVIEW_REASONS, ReviewReason
from ostiary.domain.review.approvals import Approval
from ostiary.domain.screening.hits import StoredHit
from ostiary.domain.times import format_timestamp
from ostiary.usecases.review.decide import KEY_SHOWN, ReviewDetails
from ostiary.wire.review import dialled, standing_refusals

_MARKS = {Result.AGREES: "✓", Result.DIFFERS: "✗", Result.DOUBTFUL: "?", Result.NOT_COMPARED: "·"}


def in_words(company: Company, details: ReviewDetails, entries: Sequence[AuditEntry], now_ms: int) -> str:
    """The whole request on a screen."""
    return "\n".join(
        [
            *_request_lines(company, details, now_ms),
            "",
            *_client_lines(details),
            *risk_lines(details.risk),
            *history_lines(details),
            "\nasked for",
            *(f"  {_requirement_line(requirement)}" for requirement in details.state.assessment.explained),
            "\ndocuments",
            *(line for document in details.documents for line in _document_lines(document)),
            *(["\nhits on lists"] if details.hits else []),
            *(_hit_line(hit) for hit in details.hits),
            *(["\nwaits for an approver"] if details.approvals else []),
            *(_approval_line(approval) for approval in details.approvals),
            "\nrefused and not mended",
            *(
                [
                    f"  {refusal.key} {refusal.field}: {refusal.code} ({refusal.reason})"
                    for refusal in standing_refusals(details)
                ]
                or ["  nothing"]
            ),
            "\naudit",
            *(_entry_line(entry) for entry in entries),
        ]
    )


def _entry_line(entry: AuditEntry) -> str:
    """An audit entry with its subject: which hit, document or request it is about."""
    at, codes = format_timestamp(entry.at_ms), " ".join(entry.codes)
    return f"  {at}  {entry.action}  {entry.actor}  {entry.subject}  {codes}".rstrip()


def _hit_line(stored: StoredHit) -> str:
    """Which entry of which list, how near, and what was decided: the evidence beside the client's details above."""
    hit = stored.hit
    about = ", ".join((*hit.birth_dates, *hit.countries, *hit.topics))
    whom = f"{hit.name} ({about})" if about else hit.name
    near = f"score {hit.score:.2f}, threshold {hit.threshold:.2f}"
    return f"  {stored.key[:KEY_SHOWN]}  {stored.state:9} {whom}: {hit.list} {hit.version}, {hit.entry_id}, {near}"


def _approval_line(approval: Approval) -> str:
    """Whose decision, of what, with what the company would read and the note."""
    proposal = approval.proposal
    about = " ".join(filter(None, (proposal.form, *proposal.codes, *proposal.keys, proposal.subject, proposal.to)))
    texts = "".join(f"\n    {indented(each)}" for each in (proposal.text, proposal.note) if each)
    at, kinds = format_timestamp(approval.at_ms), ", ".join(approval.kinds)
    return f"  {approval.id}  {at}  {approval.maker_name}: {about} ({kinds}){texts}"


def _request_lines(company: Company, details: ReviewDetails, now_ms: int) -> Iterator[str]:
    request = details.state.enablement
    yield f"request  {request.id}: {request.product}, {request.status}, attempt {request.attempt}"
    if request.review is not None:
        yield f"         waits for the review of a {request.review} for {age(now_ms - (request.review_since_ms or 0))}"
        yield from (f"           because of {_reason(review_reason)}" for review_reason in request.review_reasons)
    if request.rejection_description is not None:
        yield f"         {request.rejection_description}"
    if request.private_note is not None:
        yield f"         from the provider, for operators only: {request.private_note}"
    yield f"company  {company.id}: {company.name}, {company.environment}"


def _client_lines(details: ReviewDetails) -> Iterator[str]:
    client = details.dossier.client
    profile = dialled(client.profile)
    address, attributes = profile.pop("address"), profile.pop("attributes")
    yield f"client   {client.id}: {client.status}"
    for name, value in (*profile.items(), *address.items(), *attributes.items()):
        if value is not None:
            yield f"  {name:24} {value}"


def _requirement_line(explained: Explained) -> str:
    condition = f" (when {explained.condition})" if explained.condition else ""
    if explained.applies is False:
        return f"{explained.requirement}: does not apply{condition}"
    answer = f"met by {explained.satisfied_by}" if explained.satisfied_by else f"MISSING {', '.join(explained.missing)}"
    return f"{explained.requirement}: {answer}{condition}"


def _document_lines(document: Document) -> Iterator[str]:
    yield f"  {document.type} {document.id}: {document.status}, taken {format_timestamp(document.created_at_ms)}"
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
    if document.chip is not None:
        yield f"    {'chip':22} {', '.join(document.chip.files)}"
    yield from _judgement_lines(document)


def _judgement_lines(document: Document) -> Iterator[str]:
    """What was read, line by line as printed, then each rule with both values beside each other."""
    reading, judgement = document.reading, document.judgement
    if reading is None or judgement is None:
        return
    if reading.zone is not None:
        yield f"    read as {reading.zone.format} on {reading.side}, certainty {reading.certainty:.2f}"
        yield from (f"      {line}" for line in reading.zone.lines)
    for evidence in judgement.compared:
        values = f"given {evidence.given or '-'}, read {evidence.read or '-'}"
        where = f" ({evidence.where})" if evidence.where else ""
        note = f": {evidence.note}" if evidence.note else ""
        yield f"    {_MARKS[evidence.result]} {evidence.rule:18} {values}{where}{note}"
    yield from _chip_lines(document)
    reasons = "; ".join(_reason(reason) for reason in judgement.reasons)
    yield f"    outcome {judgement.outcome}: {reasons or 'nothing doubtful'}"


def _chip_lines(document: Document) -> Iterator[str]:
    """What the chip proves, and who signed it."""
    evidence = document.chip_evidence
    if evidence is None:
        return
    yield f"    chip {evidence.proof}, trust store {evidence.trust or 'none'}"
    if evidence.signer is not None:
        signer = evidence.signer
        yield f"      signed by {signer.subject}, serial {signer.serial}, {signer.valid_from} to {signer.valid_until}"
    for anchor in evidence.anchors:
        yield f"      under {anchor.country} {anchor.sha256[:16]} ({', '.join(anchor.sources) or 'no list'})"
    yield f"      files: {', '.join(f'{name} {word}' for name, word in evidence.groups.items())}"


def _reason(code: str) -> str:
    return f"{code} ({REVIEW_REASONS[ReviewReason(code)]})" if code in REVIEW_REASONS else code
