"""Letters as data: what ICAO Doc 9303 part 3, section 6 recommends for each, and what issuers print instead.

Spellings of a letter come most usual first. Letters that are A to Z with an accent are in no table: the accent goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_Table = Mapping[str, tuple[str, ...]]

SHADDA = "\u0651"
"""Doubles the letter before it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How one language or practice departs from the recommendation, anywhere in a word and at its start and end.

    `marks` are letters by which a name shows that it is of this language.
    """

    letters: _Table = field(default_factory=dict)
    at_start: _Table = field(default_factory=dict)
    at_end: _Table = field(default_factory=dict)
    marks: str = ""


def _table(text: str) -> _Table:
    """`Ä=AE/A Þ=TH`; a letter that is not printed has nothing behind its sign."""
    pairs = (one.split("=") for one in text.split())
    return {letter: tuple(spelled.split("/")) for letter, spelled in pairs}


_LATIN = _table(
    "Ä=AE/A Å=AA/A Æ=AE Đ=D/DJ Ð=D Ħ=H Ĳ=IJ Ŀ=L Ł=L Ŋ=N Ñ=N/NXX Œ=OE Ö=OE/O Ø=OE/O ẞ=SS Ŧ=T Þ=TH Ü=UE/U/UXX Ə=A/E"
)
"""6 A. Beyond it: Đ as DJ (Serbia), Ø as O (airlines, and the United States), and the Azerbaijani Ə."""

_CYRILLIC = _table(
    "Ё=E Ђ=D Ѓ=G Є=IE Ѕ=DZ І=I Ї=I Ј=J Љ=LJ Њ=NJ Ћ=C Ќ=K Ў=U Џ=DZ А=A Б=B В=V Г=G Д=D Е=E Ж=ZH З=Z И=I Й=I К=K Л=L "
    "М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH Ш=SH Щ=SHCH Ъ=IE Ы=Y Ь= Э=E Ю=IU Я=IA Ѫ=U Ѵ=Y Ґ=G Ғ=G Һ=C"
)
"""6 B, with Ѓ and Ћ, which it leaves out but for their languages; the soft sign is not printed."""

_ARABIC = _table(
    "ء=XE آ=XAA أ=XAE ؤ=U إ=I ئ=XI ا=A ب=B ة=XTA ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z س=S ش=XSH ص=XSS ض=XDZ "
    "ط=XTT ظ=XZZ ع=E غ=G ـ= ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y ٱ=XXA ٹ=XXT ټ=XRT پ=P ځ=XKE څ=XXH چ=XC ڈ=XXD "
    "ډ=XDR ڑ=XXR ړ=XRR ږ=XRX ژ=XJ ښ=XXS ڜ= ڢ= ڧ= ڨ= ک=XKK ګ=XXK ڭ=XNG گ=XGG ں=XNN ڼ=XXN ھ=XDO ۀ=XYH ہ=XXG ۂ=XGE ۃ=XTG "
    "ی=XYA ۍ=XXY ې=Y ے=XYB ۓ=XBE"
)
"""6 C. Signs of vowels are combining marks, and are not printed."""

RECOMMENDED = Usage({**_LATIN, **_CYRILLIC, **_ARABIC}, at_end={"ة": ("XAH", "XTA")})
"""What every usage begins from. Two letters are told apart by place: teh marbuta at a name's end is XAH."""

USAGES: tuple[Usage, ...] = (
    Usage(),
    Usage(  # Ukraine: 6 B, and resolution 55 of 2010 of its cabinet
        _table("Г=H И=Y"), at_start=_table("Є=YE Ї=YI Й=Y Ю=YU Я=YA"), marks="ІЇЄҐ"
    ),
    Usage(_table("Ё=IO Г=H"), marks="ІЎ"),  # Belarus: 6 B
    Usage(  # Serbia: 6 B but for Г, which it wrongly has as H, and Ђ as passports print it
        _table("Г=G Ђ=DJ/D Ж=Z Х=H Ц=C Ч=C Ш=S"), marks="ЂЋЉЊЏЈ"
    ),
    Usage(_table("Ѓ=GJ Ќ=KJ Џ=DJ Х=H Ц=C"), marks="ЃЌЅЉЊЏЈ"),  # North Macedonia: 6 B
    Usage(  # Bulgaria: its transliteration act of 2009, of which 6 B has Щ only
        _table("Щ=SHT Ъ=A Х=H Й=Y Ю=YU Я=YA Ь=Y"), at_end=_table("Я=YA/A")
    ),
    Usage(_table("Ё=E/YO Й=Y Ю=YU Я=YA Ъ=")),  # Russia, in passports of before 2010 and on cards
)
"""Of Cyrillic, the language of a name seldom shows; each usage is one way to print it."""
