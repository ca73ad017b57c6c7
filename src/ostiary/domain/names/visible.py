"""What anybody can see of a text: without the characters that Unicode has no shape for.

Fillers between letters look like nothing and are kept by copying, so that two names that look the same differ, and a
name of fillers alone looks given. They are left out wherever names are compared, and count as blank.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u2800\ufff9-\ufffc]"
)
"""The property Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties, unchanged since
15.0), and four that are blank as well: the Braille cell without dots, and the signs that part annotations and stand
for objects."""

OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters of C0 and C1 but tab and line feed (ECMA-48), marks that reorder or hide text (Unicode TR 36),
tags, and halves of surrogates, which cannot be written at all. Joiners that scripts need (U+200C, U+200D) may stay."""


def printable(text: str) -> str:
    """The text with what a terminal or a browser would obey written as an escape: `\\x1b` or `\\u202e`."""
    return OBEYED.sub(lambda match: _escape(ord(match[0])), text)


def _escape(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """The text without what has no shape."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def read_alike(text: str) -> str:
    """One form for all names that a reader takes for the same: by NFKC (Unicode Standard Annex 15), without case,
    without what has no shape, and with single blanks."""
    return " ".join(normalize("NFKC", normalize("NFKC", visible(text)).casefold()).split())


def is_blank(text: str) -> bool:
    """Whether nothing can be seen of a text: blanks, fillers, and marks without a letter to stand on."""
    if "!" <= text[:1] <= "~":  # nearly every text is seen at its first character
        return False
    return all(character.isspace() or category(character)[0] in "CMZ" for character in visible(text))


def has_letter(text: str) -> bool:
    """Whether a text could be a name: punctuation, digits, marks and letters that only change others (Unicode's
    Lm, as the tatweel of Arabic) alone are none."""
    if text[:1].isascii() and text[:1].isalpha():
        return True
    return any(category(character)[0] == "L" and category(character) != "Lm" for character in visible(text))
