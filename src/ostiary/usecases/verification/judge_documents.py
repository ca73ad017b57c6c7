"""Judges the documents of a submission, one by one: reads their pictures, verifies their chips, compares."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ostiary.domain.catalogue.catalogue import DocumentType, SealUse
from ostiary.domain.chip.evidence import evidence_of
from ostiary.domain.chip.holder import holder_zone
from ostiary.domain.chip.judging import judge_chip
from ostiary.domain.chip.reading import ChipReading
from ostiary.domain.chip.rules import ChipCase
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.documents.document import Document, as_read, number_key
from ostiary.domain.documents.reading import Reading
from ostiary.domain.errors import Tampered
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.seals.two_d_doc import SEAL_FORM
from ostiary.domain.verification.case import Case, ChipSeen
from ostiary.domain.verification.chip_findings import reading_that_counts
from ostiary.domain.verification.identity import speaks_against
from ostiary.domain.verification.judgement import judge_reading
from ostiary.domain.verification.picture_similarity import MOST_CANDIDATES, are_alike, bands
from ostiary.usecases.context import Context
from ostiary.usecases.screening.screen_client import FoundHits
from ostiary.usecases.verification.seals import with_seal


@dataclass(slots=True)
class ReadingCache:
    """What was read of a submission's documents, by their ids, and what lists say of the names on them: deciding again
    asks neither again."""

    readings: dict[str, Reading] = field(default_factory=dict)
    chips: dict[str, ChipReading] = field(default_factory=dict)
    screened: FoundHits | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A document of the submission with what was read and what that means; `number` is free to be held for it.

    Without either when no machine reads such a document. `trust` is the version of the trust store that was asked about
    its chip or its seal; empty where neither was there, or no store.
    """

    document: Document
    number: str | None = None
    contested: str | None = None  # of a document that may be somebody else's; as given where none could be read
    trust: str = ""


@dataclass(frozen=True, slots=True)
class DocumentJudge:
    """Judges the documents of one submission. `reads_pictures`: where scenarios decide they are left to those."""

    context: Context
    company: Company
    dossier: Dossier
    attempt: int
    desk: ReadingCache
    reads_pictures: bool = True

    async def judged(self, kind: DocumentType, document: Document) -> Judged:
        if not kind.machine_readable and (kind.seal is SealUse.NONE or not self.reads_pictures):
            return Judged(document)
        pictures = await self._read(kind, document)
        if not kind.machine_readable:
            return await self._sealed(kind, document, pictures)
        chip, reading = await self._chip(document), pictures
        worth = None if chip is None else self._worth(kind, chip)
        if worth is not None:
            reading = reading_that_counts(pictures, worth, has_pictures=bool(document.sides))
        case, key = await self._case(kind, document, reading)
        if chip is not None:
            digest, client = chip.object_digest, self.dossier.client
            taken = bool(digest and await self.context.storage.chips.holder(client, digest))
            case = replace(case, chip=worth, printed=pictures, chip_taken=taken)
        judgement = judge_reading(case, are_pictures_read=self.reads_pictures)
        evidence = None
        if chip is not None and worth is not None:
            evidence = evidence_of(chip, worth.judgement, () if document.chip is None else document.chip.dropped)
        done = replace(document, reading=reading, judgement=judgement, chip_evidence=evidence)
        as_given = number_key(kind, document.metadata, case.profile.address.country)
        against = speaks_against(judgement)
        number, contested = None if case.number_taken else key, (key or as_given) if against else None
        return Judged(done, number, contested, trust="" if evidence is None else evidence.trust)

    async def _case(self, kind: DocumentType, document: Document, reading: Reading) -> tuple[Case, str | None]:
        """What the rules look at, and the number's key as read."""
        context, client = self.context, self.dossier.client
        key = number_key(kind, as_read(reading), client.profile.address.country)
        holder = await context.storage.documents.number_holder(client.company_id, key) if key else None
        case = Case(
            kind=kind,
            document=document,
            reading=reading,
            profile=client.profile,
            today=context.today_of(self.company),
            similarity=context.similarity,
            number_taken=holder not in (None, client.id),
            number_contested=bool(
                key and await context.storage.documents.contested_by(client.company_id, client.id, key, 1)
            ),
            look_alike=bool(await resembling(context, client, reading, most=1)),
            attempt=self.attempt,
            counts_specimens=self.company.is_sandbox,
        )
        return case, key

    async def _read(self, kind: DocumentType, document: Document) -> Reading:
        if not document.sides or not self.reads_pictures:
            return Reading(zone=None)
        reading = self.desk.readings.get(document.id)
        if reading is None:
            sides = document.sides
            client = self.dossier.client
            pictures = [(side.field, await self.context.pictures.fetch(client, document.id, side)) for side in sides]
            formats = [str(form) for form in sorted(kind.machine_readable)] or [SEAL_FORM]
            today = self.context.today_of(self.company)
            reading = await self.context.reader.read(pictures, formats, today, self.company.id)
            self.desk.readings[document.id] = reading
        return reading

    async def _sealed(self, kind: DocumentType, document: Document, reading: Reading) -> Judged:
        if not reading.seal:
            return Judged(document)
        done, trust = await with_seal(self.context, self.company, self.dossier.client, kind, document, reading)
        return Judged(done, trust=trust)

    async def _chip(self, document: Document) -> ChipReading | None:
        """The chip as verified now. Raises Tampered for one that came and is not there."""
        if document.chip is None:
            return None
        reading = self.desk.chips.get(document.id)
        if reading is None:
            content = await self.context.storage.chips.of_document(self.dossier.client, document.id)
            if content is None:
                raise Tampered(f"The chip of document {document.id} is gone.")
            reading = self.desk.chips[document.id] = await self.context.chips.verify(content, self._now())
        return reading

    def _worth(self, kind: DocumentType, chip: ChipReading) -> ChipSeen:
        case = ChipCase(
            reading=chip,
            now=self._now(),
            counts_specimens=self.company.is_sandbox,
            demands_presence=kind.chip.demands_presence,
        )
        return ChipSeen(holder_zone(chip), judge_chip(case))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.context.now_of(self.company) / 1000, UTC)


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
