"""The answers of the OpenAPI document: structs of `wire` as components, with what this installation adds."""

from __future__ import annotations

from typing import Any

from ostiary.api.openapi.requests import attribute_schemas
from ostiary.api.operations import MANY_CLIENTS, ONE_CLIENT
from ostiary.api.services import ApiServices
from ostiary.wire.answer import component, schema_of, schemas
from ostiary.wire.catalogue import (
    CatalogueAnswer,
    CatalogueDataAnswer,
    CatalogueDataFieldAnswer,
    CatalogueDocumentAnswer,
    CatalogueDocumentTypeAnswer,
    CatalogueProductAnswer,
    CatalogueTermsAnswer,
    LimitsAnswer,
)
from ostiary.wire.clients import AddressAnswer, IndividualClientAnswer
from ostiary.wire.forms import CatalogueFieldAnswer, ChipAnswer, DocumentDetailAnswer, DocumentTypeAnswer
from ostiary.wire.hosted.brand import BrandAnswer, PrivacyAnswer
from ostiary.wire.imports.progress import ImportAnswer, ImportRowsAnswer
from ostiary.wire.lifecycle.deadlines import DeadlineAnswer
from ostiary.wire.lifecycle.risk import RiskAnswer
from ostiary.wire.onboarding import ExplainedRequirementAnswer, NextActionAnswer, OnboardingLinkAnswer
from ostiary.wire.privacy.erasures import ErasureAnswer
from ostiary.wire.products import (
    ChipChallengeAnswer,
    FutureRequirementsAnswer,
    JudgedAnswer,
    MissingDataAnswer,
    MissingDocumentAnswer,
    MissingFieldAnswer,
    MissingRequirementsAnswer,
    ProductAnswer,
    RenewalAnswer,
)
from ostiary.wire.rejections import RejectedItemAnswer
from ostiary.wire.sandbox import ClockAnswer, ScenarioAnswer
from ostiary.wire.service import HealthAnswer
from ostiary.wire.terms.answers import (
    AcceptorAnswer,
    TermsAcceptanceAnswer,
    TermsAnswer,
    TermsAuditEntryAnswer,
    TermsProofAnswer,
    TermsTextAnswer,
    WordedTermsAnswer,
)
from ostiary.wire.verification import (
    ChipAnchorAnswer,
    ChipEvidenceAnswer,
    ChipSignerAnswer,
    ComparedRuleAnswer,
    JudgedReadingAnswer,
)
from ostiary.wire.webhook import SigningSecretAnswer, WebhookAnswer

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def many(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


def answer_schemas(service: ApiServices) -> dict[str, Schema]:
    """Every answer, by component name; `Operation.gives` names one of them."""
    return {
        ONE_CLIENT: _client(service),
        MANY_CLIENTS: many(ONE_CLIENT),
        **schemas(ProductAnswer),
        "Products": many(component(ProductAnswer)),
        **schemas(OnboardingLinkAnswer),
        "OnboardingLinks": many(component(OnboardingLinkAnswer)),
        **schemas(JudgedAnswer, ChipChallengeAnswer, WebhookAnswer, SigningSecretAnswer, BrandAnswer, PrivacyAnswer),
        **schemas(RenewalAnswer, DeadlineAnswer, ErasureAnswer),
        **schemas(ImportAnswer, ImportRowsAnswer),
        "Imports": many(component(ImportAnswer)),
        "Deadlines": many(component(DeadlineAnswer)),
        **schemas(TermsAcceptanceAnswer, TermsProofAnswer, WordedTermsAnswer),
        "TermsAcceptances": many(component(TermsAcceptanceAnswer)),
        "Scenarios": many(component(ScenarioAnswer)),
        **schemas(ScenarioAnswer, ClockAnswer, HealthAnswer),
        **_PARTS,
        **_CATALOGUE,
    }


def _client(service: ApiServices) -> Schema:
    """A client, with the attributes that the catalogues of this installation declare."""
    schema = schema_of(IndividualClientAnswer)
    attributes = attribute_schemas(service.context.catalogues.attributes, optional=False)
    for name in service.bodies.decimals:
        attributes[name]["description"] += " As it was sent; with `expand=decimals` always a text."
    schema["properties"] |= attributes
    return schema | {"additionalProperties": True}  # attributes that earlier catalogues declared


_PARTS = schemas(
    AddressAnswer,
    RejectedItemAnswer,
    MissingRequirementsAnswer,
    FutureRequirementsAnswer,
    MissingDocumentAnswer,
    DocumentTypeAnswer,
    ChipAnswer,
    DocumentDetailAnswer,
    MissingDataAnswer,
    MissingFieldAnswer,
    NextActionAnswer,
    RiskAnswer,
    ExplainedRequirementAnswer,
    JudgedReadingAnswer,
    ComparedRuleAnswer,
    ChipEvidenceAnswer,
    ChipSignerAnswer,
    ChipAnchorAnswer,
    AcceptorAnswer,
    TermsAnswer,
    TermsTextAnswer,
    TermsAuditEntryAnswer,
)
_CATALOGUE = schemas(
    CatalogueAnswer,
    CatalogueProductAnswer,
    CatalogueDocumentAnswer,
    CatalogueDocumentTypeAnswer,
    CatalogueDataAnswer,
    CatalogueTermsAnswer,
    CatalogueFieldAnswer,
    CatalogueDataFieldAnswer,
    LimitsAnswer,
)
