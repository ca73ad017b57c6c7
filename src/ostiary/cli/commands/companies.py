"""`ostiary company` and `ostiary key`."""

from __future__ import annotations

import argparse

from ostiary.app import Installation, opened
from ostiary.cli.commands import companies_stored
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.domain.companies.company import ApiKey, Caller, Company, Environment
from ostiary.domain.errors import NotFound
from ostiary.domain.times import DAY_MS, format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies import companies
from ostiary.usecases.transaction import Outcome, execute


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings, may_make=(options.command, options.action) == ("company", "create")) as installation:
        installation.run(_ACTIONS[options.command, options.action](options, installation))
    return EXIT_OK


async def create_company(
    installation: Installation, name: str, environment: Environment, email: str | None, actor: str
) -> Company:
    """Makes a company. Raises ValidationFailed."""
    decided = await companies.create_company(installation.context, name, environment, email, actor)
    caller = Caller(decided.answer, actor, 0)

    async def decide() -> Outcome[Company]:
        return decided

    return await execute(installation.context, caller, decide)


async def create_key(
    installation: Installation,
    company_id: str,
    level: int,
    allowed: tuple[str, ...],
    actor: str,
    expires_at_ms: int | None = None,
) -> companies.NewKey:
    """Makes a key. Raises NotFound, ValidationFailed."""

    async def decide() -> Outcome[companies.NewKey]:
        caller = await companies.operator_for(installation.context, company_id, actor)
        return await companies.create_key(installation.context, caller, level, allowed, expires_at_ms)

    caller = await companies.operator_for(installation.context, company_id, actor)
    return await execute(installation.context, caller, decide)


async def _create_company(options: argparse.Namespace, installation: Installation) -> None:
    actor = f"operator:{named_operator(options)}"
    company = await create_company(installation, options.name, Environment(options.environment), options.email, actor)
    answer = {"company_id": company.id, "name": company.name, "environment": company.environment}
    show(
        options,
        answer,
        f"{company.environment} company {company.name}: {company.id}\n"
        f"next: ostiary key create --company {company.id} --level 3",
    )


async def _create_key(options: argparse.Namespace, installation: Installation) -> None:
    expires = None if options.expires_days is None else installation.context.now_ms() + options.expires_days * DAY_MS
    key = await create_key(
        installation, options.company, options.level, tuple(options.allow), named_operator(options), expires
    )
    answer = {"key_id": key.key.id, "key": key.secret, "level": key.key.level}
    show(
        options,
        answer,
        f"key {key.key.id}, level {key.key.level}:\n{key.secret}\n"
        "Keep it now: only a keyed hash is stored, it cannot be shown again.",
    )


async def _list_keys(options: argparse.Namespace, installation: Installation) -> None:
    await companies.operator_for(installation.context, options.company, named_operator(options))
    keys = await installation.context.storage.companies.keys(options.company)
    lines = [
        f"{key.id}  level {key.level}  {_state(key, installation.context.now_ms())}  {' '.join(key.allowed)}"
        for key in keys
    ]
    show(options, [_key_json(key, installation.context.now_ms()) for key in keys], "\n".join(lines) or "no keys")


async def _revoke(options: argparse.Namespace, installation: Installation) -> None:
    async def decide() -> Outcome[ApiKey]:
        caller, key = await _key(options, installation)
        return await companies.revoke_key(installation.context, caller, key)

    caller, _ = await _key(options, installation)
    gone = await execute(installation.context, caller, decide)
    show(options, _key_json(gone, installation.context.now_ms()), f"key {gone.id} is revoked")


async def _allow(options: argparse.Namespace, installation: Installation) -> None:
    async def decide() -> Outcome[ApiKey]:
        caller, key = await _key(options, installation)
        return await companies.allow_networks(installation.context, caller, key, tuple(options.allow))

    caller, _ = await _key(options, installation)
    key = await execute(installation.context, caller, decide)
    where = ", ".join(key.allowed) or "every address"
    show(options, _key_json(key, installation.context.now_ms()), f"key {key.id} is let in from {where}")


async def _key(options: argparse.Namespace, installation: Installation) -> tuple[Caller, ApiKey]:
    key = await installation.context.storage.companies.key(options.key_id)
    if key is None:
        raise NotFound(f"There is no key {options.key_id}; `ostiary key list --company ID` shows a company's.")
    return await companies.operator_for(installation.context, key.company_id, named_operator(options)), key


def _state(key: ApiKey, now_ms: int) -> str:
    if key.revoked_at_ms is not None:
        return "revoked"
    return "expired" if key.expires_at_ms is not None and key.expires_at_ms <= now_ms else "good"


def _key_json(key: ApiKey, now_ms: int) -> dict[str, object]:
    return {
        "key_id": key.id,
        "company_id": key.company_id,
        "level": key.level,
        "state": _state(key, now_ms),
        "allowed": key.allowed,
        "created_at": format_timestamp(key.created_at_ms),
        "expires_at": None if key.expires_at_ms is None else format_timestamp(key.expires_at_ms),
    }


_ACTIONS = {
    ("company", "create"): _create_company,
    ("company", "list"): companies_stored.list_companies,
    ("company", "show"): companies_stored.show_company,
    ("company", "quota"): companies_stored.set_quota,
    ("key", "create"): _create_key,
    ("key", "list"): _list_keys,
    ("key", "revoke"): _revoke,
    ("key", "allow"): _allow,
}
