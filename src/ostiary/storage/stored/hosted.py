"""What is sealed of a link to the page on which clients onboard themselves."""

from __future__ import annotations

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
