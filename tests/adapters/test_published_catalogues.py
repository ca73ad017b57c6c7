"""Which catalogue is in force: the one whose publication's day came last, and the file's as long as none has."""

from __future__ import annotations

import pytest

from ostiary.adapters.config.catalogue_file import parse
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.domain.catalogue_changes.publications import Publication, PublicationState
from ostiary.domain.errors import CatalogueInvalid

SOURCES = {
    name: f"attributes: {{{name}: {{name: A, type: STRING}}}}\nproducts: {{{name}: {{name: P}}}}\n" for name in "abc"
}
CATALOGUES = {name: parse(source, name) for name, source in SOURCES.items()}


class Time:
    """A clock that is set."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


def publication(name: str, from_ms: int, state: PublicationState = PublicationState.PUBLISHED) -> Publication:
    return Publication(f"{from_ms:05}{name}", CATALOGUES[name].version, state, from_ms, 0, "operator:ana", "Why")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def catalogues(time: Time) -> PinnedCatalogues:
    sources = {each.version: each.source for each in CATALOGUES.values()}
    return PinnedCatalogues(CATALOGUES["a"], [], sources.get, time)


def test_the_day_of_a_publication_comes_without_anybody_following(catalogues: PinnedCatalogues, time: Time) -> None:
    catalogues.follow([publication("b", 10), publication("c", 20)])
    products: list[str] = []
    for time.ms in (0, 9, 10, 19, 20, 21):
        products.append(*catalogues.current.products)
    assert products == ["a", "a", "b", "b", "c", "c"]
    assert list(catalogues.attributes) == ["a", "b", "c"]


def test_of_two_of_one_moment_the_later_counts(catalogues: PinnedCatalogues) -> None:
    catalogues.follow([publication("c", 0), publication("b", 0)])
    assert list(catalogues.current.products) == ["c"]


@pytest.mark.parametrize("state", [PublicationState.PROPOSED, PublicationState.WITHDRAWN])
def test_what_is_not_published_does_not_count(catalogues: PinnedCatalogues, state: PublicationState) -> None:
    catalogues.follow([publication("b", 0, state)])
    assert list(catalogues.current.products) == ["a"]


def test_what_cannot_be_read_changes_nothing(catalogues: PinnedCatalogues) -> None:
    catalogues.follow([publication("b", 0)])
    unknown = Publication("z", "0" * 32, PublicationState.PUBLISHED, 0, 0, "operator:ana", "Why")
    with pytest.raises(CatalogueInvalid):
        catalogues.follow([publication("b", 0), unknown])
    assert list(catalogues.current.products) == ["b"]


def test_what_a_published_catalogue_wants_of_all_is_added_to_every_earlier_one(time: Time) -> None:
    asked = "data: {more: {name: More, fields: [x], from: 2027-07-10, for: all}}"
    later = f"attributes: {{x: {{name: X, type: STRING}}}}\nproducts: {{a: {{name: P, {asked}}}}}\n"
    wanted = parse(later, "later")
    catalogues = PinnedCatalogues(CATALOGUES["a"], [], {wanted.version: later}.get, time)
    pinned = CATALOGUES["a"].version
    assert catalogues[pinned].products["a"].data == ()
    catalogues.follow([Publication("z", wanted.version, PublicationState.PUBLISHED, 5, 0, "operator:ana", "Why")])
    assert catalogues[pinned].products["a"].data == ()
    time.ms = 5
    assert list(catalogues.current.products["a"].data) == list(catalogues[pinned].products["a"].data) != []
    assert catalogues.declared(pinned).products["a"].data == (), "what differs is told of versions as they are declared"
