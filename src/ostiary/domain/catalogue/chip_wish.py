"""What a kind of document asks of its chip, as declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChipWanted(StrEnum):
    """Whether a chip's files are taken with a document, or have to come."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class ChipPictures(StrEnum):
    """Which pictures are asked for. `unless_chip`: none where a chip's files come, and prove the document."""

    ALWAYS = "always"
    UNLESS_CHIP = "unless_chip"


@dataclass(frozen=True, slots=True)
class ChipWish:
    """`keeps_portrait`: the portrait on it is kept for operators; else it is verified with the rest, and dropped.
    `demands_presence`: it has to show by a challenge that it is there, and nothing is proven else."""

    wanted: ChipWanted = ChipWanted.NONE
    pictures: ChipPictures = ChipPictures.ALWAYS
    keeps_portrait: bool = False
    demands_presence: bool = False

    @property
    def is_taken(self) -> bool:
        return self.wanted is not ChipWanted.NONE

    @property
    def is_demanded(self) -> bool:
        """Whether nothing can be sent without one: by an app alone, since browsers read no chips."""
        return self.wanted is ChipWanted.REQUIRED

    @property
    def spares_pictures(self) -> bool:
        """Whether pictures may be left out where a chip's files come."""
        return self.is_taken and self.pictures is ChipPictures.UNLESS_CHIP


NO_CHIP = ChipWish()
