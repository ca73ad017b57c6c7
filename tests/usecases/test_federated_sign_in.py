"""Operators whom an identity provider vouches for: who comes in, as what, and who does not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, NotFound, SignInRefused, TooManyRequests, Unavailable
from ostiary.domain.operators.federation import Federation, Flow, Identity, IdentityRefused, Membership
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.operators.sign_in import ACCOUNT_FREE
from ostiary.usecases.operators import directory
from ostiary.usecases.operators.beginning import NewSession
from ostiary.usecases.operators.directory import create_operator, disable_operator, list_operators, reset_operator
from ostiary.usecases.operators.federated import Departure, Return, come_back, depart
from ostiary.usecases.operators.sessions import session_of
from ostiary.usecases.operators.sign_in import sign_in
from tests.house import House

BACK, HERE = "https://kyc.example.com/console/signed-in/corporate", SignInSource("203.0.113.7", "a browser")
MARIA = Identity("corporate", "u-1", "maria", ("reviewers",))
MEMBERSHIPS = (
    Membership("leads", Role.ADMIN),
    Membership("reviewers", Role.REVIEWER),
    Membership("acme-desk", Role.REVIEWER, ("acme",)),
)


@dataclass
class Vouching:
    """A provider that says of everybody what a test wants. `flows` are the sign-ins that were finished with it."""

    identity: Identity | Exception = MARIA
    name: str = "corporate"
    label: str = "Corporate"
    flows: list[tuple[Flow, str, str]] = field(default_factory=list)

    async def begin(self, flow: Flow) -> str:
        return f"https://id.example.com/auth?state={flow.state}&nonce={flow.nonce}"

    async def finish(self, flow: Flow, code: str, issuer: str = "") -> Identity:
        self.flows.append((flow, code, issuer))
        if isinstance(self.identity, Exception):
            raise self.identity
        return self.identity

    async def close(self) -> None: ...


@pytest.fixture
def provider(house: House) -> Vouching:
    vouching = Vouching()
    house.context = replace(house.context, federations=(Federation(vouching, MEMBERSHIPS),))
    return vouching


async def departed(house: House) -> tuple[Departure, str]:
    """A sign-in under way, and its state."""
    departure = await depart(house.context, "corporate", BACK)
    return departure, departure.address.partition("state=")[2].partition("&")[0]


async def signed_in(house: House, provider: Vouching, identity: Identity = MARIA) -> NewSession:
    provider.identity = identity
    departure, state = await departed(house)
    return await come_back(house.context, "corporate", BACK, Return(departure.secret, state, "code", "iss"), HERE)


async def entries(house: House) -> list[AuditEntry]:
    company = await directory.house(house.context)
    return await house.context.storage.audit.entries(company.id, company.id)


async def operators(house: House) -> dict[str, Operator]:
    return {operator.name: operator for operator in await list_operators(house.context)}


async def test_who_was_never_here_becomes_what_his_groups_are(house: House, provider: Vouching) -> None:
    session = await signed_in(house, provider)
    signed = await session_of(house.context, session.token)
    assert signed is not None
    assert (signed.operator.name, signed.operator.role, signed.operator.companies) == ("maria", Role.REVIEWER, ())
    assert [(entry.action, entry.actor, entry.codes) for entry in (await entries(house))[-2:]] == [
        ("operator_created", "provider:corporate", ("reviewer", "all_companies")),
        ("signed_in", "operator:maria", ("corporate",)),
    ]


async def test_who_comes_again_is_the_same_whatever_he_is_called_now(house: House, provider: Vouching) -> None:
    first = await signed_in(house, provider)
    second = await signed_in(house, provider, replace(MARIA, name="maria b."))
    assert second.operator.id == first.operator.id
    assert list(await operators(house)) == ["maria"], "audit entries name who he was when he came"
    assert [entry.action for entry in await entries(house)][-1] == "signed_in"


@pytest.mark.parametrize(
    ("groups", "role", "companies"), [(("leads",), Role.ADMIN, ()), (("acme-desk",), Role.REVIEWER, ("acme",))]
)
async def test_rights_follow_the_groups_at_each_sign_in(
    house: House, provider: Vouching, groups: tuple[str, ...], role: Role, companies: tuple[str, ...]
) -> None:
    await signed_in(house, provider)
    after = await signed_in(house, provider, replace(MARIA, groups=groups))
    assert (after.operator.role, after.operator.companies) == (role, companies)
    assert "operator_changed" in [entry.action for entry in await entries(house)]


async def test_who_has_no_group_here_stays_out(house: House, provider: Vouching) -> None:
    with pytest.raises(SignInRefused, match="no role"):
        await signed_in(house, provider, replace(MARIA, groups=("canteen",)))
    assert await operators(house) == {}


async def test_who_lost_his_last_group_is_out_at_once(house: House, provider: Vouching) -> None:
    session = await signed_in(house, provider)
    with pytest.raises(SignInRefused, match="no role"):
        await signed_in(house, provider, replace(MARIA, groups=()))
    assert await session_of(house.context, session.token) is None


async def test_a_name_does_not_take_an_account_over(house: House, provider: Vouching) -> None:
    caller = Caller(await directory.house(house.context), "operator:setup", 5)
    await house.do(create_operator, "Maria", Role.ADMIN, (), caller=caller)
    with pytest.raises(SignInRefused, match="has your name"):
        await signed_in(house, provider)
    assert list(await operators(house)) == ["Maria"]


async def test_two_of_one_name_are_two(house: House, provider: Vouching) -> None:
    await signed_in(house, provider)
    with pytest.raises(SignInRefused, match="has your name"):
        await signed_in(house, provider, replace(MARIA, subject="u-2", groups=("leads",)))
    assert (await operators(house))["maria"].role is Role.REVIEWER


async def test_a_name_of_two_lines_is_refused(house: House, provider: Vouching) -> None:
    with pytest.raises(SignInRefused, match="one line"):
        await signed_in(house, provider, replace(MARIA, name="maria\nroot"))


async def test_who_is_disabled_here_stays_out(house: House, provider: Vouching) -> None:
    session = await signed_in(house, provider)
    caller = Caller(await directory.house(house.context), "operator:setup", 5)
    await house.do(disable_operator, session.operator.id, caller=caller)
    with pytest.raises(SignInRefused, match="disabled"):
        await signed_in(house, provider)


async def test_there_is_no_password_beside_it(house: House, provider: Vouching) -> None:
    session = await signed_in(house, provider)
    caller = Caller(await directory.house(house.context), "operator:setup", 5)
    with pytest.raises(InvalidState, match="corporate"):
        await house.do(reset_operator, session.operator.id, caller=caller)
    with pytest.raises(SignInRefused):
        await sign_in(house.context, "maria", "", "000000", HERE)


@pytest.mark.parametrize(
    "change", [{"secret": ""}, {"secret": "another"}, {"state": "another"}, {"state": ""}, {"code": ""}]
)
async def test_what_did_not_begin_in_this_browser_is_refused(
    house: House, provider: Vouching, change: dict[str, Any]
) -> None:
    departure, state = await departed(house)
    back = replace(Return(departure.secret, state, "code"), **change)
    with pytest.raises(SignInRefused, match="begin again"):
        await come_back(house.context, "corporate", BACK, back, HERE)
    assert provider.flows == [], "the provider is not even asked"


async def test_the_provider_is_asked_with_what_it_was_sent_with(house: House, provider: Vouching) -> None:
    departure, state = await departed(house)
    await come_back(house.context, "corporate", BACK, Return(departure.secret, state, "the code", "its name"), HERE)
    [(flow, code, issuer)] = provider.flows
    assert (flow.return_url, flow.state, code, issuer) == (BACK, state, "the code", "its name")
    assert f"nonce={flow.nonce}" in departure.address
    assert len({flow.state, flow.nonce, flow.verifier, departure.secret}) == 4
    assert 43 <= len(flow.verifier) <= 128, "RFC 7636 section 4.1"


async def test_what_proves_nobody_is_refused_noted_and_counted(house: House, provider: Vouching) -> None:
    provider.identity = IdentityRefused("nonce")
    for _ in range(ACCOUNT_FREE):
        departure, state = await departed(house)
        with pytest.raises(SignInRefused, match="begin again"):
            await come_back(house.context, "corporate", BACK, Return(departure.secret, state, "code"), HERE)
    assert [(entry.action, entry.codes) for entry in await entries(house)][-1] == (
        "sign_in_failed",
        (f"attempt_{ACCOUNT_FREE}", "nonce"),
    )
    with pytest.raises(TooManyRequests):
        await signed_in(house, provider)
    elsewhere = SignInSource("198.51.100.9")
    provider.identity = MARIA
    departure, state = await departed(house)
    assert await come_back(house.context, "corporate", BACK, Return(departure.secret, state, "code"), elsewhere)


async def test_a_provider_that_does_not_answer_is_nobodys_failure(house: House, provider: Vouching) -> None:
    provider.identity = Unavailable("The identity provider does not answer.")
    departure, state = await departed(house)
    with pytest.raises(Unavailable):
        await come_back(house.context, "corporate", BACK, Return(departure.secret, state, "code"), HERE)
    assert [entry.action for entry in await entries(house)] == ["company_created"]


async def test_an_unknown_provider_is_not_found(house: House, provider: Vouching) -> None:
    with pytest.raises(NotFound):
        await depart(house.context, "another", BACK)
    with pytest.raises(NotFound):
        await come_back(house.context, "another", BACK, Return("a", "b", "c"), HERE)


async def test_coming_back_ends_the_session_that_the_browser_had(house: House, provider: Vouching) -> None:
    first = await signed_in(house, provider)
    departure, state = await departed(house)
    source = replace(HERE, earlier_token=first.token)
    again = await come_back(house.context, "corporate", BACK, Return(departure.secret, state, "code"), source)
    assert await session_of(house.context, first.token) is None
    assert await session_of(house.context, again.token) is not None
    assert [(entry.action, entry.codes) for entry in await entries(house)][-2:] == [
        ("session_ended", ("signed_in_again",)),
        ("signed_in", ("corporate",)),
    ]
