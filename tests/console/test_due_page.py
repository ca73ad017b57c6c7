"""Whose period is over, in the console: by category, overdue ones in front, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.app import Installation
from ostiary.console.pages.privacy import due
from ostiary.domain.operators.operator import Role
from ostiary.usecases.clients.individuals import create_client
from ostiary.usecases.privacy import standing
from ostiary.usecases.transaction import execute
from tests.console.cases import caller_of, waiting
from tests.console.desk import Desk, Visitor, text_of
from tests.http.running import installation
from tests.material import profile

RULES = """retention:
  never_submitted: {keep: P0D, reason: "our notice", by_itself: true}
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("due")
    catalogue = folder / "catalogue.yaml"
    catalogue.write_text(catalogue_file.default_source())
    (folder / "retention.yaml").write_text(RULES)
    with installation(folder, OSTIARY_CATALOGUE=str(catalogue)) as parts:
        yield parts


async def listed(visitor: Visitor, address: str) -> tuple[list[str], str]:
    """The clients on a page, in its order, and the address of the next page."""
    page = await visitor.get(address)
    assert page.status_code == 200, text_of(page)
    further = re.findall(r'class="button" href="([^"]*)"', page.text)
    clients = re.findall(r"/erasures\?client=([^\"]*)\"", page.text)
    return clients, further[0].replace("&amp;", "&") if further else ""


async def test_pages_list_whose_period_is_over_and_overdue_ones_in_front(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await desk.company("Acme due")
    context, caller = desk.parts.context, await caller_of(desk, company)
    await waiting(desk, company)  # its request is live
    ids = []
    for number in range(3):
        person = profile(email=f"due{number}@example.com")
        ids.append((await execute(context, caller, partial(create_client, context, caller, person))).id)
    bea = await desk.signed_in("Bea due", Role.APPROVER, company.id)
    await bea.post(f"/console/companies/{company.id}/holds", {"client_id": ids[0], "reason": "A court."})
    place = f"/console/companies/{company.id}/due"
    assert await listed(bea, place) == (ids, "")
    assert "held" in text_of(await bea.get(place))
    assert await listed(bea, f"{place}?overdue=yes") == ([], "")
    assert "Nobody's period is over like that." in text_of(await bea.get(f"{place}?category=refused"))
    monkeypatch.setattr(standing, "OVERDUE_AFTER_MS", 0)
    assert await listed(bea, place) == ([ids[1], ids[2], ids[0]], "")
    assert await listed(bea, f"{place}?overdue=yes&category=never_submitted&after=nobody") == (ids[1:], "")
    monkeypatch.setattr(due, "PAGE", 1)
    met, address = list[str](), f"{place}?overdue=yes"
    while address:
        some, address = await listed(bea, address)
        met += some
    assert met == ids[1:]
    monkeypatch.setattr(standing, "LOOKED_AT_FOR_A_PAGE", 1)
    monkeypatch.setattr(standing, "LOOKED_AT_TOGETHER", 1)
    assert "Nobody of those looked at so far. Later" in text_of(await bea.get(f"{place}?overdue=yes"))
