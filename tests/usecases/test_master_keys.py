"""What operators do with master keys stands in the house's chain."""

from __future__ import annotations

import pytest

from ostiary.domain.companies.company import Caller
from ostiary.usecases.operators.directory import OPERATOR_LEVEL
from ostiary.usecases.operators.directory import house as house_of
from ostiary.usecases.operators.master_keys import KeyAction, note_key
from ostiary.usecases.transaction import execute
from tests.house import House


@pytest.mark.parametrize("action", KeyAction)
async def test_it_is_written_down_by_whom_and_of_which_key(house: House, action: KeyAction) -> None:
    company = await house_of(house.context)
    caller = Caller(company, "operator:ana", OPERATOR_LEVEL)
    await execute(house.context, caller, lambda: note_key(house.context, caller, action, 2))
    entry = (await house.context.storage.audit.entries(company.id, company.id))[-1]
    assert (entry.action, entry.actor, entry.subject, entry.codes) == (action, "operator:ana", company.id, ("key_2",))
