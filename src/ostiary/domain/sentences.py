"""Texts for people, marked where they stand: they are written in English and may be read in other languages.

What a text says in another language is looked up by its English words when it is shown, never when it is made: the
domain knows no reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def N_(text: str) -> str:
    """The text itself. The mark lets those who translate find it (as gettext's `N_`)."""
    return text


class Sentence(str):
    """English words with values in them, which remember both, so that another language can put the values elsewhere.

    `pattern` has a place `%(name)s` for each of `values`; `plural` is the pattern for other numbers than one, where the
    sentence counts, and `num` of the values is what it counts.
    """

    __slots__ = ("pattern", "plural", "values")

    pattern: str
    plural: str
    values: Mapping[str, object]


def sentence(pattern: str, /, **values: object) -> Sentence:
    """Made of a pattern and its values: `sentence("has more than %(most)s characters", most=128)`.

    A value that is a sentence itself is said in the reader's language as well; any other stands as it is. Raises
    KeyError where a value of the pattern is missing.
    """
    text = Sentence(pattern % values if values else pattern)
    text.pattern, text.plural, text.values = pattern, "", values
    return text


def counted(pattern: str, plural: str, num: int, /, **values: object) -> Sentence:
    """One that counts: `counted("%(num)s document", "%(num)s documents", 2)`."""
    every = {"num": num, **values}
    text = Sentence((pattern if num == 1 else plural) % every)
    text.pattern, text.plural, text.values = pattern, plural, every
    return text


def joined(texts: Iterable[str], separator: str = " ") -> Sentence:
    """Several texts one after another, each to be looked up by itself."""
    values = {f"part{place}": spoken(each) for place, each in enumerate(texts)}
    return sentence(separator.join(f"%({name})s" for name in values), **values)


def spoken(text: str) -> Sentence:
    """A text of ours as a value of another: it is said in the reader's language, too."""
    return text if isinstance(text, Sentence) else sentence(text)


def verbatim(text: str) -> Sentence:
    """What somebody wrote, where a text is expected: the same in every language."""
    return sentence("%(text)s", text=text)


def code_words(code: str) -> Sentence:
    """A code as words: `in_kyc` → `in kyc`."""
    return sentence(code.replace("_", " "))
