"""What is sealed of the page on which clients onboard themselves: what a link is for, how a company's page looks."""

from __future__ import annotations

import msgspec

from ostiary.domain.hosted.brand import Brand, Ink
from ostiary.domain.hosted.links import LinkWish
from ostiary.storage.stored.forms import Numbered, encode, through


class WishForm(Numbered, gc=False):
    """The column `onboarding_links.content`."""

    request_ids: tuple[str, ...] = ()
    return_url: str = ""
    refresh_url: str = ""
    state: str = ""
    language: str = ""
    minutes: int = 0


def wish_of(wish: LinkWish) -> bytes:
    return encode(
        WishForm(
            request_ids=wish.request_ids,
            return_url=wish.return_url,
            refresh_url=wish.refresh_url,
            state=wish.state,
            language=wish.language,
            minutes=wish.minutes,
        )
    )


def _wish(form: WishForm) -> LinkWish:
    return LinkWish(
        request_ids=form.request_ids,
        return_url=form.return_url,
        refresh_url=form.refresh_url,
        state=form.state,
        language=form.language,
        minutes=form.minutes,
    )


open_wish = through(WishForm, _wish)


class BrandForm(Numbered, gc=False):
    """The column `company_brands.brand`. The logo is the bytes of its picture."""

    name: str
    primary_colour: str
    text_on_primary: str
    background_colour: str
    text_on_background: str
    support: str = ""
    privacy: dict[str, str] = msgspec.field(default_factory=dict)
    frame_origins: tuple[str, ...] = ()


def brand_form(brand: Brand) -> bytes:
    return encode(
        BrandForm(
            name=brand.name,
            primary_colour=brand.primary_colour,
            text_on_primary=brand.text_on_primary.value,
            background_colour=brand.background_colour,
            text_on_background=brand.text_on_background.value,
            support=brand.support,
            privacy=dict(brand.privacy),
            frame_origins=brand.frame_origins,
        )
    )


def _brand(form: BrandForm) -> Brand:
    return Brand(
        name=form.name,
        primary_colour=form.primary_colour,
        text_on_primary=Ink(form.text_on_primary),
        background_colour=form.background_colour,
        text_on_background=Ink(form.text_on_background),
        support=form.support,
        privacy=form.privacy,
        frame_origins=form.frame_origins,
    )


open_brand = through(BrandForm, _brand)
