"""Views of the queue that operators keep under a name: for themselves, or for colleagues of the same companies."""

from __future__ import annotations

from ostiary.domain.operators.operator import Operator, SavedView
from ostiary.domain.operators.permissions import is_chief
from ostiary.domain.value import value_type

VIEW_NAME_CHARACTERS = 60
"""It stands in a row with others above the queue."""
MOST_VIEWS = 20
"""Of one operator. Each is counted when it is shown, and what is in no row of tabs nobody finds again."""
MOST_SHOWN = 60
"""Of oneself and of colleagues: three who keep as many as they may."""
MOST_QUERY_CHARACTERS = 500
"""Every filter that a queue has, filled, takes some 300."""


@value_type(kw_only=True)
class OfferedView:
    """A view that somebody has above his queue, whose it is, and whether he may rename and remove it."""

    view: SavedView
    owner_id: str
    owner_name: str
    is_own: bool
    may_change: bool


def offered_views(operator: Operator, everybody: list[Operator]) -> tuple[OfferedView, ...]:
    """An operator's own views, then what colleagues of exactly his companies share, each by name. Who is disabled
    shares no more; whoever lets others in may also put their shared views in order."""
    views = [
        OfferedView(
            view=view,
            owner_id=each.id,
            owner_name=each.name,
            is_own=each.id == operator.id,
            may_change=each.id == operator.id or is_chief(operator),
        )
        for each in everybody
        for view in each.views
        if each.id == operator.id or (view.is_shared and not each.is_disabled and each.companies == operator.companies)
    ]
    views.sort(key=lambda offered: (not offered.is_own, offered.view.name.casefold(), offered.view.id))
    return tuple(views[:MOST_SHOWN])
