"""How differences between catalogues are told: where they count, and what they come to."""

from __future__ import annotations

import pytest

from ostiary.domain.catalogue_changes.changes import (
    CatalogueChange,
    CatalogueDifference,
    ChangeKind,
    OfferChange,
    ProductDifference,
)
from ostiary.domain.catalogue_changes.publications import PublicationState
from ostiary.domain.catalogue_changes.wording import KIND_WORDS, MOST_NAMED, STATE_WORDS, summary, where_words

EVERY = [f"C{number:02}" for number in range(40)]


@pytest.mark.parametrize(("countries", "words"), [
    (None, None),
    (["C01"], "in C01"),
    (EVERY[:MOST_NAMED], f"in {', '.join(EVERY[:MOST_NAMED])}"),
    (EVERY[2:], "everywhere but in C00, C01"),
    (EVERY[MOST_NAMED:], f"everywhere but in {', '.join(EVERY[:MOST_NAMED])}"),
    (EVERY[:20], f"in 20 countries: {', '.join(EVERY[:20])}"),
])  # fmt: skip
def test_countries_are_named_or_those_that_it_does_not_concern(countries: list[str] | None, words: str | None) -> None:
    assert where_words(countries, EVERY) == words


@pytest.mark.parametrize("kind", ChangeKind)
def test_what_it_comes_to_is_said_of_the_whole(kind: ChangeKind) -> None:
    change = CatalogueChange(kind, "minimum_age", "21, it was 18")
    whole = CatalogueDifference("a", "b", (ProductDifference("p", "P", OfferChange.CHANGED, (change,)),))
    assert summary(whole).startswith("Some clients may" if change.asks_more else "Nobody is asked more")


def test_every_kind_and_state_has_words() -> None:
    assert (set(KIND_WORDS), set(STATE_WORDS)) == (set(ChangeKind), set(PublicationState))
