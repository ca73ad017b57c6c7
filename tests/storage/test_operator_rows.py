"""Operators and passkeys as audit entries say them: what is put back, changed or made up by SQL is named; and what is
over is swept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.domain.operators.passkeys import Passkey
from ostiary.domain.review.claims import Claim
from ostiary.domain.times import DAY_MS
from ostiary.storage.review import claims
from ostiary.usecases.context import Context
from ostiary.usecases.lines import OwnerLines
from ostiary.usecases.operators.directory import disable_operator, house, reset_operator
from ostiary.usecases.operators.passkeys import passkeys_of, remove_passkey
from ostiary.usecases.transaction import execute
from tests.auditing import faults
from tests.devices import Device
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.test_chores import chores
from tests.usecases.accounts import STEP_MS, set_up, setup_caller, signed_in
from tests.usecases.passkey_accounts import adds, comes, inside, let_in


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "house") as opened:
        yield opened


@pytest.fixture
def context(engine: Shelf, home: House) -> Context:
    return replace_storage(engine, home)


def replace_storage(engine: Shelf, home: House) -> Context:
    from dataclasses import replace as with_other

    return with_other(home.context, storage=engine.open(), cipher=engine.cipher, lines=OwnerLines())


def named(engine: Shelf) -> str:
    """Everything that verification finds wrong, in lines."""
    found_faults = faults(engine.open(), engine.cipher)
    return "\n".join(fault for some in found_faults.values() for fault in some)


# ---- put back ----


async def test_an_operators_row_that_is_put_back_is_named(engine: Shelf, home: House, context: Context) -> None:
    await set_up(context, "chief")
    first = await set_up(context)
    [(before,)] = engine.rows("SELECT content FROM operators WHERE operator_id = ?", first.operator.id)
    caller = await setup_caller(context)
    await execute(context, caller, lambda: disable_operator(context, caller, first.operator.id))
    assert named(engine) == ""
    engine.spoil("UPDATE operators SET content = ? WHERE operator_id = ?", before, first.operator.id)
    assert f"operator {first.operator.id}: content is not what was written last, by entry" in named(engine)


async def test_a_code_of_before_that_is_made_good_again_is_named(engine: Shelf, home: House, context: Context) -> None:
    """The last sign-in is in the row: put back, the same digits would do once more."""
    first = await set_up(context)
    [(before,)] = engine.rows("SELECT content FROM operators")
    home.clock.now_ms += STEP_MS
    await signed_in(context, first.operator)
    engine.spoil("UPDATE operators SET content = ?", before)
    assert "content is not what was written last" in named(engine)


async def test_an_operator_who_is_gone_is_named(engine: Shelf, context: Context) -> None:
    await set_up(context, "chief")
    first = await set_up(context)
    engine.spoil("DELETE FROM operators WHERE operator_id = ?", first.operator.id)
    assert f"operator {first.operator.id} is gone" in named(engine)


async def test_an_operator_of_whom_no_entry_tells_yet_is_taken_as_he_is(engine: Shelf, context: Context) -> None:
    """Of the version before, whose entries say nothing of them; here by another id, of which nothing was said."""
    await set_up(context)
    engine.spoil("UPDATE operators SET operator_id = ?", "0" * 32)
    assert f"operator {'0' * 32}" not in named(engine)


PASSKEY_CHANGES = {
    "made good again": "UPDATE operator_passkeys SET ended_at_ms = NULL",
    "another's": "UPDATE operator_passkeys SET operator_id = '1'",
    "gone": "DELETE FROM operator_passkeys",
    "made up": "INSERT INTO operator_passkeys SELECT company_id, x'00ff', operator_id, created_at_ms, content, NULL "
    "FROM operator_passkeys",
}


@pytest.mark.parametrize("name", PASSKEY_CHANGES)
async def test_a_passkey_that_is_changed_by_sql_is_named(engine: Shelf, context: Context, name: str) -> None:
    session = await set_up(context)
    passkey = await adds(context, session, Device())
    await remove_passkey(context, await inside(context, session), passkey.mark)
    assert named(engine) == ""
    engine.spoil(PASSKEY_CHANGES[name])
    assert "passkey " in named(engine)


async def test_a_counter_that_is_put_back_is_named(engine: Shelf, context: Context) -> None:
    device = Device()
    await let_in(context, device)
    [(before,)] = engine.rows("SELECT content FROM operator_passkeys")
    await comes(context, device)
    assert named(engine) == ""
    engine.spoil("UPDATE operator_passkeys SET content = ?", before)
    assert "content is not what was written last" in named(engine)


async def test_a_reset_ends_every_passkey_and_entries_say_so(engine: Shelf, context: Context) -> None:
    session = await set_up(context)
    added: list[Passkey] = [await adds(context, session, Device(credential_id=bytes([n]) * 9)) for n in range(2)]
    caller = await setup_caller(context)
    await execute(context, caller, lambda: reset_operator(context, caller, session.operator.id))
    assert await passkeys_of(context, session.operator.id) == []
    every = await context.storage.passkeys.every(await house(context))
    assert {each.mark: each.is_good for each in every} == {each.mark: False for each in added}
    assert named(engine) == ""
    engine.spoil("UPDATE operator_passkeys SET ended_at_ms = NULL")
    assert named(engine).count("ended_at_ms is nothing") == 2


# ---- sweeping ----


async def test_claims_that_are_over_are_swept_and_no_others(engine: Shelf) -> None:
    store = engine.open()
    for number in range(4):
        claim = Claim("acme", f"e{number}", "c", "o", NOW_MS, NOW_MS + number)
        assert await store.claims.take(claim)
    assert await store.claims.take(Claim("other", "e", "c", "o", NOW_MS, NOW_MS))
    assert await store.claims.sweep("acme", NOW_MS + 1) == 2
    assert await store.claims.sweep("acme", NOW_MS + 1) == 0
    assert engine.rows("SELECT company_id, enablement_id FROM review_claims ORDER BY 1, 2") == [
        ("acme", "e2"),
        ("acme", "e3"),
        ("other", "e"),
    ]
    assert claims.SWEPT_TOGETHER == 500


async def test_the_worker_sweeps_claims_and_used_challenges(home: House) -> None:
    caller = await home.found_company()
    assert await home.parts.store.claims.take(Claim(caller.company.id, "e", "c", "o", NOW_MS, NOW_MS + 900_000))
    device = Device()
    await let_in(home.context, device)
    await comes(home.context, device)
    spent = home.rows("SELECT count(*) FROM sign_in_failures")[0][0]
    assert spent >= 2, "both challenges are remembered"
    for moved_ms, left in ((899_999, (1, spent)), (1 + DAY_MS, (0, 0))):
        home.clock.now_ms += moved_ms
        await chores(home).do()
        tables = ("review_claims", "sign_in_failures")
        assert tuple(home.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables) == left  # noqa: S608
