"""Terms that clients accept: a version of them, whose exact texts are known by their SHA-256.

What somebody accepts is a text and not a title, so the hash is part of what the catalogue declares: a text that changes
makes another version of the catalogue, as any other change does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MOST_TEXT_BYTES = 256 * 1024
"""Of one text in UTF-8: some forty thousand words, a hundred pages. It is shown whole, and kept for ever."""
MOST_LANGUAGES = 20
"""In which one version can be worded."""
MOST_TERMS = 50
"""That one catalogue declares."""
FIRST_LANGUAGE = "en"
"""Shown to who reads none of the languages that there are, if it is one of them."""
AT_ONCE = date.min
"""From when a version binds who asked before, for `re_accept: all`."""


@dataclass(frozen=True, slots=True)
class TermsText:
    """One wording. `language` is a tag of RFC 5646 (`es`, `pt-BR`), `sha256` of its bytes, 64 hexadecimal digits."""

    language: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """One version of terms. `re_accept_from` is the UTC day from which requests that were made before ask for it as
    well (`AT_ONCE`: from its first); None: only those made afterwards do."""

    id: str
    name: str
    version: str
    texts: tuple[TermsText, ...]
    re_accept_from: date | None = None

    @property
    def binding_mark(self) -> str:
        """What stands for the version and its day, so that it shows when others bind."""
        texts = ",".join(sorted(text.sha256 for text in self.texts))
        return f"{self.id} {self.version} {self.re_accept_from} {texts}"

    def wording(self, language: str) -> TermsText:
        """The text for a reader: in that language or what it is a kind of (`pt` of `pt-BR`), else English, else the
        first there is."""
        by_language = {text.language: text for text in self.texts}
        wanted = (language, language.partition("-")[0], FIRST_LANGUAGE)
        return next((by_language[tag] for tag in wanted if tag in by_language), self.texts[0])

    def of_hash(self, sha256: str) -> TermsText | None:
        """The text with a hash, if it is one of these."""
        return next((text for text in self.texts if text.sha256 == sha256), None)
