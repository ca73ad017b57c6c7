"""The `screening` section of the providers file: lists kept here, or asked of yente or watchman."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import yaml

from ostiary.adapters.catalogue_entries import Entry, declarations
from ostiary.adapters.lists.local_list import LocalList
from ostiary.adapters.lists.watchman import Watchman
from ostiary.adapters.lists.yente import Yente
from ostiary.adapters.providers_reading import Reading
from ostiary.adapters.yaml_nodes import Faults
from ostiary.domain.list_matching import DEFAULT_THRESHOLD
from ostiary.domain.screening import Screening

SERVICE_THRESHOLD = 0.7
"""What yente and watchman recommend for their own scores."""
LEAST_THRESHOLD = 0.5
"""Below this half of all clients resemble somebody."""
_KEYS = {
    "local": ("kind", "file", "threshold"),
    "yente": ("kind", "url", "dataset", "threshold", "api_key_file"),
    "watchman": ("kind", "url", "threshold"),
}
_EVERY_KEY = tuple(dict.fromkeys(key for keys in _KEYS.values() for key in keys))


def screening_lists(reading: Reading, section: yaml.Node | None) -> Iterator[Screening]:
    """The lists that the section declares; each fault is noted with its place."""
    for key, value in declarations(reading.faults, section, section) if section is not None else ():
        kind = Entry(Faults("", ""), key, value, _EVERY_KEY).text("kind")
        if kind not in _KEYS:
            reading.faults.add(value, "unknown_choice", f"kind must be one of {', '.join(_KEYS)}")
            continue
        yield _MAKERS[kind](reading, key.value, Entry(reading.faults, key, value, _KEYS[kind]))


def _local(reading: Reading, name: str, entry: Entry) -> Screening:
    file = entry.needed_text("file") or ""
    path = reading.folder / file
    if file and not path.is_file():
        entry.fault("file", "unreadable", "there is no such file")
    return LocalList(name, path, _threshold(entry, DEFAULT_THRESHOLD))


def _yente(reading: Reading, name: str, entry: Entry) -> Screening:
    api_key = reading.secret(entry, "api_key_file") if entry.node("api_key_file") is not None else ""
    dataset = entry.text("dataset") or "default"
    return Yente(name, reading.url(entry, "url"), dataset, _threshold(entry, SERVICE_THRESHOLD), api_key)


def _watchman(reading: Reading, name: str, entry: Entry) -> Screening:
    return Watchman(name, reading.url(entry, "url"), _threshold(entry, SERVICE_THRESHOLD))


def _threshold(entry: Entry, usual: float) -> float:
    given = entry.number("threshold")
    if given is None:
        return usual
    if not LEAST_THRESHOLD <= given <= 1:
        entry.fault("threshold", "wrong_number", f"must be from {LEAST_THRESHOLD} to 1")
    return float(given)


_MAKERS: dict[str, Callable[[Reading, str, Entry], Screening]] = {
    "local": _local,
    "yente": _yente,
    "watchman": _watchman,
}
