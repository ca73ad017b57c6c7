"""Signing in by a passkey. Whatever is wrong, the refusal is the same; the audit trail says which check it was."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company, counted_as
from ostiary.domain.errors import SignInRefused
from ostiary.domain.operators.changes import ChangePasskey
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.passkeys import Passkey, PasskeyRefused, counts_on
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.operators.attempts import Scopes, take, take_back
from ostiary.usecases.operators.beginning import Admission, NewSession, begin_session
from ostiary.usecases.operators.challenges import PasskeyAnswer, check_length, take_challenge
from ostiary.usecases.operators.directory import OPERATOR_LEVEL, find_house, fresh_house
from ostiary.usecases.operators.sign_in import note_failure
from ostiary.usecases.transaction import Outcome, execute

OURSELVES = "ostiary"


async def sign_in_by_passkey(context: Context, answer: PasskeyAnswer, source: SignInSource) -> NewSession:
    """Signs in whose passkey it is. Raises SignInRefused, whatever is wrong, and TooManyRequests."""
    house = await find_house(context)
    if house is None:
        raise SignInRefused
    scopes = _scopes(context, house, source)
    failures, subject = await take(context, house, scopes), "unknown"
    try:
        challenge = await take_challenge(context, house, answer.browser, answer.challenge)
        passkey = await _claimed(context, house, answer.credential)
        subject = passkey.operator_id
        count = await context.passkey_checks.signed(answer.credential, answer.site, challenge, passkey.public_key)
        new = await _begin(context, house, passkey, count, source)
    except PasskeyRefused as refused:
        codes = (f"attempt_{failures}", refused.problem)
        await note_failure(context, house, subject, *codes, failures=failures)
        raise SignInRefused from None
    await take_back(context, house, scopes)
    return new


def _scopes(context: Context, house: Company, source: SignInSource) -> Scopes:
    """Whose failures these are: of one address, since no name is tried."""
    attempts, address = context.storage.attempts, counted_as(source.address)
    return Scopes(attempts.mark(house.id, "passkey", address), attempts.mark(house.id, "address", address))


async def _claimed(context: Context, house: Company, credential: str) -> Passkey:
    """The passkey that an answer names, if it is whose the answer says. Raises PasskeyRefused."""
    check_length(credential)
    claimed = await context.passkey_checks.claimed(credential)
    passkey = await context.storage.passkeys.find(house, context.storage.passkeys.mark(house.id, claimed.credential_id))
    if passkey is None or not passkey.is_good:
        raise PasskeyRefused("unknown")
    if passkey.operator_id != claimed.operator_id:
        raise PasskeyRefused("operator")
    return passkey


async def _begin(context: Context, house: Company, checked: Passkey, count: int, source: SignInSource) -> NewSession:
    """Raises PasskeyRefused. A counter that does not go on is written down whoever tries how often: the signature was
    right, so the key is in two places, and nobody but its holders can fill the trail with it."""
    operator = await context.storage.operators.find(house, checked.operator_id)
    problem = "disabled"

    async def judge(lock: Company, fresh: Operator) -> Admission | None:
        nonlocal problem
        passkey = await context.storage.passkeys.find(lock, checked.mark)
        if passkey is None or not passkey.is_good or fresh.is_disabled:
            return None
        if not counts_on(passkey.sign_count, count):
            problem = "counter"
            return None
        used = replace(passkey, sign_count=count, used_at_ms=context.now_ms())
        return Admission(fresh, (ChangePasskey(used),), codes=("passkey", passkey.reference))

    new = None if operator is None else await begin_session(context, house, operator, source, judge)
    if new is None:
        if problem == "counter":
            await _note(context, house, checked, "passkey_counter_back")
        raise PasskeyRefused(problem)
    return new


async def _note(context: Context, house: Company, passkey: Passkey, action: str) -> None:
    async def decide() -> Outcome[None]:
        lock = await fresh_house(context, house.id)
        note = Note(action, OURSELVES, passkey.operator_id, (passkey.reference,))
        return Outcome(None, Unit(lock.id, context.now_ms(), lock, notes=(note,)))

    await execute(context, Caller(house, OURSELVES, OPERATOR_LEVEL), decide)
