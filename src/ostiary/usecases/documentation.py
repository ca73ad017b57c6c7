"""Taking a document: measure it, judge it, keep its bytes, then refer to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ostiary.domain.audit import Note
from ostiary.domain.catalogue import DocumentRequirement, DocumentType, Product
from ostiary.domain.companies import Caller
from ostiary.domain.documents import (
    BACK,
    FRONT,
    Document,
    DocumentStatus,
    Side,
    Submission,
    Surroundings,
    judge,
    number_key,
    refused_pictures,
)
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import OPEN_TO_DOCUMENTS, Enablement
from ostiary.domain.errors import DocumentNotRequired, Fault, InvalidState
from ostiary.domain.pictures import PictureFindings
from ostiary.domain.rejections import Rejection
from ostiary.domain.units import Unit
from ostiary.usecases.deciding import Decided
from ostiary.usecases.loading import ProductState, load_dossier, state_of
from ostiary.usecases.world import World


@dataclass(slots=True)
class Upload:
    """One document as it came in. What is measured and kept stays with it, so deciding again costs neither."""

    type: str
    metadata: Mapping[str, object] = field(repr=False)
    front: bytes | None = field(default=None, repr=False)
    back: bytes | None = field(default=None, repr=False)
    measured: Submission | None = None
    kept: Document | None = None

    def pictures(self) -> tuple[tuple[str, bytes], ...]:
        sides = ((FRONT, self.front), (BACK, self.back))
        return tuple((name, content) for name, content in sides if content is not None)


async def add_document(
    world: World, caller: Caller, client_id: str, enablement_id: str, upload: Upload
) -> Decided[ProductState]:
    """Takes a document, or says in `rejections` everything that is wrong with it.

    Raises NotFound, InvalidState, DocumentNotRequired: calls that make no sense whatever the content.
    """
    dossier = await load_dossier(world, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    if enablement.status not in OPEN_TO_DOCUMENTS:
        raise InvalidState(f"A request that is {enablement.status} takes no documents.")
    product = dossier.product_of(enablement, world.catalogues.by_version())
    kind, requirement = _wanted(product, upload.type)
    submission = await _measured(world, caller, kind, upload)
    marks = {side: world.storage.picture_mark(caller.company.id, one.sha256) for side, one in submission.pictures()}
    is_closed = dossier.is_closed(enablement, kind.id, world.catalogues.by_version(), world.today())
    around = await _surroundings(world, dossier, kind, submission, marks, is_closed)
    rejections = judge(kind, submission, around)
    if rejections:
        return _refused(world, caller, dossier, enablement, submission, rejections, marks)
    document = await _kept(world, dossier, upload, submission, marks)
    return _accepted(world, caller, dossier, enablement, requirement, kind, document)


def _wanted(product: Product, document_type: str) -> tuple[DocumentType, DocumentRequirement]:
    requirement = product.requirement_for(document_type)
    if requirement is None:
        known = ", ".join(one.id for one in product.document_types())
        fault = Fault("document.document_type", "DOCUMENT_NOT_REQUIRED", f"must be one of: {known}")
        raise DocumentNotRequired(f"{product.id} does not ask for this type; it takes: {known}.", faults=(fault,))
    kind = next(one.document_type for one in requirement.alternatives if one.document_type.id == document_type)
    return kind, requirement


async def _measured(world: World, caller: Caller, kind: DocumentType, upload: Upload) -> Submission:
    """A side that is not needed is refused for that, whatever it shows: it is not looked at."""
    if upload.measured is None:
        findings = {}
        for name, content in upload.pictures():
            if name == BACK and not kind.require_back_image:
                findings[name] = PictureFindings(None, len(content), bytes(32))
            else:
                findings[name] = await world.pictures.measure(caller.company.id, content)
        upload.measured = Submission(upload.type, upload.metadata, findings.get(FRONT), findings.get(BACK))
    return upload.measured


async def _surroundings(
    world: World, dossier: Dossier, kind: DocumentType, submission: Submission, marks: Mapping[str, str],
    is_closed: bool,
) -> Surroundings:  # fmt: skip
    company_id, client = dossier.client.company_id, dossier.client
    before = await world.storage.refused_pictures(company_id, client.id, tuple(marks.values()))
    key = number_key(kind, submission.metadata, client.profile.address.country)
    holder = await world.storage.number_holder(company_id, key) if key else None
    return Surroundings(
        world.today(), client.profile.address.country, world.lookups, world.limits,
        frozenset(side for side, mark in marks.items() if mark in before), holder not in (None, client.id), is_closed,
    )  # fmt: skip


def _refused(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, submission: Submission,
    rejections: tuple[Rejection, ...], marks: Mapping[str, str],
) -> Decided[ProductState]:  # fmt: skip
    codes = tuple(dict.fromkeys(one.code.value for one in rejections))
    unit = Unit(
        caller.company.id, world.now_ms(), client=dossier.client,
        pictures_refused=tuple(marks[side] for side in refused_pictures(submission, rejections)),
        notes=(Note("document_refused", caller.actor, enablement.id, codes),),
    )  # fmt: skip
    return Decided(replace(state_of(world, dossier, enablement), rejections=rejections), unit)


async def _kept(
    world: World, dossier: Dossier, upload: Upload, submission: Submission, marks: Mapping[str, str]
) -> Document:
    """The document with its bytes on disk: bytes first, row last."""
    if upload.kept is None:
        client, document_id = dossier.client, world.new_id()
        contents, sides = dict(upload.pictures()), []
        for name, findings in submission.pictures():
            file = await world.pictures.keep(client, document_id, name, contents[name])
            sides.append(Side(name, file, marks[name], findings))
        upload.kept = Document(
            document_id, client.company_id, client.id, submission.type, DocumentStatus.ACCEPTED,
            submission.metadata, tuple(sides), world.now_ms(),
        )  # fmt: skip
    return upload.kept


def _accepted(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, requirement: DocumentRequirement,
    kind: DocumentType, document: Document,
) -> Decided[ProductState]:  # fmt: skip
    now = world.now_ms()
    old = dossier.displaced(document.type, requirement, world.catalogues.by_version())
    gone = {one.id for one in old}
    refusals = tuple(one for one in dossier.client.refusals if one.subject not in gone)
    after = replace(enablement, updated_at_ms=now)
    client = replace(dossier.client, refusals=refusals)
    key = number_key(kind, document.metadata, client.profile.address.country)
    unit = Unit(
        caller.company.id, now, client=client, details_changed=refusals != dossier.client.refusals,
        enablements_changed=(after,), documents_added=(document,),
        documents_changed=tuple(replace(one, status=DocumentStatus.REPLACED) for one in old),
        numbers_claimed=((key, document.id),) if key else (),
        notes=(Note("document_accepted", caller.actor, document.id, (document.type,)),),
    )  # fmt: skip
    kept = tuple(one for one in dossier.documents if one.id not in gone)
    return Decided(state_of(world, Dossier(client, dossier.enablements, (*kept, document)), after), unit)
