"""Views of the queue under names: kept, renamed, removed. Nobody but who lets others in changes another's, and what is
private is nobody's but its owner's.

They lie sealed in their owner's row, which the house's row locks: so of two windows that change them none loses what
the other did.
"""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.field_rules import text_fault
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import InvalidState, NotFound, value_refused
from ostiary.domain.operators.changes import ChangeOperator
from ostiary.domain.operators.operator import Operator, SavedView
from ostiary.domain.operators.views import (
    MOST_QUERY_CHARACTERS,
    MOST_VIEWS,
    VIEW_NAME_CHARACTERS,
    OfferedView,
    offered_views,
)
from ostiary.domain.sentences import joined, sentence
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import find_operator, fresh_house, list_operators
from ostiary.usecases.transaction import Outcome


async def views_for(context: Context, operator: Operator) -> tuple[OfferedView, ...]:
    """The views that an operator has above his queue."""
    return offered_views(operator, await list_operators(context))


async def save_view(
    context: Context, caller: Caller, operator_id: str, name: str, query: str, *, is_shared: bool
) -> Outcome[SavedView]:
    """Keeps a view. Raises NotFound for an operator that there is not, ValidationFailed for a name that cannot be one
    or is there already, InvalidState when there are too many."""
    house = await fresh_house(context, caller.company.id)
    owner = await find_operator(context, operator_id)
    if len(owner.views) >= MOST_VIEWS:
        raise InvalidState(
            sentence("You keep %(most)s views, as many as there may be. Remove one first.", most=MOST_VIEWS)
        )
    _demand_name(owner, name)
    if len(query) > MOST_QUERY_CHARACTERS:
        raise value_refused(
            "view",
            sentence("view has at most %(most)s characters", most=MOST_QUERY_CHARACTERS),
        )
    view = SavedView(id=context.new_id(), name=name, query=query, is_shared=is_shared)
    after = replace(owner, views=(*owner.views, view))
    return Outcome(view, _unit(context, house, after, Note("view_saved", caller.actor, owner.id)))


async def rename_view(
    context: Context, caller: Caller, operator_id: str, view_id: str, name: str
) -> Outcome[SavedView]:
    """Raises NotFound for a view that is not his to change, ValidationFailed as `save_view`."""
    house = await fresh_house(context, caller.company.id)
    owner, view = await _changeable(context, operator_id, view_id)
    if view.name == name:
        return Outcome(view)
    _demand_name(owner, name, view_id)
    renamed = replace(view, name=name)
    after = replace(owner, views=tuple(renamed if each.id == view_id else each for each in owner.views))
    return Outcome(renamed, _unit(context, house, after, Note("view_renamed", caller.actor, owner.id)))


async def remove_view(context: Context, caller: Caller, operator_id: str, view_id: str) -> Outcome[SavedView]:
    """Raises NotFound for a view that is not his to change."""
    house = await fresh_house(context, caller.company.id)
    owner, view = await _changeable(context, operator_id, view_id)
    after = replace(owner, views=tuple(each for each in owner.views if each.id != view_id))
    return Outcome(view, _unit(context, house, after, Note("view_removed", caller.actor, owner.id)))


def _unit(context: Context, house: Company, after: Operator, note: Note) -> Unit:
    """Entries tell how operators' rows stand, so each change of one is noted; never a view's name."""
    return Unit(house.id, context.now_ms(), owner=house, changes=(ChangeOperator(after),), notes=(note,))


async def _changeable(context: Context, operator_id: str, view_id: str) -> tuple[Operator, SavedView]:
    """A view that an operator may change, with its owner. Raises NotFound."""
    everybody = await list_operators(context)
    operator = next((each for each in everybody if each.id == operator_id), None)
    offered = () if operator is None else offered_views(operator, everybody)
    for each in offered:
        if each.view.id == view_id and each.may_change:
            return next(owner for owner in everybody if owner.id == each.owner_id), each.view
    raise NotFound("There is no such view, or it is not yours to change.")


def _demand_name(owner: Operator, name: str, own_id: str = "") -> None:
    problem = text_fault(name, VIEW_NAME_CHARACTERS)
    if problem is None and name.casefold() in {each.name.casefold() for each in owner.views if each.id != own_id}:
        problem = "is another view's already"
    if problem is not None:
        raise value_refused("name", joined(("name", problem)))
