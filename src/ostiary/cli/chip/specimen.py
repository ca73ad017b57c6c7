"""`ostiary specimen --chip`: a Utopian chip, and its broken variants, as files to send and to verify; and the chip's
answer to a challenge."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

from ostiary.domain.errors import Refused
from ostiary.domain.mrz.zone import Format
from ostiary.specimens.chip.answering import read_answering_key
from ostiary.specimens.chip.chips import VARIANTS, ChipContents, specimen_chip
from ostiary.specimens.drawing import kind_of
from ostiary.specimens.zone_lines import Holder

KEY_FILE, ANSWER_FILE = "chip-key.pem", "answer.sig"
MOST_KEY_BYTES = 16 * 1024
"""An RSA key of 8,192 bits takes 6.5 KB."""


def write_chip(folder: Path, holder: Holder, kind: str, variant: str, contents: ChipContents) -> dict[str, object]:
    """Writes a chip's files, its key, its country's certificate and its revocation list; says what should come of them.
    Raises Refused."""
    shown = kind_of(kind)
    if Format.TD3 not in (shown.front, shown.back) and Format.TD1 not in (shown.front, shown.back):
        raise Refused(f"Chips of specimens are of passports and of cards with three lines, not of {kind}.")
    is_card = shown.front is not Format.TD3
    try:
        chip = specimen_chip(holder, is_card=is_card, variant=variant, now=datetime.now(UTC), contents=contents)
    except ValueError as problem:
        raise Refused(f"This chip cannot be written: {problem}.") from None
    folder.mkdir(parents=True, exist_ok=True)
    written = {f"{name}.bin": content for name, content in chip.files.items()}
    for name, content in {**written, "csca.cer": chip.csca, "csca.crl": chip.revocations}.items():
        write_specimen(folder / name, content)
    if chip.key is not None:
        write_specimen(folder / KEY_FILE, chip.key.as_pem())
    return {
        "folder": str(folder),
        "variant": variant,
        "means": VARIANTS[variant].means,
        "ends_in": VARIANTS[variant].result,
        "key": None if chip.key is None else str(folder / KEY_FILE),
    }


def write_answer(folder: Path, challenge: bytes) -> dict[str, object]:
    """Signs a challenge in the place of the chip that was written into a folder before, and puts the answer beside it,
    instead of an earlier one. Raises Refused."""
    path = folder / KEY_FILE
    try:
        with path.open("rb") as file:
            key = read_answering_key(file.read(MOST_KEY_BYTES))
        answer = key.answer(challenge)
        (folder / ANSWER_FILE).write_bytes(answer)
    except FileNotFoundError:
        raise Refused(f"{path} is not there: write the chip first, with `ostiary specimen --chip {folder}`.") from None
    except ValueError as problem:
        raise Refused(f"{path} is no key of a chip: {problem}.") from None
    except OSError as problem:
        raise Refused(f"{problem.filename} cannot be used: {problem.strerror}") from None
    return {
        "file": str(folder / ANSWER_FILE),
        "challenge": challenge.hex(),
        "challenge_answer": base64.b64encode(answer).decode("ascii"),
    }


def write_specimen(path: Path, content: bytes) -> None:
    """A new file. Raises Refused where there is one already."""
    try:
        with path.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise Refused(f"{path} exists and is not written over: choose another folder.") from None
