"""Answers that are structs: what is sent of them is what the document says, and nothing is said twice."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ostiary.domain.delivery.messages import Attempt, Delivery, MessageOutcome, as_item, probe_event, status_changed
from ostiary.domain.delivery.queues import Health
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.errors import Fault, TooManyRequests, ValidationFailed
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import NextAction, Owner
from ostiary.domain.onboarding.requirements import Assessment, Explained, MissingData, MissingDocument
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.sandbox.scenarios import Scenario, ScenarioEnding
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.providers.receive_verdict import Heard
from ostiary.web.errors import body_of
from ostiary.wire import (
    catalogue,
    clients,
    deliveries,
    events,
    forms,
    onboarding,
    problems,
    products,
    rejections,
    sandbox,
    service,
    verification,
    webhook,
)
from ostiary.wire.answer import SUFFIX, Answer, component, fields_of, schema_of
from tests import material
from tests.material import NOW_MS, company, shipped

MODULES = (
    catalogue, clients, deliveries, events, forms, onboarding, problems, products, rejections, sandbox, service,
    verification, webhook,
)  # fmt: skip
KINDS = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Answer) and kind is not Answer
    },
    key=lambda kind: kind.__name__,
)
DELIVERY = Delivery(probe_event("m" * 32, "c" * 32, NOW_MS), MessageOutcome.DELIVERED, NOW_MS, NOW_MS + 5)
JUDGEMENT = Judgement(ReadingOutcome.RETURN, (RuleEvidence("name", Result.DIFFERS, "A", None),), reasons=("x",))
BLURRED = reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, "image_front")
REQUEST = material.enablement(Status.PENDING_DOCUMENTATION, sequence=4)
ASSESSMENT = Assessment(
    documents=tuple(
        MissingDocument(requirement, tuple(each.document_type for each in requirement.alternatives))
        for requirement in material.ACCOUNTS.documents
    ),
    data=(MissingData("personal", "Personal", "About the client.", material.PERSONAL.fields),),
    rejections=(BLURRED,),
    explained=(Explained("passport", None, "true"),),
)
ASKING = ProductState(REQUEST, ASSESSMENT, (BLURRED,))
REJECTED = ProductState(
    material.enablement(Status.REJECTED, rejection_description="Not now."), Assessment(rejections=(BLURRED,))
)
CATALOGUE = catalogue.catalogue_answer(shipped(), PictureLimits(), 20_000_000, None)
GIVEN: list[Answer] = [
    CATALOGUE,
    CATALOGUE.limits,
    *CATALOGUE.attributes,
    *CATALOGUE.products,
    *(document for product in CATALOGUE.products for document in product.documents),
    *(group for product in CATALOGUE.products for group in product.data),
    *(field for product in CATALOGUE.products for group in product.data for field in group.fields),
    products.judged_answer(ASKING, products.EXPANSIONS),
    products.product_answer(ASKING),
    products.product_answer(ASKING, products.EXPANSIONS),
    products.product_answer(REJECTED, products.EXPANSIONS),
    *products.product_answer(ASKING, products.EXPANSIONS).missing_requirements.documents,
    *products.product_answer(ASKING, products.EXPANSIONS).missing_requirements.data,
    *(forms.document_type_answer(kind) for kind in shipped().document_types.values()),
    *(forms.document_form_answer(kind) for kind in shipped().document_types.values()),
    rejections.rejection_answer(BLURRED),
    problems.fault_answer(Fault("email", "DUPLICATE_CLIENT", "another", client_id="c" * 32)),
    service.HealthAnswer(status="ready"),
    service.VerdictReceiptAnswer(outcome=Heard.APPLIED),
    deliveries.delivery_answer(DELIVERY),
    deliveries.tried_answer(DELIVERY),
    deliveries.health_answer(Health()),
    deliveries.health_answer(Health(NOW_MS, NOW_MS)),
    webhook.webhook_answer(company()),
    webhook.secret_answer(company()),
    webhook.rotated_answer(company()),
    sandbox.scenario_answer(Scenario("usual", "As it comes.", ScenarioEnding.ENABLED)),
    verification.judgement_answer(JUDGEMENT),
    onboarding.action_answer(NextAction(Owner.COMPANY, "send", "Send it.")),
    onboarding.explained_answer(Explained("passport", None, "true")),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_struct_says_what_it_is_and_names_a_component(kind: type[Answer]) -> None:
    assert kind.__name__.endswith(SUFFIX)
    schema = schema_of(kind)
    assert (schema["description"].endswith("."), schema["additionalProperties"]) == (True, False)
    assert component(kind) + SUFFIX == kind.__name__


@pytest.mark.parametrize("answer", GIVEN, ids=lambda answer: type(answer).__name__)
def test_what_is_sent_is_what_is_described(answer: Answer) -> None:
    sent: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
    schema = schema_of(type(answer))
    assert set(schema["required"]) <= set(sent) <= set(schema["properties"])
    assert None not in sent.values(), "what is not there is absent"


@pytest.mark.parametrize("answer", GIVEN, ids=lambda answer: type(answer).__name__)
def test_commands_show_the_same_in_the_same_order(answer: Answer) -> None:
    sent = msgspec.json.decode(msgspec.json.encode(answer))
    assert json.dumps(fields_of(answer)) == json.dumps(sent)


def test_an_attempt_without_an_answer_has_its_problem() -> None:
    tried = msgspec.json.decode(msgspec.json.encode(deliveries._attempt(Attempt(NOW_MS, 7, None, "timeout", b""))))
    assert {"ms": 7, "problem": "timeout"}.items() <= tried.items()
    assert "status" not in tried


def decoded(answer: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(answer))


def test_attributes_of_a_client_come_before_its_timestamps() -> None:
    client = material.client(profile=material.profile(attributes={"salary": 5.0, "occupation": "Teacher"}))
    shown = clients.client_answer(client, clients.CLIENT_EXPANSIONS, ["salary", "bonus"])
    assert list(shown)[-4:] == ["salary", "occupation", "created_at", "updated_at"]
    assert shown["salary"] == "5"
    assert shown.keys() - {"salary", "occupation"} <= schema_of(clients.IndividualClientAnswer)["properties"].keys()


def test_what_a_client_has_not_is_absent() -> None:
    shown = clients.client_answer(material.client(profile=material.profile(second_name=None, attributes={})))
    assert "second_name" not in shown
    assert None not in (*shown.values(), *shown["address"].values())
    assert set(schema_of(clients.IndividualClientAnswer)["required"]) <= shown.keys()


@pytest.mark.parametrize(("expand", "named"), [((), False), ((products.FORMS,), True)], ids=["plain", "forms"])
def test_rules_are_shown_to_whoever_asks_for_forms(expand: tuple[str, ...], named: bool) -> None:
    missing = decoded(products.product_answer(ASKING, expand))["missing_requirements"]
    assert ("name" in missing["data"][0]["fields"][0]) is named
    [number, *_] = missing["documents"][0]["valid_documents"][0]["metadata"]
    assert ("min_length" in number) is named


def test_nothing_is_missing_once_nothing_is_asked() -> None:
    shown = decoded(products.product_answer(REJECTED, products.EXPANSIONS))
    assert shown["missing_requirements"] == {"documents": [], "data": []}
    assert (shown["rejected_items"], shown["explain"]) == ([], [])


@pytest.mark.parametrize("has_sequence", [True, False])
def test_what_is_sent_to_a_webhook_is_what_is_described(has_sequence: bool) -> None:
    """The domain makes these messages, since they are stored with the change."""
    for request in (REQUEST, REJECTED.enablement):
        body = status_changed("m" * 32, Status.IN_KYC, request, (BLURRED,), NOW_MS, with_sequence=has_sequence).body
        described = msgspec.convert(body, events.DeliveryAnswer, strict=True)
        assert msgspec.json.encode(described) == msgspec.json.encode(body)


def test_a_rejection_is_the_same_in_an_answer_and_in_a_message() -> None:
    assert msgspec.json.encode(rejections.rejection_answer(BLURRED)) == msgspec.json.encode(as_item(BLURRED))


def test_a_problem_has_details_where_fields_are_at_fault_and_its_code_twice_where_documented() -> None:
    fault = Fault("email", "VALUE_INVALID", "email is none")
    with_details = msgspec.json.decode(body_of(ValidationFailed(faults=(fault,)), "0" * 32))
    limited = msgspec.json.decode(body_of(TooManyRequests(), "0" * 32))
    assert with_details["details"] == [{"field": "email", "code": "VALUE_INVALID", "message": "email is none"}]
    assert limited.keys() == {"code", "message", "trace_id", "error_code"}
    described = schema_of(problems.ProblemAnswer)["properties"]
    assert with_details.keys() | limited.keys() <= described.keys()
