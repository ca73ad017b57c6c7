"""Catalogues with terms, and what is said of an acceptance, for tests of every layer."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from ostiary.domain.catalogue.terms import TermsText, TermsVersion
from ostiary.domain.terms.acceptance import Acceptor, ActingAs, Channel, NamedText
from tests.material import NOW_MS

ENGLISH, SPANISH = "You may pay.\n\n  1. Nothing else.\n", "Puede pagar.\n\n  1. Nada más.\n"
TEXTS = {"en": ENGLISH, "es": SPANISH}
USUAL = "terms: [rules]"
HASH = "a" * 64


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def terms(version: str = "v1", texts: Mapping[str, str] = TEXTS, **changes: Any) -> TermsVersion:
    worded = tuple(TermsText(language, hash_of(text)) for language, text in texts.items())
    return TermsVersion(**{"id": "rules", "name": "Rules", "version": version, "texts": worded, **changes})


def source(
    version: str = "v1", texts: Mapping[str, str] = TEXTS, asks: str = USUAL, re_accept: str = "", more: str = ""
) -> str:
    """A catalogue with one product, `pay`, which asks for its terms and nothing else."""
    files = "".join(
        f"      {language}: {{file: rules-{version}-{language}.md, sha256: {hash_of(text)}}}\n"
        for language, text in texts.items()
    )
    binding = f"    re_accept: {re_accept}\n" if re_accept else ""
    return (
        "attributes:\n  is_agent: {name: Agent, type: BOOLEAN}\n"
        f"terms:\n  rules:\n    name: {{en: Rules, es: Reglas}}\n    version: {version}\n{binding}    texts:\n{files}"
        f"products:\n  pay:\n    name: Pay\n    {asks}\n{more}"
    )


def write(folder: Path, version: str = "v1", texts: Mapping[str, str] = TEXTS, **changes: str) -> Path:
    """The catalogue as a file, with its texts beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for language, text in texts.items():
        (folder / f"rules-{version}-{language}.md").write_bytes(text.encode())
    path = folder / f"catalogue-{version}.yaml"
    path.write_text(source(version, texts, **changes))
    return path


def named(version: str = "v1", language: str = "en", text: str = ENGLISH, **changes: str) -> NamedText:
    return NamedText(
        **{"terms_id": "rules", "version": version, "language": language, "sha256": hash_of(text), **changes}
    )


def circumstances(**changes: Any) -> Acceptor:
    usual: dict[str, Any] = {
        "name": "Maria Barber", "capacity": ActingAs.SELF, "accepted_at_ms": NOW_MS, "channel": Channel.WEB,
        "ip_address": "203.0.113.7", "user_agent": "Mozilla/5.0",
    }  # fmt: skip
    return Acceptor(**usual | changes)


def body(version: str = "v1", language: str = "en", text: str = ENGLISH, **changes: Any) -> dict[str, Any]:
    """As a partner sends it."""
    return {
        "terms_id": "rules", "version": version, "language": language, "sha256": hash_of(text),
        "accepted_by": {"name": "Maria Barber", "capacity": "self"}, "accepted_at": "2026-04-15T10:30:00",
        "channel": "web", "ip_address": "203.0.113.7", "user_agent": "Mozilla/5.0", **changes,
    }  # fmt: skip
