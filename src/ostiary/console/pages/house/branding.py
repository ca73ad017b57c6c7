"""How a company's page for clients looks, as an admin sets it: name, colours, texts and logo."""

from __future__ import annotations

from functools import partial

from ostiary.adapters.pages.logos import redrawn_logo
from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.hosted.brand import Brand, Ink, KeptBrand
from ostiary.domain.hosted.links import LANGUAGES
from ostiary.html.answers import Download, Page, Redirect
from ostiary.usecases.hosted.brand import Redraw, find_brand, find_logo, remove_brand, set_brand, set_logo


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The brand, and a form that changes it."""
    return await _page(console, request, {})


async def change(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Sets all of it but the logo."""
    try:
        await committed(console, request.caller, set_brand, _typed(request))
    except ValidationFailed as refused:
        return await _page(console, request, {fault.field: fault.message for fault in refused.faults})
    return Redirect(_place(request), "brand_set")


async def change_logo(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Draws a file anew; no file takes the logo away."""
    redraw: Redraw = partial(_redrawn, console)
    content = request.files.get("logo", b"")
    try:
        await committed(console, request.caller, set_logo, content, redraw)
    except ValidationFailed as refused:
        return await _page(console, request, {fault.field: fault.message for fault in refused.faults})
    except InvalidState as refused:
        return await _page(console, request, {"logo": refused.message})
    return Redirect(_place(request), "logo_set" if content else "logo_removed")


async def remove(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The page looks as anybody's again."""
    await committed(console, request.caller, remove_brand)
    return Redirect(_place(request), "brand_removed")


async def logo(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The logo as it was drawn anew. Raises NotFound."""
    picture = await find_logo(console.context, request.caller.company)
    if picture is None:
        raise NotFound
    return Download(picture, "image/png")


async def _redrawn(console: Console, content: bytes) -> bytes | None:
    """Beside the event loop, where pictures of cases are drawn as well."""
    return await console.viewers.beside(redrawn_logo, content)


def _typed(request: ConsoleRequest) -> Brand:
    form, usual = request.form, Brand(name="")
    return Brand(
        name=form.text("name"),
        primary_colour=form.text("primary_colour").lower() or usual.primary_colour,
        text_on_primary=_ink(form.text("text_on_primary"), usual.text_on_primary),
        background_colour=form.text("background_colour").lower() or usual.background_colour,
        text_on_background=_ink(form.text("text_on_background"), usual.text_on_background),
        support=form.text("support"),
        privacy={tag: text for tag in LANGUAGES if (text := form.text(f"privacy.{tag}"))},
        frame_origins=tuple(form.text("frame_origins").lower().replace(",", " ").split()),
    )


def _ink(word: str, usual: Ink) -> Ink:
    return Ink(word) if word in list(Ink) else usual


async def _page(console: Console, request: ConsoleRequest, faults: dict[str, str]) -> Page:
    company = request.caller.company
    now = await find_brand(console.context, company)
    shown = _typed(request) if faults and "name" in request.form else _of(now)
    values = {
        "company": company,
        "brand": now,
        "shown": shown,
        "inks": list(Ink),
        "languages_of_brand": LANGUAGES,
        "faults": faults,
    }
    return Page(template="brand.html", title="Brand", values=values, status=400 if faults else 200)


def _of(now: KeptBrand | None) -> Brand:
    return Brand(name="") if now is None else now.brand


def _place(request: ConsoleRequest) -> str:
    return f"/console/companies/{request.caller.company.id}/brand"
