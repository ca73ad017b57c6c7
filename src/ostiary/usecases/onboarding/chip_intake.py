"""A chip's files as they come with a document: looked at once, and kept with it; and challenges for chips to sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.chip.intake import NEEDED, ChallengeUse, ChipIntake
from ostiary.domain.chip.limits import MOST_ANSWER_BYTES, MOST_BYTES, ChipFile
from ostiary.domain.chip.reading import ChipReading, ChipTrouble
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.chip_kept import (
    AddChip,
    ChipChallenge,
    ChipContent,
    ChipSent,
    KeepChallenge,
    TakeChallenge,
)
from ostiary.domain.errors import Fault, InvalidRequest, InvalidState
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.transaction import Outcome

CHALLENGE_BYTES = 8
"""ICAO Doc 9303 part 11, 6.1: what a chip signs."""
CHALLENGE_MS = 5 * 60_000
"""Long enough to hold a document to a phone, twice; too short to have a chip sign somewhere else at leisure."""


@dataclass(slots=True)
class ChipUpload:
    """A chip's files as they came in, with the answer to a challenge, if one was asked for. What was found by looking
    at them stays here, so that deciding again does not look again."""

    files: Mapping[ChipFile, bytes] = field(repr=False)
    challenge_id: str = ""
    answer: bytes = field(default=b"", repr=False)
    reading: ChipReading | None = None


@value_type
class TakenChip:
    """A chip that came with a document: how it was found, and the challenge that it answered."""

    upload: ChipUpload
    intake: ChipIntake
    challenge: ChipChallenge | None = None


async def look_at_chip(
    context: Context, caller: Caller, client: Client, enablement: Enablement, upload: ChipUpload
) -> TakenChip:
    """Their form alone. Raises nothing for what the files hold."""
    sizes = {name: len(content) for name, content in upload.files.items()}
    if upload.reading is None:
        fits = all(sizes.get(name) for name in NEEDED) and all(size <= MOST_BYTES[name] for name, size in sizes.items())
        now = datetime.fromtimestamp(context.now_of(caller.company) / 1000, UTC)
        unread = ChipReading(trouble=ChipTrouble.MISSING)
        upload.reading = await context.chips.check(ChipContent(_named(upload.files)), now) if fits else unread
    challenge = None
    if upload.challenge_id:
        challenge = await context.storage.chips.challenge(client, enablement.id)
    use = _challenge_use(upload, challenge, context.now_ms())
    answered = challenge if use is ChallengeUse.ANSWERED else None
    return TakenChip(upload, ChipIntake(sizes, upload.reading, use), answered)


def _challenge_use(upload: ChipUpload, challenge: ChipChallenge | None, now_ms: int) -> ChallengeUse:
    if not upload.challenge_id:
        return ChallengeUse.WITHOUT_CHALLENGE if upload.answer else ChallengeUse.NONE
    if not upload.answer:
        return ChallengeUse.WITHOUT_ANSWER
    if len(upload.answer) > MOST_ANSWER_BYTES:
        return ChallengeUse.ANSWER_TOO_LARGE  # it would be kept, and can be no signature
    is_theirs = challenge is not None and challenge.id == upload.challenge_id and now_ms < challenge.expires_at_ms
    return ChallengeUse.ANSWERED if is_theirs else ChallengeUse.GONE


def demand_chip_is_taken(kind: DocumentType, upload: ChipUpload | None) -> None:
    """Raises InvalidRequest for a chip of a type that takes none: its files would be kept for nothing."""
    if upload is not None and not kind.chip.is_taken:
        message = sentence("chip is not taken with this type of document: %(type)s", type=kind.id)
        raise InvalidRequest(faults=(Fault("document.chip", "FIELD_UNKNOWN", message),))


def chip_sent(kind: DocumentType, taken: TakenChip) -> ChipSent:
    """What is kept beside the document's details."""
    files = _files_to_keep(kind, taken)
    names = sorted(map(str, taken.upload.files))
    dropped = tuple(name for name in names if name not in files)
    return ChipSent(tuple(names), dropped, sum(map(len, files.values())))


def chip_changes(kind: DocumentType, document_id: str, taken: TakenChip) -> Iterator[Change]:
    """What is kept of it, and that its challenge serves no more."""
    answered = taken.challenge
    content = ChipContent(
        files=_files_to_keep(kind, taken),
        challenge=b"" if answered is None else answered.challenge,
        answer=b"" if answered is None else taken.upload.answer,
    )
    digest = taken.intake.reading.object_digest or sha256(taken.upload.files[ChipFile.SOD]).digest()
    yield AddChip(document_id, content, digest)
    if answered is not None:
        yield TakeChallenge(answered)


def _named(files: Mapping[ChipFile, bytes]) -> dict[str, bytes]:
    return {str(name): content for name, content in files.items()}


def _files_to_keep(kind: DocumentType, taken: TakenChip) -> dict[str, bytes]:
    files = _named(taken.upload.files)
    return {name: files[name] for name in files if name != ChipFile.DG2 or kind.chip.keeps_portrait}


async def make_challenge(
    context: Context, caller: Caller, client_id: str, enablement_id: str
) -> Outcome[ChipChallenge]:
    """Eight bytes that a chip shall sign for this request, within five minutes. Another call takes its place.

    Raises NotFound, InvalidState for a request that takes no documents now, or none with a chip.
    """
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    demand_open_to_documents(dossier, enablement)
    product = dossier.product_of(enablement, context.catalogues.by_version())
    if not any(kind.chip.is_taken for kind in product.document_types()):
        raise InvalidState(N_("No document of this product is taken with its chip."))
    challenge = ChipChallenge(
        id=context.new_id(),
        enablement_id=enablement.id,
        challenge=context.random(CHALLENGE_BYTES),
        expires_at_ms=context.now_ms() + CHALLENGE_MS,
    )
    unit = Unit(
        company_id=caller.company.id,
        at_ms=context.now_ms(),
        owner=dossier.client,
        changes=(KeepChallenge(challenge),),
        notes=(Note("chip_challenge_made", caller.actor, enablement.id),),
    )
    return Outcome(challenge, unit)


def demand_open_to_documents(dossier: Dossier, enablement: Enablement) -> None:
    """Raises InvalidState for a request that takes no documents now."""
    renewal = dossier.renewal_of(enablement)
    if renewal is not None and renewal.is_submitted:
        raise InvalidState(N_("The renewal of this request is being reviewed: it takes no documents now."))
    if enablement.status not in OPEN_TO_DOCUMENTS and renewal is None:
        raise InvalidState(sentence("A request that is %(status)s takes no documents.", status=enablement.status))
