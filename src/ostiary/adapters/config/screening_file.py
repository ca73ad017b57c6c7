"""The `screening` section of the providers file: lists kept here, or asked of yente or watchman."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import yaml

from ostiary.adapters.config.entries import FileEntry, declarations
from ostiary.adapters.config.secret_files import SectionReading
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.adapters.lists.local_list import LocalList
from ostiary.adapters.lists.watchman import Watchman
from ostiary.adapters.lists.yente import Yente, YenteDataset
from ostiary.domain.screening.matching import DEFAULT_THRESHOLD
from ostiary.domain.screening.subject import Screening
from ostiary.domain.times import DAY_MS

SERVICE_THRESHOLD = 0.7
"""What yente and watchman recommend for their own scores."""
MAX_AGE_DAYS, LONGEST_AGE_DAYS = 7, 3650
"""Publishers of sanctions lists change them every few days; an own list may say that it is kept for years."""
LEAST_THRESHOLD = 0.5
"""Below this half of all clients resemble somebody."""
_KEYS = {
    "local": ("kind", "file", "threshold", "max_age_days"),
    "yente": ("kind", "url", "dataset", "threshold", "api_key_file", "max_age_days"),
    "watchman": ("kind", "url", "threshold"),
}
_EVERY_KEY = tuple(dict.fromkeys(key for keys in _KEYS.values() for key in keys))


def screening_lists(reading: SectionReading, section: yaml.Node | None) -> Iterator[Screening]:
    """The lists that the section declares; each fault is noted with its place."""
    for key, value in declarations(reading.faults, section, section) if section is not None else ():
        kind = FileEntry(Faults("", ""), key, value, _EVERY_KEY).text("kind")
        if kind not in _KEYS:
            reading.faults.add(value, "unknown_choice", f"kind must be one of {', '.join(_KEYS)}")
            continue
        yield _MAKERS[kind](reading, key.value, FileEntry(reading.faults, key, value, _KEYS[kind]))


def _local(reading: SectionReading, name: str, entry: FileEntry) -> Screening:
    file = entry.needed_text("file") or ""
    path = reading.folder / file
    if file and not path.is_file():
        entry.fault("file", "unreadable", "there is no such file")
    return LocalList(name, path, _threshold(entry, DEFAULT_THRESHOLD), _most_age_ms(entry))


def _yente(reading: SectionReading, name: str, entry: FileEntry) -> Screening:
    api_key = reading.secret(entry, "api_key_file") if entry.node("api_key_file") is not None else ""
    dataset = entry.text("dataset") or "default"
    url, threshold = reading.url(entry, "url"), _threshold(entry, SERVICE_THRESHOLD)
    age_ms = _most_age_ms(entry)
    place = YenteDataset(url, dataset, api_key)
    return Yente(name, place, threshold, timeout_s=reading.timeout_s, most_age_ms=age_ms)


def _watchman(reading: SectionReading, name: str, entry: FileEntry) -> Screening:
    return Watchman(name, reading.url(entry, "url"), _threshold(entry, SERVICE_THRESHOLD), reading.timeout_s)


def _threshold(entry: FileEntry, usual: float) -> float:
    given = entry.number("threshold")
    if given is None:
        return usual
    if not LEAST_THRESHOLD <= given <= 1:
        entry.fault("threshold", "wrong_number", f"must be from {LEAST_THRESHOLD} to 1")
    return float(given)


def _most_age_ms(entry: FileEntry) -> int:
    given = entry.number("max_age_days")
    if given is None:
        return MAX_AGE_DAYS * DAY_MS
    if not 0 < given <= LONGEST_AGE_DAYS:
        entry.fault("max_age_days", "wrong_number", f"must be more than 0 and at most {LONGEST_AGE_DAYS}")
    return int(given * DAY_MS)


_MAKERS: dict[str, Callable[[SectionReading, str, FileEntry], Screening]] = {
    "local": _local,
    "yente": _yente,
    "watchman": _watchman,
}
