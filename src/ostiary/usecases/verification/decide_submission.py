"""The built-in provider's own look at a submission: read its documents, judge them, decide what the policy allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import DocumentType, SealUse
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.documents.document import Document, as_read, number_key
from ostiary.domain.documents.reading import Judgement, Reading, ReadingOutcome
from ostiary.domain.lifecycle.risk import with_hits
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.deadlines import DeadlineState
from ostiary.domain.review.routing import Fact, Source, advice_of, facts_of_reading
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.screening.hits import zones_of
from ostiary.domain.seals.two_d_doc import SEAL_FORM
from ostiary.domain.unit import (
    AddHit,
    AddLikeness,
    Change,
    ChangeEnablement,
    ClaimNumber,
    ContestNumber,
    KeepReading,
    KeepScreening,
    MessageResult,
    Unit,
)
from ostiary.domain.value import replace as replace_in
from ostiary.domain.verification.identity import speaks_against, with_read
from ostiary.domain.verification.judgement import Case, combined, judge_reading, limited
from ostiary.domain.verification.picture_similarity import MOST_CANDIDATES, are_alike, bands
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import state_of
from ostiary.usecases.lifecycle.circumstances import redated
from ostiary.usecases.lifecycle.renewal_verdicts import as_kept, round_of
from ostiary.usecases.review.apply_verdict import Advised, follow, remembering
from ostiary.usecases.review.standing import standing_facts
from ostiary.usecases.screening.screen_client import FoundHits, screen_as_read
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.seals import with_seal

PROVIDER = "provider:builtin"


@dataclass(slots=True)
class ReadingCache:
    """What was read of a submission's documents, by their ids, and what lists say of the names on them: deciding again
    asks neither again."""

    readings: dict[str, Reading] = field(default_factory=dict)
    screened: FoundHits | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A document of the submission with what was read and what that means; `number` is free to be held for it.

    Without either when no machine reads such a document.
    """

    document: Document
    number: str | None = None
    contested: str | None = None  # of a document that may be somebody else's; as given where none could be read


async def decide_submission(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    settled: MessageResult,
    desk: ReadingCache,
) -> Outcome[Enablement]:
    """Reads, judges, screens under the names as read, and decides.

    Raises Unavailable when the reader or the pictures are away, ScreeningUnavailable when a list is.
    """
    product = dossier.product_of(enablement, context.catalogues.by_version())
    evidence = [document for _, document in state_of(context, caller.company, dossier, enablement).assessment.evidence]
    kinds = {document_type.id: document_type for document_type in product.document_types()}
    judged = [
        await _judged(context, caller.company, dossier, kinds[document.type], document, desk) for document in evidence
    ]
    facts = await _facts(context, caller, dossier, enablement, judged, desk)
    judgement = combined([verdict.document.judgement for verdict in judged])
    facts |= facts_of_reading(judgement, is_changed=Fact.IDENTITY_CHANGED in facts)
    before, now = dossier.client, context.now_ms()
    dossier = replace_in(dossier, client=with_read(before, [verdict.document for verdict in judged], now))
    judgement = limited(judgement, round_of(dossier, enablement))
    advised = Advised(
        source=Source.READING,
        advice=advice_of(judgement.outcome),
        policy=product.policy,
        verdict=_verdict(judgement),
        facts=facts,
        reasons=judgement.reasons,
    )
    decided = remembering(follow(context, caller, dossier, enablement, advised, settled), before)
    is_back = decided.answer.status is Status.PENDING_DOCUMENTATION or _is_renewal_back(decided.unit, enablement)
    unit = _with_readings(decided.unit, judged, [] if is_back else judged)
    if unit is not None and desk.screened is not None:
        unit = unit.plus(*map(AddHit, desk.screened.hits), KeepScreening(desk.screened.done))
        moved = as_kept(dossier, unit).with_requests(change.enablement for change in unit.of(ChangeEnablement))
        listed = with_hits(moved, desk.screened.hits)  # the class may be another by them
        unit = unit.plus(*redated(context, caller.company, listed))
    return Outcome(decided.answer, unit)


def _is_renewal_back(unit: Unit | None, enablement: Enablement) -> bool:
    """Whether the renewal of an enabled request is sent back."""
    changes = () if unit is None else unit.of(KeepDeadline)
    due = (change.deadline for change in changes)
    return any(each.enablement_id == enablement.id and each.state is DeadlineState.OPEN for each in due)


async def _facts(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    judged: Sequence[Judged],
    desk: ReadingCache,
) -> frozenset[Fact]:
    """What is known beside the documents, of lists under the names typed and those just read."""
    read = {verdict.document.id: verdict.document for verdict in judged}
    zones = zones_of(read.get(document.id, document) for document in dossier.documents)
    desk.screened = desk.screened or await screen_as_read(context, dossier.client, zones)
    facts = await standing_facts(context, caller, dossier, enablement, zones)
    return facts | {Fact.LISTED} if desk.screened is not None and desk.screened.hits else facts


def _verdict(judgement: Judgement) -> Verdict | None:
    """What is done when the documents alone may decide."""
    match judgement.outcome:
        case ReadingOutcome.PASS:
            return Verdict(Decision.APPROVE)
        case ReadingOutcome.RETURN:
            return Verdict(Decision.RETURN, "", judgement.rejections)
        case _:
            return None


async def _judged(
    context: Context, company: Company, dossier: Dossier, kind: DocumentType, document: Document, desk: ReadingCache
) -> Judged:
    if not kind.machine_readable and kind.seal is SealUse.NONE:
        return Judged(document)
    reading = desk.readings.get(document.id)
    if reading is None:
        reading = desk.readings[document.id] = await _read(context, company, dossier, kind, document)
    client = dossier.client
    if not kind.machine_readable:
        if not reading.seal:
            return Judged(document)
        return Judged(await with_seal(context, company, client, kind, document, reading))
    key = number_key(kind, as_read(reading), client.profile.address.country)
    holder = await context.storage.documents.number_holder(client.company_id, key) if key else None
    is_taken = holder not in (None, client.id)
    case = Case(
        kind=kind,
        document=document,
        reading=reading,
        profile=client.profile,
        today=context.today_of(company),
        similarity=context.similarity,
        number_taken=is_taken,
        number_contested=bool(
            key and await context.storage.documents.contested_by(client.company_id, client.id, key, 1)
        ),
        look_alike=bool(await resembling(context, client, reading, most=1)),
    )
    judgement = judge_reading(case)
    done = replace(document, reading=reading, judgement=judgement)
    against = speaks_against(judgement)
    as_given = number_key(kind, document.metadata, client.profile.address.country)
    return Judged(done, None if is_taken else key, (key or as_given) if against else None)


async def _read(
    context: Context, company: Company, dossier: Dossier, kind: DocumentType, document: Document
) -> Reading:
    sides = document.sides
    pictures = [(side.field, await context.pictures.fetch(dossier.client, document.id, side)) for side in sides]
    formats = [str(form) for form in sorted(kind.machine_readable)] or [SEAL_FORM]
    return await context.reader.read(pictures, formats, context.today_of(company), company.id)


async def resembling(context: Context, client: Client, reading: Reading, *, most: int) -> list[str]:
    """Other clients of the company that were read with a picture that looks the same, replaced ones too."""
    own = [fingerprint for _, fingerprint in reading.likeness]
    cut, clients = [band for fingerprint in own for band in bands(fingerprint)], list[str]()
    for client_id in await context.storage.documents.look_alikes(client.company_id, client.id, cut, MOST_CANDIDATES):
        other = await context.storage.clients.find(client.company_id, client_id)
        documents = await context.storage.documents.every(other) if other is not None else []
        readings = (document.reading for document in documents if document.reading is not None)
        if any(are_alike(own, [fingerprint for _, fingerprint in each.likeness]) for each in readings):
            clients.append(client_id)
        if len(clients) == most:
            break
    return clients


def _with_readings(unit: Unit | None, judged: Sequence[Judged], held: Sequence[Judged]) -> Unit | None:
    """The unit with what was read; a number as read is held from other clients unless its document goes back."""
    read = tuple(each.document for each in judged if each.document.reading is not None)
    if unit is None or not read:
        return unit
    changes: tuple[Change, ...] = (
        *map(KeepReading, read),
        *(ClaimNumber(each.number, each.document.id) for each in held if each.number is not None),
        *(ContestNumber(each.contested, each.document.id) for each in judged if each.contested is not None),
        *(AddLikeness(band, document.id) for document in read for band in _bands(document)),
    )
    return replace_in(unit.plus(*changes), notes=(*map(_note, read), *unit.notes))


def _bands(document: Document) -> Iterator[bytes]:
    for _, likeness in document.reading.likeness if document.reading else ():
        yield from bands(likeness)


def _note(document: Document) -> Note:
    """That a document was read, as what, and to which outcome: never what stood on it."""
    reading, judgement = document.reading, document.judgement
    words = reading.zone.format if reading and reading.zone else (reading and reading.trouble) or ""
    words = SEAL_FORM if reading and reading.seal else words
    codes = (str(words), *((judgement.outcome.value, *judgement.reasons) if judgement else ()))
    return Note("document_read", PROVIDER, document.id, codes)
