"""Figures of what really happened: submissions, who decided them, and for whose eyes they are."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.review.figures import Figures, figures_of
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import HOUR_MS
from ostiary.usecases.review import figures as figures_module
from ostiary.usecases.review.figures import FiguresView, figures
from tests.house import CARDS, House
from tests.material import NOW_MS


def operator(*companies: str) -> Operator:
    return Operator(
        id="o", name="ana", role=Role.VIEWER, companies=companies, created_at_ms=NOW_MS, updated_at_ms=NOW_MS
    )


async def decided(house: House) -> None:
    """A submission, and its verdict an hour later."""
    client_id, request_id = await house.submitted()
    house.clock.now_ms += HOUR_MS
    await house.judge(client_id, request_id, Decision.APPROVE)


async def counted(house: House, who: Operator, company_id: str = "", product: str = "") -> tuple[int, int]:
    view = await figures(house.context, who, company_id, product)
    return view.figures.whole.submitted, view.figures.whole.decided


async def test_what_was_submitted_and_decided_is_counted(house: House) -> None:
    await decided(house)
    view: FiguresView = await figures(house.context, operator())
    whole = view.figures.whole
    assert (whole.submitted, whole.enabled, whole.waits.p50_ms) == (1, 1, HOUR_MS)
    assert (view.figures.products, view.company, view.is_partial) == ((CARDS,), None, False)
    assert view.as_of_ms == house.clock.now_ms


async def test_each_operator_has_the_figures_of_his_companies(house: House) -> None:
    await decided(house)
    own, other = house.caller.company.id, (await house.found_company("Banco")).company.id
    assert await counted(house, operator()) == (1, 1)
    assert await counted(house, operator(other)) == (0, 0)
    assert await counted(house, operator(own), own) == (1, 1)
    assert await counted(house, operator(other), own) == (0, 0), "of a company that is not his he is told nothing"
    view = await figures(house.context, operator(other, own), other)
    assert view.company is not None
    assert (view.company.id, {company.id for company in view.companies}) == (other, {own, other})


async def test_one_product_alone_can_be_looked_at(house: House) -> None:
    await decided(house)
    assert await counted(house, operator(), product=CARDS) == (1, 1)
    assert await counted(house, operator(), product="another") == (0, 0)


async def test_more_than_is_counted_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await decided(house)
    monkeypatch.setattr(figures_module, "MOST_EVENTS", 1)
    assert (await figures(house.context, operator())).is_partial


async def test_counting_holds_up_no_call_of_the_api(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """200,000 events take seconds: they are counted beside the loop that answers the API."""
    await decided(house)
    threads = list[threading.Thread]()

    def counting(*values: Any) -> Figures:
        threads.append(threading.current_thread())
        return figures_of(*values)

    monkeypatch.setattr(figures_module, "figures_of", counting)
    assert await counted(house, operator()) == (1, 1)
    assert threading.current_thread() not in threads
    assert len(threads) == 1
