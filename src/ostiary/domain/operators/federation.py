"""Operators whom an identity provider of the house vouches for: who they are there, and what that makes them here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Protocol

from ostiary.domain.operators.operator import ROLES, Role
from ostiary.domain.value import value_type


class IdentityRefused(Exception):
    """What came back does not prove anybody. `problem` names the claim or the check, never what was in it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@value_type
class Flow:
    """One way to the provider and back. `return_url` is where the browser comes back to; `state` ties it to the browser
    that went, `nonce` to the token, and `verifier` proves to the provider that the code is ours (RFC 7636)."""

    return_url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@value_type
class Identity:
    """Somebody as a provider knows him. `subject` never changes there; `name` is for people, and may."""

    provider: str
    subject: str = field(repr=False)
    name: str = field(repr=False)
    groups: tuple[str, ...] = field(default=(), repr=False)


@value_type
class Membership:
    """What being in a group makes somebody. `companies` are ids; none: all companies."""

    group: str
    role: Role
    companies: tuple[str, ...] = ()


class IdentityProvider(Protocol):
    """One that people may sign in by."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    async def begin(self, flow: Flow) -> str: ...
    async def finish(self, flow: Flow, code: str, issuer: str = "") -> Identity: ...
    async def close(self) -> None: ...


@value_type
class Federation:
    """A provider, and what its groups mean here."""

    provider: IdentityProvider
    memberships: tuple[Membership, ...]


def rights_of(groups: Iterable[str], memberships: Iterable[Membership]) -> tuple[Role, tuple[str, ...]] | None:
    """The highest role that somebody's groups give, and the companies it is for; None: no right at all.

    No company named: all of them. Where several groups give that role it is for the companies of each.
    """
    mine = set(groups)
    given = [membership for membership in memberships if membership.group in mine]
    if not given:
        return None
    role = max((membership.role for membership in given), key=ROLES.index)
    highest = [membership for membership in given if membership.role is role]
    if not all(membership.companies for membership in highest):
        return role, ()
    return role, tuple(dict.fromkeys(company for membership in highest for company in membership.companies))
