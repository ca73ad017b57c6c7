"""Who works with the console: operators are let in, changed, shut out and let in anew.

They belong to a company of the installation's own, the house, which is made with the first of them: it is a company
like any other for storage, so their data is sealed under its key and what happens to them stands in its audit chain.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import field

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.field_rules import text_fault
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.errors import Broken, Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.operators.changes import AddOperator, ChangeOperator, ChangePasskey, EndSessions
from ostiary.domain.operators.operator import LINK_MS, NAME_CHARACTERS, Link, LinkKind, Operator, Role
from ostiary.domain.operators.permissions import is_last_chief
from ostiary.domain.sentences import N_, joined, sentence
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.delivery.webhook import new_signing_secret
from ostiary.usecases.transaction import Outcome

HOUSE_NAME = "Operators"
SECRET_BYTES = 32
CODE_SECRET_BYTES = 20
"""RFC 4226 section 4, requirement 6, recommends 160 bits."""
OPERATOR_LEVEL = 5
SANDBOX_OPERATOR = "sandbox"


@value_type
class NewLink:
    """An operator with a link just made: the only time its secret is there to be shown."""

    operator: Operator
    token: str = field(repr=False)


# ---- the house ----


async def find_house(context: Context) -> Company | None:
    """The company that operators belong to; None as long as there are none."""
    house_id = await context.storage.operators.house_id()
    return None if house_id is None else await context.storage.companies.find(house_id)


async def house(context: Context) -> Company:
    """The company that operators belong to, made if there is none. Its id is settled first, so that of two that make it
    at once both make the same."""
    house_id = await context.storage.operators.house_id(context.new_id())
    assert house_id is not None  # noqa: S101 (it was there, or has just become what was given)
    if (company := await context.storage.companies.find(house_id)) is not None:
        return company
    now = context.now_ms()
    company = Company(
        id=house_id,
        name=HOUSE_NAME,
        environment=Environment.PRODUCTION,
        created_at_ms=now,
        data_key=context.cipher.new_data_key(house_id, house_id),
        signing_secret=new_signing_secret(context.random),
        version=0,
    )
    note = Note("company_created", "ostiary", house_id, (Environment.PRODUCTION.value,))
    await context.storage.commit(Unit(house_id, now, company, notes=(note,)))
    return await fresh_house(context, house_id)


async def fresh_house(context: Context, house_id: str) -> Company:
    """The house as it stands now: it is the lock of all that is decided of operators. Raises Broken."""
    company = await context.storage.companies.find(house_id)
    if company is None:
        raise Broken("The company that operators belong to is gone.")
    return company


def acting(operator: Operator, company: Company) -> Caller:
    """An operator who acts on a company, as on the command line."""
    return Caller(company, f"operator:{operator.name}", OPERATOR_LEVEL)


# ---- operators ----


async def list_operators(context: Context) -> list[Operator]:
    """All, in the order in which they came."""
    company = await find_house(context)
    return [] if company is None else await context.storage.operators.every(company)


async def find_operator(context: Context, operator_id: str) -> Operator:
    """One by his id. Raises NotFound."""
    return await _operator(context, await find_house(context), operator_id)


async def find_by_name(context: Context, name: str) -> Operator:
    """One by his name, however it is written. Raises NotFound."""
    company = await find_house(context)
    operator = None if company is None else await context.storage.operators.by_name(company, name)
    if operator is None:
        raise NotFound("There is no operator of this name; `ostiary operator list` names them.")
    return operator


async def create_operator(
    context: Context, caller: Caller, name: str, role: Role, companies: Sequence[str] = ()
) -> Outcome[NewLink]:
    """Lets somebody in, for some companies (by their ids) or for all. Raises ValidationFailed for a name that is taken
    or cannot be one, and for companies that do not exist."""
    company = await fresh_house(context, caller.company.id)
    faults = [*await _name_faults(context, company, name), *await _company_faults(context, companies)]
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    now, secret = context.now_ms(), context.random(SECRET_BYTES).hex()
    bare = Operator(
        id=context.new_id(),
        name=name,
        role=role,
        companies=tuple(sorted(set(companies))),
        created_at_ms=now,
        updated_at_ms=now,
    )
    operator = _with_link(context, bare, LinkKind.SETS_UP, secret)
    note = Note("operator_created", caller.actor, operator.id, _rights(operator))
    unit = _unit(company, now, note, AddOperator(operator))
    return Outcome(NewLink(operator, token_of(operator, secret)), unit)


async def change_operator(
    context: Context, caller: Caller, operator_id: str, role: Role, companies: Sequence[str]
) -> Outcome[Operator]:
    """What he may do from now on, and for whom. Raises NotFound, ValidationFailed for companies that do not exist, and
    InvalidState where nobody would be left who lets others in."""
    company = await fresh_house(context, caller.company.id)
    operator = await _operator(context, company, operator_id)
    if faults := await _company_faults(context, companies):
        raise ValidationFailed(faults=tuple(faults))
    after = replace(operator, role=role, companies=tuple(sorted(set(companies))))
    if after == operator:
        return Outcome(operator)
    if role is not Role.ADMIN or after.companies:
        await _demand_another_chief(context, company, operator)
    return _changed(context, caller, company, after, "operator_changed", _rights(after))


async def disable_operator(context: Context, caller: Caller, operator_id: str) -> Outcome[Operator]:
    """Shuts somebody out at once: his sessions and his link end. Raises NotFound, and InvalidState where nobody would
    be left who lets others in."""
    company = await fresh_house(context, caller.company.id)
    operator = await _operator(context, company, operator_id)
    if operator.is_disabled:
        return Outcome(operator)
    await _demand_another_chief(context, company, operator)
    after = replace(operator, is_disabled=True, link=None)
    return _changed(context, caller, company, after, "operator_disabled", (), EndSessions(operator.id))


async def enable_operator(context: Context, caller: Caller, operator_id: str) -> Outcome[Operator]:
    """Lets somebody in again who was shut out, with the password that he had. Raises NotFound."""
    company = await fresh_house(context, caller.company.id)
    operator = await _operator(context, company, operator_id)
    if not operator.is_disabled:
        return Outcome(operator)
    return _changed(context, caller, company, replace(operator, is_disabled=False), "operator_enabled", ())


async def reset_operator(context: Context, caller: Caller, operator_id: str) -> Outcome[NewLink]:
    """A new link for somebody who lost what he signs in with: password, authenticator and passkeys end, and so do all
    his sessions.

    Raises NotFound, and InvalidState for somebody who is disabled, or signs in by an identity provider.
    """
    company = await fresh_house(context, caller.company.id)
    operator = await _operator(context, company, operator_id)
    if operator.is_disabled:
        raise InvalidState("This operator is disabled; `ostiary operator enable` comes first.")
    if operator.identity:
        vouching = operator.identity.partition(" ")[0]
        raise InvalidState(
            sentence("This operator signs in by %(provider)s, and has no password here.", provider=vouching)
        )
    secret = context.random(SECRET_BYTES).hex()
    bare = replace(operator, password_hash="", addresses=())
    after = _with_link(context, bare, LinkKind.SETS_UP, secret)
    passkeys = await context.storage.passkeys.of_operator(company, operator.id)
    over = [ChangePasskey(replace(each, ended_at_ms=context.now_ms())) for each in passkeys if each.is_good]
    decided = _changed(context, caller, company, after, "operator_reset", (), EndSessions(operator.id), *over)
    return Outcome(NewLink(after, token_of(after, secret)), decided.unit)


async def choose_language(context: Context, caller: Caller, operator_id: str, language: str) -> Outcome[Operator]:
    """In which language the console speaks to him, by its tag, whatever his browser asks for. Raises NotFound."""
    company = await fresh_house(context, caller.company.id)
    operator = await _operator(context, company, operator_id)
    if operator.language == language:
        return Outcome(operator)
    return _changed(context, caller, company, replace(operator, language=language), "language_chosen", (language,))


async def sandbox_link(context: Context, caller: Caller) -> Outcome[NewLink]:
    """A link that signs the sandbox's own operator in at once, who is made if there is none. Only for an installation
    that holds nothing but sandboxes and serves this machine alone: who asks for it has seen to that."""
    company = await fresh_house(context, caller.company.id)
    operator = await context.storage.operators.by_name(company, SANDBOX_OPERATOR)
    now, secret = context.now_ms(), context.random(SECRET_BYTES).hex()
    bare = operator or Operator(
        id=context.new_id(), name=SANDBOX_OPERATOR, role=Role.ADMIN, created_at_ms=now, updated_at_ms=now
    )
    after = _with_link(context, bare, LinkKind.SIGNS_IN, secret)
    link = NewLink(after, token_of(after, secret))
    if operator is None:
        note = Note("operator_created", caller.actor, after.id, _rights(after))
        return Outcome(link, _unit(company, now, note, AddOperator(after)))
    return Outcome(link, _changed(context, caller, company, after, "operator_reset", ()).unit)


# ---- links ----


def token_of(operator: Operator, secret: str) -> str:
    """What stands in a link's address: whose it is, and the secret. Letters, digits and one underscore."""
    return f"{operator.id}_{secret}"


def link_hash(context: Context, operator_id: str, secret: str) -> str:
    """What is kept of a link's secret, which has 256 random bits: so no slow hash is needed."""
    return context.cipher.lookup_hash("operator", "link", operator_id, secret).hex()


def _with_link(context: Context, operator: Operator, kind: LinkKind, secret: str) -> Operator:
    """With a link in place of any before, and an authenticator to set up by it."""
    link = Link(kind, link_hash(context, operator.id, secret), context.now_ms() + LINK_MS)
    code_secret = b32encode(context.random(CODE_SECRET_BYTES)).decode()
    return replace(operator, link=link, code_secret=code_secret, last_step=0)


# ---- what is common to them ----


def _changed(
    context: Context,
    caller: Caller,
    company: Company,
    after: Operator,
    action: str,
    codes: tuple[str, ...],
    *others: Change,
) -> Outcome[Operator]:
    now = context.now_ms()
    note = Note(action, caller.actor, after.id, codes)
    return Outcome(after, _unit(company, now, note, ChangeOperator(after), *others))


def _unit(company: Company, now_ms: int, note: Note, *changes: Change) -> Unit:
    return Unit(company.id, now_ms, owner=company, changes=changes, notes=(note,))


async def _operator(context: Context, company: Company | None, operator_id: str) -> Operator:
    operator = None if company is None else await context.storage.operators.find(company, operator_id)
    if operator is None:
        raise NotFound("There is no such operator.")
    return operator


async def _demand_another_chief(context: Context, company: Company, operator: Operator) -> None:
    if is_last_chief(operator, await context.storage.operators.every(company)):
        raise InvalidState(
            sentence(
                "%(name)s is the last administrator for all companies: nobody could let others in. Make another one "
                "first.",
                name=operator.name,
            )
        )


def _rights(operator: Operator) -> tuple[str, ...]:
    """As audit entries say them."""
    return (operator.role.value, *(operator.companies or ("all_companies",)))


def name_problem(name: str) -> str | None:
    """Why nobody can be an operator of this name; None if somebody can. Audit entries have to bear it, too."""
    problem = text_fault(name, NAME_CHARACTERS)
    if problem is None and not name.isprintable():
        problem = N_("contains characters that nobody sees, or a blank of an odd kind; use plain letters and spaces")
    if problem is None and name != name.strip():
        problem = N_("must not begin or end with a blank")
    return problem


async def _name_faults(context: Context, company: Company, name: str) -> list[Fault]:
    problem = name_problem(name)
    if problem is None and await context.storage.operators.by_name(company, name) is not None:
        problem = N_("is an operator's already; a name belongs to the same person for ever")
    return [] if problem is None else [Fault("name", "VALUE_INVALID", joined(("name", problem)))]


async def _company_faults(context: Context, companies: Sequence[str]) -> list[Fault]:
    existing = {company.id for company in await context.storage.companies.every()} if companies else set[str]()
    return [
        Fault("companies", "VALUE_INVALID", sentence("companies: there is no company %(id)s", id=company_id))
        for company_id in companies
        if company_id not in existing
    ]
