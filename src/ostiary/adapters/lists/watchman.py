"""Moov's watchman, asked by `GET /v2/search` (https://moov-io.github.io/watchman/)."""

from __future__ import annotations

import msgspec

from ostiary.adapters.lists.asking import Asking
from ostiary.domain.screening import Hit, Screened, Subject

MOST_HITS, MOST_ASKED = 20, 100
"""Cleared entries cannot be excluded, so that as many more are asked for; watchman gives no more than a hundred."""


class _Person(msgspec.Struct):
    birth_date: str | None = msgspec.field(default=None, name="birthDate")


class _Entity(msgspec.Struct):
    name: str
    source_list: str = msgspec.field(name="sourceList")
    source_id: str = msgspec.field(name="sourceID")
    match: float
    person: _Person | None = None


class _Search(msgspec.Struct):
    entities: list[_Entity] | None = None


class _ListInfo(msgspec.Struct):
    hashes: dict[str, str] = msgspec.field(default_factory=dict, name="listHashes")


class Watchman:
    """One server with the lists it was started with."""

    def __init__(self, name: str, base_url: str, threshold: float) -> None:
        self._name, self._threshold = name, threshold
        self._asking = Asking(name, base_url, {})

    @property
    def name(self) -> str:
        return self._name

    async def version(self) -> str:
        """The hashes of its lists. Raises ScreeningUnavailable."""
        info = await self._asking.ask(_ListInfo, "GET", "/v2/listinfo")
        return ",".join(f"{name}-{value[:12]}" for name, value in sorted(info.hashes.items())) or "unknown"

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        """Entities at or above the threshold; each name is asked about. Raises ScreeningUnavailable."""
        version, found = await self.version(), dict[str, _Entity]()
        limit = min(MOST_ASKED, MOST_HITS + len(cleared))
        for name in subject.names:
            query = {"name": name, "type": "person", "limit": str(limit), "minMatch": str(self._threshold)}
            if subject.birth_date is not None:
                query["birthDate"] = subject.birth_date
            answer = await self._asking.ask(_Search, "GET", "/v2/search", params=query)
            for one in answer.entities or []:
                key = f"{one.source_list}:{one.source_id}"
                if one.match >= self._threshold and (key not in found or one.match > found[key].match):
                    found[key] = one
        hits = (self._hit(key, one, version) for key, one in found.items() if key not in cleared)
        nearest = sorted(hits, key=lambda one: -one.score)[:MOST_HITS]
        return Screened(self._name, version, self._threshold, tuple(nearest))

    async def close(self) -> None:
        await self._asking.close()

    def _hit(self, key: str, one: _Entity, version: str) -> Hit:
        born = one.person.birth_date if one.person is not None else None
        dates = (born[:10],) if born else ()
        score = round(min(1.0, one.match), 3)
        return Hit(self._name, version, key, one.name, score, self._threshold, (one.source_list,), dates)
