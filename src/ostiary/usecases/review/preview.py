"""What a company would get of a decision, before it is one: the decision is made and not committed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar, cast

from ostiary.domain.companies.company import Caller, Webhook
from ostiary.domain.delivery.messages import Topic
from ostiary.domain.unit import AddMessage
from ostiary.domain.value import replace
from ostiary.usecases.transaction import Outcome

T = TypeVar("T")
ANYWHERE = Webhook("https://company.example/webhook")
"""A company without an endpoint is told the same when it asks."""


async def preview_of(
    caller: Caller, decide: Callable[[Caller], Awaitable[Outcome[T]]]
) -> tuple[Mapping[str, object], ...]:
    """The members `data` of the events, one for each request that would move. Raises as the decision."""
    company = caller.company
    hearing = replace(company, webhook=replace(ANYWHERE, with_sequence=company.webhook.with_sequence))
    unit = (await decide(replace(caller, company=hearing))).unit
    messages = [each.message for each in unit.of(AddMessage)] if unit is not None else []
    return tuple(
        cast(Mapping[str, object], message.body["data"]) for message in messages if message.topic is Topic.WEBHOOK
    )
