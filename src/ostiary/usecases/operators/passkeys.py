"""Which passkeys somebody has: the first by a one-time link, others added, renamed and removed by their owner."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.field_rules import text_fault
from ostiary.domain.companies.company import Company
from ostiary.domain.errors import Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.operators.changes import AddPasskey, ChangePasskey
from ostiary.domain.operators.operator import LinkKind, Operator
from ostiary.domain.operators.passkeys import MOST_PASSKEYS, PASSKEY_NAME_CHARACTERS, Passkey, PasskeyRefused
from ostiary.domain.operators.sessions import SignInSource, is_fresh
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.operators.beginning import Admission, NewSession
from ostiary.usecases.operators.challenges import PasskeyAnswer, check_length, take_challenge
from ostiary.usecases.operators.directory import find_house, fresh_house
from ostiary.usecases.operators.sessions import SignedIn
from ostiary.usecases.operators.sign_in import by_link, of_link
from ostiary.usecases.transaction import Outcome, execute

FIRST_NAME = "First passkey"
NOT_FRESH = N_("Sign in again first: what you sign in with can be changed for ten minutes after that.")
OF_PROVIDER = N_("You sign in by your identity provider, which says who comes in; there are no passkeys beside that.")
LAST_WAY = N_("This is the only way in which you can sign in. Add another passkey first.")


async def use_link_by_passkey(context: Context, token: str, answer: PasskeyAnswer, source: SignInSource) -> NewSession:
    """Sets an account up with a passkey instead of password and authenticator, and signs in; the link is used up.

    Raises LinkRefused, and ValidationFailed, which leaves the link as it was.
    """
    house, operator = await of_link(context, token)
    assert operator.link is not None  # noqa: S101 (else the link would be none)
    if operator.link.kind is not LinkKind.SETS_UP:
        raise InvalidState("This link signs in by itself.")
    passkey = await _new_passkey(context, house, operator.id, answer, FIRST_NAME)
    added = Note("passkey_added", f"operator:{operator.name}", operator.id, (passkey.reference,))
    admission = Admission(replace(operator, link=None), (AddPasskey(passkey),), (added,), ("link", passkey.reference))
    return await by_link(context, house, operator, source, admission)


# ---- one's own ----


async def passkeys_of(context: Context, operator_id: str) -> list[Passkey]:
    """Those with which an operator may sign in, oldest first."""
    house = await find_house(context)
    every = [] if house is None else await context.storage.passkeys.of_operator(house, operator_id)
    return [passkey for passkey in every if passkey.is_good]


async def ways_of_all(context: Context) -> dict[str, tuple[str, ...]]:
    """How operators can sign in, by their ids: `password`, `passkey`, or the name of an identity provider."""
    house = await find_house(context)
    if house is None:
        return {}
    with_passkey = {each.operator_id for each in await context.storage.passkeys.every(house) if each.is_good}
    return {
        operator.id: ways_of(operator, has_passkey=operator.id in with_passkey)
        for operator in await context.storage.operators.every(house)
    }


def ways_of(operator: Operator, *, has_passkey: bool) -> tuple[str, ...]:
    """How an operator can sign in."""
    ways = (operator.is_set_up and "password", has_passkey and "passkey", operator.identity.partition(" ")[0])
    return tuple(way for way in ways if way)


async def add_passkey(context: Context, signed_in: SignedIn, answer: PasskeyAnswer, name: str) -> Passkey:
    """One more. Raises ValidationFailed for a name that cannot be one and a device that did not prove itself, and
    InvalidState for whoever did not sign in just now, has as many as there may be, or comes by a provider."""
    check_may_change(context, signed_in)
    _check_name(name)
    house, operator_id = signed_in.house, signed_in.operator.id
    passkey = await _new_passkey(context, house, operator_id, answer, name)

    async def decide() -> Outcome[Passkey]:
        lock = await fresh_house(context, house.id)
        if len(await _good(context, lock, operator_id)) >= MOST_PASSKEYS:
            raise InvalidState(sentence("You have %(most)s passkeys; remove one first.", most=MOST_PASSKEYS))
        return _changed(context, signed_in, lock, AddPasskey(passkey), "passkey_added", passkey)

    return await execute(context, signed_in.caller, decide)


async def rename_passkey(context: Context, signed_in: SignedIn, mark: bytes, name: str) -> Passkey:
    """Raises NotFound, ValidationFailed."""
    _check_name(name)

    async def decide() -> Outcome[Passkey]:
        lock = await fresh_house(context, signed_in.house.id)
        after = replace(await _own(context, lock, signed_in.operator.id, mark), name=name)
        return _changed(context, signed_in, lock, ChangePasskey(after), "passkey_renamed", after)

    return await execute(context, signed_in.caller, decide)


async def remove_passkey(context: Context, signed_in: SignedIn, mark: bytes) -> Passkey:
    """It signs nobody in any more; sessions that it began go on. Raises NotFound, and InvalidState for whoever did not
    sign in just now, and for the last way to sign in."""
    check_may_change(context, signed_in)

    async def decide() -> Outcome[Passkey]:
        lock, operator_id = await fresh_house(context, signed_in.house.id), signed_in.operator.id
        passkey = await _own(context, lock, operator_id, mark)
        operator = await context.storage.operators.find(lock, operator_id)
        if operator is None or (not operator.is_set_up and len(await _good(context, lock, operator_id)) == 1):
            raise InvalidState(LAST_WAY)
        after = replace(passkey, ended_at_ms=context.now_ms())
        return _changed(context, signed_in, lock, ChangePasskey(after), "passkey_removed", after)

    return await execute(context, signed_in.caller, decide)


def check_may_change(context: Context, signed_in: SignedIn) -> None:
    """Raises InvalidState unless the one who is signed in may change by what he signs in."""
    if signed_in.operator.identity:
        raise InvalidState(OF_PROVIDER)
    if not is_fresh(signed_in.session, context.now_ms()):
        raise InvalidState(NOT_FRESH)


# ---- what is common to them ----


async def _new_passkey(context: Context, house: Company, operator_id: str, answer: PasskeyAnswer, name: str) -> Passkey:
    """Raises ValidationFailed."""
    try:
        check_length(answer.credential)
        challenge = await take_challenge(context, house, answer.browser, answer.challenge)
        credential = await context.passkey_checks.new_credential(answer.credential, answer.site, challenge)
    except PasskeyRefused as refused:
        raise _fault("credential", f"credential did not prove itself ({refused.problem}); try again") from None
    mark = context.storage.passkeys.mark(house.id, credential.credential_id)
    if await context.storage.passkeys.find(house, mark) is not None:
        raise _fault("credential", "credential is a passkey here already")
    return Passkey(
        mark=mark,
        operator_id=operator_id,
        name=name,
        credential_id=credential.credential_id,
        public_key=credential.public_key,
        sign_count=credential.sign_count,
        created_at_ms=context.now_ms(),
    )


def _check_name(name: str) -> None:
    problem = text_fault(name, PASSKEY_NAME_CHARACTERS)
    if problem is None and not name.isprintable():
        problem = "contains characters that nobody sees"
    if problem is not None:
        raise _fault("name", f"name {problem}")


def _fault(name: str, message: str) -> ValidationFailed:
    return ValidationFailed(faults=(Fault(name, "VALUE_INVALID", message),))


async def _good(context: Context, lock: Company, operator_id: str) -> list[Passkey]:
    return [each for each in await context.storage.passkeys.of_operator(lock, operator_id) if each.is_good]


async def _own(context: Context, lock: Company, operator_id: str, mark: bytes) -> Passkey:
    for passkey in await _good(context, lock, operator_id):
        if passkey.mark == mark:
            return passkey
    raise NotFound("There is no such passkey.")


def _changed(
    context: Context, signed_in: SignedIn, lock: Company, change: Change, action: str, passkey: Passkey
) -> Outcome[Passkey]:
    note = Note(action, signed_in.caller.actor, passkey.operator_id, (passkey.reference,))
    return Outcome(passkey, Unit(lock.id, context.now_ms(), owner=lock, changes=(change,), notes=(note,)))
