"""Operators and cases of a house, for tests of how people review together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ostiary.domain.catalogue.catalogue import Catalogue, Eyes, Field, Override
from ostiary.domain.companies.company import Caller
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.context import Catalogues
from ostiary.usecases.operators import directory
from ostiary.usecases.operators.directory import acting, create_operator
from ostiary.usecases.review.apply_verdict import open_review
from ostiary.usecases.review.decide import decide_request
from ostiary.usecases.transaction import Outcome
from tests.house import House

APPROVED, REJECTED = Verdict(Decision.APPROVE), Verdict(Decision.REJECT, "Not eligible.")


async def operator(house: House, name: str, role: Role = Role.REVIEWER, *companies: str) -> Operator:
    caller = Caller(await directory.house(house.context), "operator:setup", 5)
    return (await house.do(create_operator, name, role, companies, caller=caller)).operator


async def case(house: House, number: str = "AB1234567", **changes: Any) -> tuple[str, str]:
    """A client whose request waits for a person; the ids of both."""
    house.clock.now_ms += 1
    client_id, request_id = await house.submitted(number, email=f"{number}@example.com", **changes)
    await house.do(open_review, client_id, request_id)
    return client_id, request_id


def acts(house: House, who: Operator) -> Caller:
    return acting(who, house.caller.company)


async def looked(house: House, who: Operator, client_id: str, request_id: str) -> int:
    """The position of the look."""
    details = await house.look(client_id, request_id, acts(house, who))
    return details.dossier.client.chain.length + 1


def approving(
    house: House, who: Operator, client_id: str, request_id: str
) -> Callable[[], Awaitable[Outcome[Enablement]]]:
    return partial(decide_request, house.context, acts(house, who), client_id, request_id, APPROVED)


class Stricter:
    """The catalogues of a house, with a newer one of other rules for people; what is pinned stays as it is, or has
    them too."""

    def __init__(
        self,
        before: Catalogues,
        four_eyes: Iterable[Eyes] = (),
        override: Iterable[Override] = (),
        *,
        is_pinned: bool = False,
    ) -> None:
        self._before, self._is_pinned = before, is_pinned
        eyes, rules = frozenset(four_eyes), frozenset(override)
        products = {
            key: replace(product, four_eyes=eyes, override=rules) for key, product in before.current.products.items()
        }
        self.current = replace(before.current, products=products, version=f"{before.current.version}+")

    @property
    def attributes(self) -> Mapping[str, Field]:
        return self._before.attributes

    def by_version(self) -> Mapping[str, Catalogue]:
        versions = self._before.by_version()
        if self._is_pinned:
            versions = dict.fromkeys(versions, self.current)
        return {**versions, self.current.version: self.current}

    def declared(self, version: str) -> Catalogue:
        return self.by_version()[version]


def ruled(house: House, *four_eyes: Eyes, override: Iterable[Override] = (), is_pinned: bool = False) -> None:
    """From now on these decisions take two people, and these rules may be set aside."""
    catalogues = Stricter(house.context.catalogues, four_eyes, override, is_pinned=is_pinned)
    house.context = replace(house.context, catalogues=catalogues)
