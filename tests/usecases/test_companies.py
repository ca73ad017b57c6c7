"""Companies and keys: made, used, restricted, revoked."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.errors import AccessDenied, Contended, NotFound, Unauthorized, ValidationFailed
from ostiary.usecases.companies.companies import (
    NewKey,
    allow_networks,
    authenticate,
    create_company,
    create_key,
    demand_level,
    operator_for,
    revoke_key,
)
from tests.house import House
from tests.material import id_at

HERE = "203.0.113.9"


async def new_key(house: House, level: int = 3, allowed: tuple[str, ...] = (), expires: int | None = None) -> NewKey:
    issued = await house.do(create_key, level, allowed, expires)
    await house.refresh()
    return issued


async def test_a_company_has_secrets_of_its_own(house: House) -> None:
    other = await house.found_company("Other", Environment.PRODUCTION)
    mine, theirs = house.caller.company, other.company
    assert mine.signing_secret != theirs.signing_secret
    assert len(base64.b64decode(theirs.signing_secret.removeprefix("whsec_"))) == 32
    assert (mine.is_sandbox, theirs.is_sandbox) == (True, False)
    assert house.rows("SELECT count(*) FROM companies") == [(2,)]


@pytest.mark.parametrize(
    ("name", "email", "fields"),
    [
        ("", None, ["name"]), ("  ", "x", ["name", "email"]), ("x" * 201, None, ["name"]), ("Acme", "x", ["email"]),
        ("\u3164", None, ["name"]), ("Acme\nLtd", None, ["name"]),
    ],
)  # fmt: skip
async def test_an_impossible_company_is_refused(house: House, name: str, email: str | None, fields: list[str]) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await create_company(house.context, name, Environment.SANDBOX, email, "operator:x")
    assert [fault.field for fault in refused.value.faults] == fields


async def test_a_key_lets_its_company_in(house: House) -> None:
    issued = await new_key(house)
    caller = await authenticate(house.context, issued.secret, HERE)
    assert (caller.company.id, caller.level, caller.actor) == (house.caller.company.id, 3, f"key:{issued.key.id}")
    assert issued.secret not in repr(issued)


async def test_the_secret_is_nowhere_on_disk(house: House) -> None:
    issued = await new_key(house)
    random = issued.secret.rpartition("_")[2]
    stored = b"".join(path.read_bytes() for path in house.parts.settings.data_dir.rglob("*") if path.is_file())
    assert random.encode() not in stored
    assert bytes.fromhex(random) not in stored


async def test_anything_else_is_no_key(house: House) -> None:
    secret = (await new_key(house)).secret
    other = await house.found_company("Other")
    for wrong in (
        "",
        "osk_",
        secret[:-1],
        secret + "0",
        secret[4:],
        secret.upper(),
        "x" * 500,
        f"osk_{id_at(1)}_00",
        secret.replace(house.caller.company.id, other.company.id),
        f"osk_{house.caller.company.id}",
        "osk_é_00",
    ):
        with pytest.raises(Unauthorized):
            await authenticate(house.context, wrong, HERE)


async def test_a_revoked_key_is_good_no_more_and_revoking_again_is_nothing(house: House) -> None:
    issued = await new_key(house)
    gone = await house.do(revoke_key, issued.key)
    await house.refresh()
    with pytest.raises(Unauthorized):
        await authenticate(house.context, issued.secret, HERE)
    assert await house.do(revoke_key, gone) == gone
    assert house.actions(house.caller.company.id) == ["company_created", "key_created", "key_revoked"]


async def test_a_key_expires(house: House) -> None:
    issued = await new_key(house, expires=house.clock.now_ms + 1000)
    await authenticate(house.context, issued.secret, HERE)
    house.clock.now_ms += 1000
    with pytest.raises(Unauthorized):
        await authenticate(house.context, issued.secret, HERE)


async def test_an_allowlist_is_kept_and_changed(house: House) -> None:
    issued = await new_key(house, allowed=("198.51.100.0/24", "2001:db8::/32"))
    with pytest.raises(Unauthorized):
        await authenticate(house.context, issued.secret, HERE)
    await authenticate(house.context, issued.secret, "198.51.100.7")
    (stored,) = await house.context.storage.companies.keys(house.caller.company.id)
    await house.do(allow_networks, stored, ("203.0.113.0/24",))
    await authenticate(house.context, issued.secret, HERE)
    assert (await house.context.storage.companies.key(issued.key.id)) == replace(stored, allowed=("203.0.113.0/24",))


@pytest.mark.parametrize(
    ("allowed", "faults"),
    [(("nowhere",), 1), (("203.0.113.9/24",), 1), (("10.0.0.0/8", "x", "y"), 2), (("10.0.0.1",) * 51, 1)],
    ids=["no network", "host bits", "two of three", "too many"],
)
async def test_what_is_no_network_is_refused(house: House, allowed: tuple[str, ...], faults: int) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await new_key(house, allowed=allowed)
    assert len(refused.value.faults) == faults


@pytest.mark.parametrize("level", [0, 6, -1])
async def test_a_level_is_1_to_5(house: House, level: int) -> None:
    with pytest.raises(ValidationFailed):
        await new_key(house, level)


@pytest.mark.parametrize(("level", "needed", "good"), [(3, 3, True), (3, 1, True), (1, 3, False)])
async def test_a_level_includes_those_below(house: House, level: int, needed: int, good: bool) -> None:
    caller = await authenticate(house.context, (await new_key(house, level)).secret, HERE)
    if good:
        demand_level(caller, needed)
    else:
        with pytest.raises(AccessDenied, match=f"level {needed}; this one has level {level}"):
            demand_level(caller, needed)


async def test_an_operator_acts_on_a_company_that_there_is(house: House) -> None:
    assert (await operator_for(house.context, house.caller.company.id, "eve")).actor == "operator:eve"
    with pytest.raises(NotFound):
        await operator_for(house.context, id_at(1), "eve")


async def test_administering_on_an_old_reading_is_refused_and_changes_nothing(house: House) -> None:
    """Revoked meanwhile by another operator: an allowlist set on the older reading does not bring the key back."""
    stale, issued = house.caller, await new_key(house)
    await house.do(revoke_key, issued.key)
    with pytest.raises(Contended):
        await house.do(allow_networks, issued.key, (), caller=stale)
    with pytest.raises(Unauthorized):
        await authenticate(house.context, issued.secret, HERE)


@pytest.mark.parametrize(
    "name", ["", "  ", "\u3164", "a\nb", "ana\x1b[31m", "x" * 101],
    ids=["empty", "blank", "filler", "two lines", "escape", "too long"],
)  # fmt: skip
async def test_an_operator_without_a_name_that_an_audit_entry_can_bear_does_nothing(house: House, name: str) -> None:
    with pytest.raises(ValidationFailed, match="operator must be"):
        await operator_for(house.context, house.caller.company.id, name)


@pytest.mark.parametrize("name", ["ana", "Ana María Ñandú", "x" * 100])
async def test_an_operator_s_name_stands_in_the_entry_as_it_was_given(house: House, name: str) -> None:
    assert (await operator_for(house.context, house.caller.company.id, name)).actor == f"operator:{name}"
