"""Invented products as levels of one family: more asks for the difference alone, and never passes without all of it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.domain.catalogue.catalogue import Catalogue, Product
from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import Owner, next_action
from ostiary.domain.times import iso_date
from tests.depth import deep
from tests.material import ATTRIBUTES, TODAY, enablement
from tests.unit.test_requirements_properties import Case, cases, missing_documents, products

LEVELS = ("basic", "more", "most")
NEEDING = Product("loans", "Loans", "", needs=("more",))
MANY = settings(max_examples=deep(150, 1500), deadline=None)


@st.composite
def families(draw: st.DrawFn) -> Catalogue:
    """Three levels, each of which asks for whatever it likes, and a product that needs the middle one."""
    levels = {
        name: replace(draw(products()), id=name, family="cards", level=number) for number, name in enumerate(LEVELS, 1)
    }
    every = MappingProxyType({**levels, "loans": NEEDING})
    return Catalogue("v1", "", every, MappingProxyType(dict(ATTRIBUTES)), MappingProxyType({}))


def dossier_of(case: Case, states: dict[str, Status]) -> Dossier:
    requests = tuple(
        enablement(status, product=name, id=f"{number}" * 32) for number, (name, status) in enumerate(states.items())
    )
    return Dossier(case.client, requests, case.documents)


@given(families(), cases())
@MANY
def test_more_asks_for_what_is_not_there_and_nothing_else(catalogue: Catalogue, case: Case) -> None:
    catalogues = {"v1": catalogue}
    dossier = dossier_of(case, {"basic": Status.ENABLED, "more": Status.PENDING_DOCUMENTATION})
    basic, more = dossier.enablements
    has, asks = (dossier.assess(each, catalogues, TODAY) for each in (basic, more))
    proved = {document.id for _, document in has.evidence}
    for missing in asks.documents:
        for each in case.documents:
            expires = iso_date(each.metadata.get("expiration_date"))
            is_good = each.status is DocumentStatus.ACCEPTED and (expires is None or expires >= TODAY)
            serves = each.type in {kind.id for kind in missing.alternatives}
            assert not (serves and (is_good or each.id in proved)), "this is still valid"
    alone = replace(dossier, enablements=(more,)).assess(more, catalogues, TODAY)
    assert asks == alone, "what is enabled takes nothing away from what is asked"
    action = next_action(more, asks)
    assert (action.owner, action.action == "submit") == (Owner.COMPANY, asks.is_complete)


@given(families(), cases())
@MANY
def test_a_higher_level_never_passes_without_what_it_asks(catalogue: Catalogue, case: Case) -> None:
    dossier = dossier_of(case, {"basic": Status.ENABLED, "more": Status.ENABLED, "most": Status.REQUESTED})
    asks = dossier.assess(dossier.enablements[-1], {"v1": catalogue}, TODAY)
    if asks.is_complete:
        assert all(line.satisfied_by for line in asks.explained if line.applies)
        assert all(line.applies is not None for line in asks.explained)
    assert not missing_documents(asks) & {requirement for requirement, _ in asks.evidence}
    assert asks.is_complete is not bool(missing_documents(asks) or asks.data)


@given(families(), cases(), st.dictionaries(st.sampled_from(LEVELS), st.sampled_from(Status)))
@MANY
def test_a_need_is_met_by_the_level_and_those_above_and_by_nothing_else(
    catalogue: Catalogue, case: Case, states: dict[str, Status]
) -> None:
    dossier = dossier_of(case, {**states, "loans": Status.REQUESTED})
    loans = dossier.enablements[-1]
    is_met = Status.ENABLED in (states.get("more"), states.get("most"))
    assert (dossier.needed(loans, {"v1": catalogue}) == ()) is is_met
    for name in LEVELS:
        higher = [states.get(each) is Status.ENABLED for each in LEVELS[LEVELS.index(name) + 1 :]]
        is_live = name in states and states[name] is not Status.REJECTED
        assert dossier.may_request(name, catalogue.products) is not (is_live or any(higher)), name


@given(families(), cases())
@MANY
def test_ending_a_higher_level_leaves_the_lower_as_it_was(catalogue: Catalogue, case: Case) -> None:
    both = dossier_of(case, {"basic": Status.ENABLED, "most": Status.ENABLED})
    ended = dossier_of(case, {"basic": Status.ENABLED, "most": Status.REJECTED})
    catalogues = {"v1": catalogue}
    assert both.assess(both.enablements[0], catalogues, TODAY) == ended.assess(ended.enablements[0], catalogues, TODAY)
    assert both.enablements[0] == ended.enablements[0]
