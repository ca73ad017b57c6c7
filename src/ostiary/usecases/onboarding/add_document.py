"""Takes a document: measures it, judges it, stores its pictures, then the row that refers to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import DocumentRequirement, DocumentType, Policy, Product
from ostiary.domain.chip.intake import chip_problems
from ostiary.domain.companies.company import Caller, quota_of
from ostiary.domain.documents.document import (
    BACK,
    FRONT,
    Document,
    DocumentStatus,
    IntakeContext,
    MeasuredDocument,
    Side,
    judge,
    number_key,
    refused_pictures,
)
from ostiary.domain.documents.pictures import PictureFindings
from ostiary.domain.errors import DocumentNotRequired, Fault, InvalidState
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Review, reviewed, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.rejections import Code, Rejection
from ostiary.domain.review.routing import Advice, Source, route
from ostiary.domain.sentences import sentence
from ostiary.domain.unit import (
    AddDocument,
    Change,
    ChangeDocument,
    ChangeEnablement,
    ClaimNumber,
    OwnerWrite,
    RefusePicture,
    Unit,
    details_if,
)
from ostiary.domain.value import value_type
from ostiary.domain.verification.identity import with_clash
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, load_dossier, state_of
from ostiary.usecases.lifecycle.circumstances import redated
from ostiary.usecases.onboarding.chip_intake import (
    ChipUpload,
    TakenChip,
    chip_changes,
    chip_sent,
    demand_chip_is_taken,
    demand_open_to_documents,
    look_at_chip,
)
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.numbers import clashing, given_number


@dataclass(slots=True)
class Upload:
    """One document as it came in. What is measured and kept stays with it, so deciding again costs neither.

    `slips` say what was sent in place of a picture, by field: that side has no picture to be looked at.
    """

    type: str
    metadata: Mapping[str, object] = field(repr=False)
    front: bytes | None = field(default=None, repr=False)
    back: bytes | None = field(default=None, repr=False)
    slips: Mapping[str, str] = field(default_factory=dict, compare=False)
    chip: ChipUpload | None = None
    measured: MeasuredDocument | None = None
    document: Document | None = None

    def pictures(self) -> tuple[tuple[str, bytes], ...]:
        sides = ((FRONT, self.front), (BACK, self.back))
        return tuple((name, content) for name, content in sides if content is not None and name not in self.slips)


@value_type
class _Wanted:
    """What a document is uploaded for: a client's request, the type, and what of the product asks for it."""

    dossier: Dossier
    enablement: Enablement
    kind: DocumentType
    requirement: DocumentRequirement
    chip: TakenChip | None = None

    def chip_changes(self, document_id: str) -> tuple[Change, ...]:
        """What is kept of the chip that came."""
        return () if self.chip is None else tuple(chip_changes(self.kind, document_id, self.chip))


async def add_document(
    context: Context, caller: Caller, client_id: str, enablement_id: str, upload: Upload
) -> Outcome[ProductState]:
    """Takes a document, or says in `rejections` everything that is wrong with it.

    Raises NotFound, InvalidState, DocumentNotRequired: calls that make no sense whatever the content. InvalidState too
    for a good document that the company's quota has no room for.
    """
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    demand_open_to_documents(dossier, enablement)
    product = dossier.product_of(enablement, context.catalogues.by_version())
    kind, requirement = _wanted(product, upload.type)
    demand_chip_is_taken(kind, upload.chip)
    chip = None
    if upload.chip is not None:
        chip = await look_at_chip(context, caller, dossier.client, enablement, upload.chip)
    wanted = _Wanted(dossier=dossier, enablement=enablement, kind=kind, requirement=requirement, chip=chip)
    may_lack_pictures = upload.chip is not None and not product.provider
    submission = await _measured(context, caller, kind, upload, may_lack_pictures=may_lack_pictures)
    marks = {
        side: context.storage.documents.picture_mark(caller.company.id, picture.sha256)
        for side, picture in submission.pictures()
    }
    around = await _surroundings(context, caller, wanted, submission, marks)
    rejections = (*judge(kind, submission, around), *chip_problems(kind, None if chip is None else chip.intake))
    if around.number_taken and all(each.code is Code.USED_BY_ANOTHER_CLIENT for each in rejections):
        document = await _stored_document(context, caller, wanted, upload, submission, marks)
        return await _clashing(context, caller, wanted, document, rejections)
    if rejections:
        return _refused(context, caller, wanted, submission, rejections, marks)
    document = await _stored_document(context, caller, wanted, upload, submission, marks)
    return _accepted(context, caller, wanted, document)


def _wanted(product: Product, document_type: str) -> tuple[DocumentType, DocumentRequirement]:
    requirement = product.requirement_for(document_type)
    if requirement is None:
        possible = ", ".join(document_type.id for document_type in product.document_types())
        fault = Fault(
            "document.document_type",
            "DOCUMENT_NOT_REQUIRED",
            sentence("must be one of: %(names)s", names=possible),
        )
        raise DocumentNotRequired(
            sentence("%(id)s does not ask for this type; it takes: %(possible)s.", id=product.id, possible=possible),
            faults=(fault,),
        )
    kind = next(
        alternative.document_type
        for alternative in requirement.alternatives
        if alternative.document_type.id == document_type
    )
    return kind, requirement


async def _measured(
    context: Context, caller: Caller, kind: DocumentType, upload: Upload, *, may_lack_pictures: bool
) -> MeasuredDocument:
    """Measures the pictures; a side that is not needed is refused for that, without being looked at."""
    if upload.measured is None:
        findings = {}
        for name, content in upload.pictures():
            if name == BACK and not kind.require_back_image:
                findings[name] = PictureFindings(None, len(content), bytes(32))
            else:
                findings[name] = await context.pictures.measure(caller.company.id, content)
        upload.measured = MeasuredDocument(
            type=upload.type,
            metadata=upload.metadata,
            front=findings.get(FRONT),
            back=findings.get(BACK),
            slips=upload.slips,
            has_chip=may_lack_pictures,
        )
    return upload.measured


async def _surroundings(
    context: Context, caller: Caller, wanted: _Wanted, submission: MeasuredDocument, marks: Mapping[str, str]
) -> IntakeContext:
    kind, client, today = wanted.kind, wanted.dossier.client, context.today_of(caller.company)
    company_id = client.company_id
    before = await context.storage.documents.refused_pictures(company_id, client.id, tuple(marks.values()))
    key = number_key(kind, submission.metadata, client.profile.address.country)
    holder = await context.storage.documents.number_holder(company_id, key) if key else None
    return IntakeContext(
        today=today,
        country=client.profile.address.country,
        lookups=context.lookups,
        limits=context.limits,
        refused_before=frozenset(side for side, mark in marks.items() if mark in before),
        number_taken=holder not in (None, client.id),
        is_closed=wanted.dossier.is_closed(wanted.enablement, kind.id, context.catalogues.by_version(), today),
    )


def _refused(
    context: Context,
    caller: Caller,
    wanted: _Wanted,
    submission: MeasuredDocument,
    rejections: tuple[Rejection, ...],
    marks: Mapping[str, str],
) -> Outcome[ProductState]:
    dossier, enablement = wanted.dossier, wanted.enablement
    codes = tuple(dict.fromkeys(rejection.code.value for rejection in rejections))
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        dossier.client,
        changes=tuple(RefusePicture(marks[side]) for side in refused_pictures(submission, rejections)),
        notes=(Note("document_refused", caller.actor, enablement.id, codes),),
    )
    return Outcome(replace(state_of(context, caller.company, dossier, enablement), rejections=rejections), unit)


async def _clashing(
    context: Context, caller: Caller, wanted: _Wanted, document: Document, rejections: tuple[Rejection, ...]
) -> Outcome[ProductState]:
    """A document refused only for another client's number is stored, so that a person can decide whose number it is."""
    dossier, enablement = wanted.dossier, wanted.enablement
    now, client = context.now_ms(), dossier.client
    key = number_key(wanted.kind, document.metadata, client.profile.address.country)
    holder = await context.storage.documents.number_holder(caller.company.id, key or "")
    earlier = tuple(each for each in clashing(dossier) if each.type == document.type)
    refusals = tuple(each for each in client.refusals if each.subject not in {old.id for old in earlier})
    tied = (replace(each, subject=document.id) for each in rejections)
    client = with_clash(client, given_number(document), holder or "", document.id, now)
    review = route(Source.INTAKE, Advice.ASK, Policy.MANUAL).review or Review.CLASH
    after = under_review(enablement, review, now, (ReviewReason.USED_BY_ANOTHER_CLIENT.value,))
    unit = Unit(
        caller.company.id,
        now,
        replace(client, refusals=(*refusals, *tied)),
        owner_write=OwnerWrite.DETAILS,
        changes=(
            ChangeEnablement(after),
            AddDocument(replace(document, status=DocumentStatus.REFUSED)),
            *wanted.chip_changes(document.id),
            *(ChangeDocument(replace(each, status=DocumentStatus.REPLACED)) for each in earlier),
        ),
        notes=(
            Note("document_refused", caller.actor, enablement.id, (Code.USED_BY_ANOTHER_CLIENT.value,)),
            Note("review_opened", caller.actor, enablement.id, after.review_reasons),
        ),
    )
    return Outcome(replace(state_of(context, caller.company, dossier, after), rejections=rejections), unit)


async def _needs_room(context: Context, caller: Caller, size: int) -> None:
    """Before anything of a good document is kept. Raises InvalidState, naming the quota and who can raise it.

    Uploads that are under way at the same moment do not see each other: together they may pass the quota once, by what
    the processes hold of bodies at once.
    """
    quota = quota_of(caller.company, context.quota_bytes)
    if not quota:
        return
    if await context.storage.sums.bytes_of(caller.company.id) + size > quota:
        message = (
            f"Your company's storage quota of {quota / 10**9:g} GB is used up, so this document was not taken. Ask the "
            "operator of this service for more, then send it again under another Idempotency-Key."
        )
        raise InvalidState(message, faults=(Fault("document", "QUOTA_REACHED", message),))


async def _stored_document(
    context: Context,
    caller: Caller,
    wanted: _Wanted,
    upload: Upload,
    submission: MeasuredDocument,
    marks: Mapping[str, str],
) -> Document:
    """The document with its pictures stored: bytes first, row last. Raises what `_needs_room` does."""
    if upload.document is None:
        client, document_id = wanted.dossier.client, context.new_id()
        chip = None if wanted.chip is None else chip_sent(wanted.kind, wanted.chip)
        size = sum(picture.size_bytes for _, picture in submission.pictures())
        await _needs_room(context, caller, size + (0 if chip is None else chip.size_bytes))
        contents, sides = dict(upload.pictures()), []
        for name, findings in submission.pictures():
            file = await context.pictures.keep(client, document_id, name, contents[name])
            sides.append(Side(name, file, marks[name], findings))
        upload.document = Document(
            id=document_id,
            company_id=client.company_id,
            client_id=client.id,
            type=submission.type,
            status=DocumentStatus.ACCEPTED,
            metadata=submission.metadata,
            sides=tuple(sides),
            created_at_ms=context.now_of(caller.company),
            chip=chip,
        )
    return upload.document


def _accepted(context: Context, caller: Caller, wanted: _Wanted, document: Document) -> Outcome[ProductState]:
    dossier, enablement, now = wanted.dossier, wanted.enablement, context.now_ms()
    old = dossier.documents_replaced_by(document.type, wanted.requirement, context.catalogues.by_version())
    gone = {document.id for document in old}
    refusals = tuple(refusal for refusal in dossier.client.refusals if refusal.subject not in gone)
    client = replace(dossier.client, refusals=refusals)
    after, *mended = _without_clash(dossier, replace(enablement, updated_at_ms=context.now_of(caller.company)), gone)
    key = number_key(wanted.kind, document.metadata, client.profile.address.country)
    unit = Unit(
        caller.company.id,
        now,
        client,
        owner_write=details_if(refusals != dossier.client.refusals),
        changes=(
            *map(ChangeEnablement, (after, *mended)),
            AddDocument(document),
            *wanted.chip_changes(document.id),
            *(ChangeDocument(replace(document, status=DocumentStatus.REPLACED)) for document in old),
            *((ClaimNumber(key, document.id),) if key else ()),
        ),
        notes=(Note("document_accepted", caller.actor, document.id, (document.type,)),),
    )
    remaining = tuple(document for document in dossier.documents if document.id not in gone)
    now_there = replace(dossier, client=client, documents=(*remaining, document))
    return Outcome(
        state_of(context, caller.company, now_there, after), unit.plus(*redated(context, caller.company, now_there))
    )


def _without_clash(dossier: Dossier, taken: Enablement, gone: Collection[str]) -> list[Enablement]:
    """The request that takes a document, and those whose question about a number is gone with the one replaced."""
    if any(each.id not in gone for each in clashing(dossier)):
        return [taken]
    others = (each for each in dossier.enablements if each.id != taken.id and each.review is Review.CLASH)
    first = reviewed(taken) if taken.review is Review.CLASH else taken
    return [first, *(reviewed(each) for each in others)]
