"""What is sealed of a document's chip: its files as they were read, and its answer to a challenge."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.documents.chip_kept import ChipContent
from ostiary.storage.stored.forms import Numbered, encode, through


class ChipForm(Numbered, gc=False):
    """The column `document_chips.content`."""

    files: Mapping[str, bytes]
    challenge: bytes = b""
    answer: bytes = b""


def chip_form(content: ChipContent) -> bytes:
    return encode(ChipForm(files=content.files, challenge=content.challenge, answer=content.answer))


def from_form(form: ChipForm) -> ChipContent:
    return ChipContent(files=form.files, challenge=form.challenge, answer=form.answer)


open_chip = through(ChipForm, from_form)
