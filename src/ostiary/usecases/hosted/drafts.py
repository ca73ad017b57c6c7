"""A document that a client is half through with on the page: its pictures are stored as they come, one side at a time.

What holds them together is a text that the browser keeps, sealed with the client's own key: nothing waits in this
process's memory, any process goes on with it, and no row has to be cleared away. A side that was kept and never handed
in is a picture without a row, as a crash leaves one, and is swept as such after an hour. The document itself comes to
be by `add_document` alone, whole or not at all.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company, quota_of
from ostiary.domain.documents.document import BACK, FRONT, Document, DocumentStatus, MeasuredDocument, Side
from ostiary.domain.documents.pictures import PictureFindings, judge_picture
from ostiary.domain.errors import Fault, InvalidState, PictureGone, Tampered, Unavailable
from ostiary.domain.hosted.proposals import Misfit, ReadNow
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.rejections import EXPLANATIONS, Code, Kind, Rejection, reject
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.hosted.read_now import read_now
from ostiary.usecases.onboarding.add_document import Upload

MOST_DRAFT_CHARACTERS = 3_500
"""A cookie has at most 4,096 bytes with its name (RFC 6265bis 5.6); two sides take some 1,500 characters."""
_WHERE = "onboarding/draft"


@value_type
class KeptSide:
    """A picture that is stored. `document_id` is what it was sealed for."""

    document_id: str
    side: Side


@value_type
class Draft:
    """What there is of a document. `place` is the step it is for, as addresses name it; `details` are what fills in the
    form, by their ids. `look` and `misfits` are what came of reading its pictures."""

    place: str
    kind: str
    sides: tuple[KeptSide, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict, repr=False)
    look: ReadNow = ReadNow.AWAY
    misfits: tuple[Misfit, ...] = ()

    def has(self, name: str) -> bool:
        """Whether a side is there, by its field (`image_front`)."""
        return any(stored.side.field == name for stored in self.sides)

    def without(self, *names: str) -> Draft:
        """The same, some sides to be taken again."""
        return replace(self, sides=tuple(stored for stored in self.sides if stored.side.field not in names))


def sides_of(kind: DocumentType) -> tuple[str, ...]:
    """The sides of a document that are asked for, in order."""
    return (FRONT, BACK) if kind.require_back_image else (FRONT,)


def next_side(draft: Draft, kind: DocumentType) -> str | None:
    """The side to be taken now; None when all are there."""
    return next((name for name in sides_of(kind) if not draft.has(name)), None)


def refused_as_draft(place: str, document: Document, problems: tuple[Rejection, ...]) -> Draft:
    """What is good of a document that was sent back: only what failed is asked for again."""
    bad = {
        side.field
        for side in document.sides
        for problem in problems
        if problem.key == document.type
        and (problem.field == side.field or (not problem.field and EXPLANATIONS[problem.code].about_picture))
    }
    sides = tuple(KeptSide(document.id, side) for side in document.sides if side.field not in bad)
    return Draft(place, document.type, sides, {name: str(value) for name, value in document.metadata.items()})


async def keep_side(
    context: Context, company: Company, client: Client, kind: DocumentType, draft: Draft, given: tuple[str, bytes]
) -> Draft | tuple[Rejection, ...]:
    """The draft with one more side, or everything that is wrong with the picture. `given` is the side's field and its
    bytes. Raises InvalidState when the company's quota has no room for it, Unavailable."""
    name, content = given
    findings = await context.pictures.measure(client.company_id, content)
    problems = [*judge_picture(kind.id, name, findings, context.limits)]
    if any(stored.side.findings.sha256 == findings.sha256 and stored.side.field != name for stored in draft.sides):
        problems.append(reject(Kind.DOCUMENT, kind.id, Code.IDENTICAL_SIDES, name))
    if problems:
        return tuple(problems)
    quota = quota_of(company, context.quota_bytes)
    if quota and await context.storage.sums.bytes_of(company.id) + len(content) > quota:
        message = "There is no room left for documents. Ask the company that sent you here."
        raise InvalidState(message, faults=(Fault(name, "QUOTA_REACHED", message),))
    document_id = context.new_id()
    file = await context.pictures.keep(client, document_id, name, content)
    mark = context.storage.documents.picture_mark(client.company_id, findings.sha256)
    stored = KeptSide(document_id, Side(name, file, mark, findings))
    return replace(draft.without(name), sides=(*draft.without(name).sides, stored))


async def contents_of(context: Context, client: Client, draft: Draft) -> Mapping[str, bytes]:
    """The pictures, by side; one that was swept meanwhile is not among them. Raises Unavailable."""
    contents = dict[str, bytes]()
    for stored in draft.sides:
        try:
            contents[stored.side.field] = await context.pictures.fetch(client, stored.document_id, stored.side)
        except (PictureGone, Tampered):
            continue
    return contents


async def read_draft(context: Context, company: Company, client: Client, kind: DocumentType, draft: Draft) -> Draft:
    """The draft with what its pictures say, once all of them are there; as it is until then, while they cannot be
    fetched, and where that would make it too long to be kept."""
    if next_side(draft, kind) is not None:
        return draft
    try:
        contents = await contents_of(context, client, draft)
    except Unavailable:
        return draft
    proposals = await read_now(context, company, client, kind, tuple(contents.items()))
    details = {**draft.details, **proposals.details}
    after = replace(draft, details=details, look=proposals.look, misfits=proposals.misfits)
    return after if len(_sealed(context, client, after)) <= MOST_DRAFT_CHARACTERS else draft


async def read_again(context: Context, company: Company, client: Client, kind: DocumentType, draft: Draft) -> Draft:
    """The same for a document that the reader had no time for: what it began then is there now. There is no third try:
    a page would wait each time that it is opened."""
    if draft.look is not ReadNow.AWAY or not kind.machine_readable:
        return draft
    after = await read_draft(context, company, client, kind, draft)
    return replace(after, look=ReadNow.NOTHING) if after.look is ReadNow.AWAY else after


def is_handed_in(dossier: Dossier, draft: Draft, metadata: Mapping[str, object]) -> bool:
    """Whether just that is there already: of a form that was sent twice, or whose answer was lost on its way. A draft
    without pictures is of a browser that was told already to keep them no longer, and was then not led on."""
    marks = {stored.side.field: stored.side.mark for stored in draft.sides}
    return any(
        document.status is DocumentStatus.ACCEPTED
        and (document.type, document.metadata) == (draft.kind, metadata)
        and (not marks or {side.field: side.mark for side in document.sides} == marks)
        for document in dossier.documents
    )


def upload_of(draft: Draft, contents: Mapping[str, bytes], metadata: Mapping[str, object]) -> Upload:
    """The document as it is handed in. What was measured when its sides came is not measured again."""
    findings = {stored.side.field: stored.side.findings for stored in draft.sides}
    measured = MeasuredDocument(type=draft.kind, metadata=metadata, front=findings.get(FRONT), back=findings.get(BACK))
    return Upload(
        type=draft.kind,
        metadata=metadata,
        front=contents.get(FRONT),
        back=contents.get(BACK),
        measured=measured,
    )


def sealed_draft(context: Context, client: Client, draft: Draft) -> str:
    """As the browser keeps it: without what fills in the form where it would be too long, since pictures cost more than
    typing."""
    text = _sealed(context, client, draft)
    if len(text) <= MOST_DRAFT_CHARACTERS:
        return text
    return _sealed(context, client, replace(draft, details={}, misfits=()))


def _sealed(context: Context, client: Client, draft: Draft) -> str:
    sides = [
        [stored.document_id, stored.side.field, stored.side.file, stored.side.mark, _measured(stored.side.findings)]
        for stored in draft.sides
    ]
    misfits = [[each.about, each.given, each.read] for each in draft.misfits]
    plain = json.dumps(
        [draft.place, draft.kind, sides, dict(draft.details), draft.look, misfits], separators=(",", ":")
    ).encode()
    box = context.cipher.box(client.company_id, client.id, client.data_key)
    return urlsafe_b64encode(box.seal(_WHERE, plain)).decode().rstrip("=")


def opened_draft(context: Context, client: Client, text: str, place: str) -> Draft | None:
    """The draft of a step; None for another step's, another client's, and what is none."""
    box = context.cipher.box(client.company_id, client.id, client.data_key)
    try:
        sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        named, kind, sides, details, look, misfits = json.loads(box.open(_WHERE, sealed))
    except (Tampered, ValueError, binascii.Error):
        return None
    stored = tuple(
        KeptSide(document_id, _side(name, file, mark, values)) for document_id, name, file, mark, values in sides
    )
    draft = Draft(
        place=named,
        kind=kind,
        sides=stored,
        details=details,
        look=ReadNow(look),
        misfits=tuple(Misfit(*each) for each in misfits),
    )
    return draft if named == place else None


def _measured(findings: PictureFindings) -> list[object]:
    return [
        findings.media_type,
        findings.size_bytes,
        findings.sha256.hex(),
        findings.width_px,
        findings.height_px,
        findings.sharpness,
        findings.brightness,
        findings.overexposed,
    ]


def _side(name: str, file: str, mark: str, values: list[Any]) -> Side:
    media_type, size_bytes, digest, width_px, height_px, sharpness, brightness, overexposed = values
    findings = PictureFindings(
        media_type=media_type,
        size_bytes=size_bytes,
        sha256=bytes.fromhex(str(digest)),
        width_px=width_px,
        height_px=height_px,
        readable=True,
        sharpness=sharpness,
        brightness=brightness,
        overexposed=overexposed,
    )
    return Side(name, file, mark, findings)
