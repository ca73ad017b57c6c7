"""Calls about terms and their acceptance, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.reading.terms_bodies import circumstances, named_text
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.terms.acceptance import Acceptance
from ostiary.languages.choosing import ENGLISH
from ostiary.usecases.terms.accept import accept_terms as accept
from ostiary.usecases.terms.read_terms import TermsProof, WordedTerms, list_acceptances, prove_acceptance
from ostiary.usecases.terms.read_terms import read_terms as read
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.terms.answers import acceptance_answer, proof_answer, worded_answer


async def read_terms(services: ApiServices, request: ApiRequest) -> Outcome[WordedTerms]:
    language = request.query.get("language") or ENGLISH
    sha256 = request.query.get("sha256", "").lower()
    return Outcome(await read(services.context, request.path["termsId"], language, sha256))


async def accept_terms(services: ApiServices, request: ApiRequest) -> Outcome[Acceptance]:
    named, given = named_text(request.body), circumstances(request.body)
    return await accept(services.context, request.caller, request.path["clientId"], named, given)


async def list_accepted(services: ApiServices, request: ApiRequest) -> Outcome[tuple[Acceptance, ...]]:
    return Outcome(await list_acceptances(services.context, request.caller, request.path["clientId"]))


async def read_acceptance(services: ApiServices, request: ApiRequest) -> Outcome[TermsProof]:
    client_id, acceptance_id = request.path["clientId"], request.path["acceptanceId"]
    return Outcome(await prove_acceptance(services.context, request.caller, client_id, acceptance_id))


def show_terms(services: ApiServices, request: ApiRequest, worded: WordedTerms) -> Representation:
    return Representation(worded_answer(worded))


def show_acceptance(services: ApiServices, request: ApiRequest, acceptance: Acceptance) -> Representation:
    return Representation(acceptance_answer(acceptance))


def show_acceptances(services: ApiServices, request: ApiRequest, every: tuple[Acceptance, ...]) -> Representation:
    return Representation([acceptance_answer(acceptance) for acceptance in every])


def show_proof(services: ApiServices, request: ApiRequest, proof: TermsProof) -> Representation:
    return Representation(proof_answer(proof))
