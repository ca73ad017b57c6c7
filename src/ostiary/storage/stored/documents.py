"""What is sealed in a document's row at intake: its details, and what was measured of its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar, cast

from msgspec import Struct

from ostiary.domain.documents.chip_kept import ChipSent
from ostiary.domain.documents.document import Document, Side
from ostiary.domain.documents.pictures import PictureFindings
from ostiary.storage.stored.forms import Numbered, Pairs, encode, opening, straight

S = TypeVar("S")
C = TypeVar("C")
Detail = str | int | float | bool | None


class FindingsForm(Struct, gc=False):
    """Of what was measured of a picture."""

    media_type: str | None
    size_bytes: int
    sha256: bytes
    width_px: int | None = None
    height_px: int | None = None
    readable: bool = False
    sharpness: float | None = None
    brightness: float | None = None
    overexposed: float | None = None
    too_costly: bool = False


class SideForm(Struct, gc=False):
    """Of a stored picture."""

    field: str
    file: str
    mark: str
    findings: FindingsForm


class ChipSentForm(Struct, gc=False):
    """Of what came of a chip."""

    files: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    size_bytes: int = 0


class Facts(Numbered, Generic[S, C], gc=False):
    """The column `documents.facts`."""

    metadata: Mapping[str, Detail]
    sides: tuple[S, ...]
    chip: C | None = None


class Sent(Numbered, gc=False):
    """Of the column `documents.facts`, what was sent with the pictures. The rest is passed over."""

    metadata: Mapping[str, Detail]


PAIRS: Pairs = {FindingsForm: PictureFindings, SideForm: Side, ChipSentForm: ChipSent}


def facts_of(document: Document) -> bytes:
    details = cast("Mapping[str, Detail]", document.metadata)  # intake takes nothing else
    chip = None if document.chip is None else chip_sent_form(document.chip)
    return encode(Facts(metadata=details, sides=tuple(side_form(side) for side in document.sides), chip=chip))


def chip_sent_form(sent: ChipSent) -> ChipSentForm:
    return ChipSentForm(files=sent.files, dropped=sent.dropped, size_bytes=sent.size_bytes)


def chip_sent_from(form: ChipSentForm) -> ChipSent:
    return ChipSent(files=form.files, dropped=form.dropped, size_bytes=form.size_bytes)


def side_form(side: Side) -> SideForm:
    findings = side.findings
    return SideForm(
        field=side.field,
        file=side.file,
        mark=side.mark,
        findings=FindingsForm(
            media_type=findings.media_type,
            size_bytes=findings.size_bytes,
            sha256=findings.sha256,
            width_px=findings.width_px,
            height_px=findings.height_px,
            readable=findings.readable,
            sharpness=findings.sharpness,
            brightness=findings.brightness,
            overexposed=findings.overexposed,
            too_costly=findings.too_costly,
        ),
    )


def side_from(form: SideForm) -> Side:
    findings = form.findings
    return Side(
        field=form.field,
        file=form.file,
        mark=form.mark,
        findings=PictureFindings(
            media_type=findings.media_type,
            size_bytes=findings.size_bytes,
            sha256=findings.sha256,
            width_px=findings.width_px,
            height_px=findings.height_px,
            readable=findings.readable,
            sharpness=findings.sharpness,
            brightness=findings.brightness,
            overexposed=findings.overexposed,
            too_costly=findings.too_costly,
        ),
    )


def from_form(form: Facts[SideForm, ChipSentForm]) -> Facts[Side, ChipSent]:
    chip = None if form.chip is None else chip_sent_from(form.chip)
    return Facts(metadata=form.metadata, sides=tuple(map(side_from, form.sides)), chip=chip)


open_facts = straight(Facts[SideForm, ChipSentForm], Facts[Side, ChipSent], PAIRS, from_form)
open_metadata = opening(Sent)
