"""Companies and their API keys, as operators of the platform administer them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.field_rules import text_fault
from ostiary.domain.companies.company import LEVELS, MOST_ALLOWED_NETWORKS, ApiKey, Caller, Company, Environment
from ostiary.domain.errors import AccessDenied, Fault, NotFound, Unauthorized, ValidationFailed, value_refused
from ostiary.domain.ids import is_id
from ostiary.domain.names.visible import is_blank
from ostiary.domain.sentences import joined, sentence
from ostiary.domain.unit import AddKey, ChangeKey, Unit
from ostiary.usecases.context import Context
from ostiary.usecases.delivery.webhook import new_signing_secret
from ostiary.usecases.transaction import Outcome

KEY_PREFIX = "osk_"
SECRET_BYTES = 32
COMPANY_NAME_CHARACTERS = 200
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
    context: Context, name: str, environment: Environment, email: str | None, actor: str
) -> Outcome[Company]:
    """Raises ValidationFailed for a blank name or an impossible e-mail."""
    faults = []
    if problem := text_fault(name, COMPANY_NAME_CHARACTERS):
        faults.append(Fault("name", "VALUE_INVALID", joined(("name", problem))))
    lookups = context.lookups.in_sandbox if environment is Environment.SANDBOX else context.lookups
    if email is not None and (problem := lookups.email_fault(email)):
        faults.append(Fault("email", "VALUE_INVALID", joined(("email", problem))))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    company_id, now = context.new_id(), context.now_ms()
    data_key = context.cipher.new_data_key(company_id, company_id)
    signing_secret = new_signing_secret(context.random)
    company = Company(
        id=company_id,
        name=name,
        environment=environment,
        created_at_ms=now,
        data_key=data_key,
        signing_secret=signing_secret,
        email=email,
        version=0,
    )
    note = Note("company_created", actor, company_id, (environment.value,))
    return Outcome(company, Unit(company_id, now, company, notes=(note,)))


async def create_key(
    context: Context, caller: Caller, level: int, allowed: tuple[str, ...], expires_at_ms: int | None = None
) -> Outcome[NewKey]:
    """Raises ValidationFailed for a level outside 1-5 or a network that is none."""
    if level not in LEVELS:
        raise ValidationFailed(faults=(Fault("level", "VALUE_INVALID", "level must be 1 to 5"),))
    now, company = context.now_ms(), caller.company
    secret = f"{KEY_PREFIX}{company.id}_{context.random(SECRET_BYTES).hex()}"
    key = ApiKey(
        id=context.new_id(),
        company_id=company.id,
        level=level,
        secret_hash=secret_hash(context, company.id, secret),
        created_at_ms=now,
        allowed=_networks(allowed),
        revoked_at_ms=None,
        expires_at_ms=expires_at_ms,
    )
    note = Note("key_created", caller.actor, key.id, (f"level_{level}",))
    return Outcome(
        NewKey(key, secret),
        Unit(company_id=company.id, at_ms=now, owner=company, changes=(AddKey(key),), notes=(note,)),
    )


async def revoke_key(context: Context, caller: Caller, key: ApiKey) -> Outcome[ApiKey]:
    """Stops a key at once; one that is revoked already stays as it was."""
    if key.revoked_at_ms is not None:
        return Outcome(key)
    gone = replace(key, revoked_at_ms=context.now_ms())
    return _key_changed(context, caller, gone, "key_revoked")


async def allow_networks(context: Context, caller: Caller, key: ApiKey, allowed: tuple[str, ...]) -> Outcome[ApiKey]:
    """Replaces a key's allowlist; an empty one lets every address in. Raises ValidationFailed."""
    return _key_changed(context, caller, replace(key, allowed=_networks(allowed)), "key_allowlist_changed")


async def set_quota(context: Context, caller: Caller, quota_bytes: int | None) -> Outcome[Company]:
    """How much of a company's pictures is kept: in bytes, 0 for no limit, None for what holds for every company."""
    after = replace(caller.company, quota_bytes=quota_bytes)
    amount = "usual" if quota_bytes is None else f"{quota_bytes}"
    note = Note("quota_set", caller.actor, after.id, (amount,))
    return Outcome(after, Unit(after.id, context.now_ms(), after, notes=(note,)))


async def authenticate(context: Context, presented: str, address: str) -> Caller:
    """Who calls. Raises Unauthorized without saying which part was wrong."""
    company_id, _, rest = presented.removeprefix(KEY_PREFIX).partition("_")
    if len(presented) > KEY_CHARACTERS or not presented.startswith(KEY_PREFIX) or not rest or not is_id(company_id):
        raise Unauthorized
    pair = await context.storage.companies.of_key(company_id, secret_hash(context, company_id, presented))
    if pair is None or not pair[0].is_good(context.now_ms(), address):
        raise Unauthorized
    return Caller(pair[1], f"key:{pair[0].id}", pair[0].level)


def demand_level(caller: Caller, level: int) -> None:
    """Raises AccessDenied."""
    if caller.level < level:
        raise AccessDenied(
            sentence(
                "This operation needs an API key of level %(level)s; this one has level %(own)s.",
                level=level,
                own=caller.level,
            )
        )


async def operator_for(context: Context, company_id: str, operator: str) -> Caller:
    """An operator acting on one company. Raises NotFound, and ValidationFailed for a name no audit entry can bear."""
    name = check_operator(operator)
    company = await context.storage.companies.find(company_id)
    if company is None or company_id == await context.storage.operators.house_id():
        raise NotFound("There is no such company.")
    return Caller(company, f"operator:{name}", LEVELS.stop - 1)


def check_operator(operator: str) -> str:
    """The name, if an audit entry can bear it. Raises ValidationFailed."""
    if is_blank(operator) or len(operator) > OPERATOR_CHARACTERS or not operator.isprintable():
        raise value_refused(
            "operator",
            sentence(
                "operator must be 1 to %(most)s printable characters on one line",
                most=OPERATOR_CHARACTERS,
            ),
        )
    return operator


def secret_hash(context: Context, company_id: str, secret: str) -> bytes:
    """What is kept of a key: HMAC-SHA256 under a pepper. Keys have 256 random bits, so no slow hash is needed."""
    return context.cipher.lookup_hash("api_key", company_id, secret)


def _key_changed(context: Context, caller: Caller, key: ApiKey, action: str) -> Outcome[ApiKey]:
    note = Note(action, caller.actor, key.id)
    return Outcome(
        key,
        Unit(
            company_id=key.company_id,
            at_ms=context.now_ms(),
            owner=caller.company,
            changes=(ChangeKey(key),),
            notes=(note,),
        ),
    )


def _networks(allowed: tuple[str, ...]) -> tuple[str, ...]:
    faults = [Fault("allow", "VALUE_INVALID", sentence("at most %(most)s networks", most=MOST_ALLOWED_NETWORKS))]
    if len(allowed) <= MOST_ALLOWED_NETWORKS:
        faults = []
    for network in allowed:
        try:
            ip_network(network)
        except ValueError:
            faults.append(
                Fault(
                    "allow",
                    "VALUE_INVALID",
                    sentence("%(text)s is not a network such as 203.0.113.0/24", text=network),
                )
            )
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    return allowed
