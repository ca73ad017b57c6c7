"""How a company's page for clients looks."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ostiary.domain.hosted.brand import Ink, KeptBrand
from ostiary.wire.answer import Answer, about

Colour = Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]


class PrivacyAnswer(Answer, kw_only=True, frozen=True):
    """The privacy notice, in each language that it is there in."""

    en: str
    es: str | None = None
    pt: str | None = None


class BrandAnswer(Answer, kw_only=True, frozen=True):
    """How the company's page looks; what is not set is absent."""

    name: str
    primary_colour: Annotated[Colour, about("The ground of buttons.")]
    text_on_primary: Ink
    background_colour: Annotated[Colour, about("The ground of the page.")]
    text_on_background: Ink
    support: Annotated[str | None, about("Where clients ask.")] = None
    privacy: PrivacyAnswer | None = None
    frame_origins: Annotated[
        tuple[str, ...] | None, about("Whose pages may show it within their own; absent: nobody's.")
    ] = None
    has_logo: bool


def brand_answer(company_brand: KeptBrand) -> BrandAnswer:
    """A brand as its company sees it."""
    brand = company_brand.brand
    return BrandAnswer(
        name=brand.name,
        primary_colour=brand.primary_colour,
        text_on_primary=brand.text_on_primary,
        background_colour=brand.background_colour,
        text_on_background=brand.text_on_background,
        support=brand.support or None,
        privacy=PrivacyAnswer(**brand.privacy) if brand.privacy else None,
        frame_origins=brand.frame_origins or None,
        has_logo=company_brand.has_logo,
    )
