"""yente, OpenSanctions' own server, asked by `POST /match/{dataset}` (https://www.opensanctions.org/docs/yente/)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec

from ostiary.adapters.lists.client import Asking
from ostiary.adapters.lists.country_names import alpha3_of_code, code_of_alpha3
from ostiary.adapters.lists.transliteration import with_latin
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S
from ostiary.domain.screening.subject import Hit, ListStanding, Screened, ScreeningUnavailable, Subject

MOST_HITS, MOST_EXCLUDED = 20, 50
"""Of an address: yente takes so many excluded entries; what was cleared beyond them is left out of its answer."""
_ASKED = "client"
_COUNTRIES = ("country", "nationality", "citizenship")


class _Result(msgspec.Struct):
    id: str
    caption: str
    score: float
    properties: dict[str, list[Any]] = {}


class _Response(msgspec.Struct):
    results: list[_Result] = []


class _Match(msgspec.Struct):
    responses: dict[str, _Response]


class _Dataset(msgspec.Struct):
    name: str
    version: str | None = None
    index_version: str | None = None
    last_export: str | None = None


class _Catalog(msgspec.Struct):
    datasets: list[_Dataset] = []


@dataclass(frozen=True, slots=True)
class YenteDataset:
    """Which dataset of which server, and the key that the server asks for, if it does."""

    base_url: str
    dataset: str
    api_key: str = field(default="", repr=False)


class Yente:
    """One dataset of one server. `most_age_ms`: how old it may be before that is told; None: of any age."""

    def __init__(
        self,
        name: str,
        place: YenteDataset,
        threshold: float,
        *,
        timeout_s: float = ENDPOINT_TIMEOUT_S,
        most_age_ms: int | None = None,
    ) -> None:
        headers = {"authorization": f"ApiKey {place.api_key}"} if place.api_key else {}
        self._name, self._dataset, self._threshold = name, place.dataset, threshold
        self._asking = Asking(name, place.base_url, headers, timeout_s)
        self.most_age_ms = most_age_ms

    @property
    def name(self) -> str:
        return self._name

    async def standing(self) -> ListStanding:
        """Its version, and when the dataset was exported if the server says. Raises ScreeningUnavailable."""
        catalog = await self._asking.get(_Catalog, "/catalog")
        exported = next((dataset.last_export for dataset in catalog.datasets if dataset.name == self._dataset), None)
        return ListStanding(await self.version(), of_ms=_ms(exported))

    async def version(self) -> str:
        """What is indexed of the dataset, which may be older than what the catalog offers: hits come from the index.

        A dataset that is part of another has no index of its own. Raises ScreeningUnavailable.
        """
        catalog = await self._asking.get(_Catalog, "/catalog")
        for dataset in catalog.datasets:
            if dataset.name == self._dataset:
                return (
                    dataset.index_version
                    or _newest_index(catalog)
                    or dataset.version
                    or dataset.last_export
                    or "unknown"
                )
        raise ScreeningUnavailable(f"{self._name}: has no dataset {self._dataset}")

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        """Entries at or above the threshold. Raises ScreeningUnavailable."""
        version = await self.version()
        query = {"threshold": str(self._threshold), "limit": str(MOST_HITS + max(0, len(cleared) - MOST_EXCLUDED))}
        params = [*query.items(), *(("exclude_entity_ids", entry_id) for entry_id in sorted(cleared)[:MOST_EXCLUDED])]
        asked = {"queries": {_ASKED: _person(subject)}}
        path = f"/match/{quote(self._dataset, safe='')}"
        match = await self._asking.post(_Match, path, params, asked)
        if _ASKED not in match.responses:
            raise ScreeningUnavailable(f"{self._name}: the answer names no result of the query")
        results = (result for result in match.responses[_ASKED].results if result.score >= self._threshold)
        hits = tuple(self._hit(result, version) for result in results if result.id not in cleared)
        return Screened(self._name, version, self._threshold, hits)

    async def close(self) -> None:
        await self._asking.close()

    def _hit(self, result: _Result, version: str) -> Hit:
        names = {
            name: tuple(value for value in values if isinstance(value, str))
            for name, values in result.properties.items()
        }
        return Hit(
            list=self._name,
            version=version,
            entry_id=result.id,
            name=result.caption,
            score=round(min(1.0, result.score), 3),
            threshold=self._threshold,
            topics=names.get("topics", ()),
            birth_dates=names.get("birthDate", ()),
            countries=_alpha3(value for name in _COUNTRIES for value in names.get(name, ())),
        )


def _ms(exported: str | None) -> int | None:
    """A moment as ISO 8601 has it, in ms; one without a zone is UTC."""
    try:
        time = datetime.fromisoformat(exported or "")
    except ValueError:
        return None
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)


def _newest_index(catalog: _Catalog) -> str | None:
    return max(
        (dataset.index_version for dataset in catalog.datasets if dataset.index_version is not None), default=None
    )


def _alpha3(codes: Iterable[str]) -> tuple[str, ...]:
    """ISO 3166-1 alpha-3 for FollowTheMoney's codes; those that are no country (su, eu, ...) are left out."""
    return tuple(dict.fromkeys(filter(None, map(alpha3_of_code, codes))))


def _person(subject: Subject) -> dict[str, object]:
    """The client as an entity of FollowTheMoney."""
    properties: dict[str, list[str]] = {"name": list(with_latin(subject.names))}
    if subject.birth_date is not None:
        properties["birthDate"] = [subject.birth_date]
    properties["country"] = list(filter(None, map(code_of_alpha3, subject.countries)))
    return {"schema": "Person", "properties": {name: values for name, values in properties.items() if values}}
