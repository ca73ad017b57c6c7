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

    `groups` are letters that are spelled together, which goes before any letter of them alone. `marks` are letters by
    which a name shows that it is of this language.
    """

    letters: _Table = field(default_factory=dict)
    at_start: _Table = field(default_factory=dict)
    at_end: _Table = field(default_factory=dict)
    marks: str = ""
    groups: _Table = field(default_factory=dict)


def _table(text: str) -> _Table:
    """`Ä=AE/A Þ=TH`; a letter that is not printed has nothing behind its sign. Letters become capitals."""
    pairs = (pair.split("=") for pair in text.split())
    return {letter.upper(): tuple(spelled.split("/")) for letter, spelled in pairs}


_LATIN = _table(
    "Ä=AE/A Å=AA/A Æ=AE Đ=D/DJ Ð=D Ħ=H Ĳ=IJ Ŀ=L Ł=L Ŋ=N Ñ=N/NXX Œ=OE Ö=OE/O Ø=OE/O ẞ=SS Ŧ=T Þ=TH Ü=UE/U/UXX Ə=A/E"
)
"""6 A. Beyond it: Đ as DJ (Serbia), Ø as O (airlines, and the United States), and the Azerbaijani Ə."""

_CYRILLIC = _table(
    "Ё=E Ђ=D Ѓ=G Є=IE Ѕ=DZ І=I Ї=I Ј=J Љ=LJ Њ=NJ Ћ=C Ќ=K Ў=U Џ=DZ А=A Б=B В=V Г=G Д=D Е=E Ж=ZH З=Z И=I Й=I К=K Л=L "
    "М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH Ш=SH Щ=SHCH Ъ=IE Ы=Y Ь= Э=E Ю=IU Я=IA Ѫ=U Ѵ=Y Ґ=G Ғ=G Һ=C "
    "Ә=A Қ=K Ң=N Ө=O Ұ=U Ү=U Ҳ=H Ҷ=J Ӣ=I Ӯ=U Ӏ="
)
"""6 B, with Ѓ and Ћ, which it leaves out but for their languages, and letters of Central Asia that it does not have;
the soft sign is not printed."""

_ARABIC = _table(
    "ء=XE آ=XAA أ=XAE ؤ=U إ=I ئ=XI ا=A ب=B ة=XTA ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z س=S ش=XSH ص=XSS ض=XDZ "
    "ط=XTT ظ=XZZ ع=E غ=G ـ= ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y ٱ=XXA ٹ=XXT ټ=XRT پ=P ځ=XKE څ=XXH چ=XC ڈ=XXD "
    "ډ=XDR ڑ=XXR ړ=XRR ږ=XRX ژ=XJ ښ=XXS ڜ= ڢ= ڧ= ڨ= ک=XKK ګ=XXK ڭ=XNG گ=XGG ں=XNN ڼ=XXN ھ=XDO ۀ=XYH ہ=XXG ۂ=XGE ۃ=XTG "
    "ی=XYA ۍ=XXY ې=Y ے=XYB ۓ=XBE"
)
"""6 C. Signs of vowels are combining marks, and are not printed."""

_GREEK = _table("Α=A Β=V Γ=G Δ=D Ε=E Ζ=Z Η=I Θ=TH Ι=I Κ=K Λ=L Μ=M Ν=N Ξ=X Ο=O Π=P Ρ=R Σ=S Τ=T Υ=Y Φ=F Χ=CH/H Ψ=PS Ω=O")
"""Doc 9303 has none; Greece and Cyprus print ELOT 743 (ISO 843)."""

_GEORGIAN = _table(
    "ა=A ბ=B გ=G დ=D ე=E ვ=V ზ=Z თ=T ი=I კ=K ლ=L მ=M ნ=N ო=O პ=P ჟ=ZH რ=R ს=S ტ=T უ=U ფ=P ქ=K ღ=GH ყ=Q შ=SH ჩ=CH ც=TS "
    "ძ=DZ წ=TS ჭ=CH ხ=KH ჯ=J ჰ=H"
)
"""Doc 9303 has none; Georgia's national system of 2002, without its apostrophes."""

_ARMENIAN = _table(
    "Ա=A Բ=B Գ=G Դ=D Ե=E/YE Զ=Z Է=E Ը=Y Թ=T Ժ=ZH Ի=I Լ=L Խ=KH Ծ=TS Կ=K Հ=H Ձ=DZ Ղ=GH Ճ=CH Մ=M Յ=Y/H Ն=N Շ=SH Ո=O/VO "
    "Չ=CH Պ=P Ջ=J Ռ=R Ս=S Վ=V Տ=T Ր=R Ց=TS Ւ=V Փ=P Ք=K Օ=O Ֆ=F"
)
"""Doc 9303 has none; the form of BGN/PCGN 1981 without its apostrophes, which Armenia's passports print."""

RECOMMENDED = Usage(
    {**_LATIN, **_CYRILLIC, **_ARABIC, **_GREEK, **_GEORGIAN, **_ARMENIAN}, at_end={"ة": ("XAH", "XTA")}
)
"""What every usage begins from, besides what issuers print where it has no table. Two letters are told apart by place:
teh marbuta at a name's end is XAH."""

USAGES: tuple[Usage, ...] = (
    Usage(),
    Usage(  # Ukraine: 6 B, and resolution 55 of 2010 of its cabinet
        _table("Г=H И=Y"), at_start=_table("Є=YE Ї=YI Й=Y Ю=YU Я=YA"), marks="ІЇЄҐ", groups=_table("ЗГ=ZGH/ZH")
    ),
    Usage(_table("Ё=IO Г=H"), marks="ІЎ"),  # Belarus: 6 B
    Usage(  # Belarus: a soft vowel is spelled by its place (instruction 288 of the ministry of the interior, 2008)
        _table("Г=H Е=E/IE Ё=IO Й=I Ў=U Х=KH Ы=Y Э=E Ю=IU Я=IA"), at_start=_table("Е=YE Ё=YO Ю=YU Я=YA"), marks="ІЎ"
    ),
    Usage(  # Serbia: 6 B but for Г, which it wrongly has as H, and Ђ as passports print it
        _table("Г=G Ђ=DJ/D Ж=Z Х=H Ц=C Ч=C Ш=S"), marks="ЂЋЉЊЏЈ"
    ),
    Usage(_table("Ѓ=GJ Ќ=KJ Џ=DJ Х=H Ц=C"), marks="ЃЌЅЉЊЏЈ"),  # North Macedonia: 6 B
    Usage(  # Bulgaria: its transliteration act of 2009, of which 6 B has Щ only
        _table("Щ=SHT Ъ=A Х=H Й=Y Ю=YU Я=YA Ь=Y"), at_end=_table("Я=YA/A")
    ),
    Usage(_table("Ё=E/YO Й=Y Ю=YU Я=YA Ъ=")),  # Russia, in passports of before 2010 and on cards
    Usage(  # Kazakhstan, Kyrgyzstan, Tajikistan, Uzbekistan: letters of their own, as their passports print them
        _table("Ә=A/AE Ғ=G/GH Қ=K/Q Ң=N/NG Ө=O Ұ=U Ү=U Һ=H Ҳ=H/KH Ҷ=J Ӣ=I Ӯ=U Ў=O/U Х=KH/H Й=I/Y Ю=IU/YU Я=IA/YA"),
        marks="ӘҒҚҢӨҰҮҺҲҶӢӮ",
    ),
    Usage(  # Mongolia: MNS 5217 of 2012
        _table("Ө=U/O Ү=U Х=KH Ц=TS Й=I Ь=I Ъ=I Ы=Y Е=YE/E Ё=YO Ю=YU Я=YA Э=E В=V"), marks="ӨҮ"
    ),
    Usage(groups=_table("ՈՒ=U ԵՎ=EV/YEV"), marks="ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ"),  # Armenia
    Usage(  # Greece and Cyprus: ELOT 743 of 1982 (ISO 843), in the plain form that passports print
        groups=_table(
            "ΑΥ=AV/AF/AU ΕΥ=EV/EF/EU ΗΥ=IV/IF/IU ΟΥ=OU/U ΓΓ=NG/GG ΓΚ=GK/NK/G ΓΞ=NX ΓΧ=NCH ΜΠ=MP/B ΝΤ=NT/D ΤΖ=TZ ΤΣ=TS"
        ),
        marks="ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
    ),
)
"""Of Cyrillic, the language of a name seldom shows; each usage is one way to print it."""
