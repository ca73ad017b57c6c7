"""What a catalogue would ask of the clients there are, if their requests were judged by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue_changes.effects import MoveEffect, MoveOutcome, move_effect
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS
from ostiary.domain.value import replace


def previewed(
    dossier: Dossier, catalogues: Mapping[str, Catalogue], target: Catalogue, today: date
) -> Iterator[MoveEffect]:
    """Of each live request: open ones as if moved, the others as if renewed under the target."""
    by_version = {**catalogues, target.version: target}
    for enablement in dossier.enablements:
        if not enablement.is_live:
            continue
        if enablement.catalogue_version == target.version:
            yield MoveEffect(enablement, MoveOutcome.THERE_ALREADY)
        elif enablement.product not in target.products:
            yield MoveEffect(enablement, MoveOutcome.NOT_OFFERED)
        else:
            after = replace(enablement, catalogue_version=target.version)
            was, becomes = (dossier.assess(each, by_version, today) for each in (enablement, after))
            effect = move_effect(enablement, was, becomes, ())
            is_open = enablement.status in OPEN_TO_DOCUMENTS
            yield effect if is_open else replace(effect, outcome=MoveOutcome.NOT_OPEN)
