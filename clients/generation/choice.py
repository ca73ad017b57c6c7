"""What of the service's types becomes a type of the client, under which name, and in which file."""

from __future__ import annotations

from enum import Enum

from ostiary.api.reading import bodies
from ostiary.api.reading.brand_bodies import BrandBody
from ostiary.api.reading.terms_bodies import AcceptorBody, TermsAcceptanceBody
from ostiary.domain.delivery.renewal_events import RenewalEvent
from ostiary.domain.hosted.events import HostedEvent
from ostiary.domain.privacy.events import ErasureEvent
from ostiary.wire import catalogue, clients, deliveries, events, onboarding, products, sandbox, webhook
from ostiary.wire.answer import Answer
from ostiary.wire.hosted.brand import BrandAnswer
from ostiary.wire.imports import progress
from ostiary.wire.lifecycle.deadlines import DeadlineAnswer
from ostiary.wire.privacy.erasures import ErasureAnswer
from ostiary.wire.problems import FaultAnswer
from ostiary.wire.terms import answers as terms

ROOTS: tuple[type[Answer], ...] = (
    clients.IndividualClientAnswer,
    ErasureAnswer,
    products.JudgedAnswer,
    products.ChipChallengeAnswer,
    DeadlineAnswer,
    onboarding.OnboardingLinkAnswer,
    terms.TermsAcceptanceAnswer,
    terms.TermsProofAnswer,
    terms.WordedTermsAnswer,
    sandbox.ScenarioAnswer,
    sandbox.ClockAnswer,
    progress.ImportAnswer,
    catalogue.CatalogueAnswer,
    BrandAnswer,
    webhook.WebhookAnswer,
    webhook.SigningSecretAnswer,
    webhook.RotatedSecretAnswer,
    deliveries.WebhookHealthAnswer,
    deliveries.DeliveryStateAnswer,
    deliveries.TriedDeliveryAnswer,
    events.DeliveryAnswer,
    events.OnboardingDeliveryAnswer,
    events.RenewalDeliveryAnswer,
    events.ErasureDeliveryAnswer,
    FaultAnswer,
)
"""What is answered; what these are made of comes with them."""

BODIES: dict[type, str] = {
    bodies.ClientBody: "NewClient",
    bodies.OnboardingLinkBody: "NewOnboardingLink",
    TermsAcceptanceBody: "NewTermsAcceptance",
    BrandBody: "NewBrand",
}
"""What is sent and has more than a few fields. Methods take the others field by field."""

NAMES: dict[type, str] = {
    webhook.WebhookAnswer: "WebhookSettings",
    deliveries.DeliveryAttemptAnswer: "DeliveryAttempt",
    events.DeliveryAnswer: "StatusChanged",
    events.DeliveryDataAnswer: "StatusChange",
    events.OnboardingDeliveryAnswer: "OnboardingEvent",
    events.OnboardingDataAnswer: "OnboardingStep",
    events.RenewalDeliveryAnswer: "RenewalEvent",
    events.RenewalDataAnswer: "RenewalState",
    events.ErasureDeliveryAnswer: "ErasureEvent",
    events.ErasureDataAnswer: "ErasedClient",
    bodies.AddressBody: "Address",
    AcceptorBody: "Acceptor",
    **BODIES,
}
"""Other names than those of the components: these are what a partner's code calls them."""
SAME = {bodies.AddressBody: clients.AddressAnswer, AcceptorBody: terms.AcceptorAnswer}
"""Bodies that have the fields of an answer: one type serves both."""
LISTED: tuple[type[Enum], ...] = (HostedEvent, RenewalEvent, ErasureEvent)
"""Enumerations that no field has as its type, since each is in one list with others."""
WORDS = {
    "Code": "Reason",
    "HostedEvent": "OnboardingEventType",
    "RenewalEvent": "RenewalEventType",
    "ErasureEvent": "ErasureEventType",
}
"""Other names of enumerations."""

FILES: dict[str, str] = {
    "clients": "clients",
    "erasures": "clients",
    "forms": "forms",
    "rejections": "forms",
    "verification": "forms",
    "risk": "forms",
    "answers": "terms",
    "products": "products",
    "onboarding": "products",
    "deadlines": "products",
    "catalogue": "catalogue",
    "brand": "company",
    "webhook": "company",
    "deliveries": "company",
    "events": "events",
    "sandbox": "sandbox",
    "progress": "imports",
    "problems": "problems",
    "bodies": "bodies",
    "terms_bodies": "bodies",
    "brand_bodies": "bodies",
}
"""Which file a type comes into, by the last word of the module that has it here."""
ABOUT: dict[str, str] = {
    "clients": "Clients, as the service answers with them.",
    "forms": "What is asked for, what was not taken and why, and what reading a document led to.",
    "terms": "Terms, and that clients accepted them.",
    "products": "Requests for products, links to the onboarding page, and what is due again.",
    "catalogue": "The catalogue: products with all that they ask for.",
    "company": "The company's webhook, its deliveries, and how its page looks.",
    "events": "Events that a webhook receives.",
    "sandbox": "The sandbox: scenarios and its clock.",
    "imports": "Imports of many clients from one file.",
    "problems": "Fields at fault.",
    "bodies": "What is sent.",
}
BASES: dict[str, str] = {"IndividualClient": "ClientExtras", "NewClient": "NewClientExtras", "Product": "RequestExtras"}
"""What the client adds by hand, in `ostiary_client.extras`."""
DESCRIBED: dict[str, str] = {
    "NewClient": "A client to be made, or to take another's place. `attributes` are those of the catalogue.",
}
"""Docstrings of their own, where the service's speak of itself."""
