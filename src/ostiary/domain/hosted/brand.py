"""How a company's page for clients looks: its name, two colours, whom to ask, what happens to data, a logo.

Nobody is to guess at letters: a colour on which its text could not be read is refused (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from ostiary.domain.catalogue.field_rules import text_fault
from ostiary.domain.errors import Fault
from ostiary.domain.hosted.framing import origins_problem
from ostiary.domain.hosted.links import LANGUAGES
from ostiary.domain.names.visible import is_blank
from ostiary.domain.ports import Lookups
from ostiary.domain.sentences import N_, joined, sentence, spoken
from ostiary.domain.value import value_type

BRAND_NAME_CHARACTERS = 60
"""It stands in the head of a page that is 320 px wide."""
SUPPORT_CHARACTERS = 500
"""An address that fits a mail client, with a subject."""
PRIVACY_CHARACTERS = 5_000
"""In each language: two pages, before the link to the rest."""
LOGO_BYTES = 512_000
"""As it is sent: a logo is a drawing, not a photograph."""
LOGO_WIDTH_PX, LOGO_HEIGHT_PX = 512, 256
"""As it is kept at most: three pixels for each that a page shows."""
LEAST_CONTRAST = 4.5
"""Of text to its ground: WCAG 2.2, success criterion 1.4.3 (level AA)."""
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""As in fields of a form, but for the ends of lines: a privacy notice has paragraphs."""


class Ink(StrEnum):
    """What text on a colour is written in; wire-stable."""

    BLACK = "black"
    WHITE = "white"

    @property
    def colour(self) -> str:
        return "#000000" if self is Ink.BLACK else "#ffffff"


@value_type(kw_only=True)
class Brand:
    """`primary_colour` is the ground of buttons, `background_colour` of the page: `#rrggbb`, each with what text on it
    is written in. `support` is an https address, a mailto address, or an e-mail address; empty: none. `privacy` is
    plain text by language; empty: none. `frame_origins` are those whose pages may show it within their own."""

    name: str
    primary_colour: str = "#1d4f91"
    text_on_primary: Ink = Ink.WHITE
    background_colour: str = "#ffffff"
    text_on_background: Ink = Ink.BLACK
    support: str = ""
    privacy: Mapping[str, str] = field(default_factory=dict)
    frame_origins: tuple[str, ...] = ()

    @property
    def support_address(self) -> str:
        """Whom to ask, as a link has it; empty: nobody."""
        return f"mailto:{self.support}" if "@" in self.support and ":" not in self.support else self.support

    @property
    def link_colour(self) -> str:
        """Of links on the page: the primary one where it can be read on the background."""
        is_readable = contrast(self.primary_colour, self.background_colour) >= LEAST_CONTRAST
        return self.primary_colour if is_readable else self.text_on_background.colour

    def privacy_in(self, tag: str) -> str:
        """The notice in a language, or else in English; empty: none."""
        return self.privacy.get(tag) or self.privacy.get("en", "")


@value_type
class KeptBrand:
    """A company's brand as it is kept. `version` counts every change, also of the logo."""

    brand: Brand
    version: int
    has_logo: bool


@value_type
class SetBrand:
    """A change of a unit of work: a company's page looks like this from now on."""

    brand: Brand


@value_type
class SetLogo:
    """A change of a unit of work: a PNG of ours, or none."""

    logo: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoveBrand:
    """A change of a unit of work: the page looks as anybody's again."""


BrandChange = SetBrand | SetLogo | RemoveBrand


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(colour: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(colour), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def brand_faults(brand: Brand, lookups: Lookups, *, is_sandbox: bool = False) -> tuple[Fault, ...]:
    """Every rule that a brand breaks, all at once."""
    problems = list(_problems(brand, lookups))
    if problem := origins_problem(brand.frame_origins, is_sandbox=is_sandbox):
        problems.append(("frame_origins", problem))
    return tuple(Fault(name, "VALUE_INVALID", joined((name, spoken(problem)))) for name, problem in problems)


def _problems(brand: Brand, lookups: Lookups) -> Iterator[tuple[str, str]]:
    if problem := text_fault(brand.name, BRAND_NAME_CHARACTERS):
        yield "name", problem
    for name, colour, ink in (
        ("primary_colour", brand.primary_colour, brand.text_on_primary),
        ("background_colour", brand.background_colour, brand.text_on_background),
    ):
        if problem := colour_fault(colour, ink):
            yield name, problem
    if brand.support and (problem := _support_fault(brand.support, lookups)):
        yield "support", problem
    yield from _privacy_problems(brand.privacy)


def colour_fault(colour: str, ink: Ink) -> str | None:
    """Why text in this ink could not be read on a colour, with what could; None when it can."""
    if not _COLOUR.fullmatch(colour):
        return N_("must be a colour written #rrggbb, as #1d4f91")
    ratio = contrast(colour, ink.colour)
    if ratio >= LEAST_CONTRAST:
        return None
    other = Ink.BLACK if ink is Ink.WHITE else Ink.WHITE
    values = {"ratio": f"{ratio:.2f}", "least": str(LEAST_CONTRAST), "would": f"{contrast(colour, other.colour):.2f}"}
    if other is Ink.BLACK:
        return sentence(
            "gives white text a contrast of %(ratio)s, and %(least)s is needed; black text would do (%(would)s)",
            **values,
        )
    return sentence(
        "gives black text a contrast of %(ratio)s, and %(least)s is needed; white text would do (%(would)s)", **values
    )


def _support_fault(address: str, lookups: Lookups) -> str | None:
    if len(address) > SUPPORT_CHARACTERS:
        return sentence("must have at most %(most)s characters", most=SUPPORT_CHARACTERS)
    if not address.isprintable() or " " in address:
        return N_("must be an https address, a mailto address or an e-mail address")
    if "@" in address and ":" not in address:
        return lookups.email_fault(address)
    if address.startswith("mailto:"):
        return lookups.email_fault(address.removeprefix("mailto:").partition("?")[0])
    return None if _is_https(address) else N_("must be an https address, a mailto address or an e-mail address")


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _privacy_problems(privacy: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if privacy and "en" not in privacy:
        yield "privacy", N_("needs a text in English (en): it is shown to who reads none of the others")
    for tag, text in privacy.items():
        if tag not in LANGUAGES:
            yield "privacy", sentence("may be in %(languages)s", languages=", ".join(LANGUAGES))
        elif is_blank(text):
            yield f"privacy.{tag}", N_("must not be blank")
        elif len(text) > PRIVACY_CHARACTERS:
            yield f"privacy.{tag}", sentence("must have at most %(most)s characters", most=PRIVACY_CHARACTERS)
        elif _CONTROL.search(text):
            yield f"privacy.{tag}", N_("contains control characters; send plain text")
