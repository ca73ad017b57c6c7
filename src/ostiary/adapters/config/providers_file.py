"""The providers file: who reviews submissions besides the built-in provider, lists to screen against, and by whom
operators sign in.

See docs/providers.md, docs/screening.md and docs/console.md.

Secrets are in files of their own, named here, so that this one can be kept with the catalogue.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.adapters.config.entries import FileEntry, declarations, pairs, text_of
from ostiary.adapters.config.screening_file import screening_lists
from ostiary.adapters.config.secret_files import SectionReading
from ostiary.adapters.config.sign_in_file import federations
from ostiary.adapters.config.yaml_nodes import MOST_BYTES, Faults, compose
from ostiary.adapters.providers.http_provider import HttpProvider, HttpSettings
from ostiary.adapters.providers.sumsub import Sumsub, SumsubSettings
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S
from ostiary.domain.errors import Fault, ProvidersInvalid
from ostiary.domain.operators.federation import Federation
from ostiary.domain.providers.provider import Provider
from ostiary.domain.screening.subject import Screening

SUMSUB_URL = "https://api.sumsub.com"
SECTIONS = ("providers", "screening", "sign_in")
_KEYS = {
    "http": ("kind", "url", "secret_files"),
    "sumsub": ("kind", "base_url", "app_token_file", "secret_key_file", "webhook_secret_files", "levels"),
}
_WHSEC = re.compile(r"whsec_([A-Za-z0-9+/]+)={0,2}", re.ASCII)
_EVERY_KEY = tuple(dict.fromkeys(key for keys in _KEYS.values() for key in keys))


@dataclass(frozen=True, slots=True)
class Configured:
    """What the file declares: makers of the providers, by name, the lists to screen against, and who vouches for
    operators."""

    makers: Mapping[str, Callable[[], Provider]] = field(default_factory=dict)
    lists: tuple[Screening, ...] = ()
    federations: tuple[Federation, ...] = ()

    def providers(self) -> dict[str, Provider]:
        return {name: make() for name, make in self.makers.items()}


def load(path: Path | None, public_url: str, timeout_s: float = ENDPOINT_TIMEOUT_S) -> Configured:
    """What the file declares; nothing without one. `timeout_s` is how long a request to any of them may take.

    Raises ProvidersInvalid with every fault.
    """
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
    reading = SectionReading(faults, path.parent, public_url, timeout_s)
    sections = FileEntry(faults, root, root, SECTIONS)
    makers, lists = dict(_providers(reading, sections)), tuple(screening_lists(reading, sections.node("screening")))
    vouching = tuple(federations(reading, sections.node("sign_in")))
    faults.raise_if_any()
    return Configured(makers, lists, vouching)


def _providers(reading: SectionReading, sections: FileEntry) -> Iterator[tuple[str, Callable[[], Provider]]]:
    section = sections.node("providers")
    for key, value in declarations(reading.faults, section, section) if section else ():
        name: str = key.value
        if name == "builtin":
            reading.faults.add(key, "name_taken", "builtin is the service's own; choose another name")
        kind = FileEntry(Faults("", ""), key, value, _EVERY_KEY).text("kind")
        if kind not in _KEYS:
            FileEntry(reading.faults, key, value, _EVERY_KEY).needed("kind")
            reading.faults.add(value, "unknown_choice", f"kind must be one of {', '.join(_KEYS)}")
            continue
        entry = FileEntry(reading.faults, key, value, _KEYS[kind])
        yield name, _MAKERS[kind](reading, name, entry)


def _http(reading: SectionReading, name: str, entry: FileEntry) -> Callable[[], Provider]:
    url, secrets = reading.url(entry, "url"), reading.secrets(entry, "secret_files")
    if not all(map(_is_whsec, secrets)):
        wanted = "whsec_ and base64 (letters, digits, + and /, neither - nor _)"
        entry.fault("secret_files", "bad_secret", f"must hold secrets of Standard Webhooks: {wanted}")
    _need_public_url(reading, entry)
    verdict_url = f"{reading.public_url}/providers/{name}/verdicts"
    settings = HttpSettings(name=name, url=url, secrets=secrets, verdict_url=verdict_url, timeout_s=reading.timeout_s)
    return lambda: HttpProvider(settings)


def _is_whsec(secret: str) -> bool:
    """Base64 in the strict sense (RFC 4648 section 4), its padding or not: the signing library drops every character
    that is none of its own, and would sign with another key than the provider does."""
    match = _WHSEC.fullmatch(secret)
    try:
        return match is not None and bool(b64decode(match[1] + "=" * (-len(match[1]) % 4), validate=True))
    except ValueError:
        return False


def _sumsub(reading: SectionReading, name: str, entry: FileEntry) -> Callable[[], Provider]:
    base_url = reading.url(entry, "base_url") if entry.node("base_url") is not None else SUMSUB_URL
    app_token, secret_key = reading.secret(entry, "app_token_file"), reading.secret(entry, "secret_key_file")
    webhook_secrets, levels = reading.secrets(entry, "webhook_secret_files"), dict(_levels(reading, entry))
    try:
        settings = SumsubSettings(
            name=name,
            base_url=base_url,
            app_token=app_token,
            secret_key=secret_key,
            webhook_secrets=webhook_secrets,
            levels=levels,
            timeout_s=reading.timeout_s,
        )
    except ValueError as problem:
        entry.fault("kind", "incomplete", str(problem))
        return _never
    return lambda: Sumsub(settings)


def _levels(reading: SectionReading, entry: FileEntry) -> Iterator[tuple[str, str]]:
    node = entry.needed("levels")
    for key, value in pairs(reading.faults, node, node, "product: level name") if node is not None else ():
        level = text_of(reading.faults, value)
        if level is not None:
            yield key.value, level


def _never() -> Provider:
    raise ProvidersInvalid


def _need_public_url(reading: SectionReading, entry: FileEntry) -> None:
    if not reading.public_url:
        entry.fault("kind", "setting_missing", "needs OSTIARY_PUBLIC_URL: where the provider reaches this service")


_MAKERS: dict[str, Callable[[SectionReading, str, FileEntry], Callable[[], Provider]]] = {
    "http": _http,
    "sumsub": _sumsub,
}


def check_named(configured: Configured, named: Mapping[str, str]) -> None:
    """Raises ProvidersInvalid for a provider that a product of the catalogue names and the file does not declare."""
    for message in undeclared(configured.makers, named):
        raise ProvidersInvalid(message, faults=(Fault("OSTIARY_PROVIDERS", "unknown_provider", message),))


def undeclared(declared: Collection[str], named: Mapping[str, str]) -> list[str]:
    """What is wrong with each product, by its id, whose provider is not among those declared."""
    possible = ", ".join(["builtin", *declared])
    return [
        f"The catalogue's product {product} names the provider {provider}; declared are: {possible}"
        for product, provider in named.items()
        if provider and provider not in declared
    ]
