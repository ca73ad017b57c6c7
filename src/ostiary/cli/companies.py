"""`ostiary company` and `ostiary key`."""

from __future__ import annotations

import argparse
import getpass

from ostiary.app import Opened, opened
from ostiary.cli import EXIT_OK
from ostiary.cli.running import show
from ostiary.domain.companies import ApiKey, Caller, Company, Environment
from ostiary.domain.errors import NotFound
from ostiary.domain.times import DAY_MS, shown
from ostiary.settings import Settings
from ostiary.usecases import companies
from ostiary.usecases.deciding import Decided, settle


def do(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as parts:
        parts.run(_ACTIONS[options.command, options.action](options, parts))
    return EXIT_OK


async def create_company(parts: Opened, name: str, environment: Environment, email: str | None, actor: str) -> Company:
    """Makes a company. Raises ValidationFailed."""
    decided = await companies.create_company(parts.world, name, environment, email, actor)
    caller = Caller(decided.answer, actor, 0)

    async def decide() -> Decided[Company]:
        return decided

    return await settle(parts.world, caller, decide)


async def create_key(
    parts: Opened, company_id: str, level: int, allowed: tuple[str, ...], actor: str, expires_at_ms: int | None = None
) -> companies.NewKey:
    """Makes a key. Raises NotFound, ValidationFailed."""

    async def decide() -> Decided[companies.NewKey]:
        caller = await companies.operator_for(parts.world, company_id, actor)
        return await companies.create_key(parts.world, caller, level, allowed, expires_at_ms)

    caller = await companies.operator_for(parts.world, company_id, actor)
    return await settle(parts.world, caller, decide)


async def _create_company(options: argparse.Namespace, parts: Opened) -> None:
    actor = f"operator:{_operator(options)}"
    company = await create_company(parts, options.name, Environment(options.environment), options.email, actor)
    answer = {"company_id": company.id, "name": company.name, "environment": company.environment}
    show(options, answer, f"{company.environment} company {company.name}: {company.id}\n"
         f"next: ostiary key create --company {company.id} --level 3")  # fmt: skip


async def _list_companies(options: argparse.Namespace, parts: Opened) -> None:
    found = await parts.world.storage.companies()
    answer = [{"company_id": one.id, "name": one.name, "environment": one.environment} for one in found]
    lines = [f"{one.id}  {one.environment:10}  {one.name}" for one in found]
    show(options, answer, "\n".join(lines) or "There is no company yet: ostiary company create --name NAME")


async def _create_key(options: argparse.Namespace, parts: Opened) -> None:
    expires = None if options.expires_days is None else parts.world.now_ms() + options.expires_days * DAY_MS
    made = await create_key(parts, options.company, options.level, tuple(options.allow), _operator(options), expires)
    answer = {"key_id": made.key.id, "key": made.secret, "level": made.key.level}
    show(options, answer, f"key {made.key.id}, level {made.key.level}:\n{made.secret}\n"
         "Keep it now: only a keyed hash is stored, it cannot be shown again.")  # fmt: skip


async def _list_keys(options: argparse.Namespace, parts: Opened) -> None:
    await companies.operator_for(parts.world, options.company, _operator(options))
    keys = await parts.world.storage.keys(options.company)
    lines = [
        f"{one.id}  level {one.level}  {_state(one, parts.world.now_ms())}  {' '.join(one.allowed)}" for one in keys
    ]
    show(options, [_key_json(one, parts.world.now_ms()) for one in keys], "\n".join(lines) or "no keys")


async def _revoke(options: argparse.Namespace, parts: Opened) -> None:
    async def decide() -> Decided[ApiKey]:
        caller, key = await _key(options, parts)
        return await companies.revoke_key(parts.world, caller, key)

    caller, _ = await _key(options, parts)
    gone = await settle(parts.world, caller, decide)
    show(options, _key_json(gone, parts.world.now_ms()), f"key {gone.id} is revoked")


async def _allow(options: argparse.Namespace, parts: Opened) -> None:
    async def decide() -> Decided[ApiKey]:
        caller, key = await _key(options, parts)
        return await companies.allow_networks(parts.world, caller, key, tuple(options.allow))

    caller, _ = await _key(options, parts)
    key = await settle(parts.world, caller, decide)
    where = ", ".join(key.allowed) or "every address"
    show(options, _key_json(key, parts.world.now_ms()), f"key {key.id} is let in from {where}")


async def _key(options: argparse.Namespace, parts: Opened) -> tuple[Caller, ApiKey]:
    key = await parts.world.storage.key(options.key_id)
    if key is None:
        raise NotFound(f"There is no key {options.key_id}; `ostiary key list --company ID` shows a company's.")
    return await companies.operator_for(parts.world, key.company_id, _operator(options)), key


def _operator(options: argparse.Namespace) -> str:
    """Who acts: as said, or whoever runs the command."""
    named: str | None = getattr(options, "operator", None)
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


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
        "created_at": shown(key.created_at_ms),
        "expires_at": None if key.expires_at_ms is None else shown(key.expires_at_ms),
    }


_ACTIONS = {
    ("company", "create"): _create_company,
    ("company", "list"): _list_companies,
    ("key", "create"): _create_key,
    ("key", "list"): _list_keys,
    ("key", "revoke"): _revoke,
    ("key", "allow"): _allow,
}
