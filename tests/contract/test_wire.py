"""Answers that are structs: what is sent of them is what the document says, and nothing is said twice."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ostiary.domain.delivery.messages import Attempt, Delivery, MessageOutcome, probe_event
from ostiary.domain.delivery.queues import Health
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.onboarding.next_action import NextAction, Owner
from ostiary.domain.onboarding.requirements import Explained
from ostiary.domain.sandbox.scenarios import Scenario, ScenarioEnding
from ostiary.wire import deliveries, onboarding, sandbox, verification, webhook
from ostiary.wire.answer import SUFFIX, Answer, component, fields_of, schema_of
from tests.material import NOW_MS, company

MODULES = (deliveries, onboarding, sandbox, verification, webhook)
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
GIVEN: list[Answer] = [
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
