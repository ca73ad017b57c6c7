"""yente, OpenSanctions' own server, asked by `POST /match/{dataset}` (https://www.opensanctions.org/docs/yente/)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import msgspec
import pycountry

from ostiary.adapters.lists.asking import Asking
from ostiary.domain.screening import Hit, Screened, ScreeningUnavailable, Subject

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


class Yente:
    """One dataset of one server."""

    def __init__(self, name: str, base_url: str, dataset: str, threshold: float, api_key: str = "") -> None:
        headers = {"authorization": f"ApiKey {api_key}"} if api_key else {}
        self._name, self._dataset, self._threshold = name, dataset, threshold
        self._asking = Asking(name, base_url, headers)

    @property
    def name(self) -> str:
        return self._name

    async def version(self) -> str:
        """What is indexed of the dataset, which may be older than what the catalog offers: hits come from the index.

        A dataset that is part of another has no index of its own. Raises ScreeningUnavailable.
        """
        catalog = await self._asking.ask(_Catalog, "GET", "/catalog")
        for one in catalog.datasets:
            if one.name == self._dataset:
                return one.index_version or _newest_index(catalog) or one.version or one.last_export or "unknown"
        raise ScreeningUnavailable(f"{self._name}: has no dataset {self._dataset}")

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        """Entries at or above the threshold. Raises ScreeningUnavailable."""
        version = await self.version()
        query = {"threshold": str(self._threshold), "limit": str(MOST_HITS + max(0, len(cleared) - MOST_EXCLUDED))}
        params = [*query.items(), *(("exclude_entity_ids", one) for one in sorted(cleared)[:MOST_EXCLUDED])]
        asked = {"queries": {_ASKED: _person(subject)}}
        path = f"/match/{quote(self._dataset, safe='')}"
        match = await self._asking.ask(_Match, "POST", path, params=params, json=asked)
        if _ASKED not in match.responses:
            raise ScreeningUnavailable(f"{self._name}: the answer names no result of the query")
        results = (one for one in match.responses[_ASKED].results if one.score >= self._threshold)
        hits = tuple(self._hit(one, version) for one in results if one.id not in cleared)
        return Screened(self._name, version, self._threshold, hits)

    async def close(self) -> None:
        await self._asking.close()

    def _hit(self, one: _Result, version: str) -> Hit:
        known = {name: tuple(map(str, values)) for name, values in one.properties.items()}
        return Hit(
            self._name, version, one.id, one.caption, round(min(1.0, one.score), 3), self._threshold,
            known.get("topics", ()), known.get("birthDate", ()),
            _alpha3(value for name in _COUNTRIES for value in known.get(name, ())),
        )  # fmt: skip


def _newest_index(catalog: _Catalog) -> str | None:
    return max((one.index_version for one in catalog.datasets if one.index_version is not None), default=None)


def _alpha3(countries: Iterable[str]) -> tuple[str, ...]:
    """ISO 3166-1 alpha-3 for FollowTheMoney's lower-case alpha-2; its other codes (su, eu, ...) are left out."""
    known = (pycountry.countries.get(alpha_2=one.upper()) for one in dict.fromkeys(countries))
    return tuple(str(one.alpha_3) for one in known if one is not None)


def _person(subject: Subject) -> dict[str, object]:
    """The client as an entity of FollowTheMoney."""
    properties: dict[str, list[str]] = {"name": list(subject.names)}
    if subject.birth_date is not None:
        properties["birthDate"] = [subject.birth_date]
    countries = (pycountry.countries.get(alpha_3=one) for one in subject.countries)
    properties["country"] = [str(one.alpha_2).lower() for one in countries if one is not None]
    return {"schema": "Person", "properties": {name: values for name, values in properties.items() if values}}
