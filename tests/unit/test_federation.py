"""What groups at an identity provider make somebody here."""

from __future__ import annotations

import pytest

from ostiary.domain.operators.federation import Membership, rights_of
from ostiary.domain.operators.operator import Role

MEMBERSHIPS = (
    Membership("leads", Role.ADMIN),
    Membership("desk", Role.REVIEWER, ("acme",)),
    Membership("night", Role.REVIEWER, ("banco", "acme")),
    Membership("all", Role.REVIEWER),
    Membership("interns", Role.VIEWER),
    Membership("board", Role.ADMIN, ("banco",)),
)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), None),
        (("Leads", "lead", "leads "), None),
        (("interns",), (Role.VIEWER, ())),
        (("desk",), (Role.REVIEWER, ("acme",))),
        (("desk", "night"), (Role.REVIEWER, ("acme", "banco"))),
        (("desk", "all"), (Role.REVIEWER, ())),
        (("interns", "desk", "another"), (Role.REVIEWER, ("acme",))),
        (("leads", "desk"), (Role.ADMIN, ())),
        (("board", "all"), (Role.ADMIN, ("banco",))),
    ],
    ids=lambda value: str(value),
)
def test_the_highest_role_counts_for_the_companies_of_who_gives_it(
    groups: tuple[str, ...], expected: tuple[Role, tuple[str, ...]] | None
) -> None:
    assert rights_of(groups, MEMBERSHIPS) == expected
