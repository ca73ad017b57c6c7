"""One language: what a text is in it, and how it writes moments, spans, numbers and lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ostiary.domain.catalogue.texts import CatalogueText, in_language
from ostiary.domain.sentences import Sentence
from ostiary.languages import formats
from ostiary.languages.choosing import ENGLISH, OFFERED
from ostiary.languages.recognising import Recognised, Recogniser

TEXTS = Path(__file__).parent / "texts"
"""A file `TAG.po` for each language but English (GNU gettext's form)."""
_DOMAIN = "domain/"
"""Where texts of the domain stand, in a file of texts."""
_PLACES = re.compile(r"%\(\w+\)s|%%")
_BETWEEN = "; "
"""Between texts that are joined to one."""
Texts = Mapping[str, tuple[str, ...]]
"""What each English text is, in the singular and, where it counts, in the plural."""


class Language:
    """`tag` is that of RFC 5646. Its texts are read when the first is asked for: a language that nobody reads costs
    nothing, and English needs none."""

    def __init__(self, tag: str) -> None:
        self.tag = tag

    @property
    def name(self) -> str:
        """As it calls itself."""
        return OFFERED[self.tag]

    def gettext(self, text: str, /, **values: object) -> str:
        """A text with its values, in this language; in English where it is not translated."""
        pattern = self.pattern(text)
        return pattern % self.values(values) if values else pattern

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """A text that counts. The count is there for it as `%(num)s` as well."""
        return self.plural_pattern(singular, plural, count) % self.values({"num": count, **values})

    def translated(self, text: str) -> str:
        """A text that was marked where it was made (`domain/sentences.py`), with the values that it remembers; one that
        is not there stays as it is."""
        if not isinstance(text, Sentence):
            return self.pattern(text)
        if text.plural:
            return self.plural_pattern(text.pattern, text.plural, _count_of(text)) % self.values(text.values)
        return self.gettext(text.pattern, **text.values)

    def named(self, text: str) -> str:
        """A name or a description of the catalogue, in this language if its author gave it; one of ours by our own
        texts. What is in English alone is not looked up: it is the author's word."""
        return self.translated(text) if isinstance(text, Sentence) else in_language(text, self.tag)

    def retold(self, text: str) -> str:
        """A text of ours, also one that was stored: its English words are all that is left, and the values are found in
        them by the pattern that they fit. What somebody wrote fits none, and stays as it is."""
        if isinstance(text, Sentence) or self.tag == ENGLISH or text in self._texts.texts:
            return self.translated(text)
        recognised = self._recogniser(text)
        return text if recognised is None else self._said_of(recognised)

    def _said_of(self, recognised: Recognised) -> str:
        values = {name: self._retold_part(value) for name, value in recognised.values.items()}
        return self.pattern(recognised.pattern) % values

    def _retold_part(self, value: str) -> str:
        """A value, which may be several texts one after another."""
        return _BETWEEN.join(map(self.retold, value.split(_BETWEEN)))

    def knows(self, text: str) -> bool:
        """Whether a text is there in this language, with all texts in it."""
        if self.tag == ENGLISH:
            return True
        if not isinstance(text, Sentence):
            return text in self._texts.texts
        has_words = any(character.isalpha() for character in _PLACES.sub("", text.pattern))
        inner = (value for value in text.values.values() if isinstance(value, Sentence))
        return (not has_words or text.pattern in self._texts.texts) and all(self.knows(each) for each in inner)

    def pattern(self, text: str) -> str:
        """A text as it stands, its values not yet in it."""
        return text if self.tag == ENGLISH else self._texts.texts.get(text, (text,))[0]

    def plural_pattern(self, singular: str, plural: str, count: int) -> str:
        """The form of a text that a number takes."""
        forms = () if self.tag == ENGLISH else self._texts.texts.get(singular, ())
        return forms[self._texts.form_of(count)] if len(forms) > 1 else (singular if count == 1 else plural)

    def values(self, values: Mapping[str, object]) -> dict[str, object]:
        """As they stand in a text. What somebody wrote is not looked up: a company may be called as a text of ours."""
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: object) -> object:
        if isinstance(value, Sentence):
            return self.translated(value)
        if isinstance(value, CatalogueText):
            return self.named(value)
        return self.number(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def moment(self, at_ms: int) -> str:
        """`15 Apr 2026, 10:30 UTC`"""
        return formats.moment(self.tag, at_ms)

    def second(self, written: str) -> str:
        """`15 Apr 2026, 10:30:07 UTC`, of a moment as the API writes it; nothing of nothing."""
        return formats.second(self.tag, written)

    def day(self, at_ms: int) -> str:
        """`15 Apr 2026`, of a moment within it."""
        return formats.day(self.tag, formats.time_of(at_ms).date())

    def short_day(self, at_ms: int) -> str:
        """`15 Apr`"""
        return formats.short_day(self.tag, formats.time_of(at_ms).date())

    def span(self, span_ms: int) -> str:
        """A span in its largest unit, rounded down: `3 days`, `1 hour`, `less than a minute`."""
        for unit_ms, unit in formats.UNITS:
            if span_ms >= unit_ms:
                return self.duration(span_ms // unit_ms, unit)
        return self.gettext("less than a minute")

    def duration(self, count: int, unit: str) -> str:
        """`3 days`; `unit` is one of `day`, `hour`, `minute` and `second`."""
        return formats.duration(self.tag, count, unit)

    def number(self, value: float) -> str:
        """`1,234`"""
        return formats.number(self.tag, value)

    def decimal(self, value: float, places: int = 1) -> str:
        """With so many places behind the point: `0.90`."""
        return formats.decimal(self.tag, value, places)

    def percent(self, share: float) -> str:
        """`75%`, of 0.75."""
        return formats.percent(self.tag, share)

    @cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser(self._texts.of_domain)

    @cached_property
    def _texts(self) -> FileTexts:
        return read_texts(TEXTS / f"{self.tag}.po")


def _count_of(text: Sentence) -> int:
    num = text.values["num"]
    return num if isinstance(num, int) else 0


class FileTexts(NamedTuple):
    """The texts of a file by their English, which form a number takes, and the English ones that may be kept with a
    request: those of the domain, which knows no reader."""

    texts: Texts
    form_of: Callable[[int], int]
    of_domain: tuple[str, ...]


def read_texts(path: Path) -> FileTexts:
    """What a file holds. What is marked fuzzy is left out."""
    from gettext import c2py

    from babel.messages.pofile import read_po  # only who reads another language needs it

    with path.open("rb") as file:
        catalogue = read_po(file)
    texts, of_domain = dict[str, tuple[str, ...]](), list[str]()
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            english = message.id if isinstance(message.id, str) else message.id[0]
            texts[english] = tuple(map(str, forms))
            if any(place.startswith(_DOMAIN) for place, _ in message.locations):
                of_domain.append(english)
    return FileTexts(texts, c2py(catalogue.plural_expr), tuple(of_domain))


class Languages:
    """All that are offered, each read once."""

    def __init__(self) -> None:
        self._by_tag = {tag: Language(tag) for tag in OFFERED}

    def __getitem__(self, tag: str) -> Language:
        """Raises KeyError for one that is not offered."""
        return self._by_tag[tag]

    def every(self) -> tuple[Language, ...]:
        return tuple(self._by_tag.values())
