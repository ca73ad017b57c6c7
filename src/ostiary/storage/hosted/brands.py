"""How companies' pages look: one row for a company, sealed for it. The logo, a hundred times the rest, is read by
itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.audit.row_states import SEALED
from ostiary.domain.companies.company import Company
from ostiary.domain.hosted.brand import KeptBrand, RemoveBrand, SetBrand, SetLogo
from ostiary.domain.ports import Box, Cipher
from ostiary.storage.audit.row_kinds import RowKind, row_write
from ostiary.storage.engine import Engine
from ostiary.storage.statement import Statement
from ostiary.storage.stored import hosted as stored
from ostiary.storage.unit_context import UnitContext, company_box

# ---- statements -----------------------------------------------------------------------------------------------------

BRAND = "SELECT version, brand, logo IS NOT NULL FROM company_brands WHERE company_id = ?1 AND brand IS NOT NULL"
LOGO = "SELECT logo FROM company_brands WHERE company_id = ?1 AND logo IS NOT NULL"
SET_BRAND = """INSERT INTO company_brands (company_id, version, updated_at_ms, brand) VALUES (?1, 1, ?2, ?3)
 ON CONFLICT (company_id) DO UPDATE SET version = company_brands.version + 1, updated_at_ms = excluded.updated_at_ms,
 brand = excluded.brand"""
SET_LOGO = """UPDATE company_brands SET version = version + 1, updated_at_ms = ?2, logo = ?3 WHERE company_id = ?1"""
REMOVE_BRAND = """UPDATE company_brands SET version = version + 1, updated_at_ms = ?2, brand = NULL, logo = NULL
 WHERE company_id = ?1"""

# ---- what entries say of them ---------------------------------------------------------------------------------------

BRAND_ROW = RowKind("brand", "company_brands", "company_id", None, (), ("brand", "logo"))
ROW_WRITES = {
    SET_BRAND: row_write(BRAND_ROW, None, brand=3),
    SET_LOGO: row_write(BRAND_ROW, None, logo=3),
    REMOVE_BRAND: row_write(BRAND_ROW, None, {f"{SEALED}brand": None, f"{SEALED}logo": None}),
}

# ---- reads and writes -----------------------------------------------------------------------------------------------


def brand_place(company_id: str, column: str) -> str:
    """What a sealed brand or logo is bound to."""
    return f"company_brands/{company_id}/{column}"


def seal_brand(box: Box, company_id: str, change: SetBrand) -> bytes:
    """What is kept of how a page looks."""
    return box.seal(brand_place(company_id, "brand"), stored.brand_form(change.brand))


class CompanyBrands:
    """Brands of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def find(self, company: Company) -> KeptBrand | None:
        """A company's brand; None where it set none."""
        rows = await self._engine.rows(BRAND, company.id)
        if not rows:
            return None
        version, brand, has_logo = rows[0]
        opened = company_box(self._cipher, company).open(brand_place(company.id, "brand"), brand)
        return KeptBrand(stored.open_brand(opened), version, bool(has_logo))

    async def logo(self, company: Company) -> bytes | None:
        """The PNG that was drawn of a company's logo; None where there is none."""
        rows = await self._engine.rows(LOGO, company.id)
        return company_box(self._cipher, company).open(brand_place(company.id, "logo"), rows[0][0]) if rows else None


def set_brands(context: UnitContext, changes: Sequence[SetBrand]) -> Iterator[Statement]:
    """How the page looks from now on; a row that was emptied counts on."""
    for change in changes:
        sealed = seal_brand(context.company_box, context.company_id, change)
        yield Statement(SET_BRAND, (context.company_id, context.at_ms, sealed))


def set_logos(context: UnitContext, changes: Sequence[SetLogo]) -> Iterator[Statement]:
    """A logo, or none."""
    place = brand_place(context.company_id, "logo")
    for change in changes:
        sealed = None if change.logo is None else context.company_box.seal(place, change.logo)
        yield Statement(SET_LOGO, (context.company_id, context.at_ms, sealed))


def remove_brands(context: UnitContext, changes: Sequence[RemoveBrand]) -> Iterator[Statement]:
    """Nothing of it is kept; the row stays, and counts on, so that no browser takes an old logo for a new one."""
    for _ in changes:
        yield Statement(REMOVE_BRAND, (context.company_id, context.at_ms))
