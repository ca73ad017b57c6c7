"""Random catalogues and clients walked through the page's steps: it always ends at submit or at a named next action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.domain.catalogue.catalogue import Catalogue, Product
from ostiary.domain.clients.client import Client, with_profile
from ostiary.domain.hosted.details import with_details
from ostiary.domain.hosted.steps import DataStep, DocumentStep, LinkRequest, Plan, PlanEnd, Step, plan_of
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import next_action
from tests.depth import deep
from tests.material import NOW_MS, TODAY, catalogue, document, enablement, id_at
from tests.unit.test_requirements_properties import Case, cases, products

MOST_STEPS = 12
"""Three documents and four details of two products, each once, and what they decide."""
ANSWERS: dict[str, dict[str, Any]] = {
    "phone": {"phone_country_code": 54, "phone_number": 1168860623},
    "occupation": {"occupation": "Nurse"},
    "first_name": {"first_name": "Mary"},
    "second_name": {"second_name": "Jane"},
    "birth_date": {"birth_date": "1970-01-01"},
    "country": {"country": "ARG"},
}


def walked(dossier: Dossier, catalogues: Mapping[str, Catalogue], salary: str) -> tuple[Plan, list[str]]:
    """Somebody who does what each step asks for; the plan in the end, and the steps."""
    done = list[str]()
    while True:
        plan = plan_of(
            [
                LinkRequest(number, each, dossier.product_of(each, catalogues), dossier.assess(each, catalogues, TODAY))
                for number, each in enumerate(dossier.enablements, 1)
            ]
        )
        step = plan.next
        if step is None or len(done) > MOST_STEPS:
            return plan, done
        done.append(step.place)
        if isinstance(step, DocumentStep):
            kind = step.alternatives[-1].id
            fresh = document(kind, ms=1_000 + len(done), metadata={"number": "AB1234567"})
            gone = {each.id for each in dossier.documents_replaced_by(kind, step.requirement, catalogues)}
            documents = (*(each for each in dossier.documents if each.id not in gone), fresh)
            dossier = replace(dossier, documents=documents)
        else:
            dossier = replace(dossier, client=_answered(dossier.client, step, salary))


def _answered(person: Client, step: Step, salary: str) -> Client:
    assert isinstance(step, DataStep)
    values: dict[str, Any] = {}
    for each in step.fields:
        values |= ANSWERS.get(each.key, {each.key: salary})
    return with_profile(person, with_details(person.profile, values), NOW_MS)


@given(
    case=cases(),
    other=products(),
    statuses=st.lists(st.sampled_from(Status), min_size=2, max_size=2),
    salary=st.sampled_from(["1.0", "100.5"]),
)
@settings(max_examples=deep(60, 400), deadline=None)
def test_whoever_does_what_is_asked_comes_to_an_end(
    case: Case, other: Product, statuses: list[Status], salary: str
) -> None:
    asked = tuple(
        enablement(status, id=id_at(number), product=product)
        for number, (product, status) in enumerate(zip(("first", "second"), statuses, strict=True))
    )
    catalogues = {"v1": catalogue(replace(case.product, id="first"), replace(other, id="second"))}
    plan, done = walked(Dossier(case.client, asked, case.documents), catalogues, salary)
    assert plan.next is None, done
    assert len(done) == len(set(done)), "nothing is asked for twice"
    if plan.end is PlanEnd.SUBMIT:
        assert plan.to_submit
    if plan.end is PlanEnd.CLOSED:
        assert plan.closed, "it is said which document"
    if plan.end is PlanEnd.TOO_YOUNG:
        assert any(each.too_young for each in plan.requests)
    for request in plan.requests:
        assert next_action(request.enablement, request.assessment).description
        if request.is_open and request.too_young is None and not plan.closed:
            assert request in plan.to_submit
