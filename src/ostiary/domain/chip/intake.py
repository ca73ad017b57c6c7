"""What is wrong with a chip's files as they come: form alone. Whom to believe is asked when the document is judged,
since an answer at once would tell a forger."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.chip.limits import MOST_ANSWER_BYTES, MOST_BYTES, ChipFile
from ostiary.domain.chip.reading import ChipReading, ChipTrouble
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.value import value_type

NEEDED = (ChipFile.SOD, ChipFile.DG1)


class ChallengeUse(StrEnum):
    """How the challenge stands that came with a chip. `gone`: it is unknown, was answered before, or its time is up."""

    NONE = "none"
    ANSWERED = "answered"
    WITHOUT_ANSWER = "without_answer"
    ANSWER_TOO_LARGE = "answer_too_large"
    WITHOUT_CHALLENGE = "without_challenge"
    GONE = "gone"


@value_type
class ChipIntake:
    """A chip as it came: how large each file is, what they say of themselves, and how its challenge stands."""

    sizes: dict[ChipFile, int]
    reading: ChipReading
    challenge: ChallengeUse = ChallengeUse.NONE


_PRESENCE_WANTED = N_("The chip has to show that it is there, by signing a challenge.")
_ASK = N_(
    "Ask for a challenge (POST chip-challenge of the request), let the chip sign it, and send its id, the answer and "
    "the chip's key (DG15)."
)
_GONE = N_("The challenge is unknown, was answered before, or its time is up.")
_ASK_AGAIN = N_("Ask for another challenge, let the chip sign it, and send its files anew.")


def chip_problems(kind: DocumentType, intake: ChipIntake | None) -> tuple[Rejection, ...]:
    """Every problem of what came, or that nothing came where it has to."""
    if intake is None:
        return (reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_MISSING, "chip"),) if kind.chip.is_demanded else ()
    return (*_file_problems(kind, intake), *_challenge_problems(kind, intake))


def _presence_problems(kind: DocumentType, intake: ChipIntake) -> Iterator[Rejection]:
    """A chip that can show its presence has to, where the catalogue says so. What it has is signed, so that nobody who
    copied its files can leave the key out."""
    if not kind.chip.demands_presence or not intake.reading.lists_key:
        return
    missing = [] if intake.sizes.get(ChipFile.DG15) else [f"chip.{ChipFile.DG15}"]
    for field in (*missing, "chip.challenge_answer"):
        yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_MISSING, field, reason=_PRESENCE_WANTED, action=_ASK)


def _file_problems(kind: DocumentType, intake: ChipIntake) -> Iterator[Rejection]:
    missing = [name for name in NEEDED if not intake.sizes.get(name)]
    large = [name for name, size in intake.sizes.items() if size > MOST_BYTES[name]]
    for name in missing:
        yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_MISSING, f"chip.{name}")
    for name in large:
        reason = sentence("%(file)s of the chip has more than %(most)s bytes.", file=name, most=f"{MOST_BYTES[name]:,}")
        yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_INVALID, f"chip.{name}", reason=reason)
    if missing or large:
        return
    if intake.reading.trouble not in (None, ChipTrouble.UNSUPPORTED):
        yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_INVALID, "chip")
    for group in intake.reading.groups:
        if not (group.is_listed and group.fits):
            yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_INVALID, f"chip.{group.name}")


def _challenge_problems(kind: DocumentType, intake: ChipIntake) -> Iterator[Rejection]:
    match intake.challenge:
        case ChallengeUse.WITHOUT_ANSWER:
            yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_MISSING, "chip.challenge_answer", action=_ASK)
        case ChallengeUse.ANSWER_TOO_LARGE:
            reason = sentence(
                "%(file)s of the chip has more than %(most)s bytes.",
                file="challenge_answer",
                most=f"{MOST_ANSWER_BYTES:,}",
            )
            yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_INVALID, "chip.challenge_answer", reason=reason)
        case ChallengeUse.WITHOUT_CHALLENGE:
            yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_MISSING, "chip.challenge_id", action=_ASK)
        case ChallengeUse.GONE:
            yield reject(
                Kind.DOCUMENT, kind.id, Code.CHIP_DATA_INVALID, "chip.challenge_id", reason=_GONE, action=_ASK_AGAIN
            )
        case ChallengeUse.ANSWERED if not intake.sizes.get(ChipFile.DG15):
            yield reject(Kind.DOCUMENT, kind.id, Code.CHIP_DATA_MISSING, f"chip.{ChipFile.DG15}", action=_ASK)
        case ChallengeUse.NONE:
            yield from _presence_problems(kind, intake)
        case _:
            pass
