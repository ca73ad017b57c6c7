"""The providers file: who reviews submissions besides the built-in provider, and lists to screen against.

See docs/providers.md and docs/screening.md.

Secrets are in files of their own, named here, so that this one can be kept with the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.adapters.catalogue_entries import Entry, declarations, pairs, text_of
from ostiary.adapters.providers.http_provider import HttpProvider, HttpSettings
from ostiary.adapters.providers.sumsub import Sumsub, SumsubSettings
from ostiary.adapters.providers_reading import Reading
from ostiary.adapters.screening_file import screening_lists
from ostiary.adapters.yaml_nodes import MOST_BYTES, Faults, compose
from ostiary.domain.errors import Fault, ProvidersInvalid
from ostiary.domain.providers import Provider
from ostiary.domain.screening import Screening

SUMSUB_URL = "https://api.sumsub.com"
SECTIONS = ("providers", "screening")
_KEYS = {
    "http": ("kind", "url", "secret_files"),
    "sumsub": ("kind", "base_url", "app_token_file", "secret_key_file", "webhook_secret_files", "levels"),
}
_EVERY_KEY = tuple(dict.fromkeys(key for keys in _KEYS.values() for key in keys))


@dataclass(frozen=True, slots=True)
class Configured:
    """What the file declares: makers of the providers, by name, and the lists to screen against."""

    makers: Mapping[str, Callable[[], Provider]] = field(default_factory=dict)
    lists: tuple[Screening, ...] = ()

    def providers(self) -> dict[str, Provider]:
        return {name: make() for name, make in self.makers.items()}


def load(path: Path | None, public_url: str) -> Configured:
    """What the file declares; nothing without one. Raises ProvidersInvalid with every fault."""
    if path is None:
        return Configured()
    try:
        with path.open("rb") as file:
            source = file.read(MOST_BYTES + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "is not UTF-8"
        raise ProvidersInvalid(f"{path}: {why}", faults=(Fault(str(path), "unreadable", str(why)),)) from None
    faults = Faults(str(path), source, ProvidersInvalid)
    root = compose(source, faults)
    if root is None:
        faults.raise_if_any()
        return Configured()
    reading, sections = Reading(faults, path.parent, public_url), Entry(faults, root, root, SECTIONS)
    found, lists = dict(_providers(reading, sections)), tuple(screening_lists(reading, sections.node("screening")))
    faults.raise_if_any()
    return Configured(found, lists)


def _providers(reading: Reading, sections: Entry) -> Iterator[tuple[str, Callable[[], Provider]]]:
    section = sections.node("providers")
    for key, value in declarations(reading.faults, section, section) if section else ():
        name: str = key.value
        if name == "builtin":
            reading.faults.add(key, "name_taken", "builtin is the service's own; choose another name")
        kind = Entry(Faults("", ""), key, value, _EVERY_KEY).text("kind")
        if kind not in _KEYS:
            Entry(reading.faults, key, value, _EVERY_KEY).needed("kind")
            reading.faults.add(value, "unknown_choice", f"kind must be one of {', '.join(_KEYS)}")
            continue
        entry = Entry(reading.faults, key, value, _KEYS[kind])
        yield name, _MAKERS[kind](reading, name, entry)


def _http(reading: Reading, name: str, entry: Entry) -> Callable[[], Provider]:
    url, secrets = reading.url(entry, "url"), reading.secrets(entry, "secret_files")
    if any(not one.startswith("whsec_") for one in secrets):
        entry.fault("secret_files", "bad_secret", "must hold secrets of Standard Webhooks: whsec_ and base64")
    _need_public_url(reading, entry)
    settings = HttpSettings(name, url, secrets, f"{reading.public_url}/providers/{name}/verdicts")
    return lambda: HttpProvider(settings)


def _sumsub(reading: Reading, name: str, entry: Entry) -> Callable[[], Provider]:
    base_url = reading.url(entry, "base_url") if entry.node("base_url") is not None else SUMSUB_URL
    app_token, secret_key = reading.secret(entry, "app_token_file"), reading.secret(entry, "secret_key_file")
    webhook_secrets, levels = reading.secrets(entry, "webhook_secret_files"), dict(_levels(reading, entry))
    try:
        settings = SumsubSettings(name, base_url, app_token, secret_key, webhook_secrets, levels)
    except ValueError as problem:
        entry.fault("kind", "incomplete", str(problem))
        return _never
    return lambda: Sumsub(settings)


def _levels(reading: Reading, entry: Entry) -> Iterator[tuple[str, str]]:
    node = entry.needed("levels")
    for key, value in pairs(reading.faults, node, node, "product: level name") if node is not None else ():
        level = text_of(reading.faults, value)
        if level is not None:
            yield key.value, level


def _never() -> Provider:
    raise ProvidersInvalid


def _need_public_url(reading: Reading, entry: Entry) -> None:
    if not reading.public_url:
        entry.fault("kind", "setting_missing", "needs OSTIARY_PUBLIC_URL: where the provider reaches this service")


_MAKERS: dict[str, Callable[[Reading, str, Entry], Callable[[], Provider]]] = {
    "http": _http,
    "sumsub": _sumsub,
}


def check_named(configured: Configured, named: Mapping[str, str]) -> None:
    """Raises ProvidersInvalid for a provider that a product of the catalogue names and the file does not declare."""
    for product, provider in named.items():
        if provider and provider not in configured.makers:
            known = ", ".join(["builtin", *configured.makers])
            message = f"The catalogue's product {product} names the provider {provider}; declared are: {known}"
            raise ProvidersInvalid(message, faults=(Fault("OSTIARY_PROVIDERS", "unknown_provider", message),))
