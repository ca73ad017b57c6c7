"""Chinese names in pinyin as Wade and Giles wrote them: Mao Zedong, Mao Tse-tung.

Practice drops the apostrophes of Wade-Giles, so that only the way there is unambiguous (Zhang, Chang and Jiang meet):
names are compared in that form, besides as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

_INITIALS = {
    "ZH": "CH", "CH": "CH", "SH": "SH", "B": "P", "P": "P", "M": "M", "F": "F", "D": "T", "T": "T", "N": "N", "L": "L",
    "G": "K", "K": "K", "H": "H", "J": "CH", "Q": "CH", "X": "HS", "R": "J", "Z": "TS", "C": "TS", "S": "S", "Y": "Y",
    "W": "W", "": "",
}  # fmt: skip
_FINALS = (
    "UANG IANG IONG UAI UAN IAO IAN ING ANG ENG ONG AI EI AO OU AN EN IA IE IU IN UA UO UI UN UE VE ER A O E I U V"
)
_SYLLABLE = re.compile(
    rf"(ZH|CH|SH|[BPMFDTNLGKHJQXRZCSYW]?)({'|'.join(_FINALS.split())})(?=$|[BPMFDTNLGKHJQXRZCSYWAEO])"
)
_MOST_SYLLABLES = 3


def in_wade_giles(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name of which every word is one to three syllables of pinyin, a syllable a word; empty for any other."""
    converted: list[str] = []
    for word in words:
        if not (syllables := _syllables(word)):
            return ()
        converted += syllables
    return tuple(converted)


@lru_cache(maxsize=1 << 12)
def _syllables(word: str) -> tuple[str, ...]:
    parts: list[str] = []
    at = 0
    while at < len(word):
        match = _SYLLABLE.match(word, at)
        if match is None or len(parts) == _MOST_SYLLABLES:
            return ()
        parts.append(_converted(match[1], match[2]))
        at = match.end()
    return tuple(parts)


def _converted(initial: str, final: str) -> str:
    start = _INITIALS[initial]
    if initial in ("Z", "C", "S") and final == "I":
        return "SSU" if initial == "S" else "TZU"
    if initial in ("ZH", "CH", "SH", "R") and final == "I":
        return start + "IH"
    if initial == "Y":
        return {"AN": "YEN", "E": "YEH", "I": "I", "OU": "YU", "ONG": "YUNG"}.get(final, "Y" + final)
    if final == "ONG":
        return start + "UNG"
    if initial in ("D", "T", "N", "L", "S", "Z", "C", "R", "ZH", "CH", "SH") and final == "UO":
        return start + "O"
    if initial in ("G", "K", "H") and final == "E":
        return start + "O"
    if initial in ("G", "K") and final == "UI":
        return start + "UEI"
    if final in ("IAN", "IE", "UE", "VE"):
        return start + {"IAN": "IEN", "IE": "IEH", "UE": "UEH", "VE": "UEH"}[final]
    return start + final
