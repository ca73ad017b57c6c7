"""What another version of the catalogue would ask of one client: more, and no longer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement
from ostiary.domain.onboarding.requirements import Assessment
from ostiary.domain.value import value_type


class MoveOutcome(StrEnum):
    """What becomes of a request that is asked to go on by another version.

    `asks_more`: it stays, since more would be missing than anybody allowed. `not_offered`: the other version has no
    such product. `not_open`: it is submitted, enabled or over, so it stays under what it is judged by.
    """

    MOVES = "moves"
    THERE_ALREADY = "there_already"
    ASKS_MORE = "asks_more"
    NOT_OFFERED = "not_offered"
    NOT_OPEN = "not_open"


@value_type
class MoveEffect:
    """What it comes to for one request. `more` is what is missing then and not now, `less` the other way round, as
    `documents.ID`, `data.KEY` and `needs.ID`."""

    enablement: Enablement
    outcome: MoveOutcome
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()


@value_type
class MoveWish:
    """To which version requests shall go, and what may be asked more: names of products, or of what is asked for
    (`data.tax_id`)."""

    version: str
    may_ask_more: frozenset[str] = frozenset()


@value_type
class MoveEnablement:
    """A request goes on by another version of the catalogue."""

    enablement: Enablement


def missing_of(assessment: Assessment) -> tuple[str, ...]:
    """What is missing, by where it is declared; products that are to be enabled before, as `needs.ID`."""
    documents = (f"documents.{missing.requirement.id}" for missing in assessment.documents)
    data = (f"data.{field.key}" for group in assessment.data for field in group.fields)
    needed = (f"needs.{product}" for product in assessment.needed)
    return tuple(dict.fromkeys((*documents, *data, *needed)))


def unmovable(enablement: Enablement, target: Catalogue) -> MoveOutcome | None:
    """Why a request cannot go to a version, or is there; None where what it asks has to be looked at."""
    if enablement.catalogue_version == target.version:
        return MoveOutcome.THERE_ALREADY
    if enablement.status not in OPEN_TO_DOCUMENTS:
        return MoveOutcome.NOT_OPEN
    return None if enablement.product in target.products else MoveOutcome.NOT_OFFERED


def move_effect(
    enablement: Enablement, was: Sequence[str], becomes: Sequence[str], may_ask_more: Collection[str]
) -> MoveEffect:
    """What moving comes to, by what is missing before and after. Nobody is asked more unless the product, or each thing
    that is asked more, was named."""
    more = tuple([each for each in becomes if each not in was])
    less = tuple([each for each in was if each not in becomes])
    is_allowed = enablement.product in may_ask_more or all(each in may_ask_more for each in more)
    return MoveEffect(enablement, MoveOutcome.MOVES if is_allowed else MoveOutcome.ASKS_MORE, more, less)
