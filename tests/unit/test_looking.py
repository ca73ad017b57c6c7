"""What changed since an operator looked: everything of the request that somebody else did."""

from __future__ import annotations

import pytest

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.review.looking import last_look, look_at, same_person

ANA, REQUEST, OTHER = "operator:ana", "request", "other request"
LOOK = ("review_looked", ANA, REQUEST)


def entries(*rows: tuple[str, ...]) -> list[AuditEntry]:
    return [
        AuditEntry("c", "client", place, 0, action, actor, subject, tuple(codes), b"")
        for place, (action, actor, subject, *codes) in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize(
    ("rows", "position", "changes"),
    [
        ([], None, []),
        ([("review_looked", "operator:bob", REQUEST)], None, []),
        ([("review_looked", ANA, OTHER)], None, []),
        ([("client_created", "key:1", "client"), LOOK], 2, []),
        ([LOOK, ("pictures_looked", "operator:bob", REQUEST), ("document_fetched", "provider:x", "d")], 1, []),
        ([LOOK, ("verdict_ignored", "provider:x", REQUEST)], 1, []),
        ([LOOK, ("client_updated", "key:1", "client", "last_name")], 1, ["client_updated"]),
        ([LOOK, ("product_submitted", "key:1", REQUEST)], 1, ["product_submitted"]),
        ([LOOK, ("product_submitted", "key:1", OTHER)], 1, []),
        ([LOOK, ("verdict_return", "operator:bob", REQUEST)], 1, ["verdict_return"]),
        ([LOOK, ("hit_cleared", ANA, "hit")], 1, []),
        ([LOOK, ("hit_cleared", "operator:bob", "hit")], 1, ["hit_cleared"]),
        ([LOOK, ("client_screened", "screening", "client", "hits_1")], 1, []),
        ([LOOK, ("client_screened", "screening", "client", "hits_1", "new_1")], 1, ["client_screened"]),
        ([LOOK, ("document_accepted", "key:1", "d"), LOOK], 3, []),
    ],
)
def test_a_look_is_current_until_something_changes(
    rows: list[tuple[str, ...]], position: int | None, changes: list[str]
) -> None:
    look = last_look(entries(*rows), ANA, REQUEST, {OTHER})
    assert (look.position, [each.action for each in look.changes]) == (position, changes)
    assert look.is_current is (position is not None and not changes)


def test_an_earlier_look_is_not_made_current_by_a_later_one() -> None:
    """Two windows: what the older one shows has changed, though the operator looked again in the newer one."""
    chain = entries(LOOK, ("client_updated", "key:1", "client", "last_name"), LOOK)
    assert last_look(chain, ANA, REQUEST, ()).is_current
    assert not look_at(chain, ANA, 1, ()).is_current
    assert look_at(chain, ANA, 3, ()).is_current


@pytest.mark.parametrize(
    ("actor", "other", "same"),
    [
        ("operator:ana", "operator:ana", True),
        ("operator:ana", "operator:Ana ", True),
        ("operator:ana  m", "operator:ana m", True),
        ("operator:ana", "operator: ANA ", True),
        ("operator:ana", "operator:\uff21na", True),
        ("operator:ana", "operator:an\u3164a", True),
        ("operator:ana", "operator:ana\u115f", True),
        ("operator:ana", "key:ana", False),
        ("operator:ana", "operator:bob", False),
    ],
)
def test_an_operator_is_the_same_however_the_name_is_typed(actor: str, other: str, same: bool) -> None:
    assert same_person(actor, other) is same
