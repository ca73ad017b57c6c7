"""Texts for people, marked where they stand: they are written in English and may be read in other languages.

What a text says in another language is looked up by its English words when it is shown, never when it is made: the
domain knows no reader.
"""

from __future__ import annotations

from collections.abc import Mapping


def N_(text: str) -> str:
    """The text itself. The mark lets those who translate find it (as gettext's `N_`)."""
    return text


class Sentence(str):
    """English words with values in them, which remember both, so that another language can put the values elsewhere.

    `pattern` has a place `%(name)s` for each of `values`.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]


def sentence(pattern: str, /, **values: object) -> Sentence:
    """Made of a pattern and its values: `sentence("has more than %(most)s characters", most=128)`.

    Raises KeyError where a value of the pattern is missing.
    """
    text = Sentence(pattern % values)
    text.pattern, text.values = pattern, values
    return text
