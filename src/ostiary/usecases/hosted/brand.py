"""How a company's page for clients looks: read, set whole, with a logo or without, and given up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.hosted.brand import (
    LOGO_BYTES,
    Brand,
    BrandChange,
    KeptBrand,
    RemoveBrand,
    SetBrand,
    SetLogo,
    brand_faults,
)
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_company
from ostiary.usecases.transaction import Outcome

Redraw = Callable[[bytes], Awaitable[bytes | None]]
"""Draws a logo anew, where hostile bytes can do nothing: a PNG of a size that is kept, or None for what is no picture
that is taken. Raises Unavailable where it cannot be done now."""
NO_BRAND = N_("This company has no brand: set one first.")


async def find_brand(context: Context, company: Company) -> KeptBrand | None:
    """For whoever shows a page; None: it looks as anybody's."""
    return await context.storage.brands.find(company)


async def find_logo(context: Context, company: Company) -> bytes | None:
    """The PNG to be shown; None where there is none."""
    return await context.storage.brands.logo(company)


async def read_brand(context: Context, caller: Caller) -> KeptBrand:
    """Raises NotFound where there is none."""
    return _there(await find_brand(context, caller.company))


async def set_brand(context: Context, caller: Caller, brand: Brand) -> Outcome[KeptBrand]:
    """The whole brand anew; the logo stays as it is. Raises ValidationFailed with everything that cannot be."""
    company = await load_company(context, caller)
    lines = {tag: text.replace("\r\n", "\n").strip() for tag, text in brand.privacy.items()}
    brand = replace(brand, privacy=lines)
    if faults := brand_faults(brand, context.lookups_for(company), is_sandbox=company.is_sandbox):
        raise ValidationFailed(faults=faults)
    before = await find_brand(context, company)
    after = KeptBrand(brand, 1 if before is None else before.version + 1, before is not None and before.has_logo)
    return Outcome(after, _unit(context, caller, company, SetBrand(brand), "brand_set"))


async def set_logo(context: Context, caller: Caller, content: bytes, redraw: Redraw) -> Outcome[KeptBrand]:
    """A PNG, JPEG or WEBP as its maker sent it, of which only pixels are kept; empty: none any more. Raises
    InvalidState where there is no brand, ValidationFailed for what cannot be drawn, Unavailable."""
    company = await load_company(context, caller)
    before = await find_brand(context, company)
    if before is None:
        raise InvalidState(NO_BRAND)
    logo = await _redrawn(content, redraw) if content else None
    after = KeptBrand(before.brand, before.version + 1, logo is not None)
    action = "brand_logo_removed" if logo is None else "brand_logo_set"
    return Outcome(after, _unit(context, caller, company, SetLogo(logo), action))


async def remove_brand(context: Context, caller: Caller) -> Outcome[None]:
    """The page looks as anybody's again. One that is not there is gone already."""
    company = await load_company(context, caller)
    if await find_brand(context, company) is None:
        return Outcome(None)
    return Outcome(None, _unit(context, caller, company, RemoveBrand(), "brand_removed"))


async def _redrawn(content: bytes, redraw: Redraw) -> bytes:
    problem = sentence("logo must be a PNG, JPEG or WEBP of at most %(most)s kB", most=LOGO_BYTES // 1000)
    logo = await redraw(content) if len(content) <= LOGO_BYTES else None
    if logo is None:
        raise ValidationFailed(faults=(Fault("logo", "VALUE_INVALID", problem),))
    return logo


def _unit(context: Context, caller: Caller, company: Company, change: BrandChange, action: str) -> Unit:
    note = Note(action, caller.actor, company.id)
    return Unit(company.id, context.now_ms(), company, changes=(change,), notes=(note,))


def _there(brand: KeptBrand | None) -> KeptBrand:
    if brand is None:
        raise NotFound(NO_BRAND)
    return brand
