"""Signing in: by a one-time link, which sets password and authenticator up; and with these from then on.

Whatever is wrong, the refusal is the same, and it takes as long: nobody learns which names are operators'.
"""

from __future__ import annotations

from dataclasses import field
from hmac import compare_digest

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import Fault, LinkRefused, SignInRefused, TooManyRequests, ValidationFailed
from ostiary.domain.ids import is_id
from ostiary.domain.operators.operator import (
    NAME_CHARACTERS,
    PASSWORD_MOST,
    LinkKind,
    Operator,
    password_fault,
)
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.sentences import joined
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.operators.attempts import Scopes, give_back, is_to_note, scopes_of, take, take_back
from ostiary.usecases.operators.beginning import Admission, Judge, NewSession, begin_session
from ostiary.usecases.operators.directory import OPERATOR_LEVEL, find_house, fresh_house, link_hash
from ostiary.usecases.transaction import Outcome, execute

NOBODY = "operator:"
"""Who a failed attempt is by: it is not known."""


@value_type
class LinkView:
    """What a link is for: whose it is, what it does, and what an authenticator is set up with."""

    name: str
    kind: LinkKind
    until_ms: int
    code_secret: str = field(repr=False)
    code_address: str = field(repr=False)

    @property
    def sets_up(self) -> bool:
        """Whether password and authenticator are still to be chosen."""
        return self.kind is LinkKind.SETS_UP


async def look_at_link(context: Context, token: str) -> LinkView:
    """What a link is for; it holds as before. Raises LinkRefused."""
    _, operator = await of_link(context, token)
    link, secret = operator.link, operator.code_secret
    assert link is not None  # noqa: S101 (else there would be no operator)
    address = context.codes.address(secret, operator.name)
    return LinkView(operator.name, link.kind, link.until_ms, code_secret=secret, code_address=address)


async def use_link(context: Context, token: str, password: str, code: str, source: SignInSource) -> NewSession:
    """Sets password and authenticator, and signs in; the link is used up. One that signs in needs neither.

    Raises LinkRefused, and ValidationFailed, which leaves the link as it was, for what cannot be a password or is no
    code of the authenticator.
    """
    house, operator = await of_link(context, token)
    assert operator.link is not None  # noqa: S101
    after = replace(operator, link=None)
    if operator.link.kind is LinkKind.SETS_UP:
        step = context.codes.step_of(operator.code_secret, code, context.now_ms(), operator.last_step)
        after = replace(after, last_step=_good(operator, password, step))
        after = replace(after, password_hash=await context.passwords.hash(password))

    return await by_link(context, house, operator, source, Admission(after))


async def by_link(
    context: Context, house: Company, operator: Operator, source: SignInSource, admission: Admission
) -> NewSession:
    """Uses a link up and signs in, if the operator is still as he was read. Raises LinkRefused."""

    async def is_as_read(_: Company, fresh: Operator) -> Admission | None:
        return admission if fresh == operator else None

    new = await begin_session(context, house, operator, source, is_as_read)
    if new is None:
        raise LinkRefused
    return new


async def sign_in(context: Context, name: str, password: str, code: str, source: SignInSource) -> NewSession:
    """Signs somebody in by name, password and code. Raises SignInRefused, whichever of them is wrong, and
    TooManyRequests, with how long to wait."""
    house = await find_house(context)
    if house is None:
        await context.passwords.is_right("", "")
        raise SignInRefused
    name = name if len(name) <= NAME_CHARACTERS else ""
    operator = await context.storage.operators.by_name(house, name)
    scopes = scopes_of(context, house, name, operator, source)
    failures = await take(context, house, scopes)
    session = None
    try:
        is_right = await _is_password(context, operator, password, scopes)
    except TooManyRequests:  # a crowd: nobody's password was looked at
        await give_back(context, house, scopes)
        raise
    if is_right and operator is not None:
        session = await begin_session(context, house, operator, source, _with_code(context, operator, code))
    if session is None:
        subject = "unknown" if operator is None else operator.id
        await note_failure(context, house, subject, f"attempt_{failures}", failures=failures)
        raise SignInRefused
    await take_back(context, house, scopes)
    return session


# ---- how it is proved ----


async def _is_password(context: Context, operator: Operator | None, password: str, scopes: Scopes) -> bool:
    """It takes as long for nobody, for somebody who has none or is disabled, and for what is too long to be one."""
    own_hash = "" if operator is None or operator.is_disabled else operator.password_hash
    is_too_long = len(password) > PASSWORD_MOST
    given, is_known = "" if is_too_long else password, scopes.everywhere is None
    is_right = await context.passwords.is_right(given, own_hash, scopes.address, is_known=is_known)
    return is_right and not is_too_long


def _with_code(context: Context, checked: Operator, code: str) -> Judge:
    """What becomes of an operator who gave this code: of each step one is taken, once, and only of whom it was that the
    password was compared for."""

    async def judge(_: Company, fresh: Operator) -> Admission | None:
        if fresh.is_disabled or fresh.password_hash != checked.password_hash:
            return None
        step = context.codes.step_of(fresh.code_secret, code, context.now_ms(), fresh.last_step)
        return None if step is None else Admission(replace(fresh, last_step=step))

    return judge


async def note_failure(context: Context, house: Company, subject: str, *codes: str, failures: int) -> None:
    """A failed attempt on the audit trail, as long as such entries say something."""
    if not await is_to_note(context, house, failures):
        return

    async def decide() -> Outcome[None]:
        lock = await fresh_house(context, house.id)
        note = Note("sign_in_failed", NOBODY, subject, codes)
        return Outcome(None, Unit(lock.id, context.now_ms(), lock, notes=(note,)))

    await execute(context, Caller(house, NOBODY, OPERATOR_LEVEL), decide)


# ---- links ----


async def of_link(context: Context, token: str) -> tuple[Company, Operator]:
    """The house, and whose a link is, if it is good. Raises LinkRefused."""
    operator_id, _, secret = token.partition("_")
    house = await find_house(context) if is_id(operator_id) else None
    if house is None:
        raise LinkRefused
    operator = await context.storage.operators.find(house, operator_id)
    link = None if operator is None or operator.is_disabled else operator.link
    is_its_own = link is not None and compare_digest(link.secret_hash, link_hash(context, operator_id, secret))
    if operator is None or link is None or not is_its_own or not link.is_good(context.now_ms()):
        raise LinkRefused
    return house, operator


def _good(operator: Operator, password: str, step: int | None) -> int:
    """The step of a good code, beside a good password. Raises ValidationFailed."""
    faults = []
    if problem := password_fault(password, operator.name):
        faults.append(Fault("password", "VALUE_INVALID", joined(("password", problem))))
    if step is None:
        faults.append(
            Fault("code", "VALUE_INVALID", "code must be the six digits that the authenticator shows at this moment")
        )
    if faults or step is None:
        raise ValidationFailed(faults=tuple(faults))
    return step
