"""The built-in provider's own look at a submission: read its documents, judge them, decide what the policy allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ostiary.domain.audit import Note
from ostiary.domain.catalogue import DocumentType, Policy
from ostiary.domain.companies import Caller
from ostiary.domain.documents import Document, as_read, number_key
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Review
from ostiary.domain.judgement import Case, combined, judge_reading, limited
from ostiary.domain.likeness import MOST_CANDIDATES, are_alike, bands
from ostiary.domain.readings import Judgement, Outcome, Reading
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.units import Settled, Unit
from ostiary.domain.verdicts import Decision, Verdict
from ostiary.usecases.deciding import Decided
from ostiary.usecases.judging import review_of, verdict_on
from ostiary.usecases.loading import state_of
from ostiary.usecases.screening import hits_against
from ostiary.usecases.world import World

PROVIDER = "provider:builtin"


@dataclass(slots=True)
class Desk:
    """What was read of a submission's documents, by their ids: deciding again does not read again."""

    readings: dict[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A document of the submission with what was read and what that means; `number` is free to be held for it.

    Without either when no machine reads such a document.
    """

    document: Document
    number: str | None = None


async def decide_submission(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, settled: Settled, desk: Desk
) -> Decided[Enablement]:
    """Reads, judges and decides. Raises Unavailable when the reader or the pictures are away."""
    product = dossier.product_of(enablement, world.catalogues.by_version())
    evidence = [one for _, one in state_of(world, dossier, enablement).assessment.evidence]
    kinds = {one.id: one for one in product.document_types()}
    judged = [await _judged(world, dossier, kinds[one.type], one, desk) for one in evidence]
    judgement = limited(combined([one.document.judgement for one in judged]), enablement.attempt)
    if judgement.outcome is Outcome.PASS and await hits_against(world, dossier.client):
        listed = (*judgement.reasons, ReviewReason.SCREENING_HIT.value)
        judgement = replace(judgement, outcome=Outcome.REVIEW, reasons=listed)
    decided = _decided(world, caller, dossier, enablement, product.policy, judgement, settled)
    held = judged if judgement.outcome is not Outcome.RETURN else []
    return Decided(decided.answer, _with_readings(decided.unit, judged, held))


def _decided(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, policy: Policy, judgement: Judgement,
    settled: Settled,
) -> Decided[Enablement]:  # fmt: skip
    """A person decides what the policy or the judgement leaves to one."""
    if judgement.outcome is Outcome.PASS and policy is Policy.AUTO:
        return verdict_on(world, caller, dossier, enablement, Verdict(Decision.APPROVE), settled)
    if judgement.outcome is Outcome.RETURN and policy is not Policy.MANUAL:
        back = Verdict(Decision.RETURN, "", judgement.rejections)
        return verdict_on(world, caller, dossier, enablement, back, settled)
    passed = judgement.outcome is Outcome.PASS and policy is Policy.ASSISTED
    review = Review.CONFIRMATION if passed else Review.SUBMISSION
    return review_of(world, caller, dossier, enablement, settled, review, judgement.reasons)


async def _judged(world: World, dossier: Dossier, kind: DocumentType, document: Document, desk: Desk) -> Judged:
    if not kind.machine_readable:
        return Judged(document)
    reading = desk.readings.get(document.id)
    if reading is None:
        reading = desk.readings[document.id] = await _read(world, dossier, kind, document)
    client = dossier.client
    key = number_key(kind, as_read(reading), client.profile.address.country)
    holder = await world.storage.number_holder(client.company_id, key) if key else None
    is_taken = holder not in (None, client.id)
    case = Case(
        kind, document, reading, client.profile, world.today(), world.similarity, is_taken,
        await _resembles_another(world, dossier, reading),
    )  # fmt: skip
    done = replace(document, reading=reading, judgement=judge_reading(case))
    return Judged(done, None if is_taken else key)


async def _read(world: World, dossier: Dossier, kind: DocumentType, document: Document) -> Reading:
    sides = document.sides
    pictures = [(side.field, await world.pictures.fetch(dossier.client, document.id, side)) for side in sides]
    return await world.reader.read(pictures, sorted(kind.machine_readable), world.today())


async def _resembles_another(world: World, dossier: Dossier, reading: Reading) -> bool:
    """Whether another client of the company was read with a picture that looks the same."""
    company_id, own = dossier.client.company_id, [one for _, one in reading.likeness]
    cut = [band for one in own for band in bands(one)]
    for client_id in await world.storage.look_alikes(company_id, dossier.client.id, cut, MOST_CANDIDATES):
        other = await world.storage.dossier(company_id, client_id)
        seen = [one.reading for one in other.documents if one.reading is not None] if other else []
        if any(are_alike(own, [one for _, one in each.likeness]) for each in seen):
            return True
    return False


def _with_readings(unit: Unit | None, judged: Sequence[Judged], held: Sequence[Judged]) -> Unit | None:
    """The unit with what was read; a number as read is held from other clients unless its document goes back."""
    read = tuple(one.document for one in judged if one.document.reading is not None)
    if unit is None or not read:
        return unit
    return replace(
        unit, documents_read=read,
        numbers_claimed=tuple((one.number, one.document.id) for one in held if one.number is not None),
        likenesses=tuple((band, one.id) for one in read for band in _bands(one)),
        notes=(*(_note(one) for one in read), *unit.notes),
    )  # fmt: skip


def _bands(document: Document) -> Iterator[bytes]:
    for _, likeness in document.reading.likeness if document.reading else ():
        yield from bands(likeness)


def _note(document: Document) -> Note:
    """That a document was read, as what, and to which outcome: never what stood on it."""
    reading, judgement = document.reading, document.judgement
    seen = reading.zone.format if reading and reading.zone else (reading and reading.trouble) or ""
    codes = (str(seen), *((judgement.outcome.value, *judgement.reasons) if judgement else ()))
    return Note("document_read", PROVIDER, document.id, codes)
