"""One language: what a text is in it, and how it writes moments, spans, numbers and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from ostiary.domain.sentences import Sentence
from ostiary.languages.choosing import ENGLISH, OFFERED

TEXTS = Path(__file__).parent / "texts"
"""A file `TAG.po` for each language but English (GNU gettext's form)."""
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
        if isinstance(text, Sentence):
            return self.gettext(text.pattern, **text.values)
        return self.pattern(text)

    def knows(self, text: str) -> bool:
        """Whether a text is there in this language."""
        return self.tag == ENGLISH or (text.pattern if isinstance(text, Sentence) else text) in self._texts[0]

    def pattern(self, text: str) -> str:
        """A text as it stands, its values not yet in it."""
        return text if self.tag == ENGLISH else self._texts[0].get(text, (text,))[0]

    def plural_pattern(self, singular: str, plural: str, count: int) -> str:
        """The form of a text that a number takes."""
        forms = () if self.tag == ENGLISH else self._texts[0].get(singular, ())
        return forms[self._texts[1](count)] if len(forms) > 1 else (singular if count == 1 else plural)

    def values(self, values: Mapping[str, object]) -> dict[str, object]:
        """As they stand in a text. What somebody wrote is not looked up: a company may be called as a text of ours."""
        return {
            name: self.translated(value) if isinstance(value, Sentence) else value for name, value in values.items()
        }

    @cached_property
    def _texts(self) -> tuple[Texts, Callable[[int], int]]:
        return read_texts(TEXTS / f"{self.tag}.po")


def read_texts(path: Path) -> tuple[Texts, Callable[[int], int]]:
    """A file's texts by their English, and which form a number takes. What is marked fuzzy is left out."""
    from gettext import c2py

    from babel.messages.pofile import read_po  # only who reads another language needs it

    with path.open("rb") as file:
        catalogue = read_po(file)
    texts = dict[str, tuple[str, ...]]()
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            texts[message.id if isinstance(message.id, str) else message.id[0]] = tuple(map(str, forms))
    return texts, c2py(catalogue.plural_expr)


class Languages:
    """All that are offered, each read once."""

    def __init__(self) -> None:
        self._by_tag = {tag: Language(tag) for tag in OFFERED}

    def __getitem__(self, tag: str) -> Language:
        """Raises KeyError for one that is not offered."""
        return self._by_tag[tag]

    def every(self) -> tuple[Language, ...]:
        return tuple(self._by_tag.values())
