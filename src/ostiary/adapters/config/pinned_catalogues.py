"""The catalogues in force: the current one, and every version that an enablement is pinned to, read when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf
from threading import Lock

from ostiary.adapters.config.catalogue_file import parse
from ostiary.domain.catalogue.catalogue import Catalogue, Field
from ostiary.domain.catalogue.in_force import catalogue_with_later
from ostiary.domain.catalogue_changes.publications import Publication, in_force
from ostiary.domain.errors import CatalogueInvalid
from ostiary.telemetry.logs import get_logger

_log = get_logger("ostiary.catalogue")


def texts_named(version: str, source: str) -> frozenset[str] | None:
    """The hashes of the texts of terms that a kept catalogue names; None where it is no such version."""
    try:
        catalogue = parse(source, f"catalogue {version}", is_kept=True)
    except CatalogueInvalid:
        return None
    if catalogue.version != version:
        return None
    return frozenset(text.sha256 for terms in catalogue.terms.values() for text in terms.texts)


class PinnedCatalogues(Mapping[str, Catalogue]):
    """Catalogues by version, each with what the current one wants of all. `source_of` gives the kept source of a
    version that is not loaded yet. `current` is in force until the day of a publication comes."""

    def __init__(
        self,
        current: Catalogue,
        versions: list[str],
        source_of: Callable[[str], str | None],
        now_ms: Callable[[], int] = lambda: 0,
    ) -> None:
        self._current, self._source_of, self._now_ms = current, source_of, now_ms
        self._lock = Lock()
        """Held by whoever changes what is loaded: a thread follows publications while requests are served."""
        self._publications: tuple[Publication, ...] = ()
        self._next_ms: float = inf
        self._declared = {current.version: current}  # as they were published, without what is wanted of all
        self._loaded = dict(self._declared)
        for version in versions:
            self._load_if_readable(version)
        self._attributes = self._merged()

    @property
    def current(self) -> Catalogue:
        if self._now_ms() >= self._next_ms:
            self._choose()
        return self._current

    def follow(self, publications: Sequence[Publication]) -> None:
        """Takes what is published for what is in force, from each one's day on. Reads versions that are new, which
        takes a second: not in an event loop. Raises CatalogueInvalid where one cannot be read; then all stays."""
        if tuple(publications) == self._publications:
            return
        for publication in publications:
            if publication.is_effective:
                self[publication.version]
        with self._lock:
            self._publications = tuple(publications)
        self._choose()

    def _choose(self) -> None:
        with self._lock:
            self._choose_alone()

    def _choose_alone(self) -> None:
        now_ms = self._now_ms()
        publication = in_force(self._publications, now_ms)
        coming = [each.from_ms for each in self._publications if each.is_effective and each.from_ms > now_ms]
        self._next_ms = min(coming, default=inf)
        if publication is not None and publication.version != self._current.version:
            current = self._declared[publication.version]
            self._loaded = {key: catalogue_with_later(each, current) for key, each in self._declared.items()}
            self._current = current
            self._attributes = self._merged()

    @property
    def attributes(self) -> Mapping[str, Field]:
        """The attributes of every version there is; where versions differ, the current one's word counts."""
        return self._attributes

    def by_version(self) -> Mapping[str, Catalogue]:
        return self

    def declared(self, version: str) -> Catalogue:
        """A version as it was published, without what a later one wants of all. Raises CatalogueInvalid."""
        self[version]
        return self._declared[version]

    def __getitem__(self, version: str) -> Catalogue:
        loaded = self._loaded.get(version)
        if loaded is None:
            source = self._source_of(version)
            if source is None:
                raise CatalogueInvalid(f"Catalogue version {version} is pinned by a request but not kept.")
            loaded = parse(source, f"catalogue {version}", is_kept=True)
            if loaded.version != version:
                raise CatalogueInvalid(f"Catalogue version {version} was changed: what is kept is {loaded.version}.")
            with self._lock:
                self._declared[version] = loaded
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
            _log.error("catalogue_unreadable", catalogue=version)

    def _merged(self) -> Mapping[str, Field]:
        merged: dict[str, Field] = {}
        for catalogue in self._loaded.values():
            merged.update(catalogue.attributes)
        return {**merged, **self._current.attributes}

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
