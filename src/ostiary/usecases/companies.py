"""Companies and their API keys, as operators of the platform administer them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from ostiary.domain.audit import Note
from ostiary.domain.companies import (
    LEVELS,
    MOST_ALLOWED_NETWORKS,
    ApiKey,
    Caller,
    Company,
    Environment,
)
from ostiary.domain.errors import AccessDenied, Fault, NotFound, Unauthorized, ValidationFailed
from ostiary.domain.ids import is_id
from ostiary.domain.units import Unit
from ostiary.usecases.deciding import Decided
from ostiary.usecases.webhooks import new_signing_secret
from ostiary.usecases.world import World

KEY_PREFIX = "osk_"
SECRET_BYTES = 32
OPERATOR_CHARACTERS = 100
"""A name is read in lists of audit entries; a line break in it would look like another entry."""
KEY_CHARACTERS = 200
"""A key has 101 characters; anything much longer is not looked at."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: the only time its secret is there to be shown."""

    key: ApiKey
    secret: str = field(repr=False)


async def create_company(
    world: World, name: str, environment: Environment, email: str | None, actor: str
) -> Decided[Company]:
    """Raises ValidationFailed for a blank name or an impossible e-mail."""
    faults = []
    if not 0 < len(name.strip()) <= 200:
        faults.append(Fault("name", "VALUE_INVALID", "name must be 1 to 200 characters"))
    if email is not None and (problem := world.lookups.email_fault(email)):
        faults.append(Fault("email", "VALUE_INVALID", f"email {problem}"))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    company_id, now = world.new_id(), world.now_ms()
    data_key = world.cipher.new_data_key(company_id, company_id)
    signing_secret = new_signing_secret(world.random)
    company = Company(company_id, name, environment, now, data_key, signing_secret, email, version=0)
    note = Note("company_created", actor, company_id, (environment.value,))
    return Decided(company, Unit(company_id, now, company=company, notes=(note,)))


async def create_key(
    world: World, caller: Caller, level: int, allowed: tuple[str, ...], expires_at_ms: int | None = None
) -> Decided[NewKey]:
    """Raises ValidationFailed for a level outside 1-5 or a network that is none."""
    if level not in LEVELS:
        raise ValidationFailed(faults=(Fault("level", "VALUE_INVALID", "level must be 1 to 5"),))
    now, company = world.now_ms(), caller.company
    secret = f"{KEY_PREFIX}{company.id}_{world.random(SECRET_BYTES).hex()}"
    key = ApiKey(
        world.new_id(), company.id, level, secret_hash(world, company.id, secret), now, _networks(allowed), None,
        expires_at_ms,
    )  # fmt: skip
    note = Note("key_created", caller.actor, key.id, (f"level_{level}",))
    return Decided(NewKey(key, secret), Unit(company.id, now, company=company, key_added=key, notes=(note,)))


async def revoke_key(world: World, caller: Caller, key: ApiKey) -> Decided[ApiKey]:
    """Stops a key at once; one that is revoked already stays as it was."""
    if key.revoked_at_ms is not None:
        return Decided(key)
    gone = replace(key, revoked_at_ms=world.now_ms())
    return _key_changed(world, caller, gone, "key_revoked")


async def allow_networks(world: World, caller: Caller, key: ApiKey, allowed: tuple[str, ...]) -> Decided[ApiKey]:
    """Replaces a key's allowlist; an empty one lets every address in. Raises ValidationFailed."""
    return _key_changed(world, caller, replace(key, allowed=_networks(allowed)), "key_allowlist_changed")


async def authenticate(world: World, presented: str, address: str) -> Caller:
    """Who calls. Raises Unauthorized without saying which part was wrong."""
    company_id, _, rest = presented.removeprefix(KEY_PREFIX).partition("_")
    if len(presented) > KEY_CHARACTERS or not presented.startswith(KEY_PREFIX) or not rest or not is_id(company_id):
        raise Unauthorized
    found = await world.storage.company_of_key(company_id, secret_hash(world, company_id, presented))
    if found is None or not found[0].is_good(world.now_ms(), address):
        raise Unauthorized
    return Caller(found[1], f"key:{found[0].id}", found[0].level)


def demand_level(caller: Caller, level: int) -> None:
    """Raises AccessDenied."""
    if caller.level < level:
        raise AccessDenied(f"This operation needs an API key of level {level}; this one has level {caller.level}.")


async def operator_for(world: World, company_id: str, operator: str) -> Caller:
    """An operator acting on one company. Raises NotFound, and ValidationFailed for a name no audit entry can bear."""
    if not operator.strip() or len(operator) > OPERATOR_CHARACTERS or not operator.isprintable():
        message = f"operator must be 1 to {OPERATOR_CHARACTERS} printable characters on one line"
        raise ValidationFailed(message, faults=(Fault("operator", "VALUE_INVALID", message),))
    company = await world.storage.company(company_id)
    if company is None:
        raise NotFound("There is no such company.")
    return Caller(company, f"operator:{operator}", LEVELS.stop - 1)


def secret_hash(world: World, company_id: str, secret: str) -> bytes:
    """What is kept of a key: HMAC-SHA256 under a pepper. Keys have 256 random bits, so no slow hash is needed."""
    return world.cipher.mark("api_key", company_id, secret)


def _key_changed(world: World, caller: Caller, key: ApiKey, action: str) -> Decided[ApiKey]:
    note = Note(action, caller.actor, key.id)
    return Decided(key, Unit(key.company_id, world.now_ms(), company=caller.company, key_changed=key, notes=(note,)))


def _networks(allowed: tuple[str, ...]) -> tuple[str, ...]:
    faults = [Fault("allow", "VALUE_INVALID", f"at most {MOST_ALLOWED_NETWORKS} networks")]
    if len(allowed) <= MOST_ALLOWED_NETWORKS:
        faults = []
    for one in allowed:
        try:
            ip_network(one)
        except ValueError:
            faults.append(Fault("allow", "VALUE_INVALID", f"{one} is not a network such as 203.0.113.0/24"))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    return allowed
