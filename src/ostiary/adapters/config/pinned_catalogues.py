"""The catalogues in force: the current one, and every version that an enablement is pinned to, read when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import structlog

from ostiary.adapters.config.catalogue_file import parse
from ostiary.domain.catalogue.catalogue import Catalogue, Field
from ostiary.domain.catalogue.in_force import catalogue_with_later
from ostiary.domain.errors import CatalogueInvalid


def is_itself(version: str, source: str) -> bool:
    """Whether a kept source is the catalogue of its version."""
    try:
        return parse(source, f"catalogue {version}", is_kept=True).version == version
    except CatalogueInvalid:
        return False


class PinnedCatalogues(Mapping[str, Catalogue]):
    """Catalogues by version, each with what the current one wants of all. `source_of` gives the kept source of a
    version that is not loaded yet."""

    def __init__(self, current: Catalogue, versions: list[str], source_of: Callable[[str], str | None]) -> None:
        self._current, self._source_of = current, source_of
        self._loaded = {current.version: current}
        for version in versions:
            self._load_if_readable(version)
        self._attributes = self._merged()

    @property
    def current(self) -> Catalogue:
        return self._current

    @property
    def attributes(self) -> Mapping[str, Field]:
        """The attributes of every version there is; where versions differ, the current one's word counts."""
        return self._attributes

    def by_version(self) -> Mapping[str, Catalogue]:
        return self

    def __getitem__(self, version: str) -> Catalogue:
        loaded = self._loaded.get(version)
        if loaded is None:
            source = self._source_of(version)
            if source is None:
                raise CatalogueInvalid(f"Catalogue version {version} is pinned by a request but not kept.")
            loaded = parse(source, f"catalogue {version}", is_kept=True)
            if loaded.version != version:
                raise CatalogueInvalid(f"Catalogue version {version} was changed: what is kept is {loaded.version}.")
            loaded = catalogue_with_later(loaded, self._current)
            self._loaded[version] = loaded
            self._attributes = self._merged()
        return loaded

    def _load_if_readable(self, version: str) -> None:
        """A version that stricter rules no longer take must not keep the service from starting: only what is pinned
        to it fails, when it is asked for."""
        try:
            self[version]
        except CatalogueInvalid:
            structlog.get_logger("ostiary.catalogue").error("catalogue_unreadable", catalogue=version)

    def _merged(self) -> Mapping[str, Field]:
        merged: dict[str, Field] = {}
        for catalogue in self._loaded.values():
            merged.update(catalogue.attributes)
        return {**merged, **self._current.attributes}

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
