"""`seal` and `seal_days` of a document type."""

from __future__ import annotations

from ostiary.adapters.config.entries import FileEntry
from ostiary.domain.catalogue.catalogue import USUAL_SEAL_DAYS, DocumentType, SealUse

SEAL_KEYS = ("seal", "seal_days")
LONGEST_SEAL_DAYS = 1_100
"""Three years: tax notices of the year before last are taken by some."""
_USES = tuple(use.value for use in SealUse)


def read_seal(entry: FileEntry) -> tuple[SealUse, int]:
    use = SealUse(entry.choice("seal", _USES) or SealUse.NONE)
    return use, entry.whole("seal_days", 1, LONGEST_SEAL_DAYS) or USUAL_SEAL_DAYS


def judge_seal(kind: DocumentType, entry: FileEntry) -> None:
    if kind.seal is SealUse.NONE and entry.node("seal_days") is not None:
        entry.fault("seal_days", "needless_key", "says how old a sealed document may be; no seal is looked for")
    if kind.seal is not SealUse.NONE and kind.machine_readable:
        entry.fault("seal", "conflicting_keys", "a document with lines or a barcode of its own has no seal: give one")
