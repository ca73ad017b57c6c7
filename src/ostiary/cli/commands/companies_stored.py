"""`ostiary company list`, `show` and `quota`: what a company's pictures take, and how much may be kept of them."""

from __future__ import annotations

import argparse
import getpass

from ostiary.app import Installation
from ostiary.cli.dispatch import show
from ostiary.domain.companies.company import Company, quota_of
from ostiary.domain.times import format_timestamp
from ostiary.settings import GB
from ostiary.storage.tables.stored_bytes import StoredBytes
from ostiary.usecases.companies import companies
from ostiary.usecases.transaction import Outcome, execute


def named_operator(options: argparse.Namespace) -> str:
    """The operator named in the options, or the user who runs the command."""
    named: str | None = getattr(options, "operator", None)
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


async def list_companies(options: argparse.Namespace, installation: Installation) -> None:
    companies = await installation.context.storage.companies.every()
    sums = {company.id: await installation.store.sums.of(company.id) for company in companies}
    lines = [
        f"{company.id}  {company.environment:10}  {_usage(company, sums[company.id], installation):>22}  {company.name}"
        for company in companies
    ]
    show(
        options,
        [_json(company, sums[company.id], installation) for company in companies],
        "\n".join(lines) or "There is no company yet: ostiary company create --name NAME --environment production",
    )


async def show_company(options: argparse.Namespace, installation: Installation) -> None:
    company = (await companies.operator_for(installation.context, options.company, named_operator(options))).company
    await _show(options, installation, company)


async def set_quota(options: argparse.Namespace, installation: Installation) -> None:
    operator, quota_bytes = named_operator(options), None if options.usual else options.gb

    async def decide() -> Outcome[Company]:
        caller = await companies.operator_for(installation.context, options.company, operator)
        return await companies.set_quota(installation.context, caller, quota_bytes)

    caller = await companies.operator_for(installation.context, options.company, operator)
    await _show(options, installation, await execute(installation.context, caller, decide))


async def _show(options: argparse.Namespace, installation: Installation, company: Company) -> None:
    stored = await installation.store.sums.of(company.id)
    whose = "its own" if company.quota_bytes is not None else "OSTIARY_COMPANY_QUOTA_GB"
    show(
        options,
        _json(company, stored, installation),
        f"{company.environment} company {company.name}: {company.id}\n"
        f"pictures of {stored.documents} documents: {_usage(company, stored, installation)} (the quota is {whose})",
    )


def _usage(company: Company, stored: StoredBytes, installation: Installation) -> str:
    quota = quota_of(company, installation.settings.company_quota_bytes)
    return f"{stored.bytes / GB:.2f} GB of {quota // GB} GB" if quota else f"{stored.bytes / GB:.2f} GB, no quota"


def _json(company: Company, stored: StoredBytes, installation: Installation) -> dict[str, object]:
    return {
        "company_id": company.id,
        "name": company.name,
        "environment": company.environment,
        "created_at": format_timestamp(company.created_at_ms),
        "stored_bytes": stored.bytes,
        "documents": stored.documents,
        "quota_bytes": quota_of(company, installation.settings.company_quota_bytes) or None,
        "has_own_quota": company.quota_bytes is not None,
    }
