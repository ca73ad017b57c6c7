"""Moov's watchman, asked by `GET /v2/search` (https://moov-io.github.io/watchman/)."""

from __future__ import annotations

import msgspec

from ostiary.adapters.lists.client import Asking
from ostiary.adapters.lists.transliteration import with_latin
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S
from ostiary.domain.screening.subject import Hit, ListStanding, Screened, Subject

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

    def __init__(self, name: str, base_url: str, threshold: float, timeout_s: float = ENDPOINT_TIMEOUT_S) -> None:
        self._name, self._threshold = name, threshold
        self._asking = Asking(name, base_url, {}, timeout_s)

    @property
    def name(self) -> str:
        return self._name

    @property
    def most_age_ms(self) -> None:
        """It says nothing of how old its lists are."""

    async def standing(self) -> ListStanding:
        """Raises ScreeningUnavailable."""
        return ListStanding(await self.version())

    async def version(self) -> str:
        """The hashes of its lists. Raises ScreeningUnavailable."""
        info = await self._asking.get(_ListInfo, "/v2/listinfo")
        return ",".join(f"{name}-{value[:12]}" for name, value in sorted(info.hashes.items())) or "unknown"

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        """Entities at or above the threshold; each name is asked about. Raises ScreeningUnavailable."""
        version, entities = await self.version(), dict[str, _Entity]()
        limit = min(MOST_ASKED, MOST_HITS + len(cleared))
        for name in with_latin(subject.names):
            query = {"name": name, "type": "person", "limit": str(limit), "minMatch": str(self._threshold)}
            if subject.birth_date is not None:
                query["birthDate"] = subject.birth_date
            answer = await self._asking.get(_Search, "/v2/search", query)
            for entity in answer.entities or []:
                key = f"{entity.source_list}:{entity.source_id}"
                if entity.match >= self._threshold and (key not in entities or entity.match > entities[key].match):
                    entities[key] = entity
        hits = (self._hit(key, entity, version) for key, entity in entities.items() if key not in cleared)
        nearest = sorted(hits, key=lambda hit: -hit.score)[:MOST_HITS]
        return Screened(self._name, version, self._threshold, tuple(nearest))

    async def close(self) -> None:
        await self._asking.close()

    def _hit(self, key: str, entity: _Entity, version: str) -> Hit:
        born = entity.person.birth_date if entity.person is not None else None
        dates = (born[:10],) if born else ()
        score = round(min(1.0, entity.match), 3)
        return Hit(
            list=self._name,
            version=version,
            entry_id=key,
            name=entity.name,
            score=score,
            threshold=self._threshold,
            topics=(entity.source_list,),
            birth_dates=dates,
        )
