"""Signing in by an identity provider of the house: to it, back from it, and in as who it says that somebody is.

Nothing is kept of a sign-in under way. The browser holds one secret; state, nonce and verifier are keyed hashes of it.
"""

from __future__ import annotations

from dataclasses import field
from hmac import compare_digest

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Company, counted_as
from ostiary.domain.errors import NotFound, SignInRefused, Unavailable
from ostiary.domain.operators.changes import AddOperator, AddSession, ChangeOperator, EndSessions
from ostiary.domain.operators.federation import Federation, Flow, Identity, IdentityRefused, rights_of
from ostiary.domain.operators.operator import Operator, Role, normal_name, remembers
from ostiary.domain.operators.sessions import SignInSource, begun
from ostiary.domain.sentences import N_
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.operators.attempts import Scopes, address_mark, take, take_back
from ostiary.usecases.operators.beginning import TOKEN_BYTES, NewSession, earlier_session
from ostiary.usecases.operators.directory import SECRET_BYTES, acting, fresh_house, house, name_problem
from ostiary.usecases.operators.sign_in import note_failure
from ostiary.usecases.transaction import Outcome, execute

NOT_CONFIRMED = N_("The sign-in could not be confirmed; begin again.")
NO_ROLE = N_("Your account is known, and has no role here: none of its groups has one. Ask who administers the groups.")
NAME_TAKEN = N_("An operator of another kind has your name here already; an administrator has to settle that.")
NAME_ODD = N_("Your account's name cannot be shown on one line; an administrator has to settle that.")
DISABLED = N_("Your account is disabled here.")


@value_type
class Departure:
    """Where the browser is sent, and the secret that it holds meanwhile."""

    address: str = field(repr=False)
    secret: str = field(repr=False)


@value_type
class Return:
    """What the browser came back with. `secret` is what it held, `issuer` who it says that it comes from."""

    secret: str = field(repr=False)
    state: str = field(repr=False)
    code: str = field(repr=False)
    issuer: str = ""


async def depart(context: Context, name: str, return_url: str) -> Departure:
    """Begins a sign-in by a provider. Raises NotFound, Unavailable."""
    federation = _federation(context, name)
    secret = context.random(SECRET_BYTES).hex()
    return Departure(await federation.provider.begin(_flow(context, name, secret, return_url)), secret)


async def come_back(context: Context, name: str, return_url: str, back: Return, source: SignInSource) -> NewSession:
    """Signs in who the provider says that somebody is. Somebody new becomes an operator, with the rights of his groups.

    Raises NotFound, Unavailable, TooManyRequests, and SignInRefused with a message for who signs in.
    """
    federation = _federation(context, name)
    company = await house(context)
    scopes = _scopes(context, company, name, source)
    failures = await take(context, company, scopes)
    try:
        identity = await _identity(context, federation, _flow(context, name, back.secret, return_url), back)
    except Unavailable:
        await take_back(context, company, scopes)  # nobody's failure
        raise
    except IdentityRefused as problem:
        codes = (f"attempt_{failures}", problem.problem)
        await note_failure(context, company, name, *codes, failures=failures)
        raise SignInRefused(NOT_CONFIRMED) from None
    await take_back(context, company, scopes)
    return await _sign_in(context, company, federation, identity, source)


def _federation(context: Context, name: str) -> Federation:
    for federation in context.federations:
        if federation.provider.name == name:
            return federation
    raise NotFound("There is no such identity provider.")


def _flow(context: Context, name: str, secret: str, return_url: str) -> Flow:
    state, nonce, verifier = (
        context.cipher.lookup_hash("operator", "federated", purpose, name, secret).hex()
        for purpose in ("state", "nonce", "verifier")
    )
    return Flow(return_url=return_url, state=state, nonce=nonce, verifier=verifier)


def _scopes(context: Context, company: Company, name: str, source: SignInSource) -> Scopes:
    """Whose failures these are: of one address, since nobody is known yet. So nobody keeps others out."""
    attempts, address = context.storage.attempts, counted_as(source.address)
    return Scopes(attempts.mark(company.id, "federated", name, address), attempts.mark(company.id, "address", address))


async def _identity(context: Context, federation: Federation, flow: Flow, back: Return) -> Identity:
    """Raises IdentityRefused, Unavailable."""
    if not back.secret or not compare_digest(back.state.encode(), flow.state.encode()):
        raise IdentityRefused("state")  # another browser's, an older one, or none that began here
    if not back.code:
        raise IdentityRefused("code")  # the provider refused, or somebody changed his mind
    return await federation.provider.finish(flow, back.code, back.issuer)


async def _sign_in(
    context: Context, company: Company, federation: Federation, identity: Identity, source: SignInSource
) -> NewSession:
    """Begins a session of who that is here, with the rights that his groups give now. The house's row is the lock."""
    token = context.random(TOKEN_BYTES).hex()
    mark = context.storage.sessions.mark(company.id, token)
    rights = rights_of(identity.groups, federation.memberships)

    async def decide() -> Outcome[NewSession | str]:
        lock, now = await fresh_house(context, company.id), context.now_ms()
        everybody = await context.storage.operators.every(lock)
        before = next((each for each in everybody if each.identity == _key(identity)), None)
        if rights is None:
            return _without_role(context, lock, before)
        operator = before or _newcomer(context, identity)
        if refusal := _refusal(operator, everybody):
            return Outcome(refusal)
        role, companies = rights
        after = replace(
            operator,
            role=role,
            companies=tuple(sorted(companies)),
            addresses=remembers(operator.addresses, address_mark(context, lock, source)),
        )
        session = begun(mark, after, source, now)
        actor, codes = acting(after, lock).actor, (role.value, *(after.companies or ("all_companies",)))
        notes = [Note("signed_in", actor, after.id, (identity.provider,))]
        if before is None:
            notes.insert(0, Note("operator_created", f"provider:{identity.provider}", after.id, codes))
        elif (before.role, before.companies) != (after.role, after.companies):
            notes.insert(0, Note("operator_changed", f"provider:{identity.provider}", after.id, codes))
        entry: Change = AddOperator(after) if before is None else ChangeOperator(after)
        ends, ended_notes = await earlier_session(context, lock, source, actor)
        changes = (entry, AddSession(session), *ends)
        notes[:0] = ended_notes
        return Outcome(
            NewSession(session, after, token), Unit(lock.id, now, owner=lock, changes=changes, notes=tuple(notes))
        )

    ended = await execute(context, acting(_newcomer(context, identity), company), decide)
    if isinstance(ended, str):
        raise SignInRefused(ended)
    return ended


def _without_role(context: Context, lock: Company, before: Operator | None) -> Outcome[NewSession | str]:
    """Who has lost his last group is out at once, with whatever sessions he had."""
    if before is None:
        return Outcome(NO_ROLE)
    note = Note("sign_in_failed", acting(before, lock).actor, before.id, ("no_role",))
    return Outcome(NO_ROLE, Unit(lock.id, context.now_ms(), lock, changes=(EndSessions(before.id),), notes=(note,)))


def _newcomer(context: Context, identity: Identity) -> Operator:
    """Somebody who was never here, as yet without any right but to look."""
    now = context.now_ms()
    return Operator(
        id=context.new_id(),
        name=identity.name,
        role=Role.VIEWER,
        created_at_ms=now,
        updated_at_ms=now,
        identity=_key(identity),
    )


def _refusal(operator: Operator, everybody: list[Operator]) -> str | None:
    """Why somebody may not come in under his name; None if he may."""
    if operator.is_disabled:
        return DISABLED
    if name_problem(operator.name):
        return NAME_ODD
    is_taken = any(normal_name(each.name) == normal_name(operator.name) for each in everybody if each.id != operator.id)
    return NAME_TAKEN if is_taken else None


def _key(identity: Identity) -> str:
    """By what somebody is known again: the subject, which never becomes anybody else's."""
    return f"{identity.provider} {identity.subject}"
