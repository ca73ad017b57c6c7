"""`ostiary specimen --chip`: a Utopian chip, and its broken variants, as files to send and to verify."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ostiary.domain.errors import Refused
from ostiary.domain.mrz.zone import Format
from ostiary.specimens.chip.chips import VARIANTS, specimen_chip
from ostiary.specimens.drawing import kind_of
from ostiary.specimens.zone_lines import Holder


def write_chip(folder: Path, holder: Holder, kind: str, variant: str) -> dict[str, object]:
    """Writes a chip's files, its country's certificate and its revocation list; says what should come of them."""
    shown = kind_of(kind)
    if Format.TD3 not in (shown.front, shown.back) and Format.TD1 not in (shown.front, shown.back):
        raise Refused(f"Chips of specimens are of passports and of cards with three lines, not of {kind}.")
    chip = specimen_chip(holder, is_card=shown.front is not Format.TD3, variant=variant, now=datetime.now(UTC))
    folder.mkdir(parents=True, exist_ok=True)
    written = {f"{name}.bin": content for name, content in chip.files.items()}
    for name, content in {**written, "csca.cer": chip.csca, "csca.crl": chip.revocations}.items():
        write_specimen(folder / name, content)
    return {
        "folder": str(folder),
        "variant": variant,
        "means": VARIANTS[variant].means,
        "ends_in": VARIANTS[variant].result,
    }


def write_specimen(path: Path, content: bytes) -> None:
    """A new file. Raises Refused where there is one already."""
    try:
        with path.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise Refused(f"{path} exists and is not written over: choose another folder.") from None
